//! PBES2: how a password encrypts (RFC 8018 §6.2, §A.2, §A.4; RFC 7914 §7).

use alloc::vec::Vec;

use rasn::{AsnType, Encode};

use crate::{
    Error, ErrorKind,
    algorithm::AlgorithmIdentifierSchema,
    der,
    oid::Oid,
    tlv::{Reader, Tag, Tlv},
};

/// id-PBES2, 1.2.840.113549.1.5.13.
const PBES2: Oid<'_> = Oid::constant(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d]);
/// id-PBKDF2, 1.2.840.113549.1.5.12.
const PBKDF2: Oid<'_> = Oid::constant(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c]);
/// id-scrypt, 1.3.6.1.4.1.11591.4.11.
const SCRYPT: Oid<'_> = Oid::constant(&[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b]);
/// aes128-CBC-PAD, 2.16.840.1.101.3.4.1.2 (RFC 8018 §B.2.5).
const AES_128_CBC: Oid<'_> = Oid::constant(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x02]);
/// aes192-CBC-PAD, 2.16.840.1.101.3.4.1.22.
const AES_192_CBC: Oid<'_> = Oid::constant(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x16]);
/// aes256-CBC-PAD, 2.16.840.1.101.3.4.1.42.
const AES_256_CBC: Oid<'_> = Oid::constant(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a]);
/// des-EDE3-CBC, 1.2.840.113549.3.7 (RFC 8018 §B.2.2).
const DES_EDE3_CBC: Oid<'_> = Oid::constant(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07]);

/// A scheme of PBES2: a key derivation and a cipher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pbes2<'a> {
    /// How the password becomes a key.
    pub key_derivation: KeyDerivation<'a>,
    /// What the key encrypts with.
    pub cipher: Cipher,
}

/// How a password becomes a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyDerivation<'a> {
    /// PBKDF2 (RFC 8018 §5.2).
    Pbkdf2 {
        /// The salt.
        salt: &'a [u8],
        /// How often the function is applied, one time or more.
        iterations: u32,
        /// The size of the key in bytes, where it is written; it is the cipher's.
        key_bytes: Option<u32>,
        /// The function.
        prf: PrfAlgorithm,
    },
    /// scrypt (RFC 7914).
    Scrypt {
        /// The salt.
        salt: &'a [u8],
        /// N, a power of two above one.
        cost: u32,
        /// r.
        block_size: u32,
        /// p.
        parallelization: u32,
        /// The size of the key in bytes, where it is written; it is the cipher's.
        key_bytes: Option<u32>,
    },
}

/// The function of PBKDF2, as its parameters name it (RFC 8018 §A.2).
///
/// HMAC with SHA-1 is the default, which DER leaves out (X.690 §11.5), and NULL stands behind
/// each identifier (RFC 8018 §B.1). There are encrypted keys in the world that are written
/// otherwise: Java spells the default out, and smallstep's tools write no NULL. Who refuses
/// such a file has lost the key in it, so both are read, and what stood there is kept.
///
/// ```
/// use pkcs11_codec::pkcs8::{Prf, PrfAlgorithm};
///
/// assert_eq!(PrfAlgorithm::from(Prf::HmacSha1), PrfAlgorithm::LeftOut);
/// let named = PrfAlgorithm::Named { prf: Prf::HmacSha256, null_parameters: true };
/// assert_eq!(PrfAlgorithm::from(Prf::HmacSha256), named);
/// assert_eq!(named.prf(), Prf::HmacSha256);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PrfAlgorithm {
    /// Not at all, which means HMAC with SHA-1.
    #[default]
    LeftOut,
    /// By its identifier.
    Named {
        /// The function.
        prf: Prf,
        /// Whether NULL stands behind the identifier, or nothing.
        null_parameters: bool,
    },
}

/// The pseudorandom function of PBKDF2 (RFC 8018 §B.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Prf {
    /// HMAC with SHA-1, the one that is meant when none is written.
    HmacSha1,
    /// HMAC with SHA-224.
    HmacSha224,
    /// HMAC with SHA-256.
    HmacSha256,
    /// HMAC with SHA-384.
    HmacSha384,
    /// HMAC with SHA-512.
    HmacSha512,
}

/// A block cipher in CBC mode with the padding of RFC 8018 §6.1.1, and its IV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cipher {
    /// AES with 128 bits.
    Aes128Cbc([u8; 16]),
    /// AES with 192 bits.
    Aes192Cbc([u8; 16]),
    /// AES with 256 bits.
    Aes256Cbc([u8; 16]),
    /// Triple DES with three keys: for reading alone.
    DesEde3Cbc([u8; 8]),
}

impl<'a> Pbes2<'a> {
    /// What this crate would use today: PBKDF2 with HMAC-SHA-256 and 600,000 iterations, and
    /// AES with 256 bits. Salt and IV are random bytes that the caller has made.
    #[must_use]
    pub const fn new(salt: &'a [u8; 16], iv: [u8; 16]) -> Self {
        Self {
            key_derivation: KeyDerivation::Pbkdf2 {
                salt,
                iterations: 600_000,
                key_bytes: None,
                prf: PrfAlgorithm::of(Prf::HmacSha256),
            },
            cipher: Cipher::Aes256Cbc(iv),
        }
    }

    /// Reads what is in the AlgorithmIdentifier.
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        let unsupported = reader.error(ErrorKind::UnsupportedEncryption);
        if reader.oid()? != PBES2 {
            return Err(unsupported);
        }
        reader.sequence(|scheme| {
            let key_derivation = scheme.element(Tag::SEQUENCE)?;
            let cipher = scheme.sequence(Cipher::read)?;
            let key_bytes = cipher.key_bytes();
            let key_derivation =
                key_derivation.nested(|reader| KeyDerivation::read(reader, key_bytes))?;
            Ok(Self { key_derivation, cipher })
        })
    }

    pub(super) fn schema(&self) -> Result<AlgorithmIdentifierSchema<'static>, Error> {
        let parameters = der::encode(&Pbes2Params {
            key_derivation_func: self.key_derivation.schema()?,
            encryption_scheme: self.cipher.schema()?,
        })?;
        AlgorithmIdentifierSchema::new(PBES2, Some(&parameters))
    }
}

impl<'a> KeyDerivation<'a> {
    /// Reads what is in the AlgorithmIdentifier.
    fn read(reader: &mut Reader<'a>, expected: u32) -> Result<Self, Error> {
        let unsupported = reader.error(ErrorKind::UnsupportedEncryption);
        match reader.oid()? {
            PBKDF2 => reader.sequence(|parameters| {
                // The other choice of the salt names a source, of which there is none.
                let salt = parameters.octet_string()?;
                Ok(Self::Pbkdf2 {
                    salt,
                    iterations: read_cost(parameters, |iterations| iterations > 0)?,
                    key_bytes: read_key_bytes(parameters, expected)?,
                    prf: parameters
                        .optional_nested(Tag::SEQUENCE, PrfAlgorithm::read)?
                        .unwrap_or_default(),
                })
            }),
            SCRYPT => reader.sequence(|parameters| {
                Ok(Self::Scrypt {
                    salt: parameters.octet_string()?,
                    cost: read_cost(parameters, |cost| cost > 1 && cost.is_power_of_two())?,
                    block_size: read_cost(parameters, |r| r > 0)?,
                    parallelization: read_cost(parameters, |p| p > 0)?,
                    key_bytes: read_key_bytes(parameters, expected)?,
                })
            }),
            _ => Err(unsupported),
        }
    }

    fn schema(&self) -> Result<AlgorithmIdentifierSchema<'static>, Error> {
        match *self {
            Self::Pbkdf2 { salt, iterations, key_bytes, prf } => {
                let prf = prf.schema()?;
                let salt = der::OctetString::octets(salt);
                let parameters =
                    Pbkdf2Params { salt, iteration_count: iterations, key_length: key_bytes, prf };
                AlgorithmIdentifierSchema::new(PBKDF2, Some(&der::encode(&parameters)?))
            }
            Self::Scrypt { salt, cost, block_size, parallelization, key_bytes } => {
                let parameters = ScryptParams {
                    salt: der::OctetString::octets(salt),
                    cost_parameter: cost,
                    block_size,
                    parallelization_parameter: parallelization,
                    key_length: key_bytes,
                };
                AlgorithmIdentifierSchema::new(SCRYPT, Some(&der::encode(&parameters)?))
            }
        }
    }
}

fn read_cost(reader: &mut Reader<'_>, fits: impl FnOnce(u32) -> bool) -> Result<u32, Error> {
    let unfit = reader.error(ErrorKind::InvalidCost);
    let cost = reader.unsigned_u32()?;
    if fits(cost) { Ok(cost) } else { Err(unfit) }
}

fn read_key_bytes(reader: &mut Reader<'_>, expected: u32) -> Result<Option<u32>, Error> {
    let position = reader.position();
    match reader.optional(Tag::INTEGER)?.map(Tlv::unsigned_u32).transpose()? {
        Some(found) if found != expected => {
            // Both are sizes of keys, and what does not fit is too large in any case.
            let [expected, found] =
                [expected, found].map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
            Err(Error::at(position, ErrorKind::WrongLength { expected, found }))
        }
        found => Ok(found),
    }
}

impl Prf {
    const ALL: [Self; 5] =
        [Self::HmacSha1, Self::HmacSha224, Self::HmacSha256, Self::HmacSha384, Self::HmacSha512];

    /// Those of RFC 8018 §B.1, below 1.2.840.113549.2.
    const fn oid(self) -> Oid<'static> {
        match self {
            Self::HmacSha1 => Oid::constant(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x07]),
            Self::HmacSha224 => Oid::constant(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x08]),
            Self::HmacSha256 => Oid::constant(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09]),
            Self::HmacSha384 => Oid::constant(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x0a]),
            Self::HmacSha512 => Oid::constant(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x0b]),
        }
    }
}

impl PrfAlgorithm {
    /// The function that is meant.
    #[must_use]
    pub const fn prf(self) -> Prf {
        match self {
            Self::LeftOut => Prf::HmacSha1,
            Self::Named { prf, .. } => prf,
        }
    }

    const fn of(prf: Prf) -> Self {
        match prf {
            Prf::HmacSha1 => Self::LeftOut,
            _ => Self::Named { prf, null_parameters: true },
        }
    }

    /// Reads what is in the AlgorithmIdentifier.
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let unsupported = reader.error(ErrorKind::UnsupportedEncryption);
        let oid = reader.oid()?;
        let prf = Prf::ALL.into_iter().find(|prf| prf.oid() == oid).ok_or(unsupported)?;
        let null_parameters = !reader.is_empty();
        if null_parameters {
            reader.null()?;
        }
        Ok(Self::Named { prf, null_parameters })
    }

    fn schema(self) -> Result<Option<AlgorithmIdentifierSchema<'static>>, Error> {
        let Self::Named { prf, null_parameters } = self else { return Ok(None) };
        let null = null_parameters.then_some(&[0x05, 0x00][..]);
        AlgorithmIdentifierSchema::new(prf.oid(), null).map(Some)
    }
}

/// As RFC 8018 has it written: HMAC with SHA-1 left out, the others with NULL.
impl From<Prf> for PrfAlgorithm {
    fn from(prf: Prf) -> Self {
        Self::of(prf)
    }
}

impl Cipher {
    /// The size of a key in bytes.
    #[must_use]
    pub const fn key_bytes(self) -> u32 {
        match self {
            Self::Aes128Cbc(_) => 16,
            Self::Aes192Cbc(_) | Self::DesEde3Cbc(_) => 24,
            Self::Aes256Cbc(_) => 32,
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let unsupported = reader.error(ErrorKind::UnsupportedEncryption);
        match reader.oid()? {
            AES_128_CBC => read_iv(reader).map(Self::Aes128Cbc),
            AES_192_CBC => read_iv(reader).map(Self::Aes192Cbc),
            AES_256_CBC => read_iv(reader).map(Self::Aes256Cbc),
            DES_EDE3_CBC => read_iv(reader).map(Self::DesEde3Cbc),
            _ => Err(unsupported),
        }
    }

    fn schema(&self) -> Result<AlgorithmIdentifierSchema<'static>, Error> {
        let (oid, iv): (_, &[u8]) = match self {
            Self::Aes128Cbc(iv) => (AES_128_CBC, iv),
            Self::Aes192Cbc(iv) => (AES_192_CBC, iv),
            Self::Aes256Cbc(iv) => (AES_256_CBC, iv),
            Self::DesEde3Cbc(iv) => (DES_EDE3_CBC, iv),
        };
        let parameters: Vec<u8> = der::encode(&der::OctetString::octets(iv))?;
        AlgorithmIdentifierSchema::new(oid, Some(&parameters))
    }
}

fn read_iv<const BYTES: usize>(reader: &mut Reader<'_>) -> Result<[u8; BYTES], Error> {
    let tlv = reader.element(Tag::OCTET_STRING)?;
    let (expected, found) = (BYTES, tlv.value().len());
    tlv.value().try_into().map_err(|_| tlv.error(ErrorKind::WrongLength { expected, found }))
}

/// RFC 8018 §A.4:
///
/// ```text
/// PBES2-params ::= SEQUENCE {
///     keyDerivationFunc  AlgorithmIdentifier,
///     encryptionScheme   AlgorithmIdentifier
/// }
/// ```
#[derive(AsnType, Encode)]
struct Pbes2Params<'a> {
    key_derivation_func: AlgorithmIdentifierSchema<'a>,
    encryption_scheme: AlgorithmIdentifierSchema<'a>,
}

/// RFC 8018 §A.2:
///
/// ```text
/// PBKDF2-params ::= SEQUENCE {
///     salt CHOICE {
///         specified    OCTET STRING,
///         otherSource  AlgorithmIdentifier
///     },
///     iterationCount  INTEGER (1..MAX),
///     keyLength       INTEGER (1..MAX) OPTIONAL,
///     prf             AlgorithmIdentifier DEFAULT algid-hmacWithSHA1
/// }
/// ```
#[derive(AsnType, Encode)]
struct Pbkdf2Params<'a> {
    salt: der::OctetString<'a>,
    iteration_count: u32,
    key_length: Option<u32>,
    // The element's own tag: the derive takes no lifetime in an optional element without one.
    #[rasn(tag(universal, 16))]
    prf: Option<AlgorithmIdentifierSchema<'a>>,
}

/// RFC 7914 §7:
///
/// ```text
/// scrypt-params ::= SEQUENCE {
///     salt                      OCTET STRING,
///     costParameter             INTEGER (1..MAX),
///     blockSize                 INTEGER (1..MAX),
///     parallelizationParameter  INTEGER (1..MAX),
///     keyLength                 INTEGER (1..MAX) OPTIONAL
/// }
/// ```
#[derive(AsnType, Encode)]
struct ScryptParams<'a> {
    salt: der::OctetString<'a>,
    cost_parameter: u32,
    block_size: u32,
    parallelization_parameter: u32,
    key_length: Option<u32>,
}
