//! What is measured on a module that does nothing, ours and by hand.

use std::hint::black_box;

use bytes::Bytes;
use pkcs11::mechanism::AesCbcPad;
use pkcs11::prelude::*;
use pkcs11::stream::Cipher;
use pkcs11_mock::{LABEL, Mock, USER_PIN};
use pkcs11_sys::CKM_SHA256_HMAC;
use tests_softhsm::native::{idle, idle_by_hand};

/// The length of a part, in bytes. What a buffer costs beside the call grows with it.
const PART: usize = 1 << 10;
const LARGE_PART: usize = 64 << 10;

/// Does it so many times.
pub(crate) type Run = Box<dyn FnMut(u64)>;

/// One form of a call, and what it must do in any case.
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) by_hand: Run,
    pub(crate) ours: Run,
}

/// All that is measured. The mock must outlive it.
pub(crate) fn operations(mock: &Mock) -> Result<Vec<Operation>> {
    let module = idle(mock, pkcs11::options())?;
    let token = module.token(label(LABEL))?;
    Ok(vec![
        sign_into(&token)?,
        update_into(&token)?,
        update(&token, "update, a Bytes of 1 KiB", PART)?,
        update(&token, "update, a Bytes of 64 KiB", LARGE_PART)?,
        stream(&token)?,
    ])
}

fn session(token: &Token) -> Result<Session> {
    token.open().user_pin(USER_PIN).start()
}

fn sign_into(token: &Token) -> Result<Operation> {
    let session = session(token)?;
    let key = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let by_hand = idle_by_hand(&session);
    let handle = key.handle();
    let mut output = [0; 32];
    Ok(Operation {
        name: "sign_into",
        by_hand: Box::new(move |times| {
            for _ in 0..times {
                by_hand.sign_init(black_box(CKM_SHA256_HMAC), handle);
                black_box(by_hand.sign(black_box(&[5; 32]), &mut output));
            }
        }),
        ours: Box::new(move |times| {
            for _ in 0..times {
                let mechanism = black_box(MechanismType::SHA256_HMAC);
                let answer = key.sign_into(mechanism, black_box(&[5; 32]), &mut output);
                black_box(answer.expect("it signs"));
            }
        }),
    })
}

/// An encryption that never ends, and what goes in.
fn encryption(token: &Token) -> Result<Cipher> {
    let key = session(token)?.generate_key(KeyType::AES).bits(256).create()?;
    key.encryptor(AesCbcPad::new(&[7; 16]))
}

fn update_by_hand(token: &Token, length: usize) -> Result<Run> {
    let by_hand = idle_by_hand(&session(token)?);
    let (data, mut output) = (vec![5; length], vec![0; length + Cipher::MARGIN]);
    Ok(Box::new(move |times| {
        for _ in 0..times {
            black_box(by_hand.encrypt_update(black_box(&data), &mut output));
        }
    }))
}

fn update_into(token: &Token) -> Result<Operation> {
    let mut cipher = encryption(token)?;
    let (data, mut output) = (vec![5; PART], vec![0; PART + Cipher::MARGIN]);
    Ok(Operation {
        name: "update_into",
        by_hand: update_by_hand(token, PART)?,
        ours: Box::new(move |times| {
            for _ in 0..times {
                let answer = cipher.update_into(black_box(&data), &mut output);
                black_box(answer.expect("it encrypts"));
            }
        }),
    })
}

fn update(token: &Token, name: &'static str, length: usize) -> Result<Operation> {
    let mut cipher = encryption(token)?;
    let data = vec![5; length];
    Ok(Operation {
        name,
        by_hand: update_by_hand(token, length)?,
        ours: Box::new(move |times| {
            for _ in 0..times {
                black_box(cipher.update(black_box(&data)).expect("it encrypts"));
            }
        }),
    })
}

fn stream(token: &Token) -> Result<Operation> {
    let key = session(token)?.generate_key(KeyType::AES).bits(256).create()?;
    let chunks = std::iter::repeat(Bytes::from(vec![5; PART]));
    let mut stream = key.encrypt_stream(AesCbcPad::new(&[7; 16]), chunks)?;
    Ok(Operation {
        name: "encrypt_stream, a Bytes of 1 KiB",
        by_hand: update_by_hand(token, PART)?,
        ours: Box::new(move |times| {
            for chunk in stream.by_ref().take(times.try_into().unwrap_or(usize::MAX)) {
                black_box(chunk.expect("it encrypts"));
            }
        }),
    })
}
