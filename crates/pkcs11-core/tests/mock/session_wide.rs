//! What concerns whole sessions, all of them, or the module.

use std::time::Duration;

use pkcs11_core::sys::{CKR_DEVICE_ERROR, CKR_OPERATION_ACTIVE};
use pkcs11_core::{
    ErrorKind, Function, InterfaceFlags, MechanismType, ReturnCode, SessionState,
    SessionValidation, UserType,
};
use pkcs11_mock::{Lie, Mock, USER_PIN, Version};
use rstest::rstest;

use crate::support::{
    MESSAGE, aes_key, failure, leave_a_digest_behind, load, open, open_on, token,
};

const HASH: MechanismType = MechanismType::SHA256;

#[rstest]
fn what_others_left_behind_is_cancelled(#[values(Version::V2_40, Version::V3_2)] version: Version) {
    let mock = Mock::start();
    mock.version(version);
    let session = open(&mock);
    leave_a_digest_behind(&mock, session.handle());
    session.cancel_operations().unwrap();
    mock.reset_counts();
    session.digest(HASH, b"abc").unwrap();
    assert_eq!(mock.counts(), [("C_DigestInit", 1), ("C_Digest", 1)]);
    let stream = session.digester(HASH).unwrap();
    mock.reset_counts();
    let error = failure!(session.cancel_operations(), ErrorKind::OperationActive(Some(_)));
    assert_eq!(error.function(), Some(Function::SessionCancel));
    assert_eq!(mock.total(), 0);
    stream.finish().unwrap();
}

#[test]
fn a_stuck_session_is_tried_again() {
    let mock = Mock::start();
    let session = open(&mock);
    mock.lie("C_DigestInit", Lie::Code(CKR_OPERATION_ACTIVE));
    failure!(session.digest(HASH, b"abc"), ErrorKind::SessionStuck);
    mock.truth("C_DigestInit");
    failure!(session.digest(HASH, b"abc"), ErrorKind::SessionStuck);
    session.cancel_operations().unwrap();
    session.digest(HASH, b"abc").unwrap();
}

#[test]
fn a_named_user_logs_in_and_shares() {
    let mock = Mock::start();
    let token = token(&mock);
    let open = |name: &str, pin| token.open().login_user(UserType::USER, name, pin).start();
    let first = open("alice", USER_PIN).unwrap();
    assert_eq!((mock.calls("C_LoginUser"), mock.calls("C_Login")), (1, 0));
    assert_eq!(first.info().unwrap().state, SessionState::RW_USER_FUNCTIONS);
    let second = open("alice", USER_PIN).unwrap();
    failure!(open("alice", "0000"), ErrorKind::PinIncorrect);
    // Another one cannot take a share in the login of the first.
    failure!(open("bob", USER_PIN), ErrorKind::AlreadyLoggedIn);
    failure!(token.open().user_pin(USER_PIN).start(), ErrorKind::AlreadyLoggedIn);
    first.logout().unwrap();
    assert_eq!(mock.calls("C_Logout"), 0);
    second.logout().unwrap();
    assert_eq!(mock.calls("C_Logout"), 1);
    second.login_user(UserType::USER, "bob", USER_PIN).unwrap();
    let context = second.login_user(UserType::CONTEXT_SPECIFIC, "bob", USER_PIN);
    failure!(context, ErrorKind::InvalidInput(_));
}

#[test]
fn an_older_module_has_no_named_users() {
    let mock = Mock::start();
    mock.version(Version::V2_40);
    let session = token(&mock).open().start().unwrap();
    let answer = session.login_user(UserType::USER, "alice", USER_PIN);
    let error = failure!(answer, ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::LoginUser));
    session.login(UserType::USER, USER_PIN).unwrap();
}

#[test]
fn all_sessions_are_closed_at_once() {
    let mock = Mock::start();
    let token = token(&mock);
    let (first, second) = (open_on(&mock, &token), open_on(&mock, &token));
    let key = aes_key(&first);
    mock.reset_counts();
    token.close_all_sessions().unwrap();
    assert_eq!(mock.counts(), [("C_CloseAllSessions", 1)]);
    failure!(first.info(), ErrorKind::SessionClosed);
    failure!(second.clone().digest(HASH, b""), ErrorKind::SessionClosed);
    failure!(
        key.encrypt(pkcs11_core::mechanism::AesCbcPad::new(&[0; 16]), b""),
        ErrorKind::SessionClosed
    );
    failure!(first.clone().close(), ErrorKind::SessionClosed);
    drop((first, second, key));
    assert_eq!(mock.total(), 1, "{:?}", mock.counts());
    // The login is gone too, and made anew.
    let third = token.open().start().unwrap();
    assert_eq!(third.info().unwrap().state, SessionState::RW_PUBLIC_SESSION);
    third.login(UserType::USER, USER_PIN).unwrap();
    mock.reset_counts();
    drop(third);
    assert_eq!(mock.counts(), [("C_CloseSession", 1), ("C_Logout", 1)]);
}

#[test]
fn sessions_in_use_stay_open() {
    let mock = Mock::start();
    let token = token(&mock);
    let (first, second) = (open_on(&mock, &token), open_on(&mock, &token));
    let mut stream = first.digester(HASH).unwrap();
    mock.reset_counts();
    let error = failure!(token.close_all_sessions(), ErrorKind::OperationActive(Some(_)));
    assert_eq!(error.function(), Some(Function::CloseAllSessions));
    assert_eq!(mock.total(), 0);
    stream.update(MESSAGE).unwrap();
    second.digest(HASH, b"").unwrap();
    stream.finish().unwrap();
    // A module that does not do it has changed nothing.
    mock.lie_times("C_CloseAllSessions", 1, Lie::Code(CKR_DEVICE_ERROR));
    failure!(token.close_all_sessions(), ErrorKind::Failed);
    first.digest(HASH, b"").unwrap();
    drop(token.open().start().unwrap());
    // A session that goes while all are closed does not close another one's handle.
    mock.lie_times("C_CloseAllSessions", 1, Lie::Delay(Duration::from_millis(100)));
    mock.reset_counts();
    std::thread::scope(|scope| {
        let closing = scope.spawn(|| token.close_all_sessions());
        std::thread::sleep(Duration::from_millis(30));
        drop((first, second));
        closing.join().unwrap().unwrap();
    });
    assert_eq!(mock.counts(), [("C_CloseAllSessions", 1)]);
}

#[test]
fn validation_flags_are_read() {
    let mock = Mock::start();
    let session = open(&mock);
    let flags = session.validation_flags(SessionValidation::LAST_VALIDATION_OK).unwrap();
    assert_eq!(flags.bits(), 4);
    assert_eq!(mock.counts(), [("C_GetSessionValidationFlags", 1)]);
    drop(session);
    mock.version(Version::V3_0);
    let session = open(&mock);
    let answer = session.validation_flags(SessionValidation::LAST_VALIDATION_OK);
    let error = failure!(answer, ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::GetSessionValidationFlags));
}

#[test]
fn nothing_runs_in_parallel() {
    let mock = Mock::start();
    let session = open(&mock);
    for (answer, function) in [
        (session.function_status(), Function::GetFunctionStatus),
        (session.cancel_function(), Function::CancelFunction),
    ] {
        let error = failure!(answer, ErrorKind::Failed);
        assert_eq!(error.return_code(), Some(ReturnCode::FUNCTION_NOT_PARALLEL));
        assert_eq!(error.function(), Some(function));
    }
}

#[rstest]
#[case(Version::V3_2, &[(3, 2), (3, 0), (2, 40)])]
#[case(Version::V3_0, &[(3, 0), (2, 40)])]
fn interfaces_are_listed(#[case] version: Version, #[case] versions: &[(u8, u8)]) {
    let mock = Mock::start();
    mock.version(version);
    let module = load(&mock);
    let interfaces = module.interfaces().unwrap();
    let found: Vec<_> = interfaces.iter().map(|it| (it.version.major, it.version.minor)).collect();
    assert_eq!(found, versions);
    for interface in &interfaces {
        assert_eq!(interface.name, "PKCS 11");
        assert_eq!(interface.flags, InterfaceFlags::empty());
        assert!(module.interface(c"PKCS 11", Some(interface.version)).is_some());
    }
    // Entries that it counts and does not write are none.
    mock.lie("C_GetInterfaceList", Lie::Length(1000));
    assert_eq!(module.interfaces().unwrap(), interfaces);
    mock.lie("C_GetInterfaceList", Lie::Length(pkcs11_core::sys::CK_ULONG::MAX));
    failure!(module.interfaces(), ErrorKind::Misbehaved(_));
    mock.truth("C_GetInterfaceList");
    mock.lie_times("C_GetInterfaceList", 1, Lie::Truth);
    mock.lie_times("C_GetInterfaceList", 1, Lie::Length(8));
    failure!(module.interfaces(), ErrorKind::Misbehaved(_));
}

#[test]
fn an_older_module_has_no_list_of_interfaces() {
    let mock = Mock::start();
    mock.version(Version::V2_40);
    let error = failure!(load(&mock).interfaces(), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::GetInterfaceList));
}
