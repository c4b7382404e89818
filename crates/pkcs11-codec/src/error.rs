//! What went wrong, and at which byte.

use core::fmt;

use crate::{attribute::AttributeType, tlv::Tag};

/// Why some bytes were refused, or a value could not be written.
///
/// It holds no byte of the input but tags and lengths, so it may be logged even when a
/// private key was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub struct Error {
    kind: ErrorKind,
    position: Option<usize>,
}

impl Error {
    /// What was expected, and what was there.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The offset in bytes from the start of the input given to the decoder, also for what
    /// lies in nested values; `None` when another argument is at fault, or a value that was
    /// to be encoded.
    #[must_use]
    pub const fn position(&self) -> Option<usize> {
        self.position
    }

    /// The input is at fault.
    pub(crate) const fn at(position: usize, kind: ErrorKind) -> Self {
        Self { kind, position: Some(position) }
    }

    /// An argument that is no input to decode is at fault.
    pub(crate) const fn argument(kind: ErrorKind) -> Self {
        Self { kind, position: None }
    }

    /// The same error, without the position: it would be one in bytes made here.
    pub(crate) const fn of_argument(self) -> Self {
        Self::argument(self.kind)
    }

    /// The same error, for bytes that start at `position`.
    pub(crate) fn offset_by(self, position: usize) -> Self {
        Self { kind: self.kind, position: self.position.map(|at| at.saturating_add(position)) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(formatter, "at byte {position}: {}", self.kind),
            None => self.kind.fmt(formatter),
        }
    }
}

/// The kinds of [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input, or the value around, ends where an element must stand.
    #[error("expected {expected}, found the end")]
    Missing {
        /// The tag of that element.
        expected: Tag,
    },
    /// The input ends inside of a tag or length.
    #[error("expected a tag and a length, found the end")]
    IncompleteHeader,
    /// A length says more than the bytes that are left.
    #[error("expected {needed} bytes, found {left}")]
    Truncated {
        /// What the length says, in bytes.
        needed: usize,
        /// What is there, in bytes.
        left: usize,
    },
    /// Another element stands here.
    #[error("expected {expected}, found {found}")]
    UnexpectedTag {
        /// The tag that the schema wants.
        expected: Tag,
        /// The tag in the input.
        found: Tag,
    },
    /// Bytes follow the last element.
    #[error("expected the end, found {left} more bytes")]
    TrailingData {
        /// How many bytes.
        left: usize,
    },
    /// A tag number of 31 or more, which nothing in this crate uses.
    #[error("expected a tag number below 31")]
    HighTagNumber,
    /// A universal tag of the wrong form: a constructed string, a primitive SEQUENCE, or
    /// the end-of-contents mark (X.690 §10.2).
    #[error("expected a tag in its DER form, found {found}")]
    InvalidForm {
        /// The tag in the input.
        found: Tag,
    },
    /// The indefinite length of BER (X.690 §10.1).
    #[error("expected a definite length")]
    IndefiniteLength,
    /// A length of more than four octets.
    #[error("expected a length of at most four octets")]
    LengthTooLong,
    /// A length in more octets than needed (X.690 §10.1).
    #[error("expected a length in as few octets as possible")]
    NonMinimalLength,
    /// Values nested deeper than [`MAX_DEPTH`](crate::tlv::MAX_DEPTH).
    #[error("expected at most {} nested values", crate::tlv::MAX_DEPTH)]
    TooDeep,
    /// More deviations from DER than [`MAX_FORGIVEN`](crate::lenient::MAX_FORGIVEN).
    #[error("expected at most {} deviations from DER", crate::lenient::MAX_FORGIVEN)]
    TooManyDeviations,
    /// An INTEGER in more octets than needed (X.690 §8.3.2).
    #[error("expected an INTEGER in as few octets as possible")]
    NonMinimalInteger,
    /// An INTEGER below zero where the schema has none.
    #[error("expected an INTEGER of zero or more")]
    NegativeInteger,
    /// An INTEGER, or big integer, too large for its place.
    #[error("expected an integer of at most {max_bytes} bytes")]
    IntegerTooLarge {
        /// The room there is, in bytes.
        max_bytes: usize,
    },
    /// A BOOLEAN other than 00 and FF (X.690 §11.1).
    #[error("expected a BOOLEAN of 00 or FF")]
    InvalidBoolean,
    /// An OBJECT IDENTIFIER that is empty, cut, or has an arc in more octets than needed.
    #[error("expected an OBJECT IDENTIFIER of whole, minimal arcs")]
    InvalidOid,
    /// No arc of an OBJECT IDENTIFIER where dotted numbers have one, or one too large for its
    /// place.
    #[error("expected an arc: a number without leading zeros")]
    InvalidArc,
    /// A BIT STRING with a wrong count of unused bits, or with unused bits that are set
    /// (X.690 §11.2).
    #[error("expected a BIT STRING with at most 7 unused bits, all zero")]
    InvalidBitString,
    /// A BIT STRING of named bits that ends in zeros (X.690 §11.2.2).
    #[error("expected named bits without zeros at the end")]
    TrailingZeroBits,
    /// A BIT STRING that is no whole number of bytes, where it holds a key.
    #[error("expected a BIT STRING of whole bytes")]
    UnusedBits,
    /// A PrintableString with a character outside of its set (X.680 §41.4).
    #[error("expected the characters of a PrintableString")]
    InvalidPrintableString,
    /// A default value that is spelt out, where DER leaves it out (X.690 §11.5).
    #[error("expected no element for a default value")]
    ExplicitDefault,
    /// A SET OF whose elements are not in order (X.690 §11.6).
    #[error("expected the elements of a SET OF in the order of their encodings")]
    UnsortedSet,
    /// A value of another size than its type or curve has.
    #[error("expected a value of {expected} bytes, found {found}")]
    WrongLength {
        /// The right size, in bytes.
        expected: usize,
        /// The size found, in bytes.
        found: usize,
    },
    /// Nothing, where a number, point or identifier must be, or the element of a list.
    #[error("expected at least one byte")]
    Empty,
    /// Zero, where a serial number must be (RFC 5280 §4.1.2.2).
    #[error("expected a number above zero")]
    Zero,
    /// A curve point that is neither uncompressed (04) nor compressed (02, 03) (SEC 1
    /// §2.3.3).
    #[error("expected a point that starts with 02, 03 or 04")]
    InvalidPoint,
    /// An order size of zero or of more than
    /// [`MAX_ORDER_BYTES`](crate::signature::MAX_ORDER_BYTES).
    #[error("expected an order of 1 to {} bytes", crate::signature::MAX_ORDER_BYTES)]
    UnsupportedOrder,
    /// A version of the structure that this crate does not read, or that is not the one of
    /// what follows.
    #[error("expected version {expected}")]
    UnsupportedVersion {
        /// The version that it reads, or that what follows has.
        expected: u32,
    },
    /// A mask generation function other than MGF1 (RFC 8017 §B.2).
    #[error("expected the identifier of MGF1")]
    UnknownMaskGeneration,
    /// A source of the label of RSAES-OAEP other than the parameters (RFC 8017 §A.2.1).
    #[error("expected the identifier of pSpecified")]
    UnknownLabelSource,
    /// A trailer of RSASSA-PSS other than BC, whose number is 1 (RFC 8017 §A.2.3).
    #[error("expected trailer field 1")]
    UnknownTrailer,
    /// A prime and a cofactor that leave no subprime (RFC 2631 §2.2).
    #[error("expected p − 1 to be the cofactor times an odd number")]
    NoSubprime,
    /// A hash function that is not in the table.
    #[error("expected the identifier of a known hash function")]
    UnknownDigest,
    /// A curve of another kind than the algorithm works on, or a curve name that has no
    /// OBJECT IDENTIFIER.
    #[error("expected a curve of this algorithm, by its OBJECT IDENTIFIER")]
    UnsuitableCurve,
    /// A key on OpenPGP's Curve25519Legacy, which has no place in X.509 and PKCS#8: OpenPGP
    /// writes it in other bytes than RFC 7748 (RFC 9580 §9.2.1).
    #[error("expected X25519: a key on Curve25519Legacy may be other bytes")]
    LegacyCurve,
    /// A curve that is not in the table and not spelt out.
    #[error("expected a curve of which the size is known")]
    UnknownCurve,
    /// Explicit parameters with a field or an order that is none.
    #[error("expected the field and the order of a curve")]
    InvalidCurve,
    /// A private key that names another curve than the algorithm's parameters beside it.
    #[error("expected the curve that the algorithm's parameters name")]
    DifferentCurves,
    /// Algorithm parameters where there must be none (RFC 8410 §3).
    #[error("expected no algorithm parameters")]
    UnexpectedParameters,
    /// A key derivation or cipher under a password that this crate does not read: anything but
    /// PBES2 with PBKDF2 or scrypt, and AES or triple DES in CBC mode.
    #[error(
        "expected PBES2 with PBKDF2 or scrypt, and AES or triple DES in CBC mode, which \
         `openssl pkcs8 -topk8 -v2 aes256` makes of this one"
    )]
    UnsupportedEncryption,
    /// An iteration count or a parameter of scrypt that is none.
    #[error("expected a count of 1 or more, of scrypt's cost a power of two")]
    InvalidCost,
    /// A password is made a key at a higher cost than the caller allows
    /// (`pkcs8::CostLimits`, of the feature `encryption`).
    #[error("expected a cost of at most {limit}")]
    CostTooHigh {
        /// The limit: iterations, or bytes of memory or work.
        limit: u64,
    },
    /// The password is wrong, or the data are not what was encrypted.
    #[error("expected the right password and undamaged data")]
    DecryptionFailed,
    /// A key that is encrypted where no password was given.
    #[error("expected a key that is not encrypted, or a password")]
    EncryptedKey,
    /// A line that begins like a boundary of PEM and is none (RFC 7468 §2), in a block or where
    /// there is no other.
    #[error("expected five dashes, BEGIN or END, a label, and five dashes")]
    PemBoundary,
    /// A block that does not end, or with another label (RFC 7468 §2).
    #[error("expected the END of the PEM block, with the label of its BEGIN")]
    PemEnd,
    /// A header in a PEM block; RFC 7468 §2 has none.
    #[error("expected a PEM block without headers")]
    PemHeader,
    /// A key with the encryption that came before PKCS#8, a hash of the password and one
    /// iteration.
    #[error("expected a key in PKCS#8, which `openssl pkcs8 -topk8` makes of this one")]
    PemLegacyEncryption,
    /// A PEM block with other characters than base64 has, with too few, or with bits that are
    /// set and unused (RFC 4648 §3.5).
    #[error("expected base64 with its padding")]
    PemBase64,
    /// There is no PEM block at all.
    #[error("expected a PEM block {expected}, found none")]
    PemMissing {
        /// The label that was asked for, or the first of those that will do.
        expected: &'static str,
    },
    /// There are PEM blocks, and none has the label that was asked for.
    #[error("expected a PEM block of another kind, found {found}")]
    PemOther {
        /// The label of the first block, or `one without a name here` for one that is not in
        /// `pem::Label`.
        found: &'static str,
    },
    /// PEM where DER must be.
    #[error("expected DER, found PEM")]
    PemForDer,
    /// There is a second PEM block with the label that was asked for.
    #[error("expected one PEM block {expected}, found another")]
    PemSeveral {
        /// The label, or the first of those that will do.
        expected: &'static str,
    },
    /// A label that PEM cannot hold (RFC 7468 §3).
    #[error("expected a label: words of printable ASCII, with one space or dash between them")]
    PemLabel,
    /// A certificate with trust settings, which only OpenSSL reads.
    #[error("expected a certificate alone, which `openssl x509` makes of this one")]
    TrustedCertificate,
    /// The two signature algorithms of a certificate, inside and outside of what is signed,
    /// are not the same (RFC 5280 §4.1.1.2).
    #[error("expected the signature algorithm of the signed part")]
    AlgorithmMismatch,
    /// An extension, or an attribute of a request, that stands there twice (RFC 5280 §4.2).
    #[error("expected an extension or attribute once")]
    Duplicate,
    /// The value of an extension that is not written as DER wants it.
    #[error("expected an extension in its one form")]
    NonCanonicalExtension,
    /// A time in another form than RFC 5280 §4.1.2.5 has, or that is in no calendar.
    #[error("expected a time of the calendar, YYMMDDhhmmssZ or YYYYMMDDhhmmssZ")]
    InvalidTime,
    /// A text with characters that its string type does not have, or of a type that holds no
    /// text.
    #[error("expected the characters of a string type")]
    InvalidText,
    /// An address that has neither 4 nor 16 bytes (RFC 5280 §4.2.1.6).
    #[error("expected an address of 4 or 16 bytes")]
    InvalidAddress,
    /// A tag that is none of the choices of GeneralName (RFC 5280 §4.2.1.6).
    #[error("expected a GeneralName, found {found}")]
    UnknownGeneralName {
        /// The tag in the input.
        found: Tag,
    },
    /// The certificate of another than the issuer.
    #[error("expected the certificate of the issuer")]
    NotTheIssuer,
    /// An algorithm that PKCS#11 has no key type for, or that this crate does not know.
    #[error("expected an algorithm with a key type in PKCS#11")]
    UnknownAlgorithm,
    /// A key without domain parameters, which PKCS#11 has no place for.
    #[error("expected a key with its domain parameters")]
    MissingParameters,
    /// A key that lacks an attribute.
    #[error("expected a value of {attribute}")]
    MissingAttribute {
        /// Which one.
        attribute: AttributeType,
    },
    /// An attribute with a value of another size, or one that is not known here.
    #[error("expected a value of {attribute} that is known, and of the right size")]
    InvalidAttribute {
        /// Which one.
        attribute: AttributeType,
    },
    /// The encoder refused the value.
    #[error("expected a value that DER can hold")]
    Encoder,
}
