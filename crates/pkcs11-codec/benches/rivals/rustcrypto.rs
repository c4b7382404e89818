//! RustCrypto: `x509-cert`, `pkcs1`, `pkcs8`, `spki`, and `ecdsa` by way of `p256`; for signatures
//! `der` alone as well, since `ecdsa` looks at the numbers too.

use std::borrow::Cow;

use der::{
    Decode, Encode, Sequence,
    asn1::{AnyRef, BitStringRef, Null, UintRef},
};
use pkcs8::PrivateKeyInfoRef;
use spki::{AlgorithmIdentifierRef, ObjectIdentifier, SubjectPublicKeyInfoRef};
use x509_cert::time::Time;

use super::{Certificate, Day, Fixed, Key, RsaPrivateKey, fixed};

const RSA: ObjectIdentifier = pkcs1::ALGORITHM_OID;
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

pub(crate) fn certificate(der: &[u8]) -> Certificate<'_> {
    let certificate = x509_cert::Certificate::from_der(der).expect("a certificate");
    let tbs = certificate.tbs_certificate();
    let info = tbs.subject_public_key_info();
    let key = SubjectPublicKeyInfoRef {
        algorithm: AlgorithmIdentifierRef {
            oid: info.algorithm.oid,
            parameters: info.algorithm.parameters.as_ref().map(AnyRef::from),
        },
        subject_public_key: BitStringRef::from(&info.subject_public_key),
    };
    let key = owned(self::key(&key));
    Certificate {
        subject: tbs.subject().to_der().expect("a name").into(),
        issuer: tbs.issuer().to_der().expect("a name").into(),
        serial: Cow::Owned(tbs.serial_number().as_bytes().to_vec()),
        start: day(tbs.validity().not_before),
        end: day(tbs.validity().not_after),
        key_info: info.to_der().expect("a key").into(),
        key,
    }
}

/// The certificate owns the key.
fn owned(key: Key<'_>) -> Key<'static> {
    let own = |bytes: Cow<'_, [u8]>| Cow::Owned(bytes.into_owned());
    match key {
        Key::Rsa { modulus, public_exponent } => {
            Key::Rsa { modulus: own(modulus), public_exponent: own(public_exponent) }
        }
        Key::P256(point) => Key::P256(own(point)),
        Key::Ed25519(key) => Key::Ed25519(own(key)),
    }
}

fn day(time: Time) -> Day {
    let time = time.to_date_time();
    (time.year(), time.month(), time.day())
}

pub(crate) fn rsa_pkcs1(der: &[u8]) -> RsaPrivateKey<'_> {
    let key = pkcs1::RsaPrivateKeyRef::from_der(der).expect("a key");
    [
        key.modulus,
        key.public_exponent,
        key.private_exponent,
        key.prime1,
        key.prime2,
        key.exponent1,
        key.exponent2,
        key.coefficient,
    ]
    .map(|number| Cow::Borrowed(number.as_bytes()))
}

pub(crate) fn rsa_pkcs8(der: &[u8]) -> RsaPrivateKey<'_> {
    let key = PrivateKeyInfoRef::from_der(der).expect("a key");
    key.algorithm.assert_algorithm_oid(RSA).expect("an RSA key");
    key.algorithm.parameters.expect("NULL").decode_as::<Null>().expect("NULL");
    rsa_pkcs1(key.private_key.as_bytes())
}

pub(crate) fn spki(der: &[u8]) -> Key<'_> {
    key(&SubjectPublicKeyInfoRef::from_der(der).expect("a key"))
}

fn key<'a>(info: &SubjectPublicKeyInfoRef<'a>) -> Key<'a> {
    let key = info.subject_public_key.as_bytes().expect("whole bytes");
    match info.algorithm.oid {
        RSA => {
            let null = info.algorithm.parameters.expect("NULL");
            null.decode_as::<Null>().expect("NULL");
            let key = pkcs1::RsaPublicKeyRef::from_der(key).expect("a key");
            Key::Rsa {
                modulus: key.modulus.as_bytes().into(),
                public_exponent: key.public_exponent.as_bytes().into(),
            }
        }
        EC if info.algorithm.parameters_oid() == Ok(P256) && key.len() == 65 => {
            Key::P256(key.into())
        }
        ED25519 if info.algorithm.parameters.is_none() && key.len() == 32 => {
            Key::Ed25519(key.into())
        }
        other => panic!("{other}"),
    }
}

pub(crate) fn ecdsa_to_fixed(der: &[u8], out: &mut Fixed) {
    let signature = p256::ecdsa::Signature::from_der(der).expect("a signature");
    out.copy_from_slice(&signature.to_bytes());
}

pub(crate) fn ecdsa_to_der(fixed: &Fixed) -> Vec<u8> {
    let signature = p256::ecdsa::Signature::from_slice(fixed).expect("a signature");
    signature.to_der().as_bytes().to_vec()
}

#[derive(Sequence)]
struct SigValue<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

pub(crate) fn der_to_fixed(der: &[u8], out: &mut Fixed) {
    let SigValue { r, s } = SigValue::from_der(der).expect("a signature");
    fixed(r.as_bytes(), s.as_bytes(), out);
}

pub(crate) fn der_to_der(fixed: &Fixed) -> Vec<u8> {
    let (r, s) = fixed.split_at(32);
    let number = |bytes| UintRef::new(bytes).expect("a number");
    SigValue { r: number(r), s: number(s) }.to_der().expect("two numbers")
}
