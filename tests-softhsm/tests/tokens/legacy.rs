//! What is older than AES and curves: DES, DSA, Diffie-Hellman in groups by their numbers.

use hex_literal::hex;
use pkcs11::Function;
use pkcs11::prelude::*;
use tests_softhsm::{Outcome, Skip, TestToken, fails, skip, tests};

use crate::common::assert_usable;

tests! {
    des2_generates_and_encrypts;
    des3_generates_and_encrypts;
    des_keys_have_one_length;
    dsa_parameters_then_a_pair_then_a_signature;
    dsa_pair_at_once;
    dh_with_2236_bits;
    dh_in_the_groups_of_rfc_5114;
    dh_parameters_of_1024_bits;
}

/// `openssl dhparam -dsaparam 2236`: the prime and the base.
const DH_2236: [[u8; 280]; 2] = [
    hex!(
        "0fdb98fb66eef368710bd64ad4dee72bd030c03c3b4e5cacd18669d2eba0a4d1068b8083c5dc6953ccd0633b"
        "9e0163b2501bbeeec349165f3636edfc47d863a875b3b26d82ce951fc6439ad541d409270ed277ecf96ddc98"
        "af191be30436e78f6da8d9c646d6653643659c16096533ba281e11d56c4f1069f19f516d7ccf0ae4de7c0daa"
        "f4aa6d325b10e97c7f7bb0a8e11aeea886b20a8facb790a06dd5c797d3377a6a7ca00fef53c7fe5411e0283c"
        "419d8319bc2eeb6aee49c9d3843fd5f69ad466fa50a15262f265dc2648dc7169f03e60f4f8423664c3564a20"
        "3f221a7c76c972b57cc6e6e7fa8704bd53d501eaa12a0efcac88c2d58f4aa3cda8bcebbe743393c3380d9667"
        "fe158620a740c514be6ee30f55a1ae99"
    ),
    hex!(
        "0cc81275081f5fcc11829c5e4d6452a40a8f70f79222e846acd5a4848430ad66c61b46034ffd1aa42ba0b052"
        "eafe434185d7f79eb04ac8157e86fbbec0cf3910a42ab3e24ca7d242d4ed8cf32f9a4a2633f8270d996ab306"
        "26fa53b8adae5e50759b1f06797bc49a0029481a5a78e65807d8309b55e8dc83f58356fbb44b3c9ebedad623"
        "2b2ce0baee4d29de594019921e73a87352097fb3603b546dca6cf2be27ed95eaf334824b781c3444715aeb7c"
        "066629c5ff723fb4197cf363a4b0d510365bd20ec04a823a4f6c6f6cce27d77b82f139521b71fbab8e22e5db"
        "87fc3946c9d4707c3fd1d77890c27aa2e31d176e4d1b887182d37db7b4fb8f328df2edd719d3a0cbaad7e3aa"
        "4bfa3ca3816e9359f769fc20ad3d92bd"
    ),
];
/// RFC 5114 §2.1, 1024 bits: `openssl genpkey -genparam -algorithm DHX -pkeyopt dh_rfc5114:1`.
const RFC_5114_1: [&[u8]; 2] = [
    &hex!(
        "b10b8f96a080e01dde92de5eae5d54ec52c99fbcfb06a3c69a6a9dca52d23b616073e28675a23d189838ef1e"
        "2ee652c013ecb4aea906112324975c3cd49b83bfaccbdd7d90c4bd7098488e9c219a73724effd6fae5644738"
        "faa31a4ff55bccc0a151af5f0dc8b4bd45bf37df365c1a65e68cfda76d4da708df1fb2bc2e4a4371"
    ),
    &hex!(
        "a4d1cbd5c3fd34126765a442efb99905f8104dd258ac507fd6406cff14266d31266fea1e5c41564b777e690f"
        "5504f213160217b4b01b886a5e91547f9e2749f4d7fbd7d3b9a92ee1909d0d2263f80a76a6a24c087a091f53"
        "1dbf0a0169b6a28ad662a4d18e73afa32d779d5918d08bc8858f4dcef97c2a24855e6eeb22b3b2e5"
    ),
];
/// RFC 5114 §2.3, 2048 bits: the same with `dh_rfc5114:3`.
const RFC_5114_3: [&[u8]; 2] = [
    &hex!(
        "87a8e61db4b6663cffbbd19c651959998ceef608660dd0f25d2ceed4435e3b00e00df8f1d61957d4faf7df45"
        "61b2aa3016c3d91134096faa3bf4296d830e9a7c209e0c6497517abd5a8a9d306bcf67ed91f9e6725b4758c0"
        "22e0b1ef4275bf7b6c5bfc11d45f9088b941f54eb1e59bb8bc39a0bf12307f5c4fdb70c581b23f76b63acae1"
        "caa6b7902d52526735488a0ef13c6d9a51bfa4ab3ad8347796524d8ef6a167b5a41825d967e144e514056425"
        "1ccacb83e6b486f6b3ca3f7971506026c0b857f689962856ded4010abd0be621c3a3960a54e710c375f26375"
        "d7014103a4b54330c198af126116d2276e11715f693877fad7ef09cadb094ae91e1a1597"
    ),
    &hex!(
        "3fb32c9b73134d0b2e77506660edbd484ca7b18f21ef205407f4793a1a0ba12510dbc15077be463fff4fed4a"
        "ac0bb555be3a6c1b0c6b47b1bc3773bf7e8c6f62901228f8c28cbb18a55ae31341000a650196f931c77a57f2"
        "ddf463e5e9ec144b777de62aaab8a8628ac376d282d6ed3864e67982428ebc831d14348f6f2f9193b5045af2"
        "767164e1dfc967c1fb3f2e55a4bd1bffe83b9c80d052b985d182ea0adb2a3b7313d3fe14c8484b1e052588b9"
        "b7d2bbd2df016199ecd06e1557cd0915b3353bbb64e0ec377fd028370df92b52c7891428cdc67eb6184b523d"
        "1db246c32f63078490f00ef8d647d148d47954515e2327cfef98c582664b4c0f6cc41659"
    ),
];

fn des(session: &Session, key_type: KeyType) -> Outcome {
    let key = session.generate_key(key_type).create()?;
    assert_eq!(key.get((attr::CLASS, attr::KEY_TYPE))?, (ObjectClass::SECRET_KEY, key_type));
    let iv = session.random::<8>()?;
    for data in [&b""[..], b"PLAIN TEXT_", &[7; 1000]] {
        let ciphertext = key.encrypt(DEFAULT.iv(&iv), data)?;
        assert_eq!(ciphertext.len(), (data.len() / 8 + 1) * 8);
        assert_eq!(key.decrypt(DEFAULT.iv(&iv), &ciphertext)?, data);
        assert_eq!(key.decrypt(DesCbcPad::new(&iv), &ciphertext)?, data);
    }
    let blocks = [9; 24];
    let ciphertext = key.encrypt(MechanismType::DES3_ECB, &blocks)?;
    assert_eq!(ciphertext[..8], ciphertext[8..16]);
    assert_eq!(key.decrypt(MechanismType::DES3_ECB, &ciphertext)?, blocks);
    assert_usable(session)
}

fn des2_generates_and_encrypts(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DES2_KEY_GEN, MechanismType::DES3_CBC_PAD])?;
    des(&token.session()?, KeyType::DES2)
}

fn des3_generates_and_encrypts(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DES3_KEY_GEN, MechanismType::DES3_CBC_PAD])?;
    des(&token.session()?, KeyType::DES3)
}

fn des_keys_have_one_length(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DES2_KEY_GEN, MechanismType::DES3_KEY_GEN])?;
    let session = token.session()?;
    for (key_type, bytes) in [(KeyType::DES2, 16), (KeyType::DES3, 24)] {
        for bits in [None, Some(8 * bytes)] {
            let key = session.generate_key(key_type);
            let key = bits.into_iter().fold(key, |key, bits| key.bits(bits));
            let key = key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?;
            assert_eq!(key.get(attr::VALUE)?.len(), bytes);
        }
    }
    Ok(())
}

fn dsa_parameters_then_a_pair_then_a_signature(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DSA_PARAMETER_GEN, MechanismType::DSA_KEY_PAIR_GEN])?;
    let session = token.session()?;
    let parameters = session.generate_parameters(KeyType::DSA).bits(1024).create()?;
    let (class, key_type) = parameters.get((attr::CLASS, attr::KEY_TYPE))?;
    assert_eq!((class, key_type), (ObjectClass::DOMAIN_PARAMETERS, KeyType::DSA));
    let group = parameters.dsa_parameters()?;
    let (public, private) = session.generate_key_pair(group.clone()).create()?;
    assert_eq!(public.get(attr::PRIME)?, group.prime);
    let signature = private.sign(DEFAULT, b"Message to sign")?;
    public.verify(DEFAULT, b"Message to sign", &signature)?;
    public.verify(MechanismType::DSA_SHA512, b"Message to sign", &signature)?;
    fails!(public.verify(DEFAULT, b"Other", &signature), ErrorKind::SignatureInvalid);
    Ok(())
}

fn dsa_pair_at_once(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DSA_PARAMETER_GEN, MechanismType::DSA_KEY_PAIR_GEN])?;
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(KeyType::DSA).bits(1024).create()?;
    assert_eq!(public.get(attr::PRIME)?.bits(), 1024);
    let signature = private.sign(DEFAULT, b"Message to sign")?;
    public.verify(DEFAULT, b"Message to sign", &signature)?;
    // The parameters of the pair were for the pair alone.
    assert!(session.find::<DomainParameters>().all()?.is_empty());
    Ok(())
}

fn group([prime, base]: [&[u8]; 2]) -> DhParameters {
    DhParameters { prime: prime.into(), base: base.into() }
}

/// Two parties derive one AES key.
fn agree(session: &Session, group: &DhParameters) -> Result<()> {
    let (alice_public, alice) = session.generate_key_pair(group.clone()).create()?;
    let (bob_public, bob) = session.generate_key_pair(group.clone()).create()?;
    assert_eq!(alice_public.get((attr::PRIME, attr::BASE))?.0, group.prime);
    let (from_alice, from_bob) = (alice_public.public_value()?, bob_public.public_value()?);
    let one = alice.derive_key(DhDerive::new(&from_bob), KeyType::AES).bits(128).create()?;
    let two = bob.derive_key(DhDerive::new(&from_alice), KeyType::AES).bits(128).create()?;
    let iv = session.random::<16>()?;
    let ciphertext = one.encrypt(DEFAULT.iv(&iv), b"HI BOB!")?;
    assert_eq!(two.decrypt(DEFAULT.iv(&iv), &ciphertext)?, b"HI BOB!");
    Ok(())
}

/// A token may take the groups alone that it knows by name.
fn agree_or_skip(token: &TestToken, groups: &[DhParameters]) -> Outcome {
    let session = token.session()?;
    for group in groups {
        match agree(&session, group) {
            Ok(()) => {}
            Err(error) if !token.is_softhsm() => {
                assert_eq!(error.function(), Some(Function::GenerateKeyPair), "{error:?}");
                assert_usable(&session)?;
                let what = "a group that it does not know";
                return skip(Skip::ParametersRefused(MechanismType::DH_PKCS_KEY_PAIR_GEN, what));
            }
            Err(error) => return Err(error.into()),
        }
    }
    assert_usable(&session)
}

fn dh_with_2236_bits(token: &TestToken) -> Outcome {
    let [prime, base] = &DH_2236;
    let group = group([prime, base]);
    assert_eq!(group.prime.bits(), 2236);
    agree_or_skip(token, &[group])
}

fn dh_in_the_groups_of_rfc_5114(token: &TestToken) -> Outcome {
    let groups = [group(RFC_5114_1), group(RFC_5114_3)];
    assert_eq!((groups[0].prime.bits(), groups[1].prime.bits()), (1024, 2048));
    agree_or_skip(token, &groups)
}

fn dh_parameters_of_1024_bits(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DH_PKCS_PARAMETER_GEN])?;
    let session = token.session()?;
    let parameters = session.generate_parameters(KeyType::DH).bits(1024).create()?;
    let group = parameters.dh_parameters()?;
    assert_eq!(group.prime.bits(), 1024);
    Ok(agree(&session, &group)?)
}
