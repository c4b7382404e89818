//! An operation in parts that is saved and goes on later.

use std::fmt;

use zeroize::Zeroizing;

use super::job::KeyUse;
use super::parts::{Parts, or_more_room};
use super::shape::Shape;
use super::{Operation, zeroed};
use crate::lock::OperationKind;
use crate::mechanism::{Context, KeyFacts, Mechanism, Output, Usage};
use crate::object::TokenObject;
use crate::session::Session;
use crate::{Error, Function, MechanismType, Result, ReturnCode};

/// How our own part of a saved state begins; the last byte is the version.
const MAGIC: [u8; 8] = *b"p11oper\x01";
/// The most that a token's state is expected to take, in bytes; twice as much is tried too.
const ROOM: usize = (16 << 10) + 1;

/// An operation in parts as it stood when it was saved; a stream's `save_state` makes one, and
/// `session.restore_digester(&state)`, `key.restore_signer(&state)` and their like go on from it, as
/// often as wanted, in any session of the same token.
///
/// It holds what the token gave (`C_GetOperationState`), and what this crate keeps beside it: the
/// kind of operation, the mechanism, and the bytes that do not fill a block yet. Whether the token
/// takes it in another process, or after it was reset, is the token's to say. It may hold keys and
/// plaintext: it is wiped when it is dropped, and not shown by `Debug`.
pub struct OperationState {
    bytes: Zeroizing<Vec<u8>>,
    head: Head,
}

/// What is read from the bytes.
#[derive(Clone, Copy, Debug)]
struct Head {
    kind: OperationKind,
    mechanism: MechanismType,
    fed: bool,
    mac_length: Option<usize>,
    cipher_fed: usize,
    cipher_made: usize,
    /// Where the token's own state begins; the bytes of a block are before it.
    token_state: usize,
}

/// How far a cipher is.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    pub(crate) partial: Zeroizing<Vec<u8>>,
    pub(crate) fed: usize,
    pub(crate) made: usize,
}

/// Magic, kind, whether fed, and five numbers.
const HEAD: usize = MAGIC.len() + 2 + 5 * 8;

const KINDS: [(u8, OperationKind, Usage); 5] = [
    (1, OperationKind::Encrypt, Usage::Encrypt),
    (2, OperationKind::Decrypt, Usage::Decrypt),
    (3, OperationKind::Digest, Usage::Digest),
    (4, OperationKind::Sign, Usage::Sign),
    (5, OperationKind::Verify, Usage::Verify),
];

impl OperationState {
    /// The state as bytes, to be kept elsewhere: as secret as the data and the key.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The state of these bytes, which [`as_bytes`](Self::as_bytes) has given.
    ///
    /// Bytes from elsewhere are no danger to this process beyond what the module makes of the
    /// token's part.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if they are nothing that this version of the crate has saved.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let head =
            Head::parse(bytes).ok_or_else(|| Error::invalid("this is no saved operation"))?;
        Ok(Self { bytes: Zeroizing::new(bytes.to_vec()), head })
    }

    /// What kind of operation it is.
    #[must_use]
    pub fn kind(&self) -> OperationKind {
        self.head.kind
    }

    /// Its mechanism.
    #[must_use]
    pub fn mechanism(&self) -> MechanismType {
        self.head.mechanism
    }

    fn token_state(&self) -> &[u8] {
        self.bytes.get(self.head.token_state..).unwrap_or_default()
    }

    pub(crate) fn progress(&self) -> Progress {
        let partial = self.bytes.get(HEAD..self.head.token_state).unwrap_or_default();
        Progress {
            partial: Zeroizing::new(partial.to_vec()),
            fed: self.head.cipher_fed,
            made: self.head.cipher_made,
        }
    }
}

impl Head {
    #[allow(clippy::useless_conversion, reason = "CK_ULONG has 32 bits on Windows and 32-bit Unix")]
    fn parse(bytes: &[u8]) -> Option<Self> {
        let (magic, rest) = bytes.split_first_chunk::<8>()?;
        let (&[kind, fed], mut rest) = rest.split_first_chunk::<2>()?;
        let mut number = || {
            let (bytes, after) = rest.split_first_chunk::<8>()?;
            rest = after;
            Some(u64::from_be_bytes(*bytes))
        };
        let mechanism = number()?.try_into().ok().map(MechanismType::new)?;
        let mac_length = usize::try_from(number()?).ok()?;
        let cipher_fed = number()?.try_into().ok()?;
        let cipher_made = number()?.try_into().ok()?;
        let partial = usize::try_from(number()?).ok().filter(|length| *length <= rest.len())?;
        let kind = KINDS.iter().find(|row| row.0 == kind).map(|row| row.1)?;
        (*magic == MAGIC && fed <= 1).then_some(Self {
            kind,
            mechanism,
            fed: fed == 1,
            mac_length: Some(mac_length).filter(|length| *length != 0),
            cipher_fed,
            cipher_made,
            token_state: HEAD + partial,
        })
    }
}

/// The bytes of a state.
fn packed(shape: &Shape, fed: bool, progress: &Progress, token_state: &[u8]) -> Vec<u8> {
    let kind = KINDS.iter().find(|row| row.1 == shape.kind).map_or(0, |row| row.0);
    let mac_length = match shape.output {
        Output::Mac(length) => length,
        _ => 0,
    };
    let wide = |number: usize| u64::try_from(number).unwrap_or(u64::MAX).to_be_bytes();
    // At once, so that nothing secret is left where a vector grew.
    let length = HEAD + progress.partial.len() + token_state.len();
    let mut bytes = Vec::with_capacity(length);
    bytes.extend(MAGIC);
    bytes.extend([kind, u8::from(fed)]);
    bytes.extend(crate::raw::wide(shape.mechanism.number()).to_be_bytes());
    for number in [mac_length, progress.fed, progress.made, progress.partial.len()] {
        bytes.extend(wide(number));
    }
    bytes.extend_from_slice(&progress.partial);
    bytes.extend_from_slice(token_state);
    bytes
}

impl Parts {
    /// The state, with how far a cipher is. The operation goes on, whatever comes.
    pub(crate) fn save(&mut self, progress: &Progress) -> Result<OperationState> {
        let function = Function::GetOperationState;
        self.check_active(function)?;
        let shape = self.shape;
        if self.hasher.is_some() {
            let what = "its digest is made here, since the token lacks the mechanism that hashes";
            return Err(shape.said(Error::invalid(what).in_function(function)));
        }
        for room in [ROOM, 4 * ROOM] {
            let mut state = Zeroizing::new(zeroed(room)?);
            let Some(operation) = &mut self.operation else {
                break;
            };
            operation.hold_here();
            let answer =
                operation.call(|cryptoki, session| cryptoki.operation_state(session, &mut state));
            let length = or_more_room(answer).map_err(|error| shape.said(error))?;
            // A state that takes all the room was not written, or is cut off.
            if let Some(length) = length.filter(|length| *length < room) {
                let token_state = state.get(..length).unwrap_or_default();
                let bytes = packed(&shape, self.fed, progress, token_state);
                return OperationState::from_bytes(&Zeroizing::new(bytes));
            }
        }
        Err(shape.said(Error::misbehaved(function, "no buffer is large enough for its state")))
    }

    /// Goes on from a state, which must be of this kind.
    pub(crate) fn restore(
        session: &Session,
        usage: Usage,
        state: &OperationState,
        key: Option<KeyUse<'_>>,
    ) -> Result<Self> {
        let function = Function::SetOperationState;
        let Head { kind, mechanism, fed, mac_length, .. } = state.head;
        if !KINDS.iter().any(|row| row.1 == kind && row.2 == usage) {
            let what = format!("the saved operation is another one: {kind}");
            return Err(Error::invalid(what).in_function(function).on_mechanism(mechanism));
        }
        let facts = key.map_or(KeyFacts::None, |key| KeyFacts::Object(key.object));
        let context = Context::new(session, usage, facts);
        let permitted = session.defaults().permit(&Mechanism::new(mechanism), &context);
        let output = mac_length.map_or(mechanism.output(), Output::Mac);
        let shape = Shape::new(kind, mechanism, output, key.map(|key| key.object));
        permitted.map_err(|error| shape.said(error.or_function(function)))?;
        let handle = key.map(|key| key.object.handle());
        let ciphers = [OperationKind::Encrypt, OperationKind::Decrypt].contains(&kind);
        let (encryption, authentication) = if ciphers { (handle, None) } else { (None, handle) };
        let started =
            Operation::start(session.clone(), kind, Some(mechanism), |cryptoki, session| {
                let saved = state.token_state();
                let answer =
                    cryptoki.set_operation_state(session, saved, encryption, authentication);
                match answer {
                    // The state has the key in it, and the token wants no other.
                    Err(error) if error.return_code() == Some(ReturnCode::KEY_NOT_NEEDED) => {
                        cryptoki.set_operation_state(session, saved, None, None)
                    }
                    answer => answer,
                }
            });
        let operation = started.map_err(|error| shape.said(error))?;
        Ok(Self { operation: Some(operation), shape, fed, hasher: None, beside: None })
    }
}

/// The kind and the mechanism: all else may be secret.
impl fmt::Debug for OperationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OperationState")
            .field("kind", &self.head.kind)
            .field("mechanism", &self.head.mechanism)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_back_and_others_refused() {
        let (kind, mechanism) = (OperationKind::Sign, MechanismType::SHA256_HMAC);
        let shape = Shape::new(kind, mechanism, Output::Mac(32), None);
        let progress = Progress { partial: Zeroizing::new(vec![7; 3]), fed: 19, made: 16 };
        let bytes = packed(&shape, true, &progress, b"token");
        let state = OperationState::from_bytes(&bytes).unwrap();
        assert_eq!((state.kind(), state.mechanism()), (shape.kind, shape.mechanism));
        assert_eq!((state.head.fed, state.head.mac_length), (true, Some(32)));
        let again = state.progress();
        assert_eq!((&again.partial[..], again.fed, again.made), (&[7; 3][..], 19, 16));
        assert_eq!(state.token_state(), b"token");
        assert!(!format!("{state:?}").contains('7'));
        // The token's part is the token's; all before it is checked.
        for end in 0..HEAD + 3 {
            assert!(OperationState::from_bytes(&bytes[..end]).is_err(), "{end}");
        }
        for place in [0, 7, 8, 9, HEAD - 2] {
            let mut changed = bytes.clone();
            changed[place] ^= 0x80;
            assert!(OperationState::from_bytes(&changed).is_err(), "{place}");
        }
    }
}
