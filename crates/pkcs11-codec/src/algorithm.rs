//! AlgorithmIdentifier, and the identifiers of the algorithms that this crate knows.

mod key;

use alloc::vec::Vec;

use rasn::{AsnType, Encode, types::Any};

pub(crate) use self::key::KeyAlgorithm;
use crate::{
    Error, der,
    oid::Oid,
    tlv::{self, Reader},
};

/// An algorithm and its parameters (RFC 5280 §4.1.1.2).
///
/// ```
/// use pkcs11_codec::algorithm::{AlgorithmIdentifier, RSA_ENCRYPTION};
///
/// let der = AlgorithmIdentifier { oid: RSA_ENCRYPTION, parameters: Some(&[0x05, 0x00]) }.to_der()?;
/// assert_eq!(AlgorithmIdentifier::from_der(&der)?.oid, RSA_ENCRYPTION);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AlgorithmIdentifier<'a> {
    /// Which algorithm.
    pub oid: Oid<'a>,
    /// What stands behind it: one element in DER. In a certificate that was read it may be
    /// anything; it is written nowhere then. Whether the algorithm has such parameters is
    /// checked where the algorithm is known, not here.
    pub parameters: Option<&'a [u8]>,
}

impl<'a> AlgorithmIdentifier<'a> {
    /// Reads an AlgorithmIdentifier.
    ///
    /// # Errors
    /// When `der` is not a SEQUENCE of an OBJECT IDENTIFIER and at most one element in DER.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, Self::read)
    }

    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.sequence(|algorithm| {
            let oid = algorithm.oid()?;
            let parameters = (!algorithm.is_empty()).then(|| algorithm.checked()).transpose()?;
            Ok(Self { oid, parameters: parameters.map(|parameters| parameters.der()) })
        })
    }

    /// Reads what stands in certificates: parameters that are no DER spoil no other part.
    pub(crate) fn read_frame(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.sequence(|algorithm| {
            let oid = algorithm.oid()?;
            let parameters = (!algorithm.is_empty()).then(|| algorithm.rest());
            Ok(Self { oid, parameters })
        })
    }

    /// The AlgorithmIdentifier in DER.
    ///
    /// # Errors
    /// When there are parameters that are not one element in DER.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        der::encode(&self.schema()?)
    }

    pub(crate) fn schema(&self) -> Result<AlgorithmIdentifierSchema<'a>, Error> {
        let schema = AlgorithmIdentifierSchema::new(self.oid, self.parameters)?;
        self.parameters.map_or(Ok(()), tlv::check).map_err(Error::of_argument)?;
        Ok(schema)
    }
}

/// RFC 5280 §4.1.1.2:
///
/// ```text
/// AlgorithmIdentifier ::= SEQUENCE {
///     algorithm   OBJECT IDENTIFIER,
///     parameters  ANY DEFINED BY algorithm OPTIONAL
/// }
/// ```
#[derive(AsnType, Encode)]
pub(crate) struct AlgorithmIdentifierSchema<'a> {
    algorithm: der::ObjectIdentifier<'a>,
    parameters: Option<Any>,
}

impl<'a> AlgorithmIdentifierSchema<'a> {
    /// `parameters` is one element in DER.
    pub(crate) fn new(oid: Oid<'a>, parameters: Option<&[u8]>) -> Result<Self, Error> {
        Ok(Self {
            algorithm: der::ObjectIdentifier::oid(oid),
            parameters: parameters.map(der::any).transpose()?,
        })
    }
}

/// Constants for algorithms; wrong octets fail the build.
macro_rules! algorithms {
    ($($(#[$doc:meta])* $constant:ident = $octets:expr;)*) => {
        $($(#[$doc])* pub const $constant: Oid<'static> = Oid::constant(&$octets);)*
    };
}

algorithms! {
    /// rsaEncryption, 1.2.840.113549.1.1.1 (RFC 8017 §C).
    RSA_ENCRYPTION = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    /// id-RSAES-OAEP, 1.2.840.113549.1.1.7 (RFC 8017 §C).
    RSAES_OAEP = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x07];
    /// id-mgf1, 1.2.840.113549.1.1.8 (RFC 8017 §C).
    MGF1 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08];
    /// id-pSpecified, 1.2.840.113549.1.1.9 (RFC 8017 §C).
    P_SPECIFIED = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x09];
    /// id-RSASSA-PSS, 1.2.840.113549.1.1.10 (RFC 8017 §C).
    RSASSA_PSS = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
    /// dhKeyAgreement, 1.2.840.113549.1.3.1 (PKCS#3 §9).
    DH_KEY_AGREEMENT = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x03, 0x01];
    /// id-dsa, 1.2.840.10040.4.1 (RFC 3279 §2.3.2).
    DSA = [0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01];
    /// dhpublicnumber, 1.2.840.10046.2.1 (RFC 3279 §2.3.3).
    DH_PUBLIC_NUMBER = [0x2a, 0x86, 0x48, 0xce, 0x3e, 0x02, 0x01];
    /// id-ecPublicKey, 1.2.840.10045.2.1 (RFC 5480 §2.1.1).
    EC_PUBLIC_KEY = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
}
