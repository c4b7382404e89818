//! Keys derived from secret keys: by encrypting, by putting together, by cutting out.

use hex_literal::hex;
use pkcs11::mechanism::{
    AppendData, CbcEncryptData, ConcatenateKey, DerivationCipher, EcbEncryptData, ExtractKey,
    PrependData, XorData,
};
use pkcs11::prelude::*;
use pkcs11::{Function, ReturnCode};
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::{assert_usable, base_key, derived};

tests! {
    by_encrypting_data_with_aes_ecb;
    by_encrypting_data_with_aes_cbc;
    by_encrypting_data_with_three_des;
    what_is_derived_encrypts;
    what_is_derived_is_the_ciphertext;
    a_key_that_may_not_derive_does_not;
    keys_are_joined;
    data_is_put_behind_or_before_a_key;
    data_is_mixed_into_a_key;
    a_key_is_cut_out_of_a_key;
}

const KEY: [u8; 16] = hex!("2b7e151628aed2a6abf7158809cf4f3c");
const AES: DerivationCipher = DerivationCipher::Aes;

/// A key of the token, which it has made.
fn deriving(session: &Session, bits: usize) -> Result<SecretKey> {
    session.generate_key(KeyType::AES).bits(bits).with(attr::DERIVE, true).create()
}

/// What comes of a key of so many bits from so much data: 128 bits take 16 bytes or more, of whole
/// blocks; 256 bits take 32.
const ECB: [(usize, usize, bool); 6] = [
    (128, 16, true),
    (128, 32, true),
    (256, 32, true),
    (128, 15, false),
    (256, 16, false),
    (256, 31, false),
];

fn assert_derives(
    token: &TestToken,
    made: Result<SecretKey>,
    mechanism: MechanismType,
    (bits, length, works): (usize, usize, bool),
) -> Outcome {
    // kryoptic 1.5.4 takes data of the key's length alone.
    let works = works && (token.is_softhsm() || bits == 8 * length);
    match made {
        Ok(key) => {
            assert!(works, "{bits} bits of {length} bytes");
            let (class, key_type, value_len) =
                key.get((attr::CLASS, attr::KEY_TYPE, attr::VALUE_LEN))?;
            assert_eq!((class, key_type), (ObjectClass::SECRET_KEY, KeyType::AES));
            assert_eq!(value_len, u64::try_from(bits / 8).unwrap());
        }
        Err(error) => {
            assert!(!works, "{bits} bits of {length} bytes: {error:?}");
            assert_eq!(error.function(), Some(Function::DeriveKey));
            assert_eq!(error.mechanism(), Some(mechanism));
        }
    }
    Ok(())
}

fn by_encrypting_data_with_aes_ecb(token: &TestToken) -> Outcome {
    let number = MechanismType::AES_ECB_ENCRYPT_DATA;
    token.needs(&[number])?;
    let session = token.session()?;
    for from in [128, 256] {
        let base = deriving(&session, from)?;
        for case @ (bits, length, _) in ECB {
            let data = vec![0x61; length];
            let mechanism = EcbEncryptData { cipher: AES, data: &data };
            let made = base.derive_key(mechanism, KeyType::AES).bits(bits).create();
            assert_derives(token, made, number, case)?;
        }
    }
    assert_usable(&session)
}

fn by_encrypting_data_with_aes_cbc(token: &TestToken) -> Outcome {
    const CBC: [(usize, usize, bool); 9] = [
        (128, 16, true),
        (128, 32, true),
        (128, 64, true),
        (256, 32, true),
        (256, 64, true),
        (128, 15, false),
        (128, 31, false),
        (256, 16, false),
        (256, 31, false),
    ];
    let number = MechanismType::AES_CBC_ENCRYPT_DATA;
    token.needs(&[number])?;
    let session = token.session()?;
    let iv = session.random::<16>()?;
    for from in [128, 256] {
        let base = deriving(&session, from)?;
        for case @ (bits, length, _) in CBC {
            let data = vec![0x61; length];
            let mechanism = CbcEncryptData { cipher: AES, iv: &iv, data: &data };
            let made = base.derive_key(mechanism, KeyType::AES).bits(bits).create();
            assert_derives(token, made, number, case)?;
        }
        for length in [0, 8, 15, 17] {
            let iv = vec![0; length];
            let mechanism = CbcEncryptData { cipher: AES, iv: &iv, data: &[0x61; 16] };
            let made = base.derive_key(mechanism, KeyType::AES).bits(128).create();
            fails!(made, ErrorKind::InvalidInput(_));
        }
    }
    assert_usable(&session)
}

fn by_encrypting_data_with_three_des(token: &TestToken) -> Outcome {
    token.needs(&[
        MechanismType::DES3_ECB_ENCRYPT_DATA,
        MechanismType::DES3_CBC_ENCRYPT_DATA,
        MechanismType::DES3_KEY_GEN,
    ])?;
    let session = token.session()?;
    let base = session.generate_key(KeyType::DES3).with(attr::DERIVE, true).create()?;
    let iv = session.random::<8>()?;
    let cipher = DerivationCipher::Des3;
    let ecb = EcbEncryptData { cipher, data: &[1; 16] };
    let cbc = CbcEncryptData { cipher, iv: &iv, data: &[1; 16] };
    let expected_ecb = base.encrypt(MechanismType::DES3_ECB, &[1; 16])?;
    let expected_cbc = base.encrypt(DesCbc::new(&iv), &[1; 16])?;
    let readable = |key: Result<SecretKey>| key?.get(attr::VALUE);
    let secret = |mechanism| base.derive_key(mechanism, KeyType::GENERIC_SECRET).bits(128);
    let open = [(attr::SENSITIVE, false), (attr::EXTRACTABLE, true)];
    let key = open.into_iter().fold(secret(ecb), |key, (attr, yes)| key.with(attr, yes));
    assert_eq!(readable(key.create())?, expected_ecb);
    let key = base.derive_key(cbc, KeyType::GENERIC_SECRET).bits(128);
    let key = open.into_iter().fold(key, |key, (attr, yes)| key.with(attr, yes));
    assert_eq!(readable(key.create())?, expected_cbc);
    Ok(())
}

fn what_is_derived_encrypts(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_ECB_ENCRYPT_DATA, MechanismType::AES_CBC_ENCRYPT_DATA])?;
    let session = token.session()?;
    let base = deriving(&session, 256)?;
    let iv = session.random::<16>()?;
    let data = b"0123456789abcdef0123456789abcdef";
    let ecb = EcbEncryptData { cipher: AES, data };
    let cbc = CbcEncryptData { cipher: AES, iv: &iv, data };
    let keys = [
        base.derive_key(ecb, KeyType::AES).bits(256).create()?,
        base.derive_key(cbc, KeyType::AES).bits(256).create()?,
    ];
    let mut seen = Vec::new();
    for key in keys {
        let ciphertext = key.encrypt(DEFAULT.iv(&iv), b"HELLO WORLD")?;
        assert_eq!(key.decrypt(DEFAULT.iv(&iv), &ciphertext)?, b"HELLO WORLD");
        seen.push(ciphertext);
    }
    assert_ne!(seen[0], seen[1]);
    // The same once more is the same key.
    let again = base.derive_key(EcbEncryptData { cipher: AES, data }, KeyType::AES).bits(256);
    assert_eq!(again.create()?.encrypt(DEFAULT.iv(&iv), b"HELLO WORLD")?, seen[0]);
    Ok(())
}

/// SP 800-38A F.1.1 and F.2.1: what the cipher makes of the standard's blocks is the key.
fn what_is_derived_is_the_ciphertext(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_ECB_ENCRYPT_DATA, MechanismType::AES_CBC_ENCRYPT_DATA])?;
    let session = token.session()?;
    let base = base_key(&session, KeyType::AES, &KEY)?;
    let data = hex!("6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51");
    let ecb = hex!("3ad77bb40d7a3660a89ecaf32466ef97 f5d3d58503b9699de785895a96fdbaaf");
    let cbc = hex!("7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2");
    let iv = hex!("000102030405060708090a0b0c0d0e0f");
    for bits in [128, 256] {
        let data = &data[..bits / 8];
        let mechanism = EcbEncryptData { cipher: AES, data };
        assert_eq!(derived(&base, mechanism, (KeyType::AES, bits))?, ecb[..bits / 8]);
        let mechanism = CbcEncryptData { cipher: AES, iv: &iv, data };
        assert_eq!(derived(&base, mechanism, (KeyType::AES, bits))?, cbc[..bits / 8]);
    }
    Ok(())
}

fn a_key_that_may_not_derive_does_not(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::AES_ECB_ENCRYPT_DATA])?;
    let session = token.session()?;
    let base = session.generate_key(KeyType::AES).bits(128).create()?;
    assert!(!base.get(attr::DERIVE)?);
    let mechanism = EcbEncryptData { cipher: AES, data: &[1; 16] };
    let error = base.derive_key(mechanism, KeyType::AES).bits(128).create().unwrap_err();
    assert_eq!(error.function(), Some(Function::DeriveKey));
    assert_eq!(error.return_code(), Some(ReturnCode::KEY_FUNCTION_NOT_PERMITTED));
    Ok(())
}

const SECRET: KeyType = KeyType::GENERIC_SECRET;

fn keys_are_joined(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::CONCATENATE_BASE_AND_KEY])?;
    let session = token.session()?;
    let base = base_key(&session, SECRET, &[1; 16])?;
    let other = base_key(&session, SECRET, &[2; 8])?;
    let joined = derived(&base, ConcatenateKey::new(&other), (SECRET, 192))?;
    assert_eq!(joined, [[1; 8], [1; 8], [2; 8]].concat());
    let begun = derived(&base, ConcatenateKey::new(&other), (SECRET, 160))?;
    assert_eq!(begun, joined[..20]);
    let error = derived(&base, ConcatenateKey::new(&other), (SECRET, 200)).unwrap_err();
    assert_eq!(error.function(), Some(Function::DeriveKey));
    assert_eq!(error.mechanism(), Some(MechanismType::CONCATENATE_BASE_AND_KEY));
    assert_usable(&session)
}

fn data_is_put_behind_or_before_a_key(token: &TestToken) -> Outcome {
    token.needs(&[
        MechanismType::CONCATENATE_BASE_AND_DATA,
        MechanismType::CONCATENATE_DATA_AND_BASE,
    ])?;
    let session = token.session()?;
    let base = base_key(&session, SECRET, b"key")?;
    assert_eq!(derived(&base, AppendData::new(b"data"), (SECRET, 56))?, b"keydata");
    assert_eq!(derived(&base, PrependData::new(b"data"), (SECRET, 56))?, b"datakey");
    assert_eq!(derived(&base, AppendData::new(b"data"), (SECRET, 40))?, b"keyda");
    // An AES key of it has an AES key's length.
    let half = base_key(&session, SECRET, &[1; 8])?;
    let key = half.derive_key(AppendData::new(&[2; 8]), KeyType::AES).bits(128).create()?;
    key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    let error = derived(&base, AppendData::new(b"data"), (SECRET, 64)).unwrap_err();
    assert_eq!(error.function(), Some(Function::DeriveKey));
    assert_usable(&session)
}

fn data_is_mixed_into_a_key(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::XOR_BASE_AND_DATA])?;
    let session = token.session()?;
    let base = base_key(&session, SECRET, &hex!("00ff55aa"))?;
    let mixed = derived(&base, XorData::new(&hex!("ffff0f0f")), (SECRET, 32))?;
    assert_eq!(mixed, hex!("ff005aa5"));
    // Of two lengths the shorter counts.
    assert_eq!(derived(&base, XorData::new(&hex!("ffff")), (SECRET, 16))?, hex!("ff00"));
    derived(&base, XorData::new(&hex!("ffff")), (SECRET, 32)).unwrap_err();
    Ok(())
}

/// The example of PKCS#11 §6.44.7, "extraction of one key from another key".
fn a_key_is_cut_out_of_a_key(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EXTRACT_KEY_FROM_KEY])?;
    let session = token.session()?;
    let base = base_key(&session, SECRET, &hex!("329f84a9"))?;
    assert_eq!(derived(&base, ExtractKey::new(0), (SECRET, 16))?, hex!("329f"));
    assert_eq!(derived(&base, ExtractKey::new(8), (SECRET, 16))?, hex!("9f84"));
    assert_eq!(derived(&base, ExtractKey::new(21), (SECRET, 16))?, hex!("9526"));
    let error = derived(&base, ExtractKey::new(0), (SECRET, 40)).unwrap_err();
    assert_eq!(error.function(), Some(Function::DeriveKey));
    assert_usable(&session)
}
