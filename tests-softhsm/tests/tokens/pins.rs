//! Initialising tokens and setting PINs.

use pkcs11::prelude::*;
use pkcs11::{Function, ReturnCode, SessionState};
use tests_softhsm::native::counted;
use tests_softhsm::{LABEL, Outcome, PIN, SO_PIN, Skip, TestToken, WRONG_PIN, fails, skip, tests};

use crate::common::data;

tests! {
    a_blank_token_is_initialized: blank;
    a_label_has_at_most_32_bytes: blank;
    initializing_again_wipes_the_token;
    initializing_again_wants_the_so_pin;
    the_user_changes_the_pin;
    a_changed_pin_is_the_one_to_join_with: and Nss;
    an_empty_pin_is_refused;
    the_so_sets_the_users_pin_anew;
    the_so_changes_the_pin;
    setting_a_pin_with_a_wrong_one_is_refused: and Nss;
    only_the_so_sets_the_users_pin: and Nss;
    a_wrong_pin_is_refused_and_leaks_no_session: and Nss;
    a_pin_locks_and_the_so_unlocks_it;
    the_so_logs_in;
    the_so_wants_no_reading_sessions;
}

fn a_blank_token_is_initialized(token: &TestToken) -> Outcome {
    let module = token.load()?;
    let slot = module.slots()?.remove(0);
    let flags = slot.token().info()?.flags;
    assert!(!flags.contains(TokenFlags::TOKEN_INITIALIZED));
    slot.init_token(SO_PIN, LABEL)?;

    let made = module.token(label(LABEL))?;
    let flags = made.info()?.flags;
    assert!(flags.contains(TokenFlags::TOKEN_INITIALIZED));
    assert!(!flags.contains(TokenFlags::USER_PIN_INITIALIZED));
    let error = made.open().user_pin(PIN).start().unwrap_err();
    assert_eq!(error.function(), Some(Function::Login));

    let officer = made.open().so_pin(SO_PIN).start()?;
    officer.init_pin(PIN)?;
    officer.close()?;
    let flags = made.info()?.flags;
    assert!(flags.contains(TokenFlags::USER_PIN_INITIALIZED));
    made.open().user_pin(PIN).start()?.close()?;
    Ok(())
}

fn a_label_has_at_most_32_bytes(token: &TestToken) -> Outcome {
    let module = token.load()?;
    let slot = module.slots()?.remove(0);
    let long = "x".repeat(33);
    fails!(slot.init_token(SO_PIN, &long), ErrorKind::InvalidInput(_));
    assert!(!slot.token().info()?.flags.contains(TokenFlags::TOKEN_INITIALIZED));
    // 32 bytes of two-byte letters, with none left for padding.
    let full = "é".repeat(16);
    slot.init_token(SO_PIN, &full)?;
    assert_eq!(module.token(label(&full))?.info()?.label, full);
    Ok(())
}

fn initializing_again_wipes_the_token(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let kept = Template::new().with(attr::TOKEN, true).with(attr::LABEL, "old");
    session.create::<Data>(&kept)?;
    let made = session.token().clone();
    session.close()?;
    made.slot().init_token(SO_PIN, "NEW")?;

    let module = token.load()?;
    fails!(module.token(label(LABEL)), ErrorKind::TokenNotFound(_));
    let made = module.token(label("NEW"))?;
    let officer = made.open().so_pin(SO_PIN).start()?;
    officer.init_pin(WRONG_PIN)?;
    officer.close()?;
    let session = made.open().user_pin(WRONG_PIN).start()?;
    assert!(session.find::<Data>().all()?.is_empty());
    Ok(())
}

fn initializing_again_wants_the_so_pin(token: &TestToken) -> Outcome {
    let made = token.token()?;
    let error = fails!(made.slot().init_token(WRONG_PIN, "NEW"), ErrorKind::PinIncorrect);
    assert_eq!(error.function(), Some(Function::InitToken));
    assert_eq!(made.info()?.label, LABEL);
    // A token in use is not wiped.
    let session = token.session()?;
    let error = made.slot().init_token(SO_PIN, "NEW").unwrap_err();
    assert_eq!(error.function(), Some(Function::InitToken));
    session.close()?;
    Ok(())
}

fn the_user_changes_the_pin(token: &TestToken) -> Outcome {
    const NEW: &str = "99998888";
    let made = token.token()?;
    let session = made.open().user_pin(PIN).start()?;
    session.set_pin(PIN, NEW)?;
    session.close()?;
    fails!(made.open().user_pin(PIN).start(), ErrorKind::PinIncorrect);
    let session = made.open().user_pin(NEW).start()?;
    session.set_pin(NEW, PIN)?;
    session.close()?;
    made.open().user_pin(PIN).start()?.close()?;
    // Nobody needs to be logged in.
    let session = made.open().start()?;
    session.set_pin(PIN, NEW)?;
    session.set_pin(NEW, PIN)?;
    Ok(())
}

fn a_changed_pin_is_the_one_to_join_with(token: &TestToken) -> Outcome {
    const NEW: &str = "99998888";
    let made = token.token()?;
    let session = made.open().user_pin(PIN).start()?;
    session.set_pin(PIN, NEW)?;
    fails!(made.open().user_pin(PIN).start(), ErrorKind::PinIncorrect);
    let other = made.open().user_pin(NEW).start()?;
    session.close()?;
    assert_eq!(other.info()?.state, SessionState::RW_USER_FUNCTIONS);
    Ok(())
}

fn an_empty_pin_is_refused(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for (old, new) in [(PIN, ""), ("", "99998888"), ("", "")] {
        let error = session.set_pin(old, new).unwrap_err();
        assert_eq!(error.function(), Some(Function::SetPIN));
        let code = error.return_code().unwrap();
        let wanted = [
            ReturnCode::PIN_LEN_RANGE,
            ReturnCode::PIN_INCORRECT,
            ReturnCode::PIN_INVALID,
            ReturnCode::ARGUMENTS_BAD,
        ];
        assert!(wanted.contains(&code), "{error:?}");
    }
    session.close()?;
    token.session()?.close()?;
    Ok(())
}

fn the_so_sets_the_users_pin_anew(token: &TestToken) -> Outcome {
    const NEW: &str = "99998888";
    let made = token.token()?;
    let officer = made.open().so_pin(SO_PIN).start()?;
    officer.init_pin(NEW)?;
    officer.close()?;
    fails!(made.open().user_pin(PIN).start(), ErrorKind::PinIncorrect);
    made.open().user_pin(NEW).start()?.close()?;
    Ok(())
}

fn the_so_changes_the_pin(token: &TestToken) -> Outcome {
    const NEW: &str = "77776666";
    let made = token.token()?;
    let officer = made.open().so_pin(SO_PIN).start()?;
    officer.set_pin(SO_PIN, NEW)?;
    officer.close()?;
    fails!(made.open().so_pin(SO_PIN).start(), ErrorKind::PinIncorrect);
    made.open().so_pin(NEW).start()?.close()?;
    made.open().user_pin(PIN).start()?.close()?;
    Ok(())
}

fn setting_a_pin_with_a_wrong_one_is_refused(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let error = fails!(session.set_pin(WRONG_PIN, "99998888"), ErrorKind::PinIncorrect);
    assert_eq!(error.function(), Some(Function::SetPIN));
    let second = token.session()?;
    drop((session, second));
    token.session()?.close()?;
    Ok(())
}

fn only_the_so_sets_the_users_pin(token: &TestToken) -> Outcome {
    for session in [token.token()?.open().start()?, token.session()?] {
        let error = fails!(session.init_pin("99998888"), ErrorKind::NotLoggedIn);
        assert_eq!(error.function(), Some(Function::InitPIN));
    }
    Ok(())
}

fn a_wrong_pin_is_refused_and_leaks_no_session(token: &TestToken) -> Outcome {
    let (mock, module) = counted(token, token.options()?)?;
    let made = module.token(label(LABEL))?;
    for _ in 0..3 {
        let error = fails!(made.open().user_pin(WRONG_PIN).start(), ErrorKind::PinIncorrect);
        assert_eq!(error.function(), Some(Function::Login));
    }
    assert_eq!(mock.calls("C_OpenSession"), 3);
    assert_eq!(mock.calls("C_CloseSession"), 3);
    // A wrong PIN is never tried again by itself.
    assert_eq!(mock.calls("C_Login"), 3);
    assert_eq!(mock.calls("C_Logout"), 0);
    made.open().user_pin(PIN).start()?.close()?;
    assert_eq!(mock.calls("C_Logout"), 1);
    Ok(())
}

fn a_pin_locks_and_the_so_unlocks_it(token: &TestToken) -> Outcome {
    let made = token.token()?;
    let mut warned = false;
    let mut locked = false;
    for _ in 0..20 {
        let last = made.info()?.flags.contains(TokenFlags::USER_PIN_FINAL_TRY);
        if last {
            // Even the right PIN is not tried unless the caller says so.
            fails!(made.open().user_pin(PIN).start(), ErrorKind::PinFinalTry);
            warned = true;
        }
        let error = made.open().user_pin(WRONG_PIN).allow_final_try().start().unwrap_err();
        assert_eq!(error.function(), Some(Function::Login));
        if matches!(error.kind(), ErrorKind::PinLocked) {
            locked = true;
            break;
        }
        assert!(matches!(error.kind(), ErrorKind::PinIncorrect), "{error:?}");
    }
    if !locked {
        return skip(Skip::NeverLocksPins);
    }
    assert!(warned || !made.info()?.flags.contains(TokenFlags::USER_PIN_COUNT_LOW));
    fails!(made.open().user_pin(PIN).allow_final_try().start(), ErrorKind::PinLocked);
    let officer = made.open().so_pin(SO_PIN).start()?;
    officer.init_pin(PIN)?;
    officer.close()?;
    made.open().user_pin(PIN).start()?.close()?;
    Ok(())
}

fn the_so_logs_in(token: &TestToken) -> Outcome {
    let made = token.token()?;
    let officer = made.open().so_pin(SO_PIN).start()?;
    assert_eq!(officer.info()?.state, SessionState::RW_SO_FUNCTIONS);
    // One kind of user at a time.
    let error = fails!(made.open().user_pin(PIN).start(), ErrorKind::AlreadyLoggedIn);
    assert_eq!(error.function(), Some(Function::Login));
    fails!(made.open().so_pin(WRONG_PIN).start(), ErrorKind::PinIncorrect);
    let second = made.open().so_pin(SO_PIN).start()?;
    officer.close()?;
    // kryoptic 1.5.4 takes such a session for the user's in what it says, not in what it does.
    if token.is_softhsm() {
        assert_eq!(second.info()?.state, SessionState::RW_SO_FUNCTIONS);
    }
    second.init_pin(PIN)?;
    second.close()?;
    let session = made.open().user_pin(PIN).start()?;
    fails!(made.open().so_pin(SO_PIN).start(), ErrorKind::AlreadyLoggedIn);
    data(&session, "still the user", b"")?;
    Ok(())
}

fn the_so_wants_no_reading_sessions(token: &TestToken) -> Outcome {
    let made = token.token()?;
    let reader = made.open().read_only().start()?;
    let error = made.open().so_pin(SO_PIN).start().unwrap_err();
    assert_eq!(error.return_code(), Some(pkcs11::ReturnCode::SESSION_READ_ONLY_EXISTS));
    reader.close()?;
    made.open().so_pin(SO_PIN).start()?.close()?;
    Ok(())
}
