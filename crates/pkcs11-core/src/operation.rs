//! One operation at a time: taking the session's lock, starting, ending, cancelling.

mod asynchronous;
mod dual;
mod job;
mod messages;
mod one_shot;
mod parts;
mod shape;
mod state;

pub(crate) use job::KeyUse;
pub(crate) use messages::{MARGIN, Messages, OpenMessage, OpenSignature};
pub(crate) use one_shot::zeroed;
pub(crate) use parts::{PIECE, Parts};
pub use state::OperationState;
pub(crate) use state::Progress;

use std::borrow::Borrow;
use std::sync::atomic::Ordering;

use pkcs11_sys::{
    CK_FLAGS, CKF_DECRYPT, CKF_DIGEST, CKF_ENCRYPT, CKF_FIND_OBJECTS, CKF_MESSAGE_DECRYPT,
    CKF_MESSAGE_ENCRYPT, CKF_MESSAGE_SIGN, CKF_MESSAGE_VERIFY, CKF_SIGN, CKF_SIGN_RECOVER,
    CKF_VERIFY, CKF_VERIFY_RECOVER,
};
use zeroize::Zeroizing;

use crate::lock::{Holder, OperationKind};
use crate::raw::{Cryptoki, SessionHandle};
use crate::session::{Session, SessionInner};
use crate::{ErrorKind, Function, MechanismType, Result, ReturnCode};

/// The room for what a cancelled operation gives, in bytes.
const SCRATCH: usize = 8192;

/// An operation that holds its session's lock; dropped unfinished, it is cancelled.
///
/// One within a call borrows the session, one that the caller keeps has a handle on it.
#[derive(Debug)]
pub(crate) struct Operation<S: Borrow<Session>> {
    session: S,
    kind: OperationKind,
    active: bool,
    /// The kind of the operation that runs beside it, fed by the same calls.
    beside: Option<OperationKind>,
}

impl<S: Borrow<Session>> Operation<S> {
    /// Takes the lock and calls `C_XInit`.
    ///
    /// Where the module says that an operation is active although the lock was free, an earlier
    /// one was left behind: all kinds are reset, once.
    #[inline]
    pub(crate) fn start(
        session: S,
        kind: OperationKind,
        mechanism: Option<MechanismType>,
        init: impl Fn(&Cryptoki, SessionHandle) -> Result<()>,
    ) -> Result<Self> {
        let holder = Holder { operation: kind, mechanism };
        let limit = session.borrow().operation_timeout();
        let taken = session.borrow().inner().take(holder, limit);
        taken.map_err(|error| error.in_function(kind.init()))?;
        let mut operation = Self { session, kind, active: false, beside: None };
        operation.init(init)?;
        Ok(operation)
    }

    #[inline]
    fn session(&self) -> &SessionInner {
        self.session.borrow().inner()
    }

    /// This thread has the operation now: it is refused another one at once, and the thread that
    /// had it before may wait for the end.
    #[inline]
    pub(crate) fn hold_here(&self) {
        self.session().lock.hold_here();
    }

    /// Begins a second operation in the same session, to be fed by the same calls.
    ///
    /// One of its kind that was left behind is reset; the first operation is left alone.
    fn start_beside(
        &mut self,
        kind: OperationKind,
        init: impl Fn(&Cryptoki, SessionHandle) -> Result<()>,
    ) -> Result<()> {
        let (cryptoki, handle) = (self.session().cryptoki(), self.session().handle());
        let mut answer = init(cryptoki, handle);
        if is_active(&answer) {
            cancel(cryptoki, handle, kind);
            answer = init(cryptoki, handle);
        }
        if answer.is_ok() {
            self.beside = Some(kind);
        }
        self.session().notice(answer)
    }

    /// Calls `C_XInit` (again, after a cancel).
    #[inline]
    pub(crate) fn init(
        &mut self,
        init: impl Fn(&Cryptoki, SessionHandle) -> Result<()>,
    ) -> Result<()> {
        let (cryptoki, handle) = (self.session().cryptoki(), self.session().handle());
        let mut answer = init(cryptoki, handle);
        if is_active(&answer) {
            cancel_all(cryptoki, handle);
            answer = init(cryptoki, handle);
            if is_active(&answer) {
                self.session().stuck.store(true, Ordering::Relaxed);
                answer = answer.map_err(|error| error.with_kind(ErrorKind::SessionStuck));
            }
        }
        self.active = answer.is_ok();
        self.session().notice(answer)
    }

    /// Makes a call of this operation; one that fails leaves it to be cancelled, since no code
    /// tells whether the module has ended it.
    #[inline]
    pub(crate) fn call<T>(
        &mut self,
        call: impl FnOnce(&Cryptoki, SessionHandle) -> Result<T>,
    ) -> Result<T> {
        let session = self.session();
        session.notice(call(session.cryptoki(), session.handle()))
    }

    /// The module has ended the operation, as it does when a one-shot call succeeds.
    #[inline]
    pub(crate) fn finish(mut self) {
        self.active = false;
    }

    /// The same of the one that is not beside another, or of the one that is.
    fn end_one(&mut self, kind: OperationKind) {
        if kind == self.kind {
            self.active = false;
        } else {
            self.beside = None;
        }
    }

    pub(crate) fn cancel(&mut self) {
        let active = std::mem::take(&mut self.active);
        let beside = self.beside.take();
        let session = self.session();
        if session.is_lost() {
            return;
        }
        for kind in [active.then_some(self.kind), beside].into_iter().flatten() {
            cancel(session.cryptoki(), session.handle(), kind);
        }
    }
}

impl<S: Borrow<Session>> Drop for Operation<S> {
    #[inline]
    fn drop(&mut self) {
        if self.active || self.beside.is_some() {
            self.cancel();
        }
        self.session().lock.release();
    }
}

impl Session {
    /// Ends whatever operation is active in the session. Wraps `C_SessionCancel` (PKCS#11 §5.6.5),
    /// or the way that works on a module without it, for each kind of operation.
    ///
    /// A stream that is dropped does this for its own operation, and so does every call that fails.
    /// This is for what others have left behind in the session: a vendor's function, code that uses
    /// its [`handle`](Self::handle). A session that was [stuck](crate::ErrorKind::SessionStuck) is
    /// tried again by the next operation.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive) while a stream of the
    /// session lives, or if another thread's operation does not end in time. What the module answers
    /// says nothing about what is active, and is no error.
    pub fn cancel_operations(&self) -> Result<()> {
        let inner = self.inner();
        let stuck = inner.stuck.swap(false, Ordering::Relaxed);
        let holder = Holder { operation: OperationKind::Find, mechanism: None };
        let taken = inner.take(holder, self.operation_timeout());
        taken.map_err(|error| {
            inner.stuck.fetch_or(stuck, Ordering::Relaxed);
            error.in_function(Function::SessionCancel)
        })?;
        for &kind in OperationKind::ALL {
            cancel(inner.cryptoki(), inner.handle(), kind);
        }
        inner.lock.release();
        Ok(())
    }
}

#[inline]
fn is_active(answer: &Result<()>) -> bool {
    let code = answer.as_ref().err().and_then(crate::Error::return_code);
    code == Some(ReturnCode::OPERATION_ACTIVE)
}

impl OperationKind {
    /// The function that starts it.
    pub(crate) fn init(self) -> Function {
        match self {
            Self::Find => Function::FindObjectsInit,
            Self::Encrypt => Function::EncryptInit,
            Self::Decrypt => Function::DecryptInit,
            Self::Digest => Function::DigestInit,
            Self::Sign => Function::SignInit,
            Self::Verify => Function::VerifyInit,
            Self::MessageEncrypt => Function::MessageEncryptInit,
            Self::MessageDecrypt => Function::MessageDecryptInit,
            Self::MessageSign => Function::MessageSignInit,
            Self::MessageVerify => Function::MessageVerifyInit,
            Self::SignRecover => Function::SignRecoverInit,
            Self::VerifyRecover => Function::VerifyRecoverInit,
            Self::VerifySignature => Function::VerifySignatureInit,
            Self::GenerateKey => Function::GenerateKey,
        }
    }
}

/// Ends what was left behind, of whatever kind.
#[cold]
fn cancel_all(cryptoki: &Cryptoki, session: SessionHandle) {
    tracing::warn!(%session, "an operation was left behind");
    for &kind in OperationKind::ALL {
        cancel(cryptoki, session, kind);
    }
}

/// Ends an operation of this kind, if one is active, by the way that works on all modules:
/// `C_SessionCancel` where there is one, else a one-shot call with empty input, or the Final of
/// messages.
///
/// The output of that call, which may be a signature, goes to scratch and is wiped. Its return
/// code says nothing: modules answer all sorts and have ended the operation.
fn cancel(cryptoki: &Cryptoki, session: SessionHandle, kind: OperationKind) {
    let flag: CK_FLAGS = match kind {
        OperationKind::Find => CKF_FIND_OBJECTS,
        OperationKind::Encrypt => CKF_ENCRYPT,
        OperationKind::Decrypt => CKF_DECRYPT,
        OperationKind::Digest => CKF_DIGEST,
        OperationKind::Sign => CKF_SIGN,
        OperationKind::Verify => CKF_VERIFY,
        OperationKind::MessageEncrypt => CKF_MESSAGE_ENCRYPT,
        OperationKind::MessageDecrypt => CKF_MESSAGE_DECRYPT,
        OperationKind::MessageSign => CKF_MESSAGE_SIGN,
        OperationKind::MessageVerify => CKF_MESSAGE_VERIFY,
        OperationKind::SignRecover => CKF_SIGN_RECOVER,
        OperationKind::VerifyRecover => CKF_VERIFY_RECOVER,
        // It has no flag of its own, and one token ends the other kind alone by this one: the
        // one-shot call follows in any case.
        OperationKind::VerifySignature => CKF_VERIFY,
        // One call, which leaves nothing behind.
        OperationKind::GenerateKey => return,
    };
    if kind != OperationKind::Find
        && cryptoki.has_session_cancel()
        && cryptoki.session_cancel(session, flag).is_ok()
        && kind != OperationKind::VerifySignature
    {
        return;
    }
    let scratch = &mut *Zeroizing::new([0; SCRATCH]);
    let answer = match kind {
        OperationKind::Find => cryptoki.find_objects_final(session),
        OperationKind::Encrypt => cryptoki.encrypt(session, &[], scratch).map(drop),
        OperationKind::Decrypt => cryptoki.decrypt(session, &[], scratch).map(drop),
        OperationKind::Digest => cryptoki.digest(session, &[], scratch).map(drop),
        OperationKind::Sign => cryptoki.sign(session, &[], scratch).map(drop),
        // A real buffer of length 0: NULL is refused before the operation is looked at.
        OperationKind::Verify => cryptoki.verify(session, &[], scratch.get(..0).unwrap_or(&[])),
        OperationKind::MessageEncrypt => cryptoki.message_encrypt_final(session),
        OperationKind::MessageDecrypt => cryptoki.message_decrypt_final(session),
        OperationKind::MessageSign => cryptoki.message_sign_final(session),
        OperationKind::MessageVerify => cryptoki.message_verify_final(session),
        OperationKind::SignRecover => cryptoki.sign_recover(session, &[], scratch).map(drop),
        OperationKind::VerifyRecover => cryptoki.verify_recover(session, &[], scratch).map(drop),
        OperationKind::VerifySignature => cryptoki.verify_signature(session, &[]),
        OperationKind::GenerateKey => Ok(()),
    };
    tracing::debug!(%session, %kind, ?answer, "operation cancelled");
}
