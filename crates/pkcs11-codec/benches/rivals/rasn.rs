//! `rasn`, with `rasn-pkix` where that has the structure.

use std::borrow::Cow;

use chrono::Datelike;
use rasn::{
    AsnType, Decode, Decoder, Encode,
    types::{Any, Integer, IntegerType, ObjectIdentifier, OctetString, Oid, SetOf},
};
use rasn_pkix::{AlgorithmIdentifier, SubjectPublicKeyInfo, Time};

use super::{Bytes, Certificate, Day, Fixed, Key, RsaPrivateKey, fixed, unsigned};

const RSA: &Oid = Oid::const_new(&[1, 2, 840, 113549, 1, 1, 1]);
const EC: &Oid = Oid::const_new(&[1, 2, 840, 10045, 2, 1]);
const P256: &Oid = Oid::const_new(&[1, 2, 840, 10045, 3, 1, 7]);
const ED25519: &Oid = Oid::const_new(&[1, 3, 101, 112]);

/// RFC 5958 §2, version 0.
#[derive(AsnType, Decode)]
struct PrivateKeyInfo {
    version: Integer,
    algorithm: AlgorithmIdentifier,
    key: OctetString,
    #[rasn(tag(0))]
    _attributes: Option<SetOf<Any>>,
}

/// RFC 8017 §A.1.1.
#[derive(AsnType, Decode)]
struct RsaPublic {
    modulus: Integer,
    public_exponent: Integer,
}

/// RFC 8017 §A.1.2, version 0.
#[derive(AsnType, Decode)]
struct RsaPrivate {
    version: Integer,
    modulus: Integer,
    public_exponent: Integer,
    private_exponent: Integer,
    prime1: Integer,
    prime2: Integer,
    exponent1: Integer,
    exponent2: Integer,
    coefficient: Integer,
}

/// RFC 3279 §2.2.3.
#[derive(AsnType, Decode, Encode)]
struct SigValue {
    r: Integer,
    s: Integer,
}

fn read<T: Decode>(der: &[u8]) -> T {
    rasn::der::decode(der).unwrap_or_else(|error| panic!("{error}"))
}

fn write<T: Encode>(value: &T) -> Vec<u8> {
    rasn::der::encode(value).expect("DER")
}

pub(crate) fn certificate(der: &[u8]) -> Certificate<'_> {
    let tbs = read::<rasn_pkix::Certificate>(der).tbs_certificate;
    Certificate {
        subject: write(&tbs.subject).into(),
        issuer: write(&tbs.issuer).into(),
        serial: Cow::Owned(content(&tbs.serial_number)),
        start: day(&tbs.validity.not_before),
        end: day(&tbs.validity.not_after),
        key_info: write(&tbs.subject_public_key_info).into(),
        key: key(&tbs.subject_public_key_info),
    }
}

fn day(time: &Time) -> Day {
    let date = match time {
        Time::Utc(time) => time.date_naive(),
        Time::General(time) => time.date_naive(),
    };
    let small = |number: u32| u8::try_from(number).expect("a month or day");
    (u16::try_from(date.year()).expect("a year"), small(date.month()), small(date.day()))
}

pub(crate) fn rsa_pkcs1(der: &[u8]) -> RsaPrivateKey<'_> {
    let key: RsaPrivate = read(der);
    assert_eq!(key.version, Integer::from(0));
    [
        key.modulus,
        key.public_exponent,
        key.private_exponent,
        key.prime1,
        key.prime2,
        key.exponent1,
        key.exponent2,
        key.coefficient,
    ]
    .map(|number| number_bytes(&number))
}

pub(crate) fn rsa_pkcs8(der: &[u8]) -> RsaPrivateKey<'_> {
    let info: PrivateKeyInfo = read(der);
    assert!(info.version == Integer::from(0) && is_rsa(&info.algorithm));
    rsa_pkcs1(&info.key).map(|number| Cow::Owned(number.into_owned()))
}

fn is_rsa(algorithm: &AlgorithmIdentifier) -> bool {
    let null = algorithm.parameters.as_ref().is_some_and(|any| any.as_bytes() == [5, 0]);
    *algorithm.algorithm == *RSA && null
}

pub(crate) fn spki(der: &[u8]) -> Key<'_> {
    key(&read(der))
}

fn key(info: &SubjectPublicKeyInfo) -> Key<'static> {
    let (algorithm, bits) = (&info.algorithm, &info.subject_public_key);
    assert_eq!(bits.len() % 8, 0);
    let key = bits.as_raw_slice();
    if is_rsa(algorithm) {
        let key: RsaPublic = read(key);
        return Key::Rsa {
            modulus: number_bytes(&key.modulus),
            public_exponent: number_bytes(&key.public_exponent),
        };
    }
    let parameters = algorithm.parameters.as_ref().map(Any::as_bytes);
    if *algorithm.algorithm == *EC && key.len() == 65 {
        let curve: ObjectIdentifier = read(parameters.expect("a curve"));
        assert_eq!(*curve, *P256);
        return Key::P256(Cow::Owned(key.to_vec()));
    }
    assert!(*algorithm.algorithm == *ED25519 && parameters.is_none() && key.len() == 32);
    Key::Ed25519(Cow::Owned(key.to_vec()))
}

fn content(number: &Integer) -> Vec<u8> {
    let (bytes, length) = number.to_signed_bytes_be();
    bytes.as_ref()[..length].to_vec()
}

fn number_bytes(number: &Integer) -> Bytes<'static> {
    let (bytes, length) = number.to_unsigned_bytes_be();
    Cow::Owned(unsigned(&bytes.as_ref()[..length]).to_vec())
}

pub(crate) fn ecdsa_to_fixed(der: &[u8], out: &mut Fixed) {
    let SigValue { r, s } = read(der);
    fixed(&number_bytes(&r), &number_bytes(&s), out);
}

pub(crate) fn ecdsa_to_der(fixed: &Fixed) -> Vec<u8> {
    let (r, s) = fixed.split_at(32);
    let number =
        |bytes| Integer::try_from_unsigned_bytes(bytes, rasn::Codec::Der).expect("a number");
    write(&SigValue { r: number(r), s: number(s) })
}
