//! The frame of a certificate: what must be refused, where, and what must not.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    spki::PublicKey,
    tlv::Tag,
    x509::{Certificate, Version, extension},
};
use rstest::rstest;

use crate::{
    fault, fixtures,
    make::{self, sequence, tlv},
};

fn made(edit: impl FnOnce(&mut make::Certificate)) -> Vec<u8> {
    let mut parts = make::Certificate::default();
    edit(&mut parts);
    parts.to_der()
}

#[test]
fn the_parts_make_a_certificate() {
    let der = made(|_| {});
    let certificate = Certificate::from_der(&der).unwrap();
    assert_eq!(certificate.version, Version::V3);
    assert_eq!(certificate.subject.to_string(), "CN=subject");
    assert_eq!(certificate.issuer.to_string(), "CN=issuer");
    assert!(matches!(certificate.public_key(), Ok(PublicKey::Edwards { .. })));
    assert_eq!(certificate.extensions.der(), None);
    assert_eq!(certificate.extensions.iter().count(), 0);
}

/// What a case replaces.
enum Part {
    Version,
    SerialNumber,
    Issuer,
    Validity,
    Rest,
    OuterAlgorithm,
    Signature,
    After,
}

/// The headers of the certificate and of what is signed have 3 bytes each, so the version
/// stands at 6, the serial number at 11, the outer algorithm at 136 and the signature at 143.
/// With a short name or without validity, what is signed has a header of 2 bytes.
#[rstest]
#[case::v1_spelt_out(Part::Version, &hex!("a003020100"), 6, ErrorKind::ExplicitDefault)]
#[case::v4(
    Part::Version, &hex!("a003020103"),
    8, ErrorKind::UnsupportedVersion { expected: 2 },
)]
#[case::negative_version(Part::Version, &hex!("a0030201ff"), 10, ErrorKind::NegativeInteger)]
#[case::two_versions(
    Part::Version, &hex!("a006020102020102"),
    11, ErrorKind::TrailingData { left: 3 },
)]
#[case::primitive_version(
    Part::Version, &hex!("80020201"),
    6, ErrorKind::UnexpectedTag { expected: Tag::INTEGER, found: Tag::context(0) },
)]
#[case::padded_serial_number(
    Part::SerialNumber, &hex!("02020007"), 13, ErrorKind::NonMinimalInteger,
)]
#[case::no_serial_number(Part::SerialNumber, &hex!("0200"), 13, ErrorKind::Empty)]
#[case::enumerated_serial_number(
    Part::SerialNumber, &hex!("0a0107"),
    11, ErrorKind::UnexpectedTag { expected: Tag::INTEGER, found: Tag::ENUMERATED },
)]
#[case::another_algorithm(
    Part::OuterAlgorithm, &hex!("300506032b6571"),
    136, ErrorKind::AlgorithmMismatch,
)]
#[case::another_parameter(
    Part::OuterAlgorithm, &hex!("300706032b65700500"),
    136, ErrorKind::AlgorithmMismatch,
)]
#[case::no_algorithm(
    Part::OuterAlgorithm, &hex!("3000"),
    138, ErrorKind::Missing { expected: Tag::OBJECT_IDENTIFIER },
)]
#[case::unused_bits(Part::Signature, &hex!("03020780"), 145, ErrorKind::UnusedBits)]
#[case::no_bit_string(Part::Signature, &hex!("0300"), 145, ErrorKind::InvalidBitString)]
#[case::octet_string(
    Part::Signature, &hex!("040109"),
    143, ErrorKind::UnexpectedTag { expected: Tag::BIT_STRING, found: Tag::OCTET_STRING },
)]
#[case::more(Part::After, &hex!("0500"), 210, ErrorKind::TrailingData { left: 2 })]
#[case::more_signed(
    Part::Rest, &hex!("0500"), 136, ErrorKind::TrailingData { left: 2 },
)]
#[case::extensions_before_identifiers(
    Part::Rest, &hex!("a3023000 810100"), 140, ErrorKind::TrailingData { left: 3 },
)]
#[case::identifier_of_no_octets(Part::Rest, &hex!("8100"), 138, ErrorKind::InvalidBitString)]
#[case::identifier_of_nine_unused_bits(
    Part::Rest, &hex!("810100 82020901"), 141, ErrorKind::InvalidBitString,
)]
#[case::identifier_with_an_unused_bit_set(
    Part::Rest, &hex!("82020701"), 138, ErrorKind::InvalidBitString,
)]
#[case::constructed_identifier(
    Part::Rest, &hex!("a10403020001"), 136, ErrorKind::TrailingData { left: 6 },
)]
#[case::extensions_of_something_else(
    Part::Rest, &hex!("a3023100"),
    138, ErrorKind::UnexpectedTag { expected: Tag::SEQUENCE, found: Tag::SET },
)]
#[case::two_lists_of_extensions(
    Part::Rest, &hex!("a30430003000"), 140, ErrorKind::TrailingData { left: 2 },
)]
#[case::name_of_something_else(
    Part::Issuer, &hex!("3100"),
    20, ErrorKind::UnexpectedTag { expected: Tag::SEQUENCE, found: Tag::SET },
)]
#[case::indefinite_name(
    Part::Issuer, &hex!("30800000"), 21, ErrorKind::IndefiniteLength,
)]
#[case::long_length(
    Part::Issuer, &hex!("308100"), 21, ErrorKind::NonMinimalLength,
)]
#[case::no_time(
    Part::Validity, &[],
    103, ErrorKind::Missing { expected: Tag::SEQUENCE },
)]
fn what_is_no_certificate_is_refused(
    #[case] part: Part,
    #[case] bytes: &[u8],
    #[case] position: usize,
    #[case] kind: ErrorKind,
) {
    let der = made(|parts| {
        let part = match part {
            Part::Version => &mut parts.version,
            Part::SerialNumber => &mut parts.serial_number,
            Part::Issuer => &mut parts.issuer,
            Part::Validity => &mut parts.validity,
            Part::Rest => &mut parts.rest,
            Part::OuterAlgorithm => &mut parts.outer_algorithm,
            Part::Signature => &mut parts.signature,
            Part::After => &mut parts.after,
        };
        *part = bytes.to_vec();
    });
    assert_eq!(fault(Certificate::from_der(&der)), (Some(position), kind));
}

#[test]
fn nothing_stands_behind_a_certificate() {
    let mut der = made(|_| {});
    let end = der.len();
    der.push(0);
    let kind = ErrorKind::TrailingData { left: 1 };
    assert_eq!(fault(Certificate::from_der(&der)), (Some(end), kind));
}

/// Each byte that is cut is missed, and each that is changed changes no more than the answer.
#[test]
#[cfg_attr(miri, ignore = "40,000 certificates are read")]
fn cut_and_changed() {
    for (name, der) in fixtures::x509::CERTIFICATES {
        for length in 0..der.len() {
            Certificate::from_der(&der[..length]).unwrap_err();
        }
        if der.len() > 1000 {
            continue;
        }
        let mut changed = der.to_vec();
        for index in 0..der.len() {
            for bit in 0..8 {
                changed[index] ^= 1 << bit;
                if let Ok(certificate) = Certificate::from_der(&changed) {
                    assert_eq!(certificate.der, changed, "{name}");
                    let _ = certificate.public_key();
                    let _ = certificate.extensions.check();
                    let _ = certificate.extensions.subject_alternative_names();
                    let _ = format!("{certificate:?}");
                }
                changed[index] ^= 1 << bit;
            }
        }
    }
}

#[rstest]
#[case::negative(&hex!("020180"))]
#[case::zero(&hex!("020100"))]
#[case::minus_one(&hex!("0201ff"))]
#[case::of_21_octets(&hex!("0215 00ffffffffffffffffffffffffffffffffffffffff"))]
#[case::of_64_octets(&tlv(2, &[&[7; 64]]))]
fn serial_numbers_of_the_world(#[case] serial_number: &[u8]) {
    let der = made(|parts| parts.serial_number = serial_number.to_vec());
    assert_eq!(Certificate::from_der(&der).unwrap().serial_number, serial_number);
}

#[test]
fn serial_numbers_of_openssl() {
    for (name, serial_number) in [
        ("v1-negative", &hex!("020180")[..]),
        ("v1-zero", &hex!("020100")),
        ("strings", &hex!("0216 0080112233445566778899aabbccddeeff0011223344")[..]),
    ] {
        let der = fixtures::x509::certificate(name);
        let Ok(certificate) = Certificate::from_der(der) else { panic!("{name}") };
        assert_eq!(certificate.serial_number.len(), serial_number.len(), "{name}");
        assert_eq!(certificate.serial_number, serial_number, "{name}");
    }
}

#[test]
fn old_versions() {
    let v1 = Certificate::from_der(fixtures::x509::certificate("v1-zero")).unwrap();
    assert_eq!(v1.version, Version::V1);
    assert_eq!(v1.extensions.der(), None);

    let identifiers = made(|parts| {
        parts.version = hex!("a003020101").into();
        parts.rest = hex!("8102 00aa 8203 04bbb0").into();
    });
    let v2 = Certificate::from_der(&identifiers).unwrap();
    assert_eq!(v2.version, Version::V2);
    let issuer = v2.issuer_unique_id.unwrap();
    assert_eq!((issuer.bytes(), issuer.unused_bits()), (&hex!("aa")[..], 0));
    let subject = v2.subject_unique_id.unwrap();
    assert_eq!((subject.bytes(), subject.unused_bits()), (&hex!("bbb0")[..], 4));

    // Extensions came with version 3; certificates of version 1 that have some exist.
    let extended = made(|parts| {
        parts.version = Vec::new();
        parts.rest = tlv(0xa3, &[&sequence(&[&sequence(&[&hex!("0603551d0e 0403 0401aa")])])]);
    });
    let v1 = Certificate::from_der(&extended).unwrap();
    assert_eq!(v1.version, Version::V1);
    assert_eq!(v1.extensions.subject_key_identifier(), Ok(Some(&[0xaa][..])));
}

/// What spoils one answer spoils no other: names, parameters, dates, keys, extensions.
#[test]
fn what_is_in_a_field_is_opaque() {
    let algorithm = hex!("3008 06032b6571 ff ff ff");
    let der = made(|parts| {
        // An attribute whose value is no element: the length says 9 bytes and 2 are there.
        let attribute = sequence(&[&hex!("0603550403 0c09 6162")]);
        parts.subject = sequence(&[&tlv(0x31, &[&attribute])]);
        parts.issuer = hex!("3003 ffffff").into();
        parts.inner_algorithm = algorithm.to_vec();
        parts.outer_algorithm = algorithm.to_vec();
        parts.validity = hex!("3002 0500").into();
        parts.key = sequence(&[&algorithm, &hex!("0302 0001")]);
        parts.rest = hex!("a304 3002 ffff").into();
    });
    let certificate = Certificate::from_der(&der).unwrap();
    assert_eq!(certificate.signature_algorithm.parameters, Some(&[0xff; 3][..]));
    assert_eq!(certificate.subject.to_string(), "CN=#0c096162");
    assert_eq!(certificate.issuer.to_string(), "…");
    certificate.validity.not_before().unwrap_err();
    certificate.validity.not_after().unwrap_err();
    certificate.public_key().unwrap_err();
    certificate.extensions.key_usage().unwrap_err();
    certificate.extensions.get(extension::KEY_USAGE).unwrap_err();
    assert_eq!(certificate.subject_public_key_info.key, [0x01]);
    assert_eq!(certificate.serial_number, [2, 1, 7]);
}

/// Positions are of the certificate, also in what is read later.
#[test]
fn positions_are_of_the_whole() {
    let der = made(|parts| {
        parts.key = sequence(&[&hex!("3005 06032b6570"), &hex!("0302 0001")]);
        parts.rest = hex!("a30d 300b 3009 0603551d0f 0402 0500").into();
    });
    let certificate = Certificate::from_der(&der).unwrap();
    let (position, kind) = fault(certificate.public_key());
    assert_eq!(kind, ErrorKind::WrongLength { expected: 32, found: 1 });
    assert_eq!(der[position.unwrap()..][..4], hex!("03020001"));
    let (position, kind) = fault(certificate.extensions.key_usage());
    assert_eq!(kind, ErrorKind::UnexpectedTag { expected: Tag::BIT_STRING, found: Tag::NULL });
    assert_eq!(der[position.unwrap()..][..2], hex!("0500"));
}
