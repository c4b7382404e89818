//! Decoding borrows: counted by an allocator, it allocates nothing, for what is refused too.

#[path = "../../pkcs11-core/tests/allocations/counting.rs"]
mod counting;

use std::hint::black_box;

use counting::allocations;
use hex_literal::hex;
use pkcs11_codec::{
    Error,
    ec::EcPrivateKey,
    pkcs1::RsaPrivateKey,
    pkcs8::PrivateKeyInfo,
    pkcs10::CertificationRequest,
    signature::{Signature, max_der_bytes},
    spki::{PublicKey, SubjectPublicKeyInfo},
    tlv,
    x509::Certificate,
};

const RSA_PKCS1: &[u8] = include_bytes!("fixtures/rivals/rsa_pkcs1.der");
const RSA_PKCS8: &[u8] = include_bytes!("fixtures/private_keys/rsa.der");
const EC_EXPLICIT_PKCS8: &[u8] = include_bytes!("fixtures/private_keys/ec_explicit.der");
const X942_PKCS8: &[u8] = include_bytes!("fixtures/private_keys/x942.der");
const ED448_PKCS8: &[u8] = include_bytes!("fixtures/private_keys/ed448.der");
const ML_DSA_PKCS8: &[u8] = include_bytes!("fixtures/private_keys/ml_dsa_65_both.der");
/// Version 1, d, and P-256 by its name.
const EC_SEC1: &[u8] = &hex!(
    "3031 020101 0420 1111111111111111111111111111111111111111111111111111111111111111"
    "a00a 0608 2a8648ce3d030107"
);
const CERTIFICATE: &[u8] = include_bytes!("fixtures/x509/extensions.der");
const REQUEST: &[u8] = include_bytes!("fixtures/pkcs10/p256.der");
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
    for der in [RSA_PKCS8, EC_EXPLICIT_PKCS8, X942_PKCS8, ED448_PKCS8, ML_DSA_PKCS8] {
        assert_eq!(decoding(der, PrivateKeyInfo::from_der), 0);
    }
    assert_eq!(decoding(EC_SEC1, EcPrivateKey::from_der), 0);
}

/// With all that can be asked of them.
#[test]
fn certificates_and_requests() {
    fn certificate(der: &[u8]) -> Result<(), Error> {
        let certificate = Certificate::from_der(der)?;
        certificate.public_key()?;
        certificate.validity.not_before()?;
        certificate.validity.not_after()?;
        certificate.extensions.key_usage()?;
        certificate.extensions.basic_constraints()?;
        certificate.extensions.subject_key_identifier()?;
        certificate.extensions.authority_key_identifier()?;
        if let Some(names) = certificate.extensions.subject_alternative_names()? {
            names.iter().try_for_each(|name| name.map(drop))?;
        }
        certificate.extensions.iter().try_for_each(|extension| extension.map(drop))
    }
    assert_eq!(decoding(CERTIFICATE, certificate), 0);
    assert_eq!(decoding(REQUEST, CertificationRequest::from_der), 0);
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
