//! Private keys of RFC 5915.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    ec::{Curve, EcParameters, EcPrivateKey},
    tlv::Tag,
};
use rstest::rstest;

use crate::{
    fault,
    fixtures::ec::{P256_EXPLICIT_KEY, P256_KEY, P256_KEY_COMPRESSED, P256_KEY_NO_PUBLIC},
};

#[rstest]
#[case::with_point(P256_KEY, Some(65))]
#[case::compressed(P256_KEY_COMPRESSED, Some(33))]
#[case::without_point(P256_KEY_NO_PUBLIC, None)]
fn openssl_keys(#[case] der: &[u8], #[case] point_bytes: Option<usize>) {
    let key = EcPrivateKey::from_der(der).unwrap();
    assert_eq!(key.parameters, Some(EcParameters::from(Curve::P256)));
    assert_eq!(key.value, &P256_KEY[7..39]);
    assert_eq!(key.point.map(<[u8]>::len), point_bytes);
    assert_eq!(*key.to_der().unwrap(), der);
}

#[test]
fn explicit_parameters() {
    let key = EcPrivateKey::from_der(P256_EXPLICIT_KEY).unwrap();
    assert!(matches!(key.parameters, Some(EcParameters::Explicit(der)) if der.len() == 0xfa));
    assert_eq!(*key.to_der().unwrap(), P256_EXPLICIT_KEY);
}

#[test]
fn the_value_is_not_printed() {
    let key = EcPrivateKey::from_der(P256_KEY).unwrap();
    let shown = format!("{key:?}");
    assert!(shown.contains("1.2.840.10045.3.1.7"), "{shown}");
    let bytes = format!("{:?}", key.value);
    assert!(!shown.contains(bytes.trim_matches(['[', ']'])), "{shown}");
}

/// RFC 5915 wants as many bytes as the order has; others are kept as they came.
#[test]
fn shorter_and_longer_values() {
    let short = hex!("30 0f 020101 0402 0017 a006 0604 2a030405");
    let key = EcPrivateKey::from_der(&short).unwrap();
    assert_eq!((key.value, key.big_integer()), (&hex!("0017")[..], &hex!("17")[..]));
    assert_eq!(*key.to_der().unwrap(), short);

    let value = [&[0; 4][..], &[0x17; 32]].concat();
    let parameters = Some(Curve::P256.into());
    let long = EcPrivateKey { parameters, value: &value, point: None };
    let der = long.to_der().unwrap();
    assert_eq!(EcPrivateKey::from_der(&der).unwrap().value, value);
    assert_eq!(*long.padded(32).unwrap(), [0x17; 32]);
    assert_eq!(long.big_integer(), [0x17; 32]);
    assert_eq!(long.padded(66).unwrap()[..35], [&[0; 34][..], &[0x17]].concat());
    let too_large = ErrorKind::IntegerTooLarge { max_bytes: 31 };
    assert_eq!(fault(long.padded(31)), (None, too_large));
    assert_eq!(fault(long.padded(0)), (None, ErrorKind::UnsupportedOrder));
}

#[rstest]
#[case::version_0(&hex!("30 0d 020100 0401 17 a005 0603 2a0304"), 2,
    ErrorKind::UnsupportedVersion { expected: 1 })]
#[case::no_value(&hex!("30 0c 020101 0400 a005 0603 2a0304"), 5, ErrorKind::Empty)]
#[case::value_as_integer(&hex!("30 0d 020101 0201 17 a005 0603 2a0304"), 5,
    ErrorKind::UnexpectedTag { expected: Tag::OCTET_STRING, found: Tag::INTEGER })]
#[case::implicit_tag(&hex!("30 0b 020101 0401 17 a003 2a0304"), 10,
    ErrorKind::UnexpectedTag {
        expected: Tag::OBJECT_IDENTIFIER, found: Tag::from_octet(0x2a),
    })]
#[case::primitive_tag(&hex!("30 0d 020101 0401 17 8005 0603 2a0304"), 8,
    ErrorKind::TrailingData { left: 7 })]
#[case::two_parameters(&hex!("30 12 020101 0401 17 a00a 0603 2a0304 0603 2a0304"), 15,
    ErrorKind::TrailingData { left: 5 })]
#[case::curve_name(&hex!("30 0b 020101 0401 17 a003 1301 61"), 10,
    ErrorKind::UnexpectedTag {
        expected: Tag::OBJECT_IDENTIFIER, found: Tag::PRINTABLE_STRING,
    })]
#[case::edwards_curve(&hex!("30 0d 020101 0401 17 a005 0603 2b6570"), 8,
    ErrorKind::UnsuitableCurve)]
#[case::point_before_parameters(&hex!("30 14 020101 0401 17 a105 0303 000201 a005 0603 2a0304"),
    15, ErrorKind::TrailingData { left: 7 })]
#[case::point_without_a_form(&hex!("30 0d 020101 0401 17 a105 0303 000501"), 8,
    ErrorKind::InvalidPoint)]
#[case::point_of_half_bytes(&hex!("30 0d 020101 0401 17 a105 0303 040200"), 12,
    ErrorKind::UnusedBits)]
#[case::point_of_another_curve(
    &hex!("30 19 020101 0401 17 a00a 0608 2a8648ce3d030107 a105 0303 000201"), 20,
    ErrorKind::WrongLength { expected: 33, found: 2 })]
#[case::trailing(&hex!("30 08 020101 0401 17 0500"), 8, ErrorKind::TrailingData { left: 2 })]
fn near_misses(#[case] der: &[u8], #[case] position: usize, #[case] kind: ErrorKind) {
    assert_eq!(fault(EcPrivateKey::from_der(der)), (Some(position), kind));
}

/// Leading zeros take no room of the order; what is left must not be longer than it.
#[test]
fn a_value_larger_than_the_order() {
    let mut der = P256_KEY_NO_PUBLIC.to_vec();
    (der[1], der[6]) = (0x32, 0x21);
    der.insert(7, 0x00);
    assert_eq!(*EcPrivateKey::from_der(&der).unwrap().to_der().unwrap(), der);
    der[7] = 0x01;
    let too_large = ErrorKind::IntegerTooLarge { max_bytes: 32 };
    assert_eq!(fault(EcPrivateKey::from_der(&der)), (Some(5), too_large));
}

#[test]
fn what_is_not_read_is_not_written() {
    let value = &[0x17; 33][..];
    let key = |parameters, value, point| EcPrivateKey { parameters, value, point };
    for (key, kind) in [
        (key(None, &[], None), ErrorKind::Empty),
        (key(Some(Curve::ED25519.into()), value, None), ErrorKind::UnsuitableCurve),
        (key(Some(EcParameters::CurveName("abc")), value, None), ErrorKind::UnsuitableCurve),
        (key(Some(Curve::P256.into()), value, None), ErrorKind::IntegerTooLarge { max_bytes: 32 }),
        (key(None, value, Some(&[0x05, 0x00])), ErrorKind::InvalidPoint),
    ] {
        assert_eq!(fault(key.to_der()), (None, kind));
    }
    let named = key(Some(EcParameters::CurveName("prime256v1")), &[0x17; 32], None);
    let by_oid = key(Some(Curve::P256.into()), &[0x17; 32], None);
    assert_eq!(named.to_der().unwrap(), by_oid.to_der().unwrap());
}
