//! One row for each key type.

use pkcs11_core::{Capabilities, Hash, KeyType, MechanismType};

/// What a key type gets where the caller names nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The key type.
    pub key_type: KeyType,
    /// Generates a key, or a key pair.
    pub generate: Option<MechanismType>,
    /// Generates domain parameters.
    pub parameters: Option<MechanismType>,
    /// Encrypts.
    pub encrypt: Option<Encrypt>,
    /// Signs, or makes a MAC.
    pub sign: Option<Sign>,
    /// Derives.
    pub derive: Option<Derive>,
    /// What its keys may do.
    pub capabilities: Capabilities,
}

/// A default for encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encrypt {
    /// With an initialisation vector that the caller gives.
    Iv(MechanismType),
    /// `CKM_RSA_PKCS_OAEP` with SHA-1 and no label: what every token and every other library
    /// understands without being told.
    Oaep,
}

/// A default for signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// The mechanism.
    pub mechanism: MechanismType,
    /// What comes to the same: this mechanism on the digest by this hash function, in a
    /// DigestInfo or plain.
    pub digest: Option<(Hash, MechanismType, bool)>,
}

/// A default for key derivation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derive {
    /// `CKM_ECDH1_DERIVE` without a KDF.
    Ecdh1,
    /// `CKM_DH_PKCS_DERIVE`.
    DhPkcs,
}

impl Row {
    /// The row of a key type.
    #[must_use]
    pub fn of(key_type: KeyType) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.key_type == key_type)
    }
}

const CIPHER: Capabilities = Capabilities::ENCRYPT
    .union(Capabilities::DECRYPT)
    .union(MAC)
    .union(Capabilities::WRAP)
    .union(Capabilities::UNWRAP);
const MAC: Capabilities = Capabilities::SIGN.union(Capabilities::VERIFY);

/// A row with nothing in it.
const fn row(key_type: KeyType, generate: MechanismType, capabilities: Capabilities) -> Row {
    Row {
        key_type,
        generate: Some(generate),
        parameters: None,
        encrypt: None,
        sign: None,
        derive: None,
        capabilities,
    }
}

const fn hmac(key_type: KeyType, generate: MechanismType, mechanism: MechanismType) -> Row {
    Row { sign: Some(Sign { mechanism, digest: None }), ..row(key_type, generate, MAC) }
}

/// The table.
pub const ROWS: &[Row] = &[
    Row {
        encrypt: Some(Encrypt::Iv(MechanismType::AES_CBC_PAD)),
        sign: Some(Sign { mechanism: MechanismType::AES_CMAC, digest: None }),
        ..row(KeyType::AES, MechanismType::AES_KEY_GEN, CIPHER)
    },
    Row {
        encrypt: Some(Encrypt::Iv(MechanismType::DES3_CBC_PAD)),
        sign: Some(Sign { mechanism: MechanismType::DES3_CMAC, digest: None }),
        ..row(KeyType::DES2, MechanismType::DES2_KEY_GEN, CIPHER)
    },
    Row {
        encrypt: Some(Encrypt::Iv(MechanismType::DES3_CBC_PAD)),
        sign: Some(Sign { mechanism: MechanismType::DES3_CMAC, digest: None }),
        ..row(KeyType::DES3, MechanismType::DES3_KEY_GEN, CIPHER)
    },
    hmac(
        KeyType::GENERIC_SECRET,
        MechanismType::GENERIC_SECRET_KEY_GEN,
        MechanismType::SHA256_HMAC,
    ),
    hmac(KeyType::SHA_1_HMAC, MechanismType::SHA_1_KEY_GEN, MechanismType::SHA_1_HMAC),
    hmac(KeyType::SHA224_HMAC, MechanismType::SHA224_KEY_GEN, MechanismType::SHA224_HMAC),
    hmac(KeyType::SHA256_HMAC, MechanismType::SHA256_KEY_GEN, MechanismType::SHA256_HMAC),
    hmac(KeyType::SHA384_HMAC, MechanismType::SHA384_KEY_GEN, MechanismType::SHA384_HMAC),
    hmac(KeyType::SHA512_HMAC, MechanismType::SHA512_KEY_GEN, MechanismType::SHA512_HMAC),
    Row {
        encrypt: Some(Encrypt::Oaep),
        sign: Some(Sign {
            mechanism: MechanismType::SHA512_RSA_PKCS,
            digest: Some((Hash::Sha512, MechanismType::RSA_PKCS, true)),
        }),
        ..row(KeyType::RSA, MechanismType::RSA_PKCS_KEY_PAIR_GEN, CIPHER)
    },
    Row {
        parameters: Some(MechanismType::DSA_PARAMETER_GEN),
        sign: Some(Sign {
            mechanism: MechanismType::DSA_SHA512,
            digest: Some((Hash::Sha512, MechanismType::DSA, false)),
        }),
        ..row(KeyType::DSA, MechanismType::DSA_KEY_PAIR_GEN, MAC)
    },
    Row {
        sign: Some(Sign {
            mechanism: MechanismType::ECDSA_SHA512,
            digest: Some((Hash::Sha512, MechanismType::ECDSA, false)),
        }),
        derive: Some(Derive::Ecdh1),
        ..row(KeyType::EC, MechanismType::EC_KEY_PAIR_GEN, MAC.union(Capabilities::DERIVE))
    },
    Row {
        sign: Some(Sign { mechanism: MechanismType::EDDSA, digest: None }),
        ..row(KeyType::EC_EDWARDS, MechanismType::EC_EDWARDS_KEY_PAIR_GEN, MAC)
    },
    Row {
        derive: Some(Derive::Ecdh1),
        ..row(
            KeyType::EC_MONTGOMERY,
            MechanismType::EC_MONTGOMERY_KEY_PAIR_GEN,
            Capabilities::DERIVE,
        )
    },
    Row {
        parameters: Some(MechanismType::DH_PKCS_PARAMETER_GEN),
        derive: Some(Derive::DhPkcs),
        ..row(KeyType::DH, MechanismType::DH_PKCS_KEY_PAIR_GEN, Capabilities::DERIVE)
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_type_has_one_row() {
        for (index, row) in ROWS.iter().enumerate() {
            assert!(ROWS[..index].iter().all(|other| other.key_type != row.key_type));
            assert_eq!(Row::of(row.key_type), Some(row));
        }
        assert_eq!(Row::of(KeyType::new(0x8000_0001)), None);
    }

    #[test]
    fn what_a_row_offers_its_keys_may_do() {
        for row in ROWS {
            let may = |capability| row.capabilities.contains(capability);
            assert!(row.encrypt.is_none() || may(Capabilities::ENCRYPT | Capabilities::DECRYPT));
            assert!(row.sign.is_none() || may(Capabilities::SIGN | Capabilities::VERIFY));
            assert_eq!(row.derive.is_some(), may(Capabilities::DERIVE), "{}", row.key_type);
        }
    }
}
