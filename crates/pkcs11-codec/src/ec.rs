//! Elliptic curves: the table, `CKA_EC_PARAMS` and `CKA_EC_POINT`.

mod curve;
mod private_key;

use alloc::vec::Vec;

pub use curve::{Curve, CurveKind, FieldKind};
pub use private_key::EcPrivateKey;

use crate::{
    Error, ErrorKind, der,
    oid::Oid,
    tlv::{self, Reader, Tag},
};

/// What `CKA_EC_PARAMS` holds: which curve.
///
/// X9.62 and RFC 5480 §2.1.1, with the first choice of PKCS#11 3.x:
///
/// ```text
/// Parameters ::= CHOICE {
///   ecParameters   ECParameters,
///   oId            CURVES.&id({CurveNames}),
///   implicitlyCA   NULL,
///   curveName      PrintableString
/// }
/// ```
///
/// ```
/// use pkcs11_codec::ec::{Curve, EcParameters};
///
/// let der = EcParameters::from(Curve::P384).to_der()?;
/// assert_eq!(der, [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22]);
/// assert_eq!(EcParameters::from_der(&der)?.curve(), Some(Curve::P384));
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EcParameters<'a> {
    /// A curve by its OBJECT IDENTIFIER, in the table or not.
    Named(Oid<'a>),
    /// A curve by its name, such as `edwards25519`, in the table or not.
    CurveName(&'a str),
    /// The curve of who issued the certificate: not known from here.
    Implicit,
    /// The curve spelt out: the whole DER of that SEQUENCE, which is checked to be DER and
    /// written as it came.
    Explicit(&'a [u8]),
}

impl<'a> EcParameters<'a> {
    /// Reads the parameters.
    ///
    /// # Errors
    /// When `der` is not exactly one of the choices.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, |reader| match reader.peek() {
            Some(Tag::PRINTABLE_STRING) => reader.printable_string().map(Self::CurveName),
            _ => Self::read(reader),
        })
    }

    /// Reads one of the choices that a SubjectPublicKeyInfo may have.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        match reader.peek() {
            Some(Tag::SEQUENCE) => Ok(Self::Explicit(reader.checked()?.der())),
            Some(Tag::NULL) => reader.null().map(|()| Self::Implicit),
            _ => reader.oid().map(Self::Named),
        }
    }

    /// The parameters in DER.
    ///
    /// # Errors
    /// When a curve name is no PrintableString, or explicit parameters are no SEQUENCE in
    /// DER.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        let der = match self {
            Self::Named(oid) => return oid.to_der(),
            Self::CurveName(name) => der::encode(&der::PrintableString::text(name))?,
            Self::Implicit => der::encode(&der::Null::null())?,
            Self::Explicit(der) => Vec::from(*der),
        };
        match EcParameters::from_der(&der) {
            Ok(read) if read == *self => Ok(der),
            Ok(_) => Err(Error::argument(ErrorKind::Encoder)),
            Err(error) => Err(error.of_argument()),
        }
    }

    /// The curve, if the parameters name one of the table.
    #[must_use]
    pub fn curve(&self) -> Option<Curve> {
        match self {
            Self::Named(oid) => Curve::from_oid(*oid),
            Self::CurveName(name) => Curve::from_name(name),
            Self::Implicit | Self::Explicit(_) => None,
        }
    }

    /// The size in bytes of the order of the base point, and so of r and of s, if the curve
    /// is known.
    #[must_use]
    pub fn order_bytes(&self) -> Option<usize> {
        self.curve().map(Curve::order_bytes)
    }

    /// The form that X.509 and PKCS#8 have a place for: a curve's OBJECT IDENTIFIER instead
    /// of its name.
    pub(crate) fn without_name(self) -> Result<Self, Error> {
        match (self, self.curve()) {
            (_, Some(curve)) => Ok(EcParameters::from(curve)),
            (Self::CurveName(_), None) => Err(Error::argument(ErrorKind::UnsuitableCurve)),
            (other, None) => Ok(other),
        }
    }

    /// Checks that a curve of the table is one for `CKK_EC`.
    pub(crate) fn check_weierstrass(&self) -> Result<(), Error> {
        match self.curve() {
            Some(curve) if curve.kind() != CurveKind::Weierstrass => {
                Err(Error::at(0, ErrorKind::UnsuitableCurve))
            }
            _ => Ok(()),
        }
    }

    /// Checks a raw point as far as the parameters tell: with the curve known, its form and
    /// size.
    pub(crate) fn check_point(&self, point: &[u8]) -> Result<(), Error> {
        self.check_weierstrass()?;
        match self.curve() {
            Some(curve) => curve.check_public_key(point),
            None => check_point_form(point),
        }
    }
}

/// Checks the first byte of a raw point on a curve that is not known.
pub(crate) const fn check_point_form(point: &[u8]) -> Result<(), Error> {
    match point {
        [0x02..=0x04, _, ..] => Ok(()),
        _ => Err(Error::at(0, ErrorKind::InvalidPoint)),
    }
}

/// By its OBJECT IDENTIFIER.
impl From<Curve> for EcParameters<'static> {
    fn from(curve: Curve) -> Self {
        Self::Named(curve.oid())
    }
}

/// Wraps a raw public key into the OCTET STRING that `CKA_EC_POINT` holds.
///
/// ```text
/// ECPoint ::= OCTET STRING
/// ```
///
/// X9.62 §E.6, RFC 5480 §2.2.
///
/// # Errors
/// [`ErrorKind::Empty`] when there are no bytes.
pub fn wrap_point(raw: &[u8]) -> Result<Vec<u8>, Error> {
    if raw.is_empty() {
        return Err(Error::argument(ErrorKind::Empty));
    }
    der::encode(&der::OctetString::octets(raw))
}

/// Takes the raw public key out of the OCTET STRING that `CKA_EC_POINT` holds.
///
/// Some tokens hold the raw key there. Bytes do not tell which it is: a raw X25519 key may
/// start with `04 1e` and so does a wrapped one of 30 bytes. So this is called for what is
/// wrapped, and what is raw is used as it is; [`Curve::check_public_key`] then tells
/// whether the result has the curve's size.
///
/// # Errors
/// When `der` is not exactly an OCTET STRING with something in it.
pub fn unwrap_point(der: &[u8]) -> Result<&[u8], Error> {
    tlv::decode(der, |reader| match reader.octet_string()? {
        [] => Err(reader.error(ErrorKind::Empty)),
        raw => Ok(raw),
    })
}
