//! Signatures of ECDSA and DSA in DER and as r‖s.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    dsa::DsaParameters,
    ec::Curve,
    integer,
    signature::{MAX_ORDER_BYTES, Signature, max_der_bytes},
};
use rasn::types::IntegerType;
use rstest::rstest;

use crate::{fault, fixtures};

#[test]
fn a_short_number_is_padded_to_the_order() {
    let signature = Signature::from_der(fixtures::ECDSA_SHORT_R, 32).unwrap();
    assert_eq!((signature.r().len(), signature.s().len()), (31, 32));
    let fixed = signature.to_fixed();
    assert_eq!((fixed.len(), fixed[0]), (64, 0));
    assert_eq!(&fixed[1..32], signature.r());
    assert_eq!(Signature::from_fixed(&fixed, 32), Ok(signature));
    assert_eq!(signature.to_der(), fixtures::ECDSA_SHORT_R);
}

/// Padding to the longer of the two gives 2 bytes here: about 1 signature in 70,000 on P-256
/// has both numbers short.
#[test]
fn two_short_numbers_are_padded_to_the_order() {
    let der = hex!("30 06 020101 020102");
    for curve in Curve::ALL {
        let signature = Signature::from_der(&der, curve.order_bytes()).unwrap();
        let fixed = signature.to_fixed();
        assert_eq!(fixed.len(), 2 * curve.order_bytes());
        let back = Signature::from_fixed(&fixed, curve.order_bytes()).unwrap();
        assert_eq!(back.to_der(), der);
    }
}

#[test]
fn dsa_takes_the_size_of_the_subprime() {
    let subprime = DsaParameters::from_der(fixtures::DSA_PARAMETERS).unwrap().subprime;
    let signature = Signature::from_der(fixtures::DSA_SIGNATURE, subprime.len()).unwrap();
    assert_eq!(signature.to_fixed().len(), 2 * subprime.len());
    assert_eq!(signature.to_der(), fixtures::DSA_SIGNATURE);
}

#[rstest]
#[case::negative_r(&hex!("30 06 0201ff 020101"), 4, ErrorKind::NegativeInteger)]
#[case::negative_s(&hex!("30 06 020101 020180"), 7, ErrorKind::NegativeInteger)]
#[case::padded_r(&hex!("30 07 02020001 020101"), 4, ErrorKind::NonMinimalInteger)]
#[case::empty_s(&hex!("30 05 020101 0200"), 7, ErrorKind::Empty)]
#[case::long_length(&hex!("30 8106 020101 020101"), 1, ErrorKind::NonMinimalLength)]
#[case::long_inner_length(&hex!("30 07 02810101 020101"), 3, ErrorKind::NonMinimalLength)]
#[case::indefinite(&hex!("30 80 020101 020101 0000"), 1, ErrorKind::IndefiniteLength)]
#[case::after(&hex!("30 06 020101 020101 00"), 8, ErrorKind::TrailingData { left: 1 })]
#[case::inside(&hex!("30 08 020101 020101 0500"), 8, ErrorKind::TrailingData { left: 2 })]
#[case::oversized_r(
    &hex!("30 0b 0206010203040506 020101"), 2, ErrorKind::IntegerTooLarge { max_bytes: 4 },
)]
#[case::oversized_s(
    &hex!("30 0a 020101 02050101020304"), 5, ErrorKind::IntegerTooLarge { max_bytes: 4 },
)]
fn what_is_no_signature_is_refused(
    #[case] der: &[u8],
    #[case] position: usize,
    #[case] kind: ErrorKind,
) {
    assert_eq!(fault(Signature::from_der(der, 4)), (Some(position), kind));
}

/// The sign octet is no part of the number: 4 bytes with the top bit set have room in 4.
#[test]
fn a_sign_octet_does_not_count() {
    let der = hex!("30 0b 020500ffffffff 020200ff");
    let signature = Signature::from_der(&der, 4).unwrap();
    assert_eq!(signature.to_fixed(), hex!("ffffffff 000000ff"));
}

#[rstest]
#[case::short(63)]
#[case::odd(65)]
#[case::empty(0)]
#[case::half(32)]
fn fixed_has_one_size(#[case] found: usize) {
    let fixed = vec![1; found];
    let kind = ErrorKind::WrongLength { expected: 64, found };
    assert_eq!(fault(Signature::from_fixed(&fixed, 32)), (Some(0), kind));

    let signature = Signature::from_fixed(&[1; 64], 32).unwrap();
    assert_eq!(fault(signature.write_fixed(&mut vec![0; found])), (None, kind));
}

#[test]
fn orders_have_a_size() {
    for order_bytes in [0, MAX_ORDER_BYTES + 1, usize::MAX] {
        let kind = ErrorKind::UnsupportedOrder;
        assert_eq!(fault(Signature::from_der(fixtures::DSA_SIGNATURE, order_bytes)), (None, kind));
        assert_eq!(fault(Signature::from_fixed(&[], order_bytes)), (None, kind));
    }
}

/// `rasn`'s own INTEGER and SEQUENCE, as a second opinion on what is written by hand.
#[derive(rasn::AsnType, rasn::Encode)]
struct SigValue {
    r: rasn::types::Integer,
    s: rasn::types::Integer,
}

fn number(unsigned: &[u8]) -> rasn::types::Integer {
    let content = integer::content_from_unsigned(unsigned).unwrap();
    rasn::types::Integer::try_from_signed_bytes(&content, rasn::Codec::Der).unwrap()
}

/// Numbers of each size with the top bit set and not, so that each form of length is there.
#[test]
#[cfg_attr(miri, ignore = "all sizes take it minutes")]
fn rasn_writes_the_same() {
    // Miri is content with few.
    let step = if cfg!(miri) { 60 } else { 1 };
    for order_bytes in (1..=MAX_ORDER_BYTES).step_by(step) {
        for (r, s) in [(0xff, 0x7f), (0x80, 0x01), (0x7f, 0x7f), (0x80, 0xff), (0, 0)] {
            for s_bytes in [1, order_bytes.div_ceil(2), order_bytes] {
                let mut fixed = vec![0; 2 * order_bytes];
                fixed[..order_bytes].fill(r);
                fixed[2 * order_bytes - s_bytes..].fill(s);
                let signature = Signature::from_fixed(&fixed, order_bytes).unwrap();
                let value = SigValue { r: number(signature.r()), s: number(signature.s()) };
                let der = signature.to_der();
                assert_eq!(rasn::der::encode(&value).unwrap(), der);
                assert!(der.len() <= max_der_bytes(order_bytes));
                assert_eq!(Signature::from_der(&der, order_bytes).unwrap().to_fixed(), fixed);
            }
        }
        let largest = vec![0xff; 2 * order_bytes];
        let der_bytes = Signature::from_fixed(&largest, order_bytes).unwrap().der_bytes();
        assert_eq!(der_bytes, max_der_bytes(order_bytes));
    }
}

#[test]
fn der_is_written_where_there_is_room() {
    let signature = Signature::from_der(fixtures::ECDSA_SHORT_R, 32).unwrap();
    let expected = fixtures::ECDSA_SHORT_R.len();
    let mut out = [0xaa; max_der_bytes(32)];
    assert_eq!(signature.write_der(&mut out), Ok(expected));
    assert_eq!(&out[..expected], fixtures::ECDSA_SHORT_R);
    assert!(out[expected..].iter().all(|&byte| byte == 0xaa));
    for found in 0..expected {
        let kind = ErrorKind::WrongLength { expected, found };
        assert_eq!(fault(signature.write_der(&mut out[..found])), (None, kind));
    }
}
