//! Reading attributes: what was written, what was lied about, and why something is missing.

use pkcs11_core::sys::{
    CK_ULONG, CKA_CLASS, CKA_ID, CKA_LABEL, CKA_PRIVATE, CKR_ATTRIBUTE_TYPE_INVALID,
    CKR_DEVICE_ERROR, CKR_OBJECT_HANDLE_INVALID,
};
use pkcs11_core::{
    Attr, Certificate, Date, ErrorKind, Function, KeyType, MechanismType, Object, ObjectClass,
    SecretKey, Template, TokenObject, Unavailable, attr,
};
use pkcs11_mock::{Lie, Mock};
use rstest::rstest;

use crate::support::{aes_key, data, failure, open};

#[test]
fn any_set_of_attributes_is_one_call() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    // How the token deviates from the standard is asked once.
    key.get(attr::LABEL).unwrap();
    mock.reset_counts();
    let (class, label, id) = key.get((attr::CLASS, attr::LABEL, attr::ID)).unwrap();
    assert_eq!((class, label.as_str(), id), (ObjectClass::SECRET_KEY, "key", vec![1, 2]));
    assert_eq!(mock.counts(), [("C_GetAttributeValue", 1)]);
}

/// A slice of attributes of one type is a vector of values, in its order.
#[test]
fn a_slice_of_attributes_is_one_call() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    key.get(attr::LABEL).unwrap();
    mock.reset_counts();
    let values = key.get(&[attr::ID, attr::LABEL.bytes()][..]).unwrap();
    assert_eq!(values, [vec![1, 2], b"key".to_vec()]);
    assert_eq!(mock.counts(), [("C_GetAttributeValue", 1)]);
    let outcomes = key.try_get(&[attr::SUBJECT, attr::ID][..]).unwrap();
    assert!(outcomes[0].is_err());
    assert_eq!(*outcomes[1].as_ref().unwrap(), [1, 2]);
    let none: &[Attr<[u8]>] = &[];
    assert!(key.get(none).unwrap().is_empty());
}

#[test]
fn a_value_that_does_not_fit_the_guess_is_one_call_more() {
    let mock = Mock::start();
    let session = open(&mock);
    let long = vec![5; 2000];
    let object = data(&session, attr::VALUE, &long);
    object.get(attr::LABEL).unwrap();
    mock.reset_counts();
    assert_eq!(object.get(attr::VALUE).unwrap(), long);
    assert_eq!(mock.counts(), [("C_GetAttributeValue", 2)]);
    let longer = vec![6; 20_000];
    let object = data(&session, attr::VALUE, &longer);
    mock.reset_counts();
    let (class, value) = object.get((attr::CLASS, attr::VALUE)).unwrap();
    assert_eq!((class, value), (ObjectClass::DATA, longer));
    assert_eq!(mock.counts(), [("C_GetAttributeValue", 4)]);
}

#[test]
fn each_attribute_has_its_own_reason() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    let list = (attr::LABEL, attr::VALUE, attr::SUBJECT, attr::KEY_TYPE);
    let (label, value, subject, key_type) = key.try_get(list).unwrap();
    assert_eq!(label.unwrap(), "key");
    let error = failure!(value, ErrorKind::AttributeUnavailable(Unavailable::Sensitive));
    assert_eq!(error.to_string(), "C_GetAttributeValue(CKA_VALUE): the attribute is sensitive");
    let missing = ErrorKind::AttributeUnavailable(Unavailable::NoSuchAttribute);
    let error = failure!(subject, ErrorKind::AttributeUnavailable(_));
    assert_eq!(error.kind().to_string(), missing.to_string());
    assert_eq!(error.attribute(), Some(attr::SUBJECT.attribute()));
    assert_eq!(key_type.unwrap(), KeyType::AES);
    failure!(key.get(list), ErrorKind::AttributeUnavailable(Unavailable::Sensitive));
}

#[rstest]
#[case::unavailable(CK_ULONG::MAX)]
#[case::almost(CK_ULONG::MAX - 1)]
#[case::half(CK_ULONG::MAX >> 1)]
#[case::a_gigabyte(1 << 30)]
#[case::larger_than_any_place(20_000)]
fn lengths_are_not_believed(#[case] length: CK_ULONG) {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    for kind in [CKA_LABEL, CKA_CLASS, CKA_PRIVATE, CKA_ID] {
        mock.lie("C_GetAttributeValue", Lie::AttributeLength(kind, length));
        let list = (attr::LABEL, attr::CLASS, attr::PRIVATE, attr::ID);
        let (label, class, private, id) = key.try_get(list).unwrap();
        let failed = [label.is_err(), class.is_err(), private.is_err(), id.is_err()];
        let expected = [CKA_LABEL, CKA_CLASS, CKA_PRIVATE, CKA_ID].map(|other| other == kind);
        assert_eq!(failed, expected, "one attribute's lie is that attribute's own");
    }
}

#[test]
fn a_length_within_the_place_shows_only_what_was_zeroed() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    mock.lie("C_GetAttributeValue", Lie::AttributeLength(CKA_ID, 100));
    let id = key.get(attr::ID).unwrap();
    assert_eq!((id.len(), &id[..2]), (100, &[1, 2][..]));
    assert!(id[2..].iter().all(|byte| *byte == 0));
    for length in [0, 3, 7] {
        mock.lie("C_GetAttributeValue", Lie::AttributeLength(CKA_CLASS, length));
        failure!(key.get(attr::CLASS), ErrorKind::AttributeValue { .. });
    }
}

#[test]
fn values_of_a_wrong_size_name_attribute_and_type() {
    let mock = Mock::start();
    let session = open(&mock);
    let (eight, nine) = (&[0; 8], &[0; 9]);
    let object: Certificate = session
        .create(
            &Template::new()
                .with(attr::TRUSTED.bytes(), &[1, 0])
                .with(attr::MODULUS_BITS.bytes(), &[1, 0, 0])
                .with(attr::VALUE_LEN.bytes(), nine)
                .with(attr::START_DATE.bytes(), b"2026013")
                .with(attr::END_DATE.bytes(), eight)
                .with(attr::ALLOWED_MECHANISMS.bytes(), nine)
                .with(attr::VALIDATION_VERSION.bytes(), &[3])
                .with(attr::LABEL.bytes(), &[0xff, 0xfe]),
        )
        .unwrap();
    fn refused<T: pkcs11_core::ValueType + ?Sized>(object: &Certificate, attribute: Attr<T>) {
        let error = failure!(object.get(attribute), ErrorKind::AttributeValue { .. });
        assert_eq!(error.attribute(), Some(attribute.attribute()));
        assert_eq!(error.function(), Some(Function::GetAttributeValue));
        let (text, wanted) = (error.to_string(), T::EXPECTED);
        assert!(text.ends_with(&format!("bytes is no {wanted}")), "{text}");
        // The bytes are to be had all the same.
        assert!(object.get(attribute.bytes()).is_ok());
    }
    refused(&object, attr::TRUSTED);
    refused(&object, attr::MODULUS_BITS);
    refused(&object, attr::VALUE_LEN);
    refused(&object, attr::START_DATE);
    refused(&object, attr::END_DATE);
    refused(&object, attr::ALLOWED_MECHANISMS);
    refused(&object, attr::VALIDATION_VERSION);
    refused(&object, attr::LABEL);
    assert_eq!(object.get(attr::CLASS).unwrap(), ObjectClass::CERTIFICATE);
}

#[test]
fn odd_values_that_mean_something_are_read() {
    let mock = Mock::start();
    let session = open(&mock);
    let object: Object = session
        .create(
            &Template::new()
                .with(attr::CLASS, ObjectClass::new(0x8000_0042))
                .with(attr::TRUSTED.bytes(), &[])
                .with(attr::VALUE_LEN.bytes(), &7_u32.to_ne_bytes())
                .with(attr::START_DATE.bytes(), &[])
                .with(attr::END_DATE, Date { year: 2026, month: 1, day: 31 })
                .with(attr::KEY_TYPE, KeyType::new(0x9999_9999)),
        )
        .unwrap();
    assert_eq!(object.get(attr::CLASS).unwrap().number(), 0x8000_0042);
    assert!(!object.get(attr::TRUSTED).unwrap());
    assert_eq!(object.get(attr::VALUE_LEN).unwrap(), 7);
    assert_eq!(object.get(attr::START_DATE).unwrap(), None);
    let end = object.get(attr::END_DATE).unwrap();
    assert_eq!(end.unwrap().to_string(), "2026-01-31");
    assert_eq!(object.get(attr::KEY_TYPE).unwrap().name(), None);
    let error = failure!(SecretKey::try_from(object), ErrorKind::InvalidInput(_));
    assert_eq!(error.object_class(), Some(ObjectClass::SECRET_KEY));
}

#[test]
fn lists_of_numbers_are_read_by_their_length_in_bytes() {
    let mock = Mock::start();
    let session = open(&mock);
    let list = [MechanismType::AES_GCM, MechanismType::new(0x8000_0001)];
    let object = data(&session, attr::ALLOWED_MECHANISMS, &list[..]);
    assert_eq!(object.get(attr::ALLOWED_MECHANISMS).unwrap(), list);
    let object = data(&session, attr::ALLOWED_MECHANISMS, &[][..]);
    assert_eq!(object.get(attr::ALLOWED_MECHANISMS).unwrap(), []);
}

#[test]
fn a_failure_of_the_whole_call_is_one_error() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    mock.lie("C_GetAttributeValue", Lie::Code(CKR_DEVICE_ERROR));
    failure!(key.try_get((attr::LABEL, attr::ID)), ErrorKind::Failed);
    mock.lie("C_GetAttributeValue", Lie::Code(CKR_OBJECT_HANDLE_INVALID));
    failure!(key.try_get(attr::LABEL), ErrorKind::ObjectGone);
    // Says that something is missing, and of no attribute that it is the one.
    mock.lie("C_GetAttributeValue", Lie::Code(CKR_ATTRIBUTE_TYPE_INVALID));
    failure!(key.get(attr::ID), ErrorKind::AttributeUnavailable(_));
    mock.truth("C_GetAttributeValue");
    key.clone().destroy().unwrap();
    failure!(key.get(attr::LABEL), ErrorKind::ObjectGone);
    failure!(key.destroy(), ErrorKind::ObjectGone);
}

#[test]
fn numbers_of_nss_are_plain_values() {
    let mock = Mock::start();
    let session = open(&mock);
    // CKA_TRUST_STEP_UP_APPROVED has the bit that marks templates in the standard.
    let step_up: Attr<bool> = Attr::new(0xce53_6360);
    let object = data(&session, attr::LABEL, "trust");
    let error = failure!(object.get(step_up), ErrorKind::AttributeUnavailable(_));
    assert_eq!(error.to_string().find("template"), None, "the module was asked");
    assert!(session.find::<Object>().with(step_up, true).all().is_ok());
    let template: Attr<[u8]> = Attr::new(0x4000_0211);
    let error = failure!(object.get(template), ErrorKind::AttributeUnavailable(_));
    assert_eq!(
        error.attribute().map(|number| number.to_string()).as_deref(),
        Some("CKA_WRAP_TEMPLATE")
    );
    failure!(object.set(&Template::new().with(template, b"bytes")), ErrorKind::InvalidInput(_));
}
