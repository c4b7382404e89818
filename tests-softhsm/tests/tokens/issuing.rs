//! Certificates and requests that the codec writes and reads, and keys of the token sign.

use pkcs11::Date;
use pkcs11::codec::pkcs1::RsaPublicKey;
use pkcs11::codec::pkcs10::{CertificationRequest, CertificationRequestInfo};
use pkcs11::codec::signature_algorithm::SignatureAlgorithm;
use pkcs11::codec::x509::{
    BasicConstraints, DateTime, ExtensionsBuilder, GeneralName, KeyUsage, NameAttributeType,
    NameBuilder, TbsCertificate,
};
use pkcs11::codec::{ec, spki, x509};
use pkcs11::prelude::*;
use tests_softhsm::{Outcome, TestToken, fails, tests};
use x509_parser::prelude::{FromDer as _, X509Certificate, X509CertificationRequest};

tests! {
    a_request_is_signed_by_ecdsa;
    a_certificate_signs_itself_by_rsa_and_is_kept;
}

fn name() -> Outcome<Vec<u8>> {
    let name = NameBuilder::new()
        .push(NameAttributeType::COUNTRY, "DE")
        .push(NameAttributeType::COMMON_NAME, "tls.example");
    Ok(name.to_der()?)
}

fn a_request_is_signed_by_ecdsa(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    let point = public.ec_point()?;
    let key = spki::PublicKey::Ec { parameters: ec::Curve::P256.into(), point: &point };
    let extensions = ExtensionsBuilder::new()
        .subject_alternative_names(&[GeneralName::Dns("tls.example")])
        .to_der()?;
    let info = CertificationRequestInfo {
        subject: &name()?,
        subject_public_key_info: &key.to_spki_der()?,
        extensions: Some(&extensions),
        challenge_password: None,
    };
    let info = info.to_der()?;
    let mechanism = Ecdsa::new(Hash::Sha256);
    let algorithm = SignatureAlgorithm::ECDSA_WITH_SHA256;
    let signed = private.sign(mechanism, &info)?;
    let signature = algorithm.signature_from_token(&signed, 32)?;
    let der = CertificationRequest::assemble(&info, algorithm.identifier(), &signature)?;

    let request = CertificationRequest::from_der(&der)?;
    assert_eq!(request.public_key()?, key);
    assert_eq!(request.extensions()?.der(), Some(&extensions[..]));
    let (_, theirs) = X509CertificationRequest::from_der(&der)?;
    assert_eq!(theirs.certification_request_info.subject.to_string(), "C=DE, CN=tls.example");

    // For the token, and for another library.
    let fixed = algorithm.signature_to_token(request.signature, 32)?;
    let message = request.certification_request_info;
    public.verify(Ecdsa::new(Hash::Sha256), message, &fixed)?;
    let elsewhere = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point)?;
    let signature = p256::ecdsa::Signature::from_der(request.signature)?;
    p256::ecdsa::signature::Verifier::verify(&elsewhere, message, &signature)?;
    Ok(())
}

/// What is read from the certificate are the attributes that the token keeps it with.
fn a_certificate_signs_itself_by_rsa_and_is_kept(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let (modulus, exponent) = public.get((attr::MODULUS, attr::PUBLIC_EXPONENT))?;
    let key = RsaPublicKey { modulus: modulus.as_bytes(), public_exponent: exponent.as_bytes() };
    let key = spki::PublicKey::Rsa(key).to_spki_der()?;
    let (name, algorithm) = (name()?, SignatureAlgorithm::SHA256_WITH_RSA);
    let extensions = ExtensionsBuilder::new()
        .basic_constraints(BasicConstraints { ca: true, path_length: None })
        .key_usage(KeyUsage::KEY_CERT_SIGN)
        .to_der()?;
    let tbs = TbsCertificate {
        serial_number: &[0x80, 0x01],
        signature_algorithm: algorithm.identifier(),
        issuer: &name,
        not_before: DateTime::new((2025, 1, 1), (0, 0, 0))?,
        not_after: DateTime::NO_EXPIRATION,
        subject: &name,
        subject_public_key_info: &key,
        extensions: Some(&extensions),
    };
    let tbs = tbs.to_der()?;
    let signature = private.sign(MechanismType::SHA256_RSA_PKCS, &tbs)?;
    let der = x509::Certificate::assemble(&tbs, algorithm.identifier(), &signature)?;

    let read = x509::Certificate::from_der(&der)?;
    let (_, theirs) = X509Certificate::from_der(&der)?;
    assert_eq!(read.tbs_certificate, theirs.tbs_certificate.as_ref());
    let date = |time: DateTime| Date { year: time.year(), month: time.month(), day: time.day() };
    let template = Template::new()
        .with(attr::CERTIFICATE_TYPE, CertificateType::X_509)
        .with(attr::SUBJECT, read.subject.der())
        .with(attr::ISSUER, read.issuer.der())
        .with(attr::SERIAL_NUMBER, read.serial_number)
        .with(attr::START_DATE, date(read.validity.not_before()?))
        .with(attr::END_DATE, date(read.validity.not_after()?))
        .with(attr::VALUE, read.der);
    session.create::<Certificate>(&template)?;
    let found = session.find::<Certificate>().with(attr::SUBJECT, &name[..]).one()?;
    assert_eq!(found.get((attr::SERIAL_NUMBER, attr::ISSUER))?, (vec![2, 3, 0, 0x80, 1], name));
    assert_eq!(found.get(attr::END_DATE)?, Some(Date { year: 9999, month: 12, day: 31 }));

    // The key in what the token kept verifies what the token signed.
    let kept = found.get(attr::VALUE)?;
    let kept = x509::Certificate::from_der(&kept)?;
    assert_eq!(kept, read);
    let spki::PublicKey::Rsa(key) = kept.public_key()? else { panic!("{kept:?}") };
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::RSA)
        .with(attr::VERIFY, true)
        .with(attr::MODULUS, key.modulus)
        .with(attr::PUBLIC_EXPONENT, key.public_exponent);
    let key: PublicKey = session.create(&template)?;
    key.verify(MechanismType::SHA256_RSA_PKCS, kept.tbs_certificate, kept.signature)?;
    let other = key.verify(MechanismType::SHA256_RSA_PKCS, kept.der, kept.signature);
    fails!(other, ErrorKind::SignatureInvalid);
    Ok(())
}
