//! Every default of the table, really used on the token.

use pkcs11::codec::ec::wrap_point;
use pkcs11::prelude::*;
use pkcs11::{PointForm, Usage};
use tests_softhsm::exercise::{Exercise, Keys, Shape, fresh_iv, quirks};
use tests_softhsm::{Kind, Outcome, TestToken, fails, tests};

tests! {
    every_default_works_or_the_token_says_why;
    what_one_token_makes_the_other_understands: only SoftHsm;
}

/// What the token lists works; what it does not list is an error that names it.
fn every_default_works_or_the_token_says_why(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let judged = Exercise::all().into_iter().map(|exercise| exercise.judge(&session));
    let unexpected: Vec<_> = judged.filter_map(Result::err).collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    Ok(())
}

/// Every default that both tokens use means the same on both, in both directions.
fn what_one_token_makes_the_other_understands(token: &TestToken) -> Outcome {
    let other = token.other(Kind::Embedded)?.session()?;
    let session = token.session()?;
    let mut crossed = Vec::new();
    for exercise in Exercise::all() {
        if exercise.judge(&session)?.is_use() && exercise.judge(&other)?.is_use() {
            for shape in Shape::all(exercise.row.key_type) {
                cross(&exercise, shape, [&session, &other])?;
                cross(&exercise, shape, [&other, &session])?;
            }
            crossed.push(exercise.usage);
        }
    }
    for usage in [Usage::Encrypt, Usage::Sign, Usage::Wrap, Usage::Derive] {
        assert!(crossed.contains(&usage), "no default for {usage:?} is on both tokens");
    }
    Ok(())
}

/// Makes something with the default on one token, and takes it on the other.
fn cross(exercise: &Exercise, shape: Shape, [one, two]: [&Session; 2]) -> Outcome {
    let row = exercise.row;
    if let Usage::GenerateParameters | Usage::GenerateKey | Usage::GenerateKeyPair = exercise.usage
    {
        return Ok(());
    }
    if exercise.usage == Usage::Derive {
        return agree(row.key_type, shape, [one, two]);
    }
    let iv = fresh_iv(one, exercise.mechanism)?;
    let default = DEFAULT.iv(&iv);
    if let Shape::Bits(_) = shape {
        let (here, there) = (Keys::import(row, one, shape)?, Keys::import(row, two, shape)?);
        match exercise.usage {
            Usage::Encrypt => {
                let ciphertext = here.encrypt(default, b"INPUT DATA")?;
                assert_eq!(there.decrypt(default, &ciphertext)?, b"INPUT DATA");
            }
            Usage::Sign => {
                let signature = here.sign(default, b"message")?;
                there.verify(default, b"message", &signature)?;
                fails!(there.verify(default, b"other", &signature), ErrorKind::SignatureInvalid);
            }
            _ => {
                let key = leaving(one)?;
                let wrapped = here.wrap_key(default, &key)?;
                same(&key, &there.unwrap_key(default, &wrapped, KeyType::AES).create()?)?;
            }
        }
        return Ok(());
    }
    let (public, private) = shape.pair(one, row.key_type).create()?;
    let copy = copy(&public, row.key_type, two)?;
    match exercise.usage {
        Usage::Encrypt => {
            let ciphertext = copy.encrypt(default, b"INPUT DATA")?;
            assert_eq!(private.decrypt(default, &ciphertext)?, b"INPUT DATA");
        }
        Usage::Sign => {
            let signature = private.sign(default, b"message")?;
            copy.verify(default, b"message", &signature)?;
            fails!(copy.verify(default, b"other", &signature), ErrorKind::SignatureInvalid);
        }
        _ => {
            let key = leaving(two)?;
            let wrapped = copy.wrap_key(default, &key)?;
            same(&key, &private.unwrap_key(default, &wrapped, KeyType::AES).create()?)?;
        }
    }
    Ok(())
}

/// Two parties, each with its token.
fn agree(key_type: KeyType, shape: Shape, [one, two]: [&Session; 2]) -> Outcome {
    let told = |public: &PublicKey| match key_type {
        KeyType::DH => public.public_value(),
        _ => public.ec_point(),
    };
    let derive = |mine: &PrivateKey, theirs: &[u8]| {
        let key = mine.derive_key(DEFAULT.peer(theirs), KeyType::AES).bits(256);
        key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?.get(attr::VALUE)
    };
    let (alice_public, alice) = shape.pair(one, key_type).create()?;
    let (bob_public, bob) = shape.pair(two, key_type).create()?;
    assert_eq!(derive(&alice, &told(&bob_public)?)?, derive(&bob, &told(&alice_public)?)?);
    Ok(())
}

/// The public key on another token.
fn copy(public: &PublicKey, key_type: KeyType, session: &Session) -> Result<PublicKey> {
    let template = || Template::new().with(attr::KEY_TYPE, key_type).with(attr::VERIFY, true);
    if key_type == KeyType::RSA {
        let (modulus, exponent) = public.get((attr::MODULUS, attr::PUBLIC_EXPONENT))?;
        let template = template()
            .with(attr::ENCRYPT, true)
            .with(attr::WRAP, true)
            .with(attr::MODULUS, &modulus)
            .with(attr::PUBLIC_EXPONENT, &exponent);
        return session.create(&template);
    }
    let point = public.ec_point()?;
    let edwards = key_type == KeyType::EC_EDWARDS;
    let bare = edwards && quirks(session.token())?.edwards_point == PointForm::Raw;
    let point = if bare { point } else { wrap_point(&point).expect("a point") };
    let template = template().with(attr::EC_PARAMS, public.get(attr::EC_PARAMS)?);
    session.create(&template.with(attr::EC_POINT, point))
}

/// A key that may leave its token.
fn leaving(session: &Session) -> Result<SecretKey> {
    session.generate_key(KeyType::AES).bits(256).with(attr::EXTRACTABLE, true).create()
}

/// The two are one key.
fn same(one: &SecretKey, two: &SecretKey) -> Outcome {
    let ciphertext = one.encrypt(DEFAULT.iv(&[7; 16]), b"INPUT DATA")?;
    assert_eq!(two.decrypt(DEFAULT.iv(&[7; 16]), &ciphertext)?, b"INPUT DATA");
    Ok(())
}
