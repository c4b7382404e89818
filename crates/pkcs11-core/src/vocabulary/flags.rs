//! Families of flags (`CKF_*`). A bit that the standard does not name is kept.

use bitflags::bitflags;
use pkcs11_sys::*;

macro_rules! flags {
    ($(#[$meta:meta])* $name:ident { $($short:ident = $full:ident;)* }) => {
        bitflags! {
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub struct $name: CK_FLAGS {
                $(
                    #[doc = concat!("`", stringify!($full), "`.")]
                    const $short = $full;
                )*
                const _ = !0;
            }
        }
    };
}

flags! {
    /// What a slot is (`CK_SLOT_INFO`, PKCS#11 §3.2).
    SlotFlags {
        TOKEN_PRESENT = CKF_TOKEN_PRESENT;
        REMOVABLE_DEVICE = CKF_REMOVABLE_DEVICE;
        HW_SLOT = CKF_HW_SLOT;
    }
}

flags! {
    /// What a token can do and how its PINs stand (`CK_TOKEN_INFO`, PKCS#11 §3.2).
    TokenFlags {
        RNG = CKF_RNG;
        WRITE_PROTECTED = CKF_WRITE_PROTECTED;
        LOGIN_REQUIRED = CKF_LOGIN_REQUIRED;
        USER_PIN_INITIALIZED = CKF_USER_PIN_INITIALIZED;
        RESTORE_KEY_NOT_NEEDED = CKF_RESTORE_KEY_NOT_NEEDED;
        CLOCK_ON_TOKEN = CKF_CLOCK_ON_TOKEN;
        PROTECTED_AUTHENTICATION_PATH = CKF_PROTECTED_AUTHENTICATION_PATH;
        DUAL_CRYPTO_OPERATIONS = CKF_DUAL_CRYPTO_OPERATIONS;
        TOKEN_INITIALIZED = CKF_TOKEN_INITIALIZED;
        SECONDARY_AUTHENTICATION = CKF_SECONDARY_AUTHENTICATION;
        USER_PIN_COUNT_LOW = CKF_USER_PIN_COUNT_LOW;
        USER_PIN_FINAL_TRY = CKF_USER_PIN_FINAL_TRY;
        USER_PIN_LOCKED = CKF_USER_PIN_LOCKED;
        USER_PIN_TO_BE_CHANGED = CKF_USER_PIN_TO_BE_CHANGED;
        SO_PIN_COUNT_LOW = CKF_SO_PIN_COUNT_LOW;
        SO_PIN_FINAL_TRY = CKF_SO_PIN_FINAL_TRY;
        SO_PIN_LOCKED = CKF_SO_PIN_LOCKED;
        SO_PIN_TO_BE_CHANGED = CKF_SO_PIN_TO_BE_CHANGED;
        ERROR_STATE = CKF_ERROR_STATE;
        SEED_RANDOM_REQUIRED = CKF_SEED_RANDOM_REQUIRED;
        ASYNC_SESSION_SUPPORTED = CKF_ASYNC_SESSION_SUPPORTED;
    }
}

flags! {
    /// What a mechanism serves (`CK_MECHANISM_INFO`, PKCS#11 §3.5).
    MechanismFlags {
        HW = CKF_HW;
        MESSAGE_ENCRYPT = CKF_MESSAGE_ENCRYPT;
        MESSAGE_DECRYPT = CKF_MESSAGE_DECRYPT;
        MESSAGE_SIGN = CKF_MESSAGE_SIGN;
        MESSAGE_VERIFY = CKF_MESSAGE_VERIFY;
        MULTI_MESSAGE = CKF_MULTI_MESSAGE;
        FIND_OBJECTS = CKF_FIND_OBJECTS;
        ENCRYPT = CKF_ENCRYPT;
        DECRYPT = CKF_DECRYPT;
        DIGEST = CKF_DIGEST;
        SIGN = CKF_SIGN;
        SIGN_RECOVER = CKF_SIGN_RECOVER;
        VERIFY = CKF_VERIFY;
        VERIFY_RECOVER = CKF_VERIFY_RECOVER;
        GENERATE = CKF_GENERATE;
        GENERATE_KEY_PAIR = CKF_GENERATE_KEY_PAIR;
        WRAP = CKF_WRAP;
        UNWRAP = CKF_UNWRAP;
        DERIVE = CKF_DERIVE;
        EC_F_P = CKF_EC_F_P;
        EC_F_2M = CKF_EC_F_2M;
        EC_ECPARAMETERS = CKF_EC_ECPARAMETERS;
        EC_OID = CKF_EC_OID;
        EC_UNCOMPRESS = CKF_EC_UNCOMPRESS;
        EC_COMPRESS = CKF_EC_COMPRESS;
        EC_CURVENAME = CKF_EC_CURVENAME;
        ENCAPSULATE = CKF_ENCAPSULATE;
        DECAPSULATE = CKF_DECAPSULATE;
        EXTENSION = CKF_EXTENSION;
    }
}

flags! {
    /// How a session was opened (`CK_SESSION_INFO`, PKCS#11 §3.3).
    SessionFlags {
        RW_SESSION = CKF_RW_SESSION;
        SERIAL_SESSION = CKF_SERIAL_SESSION;
        ASYNC_SESSION = CKF_ASYNC_SESSION;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unnamed_bits_are_kept() {
        let flags = TokenFlags::from_bits_retain(CKF_RNG | 0x4000_0000);
        assert!(flags.contains(TokenFlags::RNG));
        assert_eq!(flags.bits(), CKF_RNG | 0x4000_0000);
    }
}
