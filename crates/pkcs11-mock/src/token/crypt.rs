//! Operations with toy arithmetic. **None of this is cryptography**: "encryption" is XOR with a
//! repeated checksum, and a "signature" is a checksum. The lengths are the real ones.

use pkcs11_sys::*;

use super::mechanisms::{known, permission};
use super::{Active, State, with};
use crate::view::{Answer, Input, Mechanism, Output, Put, ulong};

const BLOCK: usize = 16;

/// A checksum as long as asked for: FNV-1a, continued by a linear congruence. No cryptography.
pub(super) fn checksum(parts: &[&[u8]], length: usize) -> Vec<u8> {
    let mut state =
        parts.iter().flat_map(|part| part.iter()).fold(0xcbf2_9ce4_8422_2325_u64, |state, byte| {
            (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let [byte, ..] = state.to_be_bytes();
        byte
    };
    (0..length).map(|_| next()).collect()
}

/// What an Init prepared.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    /// The operation by its `CKF_` flag.
    kind: CK_FLAGS,
    mechanism: CK_MECHANISM_TYPE,
    secret: Vec<u8>,
    mask: Vec<u8>,
    /// The length of a signature, or of an RSA ciphertext.
    width: usize,
    /// What was fed and is not yet put out.
    held: Vec<u8>,
    /// How many bytes were masked.
    masked: usize,
}

impl Operation {
    /// Checks mechanism and key as an Init does.
    pub(super) fn new(
        state: &mut State,
        kind: CK_FLAGS,
        mechanism: &Mechanism,
        key: Option<CK_OBJECT_HANDLE>,
    ) -> Answer<Self> {
        let number = mechanism.number()?;
        let (_, key_type, can, ..) = known(number)?;
        if can & kind == 0 {
            return Err(CKR_MECHANISM_INVALID);
        }
        let iv = mechanism.iv()?;
        let iv_length = if matches!(number, CKM_AES_CBC | CKM_AES_CBC_PAD) { BLOCK } else { 0 };
        if iv.len() != iv_length
            || (number != CKM_ECDH1_DERIVE && mechanism.parameter_length() != ulong(iv_length))
        {
            return Err(CKR_MECHANISM_PARAM_INVALID);
        }
        let (mut secret, mut width) = (Vec::new(), 32);
        if let Some(key) = key {
            let key = state.object(key).map_err(|_| CKR_KEY_HANDLE_INVALID)?;
            if key_type.is_some() && key.number(CKA_KEY_TYPE) != key_type {
                return Err(CKR_KEY_TYPE_INCONSISTENT);
            }
            if permission(kind).is_some_and(|attribute| !key.is(attribute)) {
                return Err(CKR_KEY_FUNCTION_NOT_PERMITTED);
            }
            secret = key.secret.clone();
            width = match number {
                CKM_RSA_PKCS => key.bytes(CKA_MODULUS).map_or(256, <[u8]>::len),
                CKM_ECDSA => 64,
                _ => 32,
            };
        }
        let mask = checksum(&[&secret, &iv], 64);
        Ok(Self { kind, mechanism: number, secret, mask, width, held: Vec::new(), masked: 0 })
    }

    pub(super) fn secret(&self) -> &[u8] {
        &self.secret
    }

    fn encrypts(&self) -> bool {
        self.kind & (CKF_ENCRYPT | CKF_WRAP) != 0
    }

    fn ciphers(&self) -> bool {
        self.kind & (CKF_ENCRYPT | CKF_WRAP | CKF_DECRYPT | CKF_UNWRAP) != 0
    }

    fn masked(&mut self, mut data: Vec<u8>) -> Vec<u8> {
        for (byte, mask) in data.iter_mut().zip(self.mask.iter().cycle().skip(self.masked % 64)) {
            *byte ^= mask;
        }
        self.masked += data.len();
        data
    }

    /// Takes a part, and gives what of it is ready: whole blocks, but of a padded ciphertext never
    /// the last.
    pub(super) fn feed(&mut self, part: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(part);
        let length = self.held.len();
        let keep = match self.mechanism {
            CKM_AES_CBC_PAD if !self.encrypts() => length.min(length.wrapping_sub(1) % BLOCK + 1),
            CKM_AES_CBC | CKM_AES_CBC_PAD => length % BLOCK,
            _ => length,
        };
        let ready = self.held.drain(..length - keep).collect();
        self.masked(ready)
    }

    /// The rest of the output.
    pub(super) fn finish(&mut self) -> Answer<Vec<u8>> {
        let mut held = std::mem::take(&mut self.held);
        if !self.ciphers() {
            return Ok(checksum(&[&self.secret, &held], self.width));
        }
        if self.encrypts() {
            match self.mechanism {
                CKM_AES_CBC_PAD => {
                    let padding = BLOCK - held.len() % BLOCK;
                    held.resize(held.len() + padding, u8::try_from(padding).unwrap_or_default());
                }
                CKM_AES_CBC if !held.is_empty() => return Err(CKR_DATA_LEN_RANGE),
                CKM_RSA_PKCS => {
                    // 0, 2, at least 8 bytes that are not 0, 0, the data.
                    let filler = self.width.checked_sub(held.len() + 3).filter(|n| *n >= 8);
                    let mut block = vec![0, 2];
                    block.resize(2 + filler.ok_or(CKR_DATA_LEN_RANGE)?, 0xff);
                    block.push(0);
                    block.append(&mut held);
                    held = block;
                }
                _ => {}
            }
            return Ok(self.masked(held));
        }
        let wrong_length = match self.mechanism {
            CKM_AES_CBC_PAD => held.len() != BLOCK,
            CKM_RSA_PKCS => held.len() != self.width,
            _ => !held.is_empty(),
        };
        if wrong_length {
            return Err(CKR_ENCRYPTED_DATA_LEN_RANGE);
        }
        let plain = self.masked(held);
        let data = match self.mechanism {
            CKM_AES_CBC_PAD => {
                let padding = plain.last().map_or(0, |last| usize::from(*last));
                plain
                    .len()
                    .checked_sub(padding)
                    .filter(|_| padding > 0)
                    .and_then(|n| plain.get(..n))
            }
            CKM_RSA_PKCS => plain
                .strip_prefix(&[0, 2])
                .and_then(|rest| rest.splitn(2, |byte| *byte == 0).nth(1)),
            _ => Some(plain.as_slice()),
        };
        data.map(<[u8]>::to_vec).ok_or(CKR_ENCRYPTED_DATA_INVALID)
    }

    pub(super) fn one_shot(&mut self, data: &[u8]) -> Answer<Vec<u8>> {
        let mut output = self.feed(data);
        output.append(&mut self.finish()?);
        Ok(output)
    }
}

fn start(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    mechanism: &Mechanism,
    key: Option<CK_OBJECT_HANDLE>,
) -> Answer {
    with(|state| {
        state.idle_session(session)?;
        let operation = Operation::new(state, kind, mechanism, key)?;
        state.session(session)?.active = Some(Active::Operation(operation));
        Ok(())
    })
}

pub(crate) fn init(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    key: CK_OBJECT_HANDLE,
) -> Answer {
    start(kind, session, &mechanism, Some(key))
}

pub(crate) fn digest_init(session: CK_SESSION_HANDLE, mechanism: Mechanism) -> Answer {
    start(CKF_DIGEST, session, &mechanism, None)
}

/// Runs a step on a copy of the operation: a query, or a buffer that is too small, leaves it as it
/// was; success goes on with the copy, or ends it; every other error ends it.
fn step(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    ends: bool,
    work: impl FnOnce(&mut Operation) -> Answer<Put>,
) -> Answer {
    with(|state| {
        let active = &mut state.session(session)?.active;
        let mut next = match active {
            Some(Active::Operation(operation)) if operation.kind == kind => operation.clone(),
            _ => return Err(CKR_OPERATION_NOT_INITIALIZED),
        };
        match work(&mut next) {
            Ok(Put::Asked) => return Ok(()),
            Err(CKR_BUFFER_TOO_SMALL) => return Err(CKR_BUFFER_TOO_SMALL),
            Ok(Put::Written) => *active = (!ends).then_some(Active::Operation(next)),
            Err(code) => {
                *active = None;
                return Err(code);
            }
        }
        Ok(())
    })
}

pub(crate) fn one_shot(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    data: Input,
    output: Output<u8>,
) -> Answer {
    step(kind, session, true, |operation| output.put(&operation.one_shot(data.bytes()?)?))
}

pub(crate) fn update(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    part: Input,
    output: Output<u8>,
) -> Answer {
    step(kind, session, false, |operation| output.put(&operation.feed(part.bytes()?)))
}

/// An update without output.
pub(crate) fn feed(kind: CK_FLAGS, session: CK_SESSION_HANDLE, part: Input) -> Answer {
    step(kind, session, false, |operation| {
        operation.feed(part.bytes()?);
        Ok(Put::Written)
    })
}

pub(crate) fn finish(kind: CK_FLAGS, session: CK_SESSION_HANDLE, output: Output<u8>) -> Answer {
    step(kind, session, true, |operation| output.put(&operation.finish()?))
}

fn compare(operation: &mut Operation, signature: &Input) -> Answer<Put> {
    let (right, given) = (operation.finish()?, signature.bytes()?);
    if given.len() != right.len() {
        return Err(CKR_SIGNATURE_LEN_RANGE);
    }
    if given == right { Ok(Put::Written) } else { Err(CKR_SIGNATURE_INVALID) }
}

pub(crate) fn verify(session: CK_SESSION_HANDLE, data: Input, signature: Input) -> Answer {
    step(CKF_VERIFY, session, true, |operation| {
        operation.feed(data.bytes()?);
        compare(operation, &signature)
    })
}

pub(crate) fn verify_final(session: CK_SESSION_HANDLE, signature: Input) -> Answer {
    step(CKF_VERIFY, session, true, |operation| compare(operation, &signature))
}

/// `C_SessionCancel`: ends what is active if a flag names it.
pub(crate) fn cancel(session: CK_SESSION_HANDLE, flags: CK_FLAGS) -> Answer {
    with(|state| {
        let active = &mut state.session(session)?.active;
        let kind = match active {
            Some(Active::Find(_)) => CKF_FIND_OBJECTS,
            Some(Active::Operation(operation)) => operation.kind,
            None => 0,
        };
        if flags & kind != 0 {
            *active = None;
        }
        Ok(())
    })
}
