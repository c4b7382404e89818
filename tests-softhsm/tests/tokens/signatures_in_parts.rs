//! MACs, signatures and digests in parts.

use std::io::Write;

use hex_literal::hex;
use pkcs11::prelude::*;
use pkcs11::{Function, ReturnCode};
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::{assert_usable, known_key};
use crate::streams::{cut, data};

tests! {
    hmac_in_parts_is_the_same_as_in_one_call;
    cmac_in_parts_is_the_same_as_in_one_call;
    rsa_signatures_in_parts_with_empty_blocks;
    rsa_pss_in_parts;
    ecdsa_in_parts_with_empty_blocks;
    wrong_data_in_parts_does_not_verify;
    macs_of_a_wrong_length_do_not_verify_in_parts;
    digests_in_parts_are_the_same_as_in_one_call;
    digests_of_keys_and_data_in_order;
    a_digest_of_a_key_alone;
    signatures_and_digests_into_buffers;
    mechanisms_for_digests_take_no_parts;
    dsa_by_default_in_parts;
    a_key_of_another_token_is_not_digested;
    nothing_at_all_is_signed_and_digested;
    hashing_in_parts_is_the_tokens_unless_it_cannot;
}

const PARTS: [&[u8]; 5] = [b"one", b"", b" two", b"", b" three"];
const WHOLE: &[u8] = b"one two three";
const CUTS: &[&[usize]] = &[&[1], &[16], &[0, 5, 0, 0, 11, 64], &[100_000], &[0, 4096]];

/// RFC 4231 §4.7, and data of other lengths.
fn hmac_in_parts_is_the_same_as_in_one_call(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = known_key(&session, KeyType::GENERIC_SECRET, &[0xaa; 131])?;
    let parts = ["Test Using Larger Than ", "", "Block-Size Key - ", "Hash Key First"];
    let mac = hex!("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    assert_eq!(key.sign_stream(MechanismType::SHA256_HMAC, parts)?, mac);
    key.verify_stream(MechanismType::SHA256_HMAC, parts, &mac)?;
    let mechanisms =
        [MechanismType::SHA_1_HMAC, MechanismType::SHA256_HMAC, MechanismType::SHA512_HMAC];
    for length in [0, 1, 64, 1000, 100_001] {
        let data = data(length);
        for mechanism in mechanisms {
            let whole = key.sign(mechanism, &data)?;
            for cuts in CUTS {
                assert_eq!(key.sign_stream(mechanism, cut(&data, cuts))?, whole, "{cuts:?}");
                key.verify_stream(mechanism, cut(&data, cuts), &whole)?;
            }
            assert_eq!(key.sign_reader(mechanism, &data[..])?, whole);
            key.verify_reader(mechanism, &data[..], &whole)?;
        }
    }
    assert_usable(&session)
}

/// RFC 4493 §4, example 3.
fn cmac_in_parts_is_the_same_as_in_one_call(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_CMAC])?;
    let session = token.session()?;
    let key = known_key(&session, KeyType::AES, &hex!("2b7e151628aed2a6abf7158809cf4f3c"))?;
    let message =
        hex!("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411");
    let mac = hex!("dfa66747de9ae63030ca32611497c827");
    for cuts in CUTS {
        assert_eq!(key.sign_stream(DEFAULT, cut(&message, cuts))?, mac, "{cuts:?}");
        key.verify_stream(DEFAULT, cut(&message, cuts), &mac)?;
    }
    let none: [&[u8]; 0] = [];
    assert_eq!(key.sign_stream(DEFAULT, none)?, key.sign(DEFAULT, b"")?);
    assert_usable(&session)
}

fn rsa_signatures_in_parts_with_empty_blocks(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let data = data(10_000);
    for mechanism in [MechanismType::SHA256_RSA_PKCS, MechanismType::SHA512_RSA_PKCS] {
        let whole = private.sign(mechanism, &data)?;
        for cuts in CUTS {
            assert_eq!(private.sign_stream(mechanism, cut(&data, cuts))?, whole, "{cuts:?}");
            public.verify_stream(mechanism, cut(&data, cuts), &whole)?;
        }
    }
    let parts = ["", "mes", "", "", "sage", ""];
    let signature = private.sign_stream(DEFAULT, parts)?;
    public.verify(DEFAULT, b"message", &signature)?;
    public.verify_stream(DEFAULT, parts, &signature)?;
    // Nothing but empty blocks is the empty message.
    let signature = private.sign_stream(DEFAULT, ["", ""])?;
    public.verify(DEFAULT, b"", &signature)?;
    public.verify_stream(DEFAULT, [""], &signature)?;
    assert_usable(&session)
}

fn rsa_pss_in_parts(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let data = data(1000);
    for hash in [Hash::Sha1, Hash::Sha256, Hash::Sha512] {
        let pss = RsaPss::new(hash);
        let signature = private.sign_stream(pss, cut(&data, &[0, 100, 7]))?;
        public.verify(pss, &data, &signature)?;
        public.verify_stream(pss, cut(&data, &[33]), &signature)?;
        fails!(public.verify_stream(pss, ["other"], &signature), ErrorKind::SignatureInvalid);
    }
    assert_usable(&session)
}

fn ecdsa_in_parts_with_empty_blocks(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    let data = data(10_000);
    for cuts in CUTS {
        let signature = private.sign_stream(DEFAULT, cut(&data, cuts))?;
        assert_eq!(signature.len(), 64);
        public.verify(DEFAULT, &data, &signature)?;
        public.verify_stream(DEFAULT, cut(&data, cuts), &signature)?;
        public.verify_reader(DEFAULT, &data[..], &signature)?;
    }
    let signature = private.sign_stream(DEFAULT, ["", ""])?;
    public.verify(DEFAULT, b"", &signature)?;
    let mut signer = private.signer(DEFAULT)?;
    write!(signer, "one and {}", 1 + 1)?;
    signer.flush()?;
    public.verify(DEFAULT, b"one and 2", &signer.finish()?)?;
    assert_usable(&session)
}

fn wrong_data_in_parts_does_not_verify(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (rsa_public, rsa) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let (ec_public, ec) = session.generate_key_pair(Curve::P256).create()?;
    let hmac = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let right = ["one", " two", " three"];
    let wrong: [&[&str]; 5] =
        [&["one", " two", " four"], &["one two three", "x"], &["one", " two"], &[""], &[]];
    for (public, private) in [(&rsa_public, &rsa), (&ec_public, &ec)] {
        let signature = private.sign_stream(DEFAULT, right)?;
        public.verify_stream(DEFAULT, right, &signature)?;
        for parts in wrong {
            let answer = public.verify_stream(DEFAULT, parts, &signature);
            fails!(answer, ErrorKind::SignatureInvalid);
            assert_usable(&session)?;
        }
        let mut changed = signature.clone();
        changed[17] ^= 1;
        for other in [&changed[..], &signature[1..], &[]] {
            let answer = public.verify_stream(DEFAULT, right, other);
            fails!(answer, ErrorKind::SignatureInvalid);
        }
    }
    let mac = hmac.sign_stream(DEFAULT, right)?;
    for parts in wrong {
        let error = fails!(hmac.verify_stream(DEFAULT, parts, &mac), ErrorKind::SignatureInvalid);
        assert_eq!(error.mechanism(), Some(MechanismType::SHA256_HMAC));
    }
    assert_usable(&session)
}

fn macs_of_a_wrong_length_do_not_verify_in_parts(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let hmac = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let mac = hmac.sign(DEFAULT, b"message")?;
    let longer = [&mac[..], &[0]].concat();
    for wrong in [&mac[..31], &mac[..1], &longer, &[]] {
        let answer = hmac.verify_stream(DEFAULT, ["message"], wrong);
        let error = fails!(answer, ErrorKind::SignatureInvalid);
        assert_eq!(error.function(), Some(Function::VerifyFinal));
        assert_usable(&session)?;
    }
    hmac.verify_stream(DEFAULT, ["message"], &mac)?;
    Ok(())
}

fn digests_in_parts_are_the_same_as_in_one_call(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for mechanism in [MechanismType::SHA_1, MechanismType::SHA256, MechanismType::SHA512] {
        for length in [0, 1, 55, 64, 10_000, 300_000] {
            let data = data(length);
            let whole = session.digest(mechanism, &data)?;
            for cuts in CUTS.iter().filter(|cuts| length < 20_000 || cuts[0] != 1) {
                let parts = cut(&data, cuts);
                assert_eq!(session.digest_stream(mechanism, parts)?, whole, "{length} {cuts:?}");
            }
            assert_eq!(session.digest_reader(mechanism, &data[..])?, whole);
        }
    }
    assert_usable(&session)
}

/// The key's value is digested where it stands between the data.
fn digests_of_keys_and_data_in_order(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = digestible(&session, b"a key of some 32 bytes, to digest")?;
    let orders: [(&[u8], &[u8]); 4] =
        [(b"before", b"after"), (b"", b"after"), (b"before", b""), (b"after", b"before")];
    for (before, after) in orders {
        let mut digester = session.digester(MechanismType::SHA256)?;
        digester.update(before)?;
        digester.update_key(&key)?;
        digester.update(after)?;
        let whole = [before, b"a key of some 32 bytes, to digest", after].concat();
        assert_eq!(digester.finish()?, session.digest(MechanismType::SHA256, &whole)?);
    }
    let mut digester = session.digester(MechanismType::SHA256)?;
    digester.update_key(&key)?;
    digester.update_key(&key)?;
    let twice = b"a key of some 32 bytes, to digest".repeat(2);
    assert_eq!(digester.finish()?, session.digest(MechanismType::SHA256, &twice)?);
    // Interrupted after a key.
    session.digester(MechanismType::SHA256)?.update_key(&key)?;
    assert_usable(&session)
}

fn a_digest_of_a_key_alone(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = digestible(&session, b"abc")?;
    let mut digester = session.digester(MechanismType::SHA256)?;
    digester.update_key(&key)?;
    assert_eq!(digester.finish()?, session.digest(MechanismType::SHA256, b"abc")?);
    Ok(())
}

fn digestible(session: &Session, value: &[u8]) -> Result<SecretKey> {
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::GENERIC_SECRET)
        .with(attr::VALUE, value)
        .with(attr::SENSITIVE, false)
        .with(attr::EXTRACTABLE, true);
    session.create(&template)
}

fn signatures_and_digests_into_buffers(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let mut buffer = [0; 300];
    let mut signer = private.signer(DEFAULT)?;
    signer.update(b"message")?;
    let length = signer.finish_into(&mut buffer)?;
    public.verify(DEFAULT, b"message", &buffer[..length])?;
    for small in [0, 1, 255] {
        let mut signer = private.signer(DEFAULT)?;
        signer.update(b"message")?;
        fails!(signer.finish_into(&mut buffer[..small]), ErrorKind::BufferTooSmall);
        assert_usable(&session)?;
        let digester = session.digester(DEFAULT)?;
        fails!(digester.finish_into(&mut buffer[..small.min(31)]), ErrorKind::BufferTooSmall);
        assert_usable(&session)?;
    }
    let mut digester = session.digester(DEFAULT)?;
    digester.update(b"abc")?;
    assert_eq!(digester.finish_into(&mut buffer[..32])?, 32);
    assert_eq!(buffer[..32], session.digest(DEFAULT, b"abc")?);
    Ok(())
}

fn mechanisms_for_digests_take_no_parts(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (rsa_public, rsa) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let (ec_public, ec) = session.generate_key_pair(Curve::P256).create()?;
    fails!(rsa.signer(MechanismType::RSA_PKCS), ErrorKind::InvalidInput(_));
    fails!(rsa_public.verifier(MechanismType::RSA_PKCS), ErrorKind::InvalidInput(_));
    fails!(ec.signer(MechanismType::ECDSA), ErrorKind::InvalidInput(_));
    fails!(ec_public.verifier(MechanismType::ECDSA), ErrorKind::InvalidInput(_));
    assert_usable(&session)
}

fn dsa_by_default_in_parts(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DSA_PARAMETER_GEN])?;
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(KeyType::DSA).bits(1024).create()?;
    let signature = private.sign_stream(DEFAULT, PARTS)?;
    public.verify(DEFAULT, WHOLE, &signature)?;
    public.verify_stream(DEFAULT, PARTS, &signature)?;
    Ok(())
}

fn a_key_of_another_token_is_not_digested(token: &TestToken) -> Outcome {
    let kinds = tests_softhsm::Kind::ALL.iter().copied();
    let Some(kind) = kinds.into_iter().find(|&kind| kind != token.kind()) else {
        return Ok(());
    };
    let other = token.other(kind)?;
    let (session, elsewhere) = (token.session()?, other.session()?);
    let key = known_key(&elsewhere, KeyType::GENERIC_SECRET, b"secret")?;
    let mut digester = session.digester(DEFAULT)?;
    let error = fails!(digester.update_key(&key), ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), Some(Function::DigestKey));
    digester.update(b"abc")?;
    assert_eq!(digester.finish()?, session.digest(DEFAULT, b"abc")?);
    Ok(())
}

fn nothing_at_all_is_signed_and_digested(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let none: [&[u8]; 0] = [];
    let mac = known_key(&session, KeyType::GENERIC_SECRET, &[3; 32])?;
    let whole = mac.sign(DEFAULT, b"")?;
    assert_eq!(mac.sign_stream(DEFAULT, none)?, whole);
    assert_eq!(mac.sign_stream(DEFAULT, [b"", b""])?, whole);
    mac.verify_stream(DEFAULT, none, &whole)?;
    assert_eq!(session.digest_stream(DEFAULT, none)?, session.digest(DEFAULT, b"")?);
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    public.verify_stream(DEFAULT, none, &private.sign_stream(DEFAULT, none)?)?;
    assert_usable(&session)
}

fn hashing_in_parts_is_the_tokens_unless_it_cannot(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (_, private) = session.generate_key_pair(Curve::P256).create()?;
    let mut signer = private.signer(DEFAULT)?;
    signer.update(WHOLE)?;
    signer.finish()?;
    // By number, nothing is done here: the token's own answer comes.
    match private.signer(MechanismType::ECDSA_SHA512) {
        Ok(signer) => assert!(signer.finish().is_ok()),
        Err(error) => assert_eq!(error.return_code(), Some(ReturnCode::MECHANISM_INVALID)),
    }
    assert_usable(&session)
}
