//! Messages: one operation, many messages, each with its own parameter (PKCS#11 §5.9, §5.11,
//! §5.14, §5.16).

use pkcs11_sys::{CK_FLAGS, CKF_END_OF_MESSAGE};

use super::operation::init_with_key;
use super::parameter::ForCall;
use super::{Checked, Cryptoki, ObjectHandle, SessionHandle, check, ck_len, input, written};
use crate::mechanism::Mechanism;
use crate::{Error, ErrorKind, Function, Result};

/// The parameter of a message, for one call.
fn parameter<'p>(name: Function, message: &'p Mechanism<'_>) -> Result<ForCall<'p>> {
    message.check_message().map_err(|error| error.or_function(name))?;
    Ok(message.parameter.for_call())
}

/// Additional data, NULL where there is none: what the standard asks for where the mechanism
/// authenticates nothing.
fn or_null(bytes: &[u8]) -> *mut u8 {
    if bytes.is_empty() { std::ptr::null_mut() } else { input(bytes) }
}

/// Which functions of messages the module has.
macro_rules! functions {
    ($($name:ident, $field:ident;)*) => {
        impl Cryptoki {
            /// Fails if the module's list lacks one of these functions of messages.
            pub(crate) fn needs(&self, functions: &[Function]) -> Result<()> {
                let lacks = |function: &&Function| match function {
                    // By value: a field of a packed struct has no reference.
                    $(Function::$name => { self.list.$field }.is_none(),)*
                    _ => false,
                };
                let Some(&missing) = functions.iter().find(lacks) else {
                    return Ok(());
                };
                Err(Error::from(ErrorKind::FunctionNotSupported).in_function(missing))
            }
        }
    };
}

functions! {
    MessageEncryptInit, C_MessageEncryptInit;
    EncryptMessage, C_EncryptMessage;
    EncryptMessageBegin, C_EncryptMessageBegin;
    EncryptMessageNext, C_EncryptMessageNext;
    MessageEncryptFinal, C_MessageEncryptFinal;
    MessageDecryptInit, C_MessageDecryptInit;
    DecryptMessage, C_DecryptMessage;
    DecryptMessageBegin, C_DecryptMessageBegin;
    DecryptMessageNext, C_DecryptMessageNext;
    MessageDecryptFinal, C_MessageDecryptFinal;
    MessageSignInit, C_MessageSignInit;
    SignMessage, C_SignMessage;
    SignMessageBegin, C_SignMessageBegin;
    SignMessageNext, C_SignMessageNext;
    MessageSignFinal, C_MessageSignFinal;
    MessageVerifyInit, C_MessageVerifyInit;
    VerifyMessage, C_VerifyMessage;
    VerifyMessageBegin, C_VerifyMessageBegin;
    VerifyMessageNext, C_VerifyMessageNext;
    MessageVerifyFinal, C_MessageVerifyFinal;
}

init_with_key! {
    message_encrypt_init, MessageEncryptInit, C_MessageEncryptInit, "5.9.1";
    message_decrypt_init, MessageDecryptInit, C_MessageDecryptInit, "5.11.1";
    message_sign_init, MessageSignInit, C_MessageSignInit, "5.14.1";
    message_verify_init, MessageVerifyInit, C_MessageVerifyInit, "5.16.1";
}

/// `C_XMessage` of a cipher; the length that comes back is checked.
macro_rules! whole {
    ($($method:ident, $name:ident, $field:ident, $section:literal;)*) => {
        impl Cryptoki {$(
            #[doc = concat!("Wraps `", stringify!($field), "` (PKCS#11 §", $section, ").")]
            pub(crate) fn $method(
                &self,
                session: SessionHandle,
                message: &Mechanism<'_>,
                aad: &[u8],
                data: &[u8],
                output: &mut [u8],
            ) -> Result<usize> {
                let (call, _guard) = self.enter(Function::$name, self.list.$field)?;
                let mut parameter = parameter(Function::$name, message)?;
                let (place, size) = parameter.pointer();
                let (size, aad_length) = (ck_len(size)?, ck_len(aad.len())?);
                let data_length = ck_len(data.len())?;
                let mut length = ck_len(output.len())?;
                // SAFETY: the parameter stays where it is during the call, and what it points to
                // is borrowed by the message, writable where the standard writes; the slices are
                // live for their lengths, `output` is writable.
                let code = unsafe {
                    call(
                        session.0,
                        place,
                        size,
                        or_null(aad),
                        aad_length,
                        input(data),
                        data_length,
                        output.as_mut_ptr(),
                        &raw mut length,
                    )
                };
                check(Function::$name, code)?;
                written(Function::$name, length, output.len())
            }
        )*}
    };
}

whole! {
    encrypt_message, EncryptMessage, C_EncryptMessage, "5.9.2";
    decrypt_message, DecryptMessage, C_DecryptMessage, "5.11.2";
}

/// `C_XMessageBegin` of a cipher.
macro_rules! begin {
    ($($method:ident, $name:ident, $field:ident, $section:literal;)*) => {
        impl Cryptoki {$(
            #[doc = concat!("Wraps `", stringify!($field), "` (PKCS#11 §", $section, ").")]
            pub(crate) fn $method(
                &self,
                session: SessionHandle,
                message: &Mechanism<'_>,
                aad: &[u8],
            ) -> Result<()> {
                let (call, _guard) = self.enter(Function::$name, self.list.$field)?;
                let mut parameter = parameter(Function::$name, message)?;
                let (place, size) = parameter.pointer();
                let (size, aad_length) = (ck_len(size)?, ck_len(aad.len())?);
                // SAFETY: the parameter stays where it is during the call, and what it points to
                // is borrowed by the message, writable where the standard writes; the slice is
                // live for its length.
                let code = unsafe { call(session.0, place, size, or_null(aad), aad_length) };
                check(Function::$name, code)
            }
        )*}
    };
}

begin! {
    encrypt_message_begin, EncryptMessageBegin, C_EncryptMessageBegin, "5.9.3";
    decrypt_message_begin, DecryptMessageBegin, C_DecryptMessageBegin, "5.11.3";
}

/// `C_XMessageNext` of a cipher; the length that comes back is checked.
macro_rules! next {
    ($($method:ident, $name:ident, $field:ident, $section:literal;)*) => {
        impl Cryptoki {$(
            #[doc = concat!("Wraps `", stringify!($field), "` (PKCS#11 §", $section, ").")]
            pub(crate) fn $method(
                &self,
                session: SessionHandle,
                message: &Mechanism<'_>,
                data: &[u8],
                output: &mut [u8],
                is_last: bool,
            ) -> Result<usize> {
                let (call, _guard) = self.enter(Function::$name, self.list.$field)?;
                let mut parameter = parameter(Function::$name, message)?;
                let (place, size) = parameter.pointer();
                let (size, data_length) = (ck_len(size)?, ck_len(data.len())?);
                let mut length = ck_len(output.len())?;
                let flags: CK_FLAGS = if is_last { CKF_END_OF_MESSAGE } else { 0 };
                // SAFETY: the parameter stays where it is during the call, and what it points to
                // is borrowed by the message, writable where the standard writes; both slices are
                // live for their lengths, `output` is writable.
                let code = unsafe {
                    call(
                        session.0,
                        place,
                        size,
                        input(data),
                        data_length,
                        output.as_mut_ptr(),
                        &raw mut length,
                        flags,
                    )
                };
                check(Function::$name, code)?;
                written(Function::$name, length, output.len())
            }
        )*}
    };
}

next! {
    encrypt_message_next, EncryptMessageNext, C_EncryptMessageNext, "5.9.4";
    decrypt_message_next, DecryptMessageNext, C_DecryptMessageNext, "5.11.4";
}

/// `C_XMessageBegin` of signatures, which have no parameter for each message.
macro_rules! begin_signature {
    ($($method:ident, $name:ident, $field:ident, $section:literal;)*) => {
        impl Cryptoki {$(
            #[doc = concat!("Wraps `", stringify!($field), "` (PKCS#11 §", $section, ").")]
            pub(crate) fn $method(&self, session: SessionHandle) -> Result<()> {
                let (call, _guard) = self.enter(Function::$name, self.list.$field)?;
                // SAFETY: there is no parameter.
                check(Function::$name, unsafe { call(session.0, std::ptr::null_mut(), 0) })
            }
        )*}
    };
}

begin_signature! {
    sign_message_begin, SignMessageBegin, C_SignMessageBegin, "5.14.3";
    verify_message_begin, VerifyMessageBegin, C_VerifyMessageBegin, "5.16.3";
}

impl Cryptoki {
    /// Wraps `C_SignMessage` (PKCS#11 §5.14.2).
    pub(crate) fn sign_message(
        &self,
        session: SessionHandle,
        data: &[u8],
        signature: &mut [u8],
    ) -> Result<usize> {
        let name = Function::SignMessage;
        let (call, _guard) = self.enter(name, self.list.C_SignMessage)?;
        let data_length = ck_len(data.len())?;
        let mut length = ck_len(signature.len())?;
        let (none, place) = (std::ptr::null_mut(), signature.as_mut_ptr());
        // SAFETY: there is no parameter; both slices are live for their lengths, `signature` is
        // writable.
        let code =
            unsafe { call(session.0, none, 0, input(data), data_length, place, &raw mut length) };
        check(name, code)?;
        written(name, length, signature.len())
    }

    /// Wraps `C_SignMessageNext` (PKCS#11 §5.14.4). The last part gives the signature.
    pub(crate) fn sign_message_next(
        &self,
        session: SessionHandle,
        data: &[u8],
        signature: Option<&mut [u8]>,
    ) -> Result<usize> {
        let name = Function::SignMessageNext;
        let (call, _guard) = self.enter(name, self.list.C_SignMessageNext)?;
        let data_length = ck_len(data.len())?;
        let none = std::ptr::null_mut();
        let Some(signature) = signature else {
            let no_length = std::ptr::null_mut();
            // SAFETY: there is no parameter and no signature; the slice is live for its length.
            let code = unsafe {
                call(session.0, none, 0, input(data), data_length, std::ptr::null_mut(), no_length)
            };
            check(name, code)?;
            return Ok(0);
        };
        let mut length = ck_len(signature.len())?;
        let place = signature.as_mut_ptr();
        // SAFETY: there is no parameter; both slices are live for their lengths, `signature` is
        // writable.
        let code =
            unsafe { call(session.0, none, 0, input(data), data_length, place, &raw mut length) };
        check(name, code)?;
        written(name, length, signature.len())
    }

    /// Wraps `C_VerifyMessage` (PKCS#11 §5.16.2).
    pub(crate) fn verify_message(
        &self,
        session: SessionHandle,
        data: &[u8],
        signature: &[u8],
    ) -> Result<()> {
        let name = Function::VerifyMessage;
        let (call, _guard) = self.enter(name, self.list.C_VerifyMessage)?;
        let (data_length, length) = (ck_len(data.len())?, ck_len(signature.len())?);
        let none = std::ptr::null_mut();
        // SAFETY: there is no parameter; both slices are live for their lengths.
        let code =
            unsafe { call(session.0, none, 0, input(data), data_length, input(signature), length) };
        check(name, code)
    }

    /// Wraps `C_VerifyMessageNext` (PKCS#11 §5.16.4). With the last part goes the signature.
    pub(crate) fn verify_message_next(
        &self,
        session: SessionHandle,
        data: &[u8],
        signature: Option<&[u8]>,
    ) -> Result<()> {
        let name = Function::VerifyMessageNext;
        let (call, _guard) = self.enter(name, self.list.C_VerifyMessageNext)?;
        let data_length = ck_len(data.len())?;
        let length = ck_len(signature.map_or(0, <[u8]>::len))?;
        let (none, place) = (std::ptr::null_mut(), signature.map_or(std::ptr::null_mut(), input));
        // SAFETY: there is no parameter; the slices are live for their lengths, and NULL says that
        // more data follows.
        let code = unsafe { call(session.0, none, 0, input(data), data_length, place, length) };
        check(name, code)
    }
}

/// `C_MessageXFinal`.
macro_rules! end {
    ($($method:ident, $name:ident, $field:ident, $section:literal;)*) => {
        impl Cryptoki {$(
            #[doc = concat!("Wraps `", stringify!($field), "` (PKCS#11 §", $section, ").")]
            pub(crate) fn $method(&self, session: SessionHandle) -> Result<()> {
                let (call, _guard) = self.enter(Function::$name, self.list.$field)?;
                // SAFETY: only a number is passed.
                check(Function::$name, unsafe { call(session.0) })
            }
        )*}
    };
}

end! {
    message_encrypt_final, MessageEncryptFinal, C_MessageEncryptFinal, "5.9.5";
    message_decrypt_final, MessageDecryptFinal, C_MessageDecryptFinal, "5.11.5";
    message_sign_final, MessageSignFinal, C_MessageSignFinal, "5.14.5";
    message_verify_final, MessageVerifyFinal, C_MessageVerifyFinal, "5.16.5";
}
