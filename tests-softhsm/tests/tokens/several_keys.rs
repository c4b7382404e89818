//! Derivations that give several keys, and wrapping with authenticated data.

use pkcs11::mechanism::{AesGcmMessage, Tls12KeyMaterial, Tls12MasterKey, TlsKdf, TlsKeys, TlsPrf};
use pkcs11::prelude::*;
use pkcs11::{Function, IntoMechanism, Version};
use tests_softhsm::{Outcome, Skip, TestToken, fails, skip, tests};

use crate::common::assert_usable;

tests! {
    sp800_108_with_further_keys;
    tls12_from_master_secret_to_records;
    tls12_macs_have_keys_of_their_own;
    wrapping_with_authenticated_data;
}

/// A secret of known value that may derive, and whose keys may be read.
fn secret(session: &Session, length: usize) -> Result<SecretKey> {
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::GENERIC_SECRET)
        .with(attr::VALUE, vec![7; length])
        .with(attr::SENSITIVE, false)
        .with(attr::EXTRACTABLE, true)
        .with(attr::DERIVE, true);
    session.create(&template)
}

/// A readable key of this many bits.
fn one<'a>(
    base: &'a SecretKey,
    mechanism: impl IntoMechanism<'a>,
    bits: usize,
) -> Result<SecretKey> {
    let key = base.derive_key(mechanism, KeyType::GENERIC_SECRET).bits(bits);
    key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()
}

/// The first key and the further ones are blocks of one stream, in their order.
fn sp800_108_with_further_keys(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::SP800_108_COUNTER_KDF])?;
    let session = token.session()?;
    let base = secret(&session, 32)?;
    let data = [PrfData::Counter(NumberFormat::big_endian(32)), PrfData::Bytes(b"label")];
    let prf = MechanismType::SHA256_HMAC;
    let kdf = || Sp800108::new(Sp800108Mode::Counter, prf, &data);
    let readable = Template::new()
        .with(attr::CLASS, ObjectClass::SECRET_KEY)
        .with(attr::SENSITIVE, false)
        .with(attr::EXTRACTABLE, true);
    let of = |key_type, length: u64| {
        readable.clone().with(attr::KEY_TYPE, key_type).with(attr::VALUE_LEN, length)
    };
    let templates = [of(KeyType::AES, 16), of(KeyType::GENERIC_SECRET, 20)];
    let mut further = [NewKey::new(); 2];
    let first = one(&base, kdf().further_keys(&templates, &mut further), 256)?;
    let further = base.derived(&further[..]);
    let keys: Vec<SecretKey> = further.into_iter().map(|key| key.expect("a key")).collect();
    let types = keys.iter().map(|key| key.get(attr::KEY_TYPE)).collect::<Result<Vec<_>>>()?;
    assert_eq!(types, [KeyType::AES, KeyType::GENERIC_SECRET]);
    let first = first.get(attr::VALUE)?;
    assert_eq!(first, one(&base, kdf(), 256)?.get(attr::VALUE)?, "what it is alone");
    // A block of the pseudo-random function has 32 bytes, and a key begins with one.
    let stream = one(&base, kdf(), 96 * 8)?.get(attr::VALUE)?;
    assert_eq!(first, stream[..32]);
    assert_eq!(keys[0].get(attr::VALUE)?, stream[32..48]);
    assert_eq!(keys[1].get(attr::VALUE)?, stream[64..84]);
    assert_usable(&session)
}

fn material<'a>(keys: &'a mut TlsKeys, (mac, key): (usize, usize)) -> Tls12KeyMaterial<'a> {
    Tls12KeyMaterial {
        hash: Hash::Sha256,
        client_random: &[1; 32],
        server_random: &[2; 32],
        mac_bits: mac,
        key_bits: key,
        safe: false,
        keys,
    }
}

/// The master secret of a pre-master secret.
fn master(session: &Session) -> Result<SecretKey> {
    let mut version = Version { major: 0, minor: 0 };
    let pre_master = Template::new()
        .with(attr::KEY_TYPE, KeyType::GENERIC_SECRET)
        .with(attr::VALUE, [&[3, 3][..], &[7; 46]].concat())
        .with(attr::DERIVE, true);
    let pre_master: SecretKey = session.create(&pre_master)?;
    let derive = Tls12MasterKey::new(Hash::Sha256, &[1; 32], &[2; 32]).version(Some(&mut version));
    let master = pre_master.derive_key(derive, KeyType::GENERIC_SECRET).bits(384);
    let master = master.with(attr::DERIVE, true).with(attr::SENSITIVE, false);
    let master = master.with(attr::EXTRACTABLE, true).create()?;
    assert_eq!(version, Version { major: 3, minor: 3 }, "the client's version comes back");
    Ok(master)
}

fn tls12_from_master_secret_to_records(token: &TestToken) -> Outcome {
    token.needs(&[
        MechanismType::TLS12_MASTER_KEY_DERIVE,
        MechanismType::TLS12_KEY_AND_MAC_DERIVE,
        MechanismType::TLS_KDF,
        MechanismType::AES_GCM,
    ])?;
    let session = token.session()?;
    let master = master(&session)?;
    let mut keys = TlsKeys::with_iv_length(4);
    let derived = master.derive_keys(material(&mut keys, (0, 128)), KeyType::AES);
    let derived = derived.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true);
    derived.capabilities(Capabilities::ENCRYPT | Capabilities::DECRYPT).create()?;
    assert_ne!(keys.client_iv(), keys.server_iv());
    let of = master.derived(&keys);
    assert_eq!((of.client_mac_key, of.server_mac_key), (None, None));
    let (client, server) = (of.client_key.expect("a key"), of.server_key.expect("a key"));
    // RFC 5246 §6.3: the key block is the PRF of "key expansion", the server's random bytes first.
    let kdf = TlsKdf::new(TlsPrf::Tls12(Hash::Sha256), b"key expansion", &[2; 32], &[1; 32]);
    let block = master.derive_key(kdf, KeyType::GENERIC_SECRET).bits(2 * 160);
    let block = block.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?;
    let ivs = [keys.client_iv(), keys.server_iv()].concat();
    let expected = [client.get(attr::VALUE)?, server.get(attr::VALUE)?, ivs].concat();
    assert_eq!(block.get(attr::VALUE)?, expected);
    let nonce = [keys.client_iv(), &[0; 8]].concat();
    let record = client.encrypt(AesGcm::new(&nonce), b"record")?;
    assert_eq!(client.decrypt(AesGcm::new(&nonce), &record)?, b"record");
    server.decrypt(AesGcm::new(&nonce), &record).expect_err("another key");
    assert_usable(&session)
}

fn tls12_macs_have_keys_of_their_own(token: &TestToken) -> Outcome {
    token.needs(&[
        MechanismType::TLS12_MASTER_KEY_DERIVE,
        MechanismType::TLS12_KEY_AND_MAC_DERIVE,
    ])?;
    let session = token.session()?;
    let master = master(&session)?;
    let mut keys = TlsKeys::with_iv_length(16);
    let derived = master.derive_keys(material(&mut keys, (256, 128)), KeyType::AES);
    // As the master secret: the embedded token wants it so.
    let derived = derived.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true);
    derived.capabilities(Capabilities::ENCRYPT | Capabilities::DECRYPT).create()?;
    let of = master.derived(&keys);
    let macs = [of.client_mac_key.expect("a key"), of.server_mac_key.expect("a key")];
    for mac in &macs {
        assert_eq!(mac.get(attr::VALUE_LEN)?, 32);
        assert_ne!(mac.get(attr::KEY_TYPE)?, KeyType::AES);
    }
    assert_ne!(macs[0], macs[1]);
    assert_eq!(of.client_key.expect("a key").get(attr::VALUE_LEN)?, 16);
    // A key that does not derive gives none.
    let none = secret(&session, 48)?;
    none.set(&Template::new().with(attr::DERIVE, false))?;
    let mut keys = TlsKeys::with_iv_length(16);
    let error = none.derive_keys(material(&mut keys, (256, 128)), KeyType::AES).create();
    let error = error.expect_err("a key that may not derive");
    assert_eq!(error.function(), Some(Function::DeriveKey));
    assert_eq!(none.derived(&keys).client_key, None);
    assert_usable(&session)
}

/// On a token of 3.2 that offers it, a key comes back only with the same data.
fn wrapping_with_authenticated_data(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_GCM])?;
    let session = token.session()?;
    let wrapping = session.generate_key(KeyType::AES).bits(256);
    let wrapping = wrapping.capabilities(Capabilities::WRAP | Capabilities::UNWRAP).create()?;
    let key = secret(&session, 20)?;
    let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    let wrapped = match wrapping.wrap_key_authenticated(gcm, &key, b"v1") {
        Ok(wrapped) => wrapped,
        Err(error) if matches!(error.kind(), ErrorKind::FunctionNotSupported) => {
            assert_eq!(error.function(), Some(Function::WrapKeyAuthenticated));
            let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
            let unwrap = wrapping.unwrap_key_authenticated(gcm, &[1; 20], b"v1", KeyType::AES);
            let error = fails!(unwrap.create(), ErrorKind::FunctionNotSupported);
            assert_eq!(error.function(), Some(Function::UnwrapKeyAuthenticated));
            assert_usable(&session)?;
            return skip(Skip::ModuleLacks(Function::WrapKeyAuthenticated));
        }
        Err(error) => return Err(error.into()),
    };
    assert_eq!(wrapped.len(), 20);
    for aad in [&b"v2"[..], b""] {
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
        let unwrap = wrapping.unwrap_key_authenticated(gcm, &wrapped, aad, KeyType::AES);
        unwrap.create().expect_err("changed data");
        assert_usable(&session)?;
    }
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    let unwrap = wrapping.unwrap_key_authenticated(gcm, &wrapped, b"v1", KeyType::GENERIC_SECRET);
    let again = unwrap.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?;
    assert_eq!(again.get(attr::VALUE)?, key.get(attr::VALUE)?);
    Ok(())
}
