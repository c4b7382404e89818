//! Sessions, and the login that they share.

use pkcs11::prelude::*;
use pkcs11::{Function, ReturnCode, SessionFlags, SessionState};
use tests_softhsm::native::counted;
use tests_softhsm::{LABEL, Outcome, PIN, SO_PIN, TestToken, WRONG_PIN, fails, tests};

use crate::common::{aes_key, assert_usable, data};

tests! {
    sessions_say_how_they_stand;
    a_reading_session_writes_nothing: and Nss;
    what_is_closed_says_so: and Nss;
    closing_one_session_leaves_the_others: and Nss;
    session_objects_go_with_their_session;
    two_sessions_share_one_login: and Nss;
    dropped_sessions_share_one_login_too: and Nss;
    a_share_is_not_given_for_a_wrong_pin: and Nss;
    a_session_logs_in_and_out: and Nss;
    one_user_at_a_time: and Nss;
    no_pin_where_the_token_has_no_path_for_it: and Nss;
    private_objects_want_a_login: and Nss;
    many_sessions: and Nss;
}

fn sessions_say_how_they_stand(token: &TestToken) -> Outcome {
    let made = token.token()?;
    let states = [
        (made.open(), SessionState::RW_PUBLIC_SESSION, true),
        (made.open().read_only(), SessionState::RO_PUBLIC_SESSION, false),
        (made.open().user_pin(PIN), SessionState::RW_USER_FUNCTIONS, true),
        (made.open().read_only().user_pin(PIN), SessionState::RO_USER_FUNCTIONS, false),
        (made.open().so_pin(SO_PIN), SessionState::RW_SO_FUNCTIONS, true),
    ];
    for (builder, state, writing) in states {
        let session = builder.start()?;
        let info = session.info()?;
        assert_eq!(info.state, state);
        assert_eq!(info.slot, made.slot().id());
        assert!(info.flags.contains(SessionFlags::SERIAL_SESSION));
        assert_eq!(info.flags.contains(SessionFlags::RW_SESSION), writing);
        assert_eq!(session.token(), &made);
        session.close()?;
    }
    Ok(())
}

fn a_reading_session_writes_nothing(token: &TestToken) -> Outcome {
    let session = token.token()?.open().read_only().user_pin(PIN).start()?;
    let kept = Template::new().with(attr::TOKEN, true).with(attr::LABEL, "x");
    let error = fails!(session.create::<Data>(&kept), ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::CreateObject));
    assert_eq!(error.return_code(), Some(ReturnCode::SESSION_READ_ONLY));
    assert_eq!(error.object_class(), Some(ObjectClass::DATA));
    let made = session.generate_key(KeyType::AES).bits(128).store(true).create();
    let error = fails!(made, ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::GenerateKey));
    assert_eq!(error.return_code(), Some(ReturnCode::SESSION_READ_ONLY));
    // Its own objects it makes.
    assert_usable(&session)
}

fn what_is_closed_says_so(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let clone = session.clone();
    let key = aes_key(&session)?;
    let object = data(&session, "x", b"")?;
    let typed: Object = key.clone().into();
    session.close()?;

    fails!(clone.info(), ErrorKind::SessionClosed);
    fails!(clone.random::<4>(), ErrorKind::SessionClosed);
    fails!(clone.logout(), ErrorKind::SessionClosed);
    fails!(clone.find::<Object>().all(), ErrorKind::SessionClosed);
    fails!(aes_key(&clone), ErrorKind::SessionClosed);
    fails!(clone.digest(MechanismType::SHA256, b""), ErrorKind::SessionClosed);
    fails!(key.encrypt(DEFAULT.iv(&[0; 16]), b""), ErrorKind::SessionClosed);
    fails!(object.get(attr::LABEL), ErrorKind::SessionClosed);
    fails!(object.set(&Template::new()), ErrorKind::SessionClosed);
    fails!(object.size(), ErrorKind::SessionClosed);
    fails!(typed.destroy(), ErrorKind::SessionClosed);
    let error = fails!(clone.close(), ErrorKind::SessionClosed);
    assert!(error.is_session_lost() && !error.is_token_gone());
    // A number that the module gives again must not be reached by what is closed.
    let next = token.session()?;
    fails!(object.get(attr::LABEL), ErrorKind::SessionClosed);
    drop((key, object));
    assert_usable(&next)
}

fn closing_one_session_leaves_the_others(token: &TestToken) -> Outcome {
    let (one, two) = (token.session()?, token.session()?);
    let key = aes_key(&two)?;
    one.close()?;
    key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    assert_usable(&two)
}

fn session_objects_go_with_their_session(token: &TestToken) -> Outcome {
    let (one, two) = (token.session()?, token.session()?);
    data(&one, "short-lived", b"")?;
    assert_eq!(two.find::<Data>().label("short-lived").all()?.len(), 1);
    let kept = Template::new().with(attr::TOKEN, true).with(attr::LABEL, "kept");
    one.create::<Data>(&kept)?;
    one.close()?;
    assert_eq!(two.find::<Data>().label("short-lived").all()?.len(), 0);
    two.find::<Data>().label("kept").one()?.destroy()?;
    Ok(())
}

fn two_sessions_share_one_login(token: &TestToken) -> Outcome {
    let made = token.token()?;
    let first = made.open().user_pin(PIN).start()?;
    let second = made.open().user_pin(PIN).start()?;
    first.close()?;
    assert_eq!(second.info()?.state, SessionState::RW_USER_FUNCTIONS);
    assert_usable(&second)?;
    let public = made.open().start()?;
    assert_eq!(public.info()?.state, SessionState::RW_USER_FUNCTIONS);
    second.close()?;
    // The last share is gone, and the user with it, though a session is left.
    assert_eq!(public.info()?.state, SessionState::RW_PUBLIC_SESSION);
    Ok(())
}

fn dropped_sessions_share_one_login_too(token: &TestToken) -> Outcome {
    let made = token.token()?;
    let public = made.open().start()?;
    let first = made.open().user_pin(PIN).start()?;
    let second = made.open().user_pin(PIN).start()?;
    let key = aes_key(&second)?;
    drop(first);
    drop(second);
    // The key keeps its session.
    assert_eq!(public.info()?.state, SessionState::RW_USER_FUNCTIONS);
    key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    drop(key);
    assert_eq!(public.info()?.state, SessionState::RW_PUBLIC_SESSION);
    Ok(())
}

fn a_share_is_not_given_for_a_wrong_pin(token: &TestToken) -> Outcome {
    let made = token.token()?;
    let first = made.open().user_pin(PIN).start()?;
    for wrong in [WRONG_PIN, "", "1234567", "123456789"] {
        let error = made.open().user_pin(wrong).start().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::PinIncorrect), "{error:?}");
        assert_eq!(error.function(), Some(Function::Login));
    }
    // And the login is as it was.
    assert_eq!(first.info()?.state, SessionState::RW_USER_FUNCTIONS);
    made.open().user_pin(PIN).start()?.close()?;
    assert_eq!(first.info()?.state, SessionState::RW_USER_FUNCTIONS);
    Ok(())
}

fn a_session_logs_in_and_out(token: &TestToken) -> Outcome {
    let session = token.token()?.open().start()?;
    fails!(session.logout(), ErrorKind::NotLoggedIn);
    session.login(UserType::USER, PIN)?;
    assert_eq!(session.info()?.state, SessionState::RW_USER_FUNCTIONS);
    fails!(session.login(UserType::USER, PIN), ErrorKind::InvalidInput(_));
    session.logout()?;
    assert_eq!(session.info()?.state, SessionState::RW_PUBLIC_SESSION);
    fails!(session.logout(), ErrorKind::NotLoggedIn);
    session.login(UserType::USER, PIN)?;
    assert_usable(&session)
}

fn one_user_at_a_time(token: &TestToken) -> Outcome {
    let (mock, module) = counted(token, token.options()?)?;
    let made = module.token(label(LABEL))?;
    let both = made.open().user_pin(PIN).so_pin(SO_PIN);
    fails!(both.start(), ErrorKind::InvalidInput(_));
    assert_eq!(mock.calls("C_OpenSession"), 0);
    Ok(())
}

fn no_pin_where_the_token_has_no_path_for_it(token: &TestToken) -> Outcome {
    let (mock, module) = counted(token, token.options()?)?;
    let made = module.token(label(LABEL))?;
    fails!(made.open().user_pin(Pin::PROTECTED_PATH).start(), ErrorKind::InvalidInput(_));
    assert_eq!(mock.calls("C_Login"), 0);
    assert_eq!(mock.calls("C_OpenSession"), mock.calls("C_CloseSession"));
    Ok(())
}

fn private_objects_want_a_login(token: &TestToken) -> Outcome {
    let made = token.token()?;
    let session = made.open().user_pin(PIN).start()?;
    session.generate_key(KeyType::AES).bits(256).label("private").store(true).create()?;
    session.close()?;
    let public = made.open().start()?;
    let search = || public.find::<SecretKey>().label("private").one();
    fails!(search(), ErrorKind::NotFound);
    let stored = public.generate_key(KeyType::AES).bits(256).store(true).create();
    let error = fails!(stored, ErrorKind::NotLoggedIn);
    assert_eq!(error.function(), Some(Function::GenerateKey));
    public.login(UserType::USER, PIN)?;
    let key = search()?;
    key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    public.logout()?;
    // What is private is gone for who is not logged in: some error, and never ciphertext.
    key.encrypt(DEFAULT.iv(&[0; 16]), b"abc").unwrap_err();
    Ok(())
}

fn many_sessions(token: &TestToken) -> Outcome {
    let (mock, module) = counted(token, token.options()?)?;
    let made = module.token(label(LABEL))?;
    let sessions =
        (0..100).map(|_| made.open().user_pin(PIN).start()).collect::<Result<Vec<_>>>()?;
    for session in &sessions {
        session.random::<4>()?;
    }
    drop(sessions);
    assert_eq!(mock.calls("C_OpenSession"), 100);
    assert_eq!(mock.calls("C_CloseSession"), 100);
    assert_eq!(mock.calls("C_Logout"), 1);
    Ok(())
}
