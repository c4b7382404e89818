//! Certificates and requests by `rasn`'s own types.

use pkcs11_codec::{
    pkcs10::CertificationRequest,
    x509::{Certificate, ExtensionsBuilder, Version},
};
use rasn::{
    AsnType, Decode, Decoder, Encode, Encoder,
    types::{Any, BitString, Integer, ObjectIdentifier, OctetString, SetOf},
};

use super::{Algorithm, Spki};
use crate::{
    fixtures::x509 as fixtures,
    make::{self, sequence, tlv},
};

/// RFC 5280 §4.1, RFC 2986 §4.2.
#[derive(AsnType, Decode, Encode)]
struct Signed<T: Decode + Encode> {
    to_be_signed: T,
    algorithm: Algorithm,
    signature: BitString,
}

#[derive(AsnType, Decode, Encode)]
struct Tbs {
    #[rasn(tag(explicit(context, 0)), default)]
    version: Integer,
    serial_number: Integer,
    signature: Algorithm,
    issuer: Any,
    validity: Any,
    subject: Any,
    key: Spki,
    #[rasn(tag(context, 1))]
    issuer_unique_id: Option<BitString>,
    #[rasn(tag(context, 2))]
    subject_unique_id: Option<BitString>,
    #[rasn(tag(explicit(context, 3)))]
    extensions: Option<Vec<Extension>>,
}

#[derive(AsnType, Decode, Encode)]
struct Extension {
    oid: ObjectIdentifier,
    #[rasn(default)]
    critical: bool,
    value: OctetString,
}

#[derive(AsnType, Decode, Encode)]
struct Info {
    version: Integer,
    subject: Any,
    key: Spki,
    #[rasn(tag(context, 0))]
    attributes: SetOf<Any>,
}

fn encode<T: Encode>(value: &T) -> Vec<u8> {
    rasn::der::encode(value).unwrap()
}

#[test]
#[cfg_attr(miri, ignore = "140 certificates, each written again")]
fn certificates() {
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(AsRef::as_ref);
    for der in fixtures::CERTIFICATES.iter().map(|file| file.1).chain(roots) {
        let ours = Certificate::from_der(der).unwrap();
        let theirs: Signed<Tbs> = rasn::der::decode(der).unwrap();
        assert_eq!(encode(&theirs), der);

        let tbs = &theirs.to_be_signed;
        assert_eq!(encode(tbs), ours.tbs_certificate);
        let version = [Version::V1, Version::V2, Version::V3];
        let version = version.iter().position(|version| *version == ours.version).unwrap();
        assert_eq!(tbs.version, Integer::from(version));
        assert_eq!(encode(&tbs.serial_number), ours.serial_number);
        assert_eq!(encode(&tbs.signature), ours.signature_algorithm.to_der().unwrap());
        assert_eq!(encode(&theirs.algorithm), ours.signature_algorithm.to_der().unwrap());
        assert_eq!(tbs.issuer.as_bytes(), ours.issuer.der());
        assert_eq!(tbs.subject.as_bytes(), ours.subject.der());
        assert_eq!(encode(&tbs.key), ours.subject_public_key_info.der);
        assert_eq!(tbs.key.key.as_raw_slice(), ours.subject_public_key_info.key);
        assert_eq!(theirs.signature.as_raw_slice(), ours.signature);
        assert_eq!(tbs.extensions.as_ref().map(encode).as_deref(), ours.extensions.der());

        // Ours write the same list.
        let Some(theirs) = &tbs.extensions else { continue };
        let mut built = ExtensionsBuilder::new();
        for (ours, theirs) in ours.extensions.iter().zip(theirs) {
            let ours = ours.unwrap();
            assert_eq!(ours.oid.to_der().unwrap(), encode(&theirs.oid));
            assert_eq!((ours.critical, ours.value), (theirs.critical, &theirs.value[..]));
            built = built.push(ours.oid, ours.critical, ours.value);
        }
        assert_eq!(Some(&built.to_der().unwrap()[..]), ours.extensions.der());
    }
}

#[test]
fn requests() {
    for (_, der) in fixtures::REQUESTS {
        let ours = CertificationRequest::from_der(der).unwrap();
        let theirs: Signed<Info> = rasn::der::decode(der).unwrap();
        assert_eq!(encode(&theirs), *der);
        let info = &theirs.to_be_signed;
        assert_eq!(encode(info), ours.certification_request_info);
        assert_eq!(info.version, Integer::from(0));
        assert_eq!(info.subject.as_bytes(), ours.subject.der());
        assert_eq!(encode(&info.key), ours.subject_public_key_info.der);
        assert_eq!(info.attributes.len(), ours.attributes().count());
        assert_eq!(theirs.signature.as_raw_slice(), ours.signature);
    }
}

/// What `rasn` reads without a word, and the frame or `check` refuses.
#[test]
fn explicit_defaults() {
    let extension = sequence(&[&[6, 3, 0x55, 0x1d, 14], &[1, 1, 0], &tlv(4, &[&[4, 1, 7]])]);
    let made =
        make::Certificate { rest: tlv(0xa3, &[&sequence(&[&extension])]), ..Default::default() };
    let der = made.to_der();
    let theirs: Signed<Tbs> = rasn::der::decode(&der).unwrap();
    assert_ne!(encode(&theirs), der);
    Certificate::from_der(&der).unwrap().extensions.check().unwrap_err();

    let made = make::Certificate { version: vec![0xa0, 3, 2, 1, 0], ..made };
    let der = made.to_der();
    let theirs: Signed<Tbs> = rasn::der::decode(&der).unwrap();
    assert_ne!(encode(&theirs), der);
    Certificate::from_der(&der).unwrap_err();
}
