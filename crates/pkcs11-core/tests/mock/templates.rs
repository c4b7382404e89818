//! Attributes whose value is a template: given, read back, and lied about.

#[path = "templates/hostile.rs"]
#[allow(unsafe_code, reason = "it answers through the caller's pointers")]
mod hostile;

use pkcs11_core::sys::{
    CK_ATTRIBUTE, CK_ULONG, CKA_LABEL, CKA_UNWRAP_TEMPLATE, CKA_VALUE_LEN, CKA_WRAP_TEMPLATE,
    CKR_ATTRIBUTE_SENSITIVE, CKR_DEVICE_ERROR, CKR_OK, CKR_TEMPLATE_INCONSISTENT,
};
use pkcs11_core::{
    Attr, AttributeType, Data, ErrorKind, Function, KeyType, MlKemParameterSet, Object,
    ObjectClass, ParameterSet, ReturnCode, SecretKey, Template, TokenObject, Unavailable, attr,
};
use pkcs11_mock::{Lie, Mock};

use crate::support::{aes_key, data, failure, open};
use hostile::{Asked, Hostile};

const ENTRY: usize = size_of::<CK_ATTRIBUTE>();

/// A secret key with a template within.
fn key_with<'t>(template: &'t Template<'_>) -> Template<'t> {
    Template::new()
        .with(attr::KEY_TYPE, KeyType::AES)
        .with(attr::VALUE, &[7; 16])
        .with(attr::LABEL, "key")
        .with(attr::UNWRAP_TEMPLATE, template)
}

/// Templates one within another, this many below the first.
fn nested(depth: usize) -> Template<'static> {
    let mut template = Template::new().with(attr::LABEL, "innermost");
    for _ in 0..depth {
        template = Template::new().with(attr::TOKEN, true).with(attr::WRAP_TEMPLATE, template);
    }
    template
}

#[test]
fn a_template_is_read_back_in_three_calls() {
    let mock = Mock::start();
    let session = open(&mock);
    let key: SecretKey = {
        let label = String::from("unwrapped");
        let inner = Template::new()
            .with(attr::CLASS, ObjectClass::SECRET_KEY)
            .with(attr::LABEL, &label)
            .with(attr::ID, &[1, 2, 3])
            .with(attr::EXTRACTABLE, false)
            .with(attr::VALUE_LEN, 32)
            .with(attr::START_DATE.bytes(), &[]);
        session.create(&key_with(&inner)).unwrap()
    };
    key.get(attr::LABEL).unwrap();
    mock.reset_counts();
    let inner = key.get(attr::UNWRAP_TEMPLATE).unwrap();
    assert_eq!(mock.counts(), [("C_GetAttributeValue", 3)]);
    assert_eq!(inner.len(), 6);
    assert_eq!(inner.value(attr::CLASS).unwrap(), Some(ObjectClass::SECRET_KEY));
    assert_eq!(inner.value(attr::LABEL).unwrap().as_deref(), Some("unwrapped"));
    assert_eq!(inner.value(attr::ID).unwrap(), Some(vec![1, 2, 3]));
    assert_eq!(inner.value(attr::EXTRACTABLE).unwrap(), Some(false));
    assert_eq!(inner.value(attr::VALUE_LEN).unwrap(), Some(32));
    assert_eq!(inner.value(attr::START_DATE).unwrap(), Some(None));
    assert_eq!(inner.value(attr::TOKEN).unwrap(), None);
    // What was read can be given again.
    let copy: SecretKey = session.create(&key_with(&inner)).unwrap();
    assert!(copy.get(attr::UNWRAP_TEMPLATE).unwrap().attributes().eq(inner.attributes()));
}

#[test]
fn templates_are_read_among_other_attributes() {
    let mock = Mock::start();
    let session = open(&mock);
    let inner = Template::new().with(attr::SENSITIVE, true);
    let key: SecretKey = session.create(&key_with(&inner)).unwrap();
    let list = (attr::LABEL, attr::UNWRAP_TEMPLATE, attr::WRAP_TEMPLATE, attr::KEY_TYPE);
    let (label, unwrap, wrap, key_type) = key.try_get(list).unwrap();
    assert_eq!((label.unwrap().as_str(), key_type.unwrap()), ("key", KeyType::AES));
    assert_eq!(unwrap.unwrap().value(attr::SENSITIVE).unwrap(), Some(true));
    let missing = ErrorKind::AttributeUnavailable(Unavailable::NoSuchAttribute);
    let error = failure!(wrap, ErrorKind::AttributeUnavailable(_));
    assert_eq!(error.kind().to_string(), missing.to_string());
    assert_eq!(error.attribute(), Some(AttributeType::WRAP_TEMPLATE));
    assert_eq!(error.function(), Some(Function::GetAttributeValue));
}

#[test]
fn an_empty_template_is_one_call() {
    let mock = Mock::start();
    let session = open(&mock);
    let key: SecretKey = session.create(&key_with(&Template::new())).unwrap();
    key.get(attr::LABEL).unwrap();
    mock.reset_counts();
    assert!(key.get(attr::UNWRAP_TEMPLATE).unwrap().is_empty());
    assert_eq!(mock.counts(), [("C_GetAttributeValue", 1)]);
}

#[test]
fn templates_nest_four_deep() {
    let mock = Mock::start();
    let session = open(&mock);
    let key: SecretKey = session.create(&key_with(&nested(3))).unwrap();
    key.get(attr::LABEL).unwrap();
    mock.reset_counts();
    let mut template = key.get(attr::UNWRAP_TEMPLATE).unwrap();
    assert_eq!(mock.calls("C_GetAttributeValue"), 6, "three, and one for each template within");
    for _ in 0..3 {
        assert_eq!(template.value(attr::TOKEN).unwrap(), Some(true));
        template = template.value(attr::WRAP_TEMPLATE).unwrap().unwrap();
    }
    assert_eq!(template.value(attr::LABEL).unwrap().as_deref(), Some("innermost"));
}

#[test]
fn deeper_templates_are_refused() {
    let mock = Mock::start();
    let session = open(&mock);
    for depth in [4, 5, 50] {
        let template = nested(depth);
        let created = session.create::<SecretKey>(&key_with(&template));
        let error = failure!(created, ErrorKind::InvalidInput(_));
        assert_eq!(error.function(), Some(Function::CreateObject));
        assert!(error.to_string().ends_with("templates are nested deeper than 4"), "{error}");
    }
    assert_eq!(mock.calls("C_CreateObject"), 0);
}

#[test]
fn every_function_that_takes_a_template_takes_one_within() {
    let mock = Mock::start();
    let session = open(&mock);
    let inner = Template::new().with(attr::TOKEN, false).with(attr::LABEL, "inner");
    let generated = session.generate_key(KeyType::AES).bits(128);
    let generated = generated.with(attr::UNWRAP_TEMPLATE, &inner);
    let generated = generated.create_with(pkcs11_core::MechanismType::AES_KEY_GEN).unwrap();
    let set = data(&session, attr::LABEL, "outer");
    set.set(&Template::new().with(attr::UNWRAP_TEMPLATE, &inner)).unwrap();
    let copied = Template::new().with(attr::UNWRAP_TEMPLATE, &inner);
    let copied = session.copy(&aes_key(&session), &copied).unwrap();
    let found: Vec<Object> =
        session.find::<Object>().with(attr::UNWRAP_TEMPLATE, &inner).all().unwrap();
    assert_eq!(found.len(), 3);
    for template in [
        generated.get(attr::UNWRAP_TEMPLATE),
        set.get(attr::UNWRAP_TEMPLATE),
        copied.get(attr::UNWRAP_TEMPLATE),
    ] {
        assert_eq!(template.unwrap().value(attr::LABEL).unwrap().as_deref(), Some("inner"));
    }
}

#[test]
fn values_within_a_template_are_typed_and_fail_alone() {
    let mock = Mock::start();
    let session = open(&mock);
    let inner = Template::new()
        .with(attr::TRUSTED.bytes(), &[1, 0])
        .with(attr::KEY_TYPE, KeyType::new(0x9999_9999))
        .with(attr::PARAMETER_SET, MlKemParameterSet::ML_KEM_768)
        .with(attr::LABEL.bytes(), &[0xff, 0xfe]);
    let object = data(&session, attr::DERIVE_TEMPLATE, &inner);
    let inner = object.get(attr::DERIVE_TEMPLATE).unwrap();
    let error = failure!(inner.value(attr::TRUSTED), ErrorKind::AttributeValue { length: 2, .. });
    assert_eq!(error.attribute(), Some(AttributeType::TRUSTED));
    failure!(inner.value(attr::LABEL), ErrorKind::AttributeValue { .. });
    assert_eq!(inner.value(attr::LABEL.bytes()).unwrap(), Some(vec![0xff, 0xfe]));
    let set = inner.value(attr::PARAMETER_SET).unwrap();
    assert_eq!(set, Some(ParameterSet::from(MlKemParameterSet::ML_KEM_768)));
    assert_eq!(inner.value(attr::KEY_TYPE).unwrap(), Some(KeyType::new(0x9999_9999)));
}

#[test]
fn a_vendors_template_needs_the_bit_that_says_so() {
    const VENDORS: Attr<Template<'static>> = Attr::new(0xc000_0001);
    const PLAIN: Attr<Template<'static>> = Attr::new(0x8000_0001);
    let mock = Mock::start();
    let session = open(&mock);
    let inner = Template::new().with(attr::LABEL, "inner");
    let object = data(&session, VENDORS, &inner);
    assert_eq!(object.get(VENDORS).unwrap().len(), 1);
    let template = Template::new().with(PLAIN, &inner);
    let error = failure!(session.create::<Data>(&template), ErrorKind::InvalidInput(_));
    assert_eq!(error.attribute(), Some(PLAIN.attribute()));
    let object = data(&session, PLAIN.bytes(), b"no template");
    let error = failure!(object.get(PLAIN), ErrorKind::AttributeValue { length: 11, .. });
    assert!(error.to_string().ends_with("is no template"), "{error}");
    // Nor is a list of numbers, which has the bit.
    let wrong: Attr<Template<'static>> = Attr::new(0x4000_0600);
    let template = Template::new().with(wrong, &inner);
    failure!(session.create::<Data>(&template), ErrorKind::InvalidInput(_));
}

#[test]
fn lengths_of_templates_are_not_believed() {
    let mock = Mock::start();
    let session = open(&mock);
    let inner = Template::new().with(attr::SENSITIVE, true).with(attr::VALUE_LEN, 16);
    let key: SecretKey = session.create(&key_with(&inner)).unwrap();
    let lengths = [CK_ULONG::MAX, CK_ULONG::MAX - 1, CK_ULONG::MAX >> 1, 25, 240, 24_000];
    let cases = lengths.into_iter().flat_map(|length| (0..3).map(move |call| (length, call)));
    for (length, call) in cases {
        mock.truth("C_GetAttributeValue");
        // The first call is for the label.
        mock.lie_times("C_GetAttributeValue", 1 + call, Lie::Truth);
        mock.lie_times("C_GetAttributeValue", 1, Lie::AttributeLength(CKA_UNWRAP_TEMPLATE, length));
        let (label, template) = key.try_get((attr::LABEL, attr::UNWRAP_TEMPLATE)).unwrap();
        assert_eq!(label.unwrap(), "key");
        let error = template.unwrap_err();
        assert_eq!(error.attribute(), Some(AttributeType::UNWRAP_TEMPLATE), "{error}");
    }
    mock.truth("C_GetAttributeValue");
    assert_eq!(key.get(attr::UNWRAP_TEMPLATE).unwrap().len(), 2);
}

/// Fills an entry as a module does that has one label of so many bytes there.
fn label(entry: &mut CK_ATTRIBUTE, length: CK_ULONG) {
    entry.type_ = CKA_LABEL;
    entry.ulValueLen = length;
}

fn entries(count: usize) -> CK_ULONG {
    CK_ULONG::try_from(count * ENTRY).unwrap()
}

/// The reason that reading gives for a module that answers so, and how many calls it took.
fn reason(
    hostile: &Hostile,
    answer: impl FnMut(Asked, &mut CK_ATTRIBUTE) + Send + 'static,
    code: impl Fn(usize) -> CK_ULONG + Send + 'static,
) -> (Option<Unavailable>, usize) {
    hostile.answers(answer, code);
    let error = hostile.object.get(attr::UNWRAP_TEMPLATE).unwrap_err();
    assert_eq!(error.attribute(), Some(AttributeType::UNWRAP_TEMPLATE), "{error}");
    let why = match error.kind() {
        ErrorKind::AttributeUnavailable(why) => Some(*why),
        ErrorKind::AttributeValue { .. } => None,
        kind => panic!("{kind:?}"),
    };
    (why, hostile.calls())
}

fn broke(why: Option<Unavailable>) -> &'static str {
    match why {
        Some(Unavailable::Misbehaved(what)) => what,
        why => panic!("{why:?}"),
    }
}

const OK: fn(usize) -> CK_ULONG = |_| CKR_OK;

/// One module for all of them: loading it is most of the time under Miri.
#[test]
fn hostile_modules_are_not_believed() {
    let mock = Mock::start();
    let hostile = &Hostile::load(&mock);
    pointers_of_somebody_else_are_never_followed(hostile);
    pointers_that_change_late_are_never_followed(hostile);
    wild_counts_are_refused(hostile);
    part_of_an_entry_is_no_template(hostile);
    wild_lengths_within_are_refused(hostile);
    more_than_was_given_is_not_believed(hostile);
    templates_without_end_are_given_up(hostile);
    templates_that_branch_are_given_up(hostile);
    one_attribute_in_place_of_another_is_noticed(hostile);
    entries_that_were_not_written_are_noticed(hostile);
    values_that_were_not_written_are_zeros(hostile);
    a_value_within_that_is_missing_is_the_templates_failure(hostile);
    a_code_is_believed_where_every_length_is_good(hostile);
    a_lost_device_fails_the_whole_call(hostile);
}

fn pointers_of_somebody_else_are_never_followed(hostile: &Hostile) {
    // NSS copies its own entries over ours, with the pointers that the creator had.
    let answer = |asked: Asked, entry: &mut CK_ATTRIBUTE| match asked.depth {
        0 => entry.ulValueLen = entries(1),
        _ => {
            label(entry, 4);
            entry.pValue = std::ptr::without_provenance_mut(0xdead_0000);
        }
    };
    let (why, calls) = reason(hostile, answer, OK);
    assert_eq!((broke(why), calls), ("it points elsewhere than into our buffer", 2));
}

fn pointers_that_change_late_are_never_followed(hostile: &Hostile) {
    for (address, depth) in [(0, 0), (0, 1), (0xdead_0000, 0), (0xdead_0000, 1)] {
        let answer = move |asked: Asked, entry: &mut CK_ATTRIBUTE| {
            match asked.depth {
                0 => entry.ulValueLen = entries(2),
                _ => label(entry, 4),
            }
            if asked.call == 2 && asked.depth == depth {
                entry.pValue = std::ptr::without_provenance_mut(address);
            }
        };
        let (why, calls) = reason(hostile, answer, OK);
        assert_eq!((broke(why), calls), ("it points elsewhere than into our buffer", 3));
    }
}

fn wild_counts_are_refused(hostile: &Hostile) {
    let more_than_memory = (CK_ULONG::MAX / entries(1) - 1) * entries(1);
    for length in [more_than_memory, entries(1_000_000), entries(257)] {
        let answer = move |_: Asked, entry: &mut CK_ATTRIBUTE| entry.ulValueLen = length;
        assert_eq!(reason(hostile, answer, OK), (Some(Unavailable::TooLarge), 1));
    }
}

fn part_of_an_entry_is_no_template(hostile: &Hostile) {
    let answer = |_: Asked, entry: &mut CK_ATTRIBUTE| entry.ulValueLen = entries(2) + 1;
    assert_eq!(reason(hostile, answer, OK), (None, 1));
}

fn wild_lengths_within_are_refused(hostile: &Hostile) {
    // Each, and both together.
    for length in [CK_ULONG::MAX - 1, 9 << 20] {
        let answer = move |asked: Asked, entry: &mut CK_ATTRIBUTE| match asked.depth {
            0 => entry.ulValueLen = entries(2),
            _ => label(entry, length),
        };
        assert_eq!(reason(hostile, answer, OK), (Some(Unavailable::TooLarge), 2));
    }
}

fn more_than_was_given_is_not_believed(hostile: &Hostile) {
    for length in [200, CK_ULONG::MAX - 1] {
        let answer = move |asked: Asked, entry: &mut CK_ATTRIBUTE| match (asked.depth, asked.call) {
            (0, _) => entry.ulValueLen = entries(1),
            (_, 1) => label(entry, 4),
            _ => label(entry, length),
        };
        let (why, calls) = reason(hostile, answer, OK);
        let what = "it claims to have written more than the buffer holds";
        assert_eq!((broke(why), calls), (what, 3));
    }
}

fn templates_without_end_are_given_up(hostile: &Hostile) {
    // Each entry is a template with such an entry.
    let answer = |_: Asked, entry: &mut CK_ATTRIBUTE| {
        entry.type_ = CKA_UNWRAP_TEMPLATE;
        entry.ulValueLen = entries(1);
    };
    assert_eq!(reason(hostile, answer, OK), (Some(Unavailable::TooDeep), 5));
}

fn templates_that_branch_are_given_up(hostile: &Hostile) {
    let answer = |_: Asked, entry: &mut CK_ATTRIBUTE| {
        entry.type_ = CKA_UNWRAP_TEMPLATE;
        entry.ulValueLen = entries(100);
    };
    assert_eq!(reason(hostile, answer, OK), (Some(Unavailable::TooLarge), 2));
}

fn one_attribute_in_place_of_another_is_noticed(hostile: &Hostile) {
    for (first, then) in
        [(CKA_WRAP_TEMPLATE, CKA_LABEL), (CKA_LABEL, CKA_WRAP_TEMPLATE), (CKA_LABEL, CKA_VALUE_LEN)]
    {
        let answer = move |asked: Asked, entry: &mut CK_ATTRIBUTE| match (asked.depth, asked.call) {
            (0, _) => entry.ulValueLen = entries(1),
            (_, call) => {
                entry.type_ = if call == 1 { first } else { then };
                entry.ulValueLen = entries(2);
            }
        };
        let (why, calls) = reason(hostile, answer, OK);
        assert_eq!((broke(why), calls), ("it gives one attribute in place of another", 3));
    }
}

fn entries_that_were_not_written_are_noticed(hostile: &Hostile) {
    let answer = |asked: Asked, entry: &mut CK_ATTRIBUTE| {
        if asked.depth == 0 {
            entry.ulValueLen = entries(3);
        }
    };
    let (why, calls) = reason(hostile, answer, OK);
    assert_eq!((broke(why), calls), ("it counts an attribute that it does not give", 2));
}

fn values_that_were_not_written_are_zeros(hostile: &Hostile) {
    let answer = |asked: Asked, entry: &mut CK_ATTRIBUTE| match asked.depth {
        0 => entry.ulValueLen = entries(1),
        _ => label(entry, 40),
    };
    hostile.answers(answer, OK);
    let template = hostile.object.get(attr::UNWRAP_TEMPLATE).unwrap();
    assert_eq!(template.get(AttributeType::LABEL), Some(&[0; 40][..]));
}

fn a_value_within_that_is_missing_is_the_templates_failure(hostile: &Hostile) {
    let answer = |asked: Asked, entry: &mut CK_ATTRIBUTE| match (asked.depth, asked.call) {
        (0, _) => entry.ulValueLen = entries(1),
        (_, 1) => label(entry, 4),
        _ => entry.ulValueLen = CK_ULONG::MAX,
    };
    let sensitive = |call| if call == 2 { CKR_ATTRIBUTE_SENSITIVE } else { CKR_OK };
    assert_eq!(reason(hostile, answer, sensitive), (Some(Unavailable::Sensitive), 3));
    assert_eq!(reason(hostile, answer, OK), (Some(Unavailable::Unknown), 3));
}

fn a_code_is_believed_where_every_length_is_good(hostile: &Hostile) {
    let answer = |asked: Asked, entry: &mut CK_ATTRIBUTE| match asked.depth {
        0 => entry.ulValueLen = entries(1),
        _ => label(entry, 4),
    };
    let codes = [CKR_ATTRIBUTE_SENSITIVE, CKR_TEMPLATE_INCONSISTENT];
    for (code, failing) in codes.into_iter().flat_map(|code| (0..3).map(move |call| (code, call))) {
        let answered = move |call| if call == failing { code } else { CKR_OK };
        let (why, calls) = reason(hostile, answer, answered);
        let expected = Unavailable::Failed(ReturnCode::new(code));
        assert_eq!((why, calls), (Some(expected), failing + 1));
    }
}

fn a_lost_device_fails_the_whole_call(hostile: &Hostile) {
    let answer = |_: Asked, entry: &mut CK_ATTRIBUTE| entry.ulValueLen = entries(1);
    let answered = |call| if call == 1 { CKR_DEVICE_ERROR } else { CKR_OK };
    hostile.answers(answer, answered);
    let read = hostile.object.try_get(attr::UNWRAP_TEMPLATE);
    let error = failure!(read, ErrorKind::Failed);
    assert_eq!(error.return_code(), Some(ReturnCode::DEVICE_ERROR));
}
