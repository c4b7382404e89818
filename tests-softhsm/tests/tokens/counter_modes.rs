//! Counter modes: CTR and GCM, with counters and nonces of every length, by their vectors.

use hex_literal::hex;
use pkcs11::Function;
use pkcs11::prelude::*;
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable, known_key};

tests! {
    ctr_vectors_of_rfc_3686: and Nss;
    ctr_with_a_nonce_of_0_12_and_15_bytes: and Nss;
    ctr_with_a_wrong_nonce: and Nss;
    ctr_counts_past_a_byte: and Nss;
    gcm_vectors: and Nss;
    gcm_with_and_without_aad: and Nss;
    gcm_with_a_wrong_nonce_or_aad: and Nss;
    gcm_with_a_tag_of_120_bits: and Nss;
    gcm_with_a_nonce_of_13_bytes: and Nss;
    gcm_with_no_nonce_is_refused;
}

/// Key, nonce and initialisation vector, what is encrypted, what comes of it.
type CtrVector = (&'static [u8], [u8; 12], &'static [u8], &'static [u8]);

/// RFC 3686 §6, vectors 1, 2, 3 and 7.
const CTR: [CtrVector; 4] = [
    (
        &hex!("ae6852f8121067cc4bf7a5765577f39e"),
        hex!("00000030 0000000000000000"),
        b"Single block msg",
        &hex!("e4095d4fb7a7b3792d6175a3261311b8"),
    ),
    (
        &hex!("7e24067817fae0d743d6ce1f32539163"),
        hex!("006cb6db c0543b59da48d90b"),
        &hex!("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
        &hex!("5104a106168a72d9790d41ee8edad388eb2e1efc46da57c8fce630df9141be28"),
    ),
    (
        &hex!("7691be035e5020a8ac6e618529f9a0dc"),
        hex!("00e0017b 27777f3f4a1786f0"),
        &hex!("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223"),
        &hex!("c1cf48a89f2ffdd9cf4652e9efdb72d74540a42bde6d7836d59a5ceaaef3105325b2072f"),
    ),
    (
        &hex!("776beff2851db06f4c8a0542c8696f6c6a81af1eec96b4d37fc1d689e6c1c104"),
        hex!("00000060 db5672c97aa8f0b2"),
        b"Single block msg",
        &hex!("145ad01dbf824ec7560863dc71e3e0c0"),
    ),
];

/// The first block of a nonce: the counter behind it begins with 1.
fn ctr(nonce: &[u8]) -> AesCtr {
    let mut block = [0; 16];
    block[..nonce.len()].copy_from_slice(nonce);
    block[15] = 1;
    AesCtr::new(block).counter_bits(8 * (16 - nonce.len()))
}

fn ctr_vectors_of_rfc_3686(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_CTR])?;
    let session = token.session()?;
    for (key, nonce, plaintext, ciphertext) in CTR {
        let key = known_key(&session, KeyType::AES, key)?;
        assert_eq!(key.encrypt(ctr(&nonce), plaintext)?, ciphertext);
        assert_eq!(key.decrypt(ctr(&nonce), ciphertext)?, plaintext);
    }
    Ok(())
}

fn ctr_with_a_nonce_of_0_12_and_15_bytes(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_CTR])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    for length in [0, 12, 15] {
        let nonce = [0x55; 15];
        let mechanism = ctr(&nonce[..length]);
        assert_eq!(mechanism.counter_bits, 8 * (16 - length));
        for data in [&b""[..], b"INPUT DATA", &[7; 1000]] {
            let ciphertext = key.encrypt(mechanism, data)?;
            assert_eq!(ciphertext.len(), data.len());
            assert!(ciphertext != data || data.is_empty());
            assert_eq!(key.decrypt(mechanism, &ciphertext)?, data);
        }
    }
    // More blocks than the counter can count is the token's to refuse.
    if let Err(error) = key.encrypt(ctr(&[0x55; 15]), &[7; 16 * 257]) {
        assert_eq!(error.mechanism(), Some(MechanismType::AES_CTR));
    }
    for bits in [0, 129] {
        let error = fails!(
            key.encrypt(AesCtr::new([0; 16]).counter_bits(bits), b"abc"),
            ErrorKind::InvalidInput(_)
        );
        assert_eq!(error.function(), Some(Function::EncryptInit));
    }
    assert_usable(&session)
}

fn ctr_with_a_wrong_nonce(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_CTR])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let ciphertext = key.encrypt(ctr(&[1; 12]), b"INPUT DATA")?;
    // CTR does not authenticate: what comes is something else.
    assert_ne!(key.decrypt(ctr(&[2; 12]), &ciphertext)?, b"INPUT DATA");
    assert_eq!(key.decrypt(ctr(&[1; 12]), &ciphertext)?, b"INPUT DATA");
    Ok(())
}

fn ctr_counts_past_a_byte(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_CTR])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let data = vec![0; 16 * 300];
    let whole = key.encrypt(ctr(&[]), &data)?;
    let mut block = [0; 16];
    block[14..].copy_from_slice(&257_u16.to_be_bytes());
    let later = key.encrypt(AesCtr::new(block).counter_bits(128), &[0; 16])?;
    assert_eq!(whole[16 * 256..][..16], later);
    Ok(())
}

const GCM_KEY: [u8; 16] = hex!("feffe9928665731c6d6a8f9467308308");
const GCM_DATA: [u8; 60] = hex!(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
);
const GCM_AAD: [u8; 20] = hex!("feedfacedeadbeeffeedfacedeadbeefabaddad2");

/// Test cases 4, 5, 6 and 16 of the GCM specification by McGrew and Viega: the length of the key,
/// the nonce, what comes of it.
const GCM: [(usize, &[u8], [u8; 76]); 4] = [
    (
        16,
        &hex!("cafebabefacedbaddecaf888"),
        hex!(
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
            "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
            "5bc94fbc3221a5db94fae95ae7121a47"
        ),
    ),
    (
        16,
        &hex!("cafebabefacedbad"),
        hex!(
            "61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c7423"
            "73806900e49f24b22b097544d4896b424989b5e1ebac0f07c23f4598"
            "3612d2e79e3b0785561be14aaca2fccb"
        ),
    ),
    (
        16,
        &hex!(
            "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728"
            "c3c0c95156809539fcf0e2429a6b525416aedbf5a0de6a57a637b39b"
        ),
        hex!(
            "8ce24998625615b603a033aca13fb894be9112a5c3a211a8ba262a3cca7e2ca7"
            "01e4a9a4fba43c90ccdcb281d48c7c6fd62875d2aca417034c34aee5"
            "619cc5aefffe0bfa462af43c1699d050"
        ),
    ),
    (
        32,
        &hex!("cafebabefacedbaddecaf888"),
        hex!(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
            "76fc6ece0f4e1768cddf8853bb2d551b"
        ),
    ),
];

fn gcm_vectors(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_GCM])?;
    let session = token.session()?;
    for (length, nonce, sealed) in GCM {
        let value: Vec<u8> = GCM_KEY.into_iter().cycle().take(length).collect();
        let key = known_key(&session, KeyType::AES, &value)?;
        let gcm = AesGcm::new(nonce).aad(&GCM_AAD);
        assert_eq!(key.encrypt(gcm, &GCM_DATA)?, sealed);
        assert_eq!(key.decrypt(gcm, &sealed)?, GCM_DATA);
    }
    Ok(())
}

fn gcm_with_and_without_aad(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_GCM])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let nonce = session.random::<12>()?;
    let (without, with) = (AesGcm::new(&nonce), AesGcm::new(&nonce).aad(b"This is AAD"));
    let one = key.encrypt(without, b"INPUT DATA")?;
    let two = key.encrypt(with, b"INPUT DATA")?;
    assert_eq!(key.decrypt(without, &one)?, b"INPUT DATA");
    assert_eq!(key.decrypt(with, &two)?, b"INPUT DATA");
    // The same ciphertext, another tag.
    assert_eq!(one[..10], two[..10]);
    assert_ne!(one[10..], two[10..]);
    Ok(())
}

fn gcm_with_a_wrong_nonce_or_aad(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_GCM])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let (nonce, other) = (session.random::<12>()?, session.random::<12>()?);
    let gcm = AesGcm::new(&nonce).aad(b"This is AAD");
    let sealed = key.encrypt(gcm, b"INPUT DATA")?;
    for wrong in [AesGcm::new(&other).aad(b"This is AAD"), gcm.aad(b"other"), gcm.aad(b"")] {
        let error = key.decrypt(wrong, &sealed).unwrap_err();
        assert_eq!(error.function(), Some(Function::Decrypt));
        assert_eq!(error.mechanism(), Some(MechanismType::AES_GCM));
        assert_usable(&session)?;
    }
    assert_eq!(key.decrypt(gcm, &sealed)?, b"INPUT DATA");
    Ok(())
}

fn gcm_with_a_tag_of_120_bits(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_GCM])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let nonce = session.random::<12>()?;
    let gcm = AesGcm::new(&nonce).tag_bits(120);
    let sealed = key.encrypt(gcm, b"INPUT DATA")?;
    assert_eq!(sealed.len(), 10 + 15);
    assert_eq!(key.decrypt(gcm, &sealed)?, b"INPUT DATA");
    // It is the beginning of the whole tag, and does not pass for one.
    assert_eq!(key.encrypt(AesGcm::new(&nonce), b"INPUT DATA")?[..25], sealed);
    key.decrypt(AesGcm::new(&nonce), &sealed).unwrap_err();
    assert_usable(&session)
}

fn gcm_with_a_nonce_of_13_bytes(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_GCM])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let nonce = session.random::<13>()?;
    let gcm = AesGcm::new(&nonce).aad(b"This is AAD");
    let sealed = key.encrypt(gcm, b"INPUT DATA")?;
    assert_eq!(sealed.len(), 10 + 16);
    assert_eq!(key.decrypt(gcm, &sealed)?, b"INPUT DATA");
    let shorter = AesGcm::new(&nonce[..12]).aad(b"This is AAD");
    key.decrypt(shorter, &sealed).unwrap_err();
    assert_usable(&session)
}

fn gcm_with_no_nonce_is_refused(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_GCM])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let error = key.encrypt(AesGcm::new(&[]), b"INPUT DATA").unwrap_err();
    assert_eq!(error.mechanism(), Some(MechanismType::AES_GCM));
    for bits in [7, 129] {
        let error = key.encrypt(AesGcm::new(&[1; 12]).tag_bits(bits), b"INPUT DATA").unwrap_err();
        assert_eq!(error.mechanism(), Some(MechanismType::AES_GCM));
    }
    assert_usable(&session)
}
