//! Extensions: values, duplicates, what DER forbids and certificates have, and their making.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    oid::Oid,
    tlv::Tag,
    x509::{
        AuthorityKeyIdentifier, BasicConstraints, Certificate, Extensions, ExtensionsBuilder,
        GeneralName, GeneralNames, KeyUsage, Name, extended_key_usage, extension,
    },
};
use rstest::rstest;

use crate::{
    fault,
    fixtures::x509 as fixtures,
    make::{sequence, tlv},
};

/// One extension, not critical, with this last arc.
fn one(arc: u8, value: &[u8]) -> Vec<u8> {
    sequence(&[&[0x06, 0x03, 0x55, 0x1d, arc], &tlv(4, &[value])])
}

fn usage(bits: &[u8]) -> Vec<u8> {
    sequence(&[&one(15, &tlv(3, &[bits]))])
}

#[rstest]
#[case::first(&hex!("0780"), KeyUsage::DIGITAL_SIGNATURE, true)]
#[case::certificates(&hex!("0106"), KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN, true)]
#[case::ninth(&hex!("070080"), KeyUsage::DECIPHER_ONLY, true)]
#[case::all(&hex!("07ff80"), all_usages(), true)]
#[case::zeros_at_the_end(&hex!("0006"), KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN, false)]
#[case::zero_byte(&hex!("078000"), KeyUsage::DIGITAL_SIGNATURE, false)]
#[case::tenth(&hex!("06ffc0"), all_usages(), false)]
fn key_usages(#[case] bits: &[u8], #[case] expected: KeyUsage, #[case] strict: bool) {
    let der = usage(bits);
    let extensions = Extensions::from_der(&der).unwrap();
    assert_eq!(extensions.key_usage(), Ok(Some(expected)));
    if strict {
        extensions.check().unwrap();
        assert_eq!(expected.to_der().unwrap(), tlv(3, &[bits]));
    } else {
        let kind = ErrorKind::NonCanonicalExtension;
        assert_eq!(fault(extensions.check()), (Some(11), kind));
    }
}

fn all_usages() -> KeyUsage {
    [
        KeyUsage::DIGITAL_SIGNATURE,
        KeyUsage::NON_REPUDIATION,
        KeyUsage::KEY_ENCIPHERMENT,
        KeyUsage::DATA_ENCIPHERMENT,
        KeyUsage::KEY_AGREEMENT,
        KeyUsage::KEY_CERT_SIGN,
        KeyUsage::CRL_SIGN,
        KeyUsage::ENCIPHER_ONLY,
        KeyUsage::DECIPHER_ONLY,
    ]
    .into_iter()
    .fold(KeyUsage::NONE, KeyUsage::union)
}

#[rstest]
#[case::nothing(&hex!(""))]
#[case::count(&hex!("08ff"))]
#[case::set(&hex!("0781"))]
#[case::only_count(&hex!("01"))]
fn what_is_no_key_usage_is_refused(#[case] bits: &[u8]) {
    let der = usage(bits);
    let result = Extensions::from_der(&der).unwrap().key_usage();
    assert_eq!(fault(result), (Some(13), ErrorKind::InvalidBitString));
}

#[rstest]
#[case::end_entity(&hex!("3000"), false, None, true)]
#[case::authority(&hex!("30030101ff"), true, None, true)]
#[case::path(&hex!("30060101ff020103"), true, Some(3), true)]
#[case::spelt_out(&hex!("3003010100"), false, None, false)]
#[case::spelt_out_with_path(&hex!("3006010100020100"), false, Some(0), false)]
fn basic_constraints(
    #[case] value: &[u8],
    #[case] ca: bool,
    #[case] path_length: Option<u32>,
    #[case] strict: bool,
) {
    let der = sequence(&[&one(19, value)]);
    let extensions = Extensions::from_der(&der).unwrap();
    let expected = BasicConstraints { ca, path_length };
    assert_eq!(extensions.basic_constraints(), Ok(Some(expected)));
    assert_eq!(extensions.check().is_ok(), strict);
    assert_eq!(expected.to_der().unwrap() == value, strict);
}

#[rstest]
#[case::boolean(&hex!("3003010101"), 15, ErrorKind::InvalidBoolean)]
#[case::negative(&hex!("30030201ff"), 15, ErrorKind::NegativeInteger)]
#[case::huge(&hex!("300702050100000000"), 15, ErrorKind::IntegerTooLarge { max_bytes: 4 })]
#[case::after(&hex!("30000500"), 13, ErrorKind::TrailingData { left: 2 })]
#[case::nothing(&[], 11, ErrorKind::Missing { expected: Tag::SEQUENCE })]
fn what_is_no_basic_constraints_is_refused(
    #[case] value: &[u8],
    #[case] position: usize,
    #[case] kind: ErrorKind,
) {
    let der = sequence(&[&one(19, value)]);
    let result = Extensions::from_der(&der).unwrap().basic_constraints();
    assert_eq!(fault(result), (Some(position), kind));
}

/// A `critical FALSE` that is spelt out is read, and told by `check`.
#[test]
fn critical_false() {
    let spelt_out = sequence(&[&hex!("0603551d0e"), &hex!("010100"), &tlv(4, &[&hex!("0401aa")])]);
    let der = sequence(&[&spelt_out]);
    let extensions = Extensions::from_der(&der).unwrap();
    assert_eq!(extensions.subject_key_identifier(), Ok(Some(&[0xaa][..])));
    assert!(!extensions.iter().next().unwrap().unwrap().critical);
    assert_eq!(fault(extensions.check()), (Some(9), ErrorKind::ExplicitDefault));

    let odd = sequence(&[&hex!("0603551d0e"), &hex!("010101"), &tlv(4, &[&hex!("0401aa")])]);
    let der = sequence(&[&odd]);
    let result = Extensions::from_der(&der).unwrap().subject_key_identifier();
    assert_eq!(fault(result), (Some(11), ErrorKind::InvalidBoolean));
}

/// What is twice there is no answer, and the others are.
#[test]
fn duplicates() {
    let twice = one(14, &hex!("0401aa"));
    let der = sequence(&[&twice, &one(19, &hex!("3000")), &twice]);
    let extensions = Extensions::from_der(&der).unwrap();
    let second = der.len() - twice.len();
    let expected = (Some(second), ErrorKind::Duplicate);
    assert_eq!(fault(extensions.subject_key_identifier()), expected);
    assert_eq!(fault(extensions.get(extension::SUBJECT_KEY_IDENTIFIER)), expected);
    assert_eq!(fault(extensions.check()), expected);
    assert_eq!(extensions.basic_constraints(), Ok(Some(BasicConstraints::default())));
    assert_eq!(extensions.key_usage(), Ok(None));
    assert_eq!(extensions.iter().count(), 3);
}

/// Found by the fuzz target: what could not be written had no place.
#[test]
fn an_empty_list_is_refused_at_its_place() {
    let der = sequence(&[&one(37, &hex!("3000"))]);
    let extensions = Extensions::from_der(&der).unwrap();
    assert_eq!(fault(extensions.check()), (Some(11), ErrorKind::Empty));
}

/// RFC 5280 has at least one extension in a list, one name in a list of names, one bit in a
/// KeyUsage; what was read with none is told by `check`.
#[test]
fn nothing_is_refused() {
    let check = |der: &[u8]| Extensions::from_der(der).unwrap().check();
    assert_eq!(fault(check(&hex!("3000"))), (Some(2), ErrorKind::Empty));
    Extensions::EMPTY.check().unwrap();
    // Where the value of the extension begins, or that of the list in it.
    for arc in [17, 18] {
        let der = sequence(&[&one(arc, &hex!("3000"))]);
        assert_eq!(fault(check(&der)), (Some(13), ErrorKind::Empty));
    }
    let issuer = sequence(&[&one(35, &hex!("3002 a100"))]);
    assert_eq!(fault(check(&issuer)), (Some(15), ErrorKind::Empty));

    let no_usage = usage(&hex!("00"));
    let extensions = Extensions::from_der(&no_usage).unwrap();
    assert_eq!(extensions.key_usage(), Ok(Some(KeyUsage::NONE)));
    assert_eq!(fault(extensions.check()), (Some(11), ErrorKind::Empty));
    assert_eq!(KeyUsage::NONE.to_der().unwrap(), hex!("0301 00"));
}

/// What is not read further is DER all the same.
#[rstest]
#[case::x400(&hex!("a302 0101"), 17, ErrorKind::Truncated { needed: 1, left: 0 })]
#[case::edi_party(&hex!("a503 010101"), 17, ErrorKind::InvalidBoolean)]
#[case::other_value(&hex!("a008 06012a a003 010101"), 22, ErrorKind::InvalidBoolean)]
#[case::directory(&hex!("a404 3002 3101"), 19, ErrorKind::Truncated { needed: 1, left: 0 })]
fn what_is_not_read_is_der(#[case] name: &[u8], #[case] position: usize, #[case] kind: ErrorKind) {
    let der = names(name);
    let extensions = Extensions::from_der(&der).unwrap();
    assert_eq!(fault(extensions.check()), (Some(position), kind));

    // Nor is it written.
    let read = extensions.subject_alternative_names().unwrap().unwrap();
    let Ok(read) = read.iter().collect::<Result<Vec<_>, _>>() else { return };
    assert_eq!(fault(GeneralNames::encode(&read)), (None, kind));
    let issuer = extensions.subject_alternative_names().unwrap();
    let identifier = AuthorityKeyIdentifier { issuer, ..AuthorityKeyIdentifier::default() };
    assert_eq!(fault(identifier.to_der()), (None, kind));
}

#[test]
fn a_serial_number_that_is_none_is_not_written() {
    for (serial_number, kind) in
        [(&[][..], ErrorKind::Empty), (&[0x00, 0x01], ErrorKind::NonMinimalInteger)]
    {
        let serial_number = Some(serial_number);
        let identifier =
            AuthorityKeyIdentifier { serial_number, ..AuthorityKeyIdentifier::default() };
        assert_eq!(fault(identifier.to_der()), (None, kind));
    }
}

#[test]
fn a_broken_list_ends() {
    let der = sequence(&[&one(19, &hex!("3000")), &hex!("0500"), &one(14, &hex!("0401aa"))]);
    let extensions = Extensions::from_der(&der).unwrap();
    let kind = ErrorKind::UnexpectedTag { expected: Tag::SEQUENCE, found: Tag::NULL };
    assert_eq!(fault(extensions.key_usage()), (Some(13), kind));
    assert_eq!(extensions.iter().count(), 2);
    assert_eq!(fault(extensions.check()), (Some(13), kind));
}

fn names(value: &[u8]) -> Vec<u8> {
    sequence(&[&one(17, &sequence(&[value]))])
}

#[rstest]
#[case::short_address(&hex!("8703 010203"), 15, ErrorKind::InvalidAddress)]
#[case::address_with_mask(&hex!("8708 0102030405060708"), 15, ErrorKind::InvalidAddress)]
#[case::not_ascii(&hex!("8202 c3bc"), 15, ErrorKind::InvalidText)]
#[case::not_ascii_mailbox(&hex!("8101 ff"), 15, ErrorKind::InvalidText)]
#[case::ninth(
    &hex!("8900"), 13, ErrorKind::UnknownGeneralName { found: Tag::context(9) },
)]
#[case::constructed_host(
    &hex!("a200"), 13, ErrorKind::UnknownGeneralName { found: Tag::context_constructed(2) },
)]
#[case::directory(
    &hex!("a4023100"), 15, ErrorKind::UnexpectedTag { expected: Tag::SEQUENCE, found: Tag::SET },
)]
#[case::registered(&hex!("880180"), 15, ErrorKind::InvalidOid)]
#[case::other(
    &hex!("a003 06012a"), 18, ErrorKind::Missing { expected: Tag::context_constructed(0) },
)]
fn what_is_no_name_is_refused(
    #[case] value: &[u8],
    #[case] position: usize,
    #[case] kind: ErrorKind,
) {
    let der = names(value);
    let read = Extensions::from_der(&der).unwrap().subject_alternative_names().unwrap().unwrap();
    let mut read = read.iter();
    assert_eq!(fault(read.next().unwrap()), (Some(position), kind));
    assert_eq!(read.next(), None);
}

/// All kinds of names, written as OpenSSL wrote them.
#[test]
fn names_of_openssl() {
    let certificate = Certificate::from_der(fixtures::certificate("extensions")).unwrap();
    let names = certificate.extensions.subject_alternative_names().unwrap().unwrap();
    let names: Vec<_> = names.iter().map(Result::unwrap).collect();
    let other = Oid::from_content(&hex!("2b060104018237140203")).unwrap();
    let [
        GeneralName::Dns("www.example.org"),
        GeneralName::Dns("*.example.org"),
        GeneralName::Email("someone@example.org"),
        GeneralName::Uri("https://example.org/a?b=c"),
        GeneralName::Ip(v4),
        GeneralName::Ip(v6),
        GeneralName::RegisteredId(registered),
        GeneralName::Directory(directory),
        GeneralName::Other { type_id, value: b"\x0c\x13someone@example.org" },
    ] = names[..]
    else {
        panic!("{names:?}");
    };
    assert_eq!((v4.to_string(), v6.to_string()), ("192.0.2.1".into(), "2001:db8::1".into()));
    assert_eq!(registered.to_string(), "1.2.3.4.5");
    assert_eq!(directory.to_string(), "CN=Directory,C=DE");
    assert_eq!(type_id, other);
    let shown: Vec<_> = names.iter().map(ToString::to_string).collect();
    let expected = [
        "DNS:www.example.org",
        "DNS:*.example.org",
        "email:someone@example.org",
        "URI:https://example.org/a?b=c",
        "IP Address:192.0.2.1",
        "IP Address:2001:db8::1",
        "Registered ID:1.2.3.4.5",
        "DirName:CN=Directory,C=DE",
        "othername:1.3.6.1.4.1.311.20.2.3",
    ];
    assert_eq!(shown, expected);
    assert_eq!(GeneralName::Dns("a\nb").to_string(), "DNS:a\\nb");

    let built = ExtensionsBuilder::new().subject_alternative_names(&names).to_der().unwrap();
    let built = Extensions::from_der(&built).unwrap();
    let value = built.get(extension::SUBJECT_ALTERNATIVE_NAME).unwrap().unwrap().value;
    let theirs = certificate.extensions.get(extension::SUBJECT_ALTERNATIVE_NAME).unwrap();
    assert_eq!(value, theirs.unwrap().value);
}

/// Unread kinds pass through.
#[test]
fn names_that_are_not_read() {
    let value = hex!("a303 020107 a500 a504 0c0141 80");
    let der = names(&value[..value.len() - 1]);
    let extensions = Extensions::from_der(&der).unwrap();
    let read = extensions.subject_alternative_names().unwrap().unwrap();
    let read: Result<Vec<_>, _> = read.iter().collect();
    assert_eq!(fault(read).1, ErrorKind::Truncated { needed: 4, left: 3 });

    let der = names(&hex!("a303 020107 a500 a503 0c0141"));
    let extensions = Extensions::from_der(&der).unwrap();
    let read = extensions.subject_alternative_names().unwrap().unwrap();
    let read: Vec<_> = read.iter().map(Result::unwrap).collect();
    let expected = [
        GeneralName::X400Address(&hex!("020107")),
        GeneralName::EdiParty(&[]),
        GeneralName::EdiParty(&hex!("0c0141")),
    ];
    assert_eq!(read, expected);
    extensions.check().unwrap();
}

#[test]
fn key_identifiers() {
    let certificate = Certificate::from_der(fixtures::certificate("extensions")).unwrap();
    let identifier = certificate.extensions.authority_key_identifier().unwrap().unwrap();
    assert_eq!(identifier.key_identifier, Some(&hex!("0011223344")[..]));
    assert_eq!(identifier.serial_number, Some(&hex!("0107")[..]));
    let issuer: Vec<_> = identifier.issuer.unwrap().iter().map(Result::unwrap).collect();
    assert_eq!(issuer, [GeneralName::Directory(certificate.issuer)]);
    let theirs = certificate.extensions.get(extension::AUTHORITY_KEY_IDENTIFIER).unwrap();
    assert_eq!(identifier.to_der().unwrap(), theirs.unwrap().value);

    let der = sequence(&[&one(35, &hex!("3000"))]);
    let empty = Extensions::from_der(&der).unwrap().authority_key_identifier();
    assert_eq!(empty, Ok(Some(AuthorityKeyIdentifier::default())));
    let der = sequence(&[&one(35, &hex!("3003820180"))]);
    let negative = Extensions::from_der(&der).unwrap().authority_key_identifier();
    assert_eq!(negative.unwrap().unwrap().serial_number, Some(&[0x80][..]));
}

#[test]
fn purposes() {
    let certificate = Certificate::from_der(fixtures::certificate("extensions")).unwrap();
    let purposes = certificate.extensions.extended_key_usage().unwrap().unwrap();
    let all: Vec<_> = purposes.clone().map(Result::unwrap).collect();
    assert_eq!(
        all[..7],
        [
            extended_key_usage::SERVER_AUTH,
            extended_key_usage::CLIENT_AUTH,
            extended_key_usage::CODE_SIGNING,
            extended_key_usage::EMAIL_PROTECTION,
            extended_key_usage::TIME_STAMPING,
            extended_key_usage::OCSP_SIGNING,
            extended_key_usage::ANY,
        ]
    );
    assert_eq!(all[7].to_string(), "1.3.6.1.4.1.311.20.2.2");
    assert_eq!(purposes.contains(extended_key_usage::ANY), Ok(true));
    assert_eq!(purposes.contains(extension::KEY_USAGE), Ok(false));
}

/// The extensions of OpenSSL's certificate, taken apart and built again, are the same bytes.
#[test]
fn built_extensions() {
    let certificate = Certificate::from_der(fixtures::certificate("extensions")).unwrap();
    let read = certificate.extensions;
    let names = read.subject_alternative_names().unwrap().unwrap();
    let names: Vec<_> = names.iter().map(Result::unwrap).collect();
    let purposes = read.extended_key_usage().unwrap().unwrap();
    let purposes: Vec<_> = purposes.map(Result::unwrap).collect();
    let mut built = ExtensionsBuilder::new()
        .push(extension::BASIC_CONSTRAINTS, false, &hex!("3000"))
        .key_usage(read.key_usage().unwrap().unwrap())
        .extended_key_usage(&purposes)
        .subject_key_identifier(read.subject_key_identifier().unwrap().unwrap())
        .authority_key_identifier(&read.authority_key_identifier().unwrap().unwrap())
        .subject_alternative_names(&names);
    for other in read.iter().skip(6) {
        let other = other.unwrap();
        built = built.push(other.oid, other.critical, other.value);
    }
    assert_eq!(built.to_der().unwrap(), read.der().unwrap());
}

#[rstest]
#[case::nothing(ExtensionsBuilder::new(), ErrorKind::Empty)]
#[case::no_names(ExtensionsBuilder::new().subject_alternative_names(&[]), ErrorKind::Empty)]
#[case::empty_name(
    ExtensionsBuilder::new().subject_alternative_names(&[GeneralName::Dns("")]),
    ErrorKind::Empty,
)]
#[case::unicode(
    ExtensionsBuilder::new().subject_alternative_names(&[GeneralName::Dns("bücher.example")]),
    ErrorKind::InvalidText,
)]
#[case::no_usage(ExtensionsBuilder::new().key_usage(KeyUsage::NONE), ErrorKind::Empty)]
#[case::no_purpose(ExtensionsBuilder::new().extended_key_usage(&[]), ErrorKind::Empty)]
#[case::twice(
    ExtensionsBuilder::new().key_usage(KeyUsage::KEY_CERT_SIGN).key_usage(KeyUsage::CRL_SIGN),
    ErrorKind::Duplicate,
)]
fn wrong_extensions_are_not_written(#[case] built: ExtensionsBuilder, #[case] kind: ErrorKind) {
    assert_eq!(fault(built.to_der()), (None, kind));
}

#[test]
fn critical_is_said_of_the_last() {
    let name = hex!("3000");
    let name = GeneralName::Directory(Name::from_der(&name).unwrap());
    let der = ExtensionsBuilder::new()
        .subject_key_identifier(&[1])
        .subject_alternative_names(&[name])
        .critical()
        .to_der()
        .unwrap();
    let extensions = Extensions::from_der(&der).unwrap();
    let critical: Vec<_> = extensions.iter().map(|one| one.unwrap().critical).collect();
    assert_eq!(critical, [false, true]);
    extensions.check().unwrap();
}
