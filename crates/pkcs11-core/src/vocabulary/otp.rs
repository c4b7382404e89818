//! One-time passwords (PKCS#11 §6.53).

use super::number::numbers;

numbers! {
    /// How a one-time password is written (`CKA_OTP_FORMAT`).
    OtpFormat: CK_ULONG, "CK_OTP_FORMAT_"; {
        DECIMAL = CK_OTP_FORMAT_DECIMAL, "2.40";
        HEXADECIMAL = CK_OTP_FORMAT_HEXADECIMAL, "2.40";
        ALPHANUMERIC = CK_OTP_FORMAT_ALPHANUMERIC, "2.40";
        BINARY = CK_OTP_FORMAT_BINARY, "2.40";
    }
}

numbers! {
    /// Whether a value must, may or need not be given (`CKA_OTP_PIN_REQUIREMENT` and its like).
    OtpRequirement: CK_ULONG, "CK_OTP_PARAM_"; {
        IGNORED = CK_OTP_PARAM_IGNORED, "2.40";
        OPTIONAL = CK_OTP_PARAM_OPTIONAL, "2.40";
        MANDATORY = CK_OTP_PARAM_MANDATORY, "2.40";
    }
}

numbers! {
    /// What a parameter of a one-time password says (`CK_OTP_PARAM_TYPE`).
    OtpParamType: CK_OTP_PARAM_TYPE, "CK_OTP_"; {
        VALUE = CK_OTP_VALUE, "2.40";
        PIN = CK_OTP_PIN, "2.40";
        CHALLENGE = CK_OTP_CHALLENGE, "2.40";
        TIME = CK_OTP_TIME, "2.40";
        COUNTER = CK_OTP_COUNTER, "2.40";
        FLAGS = CK_OTP_FLAGS, "2.40";
        OUTPUT_LENGTH = CK_OTP_OUTPUT_LENGTH, "2.40";
        OUTPUT_FORMAT = CK_OTP_OUTPUT_FORMAT, "2.40";
    }
}
