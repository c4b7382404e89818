//! The rows.

use pkcs11_core::{Capabilities, Hash, KeyType, MechanismType};

use super::{DefaultParameter, Derive, Encrypt, Equivalent, Row, Sign, Wrap};

const CRYPT: Capabilities = Capabilities::ENCRYPT.union(Capabilities::DECRYPT);
const MAC: Capabilities = Capabilities::SIGN.union(Capabilities::VERIFY);
const WRAP: Capabilities = Capabilities::WRAP.union(Capabilities::UNWRAP);
const KEM: Capabilities = Capabilities::ENCAPSULATE.union(Capabilities::DECAPSULATE);
const CIPHER: Capabilities = CRYPT.union(MAC).union(WRAP);

/// A row without mechanisms.
const fn row(key_type: KeyType, capabilities: Capabilities) -> Row {
    Row {
        key_type,
        generate: None,
        parameters: None,
        encrypt: None,
        sign: None,
        wrap: None,
        derive: None,
        encapsulate: None,
        capabilities,
    }
}

/// A row of a type whose keys this mechanism generates.
const fn made(key_type: KeyType, generate: MechanismType, capabilities: Capabilities) -> Row {
    Row { generate: Some(generate), ..row(key_type, capabilities) }
}

const fn sign(mechanism: MechanismType) -> Option<Sign> {
    same(mechanism, &[])
}

const fn same(mechanism: MechanismType, equivalents: &'static [Equivalent]) -> Option<Sign> {
    Some(Sign { mechanism, equivalents, verifies_only: false })
}

const fn verify(mechanism: MechanismType) -> Option<Sign> {
    Some(Sign { mechanism, equivalents: &[], verifies_only: true })
}

/// Keys of an HMAC.
const fn hmac(key_type: KeyType, generate: MechanismType, mechanism: MechanismType) -> Row {
    Row { sign: sign(mechanism), ..made(key_type, generate, MAC) }
}

/// Keys of an HMAC of the past, which no mechanism generates: for MACs that exist.
const fn old_hmac(key_type: KeyType, mechanism: MechanismType) -> Row {
    Row { sign: sign(mechanism), ..row(key_type, MAC) }
}

/// A block cipher other than AES: its CBC-MAC is no default, since it is safe for messages of one
/// length only.
const fn cipher(key_type: KeyType, generate: MechanismType, cbc_pad: MechanismType) -> Row {
    Row {
        encrypt: Some(Encrypt::Iv(cbc_pad)),
        wrap: Some(Wrap::Iv(cbc_pad)),
        ..made(key_type, generate, CRYPT.union(WRAP))
    }
}

const fn des3(key_type: KeyType, generate: MechanismType) -> Row {
    Row {
        encrypt: Some(Encrypt::Iv(MechanismType::DES3_CBC_PAD)),
        sign: sign(MechanismType::DES3_CMAC),
        wrap: Some(Wrap::Plain(MechanismType::DES3_ECB)),
        ..made(key_type, generate, CIPHER)
    }
}

/// Signs by this mechanism a SHA-512 digest made here.
const fn sha512(mechanism: MechanismType, digest_info: bool) -> Equivalent {
    Equivalent { mechanism, hash: Hash::Sha512, digest_info }
}

/// The table.
pub const ROWS: &[Row] = &[
    Row {
        encrypt: Some(Encrypt::Iv(MechanismType::AES_CBC_PAD)),
        sign: sign(MechanismType::AES_CMAC),
        wrap: Some(Wrap::Kwp),
        ..made(KeyType::AES, MechanismType::AES_KEY_GEN, CIPHER)
    },
    des3(KeyType::DES2, MechanismType::DES2_KEY_GEN),
    des3(KeyType::DES3, MechanismType::DES3_KEY_GEN),
    cipher(KeyType::CAMELLIA, MechanismType::CAMELLIA_KEY_GEN, MechanismType::CAMELLIA_CBC_PAD),
    cipher(KeyType::ARIA, MechanismType::ARIA_KEY_GEN, MechanismType::ARIA_CBC_PAD),
    cipher(KeyType::SEED, MechanismType::SEED_KEY_GEN, MechanismType::SEED_CBC_PAD),
    Row {
        encrypt: Some(Encrypt::ChaCha20Poly1305),
        ..made(KeyType::CHACHA20, MechanismType::CHACHA20_KEY_GEN, CRYPT)
    },
    Row {
        sign: sign(MechanismType::POLY1305),
        ..made(KeyType::POLY1305, MechanismType::POLY1305_KEY_GEN, MAC)
    },
    Row {
        sign: sign(MechanismType::SHA256_HMAC),
        ..made(
            KeyType::GENERIC_SECRET,
            MechanismType::GENERIC_SECRET_KEY_GEN,
            MAC.union(Capabilities::DERIVE),
        )
    },
    made(KeyType::HKDF, MechanismType::HKDF_KEY_GEN, Capabilities::DERIVE),
    old_hmac(KeyType::MD5_HMAC, MechanismType::MD5_HMAC),
    old_hmac(KeyType::RIPEMD128_HMAC, MechanismType::RIPEMD128_HMAC),
    old_hmac(KeyType::RIPEMD160_HMAC, MechanismType::RIPEMD160_HMAC),
    hmac(KeyType::SHA_1_HMAC, MechanismType::SHA_1_KEY_GEN, MechanismType::SHA_1_HMAC),
    hmac(KeyType::SHA224_HMAC, MechanismType::SHA224_KEY_GEN, MechanismType::SHA224_HMAC),
    hmac(KeyType::SHA256_HMAC, MechanismType::SHA256_KEY_GEN, MechanismType::SHA256_HMAC),
    hmac(KeyType::SHA384_HMAC, MechanismType::SHA384_KEY_GEN, MechanismType::SHA384_HMAC),
    hmac(KeyType::SHA512_HMAC, MechanismType::SHA512_KEY_GEN, MechanismType::SHA512_HMAC),
    hmac(
        KeyType::SHA512_224_HMAC,
        MechanismType::SHA512_224_KEY_GEN,
        MechanismType::SHA512_224_HMAC,
    ),
    hmac(
        KeyType::SHA512_256_HMAC,
        MechanismType::SHA512_256_KEY_GEN,
        MechanismType::SHA512_256_HMAC,
    ),
    hmac(KeyType::SHA3_224_HMAC, MechanismType::SHA3_224_KEY_GEN, MechanismType::SHA3_224_HMAC),
    hmac(KeyType::SHA3_256_HMAC, MechanismType::SHA3_256_KEY_GEN, MechanismType::SHA3_256_HMAC),
    hmac(KeyType::SHA3_384_HMAC, MechanismType::SHA3_384_KEY_GEN, MechanismType::SHA3_384_HMAC),
    hmac(KeyType::SHA3_512_HMAC, MechanismType::SHA3_512_KEY_GEN, MechanismType::SHA3_512_HMAC),
    hmac(
        KeyType::BLAKE2B_160_HMAC,
        MechanismType::BLAKE2B_160_KEY_GEN,
        MechanismType::BLAKE2B_160_HMAC,
    ),
    hmac(
        KeyType::BLAKE2B_256_HMAC,
        MechanismType::BLAKE2B_256_KEY_GEN,
        MechanismType::BLAKE2B_256_HMAC,
    ),
    hmac(
        KeyType::BLAKE2B_384_HMAC,
        MechanismType::BLAKE2B_384_KEY_GEN,
        MechanismType::BLAKE2B_384_HMAC,
    ),
    hmac(
        KeyType::BLAKE2B_512_HMAC,
        MechanismType::BLAKE2B_512_KEY_GEN,
        MechanismType::BLAKE2B_512_HMAC,
    ),
    Row {
        encrypt: Some(Encrypt::Oaep),
        sign: same(MechanismType::SHA512_RSA_PKCS, &[sha512(MechanismType::RSA_PKCS, true)]),
        wrap: Some(Wrap::Oaep),
        ..made(KeyType::RSA, MechanismType::RSA_PKCS_KEY_PAIR_GEN, CIPHER)
    },
    Row {
        parameters: Some(MechanismType::DSA_PARAMETER_GEN),
        sign: same(MechanismType::DSA_SHA512, &[sha512(MechanismType::DSA, false)]),
        ..made(KeyType::DSA, MechanismType::DSA_KEY_PAIR_GEN, MAC)
    },
    Row {
        sign: same(MechanismType::ECDSA_SHA512, &[sha512(MechanismType::ECDSA, false)]),
        derive: Some(Derive::Ecdh1),
        ..made(KeyType::EC, MechanismType::EC_KEY_PAIR_GEN, MAC.union(Capabilities::DERIVE))
    },
    Row {
        sign: sign(MechanismType::EDDSA),
        ..made(KeyType::EC_EDWARDS, MechanismType::EC_EDWARDS_KEY_PAIR_GEN, MAC)
    },
    Row {
        derive: Some(Derive::Ecdh1),
        ..made(
            KeyType::EC_MONTGOMERY,
            MechanismType::EC_MONTGOMERY_KEY_PAIR_GEN,
            Capabilities::DERIVE,
        )
    },
    Row {
        parameters: Some(MechanismType::DH_PKCS_PARAMETER_GEN),
        derive: Some(Derive::DhPkcs),
        ..made(KeyType::DH, MechanismType::DH_PKCS_KEY_PAIR_GEN, Capabilities::DERIVE)
    },
    Row {
        parameters: Some(MechanismType::X9_42_DH_PARAMETER_GEN),
        derive: Some(Derive::X942),
        ..made(KeyType::X9_42_DH, MechanismType::X9_42_DH_KEY_PAIR_GEN, Capabilities::DERIVE)
    },
    Row {
        sign: sign(MechanismType::ML_DSA),
        ..made(KeyType::ML_DSA, MechanismType::ML_DSA_KEY_PAIR_GEN, MAC)
    },
    Row {
        encapsulate: Some(MechanismType::ML_KEM),
        ..made(KeyType::ML_KEM, MechanismType::ML_KEM_KEY_PAIR_GEN, KEM)
    },
    Row {
        sign: sign(MechanismType::SLH_DSA),
        ..made(KeyType::SLH_DSA, MechanismType::SLH_DSA_KEY_PAIR_GEN, MAC)
    },
    Row { sign: verify(MechanismType::HSS), ..row(KeyType::HSS, Capabilities::VERIFY) },
    Row { sign: verify(MechanismType::XMSS), ..row(KeyType::XMSS, Capabilities::VERIFY) },
    Row { sign: verify(MechanismType::XMSSMT), ..row(KeyType::XMSSMT, Capabilities::VERIFY) },
    Row {
        sign: sign(MechanismType::GOSTR3410_WITH_GOSTR3411),
        ..made(KeyType::GOSTR3410, MechanismType::GOSTR3410_KEY_PAIR_GEN, MAC)
    },
    Row {
        encrypt: Some(Encrypt::Iv(MechanismType::GOST28147)),
        sign: sign(MechanismType::GOST28147_MAC),
        wrap: Some(Wrap::Iv(MechanismType::GOST28147_KEY_WRAP)),
        ..made(KeyType::GOST28147, MechanismType::GOST28147_KEY_GEN, CIPHER)
    },
];

/// The parameters of mechanisms whose number the caller names alone.
pub const PARAMETERS: &[(MechanismType, DefaultParameter)] = &[
    // SHA-1 is what every token and every other library understands without being told; OAEP does
    // not depend on it being free of collisions (RFC 8017 §7.1, note).
    (MechanismType::RSA_PKCS_OAEP, DefaultParameter::Oaep(Hash::Sha1)),
    (MechanismType::RSA_PKCS_PSS, DefaultParameter::PssDigest(Hash::Sha1)),
    (MechanismType::SHA1_RSA_PKCS_PSS, DefaultParameter::Pss(Hash::Sha1)),
    (MechanismType::SHA224_RSA_PKCS_PSS, DefaultParameter::Pss(Hash::Sha224)),
    (MechanismType::SHA256_RSA_PKCS_PSS, DefaultParameter::Pss(Hash::Sha256)),
    (MechanismType::SHA384_RSA_PKCS_PSS, DefaultParameter::Pss(Hash::Sha384)),
    (MechanismType::SHA512_RSA_PKCS_PSS, DefaultParameter::Pss(Hash::Sha512)),
    (MechanismType::SHA3_224_RSA_PKCS_PSS, DefaultParameter::Pss(Hash::Sha3_224)),
    (MechanismType::SHA3_256_RSA_PKCS_PSS, DefaultParameter::Pss(Hash::Sha3_256)),
    (MechanismType::SHA3_384_RSA_PKCS_PSS, DefaultParameter::Pss(Hash::Sha3_384)),
    (MechanismType::SHA3_512_RSA_PKCS_PSS, DefaultParameter::Pss(Hash::Sha3_512)),
];
