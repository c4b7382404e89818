//! Messages: `C_MessageXInit`, any number of messages, `C_MessageXFinal`.

mod cipher;
mod signature;

pub(crate) use cipher::{MARGIN, OpenMessage};
pub(crate) use signature::OpenSignature;

use super::Operation;
use super::job::{Job, KeyUse};
use super::shape::Shape;
use crate::lock::OperationKind;
use crate::mechanism::{IntoMechanism, Usage};
use crate::object::Object;
use crate::raw::{Cryptoki, SessionHandle};
use crate::session::Session;
use crate::{Error, ErrorKind, Function, MechanismType, Result, ReturnCode};

/// Messages with one key and one mechanism. They hold their session's lock until they end, fail,
/// or are dropped; the last two cancel them.
#[derive(Debug)]
pub(crate) struct Messages {
    /// Gone once it has failed.
    operation: Option<Operation<Session>>,
    shape: Shape,
    names: Names,
    /// The key, which the parameters of messages are chosen by.
    key: Object,
    /// Whether a message was begun and has not ended.
    open: bool,
}

/// The functions of one kind of messages.
#[derive(Clone, Copy, Debug)]
struct Names {
    usage: Usage,
    init: Function,
    whole: Function,
    begin: Function,
    next: Function,
    end: Function,
}

impl Names {
    fn of(kind: OperationKind) -> Self {
        match kind {
            OperationKind::MessageEncrypt => Self {
                usage: Usage::Encrypt,
                init: Function::MessageEncryptInit,
                whole: Function::EncryptMessage,
                begin: Function::EncryptMessageBegin,
                next: Function::EncryptMessageNext,
                end: Function::MessageEncryptFinal,
            },
            OperationKind::MessageDecrypt => Self {
                usage: Usage::Decrypt,
                init: Function::MessageDecryptInit,
                whole: Function::DecryptMessage,
                begin: Function::DecryptMessageBegin,
                next: Function::DecryptMessageNext,
                end: Function::MessageDecryptFinal,
            },
            OperationKind::MessageSign => Self {
                usage: Usage::Sign,
                init: Function::MessageSignInit,
                whole: Function::SignMessage,
                begin: Function::SignMessageBegin,
                next: Function::SignMessageNext,
                end: Function::MessageSignFinal,
            },
            _ => Self {
                usage: Usage::Verify,
                init: Function::MessageVerifyInit,
                whole: Function::VerifyMessage,
                begin: Function::VerifyMessageBegin,
                next: Function::VerifyMessageNext,
                end: Function::MessageVerifyFinal,
            },
        }
    }
}

impl Messages {
    pub(crate) fn start<'m>(
        kind: OperationKind,
        mechanism: impl IntoMechanism<'m>,
        key: KeyUse<'_>,
    ) -> Result<Self> {
        let names = Names::of(kind);
        let session = key.object.session();
        session.inner().cryptoki().needs(&[names.init, names.whole, names.end])?;
        let (usage, object) = (names.usage, key.object);
        Job::of_kind(kind, session, usage, mechanism, Some(key), |job| {
            let shape = job.shape();
            if job.mechanism().prehash().is_some() {
                let what =
                    "the token lacks the mechanism that hashes, and messages are not hashed here";
                return Err(shape.said(Error::invalid(what)));
            }
            let operation = job.start(session.clone()).map_err(|error| shape.said(error))?;
            Ok(Self { operation: Some(operation), shape, names, key: object.clone(), open: false })
        })
    }

    pub(crate) fn mechanism(&self) -> MechanismType {
        self.shape.mechanism
    }

    /// Ends it: the session is free.
    pub(crate) fn end(mut self) -> Result<()> {
        self.ready(self.names.end)?;
        let kind = self.shape.kind;
        self.call(self.names.end, |cryptoki, session| match kind {
            OperationKind::MessageEncrypt => cryptoki.message_encrypt_final(session),
            OperationKind::MessageDecrypt => cryptoki.message_decrypt_final(session),
            OperationKind::MessageSign => cryptoki.message_sign_final(session),
            _ => cryptoki.message_verify_final(session),
        })?;
        if let Some(operation) = self.operation.take() {
            operation.finish();
        }
        Ok(())
    }

    /// Cancels it: the session is free.
    fn fail(&mut self) {
        self.operation = None;
        self.open = false;
    }

    /// Whether a message can begin. One that was forgotten, and not dropped, is still open: no
    /// function ends it alone.
    fn ready(&mut self, function: Function) -> Result<()> {
        if self.open {
            self.fail();
        }
        match self.operation {
            Some(_) => Ok(()),
            None => Err(self.failed_before(function)),
        }
    }

    /// Begins a message; what takes its data in parts must be there.
    fn begin(&mut self, call: impl FnOnce(&Cryptoki, SessionHandle) -> Result<()>) -> Result<()> {
        if self.shape.mechanism.is_single_part() {
            let what = "it takes its data whole, not in parts";
            return Err(self.invalid(self.names.begin, what));
        }
        if let Some(operation) = &self.operation {
            let answer = operation.session().cryptoki().needs(&[self.names.begin, self.names.next]);
            answer.map_err(|error| self.shape.said(error))?;
        }
        self.call(self.names.begin, call)?;
        self.open = true;
        Ok(())
    }

    /// A call of this operation, which fails as a whole if the call does, unless for want of room.
    fn call<T>(
        &mut self,
        function: Function,
        call: impl FnOnce(&Cryptoki, SessionHandle) -> Result<T>,
    ) -> Result<T> {
        let Some(operation) = &mut self.operation else {
            return Err(self.failed_before(function));
        };
        operation.hold_here();
        operation.call(call).map_err(|error| {
            if error.return_code() != Some(ReturnCode::BUFFER_TOO_SMALL) {
                self.fail();
            }
            self.shape.said(error)
        })
    }

    fn failed_before(&self, function: Function) -> Error {
        self.shape.said(Error::from(ErrorKind::StreamFailed).in_function(function))
    }

    /// Fails, since the module broke the standard.
    fn misbehaved(&mut self, function: Function, what: &'static str) -> Error {
        self.fail();
        self.shape.said(Error::misbehaved(function, what))
    }

    /// The error where no room is enough.
    fn insatiable(&mut self, function: Function) -> Error {
        self.misbehaved(function, "no buffer is large enough for it")
    }

    /// The caller's buffer does not hold what comes.
    fn too_small(&self, function: Function) -> Error {
        self.shape.said(Error::from(ErrorKind::BufferTooSmall).in_function(function))
    }

    fn invalid(&self, function: Function, what: impl Into<String>) -> Error {
        self.shape.said(Error::invalid(what).in_function(function))
    }
}

/// A message that has begun. Dropped before its end, it takes the whole operation with it.
#[derive(Debug)]
struct Begun<'e>(&'e mut Messages);

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        if self.0.open {
            self.0.fail();
        }
    }
}
