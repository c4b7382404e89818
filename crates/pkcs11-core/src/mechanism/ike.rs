//! Key derivation of IKE (PKCS#11 §6.64).

use super::typed::typed;
use crate::{MechanismType, SecretKey};

/// What [`IkePrf`] computes.
#[derive(Clone, Copy, Debug)]
pub enum IkeSeed<'a> {
    /// The nonces are the key of the pseudo-random function, and the base key is its data:
    /// SKEYSEED of IKEv2, SKEYID of IKEv1 with signatures.
    NoncesAsKey,
    /// The base key is the key, the nonces are the data: SKEYID with a pre-shared key.
    BaseKey,
    /// The base key is the key, and the value of a new key stands before the nonces: rekeying.
    Rekey(&'a SecretKey),
}

typed! {
    /// The first key of IKEv1 and IKEv2 (`CKM_IKE_PRF_DERIVE`, RFC 2409 §5, RFC 7296 §2.14).
    #[derive(Clone, Copy, Debug)]
    pub struct IkePrf<'a> {
        /// The pseudo-random function, a MAC.
        pub prf: MechanismType,
        /// What is computed.
        pub seed: IkeSeed<'a>,
        /// The initiator's nonce (Ni).
        pub initiator_nonce: &'a [u8],
        /// The responder's nonce (Nr).
        pub responder_nonce: &'a [u8],
    }
    |_m| MechanismType::IKE_PRF_DERIVE
}

typed! {
    /// The keys from SKEYID in IKEv1 (`CKM_IKE1_PRF_DERIVE`, RFC 2409 §5).
    #[derive(Clone, Copy, Debug)]
    pub struct Ike1Prf<'a> {
        /// The pseudo-random function, a MAC.
        pub prf: MechanismType,
        /// The shared secret of the Diffie-Hellman exchange, a generic secret.
        pub shared_secret: &'a SecretKey,
        /// The initiator's cookie (CKY-I).
        pub initiator_cookie: &'a [u8],
        /// The responder's cookie (CKY-R).
        pub responder_cookie: &'a [u8],
        /// Which key it is: 0 for SKEYID_d, 1 for SKEYID_a, 2 for SKEYID_e.
        pub number: u8,
    }
    with {
        /// The key derived before: SKEYID_d for SKEYID_a, SKEYID_a for SKEYID_e.
        pub previous_key: Option<&'a SecretKey> = None,
    }
    |_m| MechanismType::IKE1_PRF_DERIVE
}

typed! {
    /// Long keys in IKEv1 (`CKM_IKE1_EXTENDED_DERIVE`, RFC 2409 §5.5 and appendix B).
    #[derive(Clone, Copy, Debug)]
    pub struct Ike1Extended<'a> {
        /// The pseudo-random function, a MAC.
        pub prf: MechanismType,
    }
    with {
        /// The shared secret of another Diffie-Hellman exchange, a generic secret.
        pub shared_secret: Option<&'a SecretKey> = None,
        /// Further data.
        pub data: &'a [u8] = &[],
    }
    |_m| MechanismType::IKE1_EXTENDED_DERIVE
}

typed! {
    /// prf+ of IKEv2: one long key, from which the others are cut
    /// (`CKM_IKE2_PRF_PLUS_DERIVE`, RFC 7296 §2.13).
    #[derive(Clone, Copy, Debug)]
    pub struct Ike2PrfPlus<'a> {
        /// The pseudo-random function, a MAC.
        pub prf: MechanismType,
    }
    with {
        /// A key whose value stands before the seed.
        pub seed_key: Option<&'a SecretKey> = None,
        /// The seed.
        pub seed: &'a [u8] = &[],
    }
    |_m| MechanismType::IKE2_PRF_PLUS_DERIVE
}
