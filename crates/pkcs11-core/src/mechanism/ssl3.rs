//! SSL 3.0, and TLS 1.0 and 1.1, which take the same parameters (PKCS#11 §6.39).

use super::typed::{packed, typed};
use crate::raw::TlsKeys;
use crate::{MechanismType, Version};

/// The protocol of the elder mechanisms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SslProtocol {
    /// SSL 3.0.
    Ssl3,
    /// TLS 1.0 and 1.1.
    Tls10,
}

typed! {
    /// Generates the pre-master secret of RSA cipher suites (`CKM_SSL3_PRE_MASTER_KEY_GEN`,
    /// `CKM_TLS_PRE_MASTER_KEY_GEN`, PKCS#11 §6.39.3).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct PreMasterKey {
        /// The protocol.
        pub protocol: SslProtocol,
        /// The version that the client offers.
        pub version: Version,
    }
    |m| match m.protocol {
        SslProtocol::Ssl3 => MechanismType::SSL3_PRE_MASTER_KEY_GEN,
        SslProtocol::Tls10 => MechanismType::TLS_PRE_MASTER_KEY_GEN,
    }
}

typed! {
    /// The master secret from the pre-master secret (`CKM_SSL3_MASTER_KEY_DERIVE`,
    /// `CKM_TLS_MASTER_KEY_DERIVE`, and the same with `_DH`, PKCS#11 §6.39.4).
    #[derive(Debug)]
    pub struct Ssl3MasterKey<'a> {
        /// The protocol.
        pub protocol: SslProtocol,
        /// The client's random bytes.
        pub client_random: &'a [u8],
        /// The server's random bytes.
        pub server_random: &'a [u8],
    }
    with {
        /// Where the module writes the client's version, which the pre-master secret of RSA
        /// cipher suites holds; `None` for Diffie-Hellman.
        pub version: Option<&'a mut Version> = None,
    }
    |m| match (m.protocol, &m.version) {
        (SslProtocol::Ssl3, Some(_)) => MechanismType::SSL3_MASTER_KEY_DERIVE,
        (SslProtocol::Ssl3, None) => MechanismType::SSL3_MASTER_KEY_DERIVE_DH,
        (SslProtocol::Tls10, Some(_)) => MechanismType::TLS_MASTER_KEY_DERIVE,
        (SslProtocol::Tls10, None) => MechanismType::TLS_MASTER_KEY_DERIVE_DH,
    }
}

/// The keys and initialisation vectors from the master secret (`CKM_SSL3_KEY_AND_MAC_DERIVE`,
/// `CKM_TLS_KEY_AND_MAC_DERIVE`, PKCS#11 §6.39.6).
#[derive(Debug)]
pub struct Ssl3KeyMaterial<'a> {
    /// The protocol.
    pub protocol: SslProtocol,
    /// The client's random bytes.
    pub client_random: &'a [u8],
    /// The server's random bytes.
    pub server_random: &'a [u8],
    /// The length of each MAC key in bits.
    pub mac_bits: usize,
    /// The length of each cipher key in bits.
    pub key_bits: usize,
    /// Whether the keys are for an export cipher suite.
    pub export: bool,
    /// Where the results go, and how long the initialisation vectors are.
    pub keys: &'a mut TlsKeys,
}

packed!(Ssl3KeyMaterial<'a>, |m| match m.protocol {
    SslProtocol::Ssl3 => MechanismType::SSL3_KEY_AND_MAC_DERIVE,
    SslProtocol::Tls10 => MechanismType::TLS_KEY_AND_MAC_DERIVE,
});

/// The hash function of [`Ssl3Mac`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ssl3Hash {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
}

impl Ssl3Hash {
    pub(crate) const fn mac(self) -> MechanismType {
        match self {
            Self::Md5 => MechanismType::SSL3_MD5_MAC,
            Self::Sha1 => MechanismType::SSL3_SHA1_MAC,
        }
    }
}

typed! {
    /// The MAC of SSL 3.0 (`CKM_SSL3_MD5_MAC`, `CKM_SSL3_SHA1_MAC`, PKCS#11 §6.39.7,
    /// §6.39.8).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Ssl3Mac {
        /// The hash function.
        pub hash: Ssl3Hash,
        /// The length of the MAC in bytes, at most that of the digest; the standard says 4 to 8.
        pub length: usize,
    }
    |m| m.hash.mac()
}
