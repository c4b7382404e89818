//! Initialising, finalizing, and what the module says of itself (PKCS#11 §5.4).

use std::ffi::CString;

use pkcs11_sys::{
    CK_C_INITIALIZE_ARGS, CK_INFO, CKF_LIBRARY_CANT_CREATE_OS_THREADS, CKF_OS_LOCKING_OK,
};

use super::{Cryptoki, check};
use crate::{Function, Result};

/// What `C_Initialize` is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InitializeArgs<'a> {
    /// Whether the module may be called by several threads, locking as the system does.
    pub(crate) os_locking: bool,
    /// Whether the module must not create threads.
    pub(crate) no_threads: bool,
    /// A string for `pReserved`, as some modules want it.
    pub(crate) reserved: Option<&'a CString>,
}

impl Cryptoki {
    /// Wraps `C_Initialize` (PKCS#11 §5.4.1).
    pub(crate) fn initialize(&self, args: InitializeArgs<'_>) -> Result<()> {
        let name = Function::Initialize;
        let (call, _guard) = self.enter(name, self.list.C_Initialize)?;
        let mut flags = 0;
        if args.os_locking {
            flags |= CKF_OS_LOCKING_OK;
        }
        if args.no_threads {
            flags |= CKF_LIBRARY_CANT_CREATE_OS_THREADS;
        }
        let mut args = CK_C_INITIALIZE_ARGS {
            flags,
            pReserved: args
                .reserved
                .map_or(std::ptr::null_mut(), |text| text.as_ptr().cast_mut().cast()),
            ..Default::default()
        };
        // SAFETY: `args` and the string that it points to live during the call; the registry's
        // lock keeps other threads out of C_Initialize and C_Finalize.
        let code = unsafe { call((&raw mut args).cast()) };
        check(name, code)
    }

    /// Wraps `C_Finalize` (PKCS#11 §5.4.2).
    pub(crate) fn finalize(&self) -> Result<()> {
        let name = Function::Finalize;
        let (call, _guard) = self.enter(name, self.list.C_Finalize)?;
        // SAFETY: the standard wants NULL; the registry's lock keeps other threads out, and no
        // call is in flight: the gates are closed, or this is the last handle.
        let code = unsafe { call(std::ptr::null_mut()) };
        check(name, code)
    }

    /// Wraps `C_GetInfo` (PKCS#11 §5.4.3).
    pub(crate) fn info(&self) -> Result<CK_INFO> {
        let name = Function::GetInfo;
        let (call, _guard) = self.enter(name, self.list.C_GetInfo)?;
        let mut info = CK_INFO::default();
        // SAFETY: `info` is a local of the type that the function fills.
        let code = unsafe { call(&raw mut info) };
        check(name, code)?;
        Ok(info)
    }
}
