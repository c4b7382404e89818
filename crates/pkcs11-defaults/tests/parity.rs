//! The defaults compared with those of python-pkcs11 0.10, row by row: the same, or different on
//! purpose and for a reason that the README repeats.

#![allow(clippy::unwrap_used, reason = "a test: a panic is its answer")]

use pkcs11_core::{
    AttributeType, Capabilities, Defaults, KeyType, MechanismType, ObjectClass, Usage,
};
use pkcs11_defaults::{DefaultParameter, Row, StandardDefaults};

/// What the reference has for each use, what is ours where that differs, and why.
const TABLE: &str = include_str!("parity.tsv");
const README: &str = include_str!("../README.md");

const KEY_TYPES: [&str; 11] = [
    "AES",
    "DES2",
    "DES3",
    "DH",
    "X9_42_DH",
    "DSA",
    "EC",
    "EC_EDWARDS",
    "RSA",
    "ML_DSA",
    "GENERIC_SECRET",
];
const USES: [&str; 7] =
    ["generate", "encrypt", "sign", "wrap", "derive", "parameters", "capabilities"];
const NAMES: [(&str, Capabilities); 9] = [
    ("encrypt", Capabilities::ENCRYPT),
    ("decrypt", Capabilities::DECRYPT),
    ("sign", Capabilities::SIGN),
    ("verify", Capabilities::VERIFY),
    ("wrap", Capabilities::WRAP),
    ("unwrap", Capabilities::UNWRAP),
    ("derive", Capabilities::DERIVE),
    ("encapsulate", Capabilities::ENCAPSULATE),
    ("decapsulate", Capabilities::DECAPSULATE),
];

/// A line of the table.
struct Line<'t> {
    of: &'t str,
    usage: &'t str,
    reference: &'t str,
    ours: &'t str,
    why: &'t str,
}

fn lines() -> impl Iterator<Item = Line<'static>> {
    TABLE.lines().skip(1).map(|line| {
        let [of, usage, reference, ours, why] =
            line.split('\t').collect::<Vec<_>>().try_into().expect("five columns");
        Line { of, usage, reference, ours, why }
    })
}

fn short(mechanism: MechanismType) -> String {
    mechanism.to_string().trim_start_matches("CKM_").to_owned()
}

/// What this crate has, in the words of the table.
fn found(of: &str, usage: &str) -> String {
    if usage == "parameter" {
        return parameter(of.parse().expect("a mechanism"));
    }
    let row = Row::of(of.parse::<KeyType>().expect("a key type")).expect("a row");
    let mechanism = match usage {
        "generate" => row.generate,
        "encrypt" => row.encrypt.map(|encrypt| encrypt.mechanism()),
        "sign" => row.sign.map(|sign| sign.mechanism),
        "wrap" => row.wrap.map(|wrap| wrap.mechanism()),
        "derive" => row.derive.map(|derive| derive.mechanism()),
        "parameters" => row.parameters,
        "capabilities" => return capabilities(row.capabilities),
        _ => panic!("no use is called {usage}"),
    };
    mechanism.map_or("-".to_owned(), short)
}

fn capabilities(capabilities: Capabilities) -> String {
    let names = NAMES.iter().filter(|(_, capability)| capabilities.contains(*capability));
    let names: Vec<&str> = names.map(|(name, _)| *name).collect();
    if names.is_empty() { "-".to_owned() } else { names.join(" ") }
}

fn parameter(mechanism: MechanismType) -> String {
    match DefaultParameter::of(mechanism) {
        None => "-".to_owned(),
        Some(DefaultParameter::Oaep(hash)) => {
            let name = short(hash.mechanism());
            format!("{name} {name} no-label")
        }
        Some(DefaultParameter::Pss(hash) | DefaultParameter::PssDigest(hash)) => {
            let name = short(hash.mechanism());
            format!("{name} {name} {}", hash.length())
        }
    }
}

#[test]
fn the_same_or_different_on_purpose() {
    for Line { of, usage, reference, ours, why } in lines() {
        let expected = if ours.is_empty() { reference } else { ours };
        assert_eq!(found(of, usage), expected, "{of}, {usage}");
        assert_ne!(reference, ours, "{of}, {usage}: a difference that is none");
        assert_eq!(ours.is_empty(), why.is_empty(), "{of}, {usage}: a difference has a reason");
    }
}

#[test]
fn the_table_is_whole() {
    let mut lines = lines();
    for of in KEY_TYPES {
        for usage in USES {
            let line = lines.next().unwrap();
            assert_eq!((line.of, line.usage), (of, usage));
        }
    }
    let parameters: Vec<&str> = lines.map(|line| line.of).collect();
    let pss = MechanismType::ALL.iter().filter(|mechanism| {
        // The reference knows no SHA-3.
        let name = short(**mechanism);
        name == "RSA_PKCS_OAEP" || name.ends_with("RSA_PKCS_PSS") && !name.starts_with("SHA3_")
    });
    assert_eq!(parameters.len(), pss.clone().count());
    pss.for_each(|mechanism| assert!(parameters.contains(&&short(*mechanism)[..])));
}

#[test]
fn the_readme_tells_each_difference() {
    for Line { of, usage, reference, ours, why } in lines().filter(|line| !line.ours.is_empty()) {
        let row = format!("| {of} | {usage} | {reference} | {ours} | {why} |");
        assert!(README.contains(&row), "the README lacks: {row}");
    }
}

/// The rest of its templates: the same or stricter, as the README says.
#[test]
fn templates_are_the_same_or_stricter() {
    let defaults = StandardDefaults::new();
    let get = |class, usage, attribute| {
        let template = defaults.template(class, KeyType::RSA, usage);
        template.get(attribute).map(<[u8]>::to_vec)
    };
    let (secret, private) = (ObjectClass::SECRET_KEY, ObjectClass::PRIVATE_KEY);
    let of_reference =
        [(secret, Usage::GenerateKey), (secret, Usage::Derive), (private, Usage::GenerateKeyPair)];
    for (class, usage) in of_reference {
        for (attribute, value) in [
            (AttributeType::ID, vec![]),
            (AttributeType::LABEL, vec![]),
            (AttributeType::PRIVATE, vec![1]),
            (AttributeType::SENSITIVE, vec![1]),
            (AttributeType::TOKEN, vec![0]),
        ] {
            assert_eq!(get(class, usage, attribute), Some(value), "{class} {attribute}");
        }
    }
    let exponent =
        get(ObjectClass::PUBLIC_KEY, Usage::GenerateKeyPair, AttributeType::PUBLIC_EXPONENT);
    assert_eq!(exponent, Some(vec![1, 0, 1]));
    // Stricter: what the reference leaves to the token.
    for class in [secret, private] {
        assert_eq!(get(class, Usage::GenerateKey, AttributeType::EXTRACTABLE), Some(vec![0]));
        assert_eq!(get(class, Usage::Unwrap, AttributeType::SENSITIVE), Some(vec![1]));
    }
}
