//! Saving and restoring the operation of a session (PKCS#11 §5.6.6, §5.6.7).

use pkcs11_sys::CK_INVALID_HANDLE;

use super::multipart::end;
use super::{Cryptoki, ObjectHandle, SessionHandle, check, ck_len, input, written};
use crate::{Function, Result};

end! {
    operation_state, GetOperationState, C_GetOperationState, "5.6.6";
}

impl Cryptoki {
    /// Wraps `C_SetOperationState` (PKCS#11 §5.6.7).
    pub(crate) fn set_operation_state(
        &self,
        session: SessionHandle,
        state: &[u8],
        encryption_key: Option<ObjectHandle>,
        authentication_key: Option<ObjectHandle>,
    ) -> Result<()> {
        let name = Function::SetOperationState;
        let (call, _guard) = self.enter(name, self.list.C_SetOperationState)?;
        let length = ck_len(state.len())?;
        let handle = |key: Option<ObjectHandle>| key.map_or(CK_INVALID_HANDLE, |key| key.0);
        let (encryption, authentication) = (handle(encryption_key), handle(authentication_key));
        // SAFETY: the slice is live for its length, and the function reads it.
        let code = unsafe { call(session.0, input(state), length, encryption, authentication) };
        check(name, code)
    }
}
