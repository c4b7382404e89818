//! Curves, `CKA_EC_PARAMS` and `CKA_EC_POINT`.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    ec::{self, Curve, CurveKind, EcParameters},
    oid::Oid,
    tlv::Tag,
};
use rstest::rstest;

use crate::{fault, fixtures};

#[rstest]
#[case(Curve::P192, fixtures::P192_PARAMETERS, "1.2.840.10045.3.1.1", 24, 24)]
#[case(Curve::P224, fixtures::P224_PARAMETERS, "1.3.132.0.33", 28, 28)]
#[case(Curve::P256, fixtures::P256_PARAMETERS, "1.2.840.10045.3.1.7", 32, 32)]
#[case(Curve::P384, fixtures::P384_PARAMETERS, "1.3.132.0.34", 48, 48)]
#[case(Curve::P521, fixtures::P521_PARAMETERS, "1.3.132.0.35", 66, 66)]
#[case(Curve::SECP256K1, fixtures::SECP256K1_PARAMETERS, "1.3.132.0.10", 32, 32)]
#[case(
    Curve::BRAINPOOL_P256R1,
    fixtures::BRAINPOOL_P256R1_PARAMETERS,
    "1.3.36.3.3.2.8.1.1.7",
    32,
    32
)]
#[case(
    Curve::BRAINPOOL_P384R1,
    fixtures::BRAINPOOL_P384R1_PARAMETERS,
    "1.3.36.3.3.2.8.1.1.11",
    48,
    48
)]
#[case(
    Curve::BRAINPOOL_P512R1,
    fixtures::BRAINPOOL_P512R1_PARAMETERS,
    "1.3.36.3.3.2.8.1.1.13",
    64,
    64
)]
// RFC 8410 §3; the sizes of the fields and orders are those of RFC 7748 §4.
#[case(Curve::X25519, &hex!("06 03 2b656e"), "1.3.101.110", 32, 32)]
#[case(Curve::X448, &hex!("06 03 2b656f"), "1.3.101.111", 56, 56)]
#[case(Curve::ED25519, &hex!("06 03 2b6570"), "1.3.101.112", 32, 32)]
#[case(Curve::ED448, &hex!("06 03 2b6571"), "1.3.101.113", 56, 56)]
fn the_table(
    #[case] curve: Curve,
    #[case] der: &[u8],
    #[case] dotted: &str,
    #[case] field_bytes: usize,
    #[case] order_bytes: usize,
) {
    assert_eq!(EcParameters::from(curve).to_der().unwrap(), der);
    assert_eq!(EcParameters::from_der(der).unwrap().curve(), Some(curve));
    assert_eq!(curve.oid().to_string(), dotted);
    assert_eq!((curve.field_bytes(), curve.order_bytes()), (field_bytes, order_bytes));
}

/// PKCS#11 3.x: the curve's name as a PrintableString.
#[rstest]
#[case(Curve::ED25519, &hex!("13 0c 656477617264733235353139"))]
#[case(Curve::ED448, &hex!("13 0a 65647761726473343438"))]
#[case(Curve::X25519, &hex!("13 0a 63757276653235353139"))]
#[case(Curve::X448, &hex!("13 08 6375727665343438"))]
fn curve_names(#[case] curve: Curve, #[case] der: &[u8]) {
    let parameters = curve.name_parameters().unwrap();
    assert_eq!(parameters.to_der().unwrap(), der);
    assert_eq!(EcParameters::from_der(der), Ok(parameters));
    assert_eq!(parameters.curve(), Some(curve));
    assert_eq!(Curve::P256.name_parameters(), None);
}

#[test]
fn other_parameters_pass_through() {
    let unknown = hex!("06 05 2b81040063");
    let named = EcParameters::Named(Oid::from_content(&unknown[2..]).unwrap());
    for (der, parameters) in [
        (&unknown[..], named),
        (&hex!("05 00"), EcParameters::Implicit),
        (&hex!("13 03 616263"), EcParameters::CurveName("abc")),
        (
            fixtures::P521_EXPLICIT_PARAMETERS,
            EcParameters::Explicit(fixtures::P521_EXPLICIT_PARAMETERS),
        ),
    ] {
        assert_eq!(EcParameters::from_der(der), Ok(parameters));
        assert_eq!(parameters.to_der().unwrap(), der);
        assert_eq!(parameters.curve(), None);
    }
}

#[rstest]
#[case(EcParameters::CurveName("a@b"), ErrorKind::InvalidPrintableString)]
#[case(EcParameters::Explicit(&[]), ErrorKind::Missing { expected: Tag::OBJECT_IDENTIFIER })]
#[case(EcParameters::Explicit(&[0x05, 0x00]), ErrorKind::Encoder)]
#[case(EcParameters::Explicit(&[0x30, 0x80, 0x00, 0x00]), ErrorKind::IndefiniteLength)]
fn wrong_parameters_are_not_written(#[case] parameters: EcParameters, #[case] kind: ErrorKind) {
    assert_eq!(fault(parameters.to_der()), (None, kind));
}

/// Bytes do not tell a wrapped key from a raw one: these raw keys look like OCTET STRINGs.
#[test]
fn points_are_wrapped_by_word() {
    let mut p256 = [0; 65];
    p256[..2].copy_from_slice(&hex!("04 3f"));
    let mut x25519 = [0; 32];
    x25519[..2].copy_from_slice(&hex!("04 1e"));
    for (curve, raw) in [(Curve::P256, &p256[..]), (Curve::X25519, &x25519[..])] {
        let wrapped = ec::wrap_point(raw).unwrap();
        assert_eq!(wrapped.len(), raw.len() + 2);
        assert_eq!(ec::unwrap_point(&wrapped).unwrap(), raw);
        curve.check_public_key(raw).unwrap();
        // The caller who is wrong about it learns so from the curve.
        curve.check_public_key(&wrapped).unwrap_err();
        curve.check_public_key(ec::unwrap_point(raw).unwrap()).unwrap_err();
    }
}

#[rstest]
#[case::raw_point(&[0x04; 65], 6, ErrorKind::TrailingData { left: 59 })]
#[case::bit_string(&hex!("03 02 0004"), 0, ErrorKind::UnexpectedTag {
    expected: Tag::OCTET_STRING,
    found: Tag::BIT_STRING,
})]
#[case::nothing(&hex!("04 00"), 2, ErrorKind::Empty)]
#[case::two(&hex!("04 01 07 04 01 07"), 3, ErrorKind::TrailingData { left: 3 })]
fn what_is_not_wrapped_is_refused(
    #[case] der: &[u8],
    #[case] position: usize,
    #[case] kind: ErrorKind,
) {
    assert_eq!(fault(ec::unwrap_point(der)), (Some(position), kind));
}

#[test]
fn public_keys_have_the_size_of_their_curve() {
    assert_eq!(fault(ec::wrap_point(&[])), (None, ErrorKind::Empty));
    for curve in Curve::ALL {
        let mut key = vec![0x04; curve.public_key_bytes()];
        curve.check_public_key(&key).unwrap();
        let (expected, found) = (key.len(), key.len() - 1);
        let kind = ErrorKind::WrongLength { expected, found };
        assert_eq!(fault(curve.check_public_key(&key[1..])), (Some(0), kind));
        assert_eq!(fault(curve.check_public_key(&[])), (Some(0), ErrorKind::Empty));
        if curve.kind() == CurveKind::Weierstrass {
            for first in [0x00, 0x01, 0x05, 0x06, 0x07] {
                key[0] = first;
                let result = curve.check_public_key(&key);
                assert_eq!(fault(result), (Some(0), ErrorKind::InvalidPoint));
            }
            key[0] = 0x03;
            curve.check_public_key(&key[..=curve.field_bytes()]).unwrap();
            curve.check_public_key(&key).unwrap_err();
        }
    }
}
