//! A call that has not ended yet, and its result.

use std::fmt;
use std::sync::atomic::Ordering;
use std::time::Duration;

use pkcs11_sys::{
    CK_FLAGS, CK_ULONG, CKF_DECRYPT, CKF_ENCRYPT, CKF_GENERATE, CKF_GENERATE_KEY_PAIR, CKF_SIGN,
};

use super::AsyncId;
use crate::lock::{Holder, OperationKind};
use crate::raw::{Cryptoki, Loan, Returned, SessionHandle, Step};
use crate::session::Session;
use crate::{Error, Function, MechanismType, Result};

/// A call in an [`AsyncSession`](super::AsyncSession), and what it gives in the end.
///
/// It owns what the call reads and writes. Dropped before the end, it cancels the call
/// (`C_SessionCancel`); the memory is then never freed, since nothing says that the module has done
/// with it, and where the module does not cancel, the session is
/// [stuck](crate::ErrorKind::SessionStuck). After an error it is freed only if the module names the
/// buffer beside the error, as the standard wants for calls that have one.
///
/// It can go to another thread; while it lives, its session cannot be closed.
#[must_use = "dropped, the call is cancelled"]
pub struct Pending<T> {
    state: State<T>,
}

enum State<T> {
    Ready(T),
    Running(Box<Run>, Finish<T>),
    Over,
}

type Finish<T> = Box<dyn FnOnce(Returned) -> Result<T> + Send>;

impl<T> Pending<T> {
    /// The result, if the call has ended. Wraps `C_AsyncComplete` (PKCS#11 §5.21.1). Where an Init
    /// was pending, the call with the data follows it.
    ///
    /// # Errors
    ///
    /// What the call has failed with, which ends it;
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) after the end.
    pub fn poll(&mut self) -> Result<Option<T>> {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Ready(value) => Ok(Some(value)),
            State::Over => {
                let what = "the call has ended: its result was given, or it failed";
                Err(Error::invalid(what).in_function(Function::AsyncComplete))
            }
            State::Running(mut run, finish) => match run.poll()? {
                Some(returned) => {
                    let mechanism = run.mechanism;
                    drop(run);
                    finish(returned).map(Some).map_err(|error| said(error, mechanism))
                }
                None => {
                    self.state = State::Running(run, finish);
                    Ok(None)
                }
            },
        }
    }

    /// Polls until the call has ended, with this time between.
    ///
    /// # Errors
    ///
    /// As [`poll`](Self::poll).
    pub fn wait(mut self, interval: Duration) -> Result<T> {
        loop {
            if let Some(value) = self.poll()? {
                return Ok(value);
            }
            std::thread::sleep(interval);
        }
    }

    /// Leaves the call to the token, to be [joined](super::AsyncSession::join) later: by another
    /// session or process, also after `C_Finalize`. Wraps `C_AsyncGetID` (PKCS#11 §5.21.2).
    ///
    /// The session takes other calls again, as far as the module lets it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the call has ended, or only an
    /// Init is pending; what `C_AsyncGetID` answers, `CKR_STATE_UNSAVEABLE` where the module cannot.
    /// The call then goes on here.
    pub fn detach(&mut self) -> Result<AsyncId> {
        let State::Running(run, _) = &mut self.state else {
            return Err(Error::invalid("the call has ended").in_function(Function::AsyncGetID));
        };
        let id = run.detach()?;
        self.state = State::Over;
        Ok(id)
    }

    pub(crate) fn running(
        run: Run,
        finish: impl FnOnce(Returned) -> Result<T> + Send + 'static,
    ) -> Self {
        Self { state: State::Running(Box::new(run), Box::new(finish)) }
    }

    /// One whose first call was made: it may have ended.
    pub(crate) fn begun(
        run: Run,
        returned: Option<Returned>,
        finish: impl FnOnce(Returned) -> Result<T> + Send + 'static,
    ) -> Result<Self> {
        match returned {
            None => Ok(Self::running(run, finish)),
            Some(returned) => {
                let value = finish(returned).map_err(|error| said(error, run.mechanism))?;
                Ok(Self { state: State::Ready(value) })
            }
        }
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.state {
            State::Ready(_) => f.write_str("Pending(ready)"),
            State::Running(run, _) => write!(f, "Pending({})", run.function),
            State::Over => f.write_str("Pending(over)"),
        }
    }
}

fn said(error: Error, mechanism: Option<MechanismType>) -> Error {
    match mechanism {
        Some(mechanism) => error.on_mechanism(mechanism),
        None => error,
    }
}

/// The call with the data that follows an Init.
pub(crate) struct Next {
    pub(crate) data: Vec<u8>,
    pub(crate) output: Vec<u8>,
}

/// A call that is made, or under way, and holds its session's operation lock.
pub(crate) struct Run {
    session: Session,
    /// The function that gives the result.
    function: Function,
    mechanism: Option<MechanismType>,
    loan: Option<Loan>,
    next: Option<Next>,
    /// Whether there is something to be cancelled.
    active: bool,
}

impl Run {
    /// Takes the lock.
    pub(crate) fn new(
        session: &Session,
        operation: OperationKind,
        function: Function,
        mechanism: Option<MechanismType>,
    ) -> Result<Self> {
        let taken =
            session.inner().take(Holder { operation, mechanism }, session.operation_timeout());
        taken.map_err(|error| error.in_function(function))?;
        let session = session.clone();
        Ok(Self { session, function, mechanism, loan: None, next: None, active: false })
    }

    /// Makes the first call: the only one, or an Init that `next` follows.
    pub(crate) fn start(
        &mut self,
        name: Function,
        next: Option<Next>,
        call: impl FnOnce(&Cryptoki, SessionHandle) -> Result<Step>,
    ) -> Result<Option<Returned>> {
        self.next = next;
        let answer = self.session.call(name, call);
        self.advance(answer)
    }

    pub(super) fn join(&mut self, number: CK_ULONG, output: Vec<u8>) -> Result<()> {
        let function = self.function;
        let joined = self.session.call(Function::AsyncJoin, |cryptoki, session| {
            cryptoki.async_join(session, function, number, output)
        });
        self.loan = Some(joined?);
        self.active = true;
        Ok(())
    }

    fn poll(&mut self) -> Result<Option<Returned>> {
        self.session.inner().lock.hold_here();
        let name = Function::AsyncComplete;
        let ended = || Error::invalid("no call is pending").in_function(name);
        let loan = self.loan.take().ok_or_else(ended)?;
        let answer =
            self.session.call(name, |cryptoki, session| cryptoki.async_complete(session, loan));
        self.advance(answer)
    }

    /// Goes on from the answer to a call, until one is pending or the result is there.
    fn advance(&mut self, mut answer: Result<Step>) -> Result<Option<Returned>> {
        loop {
            match answer.map_err(|error| said(error, self.mechanism))? {
                Step::Pending(loan) => {
                    self.active = true;
                    self.loan = Some(loan);
                    return Ok(None);
                }
                Step::Done(returned) => {
                    let Some(Next { data, output }) = self.next.take() else {
                        self.active = false;
                        return Ok(Some(returned));
                    };
                    self.active = true;
                    let name = self.function;
                    answer = self.session.call(name, |cryptoki, session| {
                        cryptoki.async_one_shot(session, name, data, output)
                    });
                }
            }
        }
    }

    fn detach(&mut self) -> Result<AsyncId> {
        self.session.inner().lock.hold_here();
        let name = Function::AsyncGetID;
        if self.next.is_some() {
            let what = "only its Init is pending: poll, and try again";
            return Err(said(Error::invalid(what).in_function(name), self.mechanism));
        }
        let function = self.loan.as_ref().map_or(self.function, Loan::function);
        let Self { session, loan, .. } = self;
        let answer = session.call(name, |cryptoki, session| cryptoki.async_id(session, loan));
        let number = answer.map_err(|error| said(error, self.mechanism))?;
        self.active = false;
        Ok(AsyncId::new(function, number))
    }

    /// What names the operation to `C_SessionCancel`.
    fn flag(&self) -> CK_FLAGS {
        match self.function {
            Function::Encrypt => CKF_ENCRYPT,
            Function::Decrypt => CKF_DECRYPT,
            Function::GenerateKey => CKF_GENERATE,
            Function::GenerateKeyPair => CKF_GENERATE_KEY_PAIR,
            _ => CKF_SIGN,
        }
    }
}

impl Drop for Run {
    /// Cancels by numbers alone: the call with empty input, which ends an ordinary operation, lends
    /// memory. What is lent already is left to the module (see [`Loan`]).
    fn drop(&mut self) {
        let inner = self.session.inner();
        if self.active && !inner.is_lost() {
            let flag = self.flag();
            let cancelled = self.session.call(Function::SessionCancel, |cryptoki, session| {
                cryptoki.session_cancel(session, flag)
            });
            if let Err(error) = cancelled {
                tracing::warn!(%error, function = %self.function, "a pending call is not cancelled");
                inner.stuck.store(true, Ordering::Relaxed);
            }
        }
        inner.lock.release();
    }
}
