//! Domain parameters of DSA and Diffie-Hellman, and the subprime where it is missing.

use hex_literal::hex;
use num_bigint::BigUint;
use pkcs11_codec::{
    ErrorKind,
    dh::{self, DhParameters, ValidationParameters, X942Parameters},
    dsa::DsaParameters,
    tlv::Tag,
};
use rstest::rstest;

use crate::{
    fault,
    fixtures::{self, spki},
};

const RFC_5114_1: &[u8] = include_bytes!("../fixtures/spki/rfc5114-1.der");
const RFC_5114_2: &[u8] = include_bytes!("../fixtures/spki/rfc5114-2.der");
const RFC_5114_3: &[u8] = include_bytes!("../fixtures/spki/rfc5114-3.der");
const DHX_2048_224: &[u8] = include_bytes!("../fixtures/spki/dhx-2048-224.der");

#[test]
fn dsa() {
    let dsa = DsaParameters::from_der(fixtures::DSA_PARAMETERS).unwrap();
    assert_eq!((dsa.prime.len(), dsa.subprime.len()), (128, 28));
    assert_eq!(dsa.to_der().unwrap(), fixtures::DSA_PARAMETERS);
}

#[test]
fn pkcs3() {
    let dh = DhParameters::from_der(fixtures::DH_PARAMETERS).unwrap();
    assert_eq!((dh.prime.len(), dh.base, dh.private_value_bits), (64, &[2][..], None));
    assert_eq!(dh.to_der().unwrap(), fixtures::DH_PARAMETERS);

    let group = DhParameters::from_der(fixtures::DH_PARAMETERS_WITH_LENGTH).unwrap();
    assert_eq!((group.prime.len(), group.private_value_bits), (8, Some(160)));
    assert_eq!(group.to_der().unwrap(), fixtures::DH_PARAMETERS_WITH_LENGTH);

    let kind = ErrorKind::IntegerTooLarge { max_bytes: 4 };
    let result = DhParameters::from_der(fixtures::X942_PARAMETERS);
    assert_eq!(fault(result), (Some(139), kind));
}

/// RFC 5114 §2: the sizes of p and q.
#[rstest]
#[case(fixtures::X942_PARAMETERS, 64, 28)]
#[case(RFC_5114_1, 128, 20)]
#[case(RFC_5114_2, 256, 28)]
#[case(RFC_5114_3, 256, 32)]
fn x942(#[case] der: &[u8], #[case] prime: usize, #[case] subprime: usize) {
    let read = X942Parameters::from_der(der).unwrap();
    assert_eq!((read.prime.len(), read.subprime.len()), (prime, subprime));
    assert_eq!((read.cofactor, read.validation), (None, None));
    assert_eq!(read.to_der().unwrap(), der);
    subprime_divides(&read);
}

#[rstest]
#[case(DHX_2048_224, 28, 0x9ad)]
#[case(spki::X942_VALIDATION, 20, 0x64)]
fn x942_with_their_origin(#[case] der: &[u8], #[case] seed: usize, #[case] counter: u32) {
    let read = X942Parameters::from_der(der).unwrap();
    let validation = read.validation.unwrap();
    assert_eq!((validation.seed.len(), validation.counter), (seed, counter));
    assert_eq!(read.cofactor, None);
    assert_eq!(read.to_der().unwrap(), der);
    subprime_divides(&read);
}

/// q is what the cofactor (p − 1)/q leaves.
fn subprime_divides(parameters: &X942Parameters<'_>) {
    let number = BigUint::from_bytes_be;
    let product = number(parameters.prime) - 1_u8;
    let cofactor = (&product / number(parameters.subprime)).to_bytes_be();
    let subprime = dh::subprime_from_cofactor(parameters.prime, &cofactor).unwrap();
    assert_eq!(subprime, parameters.subprime);
}

#[test]
fn x942_with_a_cofactor() {
    let read = X942Parameters::from_der(spki::X942_COFACTOR).unwrap();
    let numbers = [read.prime, read.base, read.subprime];
    assert_eq!(numbers, [&[0xd3], &[4], &[7]]);
    assert_eq!((read.cofactor, read.validation), (Some(&[30][..]), None));
    assert_eq!(read.to_der().unwrap(), spki::X942_COFACTOR);

    let all = X942Parameters::from_der(spki::X942_ALL).unwrap();
    let validation = ValidationParameters { seed: &[0xc0, 0xff, 0xee], counter: 300 };
    assert_eq!(all, X942Parameters { validation: Some(validation), ..read });
    assert_eq!(all.to_der().unwrap(), spki::X942_ALL);

    assert_eq!(dh::subprime_from_cofactor(read.prime, &[30]), Ok(vec![7]));
    assert_eq!(dh::subprime_from_cofactor(&[0, 0xd3], &[0, 30]), Ok(vec![7]));
}

/// What `openssl dhparam` makes is a safe prime; with its q it is X9.42's.
#[test]
fn a_safe_prime_has_a_subprime() {
    let DhParameters { prime, base, .. } = DhParameters::from_der(fixtures::DH_PARAMETERS).unwrap();
    let subprime = dh::subprime_of_safe_prime(prime).unwrap();
    let doubled = BigUint::from_bytes_be(&subprime) * 2_u8 + 1_u8;
    assert_eq!(doubled.to_bytes_be(), prime);

    let x942 =
        X942Parameters { prime, base, subprime: &subprime, cofactor: None, validation: None };
    let der = x942.to_der().unwrap();
    assert_eq!(X942Parameters::from_der(&der), Ok(x942));
}

#[rstest]
#[case::even_half(&[13], &[2])]
#[case::even_prime(&[14], &[2])]
#[case::cofactor_of_another_prime(&[0xd3], &[4])]
#[case::cofactor_zero(&[0xd3], &[0])]
#[case::cofactor_too_large(&[0xd3], &[1, 0])]
#[case::nothing_left(&[0xd3], &[210])]
#[case::subprime_one(&[3], &[2])]
#[case::prime_zero(&[0], &[1])]
#[case::prime_one(&[1], &[1])]
#[case::nothing(&[], &[])]
fn no_subprime(#[case] prime: &[u8], #[case] cofactor: &[u8]) {
    let result = dh::subprime_from_cofactor(prime, cofactor);
    assert_eq!(fault(result), (None, ErrorKind::NoSubprime));
}

/// RFC 5114's primes are no safe ones. That is seen where (p − 1)/2 is even, and only there.
#[test]
fn not_every_wrong_prime_is_seen() {
    let group = |der| X942Parameters::from_der(der).unwrap();
    let seen = dh::subprime_of_safe_prime(group(RFC_5114_1).prime);
    assert_eq!(fault(seen), (None, ErrorKind::NoSubprime));
    for group in [group(RFC_5114_2), group(RFC_5114_3)] {
        assert_ne!(dh::subprime_of_safe_prime(group.prime).unwrap(), group.subprime);
    }
}

#[rstest]
#[case::pkcs3(&hex!("3006 020117 020102"), 8, missing())]
#[case::negative_subprime(&hex!("3009 020117 020102 0201ff"), 10, ErrorKind::NegativeInteger)]
#[case::padded_cofactor(
    &hex!("300d 020117 020102 02010b 02020002"), 13, ErrorKind::NonMinimalInteger,
)]
#[case::after_the_subprime(
    &hex!("300b 020117 020102 02010b 0500"), 11,
    ErrorKind::UnexpectedTag { expected: Tag::SEQUENCE, found: Tag::NULL },
)]
#[case::seed_of_bits(
    &hex!("3011 020117 020102 02010b 3006 0302 0480 0400"), 15, ErrorKind::UnusedBits,
)]
#[case::counter_too_large(
    &hex!("3016 020117 020102 02010b 300b 0302 00c0 02050100000000"), 19,
    ErrorKind::IntegerTooLarge { max_bytes: 4 },
)]
#[case::after_the_counter(
    &hex!("3014 020117 020102 02010b 3009 0302 00c0 020105 0500"), 20,
    ErrorKind::TrailingData { left: 2 },
)]
#[case::after_the_end(
    &hex!("3013 020117 020102 02010b 3006 0301 00 020105 0500"), 19,
    ErrorKind::TrailingData { left: 2 },
)]
fn malformed_x942(#[case] der: &[u8], #[case] position: usize, #[case] kind: ErrorKind) {
    assert_eq!(fault(X942Parameters::from_der(der)), (Some(position), kind));
}

fn missing() -> ErrorKind {
    ErrorKind::Missing { expected: Tag::INTEGER }
}

/// A token that does not give a number away answers with no bytes.
#[test]
fn a_missing_number_is_not_zero() {
    let numbers: [&[u8]; 3] = [&[23], &[2], &[11]];
    for missing in 0..3 {
        let mut numbers = numbers;
        numbers[missing] = &[];
        let [prime, base, subprime] = numbers;
        let x942 = X942Parameters { prime, base, subprime, cofactor: None, validation: None };
        assert_eq!(fault(x942.to_der()), (None, ErrorKind::Empty));
        let dsa = DsaParameters { prime, subprime, base };
        assert_eq!(fault(dsa.to_der()), (None, ErrorKind::Empty));
    }
}
