//! Decoding borrows: counted by an allocator, it allocates nothing, for what is refused too.

#[path = "../../pkcs11-core/tests/allocations/counting.rs"]
mod counting;

use std::hint::black_box;

use counting::allocations;
use pkcs11_codec::{
    pkcs1::RsaPrivateKey,
    signature::{Signature, max_der_bytes},
    spki::{PublicKey, SubjectPublicKeyInfo},
    tlv,
};

const RSA_PKCS1: &[u8] = include_bytes!("fixtures/rivals/rsa_pkcs1.der");
const RSA_SPKI: &[u8] = include_bytes!("fixtures/rivals/rsa_spki.der");
const EC_SPKI: &[u8] = include_bytes!("fixtures/rivals/ec_spki.der");
const ED25519_SPKI: &[u8] = include_bytes!("fixtures/rivals/ed25519_spki.der");
const ECDSA: &[u8] = include_bytes!("fixtures/rivals/ecdsa.der");

#[test]
fn allocations_are_counted() {
    assert_eq!(allocations(|| drop(black_box(Vec::<u8>::with_capacity(9)))), 1);
}

/// Decodes all of it, and all of it but the last byte.
fn decoding<'a, T, E>(der: &'a [u8], decode: impl Fn(&'a [u8]) -> Result<T, E>) -> usize {
    let (_, cut) = der.split_last().expect("some bytes");
    allocations(|| {
        assert!(black_box(decode(der)).is_ok());
        assert!(black_box(decode(cut)).is_err());
    })
}

#[test]
fn private_keys() {
    assert_eq!(decoding(RSA_PKCS1, RsaPrivateKey::from_der), 0);
}

#[test]
fn public_keys() {
    for der in [RSA_SPKI, EC_SPKI, ED25519_SPKI] {
        assert_eq!(decoding(der, PublicKey::from_spki_der), 0);
        assert_eq!(decoding(der, SubjectPublicKeyInfo::from_der), 0);
        assert_eq!(decoding(der, tlv::check), 0);
    }
}

/// In both directions, where the result goes into the caller's memory.
#[test]
fn signatures() {
    let (mut fixed, mut der) = ([0; 64], [0; max_der_bytes(32)]);
    let counted = allocations(|| {
        let signature = Signature::from_der(ECDSA, 32).expect("a signature");
        signature.write_fixed(&mut fixed).expect("there is room");
        let signature = Signature::from_fixed(&fixed, 32).expect("a signature");
        assert_eq!(signature.write_der(&mut der), Ok(ECDSA.len()));
    });
    assert_eq!(counted, 0);
}
