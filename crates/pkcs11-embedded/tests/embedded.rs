//! The embedded token as a program starts it.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pkcs11_core::mechanism::{AesCbcPad, AesGcm, Ecdh1};
use pkcs11_core::{
    Capabilities, Curve, Data, ErrorKind, Function, KeyType, LoadOptions, MechanismType, SecretKey,
    Session, Template, Token, TokenFlags, TokenObject, attr,
};
use pkcs11_embedded::{Embedded, StartError, Store, entry_points};

/// kryoptic is one instance per process: one test at a time, and each drops its handles before
/// it lets the next one in.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn login(token: &Token) -> Session {
    token.open().user_pin("1234").start().unwrap()
}

fn aes_key(session: &Session) -> SecretKey {
    session
        .generate_key(KeyType::AES)
        .bits(256)
        .label("kept")
        .store(true)
        .capabilities(Capabilities::ENCRYPT | Capabilities::DECRYPT)
        .create_with(MechanismType::AES_KEY_GEN)
        .unwrap()
}

/// How many keys there are; of other objects kryoptic has one for each mechanism.
fn keys(token: &Token) -> usize {
    login(token).find::<SecretKey>().all().unwrap().len()
}

/// A file that holds the token DEMO with one key, closed again.
fn file_with_a_key(path: &Path) {
    let token = Embedded::file(path).start().unwrap();
    aes_key(&login(&token));
}

#[test]
fn one_call_to_a_token_in_memory() {
    let _alone = alone();
    let token = Embedded::memory().start().unwrap();
    let info = token.info().unwrap();
    assert_eq!(info.label, "DEMO");
    assert!(
        info.flags.contains(TokenFlags::TOKEN_INITIALIZED | TokenFlags::USER_PIN_INITIALIZED),
        "{:?}",
        info.flags
    );
    let error = token.open().user_pin("4321").start().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::PinIncorrect), "{error}");

    let session = login(&token);
    let key = aes_key(&session);
    let iv = session.random().unwrap();
    let ciphertext = key.encrypt(AesCbcPad::new(&iv), b"INPUT DATA").unwrap();
    assert_eq!(key.decrypt(AesCbcPad::new(&iv), &ciphertext).unwrap(), b"INPUT DATA");
    let nonce = session.random::<12>().unwrap();
    let sealed = key.encrypt(AesGcm::new(&nonce).aad(b"v1"), b"INPUT DATA").unwrap();
    assert_eq!(key.decrypt(AesGcm::new(&nonce).aad(b"v1"), &sealed).unwrap(), b"INPUT DATA");
    assert!(key.decrypt(AesGcm::new(&nonce).aad(b"v2"), &sealed).is_err());
}

#[test]
fn keys_of_a_curve_sign_and_agree() {
    let _alone = alone();
    let token = Embedded::memory().start().unwrap();
    let session = login(&token);
    let pair = || {
        session
            .generate_key_pair(Curve::P256)
            .capabilities(Capabilities::SIGN | Capabilities::VERIFY | Capabilities::DERIVE)
            .create_with(MechanismType::EC_KEY_PAIR_GEN)
            .unwrap()
    };
    let (public, private) = pair();
    let signature = private.sign(MechanismType::ECDSA_SHA256, b"message").unwrap();
    assert_eq!(signature.len(), 64);
    public.verify(MechanismType::ECDSA_SHA256, b"message", &signature).unwrap();
    let error = public.verify(MechanismType::ECDSA_SHA256, b"massage", &signature).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::SignatureInvalid), "{error}");

    let (their_public, their_private) = pair();
    let secret = |private: &pkcs11_core::PrivateKey, public: &pkcs11_core::PublicKey| {
        let point = public.ec_point().unwrap();
        let key = private
            .derive_key(Ecdh1::new(&point), KeyType::GENERIC_SECRET)
            .bits(256)
            .with(attr::SENSITIVE, false)
            .with(attr::EXTRACTABLE, true)
            .create()
            .unwrap();
        key.get(attr::VALUE).unwrap()
    };
    assert_eq!(secret(&private, &their_public), secret(&their_private, &public));
}

#[test]
fn a_token_in_memory_goes_with_its_last_handle() {
    let _alone = alone();
    let token = Embedded::memory().start().unwrap();
    let key = aes_key(&login(&token));
    drop(token);
    // The key alone keeps the module.
    assert_eq!(key.get(attr::LABEL).unwrap(), "kept");
    drop(key);
    let token = Embedded::memory().label("NEXT").start().unwrap();
    assert_eq!(token.info().unwrap().label, "NEXT");
    assert_eq!(keys(&token), 0);
}

#[test]
fn a_token_in_a_file_survives_a_restart() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("token.db");
    file_with_a_key(&path);
    let ciphertext = {
        let token = Embedded::file(&path).start().unwrap();
        let session = login(&token);
        let key = session.find::<SecretKey>().label("kept").one().unwrap();
        key.encrypt(AesCbcPad::new(&[7; 16]), b"INPUT DATA").unwrap()
    };
    // The PINs of a token that is there are its own.
    let token = Embedded::file(&path).so_pin("87654321").user_pin("4321").start().unwrap();
    let session = login(&token);
    let key = session.find::<SecretKey>().label("kept").one().unwrap();
    assert_eq!(key.decrypt(AesCbcPad::new(&[7; 16]), &ciphertext).unwrap(), b"INPUT DATA");
}

#[test]
fn another_label_is_refused_and_nothing_wiped() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("token.db");
    file_with_a_key(&path);
    let error = Embedded::file(&path).label("OTHER").start().unwrap_err();
    let StartError::OtherLabel { found, wanted } = &error else { panic!("{error}") };
    assert_eq!((found.as_str(), wanted.as_str()), ("DEMO", "OTHER"));
    let token = Embedded::file(&path).start().unwrap();
    assert_eq!(keys(&token), 1);
}

#[test]
fn a_second_start_joins() {
    let _alone = alone();
    let first = Embedded::memory().start().unwrap();
    aes_key(&login(&first));
    let second = Embedded::memory().start().unwrap();
    assert_eq!(first, second);
    drop(first);
    assert_eq!(keys(&second), 1);

    let error = Embedded::memory().label("OTHER").start().unwrap_err();
    assert!(matches!(error, StartError::OtherLabel { .. }), "{error}");
    assert_eq!(keys(&second), 1);
}

#[test]
fn starts_at_once_give_one_token() {
    let _alone = alone();
    let tokens: Vec<Token> = std::thread::scope(|scope| {
        let starts: Vec<_> =
            (0..8).map(|_| scope.spawn(|| Embedded::memory().start().unwrap())).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    let session = login(&tokens[0]);
    aes_key(&session);
    assert!(tokens.iter().all(|token| keys(token) == 1));
}

#[test]
fn another_store_is_refused_while_one_runs() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("token.db");
    let token = Embedded::memory().start().unwrap();
    let error = Embedded::file(&path).start().unwrap_err();
    assert!(matches!(error, StartError::OtherStore), "{error}");
    let other = LoadOptions::new().no_threads(true);
    let error = Embedded::memory().load_options(other).start().unwrap_err();
    assert!(matches!(error, StartError::OtherStore), "{error}");
    assert_eq!(keys(&token), 0);
    drop(token);
    Embedded::file(&path).start().unwrap();
}

#[test]
fn a_broken_file_is_refused_and_the_next_start_succeeds() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("broken");
    // The start of a database, and nothing after it.
    std::fs::write(&path, b"SQLite format 3\0broken").unwrap();
    for _ in 0..2 {
        let error = Embedded::file(&path).start().unwrap_err();
        let StartError::Token(error) = error else { panic!("{error}") };
        assert_eq!(error.function(), Some(Function::Initialize), "{error}");
    }
    Embedded::memory().start().unwrap();

    std::fs::write(&path, b"my notes").unwrap();
    let error = Embedded::file(&path).start().unwrap_err();
    assert!(matches!(&error, StartError::Store { path: named, .. } if *named == path), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"my notes");
}

#[test]
fn a_start_that_was_cut_short_is_finished() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("token.db");
    {
        let store = Store::file(&path).unwrap();
        let options = LoadOptions::new().reserved(store.reserved().to_bytes()).unwrap();
        #[allow(unsafe_code, reason = "a module is entered")]
        // SAFETY: the entry points are the embedded token's.
        let module = unsafe { options.load_entry_points(entry_points()) }.unwrap();
        module.slots().unwrap()[0].init_token("12345678", "DEMO").unwrap();
    }
    let error = Embedded::file(&path).so_pin("87654321").start().unwrap_err();
    let StartError::Token(error) = error else { panic!("{error}") };
    assert!(matches!(error.kind(), ErrorKind::PinIncorrect), "{error}");
    let token = Embedded::file(&path).start().unwrap();
    assert_eq!(keys(&token), 0);
}

#[test]
fn a_label_that_is_too_long_is_refused() {
    let _alone = alone();
    let error = Embedded::memory().label("x".repeat(33)).start().unwrap_err();
    let StartError::Token(error) = error else { panic!("{error}") };
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");
    let token = Embedded::memory().label("x".repeat(32)).start().unwrap();
    let note = Template::new().with(attr::LABEL, "note");
    login(&token).create::<Data>(&note).unwrap();
}
