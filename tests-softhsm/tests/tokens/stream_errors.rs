//! Streams that go wrong: the error is clear, and the session free.

use std::io::{self, Read, Write};

use pkcs11::prelude::*;
use pkcs11::{Function, ReturnCode};
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable};

tests! {
    a_reader_that_fails_never_looks_like_an_end;
    a_reader_that_would_block_loses_nothing;
    a_writer_that_fails_loses_nothing;
    a_writer_dropped_unfinished_cancels;
    a_truncated_decryption_fails_at_its_end;
    a_changed_tag_fails_at_its_end;
    a_stream_that_failed_stays_failed;
    a_mechanism_for_whole_data_is_refused;
    a_wrong_iv_is_refused_before_the_stream;
    a_key_of_another_type_is_refused;
    a_key_that_may_not_is_refused;
    a_default_needs_its_iv_in_a_stream;
    too_much_for_the_key_is_told;
}

const IV: [u8; 16] = [2; 16];

/// Gives some data, then an error once, then the end.
struct Failing(usize, Option<io::ErrorKind>);

impl Read for Failing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0 > 0 {
            let length = buffer.len().min(self.0);
            self.0 -= length;
            return Ok(length);
        }
        self.1.take().map_or(Ok(0), |kind| Err(kind.into()))
    }
}

fn a_reader_that_fails_never_looks_like_an_end(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let broken = || Failing(100, Some(io::ErrorKind::ConnectionReset));
    let mut reader = key.encrypt_reader(DEFAULT.iv(&IV), broken())?;
    let mut read = Vec::new();
    let error = reader.read_to_end(&mut read).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    // Free, though the reader is still there; and it does not end now.
    assert_usable(&session)?;
    for _ in 0..3 {
        let error = reader.read(&mut [0; 10]).unwrap_err();
        let inner = error.into_inner().unwrap().downcast::<Error>().unwrap();
        assert!(matches!(inner.kind(), ErrorKind::StreamFailed));
    }
    let mac = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    fails!(mac.sign_reader(DEFAULT, broken()), ErrorKind::Producer(_));
    fails!(mac.verify_reader(DEFAULT, broken(), &[0; 32]), ErrorKind::Producer(_));
    fails!(session.digest_reader(DEFAULT, broken()), ErrorKind::Producer(_));
    assert_usable(&session)
}

fn a_reader_that_would_block_loses_nothing(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let waiting = Failing(100, Some(io::ErrorKind::WouldBlock));
    let mut reader = key.encrypt_reader(DEFAULT.iv(&IV), waiting)?;
    let mut read = Vec::new();
    let error = reader.read_to_end(&mut read).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
    reader.read_to_end(&mut read)?;
    assert_eq!(key.decrypt(DEFAULT.iv(&IV), &read)?.len(), 100);
    let twice = Failing(100, Some(io::ErrorKind::Interrupted));
    assert_eq!(session.digest_reader(DEFAULT, twice)?.len(), 32);
    Ok(())
}

/// Takes this much, then fails once, then takes all.
struct Stubborn(usize, bool, Vec<u8>);

impl Write for Stubborn {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let length = if self.1 { data.len() } else { data.len().min(self.0) };
        self.0 = self.0.saturating_sub(length);
        if length == 0 && !data.is_empty() {
            self.1 = true;
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.2.extend_from_slice(&data[..length]);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn a_writer_that_fails_loses_nothing(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let plaintext: Vec<u8> = (0..=255).cycle().take(1000).collect();
    for taken in [0, 5, 100, 500] {
        let mut writer = key.encrypt_writer(DEFAULT.iv(&IV), Stubborn(taken, false, Vec::new()))?;
        let (mut rest, mut failures) = (&plaintext[..], 0);
        while !rest.is_empty() {
            match writer.write(&rest[..rest.len().min(48)]) {
                Ok(length) => rest = &rest[length..],
                Err(error) => {
                    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
                    failures += 1;
                }
            }
        }
        writer.flush()?;
        assert!(writer.get_ref().is_some());
        let written = writer.finish()?.2;
        assert_eq!(key.decrypt(DEFAULT.iv(&IV), &written)?, plaintext);
        assert!(failures <= 1);
    }
    assert_usable(&session)
}

fn a_writer_dropped_unfinished_cancels(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let mut written = Vec::new();
    let mut writer = key.encrypt_writer(DEFAULT.iv(&IV), &mut written)?;
    writer.write_all(&[0; 100])?;
    writer.flush()?;
    drop(writer);
    assert!(written.len() < 112, "the end was not written");
    assert_usable(&session)
}

fn a_truncated_decryption_fails_at_its_end(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let ciphertext = key.encrypt(DEFAULT.iv(&IV), &[7; 1000])?;
    // Padding is checked in the last block: one of zeros has none.
    for wrong in [&ciphertext[..1000], &ciphertext[..17], &ciphertext[..15]] {
        let mut items: Vec<_> = key.decrypt_stream(DEFAULT.iv(&IV), wrong.chunks(64))?.collect();
        let last = items.pop().unwrap();
        let error = fails!(last, ErrorKind::Failed);
        assert!(error.return_code().is_some());
        assert!(items.iter().all(Result::is_ok));
        assert_usable(&session)?;

        let mut reader = key.decrypt_reader(DEFAULT.iv(&IV), wrong)?;
        let mut read = Vec::new();
        assert!(reader.read_to_end(&mut read).is_err());
        assert!(reader.read(&mut [0; 8]).is_err(), "no end after an error");
        assert_usable(&session)?;

        let mut writer = key.decrypt_writer(DEFAULT.iv(&IV), Vec::new())?;
        writer.write_all(wrong)?;
        assert!(writer.finish().is_err());
        assert_usable(&session)?;
    }
    Ok(())
}

fn a_changed_tag_fails_at_its_end(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_GCM])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let gcm = || AesGcm::new(&[3; 12]).aad(b"header");
    let sealed = key.encrypt(gcm(), &[7; 1000])?;
    let mut changed = sealed.clone();
    changed[1010] ^= 1;
    for wrong in [&changed[..], &sealed[..1000], &sealed[..20]] {
        let mut items: Vec<_> = key.decrypt_stream(gcm(), wrong.chunks(100))?.collect();
        assert!(items.pop().unwrap().is_err());
        assert!(items.iter().all(Result::is_ok));
        assert_usable(&session)?;
        let mut reader = key.decrypt_reader(gcm(), wrong)?;
        assert!(reader.read_to_end(&mut Vec::new()).is_err());
        assert!(reader.read(&mut [0; 8]).is_err());
        assert_usable(&session)?;
    }
    let other = AesGcm::new(&[3; 12]).aad(b"another");
    assert!(key.decrypt_stream(other, [&sealed])?.last().unwrap().is_err());
    assert_usable(&session)
}

fn a_stream_that_failed_stays_failed(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let _ = public;
    let mut writer = private.signer(DEFAULT)?;
    writer.update(b"abc")?;
    drop(writer);
    // A decryption without padding that is not whole blocks.
    let key = aes_key(&session)?;
    let mut cipher = key.decryptor(AesCbc::new(&IV))?;
    cipher.update(&[0; 40])?;
    let error = cipher.finish().unwrap_err();
    assert!(error.return_code().is_some(), "{error:?}");
    assert_eq!(error.mechanism(), Some(MechanismType::AES_CBC));
    assert_usable(&session)
}

fn a_mechanism_for_whole_data_is_refused(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (rsa_public, rsa) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let (ec_public, ec) = session.generate_key_pair(Curve::P256).create()?;
    let refusals = [
        rsa.signer(MechanismType::RSA_PKCS).map(drop),
        rsa_public.encryptor(DEFAULT).map(drop),
        rsa.decrypt_stream(MechanismType::RSA_PKCS, [b"abc"]).map(drop),
        ec.sign_stream(MechanismType::ECDSA, [[0; 32]]).map(drop),
        ec_public.verifier(MechanismType::ECDSA).map(drop),
    ];
    for refusal in refusals {
        let error = fails!(refusal, ErrorKind::InvalidInput(_));
        assert!(error.to_string().contains("whole"), "{error}");
        assert!(error.mechanism().is_some_and(MechanismType::is_single_part));
    }
    assert_usable(&session)
}

fn a_wrong_iv_is_refused_before_the_stream(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    for iv in [&[][..], &[0; 8], &[0; 17]] {
        let error = fails!(key.encryptor(DEFAULT.iv(iv)), ErrorKind::InvalidInput(_));
        assert!(error.return_code().is_none(), "no C call was made");
        fails!(key.decrypt_reader(DEFAULT.iv(iv), io::empty()), ErrorKind::InvalidInput(_));
    }
    assert_usable(&session)
}

fn a_key_of_another_type_is_refused(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    // Some tokens begin it: a class that cannot be right is told before the call.
    let refusals = [
        (key.signer(MechanismType::SHA256_RSA_PKCS).map(drop), Function::SignInit),
        (key.sign(MechanismType::SHA256_RSA_PKCS, b"abc").map(drop), Function::SignInit),
        (key.verify(MechanismType::ECDSA, &[0; 32], &[0; 64]), Function::VerifyInit),
        (public.encryptor(AesCbc::new(&IV)).map(drop), Function::EncryptInit),
        (private.decrypt(AesCbc::new(&IV), &[0; 16]).map(drop), Function::DecryptInit),
        (private.signer(MechanismType::SHA256_HMAC).map(drop), Function::SignInit),
    ];
    for (refusal, function) in refusals {
        let error = fails!(refusal, ErrorKind::InvalidInput(_));
        assert_eq!(error.function(), Some(function));
        assert!(error.mechanism().is_some(), "{error:?}");
    }
    // One that may be right is the token's to judge.
    let rsa = MechanismType::SHA256_RSA_PKCS;
    assert!(private.sign(rsa, b"abc").unwrap_err().return_code().is_some());
    assert_usable(&session)
}

fn a_key_that_may_not_is_refused(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = session.generate_key(KeyType::AES).bits(128).with(attr::ENCRYPT, false).create()?;
    let error = key.encrypt_stream(DEFAULT.iv(&IV), [b"abc"]).unwrap_err();
    assert_eq!(error.return_code(), Some(ReturnCode::KEY_FUNCTION_NOT_PERMITTED));
    assert_eq!(error.function(), Some(Function::EncryptInit));
    drop(key.decryptor(DEFAULT.iv(&IV))?);
    assert_usable(&session)
}

fn a_default_needs_its_iv_in_a_stream(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let error = key.encryptor(DEFAULT).unwrap_err();
    assert!(error.return_code().is_none(), "{error:?}");
    assert!(error.to_string().contains("iv"), "{error}");
    assert_usable(&session)
}

fn too_much_for_the_key_is_told(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (_, rsa) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let error = rsa.sign(MechanismType::RSA_PKCS, &[0; 300]).unwrap_err();
    assert!(error.mechanism().is_some(), "{error:?}");
    assert_usable(&session)
}
