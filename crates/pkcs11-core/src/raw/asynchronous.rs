//! Calls that a module may finish later (PKCS#11 §5.21).

mod loan;

use std::ffi::CString;

use pkcs11_sys::{CK_ASYNC_DATA, CK_ULONG, CKR_OK, CKR_PENDING};
use zeroize::Zeroize;

use loan::fits;
pub(crate) use loan::{Loan, Returned, Step};

use super::{Cryptoki, ObjectHandle, SessionHandle, check, ck_len, failed};
use crate::mechanism::Mechanism;
use crate::{Error, Function, Result, Template};

/// The name of a function as the asynchronous functions want it.
fn c_name(function: Function) -> Result<CString> {
    CString::new(function.name()).map_err(|_| Error::invalid("a function's name has no zero byte"))
}

impl Cryptoki {
    /// Whether the function list has what an asynchronous session cannot do without.
    pub(crate) fn has_async_complete(&self) -> bool {
        // By value: a field of a packed struct has no reference.
        { self.list.C_AsyncComplete }.is_some()
    }

    /// Wraps `C_EncryptInit`, `C_DecryptInit` and `C_SignInit` in an asynchronous session.
    pub(crate) fn async_init(
        &self,
        session: SessionHandle,
        function: Function,
        mechanism: Mechanism<'static>,
        key: ObjectHandle,
    ) -> Result<Step> {
        let call = match function {
            Function::EncryptInit => self.list.C_EncryptInit,
            Function::DecryptInit => self.list.C_DecryptInit,
            Function::SignInit => self.list.C_SignInit,
            _ => None,
        };
        let (call, _guard) = self.enter(function, call)?;
        fits(&mechanism, &[], function)?;
        let mut loan = Loan::new(function);
        let place = loan.lend_mechanism(mechanism)?;
        // SAFETY: the mechanism, and what it points to, stays until the call has ended.
        let code = unsafe { call(session.0, place, key.0) };
        loan.answered(code)
    }

    /// Wraps `C_Encrypt`, `C_Decrypt` and `C_Sign` in an asynchronous session.
    pub(crate) fn async_one_shot(
        &self,
        session: SessionHandle,
        function: Function,
        data: Vec<u8>,
        output: Vec<u8>,
    ) -> Result<Step> {
        let call = match function {
            Function::Encrypt => self.list.C_Encrypt,
            Function::Decrypt => self.list.C_Decrypt,
            Function::Sign => self.list.C_Sign,
            _ => None,
        };
        let (call, _guard) = self.enter(function, call)?;
        let mut loan = Loan::new(function);
        let (data, data_length) = loan.lend_input(data)?;
        let (place, length) = loan.lend_output(output)?;
        // SAFETY: input, output and length stay until the call has ended, with these lengths.
        let code = unsafe { call(session.0, data, data_length, place, length) };
        loan.answered(code)
    }

    /// Wraps `C_GenerateKey` in an asynchronous session.
    pub(crate) fn async_generate_key(
        &self,
        session: SessionHandle,
        mechanism: Mechanism<'static>,
        template: Template<'static>,
    ) -> Result<Step> {
        let name = Function::GenerateKey;
        let (call, _guard) = self.enter(name, self.list.C_GenerateKey)?;
        fits(&mechanism, &[&template], name)?;
        let mut loan = Loan::new(name);
        let (attributes, count) = loan.lend_template(template)?;
        let mechanism = loan.lend_mechanism(mechanism)?;
        let [key, _] = loan.lend_places();
        // SAFETY: mechanism, template and the place for the handle stay until the call has ended.
        let code = unsafe { call(session.0, mechanism, attributes, count, key) };
        loan.answered(code)
    }

    /// Wraps `C_GenerateKeyPair` in an asynchronous session.
    pub(crate) fn async_generate_key_pair(
        &self,
        session: SessionHandle,
        mechanism: Mechanism<'static>,
        public: Template<'static>,
        private: Template<'static>,
    ) -> Result<Step> {
        let name = Function::GenerateKeyPair;
        let (call, _guard) = self.enter(name, self.list.C_GenerateKeyPair)?;
        fits(&mechanism, &[&public, &private], name)?;
        let mut loan = Loan::new(name);
        let (for_public, public_count) = loan.lend_template(public)?;
        let (for_private, private_count) = loan.lend_template(private)?;
        let mechanism = loan.lend_mechanism(mechanism)?;
        let [public_key, private_key] = loan.lend_places();
        // SAFETY: mechanism, templates and the two places stay until the call has ended.
        let code = unsafe {
            call(
                session.0,
                mechanism,
                for_public,
                public_count,
                for_private,
                private_count,
                public_key,
                private_key,
            )
        };
        loan.answered(code)
    }

    /// Wraps `C_AsyncComplete` (PKCS#11 §5.21.1). The code of an error is that of the function
    /// that was called.
    pub(crate) fn async_complete(&self, session: SessionHandle, loan: Loan) -> Result<Step> {
        let name = Function::AsyncComplete;
        let (call, _guard) = self.enter(name, self.list.C_AsyncComplete)?;
        let text = c_name(loan.function())?;
        let mut result = CK_ASYNC_DATA::default();
        // SAFETY: the text ends with a zero byte, and `result` is a local: this call itself is
        // not pending, it tells of another one.
        let code = unsafe { call(session.0, text.as_ptr().cast_mut().cast(), &raw mut result) };
        let named = loan.output_place() == Some(result.pValue);
        match code {
            CKR_PENDING => Ok(Step::Pending(loan)),
            CKR_OK if named || loan.output_place().is_none() => {
                loan.done(result.ulValue, [result.hObject, result.hAdditionalObject])
            }
            CKR_OK => {
                Err(Error::misbehaved(name, "it completed a call with a buffer of another one"))
            }
            code => {
                let error = failed(loan.function(), code);
                if named {
                    // SAFETY: with an error, the module names the buffer for it to be freed
                    // (PKCS#11 §5.21.1): the call has ended.
                    unsafe { loan.free() }.zeroize();
                }
                Err(error)
            }
        }
    }

    /// Wraps `C_AsyncGetID` (PKCS#11 §5.21.2), after which nobody uses what the call was lent. Where
    /// it fails, the call goes on.
    pub(crate) fn async_id(
        &self,
        session: SessionHandle,
        loan: &mut Option<Loan>,
    ) -> Result<CK_ULONG> {
        let name = Function::AsyncGetID;
        let (call, _guard) = self.enter(name, self.list.C_AsyncGetID)?;
        let none = || Error::invalid("no call is pending").in_function(name);
        let text = c_name(loan.as_ref().ok_or_else(none)?.function())?;
        let mut id = 0;
        // SAFETY: the text ends with a zero byte, and `id` is a local.
        let code = unsafe { call(session.0, text.as_ptr().cast_mut().cast(), &raw mut id) };
        check(name, code)?;
        if let Some(loan) = loan.take() {
            // SAFETY: after success the caller should free what it passed (PKCS#11 §5.21.2).
            unsafe { loan.free() }.zeroize();
        }
        Ok(id)
    }

    /// Wraps `C_AsyncJoin` (PKCS#11 §5.21.3). An empty buffer is none.
    pub(crate) fn async_join(
        &self,
        session: SessionHandle,
        function: Function,
        id: CK_ULONG,
        output: Vec<u8>,
    ) -> Result<Loan> {
        let name = Function::AsyncJoin;
        let (call, _guard) = self.enter(name, self.list.C_AsyncJoin)?;
        let text = c_name(function)?;
        let capacity = ck_len(output.len())?;
        let mut loan = Loan::new(function);
        if capacity > 0 {
            loan.lend_output(output)?;
        }
        let place = loan.output_place().unwrap_or(std::ptr::null_mut());
        let text = text.as_ptr().cast_mut().cast();
        // SAFETY: the text ends with a zero byte and is a local; the buffer stays until the call
        // that is joined has ended.
        let code = unsafe { call(session.0, text, id, place, capacity) };
        match check(name, code) {
            Ok(()) => Ok(loan),
            Err(error) => {
                // SAFETY: nothing was joined (PKCS#11 §5.1).
                drop(unsafe { loan.free() });
                Err(error)
            }
        }
    }
}
