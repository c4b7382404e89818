//! C calls made by hand: what the library is compared with.

use std::path::Path;
use std::ptr;

use pkcs11::{ObjectHandle, Session};
use pkcs11_sys::loader::{Library, OpenFlags};
use pkcs11_sys::{
    CK_FUNCTION_LIST, CK_MECHANISM, CK_MECHANISM_TYPE, CK_RV, CK_SESSION_HANDLE, CK_ULONG, CKR_OK,
    EntryPoints,
};

use crate::Outcome;

/// What a program in C does, with what it must check: return codes, and nothing else.
#[derive(Clone, Copy, Debug)]
pub struct ByHand {
    list: CK_FUNCTION_LIST,
    session: CK_SESSION_HANDLE,
}

impl ByHand {
    /// Calls in this session of the module in this file.
    ///
    /// # Errors
    ///
    /// If the file is no module.
    pub fn new(path: &Path, session: &Session) -> Outcome<Self> {
        // SAFETY: the file is a module, which the library has loaded already.
        let library = unsafe { Library::open(path, OpenFlags::new()) }?;
        let points = library.entry_points();
        library.leak();
        Ok(Self { list: list(points), session: session.handle().number() })
    }

    pub(super) fn on(list: CK_FUNCTION_LIST, session: &Session) -> Self {
        Self { list, session: session.handle().number() }
    }

    /// `C_EncryptInit`.
    #[inline]
    pub fn encrypt_init(
        &self,
        mechanism: CK_MECHANISM_TYPE,
        parameter: &mut [u8],
        key: ObjectHandle,
    ) {
        let mut mechanism = ck_mechanism(mechanism, parameter);
        let call = self.list.C_EncryptInit.expect("every module has it");
        // SAFETY: the mechanism and what it points to live during the call.
        ok(unsafe { call(self.session, &raw mut mechanism, key.number()) });
    }

    /// `C_EncryptUpdate`; how much was written.
    #[inline]
    pub fn encrypt_update(&self, data: &[u8], output: &mut [u8]) -> usize {
        let mut length = ck(output.len());
        let call = self.list.C_EncryptUpdate.expect("every module has it");
        let from = data.as_ptr().cast_mut();
        // SAFETY: both slices live for their lengths; the function only reads the first.
        ok(unsafe {
            call(self.session, from, ck(data.len()), output.as_mut_ptr(), &raw mut length)
        });
        usize::try_from(length).unwrap_or(0)
    }

    /// `C_EncryptFinal`; how much was written.
    #[inline]
    pub fn encrypt_final(&self, output: &mut [u8]) -> usize {
        let mut length = ck(output.len());
        let call = self.list.C_EncryptFinal.expect("every module has it");
        // SAFETY: the slice lives for its length.
        ok(unsafe { call(self.session, output.as_mut_ptr(), &raw mut length) });
        usize::try_from(length).unwrap_or(0)
    }

    /// `C_SignInit` with a mechanism that takes no parameter.
    #[inline]
    pub fn sign_init(&self, mechanism: CK_MECHANISM_TYPE, key: ObjectHandle) {
        let mut mechanism = ck_mechanism(mechanism, &mut []);
        let call = self.list.C_SignInit.expect("every module has it");
        // SAFETY: the mechanism lives during the call.
        ok(unsafe { call(self.session, &raw mut mechanism, key.number()) });
    }

    /// `C_Sign`; how much was written.
    #[inline]
    pub fn sign(&self, data: &[u8], output: &mut [u8]) -> usize {
        let mut length = ck(output.len());
        let call = self.list.C_Sign.expect("every module has it");
        let from = data.as_ptr().cast_mut();
        // SAFETY: both slices live for their lengths; the function only reads the first.
        ok(unsafe {
            call(self.session, from, ck(data.len()), output.as_mut_ptr(), &raw mut length)
        });
        usize::try_from(length).unwrap_or(0)
    }
}

/// The module's list of 2.40.
pub(super) fn list(points: EntryPoints) -> CK_FUNCTION_LIST {
    let mut list = ptr::null_mut();
    // SAFETY: it is a module's `C_GetFunctionList`, which writes a pointer (PKCS#11 §5.4.4).
    ok(unsafe { (points.get_function_list)(&raw mut list) });
    // SAFETY: the module has answered OK, so it points to its list.
    unsafe { list.read() }
}

fn ck_mechanism(mechanism: CK_MECHANISM_TYPE, parameter: &mut [u8]) -> CK_MECHANISM {
    let length = ck(parameter.len());
    let pointer =
        if parameter.is_empty() { ptr::null_mut() } else { parameter.as_mut_ptr().cast() };
    CK_MECHANISM { mechanism, pParameter: pointer, ulParameterLen: length }
}

#[inline]
fn ck(length: usize) -> CK_ULONG {
    CK_ULONG::try_from(length).expect("a length of C")
}

#[inline]
fn ok(code: CK_RV) {
    assert_eq!(code, CKR_OK);
}
