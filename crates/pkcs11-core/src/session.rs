//! Sessions: what work on a token is done with.

mod builder;
mod facts;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

pub use builder::SessionBuilder;
use pkcs11_sys::CK_SESSION_INFO;

use crate::lock::{Gate, Holder, OperationLock, Pass, Refused};
use crate::module::lock;
use crate::raw::{Cryptoki, SessionHandle, SlotId, wide};
use crate::token::{LoginShare, Token};
use crate::vocabulary::{SessionFlags, SessionState};
use crate::{Defaults, Error, ErrorKind, Function, Pin, Result, ReturnCode, UserType};

/// The most random bytes that are asked for at once. A generator as of SP 800-90A gives 64 KiB for
/// a request, and NSS refuses a call for more.
const RANDOM_PIECE: usize = 32 << 10;

/// A session on a token.
///
/// Cheap to clone, and usable from every thread: one operation runs at a time, and other
/// threads wait for it, up to the session's time limit. Objects found or made with a session
/// keep a handle on it.
///
/// Dropping the last handle logs out, if this session has the last share in the token's login,
/// closes the session, and swallows what fails; [`close`](Self::close) reports.
#[derive(Clone)]
pub struct Session {
    inner: Arc<SessionInner>,
    /// How long operations through this handle wait for another's end.
    timeout: Duration,
}

pub(crate) struct SessionInner {
    token: Token,
    handle: SessionHandle,
    pub(crate) lock: OperationLock,
    gate: Gate,
    share: Mutex<Option<LoginShare>>,
    /// Set when an operation could not be ended.
    pub(crate) stuck: AtomicBool,
    /// Why the module does not have this session any more.
    lost: OnceLock<ReturnCode>,
    /// How often all sessions of the token had been closed when this one was opened.
    closings: u64,
}

impl Session {
    pub(crate) fn new(token: Token, handle: SessionHandle, timeout: Duration) -> Self {
        let closings = token.state().closings.load(Ordering::Relaxed);
        let session = Arc::new(SessionInner {
            closings,
            token,
            handle,
            lock: OperationLock::new(),
            gate: Gate::new(),
            share: Mutex::default(),
            stuck: AtomicBool::new(false),
            lost: OnceLock::new(),
        });
        session.token.module().state().add_session(&session);
        Self { inner: session, timeout }
    }

    /// The same session, whose operations wait this long for another thread's to end before they
    /// answer [`ErrorKind::OperationActive`]; [`Duration::ZERO`] only tries. What is found and made
    /// through the returned handle waits as long; this handle and its objects keep their limit.
    ///
    /// ```no_run
    /// # fn f(session: &pkcs11_core::Session) -> pkcs11_core::Result<()> {
    /// use pkcs11_core::{DEFAULT, ErrorKind};
    /// use std::time::Duration;
    ///
    /// let digest = match session.with_operation_timeout(Duration::ZERO).digest(DEFAULT, b"data") {
    ///     Err(error) if matches!(error.kind(), ErrorKind::OperationActive(_)) => None,
    ///     digest => Some(digest?),
    /// };
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_operation_timeout(&self, limit: Duration) -> Self {
        Self { inner: Arc::clone(&self.inner), timeout: limit }
    }

    /// How long operations through this handle wait for another thread's to end.
    #[must_use]
    #[inline]
    pub fn operation_timeout(&self) -> Duration {
        self.timeout
    }

    /// The token that the session is on.
    #[must_use]
    pub fn token(&self) -> &Token {
        &self.inner.token
    }

    /// The session's handle, for calls that this crate does not make.
    #[must_use]
    pub fn handle(&self) -> SessionHandle {
        self.inner.handle
    }

    /// How the session stands. Wraps `C_GetSessionInfo` (PKCS#11 §5.6.4).
    ///
    /// # Errors
    ///
    /// What `C_GetSessionInfo` answers.
    pub fn info(&self) -> Result<SessionInfo> {
        let info = self
            .call(Function::GetSessionInfo, |cryptoki, session| cryptoki.session_info(session))?;
        Ok(SessionInfo::from(&info))
    }

    /// Logs the user in, or takes a share in their login. Wraps `C_Login` (PKCS#11 §5.6.8).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::PinIncorrect`], [`ErrorKind::PinLocked`], [`ErrorKind::PinFinalTry`] where
    /// the token says that one try is left, [`ErrorKind::AlreadyLoggedIn`] where another kind of
    /// user is, or something else in the process logged in; else what `C_Login` answers.
    pub fn login(&self, user: UserType, pin: impl Into<Pin>) -> Result<()> {
        self.login_with((user, None), &pin.into(), false)
    }

    /// The same for tokens that tell users apart by name. Wraps `C_LoginUser` (PKCS#11 §5.6.9),
    /// which is of 3.0.
    ///
    /// A share in the login is of the same user with the same name and PIN.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FunctionNotSupported`] of a module before 3.0; else as [`login`](Self::login).
    pub fn login_user(&self, user: UserType, name: &str, pin: impl Into<Pin>) -> Result<()> {
        self.login_with((user, Some(name)), &pin.into(), false)
    }

    pub(crate) fn login_with(
        &self,
        (user, name): (UserType, Option<&str>),
        pin: &Pin,
        final_try: bool,
    ) -> Result<()> {
        let _pass = self.inner.enter(Function::Login)?;
        if user == UserType::CONTEXT_SPECIFIC {
            let what = "a context-specific login belongs to one use: see with_context_pin()";
            return Err(Error::invalid(what).in_function(Function::Login));
        }
        let mut share = lock(&self.inner.share);
        if share.as_ref().is_some_and(|share| self.inner.token.is_current(share)) {
            let what = "this session is logged in already";
            return Err(Error::invalid(what).in_function(Function::Login));
        }
        let login = self.inner.token.login(self.inner.handle, (user, name), pin, final_try);
        *share = Some(self.inner.notice(login)?);
        Ok(())
    }

    /// Gives up this session's share in the token's login; the last share logs out. Wraps
    /// `C_Logout` (PKCS#11 §5.6.10).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotLoggedIn`] if this session did not log in, or what `C_Logout` answers.
    pub fn logout(&self) -> Result<()> {
        let _pass = self.inner.enter(Function::Logout)?;
        let mut held = lock(&self.inner.share);
        let Some(share) = held.as_ref() else {
            return Err(Error::from(ErrorKind::NotLoggedIn).in_function(Function::Logout));
        };
        self.inner.notice(self.inner.token.leave(self.inner.handle, share))?;
        *held = None;
        Ok(())
    }

    /// Sets the user's PIN, in a session of the security officer. Wraps `C_InitPIN`
    /// (PKCS#11 §5.5.8).
    ///
    /// # Errors
    ///
    /// What `C_InitPIN` answers.
    pub fn init_pin(&self, pin: impl Into<Pin>) -> Result<()> {
        let pin = pin.into();
        self.call(Function::InitPIN, |cryptoki, session| cryptoki.init_pin(session, &pin))
    }

    /// Changes the PIN of whoever is logged in, or the user's where nobody is. Wraps `C_SetPIN`
    /// (PKCS#11 §5.5.9).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::PinIncorrect`] if `old` is wrong; it is never tried again. Else what
    /// `C_SetPIN` answers.
    pub fn set_pin(&self, old: impl Into<Pin>, new: impl Into<Pin>) -> Result<()> {
        let (old, new) = (old.into(), new.into());
        self.call(Function::SetPIN, |cryptoki, session| cryptoki.set_pin(session, &old, &new))?;
        self.inner.token.pin_changed(&new)
    }

    /// Fills the buffer with random bytes of the token. Wraps `C_GenerateRandom`
    /// (PKCS#11 §5.19.2), one call for each 32 KiB: some tokens give no more at once. An empty
    /// buffer asks for nothing.
    ///
    /// # Errors
    ///
    /// What `C_GenerateRandom` answers; then the buffer may be filled in part.
    pub fn fill_random(&self, buffer: &mut [u8]) -> Result<()> {
        buffer.chunks_mut(RANDOM_PIECE).try_for_each(|piece| {
            self.call(Function::GenerateRandom, |cryptoki, session| {
                cryptoki.generate_random(session, piece)
            })
        })
    }

    /// Random bytes of the token, as `session.random::<16>()`. Wraps `C_GenerateRandom`
    /// (PKCS#11 §5.19.2).
    ///
    /// # Errors
    ///
    /// What `C_GenerateRandom` answers.
    pub fn random<const N: usize>(&self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill_random(&mut bytes)?;
        Ok(bytes)
    }

    /// Mixes bytes into the token's random number generator. Wraps `C_SeedRandom`
    /// (PKCS#11 §5.19.1).
    ///
    /// # Errors
    ///
    /// What `C_SeedRandom` answers; many tokens take no seed.
    pub fn seed_random(&self, seed: &[u8]) -> Result<()> {
        self.call(Function::SeedRandom, |cryptoki, session| cryptoki.seed_random(session, seed))
    }

    /// Closes the session for all its handles and objects. Wraps `C_Logout` and
    /// `C_CloseSession` (PKCS#11 §5.6.10, §5.6.2).
    ///
    /// Waits for calls in flight, up to the session's time limit. Session objects that it made
    /// are gone afterwards.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OperationActive`] if an operation does not end in time: then nothing has
    /// changed. Else what the two functions answer; the session is closed all the same.
    pub fn close(self) -> Result<()> {
        let name = Function::CloseSession;
        // Held until the session is closed, so that nobody finalizes meanwhile.
        let _pass = self.inner.token.module().state().enter(name)?;
        match self.inner.shut(self.timeout).map_err(|error| error.in_function(name))? {
            true => {
                self.inner.seal();
                self.inner.end()
            }
            false => Err(self.inner.closed_error().in_function(name)),
        }
    }

    pub(crate) fn inner(&self) -> &SessionInner {
        &self.inner
    }

    pub(crate) fn defaults(&self) -> &dyn Defaults {
        self.inner.token.module().defaults()
    }

    /// A call that does not take the operation lock.
    pub(crate) fn call<T>(
        &self,
        name: Function,
        call: impl FnOnce(&Cryptoki, SessionHandle) -> Result<T>,
    ) -> Result<T> {
        let _pass = self.inner.enter(name)?;
        self.inner.notice(call(self.inner.cryptoki(), self.inner.handle))
    }
}

impl SessionInner {
    pub(crate) fn cryptoki(&self) -> &Cryptoki {
        &self.token.module().state().cryptoki
    }

    pub(crate) fn handle(&self) -> SessionHandle {
        self.handle
    }

    pub(crate) fn token(&self) -> &Token {
        &self.token
    }

    /// Passes the gate that closing closes, for a call of this function.
    fn enter(&self, name: Function) -> Result<Pass<'_>> {
        if !self.cryptoki().is_own_process() {
            return Err(Error::from(ErrorKind::Forked).in_function(name));
        }
        if self.is_lost() {
            // The handle may be another session's by now.
            return Err(self.closed_error().in_function(name));
        }
        self.gate.enter().map_err(|_| self.closed_error().in_function(name))
    }

    /// The error of a handle that finds the session closed or lost.
    fn closed_error(&self) -> Error {
        match self.lost.get() {
            _ if self.token.module().state().is_finalized() => ErrorKind::Finalized.into(),
            Some(&code) => ErrorKind::of(code).into(),
            None => ErrorKind::SessionClosed.into(),
        }
    }

    /// Takes the operation lock, waiting as long as `limit`.
    #[inline]
    pub(crate) fn take(&self, holder: Holder, limit: Duration) -> Result<()> {
        let own = self.cryptoki().is_own_process();
        if !own || self.is_lost() || self.stuck.load(Ordering::Relaxed) {
            return Err(self.unusable());
        }
        self.lock.acquire(holder, limit).map_err(|refused| self.refused(refused))
    }

    /// Why no operation can begin in it any more.
    #[cold]
    fn unusable(&self) -> Error {
        if !self.cryptoki().is_own_process() {
            ErrorKind::Forked.into()
        } else if self.is_lost() {
            self.closed_error()
        } else {
            ErrorKind::SessionStuck.into()
        }
    }

    #[cold]
    fn refused(&self, refused: Refused) -> Error {
        match refused {
            Refused::Closed => self.closed_error(),
            Refused::Active(holder) => ErrorKind::OperationActive(Some(holder)).into(),
        }
    }

    /// Closes lock and gate once nobody is inside, for `seal` or `reopen` to decide; `false` if
    /// they are closed already.
    pub(crate) fn shut(&self, limit: Duration) -> Result<bool> {
        if !self.cryptoki().is_own_process() {
            return Err(ErrorKind::Forked.into());
        }
        let start = Instant::now();
        match self.lock.close(limit) {
            Ok(()) => {}
            Err(Refused::Closed) => return Ok(false),
            Err(active) => return Err(self.refused(active)),
        }
        match self.gate.close(limit.saturating_sub(start.elapsed())) {
            Ok(true) => Ok(true),
            _ => {
                self.lock.reopen();
                Err(ErrorKind::OperationActive(None).into())
            }
        }
    }

    /// Makes a `shut` final.
    pub(crate) fn seal(&self) {
        self.gate.seal();
        self.lock.seal();
    }

    /// Undoes a `shut`.
    pub(crate) fn reopen(&self) {
        self.gate.reopen();
        self.lock.reopen();
    }

    /// Logs out what is ours and closes the session, whichever of them fails.
    ///
    /// A session that the module has lost is left alone: its handle may be another one's by now.
    pub(crate) fn end(&self) -> Result<()> {
        let share = lock(&self.share).take();
        let closings = self.token.state().closings.load(Ordering::Relaxed);
        if self.is_lost() || self.closings != closings {
            share.into_iter().for_each(|share| self.token.forfeit(&share));
            return Ok(());
        }
        let left = share.map_or(Ok(()), |share| {
            let answer = self.token.leave(self.handle, &share);
            answer.inspect_err(|_| self.token.forfeit(&share))
        });
        self.cryptoki().close_session(self.handle).and(left)
    }

    /// Keeps in mind what the module says of the session.
    #[inline]
    pub(crate) fn notice<T>(&self, answer: Result<T>) -> Result<T> {
        answer.inspect_err(|error| self.notice_error(error))
    }

    #[cold]
    fn notice_error(&self, error: &Error) {
        let lost = [
            ReturnCode::SESSION_HANDLE_INVALID,
            ReturnCode::SESSION_CLOSED,
            ReturnCode::CRYPTOKI_NOT_INITIALIZED,
            ReturnCode::DEVICE_REMOVED,
            ReturnCode::TOKEN_NOT_PRESENT,
            ReturnCode::TOKEN_NOT_RECOGNIZED,
        ];
        if let Some(code) = error.return_code().filter(|code| lost.contains(code)) {
            self.lost.get_or_init(|| code);
        }
    }

    #[inline]
    pub(crate) fn is_lost(&self) -> bool {
        self.lost.get().is_some()
    }
}

impl Drop for SessionInner {
    fn drop(&mut self) {
        if self.lock.is_closed() {
            return;
        }
        let token = self.token.clone();
        let module = token.module().state();
        let pass = module.enter(Function::CloseSession);
        // No pass: this is a forked child, or the module is finalized, and with it the session,
        // unless the module is somebody else's.
        let ended = pass.is_err() && !module.outlives_us();
        if !ended && let Err(error) = self.end() {
            tracing::debug!(%error, "the session does not close");
        }
    }
}

impl fmt::Debug for SessionInner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({})", self.handle)
    }
}

impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Eq for Session {}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({})", self.inner.handle)
    }
}

/// How a session stands (`CK_SESSION_INFO`, PKCS#11 §3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionInfo {
    /// The slot of its token.
    pub slot: SlotId,
    /// Who is logged in, and whether the session may write.
    pub state: SessionState,
    /// How it was opened.
    pub flags: SessionFlags,
    /// The device's own error code, 0 if none.
    pub device_error: u64,
}

impl From<&CK_SESSION_INFO> for SessionInfo {
    fn from(info: &CK_SESSION_INFO) -> Self {
        Self {
            slot: SlotId(info.slotID),
            state: SessionState::new(info.state),
            flags: SessionFlags::from_bits_retain(info.flags),
            device_error: wide(info.ulDeviceError),
        }
    }
}
