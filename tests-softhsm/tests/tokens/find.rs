//! Searching for objects.

use pkcs11::prelude::*;
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable, data};

tests! {
    the_one_is_found: and Nss;
    not_found_and_too_many: and Nss;
    limits_are_kept: and Nss;
    found_by_class_type_and_id: and Nss;
    keys_work_inside_a_search: and Nss;
    searches_work_inside_a_search: and Nss;
    a_thousand_objects_are_found: and Nss;
    what_was_destroyed_meanwhile_says_so: and Nss;
    searching_for_nonsense_leaves_the_session_usable: and Nss;
}

fn the_one_is_found(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let one = data(&session, "one", b"1")?;
    data(&session, "two", b"2")?;
    assert_eq!(session.find::<Data>().label("one").one()?, one);
    assert_eq!(session.find::<Data>().label("one").first()?, Some(one));
    let by_value = session.find::<Data>().with(attr::VALUE, b"2").one()?;
    assert_eq!(by_value.get(attr::LABEL)?, "two");
    Ok(())
}

fn not_found_and_too_many(token: &TestToken) -> Outcome {
    let session = token.session()?;
    data(&session, "twin", b"")?;
    data(&session, "twin", b"")?;
    let error = fails!(session.find::<Data>().label("twin").one(), ErrorKind::MultipleObjects);
    assert_eq!(error.object_class(), Some(ObjectClass::DATA));
    let error = fails!(session.find::<SecretKey>().label("twin").one(), ErrorKind::NotFound);
    assert_eq!(error.object_class(), Some(ObjectClass::SECRET_KEY));
    assert!(error.to_string().contains("CKO_SECRET_KEY"), "{error}");
    assert_eq!(session.find::<Data>().label("none").first()?, None);
    assert_usable(&session)
}

fn limits_are_kept(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for _ in 0..100 {
        data(&session, "many", b"")?;
    }
    for limit in [0, 1, 2, 63, 64, 65, 99, 100] {
        let found = session.find::<Data>().label("many").limit(limit).all()?;
        assert_eq!(found.len(), limit);
        // Stopping early leaves no search behind.
        session.random::<4>()?;
    }
    assert_eq!(session.find::<Data>().label("many").limit(101).all()?.len(), 100);
    assert_usable(&session)
}

fn found_by_class_type_and_id(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = |key_type, bits, id: &'static [u8]| {
        session.generate_key(key_type).bits(bits).id(id).create()
    };
    let aes = key(KeyType::AES, 128, b"a")?;
    let generic = key(KeyType::GENERIC_SECRET, 256, b"g")?;
    let by_type = |key_type| session.find::<SecretKey>().key_type(key_type).one();
    assert_eq!(by_type(KeyType::AES)?, aes);
    assert_eq!(by_type(KeyType::GENERIC_SECRET)?, generic);
    assert_eq!(session.find::<SecretKey>().id(b"g").one()?, generic);
    let both = session.find::<SecretKey>().with(attr::TOKEN, false).all()?;
    assert_eq!(both.len(), 2);
    fails!(session.find::<SecretKey>().id(b"a").key_type(KeyType::DES3).one(), ErrorKind::NotFound);
    Ok(())
}

fn keys_work_inside_a_search(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for _ in 0..5 {
        aes_key(&session)?;
    }
    let keys = session.find::<SecretKey>().key_type(KeyType::AES).all()?;
    assert_eq!(keys.len(), 5);
    for key in keys {
        let ciphertext = key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
        assert_eq!(key.decrypt(DEFAULT.iv(&[0; 16]), &ciphertext)?, b"abc");
        assert_eq!(key.get(attr::VALUE_LEN)?, 32);
        key.destroy()?;
    }
    assert!(session.find::<SecretKey>().all()?.is_empty());
    Ok(())
}

fn searches_work_inside_a_search(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for label in ["a", "b", "c"] {
        data(&session, label, label.as_bytes())?;
    }
    let mut pairs = 0;
    for outer in session.find::<Data>().all()? {
        for inner in session.find::<Data>().all()? {
            let label = inner.get(attr::LABEL)?;
            assert_eq!(session.find::<Data>().label(&label).one()?, inner);
            pairs += usize::from(inner != outer);
        }
    }
    assert_eq!(pairs, 6);
    Ok(())
}

fn a_thousand_objects_are_found(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for number in 0..1000_u32 {
        data(&session, "one of many", &number.to_be_bytes())?;
    }
    let found = session.find::<Data>().label("one of many").all()?;
    let mut numbers =
        found.iter().map(|object| object.get(attr::VALUE)).collect::<Result<Vec<_>>>()?;
    numbers.sort();
    assert_eq!(numbers.len(), 1000);
    for (number, value) in (0..1000_u32).zip(numbers) {
        assert_eq!(value, number.to_be_bytes());
    }
    Ok(())
}

fn what_was_destroyed_meanwhile_says_so(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for label in ["a", "b"] {
        data(&session, label, b"")?;
    }
    let found = session.find::<Data>().all()?;
    let other = token.session()?;
    for object in other.find::<Data>().all()? {
        object.destroy()?;
    }
    for object in found {
        fails!(object.get(attr::LABEL), ErrorKind::ObjectGone);
    }
    Ok(())
}

fn searching_for_nonsense_leaves_the_session_usable(token: &TestToken) -> Outcome {
    const UNKNOWN: Attr<u64> = Attr::new(0xDEAD_BEEF);
    let session = token.session()?;
    for _ in 0..3 {
        if let Ok(found) = session.find::<Object>().with(UNKNOWN, 1_u64).all() {
            assert!(found.is_empty());
        }
        let class = ObjectClass::new(0x8765_4321);
        let found = session.find::<Object>().with(attr::CLASS, class).all();
        assert!(found.is_ok_and(|found| found.is_empty()));
    }
    assert_usable(&session)
}
