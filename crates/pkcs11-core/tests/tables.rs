//! The tables of numbers against the standard's, in both directions.
// No unsafe code runs here, and Miri would take many minutes.
#![cfg(not(miri))]

use std::collections::BTreeMap;
use std::str::FromStr;

use pkcs11_core::{
    AttributeType, CertificateType, Function, KeyType, MechanismType, ObjectClass, ReturnCode,
    UserType,
};

/// `headers/spec/constants.tsv` by name: value, version, and whether the name is an alias.
fn constants(prefix: &str) -> BTreeMap<&'static str, (u64, &'static str, bool)> {
    let table = include_str!("../../../headers/spec/constants.tsv");
    table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let columns: Vec<_> = line.split('\t').collect();
            let [family, name, value, since, alias, ..] = columns[..] else {
                panic!("a row of {} columns: {line}", columns.len());
            };
            let value = u64::from_str_radix(value.strip_prefix("0x")?, 16).ok()?;
            // The first number of the vendors' range is no name of a thing.
            let named = family == prefix && !name.ends_with("_VENDOR_DEFINED");
            named.then_some((name, (value, since, !alias.is_empty())))
        })
        .collect()
}

macro_rules! compare {
    ($($test:ident: $number:ident, $prefix:literal;)*) => {$(
        #[test]
        fn $test() {
            let spec = constants($prefix);
            for (name, (value, since, alias)) in &spec {
                let number = $number::from_str(name);
                let number = number.unwrap_or_else(|_| panic!("{name} is missing"));
                assert_eq!(u64::try_from(number.number()), Ok(*value), "{name}");
                if !alias {
                    assert_eq!(number.name(), Some(*name));
                    assert_eq!(number.since(), Some(*since), "{name}");
                }
            }
            let names: Vec<_> = $number::ALL.iter().map(|number| number.name().unwrap()).collect();
            let invented = names.iter().find(|name| !spec.contains_key(*name));
            assert_eq!(invented, None);
            assert_eq!(names.len(), spec.values().filter(|(_, _, alias)| !alias).count());
        }
    )*};
}

compare! {
    attributes: AttributeType, "CKA";
    certificate_types: CertificateType, "CKC";
    key_types: KeyType, "CKK";
    mechanisms: MechanismType, "CKM";
    object_classes: ObjectClass, "CKO";
    return_codes: ReturnCode, "CKR";
    user_types: UserType, "CKU";
}

#[test]
fn functions() {
    let table = include_str!("../../../headers/spec/functions.tsv");
    let spec: Vec<_> = table.lines().skip(1).filter_map(|line| line.split('\t').nth(1)).collect();
    let names: Vec<_> = Function::ALL.iter().map(|function| function.name()).collect();
    assert_eq!(names, spec);
}
