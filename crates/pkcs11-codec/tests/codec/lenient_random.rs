//! Properties of the lenient mode: any BER of a value becomes the DER of that value.

use pkcs11_codec::{lenient, tlv};
use proptest::{collection::vec, prelude::*, sample::select};
use rasn::types::OctetString;

use crate::{fixtures, properties, random::config};

/// A value, as its DER is built.
#[derive(Debug, Clone)]
enum Value {
    /// A tag without rules for its contents, and those.
    Plain(u8, Vec<u8>),
    Boolean(bool),
    Integer(Vec<u8>),
    /// The number of a string type, and its bytes.
    Text(u8, Vec<u8>),
    /// Unused bits and bytes.
    Bits(u8, Vec<u8>),
    Constructed(u8, Vec<Value>),
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (select(vec![0x05, 0x80, 0x9e]), vec(any::<u8>(), 0..5)).prop_map(|(tag, mut bytes)| {
            // NULL has none.
            bytes.truncate(if tag == 5 { 0 } else { 5 });
            Value::Plain(tag, bytes)
        }),
        any::<bool>().prop_map(Value::Boolean),
        any::<i64>().prop_map(|number| Value::Integer(number.to_be_bytes().to_vec())),
        (select(vec![4, 12, 22, 23, 30]), vec(any::<u8>(), 0..300))
            .prop_map(|(number, bytes)| Value::Text(number, bytes)),
        (0..8_u8, vec(any::<u8>(), 0..20)).prop_map(|(unused, bytes)| {
            Value::Bits(if bytes.is_empty() { 0 } else { unused }, bytes)
        }),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        (select(vec![0x30, 0x31, 0xa0, 0xbe, 0x60]), vec(inner, 0..6))
            .prop_map(|(tag, values)| Value::Constructed(tag, values))
    })
}

fn length_octets(length: usize, zeros: usize) -> Vec<u8> {
    if length < 0x80 && zeros == 0 {
        return vec![u8::try_from(length).unwrap()];
    }
    let octets = length.to_be_bytes();
    let first = octets.iter().position(|&octet| octet != 0).unwrap_or(octets.len());
    let octets = [&vec![0; zeros][..], &octets[first..]].concat();
    [&[0x80 | u8::try_from(octets.len()).unwrap()], &octets[..]].concat()
}

fn element(tag: u8, value: &[u8]) -> Vec<u8> {
    [&[tag], &length_octets(value.len(), 0)[..], value].concat()
}

fn minimal(number: &[u8]) -> &[u8] {
    match number {
        [0, rest @ ..] if rest.first().is_some_and(|&octet| octet < 0x80) => minimal(rest),
        [0xff, rest @ ..] if rest.first().is_some_and(|&octet| octet >= 0x80) => minimal(rest),
        _ => number,
    }
}

fn cleared(unused: u8, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if let Some(last) = bytes.last_mut() {
        *last &= u8::MAX << unused;
    }
    bytes
}

fn der(value: &Value) -> Vec<u8> {
    match value {
        Value::Plain(tag, bytes) => element(*tag, bytes),
        Value::Boolean(truth) => element(1, &[if *truth { 0xff } else { 0 }]),
        Value::Integer(number) => element(2, minimal(number)),
        Value::Text(number, bytes) => element(*number, bytes),
        Value::Bits(unused, bytes) => {
            element(3, &[&[*unused], &cleared(*unused, bytes)[..]].concat())
        }
        Value::Constructed(tag, values) => {
            element(*tag, &values.iter().flat_map(der).collect::<Vec<_>>())
        }
    }
}

/// Random choices, all zero at their end.
struct Choices<'a>(std::slice::Iter<'a, u8>);

impl Choices<'_> {
    fn next(&mut self, below: u8) -> u8 {
        self.0.next().copied().unwrap_or(0) % below
    }

    /// An element with some length of BER; a constructed one may have none.
    fn element(&mut self, tag: u8, value: &[u8]) -> Vec<u8> {
        match self.next(4) {
            1 if tag & 0x20 != 0 => [&[tag, 0x80], value, &[0, 0]].concat(),
            2 => [&[tag], &length_octets(value.len(), 1)[..], value].concat(),
            3 => [&[tag], &length_octets(value.len(), 3)[..], value].concat(),
            _ => element(tag, value),
        }
    }

    fn pieces(&mut self, segment: u8, bytes: &[u8], unused: u8, depth: u8) -> Vec<u8> {
        let cut = usize::from(self.next(200)).min(bytes.len());
        let mut pieces = Vec::new();
        for (index, piece) in [&bytes[..cut], &bytes[cut..]].into_iter().enumerate() {
            let unused = if index == 1 && !piece.is_empty() { unused } else { 0 };
            if index == 1 && piece.is_empty() {
                continue;
            }
            if depth < 4 && self.next(3) == 1 {
                let inner = self.pieces(segment, piece, unused, depth + 1);
                pieces.extend(self.element(segment | 0x20, &inner));
            } else if segment == 3 {
                pieces.extend(self.element(3, &[&[unused], piece].concat()));
            } else {
                pieces.extend(self.element(4, piece));
            }
        }
        pieces
    }

    fn ber(&mut self, value: &Value) -> Vec<u8> {
        match value {
            Value::Plain(tag, bytes) => self.element(*tag, bytes),
            Value::Boolean(true) => {
                let truth = [0xff, 0x01, 0x80][usize::from(self.next(3))];
                self.element(1, &[truth])
            }
            Value::Boolean(false) => self.element(1, &[0]),
            Value::Integer(number) => {
                let number = if self.next(2) == 0 { minimal(number) } else { number };
                self.element(2, number)
            }
            Value::Text(number, bytes) => match self.next(2) {
                0 => self.element(*number, bytes),
                _ => {
                    let pieces = self.pieces(4, bytes, 0, 0);
                    self.element(*number | 0x20, &pieces)
                }
            },
            Value::Bits(unused, bytes) => {
                let bytes = if self.next(2) == 0 { cleared(*unused, bytes) } else { bytes.clone() };
                // The pieces of a string that is cut at its end have no unused bits to tell of.
                match self.next(2) {
                    1 if *unused == 0 => {
                        let pieces = self.pieces(3, &bytes, 0, 0);
                        self.element(0x23, &pieces)
                    }
                    _ => self.element(3, &[&[*unused], &bytes[..]].concat()),
                }
            }
            Value::Constructed(tag, values) => {
                let inner: Vec<u8> = values.iter().flat_map(|value| self.ber(value)).collect();
                self.element(*tag, &inner)
            }
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn ber_becomes_der(
        value in value(),
        choices in vec(any::<u8>(), 0..200),
        padding in prop_oneof![Just(vec![]), vec(Just(0), 0..40), vec(Just(0xff), 0..40)],
    ) {
        let der = der(&value);
        let ber = [Choices(choices.iter()).ber(&value), padding].concat();
        let recovered = lenient::to_der(&ber).unwrap();
        prop_assert_eq!(recovered.der(), &der[..]);
        prop_assert_eq!(recovered.forgiven().is_empty(), ber == der);
        prop_assert!(recovered.forgiven().is_sorted_by_key(|one| one.position()));
        prop_assert_eq!(tlv::check(&der), Ok(()));
    }

    /// `rasn` puts the pieces of a string together as well.
    #[test]
    fn strings_in_pieces(bytes in vec(any::<u8>(), 0..600), choices in vec(any::<u8>(), 0..20)) {
        let ber = Choices(choices.iter()).ber(&Value::Text(4, bytes.clone()));
        let theirs: OctetString = rasn::ber::decode(&ber).unwrap();
        prop_assert_eq!(&theirs[..], &bytes[..]);
        let recovered = lenient::to_der(&ber).unwrap();
        prop_assert_eq!(tlv::decode(recovered.der(), tlv::Reader::octet_string), Ok(&bytes[..]));
    }

    /// What the strict reader takes is borrowed; what is rewritten needs it once.
    #[test]
    fn any_bytes(ber in vec(any::<u8>(), 0..60)) {
        properties::lenient(&ber);
    }

    #[test]
    fn nearly_good_bytes(
        der in select(vec![fixtures::RSA_PRIVATE_KEY, fixtures::P256_EXPLICIT_SPKI]),
        changes in vec((any::<usize>(), any::<u8>()), 0..4),
        small in vec((0..8_usize, select(vec![0x80, 0x81, 0x24, 0x23, 0])), 0..3),
    ) {
        let mut ber = der.to_vec();
        for (place, byte) in changes.into_iter().chain(small) {
            let place = place % ber.len();
            ber[place] = byte;
        }
        properties::lenient(&ber);
    }
}
