//! Loading, options, finalizing by hand and with the last handle.

use std::thread;

use pkcs11_core::sys::{CKR_ARGUMENTS_BAD, CKR_FUNCTION_FAILED};
use pkcs11_core::{
    ErrorKind, Function, LoadOptions, ReturnCode, SecretKey, TokenObject, attr, mechanism,
};
use pkcs11_mock::{Lie, Mock};

use crate::support::{MESSAGE, aes_key, data, failure, load, open, try_load};

#[test]
fn loading_twice_gives_one_module() {
    let mock = Mock::start();
    let first = load(&mock);
    let second = load(&mock);
    assert_eq!(first, second);
    assert_eq!(mock.calls("C_Initialize"), 1);
    drop(first);
    assert_eq!(mock.calls("C_Finalize"), 0);
    assert!(second.info().is_ok());
    drop(second);
    assert_eq!(mock.calls("C_Finalize"), 1);
}

#[test]
fn a_second_load_with_other_options_is_refused() {
    let mock = Mock::start();
    let module = load(&mock);
    let others = [
        LoadOptions::new().reserved("configdir='/tmp'").unwrap(),
        LoadOptions::new().no_threads(true),
        LoadOptions::new().keep_initialized(true),
    ];
    for other in others {
        failure!(try_load(&mock, other), ErrorKind::OtherOptions);
    }
    assert_eq!(mock.calls("C_Initialize"), 1);
    drop(module);
    assert!(try_load(&mock, LoadOptions::new().no_threads(true)).is_ok());
}

#[test]
fn options_reach_the_module() {
    let mock = Mock::start();
    let options = LoadOptions::new().reserved("configdir='/tmp'").unwrap();
    let module = try_load(&mock, options.no_threads(true)).unwrap();
    let args = mock.initialize_args().unwrap();
    // CKF_LIBRARY_CANT_CREATE_OS_THREADS and CKF_OS_LOCKING_OK.
    assert_eq!((args.flags, args.mutex_functions), (1 | 2, 0));
    assert_eq!(args.reserved.as_deref(), Some(c"configdir='/tmp'"));
    drop(module);
    let error = failure!(LoadOptions::new().reserved("a\0b"), ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), None);
}

#[test]
fn after_finalize_every_handle_says_so_and_makes_no_call() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    let token = session.token().clone();
    let (slot, module) = (token.slot().clone(), token.module().clone());
    let iv = [0; 16];
    module.clone().finalize().unwrap();
    assert_eq!(mock.calls("C_Finalize"), 1);
    mock.reset_counts();

    failure!(module.info(), ErrorKind::Finalized);
    failure!(module.slots(), ErrorKind::Finalized);
    failure!(module.tokens(), ErrorKind::Finalized);
    failure!(module.clone().finalize(), ErrorKind::Finalized);
    assert!(module.interface(c"PKCS 11", None).is_none());
    failure!(slot.info(), ErrorKind::Finalized);
    failure!(slot.mechanisms(), ErrorKind::Finalized);
    failure!(token.info(), ErrorKind::Finalized);
    failure!(token.open().start(), ErrorKind::Finalized);
    failure!(session.info(), ErrorKind::Finalized);
    failure!(session.random::<4>(), ErrorKind::Finalized);
    failure!(session.find::<SecretKey>().all(), ErrorKind::Finalized);
    failure!(key.get(attr::LABEL), ErrorKind::Finalized);
    let encrypted = key.encrypt(mechanism::AesCbcPad::new(&iv), MESSAGE);
    let error = failure!(encrypted, ErrorKind::Finalized);
    assert!(error.is_session_lost());
    failure!(key.destroy(), ErrorKind::Finalized);
    failure!(session.clone().close(), ErrorKind::Finalized);
    drop((session, token, slot, module));
    assert_eq!(mock.counts(), []);
}

#[test]
fn after_finalize_loading_starts_anew() {
    let mock = Mock::start();
    let old = open(&mock);
    old.token().module().clone().finalize().unwrap();
    let new = open(&mock);
    assert!(new.info().is_ok());
    assert_ne!(new.token().module(), old.token().module());
    failure!(old.info(), ErrorKind::Finalized);
    drop(old);
    assert!(new.info().is_ok());
    assert_eq!(mock.calls("C_Finalize"), 0);
}

#[test]
fn the_last_handle_finalizes_after_the_sessions_are_closed() {
    let mock = Mock::start();
    let session = open(&mock);
    let object = data(&session, attr::LABEL, "kept");
    drop(session);
    assert_eq!(mock.calls("C_CloseSession"), 0);
    assert_eq!(object.get(attr::LABEL).unwrap(), "kept");
    // Not initialised any more, the mock would refuse both.
    mock.lie("C_Finalize", Lie::Truth);
    drop(object);
    let calls = ["C_Logout", "C_CloseSession", "C_Finalize"].map(|name| mock.calls(name));
    assert_eq!(calls, [1, 1, 1]);
    assert_eq!(mock.initialize_args(), None);
}

#[test]
fn a_module_may_be_kept_initialized() {
    let mock = Mock::start();
    let keep = || LoadOptions::new().keep_initialized(true);
    drop(try_load(&mock, keep()).unwrap());
    assert_eq!(mock.calls("C_Finalize"), 0);
    assert!(mock.initialize_args().is_some());
    // What we have kept is ours, and no reason to take turns or to refuse.
    let module = try_load(&mock, keep().strict(true)).unwrap();
    assert!(module.info().is_ok());
    module.finalize().unwrap();
    assert_eq!(mock.calls("C_Finalize"), 1);
}

#[test]
fn finalize_reports_and_a_failure_is_final() {
    let mock = Mock::start();
    let module = load(&mock);
    mock.lie("C_Finalize", Lie::CodeAfter(CKR_FUNCTION_FAILED));
    let error = failure!(module.clone().finalize(), ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::Finalize));
    failure!(module.info(), ErrorKind::Finalized);
    mock.truth("C_Finalize");
    assert!(load(&mock).info().is_ok());
}

#[test]
fn a_module_that_does_not_finalize_is_still_ours() {
    let mock = Mock::start();
    mock.lie_times("C_Finalize", 1, Lie::Code(CKR_FUNCTION_FAILED));
    drop(load(&mock));
    // It is initialised still, and by us: whoever loads it next may finalize it.
    let module = try_load(&mock, LoadOptions::new().strict(true)).unwrap();
    drop(module);
    assert_eq!(mock.calls("C_Finalize"), 2);
    assert_eq!(mock.initialize_args(), None);
}

#[test]
fn a_module_that_does_not_initialize_can_be_loaded_later() {
    let mock = Mock::start();
    mock.lie_times("C_Initialize", 1, Lie::Code(CKR_FUNCTION_FAILED));
    let error = failure!(try_load(&mock, LoadOptions::new()), ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::Initialize));
    assert_eq!(mock.calls("C_Finalize"), 0);
    assert!(load(&mock).info().is_ok());
}

#[test]
fn a_module_that_wants_to_be_told_more_says_so() {
    let mock = Mock::start();
    mock.lie("C_Initialize", Lie::Code(CKR_ARGUMENTS_BAD));
    let error = failure!(try_load(&mock, LoadOptions::new()), ErrorKind::WantsReservedString);
    assert_eq!(error.function(), Some(Function::Initialize));
    assert_eq!(error.return_code(), Some(ReturnCode::ARGUMENTS_BAD));
    // Then it is what was told that is wrong.
    let told = LoadOptions::new().reserved("configdir='nowhere'").unwrap();
    failure!(try_load(&mock, told), ErrorKind::Failed);
}

#[test]
fn loads_and_last_drops_do_not_race() {
    let (threads, rounds) = if cfg!(miri) { (3, 4) } else { (4, 200) };
    let mock = Mock::start();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..rounds {
                    let module = load(&mock);
                    assert_eq!(module.slots().unwrap().len(), 2);
                }
            });
        }
    });
    assert_eq!(mock.calls("C_Initialize"), mock.calls("C_Finalize"));
    assert_eq!(mock.initialize_args(), None);
}

#[test]
fn loads_and_finalizes_do_not_race() {
    let (threads, rounds) = if cfg!(miri) { (3, 4) } else { (4, 200) };
    let mock = Mock::start();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..rounds {
                    // Another thread's finalize may come in between, and nothing else may.
                    let module = load(&mock);
                    if let Err(error) = module.slots() {
                        assert!(error.is_session_lost(), "{error}");
                    }
                    if let Err(error) = module.finalize() {
                        assert!(error.is_session_lost(), "{error}");
                    }
                }
            });
        }
    });
    assert_eq!(mock.calls("C_Initialize"), mock.calls("C_Finalize"));
    assert_eq!(mock.initialize_args(), None);
}
