//! Distinguished names, read and made.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    oid::Oid,
    x509::{Certificate, Name, NameAttributeType, NameBuilder},
};
use rstest::rstest;
use x509_parser::prelude::{FromDer as _, X509Name};

use crate::{
    fault,
    fixtures::x509 as fixtures,
    make::{sequence, tlv},
};

fn name_of(values: &[&[u8]]) -> Vec<u8> {
    let rdns: Vec<_> =
        values.iter().map(|value| tlv(0x31, &[&sequence(&[&hex!("0603550403"), value])])).collect();
    sequence(&rdns.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// TeletexString, BMPString, two attributes in one part.
#[test]
fn strings_of_openssl() {
    let certificate = Certificate::from_der(fixtures::certificate("strings")).unwrap();
    assert_eq!(
        certificate.subject.to_string(),
        "pseudonym=pseudonym,emailAddress=someone@example.org,serialNumber=42,\
         CN=two names+UID=at once,OU=\\#1\\ ,OU=Київ,O=Büro\\, Söhne & Töchter,C=DE"
    );
    let find = |kind| certificate.subject.find(kind).unwrap();
    assert_eq!(find(NameAttributeType::ORGANIZATIONAL_UNIT).as_deref(), Some("#1 "));
    assert_eq!(find(NameAttributeType::USER_ID).as_deref(), Some("at once"));
    assert_eq!(find(NameAttributeType::TITLE), None);
    let rdns: Vec<_> =
        certificate.subject.attributes().map(|attribute| attribute.unwrap().rdn).collect();
    assert_eq!(rdns, [0, 1, 2, 3, 4, 4, 5, 6, 7]);
}

#[rstest]
#[case::utf8(&hex!("0c 03 e282ac"), "CN=€")]
#[case::numeric(&hex!("12 02 3132"), "CN=12")]
#[case::printable(&hex!("13 02 3132"), "CN=12")]
#[case::teletex(&hex!("14 01 fc"), "CN=ü")]
#[case::ia5(&hex!("16 01 40"), "CN=@")]
#[case::visible(&hex!("1a 01 40"), "CN=@")]
#[case::universal(&hex!("1c 04 0001f511"), "CN=🔑")]
#[case::bmp(&hex!("1e 04 d83ddd11"), "CN=🔑")]
#[case::empty(&hex!("0c 00"), "CN=")]
#[case::specials(b"\x0c\x0a\"+,;<>\\=# ", "CN=\\\"\\+\\,\\;\\<\\>\\\\=#\\ ")]
#[case::blanks(b"\x0c\x03   ", "CN=\\  \\ ")]
#[case::blank(b"\x0c\x01 ", "CN=\\ ")]
#[case::hash(b"\x0c\x02##", "CN=\\##")]
#[case::lines(b"\x0c\x04a\nb\0", "CN=a\\0ab\\00")]
#[case::wrong_utf8(&hex!("0c 01 ff"), "CN=#0c01ff")]
#[case::wrong_printable(&hex!("13 01 40"), "CN=#130140")]
#[case::wrong_ia5(&hex!("16 01 80"), "CN=#160180")]
#[case::half_bmp(&hex!("1e 01 41"), "CN=#1e0141")]
#[case::half_pair(&hex!("1e 02 d83d"), "CN=#1e02d83d")]
#[case::short_universal(&hex!("1c 02 0041"), "CN=#1c020041")]
#[case::number(&hex!("02 01 07"), "CN=#020107")]
#[case::two(&hex!("0c0141 0c0142"), "CN=#0c01410c0142")]
#[case::cut(&hex!("0c 05 41"), "CN=#0c0541")]
#[case::nothing(&[], "CN=#")]
fn values(#[case] value: &[u8], #[case] text: &str) {
    let der = name_of(&[value]);
    let name = Name::from_der(&der).unwrap();
    assert_eq!(name.to_string(), text);
    assert_eq!(name.der(), der);
    let unescaped = name.find(NameAttributeType::COMMON_NAME);
    assert_eq!(unescaped.is_err(), text.starts_with("CN=#"));
}

/// postalAddress, of which RFC 5280 says nothing, is told by its number and its bytes.
#[test]
fn a_type_of_no_table() {
    let attribute = sequence(&[&hex!("0603550410"), &hex!("13 03 616263")]);
    let der = sequence(&[&tlv(0x31, &[&attribute])]);
    let name = Name::from_der(&der).unwrap();
    assert_eq!(name.to_string(), "2.5.4.16=#1303616263");
    assert_eq!(name.attributes().next().unwrap().unwrap().text().as_deref(), Ok("abc"));
}

/// The rest of a broken name is not made up.
#[test]
fn broken_names() {
    let good = tlv(0x31, &[&sequence(&[&hex!("0603550403"), &hex!("0c0141")])]);
    for (rest, position, kind) in [
        (&hex!("3000")[..], 16, None),
        (&hex!("3102 3000"), 18, None),
        (&hex!("3103 300106"), 19, Some(ErrorKind::IncompleteHeader)),
        (&hex!("3105 3003 060180"), 21, Some(ErrorKind::InvalidOid)),
        (&hex!("31"), 15, Some(ErrorKind::IncompleteHeader)),
    ] {
        let der = sequence(&[&good, rest]);
        let name = Name::from_der(&der).unwrap();
        assert_eq!(name.to_string(), "…,CN=A");
        let error = name.attributes().find_map(Result::err).unwrap();
        assert!(kind.is_none_or(|kind| kind == error.kind()), "{error}");
        assert!(error.position().unwrap() <= position, "{error}");
        assert_eq!(name.attributes().count(), 2);
        name.find(NameAttributeType::COMMON_NAME).unwrap_err();
    }
    // A part of nothing is passed over.
    let der = sequence(&[&hex!("3100 3100"), &good, &hex!("3100")]);
    let name = Name::from_der(&der).unwrap();
    assert_eq!(name.to_string(), "CN=A");
    assert_eq!(name.attributes().next().unwrap().unwrap().rdn, 2);
}

/// Names of 100,000 parts are no reason to wait, or to run out of stack.
#[test]
#[cfg_attr(miri, ignore = "100,000 parts take minutes")]
fn long_names() {
    let der = tlv(0x30, &[&[0x31, 0x00].repeat(100_000)]);
    assert_eq!(Name::from_der(&der).unwrap().to_string(), "");
    let part = tlv(0x31, &[&sequence(&[&hex!("0603550403"), &hex!("0c0141")])]);
    let der = tlv(0x30, &[&part.repeat(100_000)]);
    assert_eq!(Name::from_der(&der).unwrap().to_string().len(), 100_000 * 5 - 1);
}

#[test]
fn empty_names() {
    let name = Name::from_der(&[0x30, 0x00]).unwrap();
    assert!(name.is_empty());
    assert_eq!(name.to_string(), "");
    assert_eq!(NameBuilder::new().to_der().unwrap(), name.der());
}

/// What is built is what OpenSSL writes for the same subject.
#[test]
fn built_names() {
    let certificate = Certificate::from_der(fixtures::certificate("p256")).unwrap();
    let der = NameBuilder::new()
        .push(NameAttributeType::COUNTRY, "DE")
        .push(NameAttributeType::ORGANIZATION, "Example")
        .push(NameAttributeType::COMMON_NAME, "p256")
        .to_der()
        .unwrap();
    assert_eq!(certificate.subject.der(), der);
    assert_eq!(certificate.subject, Name::from_der(&der).unwrap());
}

#[test]
fn each_type_has_its_string() {
    for kind in NameAttributeType::ALL {
        // C and jurisdictionC have two letters.
        let value =
            if kind.name().ends_with('C') && kind.name() != "DC" { "DE" } else { "a value" };
        let der = NameBuilder::new().push(*kind, value).to_der().unwrap();
        let name = Name::from_der(&der).unwrap();
        assert_eq!(name.find(*kind).unwrap().as_deref(), Some(value));
        assert_eq!(name.to_string(), format!("{}={value}", kind.name()));
        let (_, theirs) = X509Name::from_der(&der).unwrap();
        let attribute = theirs.iter_attributes().next().unwrap();
        assert_eq!(attribute.as_str().unwrap(), value);
        assert_eq!(attribute.attr_type().as_bytes(), kind.oid().content());

        assert_eq!(kind.to_string(), kind.name());
        assert_eq!(NameAttributeType::from_oid(kind.oid()), Some(*kind));
        assert_eq!(NameAttributeType::from_name(&kind.name().to_lowercase()), Some(*kind));
    }
    assert_eq!(NameAttributeType::from_name("commonName"), None);
    assert_eq!(NameAttributeType::from_oid(Oid::from_content(&[0x55, 0x04, 0x40]).unwrap()), None);
}

/// The subject of an extended validation certificate, and a pseudonym: `openssl asn1parse -genconf`
/// gives these OBJECT IDENTIFIERs for the dotted ones.
#[rstest]
#[case(NameAttributeType::BUSINESS_CATEGORY, "2.5.4.15", &hex!("55040f"))]
#[case(NameAttributeType::POSTAL_CODE, "2.5.4.17", &hex!("550411"))]
#[case(NameAttributeType::PSEUDONYM, "2.5.4.65", &hex!("550441"))]
#[case(
    NameAttributeType::JURISDICTION_LOCALITY, "1.3.6.1.4.1.311.60.2.1.1",
    &hex!("2b0601040182373c020101"),
)]
#[case(
    NameAttributeType::JURISDICTION_STATE_OR_PROVINCE, "1.3.6.1.4.1.311.60.2.1.2",
    &hex!("2b0601040182373c020102"),
)]
#[case(
    NameAttributeType::JURISDICTION_COUNTRY, "1.3.6.1.4.1.311.60.2.1.3",
    &hex!("2b0601040182373c020103"),
)]
fn types_of_companies_and_pseudonyms(
    #[case] kind: NameAttributeType,
    #[case] dotted: &str,
    #[case] content: &[u8],
) {
    assert_eq!(kind.oid().to_string(), dotted);
    assert_eq!(kind.oid().content(), content);
}

/// DER sorts the attributes of a part by their encodings, whichever way they were given.
#[test]
fn parts_of_two_attributes() {
    let pair =
        [(NameAttributeType::USER_ID, "at once"), (NameAttributeType::COMMON_NAME, "two names")];
    let other = [pair[1], pair[0]];
    let [one, two] = [pair, other].map(|pair| NameBuilder::new().push_set(&pair).to_der().unwrap());
    assert_eq!(one, two);
    assert_eq!(Name::from_der(&one).unwrap().to_string(), "CN=two names+UID=at once");
}

#[rstest]
#[case(NameAttributeType::COMMON_NAME, "", ErrorKind::Empty)]
#[case(NameAttributeType::COUNTRY, "DEU", ErrorKind::WrongLength { expected: 2, found: 3 })]
#[case(
    NameAttributeType::JURISDICTION_COUNTRY, "D",
    ErrorKind::WrongLength { expected: 2, found: 1 },
)]
#[case(NameAttributeType::COUNTRY, "D*", ErrorKind::InvalidPrintableString)]
#[case(NameAttributeType::COUNTRY, "ü", ErrorKind::InvalidPrintableString)]
#[case(NameAttributeType::SERIAL_NUMBER, "a@b", ErrorKind::InvalidPrintableString)]
#[case(NameAttributeType::EMAIL_ADDRESS, "ü@example.org", ErrorKind::InvalidText)]
fn wrong_values_are_not_written(
    #[case] kind: NameAttributeType,
    #[case] value: &str,
    #[case] error: ErrorKind,
) {
    assert_eq!(fault(NameBuilder::new().push(kind, value).to_der()), (None, error));
}

#[test]
fn a_part_has_an_attribute() {
    assert_eq!(fault(NameBuilder::new().push_set(&[]).to_der()), (None, ErrorKind::Empty));
}
