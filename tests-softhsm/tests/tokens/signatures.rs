//! Signatures on curves and with DSA.

use hex_literal::hex;
use pkcs11::Function;
use pkcs11::prelude::*;
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::assert_usable;

tests! {
    ecdsa_on_three_curves: and Nss;
    ecdsa_on_other_curves: and Nss;
    ecdsa_with_a_hash_of_the_token: and Nss;
    ecdsa_wrong_signatures: and Nss;
    ecdsa_buffers: and Nss;
    ecdsa_points: and Nss;
    ecdsa_stored_keys: and Nss;
    eddsa: and Nss;
    eddsa_known_answer: and Nss;
    dsa;
}

/// A curve, the length of its signatures, and a digest that its keys sign.
const CURVES: [(Curve, usize, MechanismType); 3] = [
    (Curve::P256, 64, MechanismType::SHA256),
    (Curve::P384, 96, MechanismType::SHA384),
    (Curve::P521, 132, MechanismType::SHA512),
];

fn ecdsa_on_three_curves(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for (curve, length, hash) in CURVES {
        let (public, private) = session.generate_key_pair(curve).create()?;
        let digest = session.digest(hash, b"message")?;
        let signature = private.sign(MechanismType::ECDSA, &digest)?;
        assert_eq!(signature.len(), length);
        public.verify(MechanismType::ECDSA, &digest, &signature)?;

        // The default is SHA-512, made by whoever can.
        let signature = private.sign(DEFAULT, b"message")?;
        assert_eq!(signature.len(), length);
        public.verify(DEFAULT, b"message", &signature)?;
        let digest = session.digest(MechanismType::SHA512, b"message")?;
        let fits = &digest[..digest.len().min(length / 2)];
        public.verify(MechanismType::ECDSA, fits, &signature)?;
    }
    Ok(())
}

fn ecdsa_on_other_curves(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let mut tried = 0;
    for &curve in Curve::ALL.iter().filter(|curve| curve.key_type() == KeyType::EC) {
        let (public, private) = match session.generate_key_pair(curve).create() {
            Ok(pair) => pair,
            Err(error) => {
                assert_eq!(error.function(), Some(Function::GenerateKeyPair), "{curve:?}");
                assert_eq!(error.mechanism(), Some(MechanismType::EC_KEY_PAIR_GEN));
                continue;
            }
        };
        assert_eq!(public.get(attr::EC_PARAMS)?, curve.ec_params());
        let signature = private.sign(DEFAULT, b"message")?;
        assert_eq!(signature.len(), 2 * curve.field_bytes());
        public.verify(DEFAULT, b"message", &signature)?;
        tried += 1;
    }
    assert!(tried >= 3);
    Ok(())
}

fn ecdsa_with_a_hash_of_the_token(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::ECDSA_SHA256, MechanismType::ECDSA_SHA512])?;
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    let signature = private.sign(MechanismType::ECDSA_SHA256, b"message")?;
    let digest = session.digest(MechanismType::SHA256, b"message")?;
    public.verify(MechanismType::ECDSA, &digest, &signature)?;
    let signature = private.sign(DEFAULT, b"message")?;
    public.verify(MechanismType::ECDSA_SHA512, b"message", &signature)?;
    Ok(())
}

fn ecdsa_wrong_signatures(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    let (other, _) = session.generate_key_pair(Curve::P256).create()?;
    let signature = private.sign(DEFAULT, b"message")?;
    let mut changed = signature.clone();
    changed[40] ^= 1;
    let longer = [&signature[..], &[0, 0]].concat();
    for wrong in [&changed[..], &signature[..62], &longer, &[0; 64], &[0xff; 64], &[]] {
        let error = fails!(public.verify(DEFAULT, b"message", wrong), ErrorKind::SignatureInvalid);
        assert_eq!(error.function(), Some(Function::Verify));
        assert!(error.mechanism().is_some());
    }
    fails!(public.verify(DEFAULT, b"other", &signature), ErrorKind::SignatureInvalid);
    fails!(other.verify(DEFAULT, b"message", &signature), ErrorKind::SignatureInvalid);
    public.verify(DEFAULT, b"message", &signature)?;
    assert_usable(&session)
}

fn ecdsa_buffers(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    let mut signature = [0; 64];
    assert_eq!(private.sign_into(DEFAULT, b"message", &mut signature)?, 64);
    public.verify(DEFAULT, b"message", &signature)?;
    for length in [0, 1, 63] {
        let mut small = vec![0; length];
        fails!(private.sign_into(DEFAULT, b"message", &mut small), ErrorKind::BufferTooSmall);
        assert_usable(&session)?;
    }
    // The ones that come short are rare; they keep their length all the same.
    for number in 0..200_u32 {
        let signature = private.sign(DEFAULT, &number.to_be_bytes())?;
        assert_eq!(signature.len(), 64);
    }
    Ok(())
}

fn ecdsa_points(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for (curve, _, _) in CURVES {
        let (public, _) = session.generate_key_pair(curve).create()?;
        let point = public.ec_point()?;
        assert_eq!(point.len(), 1 + 2 * curve.field_bytes());
        assert_eq!(point[0], 4);
        // The attribute as the standard has it is a DER OCTET STRING of that.
        assert!(public.get(attr::EC_POINT)?.ends_with(&point));
    }
    let (public, _) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    fails!(public.ec_point(), ErrorKind::AttributeUnavailable(_));
    Ok(())
}

fn ecdsa_stored_keys(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let made = session.generate_key_pair(Curve::P384).label("signing").id(b"\x07").store(true);
    made.create()?;
    session.close()?;
    let session = token.session()?;
    let private = session.find::<PrivateKey>().id(b"\x07").one()?;
    let public = session.find::<PublicKey>().id(b"\x07").one()?;
    assert_eq!(private.get((attr::LABEL, attr::TOKEN))?, ("signing".to_owned(), true));
    let signature = private.sign(DEFAULT, b"message")?;
    public.verify(DEFAULT, b"message", &signature)?;
    Ok(())
}

fn eddsa(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EC_EDWARDS_KEY_PAIR_GEN, MechanismType::EDDSA])?;
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(Curve::ED25519).create()?;
    assert_eq!(public.ec_point()?.len(), 32);
    for message in [&b""[..], b"message", &[7; 5000]] {
        let signature = private.sign(DEFAULT, message)?;
        assert_eq!(signature.len(), 64);
        public.verify(DEFAULT, message, &signature)?;
        assert_eq!(private.sign(EdDsa::new(), message)?, signature);
        let mut changed = signature.clone();
        changed[3] ^= 1;
        for wrong in [&changed[..], &signature[..63], &[]] {
            fails!(public.verify(DEFAULT, message, wrong), ErrorKind::SignatureInvalid);
        }
    }
    assert_usable(&session)
}

/// RFC 8032 §7.1, test 2.
fn eddsa_known_answer(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EDDSA])?;
    let session = token.session()?;
    let point = hex!("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    let signature = hex!(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    );
    // Each token takes the point as it gives it.
    let wrapped = [&[4, 32], &point[..]].concat();
    let (form, params) = (if token.is_softhsm() { &wrapped } else { &point[..] }, Curve::ED25519);
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::EC_EDWARDS)
        .with(attr::EC_PARAMS, params.ec_params())
        .with(attr::EC_POINT, form)
        .with(attr::VERIFY, true);
    let public: PublicKey = session.create(&template)?;
    assert_eq!(public.ec_point()?, point);
    public.verify(DEFAULT, &[0x72], &signature)?;
    fails!(public.verify(DEFAULT, &[0x73], &signature), ErrorKind::SignatureInvalid);
    Ok(())
}

fn dsa(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DSA_PARAMETER_GEN, MechanismType::DSA_KEY_PAIR_GEN])?;
    let session = token.session()?;
    let parameters = session.generate_parameters(KeyType::DSA).bits(1024).create()?;
    let group = parameters.dsa_parameters()?;
    assert_eq!(group.prime.bits(), 1024);
    let order = usize::try_from(group.subprime.bits()).unwrap() / 8;
    let (public, private) = session.generate_key_pair(group).create()?;

    let signature = private.sign(DEFAULT, b"message")?;
    assert_eq!(signature.len(), 2 * order);
    public.verify(DEFAULT, b"message", &signature)?;
    let digest = session.digest(MechanismType::SHA_1, b"message")?;
    let by_digest = private.sign(MechanismType::DSA, &digest)?;
    public.verify(MechanismType::DSA_SHA1, b"message", &by_digest)?;
    fails!(public.verify(DEFAULT, b"other", &signature), ErrorKind::SignatureInvalid);
    fails!(public.verify(DEFAULT, b"message", &signature[1..]), ErrorKind::SignatureInvalid);
    assert_usable(&session)
}
