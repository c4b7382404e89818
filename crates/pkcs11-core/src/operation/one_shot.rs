//! Encrypt, decrypt, digest, sign, verify in one shot: `C_XInit` and one call.
//!
//! No length is asked beforehand: the buffer is as large as the mechanism, the input and the
//! key allow. Where that was too little, the operation is cancelled and started again with
//! more room, since some modules have ended it and some name a wrong length.

use zeroize::{Zeroize, Zeroizing};

use super::Operation;
use super::job::{Job, KeyUse};
use super::shape::Shape;
use crate::hash::Digested;
use crate::lock::OperationKind;
use crate::mechanism::{IntoMechanism, Usage};
use crate::session::Session;
use crate::{Error, ErrorKind, Function, Result, ReturnCode};

/// What a buffer that was too small gets more, beside being doubled: enough for hash-based
/// signatures.
const MORE: usize = 64 << 10;

/// A buffer of zeros, or an error where there is no memory for it.
pub(crate) fn zeroed(length: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let room = bytes.try_reserve_exact(length);
    room.map_err(|_| Error::invalid(format!("no memory for {length} bytes")))?;
    bytes.resize(length, 0);
    Ok(bytes)
}

/// The data, or a digest that was made here.
pub(super) enum Input<'d> {
    Data(&'d [u8]),
    Digest(Digested),
}

impl Input<'_> {
    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Data(data) => data,
            Self::Digest(digest) => digest,
        }
    }
}

impl Job<'_> {
    /// The data as the mechanism gets it.
    #[inline]
    pub(super) fn input<'d>(&self, data: &'d [u8]) -> Input<'d> {
        match self.mechanism().prehash() {
            None => Input::Data(data),
            Some(prehash) if prehash.digest_info => Input::Digest(prehash.hash.digest_info(data)),
            Some(prehash) => Input::Digest(prehash.hash.digest(data)),
        }
    }

    #[inline]
    fn run(
        &self,
        operation: &mut Operation<&Session>,
        input: &[u8],
        output: &mut [u8],
    ) -> Result<usize> {
        operation.call(|cryptoki, session| match self.kind {
            OperationKind::Encrypt => cryptoki.encrypt(session, input, output),
            OperationKind::Decrypt => cryptoki.decrypt(session, input, output),
            OperationKind::Sign => cryptoki.sign(session, input, output),
            OperationKind::SignRecover => cryptoki.sign_recover(session, input, output),
            OperationKind::VerifyRecover => cryptoki.verify_recover(session, input, output),
            _ => cryptoki.digest(session, input, output),
        })
    }

    /// Into the caller's buffer: nothing is allocated.
    ///
    /// Some modules write past a buffer that is too small, or say OK and write nothing: one that
    /// is known to be too small never gets there.
    fn to_buffer(&self, data: &[u8], output: &mut [u8]) -> Result<usize> {
        let shape = self.shape();
        if shape.exact().is_some_and(|length| output.len() < length) {
            return Err(too_small(&shape));
        }
        if output.is_empty() {
            // A signature for nothing would be one: its use of the key counts.
            let empty = !shape.never_empty() && self.to_vec(data)?.is_empty();
            return if empty { Ok(0) } else { Err(too_small(&shape)) };
        }
        let input = self.input(data);
        let input = input.bytes();
        self.check_length(&shape, input.len())?;
        let answer = self.start(self.session).and_then(|mut operation| {
            let length = self.run(&mut operation, input, output)?;
            operation.finish();
            Ok(length)
        });
        shape.checked(shape.one_shot(), recovered(&shape, answer))
    }

    /// Into a buffer of our own.
    fn to_vec(&self, data: &[u8]) -> Result<Vec<u8>> {
        let input = self.input(data);
        self.check_length(&self.shape(), input.bytes().len())?;
        let answer = self.start(self.session).and_then(|mut operation| {
            let bound = self.shape().bound(input.bytes().len());
            let first = self.attempt(&mut operation, input.bytes(), bound);
            let too_small = first
                .as_ref()
                .is_err_and(|error| error.return_code() == Some(ReturnCode::BUFFER_TOO_SMALL));
            let output = if too_small {
                self.restart(&mut operation)?;
                let more = bound.saturating_mul(2).saturating_add(MORE);
                let second = self.attempt(&mut operation, input.bytes(), more);
                second.map_err(|error| match error.return_code() {
                    Some(ReturnCode::BUFFER_TOO_SMALL) => {
                        error.with_kind(ErrorKind::Misbehaved("no buffer is large enough for it"))
                    }
                    _ => error,
                })?
            } else {
                first?
            };
            operation.finish();
            Ok(output)
        });
        let shape = self.shape();
        let output = recovered(&shape, answer).map_err(|error| shape.said(error))?;
        shape.checked(shape.one_shot(), Ok(output.len()))?;
        Ok(output)
    }

    /// One call into a buffer of this size; what is not handed out is wiped, since it may be
    /// plaintext.
    fn attempt(
        &self,
        operation: &mut Operation<&Session>,
        input: &[u8],
        capacity: usize,
    ) -> Result<Vec<u8>> {
        let mut output = Zeroizing::new(zeroed(capacity)?);
        let length = self.run(operation, input, &mut output)?;
        output.get_mut(length..).unwrap_or_default().zeroize();
        output.truncate(length);
        Ok(std::mem::take(&mut *output))
    }

    /// The signature was given when it started.
    fn verify_signature(&self, data: &[u8]) -> Result<()> {
        let (input, shape) = (self.input(data), self.shape());
        self.check_length(&shape, input.bytes().len())?;
        let answer = self.start(self.session).and_then(|mut operation| {
            operation
                .call(|cryptoki, session| cryptoki.verify_signature(session, input.bytes()))?;
            operation.finish();
            Ok(())
        });
        shape.verified(Function::VerifySignature, answer)
    }

    fn verify(&self, data: &[u8], signature: &[u8]) -> Result<()> {
        let shape = self.shape();
        shape.check_signature(Function::Verify, signature)?;
        let input = self.input(data);
        self.check_length(&shape, input.bytes().len())?;
        let answer = self.start(self.session).and_then(|mut operation| {
            operation
                .call(|cryptoki, session| cryptoki.verify(session, input.bytes(), signature))?;
            operation.finish();
            Ok(())
        });
        shape.verified(Function::Verify, answer)
    }
}

/// Where the data is recovered, some codes mean that the signature did not verify.
#[inline]
fn recovered<T>(shape: &Shape, answer: Result<T>) -> Result<T> {
    match shape.kind {
        OperationKind::VerifyRecover => shape.verified(Function::VerifyRecover, answer),
        _ => answer,
    }
}

#[cold]
fn too_small(shape: &Shape) -> Error {
    shape.said(Error::from(ErrorKind::BufferTooSmall).in_function(shape.one_shot()))
}

impl KeyUse<'_> {
    pub(crate) fn owned<'m>(
        self,
        usage: Usage,
        mechanism: impl IntoMechanism<'m>,
        data: &[u8],
    ) -> Result<Vec<u8>> {
        Job::with(self.object.session(), usage, mechanism, Some(self), |job| job.to_vec(data))
    }

    #[inline]
    pub(crate) fn fill<'m>(
        self,
        usage: Usage,
        mechanism: impl IntoMechanism<'m>,
        data: &[u8],
        output: &mut [u8],
    ) -> Result<usize> {
        Job::with(self.object.session(), usage, mechanism, Some(self), |job| {
            job.to_buffer(data, output)
        })
    }

    pub(crate) fn verify<'m>(
        self,
        mechanism: impl IntoMechanism<'m>,
        data: &[u8],
        signature: &[u8],
    ) -> Result<()> {
        Job::with(self.object.session(), Usage::Verify, mechanism, Some(self), |job| {
            job.verify(data, signature)
        })
    }

    pub(crate) fn verify_signature<'m>(
        self,
        mechanism: impl IntoMechanism<'m>,
        data: &[u8],
        signature: &[u8],
    ) -> Result<()> {
        Job::with_signature(mechanism, self, signature, |job| job.verify_signature(data))
    }
}

impl Session {
    /// The digest of the data; `DEFAULT` is SHA-256. Wraps `C_DigestInit` and `C_Digest` (PKCS#11 §5.12).
    ///
    /// # Errors
    ///
    /// What the two functions answer.
    pub fn digest<'m>(&self, mechanism: impl IntoMechanism<'m>, data: &[u8]) -> Result<Vec<u8>> {
        Job::with(self, Usage::Digest, mechanism, None, |job| job.to_vec(data))
    }

    /// The digest of the data, written to `output`; how many bytes it has. Nothing is allocated.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`], else as [`digest`](Self::digest).
    pub fn digest_into<'m>(
        &self,
        mechanism: impl IntoMechanism<'m>,
        data: &[u8],
        output: &mut [u8],
    ) -> Result<usize> {
        Job::with(self, Usage::Digest, mechanism, None, |job| job.to_buffer(data, output))
    }
}
