//! Profiles (PKCS#11 §4.14).

use super::number::numbers;

numbers! {
    /// A profile that a token claims to conform to (`CK_PROFILE_ID`).
    ProfileId: CK_PROFILE_ID, "CKP_"; {
        INVALID_ID = CKP_INVALID_ID, "3.0";
        BASELINE_PROVIDER = CKP_BASELINE_PROVIDER, "3.0";
        EXTENDED_PROVIDER = CKP_EXTENDED_PROVIDER, "3.0";
        AUTHENTICATION_TOKEN = CKP_AUTHENTICATION_TOKEN, "3.0";
        PUBLIC_CERTIFICATES_TOKEN = CKP_PUBLIC_CERTIFICATES_TOKEN, "3.0";
        COMPLETE_PROVIDER = CKP_COMPLETE_PROVIDER, "3.1";
        HKDF_TLS_TOKEN = CKP_HKDF_TLS_TOKEN, "3.1";
    }
}
