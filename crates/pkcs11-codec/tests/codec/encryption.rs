//! Private keys under a password: what OpenSSL encrypted, what it decrypts, what must not
//! be tried.

use std::time::{Duration, Instant};

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind, PrivateKeyDer,
    pem::{self, Label},
    pkcs8::{Cipher, CostLimits, EncryptedPrivateKeyInfo, KeyDerivation, Pbes2, Prf, PrfAlgorithm},
    tlv::Tag,
};
use rstest::rstest;

use crate::{fault, fixtures::private_keys as files};

const PASSWORD: &[u8] = b"secret";

#[rstest]
#[case(files::AES128, Prf::HmacSha256, 2048, 16)]
#[case(files::AES192, Prf::HmacSha256, 2048, 24)]
#[case(files::DES3, Prf::HmacSha256, 2048, 24)]
#[case(files::PRF_SHA1, Prf::HmacSha1, 1000, 32)]
#[case(files::PRF_SHA224, Prf::HmacSha224, 1000, 32)]
#[case(files::PRF_SHA256, Prf::HmacSha256, 1000, 32)]
#[case(files::PRF_SHA384, Prf::HmacSha384, 1000, 32)]
#[case(files::PRF_SHA512, Prf::HmacSha512, 1000, 32)]
fn pbkdf2(
    #[case] der: &[u8],
    #[case] expected: Prf,
    #[case] expected_iterations: u32,
    #[case] key_bytes: u32,
) {
    let read = EncryptedPrivateKeyInfo::from_der(der).unwrap();
    let KeyDerivation::Pbkdf2 { salt, iterations, key_bytes: None, prf } =
        read.scheme.key_derivation
    else {
        panic!("{read:?}");
    };
    assert_eq!((salt.len(), iterations, prf), (8, expected_iterations, expected.into()));
    assert_eq!(read.scheme.cipher.key_bytes(), key_bytes);
    let plain = read.decrypt(PASSWORD, &CostLimits::default()).unwrap();
    assert_eq!(*plain, files::ED25519);
}

#[rstest]
#[case(files::SCRYPT, 16384, 8, 1)]
#[case(files::SCRYPT_SMALL, 1024, 4, 3)]
fn scrypt(#[case] der: &[u8], #[case] n: u32, #[case] r: u32, #[case] p: u32) {
    let read = EncryptedPrivateKeyInfo::from_der(der).unwrap();
    let KeyDerivation::Scrypt { cost, block_size, parallelization, .. } =
        read.scheme.key_derivation
    else {
        panic!("{read:?}");
    };
    assert_eq!((cost, block_size, parallelization), (n, r, p));
    let plain = read.decrypt(PASSWORD, &CostLimits::default()).unwrap();
    assert_eq!(*plain, files::ED25519);
}

/// What Java wrote: HMAC with SHA-1 is spelt out, though it is the default.
#[test]
fn a_function_spelt_out() {
    let read = EncryptedPrivateKeyInfo::from_der(files::JAVA_SHA1).unwrap();
    let KeyDerivation::Pbkdf2 { iterations: 1000, key_bytes: Some(16), prf, .. } =
        read.scheme.key_derivation
    else {
        panic!("{read:?}");
    };
    assert_eq!(prf, PrfAlgorithm::Named { prf: Prf::HmacSha1, null_parameters: true });
    assert_ne!(prf, Prf::HmacSha1.into());
    assert_eq!(*read.decrypt(PASSWORD, &CostLimits::default()).unwrap(), files::ED25519);
    assert_eq!(read.to_der().unwrap(), files::JAVA_SHA1);
}

/// As smallstep's tools write it. The function is the same, so what OpenSSL encrypted is
/// decrypted.
#[rstest]
#[case(files::PRF_SHA1, Prf::HmacSha1, hex!("300a 06082a864886f70d0207"))]
#[case(files::PRF_SHA256, Prf::HmacSha256, hex!("300a 06082a864886f70d0209"))]
#[case(files::PRF_SHA512, Prf::HmacSha512, hex!("300a 06082a864886f70d020b"))]
fn a_function_without_null(#[case] der: &[u8], #[case] prf: Prf, #[case] identifier: [u8; 12]) {
    let mut read = EncryptedPrivateKeyInfo::from_der(der).unwrap();
    let KeyDerivation::Pbkdf2 { prf: named, .. } = &mut read.scheme.key_derivation else {
        panic!("{der:02x?}");
    };
    assert_eq!(named.prf(), prf);
    *named = PrfAlgorithm::Named { prf, null_parameters: false };
    let written = read.to_der().unwrap();
    // Behind the iterations, and before the AlgorithmIdentifier of the cipher.
    assert_eq!(written[47..59], identifier);
    assert_eq!(written[59], 0x30);
    let again = EncryptedPrivateKeyInfo::from_der(&written).unwrap();
    assert_eq!(again.scheme, read.scheme);
    assert_eq!(*again.decrypt(PASSWORD, &CostLimits::default()).unwrap(), files::ED25519);
}

#[test]
fn every_scheme_comes_back() {
    for der in files::ENCRYPTED {
        assert_eq!(EncryptedPrivateKeyInfo::from_der(der).unwrap().to_der().unwrap(), *der);
    }
}

#[test]
fn pem_with_a_password() {
    let key = PrivateKeyDer::from_encrypted_pem(files::AES256_PEM, PASSWORD).unwrap();
    assert_eq!(key.der(), files::ED25519);
    assert_eq!(key.to_pem().unwrap().as_bytes(), files::ED25519_PEM);

    let wrong = PrivateKeyDer::from_encrypted_pem(files::AES256_PEM, b"Secret");
    assert_eq!(fault(wrong), (None, ErrorKind::DecryptionFailed));
    let without = PrivateKeyDer::from_pem(files::AES256_PEM);
    assert_eq!(fault(without), (Some(0), ErrorKind::EncryptedKey));
    let plain = PrivateKeyDer::from_encrypted_pem(files::ED25519_PEM, PASSWORD);
    let expected = ErrorKind::PemOther { found: "PRIVATE KEY" };
    assert_eq!(fault(plain), (Some(0), expected));
}

/// A wrong password leaves a padding that looks right in one case of 256: none of these
/// passes for a key.
#[test]
fn wrong_passwords_are_noticed() {
    let read = EncryptedPrivateKeyInfo::from_der(files::PRF_SHA256).unwrap();
    let few = Pbes2 {
        key_derivation: KeyDerivation::Pbkdf2 {
            salt: b"saltsalt",
            iterations: 1,
            key_bytes: None,
            prf: Prf::HmacSha256.into(),
        },
        ..read.scheme
    };
    let quick = EncryptedPrivateKeyInfo { scheme: few, ..read };
    for number in 0..2000_u32 {
        let result = quick.decrypt(&number.to_be_bytes(), &CostLimits::default());
        assert_eq!(fault(result), (None, ErrorKind::DecryptionFailed));
    }
    for encrypted_data in [&read.encrypted_data[1..], &read.encrypted_data[16..], &[]] {
        let cut = EncryptedPrivateKeyInfo { encrypted_data, ..read };
        let result = cut.decrypt(PASSWORD, &CostLimits::default());
        assert_eq!(fault(result), (None, ErrorKind::DecryptionFailed));
    }
}

fn pbkdf2_with(iterations: u32) -> KeyDerivation<'static> {
    let prf = Prf::HmacSha256.into();
    KeyDerivation::Pbkdf2 { salt: b"saltsalt", iterations, key_bytes: None, prf }
}

fn scrypt_with(cost: u32, block_size: u32, parallelization: u32) -> KeyDerivation<'static> {
    KeyDerivation::Scrypt { salt: b"saltsalt", cost, block_size, parallelization, key_bytes: None }
}

#[rstest]
#[case::iterations(pbkdf2_with(1 << 31), 10_000_000)]
#[case::most_iterations(pbkdf2_with(u32::MAX), 10_000_000)]
#[case::one_too_many(pbkdf2_with(10_000_001), 10_000_000)]
#[case::memory(scrypt_with(1 << 18, 8, 1), 132 << 20)]
#[case::most_memory(scrypt_with(1 << 31, u32::MAX, 1), 132 << 20)]
#[case::blocks(scrypt_with(2, 1 << 30, 1), 132 << 20)]
#[case::lanes(scrypt_with(2, 1, u32::MAX), 132 << 20)]
#[case::time(scrypt_with(1 << 17, 8, 5), 512 << 20)]
#[case::most_time(scrypt_with(1 << 19, 1, 1 << 18), 512 << 20)]
fn hostile_costs_are_refused_at_once(#[case] key_derivation: KeyDerivation, #[case] limit: u64) {
    let read = EncryptedPrivateKeyInfo::from_der(files::PRF_SHA256).unwrap();
    let scheme = Pbes2 { key_derivation, ..read.scheme };
    let der = EncryptedPrivateKeyInfo { scheme, ..read }.to_der().unwrap();
    let hostile = EncryptedPrivateKeyInfo::from_der(&der).unwrap();
    let start = Instant::now();
    let result = hostile.decrypt(PASSWORD, &CostLimits::default());
    assert_eq!(fault(result), (None, ErrorKind::CostTooHigh { limit }));
    assert!(start.elapsed() < Duration::from_millis(100));
}

#[test]
fn limits_can_be_moved() {
    let read = EncryptedPrivateKeyInfo::from_der(files::PRF_SHA256).unwrap();
    let limits = |pbkdf2_iterations| CostLimits { pbkdf2_iterations, ..CostLimits::default() };
    assert_eq!(*read.decrypt(PASSWORD, &limits(1000)).unwrap(), files::ED25519);
    let kind = ErrorKind::CostTooHigh { limit: 999 };
    assert_eq!(fault(read.decrypt(PASSWORD, &limits(999))), (None, kind));
}

#[rstest]
#[case(Cipher::Aes128Cbc([7; 16]), pbkdf2_with(1000))]
#[case(Cipher::Aes192Cbc([7; 16]), pbkdf2_with(1000))]
#[case(Cipher::Aes256Cbc([7; 16]), pbkdf2_with(1000))]
#[case(Cipher::Aes256Cbc([7; 16]), scrypt_with(1024, 8, 1))]
fn what_is_encrypted_decrypts(
    #[case] cipher: Cipher,
    #[case] key_derivation: KeyDerivation,
    // Each length of the padding.
    #[values(0, 1, 15, 16, 17)] bytes: u8,
) {
    let der = [vec![0x30, bytes], vec![7; bytes.into()]].concat();
    let scheme = Pbes2 { key_derivation, cipher };
    let encrypted = scheme.encrypt(PASSWORD, &der).unwrap();
    let read = EncryptedPrivateKeyInfo::from_der(&encrypted).unwrap();
    assert_eq!(read.scheme, scheme);
    assert_eq!(read.encrypted_data.len(), der.len() / 16 * 16 + 16);
    assert_eq!(*read.decrypt(PASSWORD, &CostLimits::default()).unwrap(), der);
}

/// OpenSSL decrypts the files: see the README beside them.
#[rstest]
#[case(
    Pbes2 { key_derivation: scrypt_with(1024, 8, 1), cipher: Cipher::Aes128Cbc([7; 16]) },
    files::ENCRYPTED_BY_US_SCRYPT_PEM,
)]
#[case(
    Pbes2 {
        key_derivation: KeyDerivation::Pbkdf2 {
            salt: b"saltsalt",
            iterations: 1000,
            key_bytes: Some(24),
            prf: Prf::HmacSha1.into(),
        },
        cipher: Cipher::Aes192Cbc([7; 16]),
    },
    files::ENCRYPTED_BY_US_SHA1_PEM,
)]
fn openssl_decrypts(#[case] scheme: Pbes2, #[case] expected: &[u8]) {
    let key = PrivateKeyDer::from_der(files::ED25519).unwrap();
    let text = key.to_encrypted_pem(PASSWORD, &scheme).unwrap();
    assert_eq!(text.as_bytes(), expected);
    let again = PrivateKeyDer::from_encrypted_pem(&text, PASSWORD).unwrap();
    assert_eq!(again.der(), files::ED25519);
}

/// The scheme that there is when nothing is said. Its 600,000 iterations were spent when the
/// file was made.
#[test]
fn openssl_decrypts_the_default() {
    let salt = hex!("000102030405060708090a0b0c0d0e0f");
    let scheme = Pbes2::new(&salt, hex!("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"));
    assert_eq!(scheme.cipher.key_bytes(), 32);
    let text = files::ENCRYPTED_BY_US_DEFAULT_PEM;
    let der = pem::one(text, &[Label::EncryptedPrivateKey]).unwrap().decode().unwrap();
    let read = EncryptedPrivateKeyInfo::from_der(&der).unwrap();
    assert_eq!(read.scheme, scheme);
    assert_eq!(*read.to_der().unwrap(), *der);
}

#[test]
fn triple_des_is_for_reading() {
    let read = EncryptedPrivateKeyInfo::from_der(files::DES3).unwrap();
    let result = read.scheme.encrypt(PASSWORD, files::ED25519);
    assert_eq!(fault(result), (None, ErrorKind::UnsupportedEncryption));
}

#[rstest]
#[case(pbkdf2_with(0))]
#[case(scrypt_with(0, 8, 1))]
#[case(scrypt_with(1, 8, 1))]
#[case(scrypt_with(1000, 8, 1))]
#[case(scrypt_with(1024, 0, 1))]
#[case(scrypt_with(1024, 8, 0))]
fn costs_that_are_none(#[case] key_derivation: KeyDerivation) {
    let cipher = Cipher::Aes128Cbc([7; 16]);
    let scheme = Pbes2 { key_derivation, cipher };
    assert_eq!(fault(scheme.encrypt(PASSWORD, &[0x30, 0])), (None, ErrorKind::InvalidCost));
    let written = EncryptedPrivateKeyInfo { scheme, encrypted_data: &[7; 16] }.to_der().unwrap();
    let (position, kind) = fault(EncryptedPrivateKeyInfo::from_der(&written));
    assert!(position.is_some());
    assert_eq!(kind, ErrorKind::InvalidCost);
}

#[test]
fn the_schemes_of_pkcs12_are_refused() {
    let result = EncryptedPrivateKeyInfo::from_der(files::PBES1);
    assert_eq!(fault(result), (Some(4), ErrorKind::UnsupportedEncryption));
}

/// `prf_sha512.p8e` and `scrypt.p8e` with octets changed: their offsets are those of `openssl
/// asn1parse`.
#[rstest]
#[case::kdf(files::PRF_SHA512, 30, 0x0d, 20, ErrorKind::UnsupportedEncryption)]
#[case::prf(files::PRF_SHA512, 58, 0x0c, 49, ErrorKind::UnsupportedEncryption)]
#[case::prf_without_null(
    files::PRF_SHA512, 59, 0x04, 59,
    ErrorKind::UnexpectedTag { expected: Tag::NULL, found: Tag::OCTET_STRING },
)]
#[case::cipher(files::PRF_SHA512, 73, 0x2b, 63, ErrorKind::UnsupportedEncryption)]
#[case::iv_of_another_type(
    files::PRF_SHA512, 74, 0x05, 74,
    ErrorKind::UnexpectedTag { expected: Tag::OCTET_STRING, found: Tag::NULL },
)]
// AES-256 becomes triple DES by no single octet; another cipher has another size of IV.
#[case::negative_iterations(files::PRF_SHA512, 45, 0x83, 45, ErrorKind::NegativeInteger)]
#[case::scrypt_cost(files::SCRYPT, 45, 0x41, 43, ErrorKind::InvalidCost)]
#[case::scrypt_block_size(files::SCRYPT, 49, 0x00, 47, ErrorKind::InvalidCost)]
fn near_misses(
    #[case] der: &[u8],
    #[case] place: usize,
    #[case] octet: u8,
    #[case] position: usize,
    #[case] kind: ErrorKind,
) {
    let mut der = der.to_vec();
    assert_ne!(der[place], octet);
    der[place] = octet;
    // The cost of 4100 is no power of two.
    let result = EncryptedPrivateKeyInfo::from_der(&der);
    assert_eq!(fault(result), (Some(position), kind));
}

/// A short IV of triple DES crashes another decoder.
#[test]
fn a_short_iv_is_refused() {
    let read = EncryptedPrivateKeyInfo::from_der(files::DES3).unwrap();
    let Cipher::DesEde3Cbc(iv) = read.scheme.cipher else { panic!("{read:?}") };
    let place = files::DES3.windows(8).position(|window| window == iv).unwrap();
    // The lengths around it, with the IV itself, one less.
    let mut der = files::DES3.to_vec();
    der.remove(place);
    for length in [2, 4, 17, 62] {
        der[length] -= 1;
    }
    der[place - 1] -= 1;
    let kind = ErrorKind::WrongLength { expected: 8, found: 7 };
    assert_eq!(fault(EncryptedPrivateKeyInfo::from_der(&der)), (Some(place), kind));
}

#[test]
fn sizes_of_keys_agree() {
    let key_derivation = |key_bytes| KeyDerivation::Pbkdf2 {
        salt: b"saltsalt",
        iterations: 1000,
        key_bytes,
        prf: Prf::HmacSha256.into(),
    };
    let der = |key_bytes| {
        let cipher = Cipher::Aes192Cbc([7; 16]);
        let scheme = Pbes2 { key_derivation: key_derivation(key_bytes), cipher };
        EncryptedPrivateKeyInfo { scheme, encrypted_data: &[7; 16] }.to_der().unwrap()
    };
    for good in [None, Some(24)] {
        let der = der(good);
        let read = EncryptedPrivateKeyInfo::from_der(&der).unwrap();
        assert_eq!(read.scheme.key_derivation, key_derivation(good));
    }
    let kind = ErrorKind::WrongLength { expected: 24, found: 16 };
    assert_eq!(fault(EncryptedPrivateKeyInfo::from_der(&der(Some(16)))).1, kind);
}
