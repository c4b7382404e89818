//! PKCS#8: keys of each algorithm, and near misses.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    digest_info::Digest,
    ec::{Curve, EcParameters},
    oid::Oid,
    parameter_set::ParameterSet,
    pkcs8::{PostQuantumPrivateKey, PrivateKey, PrivateKeyInfo},
    tlv::{self, Tag},
};
use rstest::rstest;

use crate::{fault, fixtures::private_keys as files};

/// RFC 8410 §10.3, the first example.
const RFC_8410_V1: &[u8] = &hex!(
    "302e020100300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"
);
/// RFC 8410 §10.3, the second: with an attribute and the public key.
pub(crate) const RFC_8410_V2: &[u8] = &hex!(
    "
    3072020101300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f4475
    5842a01f301d060a2a864886f70d01090914310f0c0d437572646c6520436861697273812100
    19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1
    "
);
/// RFC 9909 §C.2: id-slh-dsa-sha2-128s.
const RFC_9909: &[u8] = &hex!(
    "
    3052020100300b06096086480165030403140440a2263bca45860836523160049523d621677fad90d51eb6067a32
    7e0d1e64a5012b8109ec777caa4e1f024ccfcf9497d99180509280f4256af2b07af80289b494
    "
);

#[test]
#[cfg_attr(miri, ignore = "all keys take it half a minute")]
fn every_key_comes_back() {
    for der in files::ALL.iter().chain([&RFC_8410_V1, &RFC_8410_V2, &RFC_9909]) {
        let info = PrivateKeyInfo::from_der(der).unwrap();
        assert!(!matches!(info.key, PrivateKey::Other { .. }), "{info:?}");
        assert_eq!(**info.to_der().unwrap(), **der, "{info:?}");
    }
}

/// OpenSSL's PKCS#8 of an RSA key holds the traditional form of the key.
#[test]
fn rsa() {
    let PrivateKey::Rsa(key) = PrivateKey::from_pkcs8_der(files::RSA).unwrap() else {
        panic!("not RSA");
    };
    assert_eq!((key.modulus.len(), key.public_exponent), (64, &[1, 0, 1][..]));
    assert!(files::RSA.ends_with(&key.to_der().unwrap()));
    for (der, salt_length) in [(files::RSA_PSS, None), (files::RSA_PSS_SHA256, Some(20))] {
        let key = PrivateKey::from_pkcs8_der(der).unwrap();
        let PrivateKey::RsaPss { parameters, key } = key else {
            panic!("{key:?}");
        };
        assert_eq!(parameters.map(|parameters| parameters.salt_length), salt_length);
        if let Some(parameters) = parameters {
            assert_eq!(parameters.hash.digest, Digest::SHA256);
            assert_eq!(parameters.mgf1_hash.digest, Digest::SHA256);
        }
        assert_eq!(key.modulus.len(), 64);
    }
}

#[test]
fn domain_parameters() {
    let key = PrivateKey::from_pkcs8_der(files::DSA).unwrap();
    let PrivateKey::Dsa { parameters, value } = key else { panic!("{key:?}") };
    assert_eq!((parameters.prime.len(), parameters.subprime.len()), (128, 20));
    assert!(value.len() <= 20 && files::DSA.ends_with(value));

    let key = PrivateKey::from_pkcs8_der(files::DH).unwrap();
    let PrivateKey::Dh { parameters, value } = key else { panic!("{key:?}") };
    assert_eq!((parameters.prime.len(), parameters.base), (64, &[2][..]));
    assert!(value.len() <= 64 && files::DH.ends_with(value));

    let key = PrivateKey::from_pkcs8_der(files::DH_FFDHE2048).unwrap();
    let PrivateKey::Dh { parameters, value } = key else { panic!("{key:?}") };
    assert_eq!((parameters.prime.len(), parameters.private_value_bits), (256, Some(225)));
    assert!(value.len() <= 29);

    let key = PrivateKey::from_pkcs8_der(files::X942).unwrap();
    let PrivateKey::X942Dh { parameters, value } = key else { panic!("{key:?}") };
    assert_eq!((parameters.prime.len(), parameters.subprime.len()), (128, 20));
    assert!(value.len() <= 20 && files::X942.ends_with(value));
}

#[rstest]
#[case(Curve::P192, files::EC_P192, true)]
#[case(Curve::P224, files::EC_P224, true)]
#[case(Curve::P256, files::EC_P256, true)]
#[case(Curve::P384, files::EC_P384, true)]
#[case(Curve::P521, files::EC_P521, true)]
#[case(Curve::SECP256K1, files::EC_SECP256K1, true)]
#[case(Curve::BRAINPOOL_P256R1, files::EC_BRAINPOOL, true)]
#[case(Curve::P256, files::EC_NO_PUBLIC, false)]
fn keys_on_curves(#[case] curve: Curve, #[case] der: &[u8], #[case] has_point: bool) {
    let read = PrivateKey::from_pkcs8_der(der).unwrap();
    let PrivateKey::Ec { parameters, key } = read else { panic!("{read:?}") };
    assert_eq!((parameters.curve(), key.parameters), (Some(curve), None));
    assert_eq!(key.value.len(), curve.order_bytes());
    assert_eq!(key.point.map(<[u8]>::len), has_point.then_some(curve.public_key_bytes()));
}

/// Parameters inside of the key, as Java's keytool writes them, stay there.
#[test]
fn parameters_may_stand_twice() {
    let PrivateKey::Ec { parameters, mut key } =
        PrivateKey::from_pkcs8_der(files::EC_P256).unwrap()
    else {
        panic!("not on a curve");
    };
    key.parameters = Some(parameters);
    let twice = PrivateKeyInfo::from(PrivateKey::Ec { parameters, key }).to_der().unwrap();
    assert_eq!(twice.len(), files::EC_P256.len() + 12);
    let read = PrivateKeyInfo::from_der(&twice).unwrap();
    assert_eq!(*read.to_der().unwrap(), *twice);

    let other = EcParameters::from(Curve::SECP256K1);
    let PrivateKey::Ec { key, .. } = read.key else { panic!("not on a curve") };
    let different = PrivateKeyInfo::from(PrivateKey::Ec { parameters: other, key });
    assert_eq!(fault(different.to_der()), (None, ErrorKind::DifferentCurves));
}

#[test]
fn explicit_parameters() {
    let PrivateKey::Ec { parameters, key } =
        PrivateKey::from_pkcs8_der(files::EC_EXPLICIT).unwrap()
    else {
        panic!("not on a curve");
    };
    assert!(matches!(parameters, EcParameters::Explicit(_)));
    let named = PrivateKey::from_pkcs8_der(files::EC_P256).unwrap();
    assert!(matches!(named, PrivateKey::Ec { key: named, .. } if named.value == key.value));
}

#[rstest]
#[case(Curve::ED25519, files::ED25519)]
#[case(Curve::ED448, files::ED448)]
#[case(Curve::X25519, files::X25519)]
#[case(Curve::X448, files::X448)]
fn rfc_8410_keys(#[case] expected: Curve, #[case] der: &[u8]) {
    let read = PrivateKey::from_pkcs8_der(der).unwrap();
    let (PrivateKey::Edwards { curve, value } | PrivateKey::Montgomery { curve, value }) = read
    else {
        panic!("{read:?}");
    };
    assert_eq!((curve, value.len()), (expected, curve.public_key_bytes()));
    assert!(der.ends_with(value));
}

#[test]
fn what_stands_beside_a_key() {
    let v1 = PrivateKeyInfo::from_der(RFC_8410_V1).unwrap();
    let v2 = PrivateKeyInfo::from_der(RFC_8410_V2).unwrap();
    let value = |info: &PrivateKeyInfo| match info.key {
        PrivateKey::Edwards { curve: Curve::ED25519, value } => value.to_vec(),
        _ => panic!("{info:?}"),
    };
    assert_eq!(value(&v1), value(&v2));
    assert_eq!((v1.attributes, v1.public_key), (None, None));
    assert_eq!(v2.public_key, Some(&RFC_8410_V2[RFC_8410_V2.len() - 32..]));

    // The attribute unstructuredName of the example.
    let mut found = Vec::new();
    tlv::decode(v2.attributes.unwrap(), |reader| {
        reader.set_of(Tag::context_constructed(0), |attribute| {
            attribute.nested(|attribute| {
                let name = attribute.oid()?.to_string();
                attribute.set_of(Tag::SET, |value| {
                    found.push((name.clone(), value.value().to_vec()));
                    Ok(())
                })
            })
        })
    })
    .unwrap();
    assert_eq!(found, [("1.2.840.113549.1.9.9.20".to_owned(), b"Curdle Chairs".to_vec())]);
}

#[rstest]
#[case(
    ParameterSet::ML_DSA_44,
    files::ML_DSA_44_SEED,
    files::ML_DSA_44_EXPANDED,
    files::ML_DSA_44_BOTH
)]
#[case(
    ParameterSet::ML_DSA_65,
    files::ML_DSA_65_SEED,
    files::ML_DSA_65_EXPANDED,
    files::ML_DSA_65_BOTH
)]
#[case(
    ParameterSet::ML_DSA_87,
    files::ML_DSA_87_SEED,
    files::ML_DSA_87_EXPANDED,
    files::ML_DSA_87_BOTH
)]
#[case(
    ParameterSet::ML_KEM_512,
    files::ML_KEM_512_SEED,
    files::ML_KEM_512_EXPANDED,
    files::ML_KEM_512_BOTH
)]
#[case(
    ParameterSet::ML_KEM_768,
    files::ML_KEM_768_SEED,
    files::ML_KEM_768_EXPANDED,
    files::ML_KEM_768_BOTH
)]
#[case(
    ParameterSet::ML_KEM_1024,
    files::ML_KEM_1024_SEED,
    files::ML_KEM_1024_EXPANDED,
    files::ML_KEM_1024_BOTH
)]
fn post_quantum_keys(
    #[case] expected: ParameterSet,
    #[case] seed_der: &[u8],
    #[case] expanded_der: &[u8],
    #[case] both_der: &[u8],
) {
    let read = |der| match PrivateKey::from_pkcs8_der(der).unwrap() {
        PrivateKey::PostQuantum { set, value } => {
            assert_eq!(set, expected);
            value
        }
        other => panic!("{other:?}"),
    };
    let (seed, expanded, both) = (read(seed_der), read(expanded_der), read(both_der));
    assert_eq!(seed.seed().map(<[u8]>::len), expected.seed_bytes());
    assert_eq!(expanded.expanded().map(<[u8]>::len), Some(expected.private_key_bytes()));
    assert_eq!((seed.expanded(), expanded.seed()), (None, None));
    assert_eq!((both.seed(), both.expanded()), (seed.seed(), expanded.expanded()));
}

#[test]
fn slh_dsa_keys_are_raw() {
    let key = PrivateKey::from_pkcs8_der(RFC_9909).unwrap();
    let PrivateKey::PostQuantum { set, value } = key else { panic!("{key:?}") };
    assert_eq!(set, ParameterSet::SLH_DSA_SHA2_128S);
    assert_eq!((value.seed(), value.expanded()), (None, Some(&RFC_9909[RFC_9909.len() - 64..])));

    let seeded = PrivateKey::PostQuantum { set, value: PostQuantumPrivateKey::Seed(&[7; 32]) };
    let kind = ErrorKind::WrongLength { expected: 0, found: 32 };
    assert_eq!(fault(PrivateKeyInfo::from(seeded).to_der()), (None, kind));
}

#[test]
fn other_keys_pass_through() {
    let der = hex!("30 12 020100 3007 06032a0304 0500 0404 deadbeef");
    let info = PrivateKeyInfo::from_der(&der).unwrap();
    let PrivateKey::Other { algorithm, parameters, value } = &info.key else { panic!("{info:?}") };
    assert_eq!(algorithm.to_string(), "1.2.3.4");
    assert_eq!((*parameters, *value), (Some(&[5, 0][..]), &hex!("deadbeef")[..]));
    assert_eq!(**info.to_der().unwrap(), der);
}

#[test]
fn nothing_prints_secrets() {
    for der in files::ALL.iter().chain([&RFC_8410_V2, &RFC_9909]) {
        let info = PrivateKeyInfo::from_der(der).unwrap();
        let shown = format!("{info:?}");
        let secrets: Vec<&[u8]> = match &info.key {
            PrivateKey::Rsa(key) | PrivateKey::RsaPss { key, .. } => {
                vec![key.private_exponent, key.prime_1, key.prime_2, key.coefficient]
            }
            PrivateKey::Dsa { value, .. }
            | PrivateKey::Dh { value, .. }
            | PrivateKey::X942Dh { value, .. }
            | PrivateKey::Edwards { value, .. }
            | PrivateKey::Montgomery { value, .. }
            | PrivateKey::Other { value, .. } => vec![value],
            PrivateKey::Ec { key, .. } => vec![key.value],
            PrivateKey::PostQuantum { value, .. } => {
                value.seed().into_iter().chain(value.expanded()).collect()
            }
            other => panic!("{other:?}"),
        };
        for secret in secrets {
            let bytes = format!("{:?}", &secret[..6]);
            assert!(!shown.contains(bytes.trim_matches(['[', ']'])), "{shown}");
        }
    }
}

#[rstest]
// A version of its own, and those that do not go with what follows.
#[case::version_2(
    &hex!("30 0d 020102 3003 06012a 0403 010203"), 2, ErrorKind::UnsupportedVersion { expected: 0 },
)]
#[case::v2_without_public_key(
    &hex!("30 0d 020101 3003 06012a 0403 010203"), 2, ErrorKind::UnsupportedVersion { expected: 0 },
)]
// ring before 0.17 wrote Ed25519 so: the public key in a BIT STRING of its own, in [1].
#[case::constructed_public_key(
    &hex!("30 13 020101 3003 06012a 0403 010203 a104 0302 0007"), 15,
    ErrorKind::UnexpectedTag {
        expected: Tag::context(1), found: Tag::context_constructed(1),
    },
)]
#[case::public_key_behind_attributes(
    &hex!("30 13 020101 3003 06012a 0403 010203 a000 8202 0007"), 17,
    ErrorKind::UnexpectedTag { expected: Tag::context(1), found: Tag::context(2) },
)]
#[case::v1_with_public_key(
    &hex!("30 11 020100 3003 06012a 0403 010203 8102 0007"),
    2, ErrorKind::UnsupportedVersion { expected: 1 },
)]
#[case::negative_version(&hex!("30 0d 0201ff 3003 06012a 0403 010203"), 4, ErrorKind::NegativeInteger)]
#[case::public_key_with_unused_bits(
    &hex!("30 11 020101 3003 06012a 0403 010203 8102 0108"), 17, ErrorKind::UnusedBits,
)]
#[case::public_key_of_no_octets(
    &hex!("30 0f 020101 3003 06012a 0403 010203 8100"), 17, ErrorKind::InvalidBitString,
)]
#[case::trailing(
    &hex!("30 0f 020100 3003 06012a 0403 010203 0500"), 15, ErrorKind::TrailingData { left: 2 },
)]
#[case::attributes_behind_public_key(
    &hex!("30 13 020101 3003 06012a 0403 010203 8102 0007 a000"),
    19, ErrorKind::TrailingData { left: 2 },
)]
#[case::attribute_without_values(
    &hex!("30 14 020100 3003 06012a 0403 010203 a005 3003 06012a"),
    22, ErrorKind::Missing { expected: Tag::SET },
)]
#[case::attribute_of_another_type(
    &hex!("30 11 020100 3003 06012a 0403 010203 a002 0500"),
    17, ErrorKind::UnexpectedTag { expected: Tag::SEQUENCE, found: Tag::NULL },
)]
#[case::unsorted_attributes(
    &hex!("30 1d 020100 3003 06012a 0403 010203 a00e 3005 06012b 3100 3005 06012a 3100"),
    24, ErrorKind::UnsortedSet,
)]
#[case::rsa_without_null(
    &hex!("30 14 020100 300b 0609 2a864886f70d010101 0402 3000"),
    18, ErrorKind::Missing { expected: Tag::NULL },
)]
#[case::rsa_key_of_another_version(
    &hex!("30 26 020100 300d 0609 2a864886f70d010101 0500 0412 3010 020101 0101 0101 0101 0101 01010101 01"),
    27, ErrorKind::UnexpectedTag { expected: Tag::INTEGER, found: Tag::BOOLEAN },
)]
#[case::ed25519_not_wrapped_twice(
    &hex!(
        "30 2c 020100 3005 06032b6570 0420"
        "0707070707070707070707070707070707070707070707070707070707070707"
    ),
    14, ErrorKind::UnexpectedTag { expected: Tag::OCTET_STRING, found: Tag::from_octet(7) },
)]
#[case::ed25519_short(
    &hex!("30 10 020100 3005 06032b6570 0404 04020102"),
    14, ErrorKind::WrongLength { expected: 32, found: 2 },
)]
#[case::ed25519_with_null(
    &hex!("30 0e 020100 3007 06032b6570 0500 0400"), 12, ErrorKind::UnexpectedParameters,
)]
#[case::trailing_in_key(
    &hex!("30 12 020100 3005 06032b6570 0406 0400 0500 0500"),
    14, ErrorKind::WrongLength { expected: 32, found: 0 },
)]
#[case::ml_dsa_short_seed(
    &hex!("30 16 020100 300b 0609 608648016503040311 0404 80020102"),
    20, ErrorKind::WrongLength { expected: 32, found: 2 },
)]
#[case::ml_dsa_with_null(
    &hex!("30 14 020100 300d 0609 608648016503040311 0500 0400"),
    18, ErrorKind::UnexpectedParameters,
)]
#[case::ml_dsa_constructed_seed(
    &hex!("30 16 020100 300b 0609 608648016503040311 0404 a0020102"),
    20, ErrorKind::UnexpectedTag { expected: Tag::OCTET_STRING, found: Tag::from_octet(0xa0) },
)]
#[case::slh_dsa_short(
    &hex!("30 14 020100 300b 0609 608648016503040314 0402 0102"),
    18, ErrorKind::WrongLength { expected: 64, found: 2 },
)]
#[case::dsa_without_parameters(
    &hex!("30 13 020100 3009 0607 2a8648ce380401 0403 020101"),
    16, ErrorKind::Missing { expected: Tag::SEQUENCE },
)]
#[case::dsa_negative(
    &hex!("30 1e 020100 3014 0607 2a8648ce380401 3009 020117 02010b 020102 0403 0201ff"),
    31, ErrorKind::NegativeInteger,
)]
fn malformed_keys(#[case] der: &[u8], #[case] position: usize, #[case] kind: ErrorKind) {
    assert_eq!(fault(PrivateKeyInfo::from_der(der)), (Some(position), kind));
}

/// What crashed a decoder elsewhere: keys on curves with every byte cut off, and every byte
/// changed.
#[test]
#[cfg_attr(miri, ignore = "10,000 keys are read")]
fn keys_on_curves_are_read_or_refused() {
    let octets = [0x00, 0x04, 0x30, 0x7f, 0x80, 0x84, 0xff];
    for der in [files::EC_P256, files::EC_P521, files::EC_EXPLICIT, files::ED25519, files::X448] {
        for end in 0..der.len() {
            PrivateKeyInfo::from_der(&der[..end]).unwrap_err();
        }
        let mut changed = der.to_vec();
        for place in 0..der.len() {
            for byte in octets {
                changed[place] = byte;
                if let Ok(info) = PrivateKeyInfo::from_der(&changed) {
                    assert_eq!(*info.to_der().unwrap(), changed);
                }
            }
            changed[place] = der[place];
        }
    }
}

#[test]
fn malformed_keys_are_not_written() {
    let edwards = |curve, value| PrivateKey::Edwards { curve, value };
    let known = Curve::ED25519.oid();
    let short = ErrorKind::WrongLength { expected: 32, found: 31 };
    let other = |algorithm, parameters| PrivateKey::Other { algorithm, parameters, value: &[7] };
    for (key, kind) in [
        (edwards(Curve::ED25519, &[0; 31]), short),
        (edwards(Curve::X25519, &[0; 32]), ErrorKind::UnsuitableCurve),
        (other(known, None), ErrorKind::Encoder),
        (other(known, Some(&[5, 0])), ErrorKind::UnexpectedParameters),
        (other(Oid::from_content(&[0x2a]).unwrap(), Some(&[])), ErrorKind::Empty),
        (
            other(Oid::from_content(&[0x2a]).unwrap(), Some(&[5, 0, 5, 0])),
            ErrorKind::TrailingData { left: 2 },
        ),
    ] {
        assert_eq!(fault(PrivateKeyInfo::from(key).to_der()), (None, kind));
    }

    let info = |attributes, public_key| PrivateKeyInfo {
        key: edwards(Curve::ED25519, &[7; 32]),
        attributes,
        public_key,
    };
    assert_eq!(fault(info(None, Some(&[7; 31][..])).to_der()), (None, short));
    let missing = ErrorKind::Missing { expected: Tag::context_constructed(0) };
    assert_eq!(fault(info(Some(&[]), None).to_der()), (None, missing));
}
