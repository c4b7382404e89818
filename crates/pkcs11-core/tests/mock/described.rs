//! Objects that describe the token: profiles, validations, trust in certificates.

use pkcs11_core::sys::CKO_PROFILE;
use pkcs11_core::{
    CertificateTrust, ErrorKind, MechanismType, Object, ObjectClass, Profile, ProfileId, Template,
    Trust, TrustInfo, Validation, ValidationAuthority, ValidationFlags, ValidationType, Version,
    attr,
};
use pkcs11_mock::{Lie, Mock};

use crate::support::{failure, open};

#[test]
fn profiles_are_numbers_of_the_standard_or_others() {
    let mock = Mock::start();
    let session = open(&mock);
    assert_eq!(session.profiles().unwrap(), []);
    let unknown = ProfileId::new(77);
    for id in [ProfileId::BASELINE_PROVIDER, unknown] {
        let template = Template::new().with(attr::PROFILE_ID, id);
        let profile: Profile = session.create(&template).unwrap();
        assert_eq!(profile.id().unwrap(), id);
    }
    let mut profiles = session.profiles().unwrap();
    profiles.sort_by_key(|id| id.number());
    assert_eq!(profiles, [ProfileId::BASELINE_PROVIDER, unknown]);
    let mut of_token = session.token().profiles().unwrap();
    of_token.sort_by_key(|id| id.number());
    assert_eq!(of_token, profiles);
    let object = session.find::<Object>().with(attr::PROFILE_ID, unknown).one().unwrap();
    assert!(Profile::try_from(object.clone()).is_ok());
    failure!(Validation::try_from(object), ErrorKind::InvalidInput(_));
    assert_eq!(ObjectClass::PROFILE.number(), CKO_PROFILE);
    let broken = Template::new().with(attr::PROFILE_ID.bytes(), &[1, 2]);
    let _: Profile = session.create(&broken).unwrap();
    failure!(session.profiles(), ErrorKind::AttributeValue { .. });
}

fn validation() -> Template<'static> {
    Template::new()
        .with(attr::VALIDATION_TYPE, ValidationType::HARDWARE)
        .with(attr::VALIDATION_VERSION, Version { major: 140, minor: 3 })
        .with(attr::VALIDATION_LEVEL, 3)
        .with(attr::VALIDATION_MODULE_ID, "Mock Module")
        .with(attr::VALIDATION_FLAG, ValidationFlags::from_bits_retain(4))
        .with(attr::VALIDATION_AUTHORITY_TYPE, ValidationAuthority::NIST_CMVP)
        .with(attr::VALIDATION_COUNTRY, "US")
}

#[test]
fn a_validation_is_read_whole() {
    let mock = Mock::start();
    let session = open(&mock);
    assert_eq!(session.validations().unwrap(), []);
    let object: Validation = session.create(&validation()).unwrap();
    mock.reset_counts();
    let info = object.info().unwrap();
    assert!(mock.calls("C_GetAttributeValue") <= 6, "{:?}", mock.counts());
    assert_eq!(info.validation_type, ValidationType::HARDWARE);
    assert_eq!((info.version, info.level), (Version { major: 140, minor: 3 }, 3));
    assert_eq!((&info.module_id[..], &info.country[..]), ("Mock Module", "US"));
    assert_eq!(info.flag.bits(), 4);
    assert_eq!(info.authority, ValidationAuthority::NIST_CMVP);
    // What a token may leave out.
    assert_eq!((&info.certificate_uri[..], &info.profile[..]), ("", ""));
    assert_eq!(session.validations().unwrap(), [info]);
}

#[test]
fn a_validation_without_what_it_must_have_is_an_error() {
    let mock = Mock::start();
    let session = open(&mock);
    let mut template = validation();
    template.remove(attr::VALIDATION_LEVEL.attribute());
    let object: Validation = session.create(&template).unwrap();
    let error = failure!(object.info(), ErrorKind::AttributeUnavailable(_));
    assert_eq!(error.attribute(), Some(attr::VALIDATION_LEVEL.attribute()));
    failure!(session.validations(), ErrorKind::AttributeUnavailable(_));
}

#[test]
fn trust_is_unknown_where_nothing_is_said() {
    let mock = Mock::start();
    let session = open(&mock);
    let mut said = TrustInfo::new(&[0x30, 0][..], &[2, 1, 5][..]);
    said.server_auth = Trust::ANCHOR;
    said.code_signing = Trust::NOT_TRUSTED;
    said.hash = vec![9; 32];
    said.hash_algorithm = MechanismType::SHA256;
    let object: CertificateTrust = session.create(&said.template()).unwrap();
    let info = object.info().unwrap();
    assert_eq!(info, said);
    assert_eq!((info.email_protection, info.server_auth), (Trust::UNKNOWN, Trust::ANCHOR));
    let found = session.find::<CertificateTrust>().with(attr::SERIAL_NUMBER, &[2, 1, 5]);
    assert_eq!(found.one().unwrap(), object);
    let plain = TrustInfo::new(&[0x30, 0][..], &[2, 1, 6][..]);
    let object: CertificateTrust = session.create(&plain.template()).unwrap();
    assert_eq!(object.info().unwrap(), plain, "SHA-1 and unknown uses are what is meant");
}

#[test]
fn lies_about_lengths_are_told() {
    let mock = Mock::start();
    let session = open(&mock);
    let said = TrustInfo::new(&[0x30, 0][..], &[2, 1, 5][..]);
    let object: CertificateTrust = session.create(&said.template()).unwrap();
    let issuer = attr::ISSUER.attribute().number();
    mock.lie("C_GetAttributeValue", Lie::AttributeLength(issuer, 1 << 40));
    assert!(object.info().is_err());
    mock.truth("C_GetAttributeValue");
    assert!(object.info().is_ok());
}
