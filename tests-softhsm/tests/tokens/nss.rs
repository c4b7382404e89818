//! NSS softokn: what it wants at initialisation, and where it writes past a buffer.

use pkcs11::prelude::*;
use pkcs11::{AttributeType, Function, LoadOptions, ReturnCode};
use tests_softhsm::native::counted;
use tests_softhsm::{LABEL, Outcome, PIN, TestToken, fails, tests};

use crate::common::known_key;

tests! {
    it_loads_with_its_reserved_string: blank only Nss;
    without_a_string_the_error_says_so: blank only Nss;
    a_string_that_is_wrong_is_another_error: blank only Nss;
    it_is_joined_with_the_same_string: only Nss;
    its_slot_without_a_database_needs_no_login: blank only Nss;
    attributes_are_asked_for_their_lengths_first: only Nss;
    a_number_on_the_token_wants_its_exact_length: only Nss;
    lists_are_read_with_slack: only Nss;
    a_template_that_is_somebody_elses_is_not_followed: only Nss;
    what_is_wrong_never_verifies: only Nss;
}

/// The token that has no database: keys of the session only.
const GENERIC: &str = "NSS Generic Crypto Services";

fn it_loads_with_its_reserved_string(token: &TestToken) -> Outcome {
    let options = LoadOptions::new().reserved(token.nss_parameters())?;
    let module = options.load(token.path())?;
    assert_eq!(module.info()?.manufacturer, "Mozilla Foundation");
    let mut labels = Vec::new();
    for token in module.tokens()? {
        labels.push(token.info()?.label);
    }
    assert_eq!(labels, [GENERIC, LABEL]);
    assert!(token.dir().join("nss/key4.db").is_file());
    Ok(())
}

fn without_a_string_the_error_says_so(token: &TestToken) -> Outcome {
    let error = fails!(pkcs11::load(token.path()), ErrorKind::WantsReservedString);
    assert_eq!(error.function(), Some(Function::Initialize));
    assert_eq!(error.return_code(), Some(ReturnCode::ARGUMENTS_BAD));
    assert!(error.to_string().contains("wants a reserved string"), "{error}");
    // It can still be loaded.
    token.load()?.info()?;
    Ok(())
}

fn a_string_that_is_wrong_is_another_error(token: &TestToken) -> Outcome {
    let nowhere = token.dir().join("no-such-folder");
    let text = format!("configdir='sql:{}' certPrefix='' keyPrefix='' flags=", nowhere.display());
    let error = fails!(pkcs11::options().reserved(text)?.load(token.path()), ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::Initialize));
    token.load()?.info()?;
    Ok(())
}

fn it_is_joined_with_the_same_string(token: &TestToken) -> Outcome {
    let (one, two) = (token.load()?, token.load()?);
    assert_eq!(one, two);
    let session = one.token(label(LABEL))?.open().user_pin(PIN).start()?;
    drop(one);
    session.random::<16>()?;
    let other = token.nss_parameters().replace(LABEL, "OTHER");
    for options in [pkcs11::options().reserved(other)?, pkcs11::options()] {
        fails!(options.load(token.path()), ErrorKind::OtherOptions);
    }
    drop((session, two));
    // Nobody has it now.
    let other = token.nss_parameters().replace(LABEL, "OTHER");
    let module = pkcs11::options().reserved(other)?.load(token.path())?;
    module.token(label("OTHER"))?;
    Ok(())
}

fn its_slot_without_a_database_needs_no_login(token: &TestToken) -> Outcome {
    let text = "configdir='' certPrefix='' keyPrefix='' secmod='' flags=noCertDB,noModDB,readOnly";
    let module = pkcs11::options().reserved(text)?.load(token.path())?;
    let session = module.token(label(GENERIC))?.open().start()?;
    let key = session.generate_key(KeyType::AES).bits(256).create()?;
    let ciphertext = key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    assert_eq!(key.decrypt(DEFAULT.iv(&[0; 16]), &ciphertext)?, b"abc");
    Ok(())
}

/// It ignores `ulValueLen` of what is no number.
fn attributes_are_asked_for_their_lengths_first(token: &TestToken) -> Outcome {
    // Whatever the defaults are: this is no matter of policy.
    let options = LoadOptions::new().reserved(token.nss_parameters())?;
    let (mock, module) = counted(token, options)?;
    let session = module.token(label(LABEL))?.open().user_pin(PIN).start()?;
    // The room on the stack for a value of unknown length is 512 bytes.
    for length in [0, 1, 511, 512, 513, 5000, 20_000] {
        let (text, value) = ("l".repeat(length), vec![7; length]);
        let template = Template::new()
            .with(attr::LABEL, text.as_str())
            .with(attr::ID, &value[..])
            .with(attr::KEY_TYPE, KeyType::GENERIC_SECRET)
            .with(attr::VALUE, &[1; 16][..])
            .with(attr::SENSITIVE, false)
            .with(attr::EXTRACTABLE, true);
        let key: SecretKey = session.create(&template)?;
        mock.reset_counts();
        let (class, read, id) = key.get((attr::CLASS, attr::LABEL, attr::ID))?;
        assert_eq!(class, ObjectClass::SECRET_KEY);
        assert!(read == text && id == value, "{length}");
        let (missing, found) = key.try_get((attr::MODULUS, attr::VALUE))?;
        fails!(missing, ErrorKind::AttributeUnavailable(Unavailable::NoSuchAttribute));
        assert_eq!(found?, [1; 16]);
        assert_eq!(mock.calls("C_GetAttributeValue"), 4);
    }
    Ok(())
}

/// In its database it finds a buffer too small that is larger than a number.
fn a_number_on_the_token_wants_its_exact_length(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = session.generate_key(KeyType::AES).bits(256).store(true).label("kept").create()?;
    let attributes = (attr::CLASS, attr::KEY_TYPE, attr::VALUE_LEN, attr::LABEL, attr::TOKEN);
    let expected = (ObjectClass::SECRET_KEY, KeyType::AES, 32, "kept".to_owned(), true);
    assert_eq!(key.get(attributes)?, expected);
    assert_eq!(key.get(attr::KEY_TYPE)?, KeyType::AES);
    Ok(())
}

/// It ignores the count of a list, too.
fn lists_are_read_with_slack(token: &TestToken) -> Outcome {
    let (mock, module) = counted(token, token.options()?)?;
    mock.reset_counts();
    let slots = module.slots()?;
    assert_eq!((slots.len(), mock.calls("C_GetSlotList")), (2, 2));
    for slot in slots {
        mock.reset_counts();
        let mechanisms = slot.mechanisms()?;
        assert_eq!(mock.calls("C_GetMechanismList"), 2);
        assert!(mechanisms.len() > 100, "{}", mechanisms.len());
        assert!(mechanisms.contains(&MechanismType::AES_CBC_PAD));
        let mut unlike = mechanisms.clone();
        unlike.sort();
        unlike.dedup();
        assert_eq!(unlike.len(), mechanisms.len());
    }
    Ok(())
}

/// It answers with the pointers that it was given when the key was made.
fn a_template_that_is_somebody_elses_is_not_followed(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let inner = Template::new().with(attr::LABEL, "inner").with(attr::SENSITIVE, true);
    let key = session.generate_key(KeyType::AES).bits(128).label("key");
    let key = key.with(attr::UNWRAP_TEMPLATE, &inner).create()?;
    drop(inner);
    let (template, label) = key.try_get((attr::UNWRAP_TEMPLATE, attr::LABEL))?;
    assert_eq!(label?, "key");
    let error = fails!(template, ErrorKind::AttributeUnavailable(Unavailable::Misbehaved(_)));
    assert_eq!(error.attribute(), Some(AttributeType::UNWRAP_TEMPLATE));
    Ok(())
}

/// It says so by whatever code its last failure left behind, so only that it is an error holds.
fn what_is_wrong_never_verifies(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = known_key(&session, KeyType::GENERIC_SECRET, &[7; 32])?;
    let mac = key.sign(DEFAULT, b"message")?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let raw = MechanismType::RSA_PKCS;
    let signature = private.sign(raw, b"message")?;
    for byte in [0, 16, 31] {
        let mut wrong = mac.clone();
        wrong[byte] ^= 1;
        key.verify(DEFAULT, b"message", &wrong).unwrap_err();
        let mut wrong = signature.clone();
        wrong[byte] ^= 1;
        public.verify(raw, b"message", &wrong).unwrap_err();
    }
    // It looks at no more than 32 bytes of a MAC, however many there are.
    for length in [0, 1, 31, 33, 64] {
        let mut wrong = mac.clone();
        wrong.resize(length, 0);
        fails!(key.verify(DEFAULT, b"message", &wrong), ErrorKind::SignatureInvalid);
    }
    key.verify(DEFAULT, b"other", &mac).unwrap_err();
    public.verify(raw, b"other", &signature).unwrap_err();
    key.verify(DEFAULT, b"message", &mac)?;
    public.verify(raw, b"message", &signature)?;
    Ok(())
}
