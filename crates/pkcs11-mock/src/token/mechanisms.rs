//! The table of the mechanisms.

use pkcs11_sys::*;

use super::with;
use crate::view::{Answer, Output, Place};

/// A mechanism, its key type (if it matters), what it does, and the smallest and largest key.
pub(super) type Facts = (CK_MECHANISM_TYPE, Option<CK_KEY_TYPE>, CK_FLAGS, CK_ULONG, CK_ULONG);

const MECHANISMS: [Facts; 15] = [
    (CKM_RSA_PKCS_KEY_PAIR_GEN, None, CKF_GENERATE_KEY_PAIR, 512, 4096),
    (
        CKM_RSA_PKCS,
        Some(CKK_RSA),
        CKF_ENCRYPT
            | CKF_DECRYPT
            | CKF_SIGN
            | CKF_VERIFY
            | CKF_SIGN_RECOVER
            | CKF_VERIFY_RECOVER
            | CKF_WRAP
            | CKF_UNWRAP,
        512,
        4096,
    ),
    (CKM_SHA256, None, CKF_DIGEST, 0, 0),
    (
        CKM_SHA256_HMAC,
        None,
        CKF_SIGN | CKF_VERIFY | CKF_MESSAGE_SIGN | CKF_MESSAGE_VERIFY | CKF_MULTI_MESSAGE,
        1,
        512,
    ),
    (CKM_GENERIC_SECRET_KEY_GEN, None, CKF_GENERATE, 1, 512),
    (CKM_EC_KEY_PAIR_GEN, None, CKF_GENERATE_KEY_PAIR, 256, 256),
    (CKM_ECDSA, Some(CKK_EC), CKF_SIGN | CKF_VERIFY, 256, 256),
    (CKM_ECDH1_DERIVE, Some(CKK_EC), CKF_DERIVE, 256, 256),
    (CKM_ML_KEM_KEY_PAIR_GEN, None, CKF_GENERATE_KEY_PAIR, 800, 1568),
    (CKM_ML_KEM, Some(CKK_ML_KEM), CKF_ENCAPSULATE | CKF_DECAPSULATE, 800, 1568),
    (CKM_AES_KEY_GEN, None, CKF_GENERATE, 16, 32),
    (CKM_AES_CTR, Some(CKK_AES), CKF_ENCRYPT | CKF_DECRYPT, 16, 32),
    (CKM_AES_GCM, Some(CKK_AES), CKF_ENCRYPT | CKF_DECRYPT | MESSAGES, 16, 32),
    (CKM_AES_CBC, Some(CKK_AES), CKF_ENCRYPT | CKF_DECRYPT, 16, 32),
    (
        CKM_AES_CBC_PAD,
        Some(CKK_AES),
        CKF_ENCRYPT | CKF_DECRYPT | CKF_WRAP | CKF_UNWRAP | MESSAGES,
        16,
        32,
    ),
];

/// What a cipher does with messages.
const MESSAGES: CK_FLAGS = CKF_MESSAGE_ENCRYPT | CKF_MESSAGE_DECRYPT | CKF_MULTI_MESSAGE;

/// The attribute that permits an operation.
pub(super) fn permission(operation: CK_FLAGS) -> Option<CK_ATTRIBUTE_TYPE> {
    Some(match operation & !CKF_EXTENSION {
        CKF_ENCRYPT | CKF_MESSAGE_ENCRYPT => CKA_ENCRYPT,
        CKF_DECRYPT | CKF_MESSAGE_DECRYPT => CKA_DECRYPT,
        CKF_SIGN | CKF_MESSAGE_SIGN => CKA_SIGN,
        CKF_VERIFY | CKF_MESSAGE_VERIFY => CKA_VERIFY,
        CKF_SIGN_RECOVER => CKA_SIGN_RECOVER,
        CKF_VERIFY_RECOVER => CKA_VERIFY_RECOVER,
        CKF_WRAP => CKA_WRAP,
        CKF_UNWRAP => CKA_UNWRAP,
        CKF_DERIVE => CKA_DERIVE,
        CKF_ENCAPSULATE => CKA_ENCAPSULATE,
        CKF_DECAPSULATE => CKA_DECAPSULATE,
        _ => return None,
    })
}

/// A mechanism's row.
pub(super) fn known(number: CK_MECHANISM_TYPE) -> Answer<Facts> {
    MECHANISMS.into_iter().find(|row| row.0 == number).ok_or(CKR_MECHANISM_INVALID)
}

pub(crate) fn mechanism_list(slot: CK_SLOT_ID, output: Output<CK_MECHANISM_TYPE>) -> Answer {
    with(|state| {
        state.token(slot)?;
        output.put(&MECHANISMS.map(|row| row.0)).map(|_| ())
    })
}

pub(crate) fn mechanism_info(
    slot: CK_SLOT_ID,
    mechanism: CK_MECHANISM_TYPE,
    place: Place<CK_MECHANISM_INFO>,
) -> Answer {
    with(|state| {
        state.token(slot)?;
        let (_, _, flags, min, max) = known(mechanism)?;
        place.put(CK_MECHANISM_INFO { ulMinKeySize: min, ulMaxKeySize: max, flags })
    })
}
