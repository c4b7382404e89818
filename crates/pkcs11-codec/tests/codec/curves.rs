//! The table of curves, against OpenSSL's and the documents.

use std::collections::BTreeSet;

use hex_literal::hex;
use pkcs11_codec::{
    ec::{Curve, CurveKind, EcParameters, FieldKind},
    oid::Oid,
};
use rstest::rstest;

use crate::fixtures::ec::bytes;

/// The parameters of every curve that OpenSSL has; the command stands in its head.
const OPENSSL: &str = include_str!("../fixtures/curves/openssl.tsv");

fn bits(number: &[u8]) -> usize {
    let zeros: u32 = match number.iter().position(|byte| *byte != 0) {
        Some(at) => u32::try_from(8 * at).unwrap() + number[at].leading_zeros(),
        None => panic!("zero"),
    };
    8 * number.len() - usize::try_from(zeros).unwrap()
}

/// 2 ^ (field bits) ≈ order × cofactor, by Hasse's theorem: no row has the size of another.
fn check_hasse(curve: Curve, cofactor: &[u8]) {
    let product = curve.order_bits() + bits(cofactor);
    let near = curve.field_bits()..=curve.field_bits() + 2;
    assert!(near.contains(&product), "{curve}: {product}");
}

#[test]
#[cfg_attr(miri, ignore = "all curves take it minutes")]
fn openssl_has_the_same_rows() {
    let mut curves = BTreeSet::new();
    for line in OPENSSL.lines().filter(|line| !line.starts_with('#')) {
        let [name, parameters, field, size, order, cofactor] =
            *line.split('\t').collect::<Vec<_>>()
        else {
            panic!("{line}");
        };
        let der = bytes(parameters);
        let read = EcParameters::from_der(&der).unwrap();
        // These two have no OBJECT IDENTIFIER.
        if ["Oakley-EC2N-3", "Oakley-EC2N-4"].contains(&name) {
            assert!(matches!(read, EcParameters::Explicit(_)));
            assert_eq!(Curve::from_name(name), None);
            continue;
        }
        let curve = read.curve().unwrap_or_else(|| panic!("no row has the identifier of {name}"));
        assert_eq!(EcParameters::from(curve).to_der().unwrap(), der, "{name}");
        assert_eq!(Curve::from_name(name), Some(curve), "{name}");
        let (kind, field_bits) = match field {
            "prime-field" => (FieldKind::Prime, bits(&bytes(size))),
            "characteristic-two-field" => {
                (FieldKind::Binary, usize::from_str_radix(size, 16).unwrap())
            }
            other => panic!("{other}"),
        };
        assert_eq!((curve.field_kind(), curve.field_bits()), (kind, field_bits), "{name}");
        assert_eq!(curve.order_bits(), bits(&bytes(order)), "{name}");
        assert_eq!(curve.kind(), CurveKind::Weierstrass, "{name}");
        check_hasse(curve, &bytes(cofactor));
        curves.insert(curve.name());
    }
    let others = Curve::ALL.iter().filter(|curve| !curves.contains(curve.name()));
    assert_eq!(others.map(|curve| curve.name()).collect::<Vec<_>>(), OTHERS);
    assert_eq!((curves.len(), Curve::ALL.len()), (80, 91));
}

/// What OpenSSL has not among its curves; each is in a test below.
const OTHERS: [&str; 11] = [
    "c2onb191v4",
    "c2onb191v5",
    "c2onb239v4",
    "c2onb239v5",
    "FRP256v1",
    "X25519",
    "X448",
    "Ed25519",
    "Ed448",
    "Ed25519Legacy",
    "Curve25519Legacy",
];

/// Orders and cofactors of X9.62 §J.4 and of the Journal officiel of 16 October 2011, as in
/// `x962/curves.json` and `anssi/curves.json` of <https://github.com/J08nY/std-curves>; the
/// identifiers of the first four are in RFC 3279 §2.3.5 too.
#[rstest]
#[case("c2onb191v4", "1.2.840.10045.3.0.8", FieldKind::Binary, 191,
    &hex!("4000000000000000000000009CF2D6E3901DAC4C32EEC65D"), 2)]
#[case("c2onb191v5", "1.2.840.10045.3.0.9", FieldKind::Binary, 191,
    &hex!("0FFFFFFFFFFFFFFFFFFFFFFFEEB354B7270B2992B7818627"), 8)]
#[case("c2onb239v4", "1.2.840.10045.3.0.14", FieldKind::Binary, 239,
    &hex!("200000000000000000000000000000474F7E69F42FE430931D0B455AAE8B"), 4)]
#[case("c2onb239v5", "1.2.840.10045.3.0.15", FieldKind::Binary, 239,
    &hex!("1555555555555555555555555555558CF77A5D0589D2A9340D963B7AD703"), 6)]
#[case("FRP256v1", "1.2.250.1.223.101.256.1", FieldKind::Prime, 256,
    &hex!("f1fd178c0b3ad58f10126de8ce42435b53dc67e140d2bf941ffdd459c6d655e1"), 1)]
fn curves_that_openssl_has_not(
    #[case] name: &str,
    #[case] dotted: &str,
    #[case] kind: FieldKind,
    #[case] field_bits: usize,
    #[case] order: &[u8],
    #[case] cofactor: u8,
) {
    let curve = Curve::from_name(name).unwrap();
    assert_eq!(curve.oid().to_string(), dotted);
    assert_eq!((curve.field_kind(), curve.field_bits()), (kind, field_bits));
    assert_eq!(curve.order_bits(), bits(order));
    check_hasse(curve, &[cofactor]);
}

/// The orders of RFC 7748 §4 and RFC 8032 §5: 2^252 and a bit, 2^446 less a bit. The
/// identifiers are those of RFC 8410 §3 and RFC 9580 §9.2.
#[rstest]
#[case(Curve::X25519, "1.3.101.110", CurveKind::Montgomery, 255, 253, 32)]
#[case(Curve::X448, "1.3.101.111", CurveKind::Montgomery, 448, 446, 56)]
#[case(Curve::ED25519, "1.3.101.112", CurveKind::Edwards, 255, 253, 32)]
#[case(Curve::ED448, "1.3.101.113", CurveKind::Edwards, 448, 446, 57)]
#[case(Curve::ED25519_LEGACY, "1.3.6.1.4.1.11591.15.1", CurveKind::Edwards, 255, 253, 32)]
#[case(Curve::CURVE25519_LEGACY, "1.3.6.1.4.1.3029.1.5.1", CurveKind::Montgomery, 255, 253, 32)]
fn curves_of_rfc_7748_and_8032(
    #[case] curve: Curve,
    #[case] dotted: &str,
    #[case] kind: CurveKind,
    #[case] field_bits: usize,
    #[case] order_bits: usize,
    #[case] public_key_bytes: usize,
) {
    assert_eq!(curve.oid().to_string(), dotted);
    assert_eq!((curve.kind(), curve.field_kind()), (kind, FieldKind::Prime));
    assert_eq!((curve.field_bits(), curve.order_bits()), (field_bits, order_bits));
    assert_eq!(curve.public_key_bytes(), public_key_bytes);
}

#[test]
#[cfg_attr(miri, ignore = "all curves take it half a minute")]
fn each_name_and_identifier_is_of_one_curve() {
    for curve in Curve::ALL {
        assert_eq!(Curve::from_oid(curve.oid()), Some(*curve));
        assert!(curve.oid().to_string().contains('.'));
        for name in [curve.name()].iter().chain(curve.aliases()) {
            let spellings =
                [(*name).to_owned(), name.to_ascii_lowercase(), name.to_ascii_uppercase()];
            for name in spellings {
                assert_eq!(Curve::from_name(&name), Some(*curve), "{name}");
            }
        }
    }
    for unknown in ["", "P-255", "secp256r", "prime256v11", "secp256r1 "] {
        assert_eq!(Curve::from_name(unknown), None, "{unknown}");
    }
}

/// Identifiers beside those of the table are of no curve.
#[test]
fn neighbours_are_of_no_curve() {
    for curve in Curve::ALL {
        let content = curve.oid().content();
        let longer = [content, &[0x01]].concat();
        let shorter = Oid::from_content(&content[..content.len() - 1]);
        assert_eq!(Curve::from_oid(Oid::from_content(&longer).unwrap()), None, "{curve}");
        assert_eq!(shorter.ok().and_then(Curve::from_oid), None, "{curve}");
    }
}

/// The orders that are not as long as their field, in bytes: what a signature's size is
/// made of cannot be taken from the field.
#[test]
fn orders_and_fields_differ() {
    let longer: Vec<_> = Curve::ALL
        .iter()
        .filter(|curve| curve.order_bytes() > curve.field_bytes())
        .map(|curve| (curve.name(), curve.field_bytes(), curve.order_bytes()))
        .collect();
    assert_eq!(
        longer,
        [
            ("secp160k1", 20, 21),
            ("secp160r1", 20, 21),
            ("secp160r2", 20, 21),
            ("secp224k1", 28, 29),
            ("wap-wsg-idm-ecid-wtls7", 20, 21),
            ("wap-wsg-idm-ecid-wtls8", 14, 15),
            ("wap-wsg-idm-ecid-wtls9", 20, 21),
        ]
    );
    let shorter: Vec<_> = Curve::ALL
        .iter()
        .filter(|curve| curve.order_bytes() < curve.field_bytes())
        .map(|curve| curve.name())
        .collect();
    assert_eq!(
        shorter,
        [
            "sect233k1",
            "sect409k1",
            "c2pnb176w1",
            "c2pnb208w1",
            "c2pnb272w1",
            "c2pnb304w1",
            "c2pnb368w1",
            "c2tnb431r1",
            "wap-wsg-idm-ecid-wtls1",
            "wap-wsg-idm-ecid-wtls10",
        ]
    );
}
