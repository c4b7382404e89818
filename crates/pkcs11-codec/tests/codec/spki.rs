//! Public keys of every algorithm made by OpenSSL, and near misses. Those on curves are in
//! `keys`, the post-quantum ones in `parameter_sets`.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    algorithm::{DSA, RSA_ENCRYPTION, RSASSA_PSS},
    dh::{DhParameters, X942Parameters},
    digest_info::Digest,
    dsa::DsaParameters,
    oid::Oid,
    pkcs1::RsaPublicKey,
    rsa_parameters::PssParameters,
    spki::{PublicKey, SubjectPublicKeyInfo},
    tlv::Tag,
};
use rstest::rstest;

use crate::{
    fault,
    fixtures::{self, spki},
};

#[rstest]
#[case::any(spki::PSS_ANY_SPKI, None)]
#[case::defaults(spki::PSS_DEFAULTS_SPKI, Some(PssParameters::default()))]
#[case::sha256(spki::PSS_SHA256_SPKI, Some(PssParameters::new(Digest::SHA256, 32)))]
#[case::mixed(spki::PSS_MIXED_SPKI, Some(PssParameters {
    hash: Digest::SHA512_256.into(),
    salt_length: 0,
    ..PssParameters::default()
}))]
fn rsa_pss_keys(#[case] der: &[u8], #[case] expected: Option<PssParameters>) {
    let read = PublicKey::from_spki_der(der).unwrap();
    let PublicKey::RsaPss { parameters, key } = read else {
        panic!("{read:?}");
    };
    assert_eq!(parameters, expected);
    assert_eq!((key.modulus.len(), key.public_exponent), (128, &[1, 0, 1][..]));
    assert!(der.ends_with(&key.to_der().unwrap()));
    assert_eq!(read.to_spki_der().unwrap(), der);
}

#[test]
fn dsa_keys() {
    let read = PublicKey::from_spki_der(fixtures::DSA_SPKI).unwrap();
    let PublicKey::Dsa { parameters: Some(parameters), value } = read else {
        panic!("{read:?}");
    };
    assert_eq!(Ok(parameters), DsaParameters::from_der(fixtures::DSA_PARAMETERS));
    assert_eq!(value.len(), 128);
    assert_eq!(read.to_spki_der().unwrap(), fixtures::DSA_SPKI);

    let inherited = PublicKey::from_spki_der(spki::DSA_INHERITED_SPKI).unwrap();
    let value = &hex!("01 23 45 67 89 ab cd ef");
    assert_eq!(inherited, PublicKey::Dsa { parameters: None, value });
    assert_eq!(inherited.to_spki_der().unwrap(), spki::DSA_INHERITED_SPKI);
}

#[test]
fn diffie_hellman_keys() {
    let read = PublicKey::from_spki_der(spki::DH_SPKI).unwrap();
    let PublicKey::Dh { parameters, value } = read else {
        panic!("{read:?}");
    };
    let DhParameters { prime, base, private_value_bits } = parameters;
    assert_eq!((prime.len(), base, private_value_bits), (64, &[2][..], None));
    assert!(value < prime && value.len() == 64);
    assert_eq!(read.to_spki_der().unwrap(), spki::DH_SPKI);

    let read = PublicKey::from_spki_der(spki::X942_SPKI).unwrap();
    let PublicKey::X942Dh { parameters, value } = read else {
        panic!("{read:?}");
    };
    // OpenSSL leaves the seed out of a key.
    let made_from = X942Parameters::from_der(spki::X942_VALIDATION).unwrap();
    assert_eq!(parameters, X942Parameters { validation: None, ..made_from });
    assert!(value < parameters.prime && value.len() == 64);
    assert_eq!(read.to_spki_der().unwrap(), spki::X942_SPKI);
}

/// An algorithm that is known by no table, with parameters and without.
#[rstest]
#[case(&hex!("300e 3006 0601 2a 020105 0304 00 010203"), Some(&[0x02, 0x01, 0x05][..]))]
#[case(&hex!("300b 3003 0601 2a 0304 00 010203"), None)]
fn other_keys_pass_through(#[case] der: &[u8], #[case] expected: Option<&[u8]>) {
    let read = PublicKey::from_spki_der(der).unwrap();
    let PublicKey::Other { algorithm, parameters, key } = read else {
        panic!("{read:?}");
    };
    assert_eq!(algorithm.to_string(), "1.2");
    assert_eq!((parameters, key), (expected, &[1, 2, 3][..]));
    assert_eq!(read.to_spki_der().unwrap(), der);
}

/// What would be read as a key of a known algorithm, or not at all.
#[rstest]
#[case::rsa(RSA_ENCRYPTION, Some(&[0x05, 0x00][..]), &hex!("3006 020105 020103"), ErrorKind::Encoder)]
#[case::no_rsa(RSA_ENCRYPTION, None, &[], ErrorKind::Missing { expected: Tag::NULL })]
#[case::cut_parameters(DSA, Some(&[0x30][..]), &[], ErrorKind::IncompleteHeader)]
#[case::two_parameters(
    RSASSA_PSS, Some(&hex!("3000 0500")[..]), &[], ErrorKind::TrailingData { left: 2 },
)]
fn other_keys_are_of_no_known_algorithm(
    #[case] algorithm: Oid<'_>,
    #[case] parameters: Option<&[u8]>,
    #[case] key: &[u8],
    #[case] kind: ErrorKind,
) {
    let key = PublicKey::Other { algorithm, parameters, key };
    assert_eq!(fault(key.to_spki_der()), (None, kind));
}

#[rstest]
#[case::rsa_without_null(
    &hex!("3019 300b 06092a864886f70d010101 030a 00 3007 0202 00ff 020103"),
    15, ErrorKind::Missing { expected: Tag::NULL },
)]
#[case::rsa_key_cut(
    &hex!("3018 300d 06092a864886f70d010101 0500 0307 00 3004 0202 00ff"),
    26, ErrorKind::Missing { expected: Tag::INTEGER },
)]
#[case::pss_with_null(
    &hex!("3018 300d 06092a864886f70d01010a 0500 0307 00 3004 0202 00ff"),
    15, ErrorKind::UnexpectedTag { expected: Tag::SEQUENCE, found: Tag::NULL },
)]
#[case::pss_with_a_default(
    &hex!("301b 3012 06092a864886f70d01010a 3005 a203 020114 0305 00 300200ff"),
    17, ErrorKind::ExplicitDefault,
)]
#[case::dsa_with_null(
    &hex!("3012 300b 06072a8648ce380401 0500 0304 00 020105"),
    13, ErrorKind::UnexpectedTag { expected: Tag::SEQUENCE, found: Tag::NULL },
)]
#[case::dsa_without_generator(
    &hex!("301a 3013 06072a8648ce380401 3008 020117 0203 010101 0304 00 020105"),
    23, ErrorKind::Missing { expected: Tag::INTEGER },
)]
#[case::dsa_raw_value(
    &hex!("3010 3009 06072a8648ce380401 0303 00 0102"),
    16, ErrorKind::UnexpectedTag { expected: Tag::INTEGER, found: Tag::BOOLEAN },
)]
#[case::dsa_two_values(
    &hex!("3015 3009 06072a8648ce380401 0308 00 020105 02020080"),
    19, ErrorKind::TrailingData { left: 4 },
)]
#[case::dsa_negative_value(
    &hex!("3011 3009 06072a8648ce380401 0304 00 0201ff"), 18, ErrorKind::NegativeInteger,
)]
#[case::dsa_long_value(
    &hex!("3012 3009 06072a8648ce380401 0305 00 02020001"), 18, ErrorKind::NonMinimalInteger,
)]
#[case::dh_without_parameters(
    &hex!("3013 300b 06092a864886f70d010301 0304 00 020105"),
    15, ErrorKind::Missing { expected: Tag::SEQUENCE },
)]
#[case::dh_with_a_subprime(
    &hex!(
        "3022 301a 06092a864886f70d010301 300d 020117 020102 02050100000000"
        "0304 00 020105"
    ),
    25, ErrorKind::IntegerTooLarge { max_bytes: 4 },
)]
#[case::x942_without_subprime(
    &hex!("3019 3011 06072a8648ce3e0201 3006 020117 020102 0304 00 020105"),
    21, ErrorKind::Missing { expected: Tag::INTEGER },
)]
#[case::x942_unused_bits(
    &hex!("301c 3014 06072a8648ce3e0201 3009 020117 020102 02010b 0304 01 020104"),
    26, ErrorKind::UnusedBits,
)]
#[case::no_key(
    &hex!("300b 3009 06072a8648ce380401"), 13, ErrorKind::Missing { expected: Tag::BIT_STRING },
)]
fn malformed(#[case] der: &[u8], #[case] position: usize, #[case] kind: ErrorKind) {
    assert_eq!(fault(PublicKey::from_spki_der(der)), (Some(position), kind));
}

#[test]
fn a_frame_holds_the_bytes() {
    for der in [fixtures::RSA_SPKI, fixtures::P256_SPKI, spki::PSS_SHA256_SPKI, spki::X942_SPKI] {
        let frame = SubjectPublicKeyInfo::from_der(der).unwrap();
        assert_eq!(frame.der, der);
        assert!(der.ends_with(frame.key));
        assert_eq!(frame.public_key(), PublicKey::from_spki_der(der));
    }
    let frame = SubjectPublicKeyInfo::from_der(fixtures::RSA_SPKI).unwrap();
    assert_eq!(frame.algorithm.oid, RSA_ENCRYPTION);
    assert_eq!(frame.algorithm.parameters, Some(&[0x05, 0x00][..]));
    let key = RsaPublicKey::from_der(frame.key).unwrap();
    assert_eq!(frame.public_key(), Ok(PublicKey::Rsa(key)));
}

/// A certificate is not spoilt by the parameters or the key in it.
#[test]
fn a_frame_is_not_looked_into() {
    // A cut element for parameters, and no key of any kind.
    let der = hex!("300d 3005 0601 2a 0505 0304 00 020304");
    let frame = SubjectPublicKeyInfo::from_der(&der).unwrap();
    assert_eq!(frame.algorithm.parameters, Some(&[0x05, 0x05][..]));
    assert_eq!(frame.key, [2, 3, 4]);
    assert_eq!(fault(frame.public_key()).0, Some(9));

    for (der, position, kind) in [
        (&hex!("300b 3003 0601 2a 0304 01 020304")[..], 9, ErrorKind::UnusedBits),
        (&hex!("300c 3003 0601 2a 0303 00 0102 0500"), 12, ErrorKind::TrailingData { left: 2 }),
    ] {
        assert_eq!(fault(SubjectPublicKeyInfo::from_der(der)), (Some(position), kind));
    }
}

/// The size of r and s, which a signature does not tell.
#[test]
fn sizes_of_orders() {
    let bytes = |der| PublicKey::from_spki_der(der).unwrap().order_bytes();
    assert_eq!(bytes(fixtures::P521_SPKI), Some(66));
    assert_eq!(bytes(fixtures::P256_EXPLICIT_SPKI), Some(32));
    let PublicKey::Dsa { parameters: Some(parameters), .. } =
        PublicKey::from_spki_der(fixtures::DSA_SPKI).unwrap()
    else {
        panic!("no DSA key with parameters");
    };
    assert_eq!(bytes(fixtures::DSA_SPKI), Some(parameters.subprime.len()));
    assert_eq!(bytes(fixtures::RSA_SPKI), None);
    assert_eq!(bytes(fixtures::ED25519_SPKI), None);
}
