//! Session states, user types and what a session tells (PKCS#11 §3.3, §5.21).

use super::number::numbers;

numbers! {
    /// Who is logged in on a session, and whether it may write (`CK_STATE`).
    SessionState: CK_STATE, "CKS_"; {
        RO_PUBLIC_SESSION = CKS_RO_PUBLIC_SESSION, "2.40";
        RO_USER_FUNCTIONS = CKS_RO_USER_FUNCTIONS, "2.40";
        RW_PUBLIC_SESSION = CKS_RW_PUBLIC_SESSION, "2.40";
        RW_USER_FUNCTIONS = CKS_RW_USER_FUNCTIONS, "2.40";
        RW_SO_FUNCTIONS = CKS_RW_SO_FUNCTIONS, "2.40";
    }
}

numbers! {
    /// Who logs in (`CK_USER_TYPE`); a vendor's own types pass through.
    UserType: CK_USER_TYPE, "CKU_"; {
        SO = CKU_SO, "2.40";
        USER = CKU_USER, "2.40";
        CONTEXT_SPECIFIC = CKU_CONTEXT_SPECIFIC, "2.40";
    }
}

numbers! {
    /// What a module tells a program through its callback (`CK_NOTIFICATION`).
    Notification: CK_NOTIFICATION, "CKN_"; {
        SURRENDER = CKN_SURRENDER, "2.40";
        OTP_CHANGED = CKN_OTP_CHANGED, "2.40";
    }
}
