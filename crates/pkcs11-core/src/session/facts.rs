//! What a session tells of validations, and the functions that are left of an older standard.

use super::Session;
use crate::vocabulary::{SessionValidation, ValidationFlags};
use crate::{Function, Result};

impl Session {
    /// Which validations held for what the session did last. Wraps `C_GetSessionValidationFlags`
    /// (PKCS#11 §5.6.11), which is of 3.2.
    ///
    /// The bits are the module's own: each validation object of the token tells its own,
    /// `CKA_VALIDATION_FLAG`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FunctionNotSupported`](crate::ErrorKind::FunctionNotSupported) of a module
    /// before 3.2; else what the function answers.
    pub fn validation_flags(&self, which: SessionValidation) -> Result<ValidationFlags> {
        let flags = self.call(Function::GetSessionValidationFlags, |cryptoki, session| {
            cryptoki.validation_flags(session, which)
        })?;
        Ok(ValidationFlags::from_bits_retain(flags))
    }

    /// Wraps `C_GetFunctionStatus` (PKCS#11 §5.20.1), which is left of a standard before 2.0 and
    /// only says that nothing runs in parallel.
    ///
    /// # Errors
    ///
    /// `CKR_FUNCTION_NOT_PARALLEL`, always; some modules answer otherwise.
    pub fn function_status(&self) -> Result<()> {
        self.call(Function::GetFunctionStatus, |cryptoki, session| {
            cryptoki.function_status(session)
        })
    }

    /// Wraps `C_CancelFunction` (PKCS#11 §5.20.2), which is left of a standard before 2.0 and
    /// cancels nothing: see [`cancel_operations`](Self::cancel_operations).
    ///
    /// # Errors
    ///
    /// `CKR_FUNCTION_NOT_PARALLEL`, always; some modules answer otherwise.
    pub fn cancel_function(&self) -> Result<()> {
        self.call(Function::CancelFunction, |cryptoki, session| cryptoki.cancel_function(session))
    }
}
