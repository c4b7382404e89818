//! Numbers, flags and lists of numbers.

use pkcs11_sys::CK_ULONG;

use super::value::{IntoValue, Value, ValueType};
use crate::{
    CertificateCategory, CertificateType, HwFeature, KeyType, MechanismType, MlDsaParameterSet,
    MlKemParameterSet, ObjectClass, OtpFormat, OtpRequirement, ParameterSet, ProfileId,
    SecurityDomain, SlhDsaParameterSet, TokenFlags, Trust, ValidationAuthority, ValidationFlags,
    ValidationType,
};

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

/// A number that the standard names, with its type in C.
macro_rules! names_into_values {
    ($($name:ident: $raw:literal;)*) => {$(
        impl ValueType for $name {
            type Owned = Self;
            const EXPECTED: &'static str = $raw;
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

names_into_values! {
    CertificateCategory: "CK_CERTIFICATE_CATEGORY";
    CertificateType: "CK_CERTIFICATE_TYPE";
    HwFeature: "CK_HW_FEATURE_TYPE";
    KeyType: "CK_KEY_TYPE";
    MechanismType: "CK_MECHANISM_TYPE";
    ObjectClass: "CK_OBJECT_CLASS";
    OtpFormat: "CK_ULONG";
    OtpRequirement: "CK_ULONG";
    ParameterSet: "parameter set";
    ProfileId: "CK_PROFILE_ID";
    SecurityDomain: "CK_JAVA_MIDP_SECURITY_DOMAIN";
    Trust: "CK_TRUST";
    ValidationAuthority: "CK_VALIDATION_AUTHORITY_TYPE";
    ValidationType: "CK_VALIDATION_TYPE";
}

/// A parameter set of one key type.
macro_rules! parameter_sets_into_values {
    ($($name:ident),*) => {$(
        impl<'a> IntoValue<'a, ParameterSet> for $name {
            fn into_value(self) -> Option<Value<'a>> {
                Some(Value::ulong(self.number()))
            }
        }
    )*};
}

parameter_sets_into_values!(MlDsaParameterSet, MlKemParameterSet, SlhDsaParameterSet);

/// A set of flags.
macro_rules! flags_into_values {
    ($($name:ident),*) => {$(
        impl ValueType for $name {
            type Owned = Self;
            const EXPECTED: &'static str = "CK_FLAGS";
            const SIZE: Option<usize> = Some(8);

            fn decode(bytes: &[u8]) -> Option<Self> {
                u64::decode(bytes)?.try_into().ok().map(Self::from_bits_retain)
            }
        }

        impl<'a> IntoValue<'a, $name> for $name {
            fn into_value(self) -> Option<Value<'a>> {
                Some(Value::ulong(self.bits()))
            }
        }
    )*};
}

flags_into_values!(TokenFlags, ValidationFlags);

/// A list of numbers: the length that came is in bytes, and must be whole numbers.
macro_rules! lists_into_values {
    ($($item:ty, $expected:literal: |$number:ident| $to:expr;)*) => {$(
        impl ValueType for [$item] {
            type Owned = Vec<$item>;
            const EXPECTED: &'static str = $expected;
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
    MechanismType, "array of CK_MECHANISM_TYPE": |mechanism| mechanism.number();
    u64, "array of CK_ULONG": |number| number;
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(&7_u64.to_ne_bytes(), Some(7))]
    #[case(&7_u32.to_ne_bytes(), Some(7))]
    #[case(&[1, 2], None)]
    #[case(&[], None)]
    fn numbers(#[case] bytes: &[u8], #[case] value: Option<u64>) {
        assert_eq!(u64::decode(bytes), value);
    }

    #[test]
    fn a_list_of_odd_length_is_none() {
        assert_eq!(<[MechanismType]>::decode(&[0; 9]), None);
    }

    #[test]
    fn parameter_sets_of_every_key_type_are_one_number() {
        let set = MlKemParameterSet::ML_KEM_768;
        let value = IntoValue::<ParameterSet>::into_value(set).unwrap();
        assert_eq!(ParameterSet::from_value(&value), Some(set.into()));
    }

    #[test]
    fn flags_keep_bits_without_a_name() {
        let flags = ValidationFlags::from_bits_retain(0x8000_0001);
        let value = flags.into_value().unwrap();
        assert_eq!(ValidationFlags::from_value(&value), Some(flags));
        assert_eq!(ValidationFlags::decode(&[1]), None);
    }
}
