//! What ends messages, and what is made of a module that lies about them.

use pkcs11_core::mechanism::{AesGcm, AesGcmMessage};
use pkcs11_core::sys::{CKR_BUFFER_TOO_SMALL, CKR_DEVICE_ERROR, CKR_OPERATION_CANCEL_FAILED};
use pkcs11_core::{ErrorKind, Function, Result, SecretKey};
use pkcs11_mock::{Lie, Mock, Version};
use rstest::rstest;

use super::{GCM, HASH, MAC, OURS, assert_free};
use crate::support::{aes_key, failure, hmac_key, leave_a_digest_behind, open, open_on, token};

/// Uses messages until this function is called.
fn run(aes: &SecretKey, hmac: &SecretKey, function: &str) -> Result<()> {
    let (mut nonce, mut tag) = ([5; 12], [0; 16]);
    let mut ciphertext = aes.encrypt(AesGcm::new(&nonce), b"abc")?;
    tag.copy_from_slice(&ciphertext.split_off(3));
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag).generator(OURS);
    match function {
        "C_EncryptMessage" => aes.message_encryptor(GCM)?.encrypt(gcm, b"", b"abc").map(drop),
        "C_DecryptMessage" => aes.message_decryptor(GCM)?.decrypt(gcm, b"", &ciphertext).map(drop),
        "C_EncryptMessageBegin" | "C_EncryptMessageNext" => {
            let mut encryptor = aes.message_encryptor(GCM)?;
            let mut message = encryptor.begin(gcm, b"")?;
            message.update(b"abc")?;
            message.finish().map(drop)
        }
        "C_DecryptMessageBegin" | "C_DecryptMessageNext" => {
            let mut decryptor = aes.message_decryptor(GCM)?;
            let mut message = decryptor.begin(gcm, b"")?;
            message.update(&ciphertext)?;
            message.finish().map(drop)
        }
        "C_SignMessage" => hmac.message_signer(MAC)?.sign(b"abc").map(drop),
        "C_VerifyMessage" => hmac.message_verifier(MAC)?.verify(b"abc", &[0; 32]),
        "C_SignMessageBegin" | "C_SignMessageNext" => {
            let mut signer = hmac.message_signer(MAC)?;
            let mut message = signer.begin()?;
            message.update(b"abc")?;
            message.finish().map(drop)
        }
        "C_VerifyMessageBegin" | "C_VerifyMessageNext" => {
            let mut verifier = hmac.message_verifier(MAC)?;
            let mut message = verifier.begin()?;
            message.update(b"abc")?;
            message.finish(&[0; 32])
        }
        "C_MessageEncryptFinal" => aes.message_encryptor(GCM)?.finish(),
        "C_MessageDecryptFinal" => aes.message_decryptor(GCM)?.finish(),
        "C_MessageSignFinal" => hmac.message_signer(MAC)?.finish(),
        _ => hmac.message_verifier(MAC)?.finish(),
    }
}

#[rstest]
fn an_error_of_any_function_cancels(
    #[values("Encrypt", "Decrypt", "Sign", "Verify")] kind: &str,
    #[values("C_{}Message", "C_{}MessageBegin", "C_{}MessageNext", "C_Message{}Final")] name: &str,
) {
    let mock = Mock::start();
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    let function = name.replace("{}", kind);
    // A message in parts has two calls; the others have one.
    for good in 0..=u64::from(name.ends_with("Next")) {
        mock.reset_counts();
        mock.lie_times(&function, good, Lie::Truth);
        mock.lie_times(&function, 1, Lie::Code(CKR_DEVICE_ERROR));
        let error = failure!(run(&aes, &hmac, &function), ErrorKind::Failed);
        assert_eq!(error.function().map(Function::name), Some(&*function));
        assert!(error.mechanism().is_some());
        assert_eq!(mock.calls(&function), good + 1);
        assert_eq!(mock.calls("C_SessionCancel"), 1);
        assert_free(&session);
    }
}

#[test]
fn after_an_error_no_call_is_made() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    let mut encryptor = aes.message_encryptor(GCM).unwrap();
    let (mut nonce, mut tag) = ([5; 12], [0; 16]);
    mock.lie_times("C_EncryptMessage", 1, Lie::Code(CKR_DEVICE_ERROR));
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    failure!(encryptor.encrypt(gcm, b"", b"abc"), ErrorKind::Failed);
    assert_free(&session);
    mock.reset_counts();
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    let error = failure!(encryptor.encrypt(gcm, b"", b"abc"), ErrorKind::StreamFailed);
    assert_eq!(error.function(), Some(Function::EncryptMessage));
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    failure!(encryptor.begin(gcm, b""), ErrorKind::StreamFailed);
    failure!(encryptor.finish(), ErrorKind::StreamFailed);
    assert_eq!(mock.total(), 0);
}

#[rstest]
fn dropped_unfinished_they_are_cancelled(
    #[values(Version::V3_0, Version::V3_2)] version: Version,
    #[values(true, false)] cancels: bool,
) {
    let mock = Mock::start();
    mock.version(version);
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    if !cancels {
        mock.lie("C_SessionCancel", Lie::Code(CKR_OPERATION_CANCEL_FAILED));
    }
    mock.reset_counts();
    drop(aes.message_encryptor(GCM).unwrap());
    drop(aes.message_decryptor(GCM).unwrap());
    drop(hmac.message_signer(MAC).unwrap());
    drop(hmac.message_verifier(MAC).unwrap());
    let finals = ["Encrypt", "Decrypt", "Sign", "Verify"]
        .map(|kind| mock.calls(&format!("C_Message{kind}Final")));
    assert_eq!(finals, [u64::from(!cancels); 4]);
    assert_eq!(mock.calls("C_SessionCancel"), 4);
    // So are those with a message that has not ended.
    let (mut nonce, mut tag) = ([5; 12], [0; 16]);
    let mut encryptor = aes.message_encryptor(GCM).unwrap();
    let mut message = encryptor.begin(AesGcmMessage::new(&mut nonce, &mut tag), b"").unwrap();
    message.update(b"abc").unwrap();
    drop(message);
    assert_free(&session);
    assert_eq!(tag, [0; 16], "no tag for what was given up");
    failure!(encryptor.finish(), ErrorKind::StreamFailed);
    let mut signer = hmac.message_signer(MAC).unwrap();
    drop(signer.begin().unwrap());
    failure!(signer.sign(b"abc"), ErrorKind::StreamFailed);
    assert_free(&session);
}

#[test]
fn a_message_that_is_forgotten_is_found() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    let (mut nonce, mut tag) = ([5; 12], [0; 16]);
    let mut encryptor = aes.message_encryptor(GCM).unwrap();
    let message = encryptor.begin(AesGcmMessage::new(&mut nonce, &mut tag), b"").unwrap();
    std::mem::forget(message);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    failure!(encryptor.encrypt(gcm, b"", b"abc"), ErrorKind::StreamFailed);
    assert_eq!(mock.calls("C_EncryptMessage"), 0);
    assert_free(&session);
}

#[test]
fn a_module_of_2_40_is_not_asked() {
    let mock = Mock::start();
    mock.version(Version::V2_40);
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    mock.reset_counts();
    let refused = |function, answer: Result<()>| {
        let error = failure!(answer, ErrorKind::FunctionNotSupported);
        assert_eq!((error.function(), error.return_code()), (Some(function), None));
    };
    refused(Function::MessageEncryptInit, aes.message_encryptor(GCM).map(drop));
    refused(Function::MessageDecryptInit, aes.message_decryptor(GCM).map(drop));
    refused(Function::MessageSignInit, hmac.message_signer(MAC).map(drop));
    refused(Function::MessageVerifyInit, hmac.message_verifier(MAC).map(drop));
    let (mut nonce, mut tag) = ([5; 12], [0; 16]);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    refused(Function::MessageEncryptInit, aes.encrypt_message(gcm, b"", b"abc").map(drop));
    assert_eq!(mock.total(), 0);
    assert_free(&session);
}

#[rstest]
#[case("C_MessageEncryptInit", Function::MessageEncryptInit)]
#[case("C_EncryptMessage", Function::EncryptMessage)]
#[case("C_MessageEncryptFinal", Function::MessageEncryptFinal)]
fn a_module_that_lacks_one_of_them_is_not_asked(#[case] name: &str, #[case] function: Function) {
    let mock = Mock::start();
    mock.missing(name);
    let session = open(&mock);
    let aes = aes_key(&session);
    mock.reset_counts();
    let error = failure!(aes.message_encryptor(GCM), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(function));
    assert_eq!(mock.total(), 0);
    assert_free(&session);
}

#[rstest]
#[case("C_EncryptMessageBegin", Function::EncryptMessageBegin)]
#[case("C_EncryptMessageNext", Function::EncryptMessageNext)]
fn a_module_without_parts_has_whole_messages(#[case] name: &str, #[case] function: Function) {
    let mock = Mock::start();
    mock.missing(name);
    let session = open(&mock);
    let aes = aes_key(&session);
    let mut encryptor = aes.message_encryptor(GCM).unwrap();
    let (mut nonce, mut tag) = ([5; 12], [0; 16]);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    let error = failure!(encryptor.begin(gcm, b""), ErrorKind::FunctionNotSupported);
    assert_eq!((error.function(), error.mechanism()), (Some(function), Some(GCM)));
    assert_eq!(mock.calls("C_EncryptMessageBegin"), 0);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    encryptor.encrypt(gcm, b"", b"abc").unwrap();
    encryptor.finish().unwrap();
}

#[rstest]
fn lengths_that_cannot_be_are_refused(
    #[values(
        "C_EncryptMessage",
        "C_EncryptMessageNext",
        "C_DecryptMessage",
        "C_DecryptMessageNext",
        "C_SignMessage",
        "C_SignMessageNext"
    )]
    function: &str,
    #[values(Lie::Length(1 << 20), Lie::Silent, Lie::LengthBy(1), Lie::LengthBy(-1))] lie: Lie,
) {
    let mock = Mock::start();
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    // Of the two calls with a part, the last gives the signature, or what was held back.
    if ["C_SignMessageNext", "C_DecryptMessageNext"].contains(&function) {
        mock.lie_times(function, 1, Lie::Truth);
    }
    mock.lie_times(function, 1, lie);
    let error = failure!(run(&aes, &hmac, function), ErrorKind::Misbehaved(_));
    assert_eq!(error.function().map(Function::name), Some(function));
    assert_eq!(mock.calls("C_SessionCancel"), 1);
    assert_free(&session);
}

#[rstest]
fn a_module_that_wants_more_room_gets_it_for_the_same_message(
    #[values(
        "C_EncryptMessage",
        "C_EncryptMessageNext",
        "C_DecryptMessage",
        "C_DecryptMessageNext",
        "C_SignMessage"
    )]
    function: &str,
) {
    let mock = Mock::start();
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    for good in [0, 1] {
        mock.lie_times(function, good, Lie::Truth);
        mock.lie_times(function, 1, Lie::TooSmall(5000));
        run(&aes, &hmac, function).unwrap();
        mock.truth(function);
    }
    mock.lie(function, Lie::Code(CKR_BUFFER_TOO_SMALL));
    failure!(run(&aes, &hmac, function), ErrorKind::Misbehaved(_));
    assert_free(&session);
}

#[test]
fn they_hold_the_lock_and_are_left_alone_when_the_token_goes() {
    let mock = Mock::start();
    let token = token(&mock);
    let session = open_on(&mock, &token);
    let aes = aes_key(&session);
    let mut encryptor = aes.message_encryptor(GCM).unwrap();
    mock.reset_counts();
    let error = failure!(session.digest(HASH, b"abc"), ErrorKind::OperationActive(Some(_)));
    assert!(error.to_string().contains("encryption of messages with CKM_AES_GCM"), "{error}");
    assert_eq!(mock.total(), 0);
    mock.lie_times("C_EncryptMessage", 1, Lie::Removed);
    let (mut nonce, mut tag) = ([5; 12], [0; 16]);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    failure!(encryptor.encrypt(gcm, b"", b"abc"), ErrorKind::TokenGone);
    mock.reset_counts();
    drop(encryptor);
    assert_eq!(mock.total(), 0, "its handle may be another session's");
    mock.truth("C_EncryptMessage");
}

#[test]
fn what_was_left_behind_is_reset() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    leave_a_digest_behind(&mock, session.handle());
    aes.message_encryptor(GCM).unwrap().finish().unwrap();
    // And messages, before another operation.
    mock.lie_times("C_MessageEncryptInit", 1, Lie::CodeAfter(CKR_DEVICE_ERROR));
    failure!(aes.message_encryptor(GCM), ErrorKind::Failed);
    assert_free(&session);
}
