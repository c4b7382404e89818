//! The modules in use in this process: one state per function list.
//!
//! The registry's lock is held across C_Initialize and C_Finalize, so that a load cannot race
//! the drop of the last handle.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError, Weak};

use super::{Gate, LoadOptions, Module, ModuleState, lock};
use crate::raw::{Cryptoki, Entry, Lists};
use crate::{Error, ErrorKind, Function, Result, ReturnCode};

/// What is known of a module.
enum Known {
    /// Somebody has a handle, or the last one is just being dropped.
    Live { state: Weak<ModuleState>, ours: bool },
    /// It is initialised by us, with these options, and nobody has a handle.
    Kept { options: LoadOptions, serialized: bool },
}

/// The registry of one process. A forked child makes the next one in the chain: a thread of
/// its parent may have held the lock of the one that it inherits.
struct Registry {
    generation: usize,
    modules: Mutex<HashMap<usize, Known>>,
    /// A module has left.
    left: Condvar,
    next: OnceLock<Box<Registry>>,
}

static FIRST: OnceLock<Registry> = OnceLock::new();

impl Registry {
    fn new(generation: usize) -> Self {
        Self { generation, modules: Mutex::default(), left: Condvar::new(), next: OnceLock::new() }
    }

    fn current() -> &'static Self {
        let generation = crate::raw::process_generation();
        let mut registry = FIRST.get_or_init(|| Self::new(generation));
        while registry.generation != generation {
            registry = registry.next.get_or_init(|| Box::new(Self::new(generation)));
        }
        registry
    }

    /// Whether a process before the fork had initialised the module; answered once.
    fn inherited(&self, address: usize) -> bool {
        let mut found = false;
        let mut registry = FIRST.get();
        while let Some(older) = registry.filter(|older| older.generation < self.generation) {
            found |= match older.modules.try_lock() {
                Ok(mut modules) => {
                    let known = modules.remove(&address);
                    known.is_some_and(|known| !matches!(known, Known::Live { ours: false, .. }))
                }
                // A thread that this process does not have was loading or finalizing.
                Err(_) => true,
            };
            registry = older.next.get().map(|next| &**next);
        }
        found
    }
}

/// A handle on the module of these entry points: the one in use, or a new one.
pub(super) fn load(entry: Entry, options: LoadOptions) -> Result<Module> {
    crate::raw::watch_forks();
    let lists = Lists::of(entry)?;
    let address = lists.address;
    let registry = Registry::current();
    let mut modules = lock(&registry.modules);
    let kept = loop {
        let state = match modules.get(&address) {
            None => break None,
            Some(Known::Kept { options: earlier, serialized })
                if earlier.initialize_alike(&options) =>
            {
                break Some(*serialized);
            }
            Some(Known::Kept { .. }) => return Err(refused(ErrorKind::OtherOptions)),
            Some(Known::Live { state, .. }) => state.upgrade(),
        };
        if let Some(state) = state.filter(|state| !state.is_finalized()) {
            // Not under the lock: this may be the last handle by now, whose drop takes it.
            drop(modules);
            return if !state.options.agree(&options) {
                Err(refused(ErrorKind::OtherOptions))
            } else if !state.ours && !options.joins() {
                Err(refused(ErrorKind::AlreadyInitialized))
            } else {
                // The state has the file open for itself.
                lists.entry.may_unload(true);
                Ok(Module(state))
            };
        }
        // Whoever drops the last handle or finalizes waits for the lock.
        modules = registry.left.wait(modules).unwrap_or_else(PoisonError::into_inner);
    };
    let cryptoki = lists.into_cryptoki();
    let ours = initialize(&cryptoki, &options, kept, || registry.inherited(address))
        .map_err(|error| explained(error, &options))?;
    // From here on the module is this process's own, whatever its parent had made of it.
    registry.inherited(address);
    let state = Arc::new(ModuleState {
        cryptoki,
        address,
        options,
        ours,
        gate: Gate::new(),
        finalized: AtomicBool::new(false),
        tokens: Mutex::default(),
        sessions: Mutex::default(),
    });
    modules.insert(address, Known::Live { state: Arc::downgrade(&state), ours });
    tracing::debug!(joined = !ours, "module initialised");
    Ok(Module(state))
}

/// Initialises the module or joins it; whether finalizing it is ours.
fn initialize(
    cryptoki: &Cryptoki,
    options: &LoadOptions,
    kept: Option<bool>,
    inherited: impl FnOnce() -> bool,
) -> Result<bool> {
    let attempt = || {
        let answer = cryptoki.initialize(options.initialize_args(true));
        if code_of(&answer) != Some(ReturnCode::CANT_LOCK) {
            return answer;
        }
        // It cannot lock, so we do.
        cryptoki.serialize_calls();
        cryptoki.initialize(options.initialize_args(false))
    };
    let answer = attempt();
    if code_of(&answer) != Some(ReturnCode::CRYPTOKI_ALREADY_INITIALIZED) {
        return answer.map(|()| true);
    }
    if let Some(serialized) = kept {
        if serialized {
            cryptoki.serialize_calls();
        }
        return Ok(true);
    }
    if inherited() {
        // The parent's sessions and random numbers are no good here.
        let finalized = cryptoki.finalize();
        if code_of(&finalized) != Some(ReturnCode::CRYPTOKI_NOT_INITIALIZED) {
            finalized?;
        }
        return attempt().map(|()| true);
    }
    if !options.joins() {
        return answer.map(|()| true);
    }
    if !options.joins_locked() {
        cryptoki.serialize_calls();
    }
    Ok(false)
}

/// All else that we give at initialisation is right, so it is what we do not give.
fn explained(error: Error, options: &LoadOptions) -> Error {
    match error.return_code() {
        Some(ReturnCode::ARGUMENTS_BAD) if !options.has_reserved() => {
            error.with_kind(ErrorKind::WantsReservedString)
        }
        _ => error,
    }
}

fn refused(kind: ErrorKind) -> Error {
    Error::from(kind).in_function(Function::Initialize)
}

fn code_of(answer: &Result<()>) -> Option<ReturnCode> {
    answer.as_ref().err().and_then(Error::return_code)
}

/// Finalizes the module for all its handles.
pub(super) fn finalize(state: &ModuleState) -> Result<()> {
    drop(state.enter(Function::Finalize)?);
    let shut = state.shut(state.options.limit());
    let sessions = shut.map_err(|error| error.in_function(Function::Finalize))?;
    let registry = Registry::current();
    let mut modules = lock(&registry.modules);
    // The module of somebody else goes on without us: only our sessions end.
    let answer = if state.ours {
        state.cryptoki.finalize()
    } else {
        sessions.iter().map(|session| session.end()).fold(Ok(()), Result::and)
    };
    state.leave(&mut modules, &answer);
    registry.left.notify_all();
    answer
}

/// The last handle is gone.
pub(super) fn dropped(state: &ModuleState) {
    if !state.cryptoki.is_own_process() || state.is_finalized() {
        return;
    }
    let registry = Registry::current();
    let mut modules = lock(&registry.modules);
    if state.ours && !state.options.finalizes() {
        modules.insert(state.address, state.kept());
    } else {
        let answer = if state.ours { state.cryptoki.finalize() } else { Ok(()) };
        state.leave(&mut modules, &answer);
    }
    registry.left.notify_all();
}

impl ModuleState {
    /// Forgets the module, unless it refused to finalize: then it is initialised still, by us.
    fn leave(&self, modules: &mut HashMap<usize, Known>, answer: &Result<()>) {
        let ended = answer.is_ok()
            || code_of(answer) == Some(ReturnCode::CRYPTOKI_NOT_INITIALIZED)
            || !self.ours;
        if ended {
            modules.remove(&self.address);
            self.cryptoki.may_unload(self.ours && self.options.unloads());
        } else {
            tracing::warn!(?answer, "the module does not finalize");
            modules.insert(self.address, self.kept());
        }
    }

    fn kept(&self) -> Known {
        let serialized = self.cryptoki.is_serialized();
        Known::Kept { options: self.options.clone(), serialized }
    }
}
