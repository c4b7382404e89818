//! Key types (PKCS#11 §4.8, and the section of each mechanism).

#[cfg(test)]
use super::mechanism_facts::ASYMMETRIC;
use super::number::{HISTORICAL, numbers};

numbers! {
    /// The type of a key (`CK_KEY_TYPE`).
    KeyType: CK_KEY_TYPE, "CKK_"; {
        RSA = CKK_RSA, "2.40";
        DSA = CKK_DSA, "2.40";
        DH = CKK_DH, "2.40";
        EC = CKK_EC, "2.40";
        X9_42_DH = CKK_X9_42_DH, "2.40";
        KEA = CKK_KEA, "2.40", HISTORICAL;
        GENERIC_SECRET = CKK_GENERIC_SECRET, "2.40";
        RC2 = CKK_RC2, "2.40", HISTORICAL;
        RC4 = CKK_RC4, "2.40", HISTORICAL;
        DES = CKK_DES, "2.40";
        DES2 = CKK_DES2, "2.40";
        DES3 = CKK_DES3, "2.40";
        CAST = CKK_CAST, "2.40", HISTORICAL;
        CAST3 = CKK_CAST3, "2.40", HISTORICAL;
        CAST128 = CKK_CAST128, "2.40", HISTORICAL;
        RC5 = CKK_RC5, "2.40", HISTORICAL;
        IDEA = CKK_IDEA, "2.40", HISTORICAL;
        SKIPJACK = CKK_SKIPJACK, "2.40", HISTORICAL;
        BATON = CKK_BATON, "2.40", HISTORICAL;
        JUNIPER = CKK_JUNIPER, "2.40", HISTORICAL;
        CDMF = CKK_CDMF, "2.40", HISTORICAL;
        AES = CKK_AES, "2.40";
        BLOWFISH = CKK_BLOWFISH, "2.40";
        TWOFISH = CKK_TWOFISH, "2.40";
        SECURID = CKK_SECURID, "2.40";
        HOTP = CKK_HOTP, "2.40";
        ACTI = CKK_ACTI, "2.40";
        CAMELLIA = CKK_CAMELLIA, "2.40";
        ARIA = CKK_ARIA, "2.40";
        MD5_HMAC = CKK_MD5_HMAC, "2.40", HISTORICAL;
        SHA_1_HMAC = CKK_SHA_1_HMAC, "2.40";
        RIPEMD128_HMAC = CKK_RIPEMD128_HMAC, "2.40", HISTORICAL;
        RIPEMD160_HMAC = CKK_RIPEMD160_HMAC, "2.40", HISTORICAL;
        SHA256_HMAC = CKK_SHA256_HMAC, "2.40";
        SHA384_HMAC = CKK_SHA384_HMAC, "2.40";
        SHA512_HMAC = CKK_SHA512_HMAC, "2.40";
        SHA224_HMAC = CKK_SHA224_HMAC, "2.40";
        SEED = CKK_SEED, "2.40";
        GOSTR3410 = CKK_GOSTR3410, "2.40";
        GOSTR3411 = CKK_GOSTR3411, "2.40";
        GOST28147 = CKK_GOST28147, "2.40";
        CHACHA20 = CKK_CHACHA20, "3.0";
        POLY1305 = CKK_POLY1305, "3.0";
        AES_XTS = CKK_AES_XTS, "3.0";
        SHA3_224_HMAC = CKK_SHA3_224_HMAC, "3.0";
        SHA3_256_HMAC = CKK_SHA3_256_HMAC, "3.0";
        SHA3_384_HMAC = CKK_SHA3_384_HMAC, "3.0";
        SHA3_512_HMAC = CKK_SHA3_512_HMAC, "3.0";
        BLAKE2B_160_HMAC = CKK_BLAKE2B_160_HMAC, "3.0";
        BLAKE2B_256_HMAC = CKK_BLAKE2B_256_HMAC, "3.0";
        BLAKE2B_384_HMAC = CKK_BLAKE2B_384_HMAC, "3.0";
        BLAKE2B_512_HMAC = CKK_BLAKE2B_512_HMAC, "3.0";
        SALSA20 = CKK_SALSA20, "3.0";
        X2RATCHET = CKK_X2RATCHET, "3.0";
        EC_EDWARDS = CKK_EC_EDWARDS, "3.0";
        EC_MONTGOMERY = CKK_EC_MONTGOMERY, "3.0";
        HKDF = CKK_HKDF, "3.0";
        SHA512_224_HMAC = CKK_SHA512_224_HMAC, "3.0";
        SHA512_256_HMAC = CKK_SHA512_256_HMAC, "3.0";
        SHA512_T_HMAC = CKK_SHA512_T_HMAC, "3.0";
        HSS = CKK_HSS, "3.1";
        XMSS = CKK_XMSS, "3.2";
        XMSSMT = CKK_XMSSMT, "3.2";
        ML_KEM = CKK_ML_KEM, "3.2";
        ML_DSA = CKK_ML_DSA, "3.2";
        SLH_DSA = CKK_SLH_DSA, "3.2";
    } aliases {
        ECDSA = CKK_ECDSA;
        CAST5 = CKK_CAST5;
    }
}

impl KeyType {
    /// Whether keys of this type come in pairs, a public and a private one.
    pub(crate) const fn is_of_pairs(self) -> bool {
        matches!(
            self,
            Self::RSA
                | Self::DSA
                | Self::DH
                | Self::EC
                | Self::X9_42_DH
                | Self::KEA
                | Self::GOSTR3410
                | Self::EC_EDWARDS
                | Self::EC_MONTGOMERY
                | Self::HSS
                | Self::XMSS
                | Self::XMSSMT
                | Self::ML_KEM
                | Self::ML_DSA
                | Self::SLH_DSA
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_private_key_is_of_a_pair() {
        for key_type in ASYMMETRIC {
            assert!(key_type.is_of_pairs(), "{key_type}");
        }
    }
}
