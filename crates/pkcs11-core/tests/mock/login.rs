//! Login belongs to the token: shares, PINs, and what is never tried.

use std::sync::atomic::{AtomicUsize, Ordering};

use pkcs11_core::sys::{
    CK_RV, CK_SESSION_HANDLE, CK_SLOT_ID, CK_TOKEN_INFO_PTR, CK_ULONG, CK_USER_TYPE,
    CK_UTF8CHAR_PTR, CKF_PROTECTED_AUTHENTICATION_PATH, CKR_DEVICE_ERROR, CKR_OK, CKR_PIN_EXPIRED,
    CKR_SESSION_HANDLE_INVALID,
};
use pkcs11_core::{
    ErrorKind, Function, Pin, Result, Session, SessionState, Token, UserType, label,
};
use pkcs11_mock::{LABEL, Lie, Mock, SO_PIN, USER_PIN};

use crate::support::{
    copy_out, failure, initialize_as_host, load, load_patched, login_as_host, token,
};

fn user(token: &Token, pin: &str) -> Result<Session> {
    token.open().user_pin(pin).start()
}

fn state(session: &Session) -> SessionState {
    session.info().unwrap().state
}

#[test]
fn sessions_share_one_login() {
    let mock = Mock::start();
    let token = token(&mock);
    let first = user(&token, USER_PIN).unwrap();
    let second = user(&token, USER_PIN).unwrap();
    let public = token.open().start().unwrap();
    assert_eq!(mock.calls("C_Login"), 2);
    first.close().unwrap();
    assert_eq!(mock.calls("C_Logout"), 0);
    assert_eq!(state(&second), SessionState::RW_USER_FUNCTIONS);
    second.close().unwrap();
    assert_eq!(mock.calls("C_Logout"), 1);
    assert_eq!(state(&public), SessionState::RW_PUBLIC_SESSION);
    let third = user(&token, USER_PIN).unwrap();
    assert_eq!(state(&public), SessionState::RW_USER_FUNCTIONS);
    drop(third);
    assert_eq!(mock.calls("C_Logout"), 2);
}

#[test]
fn tokens_that_are_found_anew_share_it_too() {
    let mock = Mock::start();
    let module = load(&mock);
    let first = user(&module.token(label(LABEL)).unwrap(), USER_PIN).unwrap();
    let second = user(&module.token(label(LABEL)).unwrap(), USER_PIN).unwrap();
    drop(first);
    assert_eq!(state(&second), SessionState::RW_USER_FUNCTIONS);
}

#[test]
fn a_wrong_pin_is_wrong_while_others_are_logged_in() {
    let mock = Mock::start();
    let token = token(&mock);
    let first = user(&token, USER_PIN).unwrap();
    // The module answers CKR_USER_ALREADY_LOGGED_IN to every PIN.
    let error = failure!(user(&token, "wrong"), ErrorKind::PinIncorrect);
    assert_eq!(error.function(), Some(Function::Login));
    assert_eq!(mock.calls("C_Login"), 2);
    assert_eq!(mock.calls("C_CloseSession"), 1);
    first.close().unwrap();
    assert_eq!(mock.calls("C_Logout"), 1, "the wrong one had no share");
}

#[test]
fn a_wrong_pin_closes_the_session_and_is_not_tried_again() {
    let mock = Mock::start();
    let token = token(&mock);
    failure!(user(&token, "wrong"), ErrorKind::PinIncorrect);
    let calls = ["C_OpenSession", "C_Login", "C_CloseSession", "C_Logout"];
    assert_eq!(calls.map(|name| mock.calls(name)), [1, 1, 1, 0]);
    mock.lie("C_Login", Lie::Code(CKR_PIN_EXPIRED));
    failure!(user(&token, USER_PIN), ErrorKind::Failed);
    assert_eq!(calls.map(|name| mock.calls(name)), [2, 2, 2, 0]);
}

#[test]
fn the_last_try_is_not_spent_unasked() {
    let mock = Mock::start();
    let token = token(&mock);
    failure!(user(&token, "wrong"), ErrorKind::PinIncorrect);
    failure!(user(&token, "wrong"), ErrorKind::PinIncorrect);
    mock.reset_counts();
    let error = failure!(user(&token, USER_PIN), ErrorKind::PinFinalTry);
    assert!(error.to_string().contains("allow_final_try"), "{error}");
    assert_eq!(mock.calls("C_Login"), 0);
    assert_eq!(mock.calls("C_OpenSession"), mock.calls("C_CloseSession"));
    // It is the user's PIN, not the security officer's.
    assert!(token.open().so_pin(SO_PIN).start().is_ok());
    let again = token.open().user_pin(USER_PIN).allow_final_try().start();
    assert!(again.is_ok());
}

#[test]
fn a_locked_pin_says_so() {
    let mock = Mock::start();
    let token = token(&mock);
    for _ in 0..3 {
        let wrong = token.open().user_pin("wrong").allow_final_try().start();
        failure!(wrong, ErrorKind::PinIncorrect);
    }
    let error = failure!(user(&token, USER_PIN), ErrorKind::PinLocked);
    assert_eq!(error.function(), Some(Function::Login));
}

#[test]
fn a_failing_logout_closes_all_the_same() {
    let mock = Mock::start();
    let token = token(&mock);
    mock.lie("C_Logout", Lie::Code(CKR_DEVICE_ERROR));
    let error = failure!(user(&token, USER_PIN).unwrap().close(), ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::Logout));
    assert_eq!(mock.calls("C_CloseSession"), 1);
    drop(user(&token, USER_PIN).unwrap());
    assert_eq!(mock.calls("C_CloseSession"), 2);
}

#[test]
fn another_kind_of_user_is_an_error() {
    let mock = Mock::start();
    let token = token(&mock);
    let session = user(&token, USER_PIN).unwrap();
    let officer = token.open().so_pin(SO_PIN).start();
    failure!(officer, ErrorKind::AlreadyLoggedIn);
    let twice = session.login(UserType::USER, USER_PIN);
    failure!(twice, ErrorKind::InvalidInput(_));
    assert_eq!(state(&session), SessionState::RW_USER_FUNCTIONS);
}

#[test]
fn one_session_logs_one_user_in() {
    let mock = Mock::start();
    let token = token(&mock);
    mock.reset_counts();
    let both = token.open().user_pin(USER_PIN).so_pin(SO_PIN).start();
    failure!(both, ErrorKind::InvalidInput(_));
    assert_eq!(mock.total(), 0);
}

#[test]
fn a_login_that_is_not_ours_is_not_joined_and_not_ended() {
    let mock = Mock::start();
    initialize_as_host(&mock);
    let token = token(&mock);
    login_as_host(&mock, USER_PIN);
    failure!(user(&token, USER_PIN), ErrorKind::AlreadyLoggedIn);
    let public = token.open().start().unwrap();
    assert_eq!(state(&public), SessionState::RW_USER_FUNCTIONS);
    drop(public);
    assert_eq!(mock.calls("C_Logout"), 0);
}

#[test]
fn sessions_log_in_and_out_by_hand() {
    let mock = Mock::start();
    let token = token(&mock);
    let (first, second) = (token.open().start().unwrap(), token.open().start().unwrap());
    failure!(first.logout(), ErrorKind::NotLoggedIn);
    first.login(UserType::USER, USER_PIN).unwrap();
    second.login(UserType::USER, USER_PIN).unwrap();
    first.logout().unwrap();
    failure!(first.logout(), ErrorKind::NotLoggedIn);
    assert_eq!(mock.calls("C_Logout"), 0);
    second.logout().unwrap();
    assert_eq!(mock.calls("C_Logout"), 1);
    first.login(UserType::USER, USER_PIN).unwrap();
    assert_eq!(state(&first), SessionState::RW_USER_FUNCTIONS);
}

#[test]
fn a_changed_pin_is_the_one_that_shares() {
    let mock = Mock::start();
    let token = token(&mock);
    let session = user(&token, USER_PIN).unwrap();
    let wrong = session.set_pin("wrong", "567890");
    failure!(wrong, ErrorKind::PinIncorrect);
    session.set_pin(USER_PIN, "567890").unwrap();
    failure!(user(&token, USER_PIN), ErrorKind::PinIncorrect);
    assert!(user(&token, "567890").is_ok());
}

#[test]
fn the_officer_sets_the_users_pin_up() {
    let mock = Mock::start();
    let slot = token(&mock).slot().clone();
    slot.init_token(SO_PIN, "NEW").unwrap();
    let label = "a label of more than thirty-two bytes";
    failure!(slot.init_token(SO_PIN, label), ErrorKind::InvalidInput(_));
    let token = slot.token();
    assert_eq!(token.info().unwrap().label, "NEW");
    failure!(user(&token, "567890"), ErrorKind::Failed);
    let officer = token.open().so_pin(SO_PIN).start().unwrap();
    officer.init_pin("567890").unwrap();
    officer.close().unwrap();
    assert!(user(&token, "567890").is_ok());
}

#[test]
fn a_protected_path_is_refused_where_there_is_none() {
    let mock = Mock::start();
    let token = token(&mock);
    let session = token.open().user_pin(Pin::PROTECTED_PATH).start();
    let error = failure!(session, ErrorKind::InvalidInput(_));
    assert!(error.to_string().contains("give a PIN"), "{error}");
    assert_eq!(mock.calls("C_Login"), 0);
}

#[test]
fn a_protected_path_gets_no_pin() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    static LENGTH: AtomicUsize = AtomicUsize::new(7);
    extern "C" fn login(
        _: CK_SESSION_HANDLE,
        _: CK_USER_TYPE,
        pin: CK_UTF8CHAR_PTR,
        length: CK_ULONG,
    ) -> CK_RV {
        ASKED.fetch_add(usize::from(pin.is_null()), Ordering::Relaxed);
        LENGTH.store(length.try_into().unwrap(), Ordering::Relaxed);
        CKR_OK
    }
    extern "C" fn info(_: CK_SLOT_ID, place: CK_TOKEN_INFO_PTR) -> CK_RV {
        let info = pkcs11_core::sys::CK_TOKEN_INFO {
            flags: CKF_PROTECTED_AUTHENTICATION_PATH,
            ..Default::default()
        };
        copy_out(&[info], place, std::ptr::null_mut())
    }
    let mock = Mock::start();
    let module = load_patched(&mock, |functions| {
        functions.C_GetTokenInfo = Some(info);
        functions.C_Login = Some(login);
    });
    let token = module.tokens().unwrap().remove(0);
    let session = token.open().user_pin(Pin::PROTECTED_PATH).start().unwrap();
    assert_eq!(ASKED.load(Ordering::Relaxed), 1);
    assert_eq!(LENGTH.load(Ordering::Relaxed), 0);
    // A token with a path may still take a PIN.
    assert!(user(&token, USER_PIN).is_ok());
    assert_eq!(ASKED.load(Ordering::Relaxed), 1);
    drop(session);
}

#[test]
fn a_lost_session_gives_its_share_back() {
    let mock = Mock::start();
    let token = token(&mock);
    let lost = user(&token, USER_PIN).unwrap();
    mock.lie_times("C_GenerateRandom", 1, Lie::Code(CKR_SESSION_HANDLE_INVALID));
    failure!(lost.random::<4>(), ErrorKind::SessionClosed);
    drop(lost);
    assert_eq!(mock.calls("C_Logout"), 0);
    let next = user(&token, USER_PIN).unwrap();
    next.logout().unwrap();
    assert_eq!(mock.calls("C_Logout"), 1);
    assert_eq!(state(&next), SessionState::RW_PUBLIC_SESSION);
}

#[test]
fn a_logout_that_fails_can_be_tried_again() {
    let mock = Mock::start();
    let session = user(&token(&mock), USER_PIN).unwrap();
    mock.lie_times("C_Logout", 1, Lie::Code(CKR_DEVICE_ERROR));
    failure!(session.logout(), ErrorKind::Failed);
    assert_eq!(state(&session), SessionState::RW_USER_FUNCTIONS);
    session.logout().unwrap();
    assert_eq!(state(&session), SessionState::RW_PUBLIC_SESSION);
}
