//! BER and padding: what is forgiven, what is not, and that the result is DER.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind, ec, integer,
    lenient::{self, Deviation, MAX_FORGIVEN},
    pkcs1::{RsaPrivateKey, RsaPublicKey},
    tlv::{self, MAX_DEPTH, Tag},
};
use rstest::rstest;

use crate::{fault, fixtures};
use Deviation::{
    ConstructedString as Pieces, IndefiniteLength as Indefinite, NonCanonicalTrue as True,
    NonMinimalInteger as Integer, NonMinimalLength as Length, UnusedBitsSet as Bits,
};

fn padding(bytes: usize) -> Deviation {
    Deviation::Padding { bytes }
}

#[rstest]
#[case::zeros_behind(&hex!("02 01 07 000000"), &hex!("02 01 07"), &[(3, padding(3))])]
#[case::ones_behind(&hex!("02 01 07 ff"), &hex!("02 01 07"), &[(3, padding(1))])]
#[case::indefinite(&hex!("30 80 05 00 00 00"), &hex!("30 02 05 00"), &[(1, Indefinite)])]
#[case::indefinite_and_padded(
    &hex!("30 80 00 00 00 00"), &hex!("30 00"), &[(1, Indefinite), (4, padding(2))],
)]
#[case::indefinite_explicit(
    &hex!("a0 80 30 80 0000 0000"), &hex!("a0 02 30 00"), &[(1, Indefinite), (3, Indefinite)],
)]
#[case::long_length(&hex!("04 81 01 aa"), &hex!("04 01 aa"), &[(1, Length)])]
#[case::zeros_in_the_length(&hex!("04 85 0000000001 aa"), &hex!("04 01 aa"), &[(1, Length)])]
#[case::long_outer_length(&hex!("30 82 0002 05 00"), &hex!("30 02 05 00"), &[(1, Length)])]
#[case::long_length_of_nothing(&hex!("30 02 05 00"), &hex!("30 02 05 00"), &[])]
#[case::octets_in_pieces(
    &hex!("24 07 0402abcd 0401ef"), &hex!("04 03 abcdef"), &[(0, Pieces)],
)]
#[case::octets_in_pieces_of_pieces(
    &hex!("24 80 2406 0401ab 0401cd 0400 0000"), &hex!("04 02 abcd"),
    &[(0, Pieces), (1, Indefinite)],
)]
#[case::octets_in_no_pieces(&hex!("24 00"), &hex!("04 00"), &[(0, Pieces)])]
#[case::bits_in_pieces(
    &hex!("23 09 0303 00 abcd 0302 04 e0"), &hex!("03 04 04 abcde0"), &[(0, Pieces)],
)]
#[case::bits_in_no_pieces(&hex!("23 80 0000"), &hex!("03 01 00"), &[(0, Pieces), (1, Indefinite)])]
#[case::last_piece_with_set_bits(
    &hex!("23 08 0302 00 ab 0302 04 ef"), &hex!("03 03 04 abe0"), &[(0, Pieces), (8, Bits)],
)]
#[case::text_in_pieces(
    &hex!("33 06 0401 41 0401 42"), &hex!("13 02 4142"), &[(0, Pieces)],
)]
#[case::fixed_width_integer(&hex!("02 04 0000007f"), &hex!("02 01 7f"), &[(2, Integer)])]
#[case::sign_octet_kept(&hex!("02 04 00000080"), &hex!("02 02 0080"), &[(2, Integer)])]
#[case::negative_integer(&hex!("02 03 ffff80"), &hex!("02 01 80"), &[(2, Integer)])]
#[case::zero(&hex!("02 03 000000"), &hex!("02 01 00"), &[(2, Integer)])]
#[case::enumerated(&hex!("0a 02 0001"), &hex!("0a 01 01"), &[(2, Integer)])]
#[case::length_and_integer(
    &hex!("02 81 02 0001"), &hex!("02 01 01"), &[(1, Length), (3, Integer)],
)]
#[case::boolean(&hex!("01 01 01"), &hex!("01 01 ff"), &[(2, True)])]
#[case::unused_bits(&hex!("03 02 03 ff"), &hex!("03 02 03 f8"), &[(2, Bits)])]
#[case::within(
    &hex!("30 80 0500 02020001 0500 a003 010101 0500 0000"),
    &hex!("30 0e 0500 020101 0500 a003 0101ff 0500"),
    &[(1, Indefinite), (6, Integer), (14, True)],
)]
fn what_is_forgiven(
    #[case] ber: &[u8],
    #[case] der: &[u8],
    #[case] forgiven: &[(usize, Deviation)],
) {
    let recovered = lenient::to_der(ber).unwrap();
    assert_eq!(recovered.der(), der);
    let found: Vec<_> =
        recovered.forgiven().iter().map(|one| (one.position(), one.deviation())).collect();
    assert_eq!(found, forgiven);
    tlv::check(der).unwrap();
}

#[rstest]
#[case::empty(&[], 0, ErrorKind::IncompleteHeader)]
#[case::only_padding(
    &hex!("0000"), 0, ErrorKind::InvalidForm { found: Tag::END_OF_CONTENTS },
)]
#[case::garbage_behind(&hex!("05 00 01"), 2, ErrorKind::TrailingData { left: 1 })]
#[case::mixed_padding(&hex!("05 00 00ff"), 2, ErrorKind::TrailingData { left: 2 })]
#[case::one_more_element(&hex!("05 00 05 00"), 2, ErrorKind::TrailingData { left: 2 })]
#[case::cut(&hex!("04 02 ab"), 2, ErrorKind::Truncated { needed: 2, left: 1 })]
#[case::cut_length(&hex!("04 82 01"), 3, ErrorKind::IncompleteHeader)]
#[case::cut_within(&hex!("30 03 04 02 ab cd"), 4, ErrorKind::Truncated { needed: 2, left: 1 })]
#[case::no_end(
    &hex!("30 80 05 00"), 4, ErrorKind::Missing { expected: Tag::END_OF_CONTENTS },
)]
#[case::end_of_the_outer(
    &hex!("30 04 30 80 05 00 0000"), 6, ErrorKind::Missing { expected: Tag::END_OF_CONTENTS },
)]
#[case::half_an_end(&hex!("30 80 00"), 2, ErrorKind::InvalidForm { found: Tag::END_OF_CONTENTS })]
#[case::end_with_a_length(
    &hex!("30 80 00 01 00"), 2, ErrorKind::InvalidForm { found: Tag::END_OF_CONTENTS },
)]
#[case::end_in_a_definite_value(
    &hex!("30 02 00 00"), 2, ErrorKind::InvalidForm { found: Tag::END_OF_CONTENTS },
)]
#[case::indefinite_primitive(&hex!("04 80 00 00"), 1, ErrorKind::IndefiniteLength)]
#[case::indefinite_piece(&hex!("24 80 04 80 0000 0000"), 3, ErrorKind::IndefiniteLength)]
#[case::reserved_length(&hex!("04 ff 00"), 1, ErrorKind::LengthTooLong)]
#[case::five_octets(&hex!("04 85 0100000000"), 1, ErrorKind::LengthTooLong)]
#[case::high_tag(&hex!("1f 01 00"), 0, ErrorKind::HighTagNumber)]
#[case::constructed_integer(
    &hex!("22 03 020101"), 0, ErrorKind::InvalidForm { found: Tag::from_octet(0x22) },
)]
#[case::primitive_sequence(
    &hex!("10 00"), 0, ErrorKind::InvalidForm { found: Tag::from_octet(0x10) },
)]
#[case::another_piece(
    &hex!("24 03 020101"), 2,
    ErrorKind::UnexpectedTag { expected: Tag::OCTET_STRING, found: Tag::INTEGER },
)]
#[case::piece_of_bits_in_octets(
    &hex!("24 04 03020000"), 2,
    ErrorKind::UnexpectedTag { expected: Tag::OCTET_STRING, found: Tag::BIT_STRING },
)]
#[case::unused_bits_in_the_middle(
    &hex!("23 08 0302 04 e0 0302 00 ab"), 8, ErrorKind::InvalidBitString,
)]
#[case::unused_bits_of_nothing(&hex!("23 03 0301 01"), 4, ErrorKind::InvalidBitString)]
#[case::eight_unused_bits(&hex!("23 04 0302 08 00"), 4, ErrorKind::InvalidBitString)]
#[case::empty_piece_of_bits(&hex!("23 02 0300"), 4, ErrorKind::InvalidBitString)]
fn what_is_no_ber_either(#[case] ber: &[u8], #[case] position: usize, #[case] kind: ErrorKind) {
    assert_eq!(fault(lenient::to_der(ber)), (Some(position), kind));
}

/// What only a schema could put right is left, and strict decoding refuses it.
#[rstest]
#[case::no_sign_octet(&hex!("30 06 020180 020103"), ErrorKind::NegativeInteger)]
#[case::empty_integer(&hex!("30 05 0200 020103"), ErrorKind::Empty)]
#[case::implicit_pieces(
    &hex!("30 08 a003040180 020103"),
    ErrorKind::UnexpectedTag { expected: Tag::INTEGER, found: Tag::context_constructed(0) },
)]
fn what_stays(#[case] ber: &[u8], #[case] kind: ErrorKind) {
    let recovered = lenient::to_der(ber).unwrap();
    assert_eq!((recovered.der(), recovered.forgiven()), (ber, &[][..]));
    assert_eq!(fault(RsaPublicKey::from_der(recovered.der())).1, kind);
}

/// `printf PKCS#11 | openssl cms -digest_create -md sha1 -binary -outform DER`, with `-stream`
/// and without (OpenSSL 3.0).
#[test]
fn openssl_streams() {
    let streamed = hex!(
        "308006092a864886f70d010705a0803080020100300706052b0e03021a308006092a864886f70d010701a080"
        "24800407504b435323313100000000000004147a1bc6f2cfffb306864695fbf86cafee733909a20000000000"
        "00"
    );
    let der = hex!(
        "304906092a864886f70d010705a03c303a020100300706052b0e03021a301606092a864886f70d010701a009"
        "0407504b435323313104147a1bc6f2cfffb306864695fbf86cafee733909a2"
    );
    let recovered = lenient::to_der(&streamed).unwrap();
    assert_eq!(recovered.der(), der);
    let report: Vec<_> = recovered.forgiven().iter().map(ToString::to_string).collect();
    assert_eq!(
        report,
        [
            "at byte 1: an indefinite length",
            "at byte 14: an indefinite length",
            "at byte 16: an indefinite length",
            "at byte 30: an indefinite length",
            "at byte 43: an indefinite length",
            "at byte 44: a string in pieces",
            "at byte 45: an indefinite length",
        ],
    );
    // And what was DER stays as it is, in its place.
    let same = lenient::to_der(&der).unwrap();
    assert!(same.forgiven().is_empty());
    assert!(std::ptr::eq(same.der(), &der[..]));
}

/// The numbers of a key in fixed width, in a buffer that is longer: as a card without an ASN.1
/// library writes them.
#[test]
fn a_private_key_of_fixed_widths() {
    let key = RsaPrivateKey::from_der(fixtures::RSA_PRIVATE_KEY).unwrap();
    let numbers = [
        &[0][..],
        key.modulus,
        key.public_exponent,
        key.private_exponent,
        key.prime_1,
        key.prime_2,
        key.exponent_1,
        key.exponent_2,
        key.coefficient,
    ];
    let mut ber = vec![0x30, 0x80];
    for number in numbers {
        let length = u16::try_from(number.len() + 3).unwrap().to_be_bytes();
        ber.extend([&[0x02, 0x82], &length[..], &[0; 3], number].concat());
    }
    ber.extend([0; 2]);
    ber.resize(4096, 0xff);
    assert_eq!(fault(RsaPrivateKey::from_der(&ber)), (Some(1), ErrorKind::IndefiniteLength));

    let recovered = lenient::to_der(&ber).unwrap();
    assert_eq!(recovered.der(), fixtures::RSA_PRIVATE_KEY);
    RsaPrivateKey::from_der(recovered.der()).unwrap();
    // Nothing of it is shown.
    let shown = format!("{recovered:?}");
    assert!(shown.starts_with("Recovered { der_bytes: "), "{shown}");
    assert!(!shown.contains("[48"), "{shown}");
}

/// A point behind which the buffer goes on: it stays in its place.
#[test]
fn a_padded_point() {
    let point = ec::wrap_point(&[&[0x04][..], &[0x5a; 64]].concat()).unwrap();
    let value = [&point[..], &[0; 100]].concat();
    let recovered = lenient::to_der(&value).unwrap();
    assert_eq!(recovered.der(), point);
    assert!(std::ptr::eq(recovered.der(), &value[..point.len()]));
    assert_eq!(
        recovered.forgiven()[0].to_string(),
        "at byte 67: 100 bytes of padding behind the end"
    );
}

/// What ends in zeros is not taken for padded.
#[test]
fn zeros_of_the_value_stay() {
    let der = integer::to_der(&[&[0x01][..], &[0; 40]].concat()).unwrap();
    assert_eq!(lenient::to_der(&der).unwrap().der(), der);
}

#[test]
fn depth_is_bounded() {
    for open in [&hex!("3080")[..], &hex!("2480"), &hex!("a080")] {
        let depth = usize::from(MAX_DEPTH);
        let ber = [open.repeat(depth), vec![0; 2 * depth]].concat();
        lenient::to_der(&ber).unwrap();
        let at = 2 * (depth + 1);
        let ber = open.repeat(1 << 20);
        assert_eq!(fault(lenient::to_der(&ber)), (Some(at), ErrorKind::TooDeep));
    }
}

#[test]
#[cfg_attr(miri, ignore = "a matter of size, which takes Miri too long")]
fn the_report_is_bounded() {
    let ber = |count: usize| {
        let inner = hex!("010101").repeat(count);
        let length = u16::try_from(inner.len()).unwrap().to_be_bytes();
        [&hex!("3082")[..], &length, &inner].concat()
    };
    let largest = ber(MAX_FORGIVEN);
    let most = lenient::to_der(&largest).unwrap();
    assert_eq!(most.forgiven().len(), MAX_FORGIVEN);
    assert_eq!(most.der()[4..], hex!("0101ff").repeat(MAX_FORGIVEN));
    let (position, kind) = fault(lenient::to_der(&ber(MAX_FORGIVEN + 1)));
    assert_eq!((position, kind), (Some(4 + 3 * MAX_FORGIVEN + 2), ErrorKind::TooManyDeviations));
}

/// 8 MB in 4 million pieces, and as much padding: each byte is looked at a few times.
#[test]
#[cfg_attr(miri, ignore = "a matter of size, which takes Miri too long")]
fn long_values_take_their_length() {
    let pieces = hex!("0400").repeat(4 << 20);
    let ber = [&hex!("2480")[..], &pieces, &[0; 8 << 20]].concat();
    let recovered = lenient::to_der(&ber).unwrap();
    assert_eq!(recovered.der(), hex!("0400"));
    assert_eq!(recovered.forgiven().len(), 3);

    let large = [&hex!("308404000002 0484 03fffffc")[..], &vec![0xab; (1 << 26) - 4]].concat();
    assert_eq!(lenient::to_der(&large).unwrap().der(), large);
}
