//! Encryption and decryption in parts.

use std::io::{Read, Write, copy};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use pkcs11::prelude::*;
use sha2::{Digest, Sha256};

use super::bench::{Bench, Work, is_active, refused, same};

fn joined(stream: impl Iterator<Item = Result<Bytes>>) -> Result<Vec<u8>> {
    let parts: Vec<Bytes> = stream.collect::<Result<_>>()?;
    Ok(parts.concat())
}

pub(super) fn cbc(bench: &mut Bench) -> Work {
    let (iv, plaintext) = (bench.array::<16>(), bench.data());
    let whole = bench.keys.aes.encrypt(DEFAULT.iv(&iv), &plaintext)?;
    let parts = bench.cut(&plaintext);
    let ciphertext = joined(bench.keys.aes.encrypt_stream(DEFAULT.iv(&iv), parts)?)?;
    same("stream and one call", &ciphertext, &whole)?;
    let parts = bench.cut(&whole);
    same("decrypted", &joined(bench.keys.aes.decrypt_stream(DEFAULT.iv(&iv), parts)?)?, &plaintext)
}

pub(super) fn gcm(bench: &mut Bench) -> Work {
    let (nonce, plaintext) = (bench.array::<12>(), bench.data());
    let gcm = || AesGcm::new(&nonce).aad(b"header");
    let parts = bench.cut(&plaintext);
    let mut sealed = joined(bench.keys.aes.encrypt_stream(gcm(), parts)?)?;
    let parts = bench.cut(&sealed);
    same("opened", &joined(bench.keys.aes.decrypt_stream(gcm(), parts)?)?, &plaintext)?;
    if let Some(byte) = sealed.first_mut() {
        *byte ^= 1;
    }
    let parts = bench.cut(&sealed);
    let opened = joined(bench.keys.aes.decrypt_stream(gcm(), parts)?);
    refused("a changed byte", opened, |_| true)
}

pub(super) fn readers_and_writers(bench: &mut Bench) -> Work {
    let (iv, plaintext) = (bench.array::<16>(), bench.data());
    let parts = bench.cut(&plaintext);
    let key = &bench.keys.aes;
    let mut writer = key.encrypt_writer(DEFAULT.iv(&iv), Vec::new())?;
    for part in parts {
        writer.write_all(part)?;
    }
    let ciphertext = writer.finish()?;
    let mut decrypted = Vec::new();
    key.decrypt_reader(DEFAULT.iv(&iv), &ciphertext[..])?.read_to_end(&mut decrypted)?;
    same("read", &decrypted, &plaintext)?;
    let mut again = Vec::new();
    copy(&mut key.encrypt_reader(DEFAULT.iv(&iv), &plaintext[..])?, &mut again)?;
    same("read and written", &again, &ciphertext)
}

/// Beside a stream of its own, a thread is refused every operation at once, and what is no
/// operation works.
fn nothing_beside_a_stream(bench: &Bench) -> Work {
    let session = &bench.session;
    refused("digest", session.digest(DEFAULT, b"abc"), is_active)?;
    refused("search", session.find::<Data>().first(), is_active)?;
    refused("signature", bench.keys.hmac.sign(DEFAULT, b"abc"), is_active)?;
    refused("stream", bench.keys.aes.encryptor(DEFAULT.iv(&[0; 16])), is_active)?;
    session.random::<8>()?;
    bench.keys.aes.get(attr::VALUE_LEN)?;
    Ok(())
}

/// A decryption that is partly read, and then other operations; closing it frees the session.
pub(super) fn beside(bench: &mut Bench) -> Work {
    let (iv, plaintext) = (bench.array::<16>(), bench.bytes(1000));
    let ciphertext = bench.keys.aes.encrypt(DEFAULT.iv(&iv), &plaintext)?;
    let parts = ciphertext.chunks(100);
    let mut stream = bench.keys.aes.decrypt_stream(DEFAULT.iv(&iv), parts)?;
    let first = stream.next().transpose()?.unwrap_or_default();
    same("the first part", &first, plaintext.get(..first.len()).unwrap_or_default())?;
    nothing_beside_a_stream(bench)?;
    if bench.random.bool() {
        let rest = joined(stream)?;
        same("the rest", &[&first[..], &rest].concat(), &plaintext)?;
    } else {
        drop(stream);
    }
    same("digest", &bench.session.digest(DEFAULT, b"abc")?, &Sha256::digest(b"abc"))
}

/// A stream that another thread goes on with and ends.
pub(super) fn moved(bench: &mut Bench) -> Work {
    let (iv, plaintext) = (bench.array::<16>(), bench.bytes(5000));
    let (key, session) = (&bench.keys.aes, &bench.session);
    let (head, tail) = plaintext.split_at_checked(1234).unwrap_or_default();
    let mut cipher = key.encryptor(DEFAULT.iv(&iv))?;
    let mut ciphertext = cipher.update(head)?.to_vec();
    let dropped = bench.random.u8(..4) == 0;
    let (has_it, hears) = channel();
    let (tells, go_on) = channel::<()>();
    let rest = thread::scope(|scope| {
        let other = scope.spawn(move || -> Work<Vec<u8>> {
            let mut rest = cipher.update(tail)?.to_vec();
            has_it.send(())?;
            go_on.recv()?;
            // It is this thread's now.
            refused("digest of the new holder", session.digest(DEFAULT, b"abc"), is_active)?;
            if !dropped {
                rest.extend_from_slice(&cipher.finish()?);
            }
            Ok(rest)
        });
        // Without a word the other has failed, and says so itself.
        let mine = match hears.recv() {
            Ok(()) => {
                let impatient = session.with_operation_timeout(Duration::ZERO);
                refused("digest of the old holder", impatient.digest(DEFAULT, b"abc"), is_active)
            }
            Err(_) => Ok(()),
        };
        let _ = tells.send(());
        let rest = other.join().unwrap_or_else(|_| Err("it panicked".into()));
        mine.and(rest)
    })?;
    ciphertext.extend_from_slice(&rest);
    if dropped {
        return same("digest", &session.digest(DEFAULT, b"abc")?, &Sha256::digest(b"abc"));
    }
    same("decrypted", &key.decrypt(DEFAULT.iv(&iv), &ciphertext)?, &plaintext)
}
