//! The reader: what DER does not allow, and where the error says it is.

use hex_literal::hex;
use pkcs11_codec::{
    Error, ErrorKind, integer,
    oid::Oid,
    tlv::{self, MAX_DEPTH, Reader, Tag},
};
use rstest::rstest;

use crate::{fault, fixtures};

const LENGTH: &str = "expected a length in as few octets as possible";
const INTEGER: &str = "expected an INTEGER in as few octets as possible";
const OID: &str = "expected an OBJECT IDENTIFIER of whole, minimal arcs";
const BITS: &str = "expected a BIT STRING with at most 7 unused bits, all zero";

#[rstest]
#[case::empty(&[], 0, "expected a tag and a length, found the end")]
#[case::only_a_tag(&hex!("02"), 1, "expected a tag and a length, found the end")]
#[case::cut_length(&hex!("04 82 01"), 3, "expected a tag and a length, found the end")]
#[case::cut_value(&hex!("04 02 01"), 2, "expected 2 bytes, found 1")]
#[case::claims_4_gib(&hex!("04 84 ffffffff 01"), 6, "expected 4294967295 bytes, found 1")]
#[case::trailing(&hex!("05 00 00"), 2, "expected the end, found 1 more bytes")]
#[case::indefinite(&hex!("30 80 05 00 00 00"), 1, "expected a definite length")]
#[case::five_octets(&hex!("04 85 0000000001 00"), 1, "expected a length of at most four octets")]
#[case::reserved(&hex!("04 ff 00"), 1, "expected a length of at most four octets")]
#[case::long_short(&hex!("04 81 01 00"), 1, LENGTH)]
#[case::zero_octet(&hex!("04 82 0001 00"), 1, LENGTH)]
#[case::long_127(&hex!("04 81 7f"), 1, LENGTH)]
#[case::padded_128(&hex!("04 82 0080"), 1, LENGTH)]
#[case::high_tag(&hex!("1f 81 01 00"), 0, "expected a tag number below 31")]
#[case::end_mark(
    &hex!("00 00"), 0, "expected a tag in its DER form, found the end-of-contents mark",
)]
#[case::constructed_integer(
    &hex!("22 03 020101"), 0,
    "expected a tag in its DER form, found constructed [UNIVERSAL 2]",
)]
#[case::constructed_string(
    &hex!("30 05 24 03 040100"), 2,
    "expected a tag in its DER form, found constructed [UNIVERSAL 4]",
)]
#[case::primitive_sequence(
    &hex!("10 00"), 0, "expected a tag in its DER form, found primitive [UNIVERSAL 16]",
)]
#[case::inner_cut(&hex!("30 03 04 02 01 00"), 4, "expected 2 bytes, found 1")]
#[case::boolean(&hex!("a0 03 01 01 01"), 4, "expected a BOOLEAN of 00 or FF")]
#[case::long_boolean(&hex!("01 02 ffff"), 2, "expected a BOOLEAN of 00 or FF")]
#[case::empty_integer(&hex!("02 00"), 2, "expected at least one byte")]
#[case::padded_integer(&hex!("02 02 007f"), 2, INTEGER)]
#[case::padded_negative(&hex!("02 02 ff80"), 2, INTEGER)]
#[case::null(&hex!("05 01 00"), 2, "expected a value of 0 bytes, found 1")]
#[case::empty_oid(&hex!("06 00"), 2, OID)]
#[case::cut_oid(&hex!("06 02 2b81"), 4, OID)]
#[case::padded_oid(&hex!("06 03 2b8001"), 3, OID)]
#[case::no_bits(&hex!("03 00"), 2, BITS)]
#[case::eight_unused(&hex!("03 02 0800"), 2, BITS)]
#[case::unused_of_none(&hex!("03 01 01"), 2, BITS)]
#[case::unused_set(&hex!("03 02 0101"), 2, BITS)]
#[case::printable(&hex!("13 01 40"), 2, "expected the characters of a PrintableString")]
fn what_is_not_der_is_refused(#[case] der: &[u8], #[case] position: usize, #[case] text: &str) {
    let error = tlv::check(der).unwrap_err();
    assert_eq!(error.position(), Some(position), "{error}");
    assert_eq!(error.to_string(), format!("at byte {position}: {text}"));
}

#[rstest]
#[case::null(&hex!("05 00"))]
#[case::negative_integer(&hex!("02 01 80"))]
#[case::unused_bits(&hex!("03 02 0102"))]
#[case::no_bits(&hex!("03 01 00"))]
#[case::context_tags(&hex!("30 08 80 01 ff a1 03 02 01 00"))]
#[case::explicit_curve(fixtures::P521_EXPLICIT_PARAMETERS)]
#[case::private_key(fixtures::RSA_PRIVATE_KEY)]
fn what_is_der_passes(#[case] der: &[u8]) {
    tlv::check(der).unwrap();
}

#[test]
fn every_length_form_is_read() {
    for length in [0, 1, 127, 128, 255, 256, 65535, 65536] {
        let header = match length {
            0..=127 => vec![0x04, length],
            128..=255 => vec![0x04, 0x81, length],
            256..=65535 => vec![0x04, 0x82, length >> 8, length & 0xff],
            _ => vec![0x04, 0x83, length >> 16, length >> 8 & 0xff, length & 0xff],
        };
        let mut der: Vec<u8> = header.iter().map(|&n| u8::try_from(n).unwrap()).collect();
        der.resize(der.len() + usize::try_from(length).unwrap(), 0xaa);
        let value = tlv::decode(&der, Reader::octet_string).unwrap();
        assert_eq!(value.len(), usize::try_from(length).unwrap());
    }
}

/// `depth` SEQUENCEs in each other.
fn nested(depth: u8) -> Vec<u8> {
    (0..depth).fold(Vec::new(), |inner, _| {
        let length = u8::try_from(inner.len()).unwrap();
        [vec![0x30, length], inner].concat()
    })
}

#[test]
fn depth_is_bounded() {
    tlv::check(&nested(MAX_DEPTH)).unwrap();
    let at = usize::from(MAX_DEPTH) * 2 + 2;
    assert_eq!(fault(tlv::check(&nested(MAX_DEPTH + 1))), (Some(at), ErrorKind::TooDeep));
}

#[test]
fn the_wrong_element_is_named() {
    let read = |der| tlv::decode(der, |reader| reader.sequence(Reader::unsigned));
    for (der, text) in [
        (&hex!("31 00")[..], "at byte 0: expected SEQUENCE, found SET"),
        (&hex!("30 00"), "at byte 2: expected INTEGER, found the end"),
        (&hex!("30 02 0500"), "at byte 2: expected INTEGER, found NULL"),
        (&hex!("30 02 a300"), "at byte 2: expected INTEGER, found constructed [3]"),
        (&hex!("30 03 0201ff"), "at byte 4: expected an INTEGER of zero or more"),
        (&hex!("30 05 020101 0500"), "at byte 5: expected the end, found 2 more bytes"),
    ] {
        assert_eq!(read(der).unwrap_err().to_string(), text);
    }
}

#[test]
fn small_numbers_have_a_bound() {
    let read = |der| tlv::decode(der, Reader::unsigned_u32);
    assert_eq!(read(&hex!("02 05 00ffffffff")), Ok(u32::MAX));
    assert_eq!(
        fault(read(&hex!("02 05 0100000000"))),
        (Some(2), ErrorKind::IntegerTooLarge { max_bytes: 4 })
    );
}

#[test]
fn nothing_prints_values() {
    let shown = tlv::decode(&hex!("04 02 abcd"), |reader| {
        let before = format!("{reader:?}");
        Ok(format!("{before} {:?}", reader.any()?))
    })
    .unwrap();
    assert!(shown.contains("OCTET STRING") && shown.contains("bytes_left: 4"), "{shown}");
    assert!(!shown.contains("171") && !shown.contains("ab"), "{shown}");
}

#[rstest]
#[case(&[0x00], &[0x00])]
#[case(&[0x7f], &[0x7f])]
#[case(&[0x80], &[0x00, 0x80])]
#[case(&[0x00, 0x00], &[0x00])]
#[case(&[0x00, 0x01, 0x00], &[0x01, 0x00])]
#[case(&[0x00, 0xff], &[0x00, 0xff])]
fn integers(#[case] unsigned: &[u8], #[case] content: &[u8]) {
    assert_eq!(integer::content_from_unsigned(unsigned).unwrap(), content);
    let back = integer::unsigned_from_content(content).unwrap();
    assert_eq!(back, integer::trim(unsigned));
    assert_eq!(integer::from_der(&integer::to_der(unsigned).unwrap()).unwrap(), back);
}

#[test]
fn no_bytes_are_no_number() {
    assert_eq!(fault(integer::to_der(&[])), (None, ErrorKind::Empty));
    assert_eq!(fault(integer::unsigned_from_content(&[])), (Some(0), ErrorKind::Empty));
}

#[rstest]
#[case(&hex!("2a864886f70d010101"), "1.2.840.113549.1.1.1")]
#[case(&hex!("883703"), "2.999.3")]
#[case(&hex!("00"), "0.0")]
#[case(&hex!("78"), "2.40")]
// An arc of 2³², where 32 bits do not suffice.
#[case(&hex!("2b9080808000"), "1.3.4294967296")]
// A UUID below 2.25: 128 bits.
#[case(
    &hex!("69 83ffffffffffffffffffffffffffffffffff7f"),
    "2.25.340282366920938463463374607431768211455",
)]
// An arc of more.
#[case(
    &hex!("2b 84808080808080808080808080808080808000"),
    "1.3.#84808080808080808080808080808080808000",
)]
fn oids_print(#[case] content: &[u8], #[case] dotted: &str) {
    let oid = Oid::from_content(content).unwrap();
    assert_eq!(oid.to_string(), dotted);
    assert_eq!(Oid::from_der(&oid.to_der().unwrap()), Ok(oid));
}

#[test]
fn errors_are_small_and_comparable() {
    let error: Error = tlv::check(&[]).unwrap_err();
    assert_eq!(error, tlv::check(&[]).unwrap_err());
    assert!(size_of::<Error>() <= 5 * size_of::<usize>());
    assert_eq!(Tag::from_octet(0x30), Tag::SEQUENCE);
    assert_eq!(format!("{:?}", Tag::SEQUENCE), "Tag(0x30: SEQUENCE)");
}
