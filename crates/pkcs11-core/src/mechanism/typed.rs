//! The mechanisms with parameters, each as a type with plain fields.

use pkcs11_sys::{
    CK_EC_KDF_TYPE, CKD_NULL, CKD_SHA1_KDF, CKD_SHA224_KDF, CKD_SHA256_KDF, CKD_SHA384_KDF,
    CKD_SHA512_KDF,
};

use super::{Context, IntoMechanism, Mechanism, Parameters};
use crate::hash::Hash;
use crate::{MechanismType, Result};

macro_rules! with_iv {
    ($($(#[$meta:meta])* $name:ident, $number:ident, $iv:literal;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<'a> {
            #[doc = concat!("The initialisation vector: ", stringify!($iv), " bytes.")]
            pub iv: &'a [u8; $iv],
        }

        impl<'a> $name<'a> {
            /// With this initialisation vector.
            #[must_use]
            pub const fn new(iv: &'a [u8; $iv]) -> Self {
                Self { iv }
            }
        }

        impl<'a> IntoMechanism<'a> for $name<'a> {
            fn into_mechanism(self, _: &Context<'_>) -> Result<Mechanism<'a>> {
                Ok(Mechanism::with_bytes(MechanismType::$number, self.iv))
            }
        }
    )*};
}

with_iv! {
    /// AES in CBC mode with PKCS#7 padding (`CKM_AES_CBC_PAD`, PKCS#11 §6.10.6).
    AesCbcPad, AES_CBC_PAD, 16;
    /// AES in CBC mode on whole blocks of 16 bytes (`CKM_AES_CBC`, PKCS#11 §6.10.5).
    AesCbc, AES_CBC, 16;
    /// Triple DES in CBC mode with PKCS#7 padding (`CKM_DES3_CBC_PAD`, PKCS#11 §6.18).
    DesCbcPad, DES3_CBC_PAD, 8;
}

/// AES in Galois/Counter Mode: encryption that also authenticates (`CKM_AES_GCM`,
/// PKCS#11 §6.13.2, NIST SP 800-38D).
///
/// The ciphertext ends with the tag; the nonce is not in it. Never use one nonce twice with one
/// key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AesGcm<'a> {
    /// The nonce: 12 bytes, unless another side wants another length.
    pub nonce: &'a [u8],
    /// Data that is authenticated and not encrypted.
    pub aad: &'a [u8],
    /// The length of the tag in bits: 128, 120, 112, 104 or 96.
    pub tag_bits: usize,
}

impl<'a> AesGcm<'a> {
    /// With this nonce, no additional data, and a tag of 128 bits.
    #[must_use]
    pub const fn new(nonce: &'a [u8]) -> Self {
        Self { nonce, aad: &[], tag_bits: 128 }
    }

    /// With additional authenticated data.
    #[must_use]
    pub const fn aad(mut self, aad: &'a [u8]) -> Self {
        self.aad = aad;
        self
    }

    /// With a tag of this many bits.
    #[must_use]
    pub const fn tag_bits(mut self, bits: usize) -> Self {
        self.tag_bits = bits;
        self
    }
}

impl<'a> IntoMechanism<'a> for AesGcm<'a> {
    fn into_mechanism(self, _: &Context<'_>) -> Result<Mechanism<'a>> {
        let Self { nonce: iv, aad, tag_bits } = self;
        let parameters = Parameters::Gcm { iv, aad, tag_bits };
        Ok(Mechanism::with_parameters(MechanismType::AES_GCM, parameters))
    }
}

/// AES in counter mode (`CKM_AES_CTR`, PKCS#11 §6.11, NIST SP 800-38A).
///
/// Never use one counter block twice with one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AesCtr {
    /// The first counter block.
    pub block: [u8; 16],
    /// How many bits at the end of the block count, 1 to 128.
    pub counter_bits: usize,
}

impl AesCtr {
    /// With this first counter block, of which the last 32 bits count.
    #[must_use]
    pub const fn new(block: [u8; 16]) -> Self {
        Self { block, counter_bits: 32 }
    }
}

impl<'a> IntoMechanism<'a> for AesCtr {
    fn into_mechanism(self, _: &Context<'_>) -> Result<Mechanism<'a>> {
        let Self { block, counter_bits } = self;
        let parameters = Parameters::Ctr { counter_bits, block };
        Ok(Mechanism::with_parameters(MechanismType::AES_CTR, parameters))
    }
}

/// RSA encryption with OAEP (`CKM_RSA_PKCS_OAEP`, PKCS#11 §6.1.8, RFC 8017 §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RsaOaep<'a> {
    /// The hash function.
    pub hash: Hash,
    /// The hash function of MGF1.
    pub mgf: Hash,
    /// The label, empty unless another side wants one.
    pub label: &'a [u8],
}

impl<'a> RsaOaep<'a> {
    /// With this hash function for both uses, and no label.
    #[must_use]
    pub const fn new(hash: Hash) -> Self {
        Self { hash, mgf: hash, label: &[] }
    }

    /// With a label.
    #[must_use]
    pub const fn label(mut self, label: &'a [u8]) -> Self {
        self.label = label;
        self
    }
}

impl<'a> From<RsaOaep<'a>> for Mechanism<'a> {
    fn from(RsaOaep { hash, mgf, label }: RsaOaep<'a>) -> Self {
        let parameters = Parameters::Oaep { hash, mgf, label };
        Self::with_parameters(MechanismType::RSA_PKCS_OAEP, parameters)
    }
}

impl<'a> IntoMechanism<'a> for RsaOaep<'a> {
    fn into_mechanism(self, _: &Context<'_>) -> Result<Mechanism<'a>> {
        Ok(self.into())
    }
}

/// RSA signatures with PSS (`CKM_SHA256_RSA_PKCS_PSS` and its kin, PKCS#11 §6.1.15,
/// RFC 8017 §8.1). The token hashes the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RsaPss {
    /// The hash function, of the data and of MGF1.
    pub hash: Hash,
    /// The length of the salt in bytes.
    pub salt_length: usize,
}

impl RsaPss {
    /// With this hash function and a salt as long as its digest.
    #[must_use]
    pub const fn new(hash: Hash) -> Self {
        Self { hash, salt_length: hash.length() }
    }

    /// With a salt of this many bytes.
    #[must_use]
    pub const fn salt_length(mut self, bytes: usize) -> Self {
        self.salt_length = bytes;
        self
    }

    const fn number(self) -> MechanismType {
        match self.hash {
            Hash::Sha1 => MechanismType::SHA1_RSA_PKCS_PSS,
            Hash::Sha224 => MechanismType::SHA224_RSA_PKCS_PSS,
            Hash::Sha256 => MechanismType::SHA256_RSA_PKCS_PSS,
            Hash::Sha384 => MechanismType::SHA384_RSA_PKCS_PSS,
            Hash::Sha512 => MechanismType::SHA512_RSA_PKCS_PSS,
        }
    }
}

impl<'a> IntoMechanism<'a> for RsaPss {
    fn into_mechanism(self, _: &Context<'_>) -> Result<Mechanism<'a>> {
        let Self { hash, salt_length } = self;
        let parameters = Parameters::Pss { hash, mgf: hash, salt_length };
        Ok(Mechanism::with_parameters(self.number(), parameters))
    }
}

/// ECDSA on the digest of a message (`CKM_ECDSA_SHA256` and its kin, PKCS#11 §6.3.1,
/// FIPS 186-5). Where the token signs digests only, the message is hashed here, which gives
/// the same signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ecdsa {
    /// The hash function.
    pub hash: Hash,
}

impl Ecdsa {
    /// With this hash function.
    #[must_use]
    pub const fn new(hash: Hash) -> Self {
        Self { hash }
    }

    const fn number(self) -> MechanismType {
        match self.hash {
            Hash::Sha1 => MechanismType::ECDSA_SHA1,
            Hash::Sha224 => MechanismType::ECDSA_SHA224,
            Hash::Sha256 => MechanismType::ECDSA_SHA256,
            Hash::Sha384 => MechanismType::ECDSA_SHA384,
            Hash::Sha512 => MechanismType::ECDSA_SHA512,
        }
    }
}

impl<'a> IntoMechanism<'a> for Ecdsa {
    fn into_mechanism(self, context: &Context<'_>) -> Result<Mechanism<'a>> {
        if context.offers(self.number())? {
            return Ok(Mechanism::new(self.number()));
        }
        Ok(Mechanism::new(MechanismType::ECDSA).prehashed(self.hash))
    }
}

/// Edwards-curve signatures (`CKM_EDDSA`, PKCS#11 §6.3.14, RFC 8032).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EdDsa<'a> {
    /// Whether the data is hashed first (Ed25519ph, Ed448ph).
    pub prehash: bool,
    /// The context, at most 255 bytes; Ed448 always has one, if empty.
    pub context: Option<&'a [u8]>,
}

impl<'a> EdDsa<'a> {
    /// Plain: Ed25519, or Ed448 with an empty context.
    #[must_use]
    pub const fn new() -> Self {
        Self { prehash: false, context: None }
    }

    /// With a context (Ed25519ctx, Ed448).
    #[must_use]
    pub const fn context(mut self, context: &'a [u8]) -> Self {
        self.context = Some(context);
        self
    }

    /// Of the hash of the data (Ed25519ph, Ed448ph).
    #[must_use]
    pub const fn prehashed(mut self) -> Self {
        self.prehash = true;
        self
    }
}

impl<'a> IntoMechanism<'a> for EdDsa<'a> {
    fn into_mechanism(self, _: &Context<'_>) -> Result<Mechanism<'a>> {
        let parameters = match self {
            Self { prehash: false, context: None } => Parameters::Nothing,
            Self { prehash, context } => {
                Parameters::EdDsa { prehash, context: context.unwrap_or(&[]) }
            }
        };
        Ok(Mechanism::with_parameters(MechanismType::EDDSA, parameters))
    }
}

/// What makes a key of the shared secret (`CK_EC_KDF_TYPE`, PKCS#11 §6.3.16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kdf {
    /// Nothing: the first bytes of the shared secret are the key.
    #[default]
    Null,
    /// ANSI X9.63 with this hash function.
    X963(Hash),
}

impl Kdf {
    pub(crate) const fn number(self) -> CK_EC_KDF_TYPE {
        match self {
            Self::Null => CKD_NULL,
            Self::X963(Hash::Sha1) => CKD_SHA1_KDF,
            Self::X963(Hash::Sha224) => CKD_SHA224_KDF,
            Self::X963(Hash::Sha256) => CKD_SHA256_KDF,
            Self::X963(Hash::Sha384) => CKD_SHA384_KDF,
            Self::X963(Hash::Sha512) => CKD_SHA512_KDF,
        }
    }
}

/// Elliptic-curve Diffie-Hellman (`CKM_ECDH1_DERIVE`, PKCS#11 §6.3.17).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ecdh1<'a> {
    /// The other party's point as [`PublicKey::ec_point`](crate::PublicKey::ec_point) gives it:
    /// 04, x, y, or the bare bytes of X25519 and X448. What the token wants around it is known
    /// from its quirks.
    pub point: &'a [u8],
    /// What makes a key of the shared secret.
    pub kdf: Kdf,
    /// Data that both parties feed to the KDF.
    pub shared: &'a [u8],
}

impl<'a> Ecdh1<'a> {
    /// With the other party's point, and no KDF.
    #[must_use]
    pub const fn new(point: &'a [u8]) -> Self {
        Self { point, kdf: Kdf::Null, shared: &[] }
    }

    /// With a KDF and the data that both parties feed to it.
    #[must_use]
    pub const fn kdf(mut self, kdf: Kdf, shared: &'a [u8]) -> Self {
        self.kdf = kdf;
        self.shared = shared;
        self
    }
}

impl<'a> IntoMechanism<'a> for Ecdh1<'a> {
    fn into_mechanism(self, context: &Context<'_>) -> Result<Mechanism<'a>> {
        let Self { point, kdf, shared } = self;
        let point = context.quirks().ecdh_point.encode(point)?;
        let parameters = Parameters::Ecdh1 { kdf, shared, point };
        Ok(Mechanism::with_parameters(MechanismType::ECDH1_DERIVE, parameters))
    }
}

/// Diffie-Hellman (`CKM_DH_PKCS_DERIVE`, PKCS#11 §6.4.10, PKCS#3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DhDerive<'a> {
    /// The other party's public value, big-endian.
    pub public_value: &'a [u8],
}

impl<'a> DhDerive<'a> {
    /// With the other party's public value, big-endian.
    #[must_use]
    pub const fn new(public_value: &'a [u8]) -> Self {
        Self { public_value }
    }
}

impl<'a> IntoMechanism<'a> for DhDerive<'a> {
    fn into_mechanism(self, _: &Context<'_>) -> Result<Mechanism<'a>> {
        Ok(Mechanism::with_bytes(MechanismType::DH_PKCS_DERIVE, self.public_value))
    }
}
