//! The public key that a private one tells.

use super::{PostQuantumPrivateKey, PrivateKey, PrivateKeyInfo};
use crate::{
    Error,
    parameter_set::{Family, ParameterSet},
    pkcs1::RsaPublicKey,
    spki::PublicKey,
    tlv::{self, Reader},
};

impl<'a> PrivateKey<'a> {
    /// The public key, where the private one holds it: of RSA and SLH-DSA always, on a curve
    /// where the point is beside the number, of ML-KEM in the expanded form. Nothing is
    /// computed.
    ///
    /// ```
    /// use pkcs11_codec::{ec::Curve, pkcs8::PrivateKey};
    ///
    /// // RFC 8410 has the public key of this one elsewhere, if at all.
    /// let key = PrivateKey::Edwards { curve: Curve::ED25519, value: &[7; 32] };
    /// assert_eq!(key.public_half(), None);
    /// ```
    #[must_use]
    pub fn public_half(&self) -> Option<PublicKey<'a>> {
        match self {
            Self::Rsa(key) => Some(PublicKey::Rsa(RsaPublicKey {
                modulus: key.modulus,
                public_exponent: key.public_exponent,
            })),
            Self::RsaPss { parameters, key } => {
                let (modulus, public_exponent) = (key.modulus, key.public_exponent);
                let key = RsaPublicKey { modulus, public_exponent };
                Some(PublicKey::RsaPss { parameters: *parameters, key })
            }
            Self::Ec { parameters, key } => {
                key.point.map(|point| PublicKey::Ec { parameters: *parameters, point })
            }
            Self::PostQuantum { set, value } => {
                let key = post_quantum(*set, value)?;
                Some(PublicKey::PostQuantum { set: *set, key })
            }
            _ => None,
        }
    }
}

/// FIPS 205 §9.1: SK.seed, SK.prf, PK.seed, PK.root. FIPS 203 §7.1: what K-PKE decrypts with, ek,
/// H(ek), z. FIPS 204 has but a hash of the public key.
fn post_quantum<'a>(set: ParameterSet, value: &PostQuantumPrivateKey<'a>) -> Option<&'a [u8]> {
    /// H(ek) and z.
    const BEHIND: usize = 64;
    let bytes = set.public_key_bytes();
    let expanded = value.expanded()?;
    let until = match set.family() {
        Family::MlDsa => return None,
        Family::MlKem => expanded.len().checked_sub(BEHIND)?,
        Family::SlhDsa => expanded.len(),
    };
    expanded.get(until.checked_sub(bytes)?..until)
}

impl<'a> PrivateKeyInfo<'a> {
    /// The public key: the one that stands beside the private key (RFC 5958 §2), else what the
    /// [private key itself](PrivateKey::public_half) holds. Whether they belong together is not
    /// checked.
    ///
    /// # Errors
    /// When what stands beside the key is none of its algorithm.
    pub fn public_half(&self) -> Result<Option<PublicKey<'a>>, Error> {
        let Some(key) = self.public_key else { return Ok(self.key.public_half()) };
        let number = || tlv::decode(key, Reader::unsigned).map_err(Error::of_argument);
        Ok(Some(match &self.key {
            PrivateKey::Rsa(_) => {
                PublicKey::Rsa(RsaPublicKey::from_der(key).map_err(Error::of_argument)?)
            }
            PrivateKey::RsaPss { parameters, .. } => {
                let key = RsaPublicKey::from_der(key).map_err(Error::of_argument)?;
                PublicKey::RsaPss { parameters: *parameters, key }
            }
            PrivateKey::Dsa { parameters, .. } => {
                PublicKey::Dsa { parameters: Some(*parameters), value: number()? }
            }
            PrivateKey::Dh { parameters, .. } => {
                PublicKey::Dh { parameters: *parameters, value: number()? }
            }
            PrivateKey::X942Dh { parameters, .. } => {
                PublicKey::X942Dh { parameters: *parameters, value: number()? }
            }
            PrivateKey::Ec { parameters, .. } => {
                PublicKey::Ec { parameters: *parameters, point: key }
            }
            PrivateKey::Edwards { curve, .. } => PublicKey::Edwards { curve: *curve, key },
            PrivateKey::Montgomery { curve, .. } => PublicKey::Montgomery { curve: *curve, key },
            PrivateKey::PostQuantum { set, .. } => PublicKey::PostQuantum { set: *set, key },
            PrivateKey::Other { algorithm, parameters, .. } => {
                PublicKey::Other { algorithm: *algorithm, parameters: *parameters, key }
            }
        }))
    }
}
