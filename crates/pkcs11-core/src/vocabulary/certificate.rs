//! What is said of certificates (PKCS#11 §4.6).

use super::number::numbers;

numbers! {
    /// The type of a certificate (`CK_CERTIFICATE_TYPE`).
    CertificateType: CK_CERTIFICATE_TYPE, "CKC_"; {
        X_509 = CKC_X_509, "2.40";
        X_509_ATTR_CERT = CKC_X_509_ATTR_CERT, "2.40";
        WTLS = CKC_WTLS, "2.40";
    }
}

numbers! {
    /// Whose certificate it is (`CK_CERTIFICATE_CATEGORY`).
    CertificateCategory: CK_CERTIFICATE_CATEGORY, "CK_CERTIFICATE_CATEGORY_"; {
        UNSPECIFIED = CK_CERTIFICATE_CATEGORY_UNSPECIFIED, "2.40";
        TOKEN_USER = CK_CERTIFICATE_CATEGORY_TOKEN_USER, "2.40";
        AUTHORITY = CK_CERTIFICATE_CATEGORY_AUTHORITY, "2.40";
        OTHER_ENTITY = CK_CERTIFICATE_CATEGORY_OTHER_ENTITY, "2.40";
    }
}

numbers! {
    /// The Java MIDP security domain of a certificate (`CK_JAVA_MIDP_SECURITY_DOMAIN`).
    SecurityDomain: CK_JAVA_MIDP_SECURITY_DOMAIN, "CK_SECURITY_DOMAIN_"; {
        UNSPECIFIED = CK_SECURITY_DOMAIN_UNSPECIFIED, "2.40";
        MANUFACTURER = CK_SECURITY_DOMAIN_MANUFACTURER, "2.40";
        OPERATOR = CK_SECURITY_DOMAIN_OPERATOR, "2.40";
        THIRD_PARTY = CK_SECURITY_DOMAIN_THIRD_PARTY, "2.40";
    }
}
