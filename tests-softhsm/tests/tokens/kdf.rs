//! Key derivation functions: HKDF and those of SP 800-108.

use hex_literal::hex;
use hmac::{Hmac, KeyInit, Mac};
use pkcs11::prelude::*;
use pkcs11::{Function, ObjectHandle};
use sha2::Sha256;
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::{assert_usable, base_key, derived};

tests! {
    hkdf_known_answers: and Nss;
    hkdf_extracts_and_expands_apart: and Nss;
    hkdf_takes_its_salt_from_a_key: and Nss;
    hkdf_takes_a_key_of_its_own_type: and Nss;
    hkdf_gives_data;
    hkdf_without_a_step_is_refused: and Nss;
    sp800_108_in_counter_mode;
    sp800_108_counters_and_lengths_of_every_width;
    sp800_108_in_feedback_mode;
    sp800_108_in_double_pipeline_mode: and Nss;
    sp800_108_makes_several_keys;
    sp800_108_with_cmac;
    sp800_108_that_lacks_a_part_is_refused;
}

const SECRET: KeyType = KeyType::GENERIC_SECRET;

/// RFC 5869, appendix A: hash, key, salt, information, what is extracted, what is expanded.
struct Answer {
    hash: Hash,
    key: &'static [u8],
    salt: &'static [u8],
    info: &'static [u8],
    extracted: &'static [u8],
    expanded: &'static [u8],
}

const ANSWERS: [Answer; 3] = [
    Answer {
        hash: Hash::Sha256,
        key: &[0x0b; 22],
        salt: &hex!("000102030405060708090a0b0c"),
        info: &hex!("f0f1f2f3f4f5f6f7f8f9"),
        extracted: &hex!("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"),
        expanded: &hex!(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
            "34007208d5b887185865"
        ),
    },
    Answer {
        hash: Hash::Sha256,
        key: &[0x0b; 22],
        salt: &[],
        info: &[],
        extracted: &hex!("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04"),
        expanded: &hex!(
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
            "9d201395faa4b61a96c8"
        ),
    },
    Answer {
        hash: Hash::Sha1,
        key: &[0x0b; 11],
        salt: &hex!("000102030405060708090a0b0c"),
        info: &hex!("f0f1f2f3f4f5f6f7f8f9"),
        extracted: &hex!("9b6c18c432a7bf8f0e71c8eb88f4b30baa2ba243"),
        expanded: &hex!(
            "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2"
            "c22e422478d305f3f896"
        ),
    },
];

fn salt(bytes: &[u8]) -> HkdfSalt<'_> {
    if bytes.is_empty() { HkdfSalt::None } else { HkdfSalt::Data(bytes) }
}

fn hkdf_known_answers(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::HKDF_DERIVE])?;
    let session = token.session()?;
    for Answer { hash, key, salt: bytes, info, expanded, .. } in ANSWERS {
        let base = base_key(&session, SECRET, key)?;
        let hkdf = Hkdf::new(hash).salt(salt(bytes)).info(info);
        assert_eq!(derived(&base, hkdf, (SECRET, 8 * expanded.len()))?, expanded);
        // Of fewer bytes it is the beginning.
        assert_eq!(derived(&base, hkdf, (KeyType::AES, 128))?, expanded[..16]);
        assert_ne!(derived(&base, hkdf.info(b"other"), (KeyType::AES, 128))?, expanded[..16]);
    }
    Ok(())
}

fn hkdf_extracts_and_expands_apart(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::HKDF_DERIVE])?;
    let session = token.session()?;
    for Answer { hash, key, salt: bytes, info, extracted, expanded } in ANSWERS {
        let base = base_key(&session, SECRET, key)?;
        let extract = Hkdf::new(hash).salt(salt(bytes)).expand(false);
        assert_eq!(derived(&base, extract, (SECRET, 8 * extracted.len()))?, extracted);
        let middle = base_key(&session, SECRET, extracted)?;
        let expand = Hkdf::new(hash).info(info).extract(false);
        assert_eq!(derived(&middle, expand, (SECRET, 8 * expanded.len()))?, expanded);
    }
    Ok(())
}

fn hkdf_takes_its_salt_from_a_key(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::HKDF_DERIVE])?;
    let session = token.session()?;
    let Answer { hash, key, salt, info, expanded, .. } = &ANSWERS[0];
    let base = base_key(&session, SECRET, key)?;
    let salt = base_key(&session, SECRET, salt)?;
    let hkdf = Hkdf::new(*hash).salt(HkdfSalt::Key(&salt)).info(info);
    assert_eq!(derived(&base, hkdf, (SECRET, 336))?, *expanded);
    Ok(())
}

fn hkdf_takes_a_key_of_its_own_type(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::HKDF_DERIVE])?;
    let session = token.session()?;
    let Answer { hash, key, salt: bytes, info, expanded, .. } = &ANSWERS[0];
    let base = base_key(&session, KeyType::HKDF, key)?;
    let hkdf = Hkdf::new(*hash).salt(salt(bytes)).info(info);
    assert_eq!(derived(&base, hkdf, (SECRET, 336))?, *expanded);
    Ok(())
}

/// `CKM_HKDF_DATA` makes a data object, whose value anybody reads.
fn hkdf_gives_data(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::HKDF_DATA])?;
    let session = token.session()?;
    let Answer { hash, key, salt: bytes, info, expanded, .. } = &ANSWERS[0];
    let base = base_key(&session, SECRET, key)?;
    let hkdf = Hkdf::new(*hash).salt(salt(bytes)).info(info).data(true);
    // What is of keys is not said of data.
    let of_keys = [
        attr::SENSITIVE,
        attr::EXTRACTABLE,
        attr::ENCRYPT,
        attr::DECRYPT,
        attr::SIGN,
        attr::VERIFY,
        attr::WRAP,
        attr::UNWRAP,
        attr::DERIVE,
    ];
    let data = base.derive_key(hkdf, SECRET).bits(336).with(attr::CLASS, ObjectClass::DATA);
    let data = data.without(attr::KEY_TYPE).without(attr::ID);
    let made =
        of_keys.into_iter().fold(data, |data, attribute| data.without(attribute)).create()?;
    let data = session.object::<Data>(made.handle());
    assert_eq!(data.get((attr::CLASS, attr::VALUE))?, (ObjectClass::DATA, expanded.to_vec()));
    Ok(())
}

fn hkdf_without_a_step_is_refused(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::HKDF_DERIVE])?;
    let session = token.session()?;
    let base = base_key(&session, SECRET, &[1; 32])?;
    let neither = Hkdf::new(Hash::Sha256).extract(false).expand(false);
    let error = derived(&base, neither, (SECRET, 256)).unwrap_err();
    assert_eq!(error.function(), Some(Function::DeriveKey));
    assert_eq!(error.mechanism(), Some(MechanismType::HKDF_DERIVE));
    // More than 255 times the digest's length (RFC 5869 §2.3).
    derived(&base, Hkdf::new(Hash::Sha256), (SECRET, 8 * (255 * 32 + 1))).unwrap_err();
    assert_usable(&session)
}

const KEY: [u8; 32] = [0x42; 32];
const LABEL: &[u8] = b"label";
const CONTEXT: &[u8] = b"context";

/// HMAC-SHA-256 with the key.
fn prf(parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&KEY).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

const PRF: MechanismType = MechanismType::SHA256_HMAC;
const COUNTER: PrfData<'_> = PrfData::Counter(NumberFormat::big_endian(32));
const LENGTH: PrfData<'_> = PrfData::Length(LengthMethod::SumOfKeys, NumberFormat::big_endian(32));

/// SP 800-108 §4.1: K(i) = PRF(key, i ‖ label ‖ 0 ‖ context ‖ length).
fn sp800_108_in_counter_mode(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::SP800_108_COUNTER_KDF])?;
    let session = token.session()?;
    let base = base_key(&session, SECRET, &KEY)?;
    let before =
        [COUNTER, PrfData::Bytes(LABEL), PrfData::Bytes(&[0]), PrfData::Bytes(CONTEXT), LENGTH];
    for bits in [128_usize, 256, 384, 640] {
        let length = u32::try_from(bits).unwrap().to_be_bytes();
        let expected: Vec<u8> = (1..=3_u32)
            .flat_map(|i| prf(&[&i.to_be_bytes(), LABEL, &[0], CONTEXT, &length]))
            .collect();
        let kdf = Sp800108::new(Sp800108Mode::Counter, PRF, &before);
        assert_eq!(derived(&base, kdf, (SECRET, bits))?, expected[..bits / 8]);
    }
    // The counter may stand behind, or in the middle.
    let middle = [PrfData::Bytes(LABEL), COUNTER, PrfData::Bytes(CONTEXT)];
    let kdf = Sp800108::new(Sp800108Mode::Counter, PRF, &middle);
    let expected = prf(&[LABEL, &1_u32.to_be_bytes(), CONTEXT]);
    assert_eq!(derived(&base, kdf, (SECRET, 256))?, expected);
    Ok(())
}

fn sp800_108_counters_and_lengths_of_every_width(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::SP800_108_COUNTER_KDF])?;
    let session = token.session()?;
    let base = base_key(&session, SECRET, &KEY)?;
    for (width, little_endian) in [8, 16, 24, 32].into_iter().flat_map(|w| [(w, false), (w, true)])
    {
        let format = NumberFormat { bits: width, little_endian };
        let number = |value: u64| match little_endian {
            true => value.to_le_bytes()[..width / 8].to_vec(),
            false => value.to_be_bytes()[8 - width / 8..].to_vec(),
        };
        // 20 bytes are 160 bits of keys, and one segment of 256.
        for (method, bits) in [(LengthMethod::SumOfKeys, 160), (LengthMethod::SumOfSegments, 256)] {
            // The embedded token reduces by 2^n − 1, so that 256 is 1 in 8 bits.
            if width == 8 && bits > 255 {
                continue;
            }
            let data =
                [PrfData::Counter(format), PrfData::Bytes(LABEL), PrfData::Length(method, format)];
            let kdf = Sp800108::new(Sp800108Mode::Counter, PRF, &data);
            let expected = prf(&[&number(1), LABEL, &number(bits)]);
            assert_eq!(derived(&base, kdf, (SECRET, 160))?, expected[..20], "{format:?}");
        }
    }
    Ok(())
}

/// SP 800-108 §4.2: K(i) = PRF(key, K(i − 1) ‖ i ‖ label …), K(0) being the initial value.
fn sp800_108_in_feedback_mode(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::SP800_108_FEEDBACK_KDF])?;
    let session = token.session()?;
    let base = base_key(&session, SECRET, &KEY)?;
    for iv in [&[][..], &[7; 32], &[9; 5]] {
        let with_counter = [PrfData::Iteration, COUNTER, PrfData::Bytes(LABEL)];
        let mode = Sp800108Mode::Feedback { iv };
        let kdf = Sp800108::new(mode, PRF, &with_counter);
        let first = prf(&[iv, &1_u32.to_be_bytes(), LABEL]);
        let second = prf(&[&first, &2_u32.to_be_bytes(), LABEL]);
        assert_eq!(derived(&base, kdf, (SECRET, 512))?, [first, second].concat());

        let without = [PrfData::Iteration, PrfData::Bytes(LABEL), PrfData::Bytes(CONTEXT)];
        let kdf = Sp800108::new(mode, PRF, &without);
        let first = prf(&[iv, LABEL, CONTEXT]);
        let second = prf(&[&first, LABEL, CONTEXT]);
        assert_eq!(derived(&base, kdf, (SECRET, 512))?, [first, second].concat());
    }
    Ok(())
}

/// SP 800-108 §4.3: A(i) = PRF(key, A(i − 1)), A(0) being the fixed input;
/// K(i) = PRF(key, A(i) ‖ i ‖ fixed input).
fn sp800_108_in_double_pipeline_mode(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::SP800_108_DOUBLE_PIPELINE_KDF])?;
    let session = token.session()?;
    let base = base_key(&session, SECRET, &KEY)?;
    let one = prf(&[LABEL, CONTEXT]);
    let two = prf(&[&one]);
    let data = [PrfData::Iteration, COUNTER, PrfData::Bytes(LABEL), PrfData::Bytes(CONTEXT)];
    let kdf = Sp800108::new(Sp800108Mode::DoublePipeline, PRF, &data);
    let expected = [
        prf(&[&one, &1_u32.to_be_bytes(), LABEL, CONTEXT]),
        prf(&[&two, &2_u32.to_be_bytes(), LABEL, CONTEXT]),
    ];
    assert_eq!(derived(&base, kdf, (SECRET, 512))?, expected.concat());
    let data = [PrfData::Iteration, PrfData::Bytes(LABEL), PrfData::Bytes(CONTEXT)];
    let kdf = Sp800108::new(Sp800108Mode::DoublePipeline, PRF, &data);
    let expected = [prf(&[&one, LABEL, CONTEXT]), prf(&[&two, LABEL, CONTEXT])];
    assert_eq!(derived(&base, kdf, (SECRET, 512))?, expected.concat());
    Ok(())
}

/// Each key begins with a new output of the PRF.
fn sp800_108_makes_several_keys(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::SP800_108_COUNTER_KDF])?;
    let session = token.session()?;
    let base = base_key(&session, SECRET, &KEY)?;
    let template = |bytes: usize| {
        Template::new()
            .with(attr::CLASS, ObjectClass::SECRET_KEY)
            .with(attr::KEY_TYPE, SECRET)
            .with(attr::VALUE_LEN, bytes)
            .with(attr::SENSITIVE, false)
            .with(attr::EXTRACTABLE, true)
    };
    let templates = [template(16), template(40)];
    let mut keys = [NewKey::new(); 2];
    let data = [COUNTER, PrfData::Bytes(LABEL), LENGTH];
    let kdf = Sp800108::new(Sp800108Mode::Counter, PRF, &data).further_keys(&templates, &mut keys);
    let key = base
        .derive_key(kdf, SECRET)
        .bits(160)
        .with(attr::SENSITIVE, false)
        .with(attr::EXTRACTABLE, true)
        .create()?;
    let value = |handle: Option<ObjectHandle>| {
        session.object::<SecretKey>(handle.expect("a key")).get(attr::VALUE)
    };
    let all = 8_u32 * (20 + 16 + 40);
    let segment = |i: u32| prf(&[&i.to_be_bytes(), LABEL, &all.to_be_bytes()]);
    assert_eq!(key.get(attr::VALUE)?, segment(1)[..20]);
    assert_eq!(value(keys[0].handle())?, segment(2)[..16]);
    assert_eq!(value(keys[1].handle())?, [segment(3), segment(4)].concat()[..40]);
    Ok(())
}

/// The token's own CMAC is the witness.
fn sp800_108_with_cmac(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::SP800_108_COUNTER_KDF, MechanismType::AES_CMAC])?;
    let session = token.session()?;
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::AES)
        .with(attr::VALUE, &KEY)
        .with(attr::SIGN, true)
        .with(attr::DERIVE, true)
        .with(attr::SENSITIVE, false)
        .with(attr::EXTRACTABLE, true);
    let base: SecretKey = session.create(&template)?;
    let data = [COUNTER, PrfData::Bytes(LABEL)];
    let kdf = Sp800108::new(Sp800108Mode::Counter, MechanismType::AES_CMAC, &data);
    let mac = |i: u32| base.sign(MechanismType::AES_CMAC, &[&i.to_be_bytes()[..], LABEL].concat());
    assert_eq!(derived(&base, kdf, (SECRET, 256))?, [mac(1)?, mac(2)?].concat());
    Ok(())
}

fn sp800_108_that_lacks_a_part_is_refused(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let base = base_key(&session, SECRET, &KEY)?;
    let bytes = PrfData::Bytes(LABEL);
    let wrong: [(Sp800108Mode<'_>, &[PrfData<'_>]); 7] = [
        (Sp800108Mode::Counter, &[]),
        (Sp800108Mode::Counter, &[bytes]),
        (Sp800108Mode::Counter, &[COUNTER, COUNTER]),
        (Sp800108Mode::Counter, &[COUNTER, PrfData::Iteration]),
        (Sp800108Mode::Counter, &[COUNTER, LENGTH, LENGTH]),
        (Sp800108Mode::Feedback { iv: &[] }, &[COUNTER]),
        (Sp800108Mode::DoublePipeline, &[bytes]),
    ];
    for (mode, data) in wrong {
        let error = fails!(
            derived(&base, Sp800108::new(mode, PRF, data), (SECRET, 256)),
            ErrorKind::InvalidInput(_)
        );
        assert_eq!(error.function(), Some(Function::DeriveKey));
    }
    let data = [COUNTER, PrfData::Bytes(&[])];
    let kdf = Sp800108::new(Sp800108Mode::Counter, PRF, &data);
    fails!(derived(&base, kdf, (SECRET, 256)), ErrorKind::InvalidInput(_));
    assert_usable(&session)
}
