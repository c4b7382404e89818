//! Encrypt, decrypt, digest, sign, verify in one shot: `C_XInit` and one call.
//!
//! No length is asked beforehand: the buffer is as large as the mechanism, the input and the
//! key allow. Where that was too little, the operation is cancelled and started again with
//! more room, since some modules have ended it and some name a wrong length.

use zeroize::{Zeroize, Zeroizing};

use super::Operation;
use crate::hash::Digested;
use crate::lock::OperationKind;
use crate::mechanism::{Context, IntoMechanism, KeyFacts, Mechanism, Output, Usage};
use crate::object::{Object, TokenObject};
use crate::raw::{Cryptoki, SessionHandle};
use crate::session::Session;
use crate::{Error, ErrorKind, Function, MechanismType, Pin, Result, ReturnCode, UserType};

/// The longest output of an RSA key whose size is not known: 8192 bits.
const LARGE_MODULUS: usize = 1024;
/// Signatures of no known length: enough for all but the hash-based ones.
const LARGE_SIGNATURE: usize = 5120;
/// The longest digest that is signed, in bytes: SHA-512.
const LONGEST_DIGEST: usize = 64;
/// What a buffer that was too small gets more, beside being doubled: enough for hash-based
/// signatures.
const MORE: usize = 64 << 10;

/// A key, the session that it is used with, and what it takes to use it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyUse<'k> {
    pub(crate) object: &'k Object,
    /// A PIN to give between Init and data, for keys with `CKA_ALWAYS_AUTHENTICATE`.
    pub(crate) context_pin: Option<&'k Pin>,
}

/// What an operation with data in and data out works with.
struct Job<'j, 'm> {
    session: &'j Session,
    kind: OperationKind,
    mechanism: Mechanism<'m>,
    key: Option<KeyUse<'j>>,
}

/// The data, or a digest that was made here.
enum Input<'d> {
    Data(&'d [u8]),
    Digest(Digested),
}

impl Input<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Data(data) => data,
            Self::Digest(digest) => digest,
        }
    }
}

impl<'j, 'm> Job<'j, 'm> {
    fn new(
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
            _ => OperationKind::Digest,
        };
        let facts = key.map_or(KeyFacts::None, |key| KeyFacts::Object(key.object));
        let mechanism = Context::new(session, usage, facts).resolve(mechanism);
        let checked = mechanism.and_then(|mechanism| {
            mechanism.check()?;
            Ok(mechanism)
        });
        let mechanism = checked.map_err(|error| error.or_function(kind.init()))?;
        Ok(Self { session, kind, mechanism, key })
    }

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
            _ => cryptoki.verify_init(session, mechanism, handle),
        }
    }

    /// Refuses more data than the mechanism means. A message given to a mechanism for digests is
    /// cut off by tokens without a word; too much for raw RSA ends the process in one module.
    fn check_length(&self, input: usize) -> Result<()> {
        let number = self.mechanism.number();
        let for_digests = [MechanismType::ECDSA, MechanismType::DSA].contains(&number);
        if for_digests && input > LONGEST_DIGEST {
            let what = "it signs a digest, not a message: use DEFAULT, Ecdsa, or hash first";
            return Err(self.said(Error::invalid(what).in_function(self.kind.init())));
        }
        let Some(key) = self.key.filter(|_| self.mechanism.number() == MechanismType::RSA_X_509)
        else {
            return Ok(());
        };
        let modulus = key.object.read_modulus_length().map_err(|error| self.said(error))?;
        if input <= modulus {
            return Ok(());
        }
        let what = format!("{input} bytes are more than the modulus of {modulus}");
        Err(self.said(Error::invalid(what).in_function(self.function())))
    }

    /// Starts the operation; a key that wants its PIN each time gets it here.
    fn start(&self) -> Result<Operation<'j>> {
        let number = Some(self.mechanism.number());
        let mut operation =
            Operation::start(self.session, self.kind, number, |cryptoki, session| {
                self.init(cryptoki, session)
            })?;
        self.authenticate(&mut operation)?;
        Ok(operation)
    }

    fn authenticate(&self, operation: &mut Operation<'_>) -> Result<()> {
        let Some(pin) = self.key.and_then(|key| key.context_pin) else {
            return Ok(());
        };
        operation.call(|cryptoki, session| cryptoki.login(session, UserType::CONTEXT_SPECIFIC, pin))
    }

    /// The data as the mechanism gets it.
    fn input<'d>(&self, data: &'d [u8]) -> Input<'d> {
        match self.mechanism.prehash() {
            None => Input::Data(data),
            Some(prehash) if prehash.digest_info => Input::Digest(prehash.hash.digest_info(data)),
            Some(prehash) => Input::Digest(prehash.hash.digest(data)),
        }
    }

    fn run(&self, operation: &mut Operation<'_>, input: &[u8], output: &mut [u8]) -> Result<usize> {
        operation.call(|cryptoki, session| match self.kind {
            OperationKind::Encrypt => cryptoki.encrypt(session, input, output),
            OperationKind::Decrypt => cryptoki.decrypt(session, input, output),
            OperationKind::Sign => cryptoki.sign(session, input, output),
            _ => cryptoki.digest(session, input, output),
        })
    }

    /// Into the caller's buffer: nothing is allocated.
    ///
    /// Some modules write past a buffer that is too small, or say OK and write nothing: one that
    /// is known to be too small never gets there.
    fn to_buffer(&self, data: &[u8], output: &mut [u8]) -> Result<usize> {
        if self.exact().is_some_and(|length| output.len() < length) {
            return Err(self.too_small());
        }
        if output.is_empty() {
            // A signature for nothing would be one: its use of the key counts.
            let empty = !self.never_empty() && self.to_vec(data)?.is_empty();
            return if empty { Ok(0) } else { Err(self.too_small()) };
        }
        let input = self.input(data);
        self.check_length(input.bytes().len())?;
        let answer = self.start().and_then(|mut operation| {
            let length = self.run(&mut operation, input.bytes(), output)?;
            operation.finish();
            Ok(length)
        });
        self.checked(answer)
    }

    /// Into a buffer of our own.
    fn to_vec(&self, data: &[u8]) -> Result<Vec<u8>> {
        let input = self.input(data);
        self.check_length(input.bytes().len())?;
        let answer = self.start().and_then(|mut operation| {
            let bound = self.bound(input.bytes().len());
            let first = self.attempt(&mut operation, input.bytes(), bound);
            let too_small = first
                .as_ref()
                .is_err_and(|error| error.return_code() == Some(ReturnCode::BUFFER_TOO_SMALL));
            let output = if too_small {
                operation.cancel();
                operation.init(|cryptoki, session| self.init(cryptoki, session))?;
                self.authenticate(&mut operation)?;
                let more = bound.saturating_mul(2).saturating_add(MORE);
                let second = self.attempt(&mut operation, input.bytes(), more);
                second.map_err(|error| match error.return_code() {
                    Some(ReturnCode::BUFFER_TOO_SMALL) => {
                        error.with_kind(ErrorKind::Misbehaved("no buffer is large enough for it"))
                    }
                    _ => error,
                })?
            } else {
                first?
            };
            operation.finish();
            Ok(output)
        });
        let output = answer.map_err(|error| self.said(error))?;
        self.checked(Ok(output.len()))?;
        Ok(output)
    }

    /// One call into a buffer of this size; what is not handed out is wiped, since it may be
    /// plaintext.
    fn attempt(
        &self,
        operation: &mut Operation<'_>,
        input: &[u8],
        capacity: usize,
    ) -> Result<Vec<u8>> {
        let mut output = Zeroizing::new(Vec::new());
        let room = output.try_reserve_exact(capacity);
        room.map_err(|_| Error::invalid(format!("no memory for {capacity} bytes")))?;
        output.resize(capacity, 0);
        let length = self.run(operation, input, &mut output)?;
        output.get_mut(length..).unwrap_or_default().zeroize();
        output.truncate(length);
        Ok(std::mem::take(&mut *output))
    }

    fn verify(&self, data: &[u8], signature: &[u8]) -> Result<()> {
        // Some modules do not look at a MAC's length and read past its end.
        if let Output::Mac(length) = self.mechanism.output()
            && length != signature.len()
        {
            let error = Error::from(ErrorKind::SignatureInvalid);
            return Err(self.said(error.in_function(Function::Verify)));
        }
        let input = self.input(data);
        self.check_length(input.bytes().len())?;
        let answer = self.start().and_then(|mut operation| {
            operation
                .call(|cryptoki, session| cryptoki.verify(session, input.bytes(), signature))?;
            operation.finish();
            Ok(())
        });
        answer.map_err(|error| {
            let refused = [
                ReturnCode::SIGNATURE_INVALID,
                ReturnCode::SIGNATURE_LEN_RANGE,
                ReturnCode::DATA_LEN_RANGE,
            ];
            let wrong = error.function() == Some(Function::Verify)
                && error.return_code().is_some_and(|code| refused.contains(&code));
            self.said(if wrong { error.with_kind(ErrorKind::SignatureInvalid) } else { error })
        })
    }

    /// A buffer that holds what comes, without asking the module.
    fn bound(&self, input: usize) -> usize {
        let modulus = || self.modulus().unwrap_or(LARGE_MODULUS);
        match (self.kind, self.mechanism.output()) {
            (OperationKind::Encrypt, Output::Modulus) => modulus().max(input) + 1,
            (OperationKind::Encrypt, _) => input.saturating_add(64),
            (OperationKind::Decrypt, _) => input.saturating_add(32),
            // One byte more than comes, so that a module that writes nothing is found out.
            (_, Output::Digest(length) | Output::Mac(length)) => (length + 1).max(64),
            (_, Output::Modulus) => modulus() + 1,
            (_, Output::TwiceOrder) => 160,
            (OperationKind::Digest, Output::Any | Output::Same | Output::General) => 64,
            (_, Output::Any | Output::Same | Output::General) => LARGE_SIGNATURE,
        }
    }

    fn modulus(&self) -> Option<usize> {
        self.key.and_then(|key| key.object.modulus_length())
    }

    /// The length that the output must have, where it is known.
    fn exact(&self) -> Option<usize> {
        match (self.kind, self.mechanism.output()) {
            (OperationKind::Sign, Output::Mac(length)) => Some(length),
            (OperationKind::Digest, Output::Digest(length)) => Some(length),
            (OperationKind::Sign | OperationKind::Encrypt, Output::Modulus) => self.modulus(),
            _ => None,
        }
    }

    /// An output of known length must have it, and a signature has some.
    fn checked(&self, answer: Result<usize>) -> Result<usize> {
        let length = answer.map_err(|error| self.said(error))?;
        let never_empty = self.never_empty();
        let wrong = self.exact().is_some_and(|exact| exact != length);
        if wrong || never_empty && length == 0 {
            let what = "its output does not have the length of the mechanism";
            return Err(self.said(Error::misbehaved(self.function(), what)));
        }
        Ok(length)
    }

    /// Whether the output has at least one byte, whatever the data.
    fn never_empty(&self) -> bool {
        match self.kind {
            OperationKind::Sign | OperationKind::Digest => true,
            OperationKind::Encrypt => self.mechanism.output() == Output::Modulus,
            _ => false,
        }
    }

    fn too_small(&self) -> Error {
        self.said(Error::from(ErrorKind::BufferTooSmall).in_function(self.function()))
    }

    fn said(&self, error: Error) -> Error {
        error.or_function(self.kind.init()).on_mechanism(self.mechanism.number())
    }

    fn function(&self) -> Function {
        match self.kind {
            OperationKind::Encrypt => Function::Encrypt,
            OperationKind::Decrypt => Function::Decrypt,
            OperationKind::Sign => Function::Sign,
            OperationKind::Verify => Function::Verify,
            _ => Function::Digest,
        }
    }
}

impl KeyUse<'_> {
    pub(crate) fn owned<'m>(
        self,
        usage: Usage,
        mechanism: impl IntoMechanism<'m>,
        data: &[u8],
    ) -> Result<Vec<u8>> {
        Job::new(self.object.session(), usage, mechanism, Some(self))?.to_vec(data)
    }

    pub(crate) fn fill<'m>(
        self,
        usage: Usage,
        mechanism: impl IntoMechanism<'m>,
        data: &[u8],
        output: &mut [u8],
    ) -> Result<usize> {
        Job::new(self.object.session(), usage, mechanism, Some(self))?.to_buffer(data, output)
    }

    pub(crate) fn verify<'m>(
        self,
        mechanism: impl IntoMechanism<'m>,
        data: &[u8],
        signature: &[u8],
    ) -> Result<()> {
        let session = self.object.session();
        Job::new(session, Usage::Verify, mechanism, Some(self))?.verify(data, signature)
    }
}

impl Session {
    /// The digest of the data; `DEFAULT` is SHA-256. Wraps `C_DigestInit` and `C_Digest` (PKCS#11 §5.12).
    ///
    /// # Errors
    ///
    /// What the two functions answer.
    pub fn digest<'m>(&self, mechanism: impl IntoMechanism<'m>, data: &[u8]) -> Result<Vec<u8>> {
        Job::new(self, Usage::Digest, mechanism, None)?.to_vec(data)
    }

    /// The digest of the data, written to `output`; how many bytes it has. Nothing is allocated.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`], else as [`digest`](Self::digest).
    pub fn digest_into<'m>(
        &self,
        mechanism: impl IntoMechanism<'m>,
        data: &[u8],
        output: &mut [u8],
    ) -> Result<usize> {
        Job::new(self, Usage::Digest, mechanism, None)?.to_buffer(data, output)
    }
}
