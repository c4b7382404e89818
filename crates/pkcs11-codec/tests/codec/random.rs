//! Properties: no bytes panic, what decodes is encoded to the same bytes, what is encoded
//! decodes to the same value.

use pkcs11_codec::{
    PrivateKeyDer,
    dh::{DhParameters, X942Parameters},
    digest_info::DigestInfo,
    dsa::{DsaParameters, DsaPrivateKey},
    ec::{self, Curve, EcParameters, EcPrivateKey, ExplicitParameters, PointForm},
    integer,
    oid::Oid,
    pkcs1::{OtherPrimes, RsaPrivateKey, RsaPublicKey},
    pkcs8::{EncryptedPrivateKeyInfo, PrivateKeyInfo},
    rsa_parameters::{OaepParameters, PssParameters},
    signature::Signature,
    spki::{PublicKey, SubjectPublicKeyInfo},
    tlv,
};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::{fixtures, fixtures::private_keys};

/// Decodes with every entry point; what passes must come back byte for byte, and be DER.
fn decode_all(der: &[u8]) -> Result<(), TestCaseError> {
    macro_rules! same {
        ($decoded:expr, $encode:expr) => {
            if let Ok(value) = $decoded {
                prop_assert_eq!(&$encode(&value).unwrap()[..], der);
                prop_assert_eq!(tlv::check(der), Ok(()));
            }
        };
    }
    same!(integer::from_der(der), |value: &&[u8]| integer::to_der(value));
    same!(ec::unwrap_point(der), |raw: &&[u8]| ec::wrap_point(raw));
    same!(Oid::from_der(der), Oid::to_der);
    same!(EcParameters::from_der(der), EcParameters::to_der);
    same!(EcPrivateKey::from_der(der), EcPrivateKey::to_der);
    same!(ExplicitParameters::from_der(der), ExplicitParameters::to_der);
    same!(DigestInfo::from_der(der), DigestInfo::to_der);
    same!(RsaPublicKey::from_der(der), RsaPublicKey::to_der);
    same!(RsaPrivateKey::from_der(der), RsaPrivateKey::to_der);
    same!(DsaPrivateKey::from_der(der), DsaPrivateKey::to_der);
    same!(EncryptedPrivateKeyInfo::from_der(der), EncryptedPrivateKeyInfo::to_der);
    same!(DsaParameters::from_der(der), DsaParameters::to_der);
    same!(DhParameters::from_der(der), DhParameters::to_der);
    same!(X942Parameters::from_der(der), X942Parameters::to_der);
    same!(PssParameters::from_der(der), PssParameters::to_der);
    same!(OaepParameters::from_der(der), OaepParameters::to_der);
    same!(Signature::from_der(der, 32), |value: &Signature<'_>| Some(value.to_der()));
    // Parameters of algorithms that are not known are not checked in depth.
    if let Ok(key) = PublicKey::from_spki_der(der) {
        prop_assert_eq!(&key.to_spki_der().unwrap()[..], der);
        // What is a key is a frame, too.
        let frame = SubjectPublicKeyInfo::from_der(der).unwrap();
        prop_assert_eq!(frame.public_key(), Ok(key));
    }
    if let Ok(info) = PrivateKeyInfo::from_der(der) {
        prop_assert_eq!(&info.to_der().unwrap()[..], der);
    }
    if let Ok(key) = PrivateKeyDer::from_der(der) {
        prop_assert_eq!(key.der(), der);
        let pkcs8 = key.to_pkcs8_der().unwrap();
        prop_assert!(PrivateKeyInfo::from_der(&pkcs8).is_ok());
    }
    Ok(())
}

/// A change to a good input: a byte set, cut, or put in.
fn mutate(der: &[u8], changes: &[(usize, u8, u8)]) -> Vec<u8> {
    let mut der = der.to_vec();
    for &(place, byte, kind) in changes {
        let place = place % (der.len() + 1);
        match kind {
            0 => der.insert(place, byte),
            1 => der.truncate(place),
            _ => {
                if let Some(slot) = der.get_mut(place) {
                    *slot = byte;
                }
            }
        }
    }
    der
}

fn good() -> impl Strategy<Value = &'static [u8]> {
    select(vec![
        fixtures::RSA_PUBLIC_KEY,
        fixtures::RSA_PRIVATE_KEY,
        fixtures::RSA_SPKI,
        fixtures::P256_SPKI,
        fixtures::P256_EXPLICIT_SPKI,
        fixtures::ED25519_SPKI,
        fixtures::DSA_SPKI,
        fixtures::DSA_PARAMETERS,
        fixtures::spki::PSS_SHA256_SPKI,
        fixtures::spki::PSS_MIXED_SPKI,
        fixtures::spki::OAEP_LABEL,
        fixtures::spki::DSA_INHERITED_SPKI,
        fixtures::spki::DH_SPKI,
        fixtures::spki::X942_SPKI,
        fixtures::spki::X942_ALL,
        fixtures::spki::SLH_DSA_RFC_9909_SPKI,
        fixtures::DH_PARAMETERS_WITH_LENGTH,
        fixtures::ECDSA_SHORT_R,
        fixtures::DIGEST_INFO_SHA1,
        fixtures::P256_PARAMETERS,
        fixtures::ec::P256_KEY,
        fixtures::ec::P256_EXPLICIT_KEY,
        fixtures::ec::SECP112R1_HYBRID,
        fixtures::ec::SECT113R1_HYBRID,
        private_keys::RSA,
        private_keys::RSA_PSS_SHA256,
        private_keys::DSA,
        private_keys::EC_P256,
        private_keys::EC_EXPLICIT,
        private_keys::ED448,
        private_keys::X942,
        private_keys::ML_KEM_512_SEED,
        private_keys::ML_KEM_512_BOTH,
        private_keys::PRF_SHA512,
        private_keys::SCRYPT,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes(der in vec(any::<u8>(), 0..80)) {
        let _ = tlv::check(&der);
        let _ = Oid::from_content(&der).map(|oid| oid.to_string());
        decode_all(&der)?;
    }

    #[test]
    fn nearly_good_bytes(
        der in good(),
        changes in vec((any::<usize>(), any::<u8>(), 0..8_u8), 0..4),
    ) {
        let der = mutate(der, &changes);
        let _ = tlv::check(&der);
        decode_all(&der)?;
    }

    /// The head of the input, where the lengths are.
    #[test]
    fn nearly_good_heads(der in good(), head in vec((0..12_usize, any::<u8>(), 0..8_u8), 1..3)) {
        decode_all(&mutate(der, &head))?;
    }

    #[test]
    fn integers(unsigned in vec(any::<u8>(), 1..40)) {
        let der = integer::to_der(&unsigned).unwrap();
        prop_assert_eq!(integer::from_der(&der).unwrap(), integer::trim(&unsigned));
        let theirs: rasn::types::Integer = rasn::der::decode(&der).unwrap();
        prop_assert_eq!(rasn::der::encode(&theirs).unwrap(), der);
    }

    #[test]
    fn signatures(
        curve in select(Curve::ALL.to_vec()),
        // Of the longest order, that of sect571r1.
        numbers in vec(any::<u8>(), 2 * 72),
        // Zeros at the front of r and s, which a random number seldom has.
        zeros in (0..74_usize, 0..74_usize),
    ) {
        let order = curve.order_bytes();
        let mut fixed = numbers[..2 * order].to_vec();
        fixed[..zeros.0.min(order)].fill(0);
        fixed[order..order + zeros.1.min(order)].fill(0);
        let der = Signature::from_fixed(&fixed, order).unwrap().to_der();
        let read = Signature::from_der(&der, order).unwrap();
        prop_assert_eq!(read.to_fixed(), fixed);
        // An order that is one byte too small for the longer number does not take it.
        let longer = read.r().len().max(read.s().len());
        if longer > 1 {
            prop_assert!(Signature::from_der(&der, longer - 1).is_err());
        }
    }

    #[test]
    fn rsa_private_keys(numbers in vec(vec(any::<u8>(), 1..300), 8)) {
        let number = |index: usize| integer::trim(&numbers[index]);
        let key = RsaPrivateKey {
            modulus: number(0),
            public_exponent: number(1),
            private_exponent: number(2),
            prime_1: number(3),
            prime_2: number(4),
            exponent_1: number(5),
            exponent_2: number(6),
            coefficient: number(7),
            other_primes: OtherPrimes::NONE,
        };
        let der = key.to_der().unwrap();
        let read = RsaPrivateKey::from_der(&der).unwrap();
        prop_assert_eq!(read.public_key(), key.public_key());
        prop_assert_eq!(read.private_exponent, key.private_exponent);
        prop_assert_eq!(read.coefficient, key.coefficient);
    }

    /// What a token may give as a point: right lengths with a right head or not.
    #[test]
    fn points_of_tokens(
        curve in select(Curve::ALL.to_vec()),
        form in select(vec![PointForm::Raw, PointForm::OctetString, PointForm::BitString]),
        first in select(vec![0x02, 0x03, 0x04, 0x06, 0x40]),
        filler in any::<u8>(),
        compressed in any::<bool>(),
        changes in vec((any::<usize>(), any::<u8>(), 0..8_u8), 0..3),
    ) {
        let bytes = if compressed { curve.field_bytes() + 1 } else { curve.public_key_bytes() };
        let mut raw = vec![filler; bytes];
        raw[0] = first;
        let value = mutate(&form.wrap(&raw).unwrap(), &changes);
        let parameters = EcParameters::from(curve);
        if let Ok(raw) = ec::point_from_attribute(&parameters, &value) {
            let form = PointForm::of_attribute(&parameters, &value).unwrap();
            prop_assert_eq!(&form.wrap(raw).unwrap(), &value);
            prop_assert_eq!(parameters.check_public_key(raw), Ok(()));
        }
    }

    #[test]
    fn points(raw in vec(any::<u8>(), 1..300)) {
        let der = ec::wrap_point(&raw).unwrap();
        prop_assert_eq!(ec::unwrap_point(&der).unwrap(), raw);
    }
}
