//! Opening a session.

use std::time::Duration;

use super::Session;
use crate::token::Token;
use crate::{Error, Function, Pin, Result, SessionFlags, UserType};

/// A session to be opened: read-write and public, unless told otherwise.
#[derive(Debug)]
#[must_use = "no session is opened until `start`"]
pub struct SessionBuilder {
    token: Token,
    read_write: bool,
    logins: Vec<(UserType, Option<String>, Pin)>,
    final_try: bool,
    timeout: Duration,
}

impl SessionBuilder {
    pub(crate) fn new(token: Token) -> Self {
        Self {
            token,
            read_write: true,
            logins: Vec::new(),
            final_try: false,
            timeout: Duration::from_secs(30),
        }
    }

    /// Open the session for reading: token objects cannot be made, changed or destroyed.
    pub fn read_only(mut self) -> Self {
        self.read_write = false;
        self
    }

    /// Log the user in. [`Pin::PROTECTED_PATH`] lets the token ask.
    pub fn user_pin(self, pin: impl Into<Pin>) -> Self {
        self.login(UserType::USER, pin)
    }

    /// Log the security officer in.
    pub fn so_pin(self, pin: impl Into<Pin>) -> Self {
        self.login(UserType::SO, pin)
    }

    /// Log this kind of user in, a vendor's say.
    pub fn login(mut self, user: UserType, pin: impl Into<Pin>) -> Self {
        self.logins.push((user, None, pin.into()));
        self
    }

    /// Log this user of a token that tells users apart by name in. Wraps `C_LoginUser`
    /// (PKCS#11 §5.6.9), which is of 3.0.
    pub fn login_user(
        mut self,
        user: UserType,
        name: impl Into<String>,
        pin: impl Into<Pin>,
    ) -> Self {
        self.logins.push((user, Some(name.into()), pin.into()));
        self
    }

    /// Log in even where the token says that one try is left before the PIN is locked.
    pub fn allow_final_try(mut self) -> Self {
        self.final_try = true;
        self
    }

    /// How long an operation waits for another thread's to end; 30 seconds unless set.
    pub fn operation_timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Opens the session and logs in. Wraps `C_OpenSession` and `C_Login`
    /// (PKCS#11 §5.6.1, §5.6.8).
    ///
    /// # Errors
    ///
    /// If more than one user is to log in; what `C_OpenSession` answers; what
    /// [`Session::login`] does, and then the session is closed again.
    pub fn start(self) -> Result<Session> {
        let ([] | [_]) = self.logins[..] else {
            let what = "one user logs in to a token at a time";
            return Err(Error::invalid(what).in_function(Function::Login));
        };
        // Read now, so that a module which wants one call at a time gets its way from here on.
        let _ = self.token.quirks();
        let module = self.token.module().state();
        let pass = module.enter(Function::OpenSession)?;
        let read_write =
            if self.read_write { SessionFlags::RW_SESSION } else { SessionFlags::empty() };
        let handle = module.cryptoki.open_session(self.token.slot().id(), read_write)?;
        let session = Session::new(self.token.clone(), handle, self.timeout);
        drop(pass);
        for (user, name, pin) in &self.logins {
            session.login_with((*user, name.as_deref()), pin, self.final_try)?;
        }
        Ok(session)
    }
}
