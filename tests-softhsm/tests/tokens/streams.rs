//! Streams: from iterators, from readers, into writers, by hand.

use std::io::{self, BufRead, Read, Write};

use pkcs11::mechanism::AesCbc;
use pkcs11::prelude::*;
use pkcs11::stream::Cipher;
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable};

tests! {
    streams_of_any_chunks_equal_one_shot;
    five_chunks_give_five_parts_and_an_end;
    streams_of_stream_ciphers_hold_nothing_back;
    authenticated_streams_round_trip;
    chunks_of_any_kind_are_taken;
    a_chunk_larger_than_a_piece_is_split;
    readers_and_writers_round_trip;
    a_stream_into_a_stream_of_another_session;
    by_hand_into_buffers;
    a_buffer_too_small_for_a_part_loses_nothing;
    three_des_in_odd_chunks;
    a_large_authenticated_decryption_in_parts;
}

/// How the data of a test is cut, over and over.
const CUTS: &[&[usize]] =
    &[&[16], &[1], &[15, 0, 17], &[5, 11, 16, 32, 1], &[4096], &[100_000], &[0, 65_536]];

pub(crate) fn data(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index * 7 % 251).to_le_bytes()[0]).collect()
}

/// The data in parts of these lengths, over and over.
pub(crate) fn cut<'d>(
    mut data: &'d [u8],
    lengths: &'d [usize],
) -> impl Iterator<Item = &'d [u8]> + use<'d> {
    let mut lengths = lengths.iter().cycle();
    std::iter::from_fn(move || {
        if data.is_empty() {
            return None;
        }
        let (part, rest) = data.split_at((*lengths.next()?).min(data.len()));
        data = rest;
        Some(part)
    })
}

pub(crate) fn joined(stream: impl Iterator<Item = Result<bytes::Bytes>>) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    for part in stream {
        let part = part?;
        assert!(!part.is_empty());
        all.extend_from_slice(&part);
    }
    Ok(all)
}

fn streams_of_any_chunks_equal_one_shot(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let iv = session.random::<16>()?;
    for length in [0, 1, 16, 33, 4096, 20_001] {
        let plaintext = data(length);
        let whole = key.encrypt(DEFAULT.iv(&iv), &plaintext)?;
        for cuts in CUTS {
            let parts = cut(&plaintext, cuts);
            let ciphertext = joined(key.encrypt_stream(DEFAULT.iv(&iv), parts)?)?;
            assert_eq!(ciphertext, whole, "{length} bytes in {cuts:?}");
            let parts = cut(&whole, cuts);
            let decrypted = joined(key.decrypt_stream(DEFAULT.iv(&iv), parts)?)?;
            assert_eq!(decrypted, plaintext, "{length} bytes in {cuts:?}");
        }
        if length.is_multiple_of(16) && length > 0 {
            let whole = key.encrypt(AesCbc::new(&iv), &plaintext)?;
            let ciphertext =
                joined(key.encrypt_stream(AesCbc::new(&iv), cut(&plaintext, &[5, 40]))?)?;
            assert_eq!(ciphertext, whole);
            let decrypted = joined(key.decrypt_stream(AesCbc::new(&iv), cut(&whole, &[5, 40]))?)?;
            assert_eq!(decrypted, plaintext);
            let ciphertext =
                joined(key.encrypt_stream(MechanismType::AES_ECB, cut(&plaintext, &[7]))?)?;
            assert_eq!(ciphertext, key.encrypt(MechanismType::AES_ECB, &plaintext)?);
        }
    }
    assert_usable(&session)
}

fn five_chunks_give_five_parts_and_an_end(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let iv = [1; 16];
    let chunks = [[0; 16], [1; 16], [2; 16], [3; 16], [4; 16]];
    let parts: Vec<_> = key.encrypt_stream(DEFAULT.iv(&iv), chunks)?.collect::<Result<_>>()?;
    assert_eq!(parts.len(), 6);
    assert!(parts.iter().all(|part| part.len() == 16));
    assert_eq!(parts.concat(), key.encrypt(DEFAULT.iv(&iv), &chunks.concat())?);
    assert_eq!(joined(key.decrypt_stream(DEFAULT.iv(&iv), parts)?)?, chunks.concat());
    Ok(())
}

fn streams_of_stream_ciphers_hold_nothing_back(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_CTR])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let counter = AesCtr::new([9; 16]);
    let plaintext = data(1000);
    let whole = key.encrypt(counter, &plaintext)?;
    let mut cipher = key.encryptor(counter)?;
    let mut ciphertext = Vec::new();
    for part in cut(&plaintext, &[5, 1, 30]) {
        let made = cipher.update(part)?;
        assert_eq!(made.len(), part.len());
        ciphertext.extend_from_slice(&made);
    }
    assert!(cipher.finish()?.is_empty());
    assert_eq!(ciphertext, whole);
    assert_eq!(joined(key.decrypt_stream(counter, cut(&whole, &[3, 64]))?)?, plaintext);
    Ok(())
}

fn authenticated_streams_round_trip(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_GCM])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let nonce = session.random::<12>()?;
    let gcm = || AesGcm::new(&nonce).aad(b"header");
    for length in [0, 1, 16, 1000, 100_001] {
        let plaintext = data(length);
        let sealed = key.encrypt(gcm(), &plaintext)?;
        for cuts in [&[16][..], &[4096], &[1000, 24]] {
            let parts = cut(&plaintext, cuts);
            assert_eq!(joined(key.encrypt_stream(gcm(), parts)?)?, sealed, "{length} in {cuts:?}");
            let parts = cut(&sealed, cuts);
            let opened = joined(key.decrypt_stream(gcm(), parts)?)?;
            assert_eq!(opened, plaintext, "{length} in {cuts:?}");
        }
    }
    assert_usable(&session)
}

fn chunks_of_any_kind_are_taken(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let iv = [1; 16];
    let whole = key.encrypt(DEFAULT.iv(&iv), b"one two three")?;
    let mechanism = || DEFAULT.iv(&iv);
    let slices: [&[u8]; 3] = [b"one", b" two", b" three"];
    assert_eq!(joined(key.encrypt_stream(mechanism(), slices)?)?, whole);
    let vectors = vec![b"one".to_vec(), b" two".to_vec(), b" three".to_vec()];
    assert_eq!(joined(key.encrypt_stream(mechanism(), &vectors)?)?, whole);
    assert_eq!(joined(key.encrypt_stream(mechanism(), vectors)?)?, whole);
    assert_eq!(joined(key.encrypt_stream(mechanism(), ["one", " two", " three"])?)?, whole);
    let strings = "one| two| three".split('|').map(str::to_owned);
    assert_eq!(joined(key.encrypt_stream(mechanism(), strings)?)?, whole);
    let bytes = [bytes::Bytes::from_static(b"one two"), bytes::Bytes::from_static(b" three")];
    assert_eq!(joined(key.encrypt_stream(mechanism(), bytes)?)?, whole);
    let lines = io::Cursor::new("one two three").split(b'x');
    assert_eq!(joined(key.encrypt_stream(mechanism(), lines)?)?, whole);
    let results = [Ok::<_, String>("one"), Ok(" two three")];
    assert_eq!(joined(key.encrypt_stream(mechanism(), results)?)?, whole);
    let none: [&[u8]; 0] = [];
    assert_eq!(joined(key.encrypt_stream(mechanism(), none)?)?, key.encrypt(mechanism(), b"")?);
    Ok(())
}

fn a_chunk_larger_than_a_piece_is_split(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let iv = [2; 16];
    let plaintext = data(3_000_001);
    let whole = key.encrypt(DEFAULT.iv(&iv), &plaintext)?;
    let parts: Vec<_> =
        key.encrypt_stream(DEFAULT.iv(&iv), [&plaintext])?.collect::<Result<_>>()?;
    assert!(parts.len() > 10, "{} parts", parts.len());
    assert!(parts.iter().all(|part| part.len() <= 300_000));
    assert_eq!(parts.concat(), whole);
    // By hand it is one part of the result, however large.
    let mut cipher = key.encryptor(DEFAULT.iv(&iv))?;
    let mut ciphertext = cipher.update(&plaintext)?.to_vec();
    assert!(ciphertext.len() >= 3_000_000 - 32);
    ciphertext.extend_from_slice(&cipher.finish()?);
    assert_eq!(ciphertext, whole);
    let mut decrypted = Vec::new();
    key.decrypt_reader(DEFAULT.iv(&iv), &whole[..])?.read_to_end(&mut decrypted)?;
    assert_eq!(decrypted, plaintext);
    let digest = session.digest_stream(DEFAULT, [&plaintext])?;
    assert_eq!(digest, session.digest(DEFAULT, &plaintext)?);
    Ok(())
}

/// A reader and a writer that take a few bytes at a time, and are interrupted.
struct Slow<T>(T, usize);

impl<T> Slow<T> {
    fn amount(&mut self, length: usize) -> io::Result<usize> {
        self.1 += 1;
        if self.1.is_multiple_of(5) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        Ok(length.min(1 + self.1 % 100))
    }
}

impl<R: Read> Read for Slow<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let amount = self.amount(buffer.len())?;
        self.0.read(&mut buffer[..amount])
    }
}

impl<W: Write> Write for Slow<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let amount = self.amount(data.len())?;
        self.0.write(&data[..amount])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn readers_and_writers_round_trip(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let iv = [3; 16];
    for length in [0, 1, 16, 1000, 200_000] {
        let plaintext = data(length);
        let whole = key.encrypt(DEFAULT.iv(&iv), &plaintext)?;

        let mut read = Vec::new();
        let mut reader = key.encrypt_reader(DEFAULT.iv(&iv), Slow(&plaintext[..], 0))?;
        assert_eq!(reader.read(&mut [])?, 0);
        io::copy(&mut reader, &mut read)?;
        assert_eq!(reader.read(&mut [0; 8])?, 0, "the end stays the end");
        assert_eq!(read, whole);

        let mut lines = key.decrypt_reader(DEFAULT.iv(&iv), &whole[..])?;
        let mut buffered = Vec::new();
        while !lines.fill_buf()?.is_empty() {
            let part = lines.fill_buf()?.len().min(7);
            buffered.extend_from_slice(&lines.fill_buf()?[..part]);
            lines.consume(part);
        }
        assert_eq!(buffered, plaintext);

        let mut writer = key.encrypt_writer(DEFAULT.iv(&iv), Slow(Vec::new(), 0))?;
        for part in cut(&plaintext, &[1, 70_000, 16]) {
            writer.write_all(part)?;
        }
        writer.flush()?;
        assert_eq!(writer.finish()?.0, whole);

        let mut writer = key.decrypt_writer(DEFAULT.iv(&iv), Vec::new())?;
        io::copy(&mut &whole[..], &mut writer)?;
        assert_eq!(writer.finish()?, plaintext);
    }
    assert_usable(&session)
}

fn a_stream_into_a_stream_of_another_session(token: &TestToken) -> Outcome {
    let (one, two) = (token.session()?, token.session()?);
    let (iv, plaintext) = ([4; 16], data(100_000));
    let key = aes_key(&one)?;
    let again = two.find::<SecretKey>().key_type(KeyType::AES).one()?;
    let ciphertext = key.encrypt_stream(DEFAULT.iv(&iv), cut(&plaintext, &[1000]))?;
    let decrypted = joined(again.decrypt_stream(DEFAULT.iv(&iv), ciphertext)?)?;
    assert_eq!(decrypted, plaintext);
    Ok(())
}

fn by_hand_into_buffers(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let iv = [5; 16];
    let plaintext = data(10_000);
    let whole = key.encrypt(DEFAULT.iv(&iv), &plaintext)?;
    for cuts in CUTS {
        let mut cipher = key.encryptor(DEFAULT.iv(&iv))?;
        assert_eq!(cipher.mechanism(), MechanismType::AES_CBC_PAD);
        let mut ciphertext = Vec::new();
        let mut buffer = vec![0; 100_000 + Cipher::MARGIN];
        for part in cut(&plaintext, cuts) {
            let room = part.len() + Cipher::MARGIN;
            let length = cipher.update_into(part, &mut buffer[..room])?;
            ciphertext.extend_from_slice(&buffer[..length]);
        }
        let length = cipher.finish_into(&mut buffer)?;
        ciphertext.extend_from_slice(&buffer[..length]);
        assert_eq!(ciphertext, whole);
    }
    Ok(())
}

fn a_buffer_too_small_for_a_part_loses_nothing(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let iv = [6; 16];
    let plaintext = data(100);
    let mut cipher = key.encryptor(DEFAULT.iv(&iv))?;
    let mut buffer = [0; 200];
    fails!(cipher.update_into(&plaintext, &mut buffer[..100]), ErrorKind::BufferTooSmall);
    let length = cipher.update_into(&plaintext, &mut buffer)?;
    let mut ciphertext = buffer[..length].to_vec();
    ciphertext.extend_from_slice(&cipher.finish()?);
    assert_eq!(ciphertext, key.encrypt(DEFAULT.iv(&iv), &plaintext)?);
    // The end is lost, and the session is not.
    let cipher = key.encryptor(DEFAULT.iv(&iv))?;
    fails!(cipher.finish_into(&mut buffer[..3]), ErrorKind::BufferTooSmall);
    assert_usable(&session)
}

fn three_des_in_odd_chunks(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DES3_CBC_PAD])?;
    let session = token.session()?;
    let key = session.generate_key(KeyType::DES3).create()?;
    let iv = [7; 8];
    let plaintext = data(1001);
    let whole = key.encrypt(DEFAULT.iv(&iv), &plaintext)?;
    let ciphertext = joined(key.encrypt_stream(DEFAULT.iv(&iv), cut(&plaintext, &[3, 8, 13]))?)?;
    assert_eq!(ciphertext, whole);
    let decrypted = joined(key.decrypt_stream(DEFAULT.iv(&iv), cut(&whole, &[3, 8, 13]))?)?;
    assert_eq!(decrypted, plaintext);
    Ok(())
}

/// Some tokens give all plaintext at the end, and want room for it before.
fn a_large_authenticated_decryption_in_parts(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_GCM])?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    let nonce = [8; 12];
    let plaintext = data(5_000_000);
    let mut writer = key.encrypt_writer(AesGcm::new(&nonce), Vec::new())?;
    writer.write_all(&plaintext)?;
    let sealed = writer.finish()?;
    assert_eq!(sealed.len(), plaintext.len() + 16);
    let parts = cut(&sealed, &[50_000, 16_384]);
    assert_eq!(joined(key.decrypt_stream(AesGcm::new(&nonce), parts)?)?, plaintext);
    let mut opened = Vec::new();
    key.decrypt_reader(AesGcm::new(&nonce), &sealed[..])?.read_to_end(&mut opened)?;
    assert_eq!(opened, plaintext);
    Ok(())
}
