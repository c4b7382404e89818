//! RSA.

use pkcs11::prelude::*;
use pkcs11::{Function, ReturnCode};
use tests_softhsm::{Outcome, Skip, TestToken, fails, skip, tests};

use crate::common::{aes_key, assert_usable};

tests! {
    rsa_pkcs_encryption: and Nss;
    rsa_oaep_with_sha1: and Nss;
    rsa_oaep_with_sha256: and Nss;
    rsa_default_encryption: and Nss;
    rsa_default_signature: and Nss;
    rsa_signatures_with_a_hash: and Nss;
    rsa_pss: and Nss;
    rsa_pss_with_sha3: and Nss;
    rsa_wrong_signatures: and Nss;
    rsa_too_much_data: and Nss;
    rsa_too_much_raw_data: and Nss;
    rsa_key_of_3072_bits: and Nss;
    rsa_wrong_key_class;
    rsa_buffers: and Nss;
    rsa_empty_buffers: and Nss;
}

fn pair(session: &Session) -> Result<(PublicKey, PrivateKey)> {
    session.generate_key_pair(KeyType::RSA).bits(2048).create()
}

fn rsa_pkcs_encryption(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    for length in [1, 100, 245] {
        let plaintext = vec![7; length];
        let ciphertext = public.encrypt(MechanismType::RSA_PKCS, &plaintext)?;
        assert_eq!(ciphertext.len(), 256);
        assert_eq!(private.decrypt(MechanismType::RSA_PKCS, &ciphertext)?, plaintext);
    }
    // A fixed number to the power of e, and back.
    let mut number = [1; 256];
    number[0] = 0;
    let ciphertext = public.encrypt(MechanismType::RSA_X_509, &number)?;
    assert_eq!(private.decrypt(MechanismType::RSA_X_509, &ciphertext)?, number);
    Ok(())
}

fn rsa_oaep_with_sha1(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    let oaep = RsaOaep::new(Hash::Sha1);
    for length in [0, 1, 214] {
        let plaintext = vec![7; length];
        let ciphertext = public.encrypt(oaep, &plaintext)?;
        assert_eq!(ciphertext.len(), 256);
        assert_eq!(private.decrypt(oaep, &ciphertext)?, plaintext);
    }
    let mut changed = public.encrypt(oaep, b"abc")?;
    changed[100] ^= 1;
    let error = private.decrypt(oaep, &changed).unwrap_err();
    assert_eq!(error.function(), Some(Function::Decrypt));
    assert_usable(&session)
}

fn rsa_oaep_with_sha256(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    let oaep = RsaOaep::new(Hash::Sha256).label(b"label");
    let ciphertext = match public.encrypt(oaep, b"abc") {
        Ok(ciphertext) => ciphertext,
        Err(error) => {
            assert_eq!(error.function(), Some(Function::EncryptInit));
            assert_usable(&session)?;
            return skip(Skip::ParametersRefused(MechanismType::RSA_PKCS_OAEP, "SHA-256"));
        }
    };
    assert_eq!(private.decrypt(oaep, &ciphertext)?, b"abc");
    private.decrypt(RsaOaep::new(Hash::Sha256), &ciphertext).unwrap_err();
    private.decrypt(RsaOaep::new(Hash::Sha1).label(b"label"), &ciphertext).unwrap_err();
    assert_usable(&session)
}

fn rsa_default_encryption(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    let ciphertext = public.encrypt(DEFAULT, b"INPUT DATA")?;
    assert_eq!(private.decrypt(DEFAULT, &ciphertext)?, b"INPUT DATA");
    assert_eq!(private.decrypt(RsaOaep::new(Hash::Sha1), &ciphertext)?, b"INPUT DATA");
    Ok(())
}

fn rsa_default_signature(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    let signature = private.sign(DEFAULT, b"message")?;
    public.verify(DEFAULT, b"message", &signature)?;
    public.verify(MechanismType::SHA512_RSA_PKCS, b"message", &signature)?;
    // PKCS#1 v1.5 signatures have no randomness.
    assert_eq!(private.sign(MechanismType::SHA512_RSA_PKCS, b"message")?, signature);
    Ok(())
}

fn rsa_signatures_with_a_hash(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    for (hash, mechanism) in [
        (Hash::Sha1, MechanismType::SHA1_RSA_PKCS),
        (Hash::Sha224, MechanismType::SHA224_RSA_PKCS),
        (Hash::Sha256, MechanismType::SHA256_RSA_PKCS),
        (Hash::Sha384, MechanismType::SHA384_RSA_PKCS),
        (Hash::Sha512, MechanismType::SHA512_RSA_PKCS),
    ] {
        let signature = private.sign(mechanism, b"message")?;
        assert_eq!(signature.len(), 256);
        public.verify(mechanism, b"message", &signature)?;
        // The same by the plain mechanism on a DigestInfo made of the token's own digest.
        let mut info = hash.digest_info_prefix().to_vec();
        info.extend(session.digest(hash.mechanism(), b"message")?);
        assert_eq!(private.sign(MechanismType::RSA_PKCS, &info)?, signature);
    }
    Ok(())
}

fn rsa_pss(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    for hash in [Hash::Sha1, Hash::Sha224, Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        pss_round_trip(&public, &private, hash)?;
    }
    let salted = RsaPss::new(Hash::Sha256).salt_length(20);
    let signature = private.sign(salted, b"message")?;
    public.verify(salted, b"message", &signature)?;
    fails!(
        public.verify(RsaPss::new(Hash::Sha384), b"message", &signature),
        ErrorKind::SignatureInvalid
    );
    assert_usable(&session)
}

fn rsa_pss_with_sha3(token: &TestToken) -> Outcome {
    let hashes = [Hash::Sha3_224, Hash::Sha3_256, Hash::Sha3_384, Hash::Sha3_512];
    token.needs(&[
        MechanismType::SHA3_224_RSA_PKCS_PSS,
        MechanismType::SHA3_256_RSA_PKCS_PSS,
        MechanismType::SHA3_384_RSA_PKCS_PSS,
        MechanismType::SHA3_512_RSA_PKCS_PSS,
    ])?;
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    for hash in hashes {
        pss_round_trip(&public, &private, hash)?;
    }
    assert_usable(&session)
}

fn pss_round_trip(public: &PublicKey, private: &PrivateKey, hash: Hash) -> Outcome {
    let pss = RsaPss::new(hash);
    let signature = private.sign(pss, b"message")?;
    assert_eq!(signature.len(), 256);
    public.verify(pss, b"message", &signature)?;
    fails!(public.verify(pss, b"another message", &signature), ErrorKind::SignatureInvalid);
    assert_ne!(private.sign(pss, b"message")?, signature);
    Ok(())
}

fn rsa_wrong_signatures(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    let signature = private.sign(DEFAULT, b"message")?;
    let mut changed = signature.clone();
    changed[17] ^= 1;
    let other = pair(&session)?.1.sign(DEFAULT, b"message")?;
    let longer = [&signature[..], &[0]].concat();
    for wrong in [&changed[..], &other, &signature[1..], &signature[..255], &longer, &[]] {
        let error = fails!(public.verify(DEFAULT, b"message", wrong), ErrorKind::SignatureInvalid);
        assert_eq!(error.mechanism(), Some(MechanismType::SHA512_RSA_PKCS));
        assert_eq!(error.function(), Some(Function::Verify));
    }
    fails!(public.verify(DEFAULT, b"other", &signature), ErrorKind::SignatureInvalid);
    public.verify(DEFAULT, b"message", &signature)?;
    assert_usable(&session)
}

fn rsa_too_much_data(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    for length in [246, 256, 300, 2000] {
        let data = vec![1; length];
        let error = public.encrypt(MechanismType::RSA_PKCS, &data).unwrap_err();
        assert_eq!(error.function(), Some(Function::Encrypt));
        assert_eq!(error.mechanism(), Some(MechanismType::RSA_PKCS));
        assert!(error.return_code().is_some());
        let error = private.sign(MechanismType::RSA_PKCS, &data).unwrap_err();
        assert_eq!(error.function(), Some(Function::Sign));
        assert_usable(&session)?;
    }
    let error = public.encrypt(DEFAULT, &[1; 215]).unwrap_err();
    assert_eq!(error.mechanism(), Some(MechanismType::RSA_PKCS_OAEP));
    let error = private.decrypt(MechanismType::RSA_PKCS, &[1; 300]).unwrap_err();
    assert_eq!(error.function(), Some(Function::Decrypt));
    assert_usable(&session)
}

/// SoftHSM 2.6.1 subtracts the data's length from the modulus's, and exits when that fails.
fn rsa_too_much_raw_data(token: &TestToken) -> Outcome {
    // SoftHSM ends the process on such data, so it must not get there.
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    let error = public.encrypt(MechanismType::RSA_X_509, &[1; 300]).unwrap_err();
    assert_eq!(error.function(), Some(Function::Encrypt));
    let error = private.sign(MechanismType::RSA_X_509, &[1; 300]).unwrap_err();
    assert_eq!(error.function(), Some(Function::Sign));
    assert_usable(&session)
}

fn rsa_key_of_3072_bits(token: &TestToken) -> Outcome {
    let session = token.session()?;
    session.generate_key_pair(KeyType::RSA).bits(3072).label("large").store(true).create()?;
    // Found again, so that the length of the modulus is not known from making it.
    let private = session.find::<PrivateKey>().label("large").one()?;
    let public = session.find::<PublicKey>().label("large").one()?;
    let signature = private.sign(DEFAULT, b"message")?;
    assert_eq!(signature.len(), 384);
    public.verify(DEFAULT, b"message", &signature)?;
    let ciphertext = public.encrypt(DEFAULT, b"abc")?;
    assert_eq!(ciphertext.len(), 384);
    assert_eq!(private.decrypt(DEFAULT, &ciphertext)?, b"abc");
    Ok(())
}

fn rsa_wrong_key_class(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    let ciphertext = public.encrypt(DEFAULT, b"abc")?;
    // An EC mechanism, and a mechanism of the wrong kind.
    for mechanism in [MechanismType::ECDSA, MechanismType::SHA256] {
        let error = private.sign(mechanism, &[1; 32]).unwrap_err();
        // SoftHSM looks at the key when it signs.
        assert!(matches!(error.function(), Some(Function::SignInit | Function::Sign)));
        assert_eq!(error.mechanism(), Some(mechanism));
        assert!(error.return_code().is_some());
    }
    // A key that may not: an AES key has no right to derive.
    let key = aes_key(&session)?;
    let derived = key.derive_key(MechanismType::SHA256_KEY_DERIVATION, KeyType::AES);
    let error = derived.bits(128).create().unwrap_err();
    assert_eq!(error.function(), Some(Function::DeriveKey));
    let only = session
        .generate_key_pair(KeyType::RSA)
        .bits(2048)
        .capabilities(Capabilities::SIGN | Capabilities::VERIFY)
        .create()?;
    let error = only.0.encrypt(DEFAULT, b"abc").unwrap_err();
    assert_eq!(error.function(), Some(Function::EncryptInit));
    assert_eq!(error.return_code(), Some(ReturnCode::KEY_FUNCTION_NOT_PERMITTED));
    assert_eq!(private.decrypt(DEFAULT, &ciphertext)?, b"abc");
    assert_usable(&session)
}

fn rsa_buffers(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    let mut buffer = [0; 300];
    let length = private.sign_into(DEFAULT, b"message", &mut buffer)?;
    assert_eq!(length, 256);
    public.verify(DEFAULT, b"message", &buffer[..length])?;
    for length in [1, 255] {
        let mut small = vec![0; length];
        let error =
            fails!(private.sign_into(DEFAULT, b"message", &mut small), ErrorKind::BufferTooSmall);
        assert_eq!(error.function(), Some(Function::Sign));
        fails!(public.encrypt_into(DEFAULT, b"a", &mut small), ErrorKind::BufferTooSmall);
        assert_usable(&session)?;
    }
    assert_eq!(private.sign_into(DEFAULT, b"message", &mut [0; 256])?, 256);
    Ok(())
}

/// kryoptic 1.5.4 takes a buffer of length 0 for a question about the length.
fn rsa_empty_buffers(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    let ciphertext = public.encrypt(DEFAULT, b"abc")?;
    fails!(public.encrypt_into(DEFAULT, b"a", &mut []), ErrorKind::BufferTooSmall);
    fails!(private.decrypt_into(DEFAULT, &ciphertext, &mut []), ErrorKind::BufferTooSmall);
    fails!(private.sign_into(DEFAULT, b"a", &mut []), ErrorKind::BufferTooSmall);
    fails!(private.sign_into(RsaPss::new(Hash::Sha256), b"a", &mut []), ErrorKind::BufferTooSmall);
    assert_usable(&session)
}
