//! Families of flags (`CKF_*`). A bit that the standard does not name is kept.

use std::fmt::{self, Write};

use bitflags::bitflags;
use pkcs11_sys::*;

use super::number::{ParseNumberError, digits, is_name};

/// Makes a set of flags of a table; a row is `SHORT = CKF_NAME, "since";`.
macro_rules! flags {
    (
        $(#[$meta:meta])*
        $name:ident { $($short:ident = $full:ident, $since:literal;)* }
        $(aliases { $($alias:ident = $alias_full:ident;)* })?
    ) => {
        bitflags! {
            $(#[$meta])*
            ///
            /// Prints as the names in the standard, joined by ` | `, with hex for bits that have
            /// none; parses from that, and from the names without their prefix.
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub struct $name: CK_FLAGS {
                $(
                    #[doc = concat!("`", stringify!($full), "`, since PKCS#11 ", $since, ".")]
                    const $short = $full;
                )*
                const _ = !0;
            }
        }

        impl $name {
            const ROWS: &'static [Row] = &[
                $(Row {
                    full: stringify!($full), short: stringify!($short), since: $since, bits: $full,
                },)*
            ];
            const ALIASES: &'static [(&'static str, &'static str, CK_FLAGS)] = &[
                $($((stringify!($alias_full), stringify!($alias), $alias_full),)*)?
            ];

            /// All flags that the standard names, without aliases.
            pub const ALL: &'static [Self] = &[$(Self::$short),*];

            $($(
                #[doc = concat!("`", stringify!($alias_full), "`, a second name of the same flag.")]
                pub const $alias: Self = Self::from_bits_retain($alias_full);
            )*)?

            /// The name in the standard of a single flag; `None` where it has none.
            #[must_use]
            pub fn name(self) -> Option<&'static str> {
                Some(Row::of(Self::ROWS, self.bits())?.full)
            }

            /// The version of the standard that introduced a single flag, as `"2.40"`.
            #[must_use]
            pub fn since(self) -> Option<&'static str> {
                Some(Row::of(Self::ROWS, self.bits())?.since)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&text(Self::ROWS, self.bits())?)
            }
        }

        impl std::str::FromStr for $name {
            type Err = ParseNumberError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                parse(text, Self::ROWS, Self::ALIASES).map(Self::from_bits_retain)
            }
        }
    };
}

/// One flag of a table.
struct Row {
    full: &'static str,
    short: &'static str,
    since: &'static str,
    bits: CK_FLAGS,
}

impl Row {
    fn of(rows: &'static [Self], bits: CK_FLAGS) -> Option<&'static Self> {
        rows.iter().find(|row| row.bits == bits)
    }
}

fn text(rows: &[Row], bits: CK_FLAGS) -> Result<String, fmt::Error> {
    let mut text = String::new();
    let mut unnamed = bits;
    for row in rows.iter().filter(|row| bits & row.bits != 0) {
        let joint = if text.is_empty() { "" } else { " | " };
        write!(text, "{joint}{}", row.full)?;
        unnamed &= !row.bits;
    }
    match (text.is_empty(), unnamed) {
        (false, 0) => {}
        (false, unnamed) => write!(text, " | {unnamed:#010x}")?,
        (true, 0) => text.push('0'),
        (true, unnamed) => write!(text, "{unnamed:#010x}")?,
    }
    Ok(text)
}

fn parse(
    text: &str,
    rows: &[Row],
    aliases: &[(&str, &str, CK_FLAGS)],
) -> Result<CK_FLAGS, ParseNumberError> {
    let rows = rows.iter().map(|row| (row.full, row.short, row.bits));
    let rows = rows.chain(aliases.iter().copied());
    let mut bits = 0;
    for part in text.split('|').map(str::trim).filter(|_| !text.trim().is_empty()) {
        let row = rows.clone().find(|(full, short, _)| is_name(part, full, short));
        let flag = row.map(|(_, _, bits)| bits).or_else(|| digits(part));
        bits |= flag.ok_or_else(|| ParseNumberError::new(part, "CKF_"))?;
    }
    Ok(bits)
}

flags! {
    /// What a slot is (`CK_SLOT_INFO`, PKCS#11 §3.2).
    SlotFlags {
        TOKEN_PRESENT = CKF_TOKEN_PRESENT, "2.40";
        REMOVABLE_DEVICE = CKF_REMOVABLE_DEVICE, "2.40";
        HW_SLOT = CKF_HW_SLOT, "2.40";
    }
}

flags! {
    /// What a token can do and how its PINs stand (`CK_TOKEN_INFO`, PKCS#11 §3.2).
    TokenFlags {
        RNG = CKF_RNG, "2.40";
        WRITE_PROTECTED = CKF_WRITE_PROTECTED, "2.40";
        LOGIN_REQUIRED = CKF_LOGIN_REQUIRED, "2.40";
        USER_PIN_INITIALIZED = CKF_USER_PIN_INITIALIZED, "2.40";
        RESTORE_KEY_NOT_NEEDED = CKF_RESTORE_KEY_NOT_NEEDED, "2.40";
        CLOCK_ON_TOKEN = CKF_CLOCK_ON_TOKEN, "2.40";
        PROTECTED_AUTHENTICATION_PATH = CKF_PROTECTED_AUTHENTICATION_PATH, "2.40";
        DUAL_CRYPTO_OPERATIONS = CKF_DUAL_CRYPTO_OPERATIONS, "2.40";
        TOKEN_INITIALIZED = CKF_TOKEN_INITIALIZED, "2.40";
        SECONDARY_AUTHENTICATION = CKF_SECONDARY_AUTHENTICATION, "2.40";
        USER_PIN_COUNT_LOW = CKF_USER_PIN_COUNT_LOW, "2.40";
        USER_PIN_FINAL_TRY = CKF_USER_PIN_FINAL_TRY, "2.40";
        USER_PIN_LOCKED = CKF_USER_PIN_LOCKED, "2.40";
        USER_PIN_TO_BE_CHANGED = CKF_USER_PIN_TO_BE_CHANGED, "2.40";
        SO_PIN_COUNT_LOW = CKF_SO_PIN_COUNT_LOW, "2.40";
        SO_PIN_FINAL_TRY = CKF_SO_PIN_FINAL_TRY, "2.40";
        SO_PIN_LOCKED = CKF_SO_PIN_LOCKED, "2.40";
        SO_PIN_TO_BE_CHANGED = CKF_SO_PIN_TO_BE_CHANGED, "2.40";
        ERROR_STATE = CKF_ERROR_STATE, "2.40";
        SEED_RANDOM_REQUIRED = CKF_SEED_RANDOM_REQUIRED, "3.2";
        ASYNC_SESSION_SUPPORTED = CKF_ASYNC_SESSION_SUPPORTED, "3.2";
    }
}

flags! {
    /// What a mechanism serves (`CK_MECHANISM_INFO`, PKCS#11 §3.5).
    MechanismFlags {
        HW = CKF_HW, "2.40";
        MESSAGE_ENCRYPT = CKF_MESSAGE_ENCRYPT, "3.0";
        MESSAGE_DECRYPT = CKF_MESSAGE_DECRYPT, "3.0";
        MESSAGE_SIGN = CKF_MESSAGE_SIGN, "3.0";
        MESSAGE_VERIFY = CKF_MESSAGE_VERIFY, "3.0";
        MULTI_MESSAGE = CKF_MULTI_MESSAGE, "3.0";
        FIND_OBJECTS = CKF_FIND_OBJECTS, "3.0";
        ENCRYPT = CKF_ENCRYPT, "2.40";
        DECRYPT = CKF_DECRYPT, "2.40";
        DIGEST = CKF_DIGEST, "2.40";
        SIGN = CKF_SIGN, "2.40";
        SIGN_RECOVER = CKF_SIGN_RECOVER, "2.40";
        VERIFY = CKF_VERIFY, "2.40";
        VERIFY_RECOVER = CKF_VERIFY_RECOVER, "2.40";
        GENERATE = CKF_GENERATE, "2.40";
        GENERATE_KEY_PAIR = CKF_GENERATE_KEY_PAIR, "2.40";
        WRAP = CKF_WRAP, "2.40";
        UNWRAP = CKF_UNWRAP, "2.40";
        DERIVE = CKF_DERIVE, "2.40";
        EC_F_P = CKF_EC_F_P, "2.40";
        EC_F_2M = CKF_EC_F_2M, "2.40";
        EC_ECPARAMETERS = CKF_EC_ECPARAMETERS, "2.40";
        EC_OID = CKF_EC_OID, "3.0";
        EC_UNCOMPRESS = CKF_EC_UNCOMPRESS, "2.40";
        EC_COMPRESS = CKF_EC_COMPRESS, "2.40";
        EC_CURVENAME = CKF_EC_CURVENAME, "3.0";
        ENCAPSULATE = CKF_ENCAPSULATE, "3.2";
        DECAPSULATE = CKF_DECAPSULATE, "3.2";
        EXTENSION = CKF_EXTENSION, "2.40";
    } aliases {
        EC_NAMEDCURVE = CKF_EC_NAMEDCURVE;
        MULTI_MESSGE = CKF_MULTI_MESSGE;
    }
}

flags! {
    /// How a session was opened (`CK_SESSION_INFO`, PKCS#11 §3.3).
    SessionFlags {
        RW_SESSION = CKF_RW_SESSION, "2.40";
        SERIAL_SESSION = CKF_SERIAL_SESSION, "2.40";
        ASYNC_SESSION = CKF_ASYNC_SESSION, "3.2";
    }
}

flags! {
    /// How a module is initialised (`CK_C_INITIALIZE_ARGS`, PKCS#11 §3.7).
    InitializeFlags {
        LIBRARY_CANT_CREATE_OS_THREADS = CKF_LIBRARY_CANT_CREATE_OS_THREADS, "2.40";
        OS_LOCKING_OK = CKF_OS_LOCKING_OK, "2.40";
    }
}

flags! {
    /// What an interface promises (`CK_INTERFACE`, PKCS#11 §3.7).
    InterfaceFlags {
        FORK_SAFE = CKF_INTERFACE_FORK_SAFE, "3.0";
    }
}

flags! {
    /// How to wait for a slot event (`C_WaitForSlotEvent`, PKCS#11 §5.5).
    SlotEventFlags {
        DONT_BLOCK = CKF_DONT_BLOCK, "2.40";
    }
}

flags! {
    /// Where in a message a part stands (`C_EncryptMessageNext` and its like, PKCS#11 §5.9).
    MessageFlags {
        END_OF_MESSAGE = CKF_END_OF_MESSAGE, "3.0";
    }
}

flags! {
    /// How a one-time password is made (`CK_OTP_FLAGS`, PKCS#11 §6.53).
    OtpFlags {
        NEXT_OTP = CKF_NEXT_OTP, "2.40";
        EXCLUDE_TIME = CKF_EXCLUDE_TIME, "2.40";
        EXCLUDE_COUNTER = CKF_EXCLUDE_COUNTER, "2.40";
        EXCLUDE_CHALLENGE = CKF_EXCLUDE_CHALLENGE, "2.40";
        EXCLUDE_PIN = CKF_EXCLUDE_PIN, "2.40";
        USER_FRIENDLY_OTP = CKF_USER_FRIENDLY_OTP, "2.40";
    }
}

flags! {
    /// Which validations hold (`CKA_OBJECT_VALIDATION_FLAGS`, `C_GetSessionValidationFlags`, PKCS#11
    /// §4.15). The bits are the module's: each validation object tells its own, `CKA_VALIDATION_FLAG`.
    ValidationFlags {
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn unnamed_bits_are_kept() {
        let flags = TokenFlags::from_bits_retain(CKF_RNG | 0x4000_0000);
        assert!(flags.contains(TokenFlags::RNG));
        assert_eq!(flags.bits(), CKF_RNG | 0x4000_0000);
        assert_eq!(flags.to_string(), "CKF_RNG | 0x40000000");
        assert_eq!(flags.to_string().parse(), Ok(flags));
    }

    #[rstest]
    #[case("CKF_SIGN | CKF_VERIFY")]
    #[case("SIGN|VERIFY")]
    #[case(" VERIFY | 0x800 ")]
    fn sets_parse(#[case] text: &str) {
        assert_eq!(text.parse(), Ok(MechanismFlags::SIGN | MechanismFlags::VERIFY));
    }

    #[rstest]
    #[case("")]
    #[case("0")]
    fn nothing_is_the_empty_set(#[case] text: &str) {
        assert_eq!(text.parse(), Ok(SessionFlags::empty()));
        assert_eq!(SessionFlags::empty().to_string(), "0");
    }

    #[test]
    fn second_names_parse_and_are_not_printed() {
        assert_eq!("CKF_EC_NAMEDCURVE".parse(), Ok(MechanismFlags::EC_OID));
        assert_eq!(MechanismFlags::EC_NAMEDCURVE.to_string(), "CKF_EC_OID");
        assert_eq!("MULTI_MESSGE".parse(), Ok(MechanismFlags::MULTI_MESSAGE));
    }

    #[rstest]
    #[case("CKF_SIGN |")]
    #[case("CKF_SING")]
    #[case("CKF_RNG")]
    fn nonsense_is_an_error(#[case] text: &str) {
        assert!(text.parse::<MechanismFlags>().is_err());
    }

    #[test]
    fn single_flags_have_a_name_and_a_version() {
        assert_eq!(MessageFlags::END_OF_MESSAGE.name(), Some("CKF_END_OF_MESSAGE"));
        assert_eq!(MessageFlags::END_OF_MESSAGE.since(), Some("3.0"));
        assert_eq!((TokenFlags::RNG | TokenFlags::ERROR_STATE).name(), None);
        assert_eq!(ValidationFlags::from_bits_retain(1).to_string(), "0x00000001");
    }
}
