//! The functions of messages: one operation, many messages, each with its own parameter.
//!
//! As the standard has it, an error ends the message in parts and not the messages.

use pkcs11_sys::*;

use super::crypt::compared;
use super::toy::Operation;
use super::{Active, with};
use crate::view::{
    Answer, CipherParameters, GcmMessage, Input, Mechanism, MessageParameter, Output, Put,
};

/// What a `C_MessageXInit` prepared.
#[derive(Debug)]
pub(super) struct Messages {
    /// What each message begins with.
    template: Operation,
    /// The message in parts.
    open: Option<Operation>,
    /// How many initialisation vectors were made: by count, or "at random".
    count: u32,
}

/// An initialisation vector, and where it goes.
type MadeIv = (GcmMessage, Vec<u8>);

impl Messages {
    pub(super) fn kind(&self) -> CK_FLAGS {
        self.template.kind
    }

    /// Begins a message. If it is one of GCM, its initialisation vector is the caller's or is made
    /// here, to be written by [`written`].
    fn begin(
        &self,
        parameter: &MessageParameter,
        aad: &[u8],
    ) -> Answer<(Operation, Option<MadeIv>)> {
        if self.template.mechanism() != CKM_AES_GCM {
            let parameters = parameter.cipher(self.template.mechanism())?;
            return Ok((self.template.for_message(parameters), None));
        }
        let gcm = parameter.gcm()?;
        let mut iv = gcm.iv()?;
        let ours = iv.get_mut(gcm.fixed()..).ok_or(CKR_MECHANISM_PARAM_INVALID)?;
        if self.kind() == CKF_MESSAGE_ENCRYPT {
            let start = match gcm.generator() {
                CKG_NO_GENERATE => None,
                CKG_GENERATE_RANDOM => Some(0xa5),
                CKG_GENERATE | CKG_GENERATE_COUNTER => Some(0),
                _ => return Err(CKR_MECHANISM_PARAM_INVALID),
            };
            if let Some(start) = start {
                let count = self.count.to_be_bytes();
                let length = ours.len().checked_sub(count.len());
                let length = length.ok_or(CKR_MECHANISM_PARAM_INVALID)?;
                let (head, tail) = ours.split_at_mut(length);
                head.fill(start);
                tail.copy_from_slice(&count);
            }
        }
        let parameters =
            CipherParameters { iv: iv.clone(), aad: aad.to_vec(), tag: gcm.tag_length()? };
        Ok((self.template.for_message(parameters), Some((gcm, iv))))
    }

    /// The last part of a message; the tag is written, or compared with what is there.
    fn end(
        &self,
        message: &mut Operation,
        parameter: &MessageParameter,
        data: &[u8],
        output: &Output<u8>,
    ) -> Answer<Put> {
        let mut made = message.part(data)?;
        if self.template.mechanism() != CKM_AES_GCM {
            made.append(&mut message.last()?);
            return output.put(&made);
        }
        let gcm = parameter.gcm()?;
        if self.kind() == CKF_MESSAGE_DECRYPT {
            made.append(&mut message.part(&gcm.tag()?)?);
            made.append(&mut message.last().map_err(|_| CKR_AEAD_DECRYPT_FAILED)?);
            return output.put(&made);
        }
        let tag = message.last()?;
        let put = output.put(&made)?;
        if put == Put::Written {
            gcm.put_tag(&tag)?;
        }
        Ok(put)
    }
}

/// Works on the messages of this kind.
fn on<T>(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    work: impl FnOnce(&mut Messages) -> Answer<T>,
) -> Answer<T> {
    with(|state| match &mut state.session(session)?.active {
        Some(Active::Messages(messages)) if messages.kind() == kind => work(messages),
        _ => Err(CKR_OPERATION_NOT_INITIALIZED),
    })
}

/// Works on messages of which none is open.
fn between<T>(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    work: impl FnOnce(&mut Messages) -> Answer<T>,
) -> Answer<T> {
    on(kind, session, |messages| match messages.open {
        Some(_) => Err(CKR_OPERATION_ACTIVE),
        None => work(messages),
    })
}

/// Runs a step on a copy of the open message: a query, or a buffer that is too small, leaves it as
/// it was; success goes on with the copy, or ends it; every other error ends it.
fn step(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    ends: bool,
    work: impl FnOnce(&Messages, &mut Operation) -> Answer<Put>,
) -> Answer {
    on(kind, session, |messages| {
        let mut next = messages.open.clone().ok_or(CKR_OPERATION_NOT_INITIALIZED)?;
        match work(messages, &mut next) {
            Ok(Put::Asked) => {}
            Ok(Put::Written) => messages.open = (!ends).then_some(next),
            Err(CKR_BUFFER_TOO_SMALL) => return Err(CKR_BUFFER_TOO_SMALL),
            Err(code) => {
                messages.open = None;
                return Err(code);
            }
        }
        Ok(())
    })
}

pub(crate) fn init(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    key: CK_OBJECT_HANDLE,
) -> Answer {
    with(|state| {
        state.idle_session(session)?;
        let template = Operation::new(state, kind, &mechanism, Some(key))?;
        let messages = Messages { template, open: None, count: 0 };
        state.session(session)?.active = Some(Active::Messages(messages));
        Ok(())
    })
}

pub(crate) fn whole(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    parameter: MessageParameter,
    aad: Input,
    data: Input,
    output: Output<u8>,
) -> Answer {
    between(kind, session, |messages| {
        let (mut message, made) = messages.begin(&parameter, aad.bytes_or_none()?)?;
        if messages.end(&mut message, &parameter, data.bytes()?, &output)? == Put::Written {
            written(messages, made)?;
        }
        Ok(())
    })
}

pub(crate) fn begin(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    parameter: MessageParameter,
    aad: Input,
) -> Answer {
    between(kind, session, |messages| {
        let (message, made) = messages.begin(&parameter, aad.bytes_or_none()?)?;
        written(messages, made)?;
        messages.open = Some(message);
        Ok(())
    })
}

/// Writes the initialisation vector of a message that is encrypted.
fn written(messages: &mut Messages, made: Option<MadeIv>) -> Answer {
    if let (CKF_MESSAGE_ENCRYPT, Some((gcm, iv))) = (messages.kind(), made) {
        gcm.put_iv(&iv)?;
        messages.count += 1;
    }
    Ok(())
}

pub(crate) fn next(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    parameter: MessageParameter,
    part: Input,
    output: Output<u8>,
    flags: CK_FLAGS,
) -> Answer {
    let ends = flags == CKF_END_OF_MESSAGE;
    step(kind, session, ends, |messages, message| match ends {
        true => messages.end(message, &parameter, part.bytes()?, &output),
        false => output.put(&message.part(part.bytes()?)?),
    })
}

pub(crate) fn end(kind: CK_FLAGS, session: CK_SESSION_HANDLE) -> Answer {
    on(kind, session, |_| Ok(()))?;
    with(|state| {
        state.session(session)?.active = None;
        Ok(())
    })
}

/// A message to sign or verify.
pub(crate) fn begin_signature(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    parameter: MessageParameter,
) -> Answer {
    between(kind, session, |messages| {
        parameter.is_absent()?;
        messages.open = Some(messages.template.clone());
        Ok(())
    })
}

pub(crate) fn sign(
    session: CK_SESSION_HANDLE,
    parameter: MessageParameter,
    data: Input,
    signature: Output<u8>,
) -> Answer {
    between(CKF_MESSAGE_SIGN, session, |messages| {
        parameter.is_absent()?;
        signature.put(&messages.template.clone().one_shot(data.bytes()?)?).map(|_| ())
    })
}

pub(crate) fn sign_next(
    session: CK_SESSION_HANDLE,
    parameter: MessageParameter,
    part: Input,
    signature: Output<u8>,
) -> Answer {
    let ends = !signature.is_absent();
    step(CKF_MESSAGE_SIGN, session, ends, |_, message| {
        parameter.is_absent()?;
        message.part(part.bytes()?)?;
        if ends { signature.put(&message.last()?) } else { Ok(Put::Written) }
    })
}

pub(crate) fn verify(
    session: CK_SESSION_HANDLE,
    parameter: MessageParameter,
    data: Input,
    signature: Input,
) -> Answer {
    between(CKF_MESSAGE_VERIFY, session, |messages| {
        parameter.is_absent()?;
        compared(&messages.template.clone().one_shot(data.bytes()?)?, &signature).map(|_| ())
    })
}

pub(crate) fn verify_next(
    session: CK_SESSION_HANDLE,
    parameter: MessageParameter,
    part: Input,
    signature: Input,
) -> Answer {
    let ends = !signature.is_null();
    step(CKF_MESSAGE_VERIFY, session, ends, |_, message| {
        parameter.is_absent()?;
        message.part(part.bytes()?)?;
        if ends { compared(&message.last()?, &signature) } else { Ok(Put::Written) }
    })
}
