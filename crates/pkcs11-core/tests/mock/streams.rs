//! Streams: how many C calls they take, and what is made of a module that lies in the middle.

use std::io::{Read, Write};
use std::time::Duration;

use pkcs11_core::mechanism::{AesCbcPad, AesCtr, AesGcm};
use pkcs11_core::stream::Cipher;
use pkcs11_core::sys::{
    CKR_BUFFER_TOO_SMALL, CKR_DEVICE_ERROR, CKR_KEY_INDIGESTIBLE, CKR_SIGNATURE_INVALID,
};
use pkcs11_core::{
    ErrorKind, Function, Hash, Mechanism, MechanismType, Result, SecretKey, Session,
};
use pkcs11_mock::{Lie, Mock, USER_PIN, Version};
use rstest::rstest;

use crate::support::{aes_key, failure, hmac_key, open, open_on, rsa_pair, token};

const MAC: MechanismType = MechanismType::SHA256_HMAC;
const HASH: MechanismType = MechanismType::SHA256;
const IV: &[u8; 16] = &[3; 16];

fn cbc() -> AesCbcPad<'static> {
    AesCbcPad::new(IV)
}

fn collect(stream: impl Iterator<Item = Result<bytes::Bytes>>) -> Result<Vec<u8>> {
    Ok(stream.collect::<Result<Vec<_>>>()?.concat())
}

fn assert_free(session: &Session) {
    session.digest(HASH, b"abc").unwrap();
}

#[test]
fn a_chunk_is_one_call() {
    let mock = Mock::start();
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    let chunks = [[7; 64]; 10];
    mock.reset_counts();
    let ciphertext = collect(aes.encrypt_stream(cbc(), chunks).unwrap()).unwrap();
    assert_eq!(
        mock.counts(),
        [("C_EncryptInit", 1), ("C_EncryptUpdate", 10), ("C_EncryptFinal", 1)]
    );
    mock.reset_counts();
    let plaintext = collect(aes.decrypt_stream(cbc(), ciphertext.chunks(64)).unwrap()).unwrap();
    assert_eq!(plaintext, chunks.concat());
    assert_eq!(
        mock.counts(),
        [("C_DecryptInit", 1), ("C_DecryptUpdate", 11), ("C_DecryptFinal", 1)]
    );
    mock.reset_counts();
    let mac = hmac.sign_stream(MAC, chunks).unwrap();
    assert_eq!(mock.counts(), [("C_SignInit", 1), ("C_SignUpdate", 10), ("C_SignFinal", 1)]);
    mock.reset_counts();
    hmac.verify_stream(MAC, chunks, &mac).unwrap();
    assert_eq!(mock.total(), 12);
    mock.reset_counts();
    let digest = session.digest_stream(HASH, chunks).unwrap();
    assert_eq!(mock.total(), 12);
    assert_eq!(digest, session.digest(HASH, &chunks.concat()).unwrap());
}

#[test]
fn empty_chunks_and_parts_of_blocks_are_no_calls() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    mock.reset_counts();
    let mut cipher = aes.encryptor(cbc()).unwrap();
    for part in [&[][..], &[1; 5], &[], &[2; 10]] {
        assert!(cipher.update(part).unwrap().is_empty());
    }
    assert_eq!(mock.calls("C_EncryptUpdate"), 0);
    cipher.update(&[3; 18]).unwrap();
    assert_eq!(mock.calls("C_EncryptUpdate"), 1);
    cipher.finish().unwrap();
    assert_eq!(mock.calls("C_EncryptUpdate"), 2);
    // A cipher that makes streams gets each byte at once.
    mock.reset_counts();
    let mut cipher = aes.encryptor(AesCtr::new(*IV)).unwrap();
    assert_eq!(cipher.update(&[1; 5]).unwrap().len(), 5);
    cipher.finish().unwrap();
    assert_eq!(mock.total(), 3);
}

#[test]
fn nothing_fed_is_one_shot() {
    let mock = Mock::start();
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    mock.reset_counts();
    assert_eq!(aes.encryptor(cbc()).unwrap().finish().unwrap().len(), 16);
    assert_eq!(mock.counts(), [("C_EncryptInit", 1), ("C_Encrypt", 1)]);
    let mac = hmac.signer(MAC).unwrap().finish().unwrap();
    hmac.verifier(MAC).unwrap().finish(&mac).unwrap();
    assert_eq!(mac, hmac.sign(MAC, b"").unwrap());
}

#[rstest]
#[cfg_attr(miri, ignore = "the same calls once more")]
fn an_error_cancels_and_ends_the_stream(
    #[values(Version::V2_40, Version::V3_2)] version: Version,
    #[values(0, 1, 3)] good: u64,
) {
    let mock = Mock::start();
    mock.version(version);
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    let lie = |function: &str| {
        mock.lie_times(function, good, Lie::Truth);
        mock.lie_times(function, 1, Lie::Code(CKR_DEVICE_ERROR));
    };
    lie("C_EncryptUpdate");
    let mut stream = aes.encrypt_stream(cbc(), [[7; 64]; 10]).unwrap();
    let items: Vec<_> = stream.by_ref().collect();
    assert_eq!(u64::try_from(items.len()).unwrap(), good + 1);
    let error = failure!(items.into_iter().last().unwrap(), ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::EncryptUpdate));
    assert_eq!(error.mechanism(), Some(MechanismType::AES_CBC_PAD));
    assert!(stream.next().is_none());
    assert_free(&session);

    lie("C_SignUpdate");
    let mut signer = hmac.signer(MAC).unwrap();
    for _ in 0..good {
        signer.update(b"abc").unwrap();
    }
    failure!(signer.update(b"abc"), ErrorKind::Failed);
    assert_free(&session);
    // It stays failed, and no call is made for it.
    mock.reset_counts();
    let error = failure!(signer.update(b"abc"), ErrorKind::StreamFailed);
    assert_eq!(error.function(), Some(Function::SignUpdate));
    failure!(signer.finish(), ErrorKind::StreamFailed);
    assert_eq!(mock.total(), 0);
    assert_free(&session);
}

#[rstest]
#[cfg_attr(miri, ignore = "the same calls once more")]
fn an_error_at_the_end_cancels(
    #[values("C_EncryptFinal", "C_SignFinal", "C_DigestFinal", "C_VerifyFinal")] function: &str,
) {
    let mock = Mock::start();
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    mock.lie_times(function, 1, Lie::Code(CKR_DEVICE_ERROR));
    let answer = match function {
        "C_EncryptFinal" => collect(aes.encrypt_stream(cbc(), [[7; 64]]).unwrap()).map(drop),
        "C_SignFinal" => hmac.sign_stream(MAC, [b"abc"]).map(drop),
        "C_DigestFinal" => session.digest_stream(HASH, [b"abc"]).map(drop),
        _ => hmac.verify_stream(MAC, [b"abc"], &[0; 32]),
    };
    let error = failure!(answer, ErrorKind::Failed);
    assert_eq!(error.function().map(Function::name), Some(function));
    assert_eq!(mock.calls("C_SessionCancel"), 1);
    assert_free(&session);
}

#[test]
fn a_module_that_wants_more_room_gets_it_for_the_same_part() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    let plaintext = [7; 640];
    let whole = aes.encrypt(cbc(), &plaintext).unwrap();
    mock.reset_counts();
    mock.lie_times("C_EncryptUpdate", 3, Lie::Truth);
    mock.lie_times("C_EncryptUpdate", 1, Lie::TooSmall(5000));
    let ciphertext = collect(aes.encrypt_stream(cbc(), plaintext.chunks(64)).unwrap()).unwrap();
    assert_eq!(ciphertext, whole);
    assert_eq!(mock.calls("C_EncryptUpdate"), 11);
    mock.lie_times("C_EncryptFinal", 1, Lie::TooSmall(5000));
    let ciphertext = collect(aes.encrypt_stream(cbc(), plaintext.chunks(64)).unwrap()).unwrap();
    assert_eq!(ciphertext, whole);
    // By hand into a buffer too.
    mock.lie_times("C_EncryptUpdate", 1, Lie::TooSmall(5000));
    let mut cipher = aes.encryptor(cbc()).unwrap();
    let mut buffer = [0; 640 + Cipher::MARGIN];
    let length = cipher.update_into(&plaintext, &mut buffer).unwrap();
    let end = cipher.finish_into(&mut buffer[length..]).unwrap();
    assert_eq!(buffer[..length + end], whole);
}

#[rstest]
#[cfg_attr(miri, ignore = "the same calls once more")]
fn a_module_that_no_room_is_enough_for_misbehaves(
    #[values("C_EncryptUpdate", "C_EncryptFinal", "C_SignFinal", "C_DigestFinal")] function: &str,
) {
    let mock = Mock::start();
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    mock.lie(function, Lie::Code(CKR_BUFFER_TOO_SMALL));
    let answer = match function {
        "C_SignFinal" => hmac.sign_stream(MAC, [b"abc"]).map(drop),
        "C_DigestFinal" => session.digest_stream(HASH, [b"abc"]).map(drop),
        _ => collect(aes.encrypt_stream(cbc(), [[7; 64]]).unwrap()).map(drop),
    };
    failure!(answer, ErrorKind::Misbehaved(_));
    assert_free(&session);
}

#[rstest]
#[cfg_attr(miri, ignore = "the same calls once more")]
fn lengths_that_cannot_be_are_refused(
    #[values("C_EncryptUpdate", "C_EncryptFinal", "C_SignFinal", "C_DigestFinal")] function: &str,
    #[values(Lie::Length(1 << 20), Lie::Silent, Lie::LengthBy(200))] lie: Lie,
) {
    let mock = Mock::start();
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    mock.lie_times(function, 1, lie);
    let answer = match function {
        "C_SignFinal" => hmac.sign_stream(MAC, [b"abc"]).map(drop),
        "C_DigestFinal" => session.digest_stream(HASH, [b"abc"]).map(drop),
        _ => collect(aes.encrypt_stream(cbc(), [[7; 64]]).unwrap()).map(drop),
    };
    failure!(answer, ErrorKind::Misbehaved(_));
    assert_free(&session);
}

#[test]
fn a_mac_of_another_length_is_not_shown_to_the_module() {
    let mock = Mock::start();
    let session = open(&mock);
    let hmac = hmac_key(&session);
    mock.reset_counts();
    failure!(hmac.verify_stream(MAC, [b"abc"], &[0; 31]), ErrorKind::SignatureInvalid);
    assert_eq!(mock.calls("C_VerifyFinal"), 0);
    assert_free(&session);
    mock.lie_times("C_VerifyFinal", 1, Lie::Code(CKR_SIGNATURE_INVALID));
    failure!(hmac.verify_stream(MAC, [b"abc"], &[0; 32]), ErrorKind::SignatureInvalid);
    assert_free(&session);
}

#[test]
fn the_context_pin_comes_between_init_and_data() {
    let mock = Mock::start();
    let session = open(&mock);
    let (public, private) = rsa_pair(&session);
    let private = private.with_context_pin(USER_PIN);
    mock.reset_counts();
    // The mock's keys ask for none.
    mock.lie_times("C_Login", 1, Lie::Silent);
    let hashed = || Mechanism::new(MechanismType::RSA_PKCS).prehashed_info(Hash::Sha256);
    let mut signer = private.signer(hashed()).unwrap();
    assert_eq!(mock.counts(), [("C_Login", 1), ("C_SignInit", 1)]);
    signer.update(b"ab").unwrap();
    signer.update(b"c").unwrap();
    let signature = signer.finish().unwrap();
    assert_eq!(mock.counts(), [("C_Login", 1), ("C_SignInit", 1), ("C_Sign", 1)]);
    public.verify_stream(hashed(), [b"abc"], &signature).unwrap();
    mock.lie_times("C_Login", 1, Lie::Code(CKR_DEVICE_ERROR));
    let error = failure!(private.signer(hashed()), ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::Login));
    assert_free(&session);
}

#[test]
fn a_key_that_cannot_be_digested_ends_the_digest() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = hmac_key(&session);
    mock.lie_times("C_DigestKey", 1, Lie::Code(CKR_KEY_INDIGESTIBLE));
    let mut digester = session.digester(HASH).unwrap();
    digester.update(b"abc").unwrap();
    let error = failure!(digester.update_key(&key), ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::DigestKey));
    assert_free(&session);
    failure!(digester.finish(), ErrorKind::StreamFailed);
}

#[test]
fn what_authenticates_gives_nothing_before_its_end() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    let gcm = || AesGcm::new(&[1; 12]).aad(b"header");
    let sealed = collect(aes.encrypt_stream(gcm(), [[7; 100]; 5]).unwrap()).unwrap();
    assert_eq!(sealed, aes.encrypt(gcm(), &[7; 500]).unwrap());
    let mut opened = Vec::new();
    let mut reader = aes.decrypt_reader(gcm(), &sealed[..]).unwrap();
    reader.read_to_end(&mut opened).unwrap();
    assert_eq!(opened, [7; 500]);
    let mut changed = sealed;
    changed[3] ^= 1;
    let items: Vec<_> = aes.decrypt_stream(gcm(), [&changed]).unwrap().collect();
    assert!(matches!(&items[..], [Err(_)]));
    assert_free(&session);
}

/// Keeps the texts of events of level error.
#[derive(Clone, Default)]
struct Errors(std::sync::Arc<std::sync::Mutex<Vec<String>>>);

impl tracing::Subscriber for Errors {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() == tracing::Level::ERROR
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        struct Text<'t>(&'t mut String);
        impl tracing::field::Visit for Text<'_> {
            fn record_debug(&mut self, _: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                *self.0 += &format!("{value:?} ");
            }
        }
        let mut text = String::new();
        event.record(&mut Text(&mut text));
        self.0.lock().unwrap().push(text);
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[test]
fn a_writer_dropped_unfinished_is_loud() {
    let errors = Errors::default();
    let heard = || errors.0.lock().unwrap().len();
    tracing::subscriber::with_default(errors.clone(), || {
        let mock = Mock::start();
        tracing::callsite::rebuild_interest_cache();
        let session = open(&mock);
        let aes = aes_key(&session);
        let mut writer = aes.encrypt_writer(cbc(), Vec::new()).unwrap();
        writer.write_all(b"abc").unwrap();
        writer.finish().unwrap();
        assert_eq!(heard(), 0, "finished");
        let mut writer = aes.encrypt_writer(cbc(), Vec::new()).unwrap();
        writer.write_all(b"abc").unwrap();
        drop(writer);
        assert_eq!(heard(), 1);
        assert!(errors.0.lock().unwrap()[0].contains("CKM_AES_CBC_PAD"));
        // An error has been told already.
        mock.lie_times("C_EncryptUpdate", 1, Lie::Code(CKR_DEVICE_ERROR));
        let mut writer = aes.encrypt_writer(cbc(), Vec::new()).unwrap();
        writer.write_all(&[0; 64]).unwrap_err();
        drop(writer);
        assert_eq!(heard(), 1);
        // So has a panic, whose unwinding drops it.
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _writer = aes.encrypt_writer(cbc(), Vec::new()).unwrap();
            panic!("of the program");
        }));
        assert!(panicked.is_err());
        assert_eq!(heard(), 1);
        assert_free(&session);
    });
}

#[test]
fn nobody_is_asked_while_this_thread_has_a_stream() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    let cipher = aes.encryptor(cbc()).unwrap();
    mock.reset_counts();
    failure!(session.digest(HASH, b"abc"), ErrorKind::OperationActive(Some(_)));
    failure!(aes.encryptor(cbc()), ErrorKind::OperationActive(Some(_)));
    failure!(session.clone().close(), ErrorKind::OperationActive(Some(_)));
    assert_eq!(mock.total(), 0);
    drop(cipher);
    assert_eq!(mock.counts(), [("C_SessionCancel", 1)]);
    assert_free(&session);
}

#[test]
fn a_try_asks_nobody() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    let trying = session.with_operation_timeout(Duration::ZERO);
    let cipher = aes.encryptor(cbc()).unwrap();
    mock.reset_counts();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            failure!(trying.digest(HASH, b"abc"), ErrorKind::OperationActive(Some(_)));
        });
    });
    assert_eq!(mock.total(), 0);
    drop(cipher);
}

#[test]
fn a_stream_whose_token_is_taken_out_is_left_alone() {
    let mock = Mock::start();
    let token = token(&mock);
    let session = open_on(&mock, &token);
    let aes: SecretKey = aes_key(&session);
    let mut cipher = aes.encryptor(cbc()).unwrap();
    mock.lie_times("C_EncryptUpdate", 1, Lie::Removed);
    let error = failure!(cipher.update(&[0; 64]), ErrorKind::TokenGone);
    assert!(error.is_session_lost());
    mock.reset_counts();
    failure!(cipher.update(&[0; 64]), ErrorKind::StreamFailed);
    drop(cipher);
    assert_eq!(mock.total(), 0, "its handle may be another session's");
    mock.truth("C_EncryptUpdate");
}
