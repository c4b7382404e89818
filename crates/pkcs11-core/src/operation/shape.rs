//! How long an operation's output may be and must be, and how its errors are said.

use crate::lock::OperationKind;
use crate::mechanism::Output;
use crate::object::Object;
use crate::{Error, ErrorKind, Function, MechanismType, Result, ReturnCode};

/// The longest output of an RSA key whose size is not known: 8192 bits.
const LARGE_MODULUS: usize = 1024;
/// Signatures of no known length: enough for all but the hash-based ones.
const LARGE_SIGNATURE: usize = 5120;

/// What is known of an operation beside its data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) kind: OperationKind,
    pub(super) mechanism: MechanismType,
    pub(super) output: Output,
    /// The length that the output goes by, in bytes, if it is known: that of the RSA key's modulus,
    /// or of the order of the key's group.
    length: Option<usize>,
    /// The length of the only digest that it signs, in bytes, if it is such a mechanism.
    pub(super) digest: Option<usize>,
}

impl Shape {
    /// What is known of one with this output and this key.
    #[inline(always)]
    pub(super) fn new(
        kind: OperationKind,
        mechanism: MechanismType,
        output: Output,
        key: Option<&Object>,
    ) -> Self {
        let length = match output {
            Output::Modulus => key.and_then(Object::modulus_length),
            Output::TwiceOrder => key.and_then(Object::order_length),
            _ => None,
        };
        Self { kind, mechanism, output, length, digest: None }
    }

    /// A buffer that holds what comes, without asking the module.
    pub(super) fn bound(&self, input: usize) -> usize {
        let modulus = || self.length.unwrap_or(LARGE_MODULUS);
        match (self.kind, self.output) {
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

    /// The length that the output must have, where it is known.
    #[inline]
    pub(super) fn exact(&self) -> Option<usize> {
        match (self.kind, self.output) {
            (OperationKind::Sign | OperationKind::MessageSign, Output::Mac(length)) => Some(length),
            (OperationKind::Digest, Output::Digest(length)) => Some(length),
            (
                OperationKind::Sign
                | OperationKind::SignRecover
                | OperationKind::MessageSign
                | OperationKind::Encrypt,
                Output::Modulus,
            ) => self.length,
            _ => None,
        }
    }

    /// An output of known length must have it, and a signature has some.
    #[inline]
    pub(super) fn checked(&self, function: Function, answer: Result<usize>) -> Result<usize> {
        match answer {
            Ok(length) if self.may_give(length) => Ok(length),
            Ok(_) => {
                let what = "its output does not have the length of the mechanism";
                Err(self.said(Error::misbehaved(function, what)))
            }
            Err(error) => Err(self.said(error)),
        }
    }

    /// Whether the output may have this length.
    #[inline]
    fn may_give(&self, length: usize) -> bool {
        if length == 0 && self.never_empty() {
            return false;
        }
        match self.kind {
            // What is recovered is shorter than the signature, so all of the room is a lie.
            OperationKind::VerifyRecover if self.output == Output::Modulus => {
                length <= self.length.unwrap_or(LARGE_MODULUS)
            }
            _ => self.exact().is_none_or(|exact| exact == length),
        }
    }

    /// Whether the output has at least one byte, whatever the data.
    #[inline]
    pub(super) fn never_empty(&self) -> bool {
        match self.kind {
            OperationKind::Sign
            | OperationKind::SignRecover
            | OperationKind::MessageSign
            | OperationKind::Digest => true,
            OperationKind::Encrypt => self.output == Output::Modulus,
            _ => false,
        }
    }

    /// Refuses a MAC of another length, since some modules do not look and read past its end, and
    /// a signature that is no two numbers of the group. Two shorter ones may come (PKCS#11 §6.3.1).
    pub(super) fn check_signature(&self, function: Function, signature: &[u8]) -> Result<()> {
        let length = signature.len();
        let fits = match self.output {
            Output::Mac(exact) => length == exact,
            Output::TwiceOrder => {
                let too_long = self.length.is_some_and(|order| length > 2 * order);
                length > 0 && length.is_multiple_of(2) && !too_long
            }
            _ => true,
        };
        if fits {
            return Ok(());
        }
        Err(self.said(Error::from(ErrorKind::SignatureInvalid).in_function(function)))
    }

    /// What a verification answers: three codes mean that it did not verify, and two of them at
    /// its start, where it is given the signature there.
    pub(super) fn verified<T>(&self, function: Function, answer: Result<T>) -> Result<T> {
        answer.map_err(|error| {
            let refused = [
                ReturnCode::SIGNATURE_INVALID,
                ReturnCode::SIGNATURE_LEN_RANGE,
                ReturnCode::DATA_LEN_RANGE,
            ];
            let refused = match error.function() {
                Some(Function::VerifySignatureInit) => refused.split_last().map(|(_, codes)| codes),
                called => (called == Some(function)).then_some(&refused[..]),
            };
            let wrong = error
                .return_code()
                .is_some_and(|code| refused.is_some_and(|refused| refused.contains(&code)));
            self.said(if wrong { error.with_kind(ErrorKind::SignatureInvalid) } else { error })
        })
    }

    #[cold]
    pub(super) fn said(&self, error: Error) -> Error {
        error.or_function(self.kind.init()).on_mechanism(self.mechanism)
    }

    /// The function that does it in one shot.
    #[inline]
    pub(super) fn one_shot(&self) -> Function {
        match self.kind {
            OperationKind::Encrypt => Function::Encrypt,
            OperationKind::Decrypt => Function::Decrypt,
            OperationKind::Sign => Function::Sign,
            OperationKind::Verify => Function::Verify,
            OperationKind::MessageEncrypt => Function::EncryptMessage,
            OperationKind::MessageDecrypt => Function::DecryptMessage,
            OperationKind::MessageSign => Function::SignMessage,
            OperationKind::MessageVerify => Function::VerifyMessage,
            OperationKind::SignRecover => Function::SignRecover,
            OperationKind::VerifyRecover => Function::VerifyRecover,
            OperationKind::VerifySignature => Function::VerifySignature,
            _ => Function::Digest,
        }
    }

    /// The function that takes one part of the data.
    pub(super) fn update(&self) -> Function {
        match self.kind {
            OperationKind::Encrypt => Function::EncryptUpdate,
            OperationKind::Decrypt => Function::DecryptUpdate,
            OperationKind::Sign => Function::SignUpdate,
            OperationKind::Verify => Function::VerifyUpdate,
            OperationKind::VerifySignature => Function::VerifySignatureUpdate,
            _ => Function::DigestUpdate,
        }
    }

    /// The function that ends what was fed in parts.
    pub(super) fn last(&self) -> Function {
        match self.kind {
            OperationKind::Encrypt => Function::EncryptFinal,
            OperationKind::Decrypt => Function::DecryptFinal,
            OperationKind::Sign => Function::SignFinal,
            OperationKind::Verify => Function::VerifyFinal,
            OperationKind::VerifySignature => Function::VerifySignatureFinal,
            _ => Function::DigestFinal,
        }
    }
}
