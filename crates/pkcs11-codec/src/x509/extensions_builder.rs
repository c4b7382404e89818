//! Extensions that are made here.

use alloc::vec::Vec;

use rasn::{AsnType, Encode, Encoder as _};

use super::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, GeneralName, GeneralNames,
    KeyUsage, extension,
};
use crate::{Error, ErrorKind, der, oid::Oid};

/// Makes [`Extensions`](super::Extensions), for a certificate or a request.
///
/// ```
/// use pkcs11_codec::x509::{Extensions, ExtensionsBuilder, GeneralName};
///
/// let names = [GeneralName::Dns("www.example.org"), GeneralName::Ip([192, 0, 2, 1].into())];
/// let der = ExtensionsBuilder::new().subject_alternative_names(&names).to_der()?;
/// let read = Extensions::from_der(&der)?.subject_alternative_names()?;
/// assert!(read.into_iter().flatten().eq(names.map(Ok)));
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct ExtensionsBuilder {
    extensions: Vec<New>,
    /// The first; it is told at the end, so that a builder is one expression.
    error: Option<Error>,
}

#[derive(Debug, Clone)]
struct New {
    oid: Vec<u8>,
    critical: bool,
    value: Vec<u8>,
}

impl ExtensionsBuilder {
    /// No extensions.
    pub const fn new() -> Self {
        Self { extensions: Vec::new(), error: None }
    }

    /// What the key may be used for, which is something (RFC 5280 §4.2.1.3); critical.
    pub fn key_usage(self, usage: KeyUsage) -> Self {
        let value = match usage {
            KeyUsage::NONE => Err(Error::argument(ErrorKind::Empty)),
            usage => usage.to_der(),
        };
        self.with(extension::KEY_USAGE, true, value)
    }

    /// Whether the subject issues certificates; critical.
    pub fn basic_constraints(self, constraints: BasicConstraints) -> Self {
        self.with(extension::BASIC_CONSTRAINTS, true, constraints.to_der())
    }

    /// Other names of the subject. Where the subject is empty, it must be
    /// [`critical`](Self::critical).
    pub fn subject_alternative_names(self, names: &[GeneralName<'_>]) -> Self {
        self.with(extension::SUBJECT_ALTERNATIVE_NAME, false, GeneralNames::encode(names))
    }

    /// The name of the key: commonly the SHA-1 of its bytes, and on a token its `CKA_ID`.
    pub fn subject_key_identifier(self, identifier: &[u8]) -> Self {
        let value = der::encode(&der::OctetString::octets(identifier));
        self.with(extension::SUBJECT_KEY_IDENTIFIER, false, value)
    }

    /// The key of the issuer.
    pub fn authority_key_identifier(self, identifier: &AuthorityKeyIdentifier<'_>) -> Self {
        self.with(extension::AUTHORITY_KEY_IDENTIFIER, false, identifier.to_der())
    }

    /// The [purposes](super::extended_key_usage) of the key.
    pub fn extended_key_usage(self, purposes: &[Oid<'_>]) -> Self {
        self.with(extension::EXTENDED_KEY_USAGE, false, ExtendedKeyUsage::encode(purposes))
    }

    /// Any other extension; `value` is in DER by RFC 5280 §4.2, and is not looked at: private
    /// ones hold other bytes too.
    pub fn push(self, oid: Oid<'_>, critical: bool, value: &[u8]) -> Self {
        self.with(oid, critical, Ok(Vec::from(value)))
    }

    /// Makes the extension that was added last critical.
    pub fn critical(mut self) -> Self {
        if let Some(last) = self.extensions.last_mut() {
            last.critical = true;
        }
        self
    }

    fn with(mut self, oid: Oid<'_>, critical: bool, value: Result<Vec<u8>, Error>) -> Self {
        let twice = self.extensions.iter().any(|other| other.oid == oid.content());
        match value {
            Ok(_) if twice => {
                self.error.get_or_insert(Error::argument(ErrorKind::Duplicate));
            }
            Ok(value) => {
                self.extensions.push(New { oid: Vec::from(oid.content()), critical, value });
            }
            Err(error) => {
                self.error.get_or_insert(error);
            }
        }
        self
    }

    /// The Extensions in DER.
    ///
    /// # Errors
    /// The first error of what was added; [`ErrorKind::Duplicate`]; [`ErrorKind::Empty`] when
    /// nothing was added: no extensions are written as nothing, not as an empty list.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        if let Some(error) = self.error {
            return Err(error.of_argument());
        }
        if self.extensions.is_empty() {
            return Err(Error::argument(ErrorKind::Empty));
        }
        let extensions = self.extensions.iter().map(|new| ExtensionSchema {
            extn_id: der::ObjectIdentifier::content(&new.oid),
            critical: new.critical,
            extn_value: der::OctetString::octets(&new.value),
        });
        der::encode(&ExtensionsSchema(extensions.collect()))
    }
}

/// RFC 5280 §4.1:
///
/// ```text
/// Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension
/// ```
#[derive(AsnType, Encode)]
#[rasn(delegate)]
struct ExtensionsSchema<'a>(Vec<ExtensionSchema<'a>>);

/// RFC 5280 §4.1:
///
/// ```text
/// Extension ::= SEQUENCE {
///     extnID     OBJECT IDENTIFIER,
///     critical   BOOLEAN DEFAULT FALSE,
///     extnValue  OCTET STRING
/// }
/// ```
#[derive(AsnType, Encode)]
struct ExtensionSchema<'a> {
    extn_id: der::ObjectIdentifier<'a>,
    #[rasn(default)]
    critical: bool,
    extn_value: der::OctetString<'a>,
}
