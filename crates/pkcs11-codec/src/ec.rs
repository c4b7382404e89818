//! Elliptic curves: the table, `CKA_EC_PARAMS`, `CKA_EC_POINT` and private keys.
//!
//! [`Curve`] is a row of the table of named curves, [`EcParameters`] what `CKA_EC_PARAMS`
//! holds, [`ExplicitParameters`] a curve that is spelt out there. [`point_from_attribute`]
//! reads `CKA_EC_POINT` however the token wraps it, [`EcPrivateKey`] a key of RFC 5915.
//!
//! ```
//! use pkcs11_codec::{ec::{self, Curve, EcParameters, PointForm}, signature::Signature};
//!
//! // What a token gave.
//! let ec_params = [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x06];
//! # let raw = [&[0x04][..], &[0x11; 28]].concat();
//! let ec_point = PointForm::OctetString.wrap(&raw)?;
//!
//! let parameters = EcParameters::from_der(&ec_params)?;
//! assert_eq!(parameters.curve(), Curve::from_name("secp112r1"));
//! assert_eq!(ec::point_from_attribute(&parameters, &ec_point)?, raw);
//!
//! // The size of r and s, of a named curve or one that is spelt out.
//! # let signed = [0x17; 28];
//! let order = parameters.order_bytes().ok_or("an unknown curve")?;
//! let der = Signature::from_fixed(&signed, order)?.to_der();
//! # assert_eq!(der.len(), 34);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod curve;
mod explicit;
mod point;
mod private_key;

use alloc::vec::Vec;

pub use curve::{Curve, CurveKind, FieldKind};
pub use explicit::{Basis, ExplicitParameters, Field};
pub use point::{PointForm, point_from_attribute, unwrap_point, wrap_point};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EcParameters<'a> {
    /// A curve by its OBJECT IDENTIFIER, in the table or not.
    Named(Oid<'a>),
    /// A curve by its name, such as `edwards25519`, in the table or not.
    CurveName(&'a str),
    /// The curve of who issued the certificate: not known from here.
    Implicit,
    /// The curve spelt out: the whole DER of that SEQUENCE, which is checked to be
    /// [`ExplicitParameters`] and written as it came.
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
            Some(Tag::SEQUENCE) => {
                let tlv = reader.checked()?;
                ExplicitParameters::from_tlv(tlv)?;
                Ok(Self::Explicit(tlv.der()))
            }
            Some(Tag::NULL) => reader.null().map(|()| Self::Implicit),
            _ => reader.oid().map(Self::Named),
        }
    }

    /// The parameters in DER.
    ///
    /// # Errors
    /// When a curve name is no PrintableString, or explicit parameters are none.
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

    /// The curve spelt out, if it is.
    #[must_use]
    pub fn explicit(&self) -> Option<ExplicitParameters<'a>> {
        match self {
            Self::Explicit(der) => ExplicitParameters::from_der(der).ok(),
            _ => None,
        }
    }

    /// The size in bytes of the order of the base point, and so of r and of s, if the
    /// curve is known or spelt out.
    #[must_use]
    pub fn order_bytes(&self) -> Option<usize> {
        match self.explicit() {
            Some(explicit) => Some(explicit.order_bytes()),
            None => self.curve().map(Curve::order_bytes),
        }
    }

    /// The size of a coordinate in bytes, likewise.
    #[must_use]
    pub fn field_bytes(&self) -> Option<usize> {
        match self.explicit() {
            Some(explicit) => explicit.field_bytes(),
            None => self.curve().map(Curve::field_bytes),
        }
    }

    /// The size of a public key in bytes, likewise: of an uncompressed point, or of the
    /// string of RFC 7748 and RFC 8032.
    #[must_use]
    pub fn public_key_bytes(&self) -> Option<usize> {
        match self.curve() {
            Some(curve) => Some(curve.public_key_bytes()),
            None => self.field_bytes().map(point::uncompressed_bytes),
        }
    }

    /// The size of a compressed point in bytes, likewise; other curves than Weierstrass'
    /// have none.
    pub(crate) fn compressed_point_bytes(&self) -> Option<usize> {
        self.check_weierstrass().ok()?;
        self.field_bytes().map(point::compressed_bytes)
    }

    /// Checks a raw public key as [`Curve::check_public_key`] does, as far as the
    /// parameters tell: on a curve that is neither known nor spelt out, the first byte of a
    /// point.
    ///
    /// # Errors
    /// Those of [`Curve::check_public_key`].
    pub fn check_public_key(&self, raw: &[u8]) -> Result<(), Error> {
        if let Some(curve) = self.curve() {
            return curve.check_public_key(raw);
        }
        match self.field_bytes() {
            Some(field_bytes) => point::check(raw, field_bytes),
            None => point::check_form(raw),
        }
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

    /// Checks a raw point of a `CKK_EC` key.
    pub(crate) fn check_point(&self, point: &[u8]) -> Result<(), Error> {
        self.check_weierstrass()?;
        self.check_public_key(point)
    }
}

/// By its OBJECT IDENTIFIER.
impl From<Curve> for EcParameters<'static> {
    fn from(curve: Curve) -> Self {
        Self::Named(curve.oid())
    }
}
