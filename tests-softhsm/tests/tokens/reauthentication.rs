//! Streams with keys that want the PIN at each use (`CKA_ALWAYS_AUTHENTICATE`).

use pkcs11::SessionState;
use pkcs11::prelude::*;
use tests_softhsm::{Outcome, PIN, TestToken, WRONG_PIN, fails, tests};

use crate::common::assert_usable;
use crate::context::asking_pair;
use crate::streams::{cut, data};

tests! {
    a_stream_gives_the_pin_once_for_all_its_parts;
    every_stream_gives_the_pin_anew;
    a_stream_without_the_pin_gives_no_signature;
    a_stream_with_a_wrong_pin_does_not_start;
    a_dropped_stream_spends_its_pin;
}

fn a_stream_gives_the_pin_once_for_all_its_parts(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = asking_pair(&session)?;
    let private = private.with_context_pin(PIN);
    let data = data(10_000);
    for cuts in [&[1000][..], &[0, 1, 0, 4096], &[100_000]] {
        let signature = private.sign_stream(DEFAULT, cut(&data, cuts))?;
        public.verify(DEFAULT, &data, &signature)?;
        assert_eq!(private.sign_reader(DEFAULT, &data[..])?, signature);
    }
    let none: [&[u8]; 0] = [];
    let signature = private.sign_stream(DEFAULT, none)?;
    public.verify_stream(DEFAULT, none, &signature)?;
    assert_eq!(session.info()?.state, SessionState::RW_USER_FUNCTIONS);
    assert_usable(&session)
}

fn every_stream_gives_the_pin_anew(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = asking_pair(&session)?;
    let asked = private.with_context_pin(PIN);
    for _ in 0..3 {
        let mut signer = asked.signer(DEFAULT)?;
        signer.update(b"mes")?;
        signer.update(b"sage")?;
        let signature = signer.finish()?;
        public.verify(DEFAULT, b"message", &signature)?;
        // What the last stream gave does not serve the next operation.
        private.sign(DEFAULT, b"message").unwrap_err();
        assert_usable(&session)?;
    }
    Ok(())
}

fn a_stream_without_the_pin_gives_no_signature(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (_, private) = asking_pair(&session)?;
    let error = private.sign_stream(DEFAULT, ["mes", "sage"]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotLoggedIn), "{error:?}");
    assert_usable(&session)?;
    let none: [&[u8]; 0] = [];
    private.sign_stream(DEFAULT, none).unwrap_err();
    assert_usable(&session)
}

fn a_stream_with_a_wrong_pin_does_not_start(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = asking_pair(&session)?;
    fails!(private.with_context_pin(WRONG_PIN).signer(DEFAULT), ErrorKind::PinIncorrect);
    assert_usable(&session)?;
    let signature = private.with_context_pin(PIN).sign_stream(DEFAULT, ["message"])?;
    public.verify(DEFAULT, b"message", &signature)?;
    Ok(())
}

fn a_dropped_stream_spends_its_pin(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (_, private) = asking_pair(&session)?;
    for data in [&b""[..], b"message"] {
        private.with_context_pin(PIN).signer(DEFAULT)?.update(data)?;
        // Its login is not left for whoever comes next.
        private.sign(DEFAULT, b"message").unwrap_err();
        assert_usable(&session)?;
    }
    Ok(())
}
