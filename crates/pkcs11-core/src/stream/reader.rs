//! Streams from readers.

use std::io::{self, BufRead, Read};

use bytes::{Buf, Bytes};
use zeroize::{Zeroize, Zeroizing};

use super::Cipher;
use crate::{ErrorKind, Result};

/// How much is read at once, in bytes: one call into the token for each. Miri takes long to wipe.
const PIECE: usize = if cfg!(miri) { 512 } else { 64 << 10 };

/// A reader that encrypts or decrypts what another one gives.
/// `key.encrypt_reader(mechanism, reader)` and `key.decrypt_reader(mechanism, reader)` make one.
///
/// At the end of the inner reader the operation is finished, and the end is reported only if that
/// succeeds. After an error, the inner reader's or the token's, the operation is cancelled, the
/// session is free, and every further `read` fails: an end that is none is never reported. An
/// [`Interrupted`](io::ErrorKind::Interrupted) or [`WouldBlock`](io::ErrorKind::WouldBlock) of the
/// inner reader is passed on and loses nothing.
///
/// ```no_run
/// # fn f(key: &pkcs11_core::SecretKey, iv: &[u8; 16]) -> Result<(), Box<dyn std::error::Error>> {
/// use pkcs11_core::DEFAULT;
/// use std::fs::File;
///
/// let mut ciphertext = key.encrypt_reader(DEFAULT.iv(iv), File::open("plain")?)?;
/// std::io::copy(&mut ciphertext, &mut File::create("encrypted")?)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing is read until it is; dropped, it is cancelled"]
pub struct CipherReader<R> {
    inner: R,
    cipher: Cipher,
    state: State,
    /// Wiped at the end, and not after each piece: that takes as long as a fifth of encrypting it.
    input: Zeroizing<Vec<u8>>,
    /// What is not read yet.
    ready: Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Reading,
    Finished,
    Failed,
}

impl<R: Read> CipherReader<R> {
    pub(super) fn new(cipher: Cipher, inner: R) -> Self {
        let input = Zeroizing::new(vec![0; PIECE]);
        Self { inner, cipher, state: State::Reading, input, ready: Bytes::new() }
    }

    /// The inner reader.
    pub fn get_ref(&self) -> &R {
        &self.inner
    }

    /// Reads once from the inner reader and has it encrypted or decrypted.
    fn step(&mut self) -> io::Result<()> {
        let length = self.inner.read(&mut self.input)?;
        // A reader that claims more than there is room for is wrong.
        let data = self.input.get(..length).ok_or(io::ErrorKind::InvalidData)?;
        if data.is_empty() {
            self.ready = self.cipher.finish_in_place().map_err(io::Error::other)?;
            self.state = State::Finished;
            self.input.zeroize();
            return Ok(());
        }
        self.ready = self.cipher.update(data).map_err(io::Error::other)?;
        Ok(())
    }
}

impl<R: Read> BufRead for CipherReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.ready.is_empty() {
            match self.state {
                State::Finished => break,
                State::Failed => return Err(io::Error::other(failed())),
                State::Reading => self.step().inspect_err(|error| {
                    let passing = [io::ErrorKind::Interrupted, io::ErrorKind::WouldBlock];
                    if !passing.contains(&error.kind()) {
                        self.cipher.fail();
                        self.state = State::Failed;
                        self.input.zeroize();
                    }
                })?,
            }
        }
        Ok(&self.ready)
    }

    fn consume(&mut self, amount: usize) {
        self.ready.advance(amount.min(self.ready.len()));
    }
}

impl<R: Read> Read for CipherReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}

fn failed() -> crate::Error {
    ErrorKind::StreamFailed.into()
}

/// Reads to the end, and hands on what comes.
pub(super) fn read_all(
    mut reader: impl Read,
    mut each: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let mut input = Zeroizing::new(vec![0; PIECE]);
    loop {
        let answer = reader.read(&mut input).and_then(|length| {
            let data = input.get(..length);
            data.ok_or_else(|| io::ErrorKind::InvalidData.into())
        });
        match answer {
            Ok([]) => return Ok(()),
            Ok(data) => each(data)?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ErrorKind::Producer(error.into()).into()),
        }
    }
}
