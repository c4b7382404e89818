//! Which mechanism makes the signatures of which algorithm.

use std::borrow::Cow;
use std::fmt;

use pkcs11_codec::algorithm::{AlgorithmIdentifier, RSASSA_PSS};
use pkcs11_codec::digest_info::Digest;
use pkcs11_codec::parameter_set::{Family, ParameterSet};
use pkcs11_codec::rsa_parameters::PssParameters;
use pkcs11_codec::signature_algorithm::SignatureAlgorithm;
use pkcs11_core::mechanism::{EdDsa, MlDsa, RsaPss, RsaPssDigest, SlhDsa};
use pkcs11_core::sys::CK_ULONG;
use pkcs11_core::{
    Context, Curve, Error, ErrorKind, Hash, IntoMechanism, KeyType, Mechanism, MechanismType,
    Result,
};

/// An algorithm of signatures as certificates name it, with its parameters.
///
/// It is a mechanism, too, so that data can be signed in parts: what the token hashes it hashes, and
/// what it does not is hashed here. The token's signature is then in the token's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureScheme {
    /// One without parameters.
    Algorithm(SignatureAlgorithm),
    /// RSASSA-PSS.
    RsaPss(PssParameters),
}

impl From<SignatureAlgorithm> for SignatureScheme {
    fn from(algorithm: SignatureAlgorithm) -> Self {
        Self::Algorithm(algorithm)
    }
}

impl From<PssParameters> for SignatureScheme {
    fn from(parameters: PssParameters) -> Self {
        Self::RsaPss(parameters)
    }
}

/// As certificates and requests have it. Of RSA with PKCS#1 v1.5 the parameters may be left out
/// (RFC 4055 §5).
impl TryFrom<AlgorithmIdentifier<'_>> for SignatureScheme {
    type Error = Error;

    /// [`ErrorKind::InvalidInput`] if the algorithm is not known here, or has other parameters.
    fn try_from(identifier: AlgorithmIdentifier<'_>) -> Result<Self> {
        if identifier.oid == RSASSA_PSS {
            let parameters = identifier.parameters.unwrap_or_default();
            return PssParameters::from_der(parameters).map(Self::RsaPss).map_err(Error::encoding);
        }
        let known = SignatureAlgorithm::from_oid(identifier.oid).filter(|known| {
            let parameters = known.identifier().parameters;
            identifier.parameters == parameters || identifier.parameters.is_none()
        });
        known.map(Self::Algorithm).ok_or_else(|| {
            let what = format!("{} with these parameters is no known signature", identifier.oid);
            ErrorKind::InvalidInput(what).into()
        })
    }
}

impl fmt::Display for SignatureScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Algorithm(algorithm) => algorithm.name(),
            Self::RsaPss(_) => "RSASSA-PSS",
        })
    }
}

impl SignatureScheme {
    /// Calls `then` with the identifier, whose parameters live no longer.
    pub(super) fn with_identifier<T>(
        &self,
        then: impl FnOnce(AlgorithmIdentifier<'_>) -> T,
    ) -> Result<T> {
        match self {
            Self::Algorithm(algorithm) => Ok(then(algorithm.identifier())),
            Self::RsaPss(parameters) => {
                let parameters = parameters.to_der().map_err(Error::encoding)?;
                let parameters = Some(&*parameters);
                Ok(then(AlgorithmIdentifier { oid: RSASSA_PSS, parameters }))
            }
        }
    }

    /// What a token signed, as certificates have it. Each half of r‖s has the size of the order
    /// (PKCS#11 §6.3.1), so that needs no asking.
    pub(super) fn for_certificate(self, signature: Vec<u8>) -> Result<Vec<u8>> {
        let Self::Algorithm(algorithm) = self else { return Ok(signature) };
        let der = algorithm.signature_from_token(&signature, signature.len() / 2);
        match der.map_err(Error::encoding)? {
            Cow::Owned(der) => Ok(der),
            Cow::Borrowed(_) => Ok(signature),
        }
    }

    /// The signature of a certificate as a token verifies it; `None` if it is no DER of two
    /// numbers below the order.
    pub(super) fn for_token<'a>(
        self,
        signature: &'a [u8],
        order_bytes: usize,
    ) -> Option<Cow<'a, [u8]>> {
        match self {
            Self::Algorithm(algorithm) => algorithm.signature_to_token(signature, order_bytes).ok(),
            Self::RsaPss(_) => Some(Cow::Borrowed(signature)),
        }
    }

    /// The parameter set that the algorithm is for, if it is for one.
    pub(super) fn parameter_set(&self) -> Option<ParameterSet> {
        match self.plan() {
            Ok(Plan::MlDsa(set) | Plan::SlhDsa(set)) => Some(set),
            _ => None,
        }
    }

    fn plan(&self) -> Result<Plan> {
        let algorithm = match self {
            Self::RsaPss(parameters) => return pss(parameters).map(Plan::RsaPss),
            Self::Algorithm(algorithm) => *algorithm,
        };
        if let Some((_, plan)) = PLANS.iter().find(|(row, _)| *row == algorithm) {
            return Ok(*plan);
        }
        let set = ParameterSet::from_oid(algorithm.identifier().oid);
        match set.map(|set| (set.family(), set)) {
            Some((Family::MlDsa, set)) => Ok(Plan::MlDsa(set)),
            Some((Family::SlhDsa, set)) => Ok(Plan::SlhDsa(set)),
            _ => {
                let what = format!("PKCS#11 has no mechanism for {self}");
                Err(ErrorKind::InvalidInput(what).into())
            }
        }
    }
}

/// How a signature is made.
#[derive(Clone, Copy, Debug)]
enum Plan {
    /// The token hashes and signs, or signs what was hashed here: as it is, or in a DigestInfo.
    Hashed {
        key: KeyType,
        whole: MechanismType,
        digest: MechanismType,
        hash: Hash,
    },
    RsaPss(RsaPss),
    Edwards(Curve),
    MlDsa(ParameterSet),
    SlhDsa(ParameterSet),
}

/// One row for each algorithm on a digest: its family, its mechanism, the hash function.
macro_rules! plans {
    ($($algorithm:ident: $key:ident, $whole:ident, $digest:ident, $hash:ident;)*) => {
        const PLANS: &[(SignatureAlgorithm, Plan)] = &[
            $((SignatureAlgorithm::$algorithm, Plan::Hashed {
                key: KeyType::$key,
                whole: MechanismType::$whole,
                digest: MechanismType::$digest,
                hash: Hash::$hash,
            }),)*
            (SignatureAlgorithm::ED25519, Plan::Edwards(Curve::ED25519)),
            (SignatureAlgorithm::ED448, Plan::Edwards(Curve::ED448)),
        ];
    };
}

plans! {
    SHA1_WITH_RSA: RSA, SHA1_RSA_PKCS, RSA_PKCS, Sha1;
    SHA224_WITH_RSA: RSA, SHA224_RSA_PKCS, RSA_PKCS, Sha224;
    SHA256_WITH_RSA: RSA, SHA256_RSA_PKCS, RSA_PKCS, Sha256;
    SHA384_WITH_RSA: RSA, SHA384_RSA_PKCS, RSA_PKCS, Sha384;
    SHA512_WITH_RSA: RSA, SHA512_RSA_PKCS, RSA_PKCS, Sha512;
    SHA3_224_WITH_RSA: RSA, SHA3_224_RSA_PKCS, RSA_PKCS, Sha3_224;
    SHA3_256_WITH_RSA: RSA, SHA3_256_RSA_PKCS, RSA_PKCS, Sha3_256;
    SHA3_384_WITH_RSA: RSA, SHA3_384_RSA_PKCS, RSA_PKCS, Sha3_384;
    SHA3_512_WITH_RSA: RSA, SHA3_512_RSA_PKCS, RSA_PKCS, Sha3_512;
    ECDSA_WITH_SHA1: EC, ECDSA_SHA1, ECDSA, Sha1;
    ECDSA_WITH_SHA224: EC, ECDSA_SHA224, ECDSA, Sha224;
    ECDSA_WITH_SHA256: EC, ECDSA_SHA256, ECDSA, Sha256;
    ECDSA_WITH_SHA384: EC, ECDSA_SHA384, ECDSA, Sha384;
    ECDSA_WITH_SHA512: EC, ECDSA_SHA512, ECDSA, Sha512;
    ECDSA_WITH_SHA3_224: EC, ECDSA_SHA3_224, ECDSA, Sha3_224;
    ECDSA_WITH_SHA3_256: EC, ECDSA_SHA3_256, ECDSA, Sha3_256;
    ECDSA_WITH_SHA3_384: EC, ECDSA_SHA3_384, ECDSA, Sha3_384;
    ECDSA_WITH_SHA3_512: EC, ECDSA_SHA3_512, ECDSA, Sha3_512;
    DSA_WITH_SHA1: DSA, DSA_SHA1, DSA, Sha1;
    DSA_WITH_SHA224: DSA, DSA_SHA224, DSA, Sha224;
    DSA_WITH_SHA256: DSA, DSA_SHA256, DSA, Sha256;
    DSA_WITH_SHA384: DSA, DSA_SHA384, DSA, Sha384;
    DSA_WITH_SHA512: DSA, DSA_SHA512, DSA, Sha512;
    DSA_WITH_SHA3_224: DSA, DSA_SHA3_224, DSA, Sha3_224;
    DSA_WITH_SHA3_256: DSA, DSA_SHA3_256, DSA, Sha3_256;
    DSA_WITH_SHA3_384: DSA, DSA_SHA3_384, DSA, Sha3_384;
    DSA_WITH_SHA3_512: DSA, DSA_SHA3_512, DSA, Sha3_512;
}

fn pss(parameters: &PssParameters) -> Result<RsaPss> {
    let salt_length = usize::try_from(parameters.salt_length);
    let salt_length = salt_length.map_err(|_| ErrorKind::InvalidInput("no such salt".into()))?;
    let (hash, mgf) = (hash(parameters.hash.digest)?, hash(parameters.mgf1_hash.digest)?);
    Ok(RsaPss { hash, mgf, salt_length })
}

fn hash(digest: Digest) -> Result<Hash> {
    let number = MechanismType::new(CK_ULONG::from(digest.mechanism_number()));
    let found = Hash::ALL.iter().copied().find(|hash| hash.mechanism() == number);
    found.ok_or_else(|| {
        let what = format!("PKCS#11 has no PSS with {}", digest.name());
        ErrorKind::InvalidInput(what).into()
    })
}

impl Plan {
    fn key_type(&self) -> KeyType {
        match self {
            Self::Hashed { key, .. } => *key,
            Self::RsaPss(_) => KeyType::RSA,
            Self::Edwards(curve) => curve.key_type(),
            Self::MlDsa(_) => KeyType::ML_DSA,
            Self::SlhDsa(_) => KeyType::SLH_DSA,
        }
    }
}

impl<'a> IntoMechanism<'a> for SignatureScheme {
    fn into_mechanism(self, context: &Context<'_>) -> Result<Mechanism<'a>> {
        let plan = self.plan()?;
        let (key_type, wanted) = (context.key_type()?, plan.key_type());
        if key_type != wanted {
            let what = format!("{self} is for a {wanted}, and the key is a {key_type}");
            return Err(ErrorKind::InvalidInput(what).into());
        }
        match plan {
            Plan::Hashed { whole, digest, hash, .. } => {
                if context.offers(whole)? {
                    return Ok(Mechanism::new(whole));
                }
                let plain = Mechanism::new(digest);
                Ok(match key_type {
                    KeyType::RSA => plain.prehashed_info(hash),
                    _ => plain.prehashed(hash),
                })
            }
            Plan::RsaPss(pss) => {
                let whole = pss.into_mechanism(context)?;
                if context.offers(whole.number())? {
                    return Ok(whole);
                }
                Ok(RsaPssDigest(pss).into_mechanism(context)?.prehashed(pss.hash))
            }
            Plan::Edwards(curve) => match context.curve() {
                Some(other) if other != curve => {
                    let what = format!("{self} is not for a key on {other:?}");
                    Err(ErrorKind::InvalidInput(what).into())
                }
                // Ed448 wants its parameter even where that says nothing (PKCS#11 §6.3.14).
                _ if curve == Curve::ED448 => EdDsa::new().context(&[]).into_mechanism(context),
                _ => EdDsa::new().into_mechanism(context),
            },
            Plan::MlDsa(_) => MlDsa::new().into_mechanism(context),
            Plan::SlhDsa(_) => SlhDsa::new().into_mechanism(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_has_a_mechanism_or_none_in_the_standard() {
        let without =
            [SignatureAlgorithm::SHA512_224_WITH_RSA, SignatureAlgorithm::SHA512_256_WITH_RSA];
        for &algorithm in SignatureAlgorithm::ALL {
            let plan = SignatureScheme::from(algorithm).plan();
            assert_eq!(plan.is_err(), without.contains(&algorithm), "{algorithm:?}");
        }
    }

    #[test]
    fn names_agree() {
        for (algorithm, plan) in PLANS {
            let Plan::Hashed { key, whole, digest, hash } = plan else { continue };
            let hash = hash.mechanism().to_string().replace("CKM_", "").replace("SHA_1", "SHA1");
            let family = digest.to_string().replace("CKM_", "");
            let expected = match *key {
                KeyType::RSA => format!("CKM_{hash}_{family}"),
                _ => format!("CKM_{family}_{hash}"),
            };
            assert_eq!(whole.to_string(), expected);
            let name = algorithm.name().to_uppercase().replace('-', "");
            assert!(name.contains(&hash.replace('_', "")), "{name} {hash}");
            assert!(name.contains(&key.to_string().replace("CKK_EC", "ECDSA").replace("CKK_", "")));
        }
    }

    #[test]
    #[allow(clippy::redundant_closure, reason = "the identifier lives no longer than the call")]
    fn identifiers_lead_back() {
        for &algorithm in SignatureAlgorithm::ALL {
            let scheme = SignatureScheme::try_from(algorithm.identifier()).unwrap();
            assert_eq!(scheme, algorithm.into());
        }
        let pss = SignatureScheme::from(PssParameters::new(Digest::SHA384, 48));
        assert_eq!(
            pss.with_identifier(|identifier| SignatureScheme::try_from(identifier))
                .unwrap()
                .unwrap(),
            pss
        );
        let ed25519 = SignatureAlgorithm::ED25519.identifier().oid;
        let odd = AlgorithmIdentifier { oid: ed25519, parameters: Some(&[5, 0]) };
        assert!(SignatureScheme::try_from(odd).is_err());
        let none = AlgorithmIdentifier { oid: RSASSA_PSS, parameters: None };
        assert!(SignatureScheme::try_from(none).is_err());
    }

    #[test]
    fn a_hash_without_a_number_of_mgf1_is_refused() {
        let error = SignatureScheme::from(PssParameters::new(Digest::SHA512_256, 32)).plan();
        assert_eq!(error.unwrap_err().to_string(), "PKCS#11 has no PSS with SHA-512/256");
    }
}
