//! `asn1`, the parser below Python's cryptography, on structs with as little work in them as
//! the job allows.

use std::borrow::Cow;

use asn1::{BigInt, BigUint, BitString, Null, ObjectIdentifier, SequenceOf, Tlv};

use super::{Certificate, Day, Fixed, Key, RsaPrivateKey, fixed, unsigned};

const RSA: ObjectIdentifier = asn1::oid!(1, 2, 840, 113549, 1, 1, 1);
const EC: ObjectIdentifier = asn1::oid!(1, 2, 840, 10045, 2, 1);
const P256: ObjectIdentifier = asn1::oid!(1, 2, 840, 10045, 3, 1, 7);
const ED25519: ObjectIdentifier = asn1::oid!(1, 3, 101, 112);

#[derive(asn1::Asn1Read)]
struct CertificateSchema<'a> {
    tbs: Tbs<'a>,
    algorithm: Algorithm<'a>,
    _signature: BitString<'a>,
}

#[derive(asn1::Asn1Read)]
struct Tbs<'a> {
    #[explicit(0)]
    #[default(0)]
    _version: u8,
    serial: BigInt<'a>,
    algorithm: Algorithm<'a>,
    issuer: Tlv<'a>,
    validity: Validity,
    subject: Tlv<'a>,
    key: Tlv<'a>,
    #[implicit(1)]
    _issuer_id: Option<BitString<'a>>,
    #[implicit(2)]
    _subject_id: Option<BitString<'a>>,
    #[explicit(3)]
    _extensions: Option<SequenceOf<'a, Extension<'a>>>,
}

#[derive(asn1::Asn1Read)]
struct Validity {
    start: Time,
    end: Time,
}

#[derive(asn1::Asn1Read)]
enum Time {
    Utc(asn1::UtcTime),
    General(asn1::X509GeneralizedTime),
}

#[derive(asn1::Asn1Read)]
struct Extension<'a> {
    _id: ObjectIdentifier,
    #[default(false)]
    _critical: bool,
    _value: &'a [u8],
}

#[derive(asn1::Asn1Read, PartialEq)]
struct Algorithm<'a> {
    id: ObjectIdentifier,
    parameters: Option<Tlv<'a>>,
}

#[derive(asn1::Asn1Read)]
struct Spki<'a> {
    algorithm: Algorithm<'a>,
    key: BitString<'a>,
}

#[derive(asn1::Asn1Read)]
struct RsaPublic<'a> {
    modulus: BigUint<'a>,
    public_exponent: BigUint<'a>,
}

#[derive(asn1::Asn1Read)]
struct RsaPrivate<'a> {
    version: u8,
    n: BigUint<'a>,
    e: BigUint<'a>,
    d: BigUint<'a>,
    p: BigUint<'a>,
    q: BigUint<'a>,
    dp: BigUint<'a>,
    dq: BigUint<'a>,
    qi: BigUint<'a>,
}

#[derive(asn1::Asn1Read)]
struct Pkcs8<'a> {
    _version: u8,
    algorithm: Algorithm<'a>,
    key: &'a [u8],
    #[implicit(0)]
    _attributes: Option<asn1::SetOf<'a, Tlv<'a>>>,
}

#[derive(asn1::Asn1Read, asn1::Asn1Write)]
struct Signature<'a> {
    r: BigUint<'a>,
    s: BigUint<'a>,
}

fn read<'a, T: asn1::Asn1Readable<'a>>(der: &'a [u8]) -> T {
    asn1::parse_single(der).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn certificate(der: &[u8]) -> Certificate<'_> {
    let CertificateSchema { tbs, algorithm, .. } = read(der);
    assert!(tbs.algorithm == algorithm);
    Certificate {
        subject: tbs.subject.full_data().into(),
        issuer: tbs.issuer.full_data().into(),
        serial: tbs.serial.as_bytes().into(),
        start: day(&tbs.validity.start),
        end: day(&tbs.validity.end),
        key_info: tbs.key.full_data().into(),
        key: spki(tbs.key.full_data()),
    }
}

fn day(time: &Time) -> Day {
    let time = match time {
        Time::Utc(time) => time.as_datetime(),
        Time::General(time) => time.as_datetime(),
    };
    (time.year(), time.month(), time.day())
}

pub(crate) fn rsa_pkcs1(der: &[u8]) -> RsaPrivateKey<'_> {
    let key: RsaPrivate<'_> = read(der);
    assert_eq!(key.version, 0);
    [key.n, key.e, key.d, key.p, key.q, key.dp, key.dq, key.qi]
        .map(|number| Cow::Borrowed(unsigned(number.as_bytes())))
}

pub(crate) fn rsa_pkcs8(der: &[u8]) -> RsaPrivateKey<'_> {
    let key: Pkcs8<'_> = read(der);
    assert_eq!(key.algorithm.id, RSA);
    key.algorithm.parameters.expect("NULL").parse::<Null>().expect("NULL");
    rsa_pkcs1(key.key)
}

pub(crate) fn spki(der: &[u8]) -> Key<'_> {
    let Spki { algorithm, key } = read(der);
    assert_eq!(key.padding_bits(), 0);
    let key = key.as_bytes();
    match (algorithm.id, algorithm.parameters) {
        (RSA, Some(parameters)) => {
            parameters.parse::<Null>().expect("NULL");
            let RsaPublic { modulus, public_exponent } = read(key);
            Key::Rsa {
                modulus: unsigned(modulus.as_bytes()).into(),
                public_exponent: unsigned(public_exponent.as_bytes()).into(),
            }
        }
        (EC, Some(parameters)) if parameters.parse() == Ok(P256) && key.len() == 65 => {
            Key::P256(key.into())
        }
        (ED25519, None) if key.len() == 32 => Key::Ed25519(key.into()),
        _ => panic!("another key"),
    }
}

pub(crate) fn ecdsa_to_fixed(der: &[u8], out: &mut Fixed) {
    let Signature { r, s } = read(der);
    fixed(unsigned(r.as_bytes()), unsigned(s.as_bytes()), out);
}

pub(crate) fn ecdsa_to_der(fixed: &Fixed) -> Vec<u8> {
    let (mut r, mut s) = ([0; 33], [0; 33]);
    let signature = Signature {
        r: BigUint::new(content(&fixed[..32], &mut r)).expect("a number"),
        s: BigUint::new(content(&fixed[32..], &mut s)).expect("a number"),
    };
    asn1::write_single(&signature).expect("two numbers")
}

/// The number as INTEGER has it: no zeros before it but one where the first bit is set.
fn content<'a>(number: &[u8], room: &'a mut [u8; 33]) -> &'a [u8] {
    room[1..].copy_from_slice(number);
    let zeros = number.iter().take_while(|octet| **octet == 0).count().min(31);
    let first = if number[zeros] < 0x80 { zeros + 1 } else { zeros };
    &room[first..]
}
