//! Parameters of RSASSA-PSS and RSAES-OAEP (RFC 8017 §A.2.1, §A.2.3; RFC 4055).
//!
//! The hash functions are those of [`Digest`]. SHAKE is not among them: with it, RSASSA-PSS is an
//! algorithm of its own without parameters (RFC 8702 §2), for which PKCS#11 has no mechanism.
//!
//! DER leaves default values out (X.690 §11.5), and one that is spelt out is refused, with one
//! exception: the trailerField of RSASSA-PSS, which AMD's VCEK certificates have. RFC 4055 §3.1
//! has verifiers read SHA-1 and MGF1 with SHA-1 spelt out as well; these are refused here all
//! the same. A certificate with them is read nevertheless: it shows its
//! [`AlgorithmIdentifier`] without a look at the parameters.

use alloc::vec::Vec;

use rasn::{AsnType, Encode, Encoder};

use crate::{
    Error, ErrorKind,
    algorithm::{AlgorithmIdentifier, AlgorithmIdentifierSchema, MGF1, P_SPECIFIED},
    der,
    digest_info::Digest,
    tlv::{self, Reader, Tag, Tlv},
};

const HASH: Tag = Tag::context_constructed(0);
const MASK_GENERATION: Tag = Tag::context_constructed(1);
const SALT_LENGTH: Tag = Tag::context_constructed(2);
const LABEL_SOURCE: Tag = Tag::context_constructed(2);
const TRAILER: Tag = Tag::context_constructed(3);

/// The salt length when none is written, in bytes.
const DEFAULT_SALT_LENGTH: u32 = 20;
/// trailerFieldBC, the only trailer there is.
const TRAILER_BC: u32 = 1;

/// A hash function as these parameters name it.
///
/// RFC 4055 §2.1 accepts an identifier with NULL and one without parameters, with one
/// meaning. They are different bytes, so which one stood there is kept; who asks for the
/// function alone compares [`digest`](Self::digest).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HashAlgorithm {
    /// The function.
    pub digest: Digest,
    /// Whether NULL stands behind its identifier, or nothing.
    pub null_parameters: bool,
}

impl HashAlgorithm {
    /// SHA-1 with NULL: what parameters mean that name no function.
    const DEFAULT: Self = Self { digest: Digest::SHA1, null_parameters: true };

    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.sequence(|algorithm| {
            let digest = Digest::read(algorithm)?;
            let null_parameters = !algorithm.is_empty();
            if null_parameters {
                algorithm.null()?;
            }
            Ok(Self { digest, null_parameters })
        })
    }

    fn schema(self) -> Result<AlgorithmIdentifierSchema<'static>, Error> {
        let parameters = self.null_parameters.then_some(&[0x05, 0x00][..]);
        AlgorithmIdentifier { oid: self.digest.oid(), parameters }.schema()
    }

    /// As an element that is left out when it has its default value (X.690 §11.5).
    fn optional_schema(self) -> Result<Option<AlgorithmIdentifierSchema<'static>>, Error> {
        (self != Self::DEFAULT).then(|| self.schema()).transpose()
    }

    /// MGF1 with this function, left out likewise.
    fn optional_mgf1_schema(self) -> Result<Option<AlgorithmIdentifierSchema<'static>>, Error> {
        if self == Self::DEFAULT {
            return Ok(None);
        }
        let hash = der::encode(&self.schema()?)?;
        AlgorithmIdentifierSchema::new(MGF1, Some(&hash)).map(Some)
    }
}

/// With NULL, as in the parameters that RFC 4055 §2.1 and §3.1 spell out; SHA-3 without (RFC
/// 9688 §2).
impl From<Digest> for HashAlgorithm {
    fn from(digest: Digest) -> Self {
        const SHA3: [Digest; 4] =
            [Digest::SHA3_224, Digest::SHA3_256, Digest::SHA3_384, Digest::SHA3_512];
        Self { digest, null_parameters: !SHA3.contains(&digest) }
    }
}

/// How RSASSA-PSS signs: what `CK_RSA_PKCS_PSS_PARAMS` holds.
///
/// ```
/// use pkcs11_codec::{digest_info::Digest, rsa_parameters::PssParameters};
///
/// let parameters = PssParameters::new(Digest::SHA256, 32);
/// let der = parameters.to_der()?;
/// assert_eq!(der.len(), 54);
/// assert_eq!(PssParameters::from_der(&der)?, parameters);
/// assert_eq!(PssParameters::from_der(&[0x30, 0x00])?.hash.digest, Digest::SHA1);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PssParameters {
    /// The function that hashes the message, `hashAlg`.
    pub hash: HashAlgorithm,
    /// The function in MGF1, `mgf`.
    pub mgf1_hash: HashAlgorithm,
    /// The size of the salt in bytes, `sLen`.
    pub salt_length: u32,
    /// Whether trailerField is written, with the one value it has.
    ///
    /// RFC 4055 §3.1 has it left out by those that sign, and read either way by those that
    /// verify. The meaning is the same and the bytes are not, so what stood there is kept.
    pub explicit_trailer: bool,
}

/// The values that the schema gives to what is not written: SHA-1 and a salt of 20 bytes.
impl Default for PssParameters {
    fn default() -> Self {
        let hash = HashAlgorithm::DEFAULT;
        let salt_length = DEFAULT_SALT_LENGTH;
        Self { hash, mgf1_hash: hash, salt_length, explicit_trailer: false }
    }
}

impl PssParameters {
    /// One function for message and MGF1, and a salt of so many bytes: RFC 8017 §9.1 means
    /// the size of the hash.
    #[must_use]
    pub fn new(digest: Digest, salt_length: u32) -> Self {
        let hash = HashAlgorithm::from(digest);
        Self { hash, mgf1_hash: hash, salt_length, explicit_trailer: false }
    }

    /// Reads RSASSA-PSS-params (RFC 8017 §A.2.3).
    ///
    /// # Errors
    /// When `der` is not exactly that: also when a value is written that is the default
    /// (X.690 §11.5), but for the trailer. When a hash function is not in the table, or the
    /// mask generation function is not MGF1.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        tlv::decode(der, Self::read)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.sequence(|parameters| {
            let Self { hash, mgf1_hash, salt_length, .. } = Self::default();
            let read_hash = |tlv: Tlv<'_>| tlv.nested(HashAlgorithm::read);
            let hash = parameters.or_default(HASH, hash, read_hash)?;
            let read_mgf1 = |tlv: Tlv<'_>| tlv.nested(read_mgf1);
            let mgf1_hash = parameters.or_default(MASK_GENERATION, mgf1_hash, read_mgf1)?;
            let read_length = |tlv: Tlv<'_>| tlv.nested(Reader::unsigned_u32);
            let salt_length = parameters.or_default(SALT_LENGTH, salt_length, read_length)?;
            let explicit_trailer = parameters.optional_nested(TRAILER, read_trailer)?.is_some();
            Ok(Self { hash, mgf1_hash, salt_length, explicit_trailer })
        })
    }

    /// The RSASSA-PSS-params in DER.
    ///
    /// # Errors
    /// When the encoder refuses them.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        der::encode(&RsassaPssParams {
            hash_algorithm: self.hash.optional_schema()?,
            mask_gen_algorithm: self.mgf1_hash.optional_mgf1_schema()?,
            salt_length: (self.salt_length != DEFAULT_SALT_LENGTH).then_some(self.salt_length),
            trailer_field: self.explicit_trailer.then_some(TRAILER_BC),
        })
    }
}

/// How RSAES-OAEP encrypts: what `CK_RSA_PKCS_OAEP_PARAMS` holds.
///
/// ```
/// use pkcs11_codec::{digest_info::Digest, rsa_parameters::OaepParameters};
///
/// let parameters = OaepParameters::new(Digest::SHA256, b"label");
/// let der = parameters.to_der()?;
/// assert_eq!(OaepParameters::from_der(&der)?, parameters);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OaepParameters<'a> {
    /// The function that hashes the label, `hashAlg`.
    pub hash: HashAlgorithm,
    /// The function in MGF1, `mgf`.
    pub mgf1_hash: HashAlgorithm,
    /// The label L, `pSourceData` of `CKZ_DATA_SPECIFIED`; mostly empty.
    pub label: &'a [u8],
}

/// The values that the schema gives to what is not written: SHA-1 and an empty label.
impl Default for OaepParameters<'_> {
    fn default() -> Self {
        let hash = HashAlgorithm::DEFAULT;
        Self { hash, mgf1_hash: hash, label: &[] }
    }
}

impl<'a> OaepParameters<'a> {
    /// One function for label and MGF1.
    #[must_use]
    pub fn new(digest: Digest, label: &'a [u8]) -> Self {
        Self { hash: digest.into(), mgf1_hash: digest.into(), label }
    }

    /// Reads RSAES-OAEP-params (RFC 8017 §A.2.1).
    ///
    /// # Errors
    /// When `der` is not exactly that: also when a value is written that is the default
    /// (X.690 §11.5). When a hash function is not in the table, the mask generation function
    /// is not MGF1, or the label has another source than these parameters.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, |reader| {
            reader.sequence(|parameters| {
                let Self { hash, mgf1_hash, label } = Self::default();
                Ok(Self {
                    hash: parameters
                        .or_default(HASH, hash, |tlv| tlv.nested(HashAlgorithm::read))?,
                    mgf1_hash: parameters
                        .or_default(MASK_GENERATION, mgf1_hash, |tlv| tlv.nested(read_mgf1))?,
                    label: parameters
                        .or_default(LABEL_SOURCE, label, |tlv| tlv.nested(read_label))?,
                })
            })
        })
    }

    /// The RSAES-OAEP-params in DER.
    ///
    /// # Errors
    /// When the encoder refuses them.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        let label = if self.label.is_empty() {
            None
        } else {
            let octets = der::encode(&der::OctetString::octets(self.label))?;
            Some(AlgorithmIdentifierSchema::new(P_SPECIFIED, Some(&octets))?)
        };
        der::encode(&RsaesOaepParams {
            hash_algorithm: self.hash.optional_schema()?,
            mask_gen_algorithm: self.mgf1_hash.optional_mgf1_schema()?,
            p_source_algorithm: label,
        })
    }
}

fn read_trailer(reader: &mut Reader<'_>) -> Result<(), Error> {
    let unknown = reader.error(ErrorKind::UnknownTrailer);
    match reader.unsigned_u32()? {
        TRAILER_BC => Ok(()),
        _ => Err(unknown),
    }
}

fn read_mgf1(reader: &mut Reader<'_>) -> Result<HashAlgorithm, Error> {
    reader.sequence(|function| {
        let unknown = function.error(ErrorKind::UnknownMaskGeneration);
        if function.oid()? != MGF1 {
            return Err(unknown);
        }
        HashAlgorithm::read(function)
    })
}

fn read_label<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Error> {
    reader.sequence(|source| {
        let unknown = source.error(ErrorKind::UnknownLabelSource);
        if source.oid()? != P_SPECIFIED {
            return Err(unknown);
        }
        source.octet_string()
    })
}

/// RFC 8017 §A.2.3:
///
/// ```text
/// RSASSA-PSS-params ::= SEQUENCE {
///     hashAlgorithm      [0] HashAlgorithm      DEFAULT sha1,
///     maskGenAlgorithm   [1] MaskGenAlgorithm   DEFAULT mgf1SHA1,
///     saltLength         [2] INTEGER            DEFAULT 20,
///     trailerField       [3] TrailerField       DEFAULT trailerFieldBC
/// }
/// ```
#[derive(AsnType, Encode)]
struct RsassaPssParams {
    #[rasn(tag(explicit(0)))]
    hash_algorithm: Option<AlgorithmIdentifierSchema<'static>>,
    #[rasn(tag(explicit(1)))]
    mask_gen_algorithm: Option<AlgorithmIdentifierSchema<'static>>,
    #[rasn(tag(explicit(2)))]
    salt_length: Option<u32>,
    #[rasn(tag(explicit(3)))]
    trailer_field: Option<u32>,
}

/// RFC 8017 §A.2.1:
///
/// ```text
/// RSAES-OAEP-params ::= SEQUENCE {
///     hashAlgorithm      [0] HashAlgorithm     DEFAULT sha1,
///     maskGenAlgorithm   [1] MaskGenAlgorithm  DEFAULT mgf1SHA1,
///     pSourceAlgorithm   [2] PSourceAlgorithm  DEFAULT pSpecifiedEmpty
/// }
/// ```
#[derive(AsnType, Encode)]
struct RsaesOaepParams {
    #[rasn(tag(explicit(0)))]
    hash_algorithm: Option<AlgorithmIdentifierSchema<'static>>,
    #[rasn(tag(explicit(1)))]
    mask_gen_algorithm: Option<AlgorithmIdentifierSchema<'static>>,
    #[rasn(tag(explicit(2)))]
    p_source_algorithm: Option<AlgorithmIdentifierSchema<'static>>,
}
