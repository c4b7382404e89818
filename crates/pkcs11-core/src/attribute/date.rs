//! Dates and versions.

use std::fmt;

use super::value::{IntoValue, Value, ValueType};
use crate::Version;

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
    fn a_version_has_two_bytes() {
        assert_eq!(Version::decode(&[3, 2]), Some(Version { major: 3, minor: 2 }));
        assert_eq!(Version::decode(&[3]), None);
        assert_eq!(Version::decode(&[3, 2, 0]), None);
    }
}
