//! Key agreement.

use super::typed::{packed, typed};
use super::{Context, IntoMechanism, Mechanism};
use crate::{Kdf, MechanismType, PrivateKey, PublicKey, Result};

/// Elliptic-curve Diffie-Hellman (`CKM_ECDH1_DERIVE`, `CKM_ECDH1_COFACTOR_DERIVE`,
/// PKCS#11 §6.3.17, §6.3.18).
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
    /// Whether the secret is multiplied by the curve's cofactor.
    pub cofactor: bool,
}

impl<'a> Ecdh1<'a> {
    /// With the other party's point, and no KDF.
    #[must_use]
    pub const fn new(point: &'a [u8]) -> Self {
        Self { point, kdf: Kdf::NULL, shared: &[], cofactor: false }
    }

    /// With the secret multiplied by the curve's cofactor.
    #[must_use]
    pub const fn cofactor(mut self) -> Self {
        self.cofactor = true;
        self
    }

    /// With a KDF and the data that both parties feed to it.
    #[must_use]
    pub const fn kdf(mut self, kdf: Kdf, shared: &'a [u8]) -> Self {
        self.kdf = kdf;
        self.shared = shared;
        self
    }
}

packed!(Ecdh1<'a>, |m| ecdh1(m.cofactor));

const fn ecdh1(cofactor: bool) -> MechanismType {
    if cofactor { MechanismType::ECDH1_COFACTOR_DERIVE } else { MechanismType::ECDH1_DERIVE }
}

typed! {
    /// Encapsulation by elliptic-curve Diffie-Hellman (`CKM_ECDH1_DERIVE`,
    /// `CKM_ECDH1_COFACTOR_DERIVE`, PKCS#11 §6.3.17, §6.3.18): the other party's point is in
    /// the key or in the ciphertext.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct EcdhKem<'a> {}
    with {
        /// What makes a key of the shared secret.
        pub kdf: Kdf = Kdf::NULL,
        /// Data that both parties feed to the KDF.
        pub shared: &'a [u8] = &[],
        /// Whether the secret is multiplied by the curve's cofactor.
        pub cofactor: bool = false,
    }
    |m| ecdh1(m.cofactor)
}

typed! {
    /// Elliptic-curve key agreement with two key pairs of each party, as modules take it that
    /// follow the older struct (`CK_ECDH2_DERIVE_PARAMS` of `CKM_ECMQV_DERIVE`,
    /// PKCS#11 §6.3.16). See [`EcMqv`].
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Ecdh2<'a> {
        /// The other party's first point, as in [`Ecdh1`].
        pub point: &'a [u8],
        /// The other party's second point.
        pub second_point: &'a [u8],
        /// Our second private key.
        pub second_key: &'a PrivateKey,
        /// The length of our second private key in bytes.
        pub second_key_length: usize,
    }
    with {
        /// What makes a key of the shared secret.
        pub kdf: Kdf = Kdf::NULL,
        /// Data that both parties feed to the KDF.
        pub shared: &'a [u8] = &[],
    }
    |_m| MechanismType::ECMQV_DERIVE
}

typed! {
    /// Elliptic-curve Menezes-Qu-Vanstone (`CKM_ECMQV_DERIVE`, PKCS#11 §6.3.19).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct EcMqv<'a> {
        /// The other party's first point, as in [`Ecdh1`].
        pub point: &'a [u8],
        /// The other party's second point.
        pub second_point: &'a [u8],
        /// Our second private key.
        pub second_key: &'a PrivateKey,
        /// The length of our second private key in bytes.
        pub second_key_length: usize,
        /// Our ephemeral public key.
        pub ephemeral: &'a PublicKey,
    }
    with {
        /// What makes a key of the shared secret.
        pub kdf: Kdf = Kdf::NULL,
        /// Data that both parties feed to the KDF.
        pub shared: &'a [u8] = &[],
    }
    |_m| MechanismType::ECMQV_DERIVE
}

/// The agreement by which [`EcdhAesKeyWrap`] makes its AES key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EcdhWrap {
    /// Without cofactor, on any curve (`CKM_ECDH_AES_KEY_WRAP`, deprecated since 3.2).
    Plain,
    /// With cofactor, on Weierstrass curves (`CKM_ECDH_COF_AES_KEY_WRAP`).
    #[default]
    Cofactor,
    /// On X25519 and X448 (`CKM_ECDH_X_AES_KEY_WRAP`).
    Montgomery,
}

typed! {
    /// Wrapping of keys of any length by an AES key that is agreed upon with a fresh key pair
    /// (`CKM_ECDH_COF_AES_KEY_WRAP` and its kin, PKCS#11 §6.3.20 to §6.3.22).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct EcdhAesKeyWrap<'a> {
        /// The agreement.
        pub agreement: EcdhWrap,
        /// The length of the AES key in bits: 128, 192 or 256.
        pub aes_bits: usize,
        /// What makes the AES key of the shared secret.
        pub kdf: Kdf,
    }
    with {
        /// Data that both parties feed to the KDF.
        pub shared: &'a [u8] = &[],
    }
    |m| match m.agreement {
        EcdhWrap::Plain => MechanismType::ECDH_AES_KEY_WRAP,
        EcdhWrap::Cofactor => MechanismType::ECDH_COF_AES_KEY_WRAP,
        EcdhWrap::Montgomery => MechanismType::ECDH_X_AES_KEY_WRAP,
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

typed! {
    /// X9.42 Diffie-Hellman (`CKM_X9_42_DH_DERIVE`, PKCS#11 §6.4.14). To encapsulate, the
    /// public value is empty: it is in the key or in the ciphertext.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct X942Dh<'a> {
        /// The other party's public value, big-endian.
        pub public_value: &'a [u8],
    }
    with {
        /// What makes a key of the shared secret: [`Kdf::NULL`], [`Kdf::SHA1_KDF_ASN1`] or
        /// [`Kdf::SHA1_KDF_CONCATENATE`].
        pub kdf: Kdf = Kdf::NULL,
        /// Data that both parties feed to the KDF; DER for [`Kdf::SHA1_KDF_ASN1`].
        pub other_info: &'a [u8] = &[],
    }
    |_m| MechanismType::X9_42_DH_DERIVE
}

typed! {
    /// X9.42 Diffie-Hellman with two key pairs of each party (`CKM_X9_42_DH_HYBRID_DERIVE`,
    /// PKCS#11 §6.4.15).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct X942DhHybrid<'a> {
        /// The other party's first public value, big-endian.
        pub public_value: &'a [u8],
        /// The other party's second public value, big-endian.
        pub second_public_value: &'a [u8],
        /// Our second private key.
        pub second_key: &'a PrivateKey,
        /// The length of our second private key in bytes.
        pub second_key_length: usize,
    }
    with {
        /// What makes a key of the shared secret, as in [`X942Dh`].
        pub kdf: Kdf = Kdf::NULL,
        /// Data that both parties feed to the KDF; DER for [`Kdf::SHA1_KDF_ASN1`].
        pub other_info: &'a [u8] = &[],
    }
    |_m| MechanismType::X9_42_DH_HYBRID_DERIVE
}

typed! {
    /// X9.42 Menezes-Qu-Vanstone (`CKM_X9_42_MQV_DERIVE`, PKCS#11 §6.4.16).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct X942Mqv<'a> {
        /// The other party's first public value, big-endian.
        pub public_value: &'a [u8],
        /// The other party's second public value, big-endian.
        pub second_public_value: &'a [u8],
        /// Our second private key.
        pub second_key: &'a PrivateKey,
        /// The length of our second private key in bytes.
        pub second_key_length: usize,
        /// Our ephemeral public key.
        pub ephemeral: &'a PublicKey,
    }
    with {
        /// What makes a key of the shared secret, as in [`X942Dh`].
        pub kdf: Kdf = Kdf::NULL,
        /// Data that both parties feed to the KDF; DER for [`Kdf::SHA1_KDF_ASN1`].
        pub other_info: &'a [u8] = &[],
    }
    |_m| MechanismType::X9_42_MQV_DERIVE
}
