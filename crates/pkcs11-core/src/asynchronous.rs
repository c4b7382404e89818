//! Asynchronous sessions: calls that the token finishes later.

mod pending;

use std::fmt;

pub use pending::Pending;
pub(crate) use pending::{Next, Run};
use pkcs11_sys::CK_ULONG;

use crate::lock::OperationKind;
use crate::object::{Object, ObjectKind};
use crate::operation::zeroed;
use crate::session::Session;
use crate::{
    Error, ErrorKind, Function, PrivateKey, PublicKey, Result, ReturnCode, SecretKey, SessionFlags,
    SessionHandle, TokenFlags,
};

/// A session in which the token may answer that a call goes on, and finish it later (PKCS#11 3.2,
/// `CKF_ASYNC_SESSION`).
///
/// It is opened beside an ordinary [`Session`], which finds the keys, holds the login, and does
/// all that is quick. The calls that may take long are
/// [`sign_async`](PrivateKey::sign_async), [`decrypt_async`](PrivateKey::decrypt_async),
/// `encrypt_async`, and `create_async` of the builders of keys; each takes its data as its own and
/// gives a [`Pending`]. A token that is quick all the same gives one that is finished.
///
/// One call is pending at a time: another waits for it as operations of a session do, and the
/// thread that has it gets [`ErrorKind::OperationActive`] at once. More calls want more sessions.
///
/// Cheap to clone. Closed when the last handle and the last [`Pending`] are gone; keys made in it
/// that are not [stored](crate::GenerateKey::store) go with it.
#[derive(Clone)]
pub struct AsyncSession {
    home: Session,
    /// Never handed out: ordinary calls lend memory that a pending call must not have.
    calls: Session,
}

impl Session {
    /// Opens an asynchronous session beside this one, reading or writing as this one does. Wraps
    /// `C_OpenSession` (PKCS#11 §5.6.1).
    ///
    /// ```no_run
    /// # fn f(session: &pkcs11_core::Session, key: &pkcs11_core::PrivateKey) -> pkcs11_core::Result<()> {
    /// use pkcs11_core::DEFAULT;
    /// use std::time::Duration;
    ///
    /// let asynchronous = session.open_async()?;
    /// let pending = key.sign_async(&asynchronous, DEFAULT, b"message".to_vec())?;
    /// // Elsewhere meanwhile, or:
    /// let signature = pending.wait(Duration::from_millis(20))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FunctionNotSupported`] if the module has no `C_AsyncComplete` or the token no
    /// asynchronous sessions; nothing was opened. Else what `C_OpenSession` answers.
    pub fn open_async(&self) -> Result<AsyncSession> {
        let missing = || Error::from(ErrorKind::FunctionNotSupported);
        if !self.inner().cryptoki().has_async_complete() {
            return Err(missing().in_function(Function::AsyncComplete));
        }
        let name = Function::OpenSession;
        let token = self.token();
        if !token.info()?.flags.contains(TokenFlags::ASYNC_SESSION_SUPPORTED) {
            return Err(missing().in_function(name));
        }
        let flags = self.info()?.flags & SessionFlags::RW_SESSION | SessionFlags::ASYNC_SESSION;
        let opened = self.call(name, |cryptoki, _| cryptoki.open_session(token.slot().id(), flags));
        let handle = opened.map_err(|error| match error.return_code() {
            Some(ReturnCode::SESSION_ASYNC_NOT_SUPPORTED) => {
                error.with_kind(ErrorKind::FunctionNotSupported)
            }
            _ => error,
        })?;
        let calls = Session::new(token.clone(), handle, self.operation_timeout());
        Ok(AsyncSession { home: self.clone(), calls })
    }
}

impl AsyncSession {
    /// The ordinary session that it was opened beside.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.home
    }

    /// Its own handle, for calls that this crate does not make.
    #[must_use]
    pub fn handle(&self) -> SessionHandle {
        self.calls.handle()
    }

    /// Goes on with a signature, encryption or decryption whose [`id`](Pending::detach) was taken,
    /// in this process or another one. Wraps `C_AsyncJoin` (PKCS#11 §5.21.3).
    ///
    /// `capacity` is the room for the result, in bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for the id of a key's generation, or no room; else what
    /// `C_AsyncJoin` answers.
    pub fn join(&self, id: AsyncId, capacity: usize) -> Result<Pending<Vec<u8>>> {
        let kind = match id.function {
            Function::Sign => OperationKind::Sign,
            Function::Encrypt => OperationKind::Encrypt,
            Function::Decrypt => OperationKind::Decrypt,
            _ => return Err(id.is_of_another()),
        };
        if capacity == 0 {
            return Err(Error::invalid("the result needs room").in_function(Function::AsyncJoin));
        }
        let run = self.joined(id, kind, capacity)?;
        Ok(Pending::running(run, |returned| Ok(returned.output)))
    }

    /// The same with the generation of a secret key.
    ///
    /// # Errors
    ///
    /// As [`join`](Self::join).
    pub fn join_key(&self, id: AsyncId) -> Result<Pending<SecretKey>> {
        if id.function != Function::GenerateKey {
            return Err(id.is_of_another());
        }
        let run = self.joined(id, OperationKind::GenerateKey, 0)?;
        let home = self.home.clone();
        Ok(Pending::running(run, move |returned| {
            Ok(SecretKey::of(Object::new(home, returned.object()?)))
        }))
    }

    /// The same with the generation of a key pair.
    ///
    /// # Errors
    ///
    /// As [`join`](Self::join).
    pub fn join_key_pair(&self, id: AsyncId) -> Result<Pending<(PublicKey, PrivateKey)>> {
        if id.function != Function::GenerateKeyPair {
            return Err(id.is_of_another());
        }
        let run = self.joined(id, OperationKind::GenerateKey, 0)?;
        let home = self.home.clone();
        Ok(Pending::running(run, move |returned| {
            let public = Object::new(home.clone(), returned.object()?);
            let private = Object::new(home, returned.additional_object()?);
            Ok((PublicKey::of(public), PrivateKey::of(private)))
        }))
    }

    fn joined(&self, id: AsyncId, kind: OperationKind, capacity: usize) -> Result<Run> {
        let output = zeroed(capacity)?;
        let mut run = Run::new(&self.calls, kind, id.function, None)?;
        run.join(id.number, output)?;
        Ok(run)
    }

    /// The session in which the calls are made, for what belongs to the same token.
    pub(crate) fn for_calls_of(&self, other: &Session) -> Result<&Session> {
        if other.token() == self.home.token() {
            return Ok(&self.calls);
        }
        Err(Error::invalid("the asynchronous session is on another token"))
    }
}

impl fmt::Debug for AsyncSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsyncSession({})", self.calls.handle())
    }
}

/// What a call that goes on without its [`Pending`] is found again by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AsyncId {
    function: Function,
    number: CK_ULONG,
}

impl AsyncId {
    /// The id that [`Pending::detach`] gave, perhaps to another process.
    #[must_use]
    pub const fn new(function: Function, number: CK_ULONG) -> Self {
        Self { function, number }
    }

    /// The function that was called: `C_Sign`, say.
    #[must_use]
    pub const fn function(self) -> Function {
        self.function
    }

    /// The module's number for the call.
    #[must_use]
    pub const fn number(self) -> CK_ULONG {
        self.number
    }

    fn is_of_another(self) -> Error {
        let what = format!("this does not join {}", self.function);
        Error::invalid(what).in_function(Function::AsyncJoin)
    }
}
