//! Parameters of RSASSA-PSS and RSAES-OAEP.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    algorithm::{AlgorithmIdentifier, RSASSA_PSS},
    digest_info::Digest,
    rsa_parameters::{HashAlgorithm, OaepParameters, PssParameters},
    tlv::Tag,
    x509::{Certificate, DateTime, TbsCertificate},
};
use rstest::rstest;

use crate::{fault, fixtures::spki as fixtures};

/// RFC 4055 §2.1: identifiers with NULL and without mean the same, and are other bytes.
const WITH_NULL: &[u8] = &hex!(
    "3034 a00f 300d 0609608648016503040201 0500"
    "a11c 301a 06092a864886f70d010108 300d 0609608648016503040201 0500 a203 020120"
);
const WITHOUT: &[u8] = &hex!(
    "3030 a00d 300b 0609608648016503040201"
    "a11a 3018 06092a864886f70d010108 300b 0609608648016503040201 a203 020120"
);
const BOTH: &[u8] = &hex!(
    "3032 a00d 300b 0609608648016503040201"
    "a11c 301a 06092a864886f70d010108 300d 0609608648016503040201 0500 a203 020120"
);

#[rstest]
#[case(WITH_NULL, true, true)]
#[case(WITHOUT, false, false)]
#[case(BOTH, false, true)]
fn null_or_nothing(#[case] der: &[u8], #[case] hash_null: bool, #[case] mgf1_null: bool) {
    let read = PssParameters::from_der(der).unwrap();
    let sha256 = |null_parameters| HashAlgorithm { digest: Digest::SHA256, null_parameters };
    assert_eq!((read.hash, read.mgf1_hash), (sha256(hash_null), sha256(mgf1_null)));
    assert_eq!(read.salt_length, 32);
    assert_eq!(read.to_der().unwrap(), der);
    assert_eq!(read == PssParameters::new(Digest::SHA256, 32), der == WITH_NULL);
}

/// Every function, in the form in which it is written unless someone says otherwise.
#[test]
fn functions() {
    for &digest in Digest::ALL {
        let sha3 = digest.name().starts_with("SHA3-");
        assert_eq!(HashAlgorithm::from(digest), HashAlgorithm { digest, null_parameters: !sha3 });

        let pss = PssParameters::new(digest, 7);
        assert_eq!(PssParameters::from_der(&pss.to_der().unwrap()), Ok(pss));
        let oaep = OaepParameters::new(digest, b"label");
        assert_eq!(OaepParameters::from_der(&oaep.to_der().unwrap()), Ok(oaep));
    }
}

#[test]
fn defaults_are_left_out() {
    let defaults = PssParameters::new(Digest::SHA1, 20);
    assert_eq!(defaults, PssParameters::default());
    assert_eq!(defaults.to_der().unwrap(), [0x30, 0x00]);
    assert_eq!(PssParameters::from_der(&[0x30, 0x00]), Ok(defaults));

    let defaults = OaepParameters::new(Digest::SHA1, &[]);
    assert_eq!(defaults, OaepParameters::default());
    assert_eq!(defaults.to_der().unwrap(), [0x30, 0x00]);
    assert_eq!(OaepParameters::from_der(&[0x30, 0x00]), Ok(defaults));
}

/// RFC 4055 §3.1 reads it either way; the first is what VCEK certificates of AMD have.
#[rstest]
#[case(
    &hex!(
        "3039 a00f 300d 0609608648016503040202 0500"
        "a11c 301a 06092a864886f70d010108 300d 0609608648016503040202 0500"
        "a203 020130 a303 020101"
    ),
    PssParameters::new(Digest::SHA384, 48),
)]
#[case(&hex!("3005 a303 020101"), PssParameters::default())]
fn a_trailer_spelt_out(#[case] der: &[u8], #[case] without: PssParameters) {
    let read = PssParameters::from_der(der).unwrap();
    assert_eq!(read, PssParameters { explicit_trailer: true, ..without });
    assert_ne!(read, without);
    assert_eq!(read.to_der().unwrap(), der);
    // The trailer's five bytes are left out by those that sign.
    let shorter = without.to_der().unwrap();
    assert_eq!(shorter[2..], der[2..der.len() - 5]);
}

/// Defaults that are spelt out do not keep a certificate from being read.
#[test]
fn a_certificate_with_refused_parameters() {
    let parameters = hex!("300d a00b 3009 0605 2b0e03021a 0500");
    let signature_algorithm =
        AlgorithmIdentifier { oid: RSASSA_PSS, parameters: Some(&parameters) };
    let like = Certificate::from_der(include_bytes!("../fixtures/x509/rsa-pss.der")).unwrap();
    let tbs = TbsCertificate {
        serial_number: &[7],
        signature_algorithm,
        issuer: like.issuer.der(),
        not_before: DateTime::from_unix(0).unwrap(),
        not_after: DateTime::NO_EXPIRATION,
        subject: like.subject.der(),
        subject_public_key_info: like.subject_public_key_info.der,
        extensions: None,
    };
    let der =
        Certificate::assemble(&tbs.to_der().unwrap(), signature_algorithm, &[7; 128]).unwrap();
    let read = Certificate::from_der(&der).unwrap();
    assert_eq!(read.signature_algorithm, signature_algorithm);
    assert_eq!(read.public_key(), like.public_key());
    let refused = PssParameters::from_der(read.signature_algorithm.parameters.unwrap());
    assert_eq!(fault(refused), (Some(2), ErrorKind::ExplicitDefault));
}

/// The default has NULL (RFC 8017 §A.2.3), so this is not spelt out for nothing.
#[test]
fn sha1_without_null_is_written() {
    let der = hex!("300b a009 3007 0605 2b0e03021a");
    let read = PssParameters::from_der(&der).unwrap();
    let hash = HashAlgorithm { digest: Digest::SHA1, null_parameters: false };
    assert_eq!(read, PssParameters { hash, ..PssParameters::default() });
    assert_eq!(read.to_der().unwrap(), der);
}

#[test]
fn a_label_as_openssl_writes_it() {
    let read = OaepParameters::from_der(fixtures::OAEP_LABEL).unwrap();
    let hash = HashAlgorithm { digest: Digest::SHA256, null_parameters: false };
    assert_eq!(read, OaepParameters { hash, mgf1_hash: hash, label: b"label" });
    assert_eq!(read.to_der().unwrap(), fixtures::OAEP_LABEL);
}

#[rstest]
#[case::hash(&hex!("300d a00b 3009 0605 2b0e03021a 0500"), 2, ErrorKind::ExplicitDefault)]
#[case::mgf1(
    &hex!("301a a118 3016 06092a864886f70d010108 3009 0605 2b0e03021a 0500"),
    2, ErrorKind::ExplicitDefault,
)]
#[case::salt_length(&hex!("3005 a203 020114"), 2, ErrorKind::ExplicitDefault)]
#[case::defaults_but_the_trailer(
    &hex!("300a a203 020114 a303 020101"), 2, ErrorKind::ExplicitDefault,
)]
#[case::implicit_trailer(&hex!("3005 8303 020101"), 2, ErrorKind::TrailingData { left: 5 })]
#[case::behind_the_trailer(
    &hex!("3007 a305 020101 0500"), 7, ErrorKind::TrailingData { left: 2 },
)]
#[case::trailer_twice(
    &hex!("300a a303 020101 a303 020101"), 7, ErrorKind::TrailingData { left: 5 },
)]
#[case::another_trailer(&hex!("3005 a303 020102"), 4, ErrorKind::UnknownTrailer)]
#[case::another_mgf(
    &hex!("3011 a10f 300d 06092a864886f70d010109 0500"), 6, ErrorKind::UnknownMaskGeneration,
)]
#[case::mgf1_of_nothing(
    &hex!("300f a10d 300b 06092a864886f70d010108"),
    17, ErrorKind::Missing { expected: Tag::SEQUENCE },
)]
#[case::md5(&hex!("3010 a00e 300c 06082a864886f70d0205 0500"), 6, ErrorKind::UnknownDigest)]
#[case::shake256(&hex!("300f a00d 300b 060960864801650304020c"), 6, ErrorKind::UnknownDigest)]
#[case::null_with_a_value(
    &hex!("300e a00c 300a 0605 2b0e03021a 0501 00"),
    15, ErrorKind::WrongLength { expected: 0, found: 1 },
)]
#[case::behind_null(
    &hex!("300f a00d 300b 0605 2b0e03021a 0500 0500"), 15, ErrorKind::TrailingData { left: 2 },
)]
#[case::other_parameters(
    &hex!("300d a00b 3009 0605 2b0e03021a 3000"),
    13, ErrorKind::UnexpectedTag { expected: Tag::NULL, found: Tag::SEQUENCE },
)]
#[case::implicit_tag(
    &hex!("3009 a007 0605 2b0e03021a"),
    4, ErrorKind::UnexpectedTag { expected: Tag::SEQUENCE, found: Tag::OBJECT_IDENTIFIER },
)]
#[case::primitive_tag(&hex!("3005 8203 020115"), 2, ErrorKind::TrailingData { left: 5 })]
#[case::wrong_order(
    &hex!("3012 a203 020115 a00b 3009 0605 2b0e03021a 0500"),
    7, ErrorKind::TrailingData { left: 13 },
)]
#[case::negative_salt(&hex!("3005 a203 0201ff"), 6, ErrorKind::NegativeInteger)]
#[case::behind_the_salt(
    &hex!("3007 a205 020115 0500"), 7, ErrorKind::TrailingData { left: 2 },
)]
fn malformed_pss(#[case] der: &[u8], #[case] position: usize, #[case] kind: ErrorKind) {
    assert_eq!(fault(PssParameters::from_der(der)), (Some(position), kind));
}

#[rstest]
#[case::hash(&hex!("300d a00b 3009 0605 2b0e03021a 0500"), 2, ErrorKind::ExplicitDefault)]
#[case::empty_label(
    &hex!("3011 a20f 300d 06092a864886f70d010109 0400"), 2, ErrorKind::ExplicitDefault,
)]
#[case::another_source(
    &hex!("3012 a210 300e 06092a864886f70d010108 040100"), 6, ErrorKind::UnknownLabelSource,
)]
#[case::no_label(
    &hex!("300f a20d 300b 06092a864886f70d010109"),
    17, ErrorKind::Missing { expected: Tag::OCTET_STRING },
)]
#[case::behind_the_label(
    &hex!("3014 a212 3010 06092a864886f70d010109 040100 0500"),
    20, ErrorKind::TrailingData { left: 2 },
)]
#[case::trailer(&hex!("3005 a303 020102"), 2, ErrorKind::TrailingData { left: 5 })]
fn malformed_oaep(#[case] der: &[u8], #[case] position: usize, #[case] kind: ErrorKind) {
    assert_eq!(fault(OaepParameters::from_der(der)), (Some(position), kind));
}
