//! Validations by third parties (PKCS#11 §4.15).

use super::number::numbers;

numbers! {
    /// What was validated (`CK_VALIDATION_TYPE`).
    ValidationType: CK_VALIDATION_TYPE, "CKV_TYPE_"; {
        UNSPECIFIED = CKV_TYPE_UNSPECIFIED, "3.2";
        SOFTWARE = CKV_TYPE_SOFTWARE, "3.2";
        HARDWARE = CKV_TYPE_HARDWARE, "3.2";
        FIRMWARE = CKV_TYPE_FIRMWARE, "3.2";
        HYBRID = CKV_TYPE_HYBRID, "3.2";
    }
}

numbers! {
    /// Who validated it (`CK_VALIDATION_AUTHORITY_TYPE`).
    ValidationAuthority: CK_VALIDATION_AUTHORITY_TYPE, "CKV_AUTHORITY_TYPE_"; {
        UNSPECIFIED = CKV_AUTHORITY_TYPE_UNSPECIFIED, "3.2";
        NIST_CMVP = CKV_AUTHORITY_TYPE_NIST_CMVP, "3.2";
        COMMON_CRITERIA = CKV_AUTHORITY_TYPE_COMMON_CRITERIA, "3.2";
    }
}

numbers! {
    /// Which of a session's validation flags are asked for (`CK_SESSION_VALIDATION_FLAGS_TYPE`);
    /// the answer is [`ValidationFlags`](crate::ValidationFlags).
    SessionValidation: CK_SESSION_VALIDATION_FLAGS_TYPE, "CKS_"; {
        LAST_VALIDATION_OK = CKS_LAST_VALIDATION_OK, "3.2";
    }
}
