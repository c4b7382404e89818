//! Reading attributes of a token that writes past buffers: two calls, whatever the attributes.

use pkcs11_core::mechanism::Mechanism;
use pkcs11_core::sys::{
    CK_ULONG, CKA_CLASS, CKA_ID, CKA_LABEL, CKA_PRIVATE, CKA_VALUE, CKR_GENERAL_ERROR,
};
use pkcs11_core::{
    Capabilities, Context, Defaults, ErrorKind, KeyType, LoadOptions, ModuleInfo, ObjectClass,
    Quirks, Request, Result, Session, Template, TokenInfo, TokenObject, Unavailable, Usage, attr,
    label,
};
use pkcs11_mock::{LABEL, Lie, Mock};
use rstest::rstest;

use crate::support::{aes_key, data, failure, open_on, try_load};

const READ: &str = "C_GetAttributeValue";

/// No defaults, and a token that writes past buffers.
#[derive(Debug)]
struct Overruns;

impl Defaults for Overruns {
    fn mechanism<'a>(&self, _: &Request<'a>, context: &Context<'_>) -> Result<Mechanism<'a>> {
        Err(context.no_default("none is needed here"))
    }

    fn capabilities(&self, _: KeyType) -> Option<Capabilities> {
        None
    }

    fn template(&self, _: ObjectClass, _: KeyType, _: Usage) -> Template<'static> {
        Template::new()
    }

    fn quirks(&self, _: &ModuleInfo, _: &TokenInfo) -> Quirks {
        Quirks::NONE.with_lengths_first(true)
    }
}

fn open(mock: &Mock) -> Session {
    let module = try_load(mock, LoadOptions::new().defaults(Overruns)).unwrap();
    let session = open_on(mock, &module.token(label(LABEL)).unwrap());
    // How the token deviates from the standard is asked once.
    aes_key(&session).get(attr::LABEL).unwrap();
    mock.reset_counts();
    session
}

#[test]
fn any_set_of_attributes_is_two_calls() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    let (class, label, id) = key.get((attr::CLASS, attr::LABEL, attr::ID)).unwrap();
    assert_eq!((class, label.as_str(), id), (ObjectClass::SECRET_KEY, "key", vec![1, 2]));
    assert_eq!(mock.calls(READ), 2);
    for length in [0, 1, 63, 64, 65, 20_000] {
        let long = vec![5; length];
        let object = data(&session, attr::VALUE, &long);
        mock.reset_counts();
        let (value, class) = object.get((attr::VALUE, attr::CLASS)).unwrap();
        assert_eq!((value, class), (long, ObjectClass::DATA));
        assert_eq!(mock.calls(READ), 2);
    }
}

#[test]
fn each_attribute_has_its_own_reason() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    // The code tells of one.
    mock.reset_counts();
    let (label, value) = key.try_get((attr::LABEL, attr::VALUE)).unwrap();
    assert_eq!(label.unwrap(), "key");
    failure!(value, ErrorKind::AttributeUnavailable(Unavailable::Sensitive));
    assert_eq!(mock.calls(READ), 2);
    // Of two it does not.
    let list = (attr::VALUE, attr::SUBJECT, attr::KEY_TYPE);
    let (value, subject, key_type) = key.try_get(list).unwrap();
    failure!(value, ErrorKind::AttributeUnavailable(Unavailable::Sensitive));
    failure!(subject, ErrorKind::AttributeUnavailable(Unavailable::NoSuchAttribute));
    assert_eq!(key_type.unwrap(), KeyType::AES);
    // None has a length: there is no second call.
    mock.reset_counts();
    let value = key.get(attr::VALUE);
    failure!(value, ErrorKind::AttributeUnavailable(Unavailable::Sensitive));
    assert_eq!(mock.calls(READ), 1);
}

/// As with NSS' database and its numbers.
#[rstest]
#[case::lengths(0)]
#[case::values(1)]
fn what_fails_together_is_read_alone(#[case] call: u64) {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    mock.lie_times(READ, call, Lie::Truth);
    mock.lie_times(READ, 1, Lie::Code(CKR_GENERAL_ERROR));
    let (class, label) = key.get((attr::CLASS, attr::LABEL)).unwrap();
    assert_eq!((class, label.as_str()), (ObjectClass::SECRET_KEY, "key"));
    assert_eq!(mock.calls(READ), 1 + call + 4);
}

/// Where the length that the module told is not enough for itself.
#[test]
fn an_exact_length_that_is_refused_gets_slack() {
    let mock = Mock::start();
    let session = open(&mock);
    let object = data(&session, attr::VALUE, &[5; 40]);
    // The first length is believed and is too short: it is asked again, alone.
    mock.lie_times(READ, 1, Lie::AttributeLength(CKA_VALUE, 38));
    assert_eq!(object.get(attr::VALUE).unwrap(), [5; 40]);
    assert_eq!(mock.calls(READ), 4);
    // It tells the same each time.
    mock.reset_counts();
    for _ in 0..2 {
        mock.lie_times(READ, 1, Lie::AttributeLength(CKA_VALUE, 38));
        mock.lie_times(READ, 1, Lie::Truth);
    }
    assert_eq!(object.get(attr::VALUE).unwrap(), [5; 40]);
    assert_eq!(mock.calls(READ), 5);
}

#[rstest]
#[case::unavailable(CK_ULONG::MAX)]
#[case::almost(CK_ULONG::MAX - 1)]
#[case::half(CK_ULONG::MAX >> 1)]
#[case::a_gigabyte(1 << 30)]
fn lengths_are_not_believed(#[case] length: CK_ULONG) {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    for kind in [CKA_LABEL, CKA_CLASS, CKA_PRIVATE, CKA_ID] {
        mock.lie(READ, Lie::AttributeLength(kind, length));
        let list = (attr::LABEL, attr::CLASS, attr::PRIVATE, attr::ID);
        let (label, class, private, id) = key.try_get(list).unwrap();
        let failed = [label.is_err(), class.is_err(), private.is_err(), id.is_err()];
        let expected = [CKA_LABEL, CKA_CLASS, CKA_PRIVATE, CKA_ID].map(|other| other == kind);
        assert_eq!(failed, expected, "one attribute's lie is that attribute's own");
    }
}
