//! `CKA_EC_POINT`: raw keys and what stands around them.

use alloc::vec::Vec;

use super::EcParameters;
use crate::{Error, ErrorKind, der, tlv};

/// What stands around a raw public key in `CKA_EC_POINT`.
///
/// PKCS#11 wants an OCTET STRING for `CKK_EC` (X9.62 §E.6), and since 3.1 nothing for
/// `CKK_EC_EDWARDS` and `CKK_EC_MONTGOMERY`. Tokens differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PointForm {
    /// Nothing.
    Raw,
    /// An OCTET STRING.
    OctetString,
    /// A BIT STRING, as in a SubjectPublicKeyInfo.
    BitString,
}

impl PointForm {
    const ALL: [Self; 3] = [Self::Raw, Self::OctetString, Self::BitString];

    /// The form that `CKA_EC_POINT` has, by its length and the curve alone: the curve says
    /// how long a raw key is, and so how long each form of it. No byte is taken for a hint.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownCurve`] when the parameters do not tell the size of a key;
    /// [`ErrorKind::WrongLength`] when no form has this length, or, on a curve over a field
    /// of three bytes or less, more than one.
    pub fn of_attribute(parameters: &EcParameters<'_>, value: &[u8]) -> Result<Self, Error> {
        let unknown = Error::argument(ErrorKind::UnknownCurve);
        let expected = parameters.public_key_bytes().ok_or(unknown)?;
        let compressed = parameters.compressed_point_bytes();
        let sizes = [Some(expected), compressed];
        let mut forms = Self::ALL.into_iter().filter(|form| {
            let mut lengths = sizes.iter().flatten().map(|raw_bytes| form.length(*raw_bytes));
            lengths.any(|length| length == value.len())
        });
        match (forms.next(), forms.next()) {
            (Some(form), None) => Ok(form),
            _ => Err(Error::at(0, ErrorKind::WrongLength { expected, found: value.len() })),
        }
    }

    /// The raw key in this form.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] when there are no bytes.
    pub fn wrap(self, raw: &[u8]) -> Result<Vec<u8>, Error> {
        match (self, raw) {
            (_, []) => Err(Error::argument(ErrorKind::Empty)),
            (Self::Raw, _) => Ok(Vec::from(raw)),
            (Self::OctetString, _) => der::encode(&der::OctetString::octets(raw)),
            (Self::BitString, _) => der::encode(&der::BitString::bytes(raw)),
        }
    }

    /// The raw key that is in this form.
    ///
    /// # Errors
    /// When `value` is not exactly that, with something in it.
    pub fn unwrap(self, value: &[u8]) -> Result<&[u8], Error> {
        tlv::decode(value, |reader| {
            let raw = match self {
                Self::Raw => reader.rest(),
                Self::OctetString => reader.octet_string()?,
                Self::BitString => reader.bit_string()?,
            };
            if raw.is_empty() { Err(reader.error(ErrorKind::Empty)) } else { Ok(raw) }
        })
    }

    /// The length of a raw key in this form.
    const fn length(self, raw_bytes: usize) -> usize {
        let (content, header) = match self {
            Self::Raw => return raw_bytes,
            Self::OctetString => (raw_bytes, 2),
            // With the count of unused bits.
            Self::BitString => (raw_bytes.saturating_add(1), 2),
        };
        let long = match content {
            0..0x80 => 0,
            0x80..0x100 => 1,
            0x100..0x1_0000 => 2,
            0x1_0000..0x100_0000 => 3,
            _ => 4,
        };
        content.saturating_add(header).saturating_add(long)
    }
}

/// Takes the raw public key out of `CKA_EC_POINT`, whichever form the token gives it: see
/// [`PointForm::of_attribute`].
///
/// ```
/// use pkcs11_codec::ec::{Curve, PointForm, point_from_attribute};
///
/// // A raw key that looks like an OCTET STRING, raw and wrapped.
/// let raw = [&[0x04, 0x1e][..], &[0x07; 30]].concat();
/// let wrapped = PointForm::OctetString.wrap(&raw)?;
/// let x25519 = Curve::X25519.into();
/// assert_eq!(point_from_attribute(&x25519, &raw)?, raw);
/// assert_eq!(point_from_attribute(&x25519, &wrapped)?, raw);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
///
/// # Errors
/// Those of [`PointForm::of_attribute`]; when the value is not exactly what its length
/// implies, or the key has not the form that the curve implies.
pub fn point_from_attribute<'a>(
    parameters: &EcParameters<'_>,
    value: &'a [u8],
) -> Result<&'a [u8], Error> {
    let raw = PointForm::of_attribute(parameters, value)?.unwrap(value)?;
    let position = value.len().saturating_sub(raw.len());
    match parameters.check_public_key(raw) {
        Ok(()) => Ok(raw),
        Err(error) => Err(error.offset_by(position)),
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
    PointForm::OctetString.wrap(raw)
}

/// Takes the raw public key out of the OCTET STRING that `CKA_EC_POINT` holds.
///
/// Some tokens hold the raw key there. Bytes do not tell which it is: a raw X25519 key may
/// start with `04 1e` and so does a wrapped one of 30 bytes. So this is called for what is
/// wrapped, and what is raw is used as it is; where the curve is known,
/// [`point_from_attribute`] takes both.
///
/// # Errors
/// When `der` is not exactly an OCTET STRING with something in it.
pub fn unwrap_point(der: &[u8]) -> Result<&[u8], Error> {
    PointForm::OctetString.unwrap(der)
}

/// Checks a raw point, uncompressed or compressed (SEC 1 §2.3.3), with coordinates of this
/// size. A hybrid one is refused: RFC 5480 §2.2 and PKCS#11 have none.
pub(super) fn check(point: &[u8], field_bytes: usize) -> Result<(), Error> {
    match point {
        [] => Err(Error::at(0, ErrorKind::Empty)),
        [0x02 | 0x03, ..] => check_length(point, compressed_bytes(field_bytes)),
        [0x04, ..] => check_length(point, uncompressed_bytes(field_bytes)),
        _ => Err(Error::at(0, ErrorKind::InvalidPoint)),
    }
}

/// Checks the first byte of a raw point on a curve that is not known.
pub(super) const fn check_form(point: &[u8]) -> Result<(), Error> {
    match point {
        [0x02..=0x04, _, ..] => Ok(()),
        _ => Err(Error::at(0, ErrorKind::InvalidPoint)),
    }
}

pub(super) fn check_length(value: &[u8], expected: usize) -> Result<(), Error> {
    match value.len() {
        found if found == expected => Ok(()),
        found => Err(Error::at(0, ErrorKind::WrongLength { expected, found })),
    }
}

/// The size of an uncompressed point: the first byte, x and y.
pub(super) const fn uncompressed_bytes(field_bytes: usize) -> usize {
    field_bytes.saturating_mul(2).saturating_add(1)
}

/// The size of a compressed point: the first byte and x.
pub(super) const fn compressed_bytes(field_bytes: usize) -> usize {
    field_bytes.saturating_add(1)
}
