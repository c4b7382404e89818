//! `rasn`'s own types, with its big numbers, as a second opinion on the schemas.

mod certificates;
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
    AsnType, Decode, Decoder, Encode, Encoder,
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

/// RFC 5958 §2.
#[derive(AsnType, Decode, Encode)]
struct OneAsymmetricKey {
    version: Integer,
    algorithm: Algorithm,
    private_key: rasn::types::OctetString,
    #[rasn(tag(context, 0))]
    attributes: Option<rasn::types::SetOf<rasn::types::Any>>,
    #[rasn(tag(context, 1))]
    public_key: Option<rasn::types::BitString>,
}

/// RFC 5915 §3.
#[derive(AsnType, Decode, Encode)]
struct EcPrivateKey {
    version: Integer,
    private_key: rasn::types::OctetString,
    #[rasn(tag(explicit(context, 0)))]
    parameters: Option<rasn::types::Any>,
    #[rasn(tag(explicit(context, 1)))]
    public_key: Option<rasn::types::BitString>,
}

/// RFC 9881 §6 and RFC 9935 §6.
#[derive(AsnType, Decode, Encode)]
#[rasn(choice)]
enum SeedOrExpanded {
    #[rasn(tag(context, 0))]
    Seed(rasn::types::OctetString),
    Expanded(rasn::types::OctetString),
    Both(Both),
}

#[derive(AsnType, Decode, Encode)]
struct Both {
    seed: rasn::types::OctetString,
    expanded: rasn::types::OctetString,
}

#[test]
fn private_keys() {
    use pkcs11_codec::pkcs8::{PrivateKey, PrivateKeyInfo};

    for der in fixtures::private_keys::ALL.iter().chain([&super::private_keys::RFC_8410_V2]) {
        let theirs: OneAsymmetricKey = rasn::der::decode(der).unwrap();
        assert_eq!(rasn::der::encode(&theirs).unwrap(), *der);
        let ours = PrivateKeyInfo::from_der(der).unwrap();
        assert_eq!(theirs.version, Integer::from(u8::from(ours.public_key.is_some())));
        assert_eq!(theirs.attributes.is_some(), ours.attributes.is_some());
        assert_eq!(theirs.public_key.as_ref().map(|bits| bits.as_raw_slice()), ours.public_key);

        let inner = &theirs.private_key[..];
        let number = |value: &[u8]| {
            let read: Integer = rasn::der::decode(inner).unwrap();
            let (bytes, length) = read.to_signed_bytes_be();
            assert_eq!(pkcs11_codec::integer::trim(&bytes.as_ref()[..length]), value);
        };
        match ours.key {
            PrivateKey::Rsa(key) | PrivateKey::RsaPss { key, .. } => {
                assert_eq!(*key.to_der().unwrap(), inner);
            }
            PrivateKey::Dsa { value, .. }
            | PrivateKey::Dh { value, .. }
            | PrivateKey::X942Dh { value, .. } => number(value),
            PrivateKey::Ec { key, .. } => {
                let theirs: EcPrivateKey = rasn::der::decode(inner).unwrap();
                assert_eq!(rasn::der::encode(&theirs).unwrap(), inner);
                assert_eq!((theirs.version, &theirs.private_key[..]), (1.into(), key.value));
                assert_eq!(theirs.parameters.is_some(), key.parameters.is_some());
                assert_eq!(theirs.public_key.as_ref().map(|bits| bits.as_raw_slice()), key.point);
            }
            PrivateKey::Edwards { value, .. } | PrivateKey::Montgomery { value, .. } => {
                let theirs: rasn::types::OctetString = rasn::der::decode(inner).unwrap();
                assert_eq!(theirs, value);
            }
            PrivateKey::PostQuantum { value, .. } => {
                let (seed, expanded) = match rasn::der::decode(inner).unwrap() {
                    SeedOrExpanded::Seed(seed) => (Some(seed), None),
                    SeedOrExpanded::Expanded(expanded) => (None, Some(expanded)),
                    SeedOrExpanded::Both(Both { seed, expanded }) => (Some(seed), Some(expanded)),
                };
                assert_eq!(
                    (seed.as_deref(), expanded.as_deref()),
                    (value.seed(), value.expanded())
                );
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn further_primes() {
    /// RFC 8017 §A.1.2.
    #[derive(AsnType, Decode, Encode)]
    struct RsaKey {
        version: Integer,
        modulus: Integer,
        public_exponent: Integer,
        private_exponent: Integer,
        prime1: Integer,
        prime2: Integer,
        exponent1: Integer,
        exponent2: Integer,
        coefficient: Integer,
        other_prime_infos: Option<Vec<Numbers>>,
    }
    let der = fixtures::RSA_THREE_PRIMES;
    let theirs: RsaKey = rasn::der::decode(der).unwrap();
    assert_eq!(rasn::der::encode(&theirs).unwrap(), der);
    let ours = RsaPrivateKey::from_der(der).unwrap().other_primes;
    let theirs = theirs.other_prime_infos.unwrap();
    assert_eq!(theirs.len(), 1);
    for (ours, theirs) in ours.iter().zip(theirs) {
        let bytes = rasn::der::encode(&theirs).unwrap();
        assert_eq!(numbers(&bytes), [ours.prime, ours.exponent, ours.coefficient]);
    }
}
