//! What a token is and how it stands.

use std::fmt;

use pkcs11_sys::{CK_EFFECTIVELY_INFINITE, CK_TOKEN_INFO, CK_ULONG, CK_UNAVAILABLE_INFORMATION};

use crate::raw::wide;
use crate::version::text;
use crate::{TokenFlags, Version};

/// A token's description (`CK_TOKEN_INFO`, PKCS#11 §3.2).
///
/// `None` where the token does not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenInfo {
    /// The label that it was initialised with.
    pub label: String,
    /// Who made it.
    pub manufacturer: String,
    /// The model.
    pub model: String,
    /// The serial number.
    pub serial_number: String,
    /// What it can do, and how its PINs stand.
    pub flags: TokenFlags,
    /// How many sessions may be open at once.
    pub max_sessions: MaxSessions,
    /// How many sessions are open in this process.
    pub sessions: Option<u64>,
    /// How many read-write sessions may be open at once.
    pub max_rw_sessions: MaxSessions,
    /// How many read-write sessions are open in this process.
    pub rw_sessions: Option<u64>,
    /// The longest PIN, in bytes.
    pub max_pin_length: u64,
    /// The shortest PIN, in bytes.
    pub min_pin_length: u64,
    /// The memory for public objects, in bytes.
    pub total_public_memory: Option<u64>,
    /// How much of it is free.
    pub free_public_memory: Option<u64>,
    /// The memory for private objects, in bytes.
    pub total_private_memory: Option<u64>,
    /// How much of it is free.
    pub free_private_memory: Option<u64>,
    /// The version of the hardware.
    pub hardware_version: Version,
    /// The version of the firmware.
    pub firmware_version: Version,
    /// The time by the token's clock, if it has one.
    pub utc_time: Option<UtcTime>,
}

/// How many sessions a token allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxSessions {
    /// The token does not tell.
    Unavailable,
    /// As many as memory holds.
    Unlimited,
    /// This many.
    Count(u64),
}

impl From<CK_ULONG> for MaxSessions {
    fn from(count: CK_ULONG) -> Self {
        match count {
            CK_UNAVAILABLE_INFORMATION => Self::Unavailable,
            count if count == CK_ULONG::from(CK_EFFECTIVELY_INFINITE) => Self::Unlimited,
            count => Self::Count(wide(count)),
        }
    }
}

/// A time of a token's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UtcTime {
    /// The year, four digits.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 60.
    pub second: u8,
}

impl UtcTime {
    /// From YYYYMMDDhhmmss and two reserved characters.
    fn parse(field: &[u8; 16]) -> Option<Self> {
        let text = str::from_utf8(field).ok()?;
        let digits = text.bytes().take(14).all(|byte| byte.is_ascii_digit());
        let part = |range| text.get(range).filter(|_| digits);
        Some(Self {
            year: part(0..4)?.parse().ok()?,
            month: part(4..6)?.parse().ok()?,
            day: part(6..8)?.parse().ok()?,
            hour: part(8..10)?.parse().ok()?,
            minute: part(10..12)?.parse().ok()?,
            second: part(12..14)?.parse().ok()?,
        })
    }
}

impl fmt::Display for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

impl From<&CK_TOKEN_INFO> for TokenInfo {
    fn from(info: &CK_TOKEN_INFO) -> Self {
        let known =
            |number: CK_ULONG| Some(number).filter(|&n| n != CK_UNAVAILABLE_INFORMATION).map(wide);
        let flags = TokenFlags::from_bits_retain(info.flags);
        let time = UtcTime::parse(&info.utcTime);
        Self {
            label: text(&info.label),
            manufacturer: text(&info.manufacturerID),
            model: text(&info.model),
            serial_number: text(&info.serialNumber),
            flags,
            max_sessions: info.ulMaxSessionCount.into(),
            sessions: known(info.ulSessionCount),
            max_rw_sessions: info.ulMaxRwSessionCount.into(),
            rw_sessions: known(info.ulRwSessionCount),
            max_pin_length: wide(info.ulMaxPinLen),
            min_pin_length: wide(info.ulMinPinLen),
            total_public_memory: known(info.ulTotalPublicMemory),
            free_public_memory: known(info.ulFreePublicMemory),
            total_private_memory: known(info.ulTotalPrivateMemory),
            free_private_memory: known(info.ulFreePrivateMemory),
            hardware_version: info.hardwareVersion.into(),
            firmware_version: info.firmwareVersion.into(),
            utc_time: time.filter(|_| flags.contains(TokenFlags::CLOCK_ON_TOKEN)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks() {
        let time = UtcTime::parse(b"2026112109300500").unwrap();
        assert_eq!(time.to_string(), "2026-11-21T09:30:05Z");
        assert_eq!(UtcTime::parse(b"                "), None);
        assert_eq!(UtcTime::parse(&[0xff; 16]), None);
    }

    #[test]
    fn session_limits() {
        assert_eq!(MaxSessions::from(CK_UNAVAILABLE_INFORMATION), MaxSessions::Unavailable);
        assert_eq!(MaxSessions::from(0), MaxSessions::Unlimited);
        assert_eq!(MaxSessions::from(5), MaxSessions::Count(5));
    }
}
