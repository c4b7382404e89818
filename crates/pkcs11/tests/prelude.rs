//! The prelude alone is enough for what a program does every day, and its names mean one thing.

use pkcs11::prelude::*;

/// A mechanism of an operation, as a program writes it.
fn mechanism<'a>(_: impl pkcs11::IntoMechanism<'a>) {}

#[test]
fn mechanisms_by_the_prelude() {
    let (iv, nonce) = (&[1; 16], &[1; 12]);
    mechanism(DEFAULT.iv(iv));
    mechanism(AesCbcPad::new(iv));
    mechanism(AesGcm::new(nonce).aad(b"v1"));
    mechanism(AesCcm::new(nonce, 100));
    mechanism(AesGmac::new(nonce));
    mechanism(ChaCha20Poly1305::new(nonce));
    mechanism(RsaOaep::new(Hash::Sha256));
    mechanism(RsaPssDigest(RsaPss::new(Hash::Sha256)));
    mechanism(Ecdsa::new(Hash::Sha384));
    mechanism(EdDsa::new());
    mechanism(MlDsa::new());
    mechanism(HashSlhDsa::new(PreHash::Sha256));
    mechanism(MacGeneral::new(MechanismType::AES_CMAC_GENERAL, 8));
    mechanism(Ecdh1::new(&[4; 65]));
    mechanism(EcdhKem::new().kdf(Kdf::SHA256_KDF));
    mechanism(Hkdf::new(Hash::Sha256).salt(HkdfSalt::Data(b"salt")).info(b"info"));
    mechanism(Pbkdf2::new(Pbkdf2Prf::Sha256, b"password", b"salt", 600_000));
    mechanism(AesKeyWrapKwp::new());
    mechanism(RsaAesKeyWrap::new(256, RsaOaep::new(Hash::Sha256)));
    mechanism(EcdhAesKeyWrap::new(EcdhWrap::Cofactor, 256, Kdf::SHA256_KDF));
    let mut made = [0; 12];
    mechanism(AesGcmWrap::new(&mut made));
    let data = [
        PrfData::Counter(NumberFormat::big_endian(32)),
        PrfData::Bytes(b"label"),
        PrfData::Length(LengthMethod::SumOfKeys, NumberFormat::big_endian(32)),
    ];
    let (templates, mut keys) = ([Template::new()], [NewKey::new()]);
    let kdf = Sp800108::new(Sp800108Mode::Counter, MechanismType::SHA256_HMAC, &data);
    mechanism(kdf.further_keys(&templates, &mut keys));
    assert_eq!(keys[0].handle(), None);
}

#[test]
fn a_name_means_what_it_means_in_its_module() {
    fn is_same<T>(_: T, _: T) {}
    is_same(Kdf::NULL, pkcs11::Kdf::NULL);
    is_same(Kdf::NULL, pkcs11::mechanism::Kdf::NULL);
    // The number of the pseudo-random function has the same name at the root: the prelude has what
    // `Pbkdf2` takes.
    is_same(Pbkdf2Prf::Sha1, pkcs11::mechanism::Pbkdf2Prf::Sha1);
}
