//! The table of post-quantum parameter sets, against the specifications' numbers and others'
//! keys.

use pkcs11_codec::{
    ErrorKind,
    algorithm::{EC_PUBLIC_KEY, RSA_ENCRYPTION},
    oid::Oid,
    parameter_set::{Family, ParameterSet},
    spki::PublicKey,
};
use rstest::rstest;

use crate::{fault, fixtures::spki as fixtures};

const ML_DSA_44: &[u8] = include_bytes!("../fixtures/spki/ml-dsa-44.der");
const ML_DSA_65: &[u8] = include_bytes!("../fixtures/spki/ml-dsa-65.der");
const ML_DSA_87: &[u8] = include_bytes!("../fixtures/spki/ml-dsa-87.der");
const ML_KEM_512: &[u8] = include_bytes!("../fixtures/spki/ml-kem-512.der");
const ML_KEM_768: &[u8] = include_bytes!("../fixtures/spki/ml-kem-768.der");
const ML_KEM_1024: &[u8] = include_bytes!("../fixtures/spki/ml-kem-1024.der");

#[rstest]
#[case(ParameterSet::ML_DSA_44, ML_DSA_44)]
#[case(ParameterSet::ML_DSA_65, ML_DSA_65)]
#[case(ParameterSet::ML_DSA_87, ML_DSA_87)]
#[case(ParameterSet::ML_KEM_512, ML_KEM_512)]
#[case(ParameterSet::ML_KEM_768, ML_KEM_768)]
#[case(ParameterSet::ML_KEM_1024, ML_KEM_1024)]
#[case(ParameterSet::SLH_DSA_SHA2_128S, fixtures::SLH_DSA_RFC_9909_SPKI)]
fn keys_of_the_rfcs(#[case] expected: ParameterSet, #[case] der: &[u8]) {
    let read = PublicKey::from_spki_der(der).unwrap();
    let PublicKey::PostQuantum { set, key } = read else {
        panic!("{read:?}");
    };
    assert_eq!((set, key.len()), (expected, set.public_key_bytes()));
    assert!(der.ends_with(key));
    assert_eq!(read.to_spki_der().unwrap(), der);
}

#[test]
fn slh_dsa_as_others_have_it() {
    assert_eq!(fixtures::SLH_DSA.len(), 12);
    for &(name, public, private, signature, der) in fixtures::SLH_DSA {
        let set = ParameterSet::from_name(name).unwrap();
        assert_eq!((set.name(), set.family()), (name, Family::SlhDsa));
        assert_eq!((set.public_key_bytes(), set.private_key_bytes()), (public, private));
        assert_eq!((set.signature_bytes(), set.seed_bytes()), (Some(signature), None));
        let key = PublicKey::PostQuantum { set, key: &der[der.len() - public..] };
        assert_eq!(PublicKey::from_spki_der(der), Ok(key));
        assert_eq!(key.to_spki_der().unwrap(), der);
    }
}

/// FIPS 204, table 2; FIPS 203, table 3.
#[rstest]
#[case(ParameterSet::ML_DSA_44, 1312, 2560, 2420)]
#[case(ParameterSet::ML_DSA_65, 1952, 4032, 3309)]
#[case(ParameterSet::ML_DSA_87, 2592, 4896, 4627)]
#[case(ParameterSet::ML_KEM_512, 800, 1632, 768)]
#[case(ParameterSet::ML_KEM_768, 1184, 2400, 1088)]
#[case(ParameterSet::ML_KEM_1024, 1568, 3168, 1568)]
fn sizes(
    #[case] set: ParameterSet,
    #[case] public: usize,
    #[case] private: usize,
    #[case] output: usize,
) {
    assert_eq!((set.public_key_bytes(), set.private_key_bytes()), (public, private));
    let (signature, ciphertext, seed) = match set.family() {
        Family::MlKem => (None, Some(output), 64),
        _ => (Some(output), None, 32),
    };
    assert_eq!((set.signature_bytes(), set.ciphertext_bytes()), (signature, ciphertext));
    assert_eq!(set.seed_bytes(), Some(seed));
}

/// The numbers of PKCS#11 3.2 count in the order of the table.
#[test]
fn every_name_identifier_and_number_finds_its_set() {
    assert_eq!(ParameterSet::ALL.len(), 18);
    let mut counted = [0; 3];
    for &set in ParameterSet::ALL {
        let count = match set.family() {
            Family::MlDsa => &mut counted[0],
            Family::MlKem => &mut counted[1],
            _ => &mut counted[2],
        };
        *count += 1;
        assert_eq!(set.number(), *count, "{set}");
        assert_eq!(ParameterSet::from_number(set.family(), set.number()), Some(set));
        assert_eq!(ParameterSet::from_oid(set.oid()), Some(set));
        assert_eq!(ParameterSet::from_name(set.name()), Some(set));
        assert_eq!(ParameterSet::from_name(&set.to_string().to_uppercase()), Some(set));
    }
    assert_eq!(counted, [3, 3, 12]);
}

#[test]
fn what_is_not_in_the_table_is_not_found() {
    assert_eq!(ParameterSet::from_number(Family::MlKem, 0), None);
    assert_eq!(ParameterSet::from_number(Family::MlKem, 4), None);
    assert_eq!(ParameterSet::from_number(Family::SlhDsa, 13), None);
    assert_eq!(ParameterSet::from_name("ML-DSA"), None);
    // HashML-DSA-44 is no algorithm of keys here, SHA3-256 no algorithm of keys at all.
    for last in [[3, 16], [3, 32], [4, 0], [4, 4], [2, 8]] {
        let content = [&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04], &last[..]].concat();
        assert_eq!(ParameterSet::from_oid(Oid::from_content(&content).unwrap()), None);
    }
    assert_eq!(ParameterSet::from_oid(RSA_ENCRYPTION), None);
    assert_eq!(ParameterSet::from_oid(EC_PUBLIC_KEY), None);
}

#[test]
fn keys_of_another_size_are_refused() {
    let wrong = |expected, found| ErrorKind::WrongLength { expected, found };

    // The tag of the BIT STRING stands at 15; a byte less in it and in the SEQUENCE.
    let mut short = fixtures::SLH_DSA_RFC_9909_SPKI[..49].to_vec();
    (short[1], short[16]) = (47, 32);
    assert_eq!(fault(PublicKey::from_spki_der(&short)), (Some(15), wrong(32, 31)));

    // The identifier of SLH-DSA-SHA2-192s before a key of SLH-DSA-SHA2-128s.
    let mut other = fixtures::SLH_DSA_RFC_9909_SPKI.to_vec();
    other[14] = 22;
    assert_eq!(fault(PublicKey::from_spki_der(&other)), (Some(15), wrong(48, 32)));

    let mut other = ML_KEM_768.to_vec();
    assert_eq!(other[16], 2);
    other[16] = 3;
    assert_eq!(fault(PublicKey::from_spki_der(&other)), (Some(17), wrong(1568, 1184)));

    let key = PublicKey::PostQuantum { set: ParameterSet::ML_DSA_65, key: &[0; 1951] };
    assert_eq!(fault(key.to_spki_der()), (None, wrong(1952, 1951)));
}

#[test]
fn parameters_are_refused() {
    let mut with_null = fixtures::SLH_DSA_RFC_9909_SPKI.to_vec();
    (with_null[1], with_null[3]) = (50, 13);
    with_null.splice(15..15, [0x05, 0x00]);
    let refused = (Some(15), ErrorKind::UnexpectedParameters);
    assert_eq!(fault(PublicKey::from_spki_der(&with_null)), refused);
}
