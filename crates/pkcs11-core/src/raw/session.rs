//! Sessions and login (PKCS#11 §5.6).

use pkcs11_sys::{CK_FLAGS, CK_INVALID_HANDLE, CK_SESSION_INFO, CKF_SERIAL_SESSION};

use super::slot::pin_pointer;
use super::{Cryptoki, SessionHandle, SlotId, check, ck_len, input, made};
use crate::pin::Pin;
use crate::{Function, Result, SessionFlags, SessionValidation, UserType};

impl Cryptoki {
    /// Wraps `C_OpenSession` (PKCS#11 §5.6.1), without a callback.
    pub(crate) fn open_session(&self, slot: SlotId, flags: SessionFlags) -> Result<SessionHandle> {
        let name = Function::OpenSession;
        let (call, _guard) = self.enter(name, self.list.C_OpenSession)?;
        let flags = flags.bits() | CKF_SERIAL_SESSION;
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

    /// Wraps `C_LoginUser` (PKCS#11 §5.6.9).
    pub(crate) fn login_user(
        &self,
        session: SessionHandle,
        user: UserType,
        name: &str,
        pin: &Pin,
    ) -> Result<()> {
        let function = Function::LoginUser;
        let (call, _guard) = self.enter(function, self.list.C_LoginUser)?;
        let (pin, length) = pin_pointer(pin)?;
        let name_length = ck_len(name.len())?;
        let name = input(name.as_bytes());
        // SAFETY: the PIN is NULL or live bytes of its length, the name is live for its own.
        let code = unsafe { call(session.0, user.number(), pin, length, name, name_length) };
        check(function, code)
    }

    /// Wraps `C_CloseAllSessions` (PKCS#11 §5.6.3).
    pub(crate) fn close_all_sessions(&self, slot: SlotId) -> Result<()> {
        let name = Function::CloseAllSessions;
        let (call, _guard) = self.enter(name, self.list.C_CloseAllSessions)?;
        // SAFETY: only numbers are passed.
        check(name, unsafe { call(slot.0) })
    }

    /// Wraps `C_GetSessionValidationFlags` (PKCS#11 §5.6.11).
    pub(crate) fn validation_flags(
        &self,
        session: SessionHandle,
        which: SessionValidation,
    ) -> Result<CK_FLAGS> {
        let name = Function::GetSessionValidationFlags;
        let (call, _guard) = self.enter(name, self.list.C_GetSessionValidationFlags)?;
        let mut flags = 0;
        // SAFETY: `flags` is a local.
        let code = unsafe { call(session.0, which.number(), &raw mut flags) };
        check(name, code)?;
        Ok(flags)
    }

    /// Wraps `C_GetFunctionStatus` (PKCS#11 §5.20.1).
    pub(crate) fn function_status(&self, session: SessionHandle) -> Result<()> {
        let name = Function::GetFunctionStatus;
        let (call, _guard) = self.enter(name, self.list.C_GetFunctionStatus)?;
        // SAFETY: only numbers are passed.
        check(name, unsafe { call(session.0) })
    }

    /// Wraps `C_CancelFunction` (PKCS#11 §5.20.2).
    pub(crate) fn cancel_function(&self, session: SessionHandle) -> Result<()> {
        let name = Function::CancelFunction;
        let (call, _guard) = self.enter(name, self.list.C_CancelFunction)?;
        // SAFETY: only numbers are passed.
        check(name, unsafe { call(session.0) })
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
