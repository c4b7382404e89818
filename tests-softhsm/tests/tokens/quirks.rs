//! What the table says of our tokens' deviations is true: what they do is as the row has it, and
//! where the standard's way works, the row is silent.

use hex_literal::hex;
use pkcs11::defaults::QuirkRow;
use pkcs11::mechanism::ChaCha20Poly1305;
use pkcs11::prelude::*;
use pkcs11::{CurveForm, Function, PointForm, Quirks, ReturnCode, StandardDefaults};
use tests_softhsm::exercise::quirks;
use tests_softhsm::{LABEL, Outcome, PIN, TestToken, tests};

tests! {
    ecdh_points;
    edwards_points;
    montgomery_points;
    edwards_curves;
    gcm_parameters;
    poly1305_nonces;
    eddsa_parameters;
}

/// The token's quirks, as the table has them.
fn table(token: &TestToken) -> Result<Quirks> {
    quirks(&token.token()?)
}

/// A session with a token of which these quirks are believed. All others must be gone.
fn believing(token: &TestToken, quirks: Quirks) -> Result<Session> {
    let defaults = StandardDefaults::new().quirk(QuirkRow::new("", quirks));
    let module = LoadOptions::new().defaults(defaults).load(token.path())?;
    module.token(label(LABEL))?.open().user_pin(PIN).start()
}

/// Of a standard way and another, the token takes what the row says, and a row that deviates has
/// to.
fn assert_needed<T: PartialEq + std::fmt::Debug>(row: T, standard: T, works: impl Fn(&T) -> bool) {
    assert!(works(&row), "the row says {row:?}, which does not work");
    assert!(row == standard || !works(&standard), "{standard:?} works, which is the standard's");
}

/// SoftHSM takes the other party's point in both forms, and tells them apart by looking: a bare
/// point of P-224 whose second byte is the length of what follows, it takes for DER.
fn ecdh_points(token: &TestToken) -> Outcome {
    let row = table(token)?;
    let curve = if token.is_softhsm() { Curve::P224 } else { Curve::P256 };
    assert_needed(row.ecdh_point, PointForm::Raw, |&form| {
        let session = believing(token, row.with_ecdh_point(form)).unwrap();
        let pair = || session.generate_key_pair(curve).create().unwrap();
        let derive = |mine: &PrivateKey, theirs: &PublicKey| {
            let point = theirs.ec_point()?;
            let key = mine.derive_key(Ecdh1::new(&point), KeyType::AES).bits(128);
            let key = key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?;
            key.get(attr::VALUE)
        };
        let (of_alice, alice) = pair();
        let like_der = |public: &PublicKey| {
            let point = public.ec_point().unwrap();
            point.len() - 2 == usize::from(point[1])
        };
        // One in 256 is.
        let (of_bob, bob) = (0..10_000).map(|_| pair()).find(|(it, _)| like_der(it)).unwrap();
        let secret = derive(&bob, &of_alice).unwrap();
        derive(&alice, &of_bob).is_ok_and(|other| other == secret)
    });
    Ok(())
}

fn edwards_points(token: &TestToken) -> Outcome {
    assert_point(token, Curve::ED25519)
}

fn montgomery_points(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EC_MONTGOMERY_KEY_PAIR_GEN])?;
    assert_point(token, Curve::X25519)
}

/// `CKA_EC_POINT` of a key on this curve of 32 bytes is in the row's form.
fn assert_point(token: &TestToken, curve: Curve) -> Outcome {
    let session = token.session()?;
    let (public, _) = session.generate_key_pair(curve).create()?;
    let (value, point) = (public.get(attr::EC_POINT)?, public.ec_point()?);
    let before: &[u8] = match table(token)?.edwards_point {
        PointForm::Raw => &[],
        PointForm::OctetString => &[4, 32],
    };
    assert_eq!(point.len(), 32);
    assert_eq!(value, [before, &point].concat());
    Ok(())
}

/// Measured: both tokens take the name too.
fn edwards_curves(token: &TestToken) -> Outcome {
    let row = table(token)?;
    assert_needed(row.edwards_params, CurveForm::Oid, |&form| {
        let session = believing(token, row.with_edwards_params(form)).unwrap();
        session.generate_key_pair(Curve::ED25519).create().is_ok_and(|(public, private)| {
            let signature = private.sign(DEFAULT, b"message").unwrap();
            public.verify(DEFAULT, b"message", &signature).is_ok()
        })
    });
    Ok(())
}

fn gcm_parameters(token: &TestToken) -> Outcome {
    let row = table(token)?;
    assert_needed(row.short_gcm, false, |&short| {
        let session = believing(token, row.with_short_gcm(short)).unwrap();
        let key = session.generate_key(KeyType::AES).bits(128).create().unwrap();
        key.encrypt(AesGcm::new(&[7; 12]), b"message").is_ok()
    });
    Ok(())
}

/// RFC 8439 §2.8.2.
fn poly1305_nonces(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::CHACHA20_POLY1305])?;
    let row = table(token)?;
    let value: [u8; 32] = std::array::from_fn(|index| 0x80 + u8::try_from(index).unwrap());
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::CHACHA20)
        .with(attr::VALUE, &value)
        .with(attr::ENCRYPT, true)
        .with(attr::DECRYPT, true);
    let plaintext = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip \
        for the future, sunscreen would be it.";
    let sealed = hex!(
        "d31a8d34648e60db7b86afbc53ef7ec2 a4aded51296e08fea9e2b5a736ee62d6"
        "3dbea45e8ca9671282fafb69da92728b 1a71de0a9e060b2905d6a5b67ecd3b36"
        "92ddbd7f2d778b8c9803aee328091b58 fab324e4fad675945585808b4831d7bc"
        "3ff4def08e4b7a9de576d26586cec64b 6116"
        "1ae10b594f09e26a7e902ecbd0600691"
    );
    let nonce = hex!("070000004041424344454647");
    let aad = hex!("50515253c0c1c2c3c4c5c6c7");
    assert_needed(row.poly1305_nonce_bytes, false, |&bytes| {
        let session = believing(token, row.with_poly1305_nonce_bytes(bytes)).unwrap();
        let key: SecretKey = session.create(&template).unwrap();
        let mechanism = ChaCha20Poly1305::new(&nonce).aad(&aad);
        match key.encrypt(mechanism, plaintext) {
            Ok(ciphertext) => {
                assert_eq!(ciphertext, sealed);
                assert_eq!(key.decrypt(mechanism, &sealed).unwrap(), plaintext);
                let mut changed = sealed;
                changed[0] ^= 1;
                key.decrypt(mechanism, &changed).unwrap_err();
                true
            }
            Err(error) => {
                assert_eq!(error.function(), Some(Function::EncryptInit));
                assert_eq!(error.return_code(), Some(ReturnCode::MECHANISM_PARAM_INVALID));
                false
            }
        }
    });
    Ok(())
}

/// What the parameter says makes another signature, or the token does not read it.
fn eddsa_parameters(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EDDSA])?;
    let row = table(token)?;
    let session = believing(token, row.with_plain_eddsa(false))?;
    let (public, private) = session.generate_key_pair(Curve::ED25519).create()?;
    for mechanism in [EdDsa::new().context(b"context"), EdDsa::new().prehashed()] {
        let signature = private.sign(mechanism, b"message")?;
        let plain = public.verify(EdDsa::new(), b"message", &signature).is_ok();
        assert_eq!(plain, row.plain_eddsa, "{mechanism:?}");
    }
    Ok(())
}
