//! This crate.

use std::borrow::Cow;

use pkcs11_codec::{
    ec::Curve,
    pkcs1,
    pkcs8::PrivateKey,
    signature::Signature,
    spki::PublicKey,
    x509::{self, DateTime},
};

use super::{Certificate, Day, Fixed, Key, RsaPrivateKey};

pub(crate) fn certificate(der: &[u8]) -> Certificate<'_> {
    let certificate = x509::Certificate::from_der(der).expect("a certificate");
    let validity = &certificate.validity;
    Certificate {
        subject: certificate.subject.der().into(),
        issuer: certificate.issuer.der().into(),
        serial: certificate.serial_number.into(),
        start: day(validity.not_before().expect("a time")),
        end: day(validity.not_after().expect("a time")),
        key_info: certificate.subject_public_key_info.der.into(),
        key: key(certificate.public_key().expect("a key")),
    }
}

fn day(time: DateTime) -> Day {
    (time.year(), time.month(), time.day())
}

pub(crate) fn rsa_pkcs1(der: &[u8]) -> RsaPrivateKey<'_> {
    numbers(&pkcs1::RsaPrivateKey::from_der(der).expect("a key"))
}

pub(crate) fn rsa_pkcs8(der: &[u8]) -> RsaPrivateKey<'_> {
    match PrivateKey::from_pkcs8_der(der).expect("a key") {
        PrivateKey::Rsa(key) => numbers(&key),
        other => panic!("{other:?}"),
    }
}

fn numbers<'a>(key: &pkcs1::RsaPrivateKey<'a>) -> RsaPrivateKey<'a> {
    [
        key.modulus,
        key.public_exponent,
        key.private_exponent,
        key.prime_1,
        key.prime_2,
        key.exponent_1,
        key.exponent_2,
        key.coefficient,
    ]
    .map(Cow::Borrowed)
}

pub(crate) fn spki(der: &[u8]) -> Key<'_> {
    key(PublicKey::from_spki_der(der).expect("a key"))
}

fn key(key: PublicKey<'_>) -> Key<'_> {
    match key {
        PublicKey::Rsa(key) => {
            Key::Rsa { modulus: key.modulus.into(), public_exponent: key.public_exponent.into() }
        }
        PublicKey::Ec { parameters, point } if parameters.curve() == Some(Curve::P256) => {
            Key::P256(point.into())
        }
        PublicKey::Edwards { curve: Curve::ED25519, key } => Key::Ed25519(key.into()),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn ecdsa_to_fixed(der: &[u8], out: &mut Fixed) {
    let signature = Signature::from_der(der, 32).expect("a signature");
    signature.write_fixed(out).expect("there is room");
}

pub(crate) fn ecdsa_to_der(fixed: &Fixed) -> Vec<u8> {
    Signature::from_fixed(fixed, 32).expect("a signature").to_der()
}
