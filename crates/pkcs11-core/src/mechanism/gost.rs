//! GOST.

use super::typed::{typed, with_iv};
use super::{Context, IntoMechanism, Mechanism};
use crate::{Kdf, MechanismType, PrivateKey, Result};

with_iv! {
    /// GOST 28147-89 in the mode of the key's parameters (`CKM_GOST28147`, PKCS#11 §6.55).
    Gost28147, GOST28147, 8;
    /// The MAC of GOST 28147-89 (`CKM_GOST28147_MAC`, PKCS#11 §6.55).
    Gost28147Mac, GOST28147_MAC, 8;
    /// Wrapping of GOST 28147-89 keys by another (`CKM_GOST28147_KEY_WRAP`, PKCS#11 §6.55).
    Gost28147KeyWrap, GOST28147_KEY_WRAP, 8;
}

macro_rules! with_oid {
    ($($(#[$meta:meta])* $name:ident, $number:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<'a> {
            /// The DER of the object identifier of the hash function's parameters.
            pub oid: &'a [u8],
        }

        impl<'a> $name<'a> {
            /// With the parameters of this object identifier, in DER.
            #[must_use]
            pub const fn new(oid: &'a [u8]) -> Self {
                Self { oid }
            }
        }

        impl<'a> IntoMechanism<'a> for $name<'a> {
            fn into_mechanism(self, _: &Context<'_>) -> Result<Mechanism<'a>> {
                Ok(Mechanism::with_bytes(MechanismType::$number, self.oid))
            }
        }
    )*};
}

with_oid! {
    /// GOST R 34.11-94 (`CKM_GOSTR3411`, PKCS#11 §6.56), with other parameters than its own.
    Gostr3411, GOSTR3411;
    /// HMAC with GOST R 34.11-94 (`CKM_GOSTR3411_HMAC`, PKCS#11 §6.56), with other parameters
    /// than its own.
    Gostr3411Hmac, GOSTR3411_HMAC;
    /// GOST R 34.10-2001 of a message (`CKM_GOSTR3410_WITH_GOSTR3411`, PKCS#11 §6.57), hashed
    /// with other parameters than the key's.
    Gostr3410WithGostr3411, GOSTR3410_WITH_GOSTR3411;
}

typed! {
    /// Key agreement with GOST R 34.10-2001 (`CKM_GOSTR3410_DERIVE`, PKCS#11 §6.57,
    /// RFC 4357 §5.2).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Gostr3410Derive<'a> {
        /// The other party's public key: x and y, 32 bytes each, little-endian.
        pub public_value: &'a [u8; 64],
        /// The user keying material.
        pub ukm: &'a [u8; 8],
    }
    with {
        /// What follows: [`Kdf::NULL`] or [`Kdf::CPDIVERSIFY_KDF`].
        pub kdf: Kdf = Kdf::NULL,
    }
    |_m| MechanismType::GOSTR3410_DERIVE
}

typed! {
    /// Wrapping of GOST 28147-89 keys with GOST R 34.10-2001 (`CKM_GOSTR3410_KEY_WRAP`,
    /// PKCS#11 §6.57, RFC 4490 §5.2).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Gostr3410KeyWrap<'a> {}
    with {
        /// The DER of the object identifier of the cipher's parameters, where they are not the
        /// key's; only to wrap.
        pub oid: &'a [u8] = &[],
        /// The user keying material. Without it, wrapping makes one; unwrapping takes the one
        /// that came with the key.
        pub ukm: Option<&'a [u8; 8]> = None,
        /// The sender's key to wrap, the receiver's to unwrap. Without it, wrapping makes a
        /// key pair.
        pub key: Option<&'a PrivateKey> = None,
    }
    |_m| MechanismType::GOSTR3410_KEY_WRAP
}
