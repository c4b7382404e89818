//! Certificates that are made here: the bytes that are signed.

use alloc::vec::Vec;

use rasn::{AsnType, Encode, Encoder as _, types::Any};

use super::{DateTime, Extensions, Name};
use crate::{
    Error, ErrorKind,
    algorithm::{AlgorithmIdentifier, AlgorithmIdentifierSchema},
    der, integer,
    signature_algorithm::SignatureAlgorithm,
    spki::SubjectPublicKeyInfo,
    tlv,
};

/// The largest serial number in octets (RFC 5280 §4.1.2.2).
const MAX_SERIAL_NUMBER_BYTES: usize = 20;

/// What a certificate of version 3 says, to be signed.
///
/// A self-signed certificate, where `sign` stands for a token's `CKM_ECDSA_SHA256`:
///
/// ```
/// # use p256::ecdsa::{SigningKey, signature::Signer as _};
/// use pkcs11_codec::{
///     ec::Curve,
///     signature_algorithm::SignatureAlgorithm,
///     spki::PublicKey,
///     x509::{
///         NameAttributeType, BasicConstraints, Certificate, DateTime, ExtensionsBuilder, GeneralName,
///         KeyUsage, NameBuilder, TbsCertificate,
///     },
/// };
///
/// # let key = SigningKey::from_slice(&[7; 32]).unwrap();
/// # let point = key.verifying_key().to_sec1_point(false);
/// # let point = point.as_bytes();
/// # let sign = |message: &[u8]| {
/// #     let signature: p256::ecdsa::Signature = key.sign(message);
/// #     signature.to_bytes()
/// # };
/// let algorithm = SignatureAlgorithm::ECDSA_WITH_SHA256;
/// let name = NameBuilder::new().push(NameAttributeType::COMMON_NAME, "localhost").to_der()?;
/// let key = PublicKey::Ec { parameters: Curve::P256.into(), point }.to_spki_der()?;
/// let extensions = ExtensionsBuilder::new()
///     .subject_alternative_names(&[GeneralName::Dns("localhost")])
///     .key_usage(KeyUsage::DIGITAL_SIGNATURE)
///     .basic_constraints(BasicConstraints::default())
///     .to_der()?;
/// let tbs = TbsCertificate {
///     serial_number: &[0x12, 0x34, 0x56, 0x78],
///     signature_algorithm: algorithm.identifier(),
///     issuer: &name,
///     not_before: DateTime::new((2025, 1, 1), (0, 0, 0))?,
///     not_after: DateTime::new((2035, 1, 1), (0, 0, 0))?,
///     subject: &name,
///     subject_public_key_info: &key,
///     extensions: Some(&extensions),
/// }
/// .to_der()?;
/// let signed = sign(&tbs);
/// let signature = algorithm.signature_from_token(&signed, Curve::P256.order_bytes())?;
/// let der = Certificate::assemble(&tbs, algorithm.identifier(), &signature)?;
/// assert_eq!(Certificate::from_der(&der)?.subject.to_string(), "CN=localhost");
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct TbsCertificate<'a> {
    /// serialNumber, a big integer of PKCS#11: at most 20 bytes, or 19 and a sign octet where
    /// the top bit is set, not zero, and of one issuer each once (RFC 5280 §4.1.2.2).
    pub serial_number: &'a [u8],
    /// signature: the algorithm that the issuer signs with.
    pub signature_algorithm: AlgorithmIdentifier<'a>,
    /// issuer, in DER: the issuer's subject as it stands in its certificate.
    pub issuer: &'a [u8],
    /// notBefore.
    pub not_before: DateTime,
    /// notAfter.
    pub not_after: DateTime,
    /// subject, in DER.
    pub subject: &'a [u8],
    /// subjectPublicKeyInfo, in DER.
    pub subject_public_key_info: &'a [u8],
    /// extensions, in DER: of an [`ExtensionsBuilder`](super::ExtensionsBuilder), or of a
    /// request.
    pub extensions: Option<&'a [u8]>,
}

impl TbsCertificate<'_> {
    /// The bytes to be signed.
    ///
    /// # Errors
    /// When a part is not what it must be, or the serial number is zero, has no bytes or too
    /// many; of extensions, those of [`Extensions::check`]. The strings in names are not looked
    /// at: an issuer's is copied as it stands.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        if integer::trim(self.serial_number) == [0] {
            return Err(Error::argument(ErrorKind::Zero));
        }
        let serial_number = der::Integer::unsigned(self.serial_number)?;
        if serial_number.len() > MAX_SERIAL_NUMBER_BYTES {
            let max_bytes = MAX_SERIAL_NUMBER_BYTES;
            return Err(Error::argument(ErrorKind::IntegerTooLarge { max_bytes }));
        }
        der::encode(&TbsCertificateSchema {
            version: 2,
            serial_number,
            signature: self.signature_algorithm.schema()?,
            issuer: name(self.issuer)?,
            validity: ValiditySchema {
                not_before: der::any(&self.not_before.to_der()?)?,
                not_after: der::any(&self.not_after.to_der()?)?,
            },
            subject: name(self.subject)?,
            subject_public_key_info: key(self.subject_public_key_info)?,
            extensions: self.extensions.map(extensions).transpose()?,
        })
    }
}

/// A Name that was made elsewhere. Its strings may have characters that their types have not:
/// names of authorities do, and are copied.
pub(crate) fn name(der: &[u8]) -> Result<Any, Error> {
    let element = |value| tlv::decode(value, |value| value.any().map(drop));
    let name = Name::from_der(der).map_err(Error::of_argument)?;
    let mut attributes = name.attributes();
    let checked = attributes.try_for_each(|attribute| element(attribute?.value));
    checked.map_err(Error::of_argument)?;
    der::any(der)
}

/// A key that was made elsewhere.
pub(crate) fn key(der: &[u8]) -> Result<Any, Error> {
    SubjectPublicKeyInfo::from_der(der).map_err(Error::of_argument)?;
    tlv::check(der).map_err(Error::of_argument)?;
    der::any(der)
}

/// Extensions that were made elsewhere.
pub(crate) fn extensions(der: &[u8]) -> Result<Any, Error> {
    let read = Extensions::from_der(der).map_err(Error::of_argument)?;
    read.check().map_err(Error::of_argument)?;
    der::any(der)
}

/// What certificates and requests have in common.
pub(crate) fn assemble(
    to_be_signed: &[u8],
    algorithm: AlgorithmIdentifier<'_>,
    signature: &[u8],
) -> Result<Vec<u8>, Error> {
    SignatureAlgorithm::check(algorithm, signature)?;
    der::encode(&Signed {
        to_be_signed: der::any(to_be_signed)?,
        algorithm: algorithm.schema()?,
        signature: der::BitString::bytes(signature),
    })
}

/// RFC 5280 §4.1 and RFC 2986 §4.2:
///
/// ```text
/// Certificate ::= SEQUENCE {
///     tbsCertificate      TBSCertificate,
///     signatureAlgorithm  AlgorithmIdentifier,
///     signatureValue      BIT STRING
/// }
/// CertificationRequest ::= SEQUENCE {
///     certificationRequestInfo  CertificationRequestInfo,
///     signatureAlgorithm        AlgorithmIdentifier,
///     signature                 BIT STRING
/// }
/// ```
#[derive(AsnType, Encode)]
struct Signed<'a> {
    to_be_signed: Any,
    algorithm: AlgorithmIdentifierSchema<'a>,
    signature: der::BitString<'a>,
}

/// RFC 5280 §4.1, without the unique identifiers, which are no more used:
///
/// ```text
/// TBSCertificate ::= SEQUENCE {
///     version               [0] EXPLICIT Version DEFAULT v1,
///     serialNumber          INTEGER,
///     signature             AlgorithmIdentifier,
///     issuer                Name,
///     validity              Validity,
///     subject               Name,
///     subjectPublicKeyInfo  SubjectPublicKeyInfo,
///     issuerUniqueID        [1] IMPLICIT UniqueIdentifier OPTIONAL,
///     subjectUniqueID       [2] IMPLICIT UniqueIdentifier OPTIONAL,
///     extensions            [3] EXPLICIT Extensions OPTIONAL
/// }
/// Version ::= INTEGER { v1(0), v2(1), v3(2) }
/// ```
#[derive(AsnType, Encode)]
struct TbsCertificateSchema<'a> {
    #[rasn(tag(explicit(context, 0)))]
    version: u32,
    serial_number: der::Integer<'a>,
    signature: AlgorithmIdentifierSchema<'a>,
    issuer: Any,
    validity: ValiditySchema,
    subject: Any,
    subject_public_key_info: Any,
    #[rasn(tag(explicit(context, 3)))]
    extensions: Option<Any>,
}

/// RFC 5280 §4.1:
///
/// ```text
/// Validity ::= SEQUENCE { notBefore Time, notAfter Time }
/// Time ::= CHOICE { utcTime UTCTime, generalTime GeneralizedTime }
/// ```
#[derive(AsnType, Encode)]
struct ValiditySchema {
    not_before: Any,
    not_after: Any,
}
