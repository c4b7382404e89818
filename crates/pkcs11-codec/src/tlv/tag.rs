//! Identifier octets.

use core::fmt;

/// An identifier octet (X.690 §8.1.2): class, form and a number below 31.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag(u8);

/// The class bits; zero is the universal class.
const CLASS: u8 = 0xc0;
/// The context-specific class.
const CONTEXT: u8 = 0x80;
/// The bit of constructed values.
const CONSTRUCTED: u8 = 0x20;
/// The number bits; all set means that the number follows in further octets.
const NUMBER: u8 = 0x1f;

macro_rules! universal {
    ($($(#[$doc:meta])* $constant:ident = $octet:literal, $name:literal;)*) => {
        impl Tag {
            $($(#[$doc])* pub const $constant: Self = Self($octet);)*

            /// The name in X.680, for the tags that have a constant here.
            const fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$constant => Some($name),)*
                    _ => None,
                }
            }
        }
    };
}

universal! {
    /// The mark at the end of what has no length, in BER alone (X.690 §8.1.5).
    END_OF_CONTENTS = 0x00, "the end-of-contents mark";
    /// BOOLEAN.
    BOOLEAN = 0x01, "BOOLEAN";
    /// INTEGER.
    INTEGER = 0x02, "INTEGER";
    /// BIT STRING.
    BIT_STRING = 0x03, "BIT STRING";
    /// OCTET STRING.
    OCTET_STRING = 0x04, "OCTET STRING";
    /// NULL.
    NULL = 0x05, "NULL";
    /// OBJECT IDENTIFIER.
    OBJECT_IDENTIFIER = 0x06, "OBJECT IDENTIFIER";
    /// ENUMERATED.
    ENUMERATED = 0x0a, "ENUMERATED";
    /// UTF8String.
    UTF8_STRING = 0x0c, "UTF8String";
    /// PrintableString.
    PRINTABLE_STRING = 0x13, "PrintableString";
    /// TeletexString, also T61String.
    TELETEX_STRING = 0x14, "TeletexString";
    /// IA5String.
    IA5_STRING = 0x16, "IA5String";
    /// UTCTime.
    UTC_TIME = 0x17, "UTCTime";
    /// GeneralizedTime.
    GENERALIZED_TIME = 0x18, "GeneralizedTime";
    /// UniversalString.
    UNIVERSAL_STRING = 0x1c, "UniversalString";
    /// BMPString.
    BMP_STRING = 0x1e, "BMPString";
    /// SEQUENCE and SEQUENCE OF.
    SEQUENCE = 0x30, "SEQUENCE";
    /// SET and SET OF.
    SET = 0x31, "SET";
}

impl Tag {
    /// The tag with this identifier octet.
    #[must_use]
    pub const fn from_octet(octet: u8) -> Self {
        Self(octet)
    }

    /// `[number]` of a primitive value, as an IMPLICIT tag makes of an INTEGER or a string.
    ///
    /// # Panics
    /// When `number` is above 30; in a constant, that fails the build.
    #[must_use]
    pub const fn context(number: u8) -> Self {
        assert!(number < NUMBER, "expected a tag number below 31");
        Self(CONTEXT | number)
    }

    /// `[number]` of a constructed value: every EXPLICIT tag, and the IMPLICIT tag of a
    /// SEQUENCE or SET.
    ///
    /// # Panics
    /// When `number` is above 30; in a constant, that fails the build.
    #[must_use]
    pub const fn context_constructed(number: u8) -> Self {
        Self(Self::context(number).0 | CONSTRUCTED)
    }

    /// The identifier octet.
    #[must_use]
    pub const fn octet(self) -> u8 {
        self.0
    }

    /// Whether the value is made of further values.
    #[must_use]
    pub const fn is_constructed(self) -> bool {
        self.0 & CONSTRUCTED != 0
    }

    /// Whether the number follows in further octets (X.690 §8.1.2.4).
    #[inline]
    pub(crate) const fn is_high(self) -> bool {
        self.0 & NUMBER == NUMBER
    }

    /// Whether BER may build a value of this tag of pieces: the constructed form of a string
    /// or a time of the universal class (X.690 §8.6, §8.7, §8.23, §8.26).
    pub(crate) const fn is_string_in_pieces(self) -> bool {
        self.0 & CLASS == 0
            && self.is_constructed()
            && matches!(self.0 & NUMBER, 3 | 4 | 7 | 12 | 18..=28 | 30)
    }

    /// The tag of the same number with a primitive value.
    pub(crate) const fn primitive(self) -> Self {
        Self(self.0 & !CONSTRUCTED)
    }

    /// Whether DER has this tag in this form, and this crate reads its number: of the universal
    /// class, only EXTERNAL, EMBEDDED PDV, SEQUENCE, SET and CHARACTER STRING are constructed
    /// (X.690 §10.2), and zero marks the end of what has no length.
    #[inline]
    pub(crate) const fn is_der(self) -> bool {
        /// A bit for each number.
        const CONSTRUCTED_TYPES: u32 = 1 << 8 | 1 << 11 | 1 << 16 | 1 << 17 | 1 << 29;
        const PRIMITIVE_TYPES: u32 = !(CONSTRUCTED_TYPES | 1);
        let types = match self.0 & (CLASS | CONSTRUCTED) {
            0 => PRIMITIVE_TYPES,
            CONSTRUCTED => CONSTRUCTED_TYPES,
            _ => u32::MAX,
        };
        !self.is_high() && types >> (self.0 & NUMBER) & 1 != 0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = self.name() {
            return formatter.write_str(name);
        }
        let class = match self.0 >> 6 {
            0 => "UNIVERSAL ",
            1 => "APPLICATION ",
            2 => "",
            _ => "PRIVATE ",
        };
        let form = if self.is_constructed() { "constructed" } else { "primitive" };
        write!(formatter, "{form} [{class}{}]", self.0 & NUMBER)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Tag({:#04x}: {self})", self.0)
    }
}
