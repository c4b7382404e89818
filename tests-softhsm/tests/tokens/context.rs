//! Keys that want the PIN at each use (`CKA_ALWAYS_AUTHENTICATE`).

use pkcs11::prelude::*;
use pkcs11::{Function, ReturnCode, SessionState};
use tests_softhsm::{Outcome, PIN, Skip, TestToken, WRONG_PIN, skip, tests};

use crate::common::assert_usable;

tests! {
    the_pin_is_given_at_each_use;
    without_the_pin_it_is_not_used;
    a_wrong_pin_is_told;
    a_pin_too_many_is_told;
}

fn pair(session: &Session) -> Result<(PublicKey, PrivateKey)> {
    let pair = session.generate_key_pair(KeyType::RSA).bits(2048);
    pair.with_private(attr::ALWAYS_AUTHENTICATE, true).store(true).create()
}

/// A pair whose private key asks, or no test.
pub(crate) fn asking_pair(session: &Session) -> Outcome<(PublicKey, PrivateKey)> {
    let pair = pair(session)?;
    match pair.1.sign(DEFAULT, b"message") {
        Err(_) => Ok(pair),
        Ok(_) => skip(Skip::NeverAsksAgain),
    }
}

fn the_pin_is_given_at_each_use(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = asking_pair(&session)?;
    let private = private.with_context_pin(PIN);
    for message in [b"one", b"two"] {
        let signature = private.sign(DEFAULT, message)?;
        public.verify(DEFAULT, message, &signature)?;
        let mut buffer = [0; 256];
        private.sign_into(DEFAULT, message, &mut buffer)?;
        assert_eq!(buffer[..], signature);
    }
    let ciphertext = public.encrypt(DEFAULT, b"abc")?;
    assert_eq!(private.decrypt(DEFAULT, &ciphertext)?, b"abc");
    assert!(private.get(attr::ALWAYS_AUTHENTICATE)?);
    // The login of the token is as it was.
    assert_eq!(session.info()?.state, SessionState::RW_USER_FUNCTIONS);
    assert_usable(&session)
}

fn without_the_pin_it_is_not_used(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = asking_pair(&session)?;
    let error = private.sign(DEFAULT, b"message").unwrap_err();
    assert_eq!(error.return_code(), Some(ReturnCode::USER_NOT_LOGGED_IN));
    assert!(matches!(error.kind(), ErrorKind::NotLoggedIn));
    assert_eq!(error.function(), Some(Function::Sign));
    assert_usable(&session)?;
    let ciphertext = public.encrypt(DEFAULT, b"abc")?;
    let error = private.decrypt(DEFAULT, &ciphertext).unwrap_err();
    assert_eq!(error.function(), Some(Function::Decrypt));
    assert_usable(&session)
}

fn a_wrong_pin_is_told(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (_, private) = asking_pair(&session)?;
    let error = private.with_context_pin(WRONG_PIN).sign(DEFAULT, b"message").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::PinIncorrect), "{error:?}");
    assert_eq!(error.function(), Some(Function::Login));
    assert_usable(&session)?;
    private.with_context_pin(PIN).sign(DEFAULT, b"message")?;
    Ok(())
}

/// A key that asks for none gets none: some tokens would count the try.
fn a_pin_too_many_is_told(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (_, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let answer = private.with_context_pin(PIN).sign(DEFAULT, b"message");
    if let Err(error) = answer {
        assert_eq!(error.function(), Some(Function::Login), "{error:?}");
    }
    assert_usable(&session)?;
    private.sign(DEFAULT, b"message")?;
    Ok(())
}
