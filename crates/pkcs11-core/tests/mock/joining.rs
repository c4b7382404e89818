//! A module that the host program has initialised, and one that cannot lock.

use std::thread;
use std::time::Duration;

use pkcs11_core::sys::{CKF_OS_LOCKING_OK, CKR_CANT_LOCK};
use pkcs11_core::{ErrorKind, LoadOptions, Module, label};
use pkcs11_mock::{LABEL, Lie, Mock};

use crate::support::{failure, initialize_as_host, load, open_on, try_load};

/// How many calls are under way at once while several threads want to call.
fn most_in_flight(mock: &Mock, module: &Module) -> usize {
    mock.lie("C_GetInfo", Lie::Delay(Duration::from_millis(30)));
    mock.reset_counts();
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| module.info().unwrap());
        }
    });
    mock.truth("C_GetInfo");
    mock.most_in_flight()
}

#[test]
fn calls_run_side_by_side() {
    let mock = Mock::start();
    let module = load(&mock);
    assert_eq!(mock.initialize_args().map(|args| args.flags), Some(CKF_OS_LOCKING_OK));
    assert_eq!(most_in_flight(&mock, &module), 3);
}

#[test]
fn a_joined_module_is_called_by_one_thread_at_a_time() {
    let mock = Mock::start();
    initialize_as_host(&mock);
    let module = load(&mock);
    assert_eq!(most_in_flight(&mock, &module), 1);
}

#[test]
fn a_host_that_locks_lets_calls_run_side_by_side() {
    let mock = Mock::start();
    initialize_as_host(&mock);
    let module = try_load(&mock, LoadOptions::new().host_locks(true)).unwrap();
    assert_eq!(most_in_flight(&mock, &module), 3);
}

#[test]
fn a_joined_module_is_never_finalized() {
    let mock = Mock::start();
    initialize_as_host(&mock);
    drop(load(&mock));
    load(&mock).finalize().unwrap();
    assert_eq!(mock.calls("C_Finalize"), 0);
    assert!(mock.initialize_args().is_some());
}

#[test]
fn finalizing_a_joined_module_closes_our_sessions() {
    let mock = Mock::start();
    initialize_as_host(&mock);
    let module = load(&mock);
    let session = open_on(&mock, &module.token(label(LABEL)).unwrap());
    module.clone().finalize().unwrap();
    failure!(session.info(), ErrorKind::Finalized);
    drop((session, module));
    // C_Finalize does not end them here, and the host would stay logged in.
    assert_eq!(mock.calls("C_Finalize"), 0);
    assert_eq!((mock.calls("C_Logout"), mock.calls("C_CloseSession")), (1, 1));
}

#[test]
fn strict_refuses_to_join() {
    let mock = Mock::start();
    initialize_as_host(&mock);
    let strict = || LoadOptions::new().strict(true);
    let error = failure!(try_load(&mock, strict()), ErrorKind::AlreadyInitialized);
    assert!(error.to_string().starts_with("C_Initialize: "), "{error}");
    assert_eq!(mock.calls("C_Finalize"), 0);
}

#[test]
fn strict_refuses_what_another_load_has_joined() {
    let mock = Mock::start();
    initialize_as_host(&mock);
    let joined = load(&mock);
    let strict = try_load(&mock, LoadOptions::new().strict(true));
    failure!(strict, ErrorKind::AlreadyInitialized | ErrorKind::OtherOptions);
    drop(joined);
}

#[test]
fn a_module_that_cannot_lock_is_called_by_one_thread_at_a_time() {
    let mock = Mock::start();
    mock.lie_times("C_Initialize", 1, Lie::Code(CKR_CANT_LOCK));
    let module = load(&mock);
    assert_eq!(mock.calls("C_Initialize"), 2);
    assert_eq!(mock.initialize_args().map(|args| args.flags), Some(0));
    assert_eq!(most_in_flight(&mock, &module), 1);
    drop(module);
    assert_eq!(mock.calls("C_Finalize"), 1);
}

#[test]
fn a_module_that_cannot_lock_at_all_fails_to_load() {
    let mock = Mock::start();
    mock.lie("C_Initialize", Lie::Code(CKR_CANT_LOCK));
    let error = failure!(try_load(&mock, LoadOptions::new()), ErrorKind::Failed);
    assert_eq!(error.return_code().map(|code| code.number()), Some(CKR_CANT_LOCK));
    assert_eq!(mock.calls("C_Initialize"), 2);
}

#[test]
fn one_bad_slot_hides_no_other() {
    let mock = Mock::start();
    // A third slot, which does not exist.
    mock.lie("C_GetSlotList", Lie::Length(3));
    let module = load(&mock);
    let slots = module.slots().unwrap();
    assert_eq!(slots.len(), 3);
    failure!(slots[0].token().info(), ErrorKind::TokenGone);
    failure!(slots[2].info(), ErrorKind::Failed);
    assert_eq!(module.token(label(LABEL)).unwrap().slot().id().number(), 11);
    let error = failure!(module.token(label("OTHER")), ErrorKind::TokenNotFound(_));
    let text = error.to_string();
    assert!(text.ends_with("no token matches label \"OTHER\""), "{text}");
}
