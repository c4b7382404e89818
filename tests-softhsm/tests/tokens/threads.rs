//! Threads.

use std::thread;
use std::time::{Duration, Instant};

use pkcs11::prelude::*;
use pkcs11::{Holder, OperationKind};
use pkcs11_mock::Lie;
use tests_softhsm::native::counted;
use tests_softhsm::{LABEL, Outcome, PIN, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable, data};

tests! {
    ten_threads_share_one_session: and Nss;
    ten_threads_have_a_session_each: and Nss;
    threads_search_sign_and_digest: and Nss;
    threads_load_and_drop: and Nss;
    a_session_closes_under_load: and Nss;
    a_module_finalizes_under_load: and Nss;
    operations_take_turns: and Nss;
    joined_calls_take_turns: and Nss;
    waiting_for_an_operation_has_a_limit: and Nss;
    closing_waits_for_calls_with_a_limit: and Nss;
}

const THREADS: u8 = 10;

fn ten_threads_share_one_session(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    thread::scope(|scope| {
        for number in 0..THREADS {
            let key = key.clone();
            scope.spawn(move || {
                for round in 0..100 {
                    let iv = [number; 16];
                    let plaintext = vec![number; round];
                    let ciphertext = key.encrypt(DEFAULT.iv(&iv), &plaintext).unwrap();
                    let back = key.decrypt(DEFAULT.iv(&iv), &ciphertext).unwrap();
                    assert_eq!(back, plaintext);
                }
            });
        }
    });
    assert_usable(&session)
}

fn ten_threads_have_a_session_each(token: &TestToken) -> Outcome {
    let made = token.token()?;
    thread::scope(|scope| {
        for _ in 0..THREADS {
            let made = made.clone();
            scope.spawn(move || {
                for _ in 0..10 {
                    let session = made.open().user_pin(PIN).start().unwrap();
                    let key = aes_key(&session).unwrap();
                    let iv = session.random::<16>().unwrap();
                    let ciphertext = key.encrypt(DEFAULT.iv(&iv), b"abc").unwrap();
                    assert_eq!(key.decrypt(DEFAULT.iv(&iv), &ciphertext).unwrap(), b"abc");
                    session.close().unwrap();
                }
            });
        }
    });
    let session = made.open().user_pin(PIN).start()?;
    assert_usable(&session)
}

fn threads_search_sign_and_digest(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for number in 0..THREADS {
        data(&session, &number.to_string(), &[number])?;
    }
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    thread::scope(|scope| {
        for number in 0..THREADS {
            let (session, public, private) = (&session, &public, &private);
            scope.spawn(move || {
                for _ in 0..20 {
                    let label = number.to_string();
                    let found = session.find::<Data>().label(&label).one().unwrap();
                    assert_eq!(found.get(attr::VALUE).unwrap(), [number]);
                    let digest = session.digest(MechanismType::SHA256, &[number]).unwrap();
                    let signature = private.sign(MechanismType::ECDSA, &digest).unwrap();
                    public.verify(MechanismType::ECDSA, &digest, &signature).unwrap();
                }
            });
        }
    });
    assert_usable(&session)
}

fn threads_load_and_drop(token: &TestToken) -> Outcome {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..25 {
                    let session = token.session().unwrap();
                    session.random::<4>().unwrap();
                }
            });
        }
    });
    assert_usable(&token.session()?)
}

fn a_session_closes_under_load(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    thread::scope(|scope| {
        for _ in 0..4 {
            let key = key.clone();
            scope.spawn(move || {
                loop {
                    match key.encrypt(DEFAULT.iv(&[0; 16]), &[1; 1000]) {
                        Ok(ciphertext) => assert_eq!(ciphertext.len(), 1008),
                        Err(error) => {
                            assert!(matches!(error.kind(), ErrorKind::SessionClosed), "{error:?}");
                            break;
                        }
                    }
                }
            });
        }
        thread::sleep(Duration::from_millis(50));
        session.close().unwrap();
    });
    assert_usable(&token.session()?)
}

fn a_module_finalizes_under_load(token: &TestToken) -> Outcome {
    let module = token.load()?;
    let sessions = [token.session()?, token.session()?, token.session()?];
    thread::scope(|scope| {
        for session in &sessions {
            scope.spawn(move || {
                loop {
                    if let Err(error) = session.digest(MechanismType::SHA256, &[1; 1000]) {
                        assert!(matches!(error.kind(), ErrorKind::Finalized), "{error:?}");
                        break;
                    }
                }
            });
        }
        thread::sleep(Duration::from_millis(50));
        module.finalize().unwrap();
    });
    fails!(sessions[0].random::<4>(), ErrorKind::Finalized);
    assert_usable(&token.session()?)
}

fn operations_take_turns(token: &TestToken) -> Outcome {
    let (mock, module) = counted(token, token.options()?)?;
    let session = module.token(label(LABEL))?.open().user_pin(PIN).start()?;
    let key = aes_key(&session)?;
    key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    mock.reset_counts();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..50 {
                    key.encrypt(DEFAULT.iv(&[0; 16]), &[1; 10_000]).unwrap();
                }
            });
        }
    });
    // One operation of a session at a time, and no call more than when alone.
    assert_eq!(mock.most_in_flight(), 1);
    assert_eq!(mock.total(), 2 * 50 * u64::from(THREADS));
    Ok(())
}

fn joined_calls_take_turns(token: &TestToken) -> Outcome {
    let _host = token.load()?;
    let (mock, module) = counted(token, token.options()?)?;
    let made = module.token(label(LABEL))?;
    thread::scope(|scope| {
        for _ in 0..4 {
            let made = made.clone();
            scope.spawn(move || {
                let session = made.open().start().unwrap();
                for _ in 0..100 {
                    session.random::<1000>().unwrap();
                }
            });
        }
    });
    // Nobody told us that the host has initialised the module for threads.
    assert_eq!(mock.most_in_flight(), 1);
    Ok(())
}

fn waiting_for_an_operation_has_a_limit(token: &TestToken) -> Outcome {
    let (mock, module) = counted(token, token.options()?)?;
    let made = module.token(label(LABEL))?;
    let limit = Duration::from_millis(50);
    let session = made.open().user_pin(PIN).operation_timeout(limit).start()?;
    mock.lie_times("C_Digest", 1, Lie::Delay(Duration::from_secs(2)));
    thread::scope(|scope| {
        let slow = scope.spawn(|| session.digest(MechanismType::SHA256, b"abc"));
        while mock.calls("C_DigestInit") == 0 {
            thread::sleep(Duration::from_millis(1));
        }
        let busy =
            Holder { operation: OperationKind::Digest, mechanism: Some(MechanismType::SHA256) };
        let started = Instant::now();
        let error = fails!(
            session.find::<Object>().all(),
            ErrorKind::OperationActive(Some(holder)) if *holder == busy
        );
        assert!(started.elapsed() >= limit && started.elapsed() < Duration::from_secs(1));
        assert!(error.is_retryable());
        assert!(error.to_string().contains("digest with CKM_SHA256"), "{error}");
        // What takes no lock does not wait.
        session.random::<4>().unwrap();
        // Another session is free.
        made.open().start().unwrap().digest(MechanismType::SHA256, b"abc").unwrap();
        assert_eq!(slow.join().unwrap().unwrap().len(), 32);
    });
    assert_usable(&session)
}

fn closing_waits_for_calls_with_a_limit(token: &TestToken) -> Outcome {
    let limit = Duration::from_millis(50);
    let (mock, module) = counted(token, token.options()?.close_timeout(limit))?;
    let made = module.token(label(LABEL))?;
    let session = made.open().user_pin(PIN).operation_timeout(limit).start()?;
    mock.lie_times("C_Digest", 1, Lie::Delay(Duration::from_secs(1)));
    thread::scope(|scope| {
        let slow = scope.spawn(|| session.digest(MechanismType::SHA256, b"abc"));
        while mock.calls("C_DigestInit") == 0 {
            thread::sleep(Duration::from_millis(1));
        }
        fails!(session.clone().close(), ErrorKind::OperationActive(_));
        fails!(module.clone().finalize(), ErrorKind::OperationActive(_));
        assert_eq!(mock.calls("C_CloseSession") + mock.calls("C_Finalize"), 0);
        assert_eq!(slow.join().unwrap().unwrap().len(), 32);
    });
    // Nothing has changed.
    assert_usable(&session)?;
    session.clone().close()?;
    fails!(session.info(), ErrorKind::SessionClosed);
    module.clone().finalize()?;
    fails!(module.info(), ErrorKind::Finalized);
    assert_eq!(mock.calls("C_Finalize"), 1);
    Ok(())
}
