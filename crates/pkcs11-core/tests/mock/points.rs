//! Points of curves, bare and in DER: told apart by what is known of the curve, not by how they
//! begin.

use pkcs11_core::{AttributeType, Curve, ErrorKind, PublicKey, Session, Template, attr};
use pkcs11_mock::Mock;
use rstest::rstest;

use crate::support::{failure, open};

fn public(session: &Session, curve: Curve, point: &[u8]) -> PublicKey {
    let template = Template::new()
        .with(attr::KEY_TYPE, curve.key_type())
        .with(attr::EC_PARAMS, curve.ec_params())
        .with(attr::EC_POINT, point);
    session.create(&template).unwrap()
}

/// A bare point of P-256 whose x begins with 3f looks like an OCTET STRING of 63 bytes, and one of
/// P-521 or of 65 bytes may have any second byte.
#[rstest]
#[case::like_der(Curve::P256, 0x3f)]
#[case::shorter(Curve::P256, 0x20)]
#[case::longer(Curve::P256, 0x41)]
#[case::long_form(Curve::P521, 0x81)]
#[case::p384(Curve::P384, 0x5f)]
fn a_bare_point_is_known_by_its_length(#[case] curve: Curve, #[case] second: u8) {
    let mock = Mock::start();
    let session = open(&mock);
    let mut point = vec![7; 1 + 2 * curve.field_bytes()];
    (point[0], point[1]) = (4, second);
    assert_eq!(public(&session, curve, &point).ec_point().unwrap(), point);

    let length = u8::try_from(point.len()).unwrap();
    let head: &[u8] = if length < 128 { &[4, length] } else { &[4, 0x81, length] };
    let der = [head, &point].concat();
    assert_eq!(public(&session, curve, &der).ec_point().unwrap(), point);
}

/// A bare point of X25519 may begin with 04 1e, which is the head of an OCTET STRING of 30 bytes.
#[rstest]
#[case(Curve::X25519)]
#[case(Curve::ED25519)]
fn a_bare_point_that_begins_like_der_is_taken_whole(#[case] curve: Curve) {
    let mock = Mock::start();
    let session = open(&mock);
    let mut point = vec![7; 32];
    (point[0], point[1]) = (4, 30);
    assert_eq!(public(&session, curve, &point).ec_point().unwrap(), point);
}

#[test]
fn a_point_in_no_form_is_an_error() {
    let mock = Mock::start();
    let session = open(&mock);
    for wrong in [&[][..], &[3; 65], &[5, 0]] {
        let error = failure!(
            public(&session, Curve::P256, wrong).ec_point(),
            ErrorKind::AttributeValue { .. }
        );
        assert_eq!(error.attribute(), Some(AttributeType::EC_POINT));
    }
}
