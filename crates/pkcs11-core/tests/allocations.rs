//! What allocates nothing, counted by an allocator: the `*_into` forms, verifying, mechanisms, and
//! templates of up to 16 attributes.
//!
//! The mock answers OK without doing anything, so that none of its own allocations count.

#![allow(clippy::unwrap_used, reason = "a test: a panic is its answer")]
#![allow(unsafe_code, reason = "modules enter by function pointer")]

#[path = "allocations/counting.rs"]
mod counting;

use std::hint::black_box;

use counting::allocations;
use pkcs11_core::mechanism::{AesCbcPad, AesCtr, AesGcm, AesGcmMessage, EdDsa, RsaOaep, RsaPss};
use pkcs11_core::{
    Data, Date, Hash, KeyType, LoadOptions, Mechanism, MechanismType, ObjectClass, PrivateKey,
    SecretKey, Session, Template, TokenObject, attr, label,
};
use pkcs11_mock::{LABEL, Lie, Mock, USER_PIN};

/// A session whose operations all succeed without the module's doing anything.
fn silent_session(mock: &Mock) -> Session {
    // SAFETY: the mock's functions do what the standard says, lies apart, and its lists are never
    // freed.
    let module = unsafe { LoadOptions::new().load_entry_points(mock.entry_points()) }.unwrap();
    let token = module.token(label(LABEL)).unwrap();
    let session = token.open().user_pin(USER_PIN).start().unwrap();
    for operation in ["Encrypt", "Decrypt", "Digest", "Sign", "Verify"] {
        mock.lie(&format!("C_{operation}"), Lie::Silent);
        mock.lie(&format!("C_{operation}Init"), Lie::Silent);
        mock.lie(&format!("C_{operation}Update"), Lie::Silent);
        mock.lie(&format!("C_{operation}Final"), Lie::Silent);
    }
    for operation in ["Encrypt", "Decrypt", "Sign", "Verify"] {
        mock.lie(&format!("C_Message{operation}Init"), Lie::Silent);
        mock.lie(&format!("C_{operation}Message"), Lie::Silent);
        mock.lie(&format!("C_{operation}MessageBegin"), Lie::Silent);
    }
    mock.lie("C_SetAttributeValue", Lie::Silent);
    mock.lie("C_GenerateRandom", Lie::Silent);
    session
}

fn key(session: &Session) -> SecretKey {
    let template = Template::new().with(attr::KEY_TYPE, KeyType::AES).with(attr::VALUE, &[7; 16]);
    session.create(&template).unwrap()
}

#[test]
fn allocations_are_counted() {
    assert_eq!(allocations(|| drop(black_box(Vec::<u8>::with_capacity(9)))), 1);
}

#[test]
fn operations_into_a_buffer_allocate_nothing() {
    let mock = Mock::start();
    let session = silent_session(&mock);
    let key = key(&session);
    let (mac, digest) = (MechanismType::SHA256_HMAC, MechanismType::SHA256);
    let cbc = AesCbcPad::new(&[3; 16]);
    let (data, mut out) = ([1; 1000], [0; 1016]);
    let signed = allocations(|| assert_eq!(key.sign_into(mac, &data, &mut out[..32]).unwrap(), 32));
    let encrypted = allocations(|| _ = key.encrypt_into(cbc, &data, &mut out).unwrap());
    let decrypted = allocations(|| _ = key.decrypt_into(cbc, &data, &mut out).unwrap());
    let digested = allocations(|| _ = session.digest_into(digest, &data, &mut out[..32]).unwrap());
    let verified = allocations(|| key.verify(mac, &data, &[0; 32]).unwrap());
    let random = allocations(|| _ = session.random::<16>().unwrap());
    assert_eq!([signed, encrypted, decrypted, digested, verified, random], [0; 6]);
}

#[test]
fn parts_into_a_buffer_allocate_nothing() {
    let mock = Mock::start();
    let session = silent_session(&mock);
    let key = key(&session);
    let (data, mut out) = ([1; 1000], [0; 32]);
    let signed = allocations(|| {
        let mut signer = key.signer(MechanismType::SHA256_HMAC).unwrap();
        signer.update(&data).unwrap();
        assert_eq!(signer.finish_into(&mut out).unwrap(), 32);
    });
    assert_eq!(signed, 0);
}

#[test]
fn messages_into_a_buffer_allocate_nothing() {
    let mock = Mock::start();
    let session = silent_session(&mock);
    let key = key(&session);
    let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    let (data, mut out) = ([1; 1000], [0; 1000]);
    let mut encryptor = key.message_encryptor(MechanismType::AES_GCM).unwrap();
    let encrypted = allocations(|| {
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
        _ = encryptor.encrypt_into(gcm, b"v1", &data, &mut out).unwrap();
    });
    drop(encryptor);
    let mut decryptor = key.message_decryptor(MechanismType::AES_GCM).unwrap();
    let decrypted = allocations(|| {
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
        _ = decryptor.decrypt_into(gcm, b"v1", &data, &mut out).unwrap();
    });
    drop(decryptor);
    let mac = MechanismType::SHA256_HMAC;
    let mut signer = key.message_signer(mac).unwrap();
    let signed = allocations(|| _ = signer.sign_into(&data, &mut out[..32]).unwrap());
    drop(signer);
    let mut verifier = key.message_verifier(mac).unwrap();
    let verified = allocations(|| verifier.verify(&data, &[0; 32]).unwrap());
    assert_eq!([encrypted, decrypted, signed, verified], [0; 4]);
}

#[test]
fn mechanisms_allocate_nothing() {
    let mock = Mock::start();
    let session = silent_session(&mock);
    let key = key(&session);
    let template = Template::new().with(attr::KEY_TYPE, KeyType::RSA);
    let private: PrivateKey = session.create(&template).unwrap();
    let (data, mut out) = ([1; 64], [0; 96]);
    let gcm = AesGcm::new(&[1; 12]).aad(b"v1").tag_bits(96);
    let gcm = allocations(|| _ = key.encrypt_into(gcm, &data, &mut out).unwrap());
    let ctr = AesCtr::new([0; 16]);
    let ctr = allocations(|| _ = key.encrypt_into(ctr, &data, &mut out).unwrap());
    let oaep = RsaOaep::new(Hash::Sha256).label(b"label");
    let oaep = allocations(|| _ = private.decrypt_into(oaep, &data, &mut out).unwrap());
    let pss = RsaPss::new(Hash::Sha512);
    let pss = allocations(|| _ = private.sign_into(pss, &data, &mut out).unwrap());
    let eddsa = EdDsa::new().context(b"context");
    let eddsa = allocations(|| _ = private.sign_into(eddsa, &data, &mut out).unwrap());
    let vendor = (MechanismType::new(0x8000_0001), &[1, 2, 3][..]);
    let vendor = allocations(|| _ = private.sign_into(vendor, &data, &mut out).unwrap());
    let hashed = allocations(|| {
        let ecdsa = Mechanism::new(MechanismType::ECDSA).prehashed(Hash::Sha512);
        _ = private.sign_into(ecdsa, &data, &mut out).unwrap();
        let rsa = Mechanism::new(MechanismType::RSA_PKCS).prehashed_info(Hash::Sha512);
        _ = private.sign_into(rsa, &data, &mut out).unwrap();
    });
    assert_eq!([gcm, ctr, oaep, pss, eddsa, vendor, hashed], [0; 7]);
}

#[test]
fn templates_of_16_attributes_allocate_nothing() {
    let mock = Mock::start();
    let session = silent_session(&mock);
    let object: Data = session.create(&Template::new()).unwrap();
    let (text, bytes) = (String::from("text"), vec![0; 500]);
    let counted = allocations(|| {
        let template = Template::new()
            .with(attr::CLASS, ObjectClass::SECRET_KEY)
            .with(attr::KEY_TYPE, KeyType::AES)
            .with(attr::TOKEN, true)
            .with(attr::PRIVATE, false)
            .with(attr::SENSITIVE, true)
            .with(attr::EXTRACTABLE, false)
            .with(attr::ENCRYPT, true)
            .with(attr::DECRYPT, true)
            .with(attr::WRAP, true)
            .with(attr::UNWRAP, true)
            .with(attr::LABEL, &text)
            .with(attr::ID, &[1, 2, 3])
            .with(attr::VALUE, &bytes)
            .with(attr::VALUE_LEN, 16)
            .with(attr::KEY_GEN_MECHANISM, MechanismType::AES_KEY_GEN)
            .with(attr::MODULUS, &bytes);
        assert_eq!(template.len(), 16);
        object.set(&template).unwrap();
    });
    assert_eq!(counted, 0);
}

#[test]
fn dates_and_small_big_integers_allocate_nothing() {
    let mock = Mock::start();
    let session = silent_session(&mock);
    let object: Data = session.create(&Template::new()).unwrap();
    let day = Date { year: 2026, month: 1, day: 31 };
    let date = allocations(|| {
        object.set(&Template::new().with(attr::START_DATE, day)).unwrap();
    });
    let exponent = allocations(|| {
        object.set(&Template::new().with(attr::PUBLIC_EXPONENT, 65537_u64)).unwrap();
    });
    assert_eq!((date, exponent), (0, 0));
}
