//! Numbers in the parameters of key derivation (PKCS#11 §6.3.16, §6.4.11, §6.37, §6.42,
//! §6.62).

use super::number::numbers;

numbers! {
    /// The key derivation function that follows a key agreement (`CK_EC_KDF_TYPE`, also
    /// `CK_X9_42_DH_KDF_TYPE`, `CK_X3DH_KDF_TYPE` and `CK_X2RATCHET_KDF_TYPE`).
    Kdf: CK_EC_KDF_TYPE, "CKD_"; {
        NULL = CKD_NULL, "2.40";
        SHA1_KDF = CKD_SHA1_KDF, "2.40";
        SHA1_KDF_ASN1 = CKD_SHA1_KDF_ASN1, "2.40";
        SHA1_KDF_CONCATENATE = CKD_SHA1_KDF_CONCATENATE, "2.40";
        SHA224_KDF = CKD_SHA224_KDF, "2.40";
        SHA256_KDF = CKD_SHA256_KDF, "2.40";
        SHA384_KDF = CKD_SHA384_KDF, "2.40";
        SHA512_KDF = CKD_SHA512_KDF, "2.40";
        CPDIVERSIFY_KDF = CKD_CPDIVERSIFY_KDF, "2.40";
        SHA3_224_KDF = CKD_SHA3_224_KDF, "3.0";
        SHA3_256_KDF = CKD_SHA3_256_KDF, "3.0";
        SHA3_384_KDF = CKD_SHA3_384_KDF, "3.0";
        SHA3_512_KDF = CKD_SHA3_512_KDF, "3.0";
        SHA1_KDF_SP800 = CKD_SHA1_KDF_SP800, "3.0";
        SHA224_KDF_SP800 = CKD_SHA224_KDF_SP800, "3.0";
        SHA256_KDF_SP800 = CKD_SHA256_KDF_SP800, "3.0";
        SHA384_KDF_SP800 = CKD_SHA384_KDF_SP800, "3.0";
        SHA512_KDF_SP800 = CKD_SHA512_KDF_SP800, "3.0";
        SHA3_224_KDF_SP800 = CKD_SHA3_224_KDF_SP800, "3.0";
        SHA3_256_KDF_SP800 = CKD_SHA3_256_KDF_SP800, "3.0";
        SHA3_384_KDF_SP800 = CKD_SHA3_384_KDF_SP800, "3.0";
        SHA3_512_KDF_SP800 = CKD_SHA3_512_KDF_SP800, "3.0";
        BLAKE2B_160_KDF = CKD_BLAKE2B_160_KDF, "3.0";
        BLAKE2B_256_KDF = CKD_BLAKE2B_256_KDF, "3.0";
        BLAKE2B_384_KDF = CKD_BLAKE2B_384_KDF, "3.0";
        BLAKE2B_512_KDF = CKD_BLAKE2B_512_KDF, "3.0";
    }
}

numbers! {
    /// The pseudo-random function of PBKDF2 (`CK_PKCS5_PBKD2_PSEUDO_RANDOM_FUNCTION_TYPE`).
    Pbkdf2Prf: CK_PKCS5_PBKD2_PSEUDO_RANDOM_FUNCTION_TYPE, "CKP_PKCS5_PBKD2_"; {
        HMAC_SHA1 = CKP_PKCS5_PBKD2_HMAC_SHA1, "2.40";
        HMAC_GOSTR3411 = CKP_PKCS5_PBKD2_HMAC_GOSTR3411, "2.40";
        HMAC_SHA224 = CKP_PKCS5_PBKD2_HMAC_SHA224, "2.40";
        HMAC_SHA256 = CKP_PKCS5_PBKD2_HMAC_SHA256, "2.40";
        HMAC_SHA384 = CKP_PKCS5_PBKD2_HMAC_SHA384, "2.40";
        HMAC_SHA512 = CKP_PKCS5_PBKD2_HMAC_SHA512, "2.40";
        HMAC_SHA512_224 = CKP_PKCS5_PBKD2_HMAC_SHA512_224, "2.40";
        HMAC_SHA512_256 = CKP_PKCS5_PBKD2_HMAC_SHA512_256, "2.40";
    }
}

numbers! {
    /// Where PBKDF2 gets its salt (`CK_PKCS5_PBKDF2_SALT_SOURCE_TYPE`).
    SaltSource: CK_PKCS5_PBKDF2_SALT_SOURCE_TYPE, "CKZ_"; {
        SALT_SPECIFIED = CKZ_SALT_SPECIFIED, "2.40";
    }
}

numbers! {
    /// Where HKDF gets its salt (`ulSaltType`): one of these, and no set of flags.
    HkdfSaltType: CK_ULONG, "CKF_HKDF_SALT_"; {
        NULL = CKF_HKDF_SALT_NULL, "3.0";
        DATA = CKF_HKDF_SALT_DATA, "3.0";
        KEY = CKF_HKDF_SALT_KEY, "3.0";
    }
}

numbers! {
    /// A part of the input to the pseudo-random function of SP 800-108 (`CK_PRF_DATA_TYPE`).
    PrfDataType: CK_PRF_DATA_TYPE, "CK_SP800_108_"; {
        ITERATION_VARIABLE = CK_SP800_108_ITERATION_VARIABLE, "3.0";
        OPTIONAL_COUNTER = CK_SP800_108_OPTIONAL_COUNTER, "3.0";
        DKM_LENGTH = CK_SP800_108_DKM_LENGTH, "3.0";
        BYTE_ARRAY = CK_SP800_108_BYTE_ARRAY, "3.0";
        KEY_HANDLE = CK_SP800_108_KEY_HANDLE, "3.2";
    } aliases {
        COUNTER = CK_SP800_108_COUNTER;
    }
}

numbers! {
    /// How SP 800-108 counts the length of the derived keying material
    /// (`CK_SP800_108_DKM_LENGTH_METHOD`).
    DkmLengthMethod: CK_SP800_108_DKM_LENGTH_METHOD, "CK_SP800_108_DKM_LENGTH_"; {
        SUM_OF_KEYS = CK_SP800_108_DKM_LENGTH_SUM_OF_KEYS, "3.0";
        SUM_OF_SEGMENTS = CK_SP800_108_DKM_LENGTH_SUM_OF_SEGMENTS, "3.0";
    }
}
