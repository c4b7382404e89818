use super::*;
use pkcs11_core::{ErrorKind, MechanismFlags};

#[test]
fn each_key_type_has_one_row() {
    for (index, row) in ROWS.iter().enumerate() {
        assert!(ROWS[..index].iter().all(|other| other.key_type != row.key_type));
        assert_eq!(Row::of(row.key_type), Some(row));
    }
    assert_eq!(Row::of(KeyType::new(0x8000_0001)), None);
}

#[test]
fn what_a_row_offers_its_keys_may_do() {
    for row in ROWS {
        let may = |capability| row.capabilities.contains(capability);
        let name = row.key_type;
        let crypt = Capabilities::ENCRYPT | Capabilities::DECRYPT;
        assert_eq!(row.encrypt.is_some(), may(crypt), "{name}");
        assert_eq!(row.sign.is_some(), may(Capabilities::VERIFY), "{name}");
        let signs = row.sign.is_some_and(|sign| !sign.verifies_only);
        assert_eq!(signs, may(Capabilities::SIGN), "{name}");
        assert_eq!(row.wrap.is_some(), may(Capabilities::WRAP | Capabilities::UNWRAP), "{name}");
        assert!(row.derive.is_none() || may(Capabilities::DERIVE), "{name}");
        let kem = Capabilities::ENCAPSULATE | Capabilities::DECAPSULATE;
        assert_eq!(row.encapsulate.is_some(), may(kem), "{name}");
    }
}

/// The standard knows each default for the use and for the key type.
#[test]
fn defaults_are_mechanisms_of_the_standard_for_their_use_and_key() {
    let check = |row: &Row, mechanism: MechanismType, flags: MechanismFlags| {
        let name = row.key_type;
        // The table of its section says "encrypts", its text "signs and verifies".
        let typo = mechanism == MechanismType::POLY1305;
        assert!(typo || mechanism.serves().contains(flags), "{name}: {mechanism}");
        let types = mechanism.key_types();
        // The text of the HMACs allows the type of their own and generic secrets.
        assert!(types.is_empty() || types.contains(&name), "{name}: {mechanism} {types:?}");
    };
    for row in ROWS {
        let generates = |mechanism: &MechanismType| {
            let pair = mechanism.serves().contains(MechanismFlags::GENERATE_KEY_PAIR);
            pair || mechanism.serves().contains(MechanismFlags::GENERATE)
        };
        assert!(row.generate.iter().all(generates), "{}", row.key_type);
        row.generate.into_iter().for_each(|made| check(row, made, MechanismFlags::empty()));
        row.parameters.into_iter().for_each(|made| check(row, made, MechanismFlags::GENERATE));
        if let Some(encrypt) = row.encrypt {
            check(row, encrypt.mechanism(), MechanismFlags::ENCRYPT);
        }
        if let Some(wrap) = row.wrap {
            check(row, wrap.mechanism(), MechanismFlags::WRAP);
        }
        if let Some(derive) = row.derive {
            check(row, derive.mechanism(), MechanismFlags::DERIVE);
        }
        if let Some(encapsulate) = row.encapsulate {
            check(row, encapsulate, MechanismFlags::ENCAPSULATE);
        }
        if let Some(sign) = row.sign {
            check(row, sign.mechanism, MechanismFlags::SIGN);
            for equivalent in sign.equivalents {
                check(row, equivalent.mechanism, MechanismFlags::SIGN);
            }
        }
    }
}

/// An equivalent hashes by the hash that the default's name says.
#[test]
fn equivalents_mean_the_same() {
    for row in ROWS {
        for equivalent in row.sign.iter().flat_map(|sign| sign.equivalents) {
            let default = row.sign.map(|sign| sign.mechanism.to_string()).unwrap_or_default();
            let hash = equivalent.hash.mechanism().to_string();
            let hash = hash.strip_prefix("CKM_").unwrap();
            let bare = equivalent.mechanism.to_string();
            let bare = bare.strip_prefix("CKM_").unwrap();
            let named = [format!("CKM_{bare}_{hash}"), format!("CKM_{hash}_{bare}")];
            assert!(named.contains(&default), "{default}: {bare} and {hash}");
            assert_eq!(equivalent.digest_info, bare == "RSA_PKCS");
        }
    }
}

#[test]
fn the_token_decides_which_of_the_equals() {
    let sign = Row::of(KeyType::EC).unwrap().sign.unwrap();
    let chosen = |hash_here, offered: &[MechanismType]| {
        sign.choose(hash_here, |mechanism| Ok(offered.contains(&mechanism))).unwrap()
    };
    let (whole, bare) = (MechanismType::ECDSA_SHA512, MechanismType::ECDSA);
    let equivalent = Choice::Equivalent(sign.equivalents[0]);
    assert_eq!(chosen(true, &[bare, whole]), Choice::Itself);
    assert_eq!(chosen(false, &[bare, whole]), Choice::Itself);
    assert_eq!(chosen(true, &[bare]), equivalent);
    assert_eq!(chosen(false, &[bare]), Choice::Nothing);
    assert_eq!(chosen(true, &[MechanismType::ECDSA_SHA256]), Choice::Nothing);
    let fails = |_| Err(ErrorKind::TokenGone.into());
    assert!(sign.choose(true, fails).is_err(), "an error is no answer");
}

#[test]
fn parameters_are_of_the_mechanisms_own_hash() {
    for (mechanism, parameter) in PARAMETERS {
        assert_eq!(DefaultParameter::of(*mechanism), Some(*parameter));
        let DefaultParameter::Pss(hash) = parameter else { continue };
        let hash = hash.mechanism().to_string().replace("CKM_", "").replace("SHA_1", "SHA1");
        assert_eq!(mechanism.to_string(), format!("CKM_{hash}_RSA_PKCS_PSS"));
    }
    assert_eq!(DefaultParameter::of(MechanismType::AES_GCM), None, "a nonce is never a default");
}
