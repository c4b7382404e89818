//! Hardware features (PKCS#11 §4.3).

use super::number::numbers;

numbers! {
    /// The kind of a hardware feature (`CK_HW_FEATURE_TYPE`).
    HwFeature: CK_HW_FEATURE_TYPE, "CKH_"; {
        MONOTONIC_COUNTER = CKH_MONOTONIC_COUNTER, "2.40";
        CLOCK = CKH_CLOCK, "2.40";
        USER_INTERFACE = CKH_USER_INTERFACE, "2.40";
    }
}
