//! The values of the extensions that tokens and their users ask for (RFC 5280 §4.2.1).

use alloc::vec::Vec;
use core::{fmt, ops};

use rasn::{AsnType, Encode, Encoder as _};

use super::GeneralNames;
use crate::{
    Error, ErrorKind, der, integer,
    oid::Oid,
    tlv::{Elements, Reader, Tag, Tlv},
};

/// What a key may be used for (RFC 5280 §4.2.1.3): a set of named bits.
///
/// ```
/// use pkcs11_codec::x509::KeyUsage;
///
/// let usage = KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_AGREEMENT;
/// assert!(usage.contains(KeyUsage::KEY_AGREEMENT));
/// assert_eq!(usage.to_string(), "digitalSignature, keyAgreement");
/// assert_eq!(usage.to_der()?, [0x03, 0x02, 0x03, 0x88]);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct KeyUsage {
    /// Bit 0 of ASN.1 is the top bit.
    bits: u16,
}

macro_rules! key_usages {
    ($($(#[$doc:meta])* $constant:ident = $bit:literal, $name:literal;)*) => {
        impl KeyUsage {
            $($(#[$doc])* pub const $constant: Self = Self { bits: 0x8000 >> $bit };)*

            const NAMES: &'static [(Self, &'static str)] = &[$((Self::$constant, $name)),*];
        }
    };
}

key_usages! {
    /// digitalSignature (0): signs what is neither a certificate nor a revocation list.
    DIGITAL_SIGNATURE = 0, "digitalSignature";
    /// nonRepudiation (1), also contentCommitment.
    NON_REPUDIATION = 1, "nonRepudiation";
    /// keyEncipherment (2): wraps keys.
    KEY_ENCIPHERMENT = 2, "keyEncipherment";
    /// dataEncipherment (3).
    DATA_ENCIPHERMENT = 3, "dataEncipherment";
    /// keyAgreement (4): derives keys.
    KEY_AGREEMENT = 4, "keyAgreement";
    /// keyCertSign (5): signs certificates.
    KEY_CERT_SIGN = 5, "keyCertSign";
    /// cRLSign (6): signs revocation lists.
    CRL_SIGN = 6, "cRLSign";
    /// encipherOnly (7): of a key with keyAgreement.
    ENCIPHER_ONLY = 7, "encipherOnly";
    /// decipherOnly (8): of a key with keyAgreement.
    DECIPHER_ONLY = 8, "decipherOnly";
}

impl KeyUsage {
    /// No use at all.
    pub const NONE: Self = Self { bits: 0 };

    /// Whether all of `uses` are in it.
    #[must_use]
    pub const fn contains(self, uses: Self) -> bool {
        self.bits & uses.bits == uses.bits
    }

    /// The uses of both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self { bits: self.bits | other.bits }
    }

    /// Zeros at the end are let pass; bits that have no name are left out.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let bits = reader.element(Tag::BIT_STRING)?.bits()?;
        let set = (0..).zip(Self::NAMES).filter(|(index, _)| bits.bit(*index));
        Ok(set.fold(Self::NONE, |all, (_, (usage, _))| all | *usage))
    }

    /// The KeyUsage in DER, without zeros at the end.
    ///
    /// # Errors
    /// When the encoder refuses it.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        let [first, second] = self.bits.to_be_bytes();
        let unused = |byte: u8| u8::try_from(byte.trailing_zeros()).unwrap_or(0);
        let content = match (first, second) {
            (0, 0) => &[0][..],
            (_, 0) => &[unused(first), first],
            _ => &[unused(second), first, second],
        };
        der::encode(&der::BitString::content(content))
    }
}

impl ops::BitOr for KeyUsage {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.union(other)
    }
}

/// The names of RFC 5280.
impl fmt::Display for KeyUsage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (usage, name) in Self::NAMES {
            if self.contains(*usage) {
                write!(formatter, "{separator}{name}")?;
                separator = ", ";
            }
        }
        Ok(())
    }
}

/// Whether the subject issues certificates (RFC 5280 §4.2.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct BasicConstraints {
    /// cA: it does. `CKA_CERTIFICATE_CATEGORY` is then that of an authority.
    pub ca: bool,
    /// pathLenConstraint: how many certificates of issuers may follow it.
    pub path_length: Option<u32>,
}

impl BasicConstraints {
    /// A `cA FALSE` that is spelt out is let pass.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.sequence(|constraints| {
            let ca = constraints.optional(Tag::BOOLEAN)?.map_or(Ok(false), Tlv::boolean)?;
            let path_length = constraints.optional(Tag::INTEGER)?;
            let path_length = path_length.map(Tlv::unsigned_u32).transpose()?;
            Ok(Self { ca, path_length })
        })
    }

    /// The BasicConstraints in DER.
    ///
    /// # Errors
    /// When the encoder refuses it.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        let path_len_constraint = self.path_length;
        der::encode(&BasicConstraintsSchema { ca: self.ca, path_len_constraint })
    }
}

/// RFC 5280 §4.2.1.9:
///
/// ```text
/// BasicConstraints ::= SEQUENCE {
///     cA                 BOOLEAN DEFAULT FALSE,
///     pathLenConstraint  INTEGER (0..MAX) OPTIONAL
/// }
/// ```
#[derive(AsnType, Encode)]
struct BasicConstraintsSchema {
    #[rasn(default)]
    ca: bool,
    path_len_constraint: Option<u32>,
}

/// Which key of the issuer signed a certificate (RFC 5280 §4.2.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuthorityKeyIdentifier<'a> {
    /// keyIdentifier: the issuer's subjectKeyIdentifier.
    pub key_identifier: Option<&'a [u8]>,
    /// authorityCertIssuer: who issued the issuer's certificate.
    pub issuer: Option<GeneralNames<'a>>,
    /// authorityCertSerialNumber: of the issuer's certificate, as contents octets.
    pub serial_number: Option<&'a [u8]>,
}

impl<'a> AuthorityKeyIdentifier<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.sequence(|identifier| {
            let key = identifier.optional(Tag::context(0))?;
            let issuer = identifier.optional(Tag::context_constructed(1))?;
            let serial_number = identifier.optional(Tag::context(2))?;
            Ok(Self {
                key_identifier: key.map(|tlv| tlv.value()),
                issuer: issuer.map(GeneralNames::from_tlv),
                serial_number: serial_number.map(Tlv::integer).transpose()?,
            })
        })
    }

    /// The AuthorityKeyIdentifier in DER.
    ///
    /// # Errors
    /// When a name is broken, or there is none in the list; when the serial number has not the
    /// contents octets of an INTEGER.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        let checked = self.serial_number.map_or(Ok(()), integer::check_content);
        checked.map_err(Error::of_argument)?;
        der::encode(&AuthorityKeyIdentifierSchema {
            key_identifier: self.key_identifier.map(der::OctetString::content),
            issuer: self.issuer.map(|names| names.schema()).transpose()?,
            serial_number: self.serial_number.map(der::Integer::content),
        })
    }
}

/// RFC 5280 §4.2.1.1:
///
/// ```text
/// AuthorityKeyIdentifier ::= SEQUENCE {
///     keyIdentifier              [0] OCTET STRING  OPTIONAL,
///     authorityCertIssuer        [1] GeneralNames  OPTIONAL,
///     authorityCertSerialNumber  [2] INTEGER       OPTIONAL
/// }
/// ```
#[derive(AsnType, Encode)]
struct AuthorityKeyIdentifierSchema<'a> {
    #[rasn(tag(context, 0))]
    key_identifier: Option<der::OctetString<'a>>,
    #[rasn(tag(context, 1))]
    issuer: Option<Vec<super::general_name::GeneralNameSchema<'a>>>,
    #[rasn(tag(context, 2))]
    serial_number: Option<der::Integer<'a>>,
}

/// Constants for purposes: the last arc.
macro_rules! purposes {
    ($($(#[$doc:meta])* $constant:ident = $octets:expr;)*) => {
        /// The purposes of [`ExtendedKeyUsage`] (RFC 5280 §4.2.1.12).
        pub mod extended_key_usage {
            use crate::oid::Oid;

            $($(#[$doc])* pub const $constant: Oid<'static> = Oid::constant(&$octets);)*
        }
    };
}

purposes! {
    /// anyExtendedKeyUsage, 2.5.29.37.0.
    ANY = [0x55, 0x1d, 0x25, 0x00];
    /// id-kp-serverAuth, 1.3.6.1.5.5.7.3.1.
    SERVER_AUTH = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];
    /// id-kp-clientAuth, 1.3.6.1.5.5.7.3.2.
    CLIENT_AUTH = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02];
    /// id-kp-codeSigning, 1.3.6.1.5.5.7.3.3.
    CODE_SIGNING = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03];
    /// id-kp-emailProtection, 1.3.6.1.5.5.7.3.4.
    EMAIL_PROTECTION = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04];
    /// id-kp-timeStamping, 1.3.6.1.5.5.7.3.8.
    TIME_STAMPING = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];
    /// id-kp-OCSPSigning, 1.3.6.1.5.5.7.3.9.
    OCSP_SIGNING = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09];
}

/// The purposes of a key (RFC 5280 §4.2.1.12).
#[derive(Debug, Clone)]
pub struct ExtendedKeyUsage<'a>(Elements<'a>);

impl<'a> ExtendedKeyUsage<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.element(Tag::SEQUENCE).map(|tlv| Self(tlv.elements()))
    }

    /// Whether `purpose` is in the list; anyExtendedKeyUsage is a purpose like another.
    ///
    /// # Errors
    /// When the list is broken before that.
    pub fn contains(&self, purpose: Oid<'_>) -> Result<bool, Error> {
        for found in self.clone() {
            if found? == purpose {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) fn written(self) -> Result<Vec<u8>, Error> {
        ExtendedKeyUsage::encode(&self.collect::<Result<Vec<_>, _>>()?)
    }

    /// The ExtKeyUsageSyntax in DER for these purposes.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] when there is none.
    pub fn encode(purposes: &[Oid<'_>]) -> Result<Vec<u8>, Error> {
        if purposes.is_empty() {
            return Err(Error::argument(ErrorKind::Empty));
        }
        let purposes = purposes.iter().map(|oid| der::ObjectIdentifier::oid(*oid)).collect();
        der::encode(&ExtKeyUsageSyntax(purposes))
    }
}

/// Ends after the first error.
impl<'a> Iterator for ExtendedKeyUsage<'a> {
    type Item = Result<Oid<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next_with(Reader::oid)
    }
}

/// RFC 5280 §4.2.1.12:
///
/// ```text
/// ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
/// KeyPurposeId ::= OBJECT IDENTIFIER
/// ```
#[derive(AsnType, Encode)]
#[rasn(delegate)]
struct ExtKeyUsageSyntax<'a>(Vec<der::ObjectIdentifier<'a>>);
