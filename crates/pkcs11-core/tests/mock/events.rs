//! Tokens that come and go.

use std::thread;
use std::time::{Duration, Instant};

use pkcs11_core::sys::CKR_FUNCTION_NOT_SUPPORTED;
use pkcs11_core::{ErrorKind, Function};
use pkcs11_mock::{Lie, Mock, SLOT};

use crate::support::{failure, load};

const SOON: Duration = Duration::from_millis(250);

#[test]
fn an_event_is_told_once() {
    let mock = Mock::start();
    let module = load(&mock);
    assert!(module.slot_event().unwrap().is_none());
    mock.lie_times("C_GetTokenInfo", 1, Lie::Removed);
    let slot = module.slots().unwrap().remove(0);
    failure!(slot.token().info(), ErrorKind::TokenGone);
    let event = module.slot_event().unwrap().unwrap();
    assert_eq!(event.id().number(), SLOT);
    assert!(module.slot_event().unwrap().is_none());
    mock.truth("C_GetTokenInfo");
    let event = module.wait_for_slot_event(Duration::from_secs(60)).unwrap();
    assert!(event.unwrap().token().info().is_ok(), "it has come back");
}

#[test]
fn a_wait_has_a_limit_and_asks_often() {
    let mock = Mock::start();
    let module = load(&mock);
    mock.reset_counts();
    let start = Instant::now();
    assert!(module.wait_for_slot_event(SOON).unwrap().is_none());
    assert!(start.elapsed() >= SOON);
    assert!(mock.calls("C_WaitForSlotEvent") >= 3);
    assert_eq!(mock.counts().len(), 1);
}

#[test]
fn finalizing_ends_a_wait() {
    let mock = Mock::start();
    let module = load(&mock);
    let waiting = module.clone();
    let waiter = thread::spawn(move || waiting.wait_for_slot_event(Duration::from_secs(600)));
    while mock.calls("C_WaitForSlotEvent") == 0 {
        thread::yield_now();
    }
    module.finalize().unwrap();
    failure!(waiter.join().unwrap(), ErrorKind::Finalized);
}

#[test]
fn a_module_that_has_none_says_so() {
    let mock = Mock::start();
    let module = load(&mock);
    mock.lie("C_WaitForSlotEvent", Lie::Code(CKR_FUNCTION_NOT_SUPPORTED));
    let error = failure!(module.wait_for_slot_event(SOON), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::WaitForSlotEvent));
    assert_eq!(mock.calls("C_WaitForSlotEvent"), 1);
}
