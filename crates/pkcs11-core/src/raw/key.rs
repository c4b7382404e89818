//! Making keys, moving them, and random numbers (PKCS#11 §5.18, §5.19).

use pkcs11_sys::CK_INVALID_HANDLE;

use super::{
    Cryptoki, ObjectHandle, PackedTemplate, SessionHandle, check, ck_len, input, made, written,
};
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

    /// Wraps `C_WrapKey` (PKCS#11 §5.18.3).
    pub(crate) fn wrap_key(
        &self,
        session: SessionHandle,
        mechanism: &Mechanism<'_>,
        wrapping: ObjectHandle,
        key: ObjectHandle,
        output: &mut [u8],
    ) -> Result<usize> {
        let name = Function::WrapKey;
        let (call, _guard) = self.enter(name, self.list.C_WrapKey)?;
        let mut packed = mechanism.pack(name)?;
        let mut mechanism = packed.ck_mechanism()?;
        let mut length = ck_len(output.len())?;
        let place = output.as_mut_ptr();
        // SAFETY: the mechanism points to values that live during the call; `output` is live and
        // writable for its length.
        let code = unsafe {
            call(session.0, &raw mut mechanism, wrapping.0, key.0, place, &raw mut length)
        };
        check(name, code)?;
        written(name, length, output.len())
    }

    /// Wraps `C_UnwrapKey` (PKCS#11 §5.18.4).
    pub(crate) fn unwrap_key(
        &self,
        session: SessionHandle,
        mechanism: &Mechanism<'_>,
        unwrapping: ObjectHandle,
        wrapped: &[u8],
        template: &PackedTemplate<'_>,
    ) -> Result<ObjectHandle> {
        let name = Function::UnwrapKey;
        let (call, _guard) = self.enter(name, self.list.C_UnwrapKey)?;
        let mut packed = mechanism.pack(name)?;
        let mut mechanism = packed.ck_mechanism()?;
        let mut key = CK_INVALID_HANDLE;
        let length = ck_len(wrapped.len())?;
        let (attributes, count) = template.pointer()?;
        // SAFETY: mechanism and template point to values that live during the call; `wrapped` is
        // live for its length.
        let code = unsafe {
            call(
                session.0,
                &raw mut mechanism,
                unwrapping.0,
                input(wrapped),
                length,
                attributes,
                count,
                &raw mut key,
            )
        };
        check(name, code)?;
        made(name, key).map(ObjectHandle)
    }

    /// Wraps `C_WrapKeyAuthenticated` (PKCS#11 §5.18.6).
    pub(crate) fn wrap_key_authenticated(
        &self,
        session: SessionHandle,
        mechanism: &Mechanism<'_>,
        wrapping: ObjectHandle,
        key: ObjectHandle,
        aad: &[u8],
        output: &mut [u8],
    ) -> Result<usize> {
        let name = Function::WrapKeyAuthenticated;
        let (call, _guard) = self.enter(name, self.list.C_WrapKeyAuthenticated)?;
        let mut packed = mechanism.pack(name)?;
        let mut mechanism = packed.ck_mechanism()?;
        let (mut length, aad_length) = (ck_len(output.len())?, ck_len(aad.len())?);
        let place = output.as_mut_ptr();
        // SAFETY: the mechanism points to values that live during the call; `aad` is live for its
        // length, `output` live and writable for its own.
        let code = unsafe {
            call(
                session.0,
                &raw mut mechanism,
                wrapping.0,
                key.0,
                input(aad),
                aad_length,
                place,
                &raw mut length,
            )
        };
        check(name, code)?;
        written(name, length, output.len())
    }

    /// Wraps `C_UnwrapKeyAuthenticated` (PKCS#11 §5.18.7).
    pub(crate) fn unwrap_key_authenticated(
        &self,
        session: SessionHandle,
        mechanism: &Mechanism<'_>,
        unwrapping: ObjectHandle,
        (wrapped, aad): (&[u8], &[u8]),
        template: &PackedTemplate<'_>,
    ) -> Result<ObjectHandle> {
        let name = Function::UnwrapKeyAuthenticated;
        let (call, _guard) = self.enter(name, self.list.C_UnwrapKeyAuthenticated)?;
        let mut packed = mechanism.pack(name)?;
        let mut mechanism = packed.ck_mechanism()?;
        let mut key = CK_INVALID_HANDLE;
        let (length, aad_length) = (ck_len(wrapped.len())?, ck_len(aad.len())?);
        let (attributes, count) = template.pointer()?;
        // SAFETY: mechanism and template point to values that live during the call; `wrapped` and
        // `aad` are live for their lengths.
        let code = unsafe {
            call(
                session.0,
                &raw mut mechanism,
                unwrapping.0,
                input(wrapped),
                length,
                attributes,
                count,
                input(aad),
                aad_length,
                &raw mut key,
            )
        };
        check(name, code)?;
        made(name, key).map(ObjectHandle)
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

    /// Wraps `C_DeriveKey` (PKCS#11 §5.18.5) for mechanisms that give their results in the
    /// parameter: `phKey` is NULL (§6.39.6, §6.40, §6.41).
    pub(crate) fn derive_keys(
        &self,
        session: SessionHandle,
        mechanism: &Mechanism<'_>,
        base: ObjectHandle,
        template: &PackedTemplate<'_>,
    ) -> Result<()> {
        let name = Function::DeriveKey;
        let (call, _guard) = self.enter(name, self.list.C_DeriveKey)?;
        let mut packed = mechanism.pack(name)?;
        let mut mechanism = packed.ck_mechanism()?;
        let (attributes, count) = template.pointer()?;
        let no_key = std::ptr::null_mut();
        // SAFETY: mechanism and template point to values that live during the call; the standard
        // has NULL for the key with these mechanisms.
        let code =
            unsafe { call(session.0, &raw mut mechanism, base.0, attributes, count, no_key) };
        check(name, code)
    }

    /// Wraps `C_EncapsulateKey` (PKCS#11 §5.18.8): how long the ciphertext is, and the new key.
    pub(crate) fn encapsulate_key(
        &self,
        session: SessionHandle,
        mechanism: &Mechanism<'_>,
        public: ObjectHandle,
        template: &PackedTemplate<'_>,
        ciphertext: &mut [u8],
    ) -> Result<(usize, ObjectHandle)> {
        let name = Function::EncapsulateKey;
        let (call, _guard) = self.enter(name, self.list.C_EncapsulateKey)?;
        let mut packed = mechanism.pack(name)?;
        let mut mechanism = packed.ck_mechanism()?;
        let mut key = CK_INVALID_HANDLE;
        let mut length = ck_len(ciphertext.len())?;
        let (attributes, count) = template.pointer()?;
        // SAFETY: mechanism and template point to values that live during the call; `ciphertext`
        // is live and writable for its length.
        let code = unsafe {
            call(
                session.0,
                &raw mut mechanism,
                public.0,
                attributes,
                count,
                ciphertext.as_mut_ptr(),
                &raw mut length,
                &raw mut key,
            )
        };
        check(name, code)?;
        let length = written(name, length, ciphertext.len())?;
        Ok((length, ObjectHandle(made(name, key)?)))
    }

    /// Wraps `C_DecapsulateKey` (PKCS#11 §5.18.9).
    pub(crate) fn decapsulate_key(
        &self,
        session: SessionHandle,
        mechanism: &Mechanism<'_>,
        private: ObjectHandle,
        template: &PackedTemplate<'_>,
        ciphertext: &[u8],
    ) -> Result<ObjectHandle> {
        let name = Function::DecapsulateKey;
        let (call, _guard) = self.enter(name, self.list.C_DecapsulateKey)?;
        let mut packed = mechanism.pack(name)?;
        let mut mechanism = packed.ck_mechanism()?;
        let mut key = CK_INVALID_HANDLE;
        let length = ck_len(ciphertext.len())?;
        let (attributes, count) = template.pointer()?;
        // SAFETY: mechanism and template point to values that live during the call; `ciphertext`
        // is live for its length.
        let code = unsafe {
            call(
                session.0,
                &raw mut mechanism,
                private.0,
                attributes,
                count,
                input(ciphertext),
                length,
                &raw mut key,
            )
        };
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
