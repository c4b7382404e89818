//! Streams and the operation lock: who waits, who is refused, and when the session is free.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use pkcs11::prelude::*;
use pkcs11::{Function, Holder, OperationKind};
use tests_softhsm::{Outcome, PIN, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable, data};

tests! {
    the_thread_of_a_stream_is_refused_at_once;
    what_is_no_operation_works_beside_a_stream;
    another_thread_waits_for_a_stream;
    waiting_for_a_stream_has_a_limit;
    a_try_does_not_wait_for_a_stream;
    a_stream_belongs_to_the_thread_that_used_it_last;
    a_stream_moved_and_not_used_is_waited_for;
    every_kind_of_stream_holds_the_lock;
    a_stream_frees_the_session_at_its_end;
    a_panic_in_the_iterator_frees_waiting_threads;
    streams_inside_search_loops;
    another_session_is_not_concerned;
    close_and_streams;
    finalize_and_streams;
    a_stream_keeps_its_session_open;
}

const IV: [u8; 16] = [1; 16];
const AES: MechanismType = MechanismType::AES_CBC_PAD;

fn impatient(token: &TestToken) -> Result<Session> {
    token.token()?.open().user_pin(PIN).operation_timeout(Duration::from_millis(100)).start()
}

fn the_thread_of_a_stream_is_refused_at_once(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let mut cipher = key.encryptor(DEFAULT.iv(&IV))?;
    cipher.update(&[0; 16])?;
    let start = Instant::now();
    let held = Some(Holder { operation: OperationKind::Encrypt, mechanism: Some(AES) });
    let refusals = [
        key.encrypt(DEFAULT.iv(&IV), b"abc").map(drop),
        key.encryptor(DEFAULT.iv(&IV)).map(drop),
        key.decrypt_stream(DEFAULT.iv(&IV), [[0; 16]]).map(drop),
        session.digest(DEFAULT, b"abc").map(drop),
        session.digester(DEFAULT).map(drop),
        session.find::<Data>().all().map(drop),
    ];
    for refusal in refusals {
        let error = fails!(refusal, ErrorKind::OperationActive(holder) if *holder == held);
        assert!(error.return_code().is_none(), "the token was not asked");
        assert!(error.is_retryable());
    }
    let error = session.digest(DEFAULT, b"abc").unwrap_err();
    assert_eq!(error.function(), Some(Function::DigestInit));
    assert!(error.to_string().contains("encryption with CKM_AES_CBC_PAD"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(5), "nobody waited");
    // The stream goes on.
    cipher.update(&[0; 16])?;
    cipher.finish()?;
    assert_usable(&session)
}

fn what_is_no_operation_works_beside_a_stream(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let plaintext = [7; 64];
    let whole = key.encrypt(DEFAULT.iv(&IV), &plaintext)?;
    let mut cipher = key.encryptor(DEFAULT.iv(&IV))?;
    let mut ciphertext = cipher.update(&plaintext[..32])?.to_vec();
    session.random::<16>()?;
    assert_eq!(key.get(attr::KEY_TYPE)?, KeyType::AES);
    let object = data(&session, "beside", b"abc")?;
    assert_eq!(object.get(attr::VALUE)?, b"abc");
    object.destroy()?;
    aes_key(&session)?.destroy()?;
    session.info()?;
    ciphertext.extend_from_slice(&cipher.update(&plaintext[32..])?);
    ciphertext.extend_from_slice(&cipher.finish()?);
    assert_eq!(ciphertext, whole);
    Ok(())
}

fn another_thread_waits_for_a_stream(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let mut cipher = key.encryptor(DEFAULT.iv(&IV))?;
    thread::scope(|scope| {
        let other = scope.spawn(|| key.encrypt(DEFAULT.iv(&IV), b"abc"));
        for _ in 0..10 {
            thread::sleep(Duration::from_millis(10));
            assert!(!other.is_finished());
            cipher.update(&[0; 16])?;
        }
        cipher.finish()?;
        assert_eq!(other.join().unwrap()?.len(), 16);
        Ok(())
    })
}

fn waiting_for_a_stream_has_a_limit(token: &TestToken) -> Outcome {
    let session = impatient(token)?;
    let key = aes_key(&session)?;
    let mut digester = session.digester(MechanismType::SHA256)?;
    let held =
        Some(Holder { operation: OperationKind::Digest, mechanism: Some(MechanismType::SHA256) });
    let error = thread::scope(|scope| {
        let other = scope.spawn(|| key.encrypt(DEFAULT.iv(&IV), b"abc").unwrap_err());
        other.join().unwrap()
    });
    assert!(matches!(error.kind(), ErrorKind::OperationActive(holder) if *holder == held));
    digester.update(b"abc")?;
    assert_eq!(digester.finish()?, session.digest(MechanismType::SHA256, b"abc")?);
    Ok(())
}

fn a_try_does_not_wait_for_a_stream(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let trying = session.with_operation_timeout(Duration::ZERO);
    assert_eq!(trying, session);
    assert_eq!(trying.operation_timeout(), Duration::ZERO);
    trying.digest(DEFAULT, b"abc")?;
    // What is found through it tries too.
    let trying_key = trying.find::<SecretKey>().key_type(KeyType::AES).one()?;
    let cipher = key.encryptor(DEFAULT.iv(&IV))?;
    thread::scope(|scope| {
        scope.spawn(|| {
            fails!(trying.digest(DEFAULT, b"abc"), ErrorKind::OperationActive(Some(_)));
            fails!(trying_key.encryptor(DEFAULT.iv(&IV)), ErrorKind::OperationActive(Some(_)));
            let all = trying.find::<Data>().all();
            fails!(all, ErrorKind::OperationActive(Some(_)));
        });
    });
    drop(cipher);
    trying_key.encrypt(DEFAULT.iv(&IV), b"abc")?;
    Ok(())
}

fn a_stream_belongs_to_the_thread_that_used_it_last(token: &TestToken) -> Outcome {
    let session = impatient(token)?;
    let key = aes_key(&session)?;
    let mut cipher = key.encryptor(DEFAULT.iv(&IV))?;
    let (used, is_used) = mpsc::channel();
    let (done, is_done) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let inner = &session;
        let other = scope.spawn(move || -> Result<()> {
            cipher.update(&[0; 16])?;
            // It is this thread's now: no waiting.
            let patient = inner.with_operation_timeout(Duration::from_secs(600));
            fails!(patient.digest(DEFAULT, b"abc"), ErrorKind::OperationActive(Some(_)));
            used.send(()).unwrap();
            is_done.recv().unwrap();
            cipher.finish()?;
            inner.digest(DEFAULT, b"abc").map(drop)
        });
        is_used.recv().unwrap();
        // The thread that made it waits like any other: to its limit, or to the end.
        let start = Instant::now();
        fails!(session.digest(DEFAULT, b"abc"), ErrorKind::OperationActive(Some(_)));
        assert!(start.elapsed() >= Duration::from_millis(100));
        done.send(()).unwrap();
        session.with_operation_timeout(Duration::from_secs(60)).digest(DEFAULT, b"abc")?;
        other.join().unwrap()?;
        Ok(())
    })
}

fn a_stream_moved_and_not_used_is_waited_for(token: &TestToken) -> Outcome {
    let session = impatient(token)?;
    let key = aes_key(&session)?;
    let cipher = key.encryptor(DEFAULT.iv(&IV))?;
    let (session, cipher) = thread::spawn(move || {
        // Nothing tells that this thread has it: the limit ends the wait.
        let start = Instant::now();
        fails!(session.digest(DEFAULT, b"abc"), ErrorKind::OperationActive(Some(_)));
        assert!(start.elapsed() >= Duration::from_millis(100));
        (session, cipher)
    })
    .join()
    .unwrap();
    cipher.finish()?;
    assert_usable(&session)
}

/// Makes a stream of each kind, and gives it to `look`.
fn with_each_stream(
    session: &Session,
    mut look: impl FnMut(&str, Box<dyn std::any::Any>),
) -> Result<()> {
    let key = aes_key(session)?;
    let mac = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    look("encryptor", Box::new(key.encryptor(DEFAULT.iv(&IV))?));
    look("decryptor", Box::new(key.decryptor(DEFAULT.iv(&IV))?));
    look("encrypt_stream", Box::new(key.encrypt_stream(DEFAULT.iv(&IV), [[0; 4]])?));
    look("decrypt_reader", Box::new(key.decrypt_reader(DEFAULT.iv(&IV), std::io::empty())?));
    look("signer", Box::new(mac.signer(DEFAULT)?));
    look("verifier", Box::new(mac.verifier(DEFAULT)?));
    // Hashed here where the token cannot.
    look("signer with ECDSA", Box::new(private.signer(DEFAULT)?));
    look("verifier with ECDSA", Box::new(public.verifier(DEFAULT)?));
    look("digester", Box::new(session.digester(DEFAULT)?));
    Ok(())
}

fn every_kind_of_stream_holds_the_lock(token: &TestToken) -> Outcome {
    let session = token.session()?;
    with_each_stream(&session, |name, stream| {
        let answer = session.digest(DEFAULT, b"abc");
        assert!(
            matches!(answer.map_err(|error| error.is_retryable()), Err(true)),
            "beside a {name}"
        );
        drop(stream);
        session.digest(DEFAULT, b"abc").unwrap_or_else(|error| panic!("after a {name}: {error}"));
    })?;
    assert_usable(&session)
}

fn a_stream_frees_the_session_at_its_end(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    // At its last item, not when it is dropped.
    let mut stream = key.encrypt_stream(DEFAULT.iv(&IV), [[0; 16]; 3])?;
    while stream.next().transpose()?.is_some() {}
    assert_usable(&session)?;
    assert!(stream.next().is_none());
    let mut reader = key.encrypt_reader(DEFAULT.iv(&IV), &[0; 100][..])?;
    let mut all = Vec::new();
    std::io::Read::read_to_end(&mut reader, &mut all)?;
    assert_usable(&session)?;
    drop((stream, reader));
    assert_usable(&session)
}

fn a_panic_in_the_iterator_frees_waiting_threads(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let (held, is_held) = mpsc::channel();
    thread::scope(|scope| {
        let session = &session;
        let panicking = scope.spawn(move || {
            let chunks = std::iter::once([0; 16]).chain(std::iter::from_fn(|| {
                held.send(()).unwrap();
                thread::sleep(Duration::from_millis(50));
                panic!("producer")
            }));
            key.encrypt_stream(DEFAULT.iv(&IV), chunks).unwrap().for_each(drop);
        });
        is_held.recv().unwrap();
        session.digest(DEFAULT, b"abc").unwrap();
        assert!(panicking.join().is_err());
    });
    assert_usable(&session)
}

fn streams_inside_search_loops(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let keys: Vec<SecretKey> = (0..3).map(|_| aes_key(&session)).collect::<Result<_>>()?;
    let mut used = 0;
    for key in session.find::<SecretKey>().key_type(KeyType::AES).all()? {
        let parts = key.encrypt_stream(DEFAULT.iv(&IV), [[0; 20]; 3])?;
        let whole: Vec<u8> = parts.collect::<Result<Vec<_>>>()?.concat();
        assert_eq!(whole.len(), 64);
        for inner in session.find::<SecretKey>().key_type(KeyType::AES).all()? {
            let decrypted = inner.decrypt_stream(DEFAULT.iv(&IV), [&whole])?;
            let opened = decrypted.collect::<Result<Vec<_>>>();
            assert!(inner != key || opened.is_ok_and(|opened| opened.concat() == [0; 60]));
            used += 1;
        }
    }
    assert_eq!(used, keys.len() * keys.len());
    assert_usable(&session)
}

fn another_session_is_not_concerned(token: &TestToken) -> Outcome {
    let (one, two) = (token.session()?, token.session()?);
    let key = aes_key(&one)?;
    let mut cipher = key.encryptor(DEFAULT.iv(&IV))?;
    cipher.update(&[0; 16])?;
    assert_usable(&two)?;
    let mut other = two.digester(DEFAULT)?;
    cipher.update(&[0; 16])?;
    other.update(b"abc")?;
    cipher.finish()?;
    assert_eq!(other.finish()?, one.digest(DEFAULT, b"abc")?);
    Ok(())
}

fn close_and_streams(token: &TestToken) -> Outcome {
    let session = impatient(token)?;
    let key = aes_key(&session)?;
    let mut cipher = key.encryptor(DEFAULT.iv(&IV))?;
    // Refused to the stream's own thread at once, to others after the limit; it goes on.
    fails!(session.clone().close(), ErrorKind::OperationActive(Some(_)));
    thread::scope(|scope| {
        let other = scope.spawn(|| session.clone().close());
        fails!(other.join().unwrap(), ErrorKind::OperationActive(Some(_)));
    });
    cipher.update(&[0; 16])?;
    // A close that is patient enough waits for the end.
    let (starts, is_starting) = mpsc::channel();
    thread::scope(|scope| {
        let patient = session.with_operation_timeout(Duration::from_secs(60));
        let other = scope.spawn(move || {
            starts.send(()).unwrap();
            patient.close()
        });
        is_starting.recv().unwrap();
        thread::sleep(Duration::from_millis(50));
        assert!(!other.is_finished());
        cipher.finish().unwrap();
        other.join().unwrap()
    })?;
    fails!(key.encryptor(DEFAULT.iv(&IV)), ErrorKind::SessionClosed);
    Ok(())
}

fn finalize_and_streams(token: &TestToken) -> Outcome {
    let module = pkcs11::options().close_timeout(Duration::from_millis(100)).load(token.path())?;
    let session = module.token(label(tests_softhsm::LABEL))?.open().user_pin(PIN).start()?;
    let key = aes_key(&session)?;
    let mut cipher = key.encryptor(DEFAULT.iv(&IV))?;
    fails!(module.clone().finalize(), ErrorKind::OperationActive(Some(_)));
    cipher.update(&[0; 16])?;
    thread::scope(|scope| {
        let other = scope.spawn(|| module.clone().finalize());
        fails!(other.join().unwrap(), ErrorKind::OperationActive(Some(_)));
    });
    cipher.update(&[0; 16])?;
    cipher.finish()?;
    let stream = key.encrypt_stream(DEFAULT.iv(&IV), [[0; 16]; 3])?;
    drop(stream);
    module.finalize()?;
    fails!(key.encryptor(DEFAULT.iv(&IV)), ErrorKind::Finalized);
    Ok(())
}

fn a_stream_keeps_its_session_open(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let whole = key.encrypt(DEFAULT.iv(&IV), &[5; 48])?;
    let stream = key.encrypt_stream(DEFAULT.iv(&IV), [[5; 16]; 3])?;
    drop((key, session));
    assert_eq!(stream.collect::<Result<Vec<_>>>()?.concat(), whole);
    Ok(())
}
