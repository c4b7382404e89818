//! WTLS, the TLS of the wireless application protocol (PKCS#11 §6.41).

use super::derived::PrfOutput;
use super::typed::{packed, typed};
use crate::MechanismType;
pub use crate::raw::WtlsKeys;

typed! {
    /// Generates the pre-master secret of RSA suites (`CKM_WTLS_PRE_MASTER_KEY_GEN`).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct WtlsPreMasterKey {
        /// The client's version.
        pub version: u8,
    }
    |_m| MechanismType::WTLS_PRE_MASTER_KEY_GEN
}

typed! {
    /// The master secret (`CKM_WTLS_MASTER_KEY_DERIVE`, `CKM_WTLS_MASTER_KEY_DERIVE_DH_ECC`).
    #[derive(Debug)]
    pub struct WtlsMasterKey<'a> {
        /// The digest mechanism.
        pub digest: MechanismType,
        /// The client's random bytes.
        pub client_random: &'a [u8],
        /// The server's random bytes.
        pub server_random: &'a [u8],
    }
    with {
        /// Where the module writes the client's version, which the pre-master secret of RSA
        /// suites holds; `None` for Diffie-Hellman and elliptic curves.
        pub version: Option<&'a mut u8> = None,
    }
    |m| match m.version {
        Some(_) => MechanismType::WTLS_MASTER_KEY_DERIVE,
        None => MechanismType::WTLS_MASTER_KEY_DERIVE_DH_ECC,
    }
}

typed! {
    /// The pseudo-random function, whose result is bytes and no key (`CKM_WTLS_PRF`).
    #[derive(Debug)]
    pub struct WtlsPrf<'a> {
        /// The digest mechanism.
        pub digest: MechanismType,
        /// The seed.
        pub seed: &'a [u8],
        /// The label.
        pub label: &'a [u8],
        /// Where the result goes, and how long it shall be.
        pub output: &'a mut PrfOutput,
    }
    |_m| MechanismType::WTLS_PRF
}

/// The keys and the initialisation vector of one side, from the master secret
/// (`CKM_WTLS_SERVER_KEY_AND_MAC_DERIVE`, `CKM_WTLS_CLIENT_KEY_AND_MAC_DERIVE`).
#[derive(Debug)]
pub struct WtlsKeyMaterial<'a> {
    /// Whether they are the server's.
    pub server: bool,
    /// The digest mechanism.
    pub digest: MechanismType,
    /// The client's random bytes.
    pub client_random: &'a [u8],
    /// The server's random bytes.
    pub server_random: &'a [u8],
    /// The length of the MAC key in bits.
    pub mac_bits: usize,
    /// The length of the cipher key in bits; before its expansion if it is for export.
    pub key_bits: usize,
    /// The sequence number of that side's records.
    pub sequence_number: u32,
    /// Whether the keys are for an export suite.
    pub export: bool,
    /// Where the results go, and how long the initialisation vector is.
    pub keys: &'a mut WtlsKeys,
}

packed!(WtlsKeyMaterial<'a>, |m| if m.server {
    MechanismType::WTLS_SERVER_KEY_AND_MAC_DERIVE
} else {
    MechanismType::WTLS_CLIENT_KEY_AND_MAC_DERIVE
});
