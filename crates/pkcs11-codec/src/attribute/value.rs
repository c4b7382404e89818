//! An attribute with its value, and the forms that tokens want values in.

use alloc::vec::{self, Vec};
use core::{ffi::c_ulong, fmt, iter::FusedIterator};

use zeroize::Zeroizing;

use super::AttributeType;
use crate::ec::PointForm;

/// The size of CK_ULONG here: of C's `unsigned long`, which PKCS#11 prescribes.
const ULONG_BYTES: usize = size_of::<c_ulong>();

/// An attribute and its value.
///
/// `Debug` leaves the value out: it may be secret.
pub struct Attribute<'a> {
    attribute: AttributeType,
    value: Value<'a>,
}

enum Value<'a> {
    Borrowed(&'a [u8]),
    Owned(Zeroizing<Vec<u8>>),
    Ulong([u8; ULONG_BYTES]),
}

impl<'a> Attribute<'a> {
    pub(crate) const fn borrowed(attribute: AttributeType, value: &'a [u8]) -> Self {
        Self { attribute, value: Value::Borrowed(value) }
    }

    pub(crate) fn owned(attribute: AttributeType, value: impl Into<Zeroizing<Vec<u8>>>) -> Self {
        Self { attribute, value: Value::Owned(value.into()) }
    }

    pub(crate) fn ulong(attribute: AttributeType, value: u32) -> Self {
        Self { attribute, value: Value::Ulong(c_ulong::from(value).to_ne_bytes()) }
    }

    /// Which attribute.
    #[must_use]
    pub const fn attribute(&self) -> AttributeType {
        self.attribute
    }

    /// The bytes of the value. A number is a CK_ULONG of this platform: of the size and byte
    /// order of C's `unsigned long`.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        match &self.value {
            Value::Borrowed(value) => value,
            Value::Owned(value) => value,
            Value::Ulong(value) => value,
        }
    }

    /// The number, where the value is one: for bindings that keep numbers apart from bytes, as
    /// a CK_ULONG wants its alignment.
    #[must_use]
    pub const fn number(&self) -> Option<c_ulong> {
        match self.value {
            Value::Ulong(value) => Some(c_ulong::from_ne_bytes(value)),
            Value::Borrowed(_) | Value::Owned(_) => None,
        }
    }
}

impl fmt::Debug for Attribute<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Attribute")
            .field("attribute", &self.attribute)
            .field("value_bytes", &self.value().len())
            .finish_non_exhaustive()
    }
}

/// The attributes of a key, of parameters or of a certificate, each once.
pub struct Attributes<'a>(vec::IntoIter<Attribute<'a>>);

impl<'a> Attributes<'a> {
    pub(crate) fn new(attributes: Vec<Attribute<'a>>) -> Self {
        Self(attributes.into_iter())
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Attribute<'a>> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Attributes<'_> {}

impl FusedIterator for Attributes<'_> {}

impl fmt::Debug for Attributes<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.0.as_slice()).finish()
    }
}

/// The number that a CK_ULONG of this platform holds; `None` if it has another size, or the
/// number is larger than any that is known here.
pub(crate) fn read_ulong(value: &[u8]) -> Option<u32> {
    let bytes = <[u8; ULONG_BYTES]>::try_from(value).ok()?;
    u32::try_from(c_ulong::from_ne_bytes(bytes)).ok()
}

/// In which forms a token takes and gives keys on Edwards and Montgomery curves; those on
/// Weierstrass curves have one form on all tokens.
///
/// The default is the standard's: the curve by its OBJECT IDENTIFIER, the point raw
/// (PKCS#11 3.2 §6.3.5). Versions before 3.1 could be read otherwise, and tokens differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Forms {
    /// How `CKA_EC_PARAMS` names the curve.
    pub curve: CurveForm,
    /// What `CKA_EC_POINT` holds.
    pub point: PointForm,
}

impl Default for Forms {
    fn default() -> Self {
        Self { curve: CurveForm::Oid, point: PointForm::Raw }
    }
}

/// How `CKA_EC_PARAMS` names a curve that is in the table; another one stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CurveForm {
    /// By its OBJECT IDENTIFIER.
    #[default]
    Oid,
    /// By its name in a PrintableString, such as `edwards25519`, where PKCS#11 has one.
    Name,
}
