//! Against other libraries: RustCrypto's p256, rsa and aes-gcm.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::elliptic_curve::PrimeField;
use p256::elliptic_curve::point::AffineCoordinates;
use p256::{ProjectivePoint, Scalar};
use pkcs11::BigInteger;
use pkcs11::codec::signature::Signature;
use pkcs11::prelude::*;
use rsa::rand_core::OsRng;
use rsa::sha2::{Sha256, Sha512};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, Oaep, Pkcs1v15Encrypt, RsaPrivateKey, RsaPublicKey};
use tests_softhsm::{Outcome, TestToken, fails, tests};

tests! {
    ecdsa_is_verified_elsewhere;
    ecdsa_from_elsewhere_is_verified;
    ecdsa_with_two_short_numbers;
    ecdh_with_a_party_elsewhere;
    rsa_signatures_are_verified_elsewhere;
    rsa_signatures_from_elsewhere_are_verified;
    rsa_decrypts_what_was_encrypted_elsewhere;
    rsa_encrypts_for_somebody_elsewhere;
    gcm_is_the_same_elsewhere;
    a_file_is_encrypted_elsewhere;
    a_file_is_encrypted_for_somebody_elsewhere;
}

const MESSAGE: &[u8] = b"message";

fn ecdsa_is_verified_elsewhere(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    let elsewhere = p256::ecdsa::VerifyingKey::from_sec1_bytes(&public.ec_point()?)?;
    for number in 0..20_u8 {
        let signature = private.sign(Ecdsa::new(Hash::Sha256), &[number])?;
        let signature = p256::ecdsa::Signature::from_slice(&signature)?;
        elsewhere.verify(&[number], &signature)?;
        elsewhere.verify(b"other", &signature).unwrap_err();
    }
    Ok(())
}

/// A public key of another library, on the token.
fn ec_public(session: &Session, point: &[u8]) -> Result<PublicKey> {
    let der = [&[4, 65], point].concat();
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::EC)
        .with(attr::EC_PARAMS, Curve::P256.ec_params())
        .with(attr::EC_POINT, &der[..])
        .with(attr::VERIFY, true);
    session.create(&template)
}

fn ecdsa_from_elsewhere_is_verified(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let elsewhere = p256::ecdsa::SigningKey::from_slice(&session.random::<32>()?)?;
    let point = elsewhere.verifying_key().to_sec1_point(false);
    let public = ec_public(&session, point.as_bytes())?;
    let mechanism = Ecdsa::new(Hash::Sha256);
    for number in 0..20_u8 {
        let signature: p256::ecdsa::Signature = elsewhere.sign(&[number]);
        public.verify(mechanism, &[number], &signature.to_bytes())?;
        fails!(
            public.verify(mechanism, b"other", &signature.to_bytes()),
            ErrorKind::SignatureInvalid
        );
    }
    Ok(())
}

/// Once in 70,000 times both numbers of a signature are short, so one is made: k is looked for until
/// r is short, s is chosen, and the digest is what they sign: e = s·k − r·d.
fn ecdsa_with_two_short_numbers(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let d = Scalar::from(0x0123_4567_89ab_cdef_u64);
    let key = p256::PublicKey::from_affine((ProjectivePoint::GENERATOR * d).to_affine())?;
    let public = ec_public(&session, &key.to_sec1_bytes())?;
    let x = |k: u64| (ProjectivePoint::GENERATOR * Scalar::from(k)).to_affine().x();
    let k = (1..).find(|&k| x(k)[0] == 0).unwrap();
    let r = Scalar::from_repr(x(k)).unwrap();
    let s = Scalar::from(0x0bad_cafe_u64);
    let digest = (s * Scalar::from(k) - r * d).to_repr();
    let fixed = [r.to_repr(), s.to_repr()].concat();

    // In DER they have the bytes that they need; read again, those of the order.
    let der = Signature::from_fixed(&fixed, 32)?.to_der();
    assert!(der.len() < 2 + 2 + 31 + 2 + 31);
    let again = Signature::from_der(&der, 32)?.to_fixed();
    assert_eq!(again, fixed);
    public.verify(MechanismType::ECDSA, &digest, &again)?;
    let short = [&again[1..32], &again[33..]].concat();
    fails!(public.verify(MechanismType::ECDSA, &digest, &short), ErrorKind::SignatureInvalid);
    Ok(())
}

fn ecdh_with_a_party_elsewhere(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    let elsewhere = p256::SecretKey::from_slice(&session.random::<32>()?)?;
    let point = elsewhere.public_key().to_sec1_bytes();
    let here = p256::PublicKey::from_sec1_bytes(&public.ec_point()?)?;
    let theirs = p256::ecdh::diffie_hellman(elsewhere.to_nonzero_scalar(), here.as_affine());
    let mine = private
        .derive_key(Ecdh1::new(&point), KeyType::AES)
        .bits(256)
        .with(attr::SENSITIVE, false)
        .with(attr::EXTRACTABLE, true)
        .create()?;
    assert_eq!(mine.get(attr::VALUE)?, theirs.raw_secret_bytes().as_slice());
    Ok(())
}

/// The public half of a key of the token, elsewhere.
fn elsewhere(public: &PublicKey) -> Outcome<RsaPublicKey> {
    let (modulus, exponent) = public.get((attr::MODULUS, attr::PUBLIC_EXPONENT))?;
    let number = BigUint::from_bytes_be;
    Ok(RsaPublicKey::new(number(modulus.as_bytes()), number(exponent.as_bytes()))?)
}

/// The public half of a key elsewhere, on the token.
fn rsa_public(session: &Session, key: &RsaPrivateKey) -> Result<PublicKey> {
    let (n, e) = (key.n().to_bytes_be(), key.e().to_bytes_be());
    let (n, e) = (BigInteger::from(&n[..]), BigInteger::from(&e[..]));
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::RSA)
        .with(attr::MODULUS, &n)
        .with(attr::PUBLIC_EXPONENT, &e)
        .with(attr::ENCRYPT, true)
        .with(attr::WRAP, true)
        .with(attr::VERIFY, true);
    session.create(&template)
}

fn pair(session: &Session) -> Result<(PublicKey, PrivateKey)> {
    session.generate_key_pair(KeyType::RSA).bits(2048).create()
}

/// Of 1024 bits: to make one is slow without optimisation.
fn key_elsewhere() -> Outcome<RsaPrivateKey> {
    Ok(RsaPrivateKey::new(&mut OsRng, 1024)?)
}

fn rsa_signatures_are_verified_elsewhere(token: &TestToken) -> Outcome {
    use rsa::signature::Verifier as _;
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    let key = elsewhere(&public)?;
    let by_default = private.sign(DEFAULT, MESSAGE)?;
    let pkcs1 = rsa::pkcs1v15::VerifyingKey::<Sha512>::new(key.clone());
    pkcs1.verify(MESSAGE, &by_default[..].try_into()?)?;
    pkcs1.verify(b"other", &by_default[..].try_into()?).unwrap_err();
    let pss = private.sign(RsaPss::new(Hash::Sha256), MESSAGE)?;
    let verifier = rsa::pss::VerifyingKey::<Sha256>::new(key);
    verifier.verify(MESSAGE, &pss[..].try_into()?)?;
    verifier.verify(b"other", &pss[..].try_into()?).unwrap_err();
    Ok(())
}

fn rsa_signatures_from_elsewhere_are_verified(token: &TestToken) -> Outcome {
    use rsa::signature::{RandomizedSigner, SignatureEncoding};
    let session = token.session()?;
    let key = key_elsewhere()?;
    let public = rsa_public(&session, &key)?;
    let signer = rsa::pkcs1v15::SigningKey::<Sha512>::new(key.clone());
    let signature = rsa::signature::Signer::sign(&signer, MESSAGE).to_vec();
    public.verify(DEFAULT, MESSAGE, &signature)?;
    fails!(public.verify(DEFAULT, b"other", &signature), ErrorKind::SignatureInvalid);
    let signer = rsa::pss::SigningKey::<Sha256>::new(key);
    let signature = signer.sign_with_rng(&mut OsRng, MESSAGE).to_vec();
    let pss = RsaPss::new(Hash::Sha256);
    public.verify(pss, MESSAGE, &signature)?;
    fails!(public.verify(pss, b"other", &signature), ErrorKind::SignatureInvalid);
    Ok(())
}

fn oaep() -> Oaep {
    Oaep::new::<sha1_of_rsa::Sha1>()
}

fn rsa_decrypts_what_was_encrypted_elsewhere(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    let key = elsewhere(&public)?;
    let ciphertext = key.encrypt(&mut OsRng, Pkcs1v15Encrypt, b"INPUT DATA")?;
    assert_eq!(private.decrypt(MechanismType::RSA_PKCS, &ciphertext)?, b"INPUT DATA");
    let ciphertext = key.encrypt(&mut OsRng, oaep(), b"INPUT DATA")?;
    assert_eq!(private.decrypt(RsaOaep::new(Hash::Sha1), &ciphertext)?, b"INPUT DATA");
    Ok(())
}

fn rsa_encrypts_for_somebody_elsewhere(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = key_elsewhere()?;
    let public = rsa_public(&session, &key)?;
    let ciphertext = public.encrypt(MechanismType::RSA_PKCS, b"INPUT DATA")?;
    assert_eq!(key.decrypt(Pkcs1v15Encrypt, &ciphertext)?, b"INPUT DATA");
    let ciphertext = public.encrypt(RsaOaep::new(Hash::Sha1), b"INPUT DATA")?;
    assert_eq!(key.decrypt(oaep(), &ciphertext)?, b"INPUT DATA");
    Ok(())
}

fn gcm_is_the_same_elsewhere(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let value = session.random::<32>()?;
    let nonce = session.random::<12>()?;
    let here = crate::common::known_key(&session, KeyType::AES, &value)?;
    let there = Aes256Gcm::new_from_slice(&value)?;
    let gcm = AesGcm::new(&nonce).aad(b"header");
    for length in [0, 1, 16, 1000] {
        let data = vec![7; length];
        let payload = Payload { msg: &data, aad: b"header" };
        let sealed = there.encrypt(&nonce.into(), payload).unwrap();
        assert_eq!(here.encrypt(gcm, &data)?, sealed);
        assert_eq!(here.decrypt(gcm, &sealed)?, data);
    }
    Ok(())
}

/// The file with a key of its own, and that key for the token.
fn a_file_is_encrypted_elsewhere(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = pair(&session)?;
    let (value, nonce) = (session.random::<32>()?, session.random::<12>()?);
    let file = vec![b'x'; 100_000];
    let sealed = Aes256Gcm::new_from_slice(&value)?.encrypt(&nonce.into(), &file[..]).unwrap();
    let wrapped = elsewhere(&public)?.encrypt(&mut OsRng, oaep(), &value)?;

    let key = private.unwrap_key(DEFAULT, &wrapped, KeyType::AES).create()?;
    assert_eq!(key.decrypt(AesGcm::new(&nonce), &sealed)?, file);
    Ok(())
}

fn a_file_is_encrypted_for_somebody_elsewhere(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let somebody = key_elsewhere()?;
    let public = rsa_public(&session, &somebody)?;
    let nonce = session.random::<12>()?;
    let key =
        session.generate_key(KeyType::AES).bits(256).with(attr::EXTRACTABLE, true).create()?;
    let file = vec![b'x'; 100_000];
    let sealed = key.encrypt(AesGcm::new(&nonce), &file)?;
    let wrapped = public.wrap_key(DEFAULT, &key)?;

    let value = somebody.decrypt(oaep(), &wrapped)?;
    let there = Aes256Gcm::new_from_slice(&value)?;
    assert_eq!(there.decrypt(&nonce.into(), &sealed[..]).unwrap(), file);
    Ok(())
}
