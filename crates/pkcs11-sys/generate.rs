// How the bindings are made from headers/pkcs11.h. One file for its two users: `xtask bindings`,
// which writes the committed ones, and build.rs under the feature `bindgen`.

use std::path::Path;

use bindgen::callbacks::{IntKind, MacroParsingBehavior, ParseCallbacks};
use bindgen::{Builder, CodegenConfig, RustEdition, RustTarget};

/// The types, function pointers and function lists for one ABI: clang's name for the target,
/// or none for the target that cargo builds for (bindgen knows how clang calls that).
pub(crate) fn types(header: &Path, target: Option<&str>) -> Builder {
    builder(header, target)
        .with_codegen_config(CodegenConfig::TYPES)
        .allowlist_type("CK_.*")
        .derive_copy(true)
        .derive_debug(true)
        .derive_default(true)
        // Written as `const` assertions: `cargo check` evaluates them.
        .layout_tests(true)
}

/// The constants, each with its own type. The text is the same for every ABI.
pub(crate) fn constants(header: &Path, target: Option<&str>) -> Builder {
    builder(header, target)
        .with_codegen_config(CodegenConfig::VARS)
        .allowlist_var("CK.*")
        .parse_callbacks(Box::new(ConstantTypes))
}

fn builder(header: &Path, target: Option<&str>) -> Builder {
    bindgen::builder()
        .header(header.to_string_lossy())
        // The header includes nothing, and must not depend on what is installed.
        .clang_arg("-nostdinc")
        .clang_args(target.map(|target| format!("--target={target}")))
        .use_core()
        .rust_edition(RustEdition::Edition2024)
        .rust_target(rust_target())
        // The header says on its own first line what made it.
        .disable_header_comment()
}

fn rust_target() -> RustTarget {
    // `offset_of!` in the assertions needs 1.77; the workspace needs much more than that.
    RustTarget::stable(85, 0).unwrap_or_default()
}

/// The type of a constant by the longest prefix of its name that is listed.
const CONSTANT_TYPES: &[(&str, &str)] = &[
    ("CKA_", "CK_ATTRIBUTE_TYPE"),
    ("CKC_", "CK_CERTIFICATE_TYPE"),
    ("CKD_", "CK_EC_KDF_TYPE"),
    // The two that only X9.42 Diffie-Hellman knows; CKD_NULL and CKD_SHA1_KDF are shared.
    ("CKD_SHA1_KDF_ASN1", "CK_X9_42_DH_KDF_TYPE"),
    ("CKD_SHA1_KDF_CONCATENATE", "CK_X9_42_DH_KDF_TYPE"),
    ("CKF_", "CK_FLAGS"),
    ("CKG_", "CK_GENERATOR_FUNCTION"),
    ("CKG_MGF1_", "CK_RSA_PKCS_MGF_TYPE"),
    ("CKH_", "CK_HW_FEATURE_TYPE"),
    ("CKH_DETERMINISTIC_REQUIRED", "CK_HEDGE_TYPE"),
    ("CKH_HEDGE_", "CK_HEDGE_TYPE"),
    ("CKK_", "CK_KEY_TYPE"),
    ("CKM_", "CK_MECHANISM_TYPE"),
    ("CKN_", "CK_NOTIFICATION"),
    ("CKO_", "CK_OBJECT_CLASS"),
    ("CKP_", "CK_PROFILE_ID"),
    ("CKP_ML_DSA_", "CK_ML_DSA_PARAMETER_SET_TYPE"),
    ("CKP_ML_KEM_", "CK_ML_KEM_PARAMETER_SET_TYPE"),
    ("CKP_PKCS5_PBKD2_", "CK_PKCS5_PBKD2_PSEUDO_RANDOM_FUNCTION_TYPE"),
    ("CKP_SLH_DSA_", "CK_SLH_DSA_PARAMETER_SET_TYPE"),
    ("CKR_", "CK_RV"),
    ("CKS_", "CK_STATE"),
    ("CKS_LAST_VALIDATION_OK", "CK_SESSION_VALIDATION_FLAGS_TYPE"),
    ("CKT_", "CK_TRUST"),
    ("CKU_", "CK_USER_TYPE"),
    ("CKV_AUTHORITY_TYPE_", "CK_VALIDATION_AUTHORITY_TYPE"),
    ("CKV_TYPE_", "CK_VALIDATION_TYPE"),
    ("CKZ_DATA_SPECIFIED", "CK_RSA_PKCS_OAEP_SOURCE_TYPE"),
    ("CKZ_SALT_SPECIFIED", "CK_PKCS5_PBKDF2_SALT_SOURCE_TYPE"),
    ("CK_CERTIFICATE_CATEGORY_", "CK_CERTIFICATE_CATEGORY"),
    ("CK_EFFECTIVELY_INFINITE", "CK_ULONG"),
    ("CK_FALSE", "CK_BBOOL"),
    ("CK_INVALID_HANDLE", "CK_ULONG"),
    ("CK_OTP_", "CK_OTP_PARAM_TYPE"),
    ("CK_OTP_FORMAT_", "CK_ULONG"),
    ("CK_OTP_PARAM_", "CK_ULONG"),
    ("CK_SECURITY_DOMAIN_", "CK_JAVA_MIDP_SECURITY_DOMAIN"),
    ("CK_SP800_108_", "CK_PRF_DATA_TYPE"),
    ("CK_SP800_108_DKM_LENGTH_SUM_", "CK_SP800_108_DKM_LENGTH_METHOD"),
    ("CK_TRUE", "CK_BBOOL"),
];

#[derive(Debug)]
struct ConstantTypes;

impl ParseCallbacks for ConstantTypes {
    fn will_parse_macro(&self, name: &str) -> MacroParsingBehavior {
        // `~0UL` differs by ABI and bindgen reads it as -1: written by hand in lib.rs.
        if name == "CK_UNAVAILABLE_INFORMATION" {
            MacroParsingBehavior::Ignore
        } else {
            MacroParsingBehavior::Default
        }
    }

    fn int_macro(&self, name: &str, _value: i64) -> Option<IntKind> {
        // None would make it a plain u32, which the test `tables` reports.
        let (_, kind) = CONSTANT_TYPES
            .iter()
            .filter(|(prefix, _)| name.starts_with(prefix))
            .max_by_key(|(prefix, _)| prefix.len())?;
        Some(IntKind::Custom { name: kind, is_signed: false })
    }
}
