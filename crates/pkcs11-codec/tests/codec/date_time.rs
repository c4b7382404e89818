//! Times of certificates.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    tlv::Tag,
    x509::{Certificate, DateTime},
};
use rasn::types::UtcTime;
use rstest::rstest;

use crate::{
    fault,
    fixtures::x509 as fixtures,
    make::{self, sequence, tlv},
};

#[rstest]
#[case::first_of_1950(b"\x17\x0d500101000000Z", "1950-01-01T00:00:00Z")]
#[case::last_of_2049(b"\x17\x0d491231235959Z", "2049-12-31T23:59:59Z")]
#[case::year_2000(b"\x17\x0d000229120000Z", "2000-02-29T12:00:00Z")]
#[case::before_1950(b"\x18\x0f19491231235959Z", "1949-12-31T23:59:59Z")]
#[case::after_2049(b"\x18\x0f20500101000000Z", "2050-01-01T00:00:00Z")]
#[case::no_expiration(b"\x18\x0f99991231235959Z", "9999-12-31T23:59:59Z")]
#[case::year_0(b"\x18\x0f00000101000000Z", "0000-01-01T00:00:00Z")]
fn round_trips(#[case] der: &[u8], #[case] text: &str) {
    let time = DateTime::from_der(der).unwrap();
    assert_eq!(time.to_string(), text);
    assert_eq!(time.to_der().unwrap(), der);
    let digits: String = text.chars().take(10).filter(char::is_ascii_digit).collect();
    assert_eq!(time.ck_date(), digits.as_bytes());
    let date = (time.year(), time.month(), time.day());
    assert_eq!(DateTime::new(date, (time.hour(), time.minute(), time.second())), Ok(time));
}

/// RFC 5280 has UTCTime to 2049, so this is not what would be written again. Certificates with
/// such times are read.
#[rstest]
#[case(b"\x18\x0f19500101000000Z", b"\x17\x0d500101000000Z")]
#[case(b"\x18\x0f20250101000000Z", b"\x17\x0d250101000000Z")]
#[case(b"\x18\x0f20491231235959Z", b"\x17\x0d491231235959Z")]
fn early_generalized_time(#[case] der: &[u8], #[case] utc: &[u8]) {
    let (expected, found) = (Tag::UTC_TIME, Tag::GENERALIZED_TIME);
    let kind = ErrorKind::UnexpectedTag { expected, found };
    assert_eq!(fault(DateTime::from_der(der)), (Some(0), kind));

    let validity = sequence(&[der, der]);
    let certificate = make::Certificate { validity, ..Default::default() }.to_der();
    let validity = Certificate::from_der(&certificate).unwrap().validity;
    assert_eq!(validity.not_before(), DateTime::from_der(utc));
    assert_eq!(validity.not_after(), DateTime::from_der(utc));
}

/// The pivot of RFC 5280 is 50; rasn's is another.
#[test]
fn rasn_reads_1950_as_2050() {
    let der = b"\x17\x0d500101000000Z";
    let theirs: UtcTime = rasn::der::decode(der).unwrap();
    assert_eq!(theirs.to_rfc3339(), "2050-01-01T00:00:00+00:00");
    assert_eq!(DateTime::from_der(der).unwrap().year(), 1950);
}

#[rstest]
#[case::no_seconds(b"\x17\x0b5001010000Z")]
#[case::offset(b"\x17\x11500101000000+0000")]
#[case::local(b"\x17\x0c500101000000")]
#[case::fraction(b"\x18\x1120500101000000.5Z")]
#[case::month_0(b"\x17\x0d500001000000Z")]
#[case::month_13(b"\x17\x0d501301000000Z")]
#[case::day_0(b"\x17\x0d500100000000Z")]
#[case::february_30(b"\x17\x0d500230000000Z")]
#[case::february_29_of_1950(b"\x17\x0d500229000000Z")]
#[case::february_29_of_2100(b"\x18\x0f21000229000000Z")]
#[case::april_31(b"\x17\x0d500431000000Z")]
#[case::hour_24(b"\x17\x0d500101240000Z")]
#[case::minute_60(b"\x17\x0d500101006000Z")]
#[case::second_60(b"\x17\x0d500101000060Z")]
#[case::letters(b"\x17\x0d5o0101000000Z")]
#[case::signs(b"\x17\x0d50+101000000Z")]
#[case::short_generalized(b"\x18\x0d500101000000Z")]
#[case::long_utc(b"\x17\x0f20500101000000Z")]
#[case::nothing(b"\x17\x00")]
fn what_is_no_time_is_refused(#[case] der: &[u8]) {
    assert_eq!(fault(DateTime::from_der(der)), (Some(2), ErrorKind::InvalidTime));
}

#[test]
fn another_type_is_refused() {
    let kind = ErrorKind::UnexpectedTag { expected: Tag::UTC_TIME, found: Tag::NULL };
    assert_eq!(fault(DateTime::from_der(&hex!("0500"))), (Some(0), kind));
    let kind = ErrorKind::Missing { expected: Tag::UTC_TIME };
    assert_eq!(fault(DateTime::from_der(&[])), (Some(0), kind));
    let kind = ErrorKind::TrailingData { left: 1 };
    assert_eq!(fault(DateTime::from_der(b"\x17\x0d500101000000Z\0")), (Some(15), kind));
}

#[rstest]
#[case((10_000, 1, 1), (0, 0, 0))]
#[case((2025, 2, 29), (0, 0, 0))]
#[case((1900, 2, 29), (0, 0, 0))]
#[case((2025, 1, 32), (0, 0, 0))]
#[case((2025, 1, 1), (24, 0, 0))]
#[case((2025, 1, 1), (0, 60, 0))]
#[case((2025, 1, 1), (0, 0, 60))]
fn no_such_second(#[case] date: (u16, u8, u8), #[case] time: (u8, u8, u8)) {
    assert_eq!(fault(DateTime::new(date, time)), (None, ErrorKind::InvalidTime));
}

// `date -u -d 2000-02-29T12:34:56Z +%s` …
#[rstest]
#[case(0, "1970-01-01T00:00:00Z")]
#[case(951_827_696, "2000-02-29T12:34:56Z")]
#[case(951_868_800, "2000-03-01T00:00:00Z")]
#[case(1_709_208_000, "2024-02-29T12:00:00Z")]
#[case(1_735_689_599, "2024-12-31T23:59:59Z")]
#[case(4_107_542_400, "2100-03-01T00:00:00Z")]
#[case(253_402_300_799, "9999-12-31T23:59:59Z")]
fn from_the_clock(#[case] seconds: u64, #[case] text: &str) {
    assert_eq!(DateTime::from_unix(seconds).unwrap().to_string(), text);
}

#[test]
fn the_clock_ends() {
    assert_eq!(DateTime::from_unix(253_402_300_799), Ok(DateTime::NO_EXPIRATION));
    for seconds in [253_402_300_800, 1 << 60, u64::MAX] {
        assert_eq!(fault(DateTime::from_unix(seconds)), (None, ErrorKind::InvalidTime));
    }
}

/// Each day of 8030 years follows the one before.
#[test]
#[cfg_attr(miri, ignore = "8030 years have three million days")]
fn every_day() {
    let mut before = DateTime::from_unix(0).unwrap();
    for day in 1..=2_932_896_u64 {
        let time = DateTime::from_unix(day * 86_400).unwrap();
        let next = (time.year(), time.month(), time.day());
        let follows = match (time.month(), time.day()) {
            (1, 1) => (before.year() + 1, 12, 31) == (time.year(), before.month(), before.day()),
            (_, 1) => (before.year(), before.month() + 1) == (time.year(), time.month()),
            _ => (before.year(), before.month(), before.day() + 1) == next,
        };
        assert!(follows && before < time, "{before} {time}");
        before = time;
    }
    assert_eq!(before.to_string(), "9999-12-31T00:00:00Z");
}

#[rstest]
#[case("first-of-1950", "1950-01-01T00:00:00Z", "2049-12-31T23:59:59Z")]
#[case("generalized", "1949-12-31T23:59:59Z", "2050-01-01T00:00:00Z")]
#[case("no-expiration", "2024-02-29T12:00:00Z", "9999-12-31T23:59:59Z")]
fn certificates_of_openssl(#[case] name: &str, #[case] from: &str, #[case] to: &str) {
    let certificate = Certificate::from_der(fixtures::certificate(name)).unwrap();
    assert_eq!(certificate.validity.not_before().unwrap().to_string(), from);
    assert_eq!(certificate.validity.not_after().unwrap().to_string(), to);
}

/// One time that cannot be read leaves the other.
#[test]
fn an_unreadable_time_spoils_nothing_else() {
    const GOOD: &[u8] = b"\x17\x0d250101000000Z";
    let with = |times: &[&[u8]]| {
        make::Certificate { validity: sequence(times), ..Default::default() }.to_der()
    };
    for bad in [&b"\x17\x0b2501010000Z"[..], &tlv(0x13, &[b"tomorrow"]), &hex!("a000")] {
        let der = with(&[bad, GOOD]);
        let validity = Certificate::from_der(&der).unwrap().validity;
        validity.not_before().unwrap_err();
        assert_eq!(validity.not_after().unwrap().year(), 2025);

        let der = with(&[GOOD, bad]);
        let validity = Certificate::from_der(&der).unwrap().validity;
        assert_eq!(validity.not_before().unwrap().year(), 2025);
        validity.not_after().unwrap_err();
    }
    let der = with(&[GOOD]);
    let validity = Certificate::from_der(&der).unwrap().validity;
    let kind = ErrorKind::Missing { expected: Tag::UTC_TIME };
    assert_eq!(fault(validity.not_after()).1, kind);
    let der = with(&[GOOD, GOOD, GOOD]);
    let validity = Certificate::from_der(&der).unwrap().validity;
    assert_eq!(fault(validity.not_after()).1, ErrorKind::TrailingData { left: 15 });
}
