//! What concerns whole sessions, all of them, or the module.

use pkcs11::prelude::*;
use pkcs11::{Function, ReturnCode, SessionState, SessionValidation};
use tests_softhsm::{Outcome, PIN, TestToken, fails, offered, tests};

use crate::common::{aes_key, assert_usable};

tests! {
    all_sessions_are_closed: and Nss;
    all_sessions_of_a_token_in_use_stay_open;
    operations_are_cancelled: and Nss;
    named_users_that_are_missing_are_told;
    validation_flags: and Nss;
    nothing_runs_in_parallel: and Nss;
    interfaces_are_listed: and Nss;
}

fn all_sessions_are_closed(token: &TestToken) -> Outcome {
    let (first, second) = (token.session()?, token.session()?);
    let key = aes_key(&first)?;
    token.token()?.close_all_sessions()?;
    fails!(first.info(), ErrorKind::SessionClosed);
    fails!(second.random::<4>(), ErrorKind::SessionClosed);
    fails!(key.encrypt(DEFAULT.iv(&[0; 16]), b"abc"), ErrorKind::SessionClosed);
    let third = token.token()?.open().start()?;
    assert_eq!(third.info()?.state, SessionState::RW_PUBLIC_SESSION);
    third.login(UserType::USER, PIN)?;
    drop((first, second, key));
    // Theirs was another login, and other handles.
    assert_eq!(third.info()?.state, SessionState::RW_USER_FUNCTIONS);
    assert_usable(&third)
}

fn all_sessions_of_a_token_in_use_stay_open(token: &TestToken) -> Outcome {
    let (first, second) = (token.session()?, token.session()?);
    let mut digester = first.digester(MechanismType::SHA256)?;
    fails!(token.token()?.close_all_sessions(), ErrorKind::OperationActive(Some(_)));
    digester.update(b"abc")?;
    assert_eq!(digester.finish()?.len(), 32);
    assert_usable(&first)?;
    assert_usable(&second)
}

fn operations_are_cancelled(token: &TestToken) -> Outcome {
    let session = token.session()?;
    session.cancel_operations()?;
    assert_usable(&session)?;
    let digester = session.digester(MechanismType::SHA256)?;
    fails!(session.cancel_operations(), ErrorKind::OperationActive(Some(_)));
    digester.finish()?;
    assert_usable(&session)
}

fn named_users_that_are_missing_are_told(token: &TestToken) -> Outcome {
    let session = token.token()?.open().start()?;
    let error =
        fails!(session.login_user(UserType::USER, "alice", PIN), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::LoginUser));
    session.login(UserType::USER, PIN)?;
    Ok(())
}

fn validation_flags(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let flags = offered(session.validation_flags(SessionValidation::LAST_VALIDATION_OK))?;
    // No validation object tells of a bit.
    assert!(flags.is_empty(), "{flags}");
    Ok(())
}

fn nothing_runs_in_parallel(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for answer in [session.function_status(), session.cancel_function()] {
        let error = fails!(answer, ErrorKind::Failed | ErrorKind::FunctionNotSupported);
        let codes = [ReturnCode::FUNCTION_NOT_PARALLEL, ReturnCode::FUNCTION_NOT_SUPPORTED];
        assert!(error.return_code().is_some_and(|code| codes.contains(&code)), "{error:?}");
    }
    assert_usable(&session)
}

fn interfaces_are_listed(token: &TestToken) -> Outcome {
    let module = token.load()?;
    let interfaces = offered(module.interfaces())?;
    assert!(interfaces.iter().any(|interface| interface.name == "PKCS 11"));
    for interface in &interfaces {
        assert!(interface.version.major >= 1, "{interface:?}");
        let name = std::ffi::CString::new(interface.name.clone())?;
        assert!(module.interface(&name, Some(interface.version)).is_some(), "{interface:?}");
    }
    Ok(())
}
