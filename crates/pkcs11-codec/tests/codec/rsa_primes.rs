//! RSA keys of two primes and of more.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    pkcs1::{OtherPrimes, RsaPrivateKey},
    tlv::Tag,
};
use rstest::rstest;

use crate::{fault, fixtures};

#[test]
fn further_primes() {
    let key = RsaPrivateKey::from_der(fixtures::RSA_THREE_PRIMES).unwrap();
    assert_eq!(*key.to_der().unwrap(), fixtures::RSA_THREE_PRIMES);
    let mut primes = key.other_primes.iter();
    let third = primes.next().unwrap();
    assert!(fixtures::RSA_THREE_PRIMES.ends_with(third.coefficient));
    assert_eq!((third.prime.len(), third.exponent.len()), (43, 43));
    assert!(primes.next().is_none());
    let shown = format!("{third:?}{primes:?}{:?}", key.other_primes);
    assert!(!shown.contains(&third.prime[0].to_string()));

    // However often they are gone through, they stay.
    assert_eq!((&key.other_primes).into_iter().count(), 1);
    assert!(!key.other_primes.is_empty());
    assert_eq!(*key.to_der().unwrap(), fixtures::RSA_THREE_PRIMES);
}

#[rstest]
// Versions that are not those of the number of primes.
#[case::multi_without(&hex!("30 1b 020101"), &[], 2, ErrorKind::UnsupportedVersion { expected: 0 })]
#[case::version_2(&hex!("30 1b 020102"), &[], 2, ErrorKind::UnsupportedVersion { expected: 0 })]
#[case::two_prime_with(
    &hex!("30 28 020100"), &hex!("300b 3009 020107 020105 020103"),
    29, ErrorKind::TrailingData { left: 13 },
)]
#[case::no_infos(
    &hex!("30 1d 020101"), &hex!("3000"), 31, ErrorKind::Missing { expected: Tag::SEQUENCE },
)]
#[case::short_info(
    &hex!("30 25 020101"), &hex!("3008 3006 020107 020105"),
    39, ErrorKind::Missing { expected: Tag::INTEGER },
)]
#[case::negative_coefficient(
    &hex!("30 28 020101"), &hex!("300b 3009 020107 020105 0201ff"), 41, ErrorKind::NegativeInteger,
)]
#[case::behind(
    &hex!("30 2a 020101"), &hex!("300b 3009 020107 020105 020103 0500"),
    42, ErrorKind::TrailingData { left: 2 },
)]
fn primes_and_versions_agree(
    #[case] head: &[u8],
    #[case] tail: &[u8],
    #[case] position: usize,
    #[case] kind: ErrorKind,
) {
    let numbers = hex!("020103").repeat(8);
    let der = [head, &numbers, tail].concat();
    assert_eq!(fault(RsaPrivateKey::from_der(&der)), (Some(position), kind));
}

#[test]
fn a_key_of_two_primes_has_no_others() {
    let key = RsaPrivateKey::from_der(fixtures::RSA_PRIVATE_KEY).unwrap();
    assert!(key.other_primes.is_empty());
    assert_eq!(key.other_primes.iter().count(), 0);
    assert!(OtherPrimes::NONE.iter().next().is_none());
}
