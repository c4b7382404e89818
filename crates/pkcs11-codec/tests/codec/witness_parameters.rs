//! `rasn`'s own types as a second opinion on the schemas of parameters and public keys.

use pkcs11_codec::{
    algorithm::MGF1,
    dh::X942Parameters,
    integer,
    oid::Oid,
    rsa_parameters::{HashAlgorithm, OaepParameters, PssParameters},
    spki::PublicKey,
};
use rasn::{
    AsnType, Decode, Decoder, Encode, Encoder,
    types::{Any, BitString, Integer, ObjectIdentifier, OctetString},
};
use rstest::rstest;

use crate::fixtures::{self, spki};

/// RFC 5280 §4.1.1.2.
#[derive(AsnType, Decode, Encode, Clone, PartialEq)]
struct Algorithm {
    algorithm: ObjectIdentifier,
    parameters: Option<Any>,
}

/// RFC 5280 §4.1.
#[derive(AsnType, Decode, Encode)]
struct Spki {
    algorithm: Algorithm,
    key: BitString,
}

/// RFC 8017 §A.2.3.
#[derive(AsnType, Decode, Encode)]
struct Pss {
    #[rasn(tag(explicit(0)), default = "sha1")]
    hash: Algorithm,
    #[rasn(tag(explicit(1)), default = "mgf1_sha1")]
    mask_generation: Algorithm,
    #[rasn(tag(explicit(2)), default = "twenty")]
    salt_length: u32,
    #[rasn(tag(explicit(3)), default = "one")]
    trailer: u32,
}

/// RFC 8017 §A.2.1.
#[derive(AsnType, Decode, Encode)]
struct Oaep {
    #[rasn(tag(explicit(0)), default = "sha1")]
    hash: Algorithm,
    #[rasn(tag(explicit(1)), default = "mgf1_sha1")]
    mask_generation: Algorithm,
    #[rasn(tag(explicit(2)), default = "no_label")]
    label: Algorithm,
}

/// RFC 3279 §2.3.3.
#[derive(AsnType, Decode, Encode)]
struct X942 {
    p: Integer,
    g: Integer,
    q: Integer,
    j: Option<Integer>,
    validation: Option<Validation>,
}

#[derive(AsnType, Decode, Encode)]
struct Validation {
    seed: BitString,
    counter: Integer,
}

fn sha1() -> Algorithm {
    let algorithm = ObjectIdentifier::new(vec![1, 3, 14, 3, 2, 26]).unwrap();
    Algorithm { algorithm, parameters: Some(Any::new(vec![0x05, 0x00])) }
}

fn mgf1_sha1() -> Algorithm {
    let algorithm = ObjectIdentifier::new(vec![1, 2, 840, 113_549, 1, 1, 8]).unwrap();
    Algorithm { algorithm, parameters: Some(Any::new(rasn::der::encode(&sha1()).unwrap())) }
}

fn no_label() -> Algorithm {
    let algorithm = ObjectIdentifier::new(vec![1, 2, 840, 113_549, 1, 1, 9]).unwrap();
    Algorithm { algorithm, parameters: Some(Any::new(vec![0x04, 0x00])) }
}

const fn twenty() -> u32 {
    20
}

const fn one() -> u32 {
    1
}

fn oid_der(oid: &ObjectIdentifier) -> Vec<u8> {
    rasn::der::encode(oid).unwrap()
}

fn assert_hash(ours: HashAlgorithm, theirs: &Algorithm) {
    assert_eq!(ours.digest.oid().to_der().unwrap(), oid_der(&theirs.algorithm));
    let null = ours.null_parameters.then_some(&[0x05, 0x00][..]);
    assert_eq!(theirs.parameters.as_ref().map(Any::as_bytes), null);
}

fn assert_mgf1(ours: HashAlgorithm, theirs: &Algorithm) {
    assert_eq!(MGF1.to_der().unwrap(), oid_der(&theirs.algorithm));
    let hash = theirs.parameters.as_ref().unwrap();
    assert_hash(ours, &rasn::der::decode(hash.as_bytes()).unwrap());
}

fn pss(key: &'static [u8]) -> Vec<u8> {
    match PublicKey::from_spki_der(key).unwrap() {
        PublicKey::RsaPss { parameters: Some(parameters), .. } => parameters.to_der().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case(spki::PSS_DEFAULTS_SPKI)]
#[case(spki::PSS_SHA256_SPKI)]
#[case(spki::PSS_MIXED_SPKI)]
fn pss_parameters(#[case] key: &'static [u8]) {
    let der = pss(key);
    let theirs: Pss = rasn::der::decode(&der).unwrap();
    let ours = PssParameters::from_der(&der).unwrap();
    assert_hash(ours.hash, &theirs.hash);
    assert_mgf1(ours.mgf1_hash, &theirs.mask_generation);
    assert_eq!((ours.salt_length, 1), (theirs.salt_length, theirs.trailer));
    // What they leave out when they write, we do.
    assert_eq!(rasn::der::encode(&theirs).unwrap(), der);
}

#[rstest]
#[case(&[0x30, 0x00])]
#[case(spki::OAEP_LABEL)]
fn oaep_parameters(#[case] der: &[u8]) {
    let theirs: Oaep = rasn::der::decode(der).unwrap();
    let ours = OaepParameters::from_der(der).unwrap();
    assert_hash(ours.hash, &theirs.hash);
    assert_mgf1(ours.mgf1_hash, &theirs.mask_generation);
    let label: OctetString =
        rasn::der::decode(theirs.label.parameters.as_ref().unwrap().as_bytes()).unwrap();
    assert_eq!(label, ours.label);
    assert_eq!(rasn::der::encode(&theirs).unwrap(), der);
}

#[rstest]
#[case(include_bytes!("../fixtures/spki/rfc5114-3.der"))]
#[case(spki::X942_VALIDATION)]
#[case(spki::X942_COFACTOR)]
#[case(spki::X942_ALL)]
fn x942_parameters(#[case] der: &[u8]) {
    let theirs: X942 = rasn::der::decode(der).unwrap();
    assert_eq!(rasn::der::encode(&theirs).unwrap(), der);
    let same = |unsigned: &[u8], number: &Integer| {
        assert_eq!(integer::to_der(unsigned).unwrap(), rasn::der::encode(number).unwrap());
    };
    let ours = X942Parameters::from_der(der).unwrap();
    same(ours.prime, &theirs.p);
    same(ours.base, &theirs.g);
    same(ours.subprime, &theirs.q);
    assert_eq!(ours.cofactor.is_some(), theirs.j.is_some());
    if let (Some(ours), Some(theirs)) = (ours.cofactor, &theirs.j) {
        same(ours, theirs);
    }
    assert_eq!(ours.validation.is_some(), theirs.validation.is_some());
    if let (Some(ours), Some(theirs)) = (ours.validation, &theirs.validation) {
        assert_eq!(ours.seed, theirs.seed.as_raw_slice());
        same(&ours.counter.to_be_bytes(), &theirs.counter);
    }
}

#[rstest]
#[case(fixtures::RSA_SPKI)]
#[case(spki::PSS_ANY_SPKI)]
#[case(spki::PSS_SHA256_SPKI)]
#[case(spki::DSA_INHERITED_SPKI)]
#[case(spki::DH_SPKI)]
#[case(spki::X942_SPKI)]
#[case(spki::SLH_DSA_RFC_9909_SPKI)]
fn public_keys(#[case] der: &[u8]) {
    let theirs: Spki = rasn::der::decode(der).unwrap();
    assert_eq!(rasn::der::encode(&theirs).unwrap(), der);
    let number = |value| integer::to_der(value).unwrap();
    let (parameters, key) = match PublicKey::from_spki_der(der).unwrap() {
        PublicKey::Rsa(key) => (Some(vec![0x05, 0x00]), key.to_der().unwrap()),
        PublicKey::RsaPss { parameters, key } => {
            (parameters.map(|parameters| parameters.to_der().unwrap()), key.to_der().unwrap())
        }
        PublicKey::Dsa { parameters, value } => {
            (parameters.map(|parameters| parameters.to_der().unwrap()), number(value))
        }
        PublicKey::Dh { parameters, value } => (Some(parameters.to_der().unwrap()), number(value)),
        PublicKey::X942Dh { parameters, value } => {
            (Some(parameters.to_der().unwrap()), number(value))
        }
        PublicKey::PostQuantum { set, key } => {
            let oid =
                Oid::from_der(&oid_der(&theirs.algorithm.algorithm)).map(|oid| oid.to_string());
            assert_eq!(oid, Ok(set.oid().to_string()));
            (None, key.to_vec())
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(theirs.algorithm.parameters.map(|any| any.as_bytes().to_vec()), parameters);
    assert_eq!(theirs.key.as_raw_slice(), key);
}
