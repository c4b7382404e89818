//! Verifying a signature that is given first (PKCS#11 §5.15.7 to §5.15.10).

use super::multipart::feed;
use super::{Checked, Cryptoki, ObjectHandle, SessionHandle, check, ck_len, input};
use crate::{Function, Result};

impl Cryptoki {
    /// Wraps `C_VerifySignatureInit` (PKCS#11 §5.15.7).
    pub(crate) fn verify_signature_init(
        &self,
        session: SessionHandle,
        mechanism: Checked<'_>,
        key: ObjectHandle,
        signature: &[u8],
    ) -> Result<()> {
        let name = Function::VerifySignatureInit;
        let (call, _guard) = self.enter(name, self.list.C_VerifySignatureInit)?;
        mechanism.must_fit(name)?;
        let mut packed = mechanism.pack();
        let mut mechanism = packed.ck_mechanism()?;
        let length = ck_len(signature.len())?;
        // SAFETY: the mechanism points to values that live during the call, and the signature is
        // live for its length.
        let code = unsafe { call(session.0, &raw mut mechanism, key.0, input(signature), length) };
        check(name, code)
    }

    /// Wraps `C_VerifySignatureFinal` (PKCS#11 §5.15.10).
    pub(crate) fn verify_signature_final(&self, session: SessionHandle) -> Result<()> {
        let name = Function::VerifySignatureFinal;
        let (call, _guard) = self.enter(name, self.list.C_VerifySignatureFinal)?;
        // SAFETY: only numbers are passed.
        check(name, unsafe { call(session.0) })
    }
}

feed! {
    verify_signature, VerifySignature, C_VerifySignature, "5.15.8";
    verify_signature_update, VerifySignatureUpdate, C_VerifySignatureUpdate, "5.15.9";
}
