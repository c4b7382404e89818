//! Compares the committed bindings with the tables of facts, in both directions: all that the
//! tables have is in the bindings as they say, and the bindings have nothing else.
//!
//! The bindings are read as text (bindgen writes one item per shape), so that the files of all four
//! ABIs are compared on any machine. Between tables and bindings stand our header and bindgen: what
//! either loses, renames, reorders or retypes shows here.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

use std::collections::{BTreeMap, BTreeSet};

const CONSTANTS_TSV: &str = include_str!("../../../headers/spec/constants.tsv");
const FUNCTIONS_TSV: &str = include_str!("../../../headers/spec/functions.tsv");
const SCALARS_TSV: &str = include_str!("../../../headers/spec/scalars.tsv");
const STRUCTS_TSV: &str = include_str!("../../../headers/spec/structs.tsv");

/// The file of an ABI and the size of its pointers.
const ABIS: [(&str, &str, usize); 4] = [
    ("unix_64", include_str!("../src/bindings/unix_64.rs"), 8),
    ("unix_32", include_str!("../src/bindings/unix_32.rs"), 4),
    ("windows_64", include_str!("../src/bindings/windows_64.rs"), 8),
    ("windows_32", include_str!("../src/bindings/windows_32.rs"), 4),
];

/// The versions whose functions a list has.
const LISTS: [(&str, &[&str]); 3] = [
    ("CK_FUNCTION_LIST", &["2.40"]),
    ("CK_FUNCTION_LIST_3_0", &["2.40", "3.0"]),
    ("CK_FUNCTION_LIST_3_2", &["2.40", "3.0", "3.2"]),
];

fn rows<const N: usize>(table: &str) -> Vec<[&str; N]> {
    table
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            cells.try_into().unwrap()
        })
        .collect()
}

/// The source with every run of white space as one blank: rustfmt's line breaks do not matter.
fn flat(source: &str) -> String {
    source.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands between `start` and `end`, for each place where `start` does.
fn between<'a>(source: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    source.split(start).skip(1).map(|rest| rest.split_once(end).unwrap().0).collect()
}

/// `name: type` pairs, separated by commas outside of brackets.
fn pairs(list: &str) -> Vec<(String, String)> {
    list.split(',')
        .filter_map(|item| item.trim().trim_start_matches("pub ").split_once(": "))
        .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
        .collect()
}

/// A word of Rust's as a field or argument gets an underscore from bindgen.
fn rust_name(name: &str) -> String {
    if name == "type" { "type_".to_owned() } else { name.to_owned() }
}

/// A type as the tables write it, in Rust.
fn rust_type(kind: &str) -> String {
    match kind {
        "unsigned char" => "::core::ffi::c_uchar".to_owned(),
        "unsigned long int" => "::core::ffi::c_ulong".to_owned(),
        "long int" => "::core::ffi::c_long".to_owned(),
        "void *" => "*mut ::core::ffi::c_void".to_owned(),
        _ => {
            if let Some(target) = kind.strip_suffix(" *") {
                format!("*mut {target}")
            } else if let Some((item, length)) = kind.split_once('[') {
                format!("[{item}; {}usize]", length.trim_end_matches(']'))
            } else {
                kind.to_owned()
            }
        }
    }
}

/// The type that a constant is to have.
fn constant_type(prefix: &str, name: &str, family: &str) -> &'static str {
    match (prefix, family) {
        ("CKA", _) => "CK_ATTRIBUTE_TYPE",
        ("CKC", _) => "CK_CERTIFICATE_TYPE",
        ("CKD", "kdf") if ["CKD_SHA1_KDF_ASN1", "CKD_SHA1_KDF_CONCATENATE"].contains(&name) => {
            "CK_X9_42_DH_KDF_TYPE"
        }
        ("CKD", "kdf") => "CK_EC_KDF_TYPE",
        ("CKF", _) => "CK_FLAGS",
        ("CKG", "generator_functions") => "CK_GENERATOR_FUNCTION",
        ("CKG", "mgf") => "CK_RSA_PKCS_MGF_TYPE",
        ("CKH", "hedge_types" | "hedged_types") => "CK_HEDGE_TYPE",
        ("CKH", "hardware_features" | "") => "CK_HW_FEATURE_TYPE",
        ("CKK", _) => "CK_KEY_TYPE",
        ("CKM", _) => "CK_MECHANISM_TYPE",
        ("CKN", _) => "CK_NOTIFICATION",
        ("CKO", _) => "CK_OBJECT_CLASS",
        ("CKP", "mldsa_params") => "CK_ML_DSA_PARAMETER_SET_TYPE",
        ("CKP", "mlkem_params") => "CK_ML_KEM_PARAMETER_SET_TYPE",
        ("CKP", "sldsa_params") => "CK_SLH_DSA_PARAMETER_SET_TYPE",
        ("CKP", "pseudo_random_function") => "CK_PKCS5_PBKD2_PSEUDO_RANDOM_FUNCTION_TYPE",
        ("CKP", "profile_id" | "") => "CK_PROFILE_ID",
        ("CKR", _) => "CK_RV",
        ("CKS", "session_states") => "CK_STATE",
        ("CKS", "indicator_flags") => "CK_SESSION_VALIDATION_FLAGS_TYPE",
        ("CKT", _) => "CK_TRUST",
        ("CKU", _) => "CK_USER_TYPE",
        ("CKV", "validation_authority_type") => "CK_VALIDATION_AUTHORITY_TYPE",
        ("CKV", "validation_types") => "CK_VALIDATION_TYPE",
        ("CKZ", "endoding_param") => "CK_RSA_PKCS_OAEP_SOURCE_TYPE",
        ("CKZ", "psuedo_sourse") => "CK_PKCS5_PBKDF2_SALT_SOURCE_TYPE",
        ("CK", "certificate_category") => "CK_CERTIFICATE_CATEGORY",
        ("CK", "security_domain") => "CK_JAVA_MIDP_SECURITY_DOMAIN",
        ("CK", "otp_types") => "CK_OTP_PARAM_TYPE",
        ("CK", "otp_format" | "otp_param") => "CK_ULONG",
        ("CK", "sp800_type") => "CK_PRF_DATA_TYPE",
        ("CK", "sp800_dkm_length_method") => "CK_SP800_108_DKM_LENGTH_METHOD",
        ("CK", "") if ["CK_TRUE", "CK_FALSE"].contains(&name) => "CK_BBOOL",
        ("CK", "") => "CK_ULONG",
        _ => panic!("{name}: no type for prefix {prefix}, family {family}"),
    }
}

#[test]
fn constants() {
    let source = flat(include_str!("../src/bindings/constants.rs"));
    let bound: BTreeMap<String, String> = between(&source, "pub const ", ";")
        .into_iter()
        .map(|item| item.split_once(": ").unwrap())
        .map(|(name, rest)| (name.to_owned(), rest.to_owned()))
        .collect();

    let mut expected = BTreeMap::new();
    for [prefix, name, value, _, _, _, family] in rows::<7>(CONSTANTS_TSV) {
        if value == "ULONG_MAX" {
            assert_eq!(name, "CK_UNAVAILABLE_INFORMATION", "only this one is written by hand");
            continue;
        }
        let value = u32::from_str_radix(value.strip_prefix("0x").unwrap(), 16).unwrap();
        let kind = constant_type(prefix, name, family);
        assert!(expected.insert(name.to_owned(), format!("{kind} = {value}")).is_none(), "{name}");
    }
    assert_eq!(bound, expected);
    assert_eq!(pkcs11_sys::CK_UNAVAILABLE_INFORMATION, !0);
}

#[test]
fn aliases_have_the_value_of_what_they_stand_for() {
    let table = rows::<7>(CONSTANTS_TSV);
    let values: BTreeMap<_, _> = table.iter().map(|[_, name, value, ..]| (name, value)).collect();
    for [_, name, value, _, alias_of, ..] in &table {
        if !alias_of.is_empty() {
            assert_eq!(values.get(alias_of), Some(&value), "{name}");
        }
    }
}

#[test]
fn scalar_and_pointer_types() {
    // The two whose `*` the official header forgot: xtask/src/header.rs puts it there.
    const MISSING_STAR: [&str; 2] = ["CK_GCM_MESSAGE_PARAMS_PTR", "CK_CCM_MESSAGE_PARAMS_PTR"];
    for (abi, source, _) in ABIS {
        let source = flat(source);
        let bound: BTreeMap<_, _> = between(&source, "pub type ", ";")
            .into_iter()
            .map(|item| item.split_once(" = ").unwrap())
            .filter(|(_, definition)| !definition.contains("extern \"C\" fn"))
            .map(|(name, definition)| (name, definition.to_owned()))
            .collect();
        let expected: BTreeMap<_, _> = rows::<3>(SCALARS_TSV)
            .into_iter()
            .map(|[name, definition, _]| {
                let star = if MISSING_STAR.contains(&name) { " *" } else { "" };
                (name, rust_type(&format!("{definition}{star}")))
            })
            .collect();
        assert_eq!(bound, expected, "{abi}");
    }
}

#[test]
fn structs_and_function_lists() {
    let mut expected: BTreeMap<&str, Vec<(String, String)>> = BTreeMap::new();
    for [name, _, index, field, kind] in rows::<5>(STRUCTS_TSV) {
        let fields = expected.entry(name).or_default();
        assert_eq!(index, fields.len().to_string(), "{name}::{field}: order in the table");
        fields.push((rust_name(field), rust_type(kind)));
    }
    assert_eq!(expected.len(), 96);
    for (list, versions) in LISTS {
        let version = ("version".to_owned(), "CK_VERSION".to_owned());
        let functions = rows::<4>(FUNCTIONS_TSV)
            .into_iter()
            .filter(|[_, _, since, _]| versions.contains(since))
            .map(|[_, name, ..]| (name.to_owned(), format!("CK_{name}")));
        expected.insert(list, std::iter::once(version).chain(functions).collect());
    }

    for (abi, source, _) in ABIS {
        let source = flat(source);
        let bound: BTreeMap<&str, Vec<(String, String)>> = between(&source, "pub struct ", " }")
            .into_iter()
            .map(|item| item.split_once(" { ").unwrap())
            .map(|(name, fields)| (name, pairs(fields)))
            .collect();
        assert_eq!(bound, expected, "{abi}");
    }
}

#[test]
fn function_pointers() {
    for (abi, source, _) in ABIS {
        let source = flat(source);
        let bound: BTreeMap<&str, &str> = between(&source, "pub type CK_C_", ";")
            .into_iter()
            .filter(|item| item.contains("extern \"C\" fn"))
            .map(|item| item.split_once(" = ").unwrap())
            .collect();
        let mut names = BTreeSet::new();
        for [_, name, _, arguments] in rows::<4>(FUNCTIONS_TSV) {
            let short = name.strip_prefix("C_").unwrap();
            let definition = bound.get(short).unwrap_or_else(|| panic!("{abi}: no CK_{name}"));
            let signature = definition
                .strip_prefix("::core::option::Option<")
                .and_then(|rest| rest.trim_start().strip_prefix("unsafe extern \"C\" fn("))
                .unwrap_or_else(|| panic!("{abi}: CK_{name} = {definition}"));
            let (bound_arguments, result) = signature.split_once(')').unwrap();
            let arguments: Vec<_> = arguments
                .split(';')
                .filter_map(|argument| argument.split_once(':'))
                .map(|(name, kind)| (rust_name(name.trim()), rust_type(kind.trim())))
                .collect();
            assert_eq!(pairs(bound_arguments), arguments, "{abi}: {name}");
            assert!(result.starts_with(" -> CK_RV"), "{abi}: {name} returns{result}");
            names.insert(short);
        }
        assert_eq!(bound.keys().copied().collect::<BTreeSet<_>>(), names, "{abi}");
    }
}

#[test]
fn function_offsets() {
    for (abi, source, pointer) in ABIS {
        let source = flat(source);
        // The two bytes of the version come first, padded to a pointer except on Windows.
        let first = if abi.starts_with("windows") { 2 } else { pointer };
        for [index, name, ..] in rows::<4>(FUNCTIONS_TSV) {
            let offset = first + index.parse::<usize>().unwrap() * pointer;
            let label = format!("[\"Offset of field: CK_FUNCTION_LIST_3_2::{name}\"]");
            let assertion = between(&source, &label, ";");
            let [assertion] = assertion.as_slice() else { panic!("{abi}: {name}") };
            assert!(
                assertion.ends_with(&format!(", {name}) - {offset}usize]")),
                "{abi}: {name} at {offset}, but {assertion}"
            );
        }
    }
}
