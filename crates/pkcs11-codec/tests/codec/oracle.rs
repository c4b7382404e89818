//! The reader beside two others: the `asn1` crate, which is strict too, and `rasn`.
//!
//! What the reader takes, written again from its tree, is the same bytes; `rasn` takes it too
//! and finds the same values; and `asn1` agrees about each value, either way.

use pkcs11_codec::{
    Error, integer,
    tlv::{self, Reader, Tag, Tlv},
};
use proptest::{collection::vec, prelude::*, sample::select};
use rasn::types::IntegerType;

use crate::fixtures;

/// An element and what is in it.
struct Tree<'a> {
    tlv: Tlv<'a>,
    inner: Vec<Tree<'a>>,
}

impl<'a> Tree<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        let tlv = reader.any()?;
        let mut inner = Vec::new();
        if tlv.tag().is_constructed() {
            tlv.nested(|reader| {
                while !reader.is_empty() {
                    inner.push(Tree::read(reader)?);
                }
                Ok(())
            })?;
        }
        Ok(Self { tlv, inner })
    }

    /// The element, from its tag and the values at the leaves.
    fn write(&self) -> Vec<u8> {
        let value = if self.tlv.tag().is_constructed() {
            self.inner.iter().flat_map(Tree::write).collect()
        } else {
            self.tlv.value().to_vec()
        };
        asn1::write(|writer| {
            let tag = asn1::Tag::from_bytes(&[self.tlv.tag().octet()]).unwrap().0;
            writer.write_tlv(tag, Some(value.len()), |out| out.push_slice(&value))
        })
        .unwrap()
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let tlv = self.tlv;
        let der = tlv.der();
        match tlv.tag() {
            Tag::INTEGER => {
                let theirs: rasn::types::Integer = rasn::der::decode(der).unwrap();
                let (bytes, length) = theirs.to_signed_bytes_be();
                prop_assert_eq!(Ok(&bytes.as_ref()[..length]), tlv.integer());
            }
            Tag::BOOLEAN => {
                prop_assert_eq!(Ok(rasn::der::decode::<bool>(der).unwrap()), tlv.boolean());
            }
            Tag::OCTET_STRING => {
                let theirs: rasn::types::OctetString = rasn::der::decode(der).unwrap();
                prop_assert_eq!(&theirs[..], tlv.value());
            }
            Tag::BIT_STRING => {
                let theirs: rasn::types::BitString = rasn::der::decode(der).unwrap();
                let bits = tlv.bits().unwrap();
                let unused = usize::from(bits.unused_bits());
                prop_assert_eq!(theirs.len(), bits.bytes().len() * 8 - unused);
                for (index, bit) in theirs.iter().enumerate() {
                    prop_assert_eq!(bits.bit(index), *bit);
                }
            }
            Tag::NULL => prop_assert!(rasn::der::decode::<()>(der).is_ok()),
            Tag::OBJECT_IDENTIFIER => {
                let dotted = tlv.oid().unwrap().to_string();
                let arcs: Option<Vec<u32>> =
                    dotted.split('.').map(|arc| arc.parse().ok()).collect();
                // `rasn` has 32 bits for an arc, the second one with 80 more in it.
                if let Some(arcs) = arcs.filter(|arcs| arcs[1] <= u32::MAX - 80) {
                    let theirs: rasn::types::ObjectIdentifier = rasn::der::decode(der).unwrap();
                    prop_assert_eq!(&theirs[..], &arcs[..]);
                }
            }
            Tag::SEQUENCE => {
                let theirs: Vec<rasn::types::Any> = rasn::der::decode(der).unwrap();
                prop_assert_eq!(theirs.len(), self.inner.len());
                for (theirs, ours) in theirs.iter().zip(&self.inner) {
                    prop_assert_eq!(theirs.as_bytes(), ours.tlv.der());
                }
            }
            _ => {}
        }
        self.inner.iter().try_for_each(Tree::check)
    }
}

fn written_again(der: &[u8]) -> Result<(), TestCaseError> {
    if tlv::check(der).is_err() {
        return Ok(());
    }
    let tree = tlv::decode(der, Tree::read).unwrap();
    prop_assert_eq!(tree.write(), der);
    tree.check()
}

/// A value with the tag, as often right as not: of length octets one in eight is odd.
fn element(tag: Tag) -> impl Strategy<Value = Vec<u8>> {
    let octet = prop_oneof![select(vec![0x00, 0x7f, 0x80, 0xff, 0x01]), any::<u8>()];
    (vec(octet, 0..6), 0..24_u8).prop_map(move |(value, odd)| {
        let length = u8::try_from(value.len()).unwrap();
        let length = match odd {
            0 => vec![0x81, length],
            1 => vec![0x82, 0, length],
            2 => vec![length + 1],
            _ => vec![length],
        };
        [&[tag.octet()], &length[..], &value].concat()
    })
}

/// Whether both take it, with the same value.
macro_rules! agree {
    ($der:expr, $ours:expr, $theirs:ty, $value:expr) => {{
        let der: &[u8] = &$der;
        let theirs = asn1::parse_single::<$theirs>(der).ok().map($value);
        prop_assert_eq!(tlv::decode(der, $ours).ok(), theirs, "{:02x?}", der);
    }};
}

proptest! {
    #![proptest_config(crate::random::config())]

    #[test]
    fn random_trees(der in vec(select(vec![0x30, 0xa0, 2, 1, 3, 4, 5, 6, 0, 7]), 0..24)) {
        written_again(&der)?;
    }

    #[test]
    fn changed_structures(
        der in select(vec![
            fixtures::RSA_PRIVATE_KEY,
            fixtures::RSA_SPKI,
            fixtures::P256_EXPLICIT_SPKI,
            fixtures::DSA_SPKI,
            fixtures::ED25519_SPKI,
        ]),
        changes in vec((any::<usize>(), any::<u8>()), 0..3),
    ) {
        let mut der = der.to_vec();
        for (place, byte) in changes {
            let place = place % der.len();
            der[place] = byte;
        }
        written_again(&der)?;
    }

    #[test]
    fn integers(der in element(Tag::INTEGER)) {
        agree!(der, |reader| reader.integer().map(Vec::from), asn1::BigInt<'_>, |number| {
            number.as_bytes().to_vec()
        });
        agree!(der, |reader| reader.unsigned().map(Vec::from), asn1::BigUint<'_>, |number| {
            integer::trim(number.as_bytes()).to_vec()
        });
        agree!(der, Reader::unsigned_u32, u32, |number| number);
    }

    #[test]
    fn booleans_and_nulls(boolean in element(Tag::BOOLEAN), null in element(Tag::NULL)) {
        agree!(boolean, Reader::boolean, bool, |truth| truth);
        agree!(null, Reader::null, asn1::Null, |null| null);
    }

    #[test]
    fn strings(
        bits in element(Tag::BIT_STRING),
        octets in element(Tag::OCTET_STRING),
        text in element(Tag::PRINTABLE_STRING),
    ) {
        let read = |reader: &mut Reader<'_>| {
            reader.element(Tag::BIT_STRING)?.bits().map(|bits| bits.bytes().to_vec())
        };
        agree!(bits, read, asn1::BitString<'_>, |bits| bits.as_bytes().to_vec());
        agree!(octets, |reader| reader.octet_string().map(Vec::from), &[u8], |octets| {
            octets.to_vec()
        });
        let read = |reader: &mut Reader<'_>| reader.printable_string().map(String::from);
        agree!(text, read, asn1::PrintableString<'_>, |text| text.as_str().to_owned());
    }

    #[test]
    fn oids(der in element(Tag::OBJECT_IDENTIFIER)) {
        let read = |reader: &mut Reader<'_>| reader.oid().map(|oid| oid.to_string());
        agree!(der, read, asn1::ObjectIdentifier, |oid| oid.to_string());
    }

    /// Headers alone, with lengths of up to five octets.
    #[test]
    fn headers(
        tag in prop_oneof![select(vec![0x30, 0x04, 0x80, 0xa3, 0x24, 0x10, 0x00]), any::<u8>()],
        length in vec(select(vec![0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0, 1, 2, 0x7f, 0xff]), 1..6),
        value in 0..600_usize,
    ) {
        let der = [&[tag], &length[..], &vec![0xaa; value]].concat();
        let ours = tlv::decode(&der, |reader| Ok(reader.any()?.value().len())).ok();
        let theirs = asn1::parse_single::<asn1::Tlv<'_>>(&der).map(|tlv| tlv.data().len()).ok();
        // It leaves it to types which form a tag may have, and reads tags above 30.
        let has_form = tlv::decode(&[tag, 0], Reader::any).is_ok();
        prop_assert_eq!(ours, theirs.filter(|_| has_form), "{:02x?}", der);
    }
}
