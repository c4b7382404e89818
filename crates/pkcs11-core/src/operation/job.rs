//! What an operation works with: the session, the mechanism, the key.

use std::borrow::Borrow;

use super::Operation;
use super::shape::Shape;
use crate::hash::Hash;
use crate::lock::OperationKind;
use crate::mechanism::{Context, IntoMechanism, KeyFacts, Mechanism, Usage};
use crate::object::{Object, TokenObject};
use crate::raw::{Cryptoki, SessionHandle};
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

/// What an operation with data in and data out works with.
pub(super) struct Job<'j, 'm> {
    pub(super) session: &'j Session,
    pub(super) kind: OperationKind,
    pub(super) mechanism: Mechanism<'m>,
    key: Option<KeyUse<'j>>,
    /// Given to `C_VerifySignatureInit`.
    signature: &'j [u8],
}

impl<'j, 'm> Job<'j, 'm> {
    #[inline]
    pub(super) fn new(
        session: &'j Session,
        usage: Usage,
        mechanism: impl IntoMechanism<'m>,
        key: Option<KeyUse<'j>>,
    ) -> Result<Self> {
        let kind = match usage {
            Usage::Encrypt => OperationKind::Encrypt,
            Usage::Decrypt => OperationKind::Decrypt,
            Usage::Sign => OperationKind::Sign,
            Usage::Verify => OperationKind::Verify,
            Usage::SignRecover => OperationKind::SignRecover,
            Usage::VerifyRecover => OperationKind::VerifyRecover,
            _ => OperationKind::Digest,
        };
        Self::of_kind(session, kind, usage, mechanism, key, Mechanism::check)
    }

    /// One that is given its signature first.
    pub(super) fn with_signature(
        session: &'j Session,
        mechanism: impl IntoMechanism<'m>,
        key: KeyUse<'j>,
        signature: &'j [u8],
    ) -> Result<Self> {
        let kind = OperationKind::VerifySignature;
        let check = Mechanism::check;
        let job = Self::of_kind(session, kind, Usage::Verify, mechanism, Some(key), check)?;
        job.shape().check_signature(Function::VerifySignatureInit, signature)?;
        Ok(Self { signature, ..job })
    }

    /// Of a kind that the use alone does not tell, with the check of its mechanism.
    pub(super) fn of_kind(
        session: &'j Session,
        kind: OperationKind,
        usage: Usage,
        mechanism: impl IntoMechanism<'m>,
        key: Option<KeyUse<'j>>,
        check: fn(&Mechanism<'m>) -> Result<()>,
    ) -> Result<Self> {
        let facts = key.map_or(KeyFacts::None, |key| KeyFacts::Object(key.object));
        let mechanism = Context::new(session, usage, facts).resolve(mechanism);
        let mechanism = mechanism.map_err(|error| error.or_function(kind.init()))?;
        check(&mechanism).map_err(|error| error.or_function(kind.init()))?;
        let job = Self { session, kind, mechanism, key, signature: &[] };
        job.check_class()?;
        Ok(job)
    }

    /// Refuses a mechanism for keys of the other kind: some modules take any key, and read what it
    /// does not have.
    fn check_class(&self) -> Result<()> {
        let types = self.mechanism.number().key_types();
        let Some(key) = self.key.filter(|_| !types.is_empty()) else {
            return Ok(());
        };
        let pairs = types.iter().filter(|key_type| key_type.is_of_pairs()).count();
        let what = match key.secret {
            true if pairs == types.len() => "it is for key pairs, not for a secret key",
            false if pairs == 0 => "it is for secret keys, not for a key of a pair",
            _ => return Ok(()),
        };
        Err(self.shape().said(Error::invalid(what)))
    }

    #[inline]
    pub(super) fn shape(&self) -> Shape {
        Shape {
            kind: self.kind,
            mechanism: self.mechanism.number(),
            output: self.mechanism.output(),
            modulus: self.key.and_then(|key| key.object.modulus_length()),
            order: self.key.and_then(|key| key.object.order_length()),
            digest: self.key.and_then(|_| self.digest_length()),
        }
    }

    /// The length of the digest that `CKM_RSA_PKCS_PSS` signs, by its parameter.
    fn digest_length(&self) -> Option<usize> {
        if self.mechanism.number() != MechanismType::RSA_PKCS_PSS {
            return None;
        }
        let named = self.mechanism.parameter.signature_hash();
        Hash::ALL.iter().find(|hash| Some(hash.mechanism()) == named).map(|hash| hash.length())
    }

    #[inline]
    fn init(&self, cryptoki: &Cryptoki, session: SessionHandle) -> Result<()> {
        let mechanism = &self.mechanism;
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
    pub(super) fn start<S: Borrow<Session>>(&self, session: S) -> Result<Operation<S>> {
        let number = Some(self.mechanism.number());
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

    fn authenticate<S: Borrow<Session>>(&self, operation: &mut Operation<S>) -> Result<()> {
        let Some(pin) = self.key.and_then(|key| key.context_pin) else {
            return Ok(());
        };
        operation.call(|cryptoki, session| cryptoki.login(session, UserType::CONTEXT_SPECIFIC, pin))
    }

    pub(super) fn check_length(&self, input: usize) -> Result<()> {
        check_length(&self.shape(), self.key.map(|key| key.object), input)
    }

    /// Refuses a mechanism that takes its data whole, before it is fed in parts: some modules
    /// would begin it.
    pub(super) fn check_multipart(&self) -> Result<()> {
        let whole = self.mechanism.number().is_single_part() && self.mechanism.prehash().is_none();
        if !whole {
            return Ok(());
        }
        let what = "it takes its data whole, not in parts: use the call without a stream";
        Err(self.shape().said(Error::invalid(what)))
    }
}

/// Refuses other data than the mechanism means. A message given to a mechanism for digests is cut
/// off by tokens without a word; too much for raw RSA ends the process in one module, which also
/// reads a digest for PSS to its full length, whatever there is.
pub(super) fn check_length(shape: &Shape, key: Option<&Object>, input: usize) -> Result<()> {
    let number = shape.mechanism;
    let said = |error| shape.said(error);
    let for_digests = [MechanismType::ECDSA, MechanismType::DSA].contains(&number);
    if for_digests && input > LONGEST_DIGEST {
        let what = "it signs a digest, not a message: use DEFAULT, Ecdsa, or hash first";
        return Err(said(Error::invalid(what)));
    }
    if let Some(length) = shape.digest.filter(|&length| length != input) {
        let what = format!("it signs a digest of {length} bytes, not {input}: hash first");
        return Err(said(Error::invalid(what)));
    }
    let Some(key) = key.filter(|_| number == MechanismType::RSA_X_509) else {
        return Ok(());
    };
    let modulus = key.read_modulus_length().map_err(said)?;
    if input <= modulus {
        return Ok(());
    }
    if shape.kind == OperationKind::VerifyRecover {
        let error = Error::from(ErrorKind::SignatureInvalid);
        return Err(said(error.in_function(Function::VerifyRecover)));
    }
    let what = format!("{input} bytes are more than the modulus of {modulus}");
    Err(said(Error::invalid(what).in_function(shape.one_shot())))
}
