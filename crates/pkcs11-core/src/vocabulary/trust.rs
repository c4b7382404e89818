//! Trust in certificates (PKCS#11 §4.7).

use super::number::numbers;

numbers! {
    /// How far a certificate is trusted for one use (`CK_TRUST`).
    Trust: CK_TRUST, "CKT_"; {
        UNKNOWN = CKT_TRUST_UNKNOWN, "3.2";
        TRUSTED = CKT_TRUSTED, "3.2";
        ANCHOR = CKT_TRUST_ANCHOR, "3.2";
        NOT_TRUSTED = CKT_NOT_TRUSTED, "3.2";
        MUST_VERIFY = CKT_TRUST_MUST_VERIFY_TRUST, "3.2";
    }
}
