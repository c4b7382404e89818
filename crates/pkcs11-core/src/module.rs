//! Modules: loading, initialising, finalizing.

mod events;
mod info;
mod options;
mod registry;
mod sessions;

use std::collections::HashMap;
use std::ffi::CStr;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

pub use info::ModuleInfo;
pub use options::LoadOptions;

use crate::lock::{Gate, Pass};
use crate::raw::{Cryptoki, Interface, InterfaceInfo, SlotId};
use crate::session::SessionInner;
use crate::slot::Slot;
use crate::token::{Token, TokenQuery, TokenState};
use crate::{Defaults, Error, ErrorKind, Function, Result, Version};

/// A PKCS#11 module in use: initialised, and finalized when the last handle goes.
///
/// Handles are cheap to clone, and slots, tokens, sessions and objects keep one. One module has
/// one state per process, so loading it again gives a handle on the same state.
///
/// Dropping the last handle calls `C_Finalize` and swallows its failure;
/// [`finalize`](Self::finalize) reports.
#[derive(Clone)]
pub struct Module(Arc<ModuleState>);

pub(crate) struct ModuleState {
    pub(crate) cryptoki: Cryptoki,
    /// The function list's address: what tells two modules apart.
    address: usize,
    options: LoadOptions,
    /// Whether C_Initialize was ours, so that C_Finalize may be.
    ours: bool,
    gate: Gate,
    finalized: AtomicBool,
    tokens: Mutex<HashMap<SlotId, Weak<TokenState>>>,
    sessions: Mutex<Vec<Weak<SessionInner>>>,
}

impl Module {
    /// What the module says of itself. Wraps `C_GetInfo` (PKCS#11 §5.4.3).
    ///
    /// # Errors
    ///
    /// What `C_GetInfo` answers.
    pub fn info(&self) -> Result<ModuleInfo> {
        let _pass = self.0.enter(Function::GetInfo)?;
        self.0.cryptoki.info().map(|info| ModuleInfo::from(&info))
    }

    /// All slots, with or without a token. Wraps `C_GetSlotList` (PKCS#11 §5.5.1).
    ///
    /// # Errors
    ///
    /// What `C_GetSlotList` answers. A slot that cannot be read hides no other: its own calls
    /// fail.
    pub fn slots(&self) -> Result<Vec<Slot>> {
        self.slot_list(false)
    }

    /// The slots that have a token. Wraps `C_GetSlotList` (PKCS#11 §5.5.1).
    ///
    /// # Errors
    ///
    /// As [`slots`](Self::slots).
    pub fn slots_with_token(&self) -> Result<Vec<Slot>> {
        self.slot_list(true)
    }

    fn slot_list(&self, token_present: bool) -> Result<Vec<Slot>> {
        let _pass = self.0.enter(Function::GetSlotList)?;
        let slots = self.0.cryptoki.slot_list(token_present)?;
        Ok(slots.into_iter().map(|slot| Slot::new(self.clone(), slot)).collect())
    }

    /// The slot of this number, as [`Slot::id`] gives it; whether there is one shows when it is
    /// used.
    #[must_use]
    pub fn slot(&self, id: SlotId) -> Slot {
        Slot::new(self.clone(), id)
    }

    /// All tokens.
    ///
    /// # Errors
    ///
    /// As [`slots`](Self::slots).
    pub fn tokens(&self) -> Result<Vec<Token>> {
        Ok(self.slots_with_token()?.iter().map(Slot::token).collect())
    }

    /// The one token that matches: `module.token("DEMO")` by its label, or
    /// `module.token(label("DEMO").serial("1234"))` by more.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TokenNotFound`], or [`ErrorKind::MultipleTokens`]; else as
    /// [`slots`](Self::slots). A token that cannot be read does not match.
    pub fn token(&self, query: impl Into<TokenQuery>) -> Result<Token> {
        let query = query.into();
        let mut found: Vec<Token> = self.tokens()?;
        found.retain(|token| query.matches(token));
        let count = found.len();
        let kind = match (found.pop(), count) {
            (Some(token), 1) => return Ok(token),
            (None, _) => ErrorKind::TokenNotFound(query.to_string()),
            _ => ErrorKind::MultipleTokens { count, query: query.to_string() },
        };
        Err(Error::from(kind).in_function(Function::GetTokenInfo))
    }

    /// A vendor's interface, or the standard's `PKCS 11`, as the module gives it; `None` if it
    /// has none. Wraps `C_GetInterface` (PKCS#11 §5.4.6).
    #[must_use]
    pub fn interface(&self, name: &CStr, version: Option<Version>) -> Option<Interface> {
        let _pass = self.0.enter(Function::GetInterface).ok()?;
        self.0.cryptoki.interface(name, version)
    }

    /// All interfaces of the module, with their names and versions. Wraps `C_GetInterfaceList`
    /// (PKCS#11 §5.4.5), which is of 3.0.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FunctionNotSupported`] of a module that has no such function; else what it
    /// answers.
    pub fn interfaces(&self) -> Result<Vec<InterfaceInfo>> {
        let _pass = self.0.enter(Function::GetInterfaceList)?;
        self.0.cryptoki.interfaces()
    }

    /// Finalizes the module for all its handles. Wraps `C_Finalize` (PKCS#11 §5.4.2).
    ///
    /// Waits for calls in flight. Afterwards every handle, session and object of the module
    /// answers [`ErrorKind::Finalized`]; loading the module again starts anew. A module that
    /// something else in the process has initialised is left alone.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OperationActive`] if a session is still in use after the time limit: then
    /// nothing has changed. Else what `C_Finalize` answers.
    pub fn finalize(self) -> Result<()> {
        registry::finalize(&self.0)
    }

    pub(crate) fn state(&self) -> &Arc<ModuleState> {
        &self.0
    }

    pub(crate) fn defaults(&self) -> &dyn Defaults {
        self.0.options.policy()
    }
}

impl ModuleState {
    /// Passes the gate that finalizing closes, for a call of this function.
    pub(crate) fn enter(&self, name: Function) -> Result<Pass<'_>> {
        if !self.cryptoki.is_own_process() {
            return Err(Error::from(ErrorKind::Forked).in_function(name));
        }
        self.gate.enter().map_err(|_| Error::from(ErrorKind::Finalized).in_function(name))
    }

    /// Whether the module goes on when we finalize: somebody else has initialised it.
    pub(crate) fn outlives_us(&self) -> bool {
        !self.ours && self.cryptoki.is_own_process()
    }

    pub(crate) fn is_finalized(&self) -> bool {
        self.finalized.load(Ordering::Acquire)
    }

    /// The state that all handles on one token share.
    ///
    /// A forked child gets one of its own: a thread of its parent may have held the lock.
    pub(crate) fn token(&self, slot: SlotId) -> Arc<TokenState> {
        if !self.cryptoki.is_own_process() {
            return Arc::default();
        }
        let mut tokens = lock(&self.tokens);
        if let Some(token) = tokens.get(&slot).and_then(Weak::upgrade) {
            return token;
        }
        let token = Arc::new(TokenState::default());
        tokens.retain(|_, token| token.strong_count() != 0);
        tokens.insert(slot, Arc::downgrade(&token));
        token
    }

    /// Remembers a session, so that finalizing can close it.
    pub(crate) fn add_session(&self, session: &Arc<SessionInner>) {
        let mut sessions = lock(&self.sessions);
        if sessions.len() == sessions.capacity() {
            sessions.retain(|session| session.strong_count() != 0);
        }
        sessions.push(Arc::downgrade(session));
    }

    /// Closes the gates of module and sessions, or none of them; the sessions that were open.
    fn shut(&self, limit: Duration) -> Result<Vec<Arc<SessionInner>>> {
        let start = Instant::now();
        let left = || limit.saturating_sub(start.elapsed());
        if !self.gate.close(left()).map_err(|_| Error::from(ErrorKind::Finalized))? {
            return Err(ErrorKind::OperationActive(None).into());
        }
        let sessions: Vec<_> = lock(&self.sessions).iter().filter_map(Weak::upgrade).collect();
        let mut shut = Vec::new();
        for session in sessions {
            match session.shut(left()) {
                Ok(true) => shut.push(session),
                // Closed already.
                Ok(false) => {}
                Err(error) => {
                    shut.iter().for_each(|session| session.reopen());
                    self.gate.reopen();
                    return Err(error);
                }
            }
        }
        self.finalized.store(true, Ordering::Release);
        shut.iter().for_each(|session| session.seal());
        self.gate.seal();
        Ok(shut)
    }
}

impl Drop for ModuleState {
    fn drop(&mut self) {
        registry::dropped(self);
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Module")
            .field("options", &self.0.options)
            .field("cryptoki", &self.0.cryptoki)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Module {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Module {}

/// Locks; what a panic left behind is consistent, since nothing here panics half-way.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
