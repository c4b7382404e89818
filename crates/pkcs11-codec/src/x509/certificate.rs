//! Certificates (RFC 5280 §4.1), as slices of their bytes.

use alloc::vec::Vec;
use core::fmt;

use super::{DateTime, Extensions, Name, assemble};
use crate::{
    Error, ErrorKind,
    algorithm::AlgorithmIdentifier,
    spki::{PublicKey, SubjectPublicKeyInfo},
    tlv::{self, BitString, Reader, Tag, Tlv},
};

/// A certificate.
///
/// Every slice is one of the bytes that came in; nothing is copied and nothing made up.
/// Which faults are found when, the [module](super) tells.
///
/// ```
/// use pkcs11_codec::x509::Certificate;
///
/// let der = include_bytes!("../../tests/fixtures/x509/p256.der");
/// let certificate = Certificate::from_der(der)?;
/// // CKA_SUBJECT, CKA_SERIAL_NUMBER, CKA_END_DATE:
/// assert_eq!(certificate.subject.to_string(), "CN=p256,O=Example,C=DE");
/// assert_eq!(certificate.serial_number, [0x02, 0x02, 0x01, 0x07]);
/// assert_eq!(certificate.validity.not_after()?.ck_date(), *b"20341231");
/// // The key, for CKA_EC_PARAMS and CKA_EC_POINT:
/// let key = certificate.public_key()?;
/// assert_eq!(key.to_spki_der()?, certificate.subject_public_key_info.der);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Certificate<'a> {
    /// All of it: `CKA_VALUE`.
    pub der: &'a [u8],
    /// tbsCertificate, with tag and length: what is signed.
    pub tbs_certificate: &'a [u8],
    /// signatureAlgorithm, the same inside and outside of what is signed.
    pub signature_algorithm: AlgorithmIdentifier<'a>,
    /// signatureValue, as the algorithm has it: of ECDSA and DSA what
    /// [`Signature::from_der`](crate::signature::Signature::from_der) reads.
    pub signature: &'a [u8],
    /// version.
    pub version: Version,
    /// serialNumber as the DER of an INTEGER: `CKA_SERIAL_NUMBER`.
    pub serial_number: &'a [u8],
    /// issuer: `CKA_ISSUER`.
    pub issuer: Name<'a>,
    /// validity: `CKA_START_DATE` and `CKA_END_DATE`.
    pub validity: Validity<'a>,
    /// subject: `CKA_SUBJECT`.
    pub subject: Name<'a>,
    /// subjectPublicKeyInfo: `CKA_PUBLIC_KEY_INFO`.
    pub subject_public_key_info: SubjectPublicKeyInfo<'a>,
    /// issuerUniqueID.
    pub issuer_unique_id: Option<BitString<'a>>,
    /// subjectUniqueID.
    pub subject_unique_id: Option<BitString<'a>>,
    /// extensions.
    pub extensions: Extensions<'a>,
    key_position: usize,
}

const VERSION: Tag = Tag::context_constructed(0);
const ISSUER_UNIQUE_ID: Tag = Tag::context(1);
const SUBJECT_UNIQUE_ID: Tag = Tag::context(2);
const EXTENSIONS: Tag = Tag::context_constructed(3);

impl<'a> Certificate<'a> {
    /// Reads a certificate: its frame.
    ///
    /// # Errors
    /// When `der` is not exactly one certificate, as far as the [module](super) tells.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, |reader| {
            reader.sequence(|certificate| {
                let tbs = certificate.element(Tag::SEQUENCE)?;
                let outer_position = certificate.position();
                let signature_algorithm = AlgorithmIdentifier::read_frame(certificate)?;
                let signature = certificate.bit_string()?;
                tbs.nested(|reader| {
                    let version = Version::read(reader)?;
                    let serial_number = reader.element(Tag::INTEGER)?;
                    serial_number.integer()?;
                    if AlgorithmIdentifier::read_frame(reader)? != signature_algorithm {
                        return Err(Error::at(outer_position, ErrorKind::AlgorithmMismatch));
                    }
                    let issuer = Name::read(reader)?;
                    let validity = Validity(reader.element(Tag::SEQUENCE)?);
                    let subject = Name::read(reader)?;
                    let key_position = reader.position();
                    let key = SubjectPublicKeyInfo::read(reader)?;
                    let mut unique_id = |tag| reader.optional(tag)?.map(Tlv::bits).transpose();
                    let issuer_unique_id = unique_id(ISSUER_UNIQUE_ID)?;
                    let subject_unique_id = unique_id(SUBJECT_UNIQUE_ID)?;
                    Ok(Self {
                        der,
                        tbs_certificate: tbs.der(),
                        signature_algorithm,
                        signature,
                        version,
                        serial_number: serial_number.der(),
                        issuer,
                        validity,
                        subject,
                        subject_public_key_info: key,
                        issuer_unique_id,
                        subject_unique_id,
                        extensions: reader
                            .optional_nested(EXTENSIONS, Extensions::read)?
                            .unwrap_or(Extensions::EMPTY),
                        key_position,
                    })
                })
            })
        })
    }

    /// Puts a certificate together: what was signed, by which algorithm, and the signature.
    ///
    /// # Errors
    /// When the result is no certificate; [`ErrorKind::AlgorithmMismatch`] when
    /// `tbs_certificate` names another algorithm.
    pub fn assemble(
        tbs_certificate: &[u8],
        algorithm: AlgorithmIdentifier<'_>,
        signature: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let der = assemble(tbs_certificate, algorithm, signature)?;
        Certificate::from_der(&der).map_err(Error::of_argument)?;
        Ok(der)
    }

    /// The key.
    ///
    /// # Errors
    /// When it is of a known algorithm, and not as that has it.
    pub fn public_key(&self) -> Result<PublicKey<'a>, Error> {
        let key = self.subject_public_key_info.public_key();
        key.map_err(|error| error.offset_by(self.key_position))
    }

    /// The value of `CKA_HASH_OF_SUBJECT_PUBLIC_KEY`: `hash` of the bytes of the key, without
    /// tag, length and count of unused bits, as OCSP takes them too (RFC 6960 §4.1.1).
    ///
    /// The hash function is that of `CKA_NAME_HASH_ALGORITHM`, SHA-1 without one (PKCS#11
    /// §4.6.3).
    ///
    /// ```
    /// use pkcs11_codec::x509::Certificate;
    /// use sha1::{Digest as _, Sha1};
    ///
    /// let der = include_bytes!("../../tests/fixtures/x509/p256.der");
    /// let certificate = Certificate::from_der(der)?;
    /// let hash = certificate.hash_of_subject_public_key(Sha1::digest);
    /// // What openssl's `subjectKeyIdentifier = hash` takes too.
    /// let identifier = certificate.extensions.subject_key_identifier()?;
    /// assert_eq!(identifier, Some(&hash[..]));
    /// # Ok::<(), pkcs11_codec::Error>(())
    /// ```
    pub fn hash_of_subject_public_key<H>(&self, hash: impl FnOnce(&'a [u8]) -> H) -> H {
        hash(self.subject_public_key_info.key)
    }

    /// The value of `CKA_HASH_OF_ISSUER_PUBLIC_KEY`, from the certificate of the issuer.
    ///
    /// Only that has the key. A key identifier of 20 bytes in authorityKeyIdentifier looks
    /// like its SHA-1 and need not be (RFC 5280 §4.2.1.2, RFC 7093 §2).
    ///
    /// # Errors
    /// [`ErrorKind::NotTheIssuer`] when its subject is not our issuer. Whether that key signed
    /// this certificate is not checked.
    pub fn hash_of_issuer_public_key<'b, H>(
        &self,
        issuer: &Certificate<'b>,
        hash: impl FnOnce(&'b [u8]) -> H,
    ) -> Result<H, Error> {
        if issuer.subject.der() != self.issuer.der() {
            return Err(Error::argument(ErrorKind::NotTheIssuer));
        }
        Ok(hash(issuer.subject_public_key_info.key))
    }
}

/// By the bytes.
impl PartialEq for Certificate<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate<'_> {}

impl fmt::Debug for Certificate<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Certificate")
            .field("version", &self.version)
            .field("serial_number", &self.serial_number)
            .field("issuer", &self.issuer)
            .field("validity", &self.validity)
            .field("subject", &self.subject)
            .field("signature_algorithm", &self.signature_algorithm.oid)
            .finish_non_exhaustive()
    }
}

/// The version of a certificate (RFC 5280 §4.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// v1, which is written as nothing.
    V1,
    /// v2, which added the unique identifiers.
    V2,
    /// v3, which added the extensions.
    V3,
}

impl Version {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.or_default(VERSION, Self::V1, |tlv| {
            tlv.nested(|version| {
                let position = version.position();
                match version.unsigned_u32()? {
                    0 => Ok(Self::V1),
                    1 => Ok(Self::V2),
                    2 => Ok(Self::V3),
                    _ => Err(Error::at(position, ErrorKind::UnsupportedVersion { expected: 2 })),
                }
            })
        })
    }
}

/// From when to when a certificate is good (RFC 5280 §4.1.2.5). Each time is read when it is
/// asked for; where one cannot be read, the attribute for it is left out. A GeneralizedTime of
/// a year before 2050, which RFC 5280 has as a UTCTime, is read all the same.
#[derive(Clone, Copy)]
pub struct Validity<'a>(Tlv<'a>);

impl Validity<'_> {
    /// The first second: `CKA_START_DATE`.
    ///
    /// # Errors
    /// When it is no time.
    pub fn not_before(&self) -> Result<DateTime, Error> {
        self.0.nested(|validity| {
            let time = DateTime::read(validity)?;
            validity.rest();
            Ok(time)
        })
    }

    /// The last second: `CKA_END_DATE`; 9999-12-31T23:59:59Z for no end.
    ///
    /// # Errors
    /// When it is no time.
    pub fn not_after(&self) -> Result<DateTime, Error> {
        self.0.nested(|validity| {
            validity.any()?;
            DateTime::read(validity)
        })
    }
}

impl fmt::Debug for Validity<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut show = formatter.debug_struct("Validity");
        show.field("not_before", &self.not_before().ok());
        show.field("not_after", &self.not_after().ok()).finish()
    }
}
