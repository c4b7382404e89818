//! The types of attribute values: how each is packed and read.

use std::borrow::Cow;
use std::fmt;

use pkcs11_sys::{CK_BBOOL, CK_FALSE, CK_TRUE, CK_ULONG};
use zeroize::Zeroize;

use super::BigInteger;
use crate::{CertificateType, KeyType, MechanismType, ObjectClass, Version};

/// The bytes of an attribute's value; small ones inline and aligned, so that no allocation
/// stands between a template and a call. Never printed.
#[derive(Clone)]
pub struct Value<'a>(Bytes<'a>);

#[derive(Clone)]
enum Bytes<'a> {
    Inline { bytes: Aligned, length: u8 },
    Slice(Cow<'a, [u8]>),
}

#[derive(Clone, Copy)]
#[repr(align(8))]
struct Aligned([u8; 8]);

impl<'a> Value<'a> {
    /// Bytes that live elsewhere.
    #[must_use]
    pub fn borrowed(bytes: &'a [u8]) -> Self {
        Self(Bytes::Slice(Cow::Borrowed(bytes)))
    }

    /// Bytes of its own.
    #[must_use]
    pub fn owned(bytes: Vec<u8>) -> Self {
        Self(Bytes::Slice(Cow::Owned(bytes)))
    }

    /// A copy, inline if it is short.
    pub(super) fn copied(bytes: &[u8]) -> Self {
        let mut inline = [0; 8];
        match (inline.get_mut(..bytes.len()), u8::try_from(bytes.len())) {
            (Some(place), Ok(length)) => {
                place.copy_from_slice(bytes);
                Self(Bytes::Inline { bytes: Aligned(inline), length })
            }
            _ => Self::owned(bytes.to_vec()),
        }
    }

    pub(crate) fn ulong(number: CK_ULONG) -> Self {
        Self::copied(&number.to_ne_bytes())
    }

    /// The bytes as the module gets them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.0 {
            Bytes::Inline { bytes, length } => bytes.0.get(..usize::from(*length)).unwrap_or(&[]),
            Bytes::Slice(bytes) => bytes,
        }
    }

    /// The same value, with bytes of its own.
    #[must_use]
    pub fn into_owned(mut self) -> Value<'static> {
        match &mut self.0 {
            Bytes::Inline { bytes, length } => {
                Value(Bytes::Inline { bytes: *bytes, length: *length })
            }
            Bytes::Slice(bytes) => Value::owned(std::mem::take(bytes).into_owned()),
        }
    }
}

impl Drop for Value<'_> {
    fn drop(&mut self) {
        // It may be a key.
        if let Bytes::Slice(Cow::Owned(bytes)) = &mut self.0 {
            bytes.zeroize();
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({} bytes)", self.bytes().len())
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

    /// The value in these bytes, or `None` where they are none.
    fn decode(bytes: &[u8]) -> Option<Self::Owned>;
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

impl ValueType for u64 {
    type Owned = Self;
    const EXPECTED: &'static str = "CK_ULONG";
    const SIZE: Option<usize> = Some(8);

    /// Four bytes or eight: some modules keep to one width on every platform.
    fn decode(bytes: &[u8]) -> Option<Self> {
        if let Ok(bytes) = bytes.try_into() {
            return Some(Self::from_ne_bytes(bytes));
        }
        bytes.try_into().ok().map(|bytes| Self::from(u32::from_ne_bytes(bytes)))
    }
}

/// A plain number.
macro_rules! numbers_into_values {
    ($($from:ty),*) => {$(
        impl<'a> IntoValue<'a, u64> for $from {
            fn into_value(self) -> Option<Value<'a>> {
                CK_ULONG::try_from(self).ok().map(Value::ulong)
            }
        }
    )*};
}

numbers_into_values!(u64, u32, i32, usize);

/// A number that the standard names.
macro_rules! names_into_values {
    ($($name:ident),*) => {$(
        impl ValueType for $name {
            type Owned = Self;
            const EXPECTED: &'static str = "CK_ULONG";
            const SIZE: Option<usize> = Some(8);

            fn decode(bytes: &[u8]) -> Option<Self> {
                u64::decode(bytes)?.try_into().ok().map(Self::new)
            }
        }

        impl<'a> IntoValue<'a, $name> for $name {
            fn into_value(self) -> Option<Value<'a>> {
                Some(Value::ulong(self.number()))
            }
        }
    )*};
}

names_into_values!(CertificateType, KeyType, MechanismType, ObjectClass);

/// A list of numbers: the length that came is in bytes, and must be whole numbers.
macro_rules! lists_into_values {
    ($($item:ty: |$number:ident| $to:expr;)*) => {$(
        impl ValueType for [$item] {
            type Owned = Vec<$item>;
            const EXPECTED: &'static str = "array of CK_ULONG";
            const SIZE: Option<usize> = None;

            fn decode(bytes: &[u8]) -> Option<Vec<$item>> {
                let numbers = bytes.chunks_exact(size_of::<CK_ULONG>());
                if !numbers.remainder().is_empty() {
                    return None;
                }
                numbers.map(<$item as ValueType>::decode).collect()
            }
        }

        impl<'a> IntoValue<'a, [$item]> for &[$item] {
            fn into_value(self) -> Option<Value<'a>> {
                let numbers = self.iter().map(|&$number| CK_ULONG::try_from($to).ok());
                let bytes: Option<Vec<[u8; size_of::<CK_ULONG>()]>> =
                    numbers.map(|number| number.map(CK_ULONG::to_ne_bytes)).collect();
                bytes.map(|bytes| Value::owned(bytes.concat()))
            }
        }
    )*};
}

lists_into_values! {
    MechanismType: |mechanism| mechanism.number();
    u64: |number| number;
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

/// A date (`CK_DATE`, PKCS#11 §3.4). It is not checked against the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    /// 0 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl ValueType for Date {
    /// `None` where the date is empty.
    type Owned = Option<Self>;
    const EXPECTED: &'static str = "CK_DATE";
    const SIZE: Option<usize> = Some(8);

    fn decode(bytes: &[u8]) -> Option<Option<Self>> {
        if bytes.is_empty() {
            return Some(None);
        }
        let text = str::from_utf8(bytes).ok().filter(|text| text.len() == 8)?;
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let part = |range| text.get(range).filter(|_| digits);
        Some(Some(Self {
            year: part(0..4)?.parse().ok()?,
            month: part(4..6)?.parse().ok()?,
            day: part(6..8)?.parse().ok()?,
        }))
    }
}

impl<'a> IntoValue<'a, Date> for Date {
    fn into_value(self) -> Option<Value<'a>> {
        let (year, month, day) = (self.year, self.month.into(), self.day.into());
        if year > 9999 || month > 99 || day > 99 {
            return None;
        }
        let digit = |number: u16, place: u16| u8::try_from(number / place % 10).map(|d| b'0' + d);
        let places = [(year, 1000), (year, 100), (year, 10), (year, 1)];
        let places = places.into_iter().chain([(month, 10), (month, 1), (day, 10), (day, 1)]);
        let mut text = [0; 8];
        for (byte, (number, place)) in text.iter_mut().zip(places) {
            *byte = digit(number, place).ok()?;
        }
        Some(Value::copied(&text))
    }
}

impl ValueType for Version {
    type Owned = Self;
    const EXPECTED: &'static str = "CK_VERSION";
    const SIZE: Option<usize> = Some(2);

    fn decode(bytes: &[u8]) -> Option<Self> {
        match *bytes {
            [major, minor] => Some(Self { major, minor }),
            _ => None,
        }
    }
}

impl<'a> IntoValue<'a, Version> for Version {
    fn into_value(self) -> Option<Value<'a>> {
        Some(Value::copied(&[self.major, self.minor]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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

    #[rstest]
    #[case(&7_u64.to_ne_bytes(), Some(7))]
    #[case(&7_u32.to_ne_bytes(), Some(7))]
    #[case(&[1, 2], None)]
    #[case(&[], None)]
    fn numbers(#[case] bytes: &[u8], #[case] value: Option<u64>) {
        assert_eq!(u64::decode(bytes), value);
    }

    #[rstest]
    #[case(b"", Some(None))]
    #[case(b"20260131", Some(Some(Date { year: 2026, month: 1, day: 31 })))]
    #[case(b"2026013", None)]
    #[case(b"+0260131", None)]
    #[case(b"202\xc3\xa9131", None)]
    fn dates(#[case] bytes: &[u8], #[case] value: Option<Option<Date>>) {
        assert_eq!(Date::decode(bytes), value);
    }

    #[test]
    fn a_list_of_odd_length_is_none() {
        assert_eq!(<[MechanismType]>::decode(&[0; 9]), None);
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
