//! What works beside a stream, what is refused, and what waits for it.

use std::thread;
use std::time::{Duration, Instant};

use pkcs11::prelude::*;
use pkcs11::{Holder, OperationKind};
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable};
use crate::streams::{cut, data, joined};

tests! {
    a_partly_read_decryption_bars_other_operations;
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
