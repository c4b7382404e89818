//! Signatures with recovery, and verification of a signature that is given first.

use pkcs11::prelude::*;
use pkcs11::{Function, MlDsaParameterSet};
use tests_softhsm::{Outcome, TestToken, fails, offered, tests};

use crate::common::assert_usable;

tests! {
    data_is_recovered: and Nss;
    recovery_that_is_missing_is_told;
    a_signature_given_first: and Nss;
    a_signature_given_first_in_parts: and Nss;
    a_wrong_signature_given_first: and Nss;
    a_post_quantum_signature_given_first;
    verification_that_is_missing_is_told: only SoftHsm;
    a_verification_dropped_half_way: only Embedded;
}

fn recovering_pair(session: &Session) -> Result<(PublicKey, PrivateKey)> {
    session
        .generate_key_pair(KeyType::RSA)
        .bits(2048)
        .with_public(attr::VERIFY_RECOVER, true)
        .with_private(attr::SIGN_RECOVER, true)
        .create()
}

fn data_is_recovered(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = recovering_pair(&session)?;
    let pkcs = MechanismType::RSA_PKCS;
    let mut signature = offered(private.sign_recover(pkcs, b"short data"))?;
    assert_eq!(signature.len(), 256);
    assert_eq!(public.verify_recover(pkcs, &signature)?, b"short data");
    // The same signature as without recovery.
    public.verify(pkcs, b"short data", &signature)?;
    let mut room = [0; 256];
    let length = public.verify_recover_into(pkcs, &signature, &mut room)?;
    assert_eq!(&room[..length], b"short data");
    signature[17] ^= 1;
    fails!(public.verify_recover(pkcs, &signature), ErrorKind::SignatureInvalid);
    assert_usable(&session)
}

fn recovery_that_is_missing_is_told(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = recovering_pair(&session)?;
    let pkcs = MechanismType::RSA_PKCS;
    let error = fails!(private.sign_recover(pkcs, b"abc"), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::SignRecoverInit));
    let error = fails!(public.verify_recover(pkcs, &[1; 256]), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::VerifyRecoverInit));
    assert_usable(&session)
}

fn a_signature_given_first(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let mac = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let code = mac.sign(DEFAULT, b"message")?;
    offered(mac.verify_signature(DEFAULT, b"message", &code))?;
    for pair in [
        session.generate_key_pair(KeyType::RSA).bits(2048).create()?,
        session.generate_key_pair(Curve::P256).create()?,
    ] {
        let (public, private) = pair;
        let signature = private.sign(DEFAULT, b"message")?;
        public.verify_signature(DEFAULT, b"message", &signature)?;
        public.verify(DEFAULT, b"message", &signature)?;
    }
    assert_usable(&session)
}

fn a_signature_given_first_in_parts(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let message: Vec<u8> = (0..=255).cycle().take(1000).collect();
    let mac = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let code = mac.sign(DEFAULT, &message)?;
    let mut verifier = offered(mac.signature_verifier(DEFAULT, &code))?;
    for part in message.chunks(17) {
        verifier.update(part)?;
    }
    verifier.finish()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let signature = private.sign(DEFAULT, &message)?;
    public.verify_signature_stream(DEFAULT, message.chunks(300), &signature)?;
    public.verify_signature_reader(DEFAULT, &message[..], &signature)?;
    let empty = private.sign(DEFAULT, b"")?;
    public.signature_verifier(DEFAULT, &empty)?.finish()?;
    assert_usable(&session)
}

fn a_wrong_signature_given_first(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let mut signature = private.sign(DEFAULT, b"message")?;
    offered(public.verify_signature(DEFAULT, b"message", &signature))?;
    fails!(public.verify_signature(DEFAULT, b"massage", &signature), ErrorKind::SignatureInvalid);
    signature[9] ^= 1;
    fails!(
        public.verify_signature_stream(DEFAULT, [b"message"], &signature),
        ErrorKind::SignatureInvalid
    );
    let short = &signature[1..];
    fails!(public.verify_signature(DEFAULT, b"message", short), ErrorKind::SignatureInvalid);
    assert_usable(&session)
}

fn a_post_quantum_signature_given_first(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::ML_DSA])?;
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(MlDsaParameterSet::ML_DSA_65).create()?;
    let signature = private.sign(DEFAULT, b"a message in parts")?;
    public.verify_signature(DEFAULT, b"a message in parts", &signature)?;
    let parts = ["a message", " in", " parts"];
    public.verify_signature_stream(DEFAULT, parts, &signature)?;
    fails!(
        public.verify_signature_stream(DEFAULT, &parts[1..], &signature),
        ErrorKind::SignatureInvalid
    );
    assert_usable(&session)
}

fn verification_that_is_missing_is_told(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, _) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    for refusal in [
        public.verify_signature(DEFAULT, b"abc", &[1; 256]),
        public.signature_verifier(DEFAULT, &[1; 256]).map(drop),
    ] {
        let error = fails!(refusal, ErrorKind::FunctionNotSupported);
        assert_eq!(error.function(), Some(Function::VerifySignatureInit));
        assert!(error.return_code().is_none(), "no C call was made");
    }
    assert_usable(&session)
}

/// The module's C_SessionCancel does not know this kind: the one-shot call frees the session.
fn a_verification_dropped_half_way(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let mac = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let signature = private.sign(DEFAULT, b"message")?;
    let code = mac.sign(DEFAULT, b"message")?;
    for fed in [&b""[..], b"mess"] {
        let mut verifier = public.signature_verifier(DEFAULT, &signature)?;
        if !fed.is_empty() {
            verifier.update(fed)?;
        }
        drop(verifier);
        // The same kind again starts with its Init alone.
        mac.verify_signature(DEFAULT, b"message", &code)?;
        let mut verifier = mac.signature_verifier(DEFAULT, &code)?;
        verifier.update(fed)?;
        drop(verifier);
        public.verify_signature(DEFAULT, b"message", &signature)?;
        assert_usable(&session)?;
    }
    Ok(())
}
