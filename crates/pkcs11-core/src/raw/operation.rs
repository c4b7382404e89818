//! Encrypting, decrypting, digesting, signing, verifying: starting, and in one shot
//! (PKCS#11 §5.8 to §5.15).

use pkcs11_sys::{CK_C_Encrypt, CK_C_EncryptInit};

use super::{Checked, Cryptoki, ObjectHandle, SessionHandle, check, ck_len, input, written};
use crate::{Function, Result};

/// `C_XInit` with a mechanism and a key.
macro_rules! init_with_key {
    ($($method:ident, $name:ident, $field:ident, $section:literal;)*) => {
        impl Cryptoki {$(
            #[doc = concat!("Wraps `", stringify!($field), "` (PKCS#11 §", $section, ").")]
            #[inline]
            pub(crate) fn $method(
                &self,
                session: SessionHandle,
                mechanism: Checked<'_>,
                key: ObjectHandle,
            ) -> Result<()> {
                self.init_with_key(Function::$name, self.list.$field, session, mechanism, key)
            }
        )*}
    };
}

init_with_key! {
    encrypt_init, EncryptInit, C_EncryptInit, "5.8.1";
    decrypt_init, DecryptInit, C_DecryptInit, "5.10.1";
    sign_init, SignInit, C_SignInit, "5.13.1";
    verify_init, VerifyInit, C_VerifyInit, "5.15.1";
}

/// `C_X` or `C_XUpdate` with data in and data out; the length that comes back is checked.
macro_rules! transform {
    ($($method:ident, $name:ident, $field:ident, $section:literal;)*) => {
        impl Cryptoki {$(
            #[doc = concat!("Wraps `", stringify!($field), "` (PKCS#11 §", $section, ").")]
            #[inline]
            pub(crate) fn $method(
                &self,
                session: SessionHandle,
                data: &[u8],
                output: &mut [u8],
            ) -> Result<usize> {
                self.transform(Function::$name, self.list.$field, session, data, output)
            }
        )*}
    };
}

transform! {
    encrypt, Encrypt, C_Encrypt, "5.8.2";
    decrypt, Decrypt, C_Decrypt, "5.10.2";
    digest, Digest, C_Digest, "5.12.2";
    sign, Sign, C_Sign, "5.13.2";
}

pub(super) use {init_with_key, transform};

impl Cryptoki {
    /// Calls a `C_XInit` that takes a mechanism and a key, by its name and from the function list.
    pub(super) fn init_with_key(
        &self,
        name: Function,
        call: CK_C_EncryptInit,
        session: SessionHandle,
        mechanism: Checked<'_>,
        key: ObjectHandle,
    ) -> Result<()> {
        let (call, _guard) = self.enter(name, call)?;
        mechanism.must_fit(name)?;
        let mut packed = mechanism.pack();
        let mut mechanism = packed.ck_mechanism()?;
        // SAFETY: the mechanism points to values that live during the call.
        check(name, unsafe { call(session.0, &raw mut mechanism, key.0) })
    }

    /// Calls a `C_X` or `C_XUpdate` that takes data and gives data; all of this type do.
    pub(super) fn transform(
        &self,
        name: Function,
        call: CK_C_Encrypt,
        session: SessionHandle,
        data: &[u8],
        output: &mut [u8],
    ) -> Result<usize> {
        let (call, _guard) = self.enter(name, call)?;
        let (data_length, mut length) = (ck_len(data.len())?, ck_len(output.len())?);
        let (data, place) = (input(data), output.as_mut_ptr());
        // SAFETY: both slices are live for their lengths, `output` is writable.
        check(name, unsafe { call(session.0, data, data_length, place, &raw mut length) })?;
        written(name, length, output.len())
    }

    /// Wraps `C_DigestInit` (PKCS#11 §5.12.1).
    pub(crate) fn digest_init(&self, session: SessionHandle, mechanism: Checked<'_>) -> Result<()> {
        let name = Function::DigestInit;
        let (call, _guard) = self.enter(name, self.list.C_DigestInit)?;
        mechanism.must_fit(name)?;
        let mut packed = mechanism.pack();
        let mut mechanism = packed.ck_mechanism()?;
        // SAFETY: the mechanism points to values that live during the call.
        check(name, unsafe { call(session.0, &raw mut mechanism) })
    }

    /// Wraps `C_Verify` (PKCS#11 §5.15.2).
    pub(crate) fn verify(
        &self,
        session: SessionHandle,
        data: &[u8],
        signature: &[u8],
    ) -> Result<()> {
        let name = Function::Verify;
        let (call, _guard) = self.enter(name, self.list.C_Verify)?;
        let (data_length, length) = (ck_len(data.len())?, ck_len(signature.len())?);
        // SAFETY: both slices are live for their lengths.
        let code = unsafe { call(session.0, input(data), data_length, input(signature), length) };
        check(name, code)
    }
}
