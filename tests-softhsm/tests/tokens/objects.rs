//! Objects: made, changed, copied, destroyed.

use pkcs11::prelude::*;
use pkcs11::{Function, ReturnCode};
use tests_softhsm::{Outcome, PIN, Skip, TestToken, fails, skip, tests};

use crate::common::{aes_key, assert_usable, data};

tests! {
    data_objects_are_made_found_and_changed;
    token_objects_outlive_their_session: and Nss;
    an_object_is_copied: and Nss;
    a_key_is_copied: and Nss;
    what_is_destroyed_is_gone;
    objects_say_their_size: and Nss;
    objects_know_their_class: and Nss;
    a_template_of_nonsense_is_refused: and Nss;
    an_object_that_may_not_change_does_not: and Nss;
    keys_say_what_made_them;
}

fn data_objects_are_made_found_and_changed(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let template = Template::new()
        .with(attr::TOKEN, true)
        .with(attr::LABEL, "greeting")
        .with(attr::APPLICATION, "tests")
        .with(attr::OBJECT_ID, b"\x06\x03\x2a\x03\x04")
        .with(attr::VALUE, b"hello");
    session.create::<Data>(&template)?;
    let found = session.find::<Data>().label("greeting").one()?;
    let (application, id, value) = found.get((attr::APPLICATION, attr::OBJECT_ID, attr::VALUE))?;
    assert_eq!(application, "tests");
    assert_eq!(id, b"\x06\x03\x2a\x03\x04");
    assert_eq!(value, b"hello");

    // A longer value, a shorter one, none. SoftHSM lets no value change, and says so.
    for value in [&b"good evening"[..], b"hi", b""] {
        let before = found.get(attr::VALUE)?;
        match found.set(&Template::new().with(attr::VALUE, value)) {
            Ok(()) => assert_eq!(found.get(attr::VALUE)?, value),
            Err(error) => {
                assert!(token.is_softhsm(), "{error}");
                assert_eq!(error.function(), Some(Function::SetAttributeValue));
                assert_eq!(error.return_code(), Some(ReturnCode::ATTRIBUTE_READ_ONLY));
                assert_eq!(found.get(attr::VALUE)?, before);
            }
        }
        assert_eq!(found.get(attr::APPLICATION)?, "tests");
    }
    found.set(&Template::new().with(attr::LABEL, "farewell"))?;
    fails!(session.find::<Data>().label("greeting").one(), ErrorKind::NotFound);
    assert_eq!(session.find::<Data>().label("farewell").one()?, found);
    found.destroy()?;
    assert_eq!(session.find::<Data>().label("farewell").first()?, None);
    Ok(())
}

fn token_objects_outlive_their_session(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = session
        .generate_key(KeyType::AES)
        .bits(256)
        .label("stored")
        .id(b"\x01\x02")
        .store(true)
        .create()?;
    let ciphertext = key.encrypt(DEFAULT.iv(&[7; 16]), b"kept")?;
    token.load()?.finalize()?;

    let session = token.session()?;
    let key = session.find::<SecretKey>().label("stored").one()?;
    assert_eq!(key.get((attr::TOKEN, attr::ID))?, (true, vec![1, 2]));
    assert_eq!(key.decrypt(DEFAULT.iv(&[7; 16]), &ciphertext)?, b"kept");
    Ok(())
}

fn an_object_is_copied(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let object = data(&session, "one", b"value")?;
    let copied = session.copy(&object, &Template::new().with(attr::LABEL, "two"));
    let copy = match copied {
        Ok(copy) => copy,
        Err(error) => {
            assert_eq!(error.function(), Some(Function::CopyObject));
            return skip(Skip::CopiesNoSuchObject);
        }
    };
    assert_ne!(copy, object);
    assert_eq!(copy.get((attr::LABEL, attr::VALUE))?, ("two".to_owned(), b"value".to_vec()));
    object.destroy()?;
    assert_eq!(copy.get(attr::VALUE)?, b"value");
    Ok(())
}

fn a_key_is_copied(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let copy: SecretKey =
        session.copy(&key, &Template::new().with(attr::LABEL, "copy").with(attr::TOKEN, true))?;
    let ciphertext = key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    key.destroy()?;
    assert_eq!(copy.decrypt(DEFAULT.iv(&[0; 16]), &ciphertext)?, b"abc");
    // A copy cannot be made less secret.
    let error = fails!(
        session.copy(&copy, &Template::new().with(attr::SENSITIVE, false)),
        ErrorKind::Failed
    );
    assert_eq!(error.function(), Some(Function::CopyObject));
    Ok(())
}

fn what_is_destroyed_is_gone(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let object = data(&session, "gone", b"value")?;
    let key = aes_key(&session)?;
    object.clone().destroy()?;
    key.clone().destroy()?;

    let error = fails!(object.get(attr::LABEL), ErrorKind::ObjectGone);
    assert_eq!(error.function(), Some(Function::GetAttributeValue));
    assert_eq!(error.return_code(), Some(ReturnCode::OBJECT_HANDLE_INVALID));
    fails!(object.try_get(attr::LABEL), ErrorKind::ObjectGone);
    fails!(object.set(&Template::new().with(attr::LABEL, "x")), ErrorKind::ObjectGone);
    fails!(object.size(), ErrorKind::ObjectGone);
    fails!(session.copy(&object, &Template::new()), ErrorKind::ObjectGone);
    let error = fails!(object.destroy(), ErrorKind::ObjectGone);
    assert_eq!(error.function(), Some(Function::DestroyObject));
    let error = fails!(key.encrypt(DEFAULT.iv(&[0; 16]), b""), ErrorKind::ObjectGone);
    assert_eq!(error.function(), Some(Function::EncryptInit));
    assert!(!error.is_session_lost());
    Ok(())
}

fn objects_say_their_size(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (small, large) = (data(&session, "x", b"1")?, data(&session, "x", &[1; 10_000])?);
    if let (Some(small), Some(large)) = (small.size()?, large.size()?) {
        assert!(small <= large && large < 1 << 20, "{small} {large}");
    }
    Ok(())
}

fn objects_know_their_class(token: &TestToken) -> Outcome {
    let session = token.session()?;
    aes_key(&session)?.set(&Template::new().with(attr::LABEL, "any"))?;
    let any: Object = session.find::<Object>().label("any").one()?;
    assert_eq!(any.get(attr::CLASS)?, ObjectClass::SECRET_KEY);
    let error = fails!(PrivateKey::try_from(any.clone()), ErrorKind::InvalidInput(_));
    assert_eq!(error.object_class(), Some(ObjectClass::PRIVATE_KEY));
    let key = SecretKey::try_from(any.clone())?;
    key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    assert_eq!(Object::from(key), any);
    Ok(())
}

fn a_template_of_nonsense_is_refused(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let unknown =
        Template::new().with(attr::CLASS, ObjectClass::new(0x8765_4321)).with(attr::VALUE, b"x");
    let error = fails!(session.create::<SecretKey>(&unknown), ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::CreateObject));
    assert_eq!(error.object_class(), Some(ObjectClass::SECRET_KEY));
    assert!(error.return_code().is_some());

    let key = session.generate_key(KeyType::AES).bits(256);
    let error = key.create_with(MechanismType::RSA_PKCS_KEY_PAIR_GEN).unwrap_err();
    assert_eq!(error.function(), Some(Function::GenerateKey));
    assert_eq!(error.mechanism(), Some(MechanismType::RSA_PKCS_KEY_PAIR_GEN));

    let aes = || session.generate_key(KeyType::AES);
    let error = fails!(aes().bits(129).create(), ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), Some(Function::GenerateKey));
    fails!(aes().bits(0).create(), ErrorKind::InvalidInput(_));
    fails!(aes().create(), ErrorKind::InvalidInput(_));
    fails!(session.generate_key_pair(KeyType::RSA).create(), ErrorKind::InvalidInput(_));
    let parameters = session.generate_parameters(KeyType::DH);
    let error = parameters.create_with(MechanismType::DH_PKCS_PARAMETER_GEN);
    fails!(error, ErrorKind::InvalidInput(_));
    fails!(session.generate_key(KeyType::new(0x8765_4321)).create(), ErrorKind::NoDefault(_));
    assert_usable(&session)
}

fn an_object_that_may_not_change_does_not(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let fixed = Template::new().with(attr::LABEL, "fixed").with(attr::MODIFIABLE, false);
    let object: Data = session.create(&fixed)?;
    let error = object.set(&Template::new().with(attr::LABEL, "changed")).unwrap_err();
    assert_eq!(error.function(), Some(Function::SetAttributeValue));
    assert_eq!(object.get(attr::LABEL)?, "fixed");
    let key = aes_key(&session)?;
    let error = key.set(&Template::new().with(attr::SENSITIVE, false)).unwrap_err();
    assert_eq!(error.function(), Some(Function::SetAttributeValue));
    assert!(key.get(attr::SENSITIVE)?);
    Ok(())
}

fn keys_say_what_made_them(token: &TestToken) -> Outcome {
    let session = token.token()?.open().user_pin(PIN).start()?;
    let key = session.generate_key(KeyType::AES).bits(192).label("made here").id(b"id").create()?;
    let (class, key_type, label, id) =
        key.get((attr::CLASS, attr::KEY_TYPE, attr::LABEL, attr::ID))?;
    assert_eq!((class, key_type), (ObjectClass::SECRET_KEY, KeyType::AES));
    assert_eq!((&*label, &*id), ("made here", &b"id"[..]));
    assert_eq!(key.get(attr::VALUE_LEN)?, 24);
    let (local, extractable, never) =
        key.get((attr::LOCAL, attr::EXTRACTABLE, attr::NEVER_EXTRACTABLE))?;
    assert!(local && !extractable && never);
    assert_eq!(key.get(attr::KEY_GEN_MECHANISM)?, MechanismType::AES_KEY_GEN);
    let (encrypt, sign, derive) = key.get((attr::ENCRYPT, attr::SIGN, attr::DERIVE))?;
    assert!(encrypt && sign && !derive);
    let only = session
        .generate_key(KeyType::AES)
        .bits(256)
        .capabilities(Capabilities::DECRYPT)
        .create()?;
    assert_eq!(only.get((attr::ENCRYPT, attr::DECRYPT))?, (false, true));
    let error = only.encrypt(DEFAULT.iv(&[0; 16]), b"").unwrap_err();
    assert_eq!(error.function(), Some(Function::EncryptInit));
    assert_eq!(error.return_code(), Some(ReturnCode::KEY_FUNCTION_NOT_PERMITTED));
    Ok(())
}
