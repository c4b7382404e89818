//! DigestInfo: what an RSA signature of PKCS#1 v1.5 signs.

use alloc::vec::Vec;
use core::fmt;

use rasn::{AsnType, Encode};

use crate::{
    Error, ErrorKind, der,
    oid::Oid,
    tlv::{self, Reader},
};

/// A hash function with its place in a DigestInfo: one row of the table.
///
/// ```
/// use pkcs11_codec::digest_info::{Digest, DigestInfo};
///
/// let hash = [0xaa; 32];
/// let der = DigestInfo::new(Digest::SHA256, &hash)?.to_der()?;
/// assert_eq!(der, [Digest::SHA256.prefix(), &hash].concat());
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(&'static Row);

#[derive(PartialEq, Eq, Hash)]
struct Row {
    name: &'static str,
    oid: Oid<'static>,
    bytes: u8,
    /// The `CKM_` number.
    mechanism: u32,
    /// The `CKG_MGF1_` number.
    mgf1: Option<u32>,
    prefix: &'static [u8],
}

/// A hash function of NIST: the arc behind 2.16.840.1.101.3.4.2, the size in bytes, and the
/// numbers in PKCS#11.
macro_rules! nist {
    ($name:literal, $arc:literal, $bytes:literal, $mechanism:literal, $mgf1:expr) => {
        Row {
            name: $name,
            mechanism: $mechanism,
            mgf1: $mgf1,
            oid: Oid::constant(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, $arc]),
            bytes: $bytes,
            #[rustfmt::skip]
                    prefix: &[
                        0x30, 17 + $bytes,
                            0x30, 13,
                                0x06, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, $arc,
                                0x05, 0,
                            0x04, $bytes,
                    ],
        }
    };
}

macro_rules! digests {
    ($($(#[$doc:meta])* $constant:ident = $row:expr;)*) => {
        impl Digest {
            $($(#[$doc])* pub const $constant: Self = Self(&$row);)*

            /// Every hash function of the table.
            pub const ALL: &'static [Self] = &[$(Self::$constant),*];
        }
    };
}

digests! {
    /// SHA-1, 1.3.14.3.2.26 (RFC 8017 §B.1).
    SHA1 = Row {
        name: "SHA-1",
        mechanism: 0x220,
        mgf1: Some(1),
        oid: Oid::constant(&[0x2b, 0x0e, 0x03, 0x02, 0x1a]),
        bytes: 20,
        #[rustfmt::skip]
        prefix: &[
            0x30, 33,
                0x30, 9,
                    0x06, 5, 0x2b, 0x0e, 0x03, 0x02, 0x1a,
                    0x05, 0,
                0x04, 20,
        ],
    };
    /// SHA-224, 2.16.840.1.101.3.4.2.4 (RFC 8017 §B.1).
    SHA224 = nist!("SHA-224", 4, 28, 0x255, Some(5));
    /// SHA-256, 2.16.840.1.101.3.4.2.1 (RFC 8017 §B.1).
    SHA256 = nist!("SHA-256", 1, 32, 0x250, Some(2));
    /// SHA-384, 2.16.840.1.101.3.4.2.2 (RFC 8017 §B.1).
    SHA384 = nist!("SHA-384", 2, 48, 0x260, Some(3));
    /// SHA-512, 2.16.840.1.101.3.4.2.3 (RFC 8017 §B.1).
    SHA512 = nist!("SHA-512", 3, 64, 0x270, Some(4));
    /// SHA-512/224, 2.16.840.1.101.3.4.2.5 (RFC 8017 §B.1).
    SHA512_224 = nist!("SHA-512/224", 5, 28, 0x48, None);
    /// SHA-512/256, 2.16.840.1.101.3.4.2.6 (RFC 8017 §B.1).
    SHA512_256 = nist!("SHA-512/256", 6, 32, 0x4c, None);
    /// SHA3-224, 2.16.840.1.101.3.4.2.7 (RFC 9688 §2).
    SHA3_224 = nist!("SHA3-224", 7, 28, 0x2b5, Some(6));
    /// SHA3-256, 2.16.840.1.101.3.4.2.8 (RFC 9688 §2).
    SHA3_256 = nist!("SHA3-256", 8, 32, 0x2b0, Some(7));
    /// SHA3-384, 2.16.840.1.101.3.4.2.9 (RFC 9688 §2).
    SHA3_384 = nist!("SHA3-384", 9, 48, 0x2c0, Some(8));
    /// SHA3-512, 2.16.840.1.101.3.4.2.10 (RFC 9688 §2).
    SHA3_512 = nist!("SHA3-512", 10, 64, 0x2d0, Some(9));
}

impl Digest {
    /// The hash function with this OBJECT IDENTIFIER.
    #[must_use]
    pub fn from_oid(oid: Oid<'_>) -> Option<Self> {
        Self::ALL.iter().copied().find(|digest| digest.oid() == oid)
    }

    /// The hash function that this mechanism computes, such as `CKM_SHA256`.
    #[must_use]
    pub fn from_mechanism_number(mechanism: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|digest| digest.mechanism_number() == mechanism)
    }

    /// The hash function in this mask generation function, such as `CKG_MGF1_SHA256`.
    #[must_use]
    pub fn from_mgf1_number(mgf1: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|digest| digest.mgf1_number() == Some(mgf1))
    }

    /// Reads the OBJECT IDENTIFIER of a hash function of the table.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let unknown = reader.error(ErrorKind::UnknownDigest);
        Self::from_oid(reader.oid()?).ok_or(unknown)
    }

    /// The name in FIPS 180-4 or FIPS 202.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// The OBJECT IDENTIFIER.
    #[must_use]
    pub const fn oid(self) -> Oid<'static> {
        self.0.oid
    }

    /// The size of a hash in bytes.
    #[must_use]
    pub fn digest_bytes(self) -> usize {
        usize::from(self.0.bytes)
    }

    /// The number of the mechanism that computes it, such as `CKM_SHA256`.
    #[must_use]
    pub const fn mechanism_number(self) -> u32 {
        self.0.mechanism
    }

    /// The number of MGF1 with it, such as `CKG_MGF1_SHA256`; PKCS#11 has none for
    /// SHA-512/224 and SHA-512/256.
    #[must_use]
    pub const fn mgf1_number(self) -> Option<u32> {
        self.0.mgf1
    }

    /// The DER before the hash (RFC 8017 §9.2, note 1): prefix‖hash is a DigestInfo.
    #[must_use]
    pub const fn prefix(self) -> &'static [u8] {
        self.0.prefix
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Digest({self})")
    }
}

/// A hash and the function that made it (RFC 8017 §9.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DigestInfo<'a> {
    algorithm: Digest,
    digest: &'a [u8],
}

impl<'a> DigestInfo<'a> {
    /// The DigestInfo of this hash.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] when the function's hashes have another size.
    pub fn new(algorithm: Digest, digest: &'a [u8]) -> Result<Self, Error> {
        let (expected, found) = (algorithm.digest_bytes(), digest.len());
        if expected != found {
            return Err(Error::argument(ErrorKind::WrongLength { expected, found }));
        }
        Ok(Self { algorithm, digest })
    }

    /// Reads a DigestInfo. The parameters are NULL: RFC 8017 §B.1 leaves the choice to other
    /// identifiers of hash functions, but not to those in what is signed, where a second form
    /// would be one more thing to forge.
    ///
    /// # Errors
    /// When `der` is not exactly that, or the hash function is not in the table.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, |reader| {
            reader.sequence(|info| {
                let algorithm = info.sequence(|algorithm| {
                    let digest = Digest::read(algorithm)?;
                    algorithm.null()?;
                    Ok(digest)
                })?;
                let position = info.position();
                Self::new(algorithm, info.octet_string()?)
                    .map_err(|error| Error::at(position, error.kind()))
            })
        })
    }

    /// The DigestInfo in DER.
    ///
    /// # Errors
    /// When the encoder refuses it.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        der::encode(&DigestInfoSchema {
            digest_algorithm: DigestAlgorithm {
                algorithm: der::ObjectIdentifier::oid(self.algorithm.oid()),
                parameters: der::Null::null(),
            },
            digest: der::OctetString::octets(self.digest),
        })
    }

    /// The hash function.
    #[must_use]
    pub const fn algorithm(&self) -> Digest {
        self.algorithm
    }

    /// The hash.
    #[must_use]
    pub const fn digest(&self) -> &'a [u8] {
        self.digest
    }
}

/// RFC 8017 §A.2.4:
///
/// ```text
/// DigestInfo ::= SEQUENCE {
///     digestAlgorithm DigestAlgorithm,
///     digest OCTET STRING
/// }
/// ```
#[derive(AsnType, Encode)]
struct DigestInfoSchema<'a> {
    digest_algorithm: DigestAlgorithm,
    digest: der::OctetString<'a>,
}

/// RFC 8017 §A.2.4, whose `PKCS1-v1-5DigestAlgorithms` all have NULL parameters:
///
/// ```text
/// DigestAlgorithm ::= AlgorithmIdentifier { {PKCS1-v1-5DigestAlgorithms} }
/// ```
#[derive(AsnType, Encode)]
struct DigestAlgorithm {
    algorithm: der::ObjectIdentifier<'static>,
    parameters: der::Null,
}
