//! Keys: what they may do, what is read of them, what is changed in them.

use pkcs11::prelude::*;
use pkcs11::{Function, ReturnCode, Unavailable};
use tests_softhsm::{Kind, Outcome, TestToken, fails, tests};

use crate::common::assert_usable;

tests! {
    a_key_is_made_read_back_and_relabelled: and Nss;
    without_capabilities_a_key_does_nothing: and Nss;
    templates_are_not_shared_between_calls: and Nss;
    keys_are_found_by_their_id: and Nss;
    a_read_that_partly_fails_grants_nothing: and Nss;
    a_read_with_empty_values: and Nss;
    an_integer_is_a_big_integer: and Nss;
    a_secret_key_is_created_of_its_value: and Nss;
}

fn a_key_is_made_read_back_and_relabelled(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = session.generate_key(KeyType::AES).bits(128).label("MY KEY").create()?;
    let (label, key_type, length) = key.get((attr::LABEL, attr::KEY_TYPE, attr::VALUE_LEN))?;
    assert_eq!((&*label, key_type, length), ("MY KEY", KeyType::AES, 16));
    key.set(&Template::new().with(attr::LABEL, "NEW LABEL").with(attr::ID, b"\x2a"))?;
    assert_eq!(key.get((attr::LABEL, attr::ID))?, ("NEW LABEL".to_owned(), vec![0x2a]));
    fails!(session.find::<SecretKey>().label("MY KEY").one(), ErrorKind::NotFound);
    assert_eq!(session.find::<SecretKey>().label("NEW LABEL").one()?, key);
    Ok(())
}

fn without_capabilities_a_key_does_nothing(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = session
        .generate_key(KeyType::AES)
        .bits(128)
        .capabilities(Capabilities::empty())
        .create()?;
    assert_eq!(
        key.get((attr::ENCRYPT, attr::DECRYPT, attr::SIGN, attr::VERIFY, attr::WRAP))?,
        (false, false, false, false, false)
    );
    let iv = [0; 16];
    let refused = |error: Error, function| {
        assert_eq!(error.function(), Some(function));
        assert!(error.return_code().is_some(), "{error:?}");
    };
    refused(key.encrypt(DEFAULT.iv(&iv), b"abc").unwrap_err(), Function::EncryptInit);
    refused(key.decrypt(DEFAULT.iv(&iv), &[0; 16]).unwrap_err(), Function::DecryptInit);
    refused(key.sign(MechanismType::AES_CMAC, b"abc").unwrap_err(), Function::SignInit);
    let mac = [0; 16];
    let error = key.verify(MechanismType::AES_CMAC, b"abc", &mac).unwrap_err();
    refused(error, Function::VerifyInit);
    let error = key.encrypt(DEFAULT.iv(&iv), b"abc").unwrap_err();
    let code = match token.kind() {
        Kind::Nss => ReturnCode::KEY_TYPE_INCONSISTENT,
        Kind::SoftHsm | Kind::Embedded => ReturnCode::KEY_FUNCTION_NOT_PERMITTED,
    };
    assert_eq!(error.return_code(), Some(code));
    assert_usable(&session)
}

/// What one call says of its key, the next does not inherit.
fn templates_are_not_shared_between_calls(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let special = session
        .generate_key(KeyType::AES)
        .bits(128)
        .label("special")
        .with(attr::ENCRYPT, false)
        .with(attr::DERIVE, true)
        .with(attr::EXTRACTABLE, true)
        .without(attr::SIGN)
        .create()?;
    assert_eq!(special.get((attr::ENCRYPT, attr::DERIVE))?, (false, true));
    let usual = session.generate_key(KeyType::AES).bits(128).create()?;
    let read = (attr::ENCRYPT, attr::DERIVE, attr::EXTRACTABLE, attr::SIGN);
    assert_eq!(usual.get(read)?, (true, false, false, true));
    assert_ne!(usual.get(attr::LABEL).unwrap_or_default(), "special");

    let template = Template::new().with(attr::LABEL, "one").with(attr::VALUE, b"1");
    let one: Data = session.create(&template)?;
    let two: Data = session.create(&template.clone().with(attr::LABEL, "two"))?;
    assert_eq!(one.get(attr::LABEL)?, "one");
    assert_eq!(two.get((attr::LABEL, attr::VALUE))?, ("two".to_owned(), b"1".to_vec()));
    Ok(())
}

fn keys_are_found_by_their_id(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let make = |id: &'static [u8]| session.generate_key(KeyType::AES).bits(128).id(id).create();
    let (one, two) = (make(b"\x01")?, make(b"\x02\x00")?);
    assert_eq!(session.find::<SecretKey>().id(b"\x01").one()?, one);
    assert_eq!(session.find::<SecretKey>().id(b"\x02\x00").one()?, two);
    fails!(session.find::<SecretKey>().id(b"\x02").one(), ErrorKind::NotFound);
    make(b"\x01")?;
    fails!(session.find::<SecretKey>().id(b"\x01").one(), ErrorKind::MultipleObjects);
    Ok(())
}

fn a_read_that_partly_fails_grants_nothing(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = session
        .generate_key(KeyType::AES)
        .bits(128)
        .capabilities(Capabilities::ENCRYPT)
        .create()?;
    let (value, modulus, encrypt, decrypt, sign, wrap) = key.try_get((
        attr::VALUE,
        attr::MODULUS,
        attr::ENCRYPT,
        attr::DECRYPT,
        attr::SIGN,
        attr::WRAP,
    ))?;
    fails!(value, ErrorKind::AttributeUnavailable(Unavailable::Sensitive));
    fails!(modulus, ErrorKind::AttributeUnavailable(Unavailable::NoSuchAttribute));
    assert_eq!((encrypt?, decrypt?, sign?, wrap?), (true, false, false, false));
    // Nothing of what is asked for is there.
    let (value, modulus) = key.try_get((attr::VALUE, attr::MODULUS))?;
    value.unwrap_err();
    modulus.unwrap_err();
    Ok(())
}

fn a_read_with_empty_values(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let template =
        Template::new().with(attr::LABEL, "").with(attr::APPLICATION, "").with(attr::VALUE, b"");
    let object: Data = session.create(&template)?;
    let (class, label, application, value) =
        object.get((attr::CLASS, attr::LABEL, attr::APPLICATION, attr::VALUE))?;
    assert_eq!(class, ObjectClass::DATA);
    assert_eq!((&*label, &*application, &*value), ("", "", &b""[..]));
    Ok(())
}

/// 65537 is three bytes, not so many zeros.
fn an_integer_is_a_big_integer(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, _) = session
        .generate_key_pair(KeyType::RSA)
        .bits(2048)
        .with_public(attr::PUBLIC_EXPONENT, 65_537_u64)
        .create()?;
    let (modulus, exponent) = public.get((attr::MODULUS, attr::PUBLIC_EXPONENT))?;
    assert_eq!((modulus.bits(), exponent.as_bytes()), (2048, &[1, 0, 1][..]));
    let group = DhGroup::MODP_2048.parameters();
    let (public, _) = session.generate_key_pair(group.clone()).create()?;
    assert_eq!(public.get((attr::PRIME, attr::BASE))?, (group.prime, group.base));
    assert_eq!(public.get(attr::BASE)?.as_bytes(), [2]);
    Ok(())
}

fn a_secret_key_is_created_of_its_value(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::AES)
        .with(attr::VALUE, b"1234567890abcdef")
        .with(attr::LABEL, "imported")
        .with(attr::ENCRYPT, true)
        .with(attr::DECRYPT, true);
    let key: SecretKey = session.create(&template)?;
    let ciphertext = key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    assert_eq!(key.decrypt(DEFAULT.iv(&[0; 16]), &ciphertext)?, b"abc");
    assert_eq!(session.find::<SecretKey>().label("imported").one()?, key);
    key.destroy()?;
    fails!(session.find::<SecretKey>().label("imported").one(), ErrorKind::NotFound);
    Ok(())
}
