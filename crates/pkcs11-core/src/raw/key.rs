//! Generating and deriving keys, and random numbers (PKCS#11 §5.18, §5.19).

use pkcs11_sys::CK_INVALID_HANDLE;

use super::{Cryptoki, ObjectHandle, PackedTemplate, SessionHandle, check, ck_len, input, made};
use crate::mechanism::Mechanism;
use crate::{Function, Result};

impl Cryptoki {
    /// Wraps `C_GenerateKey` (PKCS#11 §5.18.1).
    pub(crate) fn generate_key(
        &self,
        session: SessionHandle,
        mechanism: &Mechanism<'_>,
        template: &PackedTemplate<'_>,
    ) -> Result<ObjectHandle> {
        let name = Function::GenerateKey;
        let (call, _guard) = self.enter(name, self.list.C_GenerateKey)?;
        let mut packed = mechanism.pack(name)?;
        let mut mechanism = packed.ck_mechanism()?;
        let mut key = CK_INVALID_HANDLE;
        let (attributes, count) = template.pointer()?;
        // SAFETY: mechanism and template point to values that live during the call.
        let code = unsafe { call(session.0, &raw mut mechanism, attributes, count, &raw mut key) };
        check(name, code)?;
        made(name, key).map(ObjectHandle)
    }

    /// Wraps `C_GenerateKeyPair` (PKCS#11 §5.18.2).
    pub(crate) fn generate_key_pair(
        &self,
        session: SessionHandle,
        mechanism: &Mechanism<'_>,
        public: &PackedTemplate<'_>,
        private: &PackedTemplate<'_>,
    ) -> Result<(ObjectHandle, ObjectHandle)> {
        let name = Function::GenerateKeyPair;
        let (call, _guard) = self.enter(name, self.list.C_GenerateKeyPair)?;
        let mut packed = mechanism.pack(name)?;
        let mut mechanism = packed.ck_mechanism()?;
        let (mut public_key, mut private_key) = (CK_INVALID_HANDLE, CK_INVALID_HANDLE);
        let (public, public_count) = public.pointer()?;
        let (private, private_count) = private.pointer()?;
        // SAFETY: mechanism and templates point to values that live during the call.
        let code = unsafe {
            call(
                session.0,
                &raw mut mechanism,
                public,
                public_count,
                private,
                private_count,
                &raw mut public_key,
                &raw mut private_key,
            )
        };
        check(name, code)?;
        Ok((ObjectHandle(made(name, public_key)?), ObjectHandle(made(name, private_key)?)))
    }

    /// Wraps `C_DeriveKey` (PKCS#11 §5.18.5).
    pub(crate) fn derive_key(
        &self,
        session: SessionHandle,
        mechanism: &Mechanism<'_>,
        base: ObjectHandle,
        template: &PackedTemplate<'_>,
    ) -> Result<ObjectHandle> {
        let name = Function::DeriveKey;
        let (call, _guard) = self.enter(name, self.list.C_DeriveKey)?;
        let mut packed = mechanism.pack(name)?;
        let mut mechanism = packed.ck_mechanism()?;
        let mut key = CK_INVALID_HANDLE;
        let (attributes, count) = template.pointer()?;
        // SAFETY: mechanism and template point to values that live during the call.
        let code =
            unsafe { call(session.0, &raw mut mechanism, base.0, attributes, count, &raw mut key) };
        check(name, code)?;
        made(name, key).map(ObjectHandle)
    }

    /// Wraps `C_SeedRandom` (PKCS#11 §5.19.1).
    pub(crate) fn seed_random(&self, session: SessionHandle, seed: &[u8]) -> Result<()> {
        let name = Function::SeedRandom;
        let (call, _guard) = self.enter(name, self.list.C_SeedRandom)?;
        let length = ck_len(seed.len())?;
        // SAFETY: `seed` is live for its length.
        check(name, unsafe { call(session.0, input(seed), length) })
    }

    /// Wraps `C_GenerateRandom` (PKCS#11 §5.19.2).
    pub(crate) fn generate_random(&self, session: SessionHandle, output: &mut [u8]) -> Result<()> {
        let name = Function::GenerateRandom;
        let (call, _guard) = self.enter(name, self.list.C_GenerateRandom)?;
        let length = ck_len(output.len())?;
        // SAFETY: `output` is live and writable for its length.
        check(name, unsafe { call(session.0, output.as_mut_ptr(), length) })
    }
}
