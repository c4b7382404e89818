//! Encryption and decryption in parts.

use bytes::Bytes;
use zeroize::{Zeroize, Zeroizing};

use super::output::Output;
use crate::lock::OperationKind;
use crate::mechanism::{IntoMechanism, Usage};
use crate::operation::{KeyUse, PIECE, Parts, Progress, zeroed};
use crate::session::Session;
use crate::{Function, MechanismType, Result};

/// The most that a ciphertext is longer than its plaintext, in bytes: padding, or a tag.
const LONGEST_END: usize = 32;
/// The blocks that block ciphers are fed, in bytes: one of AES and its kin, two of DES.
const BLOCK: usize = 16;

/// An encryption or decryption in parts, by hand. `key.encryptor(mechanism)` and
/// `key.decryptor(mechanism)` make one.
///
/// Dropped unfinished, it is cancelled. Wraps `C_SessionCancel` (PKCS#11 §5.6.5) where the module has
/// it.
///
/// What is decrypted with a mechanism that authenticates (AES-GCM, say) is not to be trusted before
/// [`finish`](Self::finish) has succeeded: it alone looks at the tag.
///
/// ```no_run
/// # fn f(key: &pkcs11_core::SecretKey, iv: &[u8; 16]) -> pkcs11_core::Result<()> {
/// use pkcs11_core::DEFAULT;
///
/// let mut cipher = key.encryptor(DEFAULT.iv(iv))?;
/// let mut ciphertext = cipher.update(b"a first part, ")?.to_vec();
/// ciphertext.extend_from_slice(&cipher.update(b"and a second one")?);
/// ciphertext.extend_from_slice(&cipher.finish()?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropped unfinished, it is cancelled"]
pub struct Cipher {
    parts: Parts,
    /// Bytes that do not fill a block yet; modules differ in what they do with such.
    partial: Zeroizing<Vec<u8>>,
    /// Whether the mechanism works on whole blocks, so that only such are fed.
    blocks: bool,
    /// Blocks that had to be put together.
    joined: Zeroizing<Vec<u8>>,
    /// Where the module wants more room than the output of a part can take, this is it.
    scratch: Zeroizing<Vec<u8>>,
    fed: usize,
    made: usize,
    output: Output,
}

impl Cipher {
    /// How much larger than its input an output buffer must be, in bytes.
    pub const MARGIN: usize = 64;

    pub(super) fn start<'m>(
        session: &Session,
        usage: Usage,
        mechanism: impl IntoMechanism<'m>,
        key: KeyUse<'_>,
    ) -> Result<Self> {
        let parts = Parts::start(session, usage, mechanism, Some(key))?;
        let blocks = parts.mechanism().works_on_blocks();
        Ok(Self {
            parts,
            partial: Zeroizing::default(),
            blocks,
            joined: Zeroizing::default(),
            scratch: Zeroizing::default(),
            fed: 0,
            made: 0,
            output: Output::default(),
        })
    }

    /// Takes one more part of the data, of any length, and gives what is ready of the result, which
    /// may be nothing. Wraps `C_EncryptUpdate` or `C_DecryptUpdate` (PKCS#11 §5.8.3, §5.10.3), one
    /// call for each 256 KiB.
    ///
    /// The bytes are cut from a buffer that is used again when what was handed out of it is dropped.
    ///
    /// # Errors
    ///
    /// What the function answers; then the operation is cancelled and the session free, and every
    /// later call answers [`ErrorKind::StreamFailed`](crate::ErrorKind::StreamFailed).
    pub fn update(&mut self, data: &[u8]) -> Result<Bytes> {
        let room = data.len().saturating_add(Self::MARGIN);
        let mut output = std::mem::take(&mut self.output);
        let answer = self.update_into(data, output.room(room));
        if self.is_decryption() || answer.is_err() {
            // Some modules write more than they say.
            let made = answer.as_ref().copied().unwrap_or(0);
            output.room(room).get_mut(made..).unwrap_or_default().zeroize();
        }
        self.output = output;
        answer.map(|length| self.output.take(length))
    }

    /// Takes one more part of the data and writes what is ready of the result; how many bytes that
    /// is. Wraps `C_EncryptUpdate` or `C_DecryptUpdate` (PKCS#11 §5.8.3, §5.10.3), one call for each
    /// 256 KiB. Nothing is allocated, as long as the parts are whole blocks.
    ///
    /// `output` must be larger than `data` by [`MARGIN`](Self::MARGIN): with less, nothing is taken
    /// and the call may be made again.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`](crate::ErrorKind::BufferTooSmall), else as
    /// [`update`](Self::update).
    pub fn update_into(&mut self, data: &[u8], output: &mut [u8]) -> Result<usize> {
        if output.len() < data.len().saturating_add(Self::MARGIN) {
            return Err(self.parts.too_small(self.function()));
        }
        if !self.parts.is_active() {
            return Err(self.parts.failed_before(self.function()));
        }
        if data.len() <= PIECE && !data.is_empty() {
            return self.piece(data, output);
        }
        let mut made = 0;
        for piece in data.chunks(PIECE) {
            let rest = output.get_mut(made..).unwrap_or_default();
            made = made.saturating_add(self.piece(piece, rest)?);
        }
        Ok(made)
    }

    /// Ends the operation and gives the rest of the result. Wraps `C_EncryptFinal` or
    /// `C_DecryptFinal` (PKCS#11 §5.8.4, §5.10.4).
    ///
    /// # Errors
    ///
    /// What the function answers, as for a wrong tag or wrong padding: then what came before is not
    /// to be used. The session is free in any case.
    pub fn finish(mut self) -> Result<Bytes> {
        self.finish_in_place()
    }

    /// Ends the operation and writes the rest of the result; how many bytes that is. Wraps
    /// `C_EncryptFinal` or `C_DecryptFinal` (PKCS#11 §5.8.4, §5.10.4).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`](crate::ErrorKind::BufferTooSmall) if the rest does not fit,
    /// and then it is lost: 96 bytes are enough, except for decryption where the token gives all at
    /// the end, which it may where the mechanism authenticates. Else as [`finish`](Self::finish).
    pub fn finish_into(mut self, output: &mut [u8]) -> Result<usize> {
        let function = self.function();
        let rest = self.finish_in_place()?;
        let place = output.get_mut(..rest.len());
        place.ok_or_else(|| self.parts.too_small(function))?.copy_from_slice(&rest);
        Ok(rest.len())
    }

    /// The same as [`finish`](Self::finish), for those who keep it in a struct.
    pub(super) fn finish_in_place(&mut self) -> Result<Bytes> {
        self.finish_after_updates().map(|(rest, _)| rest)
    }

    /// The rest, and how many bytes of it are of the last update.
    pub(super) fn finish_after_updates(&mut self) -> Result<(Bytes, usize)> {
        let mut rest = Zeroizing::new(zeroed(Self::MARGIN + BLOCK + self.held())?);
        let mut made = 0;
        let partial = std::mem::take(&mut self.partial);
        if !partial.is_empty() {
            made = self.call(&partial, &mut rest)?;
        }
        let function = self.parts.last_function();
        let length = match self.parts.last(rest.get_mut(made..).unwrap_or_default())? {
            Some(length) => length,
            None => {
                let room = self.fed.saturating_add(rest.len()).saturating_mul(2);
                let before = rest;
                rest = Zeroizing::new(zeroed(room)?);
                for (to, from) in rest.iter_mut().zip(before.iter().take(made)) {
                    *to = *from;
                }
                let again = self.parts.last(rest.get_mut(made..).unwrap_or_default())?;
                again.ok_or_else(|| self.parts.insatiable(function))?
            }
        };
        self.count(length, |_| function)?;
        let end = made.saturating_add(length);
        rest.get_mut(end..).unwrap_or_default().zeroize();
        rest.truncate(end);
        Ok((Bytes::from(std::mem::take(&mut *rest)), made))
    }

    /// How much may still come beyond what the last blocks are: what went in and not out.
    fn held(&self) -> usize {
        self.fed.saturating_sub(self.made).saturating_add(Self::MARGIN)
    }

    /// One piece, as far as it fills blocks.
    #[inline]
    fn piece(&mut self, data: &[u8], output: &mut [u8]) -> Result<usize> {
        let whole = self.partial.is_empty() && !data.is_empty() && data.len().is_multiple_of(BLOCK);
        if whole || !self.blocks {
            return self.call(data, output);
        }
        let total = self.partial.len() + data.len();
        let rest = total % BLOCK;
        if total < BLOCK {
            self.partial.extend_from_slice(data);
            return Ok(0);
        }
        // Less than a block is kept, so the rest is the end of the data.
        let (head, tail) = data.split_at_checked(data.len() - rest).unwrap_or((data, &[]));
        let answer = if self.partial.is_empty() {
            self.call(head, output)
        } else {
            let mut joined = std::mem::take(&mut self.joined);
            joined.clear();
            joined.extend_from_slice(&self.partial);
            joined.extend_from_slice(head);
            let answer = self.call(&joined, output);
            self.joined = joined;
            answer
        };
        self.partial.clear();
        self.partial.extend_from_slice(tail);
        answer
    }

    /// One call; again with more room, if the module wants it.
    #[inline]
    fn call(&mut self, data: &[u8], output: &mut [u8]) -> Result<usize> {
        self.fed = self.fed.saturating_add(data.len());
        let mut made = None;
        if self.scratch.is_empty() {
            made = self.parts.transform(data, output)?;
        }
        let made = match made {
            Some(made) => made,
            None => self.call_with_scratch(data, output)?,
        };
        self.count(made, Parts::update_function)?;
        Ok(made)
    }

    /// A cipher makes little more than it is fed; a module that says OK and writes nothing claims all
    /// the room that there was.
    #[inline]
    fn count(&mut self, made: usize, function: impl FnOnce(&Parts) -> Function) -> Result<()> {
        self.made = self.made.saturating_add(made);
        if self.made <= self.fed.saturating_add(LONGEST_END) {
            return Ok(());
        }
        let function = function(&self.parts);
        Err(self.parts.misbehaved(function, "it claims to have made more than there can be"))
    }

    /// For modules that want room for all that they have been fed, although they give less.
    #[cold]
    fn call_with_scratch(&mut self, data: &[u8], output: &mut [u8]) -> Result<usize> {
        let room = self.held().saturating_add(output.len());
        if self.scratch.len() < room {
            self.scratch = Zeroizing::new(zeroed(room.saturating_mul(2))?);
        }
        let Some(made) = self.parts.transform(data, &mut self.scratch)? else {
            return Err(self.parts.insatiable(self.function()));
        };
        match (output.get_mut(..made), self.scratch.get_mut(..made)) {
            (Some(place), Some(made)) => {
                place.copy_from_slice(made);
                made.zeroize();
            }
            _ => {
                self.parts.fail();
                return Err(self.parts.too_small(self.function()));
            }
        }
        Ok(made)
    }

    /// Its mechanism.
    #[must_use]
    pub fn mechanism(&self) -> MechanismType {
        self.parts.mechanism()
    }

    pub(super) fn is_active(&self) -> bool {
        self.parts.is_active()
    }

    /// Cancels it.
    pub(super) fn fail(&mut self) {
        self.parts.fail();
    }

    pub(super) fn is_decryption(&self) -> bool {
        self.parts.kind() == OperationKind::Decrypt
    }

    fn function(&self) -> Function {
        self.parts.update_function()
    }

    /// Goes on with what a token has restored.
    pub(super) fn resume(parts: Parts, progress: Progress) -> Self {
        let blocks = parts.mechanism().works_on_blocks();
        Self {
            parts,
            partial: progress.partial,
            blocks,
            joined: Zeroizing::default(),
            scratch: Zeroizing::default(),
            fed: progress.fed,
            made: progress.made,
            output: Output::default(),
        }
    }

    pub(super) fn progress(&self) -> Progress {
        Progress { partial: self.partial.clone(), fed: self.fed, made: self.made }
    }

    /// Feeds the digest, signature or verification of `mechanism` with the plaintext too.
    pub(super) fn join<'m>(
        &mut self,
        usage: Usage,
        mechanism: impl IntoMechanism<'m>,
        key: Option<KeyUse<'_>>,
    ) -> Result<()> {
        self.parts.join(usage, mechanism, key)
    }

    /// The operation behind it.
    pub(super) fn parts(&mut self) -> &mut Parts {
        &mut self.parts
    }
}
