//! The form of a table of numbers, and what follows from its rows.

use pkcs11_sys::CK_ULONG;

/// Makes a number type of a table: its constants, names, parsing, printing.
///
/// A row is `SHORT = CK_NAME, "since";` and says [`HISTORICAL`] where it is; in the table of
/// mechanisms it has its facts instead.
macro_rules! numbers {
    (
        $(#[$meta:meta])*
        $name:ident: $raw:ident, $prefix:literal; {
            $($short:ident = $full:ident, $since:literal $(, $facts:expr)?;)*
        } $(aliases { $($alias:ident = $alias_full:ident;)* })?
    ) => {
        $(#[$meta])*
        ///
        /// Prints as its name in the standard, or as hex where the standard has none, and
        /// parses from both, from the name without its prefix and from the constant's.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(transparent)]
        pub struct $name(pkcs11_sys::$raw);

        impl $name {
            $(
                #[doc = concat!("`", stringify!($full), "`, since PKCS#11 ", $since, ".")]
                pub const $short: Self = Self(pkcs11_sys::$full);
            )*
            $($(
                #[doc = concat!("`", stringify!($alias_full), "`, a second name of the same number.")]
                pub const $alias: Self = Self(pkcs11_sys::$alias_full);
            )*)?

            /// The value of this number, be it in the standard or a vendor's.
            #[must_use]
            pub const fn new(number: pkcs11_sys::CK_ULONG) -> Self {
                Self(number)
            }

            /// The number as it stands in C.
            #[must_use]
            pub const fn number(self) -> pkcs11_sys::CK_ULONG {
                self.0
            }

            /// The name in the standard, as `CKR_OK` is one; `None` where it has none.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $(pkcs11_sys::$full => Some(stringify!($full)),)*
                    _ => None,
                }
            }

            /// The version of the standard that introduced the number, as `"2.40"`.
            #[must_use]
            pub const fn since(self) -> Option<&'static str> {
                match self.0 {
                    $(pkcs11_sys::$full => Some($since),)*
                    _ => None,
                }
            }

            numbers!(@facts $raw; $($full $(, $facts)?;)*);

            /// All numbers that the standard names, without aliases.
            pub const ALL: &'static [Self] = &[$(Self::$short),*];
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self.name() {
                    Some(name) => f.pad(name),
                    None => f.pad(&format!("{:#010x}", self.0)),
                }
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::vocabulary::ParseNumberError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                const ROWS: &[(&str, &str, pkcs11_sys::$raw)] = &[
                    $((stringify!($full), stringify!($short), pkcs11_sys::$full),)*
                    $($(
                        (stringify!($alias_full), stringify!($alias), pkcs11_sys::$alias_full),
                    )*)?
                ];
                crate::vocabulary::parse(text, $prefix, ROWS).map(Self)
            }
        }
    };
    (@facts CK_MECHANISM_TYPE; $($full:ident $(, $facts:expr)?;)*) => {
        /// Its row.
        pub(crate) const fn facts(self) -> &'static Facts {
            match self.0 {
                $($(pkcs11_sys::$full => const { &$facts },)?)*
                _ => const { &UNKNOWN },
            }
        }

        /// The parameters that the mechanism takes, any one of them; none for a number that the
        /// standard does not name.
        #[must_use]
        pub const fn parameters(self) -> &'static [Parameter] {
            self.facts().parameters
        }

        /// How long its output is.
        #[must_use]
        pub const fn output(self) -> Output {
            self.facts().output
        }

        /// The most bytes that its MAC can have, where its parameter says how many
        /// (`CK_MAC_GENERAL_PARAMS`); `None` for all other mechanisms.
        #[must_use]
        pub const fn longest_mac(self) -> Option<usize> {
            self.facts().longest
        }

        /// What it serves, by the standard; a token's own word is in its mechanism's info.
        #[must_use]
        pub fn serves(self) -> MechanismFlags {
            self.facts().flags()
        }

        /// The types of the keys that it works with or generates; empty where there is no key,
        /// or where a secret key of any type will do.
        #[must_use]
        pub const fn key_types(self) -> &'static [KeyType] {
            self.facts().keys
        }

        /// Whether the standard has moved it to the document of historical mechanisms.
        #[must_use]
        pub const fn is_historical(self) -> bool {
            self.facts().historical
        }

        /// The section of the standard's text that describes it, by the name of its file;
        /// empty for a number that the standard does not name.
        #[must_use]
        pub const fn section(self) -> &'static str {
            self.facts().section
        }
    };
    (@facts $raw:ident; $($full:ident $(, $historical:expr)?;)*) => {
        /// Whether the standard has moved it to its historical document, or has it by name only.
        #[must_use]
        #[allow(clippy::match_single_binding, reason = "most tables have no such row")]
        pub const fn is_historical(self) -> bool {
            match self.0 {
                $($(pkcs11_sys::$full => $historical,)?)*
                _ => false,
            }
        }
    };
}
pub(crate) use numbers;

/// Says of a row that only the historical document describes it, or none any more.
pub(crate) const HISTORICAL: bool = true;

/// The text is neither a name of the standard nor a number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is neither a {prefix} name of PKCS#11 nor a number")]
pub struct ParseNumberError {
    text: String,
    prefix: &'static str,
}

/// A number from one of its names (a row is name, constant and number), or from its digits
/// (`0x…` or decimal).
pub(crate) fn parse(
    text: &str,
    prefix: &'static str,
    rows: &[(&str, &str, CK_ULONG)],
) -> Result<CK_ULONG, ParseNumberError> {
    let named = rows.iter().find(|(full, short, _)| is_name(text, full, short));
    if let Some(&(_, _, number)) = named {
        return Ok(number);
    }
    digits(text).ok_or_else(|| ParseNumberError::new(text, prefix))
}

/// Whether the text is the standard's name, that without its first part, or the constant's.
pub(super) fn is_name(text: &str, full: &str, short: &str) -> bool {
    let bare = full.split_once('_').map_or(full, |(_, bare)| bare);
    text == full || text == bare || text == short
}

/// A number in hex (`0x…`) or decimal.
pub(super) fn digits(text: &str) -> Option<CK_ULONG> {
    match text.strip_prefix("0x") {
        Some(hex) => CK_ULONG::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

impl ParseNumberError {
    pub(super) fn new(text: &str, prefix: &'static str) -> Self {
        Self { text: text.to_owned(), prefix }
    }
}

#[cfg(test)]
mod tests {
    use crate::{KeyType, MechanismType, Mgf, PrfDataType, ReturnCode};
    use rstest::rstest;

    #[rstest]
    #[case("CKM_AES_GCM", MechanismType::AES_GCM)]
    #[case("AES_GCM", MechanismType::AES_GCM)]
    #[case("ECDSA_KEY_PAIR_GEN", MechanismType::EC_KEY_PAIR_GEN)]
    #[case("0x80000001", MechanismType::new(0x8000_0001))]
    #[case("4229", MechanismType::AES_CBC_PAD)]
    fn parses(#[case] text: &str, #[case] number: MechanismType) {
        assert_eq!(text.parse(), Ok(number));
    }

    #[rstest]
    #[case("CKG_MGF1_SHA256")]
    #[case("MGF1_SHA256")]
    #[case("SHA256")]
    fn parses_each_of_its_names(#[case] text: &str) {
        assert_eq!(text.parse(), Ok(Mgf::SHA256));
    }

    #[test]
    fn a_second_name_is_the_same_number() {
        assert_eq!("CK_SP800_108_COUNTER".parse(), Ok(PrfDataType::OPTIONAL_COUNTER));
        assert_eq!(PrfDataType::COUNTER.to_string(), "CK_SP800_108_OPTIONAL_COUNTER");
    }

    #[test]
    fn historical_rows_say_so() {
        assert!(KeyType::RC4.is_historical());
        assert!(!KeyType::AES.is_historical());
        assert!(!KeyType::new(0x8000_1234).is_historical());
    }

    #[test]
    #[cfg_attr(miri, ignore = "no unsafe code, and many minutes")]
    fn every_name_parses_back() {
        for &mechanism in MechanismType::ALL {
            assert_eq!(mechanism.to_string().parse(), Ok(mechanism));
        }
        for &code in ReturnCode::ALL {
            assert_eq!(code.to_string().parse(), Ok(code));
        }
    }

    #[test]
    fn unknown_numbers_print_as_hex_and_return() {
        let vendor = KeyType::new(0x8000_1234);
        assert_eq!(vendor.to_string(), "0x80001234");
        assert_eq!("0x80001234".parse(), Ok(vendor));
        assert_eq!(vendor.name(), None);
    }

    #[test]
    fn nonsense_is_an_error_that_quotes_it() {
        let error = "AES_XYZ".parse::<MechanismType>().unwrap_err();
        assert_eq!(error.to_string(), "\"AES_XYZ\" is neither a CKM_ name of PKCS#11 nor a number");
    }
}
