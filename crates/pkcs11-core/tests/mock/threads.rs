//! Threads that meet in one session, and closing beside calls in flight.

use std::thread;
use std::time::Duration;

use pkcs11_core::{
    ErrorKind, LoadOptions, MechanismType, OperationKind, Session, TokenObject, attr, label,
};
use pkcs11_mock::{LABEL, Lie, Mock, USER_PIN};
use rstest::rstest;

use crate::support::{MESSAGE, failure, hmac_key, load, open, token, try_load};

const MAC: MechanismType = MechanismType::SHA256_HMAC;
/// How long a call lasts: under Miri, whose clock is a counter of steps, longer than all that
/// happens beside it.
const LONG: Duration = Duration::from_millis(if cfg!(miri) { 60_000 } else { 300 });
/// Less than that.
const SHORT: Duration = Duration::from_millis(if cfg!(miri) { 2000 } else { 30 });

/// Waits until the function has been called: its lie may make the call last.
fn wait_for(mock: &Mock, function: &str) {
    while mock.calls(function) == 0 {
        thread::sleep(Duration::from_millis(1));
    }
}

fn impatient(mock: &Mock) -> Session {
    let session = token(mock).open().user_pin(USER_PIN);
    session.operation_timeout(SHORT).start().unwrap()
}

#[test]
fn operations_of_several_threads_take_turns() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = hmac_key(&session);
    mock.lie("C_Sign", Lie::Delay(Duration::from_millis(20)));
    mock.reset_counts();
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| assert_eq!(key.sign(MAC, MESSAGE).unwrap().len(), 32));
        }
    });
    assert_eq!((mock.calls("C_Sign"), mock.most_in_flight()), (3, 1));
    assert_eq!(mock.total(), 6);
}

#[test]
fn waiting_has_a_limit_and_the_holder_is_named() {
    let mock = Mock::start();
    let session = impatient(&mock);
    let key = hmac_key(&session);
    mock.lie("C_Sign", Lie::Delay(LONG));
    thread::scope(|scope| {
        let holder = scope.spawn(|| key.sign(MAC, MESSAGE));
        wait_for(&mock, "C_Sign");
        // The mock's lock, taken by both, orders what the holder did before: its name is stored
        // without any order of its own.
        mock.lie_times("C_Sign", 0, Lie::Truth);
        let digest = session.digest(MechanismType::SHA256, MESSAGE);
        let error = failure!(digest, ErrorKind::OperationActive(Some(_)));
        assert!(error.is_retryable() && !error.is_session_lost());
        let text = error.to_string();
        assert!(text.contains("signature with CKM_SHA256_HMAC"), "{text}");
        let ErrorKind::OperationActive(Some(named)) = error.kind() else {
            unreachable!();
        };
        assert_eq!((named.operation, named.mechanism), (OperationKind::Sign, Some(MAC)));
        assert!(holder.join().unwrap().is_ok());
    });
    assert_eq!(mock.calls("C_DigestInit"), 0);
    assert!(session.digest(MechanismType::SHA256, MESSAGE).is_ok());
}

#[test]
fn what_is_no_operation_does_not_wait() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = hmac_key(&session);
    key.get(attr::LABEL).unwrap();
    mock.lie("C_Sign", Lie::Delay(LONG));
    thread::scope(|scope| {
        let holder = scope.spawn(|| key.sign(MAC, MESSAGE));
        wait_for(&mock, "C_Sign");
        assert_eq!(key.get(attr::LABEL).unwrap(), "key");
        session.random::<4>().unwrap();
        assert!(!holder.is_finished());
        assert!(holder.join().unwrap().is_ok());
    });
}

#[test]
fn close_waits_for_an_operation() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = hmac_key(&session);
    mock.lie("C_Sign", Lie::Delay(SHORT));
    mock.reset_counts();
    thread::scope(|scope| {
        let holder = scope.spawn(|| key.sign(MAC, MESSAGE));
        wait_for(&mock, "C_Sign");
        session.clone().close().unwrap();
        assert!(holder.join().unwrap().is_ok());
    });
    assert_eq!((mock.calls("C_CloseSession"), mock.most_in_flight()), (1, 1));
    failure!(key.sign(MAC, MESSAGE), ErrorKind::SessionClosed);
}

#[test]
fn close_waits_for_any_other_call() {
    let mock = Mock::start();
    let session = open(&mock);
    mock.lie("C_GenerateRandom", Lie::Delay(SHORT));
    mock.reset_counts();
    thread::scope(|scope| {
        let caller = scope.spawn(|| session.random::<4>());
        wait_for(&mock, "C_GenerateRandom");
        session.clone().close().unwrap();
        assert!(caller.join().unwrap().is_ok());
    });
    assert_eq!((mock.calls("C_CloseSession"), mock.most_in_flight()), (1, 1));
}

#[test]
fn close_is_refused_after_the_limit_and_then_nothing_has_changed() {
    for function in ["C_Sign", "C_GenerateRandom"] {
        let mock = Mock::start();
        let session = impatient(&mock);
        let key = hmac_key(&session);
        let call = || match function {
            "C_Sign" => key.sign(MAC, MESSAGE).map(drop),
            _ => session.random::<4>().map(drop),
        };
        mock.lie_times(function, 1, Lie::Delay(LONG));
        thread::scope(|scope| {
            let caller = scope.spawn(call);
            wait_for(&mock, function);
            failure!(session.clone().close(), ErrorKind::OperationActive(_));
            assert!(caller.join().unwrap().is_ok());
        });
        assert_eq!(mock.calls("C_CloseSession"), 0);
        assert!(key.sign(MAC, MESSAGE).is_ok());
        session.close().unwrap();
    }
}

#[test]
fn a_close_that_is_refused_turns_nobody_away() {
    let mock = Mock::start();
    let patient = open(&mock);
    let session = impatient(&mock);
    let key = hmac_key(&session);
    mock.lie_times("C_Sign", 1, Lie::Delay(LONG));
    thread::scope(|scope| {
        let holder = scope.spawn(|| key.sign(MAC, MESSAGE));
        wait_for(&mock, "C_Sign");
        let closer = scope.spawn(|| session.clone().close());
        thread::sleep(SHORT / 4);
        // The session turns out to stay open: an error may ask for patience, not say that it is
        // lost.
        let random = session.random::<4>();
        let digest = session.digest(MechanismType::SHA256, MESSAGE);
        failure!(closer.join().unwrap(), ErrorKind::OperationActive(_));
        for error in [random.err(), digest.err()].into_iter().flatten() {
            assert!(!error.is_session_lost(), "{error}");
        }
        assert!(holder.join().unwrap().is_ok());
    });
    drop(patient);
}

#[test]
fn finalize_waits_for_calls_in_flight() {
    for function in ["C_Sign", "C_GenerateRandom", "C_GetInfo"] {
        let mock = Mock::start();
        let session = open(&mock);
        let key = hmac_key(&session);
        let module = load(&mock);
        let call = || match function {
            "C_Sign" => key.sign(MAC, MESSAGE).map(drop),
            "C_GenerateRandom" => session.random::<4>().map(drop),
            _ => module.info().map(drop),
        };
        mock.lie(function, Lie::Delay(SHORT));
        mock.reset_counts();
        thread::scope(|scope| {
            let caller = scope.spawn(call);
            wait_for(&mock, function);
            module.clone().finalize().unwrap();
            assert!(caller.join().unwrap().is_ok());
        });
        assert_eq!((mock.calls("C_Finalize"), mock.most_in_flight()), (1, 1));
        failure!(call(), ErrorKind::Finalized);
    }
}

#[test]
fn finalize_is_refused_after_the_limit_and_then_nothing_has_changed() {
    let mock = Mock::start();
    let options = LoadOptions::new().close_timeout(SHORT);
    let module = try_load(&mock, options).unwrap();
    let idle = open(&mock);
    let session = open(&mock);
    let key = hmac_key(&session);
    mock.lie_times("C_Sign", 1, Lie::Delay(LONG));
    thread::scope(|scope| {
        let caller = scope.spawn(|| key.sign(MAC, MESSAGE));
        wait_for(&mock, "C_Sign");
        failure!(module.clone().finalize(), ErrorKind::OperationActive(_));
        assert!(caller.join().unwrap().is_ok());
    });
    assert_eq!(mock.calls("C_Finalize"), 0);
    assert!(module.info().is_ok() && idle.info().is_ok());
    assert!(idle.digest(MechanismType::SHA256, MESSAGE).is_ok());
    assert!(key.sign(MAC, MESSAGE).is_ok());
    module.finalize().unwrap();
}

#[rstest]
fn finalize_waits_for_a_session_that_is_being_closed(
    #[values("by hand", "with its last handle")] how: &str,
) {
    let mock = Mock::start();
    let module = load(&mock);
    let token = module.token(label(LABEL)).unwrap();
    let session = token.open().user_pin(USER_PIN).start().unwrap();
    mock.lie("C_CloseSession", Lie::Delay(SHORT));
    mock.reset_counts();
    thread::scope(|scope| {
        let closer = scope.spawn(|| match how {
            "by hand" => session.close(),
            _ => {
                drop(session);
                Ok(())
            }
        });
        wait_for(&mock, "C_CloseSession");
        module.clone().finalize().unwrap();
        let closed = closer.join().unwrap();
        assert_eq!((mock.calls("C_Finalize"), mock.most_in_flight()), (1, 1));
        closed.unwrap();
    });
}
