//! The operation lock: PKCS#11 gives a session one state per kind of operation.
//!
//! One atomic word holds the thread that has the lock, and two flags. Taking a free lock
//! is one compare-and-swap, releasing it one `fetch_and`; the mutex and the condition
//! variable serve those who wait.

#[cfg(all(test, loom))]
mod loom_tests;

use std::cell::Cell;
use std::fmt;
use std::time::Duration;

use super::sync::{AtomicUsize, Condvar, Deadline, Mutex, Ordering, lock};
use crate::MechanismType;

/// The session is closed.
const CLOSED: usize = 1 << (usize::BITS - 1);
/// Somebody waits: the one who releases must wake.
const WAITERS: usize = 1 << (usize::BITS - 2);
/// Somebody closes the session, or tries to: whoever comes waits for the outcome.
const CLOSING: usize = 1 << (usize::BITS - 3);
/// The number of the thread that holds the lock; 0 is nobody.
const HOLDER: usize = CLOSING - 1;

/// What holds a session's operation lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The kind of operation.
    pub operation: OperationKind,
    /// Its mechanism; `None` for a search.
    pub mechanism: Option<MechanismType>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.operation)?;
        match self.mechanism {
            Some(mechanism) => write!(f, " with {mechanism}"),
            None => Ok(()),
        }
    }
}

macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident = $number:literal, $text:literal;)*) => {
        /// A kind of operation of which a session has one at a time.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum OperationKind {
            $($(#[$meta])* $name,)*
        }

        impl OperationKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            fn number(self) -> usize {
                match self {
                    $(Self::$name => $number,)*
                }
            }

            fn of_number(number: usize) -> Self {
                match number {
                    $($number => Self::$name,)*
                    _ => Self::Find,
                }
            }
        }

        impl fmt::Display for OperationKind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$name => $text,)*
                })
            }
        }
    };
}

kinds! {
    /// A search for objects.
    Find = 0, "search";
    /// Encryption.
    Encrypt = 1, "encryption";
    /// Decryption.
    Decrypt = 2, "decryption";
    /// Digest.
    Digest = 3, "digest";
    /// Signature or MAC.
    Sign = 4, "signature";
    /// Verification of a signature or MAC.
    Verify = 5, "verification";
    /// Encryption of messages.
    MessageEncrypt = 8, "encryption of messages";
    /// Decryption of messages.
    MessageDecrypt = 9, "decryption of messages";
    /// Signature of messages, or MACs.
    MessageSign = 10, "signature of messages";
    /// Verification of the signatures or MACs of messages.
    MessageVerify = 11, "verification of messages";
    /// Signature from which the data can be recovered.
    SignRecover = 6, "signature with recovery";
    /// Verification that recovers the data.
    VerifyRecover = 7, "verification with recovery";
    /// Verification of a signature that was given first.
    VerifySignature = 12, "verification of a signature given first";
    /// Generation of a key or a key pair, which lasts only in an asynchronous session.
    GenerateKey = 13, "key generation";
}

/// Why the lock was not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The session is closed.
    Closed,
    /// This thread or, until the time limit, another one holds it.
    Active(Holder),
}

#[derive(Debug, Default)]
struct Waiting {
    threads: usize,
}

/// The lock of one session.
#[derive(Debug)]
pub(crate) struct OperationLock {
    word: AtomicUsize,
    /// What the holder does, to tell others: written by the holder right after it takes the lock,
    /// so one who looks at that moment may be told of the holder before.
    operation: AtomicUsize,
    mechanism: AtomicUsize,
    waiting: Mutex<Waiting>,
    wake: Condvar,
}

impl OperationLock {
    pub(crate) fn new() -> Self {
        Self {
            word: AtomicUsize::new(0),
            operation: AtomicUsize::new(0),
            mechanism: AtomicUsize::new(NO_MECHANISM),
            waiting: Mutex::new(Waiting::default()),
            wake: Condvar::new(),
        }
    }

    /// Takes the lock for this thread, waiting for another one until `limit`.
    #[inline]
    pub(crate) fn acquire(&self, holder: Holder, limit: Duration) -> Result<(), Refused> {
        let me = this_thread();
        if self.word.compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed).is_err() {
            self.acquire_slowly(me, limit)?;
        }
        self.operation.store(holder.operation.number(), Ordering::Relaxed);
        self.mechanism.store(mechanism_number(holder.mechanism), Ordering::Relaxed);
        Ok(())
    }

    #[cold]
    fn acquire_slowly(&self, me: usize, limit: Duration) -> Result<(), Refused> {
        let deadline = Deadline::after(limit);
        let mut waiting = lock(&self.waiting);
        waiting.threads += 1;
        let outcome = loop {
            let word = self.word.load(Ordering::Relaxed);
            if word & CLOSED != 0 {
                break Err(Refused::Closed);
            }
            match word & HOLDER {
                0 if word & CLOSING == 0 => {
                    if self.swap(word, word | me, Ordering::Acquire) {
                        break Ok(());
                    }
                    continue;
                }
                holder if holder == me => break Err(Refused::Active(self.holder())),
                _ => {}
            }
            if word & WAITERS == 0 && !self.swap(word, word | WAITERS, Ordering::Relaxed) {
                continue;
            }
            let in_time;
            (waiting, in_time) = deadline.wait(&self.wake, waiting);
            if !in_time {
                break Err(Refused::Active(self.holder()));
            }
        };
        waiting.threads -= 1;
        if waiting.threads == 0 {
            self.word.fetch_and(!WAITERS, Ordering::Relaxed);
        }
        outcome
    }

    /// The operation is this thread's now; for whoever holds the lock, on whichever thread.
    #[inline]
    pub(crate) fn hold_here(&self) {
        let me = this_thread();
        let mut word = self.word.load(Ordering::Relaxed);
        while word & HOLDER != me && !self.swap(word, word & !HOLDER | me, Ordering::Relaxed) {
            word = self.word.load(Ordering::Relaxed);
        }
    }

    /// Gives the lock back, from whichever thread.
    #[inline]
    pub(crate) fn release(&self) {
        let word = self.word.fetch_and(!HOLDER, Ordering::Release);
        if word & WAITERS != 0 {
            self.wake_all();
        }
    }

    #[cold]
    fn wake_all(&self) {
        // Under the mutex, so that nobody is between looking and sleeping.
        let _waiting = lock(&self.waiting);
        self.wake.notify_all();
    }

    /// Keeps the lock from everybody once nobody holds it, until [`seal`](Self::seal) or
    /// [`reopen`](Self::reopen); refused if somebody still holds it at `limit`.
    pub(crate) fn close(&self, limit: Duration) -> Result<(), Refused> {
        let deadline = Deadline::after(limit);
        let mut waiting = lock(&self.waiting);
        waiting.threads += 1;
        let mut mine = false;
        let outcome = loop {
            let word = self.word.load(Ordering::Acquire);
            match word & HOLDER {
                _ if word & CLOSED != 0 => break Err(Refused::Closed),
                holder if holder == this_thread() => break Err(Refused::Active(self.holder())),
                0 if mine => break Ok(()),
                // Somebody else closes: their outcome is ours.
                _ if mine || word & CLOSING != 0 => {}
                _ => {
                    mine = self.swap(word, word | CLOSING | WAITERS, Ordering::Acquire);
                    continue;
                }
            }
            let in_time;
            (waiting, in_time) = deadline.wait(&self.wake, waiting);
            if !in_time {
                break Err(Refused::Active(self.holder()));
            }
        };
        waiting.threads -= 1;
        if mine && outcome.is_err() {
            self.word.fetch_and(!CLOSING, Ordering::Relaxed);
            self.wake.notify_all();
        }
        if waiting.threads == 0 {
            self.word.fetch_and(!WAITERS, Ordering::Relaxed);
        }
        outcome
    }

    /// Makes a `close` final.
    pub(crate) fn seal(&self) {
        let _waiting = lock(&self.waiting);
        self.word.fetch_or(CLOSED, Ordering::Release);
        self.wake.notify_all();
    }

    /// Undoes a `close`.
    pub(crate) fn reopen(&self) {
        let _waiting = lock(&self.waiting);
        self.word.fetch_and(!CLOSING, Ordering::Release);
        self.wake.notify_all();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.word.load(Ordering::Relaxed) & CLOSED != 0
    }

    fn swap(&self, from: usize, to: usize, success: Ordering) -> bool {
        self.word.compare_exchange(from, to, success, Ordering::Relaxed).is_ok()
    }

    fn holder(&self) -> Holder {
        Holder {
            operation: OperationKind::of_number(self.operation.load(Ordering::Relaxed)),
            mechanism: mechanism_of(self.mechanism.load(Ordering::Relaxed)),
        }
    }
}

const NO_MECHANISM: usize = usize::MAX;

#[inline]
fn mechanism_number(mechanism: Option<MechanismType>) -> usize {
    // CK_ULONG is as wide as a pointer or narrower on every platform of the standard.
    mechanism.and_then(|mechanism| usize::try_from(mechanism.number()).ok()).unwrap_or(NO_MECHANISM)
}

fn mechanism_of(number: usize) -> Option<MechanismType> {
    if number == NO_MECHANISM {
        return None;
    }
    number.try_into().ok().map(MechanismType::new)
}

/// A number for this thread that no living thread shares, as long as fewer than 2^29 (2^61)
/// threads have used a session; two that do share one merely see each other as themselves.
#[inline]
fn this_thread() -> usize {
    static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(1);
    NUMBER.with(|number| {
        if number.get() == 0 {
            let next = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            number.set((next & HOLDER).max(1));
        }
        number.get()
    })
}

#[cfg(not(loom))]
thread_local! {
    static NUMBER: Cell<usize> = const { Cell::new(0) };
}

// Loom runs its threads on one thread of the system.
#[cfg(loom)]
loom::thread_local! {
    static NUMBER: Cell<usize> = Cell::new(0);
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::thread;

    const SIGN: Holder =
        Holder { operation: OperationKind::Sign, mechanism: Some(MechanismType::ECDSA) };
    const SOON: Duration = Duration::from_millis(20);
    const LATE: Duration = Duration::from_secs(60);

    #[test]
    fn the_holder_is_refused_at_once_and_named() {
        let lock = OperationLock::new();
        lock.acquire(SIGN, LATE).unwrap();
        assert_eq!(lock.acquire(SIGN, LATE), Err(Refused::Active(SIGN)));
        assert_eq!(SIGN.to_string(), "signature with CKM_ECDSA");
        lock.release();
        lock.acquire(SIGN, LATE).unwrap();
    }

    #[test]
    fn another_thread_waits_for_the_release() {
        let lock = Arc::new(OperationLock::new());
        lock.acquire(SIGN, LATE).unwrap();
        let other = thread::spawn({
            let lock = Arc::clone(&lock);
            move || lock.acquire(SIGN, LATE)
        });
        thread::sleep(SOON);
        lock.release();
        assert_eq!(other.join().unwrap(), Ok(()));
    }

    #[test]
    fn the_holder_is_the_thread_that_used_it_last() {
        let lock = Arc::new(OperationLock::new());
        lock.acquire(SIGN, LATE).unwrap();
        let other = thread::spawn({
            let lock = Arc::clone(&lock);
            move || {
                lock.hold_here();
                lock.acquire(SIGN, LATE)
            }
        });
        assert_eq!(other.join().unwrap(), Err(Refused::Active(SIGN)));
        // It is the other's: this thread waits.
        assert_eq!(lock.acquire(SIGN, SOON), Err(Refused::Active(SIGN)));
        lock.release();
        assert_eq!(lock.acquire(SIGN, SOON), Ok(()));
    }

    #[test]
    fn another_thread_gives_up_at_its_limit() {
        let lock = Arc::new(OperationLock::new());
        lock.acquire(SIGN, LATE).unwrap();
        let other = thread::spawn({
            let lock = Arc::clone(&lock);
            move || lock.acquire(SIGN, SOON)
        });
        assert_eq!(other.join().unwrap(), Err(Refused::Active(SIGN)));
    }

    #[test]
    fn close_waits_is_refused_to_the_holder_and_final() {
        let lock = Arc::new(OperationLock::new());
        lock.acquire(SIGN, LATE).unwrap();
        assert_eq!(lock.close(LATE), Err(Refused::Active(SIGN)));
        let refused = thread::spawn({
            let lock = Arc::clone(&lock);
            move || lock.close(SOON)
        });
        assert_eq!(refused.join().unwrap(), Err(Refused::Active(SIGN)));
        let closer = thread::spawn({
            let lock = Arc::clone(&lock);
            move || lock.close(LATE)
        });
        lock.release();
        assert_eq!(closer.join().unwrap(), Ok(()));
        // Undecided: whoever comes waits.
        assert!(matches!(lock.acquire(SIGN, SOON), Err(Refused::Active(_))));
        lock.reopen();
        assert_eq!(lock.acquire(SIGN, LATE), Ok(()));
        lock.release();
        assert_eq!(lock.close(LATE), Ok(()));
        lock.seal();
        assert_eq!(lock.acquire(SIGN, LATE), Err(Refused::Closed));
        assert_eq!(lock.close(LATE), Err(Refused::Closed));
    }
}
