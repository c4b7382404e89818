//! Keys and domain parameters made by OpenSSL, and near misses.

use std::collections::HashSet;

use hex_literal::hex;
use pkcs11_codec::{
    Error, ErrorKind, PublicKeyDer,
    digest_info::Digest,
    ec::{Curve, EcParameters},
    parameter_set::ParameterSet,
    pkcs1::{RsaPrivateKey, RsaPublicKey},
    signature_algorithm::SignatureAlgorithm,
    spki::PublicKey,
    x509::NameAttributeType,
};
use rstest::rstest;

use crate::{
    fault,
    fixtures::{self, spki},
};

#[test]
fn rsa_keys_belong_together() {
    let private = RsaPrivateKey::from_der(fixtures::RSA_PRIVATE_KEY).unwrap();
    let public = RsaPublicKey::from_der(fixtures::RSA_PUBLIC_KEY).unwrap();
    assert_eq!(private.public_key(), public);
    assert_eq!((public.modulus.len(), public.public_exponent), (128, &[1, 0, 1][..]));
    assert_eq!((private.prime_1.len(), private.prime_2.len()), (64, 64));
    assert_eq!(PublicKey::from_spki_der(fixtures::RSA_SPKI), Ok(PublicKey::Rsa(public)));

    assert_eq!(*private.to_der().unwrap(), fixtures::RSA_PRIVATE_KEY);
    assert_eq!(public.to_der().unwrap(), fixtures::RSA_PUBLIC_KEY);
    assert_eq!(PublicKey::Rsa(public).to_spki_der().unwrap(), fixtures::RSA_SPKI);
}

#[test]
fn a_private_key_does_not_print_its_secrets() {
    let private = RsaPrivateKey::from_der(fixtures::RSA_PRIVATE_KEY).unwrap();
    let shown = format!("{private:?}");
    assert!(shown.contains("public_exponent: [1, 0, 1]"), "{shown}");
    for secret in [private.private_exponent, private.prime_1, private.coefficient] {
        let bytes = format!("{secret:?}");
        assert!(!shown.contains(bytes.trim_matches(['[', ']'])));
    }
}

/// A token that does not give a number away answers with no bytes: no key is made of it.
#[test]
fn a_missing_number_is_not_zero() {
    let key = RsaPublicKey { modulus: &[], public_exponent: &[1, 0, 1] };
    assert_eq!(fault(key.to_der()), (None, ErrorKind::Empty));
}

#[rstest]
#[case(Curve::P192, fixtures::P192_SPKI)]
#[case(Curve::P224, fixtures::P224_SPKI)]
#[case(Curve::P256, fixtures::P256_SPKI)]
#[case(Curve::P384, fixtures::P384_SPKI)]
#[case(Curve::P521, fixtures::P521_SPKI)]
#[case(Curve::SECP256K1, fixtures::SECP256K1_SPKI)]
#[case(Curve::BRAINPOOL_P256R1, fixtures::BRAINPOOL_P256R1_SPKI)]
#[case(Curve::BRAINPOOL_P384R1, fixtures::BRAINPOOL_P384R1_SPKI)]
#[case(Curve::BRAINPOOL_P512R1, fixtures::BRAINPOOL_P512R1_SPKI)]
fn ec_keys(#[case] curve: Curve, #[case] der: &[u8]) {
    let key = PublicKey::from_spki_der(der).unwrap();
    let PublicKey::Ec { parameters, point } = key else {
        panic!("{key:?}");
    };
    assert_eq!(parameters.curve(), Some(curve));
    assert_eq!((point[0], point.len()), (0x04, curve.public_key_bytes()));
    assert_eq!(key.to_spki_der().unwrap(), der);
}

#[test]
fn compressed_and_explicit_keys() {
    let compressed = PublicKey::from_spki_der(fixtures::P256_COMPRESSED_SPKI).unwrap();
    assert!(
        matches!(compressed, PublicKey::Ec { point: [0x02 | 0x03, x @ ..], .. } if x.len() == 32)
    );
    assert_eq!(compressed.to_spki_der().unwrap(), fixtures::P256_COMPRESSED_SPKI);

    let explicit = PublicKey::from_spki_der(fixtures::P256_EXPLICIT_SPKI).unwrap();
    assert!(matches!(explicit, PublicKey::Ec { parameters: EcParameters::Explicit(_), .. }));
    assert_eq!(explicit.to_spki_der().unwrap(), fixtures::P256_EXPLICIT_SPKI);
}

#[rstest]
#[case(Curve::ED25519, fixtures::ED25519_SPKI)]
#[case(Curve::ED448, fixtures::ED448_SPKI)]
#[case(Curve::X25519, fixtures::X25519_SPKI)]
#[case(Curve::X448, fixtures::X448_SPKI)]
fn rfc_8410_keys(#[case] expected: Curve, #[case] der: &[u8]) {
    let read = PublicKey::from_spki_der(der).unwrap();
    let (PublicKey::Edwards { curve, key } | PublicKey::Montgomery { curve, key }) = read else {
        panic!("{read:?}");
    };
    assert_eq!((curve, key.len()), (expected, curve.public_key_bytes()));
    assert_eq!(read.to_spki_der().unwrap(), der);
}

#[rstest]
#[case::ed25519_with_null(
    &hex!(
        "30 2c 3007 0603 2b6570 0500"
        "0321 00 0000000000000000000000000000000000000000000000000000000000000000"
    ),
    9, ErrorKind::UnexpectedParameters,
)]
#[case::ed25519_short(
    &hex!("30 0c 3005 0603 2b6570 0303 00 0102"),
    9, ErrorKind::WrongLength { expected: 32, found: 2 },
)]
#[case::ed25519_unused_bits(
    &hex!("30 0c 3005 0603 2b6570 0303 01 0102"), 11, ErrorKind::UnusedBits,
)]
#[case::rsa_with_trailing_parameters(
    &hex!("30 14 300f 0609 2a864886f70d010101 0500 0500 0301 00"),
    17, ErrorKind::TrailingData { left: 2 },
)]
#[case::rsa_negative_modulus(
    &hex!("30 1a 300d 0609 2a864886f70d010101 0500 0309 00 3006 0201ff 020103"),
    24, ErrorKind::NegativeInteger,
)]
#[case::ec_point_of_another_curve(
    &hex!("30 19 3013 0607 2a8648ce3d0201 0608 2a8648ce3d030107 0302 00 04"),
    23, ErrorKind::WrongLength { expected: 65, found: 1 },
)]
#[case::ec_point_wrapped_as_in_pkcs11(
    &hex!("30 18 3010 0607 2a8648ce3d0201 0605 2b81040022 0304 00 000000"),
    20, ErrorKind::InvalidPoint,
)]
#[case::ec_on_an_edwards_curve(
    &hex!("30 14 300e 0607 2a8648ce3d0201 0603 2b6570 0302 00 04"),
    18, ErrorKind::UnsuitableCurve,
)]
#[case::trailing_in_key(
    &hex!("30 0a 3003 06012a 0301 00 0500"), 10, ErrorKind::TrailingData { left: 2 },
)]
fn malformed_keys(#[case] der: &[u8], #[case] position: usize, #[case] kind: ErrorKind) {
    assert_eq!(fault(PublicKey::from_spki_der(der)), (Some(position), kind));
}

/// A curve's name has no place in a SubjectPublicKeyInfo.
#[test]
fn curve_names_become_identifiers() {
    let mut key = [0x04; 65];
    key[1] = 0x3f;
    let by_name = PublicKey::Ec { parameters: EcParameters::CurveName("P-256"), point: &key };
    let by_oid = PublicKey::Ec { parameters: Curve::P256.into(), point: &key };
    let der = by_name.to_spki_der().unwrap();
    assert_eq!(PublicKey::from_spki_der(&der), Ok(by_oid));

    let unknown = PublicKey::Ec { parameters: EcParameters::CurveName("mine"), point: &key };
    assert_eq!(fault(unknown.to_spki_der()), (None, ErrorKind::UnsuitableCurve));
    let der = hex!("30 17 3011 0607 2a8648ce3d0201 1306 736563703239 0302 0004");
    assert_eq!(fault(PublicKey::from_spki_der(&der)).0, Some(13));
}

#[test]
fn malformed_keys_are_not_written() {
    for (key, kind) in [
        (
            PublicKey::Edwards { curve: Curve::ED25519, key: &[0; 33] },
            ErrorKind::WrongLength { expected: 32, found: 33 },
        ),
        (PublicKey::Edwards { curve: Curve::X25519, key: &[0; 32] }, ErrorKind::UnsuitableCurve),
        (PublicKey::Montgomery { curve: Curve::P256, key: &[4; 65] }, ErrorKind::UnsuitableCurve),
        (
            PublicKey::Other { algorithm: Curve::P256.oid(), parameters: Some(&[]), key: &[] },
            ErrorKind::Empty,
        ),
    ] {
        assert_eq!(fault(key.to_spki_der()), (None, kind));
    }
}

/// Each once, whichever way it was come by.
#[test]
fn keys_and_what_they_name_are_kept_in_sets() {
    let spkis = [
        fixtures::RSA_SPKI,
        fixtures::DSA_SPKI,
        fixtures::P256_SPKI,
        fixtures::P256_EXPLICIT_SPKI,
        fixtures::ED25519_SPKI,
        spki::PSS_SHA256_SPKI,
        spki::X942_SPKI,
        spki::SLH_DSA_RFC_9909_SPKI,
    ];
    let twice = || spkis.iter().chain(&spkis);
    let keys: HashSet<_> = twice().map(|der| PublicKey::from_spki_der(der).unwrap()).collect();
    assert_eq!(keys.len(), spkis.len());
    let owned: HashSet<_> = twice().map(|der| PublicKeyDer::from_der(der).unwrap()).collect();
    assert_eq!(owned.len(), spkis.len());

    let algorithms = SignatureAlgorithm::ALL;
    assert_eq!(algorithms.iter().collect::<HashSet<_>>().len(), algorithms.len());
    let kinds = NameAttributeType::ALL;
    assert_eq!(kinds.iter().collect::<HashSet<_>>().len(), kinds.len());
    let digests = Digest::ALL;
    assert_eq!(digests.iter().collect::<HashSet<_>>().len(), digests.len());
    let sets = ParameterSet::ALL;
    assert_eq!(sets.iter().collect::<HashSet<_>>().len(), sets.len());

    let errors = [&[0x31, 0x00][..], &[0x30], &[0x30, 0x00], &[0x30]];
    let errors = errors.map(|der| PublicKey::from_spki_der(der).unwrap_err());
    assert_eq!(errors.iter().collect::<HashSet<_>>().len(), 3);
    assert_eq!(errors.iter().map(Error::kind).collect::<HashSet<_>>().len(), 3);
}
