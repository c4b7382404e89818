//! Diffie-Hellman, on numbers and on curves.

use hex_literal::hex;
use pkcs11::prelude::*;
use pkcs11::{Function, KeyPairKind};
use tests_softhsm::{Outcome, Skip, TestToken, fails, skip, tests};

use crate::common::assert_usable;

tests! {
    dh_in_a_well_known_group: and Nss;
    dh_with_generated_parameters: and Nss;
    dh_default: and Nss;
    ecdh_on_three_curves: and Nss;
    ecdh_default: and Nss;
    ecdh_with_a_kdf: and Nss;
    ecdh_known_answer: and Nss;
    x25519: and Nss;
    what_is_derived_stays_secret: and Nss;
    a_point_that_is_none_is_refused: and Nss;
}

type Pair = (PublicKey, PrivateKey);

fn pairs(session: &Session, kind: impl Into<KeyPairKind>) -> Result<[Pair; 2]> {
    let kind = kind.into();
    Ok([
        session.generate_key_pair(kind.clone()).create()?,
        session.generate_key_pair(kind).create()?,
    ])
}

/// A key that may leave the token, so that two can be compared.
fn derive<'a>(mine: &'a PrivateKey, mechanism: impl pkcs11::IntoMechanism<'a>) -> Result<Vec<u8>> {
    let key = mine.derive_key(mechanism, KeyType::AES).bits(256);
    key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?.get(attr::VALUE)
}

fn dh_in_a_well_known_group(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let [(alice_public, alice), (bob_public, bob)] = pairs(&session, DhGroup::MODP_2048)?;
    let (from_alice, from_bob) = (alice_public.public_value()?, bob_public.public_value()?);
    assert_ne!(from_alice, from_bob);
    assert!(from_alice.len() <= 256 && from_alice.len() > 200);
    let one = derive(&alice, DhDerive::new(&from_bob))?;
    let two = derive(&bob, DhDerive::new(&from_alice))?;
    assert_eq!(one, two);
    assert_eq!(one.len(), 32);
    assert_eq!(alice_public.get(attr::PRIME)?, DhGroup::MODP_2048.parameters().prime);
    assert_usable(&session)
}

fn dh_with_generated_parameters(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DH_PKCS_PARAMETER_GEN])?;
    let session = token.session()?;
    let parameters = session.generate_parameters(KeyType::DH).bits(512).create()?;
    let group = parameters.dh_parameters()?;
    assert_eq!(group.prime.bits(), 512);
    assert_eq!(parameters.get(attr::CLASS)?, ObjectClass::DOMAIN_PARAMETERS);
    let [(alice_public, alice), (bob_public, bob)] = pairs(&session, group)?;
    let (from_alice, from_bob) = (alice_public.public_value()?, bob_public.public_value()?);
    assert_eq!(
        derive(&alice, DhDerive::new(&from_bob))?,
        derive(&bob, DhDerive::new(&from_alice))?
    );
    Ok(())
}

fn dh_default(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let [(alice_public, alice), (bob_public, bob)] = pairs(&session, DhGroup::MODP_2048)?;
    let (from_alice, from_bob) = (alice_public.public_value()?, bob_public.public_value()?);
    let one = alice.derive_key(DEFAULT.peer(&from_bob), KeyType::AES).bits(128).create()?;
    let two = bob.derive_key(DEFAULT.peer(&from_alice), KeyType::AES).bits(128).create()?;
    let iv = session.random::<16>()?;
    let ciphertext = one.encrypt(DEFAULT.iv(&iv), b"hello")?;
    assert_eq!(two.decrypt(DEFAULT.iv(&iv), &ciphertext)?, b"hello");
    let error =
        fails!(alice.derive_key(DEFAULT, KeyType::AES).bits(128).create(), ErrorKind::NoDefault(_));
    assert!(error.to_string().contains("DEFAULT.peer"), "{error}");
    Ok(())
}

fn ecdh_on_three_curves(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for curve in [Curve::P256, Curve::P384, Curve::P521] {
        let [(alice_public, alice), (bob_public, bob)] = pairs(&session, curve)?;
        let (from_alice, from_bob) = (alice_public.ec_point()?, bob_public.ec_point()?);
        let one = derive(&alice, Ecdh1::new(&from_bob))?;
        assert_eq!(one, derive(&bob, Ecdh1::new(&from_alice))?, "{curve:?}");
        assert_ne!(one, derive(&alice, Ecdh1::new(&from_alice))?);
        assert_eq!(one.len(), 32);
    }
    Ok(())
}

fn ecdh_default(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let [(alice_public, alice), (bob_public, bob)] = pairs(&session, Curve::P256)?;
    let (from_alice, from_bob) = (alice_public.ec_point()?, bob_public.ec_point()?);
    let one = derive(&alice, DEFAULT.peer(&from_bob))?;
    assert_eq!(one, derive(&bob, Ecdh1::new(&from_alice))?);
    Ok(())
}

fn ecdh_with_a_kdf(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let [(alice_public, alice), (bob_public, bob)] = pairs(&session, Curve::P256)?;
    let (from_alice, from_bob) = (alice_public.ec_point()?, bob_public.ec_point()?);
    let kdf = Kdf::SHA256_KDF;
    let one = match derive(&alice, Ecdh1::new(&from_bob).kdf(kdf, b"both know")) {
        Ok(value) => value,
        Err(error) => {
            assert_eq!(error.function(), Some(Function::DeriveKey));
            assert_eq!(error.mechanism(), Some(MechanismType::ECDH1_DERIVE));
            assert_usable(&session)?;
            return skip(Skip::ParametersRefused(MechanismType::ECDH1_DERIVE, "a KDF"));
        }
    };
    assert_eq!(one, derive(&bob, Ecdh1::new(&from_alice).kdf(kdf, b"both know"))?);
    assert_ne!(one, derive(&bob, Ecdh1::new(&from_alice).kdf(kdf, b"other"))?);
    let plain = derive(&alice, Ecdh1::new(&from_bob))?;
    assert_ne!(one, plain);
    // X9.63: SHA-256 of the shared secret, a counter of 1, and the shared information.
    let expected = [&plain[..], &[0, 0, 0, 1], b"both know"].concat();
    assert_eq!(one, session.digest(MechanismType::SHA256, &expected)?);
    Ok(())
}

/// NIST CAVS for SP 800-56A, ECC CDH primitive, P-256, count 0.
fn ecdh_known_answer(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::EC)
        .with(attr::EC_PARAMS, Curve::P256.ec_params())
        .with(
            attr::VALUE,
            &hex!("7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534"),
        )
        .with(attr::DERIVE, true);
    let private: PrivateKey = session.create(&template)?;
    let theirs = hex!(
        "04"
        "700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287"
        "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac"
    );
    assert_eq!(
        derive(&private, Ecdh1::new(&theirs))?,
        hex!("46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b")
    );
    Ok(())
}

fn x25519(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EC_MONTGOMERY_KEY_PAIR_GEN])?;
    let session = token.session()?;
    let [(alice_public, alice), (bob_public, bob)] = pairs(&session, Curve::X25519)?;
    let (from_alice, from_bob) = (alice_public.ec_point()?, bob_public.ec_point()?);
    assert_eq!(from_alice.len(), 32);
    let one = derive(&alice, Ecdh1::new(&from_bob))?;
    assert_eq!(one, derive(&bob, DEFAULT.peer(&from_alice))?);
    assert_eq!(one.len(), 32);
    Ok(())
}

fn what_is_derived_stays_secret(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let [(_, alice), (bob_public, _)] = pairs(&session, Curve::P256)?;
    let point = bob_public.ec_point()?;
    let key = alice
        .derive_key(Ecdh1::new(&point), KeyType::AES)
        .bits(128)
        .label("derived")
        .store(true)
        .create()?;
    let (sensitive, local, length) = key.get((attr::SENSITIVE, attr::LOCAL, attr::VALUE_LEN))?;
    assert!(sensitive);
    // kryoptic 1.5.4 says of a derived key that it was made on the token.
    assert!(!local || !token.is_softhsm());
    assert_eq!(length, 16);
    fails!(key.get(attr::VALUE), ErrorKind::AttributeUnavailable(_));
    assert_eq!(session.find::<SecretKey>().label("derived").one()?, key);
    key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    Ok(())
}

fn a_point_that_is_none_is_refused(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    let mut off_the_curve = public.ec_point()?;
    off_the_curve[64] ^= 1;
    for point in [&off_the_curve[..], &[4; 65], &[1, 2, 3], &[]] {
        let error = derive(&private, Ecdh1::new(point)).unwrap_err();
        assert_eq!(error.function(), Some(Function::DeriveKey), "{error:?}");
        assert_eq!(error.mechanism(), Some(MechanismType::ECDH1_DERIVE));
    }
    fails!(derive(&private, Ecdh1::new(&[4; 256])), ErrorKind::InvalidInput(_) | ErrorKind::Failed);
    let error = private.derive_key(Ecdh1::new(&off_the_curve), KeyType::AES).create().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)));
    assert_usable(&session)
}
