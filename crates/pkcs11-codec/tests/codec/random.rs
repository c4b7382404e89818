//! The properties of all bytes, on random ones and on near misses; what is encoded decodes to
//! the same value.

use std::path::Path;

use pkcs11_codec::{
    ec::{self, Curve, EcParameters, PointForm},
    integer,
    pkcs1::{OtherPrimes, RsaPrivateKey},
    signature::Signature,
};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::{fixtures, fixtures::private_keys, properties, seeds};

/// Miri takes a second for what takes a millisecond, and has no file to keep failures in.
pub(crate) fn config() -> ProptestConfig {
    if cfg!(miri) {
        ProptestConfig { cases: 1, failure_persistence: None, ..ProptestConfig::default() }
    } else {
        ProptestConfig::with_cases(2000)
    }
}

/// Checks every property.
fn hold(der: &[u8]) {
    for (_, property) in properties::ALL {
        property(der);
    }
}

/// The bytes that the fuzz targets start from, which are all those in the tests.
#[test]
#[cfg_attr(miri, ignore = "it reads files")]
fn seeds() {
    let seeds = seeds::all(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")));
    assert!(seeds.len() > 500, "{}", seeds.len());
    seeds.iter().for_each(|seed| hold(seed));
}

#[test]
#[cfg_attr(miri, ignore = "it reads a folder")]
fn every_property_is_a_fuzz_target() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/fuzz_targets");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut targets: Vec<_> =
        files.map(|file| file.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    let mut names: Vec<_> = properties::ALL.iter().map(|(name, _)| *name).collect();
    targets.sort();
    names.sort();
    assert_eq!(targets, names);
}

/// A change to a good input: a byte set, cut, or put in.
fn mutate(der: &[u8], changes: &[(usize, u8, u8)]) -> Vec<u8> {
    let mut der = der.to_vec();
    for &(place, byte, kind) in changes {
        let place = place % (der.len() + 1);
        match kind {
            0 => der.insert(place, byte),
            1 => der.truncate(place),
            _ => {
                if let Some(slot) = der.get_mut(place) {
                    *slot = byte;
                }
            }
        }
    }
    der
}

fn good() -> impl Strategy<Value = &'static [u8]> {
    select(vec![
        fixtures::RSA_PUBLIC_KEY,
        fixtures::RSA_PRIVATE_KEY,
        fixtures::RSA_SPKI,
        fixtures::P256_SPKI,
        fixtures::P256_EXPLICIT_SPKI,
        fixtures::ED25519_SPKI,
        fixtures::DSA_SPKI,
        fixtures::DSA_PARAMETERS,
        fixtures::spki::PSS_SHA256_SPKI,
        fixtures::spki::PSS_MIXED_SPKI,
        fixtures::spki::OAEP_LABEL,
        fixtures::spki::DSA_INHERITED_SPKI,
        fixtures::spki::DH_SPKI,
        fixtures::spki::X942_SPKI,
        fixtures::spki::X942_ALL,
        fixtures::spki::SLH_DSA_RFC_9909_SPKI,
        fixtures::DH_PARAMETERS_WITH_LENGTH,
        fixtures::ECDSA_SHORT_R,
        fixtures::DIGEST_INFO_SHA1,
        fixtures::P256_PARAMETERS,
        fixtures::ec::P256_KEY,
        fixtures::ec::P256_EXPLICIT_KEY,
        fixtures::ec::SECP112R1_HYBRID,
        fixtures::ec::SECT113R1_HYBRID,
        private_keys::RSA,
        private_keys::RSA_PSS_SHA256,
        private_keys::DSA,
        private_keys::EC_P256,
        private_keys::EC_EXPLICIT,
        private_keys::ED448,
        private_keys::X942,
        private_keys::ML_KEM_512_SEED,
        private_keys::ML_KEM_512_BOTH,
        private_keys::PRF_SHA512,
        private_keys::SCRYPT,
    ])
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes(der in vec(any::<u8>(), 0..80)) {
        hold(&der);
    }

    #[test]
    fn nearly_good_bytes(
        der in good(),
        changes in vec((any::<usize>(), any::<u8>(), 0..8_u8), 0..4),
    ) {
        hold(&mutate(der, &changes));
    }

    /// The head of the input, where the lengths are.
    #[test]
    fn nearly_good_heads(der in good(), head in vec((0..12_usize, any::<u8>(), 0..8_u8), 1..3)) {
        hold(&mutate(der, &head));
    }

    #[test]
    fn integers(unsigned in vec(any::<u8>(), 1..40)) {
        let der = integer::to_der(&unsigned).unwrap();
        prop_assert_eq!(integer::from_der(&der).unwrap(), integer::trim(&unsigned));
        let theirs: rasn::types::Integer = rasn::der::decode(&der).unwrap();
        prop_assert_eq!(rasn::der::encode(&theirs).unwrap(), der);
    }

    #[test]
    fn signatures(
        curve in select(Curve::ALL.to_vec()),
        // Of the longest order, that of sect571r1.
        numbers in vec(any::<u8>(), 2 * 72),
        // Zeros at the front of r and s, which a random number seldom has.
        zeros in (0..74_usize, 0..74_usize),
    ) {
        let order = curve.order_bytes();
        let mut fixed = numbers[..2 * order].to_vec();
        fixed[..zeros.0.min(order)].fill(0);
        fixed[order..order + zeros.1.min(order)].fill(0);
        let der = Signature::from_fixed(&fixed, order).unwrap().to_der();
        let read = Signature::from_der(&der, order).unwrap();
        prop_assert_eq!(read.to_fixed(), fixed);
        // An order that is one byte too small for the longer number does not take it.
        let longer = read.r().len().max(read.s().len());
        if longer > 1 {
            prop_assert!(Signature::from_der(&der, longer - 1).is_err());
        }
    }

    #[test]
    fn rsa_private_keys(numbers in vec(vec(any::<u8>(), 1..300), 8)) {
        let number = |index: usize| integer::trim(&numbers[index]);
        let key = RsaPrivateKey {
            modulus: number(0),
            public_exponent: number(1),
            private_exponent: number(2),
            prime_1: number(3),
            prime_2: number(4),
            exponent_1: number(5),
            exponent_2: number(6),
            coefficient: number(7),
            other_primes: OtherPrimes::NONE,
        };
        let der = key.to_der().unwrap();
        let read = RsaPrivateKey::from_der(&der).unwrap();
        prop_assert_eq!(read.public_key(), key.public_key());
        prop_assert_eq!(read.private_exponent, key.private_exponent);
        prop_assert_eq!(read.coefficient, key.coefficient);
    }

    /// What a token may give as a point: right lengths with a right head or not.
    #[test]
    fn points_of_tokens(
        curve in select(Curve::ALL.to_vec()),
        form in select(vec![PointForm::Raw, PointForm::OctetString, PointForm::BitString]),
        first in select(vec![0x02, 0x03, 0x04, 0x06, 0x40]),
        filler in any::<u8>(),
        compressed in any::<bool>(),
        changes in vec((any::<usize>(), any::<u8>(), 0..8_u8), 0..3),
    ) {
        let bytes = if compressed { curve.field_bytes() + 1 } else { curve.public_key_bytes() };
        let mut raw = vec![filler; bytes];
        raw[0] = first;
        let value = mutate(&form.wrap(&raw).unwrap(), &changes);
        let parameters = EcParameters::from(curve);
        if let Ok(raw) = ec::point_from_attribute(&parameters, &value) {
            let form = PointForm::of_attribute(&parameters, &value).unwrap();
            prop_assert_eq!(&form.wrap(raw).unwrap(), &value);
            prop_assert_eq!(parameters.check_public_key(raw), Ok(()));
        }
    }

    #[test]
    fn points(raw in vec(any::<u8>(), 1..300)) {
        let der = ec::wrap_point(&raw).unwrap();
        prop_assert_eq!(ec::unwrap_point(&der).unwrap(), raw);
    }
}
