//! Certification requests: OpenSSL's, ours, near misses; certificates that are made here.

use std::borrow::Cow;

use hex_literal::hex;
use p256::ecdsa::{
    Signature, SigningKey, VerifyingKey,
    signature::{Signer as _, Verifier as _},
};
use pkcs11_codec::{
    ErrorKind,
    algorithm::AlgorithmIdentifier,
    ec::Curve,
    pkcs10::{
        CHALLENGE_PASSWORD, CertificationRequest, CertificationRequestInfo, EXTENSION_REQUEST,
    },
    signature_algorithm::SignatureAlgorithm,
    spki::PublicKey,
    tlv::Tag,
    x509::{
        AuthorityKeyIdentifier, BasicConstraints, Certificate, DateTime, ExtensionsBuilder,
        GeneralName, KeyUsage, NameAttributeType, NameBuilder, TbsCertificate, extended_key_usage,
    },
};
use rstest::rstest;
use x509_parser::prelude::{FromDer as _, X509CertificationRequest};

use crate::{
    fault,
    fixtures::x509 as fixtures,
    make::{sequence, tlv},
};

/// Each is taken apart, and what was signed is built again from the parts.
#[test]
fn requests_of_openssl() {
    for (name, der) in fixtures::REQUESTS {
        let request = CertificationRequest::from_der(der).unwrap();
        let (_, theirs) = X509CertificationRequest::from_der(der).unwrap();
        let info = &theirs.certification_request_info;
        assert_eq!(request.subject.der(), info.subject.as_raw());
        assert_eq!(request.subject_public_key_info.der, info.subject_pki.raw);
        assert_eq!(request.signature, &*theirs.signature_value.data);
        assert_eq!(request.attributes().count(), info.attributes().len());

        let key = request.public_key().unwrap();
        let password = request.challenge_password().unwrap();
        let built = CertificationRequestInfo {
            subject: request.subject.der(),
            subject_public_key_info: &key.to_spki_der().unwrap(),
            extensions: request.extensions().unwrap().der(),
            challenge_password: password.as_deref(),
        };
        let built = built.to_der().unwrap();
        assert_eq!(built, request.certification_request_info, "{name}");
        let assembled = CertificationRequest::assemble(
            request.certification_request_info,
            request.signature_algorithm,
            request.signature,
        );
        assert_eq!(assembled.unwrap(), *der);
    }
}

#[test]
fn attributes() {
    let request = CertificationRequest::from_der(fixtures::request("password")).unwrap();
    assert_eq!(request.challenge_password(), Ok(Some(Cow::Borrowed("Pass word"))));
    let password = request.attribute(CHALLENGE_PASSWORD).unwrap().unwrap();
    assert!(password.values().ends_with(b"Pass word"));
    let names = request.extensions().unwrap().subject_alternative_names().unwrap().unwrap();
    assert_eq!(names.iter().next(), Some(Ok(GeneralName::Dns("www.example.org"))));
    assert!(!format!("{request:?}").contains("Pass"));

    let plain = CertificationRequest::from_der(fixtures::request("rsa")).unwrap();
    assert_eq!(plain.challenge_password(), Ok(None));
    assert_eq!(plain.extensions().unwrap().der(), None);
    assert!(plain.attribute(EXTENSION_REQUEST).unwrap().is_none());
}

/// With this behind the key.
fn made(version: &[u8], attributes: &[u8]) -> Vec<u8> {
    let algorithm = hex!("300506032b6570");
    let key = sequence(&[&algorithm, &tlv(3, &[&[0], &[7; 32]])]);
    let info = sequence(&[version, &hex!("3000"), &key, attributes]);
    sequence(&[&info, &algorithm, &hex!("03020009")])
}

#[rstest]
#[case::version_2(&hex!("020101"), &hex!("a000"), 4, ErrorKind::UnsupportedVersion { expected: 0 })]
#[case::tagged_version(
    &hex!("a003020100"), &hex!("a000"),
    4, ErrorKind::UnexpectedTag { expected: Tag::INTEGER, found: Tag::context_constructed(0) },
)]
#[case::attributes_of_another_tag(
    &hex!("020100"), &hex!("a100"), 53, ErrorKind::TrailingData { left: 2 },
)]
#[case::after(
    &hex!("020100"), &hex!("a000 a000"), 55, ErrorKind::TrailingData { left: 2 },
)]
fn what_is_no_request_is_refused(
    #[case] version: &[u8],
    #[case] attributes: &[u8],
    #[case] position: usize,
    #[case] kind: ErrorKind,
) {
    let der = made(version, attributes);
    assert_eq!(fault(CertificationRequest::from_der(&der)), (Some(position), kind));
}

#[test]
fn attributes_are_opaque() {
    // None at all: against RFC 2986, and written by some.
    let der = made(&hex!("020100"), &[]);
    let request = CertificationRequest::from_der(&der).unwrap();
    assert_eq!(request.attributes().count(), 0);
    assert_eq!(request.extensions().unwrap().der(), None);

    let der = made(&hex!("020100"), &hex!("a002 ffff"));
    let request = CertificationRequest::from_der(&der).unwrap();
    assert_eq!(fault(request.extensions()).0, Some(55));
    assert!(request.public_key().is_ok());

    let extensions = hex!("3013 06092a864886f70d01090e 3106 3004 30020500");
    let twice = tlv(0xa0, &[&extensions, &extensions]);
    let der = made(&hex!("020100"), &twice);
    let request = CertificationRequest::from_der(&der).unwrap();
    assert_eq!(fault(request.extensions()).1, ErrorKind::Duplicate);

    let two_values = hex!("3011 06092a864886f70d01090e 3104 3000 3000");
    let der = made(&hex!("020100"), &tlv(0xa0, &[&two_values]));
    let request = CertificationRequest::from_der(&der).unwrap();
    assert_eq!(fault(request.extensions()).1, ErrorKind::TrailingData { left: 2 });
}

#[test]
#[cfg_attr(miri, ignore = "2000 requests are read")]
fn cut_requests() {
    for (_, der) in fixtures::REQUESTS {
        for length in 0..der.len() {
            CertificationRequest::from_der(&der[..length]).unwrap_err();
        }
    }
}

/// A token, as far as these tests go: ECDSA on P-256, deterministic (RFC 6979).
struct Key(SigningKey);

impl Key {
    fn new(byte: u8) -> Self {
        Self(SigningKey::from_slice(&[byte; 32]).unwrap())
    }

    fn spki(&self) -> Vec<u8> {
        let point = self.0.verifying_key().to_sec1_point(false);
        let key = PublicKey::Ec { parameters: Curve::P256.into(), point: point.as_bytes() };
        key.to_spki_der().unwrap()
    }

    /// r‖s, as by `CKM_ECDSA_SHA256`.
    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.0.sign(message);
        signature.to_bytes().to_vec()
    }

    fn certificate(&self, tbs: &TbsCertificate) -> Vec<u8> {
        let tbs = tbs.to_der().unwrap();
        let signed = self.sign(&tbs);
        let signature = ALGORITHM.signature_from_token(&signed, 32).unwrap();
        Certificate::assemble(&tbs, ALGORITHM.identifier(), &signature).unwrap()
    }
}

const ALGORITHM: SignatureAlgorithm = SignatureAlgorithm::ECDSA_WITH_SHA256;

fn verify(key: &[u8], message: &[u8], signature: &[u8]) {
    let PublicKey::Ec { point, .. } = PublicKey::from_spki_der(key).unwrap() else { panic!() };
    let key = VerifyingKey::from_sec1_bytes(point).unwrap();
    key.verify(message, &Signature::from_der(signature).unwrap()).unwrap();
}

fn subject() -> Vec<u8> {
    NameBuilder::new()
        .push(NameAttributeType::COUNTRY, "DE")
        .push(NameAttributeType::ORGANIZATION, "Büro")
        .push(NameAttributeType::COMMON_NAME, "www.example.org")
        .to_der()
        .unwrap()
}

/// `openssl req -inform DER -in request.der -noout -verify` of OpenSSL 3.0 says of this file:
/// "Certificate request self-signature verify OK".
#[test]
#[cfg_attr(miri, ignore = "arithmetic on a curve takes it minutes")]
fn a_request() {
    let key = Key::new(7);
    let extensions = ExtensionsBuilder::new()
        .subject_alternative_names(&[
            GeneralName::Dns("www.example.org"),
            GeneralName::Ip([192, 0, 2, 1].into()),
        ])
        .key_usage(KeyUsage::DIGITAL_SIGNATURE)
        .extended_key_usage(&[extended_key_usage::SERVER_AUTH])
        .to_der()
        .unwrap();
    let info = CertificationRequestInfo {
        subject: &subject(),
        subject_public_key_info: &key.spki(),
        extensions: Some(&extensions),
        challenge_password: Some("Paß"),
    };
    let info = info.to_der().unwrap();
    let signed = key.sign(&info);
    let signature = ALGORITHM.signature_from_token(&signed, 32).unwrap();
    let der = CertificationRequest::assemble(&info, ALGORITHM.identifier(), &signature).unwrap();
    assert_eq!(der, include_bytes!("../fixtures/pkcs10/built/request.der"));

    let request = CertificationRequest::from_der(&der).unwrap();
    assert_eq!(request.subject.to_string(), "CN=www.example.org,O=Büro,C=DE");
    assert_eq!(request.challenge_password(), Ok(Some(Cow::Borrowed("Paß"))));
    assert_eq!(request.extensions().unwrap().der(), Some(&extensions[..]));
    request.extensions().unwrap().check().unwrap();
    verify(&key.spki(), request.certification_request_info, request.signature);
    let (rest, theirs) = X509CertificationRequest::from_der(&der).unwrap();
    assert!(rest.is_empty());
    assert_eq!(theirs.requested_extensions().unwrap().count(), 3);
}

/// An authority that signs itself, and a certificate for the request, with what it asked for.
///
/// `openssl verify -CAfile authority.pem server.pem` of OpenSSL 3.0, of these files as PEM,
/// says "OK".
#[test]
#[cfg_attr(miri, ignore = "arithmetic on a curve takes it minutes")]
fn certificates() {
    let authority = Key::new(9);
    let identifier = [0x12; 20];
    let name =
        NameBuilder::new().push(NameAttributeType::COMMON_NAME, "Authority").to_der().unwrap();
    let extensions = ExtensionsBuilder::new()
        .basic_constraints(BasicConstraints { ca: true, path_length: Some(0) })
        .key_usage(KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN)
        .subject_key_identifier(&identifier)
        .to_der()
        .unwrap();
    let authority_key = authority.spki();
    let tbs = TbsCertificate {
        serial_number: &hex!("80 00 00 01"),
        signature_algorithm: ALGORITHM.identifier(),
        issuer: &name,
        not_before: DateTime::new((2025, 1, 1), (0, 0, 0)).unwrap(),
        not_after: DateTime::NO_EXPIRATION,
        subject: &name,
        subject_public_key_info: &authority_key,
        extensions: Some(&extensions),
    };
    let authority_der = authority.certificate(&tbs);
    assert_eq!(authority_der, include_bytes!("../fixtures/pkcs10/built/authority.der"));
    let issuer = Certificate::from_der(&authority_der).unwrap();
    assert_eq!(issuer.serial_number, hex!("0205 0080000001"));
    assert_eq!(issuer.validity.not_after(), Ok(DateTime::NO_EXPIRATION));
    issuer.extensions.check().unwrap();
    verify(&authority_key, issuer.tbs_certificate, issuer.signature);

    let der = include_bytes!("../fixtures/pkcs10/built/request.der");
    let request = CertificationRequest::from_der(der).unwrap();
    let asked = request.extensions().unwrap();
    let mut extensions =
        ExtensionsBuilder::new().authority_key_identifier(&AuthorityKeyIdentifier {
            key_identifier: issuer.extensions.subject_key_identifier().unwrap(),
            ..Default::default()
        });
    for extension in &asked {
        let extension = extension.unwrap();
        extensions = extensions.push(extension.oid, extension.critical, extension.value);
    }
    let extensions = extensions.to_der().unwrap();
    let server = authority.certificate(&TbsCertificate {
        serial_number: &[2],
        issuer: issuer.subject.der(),
        not_after: DateTime::new((2049, 12, 31), (23, 59, 59)).unwrap(),
        subject: request.subject.der(),
        subject_public_key_info: request.subject_public_key_info.der,
        extensions: Some(&extensions),
        ..tbs
    });
    assert_eq!(server, include_bytes!("../fixtures/pkcs10/built/server.der"));
    let certificate = Certificate::from_der(&server).unwrap();
    certificate.extensions.check().unwrap();
    assert_eq!(certificate.issuer, issuer.subject);
    verify(&authority_key, certificate.tbs_certificate, certificate.signature);
    let (rest, theirs) = x509_parser::parse_x509_certificate(&server).unwrap();
    assert!(rest.is_empty());
    assert_eq!(theirs.extensions().len(), 4);
}

/// What a token signs is not what others read.
#[test]
#[cfg_attr(miri, ignore = "arithmetic on a curve takes it minutes")]
fn a_signature_that_was_left_as_the_token_made_it() {
    let key = Key::new(7);
    let info = CertificationRequestInfo {
        subject: &subject(),
        subject_public_key_info: &key.spki(),
        extensions: None,
        challenge_password: None,
    };
    let info = info.to_der().unwrap();
    let signed = key.sign(&info);
    let result = CertificationRequest::assemble(&info, ALGORITHM.identifier(), &signed);
    assert!(result.is_err());
    // Of other algorithms the form is not known here.
    let rsa = SignatureAlgorithm::SHA256_WITH_RSA.identifier();
    CertificationRequest::assemble(&info, rsa, &signed).unwrap();
}

/// Before the token has signed it for nothing.
#[test]
#[cfg_attr(miri, ignore = "arithmetic on a curve takes it minutes")]
fn parts_are_what_they_must_be() {
    let (key, subject) = (Key::new(7).spki(), subject());
    let good = CertificationRequestInfo {
        subject: &subject,
        subject_public_key_info: &key,
        extensions: None,
        challenge_password: None,
    };
    good.to_der().unwrap();
    let certificate = include_bytes!("../fixtures/x509/p256.der");
    let wrong = [
        CertificationRequestInfo { subject: &[0x31, 0], ..good },
        CertificationRequestInfo { subject_public_key_info: certificate, ..good },
        CertificationRequestInfo { extensions: Some(certificate), ..good },
    ];
    for info in wrong {
        assert_eq!(info.to_der().unwrap_err().position(), None);
    }
}

#[rstest]
#[case(&[0x7f; 20], None)]
#[case(&[0xff; 19], None)]
#[case(&[0xff; 20], Some(ErrorKind::IntegerTooLarge { max_bytes: 20 }))]
#[case(&[0x7f; 21], Some(ErrorKind::IntegerTooLarge { max_bytes: 20 }))]
#[case(&[], Some(ErrorKind::Empty))]
#[case(&[0], Some(ErrorKind::Zero))]
#[case(&[0, 0], Some(ErrorKind::Zero))]
#[cfg_attr(miri, ignore = "arithmetic on a curve takes it minutes")]
fn serial_numbers(#[case] serial_number: &[u8], #[case] expected: Option<ErrorKind>) {
    let (name, key) = (subject(), Key::new(7).spki());
    let tbs = TbsCertificate {
        serial_number,
        signature_algorithm: ALGORITHM.identifier(),
        issuer: &name,
        not_before: DateTime::new((2025, 1, 1), (0, 0, 0)).unwrap(),
        not_after: DateTime::NO_EXPIRATION,
        subject: &name,
        subject_public_key_info: &key,
        extensions: None,
    };
    assert_eq!(tbs.to_der().err().map(|error| error.kind()), expected);
}

/// A certificate names one algorithm twice.
#[test]
#[cfg_attr(miri, ignore = "arithmetic on a curve takes it minutes")]
fn the_algorithm_signed_is_the_algorithm_written() {
    let key = Key::new(7);
    let (name, spki) = (subject(), key.spki());
    let tbs = TbsCertificate {
        serial_number: &[1],
        signature_algorithm: ALGORITHM.identifier(),
        issuer: &name,
        not_before: DateTime::from_unix(0).unwrap(),
        not_after: DateTime::NO_EXPIRATION,
        subject: &name,
        subject_public_key_info: &spki,
        extensions: None,
    };
    let der = tbs.to_der().unwrap();
    let other = SignatureAlgorithm::ECDSA_WITH_SHA384.identifier();
    let signature = hex!("3006 020101 020101");
    let result = Certificate::assemble(&der, other, &signature);
    assert_eq!(fault(result), (None, ErrorKind::AlgorithmMismatch));
    Certificate::assemble(&der, ALGORITHM.identifier(), &signature).unwrap();

    let no_name = TbsCertificate { subject: &[], ..tbs };
    let kind = ErrorKind::Missing { expected: Tag::SEQUENCE };
    assert_eq!(fault(no_name.to_der()), (None, kind));
    let no_number = TbsCertificate { serial_number: &[], ..tbs };
    assert_eq!(fault(no_number.to_der()), (None, ErrorKind::Empty));
    let no_der = TbsCertificate { subject: &hex!("3001ff"), ..tbs };
    let (expected, found) = (Tag::from_octet(0x31), Tag::from_octet(0xff));
    assert_eq!(fault(no_der.to_der()), (None, ErrorKind::UnexpectedTag { expected, found }));
    let cut = TbsCertificate { issuer: &hex!("300b 3109 3007 0603 550403 0c05"), ..tbs };
    let kind = ErrorKind::Truncated { needed: 5, left: 0 };
    assert_eq!(fault(cut.to_der()), (None, kind));
    // No PrintableString has this character, and names of authorities do.
    let sign = hex!("300c 310a 3008 0603 550403 1301 40");
    TbsCertificate { issuer: &sign, ..tbs }.to_der().unwrap();
    let nothing = TbsCertificate { extensions: Some(&hex!("3000")), ..tbs };
    assert_eq!(fault(nothing.to_der()), (None, ErrorKind::Empty));
    let spelt_out = hex!("300e 300c 0603 551d13 0405 3003 010100");
    let spelt_out = TbsCertificate { extensions: Some(&spelt_out), ..tbs };
    assert_eq!(fault(spelt_out.to_der()), (None, ErrorKind::NonCanonicalExtension));
    let two = [&spki[..], &spki].concat();
    let two_keys = TbsCertificate { subject_public_key_info: &two, ..tbs };
    let kind = ErrorKind::TrailingData { left: spki.len() };
    assert_eq!(fault(two_keys.to_der()), (None, kind));
}

/// They are let pass where a certificate is read, and written nowhere.
#[test]
#[cfg_attr(miri, ignore = "arithmetic on a curve takes it minutes")]
fn parameters_that_are_no_der() {
    let (name, spki) = (subject(), Key::new(7).spki());
    let oid = ALGORITHM.identifier().oid;
    let wrong = AlgorithmIdentifier { oid, parameters: Some(&[0xff, 0xff]) };
    let kind = ErrorKind::HighTagNumber;
    assert_eq!(fault(wrong.to_der()), (None, kind));
    let der = [&hex!("300c")[..], &oid.to_der().unwrap(), &hex!("ffff")].concat();
    assert_eq!(fault(AlgorithmIdentifier::from_der(&der)), (Some(12), kind));
    let two = [&hex!("300e")[..], &oid.to_der().unwrap(), &hex!("05000500")].concat();
    let trailing = ErrorKind::TrailingData { left: 2 };
    assert_eq!(fault(AlgorithmIdentifier::from_der(&two)), (Some(14), trailing));

    let tbs = TbsCertificate {
        serial_number: &[1],
        signature_algorithm: wrong,
        issuer: &name,
        not_before: DateTime::from_unix(0).unwrap(),
        not_after: DateTime::NO_EXPIRATION,
        subject: &name,
        subject_public_key_info: &spki,
        extensions: None,
    };
    assert_eq!(fault(tbs.to_der()), (None, kind));
    let key = sequence(&[&der, &hex!("0302 0007")]);
    let signature_algorithm = ALGORITHM.identifier();
    let tbs = TbsCertificate { signature_algorithm, subject_public_key_info: &key, ..tbs };
    assert_eq!(fault(tbs.to_der()), (None, kind));
    let info = CertificationRequestInfo {
        subject: &name,
        subject_public_key_info: &key,
        extensions: None,
        challenge_password: None,
    };
    assert_eq!(fault(info.to_der()), (None, kind));
}

#[test]
fn the_password_is_not_shown() {
    let info = CertificationRequestInfo {
        subject: &[0x30, 0x00],
        subject_public_key_info: &[0x30, 0x01],
        extensions: Some(&[0x30, 0x02]),
        challenge_password: Some("secret"),
    };
    assert_eq!(
        format!("{info:?}"),
        "CertificationRequestInfo { subject: [48, 0], subject_public_key_info: [48, 1], \
         extensions: Some([48, 2]), .. }",
    );
    let der = include_bytes!("../fixtures/pkcs10/password.der");
    let request = CertificationRequest::from_der(der).unwrap();
    let password = request.challenge_password().unwrap().unwrap();
    let attributes: Vec<_> = request.attributes().collect();
    let shown = format!("{request:?} {:?} {attributes:?}", request.attributes());
    let bytes = format!("{:?}", password.as_bytes());
    assert!(!shown.contains(&*password), "{shown}");
    assert!(!shown.contains(bytes.trim_matches(['[', ']'])), "{shown}");
}

#[test]
#[cfg_attr(miri, ignore = "arithmetic on a curve takes it minutes")]
fn an_empty_password_is_none() {
    let (name, key) = (subject(), Key::new(7).spki());
    let info = CertificationRequestInfo {
        subject: &name,
        subject_public_key_info: &key,
        extensions: None,
        challenge_password: Some(""),
    };
    assert_eq!(fault(info.to_der()), (None, ErrorKind::Empty));
}
