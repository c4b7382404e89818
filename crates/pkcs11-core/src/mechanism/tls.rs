//! TLS up to 1.2 (PKCS#11 §6.40).

use super::derived::PrfOutput;
use super::typed::{packed, typed};
use crate::hash::Hash;
pub use crate::raw::TlsKeys;
use crate::{MechanismType, Version};

/// The pseudo-random function of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsPrf {
    /// That of TLS 1.0 and 1.1, with MD5 and SHA-1 (RFC 2246 §5).
    Tls10,
    /// That of TLS 1.2, with this hash function (RFC 5246 §5).
    Tls12(Hash),
}

impl TlsPrf {
    pub(crate) const fn mechanism(self) -> MechanismType {
        match self {
            Self::Tls10 => MechanismType::TLS_PRF,
            Self::Tls12(hash) => hash.mechanism(),
        }
    }
}

typed! {
    /// The master secret of TLS 1.2 (`CKM_TLS12_MASTER_KEY_DERIVE`, and the same with `_DH`,
    /// RFC 5246 §8.1).
    #[derive(Debug)]
    pub struct Tls12MasterKey<'a> {
        /// The hash function of the pseudo-random function.
        pub hash: Hash,
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
    |m| match m.version {
        Some(_) => MechanismType::TLS12_MASTER_KEY_DERIVE,
        None => MechanismType::TLS12_MASTER_KEY_DERIVE_DH,
    }
}

typed! {
    /// The extended master secret of TLS 1.2 (`CKM_TLS12_EXTENDED_MASTER_KEY_DERIVE`, and the
    /// same with `_DH`, PKCS#11 3.2, RFC 7627).
    #[derive(Debug)]
    pub struct Tls12ExtendedMasterKey<'a> {
        /// The hash function of the pseudo-random function.
        pub hash: Hash,
        /// The hash of the handshake so far.
        pub session_hash: &'a [u8],
    }
    with {
        /// Where the module writes the client's version, which the pre-master secret of RSA
        /// cipher suites holds; `None` for Diffie-Hellman.
        pub version: Option<&'a mut Version> = None,
    }
    |m| match m.version {
        Some(_) => MechanismType::TLS12_EXTENDED_MASTER_KEY_DERIVE,
        None => MechanismType::TLS12_EXTENDED_MASTER_KEY_DERIVE_DH,
    }
}

/// The keys and initialisation vectors of TLS 1.2 from the master secret
/// (`CKM_TLS12_KEY_AND_MAC_DERIVE`, `CKM_TLS12_KEY_SAFE_DERIVE`, RFC 5246 §6.3).
#[derive(Debug)]
pub struct Tls12KeyMaterial<'a> {
    /// The hash function of the pseudo-random function.
    pub hash: Hash,
    /// The client's random bytes.
    pub client_random: &'a [u8],
    /// The server's random bytes.
    pub server_random: &'a [u8],
    /// The length of each MAC key in bits; 0 where the cipher authenticates.
    pub mac_bits: usize,
    /// The length of each cipher key in bits.
    pub key_bits: usize,
    /// Whether the mechanism is the one that never gives initialisation vectors
    /// (`CKM_TLS12_KEY_SAFE_DERIVE`).
    pub safe: bool,
    /// Where the results go, and how long the initialisation vectors are.
    pub keys: &'a mut TlsKeys,
}

packed!(Tls12KeyMaterial<'a>, |m| if m.safe {
    MechanismType::TLS12_KEY_SAFE_DERIVE
} else {
    MechanismType::TLS12_KEY_AND_MAC_DERIVE
});

typed! {
    /// A key from the master secret, for a use of its own (`CKM_TLS_KDF`, RFC 5705).
    #[derive(Clone, Copy, Debug)]
    pub struct TlsKdf<'a> {
        /// The pseudo-random function.
        pub prf: TlsPrf,
        /// The label.
        pub label: &'a [u8],
        /// The client's random bytes.
        pub client_random: &'a [u8],
        /// The server's random bytes.
        pub server_random: &'a [u8],
    }
    with {
        /// The context, if the protocol has one.
        pub context: Option<&'a [u8]> = None,
        /// Whether the number is the deprecated one, `CKM_TLS12_KDF`.
        pub deprecated: bool = false,
    }
    |m| if m.deprecated { MechanismType::TLS12_KDF } else { MechanismType::TLS_KDF }
}

/// Whose "finished" message [`TlsMac`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsSide {
    /// The server's.
    Server,
    /// The client's.
    Client,
}

typed! {
    /// The check in the "finished" message (`CKM_TLS_MAC`, RFC 5246 §7.4.9).
    #[derive(Clone, Copy, Debug)]
    pub struct TlsMac {
        /// The pseudo-random function.
        pub prf: TlsPrf,
        /// Whose message it is.
        pub side: TlsSide,
    }
    with {
        /// The length in bytes: 12, unless TLS 1.2 has agreed on more.
        pub length: usize = 12,
        /// Whether the number is the deprecated one, `CKM_TLS12_MAC`.
        pub deprecated: bool = false,
    }
    |m| if m.deprecated { MechanismType::TLS12_MAC } else { MechanismType::TLS_MAC }
}

typed! {
    /// The pseudo-random function of TLS 1.0 and 1.1, whose result is bytes and no key
    /// (`CKM_TLS_PRF`, RFC 2246 §5).
    #[derive(Debug)]
    pub struct TlsPrfBytes<'a> {
        /// The seed.
        pub seed: &'a [u8],
        /// The label.
        pub label: &'a [u8],
        /// Where the result goes, and how long it shall be.
        pub output: &'a mut PrfOutput,
    }
    |_m| MechanismType::TLS_PRF
}
