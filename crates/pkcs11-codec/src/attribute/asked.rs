//! Which attributes a key is made of: what to ask a token for, in one call.

use core::ffi::c_ulong;

use super::{AttributeType, list::KeyType};
use crate::{pkcs8::PrivateKey, spki::PublicKey};

/// One row for each form of key.
macro_rules! keys {
    ($([$($key_type:ident),*]: [$($public:ident),*], [$($private:ident),*];)*) => {
        impl PublicKey<'_> {
            /// The attributes that [`from_attributes`](Self::from_attributes) asks for when
            /// `CKA_KEY_TYPE` has this value, beside that; `None` if the type is not known here.
            ///
            /// ```
            /// use pkcs11_codec::{attribute::AttributeType, spki::PublicKey};
            ///
            /// let rsa = PublicKey::attribute_types(0).unwrap();
            /// assert_eq!(rsa, [AttributeType::MODULUS, AttributeType::PUBLIC_EXPONENT]);
            /// ```
            #[must_use]
            pub fn attribute_types(key_type: c_ulong) -> Option<&'static [AttributeType]> {
                match KeyType::from_number(key_type)? {
                    $($(KeyType::$key_type)|* => Some(&[$(AttributeType::$public),*]),)*
                    _ => None,
                }
            }
        }

        impl PrivateKey<'_> {
            /// The attributes that [`from_attributes`](Self::from_attributes) asks for when
            /// `CKA_KEY_TYPE` has this value, beside that; `None` if the type is not known here.
            /// Of a seed and a value, one will do.
            #[must_use]
            pub fn attribute_types(key_type: c_ulong) -> Option<&'static [AttributeType]> {
                match KeyType::from_number(key_type)? {
                    $($(KeyType::$key_type)|* => Some(&[$(AttributeType::$private),*]),)*
                    _ => None,
                }
            }
        }
    };
}

keys! {
    [RSA]: [MODULUS, PUBLIC_EXPONENT], [
        MODULUS, PUBLIC_EXPONENT, PRIVATE_EXPONENT, PRIME_1, PRIME_2, EXPONENT_1, EXPONENT_2,
        COEFFICIENT
    ];
    [DH]: [PRIME, BASE, VALUE], [PRIME, BASE, VALUE];
    [DSA, X9_42_DH]: [PRIME, SUBPRIME, BASE, VALUE], [PRIME, SUBPRIME, BASE, VALUE];
    [EC, EC_EDWARDS, EC_MONTGOMERY]: [EC_PARAMS, EC_POINT], [EC_PARAMS, VALUE];
    [ML_DSA, ML_KEM]: [PARAMETER_SET, VALUE], [PARAMETER_SET, SEED, VALUE];
    [SLH_DSA]: [PARAMETER_SET, VALUE], [PARAMETER_SET, VALUE];
}
