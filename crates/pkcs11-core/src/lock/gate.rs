//! A gate that counts those inside and can be closed once they have left.
//!
//! Calls that do not take the operation lock pass it, so that closing a session or
//! finalizing a module never happens beside one of them.

use std::time::Duration;

use super::sync::{AtomicUsize, Condvar, Deadline, Mutex, Ordering, lock};

/// Nobody may enter any more.
const CLOSED: usize = 1 << (usize::BITS - 1);
/// Somebody closes the gate, or tries to: whoever comes waits for the outcome.
const CLOSING: usize = 1 << (usize::BITS - 2);

#[derive(Debug)]
pub(crate) struct Gate {
    /// How many are inside, and how the gate stands.
    word: AtomicUsize,
    closing: Mutex<()>,
    wake: Condvar,
}

/// One who is inside; leaves when dropped.
#[derive(Debug)]
pub(crate) struct Pass<'gate>(&'gate Gate);

/// The gate is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Closed;

impl Gate {
    pub(crate) fn new() -> Self {
        Self { word: AtomicUsize::new(0), closing: Mutex::new(()), wake: Condvar::new() }
    }

    pub(crate) fn enter(&self) -> Result<Pass<'_>, Closed> {
        loop {
            let before = self.word.fetch_add(1, Ordering::Acquire);
            let pass = Pass(self);
            if before & (CLOSED | CLOSING) == 0 {
                return Ok(pass);
            }
            drop(pass);
            self.outcome()?;
        }
    }

    /// Waits until nobody tries to close the gate.
    #[cold]
    fn outcome(&self) -> Result<(), Closed> {
        let mut guard = lock(&self.closing);
        loop {
            let word = self.word.load(Ordering::Acquire);
            if word & CLOSED != 0 {
                return Err(Closed);
            }
            if word & CLOSING == 0 {
                return Ok(());
            }
            (guard, _) = Deadline::after(Duration::MAX).wait(&self.wake, guard);
        }
    }

    /// Keeps everybody out once all have left, until [`seal`](Self::seal) or
    /// [`reopen`](Self::reopen); `false`, and open again, if somebody is inside at `limit`.
    pub(crate) fn close(&self, limit: Duration) -> Result<bool, Closed> {
        let deadline = Deadline::after(limit);
        while self.word.fetch_or(CLOSING, Ordering::Acquire) & (CLOSED | CLOSING) != 0 {
            // Somebody else closes: their outcome is ours.
            self.outcome()?;
        }
        let mut guard = lock(&self.closing);
        while self.word.load(Ordering::Acquire) != CLOSING {
            let in_time;
            (guard, in_time) = deadline.wait(&self.wake, guard);
            if !in_time {
                self.word.fetch_and(!CLOSING, Ordering::Relaxed);
                self.wake.notify_all();
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Makes a `close` final.
    pub(crate) fn seal(&self) {
        let _guard = lock(&self.closing);
        self.word.fetch_or(CLOSED, Ordering::Release);
        self.wake.notify_all();
    }

    /// Undoes a `close`.
    pub(crate) fn reopen(&self) {
        let _guard = lock(&self.closing);
        self.word.fetch_and(!CLOSING, Ordering::Release);
        self.wake.notify_all();
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let before = self.0.word.fetch_sub(1, Ordering::Release);
        if before == CLOSING | 1 {
            // Under the mutex, so that the closer is not between looking and sleeping.
            let _guard = lock(&self.0.closing);
            self.0.wake.notify_all();
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::thread;

    const SOON: Duration = Duration::from_millis(20);
    const LATE: Duration = Duration::from_secs(60);

    #[test]
    fn closing_waits_for_those_inside() {
        let gate = Gate::new();
        thread::scope(|scope| {
            let pass = gate.enter().unwrap();
            assert_eq!(gate.close(SOON), Ok(false));
            let closer = scope.spawn(|| gate.close(LATE));
            drop(pass);
            assert_eq!(closer.join().unwrap(), Ok(true));
            let late = scope.spawn(|| gate.enter().map(drop));
            gate.reopen();
            assert_eq!(late.join().unwrap(), Ok(()));
        });
        assert_eq!(gate.close(LATE), Ok(true));
        gate.seal();
        assert_eq!(gate.enter().map(drop), Err(Closed));
        assert_eq!(gate.close(LATE), Err(Closed));
    }
}

#[cfg(all(test, loom))]
mod loom_tests {
    use super::*;
    use loom::sync::Arc;
    use loom::thread;

    #[test]
    fn loom_nobody_is_inside_a_closed_gate() {
        loom::model(|| {
            let gate = Arc::new((Gate::new(), AtomicUsize::new(0)));
            let caller = {
                let gate = Arc::clone(&gate);
                thread::spawn(move || {
                    if let Ok(_pass) = gate.0.enter() {
                        assert_eq!(gate.1.load(Ordering::Relaxed), 0, "called after close");
                    }
                })
            };
            assert_eq!(gate.0.close(Duration::MAX), Ok(true));
            gate.0.seal();
            gate.1.store(1, Ordering::Relaxed);
            caller.join().unwrap();
        });
    }
}
