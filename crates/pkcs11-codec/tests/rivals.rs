//! The jobs of the measurement: every crate has the same result.

// The code of others is theirs to check.
#![cfg(not(miri))]

#[allow(clippy::indexing_slicing, reason = "a panic is how a test fails")]
#[path = "../benches/rivals/rivals.rs"]
mod rivals;

use rivals::{
    CERTIFICATE, Certificate, EC_SPKI, ECDSA, ED25519_SPKI, RSA_PKCS1, RSA_PKCS8, RSA_SPKI, asn1,
    ours, rasn, rustcrypto, x509_parser,
};

#[test]
fn certificates() {
    let certificate = ours::certificate(CERTIFICATE);
    // With tag and length, as CKA_SERIAL_NUMBER has it.
    assert_eq!(certificate.serial[..2], [2, 20]);
    let content = certificate.serial[2..].to_vec();
    let certificate = Certificate { serial: content.into(), ..certificate };
    assert_eq!((certificate.start, certificate.end), ((2026, 11, 21), (2029, 2, 23)));
    assert_eq!(ours::spki(&certificate.key_info), certificate.key);
    for other in
        [asn1::certificate, rasn::certificate, rustcrypto::certificate, x509_parser::certificate]
    {
        assert_eq!(other(CERTIFICATE), certificate);
    }
}

#[test]
fn private_keys() {
    let key = ours::rsa_pkcs1(RSA_PKCS1);
    assert_eq!(key.each_ref().map(|number| number.len()), [256, 3, 256, 128, 128, 128, 128, 128]);
    for other in [asn1::rsa_pkcs1, rasn::rsa_pkcs1, rustcrypto::rsa_pkcs1] {
        assert_eq!(other(RSA_PKCS1), key);
    }
    for other in [ours::rsa_pkcs8, asn1::rsa_pkcs8, rasn::rsa_pkcs8, rustcrypto::rsa_pkcs8] {
        assert_eq!(other(RSA_PKCS8), key);
    }
}

#[test]
fn public_keys() {
    for der in [RSA_SPKI, EC_SPKI, ED25519_SPKI] {
        let key = ours::spki(der);
        for other in [asn1::spki, rasn::spki, rustcrypto::spki, x509_parser::spki] {
            assert_eq!(other(der), key);
        }
    }
}

#[test]
fn signatures() {
    let mut fixed = [0; 64];
    ours::ecdsa_to_fixed(ECDSA, &mut fixed);
    assert_eq!(ours::ecdsa_to_der(&fixed), ECDSA);
    for other in [
        asn1::ecdsa_to_fixed,
        rasn::ecdsa_to_fixed,
        rustcrypto::der_to_fixed,
        rustcrypto::ecdsa_to_fixed,
    ] {
        let mut theirs = [0xff; 64];
        other(ECDSA, &mut theirs);
        assert_eq!(theirs, fixed);
    }
    for other in
        [asn1::ecdsa_to_der, rasn::ecdsa_to_der, rustcrypto::der_to_der, rustcrypto::ecdsa_to_der]
    {
        assert_eq!(other(&fixed), ECDSA);
    }
}
