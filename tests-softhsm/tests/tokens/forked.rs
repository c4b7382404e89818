//! Processes that are forked off.

use pkcs11::prelude::*;
use tests_softhsm::native::{counted, fork};
use tests_softhsm::{Outcome, PIN, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable};

tests! {
    inherited_handles_say_so: and Nss;
    dropping_inherited_handles_calls_nothing: and Nss;
    dropping_an_inherited_stream_calls_nothing: and Nss;
    a_forked_process_loads_the_module_itself: and Nss;
    a_forked_process_loads_what_its_parent_dropped: and Nss;
}

fn inherited_handles_say_so(token: &TestToken) -> Outcome {
    let module = token.load()?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    fork(|| {
        fails!(module.info(), ErrorKind::Forked);
        fails!(module.slots(), ErrorKind::Forked);
        fails!(session.token().info(), ErrorKind::Forked);
        fails!(session.token().open().start(), ErrorKind::Forked);
        fails!(session.info(), ErrorKind::Forked);
        fails!(session.random::<4>(), ErrorKind::Forked);
        fails!(session.digest(MechanismType::SHA256, b""), ErrorKind::Forked);
        fails!(session.find::<Object>().all(), ErrorKind::Forked);
        fails!(key.get(attr::LABEL), ErrorKind::Forked);
        fails!(key.encrypt(DEFAULT.iv(&[0; 16]), b""), ErrorKind::Forked);
        fails!(session.clone().close(), ErrorKind::Forked);
        let error = fails!(module.clone().finalize(), ErrorKind::Forked);
        assert!(error.is_session_lost());
    })?;
    assert_usable(&session)
}

fn dropping_inherited_handles_calls_nothing(token: &TestToken) -> Outcome {
    let (mock, module) = counted(token, token.options()?)?;
    let made = module.token(label(tests_softhsm::LABEL))?;
    let session = made.open().user_pin(PIN).start()?;
    let key = aes_key(&session)?;
    mock.reset_counts();
    // The child drops its own copies: what the closure holds.
    let child = (module.clone(), made.clone(), session.clone(), key.clone());
    let mut all = Some((module, made, session, key));
    fork(|| {
        drop(child);
        drop(all.take());
        assert_eq!(mock.counts(), []);
    })?;
    let (_, _, session, _) = all.as_ref().unwrap();
    assert_usable(session)
}

fn dropping_an_inherited_stream_calls_nothing(token: &TestToken) -> Outcome {
    let (mock, module) = counted(token, token.options()?)?;
    let session = module.token(label(tests_softhsm::LABEL))?.open().user_pin(PIN).start()?;
    let key = aes_key(&session)?;
    let mut cipher = Some(key.encryptor(DEFAULT.iv(&[0; 16]))?);
    let mut ciphertext = cipher.as_mut().unwrap().update(&[1; 32])?.to_vec();
    mock.reset_counts();
    fork(|| {
        let mut cipher = cipher.take().unwrap();
        fails!(cipher.update(&[1; 32]), ErrorKind::Forked);
        drop(cipher);
        assert_eq!(mock.counts(), []);
    })?;
    // The parent's goes on.
    let mut cipher = cipher.unwrap();
    ciphertext.extend_from_slice(&cipher.update(&[1; 32])?);
    ciphertext.extend_from_slice(&cipher.finish()?);
    assert_eq!(key.decrypt(DEFAULT.iv(&[0; 16]), &ciphertext)?, [1; 64]);
    assert_usable(&session)
}

fn a_forked_process_loads_the_module_itself(token: &TestToken) -> Outcome {
    let module = token.load()?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let before = key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    fork(|| {
        let own = token.load().unwrap();
        assert_ne!(own, module);
        let mine = token.session().unwrap();
        assert_usable(&mine).unwrap();
        // The inherited ones stay what they are, whatever their numbers.
        fails!(session.info(), ErrorKind::Forked);
        fails!(key.get(attr::LABEL), ErrorKind::Forked);
        mine.close().unwrap();
        own.finalize().unwrap();
        drop(token.session().unwrap());
    })?;
    assert_eq!(key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?, before);
    assert_usable(&session)
}

fn a_forked_process_loads_what_its_parent_dropped(token: &TestToken) -> Outcome {
    drop(token.session()?);
    fork(|| assert_usable(&token.session().unwrap()).unwrap())?;
    assert_usable(&token.session()?)
}
