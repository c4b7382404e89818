//! Certificate types (PKCS#11 §4.6).

use super::number::numbers;

numbers! {
    /// The type of a certificate (`CK_CERTIFICATE_TYPE`).
    CertificateType: CK_CERTIFICATE_TYPE, "CKC_"; {
        X_509 = CKC_X_509, "2.40";
        X_509_ATTR_CERT = CKC_X_509_ATTR_CERT, "2.40";
        WTLS = CKC_WTLS, "2.40";
    }
}
