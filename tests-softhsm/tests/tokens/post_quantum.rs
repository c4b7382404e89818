//! ML-DSA, ML-KEM and SLH-DSA.

use pkcs11::mechanism::{HashMlDsaDigest, HashSlhDsaDigest};
use pkcs11::prelude::*;
use pkcs11::{Function, Hedge, MlDsaParameterSet, MlKemParameterSet, SlhDsaParameterSet};
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::assert_usable;

tests! {
    ml_dsa_in_all_sets;
    ml_dsa_wrong_signatures;
    ml_dsa_without_a_parameter_set;
    ml_dsa_with_a_context;
    ml_dsa_hedged_and_not;
    ml_dsa_of_what_is_hashed_first;
    ml_dsa_of_what_shake_hashes_first;
    ml_dsa_of_a_digest;
    ml_kem_in_all_sets;
    ml_kem_ciphertexts_that_are_wrong;
    slh_dsa_in_all_sets;
    slh_dsa_with_a_context;
    slh_dsa_of_what_is_hashed_first;
}

/// FIPS 204, table 2: the set, the lengths of its public keys and signatures.
const ML_DSA: [(MlDsaParameterSet, usize, usize); 3] = [
    (MlDsaParameterSet::ML_DSA_44, 1312, 2420),
    (MlDsaParameterSet::ML_DSA_65, 1952, 3309),
    (MlDsaParameterSet::ML_DSA_87, 2592, 4627),
];

fn ml_dsa(token: &TestToken) -> Outcome<(Session, PublicKey, PrivateKey)> {
    token.needs(&[MechanismType::ML_DSA_KEY_PAIR_GEN, MechanismType::ML_DSA])?;
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(MlDsaParameterSet::ML_DSA_44).create()?;
    Ok((session, public, private))
}

fn ml_dsa_in_all_sets(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::ML_DSA_KEY_PAIR_GEN, MechanismType::ML_DSA])?;
    let session = token.session()?;
    for (set, key_length, length) in ML_DSA {
        let (public, private) = session.generate_key_pair(set).create()?;
        assert_eq!(public.get(attr::KEY_TYPE)?, KeyType::ML_DSA);
        assert_eq!(MlDsaParameterSet::from(public.get(attr::PARAMETER_SET)?), set);
        assert_eq!(MlDsaParameterSet::from(private.get(attr::PARAMETER_SET)?), set);
        assert_eq!(public.public_value()?.len(), key_length);
        for message in [&b""[..], b"message", &[7; 5000]] {
            let signature = private.sign(DEFAULT, message)?;
            assert_eq!(signature.len(), length);
            public.verify(DEFAULT, message, &signature)?;
            public.verify(MlDsa::new(), message, &signature)?;
        }
        // A copy that knows the value alone.
        let template = Template::new()
            .with(attr::KEY_TYPE, KeyType::ML_DSA)
            .with(attr::PARAMETER_SET, set)
            .with(attr::VALUE, public.public_value()?)
            .with(attr::VERIFY, true);
        let copy: PublicKey = session.create(&template)?;
        copy.verify(DEFAULT, b"message", &private.sign(DEFAULT, b"message")?)?;
    }
    Ok(())
}

fn ml_dsa_wrong_signatures(token: &TestToken) -> Outcome {
    let (session, public, private) = ml_dsa(token)?;
    let signature = private.sign(DEFAULT, b"message")?;
    fails!(public.verify(DEFAULT, b"wrong data", &signature), ErrorKind::SignatureInvalid);
    let mut changed = signature.clone();
    changed[100] ^= 1;
    for wrong in [&changed[..], &signature[..2419], &[], &[0; 2420]] {
        fails!(public.verify(DEFAULT, b"message", wrong), ErrorKind::SignatureInvalid);
        assert_usable(&session)?;
    }
    let (other, _) = session.generate_key_pair(MlDsaParameterSet::ML_DSA_44).create()?;
    fails!(other.verify(DEFAULT, b"message", &signature), ErrorKind::SignatureInvalid);
    public.verify(DEFAULT, b"message", &signature)?;
    Ok(())
}

fn ml_dsa_without_a_parameter_set(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::ML_DSA_KEY_PAIR_GEN])?;
    let session = token.session()?;
    let error =
        fails!(session.generate_key_pair(KeyType::ML_DSA).create(), ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), Some(Function::GenerateKeyPair));
    assert!(error.to_string().contains("parameter set"), "{error}");
    let unknown = MlDsaParameterSet::new(99);
    let error = session.generate_key_pair(unknown).create().unwrap_err();
    assert_eq!(error.function(), Some(Function::GenerateKeyPair));
    assert!(error.return_code().is_some());
    assert_usable(&session)
}

fn ml_dsa_with_a_context(token: &TestToken) -> Outcome {
    let (session, public, private) = ml_dsa(token)?;
    let context = MlDsa::new().context(b"context");
    let signature = private.sign(context, b"message")?;
    public.verify(context, b"message", &signature)?;
    for other in [MlDsa::new(), MlDsa::new().context(b"other")] {
        fails!(public.verify(other, b"message", &signature), ErrorKind::SignatureInvalid);
    }
    let longest = [1; 255];
    let context = MlDsa::new().context(&longest);
    public.verify(context, b"message", &private.sign(context, b"message")?)?;
    let long = MlDsa::new().context(&[1; 256]);
    fails!(private.sign(long, b"message"), ErrorKind::InvalidInput(_));
    assert_usable(&session)
}

fn ml_dsa_hedged_and_not(token: &TestToken) -> Outcome {
    let (_, public, private) = ml_dsa(token)?;
    let fixed = MlDsa::new().hedge(Hedge::DETERMINISTIC_REQUIRED);
    let one = private.sign(fixed, b"message")?;
    assert_eq!(private.sign(fixed, b"message")?, one);
    let hedged = MlDsa::new().hedge(Hedge::REQUIRED);
    let two = private.sign(hedged, b"message")?;
    assert_ne!(private.sign(hedged, b"message")?, two);
    for signature in [one, two] {
        public.verify(DEFAULT, b"message", &signature)?;
    }
    Ok(())
}

const HASHES: [(PreHash, Hash); 8] = [
    (PreHash::Sha224, Hash::Sha224),
    (PreHash::Sha256, Hash::Sha256),
    (PreHash::Sha384, Hash::Sha384),
    (PreHash::Sha512, Hash::Sha512),
    (PreHash::Sha3_224, Hash::Sha3_224),
    (PreHash::Sha3_256, Hash::Sha3_256),
    (PreHash::Sha3_384, Hash::Sha3_384),
    (PreHash::Sha3_512, Hash::Sha3_512),
];

fn ml_dsa_of_what_is_hashed_first(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::HASH_ML_DSA_SHA256, MechanismType::HASH_ML_DSA_SHA3_512])?;
    hashed_first(token, &HASHES.map(|(prehash, _)| prehash))
}

fn ml_dsa_of_what_shake_hashes_first(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::HASH_ML_DSA_SHAKE128, MechanismType::HASH_ML_DSA_SHAKE256])?;
    hashed_first(token, &[PreHash::Shake128, PreHash::Shake256])
}

fn hashed_first(token: &TestToken, hashes: &[PreHash]) -> Outcome {
    let (_, public, private) = ml_dsa(token)?;
    for &hash in hashes {
        let mechanism = HashMlDsa::new(hash).context(b"context");
        let signature = private.sign(mechanism, b"message")?;
        public.verify(mechanism, b"message", &signature)?;
        let refused = |answer: Result<()>| {
            fails!(answer, ErrorKind::SignatureInvalid);
        };
        refused(public.verify(mechanism, b"other", &signature));
        refused(public.verify(MlDsa::new().context(b"context"), b"message", &signature));
        refused(public.verify(HashMlDsa::new(hash), b"message", &signature));
        // Another hash of the same is another signature.
        for &other in hashes.iter().filter(|&&other| other != hash) {
            let mechanism = HashMlDsa::new(other).context(b"context");
            refused(public.verify(mechanism, b"message", &signature));
        }
    }
    Ok(())
}

/// The digest is made apart; the signature is that of the message.
fn ml_dsa_of_a_digest(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::HASH_ML_DSA, MechanismType::HASH_ML_DSA_SHA256])?;
    let (session, public, private) = ml_dsa(token)?;
    for (prehash, hash) in HASHES {
        let digest = session.digest(hash.mechanism(), b"message")?;
        let by_digest = HashMlDsaDigest::new(hash).context(b"context");
        let signature = private.sign(by_digest, &digest)?;
        public.verify(HashMlDsa::new(prehash).context(b"context"), b"message", &signature)?;
        let by_message = private.sign(HashMlDsa::new(prehash), b"message")?;
        public.verify(HashMlDsaDigest::new(hash), &digest, &by_message)?;
        let error = private.sign(HashMlDsaDigest::new(hash), &digest[1..]).unwrap_err();
        assert_eq!(error.mechanism(), Some(MechanismType::HASH_ML_DSA));
    }
    assert_usable(&session)
}

/// FIPS 203, table 3: the set, the lengths of its public keys and ciphertexts.
const ML_KEM: [(MlKemParameterSet, usize, usize); 3] = [
    (MlKemParameterSet::ML_KEM_512, 800, 768),
    (MlKemParameterSet::ML_KEM_768, 1184, 1088),
    (MlKemParameterSet::ML_KEM_1024, 1568, 1568),
];

fn ml_kem_in_all_sets(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::ML_KEM_KEY_PAIR_GEN, MechanismType::ML_KEM])?;
    let session = token.session()?;
    let iv = session.random::<16>()?;
    for (set, key_length, length) in ML_KEM {
        let (public, private) = session.generate_key_pair(set).create()?;
        assert_eq!(MlKemParameterSet::from(public.get(attr::PARAMETER_SET)?), set);
        assert_eq!(public.public_value()?.len(), key_length);
        let (theirs, ciphertext) = public.encapsulate(DEFAULT, KeyType::AES).bits(256).create()?;
        assert_eq!(ciphertext.len(), length);
        let mine = private.decapsulate(DEFAULT, &ciphertext, KeyType::AES).bits(256).create()?;
        let sealed = theirs.encrypt(DEFAULT.iv(&iv), b"INPUT DATA")?;
        assert_eq!(mine.decrypt(DEFAULT.iv(&iv), &sealed)?, b"INPUT DATA");

        // By its number, to a secret that may leave the token.
        let secret = KeyType::GENERIC_SECRET;
        let (theirs, ciphertext) = public
            .encapsulate(MechanismType::ML_KEM, secret)
            .bits(256)
            .with(attr::SENSITIVE, false)
            .with(attr::EXTRACTABLE, true)
            .create()?;
        let mine = private
            .decapsulate(MechanismType::ML_KEM, &ciphertext, secret)
            .bits(256)
            .with(attr::SENSITIVE, false)
            .with(attr::EXTRACTABLE, true)
            .create()?;
        let value = theirs.get(attr::VALUE)?;
        assert_eq!(value.len(), 32);
        assert_eq!(mine.get(attr::VALUE)?, value);
    }
    Ok(())
}

fn ml_kem_ciphertexts_that_are_wrong(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::ML_KEM_KEY_PAIR_GEN, MechanismType::ML_KEM])?;
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(MlKemParameterSet::ML_KEM_768).create()?;
    let (theirs, ciphertext) = public.encapsulate(DEFAULT, KeyType::AES).bits(256).create()?;
    // A changed one is rejected implicitly (FIPS 203 §6.3): another key comes of it.
    let mut changed = ciphertext.clone();
    changed[0] ^= 1;
    let mine = private.decapsulate(DEFAULT, &changed, KeyType::AES).bits(256).create()?;
    let iv = [0; 16];
    assert_ne!(mine.encrypt(DEFAULT.iv(&iv), b"abc")?, theirs.encrypt(DEFAULT.iv(&iv), b"abc")?);
    for wrong in [&ciphertext[1..], &[]] {
        let error =
            private.decapsulate(DEFAULT, wrong, KeyType::AES).bits(256).create().unwrap_err();
        assert_eq!(error.function(), Some(Function::DecapsulateKey));
        assert_eq!(error.mechanism(), Some(MechanismType::ML_KEM));
    }
    let error =
        fails!(session.generate_key_pair(KeyType::ML_KEM).create(), ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), Some(Function::GenerateKeyPair));
    assert_usable(&session)
}

/// FIPS 205, table 2: the length of the public key, and that of signatures of `s` and `f`.
const SLH_DSA: [(SlhDsaParameterSet, usize, usize); 12] = [
    (SlhDsaParameterSet::SHA2_128S, 32, 7856),
    (SlhDsaParameterSet::SHAKE_128S, 32, 7856),
    (SlhDsaParameterSet::SHA2_128F, 32, 17_088),
    (SlhDsaParameterSet::SHAKE_128F, 32, 17_088),
    (SlhDsaParameterSet::SHA2_192S, 48, 16_224),
    (SlhDsaParameterSet::SHAKE_192S, 48, 16_224),
    (SlhDsaParameterSet::SHA2_192F, 48, 35_664),
    (SlhDsaParameterSet::SHAKE_192F, 48, 35_664),
    (SlhDsaParameterSet::SHA2_256S, 64, 29_792),
    (SlhDsaParameterSet::SHAKE_256S, 64, 29_792),
    (SlhDsaParameterSet::SHA2_256F, 64, 49_856),
    (SlhDsaParameterSet::SHAKE_256F, 64, 49_856),
];

fn slh_dsa_in_all_sets(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::SLH_DSA_KEY_PAIR_GEN, MechanismType::SLH_DSA])?;
    let session = token.session()?;
    for (set, key_length, length) in SLH_DSA {
        let (public, private) = session.generate_key_pair(set).create()?;
        assert_eq!(SlhDsaParameterSet::from(public.get(attr::PARAMETER_SET)?), set);
        assert_eq!(public.public_value()?.len(), key_length);
        let signature = private.sign(DEFAULT, b"message")?;
        assert_eq!(signature.len(), length, "{set:?}");
        public.verify(DEFAULT, b"message", &signature)?;
        fails!(public.verify(DEFAULT, b"other", &signature), ErrorKind::SignatureInvalid);
        fails!(public.verify(DEFAULT, b"message", &signature[1..]), ErrorKind::SignatureInvalid);
    }
    assert_usable(&session)
}

fn slh_dsa(token: &TestToken) -> Outcome<(Session, PublicKey, PrivateKey)> {
    token.needs(&[MechanismType::SLH_DSA_KEY_PAIR_GEN, MechanismType::SLH_DSA])?;
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(SlhDsaParameterSet::SHA2_128F).create()?;
    Ok((session, public, private))
}

fn slh_dsa_with_a_context(token: &TestToken) -> Outcome {
    let (session, public, private) = slh_dsa(token)?;
    let context = SlhDsa::new().context(b"context");
    let signature = private.sign(context, b"message")?;
    public.verify(context, b"message", &signature)?;
    fails!(public.verify(DEFAULT, b"message", &signature), ErrorKind::SignatureInvalid);
    let fixed = context.hedge(Hedge::DETERMINISTIC_REQUIRED);
    assert_eq!(private.sign(fixed, b"message")?, private.sign(fixed, b"message")?);
    fails!(private.sign(SlhDsa::new().context(&[1; 256]), b""), ErrorKind::InvalidInput(_));
    assert_usable(&session)
}

fn slh_dsa_of_what_is_hashed_first(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::HASH_SLH_DSA, MechanismType::HASH_SLH_DSA_SHA256])?;
    let (session, public, private) = slh_dsa(token)?;
    let by_message = HashSlhDsa::new(PreHash::Sha256).context(b"context");
    let signature = private.sign(by_message, b"message")?;
    public.verify(by_message, b"message", &signature)?;
    let digest = session.digest(MechanismType::SHA256, b"message")?;
    let by_digest = HashSlhDsaDigest::new(Hash::Sha256).context(b"context");
    public.verify(by_digest, &digest, &signature)?;
    public.verify(by_message, b"message", &private.sign(by_digest, &digest)?)?;
    let pure = SlhDsa::new().context(b"context");
    fails!(public.verify(pure, b"message", &signature), ErrorKind::SignatureInvalid);
    Ok(())
}
