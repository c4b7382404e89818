//! The rows of the mechanism table against the standard's, in both directions.
// No unsafe code runs here, and Miri would take many minutes.
#![cfg(not(miri))]

use std::collections::BTreeSet;

use pkcs11_core::mechanism::{Output, Parameter};
use pkcs11_core::{MechanismFlags, MechanismType};

/// A row of `headers/spec/mechanisms.tsv`.
struct Row {
    mechanism: MechanismType,
    section: &'static str,
    historical: bool,
    serves: MechanismFlags,
    hint: &'static str,
}

fn rows() -> Vec<Row> {
    let table = include_str!("../../../headers/spec/mechanisms.tsv");
    let row = |line: &'static str| {
        let columns: Vec<_> = line.split('\t').collect();
        let [name, section, status, served @ .., hint] = &columns[..] else {
            panic!("a row of {} columns: {line}", columns.len());
        };
        assert_eq!(served.len(), 8, "{line}");
        let generates = match name.contains("KEY_PAIR_GEN") {
            true => MechanismFlags::GENERATE_KEY_PAIR,
            false => MechanismFlags::GENERATE,
        };
        let families = [
            MechanismFlags::ENCRYPT | MechanismFlags::DECRYPT,
            MechanismFlags::SIGN | MechanismFlags::VERIFY,
            MechanismFlags::SIGN_RECOVER | MechanismFlags::VERIFY_RECOVER,
            MechanismFlags::DIGEST,
            generates,
            MechanismFlags::WRAP | MechanismFlags::UNWRAP,
            MechanismFlags::DERIVE,
            MechanismFlags::ENCAPSULATE | MechanismFlags::DECAPSULATE,
        ];
        let serves = families.into_iter().zip(served).filter(|(_, mark)| **mark == "1");
        Row {
            mechanism: name.parse().expect("a name of the table"),
            section,
            historical: *status == "historical",
            serves: serves.fold(MechanismFlags::empty(), |flags, (family, _)| flags | family),
            hint,
        }
    };
    table.lines().skip(1).map(row).collect()
}

#[test]
fn every_row_has_the_facts_of_the_standard() {
    let rows = rows();
    for row in &rows {
        let mechanism = row.mechanism;
        assert_eq!(mechanism.section(), row.section, "{mechanism}");
        assert_eq!(mechanism.is_historical(), row.historical, "{mechanism}");
        assert_eq!(mechanism.serves(), row.serves, "{mechanism}");
        assert!(!mechanism.parameters().is_empty(), "{mechanism}");
    }
    let listed: BTreeSet<_> = rows.iter().map(|row| row.mechanism).collect();
    let known: BTreeSet<_> = MechanismType::ALL.iter().copied().collect();
    assert_eq!(listed, known);
    println!("mechanisms: {} rows, {} in the standard", known.len(), rows.len());
}

/// Hints that were read wrongly by machine, and what the section says.
const HINTS_NOT_FOLLOWED: &[(&str, &str)] = &[
    ("CKM_MD2_RSA_PKCS", "PKCS#1 v1.5: no parameter; the hint is from the text on PSS"),
    ("CKM_MD5_RSA_PKCS", "the same"),
    ("CKM_RIPEMD128_RSA_PKCS", "the same"),
    ("CKM_RIPEMD160_RSA_PKCS", "the same"),
    ("CKM_SHA512_T", "digests, SHA-512/t: the length of the output is the parameter"),
    ("CKM_TLS12_EXTENDED_MASTER_KEY_DERIVE", "tls_1.2_mechanisms: it has a struct of its own"),
    ("CKM_TLS12_EXTENDED_MASTER_KEY_DERIVE_DH", "the same"),
    ("CKM_TLS12_KEY_AND_MAC_DERIVE", "tls_1.2_mechanisms: CK_TLS12_KEY_MAT_PARAMS"),
];

#[test]
fn parameters_are_those_that_the_text_hints_at() {
    for row in rows() {
        let name = row.mechanism.name().unwrap();
        let parameters = row.mechanism.parameters();
        if row.hint.is_empty() || HINTS_NOT_FOLLOWED.iter().any(|(wrong, _)| *wrong == name) {
            continue;
        }
        let fits = parameters.iter().any(|parameter| match *parameter {
            Parameter::Nothing => row.hint == "none",
            Parameter::Iv(length) => row.hint == "iv" || row.hint == format!("iv[{length}]"),
            _ => parameter.struct_name() == Some(row.hint),
        });
        assert!(fits, "{name}: {parameters:?}, and the hint is {}", row.hint);
    }
}

/// Structs of the standard with a name like a parameter's that are no mechanism's parameter.
const NO_PARAMETERS: &[(&str, &str)] = &[
    ("CK_AES_GCM_PARAMS", "an old name of CK_GCM_PARAMS"),
    ("CK_AES_CCM_PARAMS", "an old name of CK_CCM_PARAMS"),
    (
        "CK_PKCS5_PBKD2_PARAMS",
        "2.40 before its errata; a quirk puts it in the place of ..._PARAMS2",
    ),
];

#[test]
fn every_struct_for_a_mechanism_is_the_parameter_of_one() {
    let table = include_str!("../../../headers/spec/structs.tsv");
    let structs = table.lines().skip(1).filter_map(|line| line.split('\t').next());
    let named = |name: &&str| {
        let ends = ["_PARAMS", "_PARAM", "_PARAMS2", "_ADDITIONAL_CONTEXT", "_STRING_DATA"];
        let part = ["CK_OTP_PARAM", "CK_PRF_DATA_PARAM"].contains(name);
        ends.iter().any(|end| name.ends_with(end)) && !part
    };
    let wanted: BTreeSet<_> = structs.filter(named).collect();
    let taken: BTreeSet<_> = MechanismType::ALL
        .iter()
        .flat_map(|mechanism| mechanism.parameters())
        .filter_map(|parameter| parameter.struct_name())
        .collect();
    let unused: Vec<_> = wanted.difference(&taken).collect();
    let reasons: BTreeSet<_> = NO_PARAMETERS.iter().map(|(name, _)| name).collect();
    assert_eq!(unused.iter().copied().collect::<BTreeSet<_>>(), reasons);
    let kinds: BTreeSet<_> =
        Parameter::STRUCTS.iter().filter_map(|parameter| parameter.struct_name()).collect();
    assert_eq!(kinds, taken, "a kind that no mechanism takes, or the other way round");
    println!(
        "parameters: {} kinds of structs and numbers for {} structs of the standard, {} of them \
         old names",
        kinds.len(),
        wanted.len(),
        reasons.len()
    );
}

#[test]
fn outputs_fit_what_is_served() {
    for &mechanism in MechanismType::ALL {
        // The standard's table has CKM_POLY1305 as a cipher; its text says that it signs.
        let serves = match mechanism {
            MechanismType::POLY1305 => MechanismFlags::SIGN,
            _ => mechanism.serves(),
        };
        match mechanism.output() {
            Output::Digest(length) => {
                assert!(serves.contains(MechanismFlags::DIGEST) && length >= 16, "{mechanism}");
            }
            Output::Mac(length) => {
                assert!(serves.contains(MechanismFlags::SIGN) && length >= 4, "{mechanism}");
            }
            Output::General => assert!(serves.contains(MechanismFlags::SIGN), "{mechanism}"),
            _ => {}
        }
    }
}

/// Those whose parameter says the length of the MAC, and what bounds it.
const MACS_WITHOUT_LONGEST: &[(&str, &str)] = &[
    ("CKM_RC5_MAC", "a word, whose length is in the parameter"),
    ("CKM_RC5_MAC_GENERAL", "two words"),
    ("CKM_TLS12_MAC", "the output of a pseudo-random function, which has no end"),
    ("CKM_TLS_MAC", "the same"),
];

#[test]
fn a_mac_of_a_chosen_length_is_as_long_as_the_whole_one_at_most() {
    for &mechanism in MechanismType::ALL {
        let name = mechanism.name().unwrap();
        let longest = mechanism.longest_mac();
        let without = MACS_WITHOUT_LONGEST.iter().any(|(listed, _)| *listed == name);
        let chosen = mechanism.output() == Output::General;
        assert_eq!(longest.is_some(), chosen && !without, "{name}");
        let Some(whole) = name.strip_suffix("_GENERAL").and_then(|name| name.parse().ok()) else {
            continue;
        };
        match MechanismType::output(whole) {
            // The MAC of a cipher is the first half of a block.
            Output::Mac(length) if !name.contains("HMAC") && !name.contains("CMAC") => {
                assert_eq!(longest, Some(2 * length), "{name}");
            }
            Output::Mac(length) => assert_eq!(longest, Some(length), "{name}"),
            // SHA-512/t has 511 bits at most.
            _ => assert!(without || longest == Some(64), "{name}"),
        }
    }
}
