//! The arithmetic of the operations. **None of this is cryptography**: "encryption" is XOR with a
//! repeated checksum, and a "signature" is a checksum. The lengths are the real ones.

use pkcs11_sys::*;

use super::State;
use super::mechanisms::{known, permission};
use crate::view::{Answer, CipherParameters, Mechanism};

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
    pub(super) kind: CK_FLAGS,
    mechanism: CK_MECHANISM_TYPE,
    secret: Vec<u8>,
    mask: Vec<u8>,
    /// The length of a signature, of an RSA ciphertext, or of a tag.
    width: usize,
    /// What a tag is made of: the data beside the text, then the ciphertext.
    authenticated: Vec<u8>,
    /// What was fed and is not yet put out.
    held: Vec<u8>,
    /// How many bytes were masked.
    masked: usize,
    /// The signature that was given first.
    pub(super) expected: Vec<u8>,
    /// Whether a part was fed: what remains is to feed more, or to finish.
    in_parts: bool,
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
        let parameters = match kind {
            CKF_MESSAGE_ENCRYPT | CKF_MESSAGE_DECRYPT => mechanism.of_messages()?,
            _ => mechanism.cipher_parameters()?,
        };
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
                CKM_AES_GCM => parameters.tag,
                _ => 32,
            };
        }
        Ok(Self {
            kind,
            mechanism: number,
            mask: checksum(&[&secret, &parameters.iv], 64),
            secret,
            width,
            authenticated: parameters.aad,
            held: Vec::new(),
            masked: 0,
            expected: Vec::new(),
            in_parts: false,
        })
    }

    /// The same for one message with this parameter.
    pub(super) fn for_message(&self, parameters: CipherParameters) -> Self {
        Self {
            mask: checksum(&[&self.secret, &parameters.iv], 64),
            width: if self.mechanism == CKM_AES_GCM { parameters.tag } else { self.width },
            authenticated: parameters.aad,
            ..self.clone()
        }
    }

    pub(super) fn mechanism(&self) -> CK_MECHANISM_TYPE {
        self.mechanism
    }

    pub(super) fn secret(&self) -> &[u8] {
        &self.secret
    }

    fn encrypts(&self) -> bool {
        self.kind & (CKF_ENCRYPT | CKF_WRAP | CKF_SIGN_RECOVER | CKF_MESSAGE_ENCRYPT) != 0
    }

    fn ciphers(&self) -> bool {
        let opening = CKF_DECRYPT | CKF_UNWRAP | CKF_VERIFY_RECOVER | CKF_MESSAGE_DECRYPT;
        self.encrypts() || self.kind & opening != 0
    }

    fn works_only_at_once(&self) -> bool {
        matches!(self.mechanism, CKM_RSA_PKCS | CKM_ECDSA)
    }

    fn masked(&mut self, mut data: Vec<u8>) -> Vec<u8> {
        for (byte, mask) in data.iter_mut().zip(self.mask.iter().cycle().skip(self.masked % 64)) {
            *byte ^= mask;
        }
        self.masked += data.len();
        data
    }

    /// Takes a part, as an Update does. What works only at once is refused, as in SoftHSM.
    pub(super) fn part(&mut self, part: &[u8]) -> Answer<Vec<u8>> {
        if self.works_only_at_once() {
            return Err(CKR_OPERATION_NOT_INITIALIZED);
        }
        self.in_parts = true;
        Ok(self.feed(part))
    }

    /// Takes data, and gives what is ready: whole blocks, but of a padded ciphertext never the
    /// last; of a stream all; nothing of a ciphertext whose tag is yet to come.
    fn feed(&mut self, part: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(part);
        let length = self.held.len();
        let keep = match self.mechanism {
            CKM_AES_CBC_PAD if !self.encrypts() => length.min(length.wrapping_sub(1) % BLOCK + 1),
            CKM_AES_CBC | CKM_AES_CBC_PAD => length % BLOCK,
            CKM_AES_CTR => 0,
            CKM_AES_GCM if self.encrypts() => 0,
            _ => length,
        };
        let ready = self.held.drain(..length - keep).collect();
        let output = self.masked(ready);
        if self.mechanism == CKM_AES_GCM {
            self.authenticated.extend_from_slice(&output);
        }
        output
    }

    fn tag(&self) -> Vec<u8> {
        checksum(&[&self.mask, &self.authenticated], self.width)
    }

    /// The rest of the output.
    fn finish(&mut self) -> Answer<Vec<u8>> {
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
                CKM_AES_GCM => return Ok(self.tag()),
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
            CKM_AES_GCM => held.len() < self.width,
            _ => !held.is_empty(),
        };
        let recovers = self.kind == CKF_VERIFY_RECOVER;
        if wrong_length {
            return Err(match recovers {
                true => CKR_SIGNATURE_LEN_RANGE,
                false => CKR_ENCRYPTED_DATA_LEN_RANGE,
            });
        }
        if self.mechanism == CKM_AES_GCM {
            let tag = held.split_off(held.len() - self.width);
            self.authenticated.extend_from_slice(&held);
            if tag != self.tag() {
                return Err(CKR_ENCRYPTED_DATA_INVALID);
            }
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
        let wrong = if recovers { CKR_SIGNATURE_INVALID } else { CKR_ENCRYPTED_DATA_INVALID };
        data.map(<[u8]>::to_vec).ok_or(wrong)
    }

    /// All at once, which is refused after a part, as in SoftHSM.
    pub(super) fn one_shot(&mut self, data: &[u8]) -> Answer<Vec<u8>> {
        if self.in_parts {
            return Err(CKR_OPERATION_NOT_INITIALIZED);
        }
        let mut output = self.feed(data);
        output.append(&mut self.finish()?);
        Ok(output)
    }

    /// The end of an operation in parts.
    pub(super) fn last(&mut self) -> Answer<Vec<u8>> {
        if self.works_only_at_once() {
            return Err(CKR_OPERATION_NOT_INITIALIZED);
        }
        self.finish()
    }
}
