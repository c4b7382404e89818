//! Errors end the operation: the next one on the same session works.

use pkcs11_core::mechanism::AesCbcPad;
use pkcs11_core::sys::{
    CKR_DEVICE_ERROR, CKR_OPERATION_ACTIVE, CKR_OPERATION_CANCEL_FAILED, CKR_SESSION_CLOSED,
};
use pkcs11_core::{Data, ErrorKind, Function, MechanismType, Result, SecretKey, Session};
use pkcs11_mock::{Lie, Mock, Version};
use rstest::rstest;

use crate::support::{
    MESSAGE, aes_key, failure, hmac_key, leave_a_digest_behind, open, open_on, token,
};

const MAC: MechanismType = MechanismType::SHA256_HMAC;

/// A session with a key for each operation.
struct Tools {
    session: Session,
    aes: SecretKey,
    hmac: SecretKey,
}

impl Tools {
    fn new(mock: &Mock) -> Self {
        let session = open(mock);
        let (aes, hmac) = (aes_key(&session), hmac_key(&session));
        mock.reset_counts();
        Self { session, aes, hmac }
    }

    /// Runs the operation that makes this call.
    fn run(&self, function: &str) -> Result<()> {
        let cbc = AesCbcPad::new(&[0; 16]);
        match function {
            "C_Encrypt" => self.aes.encrypt(cbc, MESSAGE).map(drop),
            "C_Decrypt" => self.aes.decrypt(cbc, &[0; 16]).map(drop),
            "C_Digest" => self.session.digest(MechanismType::SHA256, MESSAGE).map(drop),
            "C_Sign" => self.hmac.sign(MAC, MESSAGE).map(drop),
            "C_Verify" => self.hmac.verify(MAC, MESSAGE, &[0; 32]),
            _ => self.session.find::<Data>().all().map(drop),
        }
    }
}

/// Other operations work, without having to clean up first.
fn assert_free(mock: &Mock, tools: &Tools) {
    mock.reset_counts();
    tools.run("C_Sign").unwrap();
    tools.run("C_Digest").unwrap();
    tools.run("C_FindObjects").unwrap();
    assert_eq!(mock.calls("C_SignInit") + mock.calls("C_Sign"), 2);
    assert_eq!(mock.total(), 7, "{:?}", mock.counts());
}

#[rstest]
fn an_error_cancels(
    #[values(Version::V2_40, Version::V3_0, Version::V3_2)] version: Version,
    #[values("C_Encrypt", "C_Decrypt", "C_Digest", "C_Sign", "C_Verify")] function: &str,
) {
    let mock = Mock::start();
    mock.version(version);
    let tools = Tools::new(&mock);
    // The operation stays active in the mock.
    mock.lie_times(function, 1, Lie::Code(CKR_DEVICE_ERROR));
    let error = failure!(tools.run(function), ErrorKind::Failed);
    assert_eq!(error.function().map(Function::name), Some(function));
    let old = u64::from(version == Version::V2_40);
    assert_eq!(mock.calls(function), 1 + old);
    assert_eq!(mock.calls("C_SessionCancel"), 1 - old);
    assert_free(&mock, &tools);
}

#[rstest]
fn an_error_of_a_search_ends_it(
    #[values(Version::V2_40, Version::V3_2)] version: Version,
    #[values("C_FindObjects", "C_FindObjectsFinal")] function: &str,
) {
    let mock = Mock::start();
    mock.version(version);
    let tools = Tools::new(&mock);
    mock.lie_times(function, 1, Lie::Code(CKR_DEVICE_ERROR));
    failure!(tools.run("C_FindObjects"), ErrorKind::Failed);
    assert_free(&mock, &tools);
}

#[test]
fn a_cancel_that_fails_gives_way_to_the_older_one() {
    let mock = Mock::start();
    let tools = Tools::new(&mock);
    mock.lie("C_SessionCancel", Lie::Code(CKR_OPERATION_CANCEL_FAILED));
    mock.lie_times("C_Sign", 1, Lie::Code(CKR_DEVICE_ERROR));
    failure!(tools.run("C_Sign"), ErrorKind::Failed);
    assert_eq!((mock.calls("C_SessionCancel"), mock.calls("C_Sign")), (1, 2));
    assert_free(&mock, &tools);
}

#[rstest]
fn a_lie_about_the_length_cancels(#[values("C_Sign", "C_Digest", "C_Encrypt")] function: &str) {
    let mock = Mock::start();
    let tools = Tools::new(&mock);
    for lie in [Lie::Length(9999), Lie::Silent] {
        mock.lie_times(function, 1, lie);
        if let Err(error) = tools.run(function) {
            assert!(matches!(error.kind(), ErrorKind::Misbehaved(_)), "{error}");
        }
        assert!(tools.run("C_Sign").is_ok(), "after {lie:?}");
    }
}

#[rstest]
fn what_was_left_behind_is_reset(
    #[values(Version::V2_40, Version::V3_2)] version: Version,
    #[values("C_Encrypt", "C_Digest", "C_Sign", "C_FindObjects")] function: &str,
) {
    let mock = Mock::start();
    mock.version(version);
    let tools = Tools::new(&mock);
    leave_a_digest_behind(&mock, tools.session.handle());
    tools.run(function).unwrap();
    assert_free(&mock, &tools);
}

#[test]
fn an_init_that_fails_half_way_does_no_harm() {
    let mock = Mock::start();
    let tools = Tools::new(&mock);
    // The module has started the operation and says that it has not.
    mock.lie_times("C_SignInit", 1, Lie::CodeAfter(CKR_DEVICE_ERROR));
    let error = failure!(tools.run("C_Sign"), ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::SignInit));
    for function in ["C_Digest", "C_FindObjects", "C_Encrypt"] {
        tools.run(function).unwrap();
    }
}

#[test]
fn an_operation_that_is_active_once_is_reset_and_tried_again() {
    let mock = Mock::start();
    let tools = Tools::new(&mock);
    mock.lie_times("C_SignInit", 1, Lie::Code(CKR_OPERATION_ACTIVE));
    tools.run("C_Sign").unwrap();
    assert_eq!((mock.calls("C_SignInit"), mock.calls("C_Sign")), (2, 1));
    assert_free(&mock, &tools);
}

#[test]
fn a_session_that_nothing_frees_is_stuck() {
    let mock = Mock::start();
    let tools = Tools::new(&mock);
    mock.lie("C_SignInit", Lie::Code(CKR_OPERATION_ACTIVE));
    let error = failure!(tools.run("C_Sign"), ErrorKind::SessionStuck);
    assert!(error.is_session_lost());
    assert_eq!(error.function(), Some(Function::SignInit));
    assert_eq!(mock.calls("C_SignInit"), 2);
    mock.truth("C_SignInit");
    mock.reset_counts();
    for function in ["C_Sign", "C_Digest", "C_FindObjects"] {
        failure!(tools.run(function), ErrorKind::SessionStuck);
    }
    assert_eq!(mock.total(), 0);
    // What takes no operation goes on, and closing helps.
    tools.session.random::<4>().unwrap();
    let token = tools.session.token().clone();
    tools.session.close().unwrap();
    assert_eq!(mock.calls("C_CloseSession"), 1);
    assert!(open_on(&mock, &token).find::<Data>().all().is_ok());
}

#[test]
fn a_token_that_is_taken_out_is_gone() {
    let mock = Mock::start();
    let tools = Tools::new(&mock);
    mock.lie_times("C_Sign", 1, Lie::Removed);
    let error = failure!(tools.run("C_Sign"), ErrorKind::TokenGone);
    assert!(error.is_token_gone() && error.is_session_lost());
    for function in ["C_Digest", "C_FindObjects", "C_Encrypt"] {
        failure!(tools.run(function), ErrorKind::TokenGone);
    }
    let token = tools.session.token().clone();
    failure!(token.info(), ErrorKind::TokenGone);
    failure!(token.open().start(), ErrorKind::TokenGone);
    // It is back; the session is not.
    mock.truth("C_Sign");
    mock.reset_counts();
    let error = failure!(tools.run("C_Digest"), ErrorKind::TokenGone);
    assert!(error.is_session_lost());
    drop(tools);
    // Its handle may be another session's by now.
    assert_eq!(mock.total(), 0);
    assert!(open_on(&mock, &token).random::<4>().is_ok());
}

#[test]
fn a_session_that_the_module_closed_says_so() {
    let mock = Mock::start();
    let tools = Tools::new(&mock);
    mock.lie("C_DigestInit", Lie::Code(CKR_SESSION_CLOSED));
    let error = failure!(tools.run("C_Digest"), ErrorKind::SessionClosed);
    assert!(error.is_session_lost());
    assert_eq!(error.function(), Some(Function::DigestInit));
}

#[test]
fn a_closed_session_says_so_to_all_its_handles() {
    let mock = Mock::start();
    let tools = Tools::new(&mock);
    let other = tools.session.clone();
    let public = token(&mock).open().start().unwrap();
    tools.session.clone().close().unwrap();
    mock.reset_counts();
    for function in ["C_Sign", "C_Digest", "C_FindObjects"] {
        let error = failure!(tools.run(function), ErrorKind::SessionClosed);
        assert!(error.is_session_lost());
    }
    failure!(other.info(), ErrorKind::SessionClosed);
    failure!(other.logout(), ErrorKind::SessionClosed);
    failure!(other.close(), ErrorKind::SessionClosed);
    drop(tools);
    assert_eq!(mock.total(), 0, "closed once");
    assert!(public.info().is_ok());
}
