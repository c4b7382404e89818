//! Sessions and login (PKCS#11 §5.6).

use pkcs11_sys::{
    CK_FLAGS, CK_INVALID_HANDLE, CK_SESSION_INFO, CKF_RW_SESSION, CKF_SERIAL_SESSION,
};

use super::slot::pin_pointer;
use super::{Cryptoki, SessionHandle, SlotId, check, made};
use crate::pin::Pin;
use crate::{Function, Result, UserType};

impl Cryptoki {
    /// Wraps `C_OpenSession` (PKCS#11 §5.6.1), without a callback.
    pub(crate) fn open_session(&self, slot: SlotId, read_write: bool) -> Result<SessionHandle> {
        let name = Function::OpenSession;
        let (call, _guard) = self.enter(name, self.list.C_OpenSession)?;
        let flags =
            if read_write { CKF_SERIAL_SESSION | CKF_RW_SESSION } else { CKF_SERIAL_SESSION };
        let mut session = CK_INVALID_HANDLE;
        // SAFETY: no callback is given, so no application pointer is needed; `session` is a local.
        let code = unsafe { call(slot.0, flags, std::ptr::null_mut(), None, &raw mut session) };
        check(name, code)?;
        made(name, session).map(SessionHandle)
    }

    /// Wraps `C_CloseSession` (PKCS#11 §5.6.2).
    pub(crate) fn close_session(&self, session: SessionHandle) -> Result<()> {
        let name = Function::CloseSession;
        let (call, _guard) = self.enter(name, self.list.C_CloseSession)?;
        // SAFETY: only numbers are passed.
        check(name, unsafe { call(session.0) })
    }

    /// Wraps `C_GetSessionInfo` (PKCS#11 §5.6.4).
    pub(crate) fn session_info(&self, session: SessionHandle) -> Result<CK_SESSION_INFO> {
        let name = Function::GetSessionInfo;
        let (call, _guard) = self.enter(name, self.list.C_GetSessionInfo)?;
        let mut info = CK_SESSION_INFO::default();
        // SAFETY: `info` is a local of the type that the function fills.
        let code = unsafe { call(session.0, &raw mut info) };
        check(name, code)?;
        Ok(info)
    }

    /// Wraps `C_SessionCancel` (PKCS#11 §5.6.5).
    pub(crate) fn session_cancel(&self, session: SessionHandle, flags: CK_FLAGS) -> Result<()> {
        let name = Function::SessionCancel;
        let (call, _guard) = self.enter(name, self.list.C_SessionCancel)?;
        // SAFETY: only numbers are passed.
        check(name, unsafe { call(session.0, flags) })
    }

    /// Wraps `C_Login` (PKCS#11 §5.6.8).
    pub(crate) fn login(&self, session: SessionHandle, user: UserType, pin: &Pin) -> Result<()> {
        let name = Function::Login;
        let (call, _guard) = self.enter(name, self.list.C_Login)?;
        let (pin, length) = pin_pointer(pin)?;
        // SAFETY: the PIN is NULL or live bytes of that length.
        let code = unsafe { call(session.0, user.number(), pin, length) };
        check(name, code)
    }

    /// Wraps `C_Logout` (PKCS#11 §5.6.10).
    pub(crate) fn logout(&self, session: SessionHandle) -> Result<()> {
        let name = Function::Logout;
        let (call, _guard) = self.enter(name, self.list.C_Logout)?;
        // SAFETY: only numbers are passed.
        check(name, unsafe { call(session.0) })
    }

    /// Wraps `C_InitPIN` (PKCS#11 §5.5.8).
    pub(crate) fn init_pin(&self, session: SessionHandle, pin: &Pin) -> Result<()> {
        let name = Function::InitPIN;
        let (call, _guard) = self.enter(name, self.list.C_InitPIN)?;
        let (pin, length) = pin_pointer(pin)?;
        // SAFETY: the PIN is NULL or live bytes of that length.
        let code = unsafe { call(session.0, pin, length) };
        check(name, code)
    }

    /// Wraps `C_SetPIN` (PKCS#11 §5.5.9).
    pub(crate) fn set_pin(&self, session: SessionHandle, old: &Pin, new: &Pin) -> Result<()> {
        let name = Function::SetPIN;
        let (call, _guard) = self.enter(name, self.list.C_SetPIN)?;
        let (old, old_length) = pin_pointer(old)?;
        let (new, new_length) = pin_pointer(new)?;
        // SAFETY: both PINs are NULL or live bytes of their lengths.
        let code = unsafe { call(session.0, old, old_length, new, new_length) };
        check(name, code)
    }
}
