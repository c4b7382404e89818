//! The operation lock in every interleaving of a few threads.
#![allow(
    unsafe_code,
    reason = "loom's cell, which reports a second thread inside, is reached by pointer"
)]

use super::*;
use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;

const FIND: Holder = Holder { operation: OperationKind::Find, mechanism: None };
const EVER: Duration = Duration::MAX;

/// In every interleaving of three threads, one at a time is inside and none is lost.
#[test]
fn loom_excludes_and_wakes() {
    loom::model(|| {
        let lock = Arc::new((OperationLock::new(), UnsafeCell::new(0_u32)));
        let work = |lock: &(OperationLock, UnsafeCell<u32>)| {
            lock.0.acquire(FIND, EVER).unwrap();
            // SAFETY: the operation lock is held; loom fails the test if that is not enough.
            lock.1.with_mut(|count| unsafe { *count += 1 });
            lock.0.release();
        };
        let others: Vec<_> = (0..2)
            .map(|_| {
                let lock = Arc::clone(&lock);
                thread::spawn(move || work(&lock))
            })
            .collect();
        work(&lock);
        for other in others {
            other.join().unwrap();
        }
        // SAFETY: all other threads have ended.
        let count = lock.1.with(|count| unsafe { *count });
        assert_eq!(count, 3);
    });
}

/// Closing waits for the holder, wakes those who wait, and lets nobody in afterwards.
#[test]
fn loom_close_ends_all_waiting() {
    loom::model(|| {
        let lock = Arc::new(OperationLock::new());
        let worker = {
            let lock = Arc::clone(&lock);
            thread::spawn(move || match lock.acquire(FIND, EVER) {
                Ok(()) => lock.release(),
                Err(refused) => assert_eq!(refused, Refused::Closed),
            })
        };
        lock.close(EVER).unwrap();
        lock.seal();
        assert_eq!(lock.acquire(FIND, EVER), Err(Refused::Closed));
        worker.join().unwrap();
    });
}

/// An operation that moves to another thread, and ends there, is waited for.
#[test]
fn loom_a_moved_operation_ends_on_its_new_thread() {
    loom::model(|| {
        let lock = Arc::new((OperationLock::new(), UnsafeCell::new(0_u32)));
        lock.0.acquire(FIND, EVER).unwrap();
        let mover = {
            let lock = Arc::clone(&lock);
            thread::spawn(move || {
                lock.0.hold_here();
                // SAFETY: the operation is this thread's; loom fails the test if that is not enough.
                lock.1.with_mut(|count| unsafe { *count += 1 });
                lock.0.release();
            })
        };
        let waiter = {
            let lock = Arc::clone(&lock);
            thread::spawn(move || {
                lock.0.acquire(FIND, EVER).unwrap();
                // SAFETY: the operation lock is held.
                lock.1.with_mut(|count| unsafe { *count += 1 });
                lock.0.release();
            })
        };
        mover.join().unwrap();
        waiter.join().unwrap();
        // SAFETY: all other threads have ended.
        assert_eq!(lock.1.with(|count| unsafe { *count }), 2);
    });
}
