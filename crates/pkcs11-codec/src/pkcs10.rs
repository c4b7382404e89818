//! Certification requests (PKCS#10, RFC 2986): read, and built to be signed.
//!
//! ```
//! # use p256::ecdsa::{SigningKey, signature::Signer as _};
//! use pkcs11_codec::{
//!     ec::Curve,
//!     pkcs10::{CertificationRequest, CertificationRequestInfo},
//!     signature_algorithm::SignatureAlgorithm,
//!     spki::PublicKey,
//!     x509::{NameAttributeType, ExtensionsBuilder, GeneralName, NameBuilder},
//! };
//!
//! # let key = SigningKey::from_slice(&[7; 32]).unwrap();
//! # let point = key.verifying_key().to_sec1_point(false);
//! # let point = point.as_bytes();
//! # let sign = |message: &[u8]| {
//! #     let signature: p256::ecdsa::Signature = key.sign(message);
//! #     signature.to_bytes()
//! # };
//! let subject = NameBuilder::new().push(NameAttributeType::COMMON_NAME, "www.example.org").to_der()?;
//! let key = PublicKey::Ec { parameters: Curve::P256.into(), point }.to_spki_der()?;
//! let extensions = ExtensionsBuilder::new()
//!     .subject_alternative_names(&[GeneralName::Dns("www.example.org")])
//!     .to_der()?;
//! let info = CertificationRequestInfo {
//!     subject: &subject,
//!     subject_public_key_info: &key,
//!     extensions: Some(&extensions),
//!     challenge_password: None,
//! }
//! .to_der()?;
//!
//! // The token signs, by CKM_ECDSA_SHA256.
//! let algorithm = SignatureAlgorithm::ECDSA_WITH_SHA256;
//! let signed = sign(&info);
//! let signature = algorithm.signature_from_token(&signed, Curve::P256.order_bytes())?;
//! let der = CertificationRequest::assemble(&info, algorithm.identifier(), &signature)?;
//!
//! let request = CertificationRequest::from_der(&der)?;
//! assert_eq!(request.subject.to_string(), "CN=www.example.org");
//! assert_eq!(request.extensions()?.der(), Some(&extensions[..]));
//! # Ok::<(), pkcs11_codec::Error>(())
//! ```

use alloc::{borrow::Cow, vec::Vec};
use core::fmt;

use rasn::{
    AsnType, Encode,
    types::{Any, SetOf},
};

use crate::{
    Error, ErrorKind,
    algorithm::AlgorithmIdentifier,
    der,
    oid::Oid,
    spki::{PublicKey, SubjectPublicKeyInfo},
    tlv::{self, Elements, Tag, Tlv},
    x509::{self, Extensions, Name},
};

/// extensionRequest, 1.2.840.113549.1.9.14 (RFC 2985 §5.4.2).
pub const EXTENSION_REQUEST: Oid<'static> =
    Oid::constant(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e]);
/// challengePassword, 1.2.840.113549.1.9.7 (RFC 2985 §5.4.1).
pub const CHALLENGE_PASSWORD: Oid<'static> =
    Oid::constant(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x07]);

const ATTRIBUTES: Tag = Tag::context_constructed(0);

/// A request for a certificate (RFC 2986 §4.2).
///
/// As with a certificate, [`from_der`](Self::from_der) checks the frame; what is in the
/// subject, the key and the attributes is checked when it is asked for. The attributes may be
/// missing, which RFC 2986 does not allow and some programs write.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct CertificationRequest<'a> {
    /// All of it.
    pub der: &'a [u8],
    /// certificationRequestInfo, with tag and length: what is signed.
    pub certification_request_info: &'a [u8],
    /// subject: what `CKA_SUBJECT` of the key pair may hold.
    pub subject: Name<'a>,
    /// subjectPKInfo: `CKA_PUBLIC_KEY_INFO`.
    pub subject_public_key_info: SubjectPublicKeyInfo<'a>,
    /// signatureAlgorithm.
    pub signature_algorithm: AlgorithmIdentifier<'a>,
    /// signature, as the algorithm has it.
    pub signature: &'a [u8],
    key_position: usize,
    attributes: Option<Tlv<'a>>,
}

impl<'a> CertificationRequest<'a> {
    /// Reads a request: its frame.
    ///
    /// # Errors
    /// When `der` is not exactly one request of version 1 (which is written as 0).
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, |reader| {
            reader.sequence(|request| {
                let info = request.element(Tag::SEQUENCE)?;
                let signature_algorithm = AlgorithmIdentifier::read_frame(request)?;
                let signature = request.bit_string()?;
                info.nested(|reader| {
                    let unsupported = ErrorKind::UnsupportedVersion { expected: VERSION };
                    let unsupported = reader.error(unsupported);
                    if reader.unsigned_u32()? != VERSION {
                        return Err(unsupported);
                    }
                    let subject = Name::read(reader)?;
                    let key_position = reader.position();
                    let key = SubjectPublicKeyInfo::read(reader)?;
                    Ok(Self {
                        der,
                        certification_request_info: info.der(),
                        subject,
                        subject_public_key_info: key,
                        signature_algorithm,
                        signature,
                        key_position,
                        attributes: reader.optional(ATTRIBUTES)?,
                    })
                })
            })
        })
    }

    /// Puts a request together: what was signed, by which algorithm, and the signature.
    ///
    /// # Errors
    /// When the result is no request.
    pub fn assemble(
        certification_request_info: &[u8],
        algorithm: AlgorithmIdentifier<'_>,
        signature: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let der = x509::assemble(certification_request_info, algorithm, signature)?;
        CertificationRequest::from_der(&der).map_err(Error::of_argument)?;
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

    /// The attributes, in their order.
    #[must_use]
    pub fn attributes(&self) -> RequestAttributes<'a> {
        RequestAttributes(self.attributes.map_or(Elements::EMPTY, |tlv| tlv.elements()))
    }

    /// The attribute with this identifier.
    ///
    /// # Errors
    /// When the list is broken, or has it twice ([`ErrorKind::Duplicate`]).
    pub fn attribute(&self, oid: Oid<'_>) -> Result<Option<RequestAttribute<'a>>, Error> {
        let mut found = None;
        for attribute in self.attributes() {
            let attribute = attribute?;
            if attribute.oid == oid && found.replace(attribute).is_some() {
                return Err(attribute.values.error(ErrorKind::Duplicate));
            }
        }
        Ok(found)
    }

    /// The extensions that are asked for (RFC 2985 §5.4.2); none when that is not there.
    ///
    /// # Errors
    /// Those of [`attribute`](Self::attribute), and when its value is not one SEQUENCE.
    pub fn extensions(&self) -> Result<Extensions<'a>, Error> {
        match self.attribute(EXTENSION_REQUEST)? {
            Some(attribute) => attribute.values.nested(Extensions::read),
            None => Ok(Extensions::EMPTY),
        }
    }

    /// The password by which the certificate may later be revoked (RFC 2985 §5.4.1).
    ///
    /// # Errors
    /// Those of [`attribute`](Self::attribute), and when its value is not one string.
    pub fn challenge_password(&self) -> Result<Option<Cow<'a, str>>, Error> {
        let password = self.attribute(CHALLENGE_PASSWORD)?;
        password
            .map(|password| password.values.nested(|values| x509::text(values.any()?)))
            .transpose()
    }
}

impl PartialEq for CertificationRequest<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for CertificationRequest<'_> {}

/// Leaves the attributes out: one may be a password.
impl fmt::Debug for CertificationRequest<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CertificationRequest")
            .field("subject", &self.subject)
            .field("signature_algorithm", &self.signature_algorithm.oid)
            .finish_non_exhaustive()
    }
}

/// An attribute of a request (RFC 2986 §4.1).
#[derive(Debug, Clone, Copy)]
pub struct RequestAttribute<'a> {
    /// Which attribute.
    pub oid: Oid<'a>,
    values: Tlv<'a>,
}

impl<'a> RequestAttribute<'a> {
    /// The values: a SET OF, with tag and length.
    #[must_use]
    pub const fn values(&self) -> &'a [u8] {
        self.values.der()
    }
}

/// Iterator over the attributes of a request; ends after the first error.
#[derive(Debug, Clone)]
pub struct RequestAttributes<'a>(Elements<'a>);

impl<'a> Iterator for RequestAttributes<'a> {
    type Item = Result<RequestAttribute<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next_with(|attributes| {
            attributes.sequence(|attribute| {
                Ok(RequestAttribute { oid: attribute.oid()?, values: attribute.element(Tag::SET)? })
            })
        })
    }
}

/// v1.
const VERSION: u32 = 0;

/// What a request says, to be signed.
#[derive(Clone, Copy)]
pub struct CertificationRequestInfo<'a> {
    /// subject, in DER: of a [`NameBuilder`](x509::NameBuilder), or a token's `CKA_SUBJECT`.
    pub subject: &'a [u8],
    /// subjectPKInfo, in DER.
    pub subject_public_key_info: &'a [u8],
    /// The extensions to ask for, in DER: of an
    /// [`ExtensionsBuilder`](x509::ExtensionsBuilder).
    pub extensions: Option<&'a [u8]>,
    /// The password by which to revoke the certificate. Who sees the request sees it.
    pub challenge_password: Option<&'a str>,
}

impl CertificationRequestInfo<'_> {
    /// The bytes to be signed.
    ///
    /// # Errors
    /// When a part is not what it must be, or the password is empty.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        let mut attributes = Vec::new();
        if let Some(password) = self.challenge_password {
            if password.is_empty() {
                return Err(Error::argument(ErrorKind::Empty));
            }
            // A PrintableString where it can be one (RFC 2985 §5.4.1).
            let value = der::printable_string(password)
                .or_else(|_| der::encode(&der::Utf8String::content(password.as_bytes())))?;
            attributes.push(attribute(CHALLENGE_PASSWORD, der::any(&value)?)?);
        }
        if let Some(extensions) = self.extensions {
            attributes.push(attribute(EXTENSION_REQUEST, x509::extensions(extensions)?)?);
        }
        der::encode(&CertificationRequestInfoSchema {
            version: VERSION,
            subject: x509::name(self.subject)?,
            subject_pk_info: x509::key(self.subject_public_key_info)?,
            attributes: SetOf::from_vec(attributes),
        })
    }
}

/// Leaves the password out.
impl fmt::Debug for CertificationRequestInfo<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CertificationRequestInfo")
            .field("subject", &self.subject)
            .field("subject_public_key_info", &self.subject_public_key_info)
            .field("extensions", &self.extensions)
            .finish_non_exhaustive()
    }
}

/// A SET OF takes what can be hashed and compared: bytes.
fn attribute(oid: Oid<'_>, value: Any) -> Result<Any, Error> {
    let values = SetOf::from_vec(Vec::from([value]));
    der::any(&der::encode(&AttributeSchema { kind: der::ObjectIdentifier::oid(oid), values })?)
}

/// RFC 2986 §4.1:
///
/// ```text
/// CertificationRequestInfo ::= SEQUENCE {
///     version        INTEGER { v1(0) },
///     subject        Name,
///     subjectPKInfo  SubjectPublicKeyInfo,
///     attributes     [0] IMPLICIT Attributes
/// }
/// Attributes ::= SET OF Attribute
/// ```
#[derive(AsnType, Encode)]
struct CertificationRequestInfoSchema {
    version: u32,
    subject: Any,
    subject_pk_info: Any,
    #[rasn(tag(context, 0))]
    attributes: SetOf<Any>,
}

/// RFC 2986 §4.1:
///
/// ```text
/// Attribute ::= SEQUENCE {
///     type    OBJECT IDENTIFIER,
///     values  SET SIZE (1..MAX) OF ANY
/// }
/// ```
#[derive(AsnType, Encode)]
struct AttributeSchema<'a> {
    kind: der::ObjectIdentifier<'a>,
    values: SetOf<Any>,
}
