//! Two operations fed by one call (PKCS#11 §5.16).

use super::operation::transform;
use super::{Cryptoki, SessionHandle};
use crate::{Function, Result};

transform! {
    digest_encrypt_update, DigestEncryptUpdate, C_DigestEncryptUpdate, "5.16.1";
    decrypt_digest_update, DecryptDigestUpdate, C_DecryptDigestUpdate, "5.16.2";
    sign_encrypt_update, SignEncryptUpdate, C_SignEncryptUpdate, "5.16.3";
    decrypt_verify_update, DecryptVerifyUpdate, C_DecryptVerifyUpdate, "5.16.4";
}

impl Cryptoki {
    /// Whether the function list has this update of two operations.
    pub(crate) fn has_dual(&self, function: Function) -> bool {
        // By value: a field of a packed struct has no reference.
        match function {
            Function::DigestEncryptUpdate => { self.list.C_DigestEncryptUpdate }.is_some(),
            Function::DecryptDigestUpdate => { self.list.C_DecryptDigestUpdate }.is_some(),
            Function::SignEncryptUpdate => { self.list.C_SignEncryptUpdate }.is_some(),
            Function::DecryptVerifyUpdate => { self.list.C_DecryptVerifyUpdate }.is_some(),
            _ => false,
        }
    }
}
