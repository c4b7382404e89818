//! Encrypt, decrypt, digest, sign, verify in parts: `C_XInit`, a call for each part, `C_XFinal`.

use super::Operation;
use super::job::{Job, KeyUse};
use super::one_shot::zeroed;
use super::shape::Shape;
use crate::hash::Hasher;
use crate::lock::OperationKind;
use crate::mechanism::{IntoMechanism, Usage};
use crate::raw::{Cryptoki, ObjectHandle, SessionHandle};
use crate::session::Session;
use crate::token::Token;
use crate::{Error, ErrorKind, Function, MechanismType, Result, ReturnCode};

/// The most bytes that one call gets; what is more goes in pieces.
pub(crate) const PIECE: usize = 256 << 10;

/// An operation in parts. It holds its session's lock until it ends, fails, or is dropped; the last
/// two cancel it.
#[derive(Debug)]
pub(crate) struct Parts {
    /// Gone once the operation has failed.
    pub(super) operation: Option<Operation<Session>>,
    pub(super) shape: Shape,
    /// Whether the module has had a part. One that had none may not take `C_XFinal`, but takes the
    /// one-shot call without data.
    pub(super) fed: bool,
    /// Where the token gets the digest alone, at the end.
    pub(super) hasher: Option<Hasher>,
    /// What else the same calls feed.
    pub(super) beside: Option<Shape>,
}

impl Parts {
    pub(crate) fn start<'m>(
        session: &Session,
        usage: Usage,
        mechanism: impl IntoMechanism<'m>,
        key: Option<KeyUse<'_>>,
    ) -> Result<Self> {
        Job::with(session, usage, mechanism, key, Self::of_job)
    }

    /// A verification that is given its signature first.
    pub(crate) fn with_signature<'m>(
        mechanism: impl IntoMechanism<'m>,
        key: KeyUse<'_>,
        signature: &[u8],
    ) -> Result<Self> {
        Job::with_signature(mechanism, key, signature, |job| {
            job.shape().verified(Function::VerifySignature, Self::of_job(job))
        })
    }

    fn of_job(job: &Job<'_>) -> Result<Self> {
        job.check_multipart()?;
        let shape = job.shape();
        let operation = job.start(job.session.clone()).map_err(|error| shape.said(error))?;
        let prehash = job.mechanism().prehash();
        let hasher = prehash.map(|prehash| Hasher::new(prehash.hash, prehash.digest_info));
        Ok(Self { operation: Some(operation), shape, fed: false, hasher, beside: None })
    }

    pub(crate) fn kind(&self) -> OperationKind {
        self.shape.kind
    }

    pub(crate) fn mechanism(&self) -> MechanismType {
        self.shape.mechanism
    }

    /// The token that works on it, if it still does.
    pub(crate) fn token(&self) -> Option<&Token> {
        self.operation.as_ref().map(|operation| operation.session.token())
    }

    /// Whether the token still works on it.
    pub(crate) fn is_active(&self) -> bool {
        self.operation.is_some()
    }

    /// Refuses more data once it has failed.
    pub(crate) fn check_active(&self, function: Function) -> Result<()> {
        if self.is_active() { Ok(()) } else { Err(self.failed_before(function)) }
    }

    /// The error of one that has failed.
    pub(crate) fn failed_before(&self, function: Function) -> Error {
        failed_before(&self.shape, function)
    }

    /// Ends it without a result: the session is free.
    pub(crate) fn fail(&mut self) {
        self.operation = None;
    }

    /// The function that takes data in and gives data out.
    pub(crate) fn update_function(&self) -> Function {
        self.dual().map_or(self.shape.update(), |(function, _)| function)
    }

    /// A call of this operation, which fails as a whole if the call does, unless for want of room.
    #[inline]
    fn call<T>(
        &mut self,
        function: Function,
        call: impl FnOnce(&Cryptoki, SessionHandle) -> Result<T>,
    ) -> Result<T> {
        call_of(&mut self.operation, &self.shape, function, call)
    }

    /// The function that ends it.
    pub(crate) fn last_function(&self) -> Function {
        if self.fed { self.shape.last() } else { self.shape.one_shot() }
    }

    /// Data in, data out, in one call. `None` if the module wants more room, and then the same data
    /// may come again.
    #[inline]
    pub(crate) fn transform(&mut self, data: &[u8], output: &mut [u8]) -> Result<Option<usize>> {
        let answer = match (self.dual(), self.shape.kind) {
            (Some((function, update)), _) => {
                self.call(function, |cryptoki, session| update(cryptoki, session, data, output))
            }
            (None, OperationKind::Encrypt) => self
                .call(Function::EncryptUpdate, |cryptoki, session| {
                    cryptoki.encrypt_update(session, data, output)
                }),
            (None, _) => self.call(Function::DecryptUpdate, |cryptoki, session| {
                cryptoki.decrypt_update(session, data, output)
            }),
        };
        self.fed = true;
        or_more_room(answer)
    }

    /// What is left of the data out. `None` if the module wants more room.
    pub(crate) fn last(&mut self, output: &mut [u8]) -> Result<Option<usize>> {
        let (kind, fed) = (self.shape.kind, self.fed);
        let answer = self.call(self.last_function(), |cryptoki, session| match (kind, fed) {
            (OperationKind::Encrypt, true) => cryptoki.encrypt_final(session, output),
            (OperationKind::Encrypt, false) => cryptoki.encrypt(session, &[], output),
            (OperationKind::Decrypt, true) => cryptoki.decrypt_final(session, output),
            (OperationKind::Decrypt, false) => cryptoki.decrypt(session, &[], output),
            (OperationKind::Sign, true) => cryptoki.sign_final(session, output),
            (OperationKind::Sign, false) => cryptoki.sign(session, &[], output),
            (_, true) => cryptoki.digest_final(session, output),
            (_, false) => cryptoki.digest(session, &[], output),
        });
        let length = or_more_room(answer)?;
        if length.is_some() {
            self.ended();
        }
        Ok(length)
    }

    /// The module has ended the operation itself.
    fn ended(&mut self) {
        if self.beside.is_some() {
            // The other one goes on, and so does the hold of the lock.
            self.end_first();
        } else if let Some(operation) = self.operation.take() {
            operation.finish();
        }
    }

    /// The error where no room is enough.
    pub(crate) fn insatiable(&mut self, function: Function) -> Error {
        self.misbehaved(function, "no buffer is large enough for it")
    }

    /// Fails, since the module broke the standard.
    pub(crate) fn misbehaved(&mut self, function: Function, what: &'static str) -> Error {
        self.fail();
        self.shape.said(Error::misbehaved(function, what))
    }

    /// The caller's buffer does not hold what came.
    pub(crate) fn too_small(&self, function: Function) -> Error {
        self.shape.said(Error::from(ErrorKind::BufferTooSmall).in_function(function))
    }

    /// Data in alone: to sign, verify or digest.
    pub(crate) fn feed(&mut self, data: &[u8]) -> Result<()> {
        if let (Some(hasher), Some(operation)) = (&mut self.hasher, &self.operation) {
            operation.hold_here();
            hasher.update(data);
            return Ok(());
        }
        let function = self.shape.update();
        let kind = self.shape.kind;
        for piece in data.chunks(PIECE) {
            self.call(function, |cryptoki, session| match kind {
                OperationKind::Sign => cryptoki.sign_update(session, piece),
                OperationKind::Verify => cryptoki.verify_update(session, piece),
                OperationKind::VerifySignature => cryptoki.verify_signature_update(session, piece),
                _ => cryptoki.digest_update(session, piece),
            })?;
            self.fed = true;
        }
        Ok(())
    }

    /// A key's value in, to digest.
    pub(crate) fn feed_key(&mut self, key: ObjectHandle) -> Result<()> {
        self.call(Function::DigestKey, |cryptoki, session| cryptoki.digest_key(session, key))?;
        self.fed = true;
        Ok(())
    }

    /// The signature or digest.
    pub(crate) fn output(mut self) -> Result<Vec<u8>> {
        let mut output = zeroed(self.shape.bound(0)).inspect_err(|_| self.fail())?;
        let length = match self.end(&mut output)? {
            Some(length) => length,
            None => {
                let function = self.last_function();
                output = zeroed(output.len().saturating_mul(2).saturating_add(64 << 10))?;
                let length = self.end(&mut output)?;
                length.ok_or_else(|| self.insatiable(function))?
            }
        };
        let length = self.shape.checked(self.last_function(), Ok(length))?;
        output.truncate(length);
        Ok(output)
    }

    /// The signature or digest, into the caller's buffer: allocates nothing where that has room for
    /// any that can come.
    pub(crate) fn output_into(mut self, output: &mut [u8]) -> Result<usize> {
        let wanted = self.shape.exact().unwrap_or(self.shape.bound(0));
        let function = self.last_function();
        let shape = self.shape;
        let too_small = || shape.said(Error::from(ErrorKind::BufferTooSmall).in_function(function));
        if output.len() >= wanted.max(1) {
            let length = self.end(output)?.ok_or_else(too_small)?;
            return shape.checked(function, Ok(length));
        }
        let made = self.output()?;
        output.get_mut(..made.len()).ok_or_else(too_small)?.copy_from_slice(&made);
        Ok(made.len())
    }

    fn end(&mut self, output: &mut [u8]) -> Result<Option<usize>> {
        let Some(hasher) = self.hasher.take() else {
            return self.last(output);
        };
        let digest = hasher.finish();
        let function = self.last_function();
        let length =
            self.call(function, |cryptoki, session| cryptoki.sign(session, &digest, output))?;
        self.ended();
        Ok(Some(length))
    }

    /// Whether the data has this signature; one that was given first is not looked at here.
    pub(crate) fn verify(mut self, signature: &[u8]) -> Result<()> {
        let shape = self.shape;
        if shape.kind == OperationKind::Verify {
            shape.check_signature(self.last_function(), signature)?;
        }
        let function = self.last_function();
        let digest = self.hasher.take().map(Hasher::finish);
        let (fed, data) = (self.fed, digest.as_deref().unwrap_or_default());
        let kind = shape.kind;
        let answer = self.call(function, |cryptoki, session| match (kind, fed) {
            (OperationKind::VerifySignature, true) => cryptoki.verify_signature_final(session),
            (OperationKind::VerifySignature, false) => cryptoki.verify_signature(session, data),
            (_, true) => cryptoki.verify_final(session, signature),
            (_, false) => cryptoki.verify(session, data, signature),
        });
        shape.verified(function, answer)?;
        self.ended();
        Ok(())
    }
}

/// A call of one of two operations, which fail together.
#[inline]
pub(super) fn call_of<T>(
    operation: &mut Option<Operation<Session>>,
    shape: &Shape,
    function: Function,
    call: impl FnOnce(&Cryptoki, SessionHandle) -> Result<T>,
) -> Result<T> {
    let Some(active) = operation else {
        return Err(failed_before(shape, function));
    };
    active.hold_here();
    active.call(call).map_err(|error| {
        if error.return_code() != Some(ReturnCode::BUFFER_TOO_SMALL) {
            *operation = None;
        }
        shape.said(error)
    })
}

#[cold]
fn failed_before(shape: &Shape, function: Function) -> Error {
    shape.said(Error::from(ErrorKind::StreamFailed).in_function(function))
}

/// A module that wants more room has taken nothing, and may be asked again.
pub(super) fn or_more_room(answer: Result<usize>) -> Result<Option<usize>> {
    match answer {
        Ok(length) => Ok(Some(length)),
        Err(error) if error.return_code() == Some(ReturnCode::BUFFER_TOO_SMALL) => Ok(None),
        Err(error) => Err(error),
    }
}
