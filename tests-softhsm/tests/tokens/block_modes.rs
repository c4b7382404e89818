//! The other modes of AES, MACs of a chosen length, keys from passwords.

use hex_literal::hex;
use pkcs11::Function;
use pkcs11::mechanism::{AesCfb1, AesCfb8, AesCfb128, AesCts, AesOfb};
use pkcs11::prelude::*;
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable, known_key};

tests! {
    ofb_known_answer;
    cfb_known_answers;
    cts_takes_any_length_from_a_block_on: and Nss;
    ccm_known_answers;
    ccm_authenticates;
    macs_of_a_chosen_length;
    pbkdf2_known_answers: and Nss;
}

/// SP 800-38A, appendix F: the AES-128 key, the initialisation vector, the first two blocks.
const KEY: [u8; 16] = hex!("2b7e151628aed2a6abf7158809cf4f3c");
const IV: [u8; 16] = hex!("000102030405060708090a0b0c0d0e0f");
const BLOCKS: [u8; 32] = hex!("6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51");

/// F.4.1.
fn ofb_known_answer(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_OFB])?;
    let session = token.session()?;
    let key = known_key(&session, KeyType::AES, &KEY)?;
    let ciphertext = key.encrypt(AesOfb::new(&IV), &BLOCKS)?;
    let expected = hex!("3b3fd92eb72dad20333449f8e83cfb4a 7789508d16918f03f53c52dac54ed825");
    assert_eq!(ciphertext, expected);
    assert_eq!(key.decrypt(AesOfb::new(&IV), &ciphertext)?, BLOCKS);
    Ok(())
}

/// F.3.13, F.3.7 (of which it gives 18 bytes) and F.3.1 (16 bits).
fn cfb_known_answers(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_CFB128, MechanismType::AES_CFB8, MechanismType::AES_CFB1])?;
    let session = token.session()?;
    let key = known_key(&session, KeyType::AES, &KEY)?;
    let ciphertext = key.encrypt(AesCfb128::new(&IV), &BLOCKS)?;
    let expected = hex!("3b3fd92eb72dad20333449f8e83cfb4a c8a64537a0b3a93fcde3cdad9f1ce58b");
    assert_eq!(ciphertext, expected);
    assert_eq!(key.decrypt(AesCfb128::new(&IV), &ciphertext)?, BLOCKS);

    let ciphertext = key.encrypt(AesCfb8::new(&IV), &BLOCKS[..18])?;
    assert_eq!(ciphertext, hex!("3b79424c9c0dd436bace9e0ed4586a4f32b9"));
    assert_eq!(key.decrypt(AesCfb8::new(&IV), &ciphertext)?, BLOCKS[..18]);

    let ciphertext = key.encrypt(AesCfb1::new(&IV), &BLOCKS[..2])?;
    assert_eq!(ciphertext, hex!("68b3"));
    assert_eq!(key.decrypt(AesCfb1::new(&IV), &ciphertext)?, BLOCKS[..2]);
    Ok(())
}

fn cts_takes_any_length_from_a_block_on(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_CTS])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    for length in [17, 31, 32, 33, 1000] {
        let data = vec![7; length];
        let ciphertext = key.encrypt(AesCts::new(&IV), &data)?;
        assert_eq!(ciphertext.len(), length);
        assert_eq!(key.decrypt(AesCts::new(&IV), &ciphertext)?, data);
    }
    let error = key.encrypt(AesCts::new(&IV), &[7; 15]).unwrap_err();
    assert_eq!(error.mechanism(), Some(MechanismType::AES_CTS));
    assert_usable(&session)
}

const CCM_KEY: [u8; 16] = hex!("404142434445464748494a4b4c4d4e4f");

/// SP 800-38C, examples 1 and 2.
fn ccm_known_answers(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_CCM])?;
    let session = token.session()?;
    let key = known_key(&session, KeyType::AES, &CCM_KEY)?;
    let nonce = hex!("10111213141516");
    let (data, aad) = (hex!("20212223"), hex!("0001020304050607"));
    let ccm = AesCcm::new(&nonce, data.len()).aad(&aad).mac_length(4);
    let sealed = key.encrypt(ccm, &data)?;
    assert_eq!(sealed, hex!("7162015b 4dac255d"));
    assert_eq!(key.decrypt(ccm, &sealed)?, data);

    let nonce = hex!("1011121314151617");
    let data = hex!("202122232425262728292a2b2c2d2e2f");
    let ccm = AesCcm::new(&nonce, data.len()).aad(&IV).mac_length(6);
    let sealed = key.encrypt(ccm, &data)?;
    assert_eq!(sealed, hex!("d2a1f0e051ea5f62081a7792073d593d 1fc64fbfaccd"));
    assert_eq!(key.decrypt(ccm, &sealed)?, data);
    Ok(())
}

fn ccm_authenticates(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_CCM])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let ccm = AesCcm::new(&IV[..13], 10).aad(b"header");
    let sealed = key.encrypt(ccm, b"INPUT DATA")?;
    assert_eq!(sealed.len(), 10 + 16);
    for at in [0, 9, 10, 25] {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        let error = key.decrypt(ccm, &changed).unwrap_err();
        assert_eq!(error.mechanism(), Some(MechanismType::AES_CCM));
        assert_usable(&session)?;
    }
    key.decrypt(ccm.aad(b"other"), &sealed).unwrap_err();
    assert_eq!(key.decrypt(ccm, &sealed)?, b"INPUT DATA");
    Ok(())
}

/// The beginning of the whole one.
fn macs_of_a_chosen_length(token: &TestToken) -> Outcome {
    let (general, whole) = (MechanismType::SHA256_HMAC_GENERAL, MechanismType::SHA256_HMAC);
    token.needs(&[general, whole])?;
    let session = token.session()?;
    let key = known_key(&session, KeyType::GENERIC_SECRET, &[7; 32])?;
    let mac = key.sign(whole, b"message")?;
    for length in [4, 16, 32] {
        let mechanism = MacGeneral::new(general, length);
        let short = key.sign(mechanism, b"message")?;
        assert_eq!(short, mac[..length]);
        key.verify(mechanism, b"message", &short)?;
        fails!(key.verify(mechanism, b"other", &short), ErrorKind::SignatureInvalid);
        fails!(key.verify(mechanism, b"message", &mac[..3]), ErrorKind::SignatureInvalid);
    }
    let error =
        fails!(key.sign(MacGeneral::new(general, 33), b"message"), ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), Some(Function::SignInit));
    assert_usable(&session)
}

/// RFC 6070, with 1 and 4096 iterations, and the same with SHA-256 (by Python's
/// `hashlib.pbkdf2_hmac("sha256", b"password", b"salt", iterations, 20)`).
fn pbkdf2_known_answers(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::PKCS5_PBKD2])?;
    let session = token.session()?;
    let answers = [
        (Pbkdf2Prf::Sha1, 1, hex!("0c60c80f961f0e71f3a9b524af6012062fe037a6")),
        (Pbkdf2Prf::Sha1, 4096, hex!("4b007901b765489abead49d926f721d065a429c1")),
        (Pbkdf2Prf::Sha256, 1, hex!("120fb6cffcf8b32c43e7225256c4f837a86548c9")),
        (Pbkdf2Prf::Sha256, 4096, hex!("c5e478d59288c841aa530db6845c4c8d962893a0")),
    ];
    for (prf, iterations, expected) in answers {
        let key = session
            .generate_key(KeyType::GENERIC_SECRET)
            .bits(160)
            .with(attr::SENSITIVE, false)
            .with(attr::EXTRACTABLE, true)
            .create_with(Pbkdf2::new(prf, b"password", b"salt", iterations))?;
        assert_eq!(key.get(attr::VALUE)?, expected);
    }
    Ok(())
}
