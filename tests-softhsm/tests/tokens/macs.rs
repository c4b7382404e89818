//! Digests, MACs, random numbers.

use hex_literal::hex;
use pkcs11::prelude::*;
use pkcs11::{Function, ReturnCode};
use tests_softhsm::{Outcome, Skip, TestToken, fails, skip, tests};

use crate::common::{aes_key, assert_usable, known_key};

tests! {
    digests_known_answers: and Nss;
    digests_of_all_lengths: and Nss;
    hmac_known_answers: and Nss;
    hmac_default: and Nss;
    cmac_known_answer;
    wrong_macs;
    random_numbers: and Nss;
    seeds: and Nss;
}

/// FIPS 180-4, the digests of "abc".
fn digests_known_answers(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let answers: [(MechanismType, &[u8]); 5] = [
        (MechanismType::SHA_1, &hex!("a9993e364706816aba3e25717850c26c9cd0d89d")),
        (MechanismType::SHA224, &hex!("23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7")),
        (
            MechanismType::SHA256,
            &hex!("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ),
        (
            MechanismType::SHA384,
            &hex!(
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
                "1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
            ),
        ),
        (
            MechanismType::SHA512,
            &hex!(
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
            ),
        ),
    ];
    for (mechanism, digest) in answers {
        assert_eq!(session.digest(mechanism, b"abc")?, digest, "{mechanism}");
        let mut buffer = [0; 100];
        let length = session.digest_into(mechanism, b"abc", &mut buffer)?;
        assert_eq!(&buffer[..length], digest);
    }
    assert_eq!(session.digest(DEFAULT, b"abc")?, answers[2].1);
    Ok(())
}

fn digests_of_all_lengths(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let empty = hex!("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(session.digest(MechanismType::SHA256, b"")?, empty);
    // FIPS 180-4: a million times "a".
    let million = hex!("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    assert_eq!(session.digest(MechanismType::SHA256, &[b'a'; 1_000_000])?, million);
    let unknown = MechanismType::new(0x8765_4321);
    let error = fails!(session.digest(unknown, b""), ErrorKind::MechanismNotOffered);
    assert_eq!(error.function(), Some(Function::DigestInit));
    assert_eq!(error.return_code(), Some(ReturnCode::MECHANISM_INVALID));
    assert_usable(&session)
}

/// RFC 2202 and RFC 4231, test case 6 of each.
fn hmac_known_answers(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let data = b"Test Using Larger Than Block-Size Key - Hash Key First";
    let answers: [(MechanismType, usize, &[u8]); 3] = [
        (MechanismType::SHA_1_HMAC, 80, &hex!("aa4ae5e15272d00e95705637ce8a3b55ed402112")),
        (
            MechanismType::SHA256_HMAC,
            131,
            &hex!("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        ),
        (
            MechanismType::SHA512_HMAC,
            131,
            &hex!(
                "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"
            ),
        ),
    ];
    for (mechanism, length, mac) in answers {
        let key = known_key(&session, KeyType::GENERIC_SECRET, &vec![0xaa; length])?;
        assert_eq!(key.sign(mechanism, data)?, mac, "{mechanism}");
        key.verify(mechanism, data, mac)?;
    }
    Ok(())
}

fn hmac_default(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let mac = key.sign(DEFAULT, b"message")?;
    assert_eq!(mac.len(), 32);
    key.verify(DEFAULT, b"message", &mac)?;
    key.verify(MechanismType::SHA256_HMAC, b"message", &mac)?;
    let mut buffer = [0; 32];
    assert_eq!(key.sign_into(DEFAULT, b"message", &mut buffer)?, 32);
    assert_eq!(buffer[..], mac);
    fails!(key.sign_into(DEFAULT, b"message", &mut [0; 31]), ErrorKind::BufferTooSmall);
    assert_usable(&session)
}

/// RFC 4493 §4, examples 1 and 2.
fn cmac_known_answer(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_CMAC])?;
    let session = token.session()?;
    let key = known_key(&session, KeyType::AES, &hex!("2b7e151628aed2a6abf7158809cf4f3c"))?;
    let message = hex!("6bc1bee22e409f96e93d7e117393172a");
    let mac = hex!("070a16b46b4d4144f79bdd9dd04a287c");
    assert_eq!(key.sign(DEFAULT, &message)?, mac);
    key.verify(MechanismType::AES_CMAC, &message, &mac)?;
    assert_eq!(key.sign(DEFAULT, b"")?, hex!("bb1d6929e95937287fa37d129b756746"));
    Ok(())
}

fn wrong_macs(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let mac = key.sign(DEFAULT, b"message")?;
    let mut changed = mac.clone();
    changed[31] ^= 1;
    let longer = [&mac[..], &[0]].concat();
    // Shorter ones, down to nothing, must not pass for a prefix.
    for wrong in [&changed[..], &mac[..31], &mac[..1], &longer, &[]] {
        let error = fails!(key.verify(DEFAULT, b"message", wrong), ErrorKind::SignatureInvalid);
        assert_eq!(error.function(), Some(Function::Verify));
        assert_eq!(error.mechanism(), Some(MechanismType::SHA256_HMAC));
    }
    fails!(key.verify(DEFAULT, b"other", &mac), ErrorKind::SignatureInvalid);
    key.verify(DEFAULT, b"message", &mac)?;
    aes_key(&session)?;
    assert_usable(&session)
}

fn random_numbers(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (one, two) = (session.random::<32>()?, session.random::<32>()?);
    assert_ne!(one, two);
    assert_ne!(one, [0; 32]);
    let mut large = vec![0; 100_000];
    session.fill_random(&mut large)?;
    // A run of 16 zeros is not to be expected: something would be left unfilled.
    assert!(!large.windows(16).any(|window| window == [0; 16]));
    session.random::<0>()?;
    Ok(())
}

fn seeds(token: &TestToken) -> Outcome {
    let session = token.session()?;
    match session.seed_random(b"a seed of some bytes") {
        Ok(()) => {}
        Err(error) => {
            assert_eq!(error.function(), Some(Function::SeedRandom));
            assert_usable(&session)?;
            return skip(Skip::TakesNoSeed);
        }
    }
    session.random::<16>()?;
    assert_usable(&session)
}
