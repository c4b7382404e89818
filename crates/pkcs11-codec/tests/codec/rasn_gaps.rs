//! Why this crate has a reader of its own: what `rasn` 0.30 lets through, shows or cannot read,
//! and that we do not. When a new `rasn` does better, its half of a test fails, and tells so.
//!
//! The pivot of UTCTime is with the tests of certificates.

use core::marker::PhantomData;

use hex_literal::hex;
use pkcs11_codec::{
    Error, ErrorKind,
    algorithm::AlgorithmIdentifier,
    integer,
    oid::Oid,
    pkcs1::RsaPrivateKey,
    signature::Signature,
    tlv::{self, Reader, Tag, Tlv},
};
use rasn::types::{Any, BitString, GeneralizedTime, Integer, ObjectIdentifier, OctetString, SetOf};
use rasn::{AsnType, Decode, Decoder, Encode, Encoder};
use rstest::rstest;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::{fault, fixtures};

/// What `rasn` makes of DER, as it shows it.
fn theirs<T: Decode + std::fmt::Debug>(der: &[u8]) -> String {
    match rasn::der::decode::<T>(der) {
        Ok(value) => format!("{value:?}"),
        Err(error) => error.to_string(),
    }
}

fn ours<'a, T: std::fmt::Debug>(
    der: &'a [u8],
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
) -> ErrorKind {
    fault(tlv::decode(der, read)).1
}

const FIVE: &str = "Integer(Primitive(5))";
const CONSTRUCTED_INTEGER: Tag = Tag::from_octet(0x22);
const CONSTRUCTED_OID: Tag = Tag::from_octet(0x26);

#[rstest]
#[case::long_length(&hex!("02 8101 05"), FIVE, ErrorKind::NonMinimalLength)]
#[case::zero_in_the_length(&hex!("02 820001 05"), FIVE, ErrorKind::NonMinimalLength)]
#[case::five_octets(&hex!("02 850000000001 05"), FIVE, ErrorKind::LengthTooLong)]
#[case::padded(&hex!("02 02 0005"), FIVE, ErrorKind::NonMinimalInteger)]
#[case::padded_negative(
    &hex!("02 02 ff85"), "Integer(Primitive(-123))", ErrorKind::NonMinimalInteger,
)]
#[case::negative(&hex!("02 01 85"), "Integer(Primitive(-123))", ErrorKind::NegativeInteger)]
#[case::constructed(
    &hex!("22 01 05"), FIVE,
    ErrorKind::UnexpectedTag { expected: Tag::INTEGER, found: CONSTRUCTED_INTEGER },
)]
#[case::with_an_integer_inside(
    &hex!("22 03 020105"), "Integer(Primitive(131333))",
    ErrorKind::UnexpectedTag { expected: Tag::INTEGER, found: CONSTRUCTED_INTEGER },
)]
#[case::high_form_of_a_low_tag(
    &hex!("1f02 01 05"), FIVE,
    ErrorKind::UnexpectedTag { expected: Tag::INTEGER, found: Tag::from_octet(0x1f) },
)]
#[case::zeros_before_a_tag(
    &hex!("1f8002 01 05"), FIVE,
    ErrorKind::UnexpectedTag { expected: Tag::INTEGER, found: Tag::from_octet(0x1f) },
)]
fn integers(#[case] der: &[u8], #[case] shown: &str, #[case] kind: ErrorKind) {
    assert_eq!(theirs::<Integer>(der), shown);
    assert_eq!(ours(der, Reader::unsigned), kind);
}

#[test]
fn other_forms_of_one_value() {
    let der = hex!("26 01 2a");
    assert_eq!(theirs::<ObjectIdentifier>(&der), "ObjectIdentifier([1, 2])");
    let kind =
        ErrorKind::UnexpectedTag { expected: Tag::OBJECT_IDENTIFIER, found: CONSTRUCTED_OID };
    assert_eq!(ours(&der, Reader::oid), kind);

    let der = hex!("06 03 2b8001");
    assert_eq!(theirs::<ObjectIdentifier>(&der), "ObjectIdentifier([1, 3, 1])");
    assert_eq!(ours(&der, Reader::oid), ErrorKind::InvalidOid);

    let der = hex!("21 01 ff");
    assert_eq!(theirs::<bool>(&der), "true");
    let found = Tag::from_octet(0x21);
    let kind = ErrorKind::UnexpectedTag { expected: Tag::BOOLEAN, found };
    assert_eq!(ours(&der, Reader::boolean), kind);

    let der = hex!("03 02 0101");
    assert_eq!(rasn::der::decode::<BitString>(&der).unwrap().len(), 7);
    assert_eq!(ours(&der, Reader::bit_string), ErrorKind::InvalidBitString);

    let der = hex!("31 06 020102 020101");
    assert_eq!(rasn::der::decode::<SetOf<Integer>>(&der).unwrap().len(), 2);
    let read = |reader: &mut Reader<'_>| reader.set_of(Tag::SET, |_| Ok(()));
    assert_eq!(ours(&der, read), ErrorKind::UnsortedSet);
}

/// RFC 3279 §2.2.3, with `rasn`'s own INTEGER.
#[derive(AsnType, Decode, Encode, Debug)]
struct SigValue {
    r: Integer,
    s: Integer,
}

#[test]
fn negative_signatures() {
    let der = hex!("30 06 020180 0201ff");
    let shown = "SigValue { r: Integer(Primitive(-128)), s: Integer(Primitive(-1)) }";
    assert_eq!(theirs::<SigValue>(&der), shown);
    assert_eq!(fault(Signature::from_der(&der, 32)), (Some(4), ErrorKind::NegativeInteger));
}

/// BasicConstraints (RFC 5280 §4.2.1.9), and the salt length of RSASSA-PSS-params.
#[derive(AsnType, Decode, Encode, Debug)]
struct Defaults {
    #[rasn(default)]
    ca: bool,
    #[rasn(default = "twenty")]
    salt_length: u32,
}

const fn twenty() -> u32 {
    20
}

#[rstest]
#[case::boolean(&hex!("30 03 010100"))]
#[case::integer(&hex!("30 03 020114"))]
fn defaults_spelt_out(#[case] der: &[u8]) {
    assert_eq!(theirs::<Defaults>(der), "Defaults { ca: false, salt_length: 20 }");
    let read = |reader: &mut Reader<'_>| {
        reader.sequence(|sequence| {
            sequence.or_default(Tag::BOOLEAN, false, Tlv::boolean)?;
            sequence.or_default(Tag::INTEGER, 20, Tlv::unsigned_u32)
        })
    };
    assert_eq!(fault(tlv::decode(der, read)), (Some(2), ErrorKind::ExplicitDefault));
}

/// One arc of 2³², and a certificate with it does not decode.
#[test]
fn large_arcs() {
    let der = hex!("06 06 2b9080808000");
    assert!(theirs::<ObjectIdentifier>(&der).contains("exceeds the supported 32 bits"));
    let oid = Oid::from_der(&der).unwrap();
    assert_eq!(oid.to_string(), "1.3.4294967296");
    assert_eq!(oid.to_der().unwrap(), der);
}

#[test]
fn bytes_behind_ber() {
    let ber = hex!("02 01 05 deadbeef");
    assert_eq!(rasn::ber::decode::<Integer>(&ber).unwrap(), Integer::from(5));
    let trailing = ErrorKind::TrailingData { left: 4 };
    assert_eq!(fault(integer::from_der(&ber)), (Some(3), trailing));
    assert_eq!(fault(pkcs11_codec::lenient::to_der(&ber)), (Some(3), trailing));
}

/// An element of no bytes goes missing, and the optional parameters with it.
#[test]
fn nothing_is_no_element() {
    assert!(rasn::der::encode(&Any::new(vec![])).unwrap().is_empty());
    let oid = Oid::from_content(&[0x2a]).unwrap();
    let algorithm = AlgorithmIdentifier { oid, parameters: Some(&[]) };
    assert_eq!(fault(algorithm.to_der()), (None, ErrorKind::Empty));
}

/// A PIN, say, where the schema has a time.
#[test]
fn errors_hold_no_input() {
    let der = hex!("18 06 736563726574");
    assert!(theirs::<GeneralizedTime>(&der).contains("secret"));

    // Ours hold no byte but tags and lengths. No cut or changed private key shows a prime, in
    // decimal, hexadecimal or as text.
    let key = RsaPrivateKey::from_der(fixtures::RSA_PRIVATE_KEY).unwrap();
    let prime = key.prime_1;
    let shown = |der: &[u8]| match RsaPrivateKey::from_der(der) {
        Ok(key) => format!("{key:?}"),
        Err(error) => format!("{error:?} {error}"),
    };
    let secret = [
        format!("{}, {}, {}", prime[0], prime[1], prime[2]),
        format!("{:02x}{:02x}{:02x}", prime[0], prime[1], prime[2]),
        format!("{:02x}, {:02x}, {:02x}", prime[0], prime[1], prime[2]),
    ];
    for end in 0..=fixtures::RSA_PRIVATE_KEY.len() {
        let mut der = fixtures::RSA_PRIVATE_KEY.to_vec();
        let shown = match der.get_mut(end) {
            Some(byte) => {
                *byte ^= 0x80;
                let changed = shown(&der);
                changed + &shown(&der[..end])
            }
            None => shown(&der),
        };
        assert!(secret.iter().all(|secret| !shown.contains(secret)), "{shown}");
    }
}

#[test]
fn debug_shows_no_secret() {
    assert!(format!("{:?}", OctetString::from_static(b"secret")).contains("secret"));
    assert!(format!("{:?}", Any::new(b"secret".to_vec())).contains("[115, 101, 99"));

    let der = hex!("04 06 736563726574");
    let shown = tlv::decode(&der, |reader| {
        let before = format!("{reader:?}");
        Ok(before + &format!("{:?}", reader.any()?))
    });
    let shown = shown.unwrap();
    assert!(!shown.contains("secret") && !shown.contains("115"), "{shown}");
    let recovered = format!("{:?}", pkcs11_codec::lenient::to_der(&der).unwrap());
    assert!(!recovered.contains("secret") && !recovered.contains("115"), "{recovered}");
}

/// Whether a type wipes itself: the method of the type itself wins over that of the trait.
struct Probe<T>(PhantomData<T>);

impl<T: ZeroizeOnDrop> Probe<T> {
    const WIPES: bool = true;
}

trait Otherwise {
    const WIPES: bool = false;
}

impl<T> Otherwise for Probe<T> {}

#[test]
fn encoded_secrets_are_wiped() {
    const { assert!(!<Probe<OctetString>>::WIPES) };
    const { assert!(!<Probe<Integer>>::WIPES) };

    let key = RsaPrivateKey::from_der(fixtures::RSA_PRIVATE_KEY).unwrap();
    let _: Zeroizing<Vec<u8>> = key.to_der().unwrap();
    const { assert!(<Probe<Zeroizing<Vec<u8>>>>::WIPES) };
}
