//! What an operation works with: the session, the mechanism, the key.
//!
//! What each call comes through is inlined in any case: calling it costs as much as what it does.

use std::borrow::Borrow;

use super::Operation;
use super::shape::Shape;
use crate::hash::Hash;
use crate::lock::OperationKind;
use crate::mechanism::{Context, IntoMechanism, KeyFacts, Mechanism, Usage};
use crate::object::{Object, TokenObject};
use crate::raw::{Checked, Cryptoki, SessionHandle};
use crate::session::Session;
use crate::{Error, ErrorKind, Function, MechanismType, Pin, Result, UserType};

/// The longest digest that is signed, in bytes: SHA-512.
const LONGEST_DIGEST: usize = 64;

/// A key, the session that it is used with, and what it takes to use it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyUse<'k> {
    pub(crate) object: &'k Object,
    /// Whether it is a secret key, and no half of a pair.
    pub(crate) secret: bool,
    /// A PIN to give between Init and data, for keys with `CKA_ALWAYS_AUTHENTICATE`.
    pub(crate) context_pin: Option<&'k Pin>,
}

impl<'k> KeyUse<'k> {
    /// What its mechanism is chosen by.
    pub(super) fn context(self, usage: Usage) -> Context<'k> {
        Context::new(self.object.session(), usage, KeyFacts::Object(self.object))
    }
}

/// What an operation with data in and data out works with.
pub(super) struct Job<'j> {
    pub(super) session: &'j Session,
    pub(super) kind: OperationKind,
    mechanism: Checked<'j>,
    pub(super) key: Option<KeyUse<'j>>,
    /// Given to `C_VerifySignatureInit`.
    signature: &'j [u8],
}

/// The kind of operation that serves this use.
pub(super) fn kind_of(usage: Usage) -> OperationKind {
    match usage {
        Usage::Encrypt => OperationKind::Encrypt,
        Usage::Decrypt => OperationKind::Decrypt,
        Usage::Sign => OperationKind::Sign,
        Usage::Verify => OperationKind::Verify,
        Usage::SignRecover => OperationKind::SignRecover,
        Usage::VerifyRecover => OperationKind::VerifyRecover,
        _ => OperationKind::Digest,
    }
}

impl<'j> Job<'j> {
    /// Does something with the job of this use, mechanism and key.
    #[inline]
    pub(super) fn with<'m, T>(
        session: &Session,
        usage: Usage,
        mechanism: impl IntoMechanism<'m>,
        key: Option<KeyUse<'_>>,
        run: impl FnOnce(&Job<'_>) -> Result<T>,
    ) -> Result<T> {
        Job::of_kind(kind_of(usage), session, usage, mechanism, key, run)
    }

    /// The same for a kind of operation that the use alone does not tell.
    ///
    /// This is made anew for each type of mechanism, where it is called: what it calls is not.
    #[inline]
    pub(super) fn of_kind<'m, T>(
        kind: OperationKind,
        session: &Session,
        usage: Usage,
        mechanism: impl IntoMechanism<'m>,
        key: Option<KeyUse<'_>>,
        run: impl FnOnce(&Job<'_>) -> Result<T>,
    ) -> Result<T> {
        let facts = key.map_or(KeyFacts::None, |key| KeyFacts::Object(key.object));
        let context = Context::new(session, usage, facts);
        // Neither is moved: they are large.
        match mechanism.into_mechanism(&context) {
            Ok(ref mechanism) => match Job::new(kind, &context, mechanism, key) {
                Ok(ref job) => run(job),
                Err(error) => Err(error),
            },
            Err(error) => Err(error.or_function(kind.init())),
        }
    }

    /// The job of a mechanism that was made in this context.
    pub(super) fn new(
        kind: OperationKind,
        context: &Context<'j>,
        mechanism: &'j Mechanism<'j>,
        key: Option<KeyUse<'j>>,
    ) -> Result<Self> {
        let init = kind.init();
        context.permit(mechanism).map_err(|error| error.or_function(init))?;
        let checked = mechanism.checked(init)?;
        check_class(mechanism, key)
            .map_err(|error| error.in_function(init).on_mechanism(mechanism.number()))?;
        Ok(Self { session: context.session(), kind, mechanism: checked, key, signature: &[] })
    }

    /// The same, given its signature first.
    pub(super) fn with_signature<'m, T>(
        mechanism: impl IntoMechanism<'m>,
        key: KeyUse<'_>,
        signature: &[u8],
        run: impl FnOnce(&Job<'_>) -> Result<T>,
    ) -> Result<T> {
        let (kind, session) = (OperationKind::VerifySignature, key.object.session());
        Job::of_kind(kind, session, Usage::Verify, mechanism, Some(key), |job| {
            job.shape().check_signature(Function::VerifySignatureInit, signature)?;
            run(&Job { signature, ..*job })
        })
    }

    pub(super) fn mechanism(&self) -> &'j Mechanism<'j> {
        self.mechanism.mechanism()
    }

    #[inline(always)]
    pub(super) fn shape(&self) -> Shape {
        let mechanism = self.mechanism();
        let (number, key) = (mechanism.number(), self.key.map(|key| key.object));
        let mut shape = Shape::new(self.kind, number, mechanism.output(), key);
        if number == MechanismType::RSA_PKCS_PSS && key.is_some() {
            shape.digest = digest_length(mechanism);
        }
        shape
    }

    #[inline(always)]
    fn init(&self, cryptoki: &Cryptoki, session: SessionHandle) -> Result<()> {
        let mechanism = self.mechanism;
        let Some(key) = self.key else {
            return cryptoki.digest_init(session, mechanism);
        };
        let handle = key.object.handle();
        match self.kind {
            OperationKind::Encrypt => cryptoki.encrypt_init(session, mechanism, handle),
            OperationKind::Decrypt => cryptoki.decrypt_init(session, mechanism, handle),
            OperationKind::Sign => cryptoki.sign_init(session, mechanism, handle),
            OperationKind::MessageEncrypt => {
                cryptoki.message_encrypt_init(session, mechanism, handle)
            }
            OperationKind::MessageDecrypt => {
                cryptoki.message_decrypt_init(session, mechanism, handle)
            }
            OperationKind::MessageSign => cryptoki.message_sign_init(session, mechanism, handle),
            OperationKind::MessageVerify => {
                cryptoki.message_verify_init(session, mechanism, handle)
            }
            OperationKind::SignRecover => cryptoki.sign_recover_init(session, mechanism, handle),
            OperationKind::VerifyRecover => {
                cryptoki.verify_recover_init(session, mechanism, handle)
            }
            OperationKind::VerifySignature => {
                cryptoki.verify_signature_init(session, mechanism, handle, self.signature)
            }
            _ => cryptoki.verify_init(session, mechanism, handle),
        }
    }

    /// Starts the operation; a key that wants its PIN each time gets it here.
    #[inline(always)]
    pub(super) fn start<S: Borrow<Session>>(&self, session: S) -> Result<Operation<S>> {
        let number = Some(self.mechanism().number());
        let mut operation = Operation::start(session, self.kind, number, |cryptoki, session| {
            self.init(cryptoki, session)
        })?;
        self.authenticate(&mut operation)?;
        Ok(operation)
    }

    /// Starts it in the session of another operation, to be fed by the same calls. Where the
    /// module begins no second operation, `function`, the one for both, is of no use.
    pub(super) fn start_beside<S: Borrow<Session>>(
        &self,
        operation: &mut Operation<S>,
        function: Function,
    ) -> Result<()> {
        let answer =
            operation.start_beside(self.kind, |cryptoki, session| self.init(cryptoki, session));
        answer.map_err(|error| match error.kind() {
            ErrorKind::OperationActive(None) => {
                error.with_kind(ErrorKind::FunctionNotSupported).in_function(function)
            }
            _ => error,
        })?;
        self.authenticate(operation)
    }

    /// Starts it again after a cancel.
    pub(super) fn restart<S: Borrow<Session>>(&self, operation: &mut Operation<S>) -> Result<()> {
        operation.cancel();
        operation.init(|cryptoki, session| self.init(cryptoki, session))?;
        self.authenticate(operation)
    }

    #[inline]
    fn authenticate<S: Borrow<Session>>(&self, operation: &mut Operation<S>) -> Result<()> {
        let Some(pin) = self.key.and_then(|key| key.context_pin) else {
            return Ok(());
        };
        operation.call(|cryptoki, session| cryptoki.login(session, UserType::CONTEXT_SPECIFIC, pin))
    }

    #[inline(always)]
    pub(super) fn check_length(&self, shape: &Shape, input: usize) -> Result<()> {
        check_length(shape, self.key.map(|key| key.object), input)
    }

    /// Refuses a mechanism that takes its data whole, before it is fed in parts: some modules
    /// would begin it.
    pub(super) fn check_multipart(&self) -> Result<()> {
        let mechanism = self.mechanism();
        let whole = mechanism.number().is_single_part() && mechanism.prehash().is_none();
        if !whole {
            return Ok(());
        }
        let what = "it takes its data whole, not in parts: use the call without a stream";
        Err(self.shape().said(Error::invalid(what)))
    }
}

/// The length of the digest that `CKM_RSA_PKCS_PSS` signs, by its parameter.
fn digest_length(mechanism: &Mechanism<'_>) -> Option<usize> {
    let named = mechanism.parameter.signature_hash();
    Hash::ALL.iter().find(|hash| Some(hash.mechanism()) == named).map(|hash| hash.length())
}

/// Refuses a mechanism for keys of the other kind: some modules take any key, and read what it does
/// not have.
#[inline]
fn check_class(mechanism: &Mechanism<'_>, key: Option<KeyUse<'_>>) -> Result<()> {
    let facts = mechanism.facts();
    match key {
        Some(key) if key.secret && !facts.for_secret_keys => {
            Err(Error::invalid("it is for key pairs, not for a secret key"))
        }
        Some(key) if !key.secret && !facts.for_pairs => {
            Err(Error::invalid("it is for secret keys, not for a key of a pair"))
        }
        _ => Ok(()),
    }
}

/// Refuses other data than the mechanism means. A message given to a mechanism for digests is cut
/// off by tokens without a word; too much for raw RSA ends the process in one module, which also
/// reads a digest for PSS to its full length, whatever there is.
#[inline(always)]
pub(super) fn check_length(shape: &Shape, key: Option<&Object>, input: usize) -> Result<()> {
    let checked = match shape.mechanism {
        MechanismType::ECDSA | MechanismType::DSA if input > LONGEST_DIGEST => Err(Error::invalid(
            "it signs a digest, not a message: use DEFAULT, Ecdsa, or hash first",
        )),
        MechanismType::RSA_PKCS_PSS => check_digest(shape, input),
        MechanismType::RSA_X_509 => check_block(shape, key, input),
        _ => Ok(()),
    };
    checked.map_err(|error| shape.said(error))
}

/// Refuses another digest than the parameter names.
fn check_digest(shape: &Shape, input: usize) -> Result<()> {
    match shape.digest {
        Some(length) if length != input => {
            let what = format!("it signs a digest of {length} bytes, not {input}: hash first");
            Err(Error::invalid(what))
        }
        _ => Ok(()),
    }
}

/// Refuses more than the modulus.
fn check_block(shape: &Shape, key: Option<&Object>, input: usize) -> Result<()> {
    let modulus = match key {
        Some(key) => key.read_modulus_length()?,
        None => return Ok(()),
    };
    if input <= modulus {
        return Ok(());
    }
    if shape.kind == OperationKind::VerifyRecover {
        return Err(Error::from(ErrorKind::SignatureInvalid).in_function(Function::VerifyRecover));
    }
    let what = format!("{input} bytes are more than the modulus of {modulus}");
    Err(Error::invalid(what).in_function(shape.one_shot()))
}
