//! Curves that are spelt out.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    ec::{Basis, Curve, EcParameters, EcPrivateKey, ExplicitParameters, Field, FieldKind},
    oid::Oid,
    tlv::Tag,
};
use rstest::rstest;

use crate::{
    fault,
    fixtures::ec::{SECP112R1_HYBRID, SECT113R1_HYBRID, keys},
};

/// y² = x³ + x + 1 over the integers modulo 23, with 28 points.
const SMALL: [u8; 38] = hex!(
    "30 24 020101 300c 0607 2a8648ce3d0101 0201 17 3006 0401 01 0401 01 0403 04030a"
    "0201 1c 0201 01"
);

#[test]
fn the_parts() {
    let small = ExplicitParameters::from_der(&SMALL).unwrap();
    let parts = ExplicitParameters {
        version: 1,
        field: Field::Prime(&[23]),
        a: &[1],
        b: &[1],
        seed: None,
        base: &[0x04, 0x03, 0x0a],
        order: &[28],
        cofactor: Some(&[1]),
        hash: None,
    };
    assert_eq!(small, parts);
    assert_eq!(parts.to_der().unwrap(), SMALL);
    assert_eq!(
        (small.field_bits(), small.field_bytes(), small.order_bytes()),
        (Some(5), Some(1), 1)
    );
    assert_eq!(EcParameters::from_der(&SMALL), Ok(EcParameters::Explicit(&SMALL)));
    assert_eq!(EcParameters::Explicit(&SMALL).explicit(), Some(small));
}

/// The parameters of every curve of OpenSSL say what the table says.
#[test]
#[cfg_attr(miri, ignore = "all curves take it minutes")]
fn every_curve() {
    for keys in keys() {
        for der in [&keys.explicit, &keys.compressed] {
            let key = EcPrivateKey::from_der(der).unwrap();
            let Some(EcParameters::Explicit(der)) = key.parameters else {
                panic!("{}: {key:?}", keys.name);
            };
            let explicit = ExplicitParameters::from_der(der).unwrap();
            assert_eq!(explicit.to_der().unwrap(), der, "{}", keys.name);
            assert_eq!(explicit.version, 1);
            let Some(curve) = Curve::from_name(keys.name) else { continue };
            assert_eq!(explicit.field_kind(), Some(curve.field_kind()), "{}", keys.name);
            assert_eq!(explicit.field_bits(), Some(curve.field_bits()), "{}", keys.name);
            assert_eq!(explicit.order_bytes(), curve.order_bytes(), "{}", keys.name);
        }
    }
}

#[rstest]
#[case(SECP112R1_HYBRID, Curve::SECP112R1)]
#[case(SECT113R1_HYBRID, Curve::SECT113R1)]
fn hybrid_base_points(#[case] der: &[u8], #[case] curve: Curve) {
    let explicit = ExplicitParameters::from_der(der).unwrap();
    assert!(
        matches!(explicit.base, [0x06 | 0x07, rest @ ..] if rest.len() == 2 * curve.field_bytes())
    );
    assert_eq!(explicit.to_der().unwrap(), der);
    assert!(explicit.seed.is_some());
}

/// What OpenSSL does not write: by hand, after X9.62 and RFC 3279 §2.3.5.
#[rstest]
// A seed of a byte, no cofactor.
#[case(&hex!(
    "30 25 020102 300c 0607 2a8648ce3d0101 0201 17 300a 0401 01 0401 01 0302 0007 0403 04030a"
    "0201 1c"
), Some(FieldKind::Prime))]
// Version 3, with a hash function, and version 1 with one and without a seed.
#[case(&hex!(
    "30 34 020103 300c 0607 2a8648ce3d0101 0201 17 300a 0401 01 0401 01 0302 0007 0403 04030a"
    "0201 1c 0201 01 300a 0608 2a864886f70d0205"
), Some(FieldKind::Prime))]
#[case(&hex!(
    "30 30 020101 300c 0607 2a8648ce3d0101 0201 17 3006 0401 01 0401 01 0403 04030a"
    "0201 1c 0201 01 300a 0608 2a864886f70d0205"
), Some(FieldKind::Prime))]
// gnBasis.
#[case(&hex!(
    "30 35 020101 301b 0607 2a8648ce3d0102 3010 0201 05 0609 2a8648ce3d01020301 0500"
    "3006 0401 01 0401 01 0403 04030a 0201 1c 0201 01"
), Some(FieldKind::Binary))]
// Another basis, with parameters.
#[case(&hex!(
    "30 31 020101 301a 0607 2a8648ce3d0102 300f 0201 05 0603 2a0304 3005 0201ff 0500"
    "3006 0401 01 0401 01 0403 04030a 0201 1c"
), Some(FieldKind::Binary))]
// Another field.
#[case(&hex!(
    "30 1b 020101 3007 0603 2a0304 0500 3006 0401 01 0401 01 0401 99 0201 1c"
), None)]
fn rare_forms(#[case] der: &[u8], #[case] kind: Option<FieldKind>) {
    // The length is counted here, so that the cases above need no counting.
    let mut der = der.to_vec();
    der[1] = u8::try_from(der.len() - 2).unwrap();
    let explicit = ExplicitParameters::from_der(&der).unwrap();
    assert_eq!(explicit.field_kind(), kind);
    assert_eq!(explicit.field_bytes(), kind.map(|_| 1));
    assert_eq!(explicit.to_der().unwrap(), der);
    assert_eq!(EcParameters::from_der(&der).unwrap().to_der().unwrap(), der);
}

/// `SMALL` with the bytes in a range replaced, and the outer length to match.
fn changed(range: std::ops::Range<usize>, by: &[u8]) -> Vec<u8> {
    let mut der = SMALL.to_vec();
    der.splice(range, by.iter().copied());
    der[1] = u8::try_from(der.len() - 2).unwrap();
    der
}

#[rstest]
#[case::version_0(2..5, &hex!("020100"), 2, ErrorKind::UnsupportedVersion { expected: 1 })]
#[case::version_4(2..5, &hex!("020104"), 2, ErrorKind::UnsupportedVersion { expected: 1 })]
#[case::version_2_without_a_seed(2..5, &hex!("020102"), 27,
    ErrorKind::Missing { expected: Tag::BIT_STRING })]
#[case::version_3_without_a_seed(2..5, &hex!("020103"), 27,
    ErrorKind::Missing { expected: Tag::BIT_STRING })]
#[case::negative_prime(16..19, &hex!("020197"), 18, ErrorKind::NegativeInteger)]
#[case::even_prime(16..19, &hex!("020116"), 5, ErrorKind::InvalidCurve)]
#[case::prime_3(16..19, &hex!("020103"), 5, ErrorKind::InvalidCurve)]
#[case::long_prime(5..19, &hex!("300d 0607 2a8648ce3d0101 0202 0017"), 18,
    ErrorKind::NonMinimalInteger)]
#[case::no_prime(5..19, &hex!("3009 0607 2a8648ce3d0101"), 16,
    ErrorKind::Missing { expected: Tag::INTEGER })]
#[case::trailing_in_the_field(5..19, &hex!("300e 0607 2a8648ce3d0101 0201 17 0500"), 19,
    ErrorKind::TrailingData { left: 2 })]
#[case::degree_0(5..19,
    &hex!("301b 0607 2a8648ce3d0102 3010 0201 00 0609 2a8648ce3d01020301 0500"), 5,
    ErrorKind::InvalidCurve)]
#[case::trinomial_k_is_the_degree(5..19,
    &hex!("301c 0607 2a8648ce3d0102 3011 0201 05 0609 2a8648ce3d01020302 0201 05"), 5,
    ErrorKind::InvalidCurve)]
#[case::no_sequence_of_coefficients(19..27, &hex!("0401 01 0401 01"), 19,
    ErrorKind::UnexpectedTag { expected: Tag::SEQUENCE, found: Tag::OCTET_STRING })]
#[case::long_a(19..27, &hex!("3007 0402 0001 0401 01"), 21,
    ErrorKind::IntegerTooLarge { max_bytes: 1 })]
#[case::empty_b(19..27, &hex!("3005 0401 01 0400"), 24, ErrorKind::Empty)]
#[case::seed_of_half_bytes(19..27, &hex!("300a 0401 01 0401 01 0302 0400"), 29,
    ErrorKind::UnusedBits)]
#[case::short_base(27..32, &hex!("0402 0403"), 27,
    ErrorKind::WrongLength { expected: 3, found: 2 })]
#[case::long_hybrid_base(27..32, &hex!("0404 06030a00"), 27,
    ErrorKind::WrongLength { expected: 3, found: 4 })]
#[case::base_at_infinity(27..32, &hex!("0401 00"), 27, ErrorKind::InvalidPoint)]
#[case::empty_base(27..32, &hex!("0400"), 27, ErrorKind::Empty)]
#[case::negative_order(32..35, &hex!("02019c"), 34, ErrorKind::NegativeInteger)]
#[case::order_0(32..35, &hex!("020100"), 32, ErrorKind::InvalidCurve)]
#[case::order_1(32..35, &hex!("020101"), 32, ErrorKind::InvalidCurve)]
#[case::no_order(32..38, &[], 32, ErrorKind::Missing { expected: Tag::INTEGER })]
#[case::negative_cofactor(35..38, &hex!("0201ff"), 37, ErrorKind::NegativeInteger)]
#[case::no_hash(35..38, &hex!("0201010500"), 38,
    ErrorKind::UnexpectedTag { expected: Tag::SEQUENCE, found: Tag::NULL })]
#[case::long_length_in_the_hash(35..38, &hex!("020101 3006 06012a 048100"), 44,
    ErrorKind::NonMinimalLength)]
#[case::two_hashes(35..38, &hex!("3003 06012a 3003 06012a"), 40,
    ErrorKind::TrailingData { left: 5 })]
fn near_misses(
    #[case] range: std::ops::Range<usize>,
    #[case] by: &[u8],
    #[case] position: usize,
    #[case] kind: ErrorKind,
) {
    let der = changed(range, by);
    assert_eq!(fault(ExplicitParameters::from_der(&der)), (Some(position), kind));
    assert_eq!(fault(EcParameters::from_der(&der)), (Some(position), kind));
    // Inside a key, further on: 30 len 020101 0401 17 a0 len.
    let inner = [&[0xa0, u8::try_from(der.len()).unwrap()][..], &der].concat();
    let key = [&hex!("020101 0401 17")[..], &inner].concat();
    let key = [&[0x30, u8::try_from(key.len()).unwrap()][..], &key].concat();
    assert_eq!(fault(EcPrivateKey::from_der(&key)), (Some(position + 10), kind));
}

#[test]
fn polynomials_have_the_degree_of_the_field() {
    let small = ExplicitParameters::from_der(&SMALL).unwrap();
    let with =
        |degree, basis| ExplicitParameters { field: Field::Binary { degree, basis }, ..small };
    let other = Oid::from_content(&[0x2a]).unwrap();
    for good in [
        with(5, Basis::Normal),
        with(5, Basis::Trinomial { k: 1 }),
        with(5, Basis::Trinomial { k: 4 }),
        with(5, Basis::Pentanomial { k1: 1, k2: 2, k3: 4 }),
        with(5, Basis::Other { basis: other, parameters: &[0x05, 0x00] }),
    ] {
        let der = good.to_der().unwrap();
        assert_eq!(ExplicitParameters::from_der(&der), Ok(good));
    }
    for wrong in [
        with(0, Basis::Normal),
        with(5, Basis::Trinomial { k: 0 }),
        with(5, Basis::Trinomial { k: 5 }),
        with(5, Basis::Pentanomial { k1: 0, k2: 2, k3: 4 }),
        with(5, Basis::Pentanomial { k1: 2, k2: 2, k3: 4 }),
        with(5, Basis::Pentanomial { k1: 1, k2: 4, k3: 4 }),
        with(5, Basis::Pentanomial { k1: 1, k2: 2, k3: 5 }),
        with(0, Basis::Other { basis: other, parameters: &[0x05, 0x00] }),
    ] {
        assert_eq!(fault(wrong.to_der()), (None, ErrorKind::InvalidCurve), "{wrong:?}");
    }
}

#[test]
fn what_is_not_read_is_not_written() {
    let small = ExplicitParameters::from_der(&SMALL).unwrap();
    let other = Oid::from_content(&[0x2a]).unwrap();
    let field = |parameters| Field::Other { field: other, parameters };
    for (wrong, kind) in [
        (ExplicitParameters { version: 7, ..small }, ErrorKind::UnsupportedVersion { expected: 1 }),
        (
            ExplicitParameters { version: 2, ..small },
            ErrorKind::Missing { expected: Tag::BIT_STRING },
        ),
        (ExplicitParameters { order: &[], ..small }, ErrorKind::Empty),
        (ExplicitParameters { cofactor: Some(&[]), ..small }, ErrorKind::Empty),
        (ExplicitParameters { a: &[], ..small }, ErrorKind::Empty),
        (ExplicitParameters { field: Field::Prime(&[]), ..small }, ErrorKind::Empty),
        (ExplicitParameters { field: field(&[]), ..small }, ErrorKind::Empty),
        (
            ExplicitParameters { field: field(&[0x05, 0x00, 0x05, 0x00]), ..small },
            ErrorKind::TrailingData { left: 2 },
        ),
        (ExplicitParameters { field: field(&[0x05]), ..small }, ErrorKind::IncompleteHeader),
    ] {
        assert_eq!(fault(wrong.to_der()), (None, kind), "{wrong:?}");
    }
    // Leading zeros of a number are none of DER's.
    let padded = ExplicitParameters { order: &[0, 0, 28], field: Field::Prime(&[0, 23]), ..small };
    assert_eq!((padded.order_bytes(), padded.field_bits()), (1, Some(5)));
    assert_eq!(padded.to_der().unwrap(), SMALL);
}

/// The value of a key fits the order also of a curve that is spelt out.
#[test]
fn a_value_larger_than_an_explicit_order() {
    let parameters = Some(EcParameters::Explicit(&SMALL));
    let key = |value| EcPrivateKey::new(parameters, value, Some(&[0x04, 0x03, 0x0a]));
    let der = key(&[0, 0, 5]).to_der().unwrap();
    assert_eq!(EcPrivateKey::from_der(&der).unwrap().value, [5]);
    let too_large = ErrorKind::IntegerTooLarge { max_bytes: 1 };
    assert_eq!(fault(key(&[1, 0]).to_der()), (None, too_large));
    let point = EcPrivateKey::new(parameters, &[5], Some(&[0x04, 0x03]));
    let wrong = ErrorKind::WrongLength { expected: 3, found: 2 };
    assert_eq!(fault(point.to_der()), (None, wrong));
}
