//! Encryption with secret keys.

use hex_literal::hex;
use pkcs11::prelude::*;
use pkcs11::{Function, ReturnCode};
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable, known_key};

tests! {
    aes_round_trip: and Nss;
    aes_cbc_known_answer: and Nss;
    aes_ctr_known_answer: and Nss;
    aes_gcm_known_answer: and Nss;
    aes_gcm_authenticates: and Nss;
    des3_round_trip: and Nss;
    des3_known_answer: and Nss;
    into_a_buffer: and Nss;
    a_buffer_too_small_leaves_the_session_usable: and Nss;
    a_wrong_iv_is_refused_before_the_call: and Nss;
    wrong_data_leaves_the_session_usable: and Nss;
    a_wrong_mechanism_leaves_the_session_usable: and Nss;
    a_default_needs_its_iv: and Nss;
}

/// NIST SP 800-38A, appendix F: the AES-128 key and the first block.
const KEY: [u8; 16] = hex!("2b7e151628aed2a6abf7158809cf4f3c");
const BLOCK: [u8; 16] = hex!("6bc1bee22e409f96e93d7e117393172a");

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

/// SP 800-38A F.2.1.
fn aes_cbc_known_answer(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = known_key(&session, KeyType::AES, &KEY)?;
    let iv = hex!("000102030405060708090a0b0c0d0e0f");
    let ciphertext = key.encrypt(AesCbc::new(&iv), &BLOCK)?;
    assert_eq!(ciphertext, hex!("7649abac8119b246cee98e9b12e9197d"));
    assert_eq!(key.decrypt(AesCbc::new(&iv), &ciphertext)?, BLOCK);
    // By number and bytes it is the same.
    let by_number = (MechanismType::AES_CBC, &iv[..]);
    assert_eq!(key.encrypt(by_number, &BLOCK)?, ciphertext);
    Ok(())
}

/// SP 800-38A F.5.1.
fn aes_ctr_known_answer(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_CTR])?;
    let session = token.session()?;
    let key = known_key(&session, KeyType::AES, &KEY)?;
    let counter = AesCtr::new(hex!("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"));
    let ciphertext = key.encrypt(counter, &BLOCK)?;
    assert_eq!(ciphertext, hex!("874d6191b620e3261bef6864990db6ce"));
    for length in [1, 16, 33, 1000] {
        let plaintext = vec![9; length];
        let ciphertext = key.encrypt(counter, &plaintext)?;
        assert_eq!(ciphertext.len(), length);
        assert_eq!(key.decrypt(counter, &ciphertext)?, plaintext);
    }
    Ok(())
}

/// Test case 2 of the GCM specification by McGrew and Viega.
fn aes_gcm_known_answer(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_GCM])?;
    let session = token.session()?;
    let key = known_key(&session, KeyType::AES, &[0; 16])?;
    let sealed = key.encrypt(AesGcm::new(&[0; 12]), &[0; 16])?;
    assert_eq!(sealed, hex!("0388dace60b6a392f328c2b971b2fe78 ab6e47d42cec13bdf53a67b21257bddf"));
    Ok(())
}

fn aes_gcm_authenticates(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_GCM])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let nonce = session.random::<12>()?;
    let gcm = AesGcm::new(&nonce).aad(b"v1");
    for length in [0, 1, 16, 1000, 100_000] {
        let plaintext = vec![5; length];
        let sealed = key.encrypt(gcm, &plaintext)?;
        assert_eq!(sealed.len(), length + 16);
        assert_eq!(key.decrypt(gcm, &sealed)?, plaintext);
        for at in [0, sealed.len() / 2, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            let error = key.decrypt(gcm, &changed).unwrap_err();
            assert_eq!(error.function(), Some(Function::Decrypt));
            assert_eq!(error.mechanism(), Some(MechanismType::AES_GCM));
        }
        key.decrypt(AesGcm::new(&nonce).aad(b"v2"), &sealed).unwrap_err();
        key.decrypt(AesGcm::new(&[0; 12]).aad(b"v1"), &sealed).unwrap_err();
        key.decrypt(gcm, &sealed[..sealed.len() - 1]).unwrap_err();
        key.decrypt(gcm, &[]).unwrap_err();
    }
    let short = gcm.tag_bits(96);
    let sealed = key.encrypt(short, b"abc")?;
    assert_eq!(sealed.len(), 3 + 12);
    assert_eq!(key.decrypt(short, &sealed)?, b"abc");
    assert_usable(&session)
}

fn des3_round_trip(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DES3_KEY_GEN, MechanismType::DES3_CBC_PAD])?;
    let session = token.session()?;
    let key = session.generate_key(KeyType::DES3).create()?;
    let iv = session.random::<8>()?;
    for length in [0, 1, 8, 1000] {
        let plaintext = vec![7; length];
        let ciphertext = key.encrypt(DEFAULT.iv(&iv), &plaintext)?;
        assert_eq!(ciphertext.len(), (length / 8 + 1) * 8);
        assert_eq!(key.decrypt(DesCbcPad::new(&iv), &ciphertext)?, plaintext);
    }
    fails!(key.encrypt(DEFAULT.iv(&[0; 16]), b""), ErrorKind::InvalidInput(_));
    Ok(())
}

/// Three equal keys make DES; the value is that of FIPS 81, table C1.
fn des3_known_answer(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DES3_CBC])?;
    let session = token.session()?;
    let value = hex!("0123456789abcdef 0123456789abcdef 0123456789abcdef");
    let key = known_key(&session, KeyType::DES3, &value)?;
    let iv = hex!("1234567890abcdef");
    let ciphertext = key.encrypt((MechanismType::DES3_CBC, &iv[..]), b"Now is t")?;
    assert_eq!(ciphertext, hex!("e5c7cdde872bf27c"));
    Ok(())
}

fn into_a_buffer(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let iv = [3; 16];
    let mut ciphertext = [0xaa; 64];
    let length = key.encrypt_into(DEFAULT.iv(&iv), b"INPUT DATA", &mut ciphertext)?;
    assert_eq!(length, 16);
    assert_eq!(key.encrypt(DEFAULT.iv(&iv), b"INPUT DATA")?, ciphertext[..16]);
    let mut plaintext = [0xaa; 32];
    let length = key.decrypt_into(DEFAULT.iv(&iv), &ciphertext[..16], &mut plaintext)?;
    assert_eq!(&plaintext[..length], b"INPUT DATA");
    Ok(())
}

fn a_buffer_too_small_leaves_the_session_usable(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let iv = [3; 16];
    for length in [0, 1, 15, 31] {
        let mut small = vec![0; length];
        let error = fails!(
            key.encrypt_into(DEFAULT.iv(&iv), &[1; 16], &mut small),
            ErrorKind::BufferTooSmall
        );
        assert_eq!(error.function(), Some(Function::Encrypt));
        assert_eq!(error.mechanism(), Some(MechanismType::AES_CBC_PAD));
        assert_usable(&session)?;
    }
    let ciphertext = key.encrypt(DEFAULT.iv(&iv), &[1; 40])?;
    let error = fails!(
        key.decrypt_into(DEFAULT.iv(&iv), &ciphertext, &mut [0; 8]),
        ErrorKind::BufferTooSmall
    );
    assert_eq!(error.function(), Some(Function::Decrypt));
    fails!(
        session.digest_into(MechanismType::SHA256, b"", &mut [0; 31]),
        ErrorKind::BufferTooSmall
    );
    // A buffer that holds it to the byte is enough.
    let mut exact = [0; 48];
    assert_eq!(key.encrypt_into(DEFAULT.iv(&iv), &[1; 40], &mut exact)?, 48);
    assert_eq!(exact[..], ciphertext);
    assert_eq!(session.digest_into(MechanismType::SHA256, b"", &mut [0; 32])?, 32);
    assert_usable(&session)
}

fn a_wrong_iv_is_refused_before_the_call(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    for length in [0, 8, 15, 17] {
        let iv = vec![0; length];
        let error = fails!(key.encrypt(DEFAULT.iv(&iv), b"abc"), ErrorKind::InvalidInput(_));
        assert_eq!(error.mechanism(), Some(MechanismType::AES_CBC_PAD));
        assert_eq!(error.function(), Some(Function::EncryptInit));
        assert_eq!(error.return_code(), None);
        let error = fails!(
            key.decrypt((MechanismType::AES_CBC, &iv[..]), &[0; 16]),
            ErrorKind::InvalidInput(_)
        );
        assert!(error.to_string().contains("16 bytes"), "{error}");
    }
    fails!(key.encrypt(MechanismType::AES_CBC, &[0; 16]), ErrorKind::InvalidInput(_));
    fails!(key.encrypt((MechanismType::AES_GCM, &[0; 40][..]), b"abc"), ErrorKind::InvalidInput(_));
    assert_usable(&session)
}

fn wrong_data_leaves_the_session_usable(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    // No whole blocks.
    let error = key.encrypt(AesCbc::new(&[0; 16]), b"abc").unwrap_err();
    assert_eq!(error.function(), Some(Function::Encrypt));
    assert_usable(&session)?;
    let error = key.decrypt(AesCbcPad::new(&[0; 16]), &[0; 17]).unwrap_err();
    assert_eq!(error.function(), Some(Function::Decrypt));
    assert_usable(&session)?;
    // Padding that is none: with this key, the last byte is right by chance once in 250 times.
    let blocks = session.random::<160>()?;
    let refused = (0..10)
        .filter(|at| key.decrypt(AesCbcPad::new(&[0; 16]), &blocks[at * 16..][..16]).is_err())
        .count();
    assert!(refused >= 8);
    assert_usable(&session)
}

fn a_wrong_mechanism_leaves_the_session_usable(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let error = key.encrypt(RsaOaep::new(Hash::Sha1), b"abc").unwrap_err();
    assert_eq!(error.function(), Some(Function::EncryptInit));
    assert_eq!(error.mechanism(), Some(MechanismType::RSA_PKCS_OAEP));
    // SoftHSM begins it, and looks at the key when it signs: it is not asked.
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error:?}");
    let error = key.sign(MechanismType::SHA256_RSA_PKCS, b"abc").unwrap_err();
    assert_eq!(error.function(), Some(Function::SignInit));
    let unknown = MechanismType::new(0x8765_4321);
    let error = fails!(key.encrypt(unknown, b"abc"), ErrorKind::MechanismNotOffered);
    assert_eq!(error.return_code(), Some(ReturnCode::MECHANISM_INVALID));
    assert_eq!(error.mechanism(), Some(unknown));
    assert!(error.to_string().contains("C_EncryptInit(0x87654321)"), "{error}");
    let error = session.digest(MechanismType::AES_CBC_PAD, b"abc").unwrap_err();
    assert!(error.mechanism() == Some(MechanismType::AES_CBC_PAD), "{error:?}");
    assert_usable(&session)
}

fn a_default_needs_its_iv(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let error = fails!(key.encrypt(DEFAULT, b"abc"), ErrorKind::NoDefault(_));
    assert!(error.to_string().contains("DEFAULT.iv"), "{error}");
    let plain = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let error = fails!(plain.encrypt(DEFAULT, b"abc"), ErrorKind::NoDefault(_));
    assert!(error.to_string().contains("CKK_GENERIC_SECRET"), "{error}");
    assert_usable(&session)
}
