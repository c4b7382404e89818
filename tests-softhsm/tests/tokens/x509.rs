//! Certificates and requests in one call each: signed, verified, kept and taken out by the facade.
//!
//! The codec's fixtures are used; how they were made is told beside them.

use pkcs11::SignatureScheme;
use pkcs11::codec::CertificateDer;
use pkcs11::codec::digest_info::Digest;
use pkcs11::codec::pkcs10::{CertificationRequest, CertificationRequestInfo};
use pkcs11::codec::rsa_parameters::PssParameters;
use pkcs11::codec::x509::{
    DateTime, ExtensionsBuilder, GeneralName, KeyUsage, NameAttributeType, NameBuilder,
    TbsCertificate,
};
use pkcs11::prelude::*;
use pkcs11::{KeyPairKind, MlDsaParameterSet};
use tests_softhsm::{Outcome, TestToken, fails, tests};
use x509_parser::prelude::FromDer;

use crate::common::assert_usable;

tests! {
    certificates_are_kept_and_leave_as_they_came: and Nss;
    certificates_of_rsa_are_verified;
    certificates_of_rsa_pss_are_verified;
    certificates_on_curves_are_verified;
    certificates_of_dsa_are_verified;
    certificates_of_eddsa_are_verified;
    certificates_of_ml_dsa_are_verified;
    issued_with_ecdsa: and Nss;
    issued_with_rsa: and Nss;
    issued_with_rsa_pss;
    issued_with_ed25519;
    issued_with_ml_dsa;
    a_request_of_another_key_does_not_verify;
    signatures_that_are_no_der_do_not_verify;
}

macro_rules! fixture {
    ($name:literal) => {
        &include_bytes!(concat!("../../../crates/pkcs11-codec/tests/fixtures/x509/", $name, ".der"))
            [..]
    };
}

fn certificates_are_kept_and_leave_as_they_came(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for der in [fixture!("p256"), fixture!("rsa"), fixture!("ed25519"), fixture!("extensions")] {
        let owned = CertificateDer::from_der(der)?;
        let object = session.import(&owned).label("tls").id(der).store(true).create()?;
        let read = owned.certificate()?;
        let found = session.find::<Certificate>().with(attr::ID, der).one()?;
        assert_eq!(found, object);
        let values = found.get((attr::SUBJECT, attr::ISSUER, attr::SERIAL_NUMBER, attr::LABEL))?;
        assert_eq!(values.0, read.subject.der());
        assert_eq!(values.1, read.issuer.der());
        assert_eq!(values.2, read.serial_number);
        assert_eq!(values.3, "tls");
        assert_eq!(found.to_der()?, der);
        assert_eq!(found.to_certificate()?, owned);
        assert_eq!(CertificateDer::from_pem(&found.to_certificate_pem()?)?, owned);
        found.destroy()?;
    }
    assert_usable(&session)
}

/// Verifies self-signed certificates with the key that is in them.
fn verifies(token: &TestToken, certificates: &[&[u8]]) -> Outcome {
    let session = token.session()?;
    for der in certificates {
        let owned = CertificateDer::from_der(der)?;
        let certificate = owned.certificate()?;
        let key = session.import(certificate.public_key()?).create()?;
        key.verify_certificate(&certificate)?;
        let scheme = SignatureScheme::try_from(certificate.signature_algorithm)?;
        let answer = key.verify_der(scheme, b"another", certificate.signature);
        fails!(answer, ErrorKind::SignatureInvalid);
        assert_eq!(key.to_spki_der()?, certificate.subject_public_key_info.der);
    }
    assert_usable(&session)
}

fn certificates_of_rsa_are_verified(token: &TestToken) -> Outcome {
    verifies(token, &[fixture!("rsa")])
}

/// With SHA-384 and a salt of 48 bytes.
fn certificates_of_rsa_pss_are_verified(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::SHA384_RSA_PKCS_PSS])?;
    verifies(token, &[fixture!("rsa-signed-by-pss")])
}

/// P-384 with SHA-384, P-521 with SHA-512, P-256 with SHA-256 and SHA3-256.
fn certificates_on_curves_are_verified(token: &TestToken) -> Outcome {
    verifies(token, &[fixture!("p256"), fixture!("p384"), fixture!("p521"), fixture!("sha3")])
}

fn certificates_of_dsa_are_verified(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DSA])?;
    verifies(token, &[fixture!("dsa")])
}

fn certificates_of_eddsa_are_verified(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EDDSA])?;
    verifies(token, &[fixture!("ed25519"), fixture!("ed448")])
}

fn certificates_of_ml_dsa_are_verified(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::ML_DSA])?;
    verifies(token, &[fixture!("ml-dsa-44"), fixture!("ml-dsa-65"), fixture!("ml-dsa-87")])
}

fn issued_with_ecdsa(token: &TestToken) -> Outcome {
    let algorithm = SignatureAlgorithm::ECDSA_WITH_SHA256;
    issues(token, (Curve::P256, 0), algorithm, algorithm.identifier().to_der()?)
}

fn issued_with_rsa(token: &TestToken) -> Outcome {
    let algorithm = SignatureAlgorithm::SHA256_WITH_RSA;
    issues(token, (KeyType::RSA, 2048), algorithm, algorithm.identifier().to_der()?)
}

fn issued_with_rsa_pss(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::SHA256_RSA_PKCS_PSS])?;
    let parameters = PssParameters::new(Digest::SHA256, 32);
    let oid = pkcs11::codec::algorithm::RSASSA_PSS;
    let der = parameters.to_der()?;
    let identifier = pkcs11::codec::algorithm::AlgorithmIdentifier { oid, parameters: Some(&der) };
    issues(token, (KeyType::RSA, 2048), parameters, identifier.to_der()?)
}

fn issued_with_ed25519(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EDDSA])?;
    let algorithm = SignatureAlgorithm::ED25519;
    issues(token, (Curve::ED25519, 0), algorithm, algorithm.identifier().to_der()?)
}

fn issued_with_ml_dsa(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::ML_DSA])?;
    let algorithm = SignatureAlgorithm::ML_DSA_65;
    issues(token, (MlDsaParameterSet::ML_DSA_65, 0), algorithm, algorithm.identifier().to_der()?)
}

fn pair(
    session: &Session,
    (kind, bits): (impl Into<KeyPairKind>, usize),
) -> Result<(PublicKey, PrivateKey)> {
    let pair = session.generate_key_pair(kind).id(b"tls").label("tls");
    if bits == 0 { pair.create() } else { pair.bits(bits).create() }
}

/// A request and a self-signed certificate, each read by another library and verified by the
/// token; by another library too where that knows the algorithm.
fn issues(
    token: &TestToken,
    kind: (impl Into<KeyPairKind>, usize),
    algorithm: impl Into<SignatureScheme>,
    identifier: Vec<u8>,
) -> Outcome {
    let algorithm = algorithm.into();
    let session = token.session()?;
    let (public, private) = pair(&session, kind)?;
    let spki = public.to_spki_der()?;
    let subject =
        NameBuilder::new().push(NameAttributeType::COMMON_NAME, "tls.example").to_der()?;
    let extensions = ExtensionsBuilder::new()
        .subject_alternative_names(&[GeneralName::Dns("tls.example")])
        .key_usage(KeyUsage::DIGITAL_SIGNATURE)
        .to_der()?;
    let request = CertificationRequestInfo {
        subject: &subject,
        subject_public_key_info: &spki,
        extensions: Some(&extensions),
        challenge_password: None,
    };
    let der = private.sign_request(algorithm, &request)?;
    let request = CertificationRequest::from_der(&der)?;
    public.verify_request(&request)?;
    assert_eq!(request.signature_algorithm.to_der()?, identifier);
    let (rest, elsewhere) = x509_parser::prelude::X509CertificationRequest::from_der(&der)?;
    assert!(rest.is_empty());
    let info = &elsewhere.certification_request_info;
    assert_eq!(info.subject.to_string(), "CN=tls.example");
    assert_eq!(info.subject_pki.raw, spki);

    let signature_algorithm = pkcs11::codec::algorithm::AlgorithmIdentifier::from_der(&identifier)?;
    let certificate = private.sign_certificate(&TbsCertificate {
        serial_number: &[7],
        signature_algorithm,
        issuer: &subject,
        not_before: DateTime::new((2025, 1, 1), (0, 0, 0))?,
        not_after: DateTime::new((2035, 1, 1), (0, 0, 0))?,
        subject: &subject,
        subject_public_key_info: &spki,
        extensions: Some(&extensions),
    })?;
    public.verify_certificate(&certificate.certificate()?)?;
    let (rest, elsewhere) = x509_parser::prelude::X509Certificate::from_der(certificate.der())?;
    assert!(rest.is_empty());
    assert_eq!(elsewhere.public_key().raw, spki);
    verified_elsewhere(&certificate)?;
    // Beside its key.
    let id = private.get(attr::ID)?;
    session.import(&certificate).id(&id).label("tls").create()?;
    let found = session.find::<Certificate>().with(attr::ID, &id).one()?;
    assert_eq!(found.to_certificate()?, certificate);
    assert_usable(&session)
}

/// By p256, if it is on its curve.
fn verified_elsewhere(certificate: &CertificateDer) -> Outcome {
    let certificate = certificate.certificate()?;
    let pkcs11::codec::spki::PublicKey::Ec { point, .. } = certificate.public_key()? else {
        return Ok(());
    };
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point)?;
    let signature = p256::ecdsa::Signature::from_der(certificate.signature)?;
    p256::ecdsa::signature::Verifier::verify(&key, certificate.tbs_certificate, &signature)?;
    Ok(())
}

fn a_request_of_another_key_does_not_verify(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, _) = pair(&session, (Curve::P256, 0))?;
    let (_, other) = pair(&session, (Curve::P256, 0))?;
    let subject =
        NameBuilder::new().push(NameAttributeType::COMMON_NAME, "tls.example").to_der()?;
    let request = CertificationRequestInfo {
        subject: &subject,
        subject_public_key_info: &public.to_spki_der()?,
        extensions: None,
        challenge_password: None,
    };
    let der = other.sign_request(SignatureAlgorithm::ECDSA_WITH_SHA256, &request)?;
    let request = CertificationRequest::from_der(&der)?;
    fails!(public.verify_request(&request), ErrorKind::SignatureInvalid);
    Ok(())
}

fn signatures_that_are_no_der_do_not_verify(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session, (Curve::P256, 0))?;
    let algorithm = SignatureAlgorithm::ECDSA_WITH_SHA256;
    let der = private.sign_der(algorithm, b"message")?;
    let fixed = private.sign(Ecdsa::new(Hash::Sha256), b"message")?;
    let trailing = [&der[..], &[0]].concat();
    for wrong in [&fixed[..], &der[1..], &trailing[..], &[]] {
        fails!(public.verify_der(algorithm, b"message", wrong), ErrorKind::SignatureInvalid);
    }
    public.verify_der(algorithm, b"message", &der)?;
    // The token's own form is what `verify` takes.
    public.verify(Ecdsa::new(Hash::Sha256), b"message", &fixed)?;
    Ok(())
}
