//! `CKA_EC_POINT` in the forms that tokens give it.

use std::collections::BTreeMap;

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    ec::{self, Curve, CurveKind, EcParameters, EcPrivateKey, PointForm},
    tlv::Tag,
};
use rstest::rstest;

use crate::{fault, fixtures::ec::keys};

const FORMS: [PointForm; 3] = [PointForm::Raw, PointForm::OctetString, PointForm::BitString];

/// Raw keys on the curve: each length that there is, with bytes that look like a wrapper
/// where they may.
fn raw_keys(curve: Curve) -> Vec<Vec<u8>> {
    if curve.kind() == CurveKind::Weierstrass {
        let looks_wrapped = |bytes: usize, first: u8| {
            let mut raw = vec![0x07; bytes];
            (raw[0], raw[1]) = (first, u8::try_from(bytes - 2).unwrap());
            raw
        };
        let (long, short) = (curve.public_key_bytes(), curve.field_bytes() + 1);
        vec![looks_wrapped(long, 0x04), looks_wrapped(short, 0x02), looks_wrapped(short, 0x03)]
    } else {
        let bytes = curve.public_key_bytes();
        let length = u8::try_from(bytes - 2).unwrap();
        [0x03, 0x04, 0x30]
            .map(|first| [&[first, length][..], &vec![0x00; bytes - 2]].concat())
            .to_vec()
    }
}

/// No two forms of keys on one curve have the same length, so the length decides.
#[test]
#[cfg_attr(miri, ignore = "all curves take it a minute")]
fn lengths_tell_the_form() {
    for curve in Curve::ALL {
        let mut lengths = BTreeMap::new();
        for form in FORMS {
            for raw in raw_keys(*curve) {
                let length = form.wrap(&raw).unwrap().len();
                assert_eq!(*lengths.entry(length).or_insert(form), form, "{curve}: {length}");
            }
        }
        let sizes = if curve.kind() == CurveKind::Weierstrass { 2 } else { 1 };
        assert_eq!(lengths.len(), 3 * sizes, "{curve}");
    }
}

#[test]
#[cfg_attr(miri, ignore = "all curves take it a minute")]
fn every_form_on_every_curve() {
    for curve in Curve::ALL {
        let parameters = EcParameters::from(*curve);
        for raw in raw_keys(*curve) {
            for form in FORMS {
                let value = form.wrap(&raw).unwrap();
                assert_eq!(PointForm::of_attribute(&parameters, &value), Ok(form), "{curve}");
                assert_eq!(form.unwrap(&value).unwrap(), raw, "{curve}");
                assert_eq!(ec::point_from_attribute(&parameters, &value).unwrap(), raw, "{curve}");
                // Another byte before or behind makes it no form at all, or another one
                // whose header is not there.
                let longer = [&value[..], &[0]].concat();
                for wrong in [&longer[..], &value[1..], &value[..value.len() - 1]] {
                    assert!(ec::point_from_attribute(&parameters, wrong).is_err(), "{curve}");
                }
            }
        }
    }
}

/// Real keys, and the same by parameters that are spelt out.
#[test]
#[cfg_attr(miri, ignore = "all curves take it two minutes")]
fn openssl_points() {
    for keys in keys() {
        let named = EcPrivateKey::from_der(&keys.named).unwrap();
        let explicit = EcPrivateKey::from_der(&keys.compressed).unwrap();
        for point in [named.point, explicit.point].map(Option::unwrap) {
            for parameters in [named.parameters, explicit.parameters].map(Option::unwrap) {
                for form in FORMS {
                    let value = form.wrap(point).unwrap();
                    assert_eq!(ec::point_from_attribute(&parameters, &value), Ok(point));
                }
            }
        }
    }
}

#[rstest]
// A wrapped point by its length, but the length inside is another.
#[case(Curve::P256, &[&hex!("0440 04")[..], &[0x07; 64]].concat(), 66,
    ErrorKind::TrailingData { left: 1 })]
// Of the length of a wrapped point, but raw to the eye.
#[case(Curve::P256, &[0x06; 67], 0,
    ErrorKind::UnexpectedTag { expected: Tag::OCTET_STRING, found: Tag::OBJECT_IDENTIFIER })]
// Hybrid, raw and wrapped.
#[case(Curve::P256, &[0x06; 65], 0, ErrorKind::InvalidPoint)]
#[case(Curve::P256, &[&hex!("0441 07")[..], &[0x07; 64]].concat(), 2, ErrorKind::InvalidPoint)]
// A compressed point of the length of an uncompressed one.
#[case(Curve::P256, &[0x02; 65], 0, ErrorKind::WrongLength { expected: 33, found: 65 })]
// A wrapper around a wrapper.
#[case(Curve::P256, &[&hex!("0443 0441 04")[..], &[0x07; 64]].concat(), 0,
    ErrorKind::WrongLength { expected: 65, found: 69 })]
// The point of another curve, and none.
#[case(Curve::P384, &[0x04; 65], 0, ErrorKind::WrongLength { expected: 97, found: 65 })]
#[case(Curve::P384, &[], 0, ErrorKind::WrongLength { expected: 97, found: 0 })]
#[case(Curve::X25519, &[&hex!("0320 00")[..], &[0x07; 31]].concat(), 0,
    ErrorKind::UnexpectedTag { expected: Tag::OCTET_STRING, found: Tag::BIT_STRING })]
#[case(Curve::X25519, &[&hex!("0321 01")[..], &[0x00; 32]].concat(), 2, ErrorKind::UnusedBits)]
#[case(Curve::ED448, &[0x07; 56], 0, ErrorKind::WrongLength { expected: 57, found: 56 })]
fn near_misses(
    #[case] curve: Curve,
    #[case] value: &[u8],
    #[case] position: usize,
    #[case] kind: ErrorKind,
) {
    let result = ec::point_from_attribute(&curve.into(), value);
    assert_eq!(fault(result), (Some(position), kind));
}

/// Nothing is guessed where the curve is not known.
#[test]
fn an_unknown_curve_has_no_form() {
    let value = ec::wrap_point(&[0x04; 65]).unwrap();
    let unknown = EcParameters::from_der(&hex!("0603 2a0304")).unwrap();
    let other_field =
        hex!("30 1b 020101 3007 0603 2a0304 0500 3006 0401 01 0401 01 0402 0403 0201 1c");
    for parameters in [
        unknown,
        EcParameters::Implicit,
        EcParameters::CurveName("abc"),
        EcParameters::from_der(&other_field).unwrap(),
    ] {
        let result = ec::point_from_attribute(&parameters, &value);
        assert_eq!(fault(result), (None, ErrorKind::UnknownCurve));
    }
}

/// On the smallest curves a length may be that of two forms: then it is of none.
#[test]
fn a_length_of_two_forms() {
    // Modulo 23: an OCTET STRING of three bytes, a BIT STRING of two.
    let small = hex!(
        "30 24 020101 300c 0607 2a8648ce3d0101 0201 17 3006 0401 01 0401 01 0403 04030a"
        "0201 1c 0201 01"
    );
    let small = EcParameters::from_der(&small).unwrap();
    for value in [hex!("0403 04030a"), hex!("0303 000203")] {
        let kind = ErrorKind::WrongLength { expected: 3, found: 5 };
        assert_eq!(fault(ec::point_from_attribute(&small, &value)), (Some(0), kind));
    }
    assert_eq!(ec::point_from_attribute(&small, &hex!("04030a")), Ok(&hex!("04030a")[..]));
}
