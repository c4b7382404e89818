//! Certificates of every kind of key, and all of a root store, against x509-parser.

use pkcs11_codec::{
    algorithm::{AlgorithmIdentifier, RSASSA_PSS},
    digest_info::Digest,
    ec::{Curve, EcParameters},
    parameter_set::Family,
    rsa_parameters::PssParameters,
    signature_algorithm::SignatureAlgorithm,
    spki::PublicKey,
    tlv,
    x509::{Certificate, GeneralName, KeyUsage, Version, extension},
};
use sha1::{Digest as _, Sha1};
use x509_parser::{
    extensions::{self, ParsedExtension},
    prelude::{FromDer as _, X509Certificate},
    time::ASN1Time,
};

use crate::fixtures::x509 as fixtures;

/// Compares all that is read with what x509-parser reads.
fn agrees(der: &[u8]) {
    let ours = Certificate::from_der(der).unwrap();
    let (rest, theirs) = X509Certificate::from_der(der).unwrap();
    assert!(rest.is_empty());
    assert_eq!(ours.der, der);
    assert_eq!(ours.tbs_certificate, theirs.tbs_certificate.as_ref());
    assert_eq!(ours.signature, &*theirs.signature_value.data);
    assert_eq!(ours.signature_algorithm.oid.content(), theirs.signature_algorithm.oid().as_bytes());
    let version = [Version::V1, Version::V2, Version::V3];
    assert_eq!(ours.version, version[usize::try_from(theirs.version.0).unwrap()]);
    let serial_number = [&[0x02, ours.serial_number[1]], theirs.raw_serial()].concat();
    assert_eq!(ours.serial_number, serial_number);
    assert_eq!(ours.issuer.der(), theirs.issuer().as_raw());
    assert_eq!(ours.subject.der(), theirs.subject().as_raw());
    assert_eq!(ours.subject_public_key_info.der, theirs.public_key().raw);
    assert_eq!(ours.subject_public_key_info.key, &*theirs.public_key().subject_public_key.data);
    assert_eq!(
        ours.validity.not_before().unwrap().to_string(),
        time(&theirs.validity().not_before)
    );
    assert_eq!(ours.validity.not_after().unwrap().to_string(), time(&theirs.validity().not_after));
    assert_eq!(ours.issuer_unique_id.is_some(), theirs.issuer_uid.is_some());

    let extensions = ours.extensions.iter().map(Result::unwrap);
    let read = extensions.map(|one| (one.oid.content().to_vec(), one.critical, one.value.to_vec()));
    let expected = theirs
        .extensions()
        .iter()
        .map(|one| (one.oid.as_bytes().to_vec(), one.critical, one.value.to_vec()));
    assert!(read.eq(expected));
    for extension in theirs.extensions() {
        agrees_in(&ours, extension.parsed_extension());
    }
}

/// RFC 3339.
fn time(time: &ASN1Time) -> String {
    let time = time.to_datetime();
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second) = time.to_hms();
    let month = u8::from(month);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

fn agrees_in(ours: &Certificate, theirs: &ParsedExtension) {
    let extensions = &ours.extensions;
    match theirs {
        ParsedExtension::KeyUsage(theirs) => {
            let ours = extensions.key_usage().unwrap().unwrap();
            for (usage, theirs) in [
                (KeyUsage::DIGITAL_SIGNATURE, theirs.digital_signature()),
                (KeyUsage::NON_REPUDIATION, theirs.non_repudiation()),
                (KeyUsage::KEY_ENCIPHERMENT, theirs.key_encipherment()),
                (KeyUsage::DATA_ENCIPHERMENT, theirs.data_encipherment()),
                (KeyUsage::KEY_AGREEMENT, theirs.key_agreement()),
                (KeyUsage::KEY_CERT_SIGN, theirs.key_cert_sign()),
                (KeyUsage::CRL_SIGN, theirs.crl_sign()),
                (KeyUsage::ENCIPHER_ONLY, theirs.encipher_only()),
                (KeyUsage::DECIPHER_ONLY, theirs.decipher_only()),
            ] {
                assert_eq!(ours.contains(usage), theirs, "{usage}");
            }
        }
        ParsedExtension::BasicConstraints(theirs) => {
            let ours = extensions.basic_constraints().unwrap().unwrap();
            assert_eq!((ours.ca, ours.path_length), (theirs.ca, theirs.path_len_constraint));
        }
        ParsedExtension::SubjectAlternativeName(theirs) => {
            let ours = extensions.subject_alternative_names().unwrap().unwrap();
            let ours: Vec<_> = ours.iter().map(Result::unwrap).collect();
            assert_eq!(ours.len(), theirs.general_names.len());
            for (ours, theirs) in ours.iter().zip(&theirs.general_names) {
                agrees_on(ours, theirs);
            }
        }
        ParsedExtension::SubjectKeyIdentifier(theirs) => {
            assert_eq!(extensions.subject_key_identifier().unwrap(), Some(theirs.0));
        }
        ParsedExtension::AuthorityKeyIdentifier(theirs) => {
            let ours = extensions.authority_key_identifier().unwrap().unwrap();
            assert_eq!(ours.key_identifier, theirs.key_identifier.as_ref().map(|id| id.0));
            assert_eq!(ours.serial_number, theirs.authority_cert_serial);
            let issuer = ours.issuer.map(|names| names.iter().map(Result::unwrap).collect());
            let issuer: Vec<_> = issuer.unwrap_or_default();
            let theirs = theirs.authority_cert_issuer.as_deref().unwrap_or_default();
            assert_eq!(issuer.len(), theirs.len());
            for (ours, theirs) in issuer.iter().zip(theirs) {
                agrees_on(ours, theirs);
            }
        }
        ParsedExtension::ExtendedKeyUsage(theirs) => {
            let ours = extensions.extended_key_usage().unwrap().unwrap();
            let known = [
                theirs.any,
                theirs.server_auth,
                theirs.client_auth,
                theirs.code_signing,
                theirs.email_protection,
                theirs.time_stamping,
                theirs.ocsp_signing,
            ];
            let known = known.iter().filter(|known| **known).count();
            assert_eq!(ours.map(Result::unwrap).count(), known + theirs.other.len());
        }
        _ => {}
    }
}

fn agrees_on(ours: &GeneralName, theirs: &extensions::GeneralName) {
    use extensions::GeneralName as Theirs;
    match (ours, theirs) {
        (GeneralName::Dns(ours), Theirs::DNSName(theirs))
        | (GeneralName::Email(ours), Theirs::RFC822Name(theirs))
        | (GeneralName::Uri(ours), Theirs::URI(theirs)) => assert_eq!(ours, theirs),
        (GeneralName::Ip(ours), Theirs::IPAddress(theirs)) => match ours {
            std::net::IpAddr::V4(ours) => assert_eq!(ours.octets(), *theirs),
            std::net::IpAddr::V6(ours) => assert_eq!(ours.octets(), *theirs),
        },
        (GeneralName::Directory(ours), Theirs::DirectoryName(theirs)) => {
            assert_eq!(ours.der(), theirs.as_raw());
        }
        (GeneralName::RegisteredId(ours), Theirs::RegisteredID(theirs)) => {
            assert_eq!(ours.content(), theirs.as_bytes());
        }
        (GeneralName::Other { type_id, value }, Theirs::OtherName(oid, theirs)) => {
            assert_eq!(type_id.content(), oid.as_bytes());
            // Theirs is with the tag around it.
            assert!(theirs.ends_with(value));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
#[cfg_attr(miri, ignore = "x509-parser takes minutes")]
fn certificates_of_openssl() {
    for (name, der) in fixtures::CERTIFICATES {
        agrees(der);
        let certificate = Certificate::from_der(der).unwrap();
        let key = certificate.public_key().unwrap();
        let matches = match *name {
            "rsa" | "rsa-signed-by-pss" => matches!(key, PublicKey::Rsa(_)),
            "rsa-pss" => matches!(key, PublicKey::RsaPss { parameters: Some(_), .. }),
            "dsa" => matches!(key, PublicKey::Dsa { parameters: Some(_), .. }),
            "explicit" => {
                matches!(key, PublicKey::Ec { parameters: EcParameters::Explicit(_), .. })
            }
            "ed25519" => matches!(key, PublicKey::Edwards { curve: Curve::ED25519, .. }),
            "ed448" => matches!(key, PublicKey::Edwards { curve: Curve::ED448, .. }),
            "x25519" => matches!(key, PublicKey::Montgomery { curve: Curve::X25519, .. }),
            "p384" => has_curve(key, Curve::P384),
            "p521" => has_curve(key, Curve::P521),
            "ml-dsa-44" | "ml-dsa-65" | "ml-dsa-87" => {
                matches!(key, PublicKey::PostQuantum { set, .. } if set.family() == Family::MlDsa)
            }
            _ => has_curve(key, Curve::P256),
        };
        assert!(matches, "{name}: {key:?}");
        assert_eq!(key.to_spki_der().unwrap(), certificate.subject_public_key_info.der, "{name}");
        certificate.extensions.check().unwrap();
        tlv::check(der).unwrap();
    }
}

fn has_curve(key: PublicKey, curve: Curve) -> bool {
    matches!(key, PublicKey::Ec { parameters, .. } if parameters.curve() == Some(curve))
}

#[test]
fn algorithms_of_openssl() {
    for (name, algorithm) in [
        ("rsa", SignatureAlgorithm::SHA256_WITH_RSA),
        ("dsa", SignatureAlgorithm::DSA_WITH_SHA256),
        ("p256", SignatureAlgorithm::ECDSA_WITH_SHA256),
        ("p384", SignatureAlgorithm::ECDSA_WITH_SHA384),
        ("p521", SignatureAlgorithm::ECDSA_WITH_SHA512),
        ("sha3", SignatureAlgorithm::ECDSA_WITH_SHA3_256),
        ("ed25519", SignatureAlgorithm::ED25519),
        ("ed448", SignatureAlgorithm::ED448),
        ("ml-dsa-44", SignatureAlgorithm::ML_DSA_44),
        ("ml-dsa-65", SignatureAlgorithm::ML_DSA_65),
        ("ml-dsa-87", SignatureAlgorithm::ML_DSA_87),
    ] {
        let certificate = Certificate::from_der(fixtures::certificate(name)).unwrap();
        assert_eq!(certificate.signature_algorithm, algorithm.identifier(), "{name}");
    }
}

/// RSASSA-PSS is not in the table: its identifier is made with parameters.
#[test]
fn pss_of_openssl() {
    for (name, parameters) in [
        ("rsa-pss", PssParameters::new(Digest::SHA256, 32)),
        ("rsa-signed-by-pss", PssParameters::new(Digest::SHA384, 48)),
    ] {
        let certificate = Certificate::from_der(fixtures::certificate(name)).unwrap();
        let parameters = parameters.to_der().unwrap();
        let made = AlgorithmIdentifier { oid: RSASSA_PSS, parameters: Some(&parameters) };
        assert_eq!(certificate.signature_algorithm, made, "{name}");
    }
}

/// Mozilla's roots, whole: each is read, its slices are those of x509-parser, its key is
/// written again byte for byte.
#[test]
#[cfg_attr(miri, ignore = "118 certificates, each read twice")]
fn all_certificates_of_a_root_store() {
    let mut kinds = [0; 2];
    for der in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
        agrees(der);
        let certificate = Certificate::from_der(der).unwrap();
        let key = certificate.public_key().unwrap();
        assert_eq!(key.to_spki_der().unwrap(), certificate.subject_public_key_info.der);
        match key {
            PublicKey::Rsa(_) => kinds[0] += 1,
            PublicKey::Ec { .. } => kinds[1] += 1,
            other => panic!("{other:?}"),
        }
        assert!(certificate.extensions.basic_constraints().unwrap().unwrap().ca);
        certificate.extensions.check().unwrap();
        let name = certificate.subject.to_string();
        assert!(!name.contains(['#', '…']), "{name}");

        // The parts, put together again.
        let assembled = Certificate::assemble(
            certificate.tbs_certificate,
            certificate.signature_algorithm,
            certificate.signature,
        );
        assert_eq!(assembled.unwrap(), der.as_ref());
    }
    let all = webpki_root_certs::TLS_SERVER_ROOT_CERTS.len();
    assert_eq!(kinds[0] + kinds[1], all);
    assert!(kinds.iter().all(|count| *count > 20), "{kinds:?}");
}

#[test]
fn hashes_of_keys() {
    let issuer = Certificate::from_der(fixtures::certificate("rsa")).unwrap();
    let hash = issuer.hash_of_subject_public_key(Sha1::digest);
    assert_eq!(issuer.extensions.subject_key_identifier(), Ok(Some(&hash[..])));
    assert_eq!(issuer.hash_of_issuer_public_key(&issuer, Sha1::digest), Ok(hash));

    let other = Certificate::from_der(fixtures::certificate("p256")).unwrap();
    let result = other.hash_of_issuer_public_key(&issuer, Sha1::digest);
    assert_eq!(crate::fault(result), (None, pkcs11_codec::ErrorKind::NotTheIssuer));
}

#[test]
fn every_extension() {
    let certificate = Certificate::from_der(fixtures::certificate("extensions")).unwrap();
    assert_eq!(certificate.extensions.iter().map(Result::unwrap).count(), 11);
    let issuer = certificate.extensions.get(extension::ISSUER_ALTERNATIVE_NAME).unwrap().unwrap();
    assert_eq!(issuer.value, b"\x30\x10\x81\x0eca@example.org");
    assert!(!issuer.critical);
    assert!(certificate.extensions.get(extension::KEY_USAGE).unwrap().unwrap().critical);
}

/// What the issue promises: all of it are slices of the bytes that came in.
#[test]
fn slices_are_of_the_input() {
    for (_, der) in fixtures::CERTIFICATES {
        let certificate = Certificate::from_der(der).unwrap();
        let range = der.as_ptr_range();
        for slice in [
            certificate.tbs_certificate,
            certificate.serial_number,
            certificate.issuer.der(),
            certificate.subject.der(),
            certificate.subject_public_key_info.der,
            certificate.signature,
            certificate.extensions.der().unwrap_or(der),
        ] {
            let slice = slice.as_ptr_range();
            assert!(range.start <= slice.start && slice.end <= range.end);
        }
    }
}
