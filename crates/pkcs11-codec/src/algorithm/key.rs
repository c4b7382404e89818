//! The algorithms of keys, public (RFC 5280 §4.1.2.7) and private (RFC 5958 §2).

use alloc::vec::Vec;

use super::{
    AlgorithmIdentifierSchema, DH_KEY_AGREEMENT, DH_PUBLIC_NUMBER, DSA, EC_PUBLIC_KEY,
    RSA_ENCRYPTION, RSASSA_PSS,
};
use crate::{
    Error, ErrorKind,
    dh::{DhParameters, X942Parameters},
    dsa::DsaParameters,
    ec::{Curve, CurveKind, EcParameters},
    oid::Oid,
    parameter_set::ParameterSet,
    rsa_parameters::PssParameters,
    tlv::Reader,
};

/// The algorithm of a key with its parameters: what decides how the key is read.
pub(crate) enum KeyAlgorithm<'a> {
    Rsa,
    RsaPss(Option<PssParameters>),
    Dsa(Option<DsaParameters<'a>>),
    Dh(DhParameters<'a>),
    X942Dh(X942Parameters<'a>),
    Ec(EcParameters<'a>),
    Edwards(Curve),
    Montgomery(Curve),
    PostQuantum(ParameterSet),
    Other(Oid<'a>, Option<&'a [u8]>),
}

impl<'a> KeyAlgorithm<'a> {
    /// Reads an AlgorithmIdentifier whose parameters are those of the algorithm.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.sequence(|algorithm| {
            // The common ones first, each by a comparison of octets; no table is searched.
            match algorithm.oid()? {
                RSA_ENCRYPTION => algorithm.null().map(|()| Self::Rsa),
                EC_PUBLIC_KEY => EcParameters::read(algorithm).map(Self::Ec),
                RSASSA_PSS => optional(algorithm, PssParameters::read).map(Self::RsaPss),
                DSA => optional(algorithm, DsaParameters::read).map(Self::Dsa),
                DH_KEY_AGREEMENT => DhParameters::read(algorithm).map(Self::Dh),
                DH_PUBLIC_NUMBER => X942Parameters::read(algorithm).map(Self::X942Dh),
                oid => match Self::without_parameters(oid) {
                    Some(known) if algorithm.is_empty() => Ok(known),
                    Some(_) => Err(algorithm.error(ErrorKind::UnexpectedParameters)),
                    None => {
                        let parameters = optional(algorithm, |reader| Ok(reader.any()?.der()))?;
                        Ok(Self::Other(oid, parameters))
                    }
                },
            }
        })
    }

    /// The algorithms whose identifier says all (RFC 8410 §3, RFC 9881 §2, RFC 9935 §3, RFC
    /// 9909 §3).
    fn without_parameters(oid: Oid<'a>) -> Option<Self> {
        match oid.content() {
            [0x2b, 0x65, _] => match Curve::from_algorithm(oid) {
                Some(curve) if curve.kind() == CurveKind::Edwards => Some(Self::Edwards(curve)),
                Some(curve) => Some(Self::Montgomery(curve)),
                None => None,
            },
            _ => ParameterSet::from_oid(oid).map(Self::PostQuantum),
        }
    }

    /// The AlgorithmIdentifier. A curve by its name is written as its OBJECT IDENTIFIER, the
    /// only form that has a place there, and Ed25519Legacy as Ed25519.
    ///
    /// # Errors
    /// When a curve is of another kind or has no known OBJECT IDENTIFIER, or is
    /// Curve25519Legacy; when parameters are not what `read` reads.
    pub(crate) fn schema(&self) -> Result<AlgorithmIdentifierSchema<'a>, Error> {
        let (oid, parameters) = match self {
            Self::Rsa => (RSA_ENCRYPTION, Some(Vec::from([0x05, 0x00]))),
            Self::RsaPss(parameters) => {
                (RSASSA_PSS, parameters.as_ref().map(PssParameters::to_der).transpose()?)
            }
            Self::Dsa(parameters) => {
                (DSA, parameters.as_ref().map(DsaParameters::to_der).transpose()?)
            }
            Self::Dh(parameters) => (DH_KEY_AGREEMENT, Some(parameters.to_der()?)),
            Self::X942Dh(parameters) => (DH_PUBLIC_NUMBER, Some(parameters.to_der()?)),
            Self::Ec(parameters) => {
                parameters.check_weierstrass().map_err(Error::of_argument)?;
                (EC_PUBLIC_KEY, Some(parameters.without_name()?.to_der()?))
            }
            Self::Edwards(curve) => (of_kind(*curve, CurveKind::Edwards)?.oid(), None),
            Self::Montgomery(curve) => (of_kind(*curve, CurveKind::Montgomery)?.oid(), None),
            Self::PostQuantum(set) => (set.oid(), None),
            Self::Other(oid, parameters) => (*oid, parameters.map(Vec::from)),
        };
        AlgorithmIdentifierSchema::new(oid, parameters.as_deref())
    }
}

/// What may be left out, at the end.
fn optional<'a, T>(
    reader: &mut Reader<'a>,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    if reader.is_empty() { Ok(None) } else { read(reader).map(Some) }
}

/// The curve whose OBJECT IDENTIFIER says all. Ed25519Legacy is Ed25519 by the identifier of
/// OpenPGP: what tokens hold for it has the size of RFC 8032's strings, without the octet 0x40
/// that OpenPGP puts before a point (RFC 9580 §9.2.1). For Curve25519Legacy OpenPGP turns the
/// bytes of private keys around as well, so that none is taken for one of X25519.
fn of_kind(curve: Curve, kind: CurveKind) -> Result<Curve, Error> {
    match curve {
        _ if curve.kind() != kind => Err(Error::argument(ErrorKind::UnsuitableCurve)),
        Curve::ED25519_LEGACY => Ok(Curve::ED25519),
        Curve::CURVE25519_LEGACY => Err(Error::argument(ErrorKind::LegacyCurve)),
        _ if curve.is_algorithm() => Ok(curve),
        _ => Err(Error::argument(ErrorKind::UnsuitableCurve)),
    }
}
