//! `rasn`'s own types, with its big numbers, as a second opinion on the schemas.

mod ec;

use pkcs11_codec::{
    algorithm,
    dh::DhParameters,
    dsa::DsaParameters,
    integer,
    pkcs1::{RsaPrivateKey, RsaPublicKey},
    signature::Signature,
    spki::PublicKey,
};
use rasn::{
    AsnType, Decode, Decoder, Encode,
    types::{Integer, IntegerType},
};

use crate::fixtures;

/// Any SEQUENCE of INTEGERs.
#[derive(AsnType, Decode, Encode)]
#[rasn(delegate)]
struct Numbers(Vec<Integer>);

/// RFC 5280 §4.1.
#[derive(AsnType, Decode, Encode)]
struct Spki {
    algorithm: Algorithm,
    key: rasn::types::BitString,
}

#[derive(AsnType, Decode, Encode)]
struct Algorithm {
    algorithm: rasn::types::ObjectIdentifier,
    parameters: Option<rasn::types::Any>,
}

fn numbers(der: &[u8]) -> Vec<Vec<u8>> {
    let Numbers(numbers) = rasn::der::decode(der).unwrap();
    assert_eq!(rasn::der::encode(&Numbers(numbers.clone())).unwrap(), der);
    let unsigned = |number: &Integer| {
        let (bytes, length) = number.to_signed_bytes_be();
        match &bytes.as_ref()[..length] {
            [0, rest @ ..] if !rest.is_empty() => rest.to_vec(),
            [0x80..=0xff, ..] => panic!("negative: {number}"),
            all => all.to_vec(),
        }
    };
    numbers.iter().map(unsigned).collect()
}

#[test]
fn sequences_of_numbers() {
    let key = RsaPrivateKey::from_der(fixtures::RSA_PRIVATE_KEY).unwrap();
    let ours = [
        &[0],
        key.modulus,
        key.public_exponent,
        key.private_exponent,
        key.prime_1,
        key.prime_2,
        key.exponent_1,
        key.exponent_2,
        key.coefficient,
    ];
    assert_eq!(numbers(fixtures::RSA_PRIVATE_KEY), ours);

    let key = RsaPublicKey::from_der(fixtures::RSA_PUBLIC_KEY).unwrap();
    assert_eq!(numbers(fixtures::RSA_PUBLIC_KEY), [key.modulus, key.public_exponent]);

    let dsa = DsaParameters::from_der(fixtures::DSA_PARAMETERS).unwrap();
    assert_eq!(numbers(fixtures::DSA_PARAMETERS), [dsa.prime, dsa.subprime, dsa.base]);

    let dh = DhParameters::from_der(fixtures::DH_PARAMETERS_WITH_LENGTH).unwrap();
    assert_eq!(numbers(fixtures::DH_PARAMETERS_WITH_LENGTH), [dh.prime, dh.base, &[160]]);

    let signature = Signature::from_der(fixtures::ECDSA_SHORT_R, 32).unwrap();
    assert_eq!(numbers(fixtures::ECDSA_SHORT_R), [signature.r(), signature.s()]);
}

#[test]
fn public_keys() {
    for der in [fixtures::P256_SPKI, fixtures::ED448_SPKI, fixtures::DSA_SPKI] {
        let theirs: Spki = rasn::der::decode(der).unwrap();
        assert_eq!(rasn::der::encode(&theirs).unwrap(), der);
        let oid = rasn::der::encode(&theirs.algorithm.algorithm).unwrap();
        let key = match PublicKey::from_spki_der(der).unwrap() {
            PublicKey::Ec { parameters, point } => {
                let ours = parameters.to_der().unwrap();
                assert_eq!(theirs.algorithm.parameters.unwrap().as_bytes(), ours);
                point
            }
            PublicKey::Edwards { curve, key } => {
                assert_eq!(curve.oid().to_der().unwrap(), oid);
                assert!(theirs.algorithm.parameters.is_none());
                key
            }
            PublicKey::Dsa { parameters, value } => {
                assert_eq!(algorithm::DSA.to_der().unwrap(), oid);
                let parameters = parameters.unwrap().to_der().unwrap();
                assert_eq!(theirs.algorithm.parameters.unwrap().as_bytes(), parameters);
                let y = integer::from_der(theirs.key.as_raw_slice()).unwrap();
                assert_eq!(y, value);
                continue;
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(theirs.key.as_raw_slice(), key);
    }
}
