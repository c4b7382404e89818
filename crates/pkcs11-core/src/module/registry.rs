//! The modules in use in this process: one state per function list.
//!
//! The registry's lock is held across C_Initialize and C_Finalize, so that a load cannot race
//! the drop of the last handle.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError, Weak};

use super::{Gate, LoadOptions, Module, ModuleState, lock};
use crate::raw::{Cryptoki, Entry, Lists};
use crate::{ErrorKind, Function, Result, ReturnCode};

/// What is known of a module.
enum Known {
    /// Somebody has a handle, or the last one is just being dropped.
    Live(Weak<ModuleState>),
    /// We initialised it, with these options, and were asked not to finalize it.
    Kept(LoadOptions),
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
                Ok(mut modules) => modules.remove(&address).is_some(),
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
            None => break false,
            Some(Known::Kept(earlier)) if earlier.initialize_alike(&options) => break true,
            Some(Known::Kept(_)) => return Err(ErrorKind::OtherOptions.into()),
            Some(Known::Live(state)) => state.upgrade(),
        };
        if let Some(state) = state.filter(|state| !state.is_finalized()) {
            let agree = state.options.agree(&options);
            // Not under the lock: this may be the last handle by now, whose drop takes it.
            drop(modules);
            return if agree { Ok(Module(state)) } else { Err(ErrorKind::OtherOptions.into()) };
        }
        // Whoever drops the last handle or finalizes waits for the lock.
        modules = registry.left.wait(modules).unwrap_or_else(PoisonError::into_inner);
    };
    let cryptoki = lists.into_cryptoki();
    let ours = initialize(&cryptoki, &options, kept, || registry.inherited(address))?;
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
    modules.insert(address, Known::Live(Arc::downgrade(&state)));
    tracing::debug!(joined = !ours, "module initialised");
    Ok(Module(state))
}

/// Initialises the module or joins it; whether finalizing it is ours.
fn initialize(
    cryptoki: &Cryptoki,
    options: &LoadOptions,
    kept: bool,
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
    if kept {
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

fn code_of(answer: &Result<()>) -> Option<ReturnCode> {
    answer.as_ref().err().and_then(crate::Error::return_code)
}

/// Finalizes the module for all its handles.
pub(super) fn finalize(state: &ModuleState) -> Result<()> {
    drop(state.enter(Function::Finalize)?);
    let shut = state.shut(state.options.limit());
    shut.map_err(|error| error.in_function(Function::Finalize))?;
    let registry = Registry::current();
    let mut modules = lock(&registry.modules);
    let answer = if state.ours { state.cryptoki.finalize() } else { Ok(()) };
    modules.remove(&state.address);
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
        modules.insert(state.address, Known::Kept(state.options.clone()));
    } else {
        if state.ours
            && let Err(error) = state.cryptoki.finalize()
        {
            tracing::warn!(%error, "the module does not finalize");
        }
        modules.remove(&state.address);
    }
    registry.left.notify_all();
}
