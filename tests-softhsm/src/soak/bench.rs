//! What a thread works with.

use std::error::Error as StdError;

use fastrand::Rng;
use pkcs11::prelude::*;

/// The result of one piece of work; a wrong result is an error that says what was wrong.
pub(super) type Work<T = ()> = std::result::Result<T, Box<dyn StdError + Send + Sync>>;

/// The value of the HMAC key, so that its MACs can be computed here.
pub(super) const HMAC_VALUE: &[u8] = &[0x5a; 32];

const AES: &str = "soak AES";
const HMAC: &str = "soak HMAC";
const RSA: &str = "soak RSA";
const EC: &str = "soak EC";

/// The keys, as one session sees them.
pub(super) struct Keys {
    pub(super) aes: SecretKey,
    pub(super) hmac: SecretKey,
    pub(super) rsa: (PublicKey, PrivateKey),
    pub(super) ec: (PublicKey, PrivateKey),
}

impl Keys {
    /// Makes them as objects of this session, for all sessions.
    pub(super) fn make(session: &Session) -> Result<()> {
        session.generate_key(KeyType::AES).bits(256).label(AES).create()?;
        let hmac = Template::new()
            .with(attr::KEY_TYPE, KeyType::GENERIC_SECRET)
            .with(attr::VALUE, HMAC_VALUE)
            .with(attr::LABEL, HMAC)
            .with(attr::SIGN, true)
            .with(attr::VERIFY, true);
        session.create::<SecretKey>(&hmac)?;
        session.generate_key_pair(KeyType::RSA).bits(2048).label(RSA).create()?;
        session.generate_key_pair(Curve::P256).label(EC).create()?;
        Ok(())
    }

    fn found(session: &Session) -> Result<Self> {
        let secret = |label| session.find::<SecretKey>().label(label).one();
        let pair = |label| -> Result<_> {
            let public = session.find::<PublicKey>().label(label).one()?;
            Ok((public, session.find::<PrivateKey>().label(label).one()?))
        };
        Ok(Self { aes: secret(AES)?, hmac: secret(HMAC)?, rsa: pair(RSA)?, ec: pair(EC)? })
    }
}

/// What a thread works with: a session, keys, chance.
pub(super) struct Bench {
    pub(super) number: usize,
    pub(super) session: Session,
    pub(super) keys: Keys,
    pub(super) random: Rng,
}

impl Bench {
    pub(super) fn new(number: usize, seed: u64, session: Session) -> Result<Self> {
        let keys = Keys::found(&session)?;
        // A sequence of its own for each thread.
        let mut random = Rng::with_seed(seed);
        for _ in 0..number {
            random = random.fork();
        }
        Ok(Self { number, session, keys, random })
    }

    /// A label that no other thread uses.
    pub(super) fn label(&self) -> String {
        format!("soak {}", self.number)
    }

    /// Some data: mostly little, sometimes more than one call takes.
    pub(super) fn data(&mut self) -> Vec<u8> {
        let most = match self.random.u8(..) {
            0 => 600_000,
            1..20 => 60_000,
            20..100 => 2000,
            _ => 100,
        };
        let length = self.random.usize(..=most);
        self.bytes(length)
    }

    pub(super) fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut data = vec![0; length];
        self.random.fill(&mut data);
        data
    }

    pub(super) fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes);
        bytes
    }

    /// The data in parts of random lengths.
    pub(super) fn cut<'d>(&mut self, mut data: &'d [u8]) -> Vec<&'d [u8]> {
        let most = (data.len() / 4).max(40);
        let mut parts = Vec::new();
        while !data.is_empty() {
            let length = match self.random.u8(..4) {
                0 => [0, 1, 15, 16, 17, 32].get(self.random.usize(..6)).copied().unwrap_or(0),
                _ => self.random.usize(..=most),
            };
            let (part, rest) = data.split_at_checked(length).unwrap_or((data, &[]));
            parts.push(part);
            data = rest;
        }
        parts
    }
}

/// The result must be this.
pub(super) fn same(what: &str, result: &[u8], wanted: &[u8]) -> Work {
    if result == wanted {
        return Ok(());
    }
    let at = result.iter().zip(wanted).take_while(|(one, other)| one == other).count();
    let (length, wanted) = (result.len(), wanted.len());
    Err(format!("{what}: {length} bytes for {wanted}, and another one at {at}").into())
}

/// The result must be an error of this kind.
pub(super) fn refused<T>(
    what: &str,
    result: Result<T>,
    kind: impl FnOnce(&ErrorKind) -> bool,
) -> Work {
    match result {
        Ok(_) => Err(format!("{what}: it was not refused").into()),
        Err(error) if kind(error.kind()) => Ok(()),
        Err(error) => Err(format!("{what}: refused in another way: {error}").into()),
    }
}

/// An operation of this session is active.
pub(super) fn is_active(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::OperationActive(Some(_)))
}

/// The signature does not verify.
pub(super) fn is_invalid(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::SignatureInvalid)
}
