//! The numbers of PKCS#11 in the tables of this crate, against the table of facts from which
//! the header is made.

use pkcs11_codec::{digest_info::Digest, parameter_set::ParameterSet};

const CONSTANTS: &str = include_str!("../../../../headers/spec/constants.tsv");

/// The number with this name: `kind`, name, value and more in each line.
fn number(name: &str) -> Option<u32> {
    let mut lines = CONSTANTS.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let line = lines.find(|line| line[1] == name)?;
    Some(u32::from_str_radix(line[2].trim_start_matches("0x"), 16).unwrap())
}

#[test]
fn parameter_sets() {
    for set in ParameterSet::ALL {
        let name = set.name().to_uppercase().replace('-', "_");
        assert_eq!(number(&format!("CKP_{name}")), Some(set.number()), "{set}");
    }
    let named = CONSTANTS.lines().filter(|line| {
        ["\tCKP_ML_DSA_", "\tCKP_ML_KEM_", "\tCKP_SLH_DSA_"].iter().any(|name| line.contains(name))
    });
    assert_eq!(named.count(), ParameterSet::ALL.len());
}

#[test]
fn hash_functions() {
    for &digest in Digest::ALL {
        let name = match digest {
            Digest::SHA1 => "SHA_1".to_owned(),
            digest if digest.name().starts_with("SHA3-") => digest.name().replace('-', "_"),
            digest => digest.name().replace('-', "").replace('/', "_"),
        };
        let mechanism = digest.mechanism_number();
        assert_eq!(number(&format!("CKM_{name}")), Some(mechanism), "{digest}");
        assert_eq!(Digest::from_mechanism_number(mechanism), Some(digest));

        let mgf1 = digest.mgf1_number();
        let name = name.replace("SHA_1", "SHA1");
        assert_eq!(number(&format!("CKG_MGF1_{name}")), mgf1, "{digest}");
        if let Some(mgf1) = mgf1 {
            assert_eq!(Digest::from_mgf1_number(mgf1), Some(digest));
        }
    }
    assert_eq!(Digest::from_mechanism_number(0), None);
    assert_eq!(Digest::from_mgf1_number(0), None);
}
