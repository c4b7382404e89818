//! What one token makes with a default, another understands.

use pkcs11::prelude::*;
use tests_softhsm::{Kind, Outcome, TestToken, tests};

use crate::common::known_key;

tests! {
    ciphertexts_cross;
    signatures_cross: only SoftHsm;
    rsa_crosses: only SoftHsm;
    agreement_crosses: only SoftHsm;
    two_modules_in_one_process: only SoftHsm;
}

fn ciphertexts_cross(token: &TestToken) -> Outcome {
    let other_kind = if token.is_softhsm() { Kind::Embedded } else { Kind::SoftHsm };
    let other = token.other(other_kind)?.session()?;
    let session = token.session()?;
    let value = session.random::<32>()?;
    let (here, there) =
        (known_key(&session, KeyType::AES, &value)?, known_key(&other, KeyType::AES, &value)?);
    let iv = session.random::<16>()?;
    let ciphertext = here.encrypt(DEFAULT.iv(&iv), b"INPUT DATA")?;
    assert_eq!(there.decrypt(DEFAULT.iv(&iv), &ciphertext)?, b"INPUT DATA");
    let gcm = AesGcm::new(&iv[..12]).aad(b"v1");
    assert_eq!(there.decrypt(gcm, &here.encrypt(gcm, b"INPUT DATA")?)?, b"INPUT DATA");
    let ctr = AesCtr::new(iv);
    assert_eq!(there.encrypt(ctr, &[1; 100])?, here.encrypt(ctr, &[1; 100])?);
    let mac = here.sign(DEFAULT, b"message")?;
    there.verify(DEFAULT, b"message", &mac)?;
    Ok(())
}

/// The embedded token hashes by itself; for SoftHSM the library does.
fn signatures_cross(token: &TestToken) -> Outcome {
    let other = token.other(Kind::Embedded)?.session()?;
    let session = token.session()?;
    for curve in [Curve::P256, Curve::P384, Curve::P521] {
        for (signer, verifier) in [(&session, &other), (&other, &session)] {
            let (public, private) = signer.generate_key_pair(curve).create()?;
            let template = Template::new()
                .with(attr::KEY_TYPE, KeyType::EC)
                .with(attr::EC_PARAMS, curve.ec_params())
                .with(attr::EC_POINT, public.get(attr::EC_POINT)?)
                .with(attr::VERIFY, true);
            let copy: PublicKey = verifier.create(&template)?;
            assert_eq!(copy.ec_point()?, public.ec_point()?);
            for number in 0..20_u8 {
                let signature = private.sign(DEFAULT, &[number])?;
                copy.verify(DEFAULT, &[number], &signature)?;
            }
            copy.verify(DEFAULT, b"other", &private.sign(DEFAULT, b"message")?).unwrap_err();
        }
    }
    Ok(())
}

fn rsa_crosses(token: &TestToken) -> Outcome {
    let other = token.other(Kind::Embedded)?.session()?;
    let session = token.session()?;
    for (one, two) in [(&session, &other), (&other, &session)] {
        let (public, private) = one.generate_key_pair(KeyType::RSA).bits(2048).create()?;
        let (modulus, exponent) = public.get((attr::MODULUS, attr::PUBLIC_EXPONENT))?;
        let template = Template::new()
            .with(attr::KEY_TYPE, KeyType::RSA)
            .with(attr::MODULUS, &modulus)
            .with(attr::PUBLIC_EXPONENT, &exponent)
            .with(attr::ENCRYPT, true)
            .with(attr::VERIFY, true);
        let copy: PublicKey = two.create(&template)?;
        copy.verify(DEFAULT, b"message", &private.sign(DEFAULT, b"message")?)?;
        let pss = RsaPss::new(Hash::Sha256);
        copy.verify(pss, b"message", &private.sign(pss, b"message")?)?;
        let ciphertext = copy.encrypt(DEFAULT, b"INPUT DATA")?;
        assert_eq!(private.decrypt(DEFAULT, &ciphertext)?, b"INPUT DATA");
    }
    Ok(())
}

/// Two parties, each with a token of another kind.
fn agreement_crosses(token: &TestToken) -> Outcome {
    let other = token.other(Kind::Embedded)?.session()?;
    let session = token.session()?;
    let readable = |mine: &PrivateKey, theirs: &[u8]| {
        let key = mine.derive_key(DEFAULT.peer(theirs), KeyType::AES).bits(256);
        key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?.get(attr::VALUE)
    };
    for curve in [Curve::P256, Curve::P521] {
        let (alice_public, alice) = session.generate_key_pair(curve).create()?;
        let (bob_public, bob) = other.generate_key_pair(curve).create()?;
        assert_eq!(
            readable(&alice, &bob_public.ec_point()?)?,
            readable(&bob, &alice_public.ec_point()?)?
        );
    }
    let (alice_public, alice) = session.generate_key_pair(DhGroup::MODP_2048).create()?;
    let (bob_public, bob) = other.generate_key_pair(DhGroup::MODP_2048).create()?;
    assert_eq!(
        readable(&alice, &bob_public.public_value()?)?,
        readable(&bob, &alice_public.public_value()?)?
    );
    Ok(())
}

fn two_modules_in_one_process(token: &TestToken) -> Outcome {
    let other = token.other(Kind::Embedded)?;
    let (one, two) = (token.load()?, other.load()?);
    assert_ne!(one, two);
    let session = other.session()?;
    one.finalize()?;
    session.random::<4>()?;
    token.session()?.random::<4>()?;
    Ok(())
}
