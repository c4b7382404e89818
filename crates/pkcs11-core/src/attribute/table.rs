//! Attributes: one row each, with the type of its value (PKCS#11 §4).

use super::{Attr, BigInteger, Date, ValueType};
use crate::vocabulary::{HISTORICAL, numbers};
use crate::{
    CertificateCategory, CertificateType, HwFeature, KeyType, MechanismType, ObjectClass,
    OtpFormat, OtpRequirement, ParameterSet, ProfileId, SecurityDomain, Template, TokenFlags,
    Trust, ValidationAuthority, ValidationFlags, ValidationType, Version,
};

/// Makes of the table the numbers ([`AttributeType`]) and the typed constants ([`attr`]).
macro_rules! attributes {
    (
        typed { $($short:ident: $value:ty = $full:ident, $since:literal $(, $historical:expr)?;)* }
        aliases { $($alias:ident: $alias_value:ty = $alias_full:ident;)* }
    ) => {
        numbers! {
            /// The number of an attribute (`CK_ATTRIBUTE_TYPE`).
            AttributeType: CK_ATTRIBUTE_TYPE, "CKA_"; {
                $($short = $full, $since $(, $historical)?;)*
            } aliases { $($alias = $alias_full;)* }
        }

        impl AttributeType {
            /// The type of its value as the standard has it, as `"CK_BBOOL"`; `None` of an attribute
            /// that is not in the standard.
            #[must_use]
            pub const fn value_type(self) -> Option<&'static str> {
                match self.number() {
                    $(pkcs11_sys::$full => Some(<$value as ValueType>::EXPECTED),)*
                    _ => None,
                }
            }
        }

        /// The attributes of the standard, each with the type of its value.
        pub mod attr {
            use super::*;
            $(
                #[doc = concat!("`", stringify!($full), "`, since PKCS#11 ", $since, ".")]
                pub const $short: Attr<$value> = Attr::new(pkcs11_sys::$full);
            )*
            $(
                #[doc = concat!("`", stringify!($alias_full), "`, a second name of the same number.")]
                pub const $alias: Attr<$alias_value> = Attr::new(pkcs11_sys::$alias_full);
            )*
        }
    };
}

attributes! {
    typed {
        CLASS: ObjectClass = CKA_CLASS, "2.40";
        TOKEN: bool = CKA_TOKEN, "2.40";
        PRIVATE: bool = CKA_PRIVATE, "2.40";
        LABEL: str = CKA_LABEL, "2.40";
        APPLICATION: str = CKA_APPLICATION, "2.40";
        VALUE: [u8] = CKA_VALUE, "2.40";
        OBJECT_ID: [u8] = CKA_OBJECT_ID, "2.40";
        CERTIFICATE_TYPE: CertificateType = CKA_CERTIFICATE_TYPE, "2.40";
        ISSUER: [u8] = CKA_ISSUER, "2.40";
        SERIAL_NUMBER: [u8] = CKA_SERIAL_NUMBER, "2.40";
        AC_ISSUER: [u8] = CKA_AC_ISSUER, "2.40";
        OWNER: [u8] = CKA_OWNER, "2.40";
        ATTR_TYPES: [u8] = CKA_ATTR_TYPES, "2.40";
        TRUSTED: bool = CKA_TRUSTED, "2.40";
        CERTIFICATE_CATEGORY: CertificateCategory = CKA_CERTIFICATE_CATEGORY, "2.40";
        JAVA_MIDP_SECURITY_DOMAIN: SecurityDomain = CKA_JAVA_MIDP_SECURITY_DOMAIN, "2.40";
        URL: str = CKA_URL, "2.40";
        HASH_OF_SUBJECT_PUBLIC_KEY: [u8] = CKA_HASH_OF_SUBJECT_PUBLIC_KEY, "2.40";
        HASH_OF_ISSUER_PUBLIC_KEY: [u8] = CKA_HASH_OF_ISSUER_PUBLIC_KEY, "2.40";
        NAME_HASH_ALGORITHM: MechanismType = CKA_NAME_HASH_ALGORITHM, "2.40";
        CHECK_VALUE: [u8] = CKA_CHECK_VALUE, "2.40";
        KEY_TYPE: KeyType = CKA_KEY_TYPE, "2.40";
        SUBJECT: [u8] = CKA_SUBJECT, "2.40";
        ID: [u8] = CKA_ID, "2.40";
        SENSITIVE: bool = CKA_SENSITIVE, "2.40";
        ENCRYPT: bool = CKA_ENCRYPT, "2.40";
        DECRYPT: bool = CKA_DECRYPT, "2.40";
        WRAP: bool = CKA_WRAP, "2.40";
        UNWRAP: bool = CKA_UNWRAP, "2.40";
        SIGN: bool = CKA_SIGN, "2.40";
        SIGN_RECOVER: bool = CKA_SIGN_RECOVER, "2.40";
        VERIFY: bool = CKA_VERIFY, "2.40";
        VERIFY_RECOVER: bool = CKA_VERIFY_RECOVER, "2.40";
        DERIVE: bool = CKA_DERIVE, "2.40";
        START_DATE: Date = CKA_START_DATE, "2.40";
        END_DATE: Date = CKA_END_DATE, "2.40";
        MODULUS: BigInteger = CKA_MODULUS, "2.40";
        MODULUS_BITS: u64 = CKA_MODULUS_BITS, "2.40";
        PUBLIC_EXPONENT: BigInteger = CKA_PUBLIC_EXPONENT, "2.40";
        PRIVATE_EXPONENT: BigInteger = CKA_PRIVATE_EXPONENT, "2.40";
        PRIME_1: BigInteger = CKA_PRIME_1, "2.40";
        PRIME_2: BigInteger = CKA_PRIME_2, "2.40";
        EXPONENT_1: BigInteger = CKA_EXPONENT_1, "2.40";
        EXPONENT_2: BigInteger = CKA_EXPONENT_2, "2.40";
        COEFFICIENT: BigInteger = CKA_COEFFICIENT, "2.40";
        PUBLIC_KEY_INFO: [u8] = CKA_PUBLIC_KEY_INFO, "2.40";
        PRIME: BigInteger = CKA_PRIME, "2.40";
        SUBPRIME: BigInteger = CKA_SUBPRIME, "2.40";
        BASE: BigInteger = CKA_BASE, "2.40";
        PRIME_BITS: u64 = CKA_PRIME_BITS, "2.40";
        SUBPRIME_BITS: u64 = CKA_SUBPRIME_BITS, "2.40";
        VALUE_BITS: u64 = CKA_VALUE_BITS, "2.40";
        VALUE_LEN: u64 = CKA_VALUE_LEN, "2.40";
        EXTRACTABLE: bool = CKA_EXTRACTABLE, "2.40";
        LOCAL: bool = CKA_LOCAL, "2.40";
        NEVER_EXTRACTABLE: bool = CKA_NEVER_EXTRACTABLE, "2.40";
        ALWAYS_SENSITIVE: bool = CKA_ALWAYS_SENSITIVE, "2.40";
        KEY_GEN_MECHANISM: MechanismType = CKA_KEY_GEN_MECHANISM, "2.40";
        MODIFIABLE: bool = CKA_MODIFIABLE, "2.40";
        COPYABLE: bool = CKA_COPYABLE, "2.40";
        DESTROYABLE: bool = CKA_DESTROYABLE, "2.40";
        EC_PARAMS: [u8] = CKA_EC_PARAMS, "2.40";
        EC_POINT: [u8] = CKA_EC_POINT, "2.40";
        SECONDARY_AUTH: bool = CKA_SECONDARY_AUTH, "2.40", HISTORICAL;
        AUTH_PIN_FLAGS: TokenFlags = CKA_AUTH_PIN_FLAGS, "2.40", HISTORICAL;
        ALWAYS_AUTHENTICATE: bool = CKA_ALWAYS_AUTHENTICATE, "2.40";
        WRAP_WITH_TRUSTED: bool = CKA_WRAP_WITH_TRUSTED, "2.40";
        WRAP_TEMPLATE: Template<'static> = CKA_WRAP_TEMPLATE, "2.40";
        UNWRAP_TEMPLATE: Template<'static> = CKA_UNWRAP_TEMPLATE, "2.40";
        DERIVE_TEMPLATE: Template<'static> = CKA_DERIVE_TEMPLATE, "2.40";
        OTP_FORMAT: OtpFormat = CKA_OTP_FORMAT, "2.40";
        OTP_LENGTH: u64 = CKA_OTP_LENGTH, "2.40";
        OTP_TIME_INTERVAL: u64 = CKA_OTP_TIME_INTERVAL, "2.40";
        OTP_USER_FRIENDLY_MODE: bool = CKA_OTP_USER_FRIENDLY_MODE, "2.40";
        OTP_CHALLENGE_REQUIREMENT: OtpRequirement = CKA_OTP_CHALLENGE_REQUIREMENT, "2.40";
        OTP_TIME_REQUIREMENT: OtpRequirement = CKA_OTP_TIME_REQUIREMENT, "2.40";
        OTP_COUNTER_REQUIREMENT: OtpRequirement = CKA_OTP_COUNTER_REQUIREMENT, "2.40";
        OTP_PIN_REQUIREMENT: OtpRequirement = CKA_OTP_PIN_REQUIREMENT, "2.40";
        OTP_COUNTER: [u8] = CKA_OTP_COUNTER, "2.40";
        OTP_TIME: str = CKA_OTP_TIME, "2.40";
        OTP_USER_IDENTIFIER: str = CKA_OTP_USER_IDENTIFIER, "2.40";
        OTP_SERVICE_IDENTIFIER: str = CKA_OTP_SERVICE_IDENTIFIER, "2.40";
        OTP_SERVICE_LOGO: [u8] = CKA_OTP_SERVICE_LOGO, "2.40";
        OTP_SERVICE_LOGO_TYPE: str = CKA_OTP_SERVICE_LOGO_TYPE, "2.40";
        GOSTR3410_PARAMS: [u8] = CKA_GOSTR3410_PARAMS, "2.40";
        GOSTR3411_PARAMS: [u8] = CKA_GOSTR3411_PARAMS, "2.40";
        GOST28147_PARAMS: [u8] = CKA_GOST28147_PARAMS, "2.40";
        HW_FEATURE_TYPE: HwFeature = CKA_HW_FEATURE_TYPE, "2.40";
        RESET_ON_INIT: bool = CKA_RESET_ON_INIT, "2.40";
        HAS_RESET: bool = CKA_HAS_RESET, "2.40";
        PIXEL_X: u64 = CKA_PIXEL_X, "2.40";
        PIXEL_Y: u64 = CKA_PIXEL_Y, "2.40";
        RESOLUTION: u64 = CKA_RESOLUTION, "2.40";
        CHAR_ROWS: u64 = CKA_CHAR_ROWS, "2.40";
        CHAR_COLUMNS: u64 = CKA_CHAR_COLUMNS, "2.40";
        COLOR: bool = CKA_COLOR, "2.40";
        BITS_PER_PIXEL: u64 = CKA_BITS_PER_PIXEL, "2.40";
        CHAR_SETS: str = CKA_CHAR_SETS, "2.40";
        ENCODING_METHODS: str = CKA_ENCODING_METHODS, "2.40";
        MIME_TYPES: str = CKA_MIME_TYPES, "2.40";
        MECHANISM_TYPE: MechanismType = CKA_MECHANISM_TYPE, "2.40";
        REQUIRED_CMS_ATTRIBUTES: [u8] = CKA_REQUIRED_CMS_ATTRIBUTES, "2.40";
        DEFAULT_CMS_ATTRIBUTES: [u8] = CKA_DEFAULT_CMS_ATTRIBUTES, "2.40";
        SUPPORTED_CMS_ATTRIBUTES: [u8] = CKA_SUPPORTED_CMS_ATTRIBUTES, "2.40";
        ALLOWED_MECHANISMS: [MechanismType] = CKA_ALLOWED_MECHANISMS, "2.40";
        UNIQUE_ID: str = CKA_UNIQUE_ID, "3.0";
        PROFILE_ID: ProfileId = CKA_PROFILE_ID, "3.0";
        X2RATCHET_BAG: [u8] = CKA_X2RATCHET_BAG, "3.0";
        X2RATCHET_BAGSIZE: u64 = CKA_X2RATCHET_BAGSIZE, "3.0";
        X2RATCHET_BOBS1STMSG: bool = CKA_X2RATCHET_BOBS1STMSG, "3.0";
        X2RATCHET_CKR: [u8] = CKA_X2RATCHET_CKR, "3.0";
        X2RATCHET_CKS: [u8] = CKA_X2RATCHET_CKS, "3.0";
        X2RATCHET_DHP: [u8] = CKA_X2RATCHET_DHP, "3.0";
        X2RATCHET_DHR: [u8] = CKA_X2RATCHET_DHR, "3.0";
        X2RATCHET_DHS: [u8] = CKA_X2RATCHET_DHS, "3.0";
        X2RATCHET_HKR: [u8] = CKA_X2RATCHET_HKR, "3.0";
        X2RATCHET_HKS: [u8] = CKA_X2RATCHET_HKS, "3.0";
        X2RATCHET_ISALICE: bool = CKA_X2RATCHET_ISALICE, "3.0";
        X2RATCHET_NHKR: [u8] = CKA_X2RATCHET_NHKR, "3.0";
        X2RATCHET_NHKS: [u8] = CKA_X2RATCHET_NHKS, "3.0";
        X2RATCHET_NR: u64 = CKA_X2RATCHET_NR, "3.0";
        X2RATCHET_NS: u64 = CKA_X2RATCHET_NS, "3.0";
        X2RATCHET_PNS: u64 = CKA_X2RATCHET_PNS, "3.0";
        X2RATCHET_RK: [u8] = CKA_X2RATCHET_RK, "3.0";
        HSS_LEVELS: u64 = CKA_HSS_LEVELS, "3.1";
        HSS_LMS_TYPE: u64 = CKA_HSS_LMS_TYPE, "3.1";
        HSS_LMOTS_TYPE: u64 = CKA_HSS_LMOTS_TYPE, "3.1";
        HSS_LMS_TYPES: [u64] = CKA_HSS_LMS_TYPES, "3.1";
        HSS_LMOTS_TYPES: [u64] = CKA_HSS_LMOTS_TYPES, "3.1";
        HSS_KEYS_REMAINING: u64 = CKA_HSS_KEYS_REMAINING, "3.1";
        PARAMETER_SET: ParameterSet = CKA_PARAMETER_SET, "3.2";
        OBJECT_VALIDATION_FLAGS: ValidationFlags = CKA_OBJECT_VALIDATION_FLAGS, "3.2";
        VALIDATION_TYPE: ValidationType = CKA_VALIDATION_TYPE, "3.2";
        VALIDATION_VERSION: Version = CKA_VALIDATION_VERSION, "3.2";
        VALIDATION_LEVEL: u64 = CKA_VALIDATION_LEVEL, "3.2";
        VALIDATION_MODULE_ID: str = CKA_VALIDATION_MODULE_ID, "3.2";
        VALIDATION_FLAG: ValidationFlags = CKA_VALIDATION_FLAG, "3.2";
        VALIDATION_AUTHORITY_TYPE: ValidationAuthority = CKA_VALIDATION_AUTHORITY_TYPE, "3.2";
        VALIDATION_COUNTRY: str = CKA_VALIDATION_COUNTRY, "3.2";
        VALIDATION_CERTIFICATE_IDENTIFIER: str = CKA_VALIDATION_CERTIFICATE_IDENTIFIER, "3.2";
        VALIDATION_CERTIFICATE_URI: str = CKA_VALIDATION_CERTIFICATE_URI, "3.2";
        VALIDATION_VENDOR_URI: str = CKA_VALIDATION_VENDOR_URI, "3.2";
        VALIDATION_PROFILE: str = CKA_VALIDATION_PROFILE, "3.2";
        ENCAPSULATE_TEMPLATE: Template<'static> = CKA_ENCAPSULATE_TEMPLATE, "3.2";
        DECAPSULATE_TEMPLATE: Template<'static> = CKA_DECAPSULATE_TEMPLATE, "3.2";
        TRUST_SERVER_AUTH: Trust = CKA_TRUST_SERVER_AUTH, "3.2";
        TRUST_CLIENT_AUTH: Trust = CKA_TRUST_CLIENT_AUTH, "3.2";
        TRUST_CODE_SIGNING: Trust = CKA_TRUST_CODE_SIGNING, "3.2";
        TRUST_EMAIL_PROTECTION: Trust = CKA_TRUST_EMAIL_PROTECTION, "3.2";
        TRUST_IPSEC_IKE: Trust = CKA_TRUST_IPSEC_IKE, "3.2";
        TRUST_TIME_STAMPING: Trust = CKA_TRUST_TIME_STAMPING, "3.2";
        TRUST_OCSP_SIGNING: Trust = CKA_TRUST_OCSP_SIGNING, "3.2";
        ENCAPSULATE: bool = CKA_ENCAPSULATE, "3.2";
        DECAPSULATE: bool = CKA_DECAPSULATE, "3.2";
        HASH_OF_CERTIFICATE: [u8] = CKA_HASH_OF_CERTIFICATE, "3.2";
        PUBLIC_CRC64_VALUE: [u8] = CKA_PUBLIC_CRC64_VALUE, "3.2";
        SEED: [u8] = CKA_SEED, "3.2";
    }
    aliases {
        SUB_PRIME_BITS: u64 = CKA_SUB_PRIME_BITS;
        ECDSA_PARAMS: [u8] = CKA_ECDSA_PARAMS;
    }
}
