//! Object classes (PKCS#11 §4).

use super::number::numbers;

numbers! {
    /// The class of an object (`CK_OBJECT_CLASS`).
    ObjectClass: CK_OBJECT_CLASS, "CKO_"; {
        DATA = CKO_DATA, "2.40";
        CERTIFICATE = CKO_CERTIFICATE, "2.40";
        PUBLIC_KEY = CKO_PUBLIC_KEY, "2.40";
        PRIVATE_KEY = CKO_PRIVATE_KEY, "2.40";
        SECRET_KEY = CKO_SECRET_KEY, "2.40";
        HW_FEATURE = CKO_HW_FEATURE, "2.40";
        DOMAIN_PARAMETERS = CKO_DOMAIN_PARAMETERS, "2.40";
        MECHANISM = CKO_MECHANISM, "2.40";
        OTP_KEY = CKO_OTP_KEY, "2.40";
        PROFILE = CKO_PROFILE, "3.0";
        VALIDATION = CKO_VALIDATION, "3.2";
        TRUST = CKO_TRUST, "3.2";
    }
}
