//! Signatures of ECDSA and DSA in DER and as r‖s.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    dsa::DsaParameters,
    ec::Curve,
    signature::{MAX_ORDER_BYTES, Signature},
};
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
    assert_eq!(signature.to_der().unwrap(), fixtures::ECDSA_SHORT_R);
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
        assert_eq!(back.to_der().unwrap(), der);
    }
}

#[test]
fn dsa_takes_the_size_of_the_subprime() {
    let subprime = DsaParameters::from_der(fixtures::DSA_PARAMETERS).unwrap().subprime;
    let signature = Signature::from_der(fixtures::DSA_SIGNATURE, subprime.len()).unwrap();
    assert_eq!(signature.to_fixed().len(), 2 * subprime.len());
    assert_eq!(signature.to_der().unwrap(), fixtures::DSA_SIGNATURE);
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
