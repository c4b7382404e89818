//! Operations that are saved and go on later.

use pkcs11_core::mechanism::AesCbcPad;
use pkcs11_core::sys::{CKR_DEVICE_ERROR, CKR_STATE_UNSAVEABLE};
use pkcs11_core::{
    ErrorKind, Function, Hash, KeyType, Mechanism, MechanismType, OperationKind, OperationState,
    ReturnCode, Template, attr,
};
use pkcs11_mock::{Lie, Mock, Version};
use rstest::rstest;

use crate::support::{MESSAGE, aes_key, failure, hmac_key, open, rsa_pair};

const HASH: MechanismType = MechanismType::SHA256;
const MAC: MechanismType = MechanismType::SHA256_HMAC;

fn cbc() -> AesCbcPad<'static> {
    AesCbcPad::new(&[3; 16])
}

#[test]
fn a_digest_goes_on_twice() {
    let mock = Mock::start();
    let session = open(&mock);
    let mut digester = session.digester(HASH).unwrap();
    digester.update(b"a first part").unwrap();
    mock.reset_counts();
    let state = digester.save_state().unwrap();
    assert_eq!(mock.counts(), [("C_GetOperationState", 1)]);
    digester.update(b", one end").unwrap();
    let one = digester.finish().unwrap();
    assert_eq!(one, session.digest(HASH, b"a first part, one end").unwrap());
    mock.reset_counts();
    let mut again = session.restore_digester(&state).unwrap();
    assert_eq!(mock.counts(), [("C_SetOperationState", 1)]);
    failure!(session.digest(HASH, b""), ErrorKind::OperationActive(Some(_)));
    again.update(b", another").unwrap();
    assert_eq!(again.finish().unwrap(), session.digest(HASH, b"a first part, another").unwrap());
    // A state is of one kind.
    let hmac = hmac_key(&session);
    mock.reset_counts();
    let error = failure!(hmac.restore_signer(&state), ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), Some(Function::SetOperationState));
    assert_eq!(mock.total(), 0);
}

#[test]
fn ciphers_and_macs_go_on_from_bytes() {
    let mock = Mock::start();
    let session = open(&mock);
    let (aes, hmac) = (aes_key(&session), hmac_key(&session));
    let plaintext: Vec<u8> = (0..100).collect();
    let ciphertext = aes.encrypt(cbc(), &plaintext).unwrap();
    for cut in [0, 5, 16, 30, 99] {
        let (before, after) = plaintext.split_at(cut);
        let mut cipher = aes.encryptor(cbc()).unwrap();
        let mut made = cipher.update(before).unwrap().to_vec();
        // As another process would have it.
        let bytes = cipher.save_state().unwrap().as_bytes().to_vec();
        drop(cipher);
        let state = OperationState::from_bytes(&bytes).unwrap();
        assert_eq!(
            (state.kind(), state.mechanism()),
            (OperationKind::Encrypt, MechanismType::AES_CBC_PAD)
        );
        let mut cipher = aes.restore_encryptor(&state).unwrap();
        made.extend_from_slice(&cipher.update(after).unwrap());
        made.extend_from_slice(&cipher.finish().unwrap());
        assert_eq!(made, ciphertext, "{cut}");

        let mut cipher = aes.decryptor(cbc()).unwrap();
        let mut made = cipher.update(&ciphertext[..cut]).unwrap().to_vec();
        let state = cipher.save_state().unwrap();
        drop(cipher);
        let mut cipher = aes.restore_decryptor(&state).unwrap();
        made.extend_from_slice(&cipher.update(&ciphertext[cut..]).unwrap());
        made.extend_from_slice(&cipher.finish().unwrap());
        assert_eq!(made, plaintext, "{cut}");
    }
    let mut signer = hmac.signer(MAC).unwrap();
    signer.update(b"INPUT ").unwrap();
    let state = signer.save_state().unwrap();
    drop(signer);
    let mut signer = hmac.restore_signer(&state).unwrap();
    signer.update(b"DATA").unwrap();
    let mac = signer.finish().unwrap();
    assert_eq!(mac, hmac.sign(MAC, MESSAGE).unwrap());
    let mut verifier = hmac.verifier(MAC).unwrap();
    verifier.update(b"INPUT ").unwrap();
    let state = verifier.save_state().unwrap();
    drop(verifier);
    let mut verifier = hmac.restore_verifier(&state).unwrap();
    verifier.update(b"DATA").unwrap();
    // What is known of the mechanism is known again.
    failure!(verifier.finish(&mac[1..]), ErrorKind::SignatureInvalid);
    let mut verifier = hmac.restore_verifier(&state).unwrap();
    verifier.update(b"DATA").unwrap();
    verifier.finish(&mac).unwrap();
}

#[test]
fn another_key_or_state_is_the_tokens_to_refuse() {
    let mock = Mock::start();
    let session = open(&mock);
    let hmac = hmac_key(&session);
    let template =
        Template::new().with(attr::KEY_TYPE, KeyType::GENERIC_SECRET).with(attr::VALUE, &[8; 16]);
    let other: pkcs11_core::SecretKey = session.create(&template).unwrap();
    let mut signer = hmac.signer(MAC).unwrap();
    signer.update(MESSAGE).unwrap();
    let state = signer.save_state().unwrap();
    drop(signer);
    let error = failure!(other.restore_signer(&state), ErrorKind::Failed);
    assert_eq!(error.return_code(), Some(ReturnCode::KEY_CHANGED));
    assert_eq!(error.mechanism(), Some(MAC));
    let mut bytes = state.as_bytes().to_vec();
    *bytes.last_mut().unwrap() ^= 0x40;
    let changed = OperationState::from_bytes(&bytes).unwrap();
    let error = failure!(hmac.restore_signer(&changed), ErrorKind::Failed);
    assert_eq!(error.return_code(), Some(ReturnCode::SAVED_STATE_INVALID));
    session.digest(HASH, b"").unwrap();
    // A token that has the key in the state wants none.
    mock.lie_times("C_SetOperationState", 1, Lie::Code(pkcs11_core::sys::CKR_KEY_NOT_NEEDED));
    mock.reset_counts();
    failure!(hmac.restore_signer(&state), ErrorKind::Failed);
    assert_eq!(mock.calls("C_SetOperationState"), 2);
}

#[rstest]
fn a_stream_that_cannot_be_saved_goes_on(
    #[values(Version::V2_40, Version::V3_2)] version: Version,
    #[values(CKR_STATE_UNSAVEABLE, CKR_DEVICE_ERROR)] code: pkcs11_core::sys::CK_RV,
) {
    let mock = Mock::start();
    mock.version(version);
    let session = open(&mock);
    let mut digester = session.digester(HASH).unwrap();
    digester.update(b"abc").unwrap();
    mock.lie_times("C_GetOperationState", 1, Lie::Code(code));
    failure!(digester.save_state(), ErrorKind::Failed);
    digester.update(b"def").unwrap();
    for lie in [Lie::Silent, Lie::Length(1 << 20)] {
        mock.lie_times("C_GetOperationState", 2, lie);
        failure!(digester.save_state(), ErrorKind::Misbehaved(_));
        mock.truth("C_GetOperationState");
    }
    assert_eq!(digester.finish().unwrap(), session.digest(HASH, b"abcdef").unwrap());
    // What is hashed here has no state in the token.
    let (_, rsa) = rsa_pair(&session);
    let hashed = Mechanism::new(MechanismType::RSA_PKCS).prehashed_info(Hash::Sha256);
    let mut signer = rsa.signer(hashed).unwrap();
    failure!(signer.save_state(), ErrorKind::InvalidInput(_));
    signer.finish().unwrap();
}

#[test]
fn a_larger_state_gets_its_room() {
    let mock = Mock::start();
    let session = open(&mock);
    let mut digester = session.digester(HASH).unwrap();
    mock.lie_times("C_GetOperationState", 1, Lie::TooSmall(30_000));
    let state = digester.save_state().unwrap();
    assert_eq!(digester.finish().unwrap(), session.digest(HASH, b"").unwrap());
    assert_eq!(session.restore_digester(&state).unwrap().finish().unwrap().len(), 32);
}
