//! X3DH and the double ratchet.

use std::fmt;

use super::typed::{packed, typed};
use crate::{Kdf, MechanismType, Object, PrivateKey, PublicKey};

typed! {
    /// The initiator's side of X3DH (`CKM_X3DH_INITIALIZE`, PKCS#11 §6.5).
    ///
    /// The standard's struct has no lengths: the keys' curve tells them.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct X3dhInitiate<'a> {
        /// What makes a key of the shared secret.
        pub kdf: Kdf,
        /// The other party's identity key.
        pub peer_identity: &'a PublicKey,
        /// The other party's prekey.
        pub peer_prekey: &'a PublicKey,
        /// The other party's XEdDSA signature of its prekey: 64 bytes on X25519, 114 on X448.
        pub prekey_signature: &'a [u8],
        /// Our identity key.
        pub own_identity: &'a PrivateKey,
        /// Our ephemeral key.
        pub own_ephemeral: &'a PrivateKey,
    }
    with {
        /// The other party's one-time key, 32 or 56 bytes; empty if there is none.
        pub onetime_key: &'a [u8] = &[],
    }
    |_m| MechanismType::X3DH_INITIALIZE
}

typed! {
    /// The responder's side of X3DH (`CKM_X3DH_RESPOND`, PKCS#11 §6.5).
    ///
    /// The standard's struct has no lengths. The module gets a copy of each value, with zeros
    /// up to 128 bytes, so that none is read past its end.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct X3dhRespond<'a> {
        /// What makes a key of the shared secret.
        pub kdf: Kdf,
        /// What our identity key is known by; it may be the public key itself.
        pub identity_id: &'a [u8],
        /// What our prekey is known by.
        pub prekey_id: &'a [u8],
        /// The initiator's identity key.
        pub initiator_identity: &'a PublicKey,
        /// The initiator's ephemeral public key: 32 bytes on X25519, 56 on X448.
        pub initiator_ephemeral: &'a [u8],
    }
    with {
        /// What our one-time key is known by; empty if there is none.
        pub onetime_id: &'a [u8] = &[],
    }
    |_m| MechanismType::X3DH_RESPOND
}

/// The curve of a double ratchet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RatchetCurve {
    /// Curve25519.
    Curve25519,
    /// Curve448.
    Curve448,
}

/// The first key of a double ratchet, for the party that starts (`CKM_X2RATCHET_INITIALIZE`,
/// PKCS#11 §6.6).
#[derive(Clone, Copy)]
pub struct X2RatchetInitialize<'a> {
    /// The secret that X3DH agreed upon.
    pub shared_secret: &'a [u8; 32],
    /// The other party's prekey.
    pub peer_prekey: &'a PublicKey,
    /// The other party's identity key.
    pub peer_identity: &'a PublicKey,
    /// Our identity key.
    pub own_identity: &'a PublicKey,
    /// Whether the headers of messages are encrypted.
    pub encrypted_header: bool,
    /// The curve of the keys.
    pub curve: RatchetCurve,
    /// The mechanism that encrypts messages, one that authenticates too.
    pub aead: MechanismType,
    /// What makes the keys of the chains.
    pub kdf: Kdf,
}

packed!(X2RatchetInitialize<'a>, |_m| MechanismType::X2RATCHET_INITIALIZE);

/// The first key of a double ratchet, for the party that answers (`CKM_X2RATCHET_RESPOND`,
/// PKCS#11 §6.6).
#[derive(Clone, Copy)]
pub struct X2RatchetRespond<'a> {
    /// The secret that X3DH agreed upon.
    pub shared_secret: &'a [u8; 32],
    /// Our prekey.
    pub own_prekey: &'a Object,
    /// The initiator's identity key.
    pub initiator_identity: &'a PublicKey,
    /// Our identity key.
    pub own_identity: &'a PublicKey,
    /// Whether the headers of messages are encrypted.
    pub encrypted_header: bool,
    /// The curve of the keys.
    pub curve: RatchetCurve,
    /// The mechanism that encrypts messages, one that authenticates too.
    pub aead: MechanismType,
    /// What makes the keys of the chains.
    pub kdf: Kdf,
}

packed!(X2RatchetRespond<'a>, |_m| MechanismType::X2RATCHET_RESPOND);

/// Its name: it holds a secret.
impl fmt::Debug for X2RatchetInitialize<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("X2RatchetInitialize").finish_non_exhaustive()
    }
}

/// Its name: it holds a secret.
impl fmt::Debug for X2RatchetRespond<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("X2RatchetRespond").finish_non_exhaustive()
    }
}
