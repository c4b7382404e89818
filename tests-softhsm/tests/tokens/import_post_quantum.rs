//! Keys of ML-DSA, ML-KEM and SLH-DSA from DER, in each form that a private key may have.
//!
//! The codec's fixtures are used; how they were made is told beside them.

use pkcs11::codec::pkcs8;
use pkcs11::prelude::*;
use pkcs11::{ReturnCode, SlhDsaParameterSet};
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::assert_usable;

tests! {
    imported_ml_dsa_44;
    imported_ml_dsa_65;
    imported_ml_dsa_87;
    imported_ml_kem_512;
    imported_ml_kem_768;
    imported_ml_kem_1024;
    slh_dsa_leaves_and_comes_back;
    an_algorithm_of_another_parameter_set_is_refused;
}

/// Seed, expanded key, both; and the public key.
macro_rules! fixtures {
    ($private:literal, $public:literal) => {
        (
            [
                fixture!("private_keys/", $private, "_seed"),
                fixture!("private_keys/", $private, "_expanded"),
                fixture!("private_keys/", $private, "_both"),
            ],
            fixture!("spki/", $public, ""),
        )
    };
}

macro_rules! fixture {
    ($folder:literal, $name:literal, $form:literal) => {
        &include_bytes!(concat!(
            "../../../crates/pkcs11-codec/tests/fixtures/",
            $folder,
            $name,
            $form,
            ".der"
        ))[..]
    };
}

fn imported_ml_dsa_44(token: &TestToken) -> Outcome {
    ml_dsa(token, fixtures!("ml_dsa_44", "ml-dsa-44"), SignatureAlgorithm::ML_DSA_44)
}

fn imported_ml_dsa_65(token: &TestToken) -> Outcome {
    ml_dsa(token, fixtures!("ml_dsa_65", "ml-dsa-65"), SignatureAlgorithm::ML_DSA_65)
}

fn imported_ml_dsa_87(token: &TestToken) -> Outcome {
    ml_dsa(token, fixtures!("ml_dsa_87", "ml-dsa-87"), SignatureAlgorithm::ML_DSA_87)
}

fn imported_ml_kem_512(token: &TestToken) -> Outcome {
    ml_kem(token, fixtures!("ml_kem_512", "ml-kem-512"))
}

fn imported_ml_kem_768(token: &TestToken) -> Outcome {
    ml_kem(token, fixtures!("ml_kem_768", "ml-kem-768"))
}

fn imported_ml_kem_1024(token: &TestToken) -> Outcome {
    ml_kem(token, fixtures!("ml_kem_1024", "ml-kem-1024"))
}

type Fixtures = ([&'static [u8]; 3], &'static [u8]);

fn ml_dsa(token: &TestToken, fixtures: Fixtures, algorithm: SignatureAlgorithm) -> Outcome {
    token.needs(&[MechanismType::ML_DSA])?;
    let session = token.session()?;
    let public = session.import(PublicKeyDer::from_der(fixtures.1)?).create()?;
    assert_eq!(public.to_spki_der()?, fixtures.1);
    for der in fixtures.0 {
        let private = session.import(PrivateKeyDer::from_der(der)?).create()?;
        let signature = private.sign_der(algorithm, b"message")?;
        public.verify_der(algorithm, b"message", &signature)?;
        fails!(public.verify_der(algorithm, b"other", &signature), ErrorKind::SignatureInvalid);
        leaves(&session, der, fixtures.0[2])?;
    }
    assert_usable(&session)
}

fn ml_kem(token: &TestToken, fixtures: Fixtures) -> Outcome {
    token.needs(&[MechanismType::ML_KEM])?;
    let session = token.session()?;
    let public = session.import(PublicKeyDer::from_der(fixtures.1)?).create()?;
    assert_eq!(public.to_spki_der()?, fixtures.1);
    for der in fixtures.0 {
        let private = session.import(PrivateKeyDer::from_der(der)?).create()?;
        let (theirs, ciphertext) = public.encapsulate(DEFAULT, KeyType::AES).bits(256).create()?;
        let mine = private.decapsulate(DEFAULT, &ciphertext, KeyType::AES).bits(256).create()?;
        let sealed = theirs.encrypt(DEFAULT.iv(&[0; 16]), b"INPUT DATA")?;
        assert_eq!(mine.decrypt(DEFAULT.iv(&[0; 16]), &sealed)?, b"INPUT DATA");
        leaves(&session, der, fixtures.0[2])?;
    }
    assert_usable(&session)
}

/// What leaves the token is the key that came: a token may know the seed, the key, or both.
fn leaves(session: &Session, der: &[u8], both: &[u8]) -> Outcome {
    let key = PrivateKeyDer::from_der(der)?;
    let open = session.import(&key).with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true);
    let (back, both) = (open.create()?.to_private_key()?, PrivateKeyDer::from_der(both)?);
    let (
        pkcs8::PrivateKey::PostQuantum { set, value },
        pkcs8::PrivateKey::PostQuantum { set: wanted_set, value: wanted },
    ) = (back.key()?, both.key()?)
    else {
        panic!("{back:?}");
    };
    assert_eq!(set, wanted_set);
    // No assertion prints a key.
    assert!(value.seed().is_none_or(|seed| Some(seed) == wanted.seed()), "another seed");
    assert!(value.expanded().is_none_or(|key| Some(key) == wanted.expanded()), "another key");
    Ok(())
}

fn slh_dsa_leaves_and_comes_back(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::SLH_DSA_KEY_PAIR_GEN, MechanismType::SLH_DSA])?;
    let session = token.session()?;
    let algorithm = SignatureAlgorithm::SLH_DSA_SHAKE_128F;
    let pair = session.generate_key_pair(SlhDsaParameterSet::SHAKE_128F);
    let pair = pair.with_private(attr::SENSITIVE, false).with_private(attr::EXTRACTABLE, true);
    let (public, private) = pair.create()?;
    let key = private.to_private_key()?;
    // The second half of the private key is the public one.
    let (public_copy, private_copy) = session.import_pair(key).create()?;
    assert_eq!(public_copy.to_spki_der()?, public.to_spki_der()?);
    let signature = private_copy.sign_der(algorithm, b"message")?;
    public.verify_der(algorithm, b"message", &signature)?;
    Ok(())
}

/// The mechanism is one for all sets: the token would sign, and the certificate say another thing.
fn an_algorithm_of_another_parameter_set_is_refused(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::ML_DSA])?;
    let session = token.session()?;
    let ([seed, ..], spki) = fixtures!("ml_dsa_44", "ml-dsa-44");
    let private = session.import(PrivateKeyDer::from_der(seed)?).create()?;
    let public = session.import(PublicKeyDer::from_der(spki)?).create()?;
    let wrong = SignatureAlgorithm::ML_DSA_65;
    let error = fails!(private.sign_der(wrong, b"message"), ErrorKind::InvalidInput(_));
    assert_eq!(error.return_code(), None::<ReturnCode>);
    let answer = public.verify_der(wrong, b"message", &[0; 2420]);
    fails!(answer, ErrorKind::InvalidInput(_));
    let other = SignatureAlgorithm::SHA256_WITH_RSA;
    fails!(private.sign_der(other, b"message"), ErrorKind::InvalidInput(_));
    Ok(())
}
