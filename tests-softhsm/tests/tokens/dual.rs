//! A cipher and a digest, signature or verification of the plaintext, fed by one call.

use pkcs11::Function;
use pkcs11::prelude::*;
use tests_softhsm::native::counted;
use tests_softhsm::{Kind, LABEL, Outcome, PIN, TestToken, fails, offered, tests};

use crate::common::{aes_key, assert_usable};

tests! {
    encryption_and_digest: and Nss;
    encryption_and_signature: and Nss;
    decryption_and_digest: and Nss;
    decryption_and_verification: and Nss;
    authenticated_encryption_and_digest;
    two_operations_dropped_half_way;
    a_part_for_two_is_one_call: only Embedded;
    two_operations_that_are_missing_are_told: only SoftHsm;
}

const IV: [u8; 16] = [2; 16];
const HASH: MechanismType = MechanismType::SHA256;
const MAC: MechanismType = MechanismType::SHA256_HMAC;
const LENGTHS: [usize; 7] = [0, 1, 15, 16, 17, 64, 1000];
const PARTS: [usize; 4] = [1, 16, 33, 1000];

fn plaintext(length: usize) -> Vec<u8> {
    (0..=255).cycle().take(length).collect()
}

fn mac_key(session: &Session) -> Result<SecretKey> {
    session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()
}

fn encryption_and_digest(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    for (length, size) in all() {
        let plaintext = plaintext(length);
        let mut cipher = offered(key.digest_encryptor(AesCbcPad::new(&IV), HASH))?;
        let mut made = Vec::new();
        for part in plaintext.chunks(size) {
            made.extend_from_slice(&cipher.update(part)?);
        }
        let (rest, digest) = cipher.finish()?;
        made.extend_from_slice(&rest);
        assert_eq!(made, key.encrypt(AesCbcPad::new(&IV), &plaintext)?, "{length} {size}");
        assert_eq!(digest, session.digest(HASH, &plaintext)?, "{length} {size}");
    }
    assert_usable(&session)
}

fn all() -> impl Iterator<Item = (usize, usize)> {
    LENGTHS.into_iter().flat_map(|length| PARTS.map(|size| (length, size)))
}

fn encryption_and_signature(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let mac = mac_key(&session)?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let rsa = MechanismType::SHA256_RSA_PKCS;
    for (length, size) in all() {
        let plaintext = plaintext(length);
        let mut cipher = offered(key.sign_encryptor(AesCbcPad::new(&IV), &mac, MAC))?;
        let mut made = Vec::new();
        for part in plaintext.chunks(size) {
            made.extend_from_slice(&cipher.update(part)?);
        }
        let (rest, code) = cipher.finish()?;
        made.extend_from_slice(&rest);
        assert_eq!(made, key.encrypt(AesCbcPad::new(&IV), &plaintext)?);
        mac.verify(MAC, &plaintext, &code)?;
    }
    let mut cipher = key.sign_encryptor(AesCbcPad::new(&IV), &private, rsa)?;
    cipher.update(b"signed and sealed")?;
    public.verify(rsa, b"signed and sealed", &cipher.finish()?.1)?;
    assert_usable(&session)
}

fn decryption_and_digest(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    for (length, size) in all() {
        let plaintext = plaintext(length);
        let ciphertext = key.encrypt(AesCbcPad::new(&IV), &plaintext)?;
        let mut cipher = offered(key.decrypt_digester(AesCbcPad::new(&IV), HASH))?;
        let mut made = Vec::new();
        for part in ciphertext.chunks(size) {
            made.extend_from_slice(&cipher.update(part)?);
        }
        let (rest, digest) = cipher.finish()?;
        made.extend_from_slice(&rest);
        assert_eq!(made, plaintext, "{length} {size}");
        assert_eq!(digest, session.digest(HASH, &plaintext)?, "{length} {size}");
    }
    assert_usable(&session)
}

fn decryption_and_verification(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let mac = mac_key(&session)?;
    for (length, size) in all() {
        let plaintext = plaintext(length);
        let ciphertext = key.encrypt(AesCbcPad::new(&IV), &plaintext)?;
        let mut code = mac.sign(MAC, &plaintext)?;
        for right in [true, false] {
            let mut cipher = offered(key.decrypt_verifier(AesCbcPad::new(&IV), &mac, MAC))?;
            let mut made = Vec::new();
            for part in ciphertext.chunks(size) {
                made.extend_from_slice(&cipher.update(part)?);
            }
            if right {
                made.extend_from_slice(&cipher.finish(&code)?);
                assert_eq!(made, plaintext, "{length} {size}");
            } else if token.kind() == Kind::Nss {
                // It answers the code of some earlier failure.
                assert!(cipher.finish(&code).is_err());
            } else {
                fails!(cipher.finish(&code), ErrorKind::SignatureInvalid);
            }
            code[5] ^= 1;
        }
    }
    assert_usable(&session)
}

/// The plaintext may come at the end alone: it reaches the digest all the same.
fn authenticated_encryption_and_digest(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_GCM])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let gcm = || AesGcm::new(&[3; 12]).aad(b"header");
    let plaintext = plaintext(1000);
    let mut cipher = offered(key.digest_encryptor(gcm(), HASH))?;
    let mut sealed = cipher.update(&plaintext)?.to_vec();
    let (rest, digest) = cipher.finish()?;
    sealed.extend_from_slice(&rest);
    assert_eq!(sealed, key.encrypt(gcm(), &plaintext)?);
    assert_eq!(digest, session.digest(HASH, &plaintext)?);
    let mut cipher = key.decrypt_digester(gcm(), HASH)?;
    let mut made = Vec::new();
    for part in sealed.chunks(100) {
        made.extend_from_slice(&cipher.update(part)?);
    }
    let (rest, again) = cipher.finish()?;
    made.extend_from_slice(&rest);
    assert_eq!((made, again), (plaintext, digest));
    assert_usable(&session)
}

fn two_operations_dropped_half_way(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let mac = mac_key(&session)?;
    for fed in [0, 5, 64] {
        let mut cipher = offered(key.digest_encryptor(AesCbcPad::new(&IV), HASH))?;
        cipher.update(&plaintext(fed))?;
        fails!(session.digest(HASH, b"abc"), ErrorKind::OperationActive(Some(_)));
        drop(cipher);
        assert_usable(&session)?;
        let mut cipher = key.decrypt_verifier(AesCbcPad::new(&IV), &mac, MAC)?;
        cipher.update(&plaintext(fed))?;
        drop(cipher);
        assert_usable(&session)?;
        mac.verify(MAC, b"abc", &mac.sign(MAC, b"abc")?)?;
    }
    // A ciphertext that is no whole block fails at the end, and ends both.
    let mut cipher = key.decrypt_digester(AesCbcPad::new(&IV), HASH)?;
    cipher.update(&[1; 17])?;
    assert!(cipher.finish().is_err());
    assert_usable(&session)
}

fn a_part_for_two_is_one_call(token: &TestToken) -> Outcome {
    let (mock, module) = counted(token, token.options()?)?;
    let session = module.token(label(LABEL))?.open().user_pin(PIN).start()?;
    let key = aes_key(&session)?;
    mock.reset_counts();
    let mut cipher = key.digest_encryptor(AesCbcPad::new(&IV), HASH)?;
    for _ in 0..10 {
        cipher.update(&[7; 64])?;
    }
    cipher.finish()?;
    assert_eq!(mock.calls("C_DigestEncryptUpdate"), 10);
    assert_eq!(mock.calls("C_EncryptUpdate") + mock.calls("C_DigestUpdate"), 0);
    Ok(())
}

fn two_operations_that_are_missing_are_told(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let error =
        fails!(key.digest_encryptor(AesCbcPad::new(&IV), HASH), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::DigestEncryptUpdate));
    assert_usable(&session)
}
