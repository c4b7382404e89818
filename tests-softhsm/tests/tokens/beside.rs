//! What works beside a stream, what is refused, and what waits for it.

use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use pkcs11::prelude::*;
use pkcs11::{Holder, OperationKind};
use tests_softhsm::{LABEL, Outcome, PIN, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable, data as object};
use crate::streams::{cut, data, joined};

tests! {
    a_partly_read_decryption_bars_other_operations;
    a_stream_bars_every_operation_of_its_thread;
    what_takes_no_lock_works_beside_a_stream;
    another_session_works_beside_a_stream;
    another_thread_waits_for_a_stream_to_end;
    another_thread_waits_for_a_stream_no_longer_than_its_limit;
    a_stream_goes_on_in_another_thread;
    streams_of_ten_threads_take_turns;
    ten_threads_find_a_key_and_encrypt_4_mib;
}

fn a_partly_read_decryption_bars_other_operations(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let (iv, plaintext) = ([1; 16], data(5000));
    let ciphertext = key.encrypt(DEFAULT.iv(&iv), &plaintext)?;
    let mut stream = key.decrypt_stream(DEFAULT.iv(&iv), cut(&ciphertext, &[1000]))?;
    let first = stream.next().unwrap()?;
    assert_eq!(first, plaintext[..first.len()]);
    let holder =
        Holder { operation: OperationKind::Decrypt, mechanism: Some(MechanismType::AES_CBC_PAD) };
    let started = Instant::now();
    fails!(
        key.encrypt(DEFAULT.iv(&iv), b"abc"),
        ErrorKind::OperationActive(Some(by)) if *by == holder
    );
    fails!(session.find::<Data>().all(), ErrorKind::OperationActive(Some(_)));
    assert!(started.elapsed() < Duration::from_secs(10), "at once, not at the end of the limit");
    // The stream has taken no harm.
    let second = stream.next().unwrap()?;
    assert_eq!(second, plaintext[first.len()..][..second.len()]);
    drop(stream);
    assert_usable(&session)
}

fn a_stream_bars_every_operation_of_its_thread(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let hmac = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    let iv = [1; 16];
    let mut digester = session.digester(DEFAULT)?;
    digester.update(b"a")?;
    fails!(key.encrypt(DEFAULT.iv(&iv), b"abc"), ErrorKind::OperationActive(_));
    fails!(key.decrypt(DEFAULT.iv(&iv), &[0; 16]), ErrorKind::OperationActive(_));
    fails!(hmac.sign(DEFAULT, b"abc"), ErrorKind::OperationActive(_));
    fails!(hmac.verify(DEFAULT, b"abc", &[0; 32]), ErrorKind::OperationActive(_));
    fails!(private.sign(DEFAULT, b"abc"), ErrorKind::OperationActive(_));
    fails!(public.verify(DEFAULT, b"abc", &[0; 64]), ErrorKind::OperationActive(_));
    fails!(session.digest(DEFAULT, b"abc"), ErrorKind::OperationActive(_));
    fails!(session.find::<Object>().first(), ErrorKind::OperationActive(_));
    fails!(session.digester(DEFAULT), ErrorKind::OperationActive(_));
    fails!(key.encryptor(DEFAULT.iv(&iv)), ErrorKind::OperationActive(_));
    fails!(key.decrypt_reader(DEFAULT.iv(&iv), &[][..]), ErrorKind::OperationActive(_));
    fails!(hmac.sign_stream(DEFAULT, ["abc"]), ErrorKind::OperationActive(_));
    fails!(hmac.verifier(DEFAULT), ErrorKind::OperationActive(_));
    digester.update(b"bc")?;
    let digest = digester.finish()?;
    assert_eq!(digest, session.digest(DEFAULT, b"abc")?);
    assert_usable(&session)
}

fn what_takes_no_lock_works_beside_a_stream(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let mut cipher = key.encryptor(DEFAULT.iv(&[0; 16]))?;
    let mut ciphertext = cipher.update(b"before, ")?.to_vec();
    session.random::<16>()?;
    let other = aes_key(&session)?;
    assert_eq!(other.get(attr::VALUE_LEN)?, 32);
    session.generate_key_pair(Curve::P256).create()?;
    let made = object(&session, "beside", b"1")?;
    made.set(&Template::new().with(attr::LABEL, "changed"))?;
    assert_eq!(made.get(attr::LABEL)?, "changed");
    made.destroy()?;
    let copy: SecretKey = session.copy(&other, &Template::new().with(attr::LABEL, "copy"))?;
    copy.destroy()?;
    session.info()?;
    ciphertext.extend_from_slice(&cipher.update(b"after")?);
    ciphertext.extend_from_slice(&cipher.finish()?);
    assert_eq!(key.decrypt(DEFAULT.iv(&[0; 16]), &ciphertext)?, b"before, after");
    Ok(())
}

fn another_session_works_beside_a_stream(token: &TestToken) -> Outcome {
    let (one, two) = (token.session()?, token.session()?);
    let key = aes_key(&one)?;
    let mut cipher = key.encryptor(DEFAULT.iv(&[0; 16]))?;
    cipher.update(b"abc")?;
    assert_usable(&two)?;
    let mut digester = two.digester(DEFAULT)?;
    digester.update(b"abc")?;
    cipher.update(b"abc")?;
    digester.finish()?;
    cipher.finish()?;
    assert_usable(&one)
}

fn another_thread_waits_for_a_stream_to_end(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    for dropped in [false, true] {
        let mut cipher = key.encryptor(DEFAULT.iv(&[0; 16]))?;
        cipher.update(&[1; 100])?;
        thread::scope(|scope| {
            let (ends, ended) = channel();
            let session = &session;
            scope.spawn(move || {
                session.digest(DEFAULT, b"abc").unwrap();
                ends.send(()).unwrap();
            });
            assert!(ended.recv_timeout(Duration::from_millis(100)).is_err(), "it did not wait");
            match dropped {
                true => drop(cipher),
                false => drop(cipher.finish().unwrap()),
            }
            ended.recv_timeout(Duration::from_secs(20)).unwrap();
        });
    }
    assert_usable(&session)
}

fn another_thread_waits_for_a_stream_no_longer_than_its_limit(token: &TestToken) -> Outcome {
    let limit = Duration::from_millis(50);
    let made = token.load()?.token(label(LABEL))?;
    let session = made.open().user_pin(PIN).operation_timeout(limit).start()?;
    let mut digester = session.digester(MechanismType::SHA256)?;
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let started = Instant::now();
            let error = session.digest(DEFAULT, b"abc").unwrap_err();
            assert!(started.elapsed() >= limit);
            assert!(error.to_string().contains("digest with CKM_SHA256"), "{error}");
            let error = fails!(
                session.with_operation_timeout(Duration::ZERO).find::<Data>().all(),
                ErrorKind::OperationActive(Some(_))
            );
            assert!(error.is_retryable());
        });
        waiting.join().unwrap();
    });
    digester.update(b"abc")?;
    digester.finish()?;
    assert_usable(&session)
}

fn a_stream_goes_on_in_another_thread(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let (iv, plaintext) = ([1; 16], data(10_000));
    let mut cipher = key.encryptor(DEFAULT.iv(&iv))?;
    let mut ciphertext = Vec::new();
    for part in cut(&plaintext, &[1000]) {
        // Each part in a thread of its own.
        let (back, made) = thread::scope(|scope| {
            let work = scope.spawn(move || {
                let made = cipher.update(part).unwrap();
                (cipher, made)
            });
            work.join().unwrap()
        });
        cipher = back;
        ciphertext.extend_from_slice(&made);
    }
    ciphertext.extend_from_slice(&cipher.finish()?);
    assert_eq!(ciphertext, key.encrypt(DEFAULT.iv(&iv), &plaintext)?);
    assert_usable(&session)
}

fn streams_of_ten_threads_take_turns(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    thread::scope(|scope| {
        for number in 0..10_u8 {
            let key = &key;
            scope.spawn(move || {
                let (iv, plaintext) = ([number; 16], data(10_000 + usize::from(number)));
                for _ in 0..10 {
                    let parts = cut(&plaintext, &[100, 3000, 17]);
                    let ciphertext =
                        joined(key.encrypt_stream(DEFAULT.iv(&iv), parts).unwrap()).unwrap();
                    let parts = cut(&ciphertext, &[1000, 16]);
                    let decrypted =
                        joined(key.decrypt_stream(DEFAULT.iv(&iv), parts).unwrap()).unwrap();
                    assert_eq!(decrypted, plaintext);
                }
            });
        }
    });
    assert_usable(&session)
}

fn ten_threads_find_a_key_and_encrypt_4_mib(token: &TestToken) -> Outcome {
    let session = token.session()?;
    session.generate_key(KeyType::AES).bits(128).label("LOOK ME UP").create()?;
    let plaintext = data(4 << 20);
    thread::scope(|scope| {
        for number in 0..10_u8 {
            let (session, plaintext) = (&session, &plaintext);
            scope.spawn(move || {
                let key = session.find::<SecretKey>().label("LOOK ME UP").one().unwrap();
                let iv = [number; 16];
                let streamed = number % 2 == 0;
                let ciphertext = match streamed {
                    true => {
                        let parts = plaintext.chunks(64 << 10);
                        joined(key.encrypt_stream(DEFAULT.iv(&iv), parts).unwrap()).unwrap()
                    }
                    false => key.encrypt(DEFAULT.iv(&iv), plaintext).unwrap(),
                };
                assert_eq!(ciphertext.len(), plaintext.len() + 16);
                let decrypted = key.decrypt(DEFAULT.iv(&iv), &ciphertext).unwrap();
                assert!(decrypted == *plaintext, "thread {number}");
            });
        }
    });
    assert_usable(&session)
}
