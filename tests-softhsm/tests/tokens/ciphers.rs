//! Encryption with secret keys.

use pkcs11::prelude::*;
use tests_softhsm::{Outcome, TestToken, tests};

tests! {
    aes_round_trip;
}

fn aes_round_trip(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for bits in [128, 192, 256] {
        let key = session.generate_key(KeyType::AES).bits(bits).create()?;
        let iv = session.random::<16>()?;
        for length in [0, 1, 15, 16, 17, 1000, 100_000] {
            let plaintext = vec![7; length];
            let ciphertext = key.encrypt(DEFAULT.iv(&iv), &plaintext)?;
            assert_eq!(ciphertext.len(), (length / 16 + 1) * 16);
            assert_eq!(key.decrypt(DEFAULT.iv(&iv), &ciphertext)?, plaintext);
            assert_eq!(key.decrypt(AesCbcPad::new(&iv), &ciphertext)?, plaintext);
        }
    }
    Ok(())
}
