//! Streams that come to no good end: the session is free for the next operation.

use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use pkcs11::Function;
use pkcs11::prelude::*;
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable};
use crate::streams::{cut, data, joined};

tests! {
    a_dropped_stream_frees_the_session;
    a_stream_dropped_on_another_thread_frees_the_session;
    a_dropped_reader_or_writer_frees_the_session;
    a_producer_that_fails_frees_the_session;
    a_producer_that_fails_is_the_cause_of_the_error;
    a_producer_that_panics_frees_the_session;
    a_reader_that_fails_frees_the_session;
    a_digest_that_is_interrupted_frees_the_session;
    an_rsa_signature_that_is_interrupted_frees_the_session;
    a_stream_that_fails_at_its_end_frees_the_session;
    a_stream_that_cannot_start_says_so_when_it_is_made;
    a_stream_of_a_closed_session_is_refused;
}

/// How much is fed before a stream is given up, in bytes: nothing, a block, more than any buffer.
const FED: [usize; 4] = [0, 1, 16, 100_000];

fn a_dropped_stream_frees_the_session(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let aes = aes_key(&session)?;
    let hmac = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let (ec_public, ec) = session.generate_key_pair(Curve::P256).create()?;
    let (iv, nonce) = ([1; 16], [2; 12]);
    for fed in FED {
        let data = data(fed);
        let gcm = || AesGcm::new(&nonce);
        drop(aes.encryptor(DEFAULT.iv(&iv))?.update(&data)?);
        assert_usable(&session)?;
        drop(aes.decryptor(DEFAULT.iv(&iv))?.update(&data)?);
        assert_usable(&session)?;
        drop(aes.encryptor(gcm())?.update(&data)?);
        assert_usable(&session)?;
        drop(aes.decryptor(gcm())?.update(&data)?);
        assert_usable(&session)?;
        hmac.signer(DEFAULT)?.update(&data)?;
        assert_usable(&session)?;
        hmac.verifier(DEFAULT)?.update(&data)?;
        assert_usable(&session)?;
        ec.signer(DEFAULT)?.update(&data)?;
        assert_usable(&session)?;
        ec_public.verifier(DEFAULT)?.update(&data)?;
        assert_usable(&session)?;
        let mut stream = aes.encrypt_stream(DEFAULT.iv(&iv), cut(&data, &[1000]))?;
        assert!(stream.next().is_some());
        drop(stream);
        assert_usable(&session)?;
        drop(aes.decrypt_stream(DEFAULT.iv(&iv), cut(&data, &[1000]))?);
        assert_usable(&session)?;
    }
    Ok(())
}

fn a_stream_dropped_on_another_thread_frees_the_session(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    for fed in FED {
        let mut cipher = key.encryptor(DEFAULT.iv(&[0; 16]))?;
        cipher.update(&data(fed))?;
        thread::scope(|scope| scope.spawn(move || drop(cipher)).join()).unwrap();
        assert_usable(&session)?;
        let mut stream = key.encrypt_stream(DEFAULT.iv(&[0; 16]), [[1; 100]; 3])?;
        stream.next().unwrap()?;
        thread::scope(|scope| scope.spawn(move || drop(stream)).join()).unwrap();
        assert_usable(&session)?;
        // And for a third thread.
        let mut signer = session.digester(DEFAULT)?;
        signer.update(b"abc")?;
        thread::scope(|scope| {
            let waiting = scope.spawn(|| session.digest(DEFAULT, b"abc").unwrap().len());
            scope.spawn(move || drop(signer));
            assert_eq!(waiting.join().unwrap(), 32);
        });
    }
    Ok(())
}

fn a_dropped_reader_or_writer_frees_the_session(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let (iv, data) = ([1; 16], data(200_000));
    let mut reader = key.encrypt_reader(DEFAULT.iv(&iv), &data[..])?;
    reader.read_exact(&mut [0; 1000])?;
    drop(reader);
    assert_usable(&session)?;
    let mut writer = key.encrypt_writer(DEFAULT.iv(&iv), Vec::new())?;
    writer.write_all(&data)?;
    drop(writer);
    assert_usable(&session)?;
    let mut writer = key.decrypt_writer(DEFAULT.iv(&iv), Vec::new())?;
    writer.write_all(&data)?;
    drop(writer);
    assert_usable(&session)
}

/// Gives some parts, then this error.
fn failing(parts: usize) -> impl Iterator<Item = io::Result<Vec<u8>>> {
    let end = std::iter::once_with(|| Err(io::Error::other("the disk is full")));
    (0..parts).map(|_| Ok(vec![1; 1000])).chain(end)
}

fn a_producer_that_fails_frees_the_session(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let aes = aes_key(&session)?;
    let hmac = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let iv = [1; 16];
    for parts in [0, 1, 5, 100] {
        let encrypted = joined(aes.encrypt_stream(DEFAULT.iv(&iv), failing(parts))?);
        fails!(encrypted, ErrorKind::Producer(_));
        assert_usable(&session)?;
        let decrypted = joined(aes.decrypt_stream(DEFAULT.iv(&iv), failing(parts))?);
        fails!(decrypted, ErrorKind::Producer(_));
        assert_usable(&session)?;
        fails!(hmac.sign_stream(DEFAULT, failing(parts)), ErrorKind::Producer(_));
        assert_usable(&session)?;
        fails!(hmac.verify_stream(DEFAULT, failing(parts), &[0; 32]), ErrorKind::Producer(_));
        assert_usable(&session)?;
        fails!(private.sign_stream(DEFAULT, failing(parts)), ErrorKind::Producer(_));
        assert_usable(&session)?;
        fails!(public.verify_stream(DEFAULT, failing(parts), &[0; 256]), ErrorKind::Producer(_));
        assert_usable(&session)?;
        fails!(session.digest_stream(DEFAULT, failing(parts)), ErrorKind::Producer(_));
        assert_usable(&session)?;
    }
    Ok(())
}

fn a_producer_that_fails_is_the_cause_of_the_error(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let mut stream = key.encrypt_stream(DEFAULT.iv(&[0; 16]), failing(3))?;
    for _ in 0..3 {
        assert!(stream.next().unwrap()?.len() >= 992);
    }
    let error = fails!(stream.next().unwrap(), ErrorKind::Producer(_));
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(cause.to_string(), "the disk is full");
    // It is the last item, and the session is free though the stream still lives.
    assert!(stream.next().is_none() && stream.next().is_none());
    assert_usable(&session)
}

fn a_producer_that_panics_frees_the_session(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let panicking = || (0..5).map(|part| if part < 3 { vec![1; 1000] } else { panic!("part 3") });
    let caught = catch_unwind(AssertUnwindSafe(|| {
        key.encrypt_stream(DEFAULT.iv(&[0; 16]), panicking()).map(|stream| stream.count())
    }));
    assert!(caught.is_err());
    assert_usable(&session)?;
    let caught = catch_unwind(AssertUnwindSafe(|| session.digest_stream(DEFAULT, panicking())));
    assert!(caught.is_err());
    assert_usable(&session)
}

/// Gives so many bytes, then an error.
struct Torn(usize);

impl Read for Torn {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let length = buffer.len().min(self.0);
        self.0 -= length;
        Ok(length)
    }
}

fn a_reader_that_fails_frees_the_session(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let aes = aes_key(&session)?;
    let hmac = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    for length in [0, 100, 200_000] {
        let mut reader = aes.encrypt_reader(DEFAULT.iv(&[0; 16]), Torn(length))?;
        let mut read = Vec::new();
        let error = reader.read_to_end(&mut read).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        // An end that is none is never reported.
        reader.read(&mut [0; 8]).unwrap_err();
        assert_usable(&session)?;
        let error = fails!(hmac.sign_reader(DEFAULT, Torn(length)), ErrorKind::Producer(_));
        assert!(std::error::Error::source(&error).is_some());
        assert_usable(&session)?;
        fails!(hmac.verify_reader(DEFAULT, Torn(length), &[0; 32]), ErrorKind::Producer(_));
        fails!(session.digest_reader(DEFAULT, Torn(length)), ErrorKind::Producer(_));
        assert_usable(&session)?;
    }
    Ok(())
}

fn a_digest_that_is_interrupted_frees_the_session(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for fed in FED {
        let mut digester = session.digester(MechanismType::SHA256)?;
        digester.update(&data(fed))?;
        drop(digester);
        assert_usable(&session)?;
        // Nothing of it is in the next.
        let digest = session.digest_stream(MechanismType::SHA256, ["ab", "c"])?;
        assert_eq!(digest, session.digest(MechanismType::SHA256, b"abc")?);
    }
    Ok(())
}

fn an_rsa_signature_that_is_interrupted_frees_the_session(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let signature = private.sign(DEFAULT, b"message")?;
    for fed in FED {
        private.signer(DEFAULT)?.update(&data(fed))?;
        assert_usable(&session)?;
        assert_eq!(private.sign_stream(DEFAULT, ["mes", "sage"])?, signature);
        public.verifier(DEFAULT)?.update(&data(fed))?;
        assert_usable(&session)?;
        public.verify_stream(DEFAULT, ["mes", "sage"], &signature)?;
    }
    Ok(())
}

fn a_stream_that_fails_at_its_end_frees_the_session(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let (iv, nonce) = ([1; 16], [2; 12]);
    // Padding that is none.
    let blocks = key.encrypt(MechanismType::AES_ECB, &[0; 64])?;
    let padded = || -> Result<Vec<u8>> { joined(key.decrypt_stream(DEFAULT.iv(&iv), [&blocks])?) };
    let error = padded().unwrap_err();
    assert!(error.function().is_some_and(|it| it.name().starts_with("C_Decrypt")), "{error:?}");
    assert_usable(&session)?;
    // Ciphertext that ends in the middle of a block.
    joined(key.decrypt_stream(DEFAULT.iv(&iv), [&blocks[..40]])?).unwrap_err();
    assert_usable(&session)?;
    // A tag that is wrong.
    let mut sealed = key.encrypt(AesGcm::new(&nonce), &[0; 100])?;
    *sealed.last_mut().unwrap() ^= 1;
    joined(key.decrypt_stream(AesGcm::new(&nonce), sealed.chunks(16))?).unwrap_err();
    assert_usable(&session)?;
    let mut read = Vec::new();
    let mut reader = key.decrypt_reader(AesGcm::new(&nonce), &sealed[..])?;
    reader.read_to_end(&mut read).unwrap_err();
    assert_usable(&session)?;
    // A key of another length of data: no padding, and no whole block.
    let mut cipher = key.encryptor(AesCbc::new(&iv))?;
    cipher.update(&[0; 20])?;
    cipher.finish().unwrap_err();
    assert_usable(&session)
}

fn a_stream_that_cannot_start_says_so_when_it_is_made(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let (public, _) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let unknown = MechanismType::new(0x8765_4321);
    let none: [&[u8]; 0] = [];
    let error = fails!(key.encrypt_stream(unknown, none), ErrorKind::MechanismNotOffered);
    assert_eq!(error.function(), Some(Function::EncryptInit));
    assert_eq!(error.mechanism(), Some(unknown));
    fails!(session.digester(unknown), ErrorKind::MechanismNotOffered);
    // A mechanism that takes its data whole, without a call.
    for whole in [MechanismType::RSA_PKCS, MechanismType::RSA_X_509] {
        fails!(public.encrypt_stream(whole, none), ErrorKind::InvalidInput(_));
    }
    let forbidden = session
        .generate_key(KeyType::AES)
        .bits(128)
        .capabilities(Capabilities::DECRYPT)
        .create()?;
    let error = forbidden.encrypt_stream(DEFAULT.iv(&[0; 16]), none).unwrap_err();
    assert_eq!(error.function(), Some(Function::EncryptInit));
    let gone = aes_key(&session)?;
    gone.clone().destroy()?;
    gone.encryptor(DEFAULT.iv(&[0; 16])).unwrap_err();
    assert_usable(&session)
}

fn a_stream_of_a_closed_session_is_refused(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    session.clone().close()?;
    fails!(key.encryptor(DEFAULT.iv(&[0; 16])), ErrorKind::SessionClosed);
    fails!(session.digester(DEFAULT), ErrorKind::SessionClosed);
    fails!(session.digest_stream(DEFAULT, ["abc"]), ErrorKind::SessionClosed);
    assert_usable(&token.session()?)
}
