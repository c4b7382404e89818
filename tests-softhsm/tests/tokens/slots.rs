//! Slots, tokens, mechanisms, and finding a token.

use pkcs11::prelude::*;
use pkcs11::{Function, MaxSessions, MechanismFlags, ReturnCode, SlotFlags, Version};
use tests_softhsm::{Kind, LABEL, Outcome, TestToken, fails, tests};

tests! {
    waiting_for_a_token_has_an_end: and Nss;
    a_module_says_what_it_is: and Nss;
    slots_say_what_they_are: and Nss;
    tokens_say_what_they_are: and Nss;
    mechanism_lists_keep_every_number: and Nss;
    mechanisms_say_what_they_do: and Nss;
    tokens_are_found_by_what_they_are;
    no_token_matches: and Nss;
    two_tokens_of_one_label;
}

fn a_module_says_what_it_is(token: &TestToken) -> Outcome {
    let info = token.load()?.info()?;
    let (major, minor) = match token.kind() {
        Kind::SoftHsm => (2, 40),
        Kind::Embedded => (3, 2),
        Kind::Nss => (3, 0),
    };
    assert_eq!(info.cryptoki_version, Version { major, minor });
    assert!(!info.manufacturer.is_empty() && !info.description.is_empty());
    assert_eq!(info.description, info.description.trim());
    Ok(())
}

fn slots_say_what_they_are(token: &TestToken) -> Outcome {
    let module = token.load()?;
    let slots = module.slots()?;
    assert!(!slots.is_empty());
    assert!(module.slots_with_token()?.len() <= slots.len());
    for slot in &slots {
        let info = slot.info()?;
        assert!(info.flags.contains(SlotFlags::TOKEN_PRESENT));
        assert!(!info.description.is_empty());
        assert_eq!(slot.module(), &module);
    }
    let found = module.token(label(LABEL))?;
    assert!(slots.iter().any(|slot| slot.id() == found.slot().id()));
    Ok(())
}

fn tokens_say_what_they_are(token: &TestToken) -> Outcome {
    let token = token.token()?;
    let info = token.info()?;
    assert_eq!(info.label, LABEL);
    assert!(!info.serial_number.is_empty());
    assert!(info.flags.contains(
        TokenFlags::TOKEN_INITIALIZED
            | TokenFlags::USER_PIN_INITIALIZED
            | TokenFlags::LOGIN_REQUIRED
            | TokenFlags::RNG
    ));
    assert_ne!(info.max_sessions, MaxSessions::Count(0));
    if let (Some(all), Some(writing)) = (info.sessions, info.rw_sessions) {
        assert!(writing <= all);
    }
    if info.max_pin_length != 0 {
        assert!(info.min_pin_length <= info.max_pin_length);
    }
    Ok(())
}

fn mechanism_lists_keep_every_number(token: &TestToken) -> Outcome {
    let slot = token.token()?.slot().clone();
    let mechanisms = slot.mechanisms()?;
    let least = if token.is_softhsm() { 60 } else { 140 };
    assert!(mechanisms.len() >= least, "{}", mechanisms.len());
    // What the standard does not name is there as a number.
    let unnamed = mechanisms.iter().filter(|number| number.name().is_none());
    if !token.is_softhsm() {
        assert!(unnamed.clone().count() > 0);
    }
    for number in unnamed {
        assert!(number.to_string().starts_with("0x"));
        slot.mechanism_info(*number)?;
    }
    Ok(())
}

fn mechanisms_say_what_they_do(token: &TestToken) -> Outcome {
    let token = token.token()?;
    let slot = token.slot();
    for mechanism in slot.mechanisms()? {
        let info = slot.mechanism_info(mechanism)?;
        assert_eq!(token.mechanism_info(mechanism)?, Some(info));
    }
    let cbc = slot.mechanism_info(MechanismType::AES_CBC)?;
    assert!(cbc.flags.contains(MechanismFlags::ENCRYPT | MechanismFlags::DECRYPT));
    assert_eq!((cbc.min_key_size, cbc.max_key_size), (16, 32));
    let ec = slot.mechanism_info(MechanismType::EC_KEY_PAIR_GEN)?;
    assert!(ec.flags.contains(MechanismFlags::GENERATE_KEY_PAIR | MechanismFlags::EC_NAMEDCURVE));

    let unknown = MechanismType::new(0x8765_4321);
    assert_eq!(token.mechanism_info(unknown)?, None);
    let error = fails!(slot.mechanism_info(unknown), ErrorKind::MechanismNotOffered);
    assert_eq!(error.function(), Some(Function::GetMechanismInfo));
    assert_eq!(error.return_code(), Some(ReturnCode::MECHANISM_INVALID));
    assert_eq!(error.mechanism(), Some(unknown));
    Ok(())
}

fn tokens_are_found_by_what_they_are(token: &TestToken) -> Outcome {
    let module = token.load()?;
    let info = token.token()?.info()?;
    let queries = [
        label(LABEL),
        TokenQuery::new().serial(&info.serial_number),
        TokenQuery::new().label(LABEL).manufacturer(&info.manufacturer),
        TokenQuery::new().label(LABEL).model(&info.model),
        TokenQuery::new().flags(TokenFlags::USER_PIN_INITIALIZED),
        label(LABEL).slot_flags(SlotFlags::TOKEN_PRESENT),
        label(LABEL).mechanisms([MechanismType::AES_CBC, MechanismType::RSA_PKCS]),
    ];
    for query in queries {
        let said = format!("{query:?}");
        assert_eq!(module.token(query)?.info()?.label, LABEL, "{said}");
    }
    Ok(())
}

fn no_token_matches(token: &TestToken) -> Outcome {
    let module = token.load()?;
    let unknown = MechanismType::new(0x8765_4321);
    let queries = [
        (label("nobody"), "nobody"),
        (label(LABEL).serial("none"), "none"),
        (label(LABEL).flags(TokenFlags::ERROR_STATE), "ERROR_STATE"),
        (label(LABEL).mechanisms([MechanismType::AES_CBC, unknown]), "0x87654321"),
        // Labels are compared whole.
        (label("TES"), "TES"),
    ];
    for (query, said) in queries {
        let error = fails!(module.token(query), ErrorKind::TokenNotFound(_));
        assert!(error.to_string().contains(said), "{error}");
    }
    Ok(())
}

fn two_tokens_of_one_label(token: &TestToken) -> Outcome {
    let module = token.load()?;
    token.second_token(&module, LABEL)?;
    let error = fails!(module.token(label(LABEL)), ErrorKind::MultipleTokens { count: 2, .. });
    assert!(error.to_string().contains(LABEL), "{error}");
    // Each can be told by its serial number.
    let mut serials = Vec::new();
    for found in module.tokens()? {
        let info = found.info()?;
        if info.label == LABEL {
            assert_eq!(module.token(label(LABEL).serial(&info.serial_number))?, found);
            serials.push(info.serial_number);
        }
    }
    assert_eq!(serials.len(), 2);
    assert_ne!(serials[0], serials[1]);
    Ok(())
}

/// Software tokens never come and go; some modules do not even say that.
fn waiting_for_a_token_has_an_end(token: &TestToken) -> Outcome {
    let module = token.load()?;
    let answer = module.slot_event();
    let waited = module.wait_for_slot_event(std::time::Duration::from_millis(250));
    match (answer, waited) {
        (Ok(_), Ok(event)) => assert!(event.is_none()),
        (Err(one), Err(two)) => {
            for error in [one, two] {
                assert!(matches!(error.kind(), ErrorKind::FunctionNotSupported), "{error:?}");
            }
        }
        other => panic!("{other:?}"),
    }
    Ok(())
}
