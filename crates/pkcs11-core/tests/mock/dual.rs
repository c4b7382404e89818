//! A cipher and a digest, signature or verification of the plaintext, fed by one call.

use pkcs11_core::mechanism::{AesCbc, AesCbcPad, AesCtr};
use pkcs11_core::sys::{CKR_BUFFER_TOO_SMALL, CKR_DEVICE_ERROR};
use pkcs11_core::{ErrorKind, Function, Hash, Mechanism, MechanismType, SecretKey, Session};
use pkcs11_mock::{Lie, Mock, USER_PIN, Version};
use rstest::rstest;

use crate::support::{aes_key, failure, hmac_key, leave_a_digest_behind, open, open_on, token};

const HASH: MechanismType = MechanismType::SHA256;
const MAC: MechanismType = MechanismType::SHA256_HMAC;

fn cbc() -> AesCbcPad<'static> {
    AesCbcPad::new(&[3; 16])
}

fn tools(mock: &Mock) -> (Session, SecretKey, SecretKey) {
    mock.two_operations();
    let session = open(mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    mock.reset_counts();
    (session, aes, hmac)
}

fn assert_free(mock: &Mock, session: &Session, aes: &SecretKey, hmac: &SecretKey) {
    mock.reset_counts();
    session.digest(HASH, b"abc").unwrap();
    hmac.sign(MAC, b"abc").unwrap();
    aes.encrypt(cbc(), b"abc").unwrap();
    assert_eq!(mock.total(), 6, "{:?}", mock.counts());
}

#[rstest]
fn parts_of_all_lengths_give_what_two_calls_do(
    #[values(&[][..], &[0], &[1], &[16], &[5, 11], &[7, 30, 3], &[100, 1, 64])] parts: &[usize],
) {
    let mock = Mock::start();
    let (session, aes, hmac) = tools(&mock);
    let plaintext: Vec<u8> = (0..=255).take(parts.iter().sum()).collect();
    let ciphertext = aes.encrypt(cbc(), &plaintext).unwrap();
    let digest = session.digest(HASH, &plaintext).unwrap();
    let mac = hmac.sign(MAC, &plaintext).unwrap();

    let mut rest = &plaintext[..];
    let mut stream = aes.digest_encryptor(cbc(), HASH).unwrap();
    let mut made = Vec::new();
    for &length in parts {
        let (part, later) = rest.split_at(length);
        made.extend_from_slice(&stream.update(part).unwrap());
        rest = later;
    }
    let (last, found) = stream.finish().unwrap();
    assert_eq!(([made, last.to_vec()].concat(), found), (ciphertext.clone(), digest.clone()));

    let mut stream = aes.sign_encryptor(cbc(), &hmac, MAC).unwrap();
    let mut made = stream.update(&plaintext).unwrap().to_vec();
    let (last, found) = stream.finish().unwrap();
    made.extend_from_slice(&last);
    assert_eq!((made, found), (ciphertext.clone(), mac.clone()));

    for size in [1, 7, 16, 50] {
        let mut digester = aes.decrypt_digester(cbc(), HASH).unwrap();
        let mut made = Vec::new();
        for part in ciphertext.chunks(size) {
            made.extend_from_slice(&digester.update(part).unwrap());
        }
        let (last, found) = digester.finish().unwrap();
        made.extend_from_slice(&last);
        assert_eq!((made, found), (plaintext.clone(), digest.clone()), "{size}");

        let mut verifier = aes.decrypt_verifier(cbc(), &hmac, MAC).unwrap();
        let mut made = Vec::new();
        for part in ciphertext.chunks(size) {
            made.extend_from_slice(&verifier.update(part).unwrap());
        }
        made.extend_from_slice(&verifier.finish(&mac).unwrap());
        assert_eq!(made, plaintext, "{size}");
    }
    assert_free(&mock, &session, &aes, &hmac);
}

#[test]
fn a_part_is_one_call() {
    let mock = Mock::start();
    let (session, aes, hmac) = tools(&mock);
    let mut stream = aes.digest_encryptor(cbc(), HASH).unwrap();
    let mut ciphertext = Vec::new();
    for _ in 0..10 {
        ciphertext.extend_from_slice(&stream.update(&[7; 64]).unwrap());
    }
    assert!(stream.update(&[7; 5]).unwrap().is_empty());
    ciphertext.extend_from_slice(&stream.finish().unwrap().0);
    assert_eq!(
        mock.counts(),
        [
            ("C_EncryptInit", 1),
            ("C_EncryptFinal", 1),
            ("C_DigestInit", 1),
            ("C_DigestFinal", 1),
            ("C_DigestEncryptUpdate", 11)
        ]
    );
    mock.reset_counts();
    let mut stream = aes.decrypt_digester(cbc(), HASH).unwrap();
    for part in ciphertext.chunks(64) {
        stream.update(part).unwrap();
    }
    stream.finish().unwrap();
    // The end of the plaintext comes with C_DecryptFinal, and reaches the digest by itself.
    assert_eq!(
        mock.counts(),
        [
            ("C_DecryptInit", 1),
            ("C_DecryptFinal", 1),
            ("C_DigestInit", 1),
            ("C_DigestUpdate", 1),
            ("C_DigestFinal", 1),
            ("C_DecryptDigestUpdate", 11)
        ]
    );
    // The last part of a block goes to both in one more call.
    mock.reset_counts();
    let mut stream = aes.sign_encryptor(cbc(), &hmac, MAC).unwrap();
    stream.update(&[1; 5]).unwrap();
    assert_eq!(mock.calls("C_SignEncryptUpdate"), 0);
    stream.finish().unwrap();
    assert_eq!(mock.calls("C_SignEncryptUpdate"), 1);
    let mut room = [0; 64 + pkcs11_core::stream::DigestCipher::MARGIN];
    let mut stream = aes.digest_encryptor(AesCtr::new([0; 16]), HASH).unwrap();
    assert_eq!(stream.update_into(&[1; 64], &mut room).unwrap(), 64);
    failure!(stream.update_into(&[1; 64], &mut room[..64]), ErrorKind::BufferTooSmall);
    assert_eq!(stream.finish().unwrap().1, session.digest(HASH, &[1; 64]).unwrap());
}

#[rstest]
fn an_error_or_a_drop_cancels_both(
    #[values(Version::V2_40, Version::V3_2)] version: Version,
    #[values("C_SignEncryptUpdate", "C_EncryptFinal", "C_SignFinal", "drop")] where_: &str,
) {
    let mock = Mock::start();
    mock.version(version);
    let (session, aes, hmac) = tools(&mock);
    if where_ != "drop" {
        mock.lie_times(where_, 1, Lie::Code(CKR_DEVICE_ERROR));
    }
    let mut stream = aes.sign_encryptor(cbc(), &hmac, MAC).unwrap();
    let fed = stream.update(&[1; 64]);
    match where_ {
        "drop" => drop(stream),
        "C_SignEncryptUpdate" => {
            let error = failure!(fed, ErrorKind::Failed);
            assert_eq!(error.function(), Some(Function::SignEncryptUpdate));
            // Free while the stream is still there.
            assert_free(&mock, &session, &aes, &hmac);
            failure!(stream.update(b"abc"), ErrorKind::StreamFailed);
            failure!(stream.finish(), ErrorKind::StreamFailed);
        }
        _ => {
            let error = failure!(stream.finish(), ErrorKind::Failed);
            assert_eq!(error.function().unwrap().name(), where_);
        }
    }
    assert_free(&mock, &session, &aes, &hmac);
}

#[test]
fn an_init_that_fails_leaves_nothing_active() {
    let mock = Mock::start();
    let (session, aes, hmac) = tools(&mock);
    mock.lie_times("C_SignInit", 1, Lie::Code(CKR_DEVICE_ERROR));
    failure!(aes.sign_encryptor(cbc(), &hmac, MAC), ErrorKind::Failed);
    assert_free(&mock, &session, &aes, &hmac);
    // One of the second kind that was left behind is reset, and the first goes on.
    leave_a_digest_behind(&mock, session.handle());
    let stream = aes.digest_encryptor(cbc(), HASH).unwrap();
    assert_eq!(stream.finish().unwrap().1, session.digest(HASH, b"").unwrap());
    assert_free(&mock, &session, &aes, &hmac);
}

#[test]
fn a_wrong_signature_does_not_verify() {
    let mock = Mock::start();
    let (session, aes, hmac) = tools(&mock);
    let ciphertext = aes.encrypt(cbc(), b"plaintext").unwrap();
    let mut mac = hmac.sign(MAC, b"plaintext").unwrap();
    mac[0] ^= 1;
    for wrong in [&mac[..], &mac[1..]] {
        let mut stream = aes.decrypt_verifier(cbc(), &hmac, MAC).unwrap();
        stream.update(&ciphertext).unwrap();
        failure!(stream.finish(wrong), ErrorKind::SignatureInvalid);
        assert_free(&mock, &session, &aes, &hmac);
    }
    let mut stream = aes.decrypt_verifier(cbc(), &hmac, MAC).unwrap();
    stream.update(&ciphertext[1..]).unwrap();
    failure!(stream.finish(&mac), ErrorKind::Failed);
    assert_free(&mock, &session, &aes, &hmac);
}

#[test]
fn a_token_of_one_operation_says_so() {
    let mock = Mock::start();
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    let error = failure!(aes.digest_encryptor(cbc(), HASH), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::DigestEncryptUpdate));
    assert_free(&mock, &session, &aes, &hmac);
}

#[test]
fn a_module_without_the_function_is_asked_for_nothing() {
    let mock = Mock::start();
    mock.missing("C_DecryptVerifyUpdate");
    let (_, aes, hmac) = tools(&mock);
    let error = failure!(aes.decrypt_verifier(cbc(), &hmac, MAC), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::DecryptVerifyUpdate));
    assert_eq!(mock.total(), 0);
}

#[test]
fn a_module_that_wants_more_room_gets_it_once_for_the_same_part() {
    let mock = Mock::start();
    let (session, aes, _) = tools(&mock);
    mock.lie_times("C_DigestEncryptUpdate", 1, Lie::Code(CKR_BUFFER_TOO_SMALL));
    mock.lie_times("C_DigestFinal", 1, Lie::Code(CKR_BUFFER_TOO_SMALL));
    let mut stream = aes.digest_encryptor(AesCbc::new(&[0; 16]), HASH).unwrap();
    stream.update(&[9; 32]).unwrap();
    let digest = stream.finish().unwrap().1;
    assert_eq!(digest, session.digest(HASH, &[9; 32]).unwrap());
    assert_eq!((mock.calls("C_DigestEncryptUpdate"), mock.calls("C_DigestFinal")), (2, 2));
}

#[test]
fn what_cannot_be_fed_by_one_call_is_refused() {
    let mock = Mock::start();
    let (session, aes, hmac) = tools(&mock);
    let (_, rsa) = crate::support::rsa_pair(&session);
    failure!(aes.sign_encryptor(cbc(), &rsa, MechanismType::RSA_PKCS), ErrorKind::InvalidInput(_));
    let hashed = Mechanism::new(MechanismType::RSA_PKCS).prehashed_info(Hash::Sha256);
    failure!(aes.sign_encryptor(cbc(), &rsa, hashed), ErrorKind::InvalidInput(_));
    assert_free(&mock, &session, &aes, &hmac);
}

#[test]
fn both_are_one_hold_of_the_lock() {
    let mock = Mock::start();
    mock.two_operations();
    let token = token(&mock);
    let session = token.open().user_pin(USER_PIN).start().unwrap();
    let aes = aes_key(&session);
    let stream = aes.digest_encryptor(cbc(), HASH).unwrap();
    failure!(session.digest(HASH, b""), ErrorKind::OperationActive(Some(_)));
    stream.finish().unwrap();
    session.digest(HASH, b"").unwrap();
    drop(open_on(&mock, &token));
}
