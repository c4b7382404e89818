//! What is secret is in no `Debug`, no error and no trace.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use pkcs11_core::mechanism::AesCbcPad;
use pkcs11_core::{
    ErrorKind, KeyType, LoadOptions, MechanismType, Pin, SecretKey, Template, TokenObject, attr,
};
use pkcs11_mock::{Mock, USER_PIN};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::support::{MESSAGE, failure, token, try_load};

const SECRET_PIN: &str = "secret-pin-4711";
const SECRET_VALUE: &str = "secret-value-0815";

/// Collects all that is traced, at every level.
#[derive(Clone, Default)]
struct Trace(Arc<Mutex<String>>);

impl Subscriber for Trace {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Text(&mut self.0.lock().unwrap()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Text(&mut self.0.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Text(&mut self.0.lock().unwrap()));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Text<'t>(&'t mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0, "{field}={value:?}").unwrap();
    }
}

fn assert_silent(what: &str, text: &str) {
    let bytes = format!("{:?}", SECRET_PIN.as_bytes());
    for secret in [SECRET_PIN, SECRET_VALUE, bytes.trim_matches(['[', ']'])] {
        assert!(!text.contains(secret), "{what} tells: {text}");
    }
}

#[test]
fn pins_print_as_stars() {
    let vector = SECRET_PIN.as_bytes().to_vec();
    let string = SECRET_PIN.to_owned();
    for pin in [Pin::from(SECRET_PIN), Pin::from(vector), Pin::from(&string), Pin::from(string)] {
        assert_eq!(format!("{pin:?} {pin:#?}"), "Pin(***) Pin(***)");
    }
}

#[test]
fn nothing_that_holds_a_secret_prints_it() {
    let mock = Mock::start();
    let options = LoadOptions::new().reserved(SECRET_PIN).unwrap();
    assert_silent("LoadOptions", &format!("{options:?}"));
    let module = try_load(&mock, options).unwrap();
    let token = module.tokens().unwrap().remove(0);
    let builder = token.open().user_pin(USER_PIN);
    let session = builder.start().unwrap();
    session.set_pin(USER_PIN, SECRET_PIN).unwrap();
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::GENERIC_SECRET)
        .with(attr::VALUE, SECRET_VALUE);
    let key: SecretKey = session.create(&template).unwrap();
    let search = session.find::<SecretKey>().with(attr::VALUE, SECRET_VALUE);
    let shown: [(&str, &dyn Debug); 7] = [
        ("Module", &module),
        ("Token", &token),
        ("SessionBuilder", &token.open().user_pin(SECRET_PIN)),
        ("Session", &session),
        ("Template", &template),
        ("SecretKey", &key),
        ("Find", &search),
    ];
    for (what, value) in shown {
        assert_silent(what, &format!("{value:?} {value:#?}"));
    }
    let wrong = session.set_pin(SECRET_VALUE, SECRET_PIN);
    let error = failure!(wrong, ErrorKind::PinIncorrect);
    assert_silent("Error", &format!("{error} {error:?} {:?}", error.kind()));
}

#[test]
fn nothing_secret_is_traced() {
    let trace = Trace::default();
    tracing::subscriber::with_default(trace.clone(), || {
        let mock = Mock::start();
        // Other tests have traced with nobody listening, which is remembered.
        tracing::callsite::rebuild_interest_cache();
        let token = token(&mock);
        let session = token.open().user_pin(USER_PIN).start().unwrap();
        session.set_pin(USER_PIN, SECRET_PIN).unwrap();
        let wrong = token.open().user_pin(SECRET_VALUE).start();
        failure!(wrong, ErrorKind::PinIncorrect);
        let template = Template::new()
            .with(attr::KEY_TYPE, KeyType::GENERIC_SECRET)
            .with(attr::SENSITIVE, false)
            .with(attr::EXTRACTABLE, true)
            .with(attr::VALUE, SECRET_VALUE);
        let key: SecretKey = session.create(&template).unwrap();
        assert_eq!(key.get(attr::VALUE).unwrap(), SECRET_VALUE.as_bytes());
        key.sign(MechanismType::SHA256_HMAC, SECRET_VALUE.as_bytes()).unwrap();
        failure!(key.encrypt(AesCbcPad::new(&[0; 16]), MESSAGE), ErrorKind::Failed);
    });
    let text = trace.0.lock().unwrap();
    assert!(text.contains("CKR_KEY_TYPE_INCONSISTENT"), "{text}");
    assert_silent("tracing", &text);
}
