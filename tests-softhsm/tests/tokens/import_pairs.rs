//! Pairs from one private key, the older forms of keys, PEM, and what cannot be imported.

use std::error::Error as _;

use pkcs11::codec::pkcs8::{self, PrivateKeyInfo};
use pkcs11::codec::{ec, spki};
use pkcs11::prelude::*;
use pkcs11::{Function, ObjectClass};
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::assert_usable;
use crate::import::{DSA, ED25519, P256, RSA};

tests! {
    a_pair_comes_of_one_private_key: and Nss;
    a_pair_of_rfc_5958_has_its_public_key_beside;
    a_private_key_without_its_public_one_is_no_pair;
    a_pair_is_made_whole_or_not_at_all;
    keys_of_before_pkcs8_are_imported;
    pem_with_more_than_the_key_is_imported;
    a_generated_key_leaves_in_pem: and Nss;
    what_pkcs11_has_no_key_for_is_refused_before_the_call;
    an_error_of_the_encoding_says_where;
    a_private_key_tells_its_public_one;
}

const ALGORITHM: SignatureAlgorithm = SignatureAlgorithm::ECDSA_WITH_SHA256;

fn a_pair_comes_of_one_private_key(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for (fixture, algorithm) in [(&RSA, SignatureAlgorithm::SHA256_WITH_RSA), (&P256, ALGORITHM)] {
        let key = PrivateKeyDer::from_der(fixture.private)?;
        let (public, private) = session
            .import_pair(&key)
            .label("pair")
            .id(b"42")
            .with_public(attr::ENCRYPT, false)
            .create()?;
        public.verify_der(algorithm, b"message", fixture.signature)?;
        public.verify_der(algorithm, b"message", &private.sign_der(algorithm, b"message")?)?;
        assert_eq!(public.to_spki_der()?, fixture.public);
        assert_eq!(public.get((attr::ID, attr::LABEL))?, (b"42".to_vec(), "pair".to_owned()));
        assert_eq!(private.get((attr::ID, attr::LABEL))?, (b"42".to_vec(), "pair".to_owned()));
        assert!(!public.get(attr::ENCRYPT)?);
        public.destroy()?;
        private.destroy()?;
    }
    assert_usable(&session)
}

fn a_pair_of_rfc_5958_has_its_public_key_beside(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EDDSA])?;
    let session = token.session()?;
    let key = PrivateKeyDer::from_der(ED25519.private)?;
    let spki = PublicKeyDer::from_der(ED25519.public)?;
    let spki::PublicKey::Edwards { key: public_key, .. } = spki.key()? else {
        panic!("{spki:?}");
    };
    let info = PrivateKeyInfo { key: key.key()?, attributes: None, public_key: Some(public_key) };
    let key = PrivateKeyDer::from_der(&info.to_der()?)?;
    let (public, private) = session.import_pair(key).create()?;
    assert_eq!(public.to_spki_der()?, ED25519.public);
    let signature = private.sign_der(SignatureAlgorithm::ED25519, b"message")?;
    // Ed25519 has one signature.
    assert_eq!(signature, ED25519.signature);
    // The same mechanism would sign for the other curve.
    let error = private.sign_der(SignatureAlgorithm::ED448, b"message").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");
    Ok(())
}

fn a_private_key_without_its_public_one_is_no_pair(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for fixture in [&ED25519, &DSA] {
        let key = PrivateKeyDer::from_der(fixture.private)?;
        let error = fails!(session.import_pair(key).create(), ErrorKind::InvalidInput(_));
        assert_eq!(error.function(), Some(Function::CreateObject));
        assert_eq!(error.return_code(), None);
    }
    assert!(session.find::<PrivateKey>().all()?.is_empty());
    Ok(())
}

/// A public key that the token refuses takes the private one with it.
fn a_pair_is_made_whole_or_not_at_all(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = PrivateKeyDer::from_der(RSA.private)?;
    let odd = session.import_pair(key).with_public(attr::KEY_TYPE, KeyType::new(0x7fff_fffe));
    let error = odd.create().unwrap_err();
    assert_eq!(error.object_class(), Some(ObjectClass::PUBLIC_KEY));
    assert!(session.find::<PrivateKey>().all()?.is_empty());
    assert_usable(&session)
}

/// `EC PRIVATE KEY` (SEC 1), `RSA PRIVATE KEY` (PKCS#1).
fn keys_of_before_pkcs8_are_imported(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for (pem, algorithm) in [
        (include_str!("import/prime256v1_sec1.pem"), ALGORITHM),
        (include_str!("import/rsa_pkcs1.pem"), SignatureAlgorithm::SHA256_WITH_RSA),
    ] {
        let (public, private) = session.import_pair(PrivateKeyDer::from_pem(pem)?).create()?;
        public.verify_der(algorithm, b"message", &private.sign_der(algorithm, b"message")?)?;
        let fixture = if algorithm == ALGORITHM { &P256 } else { &RSA };
        assert_eq!(public.to_spki_der()?, fixture.public);
    }
    Ok(())
}

fn pem_with_more_than_the_key_is_imported(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let pem = format!(
        "subject=CN = somebody\n{}and its key\n{}",
        PublicKeyDer::from_der(P256.public)?.to_pem()?,
        *PrivateKeyDer::from_der(P256.private)?.to_pem()?
    );
    let private = session.import(PrivateKeyDer::from_pem(&pem)?).create()?;
    let public = session.import(PublicKeyDer::from_pem(&pem)?).create()?;
    public.verify_der(ALGORITHM, b"message", &private.sign_der(ALGORITHM, b"message")?)?;
    assert!(pem.contains(&public.to_public_key_pem()?));
    Ok(())
}

/// What the token made, another library reads.
fn a_generated_key_leaves_in_pem(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    let (_, block) = x509_parser::pem::parse_x509_pem(public.to_public_key_pem()?.as_bytes())?;
    assert_eq!(block.label, "PUBLIC KEY");
    let key = PublicKeyDer::from_der(&block.contents)?;
    let spki::PublicKey::Ec { point, .. } = key.key()? else { panic!("{key:?}") };
    let elsewhere = p256::ecdsa::VerifyingKey::from_sec1_bytes(point)?;
    let der = private.sign_der(ALGORITHM, b"message")?;
    let signature = p256::ecdsa::Signature::from_der(&der)?;
    p256::ecdsa::signature::Verifier::verify(&elsewhere, b"message", &signature)?;

    let (public, _) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    use rsa::pkcs8::DecodePublicKey as _;
    let elsewhere = rsa::RsaPublicKey::from_public_key_der(&public.to_spki_der()?)?;
    assert_eq!(rsa::traits::PublicKeyParts::size(&elsewhere), 256);
    Ok(())
}

fn what_pkcs11_has_no_key_for_is_refused_before_the_call(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let odd = spki::PublicKey::Ec { parameters: ec::EcParameters::Implicit, point: &[4; 65] };
    let error = fails!(session.import(odd).create(), ErrorKind::Encoding(_));
    assert_eq!((error.function(), error.return_code()), (Some(Function::CreateObject), None));
    let odd = pkcs8::PrivateKey::Other {
        algorithm: SignatureAlgorithm::ED25519.identifier().oid,
        parameters: None,
        value: b"secret",
    };
    let error = fails!(session.import(&odd).create(), ErrorKind::Encoding(_));
    assert!(!error.to_string().contains("secret"));
    // Nor does an AES key become DER.
    let key = session
        .object::<PublicKey>(session.generate_key(KeyType::AES).bits(128).create()?.handle());
    fails!(key.to_spki_der(), ErrorKind::InvalidInput(_));
    Ok(())
}

/// A certificate of the token whose bytes are none.
fn an_error_of_the_encoding_says_where(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let template = Template::new()
        .with(attr::CERTIFICATE_TYPE, pkcs11::CertificateType::X_509)
        .with(attr::SUBJECT, b"0\0")
        .with(attr::VALUE, &[0x30, 0x03, 0x04, 0x01, 0x00]);
    let certificate: Certificate = session.create(&template)?;
    assert_eq!(certificate.to_der()?.len(), 5);
    let error = fails!(certificate.to_certificate(), ErrorKind::Encoding(_));
    assert_eq!(error.function(), Some(Function::GetAttributeValue));
    let text = error.to_string();
    assert!(text.contains("at byte 2: expected"), "{text}");
    let source = error.source().and_then(|source| source.downcast_ref::<pkcs11::codec::Error>());
    assert_eq!(source.and_then(pkcs11::codec::Error::position), Some(2));
    Ok(())
}

/// An RSA key always does; others where the token keeps `CKA_PUBLIC_KEY_INFO`.
fn a_private_key_tells_its_public_one(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let private = session.import(PrivateKeyDer::from_der(RSA.private)?).create()?;
    assert_eq!(private.to_spki_der()?, RSA.public);
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    match private.to_spki_der() {
        Ok(der) => assert_eq!(der, public.to_spki_der()?),
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::AttributeUnavailable(_)), "{error}");
            assert_eq!(error.attribute(), Some(attr::PUBLIC_KEY_INFO.attribute()));
        }
    }
    Ok(())
}
