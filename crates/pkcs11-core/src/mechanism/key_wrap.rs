//! AES key wrap.

use super::typed::typed;
use crate::MechanismType;

macro_rules! key_wrap {
    ($($(#[$meta:meta])* $name:ident, $number:ident, $length:literal;)*) => {$(
        typed! {
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct $name<'a> {}
            with {
                #[doc = concat!(
                    "The initial value, ", stringify!($length), " bytes; `None` for the standard's."
                )]
                pub iv: Option<&'a [u8; $length]> = None,
            }
            |_m| MechanismType::$number
        }
    )*};
}

key_wrap! {
    /// AES key wrap, of whole semiblocks of 8 bytes (`CKM_AES_KEY_WRAP`, PKCS#11 §6.16.3,
    /// RFC 3394).
    AesKeyWrap, AES_KEY_WRAP, 8;
    /// AES key wrap with padding, of any length (`CKM_AES_KEY_WRAP_KWP`, PKCS#11 §6.16.3,
    /// RFC 5649).
    AesKeyWrapKwp, AES_KEY_WRAP_KWP, 4;
    /// AES key wrap of PKCS#7 padding (`CKM_AES_KEY_WRAP_PKCS7`, PKCS#11 §6.16.3).
    AesKeyWrapPkcs7, AES_KEY_WRAP_PKCS7, 8;
    /// AES key wrap with the padding that the token chooses (`CKM_AES_KEY_WRAP_PAD`,
    /// PKCS#11 §6.16.3). Deprecated: [`AesKeyWrapKwp`] and [`AesKeyWrapPkcs7`] say which.
    AesKeyWrapPad, AES_KEY_WRAP_PAD, 8;
}
