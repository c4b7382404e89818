//! Keys, parameters and certificates as attributes of PKCS#11, and back.

use core::ffi::c_ulong;
use std::{cell::RefCell, collections::BTreeSet};

use hex_literal::hex;
use pkcs11_codec::{
    Error, ErrorKind,
    attribute::{Attribute, AttributeType, Attributes, CurveForm, Forms},
    dh::{DhParameters, X942Parameters},
    dsa::DsaParameters,
    ec::{Curve, EcParameters, PointForm},
    pkcs1::{OtherPrimes, RsaPrivateKey},
    pkcs8::{PrivateKey, PrivateKeyInfo},
    spki::PublicKey,
    x509::Certificate,
};
use rstest::rstest;
use sha1::{Digest as _, Sha1};

use crate::{
    fault,
    fixtures::{self, private_keys, spki},
};

const TABLE: &str = include_str!("../../../../headers/spec/attributes.tsv");

type Pairs = Vec<(AttributeType, Vec<u8>)>;

fn pairs(attributes: Attributes<'_>) -> Pairs {
    attributes.map(|attribute| (attribute.attribute(), attribute.value().to_vec())).collect()
}

fn names(pairs: &Pairs) -> Vec<&'static str> {
    pairs.iter().map(|(attribute, _)| attribute.name()).collect()
}

fn ulong(value: c_ulong) -> Vec<u8> {
    value.to_ne_bytes().to_vec()
}

/// The values by attribute, as a token that knows each would give them.
fn values<'a>(pairs: &'a Pairs) -> impl Fn(AttributeType) -> Option<&'a [u8]> {
    |wanted| pairs.iter().find(|(attribute, _)| *attribute == wanted).map(|(_, value)| &value[..])
}

/// What was asked for.
#[derive(Default)]
struct Asked(RefCell<BTreeSet<AttributeType>>);

impl Asked {
    fn of<'a>(&self, pairs: &'a Pairs, wanted: AttributeType) -> Option<&'a [u8]> {
        self.0.borrow_mut().insert(wanted);
        values(pairs)(wanted)
    }

    /// All but the type of the key, which tells what else.
    fn types(self) -> Option<BTreeSet<AttributeType>> {
        let mut asked = self.0.into_inner();
        asked.remove(&AttributeType::KEY_TYPE).then_some(asked)
    }
}

fn sorted(types: &[AttributeType]) -> BTreeSet<AttributeType> {
    types.iter().copied().collect()
}

#[test]
fn numbers_and_names_are_the_standards() {
    for attribute in AttributeType::ALL {
        let line = TABLE.lines().find(|line| line.split('\t').next() == Some(attribute.name()));
        let number = line.unwrap_or_else(|| panic!("{attribute}")).split('\t').nth(1).unwrap();
        let number = c_ulong::from_str_radix(number.trim_start_matches("0x"), 16).unwrap();
        assert_eq!(attribute.number(), number, "{attribute}");
    }
}

#[rstest]
#[case::rsa(fixtures::RSA_SPKI, 0x00, &["CKA_MODULUS", "CKA_PUBLIC_EXPONENT"])]
#[case::rsa_pss(spki::PSS_SHA256_SPKI, 0x00, &["CKA_MODULUS", "CKA_PUBLIC_EXPONENT"])]
#[case::dsa(fixtures::DSA_SPKI, 0x01, &["CKA_PRIME", "CKA_SUBPRIME", "CKA_BASE", "CKA_VALUE"])]
#[case::dh(spki::DH_SPKI, 0x02, &["CKA_PRIME", "CKA_BASE", "CKA_VALUE"])]
#[case::x942(spki::X942_SPKI, 0x04, &["CKA_PRIME", "CKA_BASE", "CKA_SUBPRIME", "CKA_VALUE"])]
#[case::p256(fixtures::P256_SPKI, 0x03, &["CKA_EC_PARAMS", "CKA_EC_POINT"])]
#[case::explicit(fixtures::P256_EXPLICIT_SPKI, 0x03, &["CKA_EC_PARAMS", "CKA_EC_POINT"])]
#[case::compressed(fixtures::P256_COMPRESSED_SPKI, 0x03, &["CKA_EC_PARAMS", "CKA_EC_POINT"])]
#[case::ed25519(fixtures::ED25519_SPKI, 0x40, &["CKA_EC_PARAMS", "CKA_EC_POINT"])]
#[case::ed448(fixtures::ED448_SPKI, 0x40, &["CKA_EC_PARAMS", "CKA_EC_POINT"])]
#[case::x25519(fixtures::X25519_SPKI, 0x41, &["CKA_EC_PARAMS", "CKA_EC_POINT"])]
#[case::x448(fixtures::X448_SPKI, 0x41, &["CKA_EC_PARAMS", "CKA_EC_POINT"])]
#[case::slh_dsa(spki::SLH_DSA_RFC_9909_SPKI, 0x4b, &["CKA_PARAMETER_SET", "CKA_VALUE"])]
fn public_keys(#[case] der: &[u8], #[case] key_type: c_ulong, #[case] rest: &[&str]) {
    let key = PublicKey::from_spki_der(der).unwrap();
    let forms = [PointForm::Raw, PointForm::OctetString, PointForm::BitString]
        .map(|point| [CurveForm::Oid, CurveForm::Name].map(|curve| Forms { curve, point }));
    for forms in forms.into_iter().flatten() {
        let pairs = pairs(key.attributes(forms).unwrap());
        assert_eq!(names(&pairs), [&["CKA_CLASS", "CKA_KEY_TYPE"], rest].concat());
        assert_eq!(pairs[0].1, ulong(2));
        assert_eq!(pairs[1].1, ulong(key_type));
        let asked = Asked::default();
        let back = PublicKey::from_attributes(|wanted| asked.of(&pairs, wanted)).unwrap();
        assert_eq!(asked.types(), PublicKey::attribute_types(key_type).map(sorted));
        match key {
            // What its signatures are bound to has no attribute; other attributes have no
            // place for how primes were found, or for the length of private values.
            PublicKey::RsaPss { key, .. } => assert_eq!(back, PublicKey::Rsa(key)),
            PublicKey::X942Dh { .. } | PublicKey::Dh { .. } => {
                assert_eq!(self::pairs(back.attributes(forms).unwrap()), pairs);
            }
            // An Edwards or Montgomery curve by its name is the same curve.
            _ => assert_eq!(back, key),
        }
    }
}

#[rstest]
#[case::rsa(private_keys::RSA, 0x00, 10)]
#[case::rsa_pss(private_keys::RSA_PSS, 0x00, 10)]
#[case::dsa(private_keys::DSA, 0x01, 6)]
#[case::dh(private_keys::DH, 0x02, 5)]
#[case::x942(private_keys::X942, 0x04, 6)]
#[case::p256(private_keys::EC_P256, 0x03, 4)]
#[case::p521(private_keys::EC_P521, 0x03, 4)]
#[case::explicit(private_keys::EC_EXPLICIT, 0x03, 4)]
#[case::ed25519(private_keys::ED25519, 0x40, 4)]
#[case::ed448(private_keys::ED448, 0x40, 4)]
#[case::x25519(private_keys::X25519, 0x41, 4)]
#[case::x448(private_keys::X448, 0x41, 4)]
#[case::ml_dsa_seed(private_keys::ML_DSA_65_SEED, 0x4a, 4)]
#[case::ml_dsa_expanded(private_keys::ML_DSA_65_EXPANDED, 0x4a, 4)]
#[case::ml_dsa_both(private_keys::ML_DSA_65_BOTH, 0x4a, 5)]
#[case::ml_kem_both(private_keys::ML_KEM_768_BOTH, 0x49, 5)]
fn keys_of_pkcs8(#[case] der: &[u8], #[case] key_type: c_ulong, #[case] count: usize) {
    let key = PrivateKey::from_pkcs8_der(der).unwrap();
    let attributes = key.attributes(Forms::default()).unwrap();
    assert_eq!(attributes.len(), count);
    let pairs = pairs(attributes);
    assert_eq!((&pairs[0].1, &pairs[1].1), (&ulong(3), &ulong(key_type)));
    let asked = Asked::default();
    let back = PrivateKey::from_attributes(|wanted| asked.of(&pairs, wanted)).unwrap();
    assert_eq!(asked.types(), PrivateKey::attribute_types(key_type).map(sorted));
    assert_eq!(self::pairs(back.attributes(Forms::default()).unwrap()), pairs);
}

#[test]
fn types_that_are_not_known() {
    assert_eq!(PublicKey::attribute_types(0x1f), None);
    assert_eq!(PrivateKey::attribute_types(c_ulong::MAX), None);
}

/// A big integer of 31 bytes is a d of P-256 like others: 32 bytes in RFC 5915 §3.
#[test]
fn a_short_value_of_a_token_gets_its_zeros() {
    let value = [0x17; 31];
    let pairs = [
        (AttributeType::KEY_TYPE, ulong(3)),
        (AttributeType::EC_PARAMS, hex!("06082a8648ce3d030107").to_vec()),
        (AttributeType::VALUE, value.to_vec()),
    ]
    .to_vec();
    let key = PrivateKey::from_attributes(values(&pairs)).unwrap();
    let der = PrivateKeyInfo::from(key).to_der().unwrap();
    let head = hex!("3041 020100 3013 06072a8648ce3d0201 06082a8648ce3d030107 0427 3025 020101");
    assert_eq!(*der, [&head[..], &hex!("0420 00"), &value].concat());
}

/// p and q alone would be the primes of another modulus.
#[test]
fn a_third_prime_leaves_the_primes_out() {
    let key = PrivateKey::from_pkcs8_der(private_keys::RSA_THREE_PRIMES).unwrap();
    let pairs = pairs(key.attributes(Forms::default()).unwrap());
    let expected = ["CKA_MODULUS", "CKA_PUBLIC_EXPONENT", "CKA_PRIVATE_EXPONENT"];
    assert_eq!(names(&pairs)[2..], expected);
    let attribute = AttributeType::PRIME_1;
    let back = PrivateKey::from_attributes(values(&pairs));
    assert_eq!(fault(back), (None, ErrorKind::MissingAttribute { attribute }));
}

/// What is not known of a key is zero in PKCS#1: Java writes so all but n and d of a key that
/// was made of an `RSAPrivateKeySpec`.
#[test]
fn numbers_that_are_zero_are_none() {
    let (number, zero) = (&[0x35][..], &[0][..]);
    let key = |modulus, public_exponent, private_exponent, others| {
        PrivateKey::Rsa(RsaPrivateKey {
            modulus,
            public_exponent,
            private_exponent,
            prime_1: others,
            prime_2: others,
            exponent_1: others,
            exponent_2: others,
            coefficient: others,
            other_primes: OtherPrimes::NONE,
        })
    };
    let attributes = |key: PrivateKey<'_>| key.attributes(Forms::default()).map(pairs);
    let missing = |attribute| (None, ErrorKind::MissingAttribute { attribute });

    let with_e = attributes(key(number, &[3], number, &[0, 0])).unwrap();
    let expected = ["CKA_MODULUS", "CKA_PUBLIC_EXPONENT", "CKA_PRIVATE_EXPONENT"];
    assert_eq!(names(&with_e)[2..], expected);
    let back = PrivateKey::from_attributes(values(&with_e));
    assert_eq!(fault(back), missing(AttributeType::PRIME_1));

    let java = attributes(key(number, zero, number, zero)).unwrap();
    assert_eq!(names(&java)[2..], ["CKA_MODULUS", "CKA_PRIVATE_EXPONENT"]);
    let back = PrivateKey::from_attributes(values(&java));
    assert_eq!(fault(back), missing(AttributeType::PUBLIC_EXPONENT));

    let no_modulus = attributes(key(zero, &[3], number, number));
    assert_eq!(fault(no_modulus), missing(AttributeType::MODULUS));
    let no_exponent = attributes(key(number, &[3], zero, number));
    assert_eq!(fault(no_exponent), missing(AttributeType::PRIVATE_EXPONENT));
    let no_bytes = attributes(key(number, &[3], number, &[]));
    assert_eq!(fault(no_bytes), (None, ErrorKind::Empty));

    // Nor is a zero that a token has.
    let given = |wanted: AttributeType| match wanted {
        AttributeType::KEY_TYPE => Some(&[0; size_of::<c_ulong>()][..]),
        AttributeType::COEFFICIENT => Some(&[0, 0][..]),
        _ => Some(number),
    };
    assert_eq!(fault(PrivateKey::from_attributes(given)), missing(AttributeType::COEFFICIENT));
}

#[test]
fn domain_parameters() {
    fn check<'a>(attributes: Result<Attributes<'a>, Error>, key_type: c_ulong) -> Pairs {
        let pairs = pairs(attributes.unwrap());
        assert_eq!((&pairs[0].1, &pairs[1].1), (&ulong(6), &ulong(key_type)));
        pairs
    }
    let dsa = DsaParameters::from_der(fixtures::DSA_PARAMETERS).unwrap();
    let pairs = check(dsa.attributes(), 1);
    assert_eq!(DsaParameters::from_attributes(values(&pairs)), Ok(dsa));
    let dh = DhParameters::from_der(fixtures::DH_PARAMETERS_WITH_LENGTH).unwrap();
    let pairs = check(dh.attributes(), 2);
    let without_length = DhParameters { private_value_bits: None, ..dh };
    assert_eq!(DhParameters::from_attributes(values(&pairs)), Ok(without_length));
    let x942 = X942Parameters::from_der(spki::X942_COFACTOR).unwrap();
    let pairs = check(x942.attributes(), 4);
    let numbers_alone = X942Parameters { cofactor: None, validation: None, ..x942 };
    assert_eq!(X942Parameters::from_attributes(values(&pairs)), Ok(numbers_alone));
}

#[test]
fn certificates() {
    let der = include_bytes!("../fixtures/x509/p256.der");
    let certificate = Certificate::from_der(der).unwrap();
    let pairs = pairs(certificate.attributes());
    let expected = [
        "CKA_CLASS",
        "CKA_CERTIFICATE_TYPE",
        "CKA_SUBJECT",
        "CKA_ISSUER",
        "CKA_SERIAL_NUMBER",
        "CKA_VALUE",
        "CKA_START_DATE",
        "CKA_END_DATE",
    ];
    assert_eq!(names(&pairs), expected);
    let value = values(&pairs);
    assert_eq!(value(AttributeType::CLASS), Some(&ulong(1)[..]));
    assert_eq!(value(AttributeType::VALUE), Some(&der[..]));
    let position = der.windows(4).position(|part| part == certificate.serial_number[..4].as_ref());
    assert!(position.is_some(), "the serial number's own bytes");
    let not_before = certificate.validity.not_before().unwrap().ck_date();
    assert_eq!(value(AttributeType::START_DATE), Some(&not_before[..]));
    assert!(not_before.iter().all(u8::is_ascii_digit));
}

#[test]
fn hashes_of_keys() {
    let der = include_bytes!("../fixtures/x509/p256.der");
    let certificate = Certificate::from_der(der).unwrap();
    let subject = pairs(certificate.key_hashes(None, Sha1::digest).unwrap());
    let identifier = certificate.extensions.subject_key_identifier().unwrap().unwrap();
    assert_eq!(subject, [(AttributeType::HASH_OF_SUBJECT_PUBLIC_KEY, identifier.to_vec())]);
    // It issued itself.
    let both = pairs(certificate.key_hashes(Some(&certificate), Sha1::digest).unwrap());
    assert_eq!(both[1], (AttributeType::HASH_OF_ISSUER_PUBLIC_KEY, identifier.to_vec()));
    let other = Certificate::from_der(include_bytes!("../fixtures/x509/rsa.der")).unwrap();
    let result = certificate.key_hashes(Some(&other), Sha1::digest);
    assert_eq!(fault(result), (None, ErrorKind::NotTheIssuer));
}

/// Tokens have been seen to pad numbers, and to give no bytes for what they keep.
#[test]
fn numbers_of_a_token_may_have_leading_zeros() {
    let number = [0, 0, 0x80];
    let given = |wanted: AttributeType| match wanted {
        AttributeType::KEY_TYPE => Some(&[0; size_of::<c_ulong>()][..]),
        AttributeType::MODULUS => Some(&number[..]),
        AttributeType::PUBLIC_EXPONENT => Some(&[3][..]),
        _ => Some(&[][..]),
    };
    let PublicKey::Rsa(key) = PublicKey::from_attributes(given).unwrap() else {
        panic!("not an RSA key");
    };
    assert_eq!((key.modulus, key.public_exponent), (&[0x80][..], &[3][..]));
    let attribute = AttributeType::PRIVATE_EXPONENT;
    let missing = PrivateKey::from_attributes(given);
    assert_eq!(fault(missing), (None, ErrorKind::MissingAttribute { attribute }));
}

#[rstest]
#[case::none(None, ErrorKind::MissingAttribute { attribute: AttributeType::KEY_TYPE })]
#[case::short(Some(vec![0; 3]), ErrorKind::InvalidAttribute { attribute: AttributeType::KEY_TYPE })]
#[case::aes(Some(ulong(0x1f)), ErrorKind::InvalidAttribute { attribute: AttributeType::KEY_TYPE })]
#[case::large(Some(ulong(c_ulong::MAX)), ErrorKind::InvalidAttribute { attribute: AttributeType::KEY_TYPE })]
fn key_types(#[case] given: Option<Vec<u8>>, #[case] expected: ErrorKind) {
    let result = PublicKey::from_attributes(|_| given.as_deref());
    assert_eq!(fault(result), (None, expected));
}

#[test]
fn what_pkcs11_has_no_place_for() {
    let forms = Forms::default();
    let inherited = PublicKey::from_spki_der(spki::DSA_INHERITED_SPKI).unwrap();
    assert_eq!(fault(inherited.attributes(forms)), (None, ErrorKind::MissingParameters));
    let implicit = PublicKey::Ec { parameters: EcParameters::Implicit, point: &[4, 1, 2] };
    assert_eq!(fault(implicit.attributes(forms)), (None, ErrorKind::UnsuitableCurve));
    let algorithm = Curve::P256.oid();
    let other = PublicKey::Other { algorithm, parameters: None, key: &[1] };
    assert_eq!(fault(other.attributes(forms)), (None, ErrorKind::UnknownAlgorithm));
}

/// The curve of another kind of key, and a parameter set that its family does not have.
#[test]
fn types_and_values_belong_together() {
    let key = PublicKey::Edwards { curve: Curve::ED25519, key: &[7; 32] };
    let mut given = pairs(key.attributes(Forms::default()).unwrap());
    given[1].1 = ulong(0x41);
    let result = PublicKey::from_attributes(values(&given));
    assert_eq!(fault(result), (None, ErrorKind::UnsuitableCurve));

    let key = PublicKey::from_spki_der(spki::SLH_DSA_RFC_9909_SPKI).unwrap();
    let mut given = pairs(key.attributes(Forms::default()).unwrap());
    given[2].1 = ulong(99);
    let attribute = AttributeType::PARAMETER_SET;
    let result = PublicKey::from_attributes(values(&given));
    assert_eq!(fault(result), (None, ErrorKind::InvalidAttribute { attribute }));
}

/// A number as long as the order has at most, and strings of the one size of their curve or
/// parameter set.
#[test]
fn sizes_are_checked() {
    let long = [7; 33];
    let (point, short) = (&long[..], &[1, 2, 3][..]);
    let on = |curve: Curve| EcParameters::from(curve).to_der().unwrap();
    let curve = |key_type, curve, value: &[u8]| -> Pairs {
        vec![
            (AttributeType::KEY_TYPE, ulong(key_type)),
            (AttributeType::EC_PARAMS, on(curve)),
            (AttributeType::EC_POINT, value.to_vec()),
            (AttributeType::VALUE, value.to_vec()),
        ]
    };
    let set = |key_type, number, attribute: AttributeType, value: &[u8]| -> Pairs {
        vec![
            (AttributeType::KEY_TYPE, ulong(key_type)),
            (AttributeType::PARAMETER_SET, ulong(number)),
            (attribute, value.to_vec()),
        ]
    };
    let wrong = |expected, found| ErrorKind::WrongLength { expected, found };
    let public = |pairs: Pairs| fault(PublicKey::from_attributes(values(&pairs)).map(drop));
    let private = |pairs: Pairs| fault(PrivateKey::from_attributes(values(&pairs)).map(drop));

    let value = AttributeType::VALUE;
    assert_eq!(public(set(0x4a, 1, value, short)), (None, wrong(1312, 3)));
    assert_eq!(public(set(0x49, 3, value, short)), (None, wrong(1568, 3)));
    assert_eq!(public(set(0x4b, 1, value, short)), (None, wrong(32, 3)));
    assert_eq!(private(set(0x4a, 1, value, short)), (None, wrong(2560, 3)));
    assert_eq!(private(set(0x4a, 1, AttributeType::SEED, short)), (None, wrong(32, 3)));
    assert_eq!(private(set(0x49, 1, AttributeType::SEED, point)), (None, wrong(64, 33)));
    assert_eq!(private(set(0x4b, 1, value, short)), (None, wrong(64, 3)));
    // SLH-DSA has no seeds, and is not asked for one.
    let missing = ErrorKind::MissingAttribute { attribute: value };
    assert_eq!(private(set(0x4b, 1, AttributeType::SEED, short)), (None, missing));

    assert_eq!(private(curve(0x40, Curve::ED25519, short)), (None, wrong(32, 3)));
    assert_eq!(private(curve(0x40, Curve::ED448, point)), (None, wrong(57, 33)));
    assert_eq!(private(curve(0x41, Curve::X25519, point)), (None, wrong(32, 33)));
    assert_eq!(private(curve(0x41, Curve::X448, short)), (None, wrong(56, 3)));
    let too_large = ErrorKind::IntegerTooLarge { max_bytes: 32 };
    assert_eq!(private(curve(0x03, Curve::P256, point)), (None, too_large));
    assert_eq!(private(curve(0x03, Curve::ED25519, short)), (None, ErrorKind::UnsuitableCurve));
    // Zeros that lead a number are none of it.
    let padded = [&[0][..], &[7; 32]].concat();
    let pairs = curve(0x03, Curve::P256, &padded);
    let read = PrivateKey::from_attributes(values(&pairs)).unwrap();
    assert!(matches!(read, PrivateKey::Ec { key, .. } if key.value == [7; 32]));
}

/// PKCS#11 has names for four curves; a token takes the others by OBJECT IDENTIFIER, and what
/// is not in the table as it came.
#[rstest]
#[case(EcParameters::CurveName("secp256r1"), CurveForm::Oid, Curve::P256.into())]
#[case(EcParameters::CurveName("P-256"), CurveForm::Oid, Curve::P256.into())]
#[case(EcParameters::CurveName("secp256r1"), CurveForm::Name, EcParameters::CurveName("secp256r1"))]
#[case(EcParameters::CurveName("a curve"), CurveForm::Oid, EcParameters::CurveName("a curve"))]
#[case(EcParameters::CurveName("a curve"), CurveForm::Name, EcParameters::CurveName("a curve"))]
#[case(Curve::P256.into(), CurveForm::Name, Curve::P256.into())]
fn curves_by_name(
    #[case] parameters: EcParameters<'_>,
    #[case] curve: CurveForm,
    #[case] expected: EcParameters<'_>,
) {
    let point = [&[0x04][..], &[7; 64]].concat();
    let key = PublicKey::Ec { parameters, point: &point };
    let forms = Forms { curve, ..Forms::default() };
    let pairs = pairs(key.attributes(forms).unwrap());
    assert_eq!(pairs[2], (AttributeType::EC_PARAMS, expected.to_der().unwrap()));
}

/// Tokens with OpenPGP's applet name Ed25519 by its old OBJECT IDENTIFIER. Their keys on
/// Curve25519 are not written: OpenPGP has other bytes for these.
#[test]
fn curves_of_openpgp() {
    let on = |key_type, curve: Curve| -> Pairs {
        vec![
            (AttributeType::KEY_TYPE, ulong(key_type)),
            (AttributeType::EC_PARAMS, EcParameters::from(curve).to_der().unwrap()),
            (AttributeType::EC_POINT, vec![7; 32]),
            (AttributeType::VALUE, vec![8; 32]),
        ]
    };
    let ed25519 = on(0x40, Curve::ED25519_LEGACY);
    let public = PublicKey::from_attributes(values(&ed25519)).unwrap();
    assert_eq!(public, PublicKey::Edwards { curve: Curve::ED25519_LEGACY, key: &[7; 32] });
    let written = public.to_spki_der().unwrap();
    let same = PublicKey::Edwards { curve: Curve::ED25519, key: &[7; 32] };
    assert_eq!(PublicKey::from_spki_der(&written), Ok(same));
    // Back on the token, it has the curve that it had.
    let attributes = pairs(public.attributes(Forms::default()).unwrap());
    assert_eq!(attributes[2], ed25519[1]);

    let private = PrivateKey::from_attributes(values(&ed25519)).unwrap();
    let info = PrivateKeyInfo { key: private, attributes: None, public_key: Some(&[7; 32]) };
    let written = info.to_der().unwrap();
    let read = PrivateKeyInfo::from_der(&written).unwrap();
    assert!(matches!(read.key, PrivateKey::Edwards { curve: Curve::ED25519, value: &[8, ..] }));
    assert_eq!(read.public_half(), Ok(Some(same)));

    let curve25519 = on(0x41, Curve::CURVE25519_LEGACY);
    let public = PublicKey::from_attributes(values(&curve25519)).unwrap();
    assert_eq!(fault(public.to_spki_der()), (None, ErrorKind::LegacyCurve));
    let private = PrivateKey::from_attributes(values(&curve25519)).unwrap();
    let written = PrivateKeyInfo::from(private).to_der();
    assert_eq!(fault(written), (None, ErrorKind::LegacyCurve));
    // The point with OpenPGP's octet is none of this size.
    let mut prefixed = on(0x40, Curve::ED25519_LEGACY);
    prefixed[2].1.insert(0, 0x40);
    let kind = ErrorKind::WrongLength { expected: 32, found: 33 };
    let result = PublicKey::from_attributes(values(&prefixed)).map(drop);
    assert_eq!(fault(result), (None, kind));
}

#[test]
fn values_are_not_shown() {
    let key = PrivateKey::from_pkcs8_der(private_keys::ED25519).unwrap();
    let attributes = key.attributes(Forms::default()).unwrap();
    let shown = format!("{attributes:?}");
    assert!(shown.contains("CKA_VALUE"), "{shown}");
    let value: Vec<Attribute<'_>> = attributes.collect();
    let secret = format!("{:?}", value[3].value());
    assert!(!shown.contains(secret.trim_matches(['[', ']'])), "{shown}");
}
