//! What holds for any bytes, a function for each family of entry points: nothing panics,
//! what decodes is encoded to the same bytes, and it is DER.
//!
//! A fault is a panic, so that random tests, the seeds and the fuzz targets share them.

use pkcs11_codec::{
    Error,
    algorithm::AlgorithmIdentifier,
    dh::{DhParameters, X942Parameters},
    digest_info::DigestInfo,
    dsa::DsaParameters,
    ec::{self, EcParameters, EcPrivateKey},
    integer,
    oid::Oid,
    pkcs1::{RsaPrivateKey, RsaPublicKey},
    rsa_parameters::{OaepParameters, PssParameters},
    signature::{Signature, max_der_bytes},
    spki::{PublicKey, SubjectPublicKeyInfo},
    tlv::{self, Reader},
};

/// A property of all bytes.
pub(crate) type Property = fn(&[u8]);

/// All of them; the fuzz targets have the same names.
pub(crate) const ALL: &[(&str, Property)] = &[
    ("tlv", tlv),
    ("values", values),
    ("curves", curves),
    ("parameters", parameters),
    ("public_keys", public_keys),
    ("private_keys", private_keys),
    ("signatures", signatures),
];

/// What decodes is encoded again to the same bytes.
macro_rules! same {
    ($der:expr, $decoded:expr, $encode:expr) => {
        match $decoded {
            Ok(value) => assert_eq!(&$encode(&value).expect("what decodes")[..], $der),
            Err(error) => in_bounds(&error, $der),
        }
    };
}

/// The same, and every byte of it was looked at.
macro_rules! same_der {
    ($der:expr, $decoded:expr, $encode:expr) => {
        match $decoded {
            Ok(value) => {
                assert_eq!(&$encode(&value).expect("what decodes")[..], $der);
                assert_eq!(tlv::check($der), Ok(()));
            }
            Err(error) => in_bounds(&error, $der),
        }
    };
}

/// An error says which byte; the end is one behind the last.
fn in_bounds(error: &Error, der: &[u8]) {
    assert!(error.position().is_some_and(|position| position <= der.len()), "{error:?}");
    let _ = error.to_string();
}

/// The strict check, and a walk over what it has accepted.
pub(crate) fn tlv(der: &[u8]) {
    fn walk(reader: &mut Reader<'_>) -> Result<(), Error> {
        while let Some(tag) = reader.peek() {
            if tag.is_constructed() {
                reader.nested(tag, walk)?;
            } else {
                reader.any()?;
            }
        }
        Ok(())
    }
    match tlv::check(der) {
        Ok(()) => assert_eq!(tlv::decode(der, walk), Ok(())),
        Err(error) => in_bounds(&error, der),
    }
}

/// Numbers, identifiers and hashes.
pub(crate) fn values(der: &[u8]) {
    same_der!(der, integer::from_der(der), |value: &&[u8]| integer::to_der(value));
    same_der!(der, Oid::from_der(der), Oid::to_der);
    same_der!(der, DigestInfo::from_der(der), DigestInfo::to_der);
    if let Ok(oid) = Oid::from_content(der) {
        assert!(oid.to_string().contains('.'));
        assert_eq!(Oid::from_der(&oid.to_der().expect("an identifier")), Ok(oid));
    }
    if let Ok(unsigned) = integer::unsigned_from_content(der) {
        assert_eq!(integer::trim(unsigned), unsigned);
        assert_eq!(integer::content_from_unsigned(unsigned).as_deref(), Ok(der));
    }
    if let Ok(der) = integer::to_der(der) {
        assert!(integer::from_der(&der).is_ok());
    }
}

/// `CKA_EC_PARAMS` and `CKA_EC_POINT`.
pub(crate) fn curves(der: &[u8]) {
    same_der!(der, EcParameters::from_der(der), EcParameters::to_der);
    same_der!(der, ec::unwrap_point(der), |raw: &&[u8]| ec::wrap_point(raw));
}

/// Domain parameters and those of algorithms.
pub(crate) fn parameters(der: &[u8]) {
    same_der!(der, DsaParameters::from_der(der), DsaParameters::to_der);
    same_der!(der, DhParameters::from_der(der), DhParameters::to_der);
    same_der!(der, X942Parameters::from_der(der), X942Parameters::to_der);
    same_der!(der, PssParameters::from_der(der), PssParameters::to_der);
    same_der!(der, OaepParameters::from_der(der), OaepParameters::to_der);
    // The parameters of an algorithm that is not known are not looked at.
    same!(der, AlgorithmIdentifier::from_der(der), AlgorithmIdentifier::to_der);
}

/// Public keys.
pub(crate) fn public_keys(der: &[u8]) {
    same_der!(der, RsaPublicKey::from_der(der), RsaPublicKey::to_der);
    same!(der, PublicKey::from_spki_der(der), PublicKey::to_spki_der);
    match (SubjectPublicKeyInfo::from_der(der), PublicKey::from_spki_der(der)) {
        (Ok(info), key) => {
            assert_eq!(info.der, der);
            assert_eq!(info.public_key(), key);
        }
        (Err(_), key) => assert!(key.is_err()),
    }
}

/// Private keys.
pub(crate) fn private_keys(der: &[u8]) {
    same_der!(der, RsaPrivateKey::from_der(der), RsaPrivateKey::to_der);
    same_der!(der, EcPrivateKey::from_der(der), EcPrivateKey::to_der);
    if let Ok(key) = RsaPrivateKey::from_der(der) {
        let shown = format!("{key:?}");
        assert!(!shown.contains("prime"), "{shown}");
    }
}

/// Signatures, for an order whose size is that of P-256, and for one that the bytes tell.
pub(crate) fn signatures(der: &[u8]) {
    let told = der.first().map_or(0, |&octet| usize::from(octet));
    for (order_bytes, der) in [(32, der), (told, der.get(1..).unwrap_or_default())] {
        match Signature::from_der(der, order_bytes) {
            Ok(signature) => {
                assert_eq!(signature.to_der(), der);
                assert_eq!(tlv::check(der), Ok(()));
                let fixed = signature.to_fixed();
                assert_eq!(Signature::from_fixed(&fixed, order_bytes), Ok(signature));
            }
            Err(error) if error.position().is_some() => in_bounds(&error, der),
            Err(_) => assert!(order_bytes == 0 || order_bytes > 128),
        }
        if let Ok(signature) = Signature::from_fixed(der, order_bytes) {
            assert_eq!(signature.to_fixed(), der);
            let der = signature.to_der();
            assert_eq!(signature.der_bytes(), der.len());
            assert!(der.len() <= max_der_bytes(order_bytes));
            assert_eq!(Signature::from_der(&der, order_bytes), Ok(signature));
        }
    }
}
