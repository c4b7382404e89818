//! Encrypting, decrypting, digesting, signing, verifying in parts (PKCS#11 §5.8 to §5.15).

use super::operation::transform;
use super::{Cryptoki, ObjectHandle, SessionHandle, check, ck_len, input, written};
use crate::{Function, Result};

transform! {
    encrypt_update, EncryptUpdate, C_EncryptUpdate, "5.8.3";
    decrypt_update, DecryptUpdate, C_DecryptUpdate, "5.10.3";
}

/// `C_XUpdate` with data in alone.
macro_rules! feed {
    ($($method:ident, $name:ident, $field:ident, $section:literal;)*) => {
        impl Cryptoki {$(
            #[doc = concat!("Wraps `", stringify!($field), "` (PKCS#11 §", $section, ").")]
            #[inline]
            pub(crate) fn $method(&self, session: SessionHandle, data: &[u8]) -> Result<()> {
                let (call, _guard) = self.enter(Function::$name, self.list.$field)?;
                let length = ck_len(data.len())?;
                // SAFETY: the slice is live for its length; the function reads it.
                check(Function::$name, unsafe { call(session.0, input(data), length) })
            }
        )*}
    };
}

feed! {
    digest_update, DigestUpdate, C_DigestUpdate, "5.12.3";
    sign_update, SignUpdate, C_SignUpdate, "5.13.3";
    verify_update, VerifyUpdate, C_VerifyUpdate, "5.15.3";
    // The signature that the data before it must have.
    verify_final, VerifyFinal, C_VerifyFinal, "5.15.4";
}

/// `C_XFinal` with data out alone; the length that comes back is checked.
macro_rules! end {
    ($($method:ident, $name:ident, $field:ident, $section:literal;)*) => {
        impl Cryptoki {$(
            #[doc = concat!("Wraps `", stringify!($field), "` (PKCS#11 §", $section, ").")]
            #[inline]
            pub(crate) fn $method(
                &self,
                session: SessionHandle,
                output: &mut [u8],
            ) -> Result<usize> {
                let (call, _guard) = self.enter(Function::$name, self.list.$field)?;
                let mut length = ck_len(output.len())?;
                // SAFETY: `output` is live and writable for its length.
                let code = unsafe { call(session.0, output.as_mut_ptr(), &raw mut length) };
                check(Function::$name, code)?;
                written(Function::$name, length, output.len())
            }
        )*}
    };
}

end! {
    encrypt_final, EncryptFinal, C_EncryptFinal, "5.8.4";
    decrypt_final, DecryptFinal, C_DecryptFinal, "5.10.4";
    digest_final, DigestFinal, C_DigestFinal, "5.12.5";
    sign_final, SignFinal, C_SignFinal, "5.13.4";
}

pub(super) use {end, feed};

impl Cryptoki {
    /// Wraps `C_DigestKey` (PKCS#11 §5.12.4).
    pub(crate) fn digest_key(&self, session: SessionHandle, key: ObjectHandle) -> Result<()> {
        let name = Function::DigestKey;
        let (call, _guard) = self.enter(name, self.list.C_DigestKey)?;
        // SAFETY: only numbers are passed.
        check(name, unsafe { call(session.0, key.0) })
    }
}
