//! Numbers in the parameters of RSA (PKCS#11 §6.1).

use super::number::numbers;

numbers! {
    /// The mask generation function of OAEP and PSS (`CK_RSA_PKCS_MGF_TYPE`), by its hash.
    Mgf: CK_RSA_PKCS_MGF_TYPE, "CKG_MGF1_"; {
        SHA1 = CKG_MGF1_SHA1, "2.40";
        SHA256 = CKG_MGF1_SHA256, "2.40";
        SHA384 = CKG_MGF1_SHA384, "2.40";
        SHA512 = CKG_MGF1_SHA512, "2.40";
        SHA224 = CKG_MGF1_SHA224, "2.40";
        SHA3_224 = CKG_MGF1_SHA3_224, "3.0";
        SHA3_256 = CKG_MGF1_SHA3_256, "3.0";
        SHA3_384 = CKG_MGF1_SHA3_384, "3.0";
        SHA3_512 = CKG_MGF1_SHA3_512, "3.0";
    }
}

numbers! {
    /// Where OAEP gets its label (`CK_RSA_PKCS_OAEP_SOURCE_TYPE`).
    OaepSource: CK_RSA_PKCS_OAEP_SOURCE_TYPE, "CKZ_"; {
        DATA_SPECIFIED = CKZ_DATA_SPECIFIED, "2.40";
    }
}
