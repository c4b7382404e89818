//! Big integers.

use std::fmt;

use zeroize::Zeroizing;

use super::value::{IntoValue, Value, ValueType};

/// An unsigned integer of any size: big-endian bytes (PKCS#11 §4).
///
/// Compares as a number: leading zeros do not count. It may be half a key, so it is wiped when
/// dropped, and prints as its size.
#[derive(Clone, Default)]
pub struct BigInteger(Zeroizing<Vec<u8>>);

impl fmt::Debug for BigInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BigInteger({} bits)", self.bits())
    }
}

impl BigInteger {
    /// The bytes, most significant first, without leading zeros.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        let zeros = self.0.iter().take_while(|&&byte| byte == 0).count();
        self.0.get(zeros..).unwrap_or(&[])
    }

    /// How many bits the number has.
    #[must_use]
    pub fn bits(&self) -> u64 {
        let bytes = self.as_bytes();
        let Some(first) = bytes.first() else { return 0 };
        let all = u64::try_from(bytes.len()).unwrap_or(u64::MAX / 8) * 8;
        all - u64::from(first.leading_zeros())
    }
}

impl From<&[u8]> for BigInteger {
    fn from(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }
}

impl From<u64> for BigInteger {
    fn from(number: u64) -> Self {
        Self::from(&number.to_be_bytes()[..])
    }
}

impl PartialEq for BigInteger {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for BigInteger {}

impl std::hash::Hash for BigInteger {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl ValueType for BigInteger {
    type Owned = Self;
    const EXPECTED: &'static str = "big integer";
    const SIZE: Option<usize> = None;

    fn decode(bytes: &[u8]) -> Option<Self> {
        Some(Self::from(bytes))
    }
}

impl<'a> IntoValue<'a, BigInteger> for &'a BigInteger {
    fn into_value(self) -> Option<Value<'a>> {
        Some(Value::borrowed(self.as_bytes()))
    }
}

impl<'a> IntoValue<'a, BigInteger> for u64 {
    fn into_value(self) -> Option<Value<'a>> {
        let bytes = self.to_be_bytes();
        let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
        bytes.get(zeros..).map(Value::copied)
    }
}
