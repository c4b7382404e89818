//! Messages with their own nonces and tags (PKCS#11 3.0).

use std::collections::HashSet;

use pkcs11::prelude::*;
use pkcs11::{Function, Generator, MechanismFlags};
use tests_softhsm::{Outcome, Skip, TestToken, fails, skip, tests};

use crate::common::{aes_key, assert_usable, known_key};

tests! {
    gcm_messages_are_those_of_one_shot: and Nss;
    nonces_of_the_token_differ_and_decrypt: and Nss;
    nonces_by_count_begin_with_the_callers_bytes: and Nss;
    gcm_in_parts_is_gcm_at_once: and Nss;
    ccm_messages_are_those_of_one_shot: and Nss;
    ccm_in_parts_is_ccm_at_once: and Nss;
    poly1305_messages_are_those_of_one_shot: and Nss;
    poly1305_in_parts_is_poly1305_at_once: and Nss;
    what_does_not_authenticate_ends_the_messages: and Nss;
    messages_are_cancelled_when_dropped: and Nss;
    a_wrong_nonce_or_tag_is_refused_before_the_call: and Nss;
    a_key_that_may_not_encrypt_is_refused: and Nss;
    signatures_of_messages: and Nss;
    a_module_of_2_40_is_not_asked: only SoftHsm;
}

const OURS: Generator = Generator::NO_GENERATE;
const CIPHER: MechanismFlags =
    MechanismFlags::MESSAGE_ENCRYPT.union(MechanismFlags::MESSAGE_DECRYPT);

/// Goes on only if the token offers the mechanism for this use with messages.
fn needs(token: &TestToken, mechanism: MechanismType, flags: MechanismFlags) -> Outcome {
    match token.token()?.mechanism_info(mechanism)? {
        Some(info) if info.flags.contains(flags) => Ok(()),
        _ => skip(Skip::TokenLacksMessages(mechanism)),
    }
}

/// Goes on only if it does so in parts.
fn needs_parts(token: &TestToken, mechanism: MechanismType) -> Outcome {
    needs(token, mechanism, CIPHER | MechanismFlags::MULTI_MESSAGE)
}

fn data(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index * 7 % 251).to_le_bytes()[0]).collect()
}

fn gcm_messages_are_those_of_one_shot(token: &TestToken) -> Outcome {
    needs(token, MechanismType::AES_GCM, CIPHER)?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let mut encryptor = key.message_encryptor(MechanismType::AES_GCM)?;
    let mut sealed = Vec::new();
    for (length, aad) in [(0, &b""[..]), (1, b"v1"), (16, b""), (1000, b"v1"), (300_000, b"v1")] {
        let mut nonce = [0; 12];
        nonce[0] = u8::try_from(sealed.len())?;
        let mut tag = [0; 16];
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag).generator(OURS);
        let ciphertext = encryptor.encrypt(gcm, aad, &data(length))?;
        assert_eq!(ciphertext.len(), length);
        sealed.push((nonce, aad, ciphertext, tag));
    }
    encryptor.finish()?;
    let mut decryptor = key.message_decryptor(MechanismType::AES_GCM)?;
    for (mut nonce, aad, ciphertext, mut tag) in sealed.clone() {
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
        assert_eq!(decryptor.decrypt(gcm, aad, &ciphertext)?, data(ciphertext.len()));
        let mut buffer = vec![0; ciphertext.len()];
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
        let length = decryptor.decrypt_into(gcm, aad, &ciphertext, &mut buffer)?;
        assert_eq!((length, &buffer), (buffer.len(), &data(buffer.len())));
    }
    decryptor.finish()?;
    for (nonce, aad, ciphertext, tag) in sealed {
        let whole = key.encrypt(AesGcm::new(&nonce).aad(aad), &data(ciphertext.len()))?;
        assert_eq!(whole, [&ciphertext[..], &tag].concat());
    }
    // A shorter tag.
    let (mut nonce, mut tag) = ([9; 12], [0; 12]);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag).generator(OURS);
    let ciphertext = key.encrypt_message(gcm, b"v1", b"abc")?;
    let whole = key.encrypt(AesGcm::new(&nonce).aad(b"v1").tag_bits(96), b"abc")?;
    assert_eq!(whole, [&ciphertext[..], &tag].concat());
    assert_usable(&session)
}

fn nonces_of_the_token_differ_and_decrypt(token: &TestToken) -> Outcome {
    needs(token, MechanismType::AES_GCM, CIPHER)?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let mut nonces = HashSet::new();
    // Whether from one encryptor or from many: if nothing is said, they are random.
    for round in 0..4 {
        let mut encryptor = key.message_encryptor(MechanismType::AES_GCM)?;
        let mut sealed = Vec::new();
        for _ in 0..8 {
            let (mut nonce, mut tag) = ([0; 12], [0; 16]);
            let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
            let ciphertext = encryptor.encrypt(gcm, b"v1", b"INPUT DATA")?;
            assert!(nonces.insert(nonce), "{nonce:x?} twice");
            sealed.push((nonce, ciphertext, tag));
        }
        encryptor.finish()?;
        let (mut nonce, mut tag) = ([0; 12], [0; 16]);
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
        let ciphertext = key.encrypt_message(gcm, b"v1", b"INPUT DATA")?;
        assert!(nonces.insert(nonce), "{nonce:x?} twice");
        sealed.push((nonce, ciphertext, tag));
        for (mut nonce, ciphertext, mut tag) in sealed {
            let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
            assert_eq!(key.decrypt_message(gcm, b"v1", &ciphertext)?, b"INPUT DATA");
            let joined = [&ciphertext[..], &tag].concat();
            assert_eq!(key.decrypt(AesGcm::new(&nonce).aad(b"v1"), &joined)?, b"INPUT DATA");
        }
        assert_eq!(nonces.len(), (round + 1) * 9);
    }
    Ok(())
}

fn nonces_by_count_begin_with_the_callers_bytes(token: &TestToken) -> Outcome {
    needs(token, MechanismType::AES_GCM, CIPHER)?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    for generator in [Generator::GENERATE, Generator::GENERATE_COUNTER] {
        let mut encryptor = key.message_encryptor(MechanismType::AES_GCM)?;
        let mut nonces = HashSet::new();
        for _ in 0..5 {
            let (mut nonce, mut tag) = ([7; 12], [0; 16]);
            let gcm = AesGcmMessage::new(&mut nonce, &mut tag).generator(generator).fixed_bits(32);
            encryptor.encrypt(gcm, b"", b"INPUT DATA")?;
            assert_eq!(nonce[..4], [7; 4]);
            assert!(nonces.insert(nonce), "{nonce:x?} twice");
        }
        encryptor.finish()?;
    }
    Ok(())
}

fn gcm_in_parts_is_gcm_at_once(token: &TestToken) -> Outcome {
    needs_parts(token, MechanismType::AES_GCM)?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let mut encryptor = key.message_encryptor(MechanismType::AES_GCM)?;
    let plaintext = data(1001);
    let mut sealed = Vec::new();
    for part in [1, 16, 100, 1001] {
        let (mut nonce, mut tag) = ([0; 12], [0; 16]);
        let mut message = encryptor.begin(AesGcmMessage::new(&mut nonce, &mut tag), b"v1")?;
        let mut ciphertext = Vec::new();
        for part in plaintext.chunks(part) {
            ciphertext.extend(message.update(part)?);
        }
        ciphertext.extend(message.finish()?);
        sealed.push((nonce, ciphertext, tag));
    }
    // One without any part.
    let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    let message = encryptor.begin(AesGcmMessage::new(&mut nonce, &mut tag), b"v1")?;
    assert!(message.finish()?.is_empty());
    encryptor.finish()?;
    let whole = key.encrypt(AesGcm::new(&nonce).aad(b"v1"), b"")?;
    assert_eq!(whole, tag);
    for (nonce, ciphertext, tag) in &sealed {
        let whole = key.encrypt(AesGcm::new(nonce).aad(b"v1"), &plaintext)?;
        assert_eq!(whole, [&ciphertext[..], tag].concat());
    }
    let mut decryptor = key.message_decryptor(MechanismType::AES_GCM)?;
    for (mut nonce, ciphertext, mut tag) in sealed {
        let mut message = decryptor.begin(AesGcmMessage::new(&mut nonce, &mut tag), b"v1")?;
        let mut opened = Vec::new();
        for part in ciphertext.chunks(100) {
            opened.extend(message.update(part)?);
        }
        opened.extend(message.finish()?);
        assert_eq!(opened, plaintext);
    }
    decryptor.finish()?;
    assert_usable(&session)
}

fn ccm_messages_are_those_of_one_shot(token: &TestToken) -> Outcome {
    needs(token, MechanismType::AES_CCM, CIPHER)?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let mut encryptor = key.message_encryptor(MechanismType::AES_CCM)?;
    let mut sealed = Vec::new();
    for length in [1, 16, 1000] {
        let (mut nonce, mut mac) = ([0; 13], [0; 16]);
        let ccm = AesCcmMessage::new(&mut nonce, &mut mac, length);
        let ciphertext = encryptor.encrypt(ccm, b"v1", &data(length))?;
        sealed.push((nonce, ciphertext, mac));
    }
    // A length that the parameter does not tell is seen here.
    let (mut nonce, mut mac) = ([0; 13], [0; 16]);
    let ccm = AesCcmMessage::new(&mut nonce, &mut mac, 4);
    fails!(encryptor.encrypt(ccm, b"v1", b"abc"), ErrorKind::InvalidInput(_));
    encryptor.finish()?;
    assert_ne!(sealed[0].0, sealed[1].0);
    for (mut nonce, ciphertext, mut mac) in sealed {
        let plaintext = data(ciphertext.len());
        let ccm = AesCcm::new(&nonce, plaintext.len()).aad(b"v1");
        assert_eq!(key.encrypt(ccm, &plaintext)?, [&ciphertext[..], &mac].concat());
        let ccm = AesCcmMessage::new(&mut nonce, &mut mac, plaintext.len());
        assert_eq!(key.decrypt_message(ccm, b"v1", &ciphertext)?, plaintext);
    }
    assert_usable(&session)
}

fn ccm_in_parts_is_ccm_at_once(token: &TestToken) -> Outcome {
    needs_parts(token, MechanismType::AES_CCM)?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let plaintext = data(300);
    let (mut nonce, mut mac) = ([0; 12], [0; 8]);
    let mut encryptor = key.message_encryptor(MechanismType::AES_CCM)?;
    let ccm = AesCcmMessage::new(&mut nonce, &mut mac, plaintext.len());
    let mut message = encryptor.begin(ccm, b"v1")?;
    let mut ciphertext = Vec::new();
    for part in plaintext.chunks(100) {
        ciphertext.extend(message.update(part)?);
    }
    fails!(message.update(b"more"), ErrorKind::InvalidInput(_));
    ciphertext.extend(message.finish()?);
    encryptor.finish()?;
    let ccm = AesCcm::new(&nonce, plaintext.len()).aad(b"v1").mac_length(8);
    assert_eq!(key.encrypt(ccm, &plaintext)?, [&ciphertext[..], &mac].concat());
    let mut decryptor = key.message_decryptor(MechanismType::AES_CCM)?;
    let ccm = AesCcmMessage::new(&mut nonce, &mut mac, plaintext.len());
    let mut message = decryptor.begin(ccm, b"v1")?;
    let mut opened = message.update(&ciphertext[..200])?;
    opened.extend(message.update(&ciphertext[200..])?);
    opened.extend(message.finish()?);
    assert_eq!(opened, plaintext);
    decryptor.finish()?;
    assert_usable(&session)
}

/// A key of ChaCha20.
fn chacha_key(session: &Session) -> Result<SecretKey> {
    known_key(session, KeyType::CHACHA20, &[3; 32])
}

fn poly1305_messages_are_those_of_one_shot(token: &TestToken) -> Outcome {
    needs(token, MechanismType::CHACHA20_POLY1305, CIPHER)?;
    let session = token.session()?;
    let key = chacha_key(&session)?;
    let mut encryptor = key.message_encryptor(MechanismType::CHACHA20_POLY1305)?;
    let mut sealed = Vec::new();
    for length in [0, 1, 64, 1000] {
        let nonce = [u8::try_from(sealed.len())?; 12];
        let mut tag = [0; 16];
        let poly = ChaCha20Poly1305Message::new(&nonce, &mut tag);
        let ciphertext = encryptor.encrypt(poly, b"v1", &data(length))?;
        sealed.push((nonce, ciphertext, tag));
    }
    encryptor.finish()?;
    for (nonce, ciphertext, mut tag) in sealed {
        let plaintext = data(ciphertext.len());
        let whole = key.encrypt(ChaCha20Poly1305::new(&nonce).aad(b"v1"), &plaintext)?;
        assert_eq!(whole, [&ciphertext[..], &tag].concat());
        let poly = ChaCha20Poly1305Message::new(&nonce, &mut tag);
        assert_eq!(key.decrypt_message(poly, b"v1", &ciphertext)?, plaintext);
    }
    assert_usable(&session)
}

fn poly1305_in_parts_is_poly1305_at_once(token: &TestToken) -> Outcome {
    needs_parts(token, MechanismType::CHACHA20_POLY1305)?;
    let session = token.session()?;
    let key = chacha_key(&session)?;
    let (nonce, mut tag, plaintext) = ([5; 12], [0; 16], data(300));
    let mut encryptor = key.message_encryptor(MechanismType::CHACHA20_POLY1305)?;
    let mut message = encryptor.begin(ChaCha20Poly1305Message::new(&nonce, &mut tag), b"v1")?;
    let mut ciphertext = message.update(&plaintext[..7])?;
    ciphertext.extend(message.update(&plaintext[7..])?);
    ciphertext.extend(message.finish()?);
    encryptor.finish()?;
    let whole = key.encrypt(ChaCha20Poly1305::new(&nonce).aad(b"v1"), &plaintext)?;
    assert_eq!(whole, [&ciphertext[..], &tag].concat());
    assert_usable(&session)
}

fn what_does_not_authenticate_ends_the_messages(token: &TestToken) -> Outcome {
    needs(token, MechanismType::AES_GCM, CIPHER)?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    let ciphertext = key.encrypt_message(gcm, b"v1", b"INPUT DATA")?;
    for change in 0..3 {
        let (mut nonce, mut tag, mut ciphertext) = (nonce, tag, ciphertext.clone());
        let changed = [&mut nonce[..], &mut tag[..], &mut ciphertext[..]];
        changed.into_iter().nth(change).into_iter().for_each(|bytes| bytes[3] ^= 1);
        let mut decryptor = key.message_decryptor(MechanismType::AES_GCM)?;
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
        let error = decryptor.decrypt(gcm, b"v1", &ciphertext).unwrap_err();
        assert_eq!(error.function(), Some(Function::DecryptMessage));
        assert_eq!(error.mechanism(), Some(MechanismType::AES_GCM));
        assert!(error.return_code().is_some());
        assert_usable(&session)?;
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
        fails!(decryptor.decrypt(gcm, b"v1", &ciphertext), ErrorKind::StreamFailed);
    }
    let mut plaintext = [1; 10];
    let mut decryptor = key.message_decryptor(MechanismType::AES_GCM)?;
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    decryptor.decrypt_into(gcm, b"v2", &ciphertext, &mut plaintext).unwrap_err();
    assert_eq!(plaintext, [0; 10]);
    // A new one works at once.
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    assert_eq!(key.decrypt_message(gcm, b"v1", &ciphertext)?, b"INPUT DATA");
    assert_usable(&session)
}

fn messages_are_cancelled_when_dropped(token: &TestToken) -> Outcome {
    needs(token, MechanismType::AES_GCM, CIPHER)?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let parts = needs_parts(token, MechanismType::AES_GCM).is_ok();
    for _ in 0..3 {
        let encryptor = key.message_encryptor(MechanismType::AES_GCM)?;
        fails!(session.digest(DEFAULT, b"abc"), ErrorKind::OperationActive(Some(_)));
        drop(encryptor);
        assert_usable(&session)?;
        drop(key.message_decryptor(MechanismType::AES_GCM)?);
        let (mut nonce, mut tag) = ([0; 12], [0; 16]);
        let mut encryptor = key.message_encryptor(MechanismType::AES_GCM)?;
        encryptor.encrypt(AesGcmMessage::new(&mut nonce, &mut tag), b"", b"abc")?;
        drop(encryptor);
        if parts {
            let mut encryptor = key.message_encryptor(MechanismType::AES_GCM)?;
            let mut message = encryptor.begin(AesGcmMessage::new(&mut nonce, &mut tag), b"")?;
            message.update(b"abc")?;
            drop(message);
            assert_usable(&session)?;
            let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
            fails!(encryptor.encrypt(gcm, b"", b"abc"), ErrorKind::StreamFailed);
        }
        assert_usable(&session)?;
    }
    Ok(())
}

fn a_wrong_nonce_or_tag_is_refused_before_the_call(token: &TestToken) -> Outcome {
    needs(token, MechanismType::AES_GCM, CIPHER)?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let mut encryptor = key.message_encryptor(MechanismType::AES_GCM)?;
    for (nonce, tag) in [(0, 16), (12, 0), (12, 3), (12, 17)] {
        let (mut nonce, mut tag) = (vec![0; nonce], vec![0; tag]);
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
        let error = fails!(encryptor.encrypt(gcm, b"", b"abc"), ErrorKind::InvalidInput(_));
        assert_eq!(error.return_code(), None);
    }
    // The messages go on.
    let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    encryptor.encrypt(AesGcmMessage::new(&mut nonce, &mut tag), b"", b"abc")?;
    encryptor.finish()?;
    Ok(())
}

fn a_key_that_may_not_encrypt_is_refused(token: &TestToken) -> Outcome {
    needs(token, MechanismType::AES_GCM, CIPHER)?;
    let session = token.session()?;
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::AES)
        .with(attr::VALUE, &[1; 16])
        .with(attr::ENCRYPT, false)
        .with(attr::DECRYPT, true);
    let key: SecretKey = session.create(&template)?;
    let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    let error = key.encrypt_message(gcm, b"", b"abc").unwrap_err();
    assert_eq!(error.function(), Some(Function::MessageEncryptInit));
    assert_usable(&session)
}

fn signatures_of_messages(token: &TestToken) -> Outcome {
    let mechanism = MechanismType::SHA256_HMAC;
    needs(token, mechanism, MechanismFlags::MESSAGE_SIGN | MechanismFlags::MESSAGE_VERIFY)?;
    let session = token.session()?;
    let key = known_key(&session, KeyType::GENERIC_SECRET, &[1; 32])?;
    let mut signer = key.message_signer(mechanism)?;
    let mac = signer.sign(b"INPUT DATA")?;
    signer.finish()?;
    assert_eq!(mac, key.sign(mechanism, b"INPUT DATA")?);
    let mut verifier = key.message_verifier(mechanism)?;
    verifier.verify(b"INPUT DATA", &mac)?;
    verifier.finish()?;
    assert_usable(&session)
}

fn a_module_of_2_40_is_not_asked(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let refused = |function, answer: Result<()>| {
        let error = fails!(answer, ErrorKind::FunctionNotSupported);
        assert_eq!((error.function(), error.return_code()), (Some(function), None));
    };
    let gcm = MechanismType::AES_GCM;
    refused(Function::MessageEncryptInit, key.message_encryptor(gcm).map(drop));
    assert_usable(&session)?;
    refused(Function::MessageDecryptInit, key.message_decryptor(gcm).map(drop));
    let mac = MechanismType::SHA256_HMAC;
    refused(Function::MessageSignInit, key.message_signer(mac).map(drop));
    refused(Function::MessageVerifyInit, key.message_verifier(mac).map(drop));
    let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    let message = AesGcmMessage::new(&mut nonce, &mut tag);
    refused(Function::MessageEncryptInit, key.encrypt_message(message, b"", b"abc").map(drop));
    assert_usable(&session)
}
