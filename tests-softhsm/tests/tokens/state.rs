//! Operations that are saved and go on later.

use pkcs11::prelude::*;
use pkcs11::{OperationState, ReturnCode};
use tests_softhsm::{Outcome, Skip, TestToken, offered, skip, tests};

use crate::common::{aes_key, assert_usable};

tests! {
    a_digest_goes_on: and Nss;
    a_mac_goes_on: and Nss;
    a_verification_goes_on;
    a_cipher_goes_on_or_says_that_it_cannot: and Nss;
}

const HASH: MechanismType = MechanismType::SHA256;
const MAC: MechanismType = MechanismType::SHA256_HMAC;

/// Saved, or no test: the token does not save this kind.
fn saved(answer: Result<OperationState>) -> Outcome<OperationState> {
    match answer {
        // The second is how NSS says it of all but digests.
        Err(error)
            if [ReturnCode::STATE_UNSAVEABLE, ReturnCode::OPERATION_NOT_INITIALIZED]
                .map(Some)
                .contains(&error.return_code()) =>
        {
            skip(Skip::StateUnsaveable)
        }
        answer => offered(answer),
    }
}

fn a_digest_goes_on(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let mut digester = session.digester(HASH)?;
    digester.update(b"a first part")?;
    let state = saved(digester.save_state())?;
    digester.update(b", one end")?;
    assert_eq!(digester.finish()?, session.digest(HASH, b"a first part, one end")?);
    // In another session, and from bytes.
    let other = token.session()?;
    let state = OperationState::from_bytes(state.as_bytes())?;
    for session in [&other, &session] {
        let mut again = session.restore_digester(&state)?;
        again.update(b", another")?;
        assert_eq!(again.finish()?, session.digest(HASH, b"a first part, another")?);
        assert_usable(session)?;
    }
    // Dropped, it is cancelled.
    drop(other.restore_digester(&state)?);
    assert_usable(&other)
}

fn a_mac_goes_on(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let mut signer = key.signer(MAC)?;
    signer.update(b"before ")?;
    let answer = signer.save_state();
    // It goes on, whatever came.
    signer.update(b"and on")?;
    assert_eq!(signer.finish()?, key.sign(MAC, b"before and on")?);
    let state = saved(answer)?;
    let mut signer = key.restore_signer(&state)?;
    signer.update(b"and after")?;
    assert_eq!(signer.finish()?, key.sign(MAC, b"before and after")?);
    assert_usable(&session)
}

fn a_verification_goes_on(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let code = key.sign(MAC, b"before and after")?;
    let mut verifier = key.verifier(MAC)?;
    verifier.update(b"before ")?;
    let state = saved(verifier.save_state())?;
    drop(verifier);
    let mut verifier = key.restore_verifier(&state)?;
    verifier.update(b"and after")?;
    verifier.finish(&code)?;
    assert_usable(&session)
}

fn a_cipher_goes_on_or_says_that_it_cannot(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let plaintext: Vec<u8> = (0..100).collect();
    let mut cipher = key.encryptor(AesCbcPad::new(&[1; 16]))?;
    let mut made = cipher.update(&plaintext[..40])?.to_vec();
    let answer = cipher.save_state();
    let mut whole = made.clone();
    whole.extend_from_slice(&cipher.update(&plaintext[40..])?);
    whole.extend_from_slice(&cipher.finish()?);
    assert_eq!(whole, key.encrypt(AesCbcPad::new(&[1; 16]), &plaintext)?);
    assert_usable(&session)?;
    let state = saved(answer)?;
    let mut cipher = key.restore_encryptor(&state)?;
    made.extend_from_slice(&cipher.update(&plaintext[40..])?);
    made.extend_from_slice(&cipher.finish()?);
    assert_eq!(made, whole);
    assert_usable(&session)
}
