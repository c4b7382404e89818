//! The attributes that this crate writes and reads.

use core::{ffi::c_ulong, fmt};

/// An attribute, `CK_ATTRIBUTE_TYPE`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributeType(u32);

macro_rules! attributes {
    ($($(#[$doc:meta])* $constant:ident = $number:literal, $name:literal;)*) => {
        impl AttributeType {
            $($(#[$doc])* pub const $constant: Self = Self($number);)*

            /// Every attribute of the table.
            pub const ALL: &'static [Self] = &[$(Self::$constant),*];

            /// The name in the standard.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$constant => $name,)*
                    // None is made but by the constants.
                    _ => "",
                }
            }
        }
    };
}

attributes! {
    /// `CKA_CLASS`: the class of the object, a number.
    CLASS = 0x000, "CKA_CLASS";
    /// `CKA_VALUE`: the value of a key, or the DER of a certificate.
    VALUE = 0x011, "CKA_VALUE";
    /// `CKA_CERTIFICATE_TYPE`: a number.
    CERTIFICATE_TYPE = 0x080, "CKA_CERTIFICATE_TYPE";
    /// `CKA_ISSUER`: the DER of the issuer's Name.
    ISSUER = 0x081, "CKA_ISSUER";
    /// `CKA_SERIAL_NUMBER`: the DER of an INTEGER.
    SERIAL_NUMBER = 0x082, "CKA_SERIAL_NUMBER";
    /// `CKA_HASH_OF_SUBJECT_PUBLIC_KEY`: a hash of the subject's public key.
    HASH_OF_SUBJECT_PUBLIC_KEY = 0x08a, "CKA_HASH_OF_SUBJECT_PUBLIC_KEY";
    /// `CKA_HASH_OF_ISSUER_PUBLIC_KEY`: a hash of the issuer's public key.
    HASH_OF_ISSUER_PUBLIC_KEY = 0x08b, "CKA_HASH_OF_ISSUER_PUBLIC_KEY";
    /// `CKA_KEY_TYPE`: a number.
    KEY_TYPE = 0x100, "CKA_KEY_TYPE";
    /// `CKA_SUBJECT`: the DER of the subject's Name.
    SUBJECT = 0x101, "CKA_SUBJECT";
    /// `CKA_START_DATE`: eight digits.
    START_DATE = 0x110, "CKA_START_DATE";
    /// `CKA_END_DATE`: eight digits.
    END_DATE = 0x111, "CKA_END_DATE";
    /// `CKA_MODULUS`: n of RSA, a big integer.
    MODULUS = 0x120, "CKA_MODULUS";
    /// `CKA_PUBLIC_EXPONENT`: e of RSA, a big integer.
    PUBLIC_EXPONENT = 0x122, "CKA_PUBLIC_EXPONENT";
    /// `CKA_PRIVATE_EXPONENT`: d of RSA, a big integer.
    PRIVATE_EXPONENT = 0x123, "CKA_PRIVATE_EXPONENT";
    /// `CKA_PRIME_1`: p of RSA, a big integer.
    PRIME_1 = 0x124, "CKA_PRIME_1";
    /// `CKA_PRIME_2`: q of RSA, a big integer.
    PRIME_2 = 0x125, "CKA_PRIME_2";
    /// `CKA_EXPONENT_1`: d mod (p − 1) of RSA, a big integer.
    EXPONENT_1 = 0x126, "CKA_EXPONENT_1";
    /// `CKA_EXPONENT_2`: d mod (q − 1) of RSA, a big integer.
    EXPONENT_2 = 0x127, "CKA_EXPONENT_2";
    /// `CKA_COEFFICIENT`: q⁻¹ mod p of RSA, a big integer.
    COEFFICIENT = 0x128, "CKA_COEFFICIENT";
    /// `CKA_PUBLIC_KEY_INFO`: the DER of a SubjectPublicKeyInfo.
    PUBLIC_KEY_INFO = 0x129, "CKA_PUBLIC_KEY_INFO";
    /// `CKA_PRIME`: p of DSA and Diffie-Hellman, a big integer.
    PRIME = 0x130, "CKA_PRIME";
    /// `CKA_SUBPRIME`: q of DSA and Diffie-Hellman, a big integer.
    SUBPRIME = 0x131, "CKA_SUBPRIME";
    /// `CKA_BASE`: g of DSA and Diffie-Hellman, a big integer.
    BASE = 0x132, "CKA_BASE";
    /// `CKA_EC_PARAMS`: the DER of the curve's parameters.
    EC_PARAMS = 0x180, "CKA_EC_PARAMS";
    /// `CKA_EC_POINT`: a public key on a curve.
    EC_POINT = 0x181, "CKA_EC_POINT";
    /// `CKA_PARAMETER_SET`: a number.
    PARAMETER_SET = 0x61d, "CKA_PARAMETER_SET";
    /// `CKA_SEED`: what an ML-DSA or ML-KEM key is made from.
    SEED = 0x637, "CKA_SEED";
}

impl AttributeType {
    /// The number, as the C structures hold it.
    #[must_use]
    pub fn number(self) -> c_ulong {
        c_ulong::from(self.0)
    }
}

impl fmt::Display for AttributeType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Debug for AttributeType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
