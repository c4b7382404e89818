//! The primitives of std, or loom's where its model checker runs.

#[cfg(loom)]
pub(super) use loom::sync::{
    Condvar, Mutex, MutexGuard,
    atomic::{AtomicUsize, Ordering},
};
#[cfg(not(loom))]
pub(super) use std::sync::{
    Condvar, Mutex, MutexGuard,
    atomic::{AtomicUsize, Ordering},
};

use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// Locks; what a panic left behind is consistent, since nothing here panics half-way.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A moment to give up at; `None` waits for ever.
#[derive(Clone, Copy)]
pub(super) struct Deadline(Option<Instant>);

impl Deadline {
    pub(super) fn after(limit: Duration) -> Self {
        Self(Instant::now().checked_add(limit))
    }

    /// Waits for a wake-up; `false` if the moment has come.
    pub(super) fn wait<'a, T>(
        self,
        wake: &Condvar,
        guard: MutexGuard<'a, T>,
    ) -> (MutexGuard<'a, T>, bool) {
        let Some(moment) = self.0 else {
            return (wake.wait(guard).unwrap_or_else(PoisonError::into_inner), true);
        };
        let left = moment.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return (guard, false);
        }
        let (guard, _) = wake.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner);
        (guard, true)
    }
}
