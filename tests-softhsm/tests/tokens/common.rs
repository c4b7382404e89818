//! What several files of tests use.

use pkcs11::prelude::*;
use tests_softhsm::Outcome;

/// The session still works: a digest, a search and an encryption, each starting with its Init.
pub(crate) fn assert_usable(session: &Session) -> Outcome {
    assert_eq!(session.digest(MechanismType::SHA256, b"abc")?.len(), 32);
    session.find::<Data>().all()?;
    let key = aes_key(session)?;
    let ciphertext = key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    assert_eq!(key.decrypt(DEFAULT.iv(&[0; 16]), &ciphertext)?, b"abc");
    key.destroy()?;
    Ok(())
}

/// An AES key for the session.
pub(crate) fn aes_key(session: &Session) -> Result<SecretKey> {
    session.generate_key(KeyType::AES).bits(256).create()
}

/// A secret key of known value.
pub(crate) fn known_key(session: &Session, key_type: KeyType, value: &[u8]) -> Result<SecretKey> {
    let template = Template::new()
        .with(attr::KEY_TYPE, key_type)
        .with(attr::VALUE, value)
        .with(attr::ENCRYPT, true)
        .with(attr::DECRYPT, true)
        .with(attr::SIGN, true)
        .with(attr::VERIFY, true);
    session.create(&template)
}

/// A data object of the session.
pub(crate) fn data(session: &Session, label: &str, value: &[u8]) -> Result<Data> {
    session.create(&Template::new().with(attr::LABEL, label).with(attr::VALUE, value))
}

/// A secret key of known value to derive from, that what is derived of it may leave the token too.
pub(crate) fn base_key(session: &Session, key_type: KeyType, value: &[u8]) -> Result<SecretKey> {
    let template = Template::new()
        .with(attr::KEY_TYPE, key_type)
        .with(attr::VALUE, value)
        .with(attr::DERIVE, true)
        .with(attr::SENSITIVE, false)
        .with(attr::EXTRACTABLE, true);
    session.create(&template)
}

/// The value of the key that is derived.
pub(crate) fn derived<'a>(
    base: &'a SecretKey,
    mechanism: impl pkcs11::IntoMechanism<'a>,
    (key_type, bits): (KeyType, usize),
) -> Result<Vec<u8>> {
    let key = base.derive_key(mechanism, key_type).bits(bits);
    key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?.get(attr::VALUE)
}
