//! Times of certificates (RFC 5280 §4.1.2.5).

use alloc::vec::Vec;
use core::fmt;

use crate::{
    Error, ErrorKind, der,
    tlv::{self, Reader, Tag, Tlv},
};

/// A second in UTC, in the Gregorian calendar, of the years 0 to 9999.
///
/// ```
/// use pkcs11_codec::x509::DateTime;
///
/// let time = DateTime::from_der(b"\x17\x0d500101000000Z")?;
/// assert_eq!(time.to_string(), "1950-01-01T00:00:00Z");
/// assert_eq!(&time.ck_date(), b"19500101");
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateTime {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

/// Of one day.
const SECONDS: u64 = 86_400;
/// Of 400 years, after which the calendar repeats.
const DAYS_OF_ERA: u64 = 146_097;
/// From March 1 of the year 0 to January 1, 1970.
const DAYS_BEFORE_1970: u64 = 719_468;

impl DateTime {
    /// 9999-12-31T23:59:59Z: the end of certificates that have none (RFC 5280 §4.1.2.5).
    pub const NO_EXPIRATION: Self =
        Self { year: 9999, month: 12, day: 31, hour: 23, minute: 59, second: 59 };

    /// The given second.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidTime`] when there is none, or it is behind the year 9999.
    pub const fn new(
        (year, month, day): (u16, u8, u8),
        (hour, minute, second): (u8, u8, u8),
    ) -> Result<Self, Error> {
        let days = match month {
            4 | 6 | 9 | 11 => 30,
            2 if year.is_multiple_of(4)
                && (!year.is_multiple_of(100) || year.is_multiple_of(400)) =>
            {
                29
            }
            2 => 28,
            1..=12 => 31,
            _ => 0,
        };
        let in_day = hour < 24 && minute < 60 && second < 60;
        if year > 9999 || day == 0 || day > days || !in_day {
            return Err(Error::argument(ErrorKind::InvalidTime));
        }
        Ok(Self { year, month, day, hour, minute, second })
    }

    /// The second at which that many seconds have passed since 1970, without leap seconds:
    /// what the system's clock counts.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidTime`] when it is behind the year 9999.
    pub fn from_unix(seconds: u64) -> Result<Self, Error> {
        let invalid = Error::argument(ErrorKind::InvalidTime);
        let days = (seconds / SECONDS).saturating_add(DAYS_BEFORE_1970);
        let (era, day) = (days / DAYS_OF_ERA, days % DAYS_OF_ERA);
        if era > 25 {
            return Err(invalid);
        }
        // Of the 400 years, each begins in March, so that leap days are last.
        let leap_days = day / 1460 + day / (DAYS_OF_ERA - 1);
        let year = (day.saturating_sub(leap_days).saturating_add(day / 36_524)) / 365;
        let day = day.saturating_sub(365 * year + year / 4 - year / 100);
        // Months from March: 153 days in 5 of them.
        let month = (5 * day + 2) / 153;
        let day = day.saturating_sub((153 * month + 2) / 5).saturating_add(1);
        let (year, month) = match month {
            0..10 => (year, month.saturating_add(3)),
            _ => (year.saturating_add(1), month.saturating_sub(9)),
        };
        let year = u16::try_from(year.saturating_add(400 * era)).map_err(|_| invalid)?;
        let small = |number: u64| u8::try_from(number).map_err(|_| invalid);
        let second = seconds % SECONDS;
        Self::new(
            (year, small(month)?, small(day)?),
            (small(second / 3600)?, small(second / 60 % 60)?, small(second % 60)?),
        )
    }

    /// The year, 0 to 9999.
    #[must_use]
    pub const fn year(&self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(&self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub const fn day(&self) -> u8 {
        self.day
    }

    /// The hour, 0 to 23.
    #[must_use]
    pub const fn hour(&self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    #[must_use]
    pub const fn minute(&self) -> u8 {
        self.minute
    }

    /// The second, 0 to 59.
    #[must_use]
    pub const fn second(&self) -> u8 {
        self.second
    }

    /// The date as `CK_DATE` holds it, for `CKA_START_DATE` and `CKA_END_DATE`: year, month
    /// and day in 4, 2 and 2 ASCII digits.
    #[must_use]
    pub fn ck_date(&self) -> [u8; 8] {
        let [century, year] = self.year_halves();
        let ([a, b], [c, d]) = (digits(century), digits(year));
        let ([e, f], [g, h]) = (digits(self.month), digits(self.day));
        [a, b, c, d, e, f, g, h]
    }

    /// Reads a Time: UTCTime for the years 1950 to 2049, else GeneralizedTime (RFC 5280
    /// §4.1.2.5), to the second and in UTC.
    ///
    /// # Errors
    /// When `der` is not exactly that, or there is no such second.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        tlv::decode(der, |reader| {
            let (expected, found) = (Tag::UTC_TIME, Tag::GENERALIZED_TIME);
            let early = reader.error(ErrorKind::UnexpectedTag { expected, found });
            let generalized = reader.peek() == Some(found);
            match Self::read(reader)? {
                time if generalized && time.is_utc_time() => Err(early),
                time => Ok(time),
            }
        })
    }

    /// Reads a Time of a certificate, where a GeneralizedTime stands for early years too.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        match reader.peek() {
            Some(Tag::GENERALIZED_TIME) => Self::from_tlv(reader.any()?),
            _ => Self::from_tlv(reader.element(Tag::UTC_TIME)?),
        }
    }

    fn from_tlv(tlv: Tlv<'_>) -> Result<Self, Error> {
        let read = || match *tlv.value() {
            [y1, y2, ref rest @ ..] if tlv.tag() == Tag::UTC_TIME => {
                let year = number(y1, y2)?;
                Self::from_digits(if year < 50 { 20 } else { 19 }, year, rest)
            }
            [y1, y2, y3, y4, ref rest @ ..] => {
                Self::from_digits(number(y1, y2)?, number(y3, y4)?, rest)
            }
            _ => None,
        };
        read().ok_or_else(|| tlv.error(ErrorKind::InvalidTime))
    }

    /// `rest` is MMDDhhmmssZ.
    fn from_digits(century: u8, year: u8, rest: &[u8]) -> Option<Self> {
        let [mo1, mo2, d1, d2, h1, h2, mi1, mi2, s1, s2, b'Z'] = *rest else { return None };
        let year = u16::from(century) * 100 + u16::from(year);
        let date = (year, number(mo1, mo2)?, number(d1, d2)?);
        Self::new(date, (number(h1, h2)?, number(mi1, mi2)?, number(s1, s2)?)).ok()
    }

    /// The Time in DER: UTCTime from 1950 to 2049, else GeneralizedTime (RFC 5280 §4.1.2.5).
    ///
    /// # Errors
    /// When the encoder refuses it.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        let [century, year] = self.year_halves();
        let numbers = [century, year, self.month, self.day, self.hour, self.minute, self.second];
        let mut text = [b'Z'; 15];
        for (pair, number) in text.chunks_exact_mut(2).zip(numbers) {
            pair.copy_from_slice(&digits(number));
        }
        match &text {
            [_, _, text @ ..] if self.is_utc_time() => der::encode(&der::UtcTime::content(text)),
            text => der::encode(&der::GeneralizedTime::content(text)),
        }
    }

    /// Whether RFC 5280 has the year in two digits.
    const fn is_utc_time(&self) -> bool {
        matches!(self.year, 1950..2050)
    }

    fn year_halves(&self) -> [u8; 2] {
        // Both are below 100, as the year is below 10000.
        [self.year / 100, self.year % 100].map(|half| u8::try_from(half).unwrap_or(0))
    }
}

/// RFC 3339.
impl fmt::Display for DateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second } = self;
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// Two ASCII digits as a number.
fn number(tens: u8, ones: u8) -> Option<u8> {
    match (tens, ones) {
        (b'0'..=b'9', b'0'..=b'9') => Some((tens - b'0') * 10 + (ones - b'0')),
        _ => None,
    }
}

/// A number below 100 as two ASCII digits.
const fn digits(number: u8) -> [u8; 2] {
    [b'0' + number / 10 % 10, b'0' + number % 10]
}
