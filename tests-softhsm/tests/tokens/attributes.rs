//! Reading attributes: many at once, each with its own outcome.

use pkcs11::prelude::*;
use pkcs11::{AttributeType, Date, Function, Unavailable};
use tests_softhsm::{Outcome, Skip, TestToken, fails, skip, tests};

use crate::common::{aes_key, data};

tests! {
    a_tuple_is_read_at_once: and Nss;
    each_attribute_has_its_own_outcome: and Nss;
    a_sensitive_value_stays_on_the_token: and Nss;
    what_may_leave_leaves: and Nss;
    unknown_attributes_fail_alone: and Nss;
    a_template_is_no_plain_value: and Nss;
    a_vendors_attribute_is_a_number: and Nss;
    a_value_of_another_type_says_which: and Nss;
    text_that_is_no_utf8_is_bytes: and Nss;
    large_values_come_whole: and Nss;
    many_large_values_come_whole: and Nss;
    numbers_of_a_public_key;
    dates: and Nss;
    an_attribute_that_fails_oddly_fails_alone: and Nss;
    an_allowed_mechanism_list;
    a_template_comes_back;
    a_template_that_nobody_set: and Nss;
    templates_within_templates: and Nss;
}

fn a_tuple_is_read_at_once(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key =
        session.generate_key(KeyType::AES).bits(128).label("äöü €").id(&[0xff; 40]).create()?;
    let (class, label, id) = key.get((attr::CLASS, attr::LABEL, attr::ID))?;
    assert_eq!(class, ObjectClass::SECRET_KEY);
    assert_eq!(label, "äöü €");
    assert_eq!(id, [0xff; 40]);
    let many = key.get((
        attr::TOKEN,
        attr::PRIVATE,
        attr::SENSITIVE,
        attr::ENCRYPT,
        attr::DECRYPT,
        attr::SIGN,
        attr::VERIFY,
        attr::WRAP,
        attr::UNWRAP,
        attr::DERIVE,
        attr::EXTRACTABLE,
        attr::MODIFIABLE,
    ))?;
    assert_eq!(many, (false, true, true, true, true, true, true, true, true, false, false, true));
    Ok(())
}

fn each_attribute_has_its_own_outcome(token: &TestToken) -> Outcome {
    let key = aes_key(&token.session()?)?;
    let (class, modulus, value, length) =
        key.try_get((attr::CLASS, attr::MODULUS, attr::VALUE, attr::VALUE_LEN))?;
    assert_eq!(class?, ObjectClass::SECRET_KEY);
    assert_eq!(length?, 32);
    let error = fails!(modulus, ErrorKind::AttributeUnavailable(Unavailable::NoSuchAttribute));
    assert_eq!(error.attribute(), Some(AttributeType::MODULUS));
    let error = fails!(value, ErrorKind::AttributeUnavailable(Unavailable::Sensitive));
    assert_eq!(error.attribute(), Some(AttributeType::VALUE));
    assert_eq!(error.function(), Some(Function::GetAttributeValue));
    Ok(())
}

fn a_sensitive_value_stays_on_the_token(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let error =
        fails!(key.get(attr::VALUE), ErrorKind::AttributeUnavailable(Unavailable::Sensitive));
    assert_eq!(error.to_string(), "C_GetAttributeValue(CKA_VALUE): the attribute is sensitive");
    // Among others it is the one that is named.
    let error = fails!(
        key.get((attr::CLASS, attr::VALUE, attr::LABEL)),
        ErrorKind::AttributeUnavailable(Unavailable::Sensitive)
    );
    assert_eq!(error.attribute(), Some(AttributeType::VALUE));
    Ok(())
}

fn what_may_leave_leaves(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = session
        .generate_key(KeyType::AES)
        .bits(256)
        .with(attr::SENSITIVE, false)
        .with(attr::EXTRACTABLE, true)
        .create()?;
    let value = key.get(attr::VALUE)?;
    assert_eq!(value.len(), 32);
    assert!(value.iter().any(|&byte| byte != 0));
    Ok(())
}

fn unknown_attributes_fail_alone(token: &TestToken) -> Outcome {
    const UNKNOWN: Attr<u64> = Attr::new(0x9EAD_BEEF);
    let object = data(&token.session()?, "known", b"value")?;
    let error =
        fails!(object.get(UNKNOWN), ErrorKind::AttributeUnavailable(Unavailable::NoSuchAttribute));
    assert_eq!(error.attribute(), Some(UNKNOWN.attribute()));
    assert!(error.to_string().contains("0x9eadbeef"), "{error}");
    let (label, unknown, value) = object.try_get((attr::LABEL, UNKNOWN, attr::VALUE))?;
    assert_eq!(label?, "known");
    assert_eq!(value?, b"value");
    unknown.unwrap_err();
    Ok(())
}

/// Bit 30 (CKF_ARRAY_ATTRIBUTE) says that the value is a template, with pointers in it.
fn a_template_is_no_plain_value(token: &TestToken) -> Outcome {
    const ARRAY: Attr<u64> = Attr::new(0xDEAD_BEEF);
    let object = data(&token.session()?, "known", b"value")?;
    let error =
        fails!(object.get(ARRAY), ErrorKind::AttributeUnavailable(_) | ErrorKind::InvalidInput(_));
    assert_eq!(error.attribute(), Some(ARRAY.attribute()));
    assert!(error.to_string().contains("0xdeadbeef"), "{error}");
    assert_eq!(error.function(), Some(Function::GetAttributeValue));
    let (label, array) = object.try_get((attr::LABEL, ARRAY))?;
    assert_eq!(label?, "known");
    array.unwrap_err();
    Ok(())
}

fn a_vendors_attribute_is_a_number(token: &TestToken) -> Outcome {
    const VENDOR: Attr<str> = Attr::new(0x8000_0001);
    let session = token.session()?;
    let object = data(&session, "x", b"")?;
    object.get(VENDOR).unwrap_err();
    let made = session.create::<Data>(&Template::new().with(VENDOR, "mine"));
    if let Err(error) = made {
        assert_eq!(error.function(), Some(Function::CreateObject));
    }
    // Looked for, it finds nothing, or the token says that it does not know it.
    match session.find::<Data>().with(VENDOR, "other").all() {
        Ok(found) => assert!(found.is_empty()),
        Err(error) => assert_eq!(error.function(), Some(Function::FindObjectsInit)),
    }
    assert_eq!(session.find::<Data>().label("x").all()?.len(), 1);
    Ok(())
}

fn a_value_of_another_type_says_which(token: &TestToken) -> Outcome {
    const LABEL_AS_NUMBER: Attr<u64> = Attr::new(attr::LABEL.attribute().number());
    const LABEL_AS_BOOL: Attr<bool> = Attr::new(attr::LABEL.attribute().number());
    let session = token.session()?;
    for text in ["abc", "a text longer than the number that is asked for"] {
        let object = data(&session, text, b"")?;
        let error = fails!(
            object.get(LABEL_AS_NUMBER),
            ErrorKind::AttributeValue { expected: "CK_ULONG", length } if *length == text.len()
        );
        assert_eq!(error.attribute(), Some(AttributeType::LABEL));
        assert_eq!(error.function(), Some(Function::GetAttributeValue));
        fails!(object.get(LABEL_AS_BOOL), ErrorKind::AttributeValue { expected: "CK_BBOOL", .. });
        let (label, value) = object.try_get((LABEL_AS_NUMBER, attr::VALUE))?;
        label.unwrap_err();
        value?;
    }
    Ok(())
}

fn text_that_is_no_utf8_is_bytes(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let latin1 = b"caf\xe9";
    let template = Template::new().with(attr::LABEL.bytes(), latin1);
    let object = match session.create::<Data>(&template) {
        Ok(object) => object,
        Err(error) => {
            assert_eq!(error.function(), Some(Function::CreateObject));
            return skip(Skip::TakesOnlyUtf8);
        }
    };
    fails!(
        object.get(attr::LABEL),
        ErrorKind::AttributeValue { expected: "UTF-8 text", length: 4 }
    );
    assert_eq!(object.get(attr::LABEL.bytes())?, latin1);
    Ok(())
}

fn large_values_come_whole(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for length in [0, 511, 512, 513, 4095, 4096, 16_383, 16_384, 16_385, 300_000] {
        let value: Vec<u8> = (0..=255).cycle().take(length).collect();
        let object = data(&session, "large", &value)?;
        assert!(object.get(attr::VALUE)? == value, "{length} bytes");
        let (label, read) = object.get((attr::LABEL, attr::VALUE))?;
        assert_eq!(label, "large");
        assert!(read == value, "{length} bytes");
        object.destroy()?;
    }
    Ok(())
}

fn many_large_values_come_whole(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (label, application) = ("l".repeat(700), "a".repeat(40_000));
    let template = Template::new()
        .with(attr::LABEL, &label)
        .with(attr::APPLICATION, &application)
        .with(attr::VALUE, &[3; 20_000]);
    let object: Data = session.create(&template)?;
    let read =
        object.get((attr::LABEL, attr::APPLICATION, attr::VALUE, attr::PRIVATE, attr::CLASS))?;
    assert!(read.0 == label && read.1 == application && read.2 == [3; 20_000]);
    assert_eq!(read.4, ObjectClass::DATA);
    Ok(())
}

fn numbers_of_a_public_key(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let (modulus, exponent) = public.get((attr::MODULUS, attr::PUBLIC_EXPONENT))?;
    assert_eq!(modulus.bits(), 2048);
    assert_eq!(exponent, 65537.into());
    assert_eq!(public.get(attr::MODULUS_BITS)?, 2048);
    assert_eq!(private.get(attr::MODULUS)?, modulus);
    let (prime, own) = private.try_get((attr::PRIME_1, attr::MODULUS))?;
    fails!(prime, ErrorKind::AttributeUnavailable(Unavailable::Sensitive));
    own?;
    Ok(())
}

fn dates(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = dated_key(&session, false)?;
    assert_eq!(key.get(attr::END_DATE)?, Some(END));
    // Nobody set it: empty, or not there, but no error of reading the other one.
    let (end, start) = key.try_get((attr::END_DATE, attr::START_DATE))?;
    assert_eq!(end?, Some(END));
    if let Ok(start) = start {
        assert_eq!(start, None);
    }
    Ok(())
}

/// SoftHSM 2.6.1 answers CKR_GENERAL_ERROR to the date of a private key, and stops there.
fn an_attribute_that_fails_oddly_fails_alone(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = dated_key(&session, true)?;
    let (label, date, length) = key.try_get((attr::LABEL, attr::END_DATE, attr::VALUE_LEN))?;
    assert_eq!(label?, "dated");
    assert_eq!(length?, 16);
    match date {
        Ok(date) => assert_eq!(date, Some(END)),
        Err(error) => {
            assert_eq!(error.attribute(), Some(AttributeType::END_DATE));
            assert_eq!(error.function(), Some(Function::GetAttributeValue));
        }
    }
    if let Err(error) = key.get((attr::LABEL, attr::END_DATE)) {
        assert_eq!(error.attribute(), Some(AttributeType::END_DATE));
    }
    Ok(())
}

const END: Date = Date { year: 2031, month: 12, day: 24 };

fn dated_key(session: &Session, private: bool) -> Result<SecretKey> {
    let key = session.generate_key(KeyType::AES).bits(128).label("dated");
    key.with(attr::PRIVATE, private).with(attr::END_DATE, END).create()
}

fn an_allowed_mechanism_list(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let allowed = [MechanismType::AES_CBC_PAD, MechanismType::AES_CBC];
    let key = session
        .generate_key(KeyType::AES)
        .bits(128)
        .with(attr::ALLOWED_MECHANISMS, &allowed[..])
        .create()?;
    let mut read = key.get(attr::ALLOWED_MECHANISMS)?;
    read.sort();
    let mut wanted = allowed.to_vec();
    wanted.sort();
    assert_eq!(read, wanted);
    key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    let error = key.encrypt(MechanismType::AES_ECB, &[0; 16]).unwrap_err();
    assert_eq!(error.function(), Some(Function::EncryptInit));
    Ok(())
}

fn a_template_comes_back(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let inner = Template::new()
        .with(attr::KEY_TYPE, KeyType::AES)
        .with(attr::SENSITIVE, true)
        .with(attr::EXTRACTABLE, false)
        .with(attr::LABEL, "unwrapped");
    let key = session.generate_key(KeyType::AES).bits(128).label("unwraps");
    let key = key.with(attr::UNWRAP_TEMPLATE, &inner).create()?;
    drop(inner);
    let (label, read) = key.get((attr::LABEL, attr::UNWRAP_TEMPLATE))?;
    assert_eq!(label, "unwraps");
    assert_eq!(read.len(), 4);
    assert_eq!(read.value(attr::KEY_TYPE)?, Some(KeyType::AES));
    assert_eq!(read.value(attr::SENSITIVE)?, Some(true));
    assert_eq!(read.value(attr::EXTRACTABLE)?, Some(false));
    assert_eq!(read.value(attr::LABEL)?.as_deref(), Some("unwrapped"));
    Ok(())
}

/// It is empty, or not there.
fn a_template_that_nobody_set(token: &TestToken) -> Outcome {
    let key = aes_key(&token.session()?)?;
    let (template, class) = key.try_get((attr::WRAP_TEMPLATE, attr::CLASS))?;
    assert_eq!(class?, ObjectClass::SECRET_KEY);
    match template {
        Ok(template) => assert!(template.is_empty()),
        Err(error) => {
            assert_eq!(error.attribute(), Some(AttributeType::WRAP_TEMPLATE));
            assert!(matches!(error.kind(), ErrorKind::AttributeUnavailable(_)), "{error}");
        }
    }
    Ok(())
}

/// Few tokens take them. SoftHSM 2.6.1 gives back the pointers with which the key was made.
fn templates_within_templates(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let innermost = Template::new().with(attr::LABEL, "innermost");
    let inner = Template::new().with(attr::LABEL, "inner").with(attr::WRAP_TEMPLATE, innermost);
    let key = session.generate_key(KeyType::AES).bits(128).label("key");
    let key = match key.with(attr::UNWRAP_TEMPLATE, &inner).create() {
        Ok(key) => key,
        Err(error) => {
            assert_eq!(error.function(), Some(Function::GenerateKey));
            return Ok(());
        }
    };
    drop(inner);
    let (label, read) = key.try_get((attr::LABEL, attr::UNWRAP_TEMPLATE))?;
    assert_eq!(label?, "key");
    match read {
        Ok(read) => {
            let innermost = read.value(attr::WRAP_TEMPLATE)?.unwrap_or_default();
            assert_eq!(innermost.value(attr::LABEL)?.as_deref(), Some("innermost"));
        }
        Err(error) => assert_eq!(error.attribute(), Some(AttributeType::UNWRAP_TEMPLATE)),
    }
    Ok(())
}
