//! Two operations in one session, fed by one call for each part: a cipher, and beside it a digest,
//! signature or verification of the plaintext.

use super::job::{Job, KeyUse};
use super::parts::{Parts, call_of, or_more_room};
use super::shape::Shape;
use super::{Operation, zeroed};
use crate::lock::OperationKind;
use crate::mechanism::{IntoMechanism, Usage};
use crate::raw::{Cryptoki, SessionHandle};
use crate::session::Session;
use crate::{Error, ErrorKind, Function, Result};

/// An update of two operations.
type Update = fn(&Cryptoki, SessionHandle, &[u8], &mut [u8]) -> Result<usize>;

/// The one call for both, if the standard has one.
fn update(cipher: OperationKind, beside: OperationKind) -> Option<(Function, Update)> {
    use OperationKind::{Decrypt, Digest, Encrypt, Sign, Verify};
    Some(match (cipher, beside) {
        (Encrypt, Digest) => (Function::DigestEncryptUpdate, Cryptoki::digest_encrypt_update),
        (Decrypt, Digest) => (Function::DecryptDigestUpdate, Cryptoki::decrypt_digest_update),
        (Encrypt, Sign) => (Function::SignEncryptUpdate, Cryptoki::sign_encrypt_update),
        (Decrypt, Verify) => (Function::DecryptVerifyUpdate, Cryptoki::decrypt_verify_update),
        _ => return None,
    })
}

/// Begins the second operation of a cipher.
fn start_beside(
    operation: &mut Operation<Session>,
    cipher: OperationKind,
    job: &Job<'_>,
) -> Result<Shape> {
    job.check_multipart()?;
    let shape = job.shape();
    if job.key.is_some_and(|key| key.object.session().token() != job.session.token()) {
        return Err(shape.said(Error::invalid("both keys must be of one token")));
    }
    if job.mechanism().prehash().is_some() {
        let what = "the token lacks the mechanism that hashes, and would not see the data here";
        return Err(shape.said(Error::invalid(what)));
    }
    let Some((function, _)) = update(cipher, shape.kind) else {
        return Err(shape.said(Error::invalid("no call feeds these two operations")));
    };
    job.start_beside(operation, function).map_err(|error| shape.said(error))?;
    Ok(shape)
}

impl Session {
    /// Refuses two operations in one before either is begun, if the module has no call for both.
    pub(crate) fn check_dual(&self, cipher: OperationKind, beside: OperationKind) -> Result<()> {
        let function = update(cipher, beside).map(|(function, _)| function);
        match function {
            Some(function) if !self.inner().cryptoki().has_dual(function) => {
                Err(Error::from(ErrorKind::FunctionNotSupported).in_function(function))
            }
            _ => Ok(()),
        }
    }
}

impl Parts {
    pub(super) fn dual(&self) -> Option<(Function, Update)> {
        update(self.shape.kind, self.beside?.kind)
    }

    /// Begins a second operation, which gets the same plaintext.
    pub(crate) fn join<'m>(
        &mut self,
        usage: Usage,
        mechanism: impl IntoMechanism<'m>,
        key: Option<KeyUse<'_>>,
    ) -> Result<()> {
        let Some(operation) = &mut self.operation else {
            return Err(ErrorKind::StreamFailed.into());
        };
        let session = operation.session.clone();
        let cipher = self.shape.kind;
        let beside =
            Job::with(&session, usage, mechanism, key, |job| start_beside(operation, cipher, job))?;
        self.beside = Some(beside);
        Ok(())
    }

    /// The module has ended the first operation; the second goes on.
    pub(super) fn end_first(&mut self) {
        if let Some(operation) = &mut self.operation {
            operation.end_one(self.shape.kind);
        }
    }

    /// Feeds the second operation alone: the end of the plaintext, which `C_DecryptFinal` gives,
    /// does not reach it otherwise (PKCS#11 §5.16.2).
    pub(crate) fn feed_beside(&mut self, data: &[u8]) -> Result<()> {
        let Some(shape) = self.beside.filter(|_| !data.is_empty()) else {
            return Ok(());
        };
        let answer = call_of(&mut self.operation, &shape, shape.update(), |cryptoki, session| {
            match shape.kind {
                OperationKind::Sign => cryptoki.sign_update(session, data),
                OperationKind::Verify => cryptoki.verify_update(session, data),
                _ => cryptoki.digest_update(session, data),
            }
        });
        self.fed = true;
        answer
    }

    /// Ends the second operation, the digest or signature, once the first has ended.
    pub(crate) fn output_beside(&mut self) -> Result<Vec<u8>> {
        let Some(shape) = self.beside else {
            return Err(ErrorKind::StreamFailed.into());
        };
        let function = if self.fed { shape.last() } else { shape.one_shot() };
        let mut output = zeroed(shape.bound(0))?;
        let length = match self.last_beside(function, &mut output)? {
            Some(length) => length,
            None => {
                output = zeroed(output.len().saturating_mul(2).saturating_add(64 << 10))?;
                let length = self.last_beside(function, &mut output)?;
                length.ok_or_else(|| self.insatiable(function))?
            }
        };
        let length = shape.checked(function, Ok(length))?;
        output.truncate(length);
        Ok(output)
    }

    fn last_beside(&mut self, function: Function, output: &mut [u8]) -> Result<Option<usize>> {
        let (shape, fed) = (self.beside.unwrap_or(self.shape), self.fed);
        let answer = call_of(&mut self.operation, &shape, function, |cryptoki, session| {
            match (shape.kind, fed) {
                (OperationKind::Sign, true) => cryptoki.sign_final(session, output),
                (OperationKind::Sign, false) => cryptoki.sign(session, &[], output),
                (_, true) => cryptoki.digest_final(session, output),
                (_, false) => cryptoki.digest(session, &[], output),
            }
        });
        let length = or_more_room(answer)?;
        if length.is_some() {
            self.end_beside();
        }
        Ok(length)
    }

    /// Ends the second operation, a verification, once the first has ended.
    pub(crate) fn verify_beside(&mut self, signature: &[u8]) -> Result<()> {
        let Some(shape) = self.beside else {
            return Err(ErrorKind::StreamFailed.into());
        };
        let fed = self.fed;
        let function = if fed { shape.last() } else { shape.one_shot() };
        shape.check_signature(function, signature).inspect_err(|_| self.fail())?;
        let answer =
            call_of(&mut self.operation, &shape, function, |cryptoki, session| match fed {
                true => cryptoki.verify_final(session, signature),
                false => cryptoki.verify(session, &[], signature),
            });
        shape.verified(function, answer)?;
        self.end_beside();
        Ok(())
    }

    /// Both have ended: the session is free.
    fn end_beside(&mut self) {
        let kind = self.beside.take().map(|shape| shape.kind);
        if let (Some(kind), Some(mut operation)) = (kind, self.operation.take()) {
            operation.end_one(kind);
            operation.finish();
        }
    }
}
