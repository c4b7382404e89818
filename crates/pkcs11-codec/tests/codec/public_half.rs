//! Public keys that private ones tell.

use pkcs11_codec::{
    PrivateKeyDer, PublicKeyDer,
    pkcs8::{PrivateKey, PrivateKeyInfo},
    spki::PublicKey,
};

macro_rules! private {
    ($name:literal) => {
        PrivateKeyDer::from_der(include_bytes!(concat!("../fixtures/private_keys/", $name)))
            .expect("a fixture")
    };
}

#[test]
fn keys_that_hold_it() {
    for key in [private!("rsa.der"), private!("rsa3.der"), private!("rsa_pss_sha256.der")] {
        let half = key.public_half().unwrap().unwrap();
        match (key.key().unwrap(), half) {
            (PrivateKey::Rsa(key), PublicKey::Rsa(half)) => {
                assert_eq!(
                    (key.modulus, key.public_exponent),
                    (half.modulus, half.public_exponent)
                );
            }
            (
                PrivateKey::RsaPss { parameters, key },
                PublicKey::RsaPss { parameters: same, key: half },
            ) => {
                assert_eq!((key.modulus, parameters), (half.modulus, same));
            }
            other => panic!("{other:?}"),
        }
    }
    for key in
        [private!("ec_prime256v1.der"), private!("ec_secp521r1.der"), private!("ec_explicit.der")]
    {
        let half = key.public_half().unwrap().unwrap();
        let PublicKey::Ec { parameters, point } = half else { panic!("{half:?}") };
        let PrivateKey::Ec { parameters: same, key } = key.key().unwrap() else {
            panic!("{key:?}")
        };
        assert_eq!((parameters, Some(point)), (same, key.point));
    }
}

/// FIPS 203: the expanded key holds the encapsulation key; FIPS 204: a hash of the public one.
#[test]
fn post_quantum_keys() {
    for (key, public) in [
        (
            private!("ml_kem_512_expanded.der"),
            &include_bytes!("../fixtures/spki/ml-kem-512.der")[..],
        ),
        (private!("ml_kem_768_both.der"), include_bytes!("../fixtures/spki/ml-kem-768.der")),
        (private!("ml_kem_1024_expanded.der"), include_bytes!("../fixtures/spki/ml-kem-1024.der")),
    ] {
        let half = key.public_half().unwrap().unwrap();
        assert_eq!(half, PublicKeyDer::from_der(public).unwrap().key().unwrap());
    }
    for key in [private!("ml_kem_512_seed.der"), private!("ml_dsa_65_both.der")] {
        assert_eq!(key.public_half().unwrap(), None);
    }
}

#[test]
fn keys_that_do_not() {
    for key in [
        private!("ec_no_public.der"),
        private!("ed25519.der"),
        private!("x448.der"),
        private!("dsa.der"),
        private!("dh.der"),
    ] {
        assert_eq!(key.public_half().unwrap(), None, "{key:?}");
    }
}

/// DSA's own form has y; RFC 5958 puts any public key beside the private one.
#[test]
fn what_stands_beside() {
    let text = include_str!("../fixtures/private_keys/dsa_traditional.pem");
    let traditional = PrivateKeyDer::from_pem(text).unwrap();
    let half = traditional.public_half().unwrap().unwrap();
    assert!(matches!(half, PublicKey::Dsa { parameters: Some(_), .. }));

    let plain = private!("ed25519.der");
    let info =
        PrivateKeyInfo { key: plain.key().unwrap(), attributes: None, public_key: Some(&[7; 32]) };
    let key = PrivateKeyDer::from_der(&info.to_der().unwrap()).unwrap();
    let half = key.public_half().unwrap();
    assert!(matches!(half, Some(PublicKey::Edwards { key: [7, ..], .. })));

    // A number that is none, beside a DSA key.
    let plain = private!("dsa.der");
    let info =
        PrivateKeyInfo { key: plain.key().unwrap(), attributes: None, public_key: Some(&[4, 0]) };
    assert!(info.public_half().is_err());
}
