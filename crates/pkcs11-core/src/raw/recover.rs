//! Signing and verifying with recovery of the data (PKCS#11 §5.13.5, §5.13.6, §5.15.5, §5.15.6).

use super::operation::{init_with_key, transform};
use super::{Checked, Cryptoki, ObjectHandle, SessionHandle};
use crate::{Function, Result};

init_with_key! {
    sign_recover_init, SignRecoverInit, C_SignRecoverInit, "5.13.5";
    verify_recover_init, VerifyRecoverInit, C_VerifyRecoverInit, "5.15.5";
}

transform! {
    sign_recover, SignRecover, C_SignRecover, "5.13.6";
    verify_recover, VerifyRecover, C_VerifyRecover, "5.15.6";
}
