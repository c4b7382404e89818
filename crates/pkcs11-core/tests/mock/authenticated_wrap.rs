//! Wrapping with data that is authenticated beside the key: what is called, and what a module may
//! answer.

use pkcs11_core::mechanism::{AesGcm, AesGcmMessage};
use pkcs11_core::sys::{CK_ULONG, CKR_BUFFER_TOO_SMALL, CKR_WRAPPED_KEY_INVALID};
use pkcs11_core::{
    ErrorKind, Function, Generator, KeyType, MechanismType, ReturnCode, SecretKey, Session,
    Template, TokenObject, attr,
};
use pkcs11_mock::{Lie, Mock, Version};
use rstest::rstest;

use crate::support::{MESSAGE, aes_key, failure, hmac_key, open};

const AAD: &[u8] = b"which key, and whose";

/// A key that may leave the token.
fn extractable(session: &Session) -> SecretKey {
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::GENERIC_SECRET)
        .with(attr::VALUE, &[5; 20])
        .with(attr::SENSITIVE, false)
        .with(attr::EXTRACTABLE, true);
    session.create(&template).unwrap()
}

/// A wrapped key with all that unwraps it.
struct Wrapped {
    wrapping: SecretKey,
    bytes: Vec<u8>,
    nonce: [u8; 12],
    tag: [u8; 16],
}

impl Wrapped {
    fn new(session: &Session) -> Self {
        let wrapping = aes_key(session);
        let (mut nonce, mut tag) = ([1; 12], [0; 16]);
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag).fixed_bits(32);
        let bytes = wrapping.wrap_key_authenticated(gcm, &extractable(session), AAD).unwrap();
        Self { wrapping, bytes, nonce, tag }
    }

    fn unwrap(&mut self, bytes: &[u8], aad: &[u8]) -> pkcs11_core::Result<Vec<u8>> {
        let gcm = AesGcmMessage::new(&mut self.nonce, &mut self.tag);
        let gcm = gcm.generator(Generator::NO_GENERATE);
        let key = self.wrapping.unwrap_key_authenticated(gcm, bytes, aad, KeyType::GENERIC_SECRET);
        let key = key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?;
        key.get(attr::VALUE)
    }
}

#[test]
fn a_key_goes_out_and_in_by_one_call_each() {
    let mock = Mock::start();
    let session = open(&mock);
    let mut wrapped = Wrapped::new(&session);
    assert_eq!(mock.calls("C_WrapKeyAuthenticated"), 1);
    assert_eq!(wrapped.bytes.len(), 20, "the tag is apart");
    assert_eq!(wrapped.nonce[..4], [1; 4], "the caller's part of the nonce");
    assert_ne!(wrapped.nonce[4..], [1; 8], "what the token made comes back");
    assert_ne!(wrapped.tag, [0; 16]);
    mock.reset_counts();
    let bytes = wrapped.bytes.clone();
    assert_eq!(wrapped.unwrap(&bytes, AAD).unwrap(), [5; 20]);
    assert_eq!(mock.calls("C_UnwrapKeyAuthenticated"), 1);
    assert_eq!(mock.calls("C_UnwrapKey"), 0);
}

#[test]
fn nothing_that_was_changed_is_unwrapped() {
    let mock = Mock::start();
    let session = open(&mock);
    let mut wrapped = Wrapped::new(&session);
    let whole = wrapped.bytes.clone();
    let mut changed = whole.clone();
    changed[7] ^= 1;
    let cases: [(&[u8], &[u8]); 5] = [
        (&changed, AAD),
        (&whole[..19], AAD),
        (&whole[1..], AAD),
        (&whole, b"another key, and whose"),
        (&whole, b""),
    ];
    for (bytes, aad) in cases {
        let error = wrapped.unwrap(bytes, aad).unwrap_err();
        assert_eq!(error.function(), Some(Function::UnwrapKeyAuthenticated));
        assert_eq!(error.mechanism(), Some(MechanismType::AES_GCM));
        assert_eq!(error.return_code(), Some(ReturnCode::new(CKR_WRAPPED_KEY_INVALID)));
        // The session goes on.
        assert!(hmac_key(&session).sign(MechanismType::SHA256_HMAC, MESSAGE).is_ok());
    }
    wrapped.tag[0] ^= 1;
    assert!(wrapped.unwrap(&whole, AAD).is_err());
    wrapped.tag[0] ^= 1;
    wrapped.nonce[0] ^= 1;
    assert!(wrapped.unwrap(&whole, AAD).is_err());
    wrapped.nonce[0] ^= 1;
    assert_eq!(wrapped.unwrap(&whole, AAD).unwrap(), [5; 20]);
    mock.reset_counts();
    failure!(wrapped.unwrap(&[], AAD), ErrorKind::InvalidInput(_));
    assert_eq!(mock.total(), 0);
}

#[test]
fn without_data_it_is_another_function_all_the_same() {
    let mock = Mock::start();
    let session = open(&mock);
    let (wrapping, key) = (aes_key(&session), extractable(&session));
    let (mut nonce, mut tag) = ([1; 12], [0; 16]);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    let wrapped = wrapping.wrap_key_authenticated(gcm, &key, b"").unwrap();
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag).generator(Generator::NO_GENERATE);
    let again = wrapping.unwrap_key_authenticated(gcm, &wrapped, b"", KeyType::EC);
    assert!(again.create_private().is_ok());
    assert_eq!(mock.calls("C_WrapKeyAuthenticated"), 1);
    assert_eq!(mock.calls("C_UnwrapKeyAuthenticated"), 1);
}

#[test]
fn older_modules_do_not_have_it() {
    for version in [Version::V2_40, Version::V3_0] {
        let mock = Mock::start();
        mock.version(version);
        let session = open(&mock);
        let (wrapping, key) = (aes_key(&session), extractable(&session));
        let (mut nonce, mut tag) = ([0; 12], [0; 16]);
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
        let wrapped = wrapping.wrap_key_authenticated(gcm, &key, AAD);
        let error = failure!(wrapped, ErrorKind::FunctionNotSupported);
        assert_eq!(error.function(), Some(Function::WrapKeyAuthenticated));
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
        let key = wrapping.unwrap_key_authenticated(gcm, &[1; 20], AAD, KeyType::AES).create();
        let error = failure!(key, ErrorKind::FunctionNotSupported);
        assert_eq!(error.function(), Some(Function::UnwrapKeyAuthenticated));
    }
}

#[rstest]
#[case::most(CK_ULONG::MAX)]
#[case::negative(CK_ULONG::MAX >> 1)]
#[case::more_than_the_room(1 << 20)]
#[case::nothing(0)]
fn lengths_are_not_believed(#[case] length: CK_ULONG) {
    let mock = Mock::start();
    let session = open(&mock);
    let (wrapping, key) = (aes_key(&session), extractable(&session));
    mock.lie("C_WrapKeyAuthenticated", Lie::Length(length));
    let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    let wrapped = wrapping.wrap_key_authenticated(gcm, &key, AAD);
    let error = failure!(wrapped, ErrorKind::Misbehaved(_));
    assert_eq!(error.function(), Some(Function::WrapKeyAuthenticated));
}

#[test]
fn what_a_module_does_not_do_is_noticed() {
    let mock = Mock::start();
    let session = open(&mock);
    let mut wrapped = Wrapped::new(&session);
    let key = extractable(&session);
    let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    mock.lie("C_WrapKeyAuthenticated", Lie::Silent);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    let silent = wrapped.wrapping.wrap_key_authenticated(gcm, &key, AAD);
    failure!(silent, ErrorKind::Misbehaved(_));
    mock.truth("C_WrapKeyAuthenticated");
    mock.reset_counts();
    mock.lie_times("C_WrapKeyAuthenticated", 1, Lie::Code(CKR_BUFFER_TOO_SMALL));
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    assert!(wrapped.wrapping.wrap_key_authenticated(gcm, &key, AAD).is_ok());
    assert_eq!(mock.calls("C_WrapKeyAuthenticated"), 2);
    let bytes = wrapped.bytes.clone();
    for lie in [Lie::Silent, Lie::Handle(0)] {
        mock.lie("C_UnwrapKeyAuthenticated", lie);
        failure!(wrapped.unwrap(&bytes, AAD), ErrorKind::Misbehaved(_));
    }
}

/// Their structs have one size and pointers in other places, so a module would follow lengths.
#[test]
fn no_function_gets_the_parameter_of_another() {
    let mock = Mock::start();
    let session = open(&mock);
    let (wrapping, key) = (aes_key(&session), extractable(&session));
    mock.reset_counts();
    let wrapped = wrapping.wrap_key_authenticated(AesGcm::new(&[1; 12]), &key, AAD);
    let error = failure!(wrapped, ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), Some(Function::WrapKeyAuthenticated));
    let gcm = AesGcm::new(&[1; 12]);
    let unwrapped = wrapping.unwrap_key_authenticated(gcm, &[1; 20], AAD, KeyType::AES).create();
    failure!(unwrapped, ErrorKind::InvalidInput(_));
    let (mut nonce, mut tag) = ([1; 12], [0; 16]);
    let encrypted = wrapping.encrypt(AesGcmMessage::new(&mut nonce, &mut tag), MESSAGE);
    let error = failure!(encrypted, ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), Some(Function::EncryptInit));
    let wrapped = wrapping.wrap_key(AesGcmMessage::new(&mut nonce, &mut tag), &key);
    failure!(wrapped, ErrorKind::InvalidInput(_));
    assert_eq!(mock.total(), 0);
}
