//! `x509-parser`, which reads certificates and public keys.

use std::borrow::Cow;

use x509_parser::{
    oid_registry::{
        OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_PKCS1_RSAENCRYPTION, OID_SIG_ED25519,
    },
    prelude::{FromDer, X509Certificate},
    public_key::RSAPublicKey,
    time::ASN1Time,
    x509::SubjectPublicKeyInfo,
};

use super::{Certificate, Day, Key, unsigned};

pub(crate) fn certificate(der: &[u8]) -> Certificate<'_> {
    let (rest, certificate) = X509Certificate::from_der(der).expect("a certificate");
    assert!(rest.is_empty());
    let tbs = &certificate.tbs_certificate;
    Certificate {
        subject: tbs.subject.as_raw().into(),
        issuer: tbs.issuer.as_raw().into(),
        serial: tbs.raw_serial().into(),
        start: day(tbs.validity.not_before),
        end: day(tbs.validity.not_after),
        key_info: tbs.subject_pki.raw.into(),
        key: key(&tbs.subject_pki),
    }
}

fn day(time: ASN1Time) -> Day {
    let time = time.to_datetime();
    (u16::try_from(time.year()).expect("a year"), time.month().into(), time.day())
}

pub(crate) fn spki(der: &[u8]) -> Key<'_> {
    let (rest, info) = SubjectPublicKeyInfo::from_der(der).expect("a key");
    assert!(rest.is_empty());
    key(&info)
}

fn key<'a>(info: &SubjectPublicKeyInfo<'a>) -> Key<'a> {
    let SubjectPublicKeyInfo { algorithm, subject_public_key, .. } = info;
    assert_eq!(subject_public_key.unused_bits, 0);
    // The parser lends from its own value what that has borrowed itself.
    let Cow::Borrowed(key) = subject_public_key.data else {
        panic!("a copy");
    };
    let (id, parameters) = (&algorithm.algorithm, &algorithm.parameters);
    if *id == OID_PKCS1_RSAENCRYPTION {
        let null = parameters.as_ref().expect("NULL");
        null.as_null().expect("NULL");
        let (rest, key) = RSAPublicKey::from_der(key).expect("a key");
        assert!(rest.is_empty());
        Key::Rsa {
            modulus: unsigned(key.modulus).into(),
            public_exponent: unsigned(key.exponent).into(),
        }
    } else if *id == OID_KEY_TYPE_EC_PUBLIC_KEY {
        let curve = parameters.as_ref().expect("a curve").as_oid().expect("a curve");
        assert!(curve == OID_EC_P256 && key.len() == 65);
        Key::P256(key.into())
    } else {
        assert!(*id == OID_SIG_ED25519 && parameters.is_none() && key.len() == 32);
        Key::Ed25519(key.into())
    }
}
