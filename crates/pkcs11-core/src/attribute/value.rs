//! The values of attributes, and the types that they can have.

use std::borrow::Cow;
use std::fmt;

use pkcs11_sys::{CK_BBOOL, CK_FALSE, CK_TRUE, CK_ULONG};
use zeroize::Zeroize;

use super::BigInteger;
use super::nested::Nested;

/// The value of an attribute: bytes, or a template. Small ones are inline and aligned, so that no
/// allocation stands between a template and a call. Never printed.
#[derive(Clone)]
pub struct Value<'a>(Content<'a>);

#[derive(Clone)]
enum Content<'a> {
    Inline { bytes: Aligned, length: u8 },
    Slice(Cow<'a, [u8]>),
    Template(Box<Nested<'a>>),
}

#[derive(Clone, Copy)]
#[repr(align(8))]
struct Aligned([u8; 8]);

impl<'a> Value<'a> {
    /// Bytes that live elsewhere.
    #[must_use]
    pub fn borrowed(bytes: &'a [u8]) -> Self {
        Self(Content::Slice(Cow::Borrowed(bytes)))
    }

    /// Bytes of its own.
    #[must_use]
    pub fn owned(bytes: Vec<u8>) -> Self {
        Self(Content::Slice(Cow::Owned(bytes)))
    }

    /// A copy, inline if it is short.
    pub(crate) fn copied(bytes: &[u8]) -> Self {
        let mut inline = [0; 8];
        match (inline.get_mut(..bytes.len()), u8::try_from(bytes.len())) {
            (Some(place), Ok(length)) => {
                place.copy_from_slice(bytes);
                Self(Content::Inline { bytes: Aligned(inline), length })
            }
            _ => Self::owned(bytes.to_vec()),
        }
    }

    pub(super) fn ulong(number: CK_ULONG) -> Self {
        Self::copied(&number.to_ne_bytes())
    }

    pub(crate) fn template(template: Nested<'a>) -> Self {
        Self(Content::Template(Box::new(template)))
    }

    /// The bytes as the module gets them; none where the value is a template.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.0 {
            Content::Inline { bytes, length } => bytes.0.get(..usize::from(*length)).unwrap_or(&[]),
            Content::Slice(bytes) => bytes,
            Content::Template(_) => &[],
        }
    }

    /// The template that the value is.
    pub(crate) fn as_template(&self) -> Option<&Nested<'a>> {
        match &self.0 {
            Content::Template(template) => Some(template),
            Content::Inline { .. } | Content::Slice(_) => None,
        }
    }

    /// The same value, which must live on.
    pub(super) fn reborrowed(&'a self) -> Self {
        match &self.0 {
            Content::Inline { bytes, length } => {
                Self(Content::Inline { bytes: *bytes, length: *length })
            }
            Content::Slice(bytes) => Self::borrowed(bytes),
            Content::Template(template) => Self::template(template.reborrowed()),
        }
    }

    /// The same value, with bytes of its own.
    #[must_use]
    pub fn into_owned(mut self) -> Value<'static> {
        match &mut self.0 {
            Content::Inline { bytes, length } => {
                Value(Content::Inline { bytes: *bytes, length: *length })
            }
            Content::Slice(bytes) => Value::owned(std::mem::take(bytes).into_owned()),
            Content::Template(template) => {
                Value::template(std::mem::take(&mut **template).into_owned())
            }
        }
    }
}

impl Drop for Value<'_> {
    fn drop(&mut self) {
        // It may be a key.
        match &mut self.0 {
            Content::Inline { bytes, .. } => bytes.0.zeroize(),
            Content::Slice(Cow::Owned(bytes)) => bytes.zeroize(),
            // Its values are wiped one by one.
            Content::Slice(Cow::Borrowed(_)) | Content::Template(_) => {}
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_template() {
            Some(template) => template.fmt(f),
            None => write!(f, "Value({} bytes)", self.bytes().len()),
        }
    }
}

/// A type that an attribute's value can have.
pub trait ValueType {
    /// What reading gives.
    type Owned;
    /// What the type wants, as errors say it.
    const EXPECTED: &'static str;
    /// The bytes that the value takes at most; `None` where only the module knows.
    const SIZE: Option<usize>;
    /// Whether the value is a template, which the module gives in another way than bytes.
    const TEMPLATE: bool = false;

    /// The value in these bytes, or `None` where they are none.
    fn decode(bytes: &[u8]) -> Option<Self::Owned>;

    /// The value, or `None` where this is none: for bytes, what [`decode`](Self::decode) says.
    fn from_value(value: &Value<'_>) -> Option<Self::Owned> {
        match value.as_template() {
            Some(_) => None,
            None => Self::decode(value.bytes()),
        }
    }
}

/// A value that an attribute of type `T` can be set to.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value for an attribute of type `{T}`",
    label = "this attribute wants a `{T}`"
)]
pub trait IntoValue<'a, T: ?Sized> {
    /// The value's bytes; `None` for a number too large for the module's `CK_ULONG`.
    fn into_value(self) -> Option<Value<'a>>;
}

impl ValueType for bool {
    type Owned = Self;
    const EXPECTED: &'static str = "CK_BBOOL";
    const SIZE: Option<usize> = Some(1);

    /// An empty value reads as false, as some tokens leave what nobody set.
    fn decode(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [] => Some(false),
            [byte] => Some(*byte != CK_FALSE),
            _ => None,
        }
    }
}

impl<'a> IntoValue<'a, bool> for bool {
    fn into_value(self) -> Option<Value<'a>> {
        let value: CK_BBOOL = if self { CK_TRUE } else { CK_FALSE };
        Some(Value::copied(&[value]))
    }
}

impl ValueType for [u8] {
    type Owned = Vec<u8>;
    const EXPECTED: &'static str = "byte array";
    const SIZE: Option<usize> = None;

    fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
        Some(bytes.to_vec())
    }
}

impl ValueType for str {
    type Owned = String;
    const EXPECTED: &'static str = "UTF-8 text";
    const SIZE: Option<usize> = None;

    fn decode(bytes: &[u8]) -> Option<String> {
        str::from_utf8(bytes).ok().map(str::to_owned)
    }
}

/// Whatever is bytes or text.
macro_rules! bytes_into_values {
    ($($target:ty: $($from:ty),*;)*) => {$($(
        impl<'a> IntoValue<'a, $target> for &'a $from {
            fn into_value(self) -> Option<Value<'a>> {
                Some(Value::borrowed(self.as_ref()))
            }
        }
    )*)*};
}

bytes_into_values! {
    str: str, String;
    [u8]: [u8], Vec<u8>, str, String;
    BigInteger: [u8], Vec<u8>;
}

/// A string of bytes, whatever is said of what is in it.
macro_rules! arrays_into_values {
    ($($target:ty),*) => {$(
        impl<'a, const N: usize> IntoValue<'a, $target> for &'a [u8; N] {
            fn into_value(self) -> Option<Value<'a>> {
                Some(Value::borrowed(self))
            }
        }
    )*};
}

arrays_into_values!([u8], BigInteger);

impl<'a> IntoValue<'a, [u8]> for Vec<u8> {
    fn into_value(self) -> Option<Value<'a>> {
        Some(Value::owned(self))
    }
}

impl<'a> IntoValue<'a, str> for String {
    fn into_value(self) -> Option<Value<'a>> {
        Some(Value::owned(self.into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Date, MechanismType};
    use rstest::rstest;

    fn bytes<'a, T: ?Sized>(value: impl IntoValue<'a, T>) -> Vec<u8> {
        value.into_value().unwrap().bytes().to_vec()
    }

    #[test]
    fn values_pack() {
        assert_eq!(bytes::<bool>(true), [1]);
        assert_eq!(bytes::<u64>(7_u64), CK_ULONG::to_ne_bytes(7));
        assert_eq!(bytes::<str>("x"), b"x");
        assert_eq!(bytes::<[u8]>(b"abc"), b"abc");
        assert_eq!(bytes::<BigInteger>(0x01_00_01_u64), [1, 0, 1]);
        assert_eq!(bytes::<Date>(Date { year: 2026, month: 1, day: 31 }), b"20260131");
        let list = [MechanismType::AES_GCM, MechanismType::AES_CBC];
        assert_eq!(
            <[MechanismType]>::decode(&bytes::<[MechanismType]>(&list[..])),
            Some(list.to_vec())
        );
    }

    #[rstest]
    #[case(&[], Some(false))]
    #[case(&[0], Some(false))]
    #[case(&[7], Some(true))]
    #[case(&[1, 0], None)]
    fn booleans(#[case] bytes: &[u8], #[case] value: Option<bool>) {
        assert_eq!(bool::decode(bytes), value);
    }

    #[test]
    fn big_integers_compare_as_numbers() {
        let padded = BigInteger::from(&[0, 0, 1, 0, 1][..]);
        assert_eq!(padded, BigInteger::from(65537));
        assert_eq!(padded.bits(), 17);
        assert_eq!(BigInteger::default().bits(), 0);
    }

    #[test]
    fn values_do_not_print() {
        let secret = Value::borrowed(b"secret");
        assert_eq!(format!("{secret:?}"), "Value(6 bytes)");
    }
}
