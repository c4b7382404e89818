//! Private keys of RFC 5915.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    ec::{Curve, EcParameters, EcPrivateKey},
    spki::PublicKey,
    tlv::Tag,
};
use rstest::rstest;

use crate::{
    fault,
    fixtures::ec::{
        P256_EXPLICIT_KEY, P256_KEY, P256_KEY_COMPRESSED, P256_KEY_NO_PUBLIC, RFC_9500_P256,
        RFC_9500_P384, RFC_9500_P521, keys,
    },
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

/// d and the first coordinate as RFC 9500 §2.3 lists them.
#[rstest]
#[case(RFC_9500_P256, Curve::P256,
    &hex!("e6cb5bdd80aa45ae9c95e8c15476679ffec953c16851e711e743939589c64fc1"),
    &hex!("422548f88fb782ffb5eca3744452c72a1e558fbd6f73be5e48e93232cc45c5b1"))]
#[case(RFC_9500_P384, Curve::P384,
    &hex!("e2563328dfabf68188606b91324281c1d58a4456431b09d510b35fecc9f307ca"
          "1822846fa2671371a9a81bac0e35749d"),
    &hex!("5b0901b88523296eb919d50ffa1a9cb374bc4d409586282bfeca11b1d95adbb5"
          "4734af570bf82b7228cf226bcf4c25dd"))]
#[case(RFC_9500_P521, Curve::P521,
    &hex!("01d924dcca0a887f8d99767a37d874e637a12ccb477d6e08665356694d68b765"
          "5e5069638fde7b45c854013dc77a35b18655b84c966a60220d40f91ed9f5145802ea"),
    &hex!("01d0fd7257a84c747f562575c07385dbebf2f52bea58083db82fdd1531d8aae3"
          "cc875ff02ff7fa2da260d8eb62d6d2f5d649278e321736a0628cbbb30308b6e618db"))]
fn rfc_9500_keys(#[case] der: &[u8], #[case] curve: Curve, #[case] d: &[u8], #[case] x: &[u8]) {
    let key = EcPrivateKey::from_der(der).unwrap();
    assert_eq!(key.parameters, Some(curve.into()));
    assert_eq!(key.value, d);
    assert_eq!(&key.point.unwrap()[..=x.len()], [&[0x04], x].concat());
    assert_eq!(*key.to_der().unwrap(), der);
}

/// Each curve of OpenSSL, by name and spelt out: the sizes of the table, of the explicit
/// parameters and of the key agree, and all bytes come back.
#[test]
#[cfg_attr(miri, ignore = "all curves take it minutes")]
fn a_key_on_every_curve() {
    let mut explicit_only = 0;
    for keys in keys() {
        let named = EcPrivateKey::from_der(&keys.named).unwrap();
        let explicit = EcPrivateKey::from_der(&keys.explicit).unwrap();
        let compressed = EcPrivateKey::from_der(&keys.compressed).unwrap();
        assert_eq!(*named.to_der().unwrap(), keys.named, "{}", keys.name);
        assert_eq!(*explicit.to_der().unwrap(), keys.explicit, "{}", keys.name);
        assert_eq!(*compressed.to_der().unwrap(), keys.compressed, "{}", keys.name);
        for other in [&explicit, &compressed] {
            assert_eq!(named.value, other.value, "{}", keys.name);
            let parameters = other.parameters.unwrap();
            assert_eq!(parameters.order_bytes(), Some(named.value.len()), "{}", keys.name);
            assert_eq!(parameters.public_key_bytes(), named.point.map(<[u8]>::len));
            assert_eq!(parameters.curve(), None);
        }
        let parameters = named.parameters.unwrap();
        assert_eq!(parameters.order_bytes(), Some(named.value.len()), "{}", keys.name);
        assert_eq!(named.point, explicit.point);
        let x = parameters.field_bytes().unwrap();
        assert_eq!(compressed.point.unwrap()[1..], named.point.unwrap()[1..=x]);

        let Some(curve) = Curve::from_name(keys.name) else {
            assert_eq!(parameters, explicit.parameters.unwrap());
            explicit_only += 1;
            continue;
        };
        assert_eq!(parameters, curve.into(), "{}", keys.name);
        assert_eq!(curve.order_bytes(), named.value.len());
        assert_eq!(named.point.unwrap().len(), curve.public_key_bytes());

        let spki = PublicKey::from_spki_der(&keys.spki).unwrap();
        assert_eq!(spki, PublicKey::Ec { parameters, point: named.point.unwrap() });
        assert_eq!(spki.to_spki_der().unwrap(), keys.spki);
    }
    assert_eq!((keys().count(), explicit_only), (82, 2));
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
    let long = EcPrivateKey::new(parameters, &value, None);
    assert_eq!(*long.padded(32).unwrap(), [0x17; 32]);
    assert_eq!(long.big_integer(), [0x17; 32]);
    assert_eq!(long.padded(66).unwrap()[..35], [&[0; 34][..], &[0x17]].concat());
    let too_large = ErrorKind::IntegerTooLarge { max_bytes: 31 };
    assert_eq!(fault(long.padded(31)), (None, too_large));
    assert_eq!(fault(long.padded(0)), (None, ErrorKind::UnsupportedOrder));
}

/// What is made here has as many bytes as the order: `cryptography`, with OpenSSL under it,
/// refuses a P-256 key of 31. What was read stays as it is.
#[test]
fn values_made_here_have_the_size_of_the_order() {
    let value = [0x17; 31];
    let explicit = EcPrivateKey::from_der(P256_EXPLICIT_KEY).unwrap().parameters;
    for (parameters, expected) in [
        (Some(Curve::P256.into()), [&[0][..], &value].concat()),
        (Some(Curve::P521.into()), [&[0; 35][..], &value].concat()),
        (explicit, [&[0][..], &value].concat()),
        // Of these there is no telling the order.
        (None, value.to_vec()),
        (Some(EcParameters::from_der(&hex!("0603 2a0304")).unwrap()), value.to_vec()),
    ] {
        for value in [&value[..], &[&[0; 40][..], &value].concat()] {
            let key = EcPrivateKey::new(parameters, value, None);
            let der = key.to_der().unwrap();
            let read = EcPrivateKey::from_der(&der).unwrap();
            if parameters.and_then(|parameters| parameters.order_bytes()).is_some() {
                assert_eq!(read.value, expected);
            } else {
                assert_eq!(read.value, value);
            }
            assert_eq!(read.to_der().unwrap(), der);
        }
    }

    let short = hex!(
        "302f 020101 041e 171717171717171717171717171717171717171717171717171717171717"
        "a00a 0608 2a8648ce3d030107"
    );
    let mut read = EcPrivateKey::from_der(&short).unwrap();
    assert_eq!(*read.to_der().unwrap(), short);
    // Also where the parameters go elsewhere, as they do in PKCS#8.
    read.parameters = None;
    assert_eq!(read.to_der().unwrap()[3..], short[3..short.len() - 12][..]);
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
    let key = EcPrivateKey::new;
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
