//! Derivations that give several keys, or bytes and no key.

use pkcs11_core::mechanism::{
    Ecdh1, NewKey, NumberFormat, PrfData, PrfOutput, Sp800108, Sp800108Mode, Tls12KeyMaterial,
    TlsKeys, TlsPrfBytes, WtlsKeys,
};
use pkcs11_core::sys::CKR_KEY_FUNCTION_NOT_PERMITTED;
use pkcs11_core::{
    Capabilities, ErrorKind, Function, Hash, KeyType, MechanismType, ReturnCode, SecretKey,
    Session, Template, TokenObject, attr,
};
use pkcs11_mock::{Lie, Mock};

use crate::support::{failure, open};

/// A secret that may derive.
fn master(session: &Session) -> SecretKey {
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::GENERIC_SECRET)
        .with(attr::VALUE, &[7; 48])
        .with(attr::DERIVE, true);
    session.create(&template).unwrap()
}

fn material(keys: &mut TlsKeys, mac_bits: usize) -> Tls12KeyMaterial<'_> {
    Tls12KeyMaterial {
        hash: Hash::Sha256,
        client_random: &[1; 32],
        server_random: &[2; 32],
        mac_bits,
        key_bits: 128,
        safe: false,
        keys,
    }
}

#[test]
fn the_keys_of_a_connection_come_back_in_the_parameter() {
    let mock = Mock::start();
    let session = open(&mock);
    let master = master(&session);
    let mut keys = TlsKeys::with_iv_length(4);
    mock.reset_counts();
    let derived = master.derive_keys(material(&mut keys, 256), KeyType::AES);
    let derived = derived.capabilities(Capabilities::ENCRYPT | Capabilities::DECRYPT);
    derived
        .label("connection")
        .with(attr::SENSITIVE, false)
        .with(attr::EXTRACTABLE, true)
        .create()
        .unwrap();
    assert_eq!(mock.counts(), [("C_DeriveKey", 1)]);
    assert_ne!(keys.client_iv(), keys.server_iv());
    let derived = master.derived(&keys);
    let client = derived.client_key.unwrap();
    let (key_type, label, value) = client.get((attr::KEY_TYPE, attr::LABEL, attr::VALUE)).unwrap();
    assert_eq!((key_type, &label[..], value.len()), (KeyType::AES, "connection", 16));
    assert_ne!(derived.server_key.unwrap().get(attr::VALUE).unwrap(), value);
    let macs = [derived.client_mac_key.unwrap(), derived.server_mac_key.unwrap()];
    let lengths = macs.each_ref().map(|key| key.get((attr::KEY_TYPE, attr::VALUE_LEN)).unwrap());
    assert_eq!(lengths, [(KeyType::GENERIC_SECRET, 32); 2]);
    assert_eq!(macs[0].object().session(), &session);
}

#[test]
fn what_is_not_made_is_no_key() {
    let mock = Mock::start();
    let session = open(&mock);
    let master = master(&session);
    let mut keys = TlsKeys::with_iv_length(0);
    master.derive_keys(material(&mut keys, 256), KeyType::AES).create().unwrap();
    assert!(master.derived(&keys).client_mac_key.is_some());
    // The same places once more: what they held is gone.
    master.derive_keys(material(&mut keys, 0), KeyType::AES).create().unwrap();
    let derived = master.derived(&keys);
    assert_eq!((derived.client_mac_key, derived.server_mac_key), (None, None));
    assert!(derived.client_key.is_some() && derived.server_key.is_some());
    mock.lie("C_DeriveKey", Lie::Silent);
    master.derive_keys(material(&mut keys, 256), KeyType::AES).create().unwrap();
    let derived = master.derived(&keys);
    assert_eq!((derived.client_key, derived.server_key), (None, None));
    assert_eq!(master.derived(&WtlsKeys::with_iv_length(0)).key, None);
}

fn prf(output: &mut PrfOutput) -> TlsPrfBytes<'_> {
    TlsPrfBytes { seed: b"seed", label: b"label", output }
}

#[test]
fn bytes_come_back_and_no_key() {
    let mock = Mock::start();
    let session = open(&mock);
    let master = master(&session);
    let mut output = PrfOutput::new(24);
    mock.reset_counts();
    master.derive_bytes(prf(&mut output)).unwrap();
    assert_eq!(mock.counts(), [("C_DeriveKey", 1)]);
    let first = output.bytes().to_vec();
    assert_eq!(first.len(), 24);
    assert_ne!(first, [0; 24]);
    let mut longer = PrfOutput::new(40);
    master.derive_bytes(prf(&mut longer)).unwrap();
    assert_eq!(longer.bytes()[..24], first);
}

#[test]
fn further_keys_stand_beside_the_first() {
    let mock = Mock::start();
    let session = open(&mock);
    let master = master(&session);
    let data = [PrfData::Counter(NumberFormat::big_endian(32)), PrfData::Bytes(b"label")];
    let readable = Template::new().with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true);
    let template = |length: u64, key_type| {
        readable.clone().with(attr::VALUE_LEN, length).with(attr::KEY_TYPE, key_type)
    };
    let templates = [template(16, KeyType::AES), template(32, KeyType::GENERIC_SECRET)];
    let mut further = [NewKey::new(); 2];
    let kdf = Sp800108::new(Sp800108Mode::Counter, MechanismType::SHA256_HMAC, &data);
    let kdf = kdf.further_keys(&templates, &mut further);
    mock.reset_counts();
    let first = master.derive_key(kdf, KeyType::AES).bits(256).create().unwrap();
    assert_eq!(mock.counts(), [("C_DeriveKey", 1)]);
    assert_eq!(first.get(attr::VALUE_LEN).unwrap(), 32);
    let further = master.derived(&further[..]);
    let lengths: Vec<_> = further
        .iter()
        .map(|key| {
            let key = key.as_ref().unwrap();
            (key.get(attr::KEY_TYPE).unwrap(), key.get(attr::VALUE).unwrap().len())
        })
        .collect();
    assert_eq!(lengths, [(KeyType::AES, 16), (KeyType::GENERIC_SECRET, 32)]);
    assert_eq!(master.derived(&NewKey::new()), None);
}

#[test]
fn a_mechanism_that_gives_a_key_must_have_a_place_for_it() {
    let mock = Mock::start();
    let session = open(&mock);
    let master = master(&session);
    mock.reset_counts();
    let error = master.derive_bytes(Ecdh1::new(&[4; 65]));
    let error = failure!(error, ErrorKind::InvalidInput(_));
    assert_eq!(error.mechanism(), Some(MechanismType::ECDH1_DERIVE));
    let keys = master.derive_keys(Ecdh1::new(&[4; 65]), KeyType::AES).create();
    failure!(keys, ErrorKind::InvalidInput(_));
    let mut output = PrfOutput::new(24);
    failure!(
        master.derive_keys(prf(&mut output), KeyType::AES).create(),
        ErrorKind::InvalidInput(_)
    );
    let vendors = MechanismType::new(0x8000_0001);
    failure!(master.derive_bytes(vendors), ErrorKind::InvalidInput(_));
    assert_eq!(mock.total(), 0);
}

#[test]
fn what_the_token_refuses_is_told() {
    let mock = Mock::start();
    let session = open(&mock);
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::GENERIC_SECRET)
        .with(attr::VALUE, &[7; 48])
        .with(attr::DERIVE, false);
    let stays: SecretKey = session.create(&template).unwrap();
    let mut keys = TlsKeys::with_iv_length(4);
    let error = stays.derive_keys(material(&mut keys, 256), KeyType::AES).create().unwrap_err();
    assert_eq!(error.function(), Some(Function::DeriveKey));
    assert_eq!(error.mechanism(), Some(MechanismType::TLS12_KEY_AND_MAC_DERIVE));
    assert_eq!(error.return_code(), Some(ReturnCode::new(CKR_KEY_FUNCTION_NOT_PERMITTED)));
    assert_eq!(stays.derived(&keys).client_key, None);
}
