//! Hashing here, for tokens that sign digests only: the same bytes, the same meaning.

use pkcs11::StandardDefaults;
use pkcs11::mechanism::Mechanism;
use pkcs11::prelude::*;
use tests_softhsm::{LABEL, Outcome, PIN, TestToken, fails, tests};

tests! {
    rsa_hashed_here_is_the_same_signature;
    ecdsa_hashed_here_is_understood_by_a_token_that_hashes: and Nss;
    hashing_here_can_be_forbidden: and Nss;
    ecdsa_by_its_hash: and Nss;
    a_message_is_no_digest: and Nss;
}

const MESSAGE: &[u8] = b"message";

fn rsa_hashed_here_is_the_same_signature(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let hashing = [
        (Hash::Sha1, MechanismType::SHA1_RSA_PKCS),
        (Hash::Sha224, MechanismType::SHA224_RSA_PKCS),
        (Hash::Sha256, MechanismType::SHA256_RSA_PKCS),
        (Hash::Sha384, MechanismType::SHA384_RSA_PKCS),
        (Hash::Sha512, MechanismType::SHA512_RSA_PKCS),
    ];
    for (hash, by_the_token) in hashing {
        let here = || Mechanism::new(MechanismType::RSA_PKCS).prehashed_info(hash);
        // PKCS#1 v1.5 is deterministic.
        let signature = private.sign(here(), MESSAGE)?;
        assert_eq!(signature, private.sign(by_the_token, MESSAGE)?, "{hash:?}");
        public.verify(here(), MESSAGE, &signature)?;
        fails!(public.verify(here(), b"other", &signature), ErrorKind::SignatureInvalid);
    }
    Ok(())
}

fn ecdsa_hashed_here_is_understood_by_a_token_that_hashes(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::ECDSA_SHA512])?;
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    let here = || Mechanism::new(MechanismType::ECDSA).prehashed(Hash::Sha512);
    let signature = private.sign(here(), MESSAGE)?;
    public.verify(MechanismType::ECDSA_SHA512, MESSAGE, &signature)?;
    let signature = private.sign(MechanismType::ECDSA_SHA512, MESSAGE)?;
    public.verify(here(), MESSAGE, &signature)?;
    Ok(())
}

fn hashing_here_can_be_forbidden(token: &TestToken) -> Outcome {
    let strict = StandardDefaults::new().hash_here(false);
    let module = token.options()?.defaults(strict).load(token.path())?;
    let found = module.token(label(LABEL))?;
    let session = found.open().user_pin(PIN).start()?;
    let (_, private) = session.generate_key_pair(Curve::P256).create()?;
    let signed = private.sign(DEFAULT, MESSAGE);
    if found.mechanism_info(MechanismType::ECDSA_SHA512)?.is_some() {
        signed?;
    } else {
        let error = fails!(signed, ErrorKind::NoDefault(_));
        let said = error.to_string();
        assert!(said.contains("CKM_ECDSA_SHA512") && said.contains("CKM_ECDSA"), "{said}");
    }
    Ok(())
}

fn ecdsa_by_its_hash(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    for hash in [Hash::Sha1, Hash::Sha224, Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        let signature = private.sign(Ecdsa::new(hash), MESSAGE)?;
        public.verify(Ecdsa::new(hash), MESSAGE, &signature)?;
        let digest = session.digest(hash.mechanism(), MESSAGE)?;
        public.verify(MechanismType::ECDSA, &digest[..digest.len().min(32)], &signature)?;
    }
    Ok(())
}

fn a_message_is_no_digest(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    // Tokens sign the first 32 bytes of it, and say nothing.
    fails!(private.sign(MechanismType::ECDSA, &[7; 65]), ErrorKind::InvalidInput(_));
    fails!(public.verify(MechanismType::ECDSA, &[7; 65], &[1; 64]), ErrorKind::InvalidInput(_));
    Ok(())
}
