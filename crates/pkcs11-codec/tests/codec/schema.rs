//! What only a schema tells the reader: tags, optional elements, defaults, named bits, order.

use hex_literal::hex;
use pkcs11_codec::{
    Error, ErrorKind,
    tlv::{self, MAX_DEPTH, Reader, Tag, Tlv},
};
use rstest::rstest;

use crate::fault;

#[test]
fn context_tags() {
    assert_eq!(Tag::context(0), Tag::from_octet(0x80));
    assert_eq!(Tag::context_constructed(3), Tag::from_octet(0xa3));
    assert_eq!(Tag::context(30).to_string(), "primitive [30]");
    assert_eq!(Tag::context_constructed(30).to_string(), "constructed [30]");
}

/// Number 31 says that the number follows.
#[rstest]
#[should_panic = "expected a tag number below 31"]
fn context_tags_are_low(#[values(31, 32, 0x80, 0xff)] number: u8) {
    let _ = Tag::context(number);
}

/// The rules of a type hold behind an IMPLICIT tag as they do behind its own.
#[rstest]
#[case::integer(&hex!("80 02 0080"), Tlv::unsigned, &hex!("80"))]
#[case::any_integer(&hex!("80 02 0080"), Tlv::integer, &hex!("0080"))]
#[case::negative(&hex!("80 01 80"), Tlv::integer, &hex!("80"))]
#[case::bits(&hex!("80 02 00ab"), Tlv::bit_string, &hex!("ab"))]
#[case::oid(&hex!("80 01 2a"), |tlv: Tlv<'_>| tlv.oid().map(|oid| oid.content().to_vec()), &hex!("2a"))]
fn implicit_values<T: AsRef<[u8]>>(
    #[case] der: &'static [u8],
    #[case] read: impl Fn(Tlv<'static>) -> Result<T, Error>,
    #[case] value: &[u8],
) {
    let found = tlv::decode(der, |reader| read(reader.element(Tag::context(0))?)).unwrap();
    assert_eq!(found.as_ref(), value);
}

#[rstest]
#[case::integer(&hex!("80 02 007f"), |tlv: Tlv<'_>| tlv.unsigned().map(drop), ErrorKind::NonMinimalInteger)]
#[case::any_integer(&hex!("80 02 ffff"), |tlv: Tlv<'_>| tlv.integer().map(drop), ErrorKind::NonMinimalInteger)]
#[case::negative(&hex!("80 01 80"), |tlv: Tlv<'_>| tlv.unsigned().map(drop), ErrorKind::NegativeInteger)]
#[case::boolean(&hex!("80 01 01"), |tlv: Tlv<'_>| tlv.boolean().map(drop), ErrorKind::InvalidBoolean)]
#[case::bits(&hex!("80 02 01fe"), |tlv: Tlv<'_>| tlv.bit_string().map(drop), ErrorKind::UnusedBits)]
#[case::oid(&hex!("80 00"), |tlv: Tlv<'_>| tlv.oid().map(drop), ErrorKind::InvalidOid)]
#[case::u32(
    &hex!("80 05 0100000000"),
    |tlv: Tlv<'_>| tlv.unsigned_u32().map(drop),
    ErrorKind::IntegerTooLarge { max_bytes: 4 },
)]
fn implicit_values_keep_the_rules(
    #[case] der: &'static [u8],
    #[case] read: impl Fn(Tlv<'static>) -> Result<(), Error>,
    #[case] kind: ErrorKind,
) {
    let result = tlv::decode(der, |reader| read(reader.element(Tag::context(0))?));
    assert_eq!(fault(result), (Some(2), kind));
}

#[test]
fn booleans() {
    let read = |der| tlv::decode(der, Reader::boolean);
    assert_eq!(read(&hex!("01 01 00")), Ok(false));
    assert_eq!(read(&hex!("01 01 ff")), Ok(true));
    for der in [&hex!("01 01 01")[..], &hex!("01 00"), &hex!("01 02 ffff")] {
        assert_eq!(fault(read(der)), (Some(2), ErrorKind::InvalidBoolean));
    }
}

#[test]
fn optional_elements() {
    let read = |der| {
        tlv::decode(der, |reader| {
            let number = reader.optional(Tag::INTEGER)?.map(Tlv::unsigned).transpose()?;
            let explicit = reader.optional_nested(Tag::context_constructed(0), Reader::unsigned)?;
            Ok((number, explicit))
        })
    };
    assert_eq!(read(&[]), Ok((None, None)));
    assert_eq!(read(&hex!("02 01 07")), Ok((Some(&[7][..]), None)));
    assert_eq!(read(&hex!("a0 03 02 01 08")), Ok((None, Some(&[8][..]))));
    assert_eq!(read(&hex!("02 01 07 a0 03 02 01 08")), Ok((Some(&[7][..]), Some(&[8][..]))));
    // In the wrong order, of the wrong form, with more inside, cut.
    let left = ErrorKind::TrailingData { left: 3 };
    assert_eq!(fault(read(&hex!("a0 03 020108 02 01 07"))), (Some(5), left));
    assert_eq!(fault(read(&hex!("80 01 08"))), (Some(0), left));
    let left = ErrorKind::TrailingData { left: 2 };
    assert_eq!(fault(read(&hex!("a0 05 020108 0500"))), (Some(5), left));
    let cut = ErrorKind::Truncated { needed: 1, left: 0 };
    assert_eq!(fault(read(&hex!("02 01"))), (Some(2), cut));
}

#[test]
fn defaults_are_left_out() {
    let read = |der| {
        tlv::decode(der, |reader| {
            let ca = reader.or_default(Tag::BOOLEAN, false, Tlv::boolean)?;
            let salt = reader.or_default(Tag::context_constructed(2), 20, |tlv| {
                tlv.nested(Reader::unsigned_u32)
            })?;
            Ok((ca, salt))
        })
    };
    assert_eq!(read(&[]), Ok((false, 20)));
    assert_eq!(read(&hex!("01 01 ff a2 03 020120")), Ok((true, 32)));
    assert_eq!(fault(read(&hex!("01 01 00"))), (Some(0), ErrorKind::ExplicitDefault));
    let spelt_out = hex!("01 01 ff a2 03 020114");
    assert_eq!(fault(read(&spelt_out)), (Some(3), ErrorKind::ExplicitDefault));
    assert_eq!(fault(read(&hex!("a2 03 020200"))).1, ErrorKind::Truncated { needed: 2, left: 1 });
}

/// KeyUsage (RFC 5280 §4.2.1.3): 0 digitalSignature, 5 keyCertSign, 8 decipherOnly.
#[test]
fn named_bits() {
    let read = |der| tlv::decode(der, Reader::named_bits);
    let usage = read(&hex!("03 03 07 8480")).unwrap();
    let set: Vec<usize> = (0..20).filter(|&index| usage.bit(index)).collect();
    assert_eq!(set, [0, 5, 8]);
    assert_eq!((usage.bytes(), usage.unused_bits()), (&hex!("8480")[..], 7));
    assert!(!usage.bit(usize::MAX));

    assert!(read(&hex!("03 01 00")).unwrap().bytes().is_empty());
    assert!(read(&hex!("03 02 0001")).unwrap().bit(7));
    for der in [&hex!("03 02 0080")[..], &hex!("03 02 0680"), &hex!("03 03 078000")] {
        assert_eq!(fault(read(der)), (Some(2), ErrorKind::TrailingZeroBits));
    }
    assert_eq!(fault(read(&hex!("03 02 0701"))), (Some(2), ErrorKind::InvalidBitString));
}

#[test]
fn sets_are_in_order() {
    let read = |der| {
        let mut values = Vec::new();
        tlv::decode(der, |reader| {
            reader.set_of(Tag::SET, |tlv| {
                values.push(tlv.value());
                Ok(())
            })
        })
        .map(|()| values)
    };
    assert_eq!(read(&hex!("31 00")).unwrap().len(), 0);
    assert_eq!(read(&hex!("31 07 0401ff 04020000")).unwrap(), [&hex!("ff")[..], &hex!("0000")]);
    assert_eq!(read(&hex!("31 06 020101 020101")).unwrap().len(), 2);
    assert_eq!(fault(read(&hex!("31 06 020102 020101"))), (Some(5), ErrorKind::UnsortedSet));
    assert_eq!(fault(read(&hex!("31 07 04020000 0401ff"))), (Some(6), ErrorKind::UnsortedSet));
}

#[test]
fn nested_strings() {
    let octets = hex!("30 05 04 03 020107");
    let read = |der| tlv::decode(der, |r| r.sequence(|s| s.nested_octet_string(Reader::unsigned)));
    assert_eq!(read(&octets), Ok(&[7][..]));
    let padded = hex!("30 07 04 05 020107 0000");
    assert_eq!(fault(read(&padded)), (Some(7), ErrorKind::TrailingData { left: 2 }));

    let bits = hex!("80 04 00 020107");
    let read =
        |der| tlv::decode(der, |r| r.element(Tag::context(0))?.nested_bit_string(Reader::unsigned));
    assert_eq!(read(&bits), Ok(&[7][..]));
    assert_eq!(fault(read(&hex!("80 04 00 0201ff"))), (Some(5), ErrorKind::NegativeInteger));
}

#[test]
fn elements_know_their_place() {
    let der = [&hex!("30 81 85 05 00 04 81 80")[..], &[0xaa; 128]].concat();
    let places = tlv::decode(&der, |reader| {
        let outer = reader.any()?;
        outer.nested(|inner| {
            Ok([outer.position(), inner.any()?.position(), inner.any()?.position()])
        })
    });
    assert_eq!(places, Ok([0, 3, 5]));
}

/// Strings that hold DER count as a level, so that they bound recursion too.
#[test]
fn strings_count_as_levels() {
    fn descend(reader: &mut Reader<'_>) -> Result<u8, Error> {
        match reader.peek() {
            Some(_) => Ok(reader.nested_octet_string(descend)? + 1),
            None => Ok(0),
        }
    }
    let nested = |depth: u8| {
        (0..depth).fold(Vec::new(), |inner: Vec<u8>, _| {
            [vec![0x04, u8::try_from(inner.len()).unwrap()], inner].concat()
        })
    };
    assert_eq!(tlv::decode(&nested(MAX_DEPTH), descend), Ok(MAX_DEPTH));
    let der = nested(MAX_DEPTH + 1);
    assert_eq!(fault(tlv::decode(&der, descend)), (Some(der.len()), ErrorKind::TooDeep));
}
