//! The tables of numbers, flags and attributes against the standard's (`headers/spec`), in both
//! directions. `--no-capture` shows how many rows each has.
// No unsafe code runs here, and Miri would take many minutes.
#![cfg(not(miri))]
#![allow(clippy::unwrap_used, reason = "a test: a panic is its answer")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};
use std::str::FromStr;

use pkcs11_core::sys::{CK_FLAGS, CK_ULONG};
use pkcs11_core::*;

/// A row of `headers/spec/constants.tsv`.
#[derive(Clone, Copy, Debug)]
struct Constant {
    prefix: &'static str,
    name: &'static str,
    value: CK_ULONG,
    since: &'static str,
    alias_of: &'static str,
    family: &'static str,
}

fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().skip(1).map(|line| {
        let columns: Vec<_> = line.split('\t').collect();
        columns.try_into().unwrap_or_else(|_| panic!("{N} columns are no row of {line}"))
    })
}

fn hex(text: &str) -> CK_ULONG {
    CK_ULONG::from_str_radix(text.strip_prefix("0x").unwrap(), 16).unwrap()
}

fn constants() -> impl Iterator<Item = Constant> {
    let table = include_str!("../../../headers/spec/constants.tsv");
    rows(table).map(|[prefix, name, value, since, alias_of, status, family]| {
        assert_eq!(status, "", "{name}: a status that no table here knows");
        let value = if value == "ULONG_MAX" { CK_ULONG::MAX } else { hex(value) };
        Constant { prefix, name, value, since, alias_of, family }
    })
}

/// What numbers and flags have in common.
trait Table: Copy + Eq + Debug + Display + FromStr<Err: Debug> + 'static {
    const ALL: &'static [Self];

    fn of(number: CK_ULONG) -> Self;
    fn value(self) -> CK_ULONG;
    fn name(self) -> Option<&'static str>;
    fn since(self) -> Option<&'static str>;
}

macro_rules! table {
    ($of:ident, $value:ident: $($name:ident)*) => {$(
        impl Table for $name {
            const ALL: &'static [Self] = $name::ALL;

            fn of(number: CK_ULONG) -> Self {
                $name::$of(number)
            }
            fn value(self) -> CK_ULONG {
                self.$value()
            }
            fn name(self) -> Option<&'static str> {
                $name::name(self)
            }
            fn since(self) -> Option<&'static str> {
                $name::since(self)
            }
        }
    )*};
}

/// A test for each table, and the list of them. A table has the constants of a prefix and, where
/// that has more than one table, of families; the prefix of its short names comes last.
macro_rules! compare {
    (
        numbers { $($test:ident: $number:ident, $prefix:literal $families:tt, $short:literal;)* }
        flags { $($flag_test:ident: $flags:ident, $flag_prefix:literal $flag_families:tt, $flag_short:literal;)* }
    ) => {
        table!(new, number: $($number)*);
        table!(from_bits_retain, bits: $($flags)*);

        /// The prefix and families of every table.
        const TABLES: &[(&str, &[&str])] = &[
            $(($prefix, &$families),)*
            $(($flag_prefix, &$flag_families),)*
        ];

        $(
            #[test]
            fn $test() {
                compare::<$number>(stringify!($number), $prefix, &$families, $short);
                for number in [0x8000_0001, 0x7fff_fff1, 0xffff_ffff] {
                    let number = $number::new(number);
                    assert_eq!((number.name(), number.since()), (None, None));
                    assert_eq!(number.to_string(), format!("{:#010x}", number.number()));
                    assert_eq!(number.to_string().parse(), Ok(number));
                    assert_eq!(number.number().to_string().parse(), Ok(number));
                }
            }
        )*
        $(
            #[test]
            fn $flag_test() {
                compare::<$flags>(stringify!($flags), $flag_prefix, &$flag_families, $flag_short);
                let named = $flags::ALL.iter().copied().collect::<$flags>();
                let single = $flags::ALL.iter().all(|flag| flag.bits().count_ones() == 1);
                assert!(single, "a flag is one bit");
                for bits in [0, 1 << 30, 0xffff_ffff, named.bits()] {
                    let flags = $flags::from_bits_retain(bits);
                    assert_eq!(flags.to_string().parse(), Ok(flags));
                }
                let full = $flags::ALL.iter().map(|flag| flag.name().unwrap());
                let full = full.collect::<Vec<_>>().join(" | ");
                assert_eq!(full.parse(), Ok(named));
                if !named.is_empty() {
                    assert_eq!(named.to_string(), full);
                }
            }
        )*
    };
}

compare! {
    numbers {
        attributes: AttributeType, "CKA" ["attributes"], "CKA_";
        certificate_categories: CertificateCategory, "CK" ["certificate_category"], "CK_CERTIFICATE_CATEGORY_";
        certificate_types: CertificateType, "CKC" ["certificate_types"], "CKC_";
        dkm_length_methods: DkmLengthMethod, "CK" ["sp800_dkm_length_method"], "CK_SP800_108_DKM_LENGTH_";
        generators: Generator, "CKG" ["generator_functions"], "CKG_";
        hardware_features: HwFeature, "CKH" ["hardware_features"], "CKH_";
        // The second family is a slip of the standard's header.
        hedges: Hedge, "CKH" ["hedge_types", "hedged_types"], "CKH_";
        hkdf_salt_types: HkdfSaltType, "CKF" ["hkdf_flags"], "CKF_HKDF_SALT_";
        kdfs: Kdf, "CKD" ["kdf"], "CKD_";
        key_types: KeyType, "CKK" ["key_types"], "CKK_";
        mechanisms: MechanismType, "CKM" ["mechanisms"], "CKM_";
        mgfs: Mgf, "CKG" ["mgf"], "CKG_MGF1_";
        ml_dsa_parameter_sets: MlDsaParameterSet, "CKP" ["mldsa_params"], "CKP_";
        ml_kem_parameter_sets: MlKemParameterSet, "CKP" ["mlkem_params"], "CKP_";
        notifications: Notification, "CKN" ["notifications"], "CKN_";
        oaep_sources: OaepSource, "CKZ" ["endoding_param"], "CKZ_";
        object_classes: ObjectClass, "CKO" ["objects"], "CKO_";
        otp_formats: OtpFormat, "CK" ["otp_format"], "CK_OTP_FORMAT_";
        otp_param_types: OtpParamType, "CK" ["otp_types"], "CK_OTP_";
        otp_requirements: OtpRequirement, "CK" ["otp_param"], "CK_OTP_PARAM_";
        pbkdf2_prfs: Pbkdf2Prf, "CKP" ["pseudo_random_function"], "CKP_PKCS5_PBKD2_";
        prf_data_types: PrfDataType, "CK" ["sp800_type"], "CK_SP800_108_";
        profiles: ProfileId, "CKP" ["profile_id"], "CKP_";
        return_codes: ReturnCode, "CKR" ["errors"], "CKR_";
        salt_sources: SaltSource, "CKZ" ["psuedo_sourse"], "CKZ_";
        security_domains: SecurityDomain, "CK" ["security_domain"], "CK_SECURITY_DOMAIN_";
        session_states: SessionState, "CKS" ["session_states"], "CKS_";
        session_validations: SessionValidation, "CKS" ["indicator_flags"], "CKS_";
        slh_dsa_parameter_sets: SlhDsaParameterSet, "CKP" ["sldsa_params"], "CKP_SLH_DSA_";
        trust: Trust, "CKT" ["trust_states"], "CKT_";
        user_types: UserType, "CKU" ["user_types"], "CKU_";
        validation_authorities: ValidationAuthority, "CKV" ["validation_authority_type"], "CKV_AUTHORITY_TYPE_";
        validation_types: ValidationType, "CKV" ["validation_types"], "CKV_TYPE_";
    }
    flags {
        initialize_flags: InitializeFlags, "CKF" ["init_flags"], "CKF_";
        interface_flags: InterfaceFlags, "CKF" ["function_flags"], "CKF_INTERFACE_";
        mechanism_flags: MechanismFlags, "CKF" ["mechanisms_flags"], "CKF_";
        message_flags: MessageFlags, "CKF" ["message_flags"], "CKF_";
        otp_flags: OtpFlags, "CKF" ["opt_flags"], "CKF_";
        session_flags: SessionFlags, "CKF" ["session_flags"], "CKF_";
        slot_event_flags: SlotEventFlags, "CKF" ["slot_event_flags"], "CKF_";
        slot_flags: SlotFlags, "CKF" ["slot_info_flags"], "CKF_";
        token_flags: TokenFlags, "CKF" ["token_info_flags", "token_flags"], "CKF_";
        // The bits are the module's own.
        validation_flags: ValidationFlags, "CKF" [], "CKF_";
    }
}

/// Compares a table with the standard's, in both directions.
#[allow(clippy::print_stdout, reason = "the number of rows is to be seen")]
fn compare<T: Table>(title: &str, prefix: &str, families: &[&str], short: &str) {
    let spec = constants().filter(|row| row.prefix == prefix && families.contains(&row.family));
    let spec: BTreeMap<_, _> = spec.map(|row| (row.name, row)).collect();
    let (aliases, named): (Vec<&Constant>, Vec<&Constant>) =
        spec.values().partition(|row| !row.alias_of.is_empty());
    for row in spec.values() {
        let name = row.name;
        let number: T = name.parse().unwrap_or_else(|_| panic!("{name} is missing"));
        assert_eq!(number.value(), row.value, "{name}");
        for text in [name.split_once('_').unwrap().1, name.strip_prefix(short).unwrap_or(name)] {
            assert_eq!(text.parse::<T>().ok(), Some(number), "{text}, short for {name}");
        }
    }
    for row in &named {
        let number = T::of(row.value);
        assert_eq!(number.name(), Some(row.name));
        assert_eq!(number.since(), Some(row.since), "{}", row.name);
        assert_eq!(number.to_string(), row.name);
        assert!(T::ALL.contains(&number), "{}", row.name);
    }
    for row in &aliases {
        assert_eq!(T::of(row.value).name(), Some(row.alias_of), "{}", row.name);
    }
    for number in T::ALL {
        let name = number.name().unwrap();
        assert!(spec.contains_key(name), "{name} is not in the standard");
    }
    let numbers: BTreeSet<_> = T::ALL.iter().map(|number| number.value()).collect();
    assert_eq!(numbers.len(), T::ALL.len(), "two names for one number");
    assert_eq!(T::ALL.len(), named.len());
    println!("{title}: {} rows, {} aliases", named.len(), aliases.len());
}

#[test]
#[allow(clippy::print_stdout, reason = "the number of rows is to be seen")]
fn every_constant_has_one_table() {
    // Values of C's own, a bit in attributes' numbers, and where the vendors' numbers begin.
    let apart = |row: &Constant| row.family.is_empty();
    for row in constants().filter(apart) {
        let vendors = row.name.ends_with("_VENDOR_DEFINED") && row.value == 0x8000_0000;
        assert!(vendors || row.prefix == "CK" || row.name == "CKF_ARRAY_ATTRIBUTE", "{row:?}");
    }
    let mut count = 0;
    for row in constants().filter(|row| !apart(row)) {
        let has = |(prefix, families): &&(&str, &[&str])| {
            row.prefix == *prefix && families.contains(&row.family)
        };
        assert_eq!(TABLES.iter().filter(has).count(), 1, "{row:?}");
        count += 1;
    }
    println!("{count} constants, {} tables", TABLES.len());
}

/// The type that an attribute has by a row of `headers/spec/attributes.tsv`.
fn value_type(name: &str, kind: &str) -> String {
    match (name, kind) {
        // Deprecated since 2.20, so the text of today has no type: these are of 2.11.
        ("CKA_SECONDARY_AUTH", "") => "CK_BBOOL".to_owned(),
        ("CKA_AUTH_PIN_FLAGS", "") => "CK_FLAGS".to_owned(),
        (_, "bool") => "CK_BBOOL".to_owned(),
        (_, "ulong") => "CK_ULONG".to_owned(),
        (_, "bytes") => "byte array".to_owned(),
        (_, "big_integer") => "big integer".to_owned(),
        (_, "text") => "UTF-8 text".to_owned(),
        (_, "date") => "CK_DATE".to_owned(),
        (_, "version") => "CK_VERSION".to_owned(),
        (_, "template") => "template".to_owned(),
        (_, "enum CK_*_PARAMETER_SET_TYPE of the key type") => "parameter set".to_owned(),
        _ => match kind.split_once(' ') {
            Some(("enum" | "flags", raw)) => raw.to_owned(),
            Some(("array", raw)) => format!("array of {raw}"),
            _ => panic!("{name}: {kind}"),
        },
    }
}

#[test]
#[allow(clippy::print_stdout, reason = "the number of rows is to be seen")]
fn types_of_attributes() {
    let table = include_str!("../../../headers/spec/attributes.tsv");
    let spec = rows(table).map(|[name, value, kind, _, _]| (name, (hex(value), kind)));
    let mut spec: BTreeMap<_, _> = spec.collect();
    assert!(spec.remove("CKA_VENDOR_DEFINED").is_some(), "it is no attribute");
    for (name, (value, kind)) in &spec {
        let attribute = AttributeType::new(*value);
        assert_eq!(attribute.name(), Some(*name));
        let expected = value_type(name, kind);
        assert_eq!(attribute.value_type(), Some(expected.as_str()), "{name}");
    }
    for attribute in AttributeType::ALL {
        assert!(spec.contains_key(attribute.name().unwrap()), "{attribute} is invented");
    }
    assert_eq!(AttributeType::new(0x8000_0001).value_type(), None);
    println!("types of attributes: {} rows", spec.len());
}

#[test]
fn types_that_c_has_no_name_for() {
    let _: Attr<OtpFormat> = attr::OTP_FORMAT;
    let _: [Attr<OtpRequirement>; 4] = [
        attr::OTP_CHALLENGE_REQUIREMENT,
        attr::OTP_COUNTER_REQUIREMENT,
        attr::OTP_PIN_REQUIREMENT,
        attr::OTP_TIME_REQUIREMENT,
    ];
    let _: [Attr<ValidationFlags>; 2] = [attr::OBJECT_VALIDATION_FLAGS, attr::VALIDATION_FLAG];
    let _: Attr<TokenFlags> = attr::AUTH_PIN_FLAGS;
}

#[test]
fn parameter_sets_have_the_names_of_their_key_type() {
    for (key_type, family) in [
        (KeyType::ML_DSA, "mldsa_params"),
        (KeyType::ML_KEM, "mlkem_params"),
        (KeyType::SLH_DSA, "sldsa_params"),
    ] {
        for row in constants().filter(|row| row.family == family) {
            let set = ParameterSet::new(row.value);
            assert_eq!(set.name_for(key_type), Some(row.name));
            assert_eq!(row.name.parse(), Ok(set));
            assert_eq!(set.to_string().parse(), Ok(set));
        }
    }
}

/// Rows of `headers/spec/mechanisms.tsv`: the name without its prefix, and whether it is
/// historical.
fn mechanism_rows() -> impl Iterator<Item = (&'static str, bool)> {
    let table = include_str!("../../../headers/spec/mechanisms.tsv");
    table.lines().skip(1).map(|line| {
        let mut columns = line.split('\t');
        let name = columns.next().unwrap().strip_prefix("CKM_").unwrap();
        (name, columns.nth(1).unwrap() == "historical")
    })
}

#[test]
fn key_types_are_historical_with_all_their_mechanisms() {
    for key_type in KeyType::ALL {
        let name = key_type.name().unwrap().strip_prefix("CKK_").unwrap();
        let of_it = |mechanism: &str| {
            mechanism
                .strip_prefix(name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        };
        let mut statuses = mechanism_rows().filter(|row| of_it(row.0)).map(|row| row.1).peekable();
        let expected = statuses.peek().is_some() && statuses.all(|historical| historical);
        assert_eq!(key_type.is_historical(), expected, "{key_type}");
    }
}

#[test]
fn attributes_are_historical_that_no_section_describes() {
    let table = include_str!("../../../headers/spec/attributes.tsv");
    for [name, value, _, _, sections] in rows(table) {
        let expected = sections.is_empty() && name != "CKA_VENDOR_DEFINED";
        assert_eq!(AttributeType::new(hex(value)).is_historical(), expected, "{name}");
    }
}

#[test]
fn functions() {
    let table = include_str!("../../../headers/spec/functions.tsv");
    let spec: Vec<_> = rows(table).map(|[_, name, _, _]| name).collect();
    let names: Vec<_> = Function::ALL.iter().map(|function| function.name()).collect();
    assert_eq!(names, spec);
}

// The other columns of `headers/spec/mechanisms.tsv`, the facts of each mechanism, belong here.
#[test]
fn mechanisms_with_facts_have_a_name() {
    for (name, _) in mechanism_rows() {
        assert!(MechanismType::from_str(name).is_ok(), "{name}");
    }
}

#[test]
fn flags_are_as_wide_as_numbers() {
    assert_eq!(size_of::<CK_FLAGS>(), size_of::<CK_ULONG>());
}
