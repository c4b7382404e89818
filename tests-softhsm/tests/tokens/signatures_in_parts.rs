//! Signatures, MACs and digests of data that comes in parts.

use std::io::Write;

use pkcs11::prelude::*;
use pkcs11::{Function, ReturnCode};
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable, known_key};

tests! {
    macs_in_parts_equal_one_shot;
    rsa_in_parts_equals_one_shot;
    pss_in_parts_verifies_whole;
    ecdsa_by_default_in_parts;
    dsa_by_default_in_parts;
    digests_in_parts_equal_one_shot;
    keys_and_bytes_are_digested_in_order;
    a_key_of_another_token_is_not_digested;
    wrong_data_in_parts_does_not_verify;
    signatures_into_buffers;
    nothing_at_all_is_signed_and_digested;
    hashing_in_parts_is_the_tokens_unless_it_cannot;
}

const PARTS: [&[u8]; 5] = [b"one", b"", b" two", b"", b" three"];
const WHOLE: &[u8] = b"one two three";

fn macs_in_parts_equal_one_shot(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let generic = known_key(&session, KeyType::GENERIC_SECRET, &[3; 64])?;
    for mechanism in [
        MechanismType::SHA_1_HMAC,
        MechanismType::SHA256_HMAC,
        MechanismType::SHA384_HMAC,
        MechanismType::SHA512_HMAC,
    ] {
        let whole = generic.sign(mechanism, WHOLE)?;
        assert_eq!(generic.sign_stream(mechanism, PARTS)?, whole);
        assert_eq!(generic.sign_reader(mechanism, WHOLE)?, whole);
        generic.verify_stream(mechanism, PARTS, &whole)?;
        generic.verify_reader(mechanism, WHOLE, &whole)?;
        let mut signer = generic.signer(mechanism)?;
        signer.write_all(b"one ")?;
        signer.update(b"two three")?;
        signer.flush()?;
        assert_eq!(signer.finish()?, whole);
    }
    let aes = aes_key(&session)?;
    token.needs(&[MechanismType::AES_CMAC])?;
    let whole = aes.sign(DEFAULT, WHOLE)?;
    assert_eq!(aes.sign_stream(DEFAULT, PARTS)?, whole);
    aes.verify_stream(DEFAULT, PARTS, &whole)?;
    assert_usable(&session)
}

fn rsa_in_parts_equals_one_shot(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let whole = private.sign(DEFAULT, WHOLE)?;
    assert_eq!(private.sign_stream(DEFAULT, PARTS)?, whole);
    public.verify_stream(DEFAULT, PARTS, &whole)?;
    let mut verifier = public.verifier(DEFAULT)?;
    std::io::copy(&mut &WHOLE[..], &mut verifier)?;
    verifier.finish(&whole)?;
    assert_usable(&session)
}

fn pss_in_parts_verifies_whole(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::SHA256_RSA_PKCS_PSS])?;
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let pss = || MechanismType::SHA256_RSA_PKCS_PSS;
    let signature = private.sign_stream(pss(), PARTS)?;
    public.verify(pss(), WHOLE, &signature)?;
    let signature = private.sign(pss(), WHOLE)?;
    public.verify_stream(pss(), PARTS, &signature)?;
    Ok(())
}

fn ecdsa_by_default_in_parts(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for curve in [Curve::P256, Curve::P384, Curve::P521] {
        let (public, private) = session.generate_key_pair(curve).create()?;
        let signature = private.sign_stream(DEFAULT, PARTS)?;
        public.verify(DEFAULT, WHOLE, &signature)?;
        public.verify_stream(DEFAULT, PARTS, &signature)?;
        let signature = private.sign(DEFAULT, WHOLE)?;
        public.verify_stream(DEFAULT, PARTS, &signature)?;
        let other = public.verify_stream(DEFAULT, [b"one two"], &signature);
        fails!(other, ErrorKind::SignatureInvalid);
    }
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

fn digests_in_parts_equal_one_shot(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let mechanisms = [MechanismType::SHA_1, MechanismType::SHA256, MechanismType::SHA512];
    for mechanism in mechanisms {
        let whole = session.digest(mechanism, WHOLE)?;
        assert_eq!(session.digest_stream(mechanism, PARTS)?, whole);
        assert_eq!(session.digest_reader(mechanism, WHOLE)?, whole);
        let mut digester = session.digester(mechanism)?;
        digester.write_all(WHOLE)?;
        let mut digest = [0; 64];
        let length = digester.finish_into(&mut digest)?;
        assert_eq!(digest[..length], whole);
    }
    assert_usable(&session)
}

fn keys_and_bytes_are_digested_in_order(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = known_key(&session, KeyType::GENERIC_SECRET, b"secret")?;
    let mut digester = session.digester(MechanismType::SHA256)?;
    digester.update_key(&key)?;
    assert_eq!(digester.finish()?, session.digest(MechanismType::SHA256, b"secret")?);
    let mut digester = session.digester(MechanismType::SHA256)?;
    digester.update(b"a ")?;
    digester.update_key(&key)?;
    digester.update(b" and a ")?;
    digester.update_key(&key)?;
    let digest = digester.finish()?;
    assert_eq!(digest, session.digest(MechanismType::SHA256, b"a secret and a secret")?);
    assert_usable(&session)
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

fn wrong_data_in_parts_does_not_verify(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let mac = known_key(&session, KeyType::GENERIC_SECRET, &[3; 32])?;
    let good = mac.sign(DEFAULT, WHOLE)?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let signature = private.sign(DEFAULT, WHOLE)?;
    let other: [&[u8]; 2] = [b"one", b"two three"];
    fails!(mac.verify_stream(DEFAULT, other, &good), ErrorKind::SignatureInvalid);
    fails!(public.verify_stream(DEFAULT, other, &signature), ErrorKind::SignatureInvalid);
    for wrong in [&good[..31], &[], &[0; 32], &[0; 33]] {
        fails!(mac.verify_stream(DEFAULT, PARTS, wrong), ErrorKind::SignatureInvalid);
    }
    for wrong in [&signature[..255], &[0; 256], &[0; 257]] {
        fails!(public.verify_stream(DEFAULT, PARTS, wrong), ErrorKind::SignatureInvalid);
    }
    assert_usable(&session)
}

fn signatures_into_buffers(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let mac = known_key(&session, KeyType::GENERIC_SECRET, &[3; 32])?;
    let whole = mac.sign(DEFAULT, WHOLE)?;
    for room in [whole.len(), 64, 1000] {
        let mut signer = mac.signer(DEFAULT)?;
        signer.update(WHOLE)?;
        let mut buffer = vec![0; room];
        let length = signer.finish_into(&mut buffer)?;
        assert_eq!(buffer[..length], whole);
    }
    for room in [0, 1, 31] {
        let mut signer = mac.signer(MechanismType::SHA256_HMAC)?;
        signer.update(WHOLE)?;
        fails!(signer.finish_into(&mut vec![0; room]), ErrorKind::BufferTooSmall);
        assert_usable(&session)?;
    }
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    let mut signature = [0; 64];
    let mut signer = private.signer(DEFAULT)?;
    signer.update(WHOLE)?;
    assert_eq!(signer.finish_into(&mut signature)?, 64);
    public.verify(DEFAULT, WHOLE, &signature)?;
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
