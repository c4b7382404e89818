//! The format of the encrypted files. Numbers are big-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `P11FILE`, and the version of the format, 1 |
//! | 2, and so many | the AES-256 key, wrapped with the public key (RSA-OAEP with SHA-1) |
//! | 2, and so many | the key of the MAC, 256 bits, wrapped the same way |
//! | 8 | a nonce: the first half of the counter, whose second half is 0 at first |
//! | the rest but 32 | the data, encrypted (AES in counter mode) |
//! | 32 | HMAC-SHA-256 of all that precedes it |
//!
//! The MAC tells that a file is whole and unchanged, not who made it: the public key is public.
//! AES-GCM would authenticate too, but tokens keep what they decrypt with it until its end; here the
//! memory does not grow with the file.

use super::{Outcome, private_key};
use indicatif::{ProgressBar, ProgressStyle};
use pkcs11::prelude::*;
use pkcs11::stream::Signer;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind::UnexpectedEof, Read, Write};
use std::path::Path;
use tempfile::NamedTempFile;

const MAGIC: &[u8; 8] = b"P11FILE\x01";
const MAC_LENGTH: u64 = 32;
const MAC: MechanismType = MechanismType::SHA256_HMAC;
/// SHA-1 because SoftHSM takes no other; OAEP does not need its hash to be free of collisions.
const WRAP: RsaOaep<'static> = RsaOaep::new(Hash::Sha1);
/// How much is read at once, in bytes: each piece is two calls into the token.
const PIECE: usize = 64 << 10;
/// How much is decrypted in one operation, in bytes, a multiple of the 16 that the counter counts:
/// SoftHSM 2.6 keeps all that an operation has decrypted.
const SECTION: u64 = 16 << 20;
const NOT_WHOLE: &str = "the file was changed or cut short";

/// Two sessions with one token.
#[derive(Debug)]
pub(super) struct Sessions {
    pub(super) cipher: Session,
    pub(super) mac: Session,
}

pub(super) fn encrypt(
    sessions: &Sessions,
    public: &PublicKey,
    input: &Path,
    output: &Path,
) -> Outcome {
    // Keys for this file alone. They leave the token, wrapped, and no other way: they are sensitive.
    let key = sessions.cipher.generate_key(KeyType::AES).bits(256);
    let key = key.with(attr::EXTRACTABLE, true).create()?;
    let mac_key = sessions.mac.generate_key(KeyType::GENERIC_SECRET).bits(256);
    let mac_key = mac_key.with(attr::EXTRACTABLE, true).create()?;
    let nonce = sessions.cipher.random::<8>()?;

    let input = File::open(input)?;
    let length = input.metadata()?.len();
    let mut file = Signed { file: beside(output)?, signer: mac_key.signer(MAC)? };
    file.write_all(MAGIC)?;
    for wrapped in [public.wrap_key(WRAP, &key)?, public.wrap_key(WRAP, &mac_key)?] {
        file.write_all(&u16::try_from(wrapped.len())?.to_be_bytes())?;
        file.write_all(&wrapped)?;
    }
    file.write_all(&nonce)?;
    let mut writer = key.encrypt_writer(counter(nonce, 0), file)?;
    let input = progress(length)?.wrap_read(input);
    for_each_piece(BufReader::with_capacity(PIECE, input), |piece| writer.write_all(piece))?;
    let Signed { mut file, signer } = writer.finish()?;
    file.write_all(&signer.finish()?)?;
    file.persist(output)?;
    key.destroy()?;
    mac_key.destroy()?;
    Ok(())
}

/// Decrypts into a temporary file, which gets its name only when the MAC is right.
pub(super) fn decrypt(sessions: &Sessions, input: &Path, output: &Path) -> Outcome {
    let input = File::open(input)?;
    let length = input.metadata()?.len();
    let before_mac = length.checked_sub(MAC_LENGTH).ok_or(NOT_WHOLE)?;
    let input = BufReader::with_capacity(PIECE, progress(length)?.wrap_read(input));
    let mut input = input.take(before_mac);

    let mut header = Header { input: &mut input, bytes: Vec::new() };
    if header.next(MAGIC.len())? != MAGIC {
        return Err("no file that encrypt_file made, or one of a later version".into());
    }
    let wrapped = header.next_counted()?;
    let wrapped_mac = header.next_counted()?;
    let nonce: [u8; 8] = header.next(8)?.try_into().map_err(|_| NOT_WHOLE)?;
    let header = header.bytes;

    // Each key is made in the session that works with it.
    let [private, private_mac] = [private_key(&sessions.cipher)?, private_key(&sessions.mac)?];
    let refused = |error| format!("{NOT_WHOLE}, or it is for another key ({error})");
    let key = private.unwrap_key(WRAP, &wrapped, KeyType::AES).create().map_err(refused)?;
    let mac_key = private_mac.unwrap_key(WRAP, &wrapped_mac, KeyType::GENERIC_SECRET);
    let mac_key = mac_key.create().map_err(refused)?;

    let mut verifier = mac_key.verifier(MAC)?;
    verifier.update(&header)?;
    let mut file = beside(output)?;
    let mut done = 0;
    while !input.fill_buf()?.is_empty() {
        let mut writer = key.decrypt_writer(counter(nonce, done), file)?;
        for_each_piece(input.by_ref().take(SECTION), |piece| {
            verifier.update(piece).map_err(io::Error::other)?;
            writer.write_all(piece)
        })?;
        file = writer.finish()?;
        done += SECTION;
    }
    let mut mac = Vec::new();
    input.into_inner().read_to_end(&mut mac)?;
    match verifier.finish(&mac) {
        Err(error) if matches!(error.kind(), ErrorKind::SignatureInvalid) => {
            return Err(NOT_WHOLE.into());
        }
        answer => answer?,
    }
    file.persist(output)?;
    key.destroy()?;
    mac_key.destroy()?;
    Ok(())
}

/// AES in counter mode after so many bytes.
fn counter(nonce: [u8; 8], done: u64) -> AesCtr {
    let block = u128::from(u64::from_be_bytes(nonce)) << 64 | u128::from(done / 16);
    AesCtr::new(block.to_be_bytes()).counter_bits(64)
}

/// A file and the MAC of what is written to it.
struct Signed {
    file: NamedTempFile,
    signer: Signer,
}

impl Write for Signed {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let length = self.file.write(data)?;
        self.signer.write_all(data.get(..length).unwrap_or(data))?;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Reads what precedes the ciphertext, and keeps it for the MAC.
struct Header<R> {
    input: R,
    bytes: Vec<u8>,
}

impl<R: Read> Header<R> {
    fn next(&mut self, length: usize) -> Outcome<Vec<u8>> {
        let mut part = vec![0; length];
        self.input.read_exact(&mut part).map_err(|error| match error.kind() {
            UnexpectedEof => NOT_WHOLE.into(),
            _ => Box::<dyn std::error::Error>::from(error),
        })?;
        self.bytes.extend_from_slice(&part);
        Ok(part)
    }

    fn next_counted(&mut self) -> Outcome<Vec<u8>> {
        let length = self.next(2)?.try_into().map(u16::from_be_bytes).map_err(|_| NOT_WHOLE)?;
        self.next(length.into())
    }
}

/// Hands on what is read, in pieces as large as the reader's buffer.
fn for_each_piece(
    mut input: impl BufRead,
    mut each: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    loop {
        let length = match input.fill_buf() {
            Ok([]) => return Ok(()),
            Ok(piece) => {
                each(piece)?;
                piece.len()
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            Err(error) => return Err(error),
        };
        input.consume(length);
    }
}

/// A temporary file in the folder of the output, gone unless it gets the output's name.
fn beside(output: &Path) -> io::Result<NamedTempFile> {
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty());
    NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
}

/// On standard error, and only if that is a terminal.
fn progress(length: u64) -> Outcome<ProgressBar> {
    let style = "{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
    Ok(ProgressBar::new(length).with_style(ProgressStyle::with_template(style)?))
}
