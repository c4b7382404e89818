//! Messages to encrypt and to decrypt.

use zeroize::{Zeroize, Zeroizing};

use super::{Begun, Messages, Names};
use crate::lock::OperationKind;
use crate::mechanism::{Context, IntoMechanism, KeyFacts, Mechanism};
use crate::operation::job::check_length;
use crate::operation::parts::or_more_room;
use crate::operation::{KeyUse, PIECE, zeroed};
use crate::vocabulary::Generator;
use crate::{Error, Function, Result};

/// How much longer than its input an output may be, where the tag is not apart, in bytes.
pub(crate) const MARGIN: usize = 64;

impl Messages {
    /// The parameter of a message, whose additional data this is, and whose length if it comes
    /// whole.
    pub(crate) fn message<'m>(
        &mut self,
        parameter: impl IntoMechanism<'m>,
        aad: &[u8],
        length: Option<usize>,
    ) -> Result<Mechanism<'m>> {
        let function = if length.is_some() { self.names.whole } else { self.names.begin };
        self.ready(function)?;
        let session = self.key.session();
        let context = Context::new(session, self.names.usage, KeyFacts::Object(&self.key));
        let said = |error: Error| self.shape.said(error.in_function(function));
        let message = context.resolve(parameter).map_err(said)?;
        message.check_message().map_err(said)?;
        let (number, given) = (self.shape.mechanism, message.number());
        if number != given {
            let what = format!("the messages are of {number}, the parameter is of {given}");
            return Err(self.invalid(function, what));
        }
        if !aad.is_empty() && !message.keeps_tag() && number.name().is_some() {
            return Err(self.invalid(function, format!("{number} takes no additional data")));
        }
        let told = message.parameter.message_length();
        if let (Some(told), Some(length)) = (told, length)
            && told != length
        {
            let what = format!("the message has {length} bytes, its parameter says {told}");
            return Err(self.invalid(function, what));
        }
        Ok(message)
    }

    /// One message from Init to Final.
    pub(crate) fn one<'m>(
        kind: OperationKind,
        parameter: impl IntoMechanism<'m>,
        key: KeyUse<'_>,
        aad: &[u8],
        data: &[u8],
    ) -> Result<Vec<u8>> {
        let names = Names::of(kind);
        let session = key.object.session();
        let context = Context::new(session, names.usage, KeyFacts::Object(key.object));
        let message = context.resolve(parameter);
        let message = message.map_err(|error| error.or_function(names.whole))?;
        let number = message.number();
        let counts = [Generator::GENERATE, Generator::GENERATE_COUNTER];
        let generator = message.parameter.generator();
        if kind == OperationKind::MessageEncrypt
            && generator.is_some_and(|generator| counts.contains(&generator))
        {
            // Each Init sets the count to zero, and one module counts with CKG_GENERATE.
            let what = "the token may count such nonces, from zero each time: let it make random                         ones, or use a message_encryptor";
            return Err(Error::invalid(what).in_function(names.whole).on_mechanism(number));
        }
        let mut messages = Self::start(kind, Mechanism::new(number), key)?;
        let mut output = Zeroizing::new(messages.transform(message, aad, data)?);
        messages.end()?;
        Ok(std::mem::take(&mut *output))
    }

    /// A message in one call.
    pub(crate) fn transform<'m>(
        &mut self,
        parameter: impl IntoMechanism<'m>,
        aad: &[u8],
        data: &[u8],
    ) -> Result<Vec<u8>> {
        let message = self.message(parameter, aad, Some(data.len()))?;
        check_length(&self.shape, Some(&self.key), data.len())?;
        let mut output = Zeroizing::new(zeroed(data.len().saturating_add(MARGIN))?);
        let length = match self.whole(&message, aad, data, &mut output)? {
            Some(length) => length,
            None => {
                let room = output.len().saturating_mul(2).saturating_add(64 << 10);
                output = Zeroizing::new(zeroed(room)?);
                let length = self.whole(&message, aad, data, &mut output)?;
                length.ok_or_else(|| self.insatiable(self.names.whole))?
            }
        };
        self.plausible(&message, self.names.whole, data.len(), length)?;
        Ok(handed_out(output, length))
    }

    /// A message in one call, into the caller's buffer: nothing is allocated.
    pub(crate) fn transform_into<'m>(
        &mut self,
        parameter: impl IntoMechanism<'m>,
        aad: &[u8],
        data: &[u8],
        output: &mut [u8],
    ) -> Result<usize> {
        let message = self.message(parameter, aad, Some(data.len()))?;
        check_length(&self.shape, Some(&self.key), data.len())?;
        let margin = if message.keeps_tag() { 0 } else { MARGIN };
        if output.len() < data.len().saturating_add(margin) {
            return Err(self.too_small(self.names.whole));
        }
        // No module gets a buffer without room: some take that for a question.
        let mut spare = Zeroizing::new([0; MARGIN]);
        let room = if output.is_empty() { &mut spare[..] } else { &mut *output };
        let answer = self.whole(&message, aad, data, room).and_then(|length| {
            let length = length.ok_or_else(|| self.insatiable(self.names.whole))?;
            self.plausible(&message, self.names.whole, data.len(), length)?;
            Ok(length)
        });
        if answer.is_err() && self.shape.kind == OperationKind::MessageDecrypt {
            // Some modules write what they decrypt before they look at the tag.
            output.zeroize();
        }
        answer
    }

    /// One call. `None` if the module wants more room.
    fn whole(
        &mut self,
        message: &Mechanism<'_>,
        aad: &[u8],
        data: &[u8],
        output: &mut [u8],
    ) -> Result<Option<usize>> {
        let kind = self.shape.kind;
        or_more_room(self.call(self.names.whole, |cryptoki, session| match kind {
            OperationKind::MessageEncrypt => {
                cryptoki.encrypt_message(session, message, aad, data, output)
            }
            _ => cryptoki.decrypt_message(session, message, aad, data, output),
        }))
    }

    /// Checks the length of what was made of a whole message: a module that says OK and writes
    /// nothing claims all the room that there was.
    fn plausible(
        &mut self,
        message: &Mechanism<'_>,
        function: Function,
        fed: usize,
        made: usize,
    ) -> Result<()> {
        let right = match message.keeps_tag() {
            true => made == fed,
            false => made < fed.saturating_add(MARGIN),
        };
        if right {
            return Ok(());
        }
        Err(self.misbehaved(function, "its output does not have the length of the message"))
    }

    /// Begins a message whose data comes in parts.
    pub(crate) fn open<'e, 'm>(
        &'e mut self,
        parameter: impl IntoMechanism<'m>,
        aad: &[u8],
    ) -> Result<OpenMessage<'e, 'm>> {
        let message = self.message(parameter, aad, None)?;
        let kind = self.shape.kind;
        self.begin(|cryptoki, session| match kind {
            OperationKind::MessageEncrypt => cryptoki.encrypt_message_begin(session, &message, aad),
            _ => cryptoki.decrypt_message_begin(session, &message, aad),
        })?;
        Ok(OpenMessage { begun: Begun(self), message, fed: 0, made: 0 })
    }
}

/// What is handed out of a buffer; the rest is wiped, since it may be plaintext.
fn handed_out(mut buffer: Zeroizing<Vec<u8>>, length: usize) -> Vec<u8> {
    buffer.get_mut(length..).unwrap_or_default().zeroize();
    buffer.truncate(length);
    std::mem::take(&mut *buffer)
}

/// A message whose data comes in parts. Each call has its parameter, which is borrowed until the
/// end.
#[derive(Debug)]
pub(crate) struct OpenMessage<'e, 'm> {
    begun: Begun<'e>,
    message: Mechanism<'m>,
    fed: usize,
    made: usize,
}

impl OpenMessage<'_, '_> {
    /// One more part of the data; what is ready of the result.
    pub(crate) fn update(&mut self, data: &[u8]) -> Result<Vec<u8>> {
        let mut output = Zeroizing::new(zeroed(data.len().saturating_add(MARGIN))?);
        let length = self.update_into(data, &mut output)?;
        Ok(handed_out(output, length))
    }

    /// The same into the caller's buffer, which must be larger than the data by [`MARGIN`].
    pub(crate) fn update_into(&mut self, data: &[u8], output: &mut [u8]) -> Result<usize> {
        let next = self.begun.0.names.next;
        if output.len() < data.len().saturating_add(MARGIN) {
            return Err(self.begun.0.too_small(next));
        }
        let told = self.message.parameter.message_length();
        let total = self.fed.saturating_add(data.len());
        if let Some(told) = told.filter(|told| total > *told) {
            let what = format!("the message has {total} bytes, its parameter says {told}");
            return Err(self.begun.0.invalid(next, what));
        }
        let answer = self.pieces(data, output);
        if answer.is_err() && self.is_decryption() {
            output.zeroize();
        }
        answer
    }

    fn pieces(&mut self, data: &[u8], output: &mut [u8]) -> Result<usize> {
        let mut made: usize = 0;
        for piece in data.chunks(PIECE) {
            let place = output.get_mut(made..).unwrap_or_default();
            let length = match self.next(piece, place, false)? {
                Some(length) => length,
                None => self.with_more_room(piece, place)?,
            };
            self.count(piece.len(), length)?;
            made = made.saturating_add(length);
        }
        Ok(made)
    }

    /// For modules that want room for all that they have been fed, although they give less.
    #[cold]
    fn with_more_room(&mut self, data: &[u8], output: &mut [u8]) -> Result<usize> {
        let next = self.begun.0.names.next;
        let room = self.held().saturating_add(output.len()).saturating_mul(2);
        let mut scratch = Zeroizing::new(zeroed(room)?);
        let Some(length) = self.next(data, &mut scratch, false)? else {
            return Err(self.begun.0.insatiable(next));
        };
        let (Some(place), Some(made)) = (output.get_mut(..length), scratch.get(..length)) else {
            let error = self.begun.0.too_small(next);
            self.begun.0.fail();
            return Err(error);
        };
        place.copy_from_slice(made);
        Ok(length)
    }

    /// Ends the message; the rest of the result.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>> {
        let next = self.begun.0.names.next;
        let told = self.message.parameter.message_length();
        if let Some(told) = told.filter(|told| self.fed != *told) {
            let what = format!("the message has {} bytes, its parameter says {told}", self.fed);
            return Err(self.begun.0.invalid(next, what));
        }
        let mut output = Zeroizing::new(zeroed(self.held())?);
        let length = match self.next(&[], &mut output, true)? {
            Some(length) => length,
            None => {
                let room = self.fed.saturating_add(output.len()).saturating_mul(2);
                output = Zeroizing::new(zeroed(room)?);
                let length = self.next(&[], &mut output, true)?;
                length.ok_or_else(|| self.begun.0.insatiable(next))?
            }
        };
        self.begun.0.open = false;
        self.made = self.made.saturating_add(length);
        self.begun.0.plausible(&self.message, next, self.fed, self.made)?;
        Ok(handed_out(output, length))
    }

    /// How much may still come: what went in and not out.
    fn held(&self) -> usize {
        self.fed.saturating_sub(self.made).saturating_add(MARGIN)
    }

    fn next(&mut self, data: &[u8], output: &mut [u8], is_last: bool) -> Result<Option<usize>> {
        let messages = &mut *self.begun.0;
        let (kind, message) = (messages.shape.kind, &self.message);
        or_more_room(messages.call(messages.names.next, |cryptoki, session| match kind {
            OperationKind::MessageEncrypt => {
                cryptoki.encrypt_message_next(session, message, data, output, is_last)
            }
            _ => cryptoki.decrypt_message_next(session, message, data, output, is_last),
        }))
    }

    /// A cipher gives no more than it was fed before the end.
    fn count(&mut self, fed: usize, made: usize) -> Result<()> {
        self.fed = self.fed.saturating_add(fed);
        self.made = self.made.saturating_add(made);
        if self.made <= self.fed {
            return Ok(());
        }
        let next = self.begun.0.names.next;
        Err(self.begun.0.misbehaved(next, "it claims to have made more than there can be"))
    }

    fn is_decryption(&self) -> bool {
        self.begun.0.shape.kind == OperationKind::MessageDecrypt
    }
}
