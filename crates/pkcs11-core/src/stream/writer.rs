//! Streams into writers.

use std::io::{self, Write};
use std::thread;

use bytes::{Buf, Bytes};

use super::Cipher;
use crate::ErrorKind;

/// How much of a large buffer is taken at once, in bytes.
const PIECE: usize = 64 << 10;

/// A writer that encrypts or decrypts into another one.
/// `key.encrypt_writer(mechanism, writer)` and `key.decrypt_writer(mechanism, writer)` make one.
///
/// It ends by [`finish`](Self::finish) and by nothing else. Dropped without it, the operation is
/// cancelled, what was written is not whole, and a `tracing` error says so: no truncated
/// ciphertext passes for a success.
///
/// An error of the inner writer loses nothing: what it did not take is written first by the next
/// `write`, `flush` or `finish`. An error of the token cancels the operation, and the session is
/// free.
///
/// ```no_run
/// # fn f(key: &pkcs11_core::SecretKey, iv: &[u8; 16]) -> Result<(), Box<dyn std::error::Error>> {
/// use pkcs11_core::DEFAULT;
/// use std::fs::File;
/// use std::io::Write;
///
/// let mut encrypted = key.encrypt_writer(DEFAULT.iv(iv), File::create("encrypted")?)?;
/// encrypted.write_all(b"any amount of data")?;
/// let file: File = encrypted.finish()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "it ends by `finish`; dropped, it is cancelled"]
pub struct CipherWriter<W: Write> {
    /// Gone when finished.
    inner: Option<W>,
    cipher: Cipher,
    /// What the inner writer has not taken yet.
    ready: Bytes,
}

impl<W: Write> CipherWriter<W> {
    pub(super) fn new(cipher: Cipher, inner: W) -> Self {
        Self { inner: Some(inner), cipher, ready: Bytes::new() }
    }

    /// The inner writer.
    pub fn get_ref(&self) -> Option<&W> {
        self.inner.as_ref()
    }

    /// Writes all that there is, ends the operation, writes what that gives, and returns the inner
    /// writer, which is not flushed. Wraps `C_EncryptFinal` or `C_DecryptFinal`
    /// (PKCS#11 §5.8.4, §5.10.4).
    ///
    /// # Errors
    ///
    /// What the function answers, or the inner writer. For a decryption: what was written is not to
    /// be used.
    pub fn finish(mut self) -> io::Result<W> {
        self.hand_on()?;
        self.ready = self.cipher.finish_in_place().map_err(io::Error::other)?;
        self.hand_on()?;
        let gone = || io::Error::other(crate::Error::from(ErrorKind::StreamFailed));
        self.inner.take().ok_or_else(gone)
    }

    /// Gives the inner writer what it has not taken yet.
    fn hand_on(&mut self) -> io::Result<()> {
        let Some(inner) = &mut self.inner else {
            return Ok(());
        };
        while !self.ready.is_empty() {
            match inner.write(&self.ready) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(taken) => self.ready.advance(taken.min(self.ready.len())),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl<W: Write> Write for CipherWriter<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.hand_on()?;
        let piece = data.get(..PIECE).unwrap_or(data);
        self.ready = self.cipher.update(piece).map_err(io::Error::other)?;
        // The data is taken, whatever the inner writer says; an error of its comes again.
        let _ = self.hand_on();
        Ok(piece.len())
    }

    /// Hands on what is encrypted or decrypted, and flushes the inner writer. What the mechanism
    /// still holds, part of a block say, comes with [`finish`](Self::finish).
    fn flush(&mut self) -> io::Result<()> {
        self.hand_on()?;
        self.inner.as_mut().map_or(Ok(()), Write::flush)
    }
}

/// Cancels, if unfinished, and says so.
impl<W: Write> Drop for CipherWriter<W> {
    fn drop(&mut self) {
        if self.cipher.is_active() && !thread::panicking() {
            let mechanism = self.cipher.mechanism();
            tracing::error!(%mechanism, "writer dropped unfinished: what it wrote is not whole");
        }
    }
}
