//! Messages to sign and to verify.

use super::{Begun, Messages};
use crate::lock::OperationKind;
use crate::operation::job::check_length;
use crate::operation::parts::or_more_room;
use crate::operation::{PIECE, zeroed};
use crate::{Function, Result};

impl Messages {
    /// The signature of a message, in one call.
    pub(crate) fn sign(&mut self, data: &[u8]) -> Result<Vec<u8>> {
        self.ready(self.names.whole)?;
        check_length(&self.shape, Some(&self.key), data.len())?;
        self.owned(self.names.whole, data.len(), |messages, output| messages.fill(data, output))
    }

    /// The same into the caller's buffer: allocates nothing where that has room for any that can
    /// come.
    pub(crate) fn sign_into(&mut self, data: &[u8], output: &mut [u8]) -> Result<usize> {
        self.ready(self.names.whole)?;
        check_length(&self.shape, Some(&self.key), data.len())?;
        let wanted = self.shape.exact().unwrap_or(self.shape.bound(data.len()));
        if output.len() < wanted {
            if self.shape.exact().is_some() {
                return Err(self.too_small(self.names.whole));
            }
            let made = self.sign(data)?;
            let too_small = self.too_small(self.names.whole);
            output.get_mut(..made.len()).ok_or(too_small)?.copy_from_slice(&made);
            return Ok(made.len());
        }
        let length = self.fill(data, output)?;
        let length = length.ok_or_else(|| self.insatiable(self.names.whole))?;
        self.checked(self.names.whole, length)
    }

    fn fill(&mut self, data: &[u8], output: &mut [u8]) -> Result<Option<usize>> {
        or_more_room(self.call(self.names.whole, |cryptoki, session| {
            cryptoki.sign_message(session, data, output)
        }))
    }

    /// A signature of a function that is asked again where it wants more room.
    fn owned(
        &mut self,
        function: Function,
        input: usize,
        mut call: impl FnMut(&mut Self, &mut [u8]) -> Result<Option<usize>>,
    ) -> Result<Vec<u8>> {
        let mut output = zeroed(self.shape.bound(input))?;
        let length = match call(self, &mut output)? {
            Some(length) => length,
            None => {
                output = zeroed(output.len().saturating_mul(2).saturating_add(64 << 10))?;
                let length = call(self, &mut output)?;
                length.ok_or_else(|| self.insatiable(function))?
            }
        };
        let length = self.checked(function, length)?;
        output.truncate(length);
        Ok(output)
    }

    fn checked(&mut self, function: Function, length: usize) -> Result<usize> {
        self.shape.checked(function, Ok(length)).inspect_err(|_| self.fail())
    }

    /// Whether a message has this signature, in one call.
    pub(crate) fn verify(&mut self, data: &[u8], signature: &[u8]) -> Result<()> {
        let function = self.names.whole;
        self.ready(function)?;
        self.shape.check_signature(function, signature)?;
        check_length(&self.shape, Some(&self.key), data.len())?;
        let answer = self
            .call(function, |cryptoki, session| cryptoki.verify_message(session, data, signature));
        self.shape.verified(function, answer)
    }

    /// Begins a message whose data comes in parts.
    pub(crate) fn open_signature(&mut self) -> Result<OpenSignature<'_>> {
        self.ready(self.names.begin)?;
        let kind = self.shape.kind;
        self.begin(|cryptoki, session| match kind {
            OperationKind::MessageSign => cryptoki.sign_message_begin(session),
            _ => cryptoki.verify_message_begin(session),
        })?;
        Ok(OpenSignature(Begun(self)))
    }
}

/// A message to sign or verify whose data comes in parts.
#[derive(Debug)]
pub(crate) struct OpenSignature<'e>(Begun<'e>);

impl OpenSignature<'_> {
    /// One more part of the data.
    pub(crate) fn feed(&mut self, data: &[u8]) -> Result<()> {
        let messages = &mut *self.0.0;
        let kind = messages.shape.kind;
        for piece in data.chunks(PIECE) {
            messages.call(messages.names.next, |cryptoki, session| match kind {
                OperationKind::MessageSign => {
                    cryptoki.sign_message_next(session, piece, None).map(drop)
                }
                _ => cryptoki.verify_message_next(session, piece, None),
            })?;
        }
        Ok(())
    }

    /// The signature.
    pub(crate) fn output(self) -> Result<Vec<u8>> {
        let messages = &mut *self.0.0;
        let next = messages.names.next;
        let signature = messages.owned(next, 0, |messages, output| {
            or_more_room(messages.call(next, |cryptoki, session| {
                cryptoki.sign_message_next(session, &[], Some(output))
            }))
        })?;
        messages.open = false;
        Ok(signature)
    }

    /// Whether the message has this signature.
    pub(crate) fn verify(self, signature: &[u8]) -> Result<()> {
        let messages = &mut *self.0.0;
        let next = messages.names.next;
        messages.shape.check_signature(next, signature)?;
        let answer = messages.call(next, |cryptoki, session| {
            cryptoki.verify_message_next(session, &[], Some(signature))
        });
        messages.shape.verified(next, answer)?;
        messages.open = false;
        Ok(())
    }
}
