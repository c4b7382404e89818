//! What a module says about the length of a part's output.

use pkcs11_core::mechanism::AesCbcPad;
use pkcs11_core::sys::{CK_ULONG, CKR_BUFFER_TOO_SMALL};
use pkcs11_core::{ErrorKind, MechanismType, Result, SecretKey, Session};
use pkcs11_mock::{Lie, Mock};
use rstest::rstest;

use crate::support::{MESSAGE, aes_key, failure, hmac_key, open};

const PARTS: [[u8; 160]; 3] = [[1; 160], [2; 160], [3; 160]];

fn cbc() -> AesCbcPad<'static> {
    AesCbcPad::new(&[0; 16])
}

fn encrypted(key: &SecretKey) -> Result<Vec<u8>> {
    let parts: Vec<_> = key.encrypt_stream(cbc(), PARTS)?.collect::<Result<_>>()?;
    Ok(parts.concat())
}

fn decrypted(key: &SecretKey, ciphertext: &[u8]) -> Result<Vec<u8>> {
    let parts: Vec<_> =
        key.decrypt_stream(cbc(), ciphertext.chunks(160))?.collect::<Result<_>>()?;
    Ok(parts.concat())
}

fn assert_free(session: &Session) {
    assert_eq!(session.digest(MechanismType::SHA256, MESSAGE).unwrap().len(), 32);
}

/// The module's length was too small at first and right at the second call: the output is the
/// second call's.
#[rstest]
fn a_part_that_wants_more_room_comes_again_and_gives_no_stale_buffer(
    #[values("C_EncryptUpdate", "C_DecryptUpdate")] function: &str,
    #[values(0, 2)] before: u64,
    #[values(0, 100_000)] wanted: CK_ULONG,
) {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    let ciphertext = encrypted(&key).unwrap();
    mock.reset_counts();
    mock.lie_times(function, before, Lie::Truth);
    mock.lie_times(function, 1, Lie::TooSmall(wanted));
    match function {
        "C_EncryptUpdate" => {
            assert_eq!(encrypted(&key).unwrap(), ciphertext);
            assert_eq!(mock.calls(function), 3 + 1);
        }
        _ => {
            assert_eq!(decrypted(&key, &ciphertext).unwrap(), PARTS.concat());
            assert_eq!(mock.calls(function), 4 + 1);
        }
    }
    assert_free(&session);
}

#[rstest]
fn a_part_that_no_room_is_enough_for_is_an_error_and_gives_nothing(
    #[values("C_EncryptUpdate", "C_DecryptUpdate", "C_EncryptFinal", "C_DecryptFinal")]
    function: &str,
) {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    let ciphertext = encrypted(&key).unwrap();
    mock.lie(function, Lie::Code(CKR_BUFFER_TOO_SMALL));
    mock.reset_counts();
    let answer = match function {
        "C_EncryptUpdate" | "C_EncryptFinal" => encrypted(&key),
        _ => decrypted(&key, &ciphertext),
    };
    failure!(answer, ErrorKind::Misbehaved(_));
    assert_eq!(mock.calls(function), 2, "asked again once, not for ever");
    mock.truth(function);
    assert_free(&session);
    assert_eq!(encrypted(&key).unwrap(), ciphertext);
}

#[rstest]
fn a_length_larger_than_the_buffer_of_a_part_is_not_believed(
    #[values("C_EncryptUpdate", "C_DecryptUpdate", "C_EncryptFinal", "C_DecryptFinal")]
    function: &str,
    #[values(1 << 20, CK_ULONG::MAX)] length: CK_ULONG,
) {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    let ciphertext = encrypted(&key).unwrap();
    mock.lie_times(function, 1, Lie::Length(length));
    let answer = match function {
        "C_EncryptUpdate" | "C_EncryptFinal" => encrypted(&key),
        _ => decrypted(&key, &ciphertext),
    };
    failure!(answer, ErrorKind::Misbehaved(_));
    mock.truth(function);
    assert_free(&session);
    assert_eq!(encrypted(&key).unwrap(), ciphertext);
}

/// What was decrypted before, and what was in memory, is not shown for a part that the module did
/// not write.
#[test]
fn a_part_that_was_not_written_shows_nothing_that_was_there_before() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = aes_key(&session);
    let ciphertext = encrypted(&key).unwrap();
    let mut cipher = key.decryptor(cbc()).unwrap();
    for part in ciphertext.chunks(160).take(2) {
        drop(cipher.update(part).unwrap());
    }
    mock.lie_times("C_DecryptUpdate", 1, Lie::Silent);
    if let Ok(shown) = cipher.update(&ciphertext[320..480]) {
        assert!(shown.iter().all(|byte| *byte == 0), "{shown:?}");
    }
    drop(cipher);
    assert_free(&session);
}

#[rstest]
fn a_signature_or_digest_of_another_length_is_not_believed(
    #[values("C_SignFinal", "C_DigestFinal")] function: &str,
    #[values(0, 33, CK_ULONG::MAX)] length: CK_ULONG,
) {
    let mock = Mock::start();
    let session = open(&mock);
    let key = hmac_key(&session);
    mock.lie_times(function, 1, Lie::Length(length));
    let answer = match function {
        "C_SignFinal" => key.sign_stream(MechanismType::SHA256_HMAC, [MESSAGE]),
        _ => session.digest_stream(MechanismType::SHA256, [MESSAGE]),
    };
    failure!(answer, ErrorKind::Misbehaved(_));
    assert_free(&session);
}

#[rstest]
fn a_signature_that_wants_more_room_is_asked_for_again(
    #[values("C_SignFinal", "C_DigestFinal")] function: &str,
) {
    let mock = Mock::start();
    let session = open(&mock);
    let key = hmac_key(&session);
    let work = || match function {
        "C_SignFinal" => key.sign_stream(MechanismType::SHA256_HMAC, [MESSAGE]),
        _ => session.digest_stream(MechanismType::SHA256, [MESSAGE]),
    };
    let right = work().unwrap();
    mock.lie_times(function, 1, Lie::TooSmall(100_000));
    assert_eq!(work().unwrap(), right);
    mock.lie(function, Lie::Code(CKR_BUFFER_TOO_SMALL));
    failure!(work(), ErrorKind::Misbehaved(_));
    mock.truth(function);
    assert_free(&session);
}
