//! Secrets leave no copies behind: an allocator that looks through what it is given back finds
//! none of their bytes.

#![cfg(not(miri))]

#[path = "../../pkcs11-core/tests/allocations/searching.rs"]
mod searching;

use std::hint::black_box;

use pkcs11_codec::{
    PrivateKeyDer,
    attribute::Forms,
    ec::{Curve, EcPrivateKey},
    pkcs8::{PrivateKey, PrivateKeyInfo},
};
use searching::copies;

const KEYS: &[&[u8]] = &[
    include_bytes!("fixtures/private_keys/rsa.der"),
    include_bytes!("fixtures/private_keys/rsa3.der"),
    include_bytes!("fixtures/private_keys/dsa.der"),
    include_bytes!("fixtures/private_keys/x942.der"),
    include_bytes!("fixtures/private_keys/ec_secp521r1.der"),
    include_bytes!("fixtures/private_keys/ed448.der"),
    include_bytes!("fixtures/private_keys/ml_dsa_65_both.der"),
];

/// From within the number or the string that is the secret.
fn part_of_secret(key: &PrivateKey<'_>) -> [u8; 8] {
    let secret = match key {
        PrivateKey::Rsa(key) => key.private_exponent,
        PrivateKey::Dsa { value, .. }
        | PrivateKey::X942Dh { value, .. }
        | PrivateKey::Edwards { value, .. } => value,
        PrivateKey::Ec { key, .. } => key.value,
        PrivateKey::PostQuantum { value, .. } => value.expanded().expect("both"),
        _ => panic!("{key:?}"),
    };
    secret.get(8..16).expect("a long secret").try_into().expect("eight bytes")
}

#[test]
fn copies_are_found() {
    let secret = *b"a secret";
    let copy = || drop(black_box([&[0; 5][..], &secret, &[0; 5]].concat()));
    assert_eq!(copies(&secret, copy), 1);
    assert_eq!(copies(b"no secre", copy), 0);
    let grown = || {
        let mut bytes = Vec::from(secret);
        bytes.reserve_exact(1000);
        black_box(&mut bytes).fill(0);
    };
    assert_eq!(copies(&secret, grown), 1);
}

#[test]
fn keys() {
    for der in KEYS {
        let info = PrivateKeyInfo::from_der(der).expect("a key");
        let secret = part_of_secret(&info.key);
        assert_eq!(copies(&secret, || drop(info.to_der().expect("a key"))), 0);
        assert_eq!(copies(&secret, || drop(PrivateKeyDer::from_der(der).expect("a key"))), 0);
        let attributes = || drop(info.key.attributes(Forms::default()).expect("a key"));
        assert_eq!(copies(&secret, attributes), 0);
    }
}

#[test]
fn text() {
    for der in KEYS {
        let key = PrivateKeyDer::from_der(der).expect("a key");
        let secret = part_of_secret(&key.key().expect("a key"));
        let text = key.to_pem().expect("a key");
        assert_eq!(copies(&secret, || drop(PrivateKeyDer::from_pem(&**text).expect("a key"))), 0);
        // From within the last line but one.
        let characters = text.lines().rev().nth(2).expect("a line").as_bytes();
        let characters = characters[8..16].try_into().expect("eight bytes");
        assert_eq!(copies(&characters, || drop(key.to_pem().expect("a key"))), 0);
        let read = || drop(PrivateKeyDer::from_pem(&**text).expect("a key"));
        assert_eq!(copies(&characters, read), 0);
    }
}

/// Where GnuTLS keeps what p and q were made from.
#[test]
fn attributes_beside_a_key() {
    let attributes = b"\xa0\x13\x30\x11\x06\x03\x2a\x03\x04\x31\x0a\x04\x08the seed";
    let info = PrivateKeyInfo {
        key: PrivateKey::Edwards { curve: Curve::ED25519, value: &[9; 32] },
        attributes: Some(attributes),
        public_key: None,
    };
    assert_eq!(copies(b"the seed", || drop(info.to_der().expect("a key"))), 0);
    let der = info.to_der().expect("a key");
    assert!(der.ends_with(attributes));
    assert_eq!(copies(b"the seed", || drop(PrivateKeyDer::from_der(&der).expect("a key"))), 0);
}

#[test]
fn values_that_get_zeros() {
    let value = *b"31 bytes of a number of P-256 ..";
    let key = EcPrivateKey::new(Some(Curve::P521.into()), &value, None);
    let secret = value[8..16].try_into().expect("eight bytes");
    assert_eq!(copies(&secret, || drop(key.to_der().expect("a key"))), 0);
    assert_eq!(copies(&secret, || drop(key.padded(40).expect("room"))), 0);
}
