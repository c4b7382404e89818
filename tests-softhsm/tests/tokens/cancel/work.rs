//! Operations of all kinds and mechanisms, each with what it must give.

use std::collections::HashMap;

use pkcs11::OperationKind::{self, Decrypt, Digest, Encrypt, Find, Sign, Verify};
use pkcs11::mechanism::{Context, IntoMechanism, RsaPssDigest};
use pkcs11::prelude::*;
use pkcs11::stream::{Cipher, Digester, Signer, Verifier};
use tests_softhsm::PIN;

use crate::common::known_key;

use MechanismType as M;

/// A mechanism with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Plain(MechanismType),
    Iv(MechanismType, &'static [u8]),
    Ctr,
    Gcm,
    Oaep,
    Pss(Hash),
    PssOfDigest,
    /// With a hash of the token, or hashed here.
    Ecdsa(Hash),
    EdDsa,
}

impl How {
    /// What the token must offer.
    pub(crate) fn number(self) -> MechanismType {
        match self {
            Self::Plain(number) | Self::Iv(number, _) => number,
            Self::Ctr => M::AES_CTR,
            Self::Gcm => M::AES_GCM,
            Self::Oaep => M::RSA_PKCS_OAEP,
            Self::Pss(Hash::Sha1) => M::SHA1_RSA_PKCS_PSS,
            Self::Pss(_) => M::SHA256_RSA_PKCS_PSS,
            Self::PssOfDigest => M::RSA_PKCS_PSS,
            Self::Ecdsa(_) => M::ECDSA,
            Self::EdDsa => M::EDDSA,
        }
    }

    /// Whether it takes data in parts.
    pub(crate) fn is_multi_part(self) -> bool {
        matches!(self, Self::Ecdsa(_)) || !self.number().is_single_part()
    }

    /// Whether it gives another result each time.
    fn is_random(self, kind: OperationKind) -> bool {
        match self {
            Self::Oaep | Self::Plain(M::RSA_PKCS) => kind == Encrypt,
            Self::Pss(_) | Self::PssOfDigest | Self::Ecdsa(_) => kind == Sign,
            Self::Plain(number) => {
                kind == Sign && [M::ECDSA, M::DSA, M::DSA_SHA1].contains(&number)
            }
            _ => false,
        }
    }
}

impl IntoMechanism<'static> for How {
    fn into_mechanism(self, context: &Context<'_>) -> Result<Mechanism<'static>> {
        let pss = RsaPss::new(Hash::Sha256);
        match self {
            Self::Plain(number) => Ok(Mechanism::new(number)),
            Self::Iv(number, iv) => Ok(Mechanism::with_bytes(number, iv)),
            Self::Ctr => AesCtr::new([9; 16]).into_mechanism(context),
            Self::Gcm => AesGcm::new(&[3; 12]).aad(b"header").into_mechanism(context),
            Self::Oaep => RsaOaep::new(Hash::Sha1).into_mechanism(context),
            Self::Pss(hash) => RsaPss::new(hash).into_mechanism(context),
            Self::PssOfDigest => RsaPssDigest(pss).into_mechanism(context),
            Self::Ecdsa(hash) => Ecdsa::new(hash).into_mechanism(context),
            Self::EdDsa => EdDsa::new().into_mechanism(context),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum KeyName {
    None,
    Aes,
    Des3,
    Generic,
    Rsa,
    Ec,
    Ed,
    Dsa,
}

/// What is worked on, in bytes.
const TEXT: usize = 48;
const DIGEST: usize = 32;
const SHA1: usize = 20;
const MODULUS: usize = 256;

/// A mechanism, what it is used for, and the length of what it is given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) how: How,
    key: KeyName,
    pub(crate) kinds: &'static [OperationKind],
    length: usize,
}

const fn row(how: How, key: KeyName, kinds: &'static [OperationKind], length: usize) -> Row {
    Row { how, key, kinds, length }
}

const CIPHER: &[OperationKind] = &[Encrypt, Decrypt];
const SIGNATURE: &[OperationKind] = &[Sign, Verify];
const BOTH: &[OperationKind] = &[Encrypt, Decrypt, Sign, Verify];

/// The mechanisms.
pub(crate) const ROWS: &[Row] = &[
    row(How::Plain(M::AES_ECB), KeyName::Aes, CIPHER, TEXT),
    row(How::Iv(M::AES_CBC, &[2; 16]), KeyName::Aes, CIPHER, TEXT),
    row(How::Iv(M::AES_CBC_PAD, &[2; 16]), KeyName::Aes, CIPHER, TEXT),
    row(How::Ctr, KeyName::Aes, CIPHER, TEXT),
    row(How::Gcm, KeyName::Aes, CIPHER, TEXT),
    row(How::Iv(M::DES3_CBC, &[2; 8]), KeyName::Des3, CIPHER, TEXT),
    row(How::Iv(M::DES3_CBC_PAD, &[2; 8]), KeyName::Des3, CIPHER, TEXT),
    row(How::Plain(M::SHA_1_HMAC), KeyName::Generic, SIGNATURE, TEXT),
    row(How::Plain(M::SHA256_HMAC), KeyName::Generic, SIGNATURE, TEXT),
    row(How::Plain(M::SHA512_HMAC), KeyName::Generic, SIGNATURE, TEXT),
    row(How::Plain(M::AES_CMAC), KeyName::Aes, SIGNATURE, TEXT),
    row(How::Plain(M::DES3_CMAC), KeyName::Des3, SIGNATURE, TEXT),
    row(How::Plain(M::SHA1_RSA_PKCS), KeyName::Rsa, SIGNATURE, TEXT),
    row(How::Plain(M::SHA256_RSA_PKCS), KeyName::Rsa, SIGNATURE, TEXT),
    row(How::Plain(M::SHA512_RSA_PKCS), KeyName::Rsa, SIGNATURE, TEXT),
    row(How::Pss(Hash::Sha1), KeyName::Rsa, SIGNATURE, TEXT),
    row(How::Pss(Hash::Sha256), KeyName::Rsa, SIGNATURE, TEXT),
    row(How::Ecdsa(Hash::Sha256), KeyName::Ec, SIGNATURE, TEXT),
    row(How::Plain(M::DSA_SHA1), KeyName::Dsa, SIGNATURE, TEXT),
    row(How::EdDsa, KeyName::Ed, SIGNATURE, TEXT),
    row(How::Plain(M::SHA_1), KeyName::None, &[Digest], TEXT),
    row(How::Plain(M::SHA224), KeyName::None, &[Digest], TEXT),
    row(How::Plain(M::SHA256), KeyName::None, &[Digest], TEXT),
    row(How::Plain(M::SHA384), KeyName::None, &[Digest], TEXT),
    row(How::Plain(M::SHA512), KeyName::None, &[Digest], TEXT),
    // Those that take their data whole.
    row(How::Plain(M::RSA_PKCS), KeyName::Rsa, BOTH, DIGEST),
    row(How::Plain(M::RSA_X_509), KeyName::Rsa, BOTH, MODULUS),
    row(How::Oaep, KeyName::Rsa, CIPHER, DIGEST),
    row(How::PssOfDigest, KeyName::Rsa, SIGNATURE, DIGEST),
    row(How::Plain(M::ECDSA), KeyName::Ec, SIGNATURE, DIGEST),
    row(How::Plain(M::DSA), KeyName::Dsa, SIGNATURE, SHA1),
];

#[derive(Clone, Debug)]
enum Key {
    None,
    Secret(SecretKey),
    Pair(PublicKey, PrivateKey),
}

/// The keys of a session, made when they are wanted first.
pub(crate) struct Keys {
    pub(crate) session: Session,
    made: HashMap<KeyName, Key>,
}

impl Keys {
    pub(crate) fn new(session: Session) -> Self {
        Self { session, made: HashMap::new() }
    }

    fn get(&mut self, name: KeyName) -> Result<Key> {
        if let Some(key) = self.made.get(&name) {
            return Ok(key.clone());
        }
        let session = &self.session;
        let pair = |(public, private)| Key::Pair(public, private);
        let key = match name {
            KeyName::None => Key::None,
            KeyName::Aes => Key::Secret(known_key(session, KeyType::AES, &[7; 32])?),
            KeyName::Des3 => Key::Secret(session.generate_key(KeyType::DES3).create()?),
            KeyName::Generic => Key::Secret(known_key(session, KeyType::GENERIC_SECRET, &[7; 64])?),
            KeyName::Rsa => {
                pair(session.generate_key_pair(KeyType::RSA).bits(8 * MODULUS).create()?)
            }
            KeyName::Ec => pair(session.generate_key_pair(Curve::P256).create()?),
            KeyName::Ed => pair(session.generate_key_pair(Curve::ED25519).create()?),
            KeyName::Dsa => {
                let group = session.generate_parameters(KeyType::DSA).bits(1024).create()?;
                pair(session.generate_key_pair(group.dsa_parameters()?).create()?)
            }
        };
        self.made.insert(name, key.clone());
        Ok(key)
    }

    /// An operation of a row, once it has been done, so that its result is known.
    pub(crate) fn work(&mut self, row: Row, kind: OperationKind) -> Result<Work> {
        let key = self.get(row.key)?;
        // Raw RSA takes numbers below the modulus.
        let mut input: Vec<u8> = (0..=255).cycle().take(row.length).collect();
        let (session, how) = (self.session.clone(), row.how);
        let mut work = Work { kind, how, session, key, input: Vec::new(), result: Vec::new() };
        match kind {
            Decrypt => {
                work.input = work.opposite(Encrypt).run(&input)?;
                std::mem::swap(&mut work.result, &mut input);
                if work.run(&work.input)? != work.result {
                    return Err(ErrorKind::Misbehaved("what it decrypts").into());
                }
            }
            Verify => {
                work.result = work.opposite(Sign).run(&input)?;
                work.run(&input)?;
                work.input = input;
            }
            _ => {
                work.result = work.run(&input)?;
                work.input = input;
            }
        }
        Ok(work)
    }
}

/// An operation that can be done again and again.
pub(crate) struct Work {
    pub(crate) kind: OperationKind,
    pub(crate) how: How,
    session: Session,
    key: Key,
    input: Vec<u8>,
    /// What it gives, or the signature that is verified.
    result: Vec<u8>,
}

impl Work {
    fn opposite(&self, kind: OperationKind) -> Self {
        let (session, key, how) = (self.session.clone(), self.key.clone(), self.how);
        Self { kind, how, session, key, input: Vec::new(), result: Vec::new() }
    }

    fn run(&self, input: &[u8]) -> Result<Vec<u8>> {
        let how = self.how;
        match (&self.key, self.kind) {
            (Key::Secret(key), Encrypt) => key.encrypt(how, input),
            (Key::Secret(key), Decrypt) => key.decrypt(how, input),
            (Key::Secret(key), Sign) => key.sign(how, input),
            (Key::Secret(key), _) => key.verify(how, input, &self.result).map(|()| Vec::new()),
            (Key::Pair(key, _), Encrypt) => key.encrypt(how, input),
            (Key::Pair(_, key), Decrypt) => key.decrypt(how, input),
            (Key::Pair(_, key), Sign) => key.sign(how, input),
            (Key::Pair(key, _), _) => key.verify(how, input, &self.result).map(|()| Vec::new()),
            (Key::None, _) => self.session.digest(how, input),
        }
    }

    pub(crate) fn in_one_shot(&self) -> Result<Vec<u8>> {
        self.run(&self.input)
    }

    /// The same, with a PIN for the use of the key; nothing if that is for other keys.
    pub(crate) fn with_pin(&self) -> Option<Result<Vec<u8>>> {
        let Key::Pair(_, key) = &self.key else {
            return None;
        };
        let key = key.with_context_pin(PIN);
        match self.kind {
            Sign => Some(key.sign(self.how, &self.input)),
            Decrypt => Some(key.decrypt(self.how, &self.input)),
            _ => None,
        }
    }

    /// One that the token refuses for what it is given; nothing where it takes anything.
    pub(crate) fn wrong(&self) -> Option<Result<Vec<u8>>> {
        // What these decrypt wrongly may pass for data.
        let unchecked = [How::Ctr, How::Plain(M::RSA_X_509), How::Plain(M::RSA_PKCS)];
        let too_long = [How::Plain(M::RSA_PKCS), How::Oaep].contains(&self.how);
        let padded = matches!(self.how, How::Iv(M::AES_CBC_PAD | M::DES3_CBC_PAD, _));
        let blocks = matches!(self.how, How::Iv(..) | How::Plain(M::AES_ECB));
        let wrong: &[u8] = match self.kind {
            Verify => {
                let mut other = self.opposite(Verify);
                other.result = self.result.clone();
                *other.result.last_mut()? ^= 1;
                return Some(other.run(&self.input));
            }
            Encrypt | Sign if too_long => &[1; 300],
            Encrypt if blocks && !padded => &[1; 15],
            Decrypt if !unchecked.contains(&self.how) => &[1; 15],
            _ => return None,
        };
        Some(self.run(wrong))
    }

    pub(crate) fn start(&self) -> Result<Stream> {
        let how = self.how;
        Ok(match (&self.key, self.kind) {
            (Key::Secret(key), Encrypt) => Stream::Cipher(key.encryptor(how)?),
            (Key::Secret(key), Decrypt) => Stream::Cipher(key.decryptor(how)?),
            (Key::Secret(key), Sign) => Stream::Signer(key.signer(how)?),
            (Key::Secret(key), _) => Stream::Verifier(key.verifier(how)?),
            (Key::Pair(key, _), Encrypt) => Stream::Cipher(key.encryptor(how)?),
            (Key::Pair(_, key), Decrypt) => Stream::Cipher(key.decryptor(how)?),
            (Key::Pair(_, key), Sign) => Stream::Signer(key.signer(how)?),
            (Key::Pair(key, _), _) => Stream::Verifier(key.verifier(how)?),
            (Key::None, _) => Stream::Digester(self.session.digester(how)?),
        })
    }

    pub(crate) fn in_parts(&self) -> Result<Vec<u8>> {
        let mut stream = self.start()?;
        let (first, second) = self.input.split_at(self.input.len().min(16));
        let mut result = stream.update(first)?;
        result.extend_from_slice(&stream.update(second)?);
        result.extend_from_slice(&stream.finish(&self.result)?);
        Ok(result)
    }

    /// Whether this is what the operation must give.
    pub(crate) fn is_right(&self, result: &[u8]) -> Result<bool> {
        if !self.how.is_random(self.kind) {
            return Ok(self.kind == Verify || result == self.result);
        }
        let mut back = self.opposite(if self.kind == Sign { Verify } else { Decrypt });
        back.result = result.to_vec();
        match self.kind {
            Sign => back.run(&self.input).map(|_| true),
            _ => Ok(back.run(result)? == self.input),
        }
    }

    /// The handle of the key that it uses.
    pub(crate) fn key_handle(&self) -> Option<pkcs11::ObjectHandle> {
        match (&self.key, self.kind) {
            (Key::None, _) => None,
            (Key::Secret(key), _) => Some(key.handle()),
            (Key::Pair(_, key), Decrypt | Sign) => Some(key.handle()),
            (Key::Pair(key, _), _) => Some(key.handle()),
        }
    }
}

pub(crate) enum Stream {
    Cipher(Cipher),
    Signer(Signer),
    Verifier(Verifier),
    Digester(Digester),
}

impl Stream {
    pub(crate) fn update(&mut self, data: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Cipher(cipher) => return cipher.update(data).map(|made| made.to_vec()),
            Self::Signer(signer) => signer.update(data)?,
            Self::Verifier(verifier) => verifier.update(data)?,
            Self::Digester(digester) => digester.update(data)?,
        }
        Ok(Vec::new())
    }

    fn finish(self, signature: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Cipher(cipher) => cipher.finish().map(|made| made.to_vec()),
            Self::Signer(signer) => signer.finish(),
            Self::Verifier(verifier) => verifier.finish(signature).map(|()| Vec::new()),
            Self::Digester(digester) => digester.finish(),
        }
    }
}

/// The functions that begin and feed an operation of this kind, and do it in one shot.
pub(crate) fn functions(kind: OperationKind) -> [&'static str; 3] {
    match kind {
        Encrypt => ["C_EncryptInit", "C_EncryptUpdate", "C_Encrypt"],
        Decrypt => ["C_DecryptInit", "C_DecryptUpdate", "C_Decrypt"],
        Sign => ["C_SignInit", "C_SignUpdate", "C_Sign"],
        Verify => ["C_VerifyInit", "C_VerifyUpdate", "C_Verify"],
        Find => ["C_FindObjectsInit", "C_FindObjects", "C_FindObjectsFinal"],
        _ => ["C_DigestInit", "C_DigestUpdate", "C_Digest"],
    }
}
