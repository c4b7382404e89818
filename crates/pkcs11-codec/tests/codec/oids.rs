//! OBJECT IDENTIFIERs from dotted numbers and back.

use pkcs11_codec::{
    ErrorKind,
    oid::{Oid, OidBuf},
};
use proptest::{collection::vec, prelude::*};
use rstest::rstest;

use crate::fault;

#[rstest]
#[case("0.0", &[0x00])]
#[case("0.39", &[0x27])]
#[case("1.0", &[0x28])]
#[case("1.39", &[0x4f])]
#[case("2.0", &[0x50])]
#[case("2.47", &[0x7f])]
#[case("2.48", &[0x81, 0x00])]
#[case("2.999.3", &[0x88, 0x37, 0x03])]
#[case("1.2.840.113549.1.1.1", &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01])]
#[case("1.3.0.127.128", &[0x2b, 0x00, 0x7f, 0x81, 0x00])]
#[case("1.3.4294967296", &[0x2b, 0x90, 0x80, 0x80, 0x80, 0x00])]
fn read_and_printed(#[case] dotted: &str, #[case] content: &[u8]) {
    let oid: OidBuf = dotted.parse().unwrap();
    assert_eq!(oid.as_oid().content(), content);
    assert_eq!(oid.to_string(), dotted);
    assert_eq!(format!("{oid:?}"), format!("OidBuf({dotted})"));
    assert_eq!(OidBuf::from(Oid::from_content(content).unwrap()), oid);
}

#[rstest]
#[case::nothing("", 0)]
#[case::one_number("1", 1)]
#[case::first_too_large("3.1", 0)]
#[case::second_too_large("1.40", 2)]
#[case::dot_at_the_end("1.2.", 4)]
#[case::dot_at_the_start(".1.2", 0)]
#[case::two_dots("1..2", 2)]
#[case::leading_zero("1.2.03", 4)]
#[case::sign("1.+2", 2)]
#[case::minus("1.2.-3", 4)]
#[case::space("1.2. 3", 4)]
#[case::letter("1.2.840x", 4)]
#[case::other_digits("1.2.\u{663}", 4)]
#[case::too_large("1.2.340282366920938463463374607431768211456", 4)]
#[case::too_large_with_the_first("2.340282366920938463463374607431768211455", 2)]
fn no_identifier(#[case] dotted: &str, #[case] position: usize) {
    assert_eq!(fault(dotted.parse::<OidBuf>()), (Some(position), ErrorKind::InvalidArc));
}

proptest! {
    #![proptest_config(crate::random::config())]

    #[test]
    fn any_arcs(
        first in 0..3_u8,
        second in 0..40_u8,
        rest in vec(prop_oneof![any::<u128>(), any::<u128>().prop_map(|arc| arc >> 100)], 0..8),
    ) {
        let mut dotted = format!("{first}.{second}");
        for arc in rest {
            dotted += &format!(".{arc}");
        }
        let oid: OidBuf = dotted.parse().unwrap();
        prop_assert_eq!(Oid::from_content(oid.as_oid().content()), Ok(oid.as_oid()));
        prop_assert_eq!(oid.to_string(), dotted);
    }

    #[test]
    fn any_text(text in "[0-9.]{0,12}") {
        if let Ok(oid) = text.parse::<OidBuf>() {
            prop_assert_eq!(oid.to_string(), text);
        }
    }
}
