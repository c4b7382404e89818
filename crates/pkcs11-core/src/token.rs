//! Tokens: what they are, how one is found, who is logged in.

mod info;
mod login;
mod query;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, OnceLock};

pub use info::{MaxSessions, TokenInfo, UtcTime};
pub(crate) use login::{Login, LoginShare};
pub use query::{TokenQuery, label};

use crate::defaults::Quirks;
use crate::module::{Module, lock};
use crate::session::SessionBuilder;
use crate::slot::{MechanismInfo, Slot};
use crate::{Error, ErrorKind, Function, MechanismFlags, MechanismType, Result, ReturnCode};

/// A token: what holds keys and does the work.
#[derive(Clone)]
pub struct Token {
    slot: Slot,
    state: Arc<TokenState>,
}

/// Whose softokn ignores the length of an attribute's buffer, and follows the length of PBKDF2's
/// password as a pointer, as before the errata of 2.40: given a number there, it crashes (measured:
/// 3.87.1).
const NSS: &str = "Mozilla";

/// What all handles on one token share.
#[derive(Debug, Default)]
pub(crate) struct TokenState {
    pub(crate) login: Mutex<Login>,
    quirks: OnceLock<Quirks>,
    mechanisms: Mutex<HashMap<MechanismType, Option<MechanismInfo>>>,
    /// How often all sessions were closed at once: a session of before has no handle any more.
    pub(crate) closings: AtomicU64,
}

impl Token {
    pub(crate) fn new(slot: Slot) -> Self {
        let state = slot.module().state().token(slot.id());
        Self { slot, state }
    }

    /// The slot that the token is in.
    #[must_use]
    pub fn slot(&self) -> &Slot {
        &self.slot
    }

    /// The module that the token belongs to.
    #[must_use]
    pub fn module(&self) -> &Module {
        self.slot.module()
    }

    /// What the token is and how it stands, read anew. Wraps `C_GetTokenInfo` (PKCS#11 §5.5.3).
    ///
    /// # Errors
    ///
    /// What `C_GetTokenInfo` answers.
    pub fn info(&self) -> Result<TokenInfo> {
        self.slot.token_info()
    }

    /// A session on the token: read-write and public, unless the builder is told otherwise.
    ///
    /// ```no_run
    /// # fn f(token: &pkcs11_core::Token) -> pkcs11_core::Result<()> {
    /// let session = token.open().user_pin("1234").start()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn open(&self) -> SessionBuilder {
        SessionBuilder::new(self.clone())
    }

    /// Closes all sessions on the token, and logs everybody out. Wraps `C_CloseAllSessions`
    /// (PKCS#11 §5.6.3).
    ///
    /// Ours are closed for all their handles and objects, as by
    /// [`Session::close`](crate::Session::close); those of anything else in this process that uses
    /// the module are gone too.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OperationActive`] if an operation on one of ours does not end in time, or what
    /// the function answers: then nothing has changed.
    pub fn close_all_sessions(&self) -> Result<()> {
        let answer = self.module().state().close_all_sessions(self);
        answer.map_err(|error| error.or_function(Function::CloseAllSessions))
    }

    /// What the token can do with a mechanism, or `None` if it lacks it. The answer is kept.
    /// Wraps `C_GetMechanismInfo` (PKCS#11 §5.5.6).
    ///
    /// # Errors
    ///
    /// What `C_GetMechanismInfo` answers, other than `CKR_MECHANISM_INVALID`.
    pub fn mechanism_info(&self, mechanism: MechanismType) -> Result<Option<MechanismInfo>> {
        if !self.module().state().cryptoki.is_own_process() {
            // Before the lock, which a thread of the parent may have held.
            return Err(Error::from(ErrorKind::Forked).in_function(Function::GetMechanismInfo));
        }
        if let Some(&known) = lock(&self.state.mechanisms).get(&mechanism) {
            return Ok(known);
        }
        let info = match self.slot.mechanism_info(mechanism) {
            Ok(info) => Some(info),
            Err(error) if error.return_code() == Some(ReturnCode::MECHANISM_INVALID) => None,
            Err(error) => return Err(error),
        };
        lock(&self.state.mechanisms).insert(mechanism, info);
        Ok(info)
    }

    /// Whether the token offers the mechanism for all of these uses.
    pub(crate) fn offers(&self, mechanism: MechanismType, flags: MechanismFlags) -> Result<bool> {
        let info = self.mechanism_info(mechanism)?;
        Ok(info.is_some_and(|info| info.flags.contains(flags)))
    }

    /// How the token deviates from the standard, by the module's defaults.
    ///
    /// Which modules write past a buffer that is too small, or follow a number, is no matter of
    /// policy: it is known here; the former is feared of one that does not say what it is.
    #[must_use]
    pub fn quirks(&self) -> Quirks {
        if let Some(&quirks) = self.state.quirks.get() {
            return quirks;
        }
        let module = self.module();
        let read = module.info().and_then(|module| Ok((module, self.info()?)));
        let error = match read {
            Ok((about, info)) => {
                let mut quirks = module.defaults().quirks(&about, &info);
                if about.manufacturer.starts_with(NSS) {
                    quirks = quirks.with_lengths_first(true).with_old_pbkd2(true);
                }
                if quirks.one_call_at_a_time {
                    module.state().cryptoki.serialize_calls();
                }
                return *self.state.quirks.get_or_init(|| quirks);
            }
            Err(error) => error,
        };
        tracing::warn!(%error, "the token cannot be read");
        let careful = Quirks::NONE.with_lengths_first(true);
        // A module that cannot tell is not asked again; any other failure may pass.
        if error.return_code() == Some(ReturnCode::FUNCTION_NOT_SUPPORTED) {
            return *self.state.quirks.get_or_init(|| careful);
        }
        careful
    }

    pub(crate) fn state(&self) -> &TokenState {
        &self.state
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.slot == other.slot
    }
}

impl Eq for Token {}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token(slot {})", self.slot.id())
    }
}
