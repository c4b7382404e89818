//! Signatures with recovery, and verification of a signature that is given first.

use pkcs11_core::sys::{CKR_DEVICE_ERROR, CKR_SIGNATURE_INVALID, CKR_SIGNATURE_LEN_RANGE};
use pkcs11_core::{
    ErrorKind, Function, MechanismType, ObjectClass, OperationKind, PrivateKey, PublicKey, Session,
    Template, attr,
};
use pkcs11_mock::{Lie, Mock, USER_PIN, Version};
use rstest::rstest;

use crate::support::{MESSAGE, aes_key, failure, hmac_key, open};

const RSA: MechanismType = MechanismType::RSA_PKCS;
const MAC: MechanismType = MechanismType::SHA256_HMAC;

/// A pair that may sign and verify with recovery.
fn pair(session: &Session) -> (PublicKey, PrivateKey) {
    let template = |class| {
        Template::new()
            .with(attr::CLASS, class)
            .with(attr::KEY_TYPE, pkcs11_core::KeyType::RSA)
            .with(attr::MODULUS, &[9; 256])
    };
    let public = template(ObjectClass::PUBLIC_KEY).with(attr::VERIFY_RECOVER, true);
    let private = template(ObjectClass::PRIVATE_KEY).with(attr::SIGN_RECOVER, true);
    (session.create(&public).unwrap(), session.create(&private).unwrap())
}

fn assert_free(session: &Session) {
    session.digest(MechanismType::SHA256, b"abc").unwrap();
}

#[test]
fn data_is_recovered_in_two_calls_each() {
    let mock = Mock::start();
    let session = open(&mock);
    let (public, private) = pair(&session);
    mock.reset_counts();
    let signature = private.sign_recover(RSA, MESSAGE).unwrap();
    assert_eq!(mock.counts(), [("C_SignRecoverInit", 1), ("C_SignRecover", 1)]);
    assert_eq!(signature.len(), 256);
    mock.reset_counts();
    assert_eq!(public.verify_recover(RSA, &signature).unwrap(), MESSAGE);
    assert_eq!(mock.counts(), [("C_VerifyRecoverInit", 1), ("C_VerifyRecover", 1)]);
    let mut room = [0; 256];
    assert_eq!(private.sign_recover_into(RSA, MESSAGE, &mut room).unwrap(), 256);
    assert_eq!(room[..], signature);
    let length = public.verify_recover_into(RSA, &signature, &mut room).unwrap();
    assert_eq!(&room[..length], MESSAGE);
    // Nothing can be recovered too.
    let signature = private.sign_recover(RSA, b"").unwrap();
    assert_eq!(public.verify_recover(RSA, &signature).unwrap(), b"");
}

#[test]
fn the_pin_is_given_in_between() {
    let mock = Mock::start();
    let session = open(&mock);
    let (_, private) = pair(&session);
    mock.reset_counts();
    private.with_context_pin(USER_PIN).sign_recover(RSA, MESSAGE).unwrap();
    assert_eq!(mock.counts(), [("C_Login", 1), ("C_SignRecoverInit", 1), ("C_SignRecover", 1)]);
}

#[rstest]
fn a_wrong_signature_does_not_verify(
    #[values(CKR_SIGNATURE_INVALID, CKR_SIGNATURE_LEN_RANGE)] code: pkcs11_core::sys::CK_RV,
) {
    let mock = Mock::start();
    let session = open(&mock);
    let (public, private) = pair(&session);
    let mut signature = private.sign_recover(RSA, MESSAGE).unwrap();
    mock.lie_times("C_VerifyRecover", 1, Lie::Code(code));
    let error = failure!(public.verify_recover(RSA, &signature), ErrorKind::SignatureInvalid);
    assert_eq!(error.function(), Some(Function::VerifyRecover));
    assert_eq!(error.mechanism(), Some(RSA));
    assert_free(&session);
    signature[0] ^= 1;
    let mut room = [0; 256];
    failure!(public.verify_recover(RSA, &signature), ErrorKind::SignatureInvalid);
    failure!(public.verify_recover_into(RSA, &signature, &mut room), ErrorKind::SignatureInvalid);
    failure!(public.verify_recover(RSA, &signature[1..]), ErrorKind::SignatureInvalid);
    assert_free(&session);
    // Any other code says that it was not checked.
    mock.lie_times("C_VerifyRecover", 1, Lie::Code(CKR_DEVICE_ERROR));
    failure!(public.verify_recover(RSA, &signature), ErrorKind::Failed);
    assert_free(&session);
}

#[rstest]
fn an_error_cancels(
    #[values(Version::V2_40, Version::V3_2)] version: Version,
    #[values("C_SignRecover", "C_VerifyRecover")] function: &str,
) {
    let mock = Mock::start();
    mock.version(version);
    let session = open(&mock);
    let (public, private) = pair(&session);
    mock.reset_counts();
    mock.lie_times(function, 1, Lie::Code(CKR_DEVICE_ERROR));
    let answer = match function {
        "C_SignRecover" => private.sign_recover(RSA, MESSAGE),
        _ => public.verify_recover(RSA, &[0; 256]),
    };
    assert_eq!(failure!(answer, ErrorKind::Failed).function().unwrap().name(), function);
    let old = u64::from(version == Version::V2_40);
    assert_eq!((mock.calls(function), mock.calls("C_SessionCancel")), (1 + old, 1 - old));
    mock.reset_counts();
    assert_free(&session);
    assert_eq!(mock.total(), 2);
}

#[test]
fn a_module_that_writes_nothing_is_found_out() {
    let mock = Mock::start();
    let session = open(&mock);
    let (public, private) = pair(&session);
    mock.lie_times("C_VerifyRecover", 1, Lie::Silent);
    failure!(public.verify_recover(RSA, &[1; 256]), ErrorKind::Misbehaved(_));
    mock.lie_times("C_SignRecover", 1, Lie::Length(0));
    failure!(private.sign_recover(RSA, MESSAGE), ErrorKind::Misbehaved(_));
    assert_free(&session);
}

#[test]
fn a_key_must_permit_it_and_default_does_not_serve() {
    let mock = Mock::start();
    let session = open(&mock);
    let (public, private) = crate::support::rsa_pair(&session);
    failure!(private.sign_recover(RSA, MESSAGE), ErrorKind::Failed);
    failure!(public.verify_recover(RSA, &[0; 256]), ErrorKind::Failed);
    failure!(private.sign_recover(pkcs11_core::DEFAULT, MESSAGE), ErrorKind::NoDefault(_));
    assert_free(&session);
}

#[test]
fn a_signature_given_first_is_verified() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = hmac_key(&session);
    let mac = key.sign(MAC, MESSAGE).unwrap();
    mock.reset_counts();
    key.verify_signature(MAC, MESSAGE, &mac).unwrap();
    assert_eq!(mock.counts(), [("C_VerifySignatureInit", 1), ("C_VerifySignature", 1)]);
    mock.reset_counts();
    key.verify_signature_stream(MAC, MESSAGE.chunks(3), &mac).unwrap();
    key.verify_signature_reader(MAC, MESSAGE, &mac).unwrap();
    assert_eq!(
        mock.counts(),
        [
            ("C_VerifySignatureInit", 2),
            ("C_VerifySignatureUpdate", 5),
            ("C_VerifySignatureFinal", 2)
        ]
    );
    // Nothing fed is one shot.
    let empty = key.sign(MAC, b"").unwrap();
    mock.reset_counts();
    key.signature_verifier(MAC, &empty).unwrap().finish().unwrap();
    assert_eq!(mock.counts(), [("C_VerifySignatureInit", 1), ("C_VerifySignature", 1)]);
    assert_free(&session);
}

#[test]
fn a_wrong_signature_given_first_does_not_verify() {
    let mock = Mock::start();
    let session = open(&mock);
    let key = hmac_key(&session);
    let mut mac = key.sign(MAC, MESSAGE).unwrap();
    mac[3] ^= 1;
    let error = failure!(key.verify_signature(MAC, MESSAGE, &mac), ErrorKind::SignatureInvalid);
    assert_eq!(error.function(), Some(Function::VerifySignature));
    let error =
        failure!(key.verify_signature_stream(MAC, [MESSAGE], &mac), ErrorKind::SignatureInvalid);
    assert_eq!(error.function(), Some(Function::VerifySignatureFinal));
    // A MAC of another length never gets there.
    mock.reset_counts();
    failure!(key.verify_signature(MAC, MESSAGE, &mac[1..]), ErrorKind::SignatureInvalid);
    failure!(key.signature_verifier(MAC, &mac[1..]), ErrorKind::SignatureInvalid);
    assert_eq!(mock.total(), 0);
    // The token may see it at once.
    mock.lie_times("C_VerifySignatureInit", 2, Lie::Code(CKR_SIGNATURE_LEN_RANGE));
    failure!(key.verify_signature(MAC, MESSAGE, &mac), ErrorKind::SignatureInvalid);
    failure!(key.signature_verifier(MAC, &mac), ErrorKind::SignatureInvalid);
    mock.lie_times("C_VerifySignature", 1, Lie::Code(CKR_DEVICE_ERROR));
    failure!(key.verify_signature(MAC, MESSAGE, &mac), ErrorKind::Failed);
    assert_free(&session);
}

#[rstest]
fn an_older_module_says_so_at_once(#[values(Version::V2_40, Version::V3_0)] version: Version) {
    let mock = Mock::start();
    mock.version(version);
    let session = open(&mock);
    let key = hmac_key(&session);
    mock.reset_counts();
    let refusals = [
        key.verify_signature(MAC, MESSAGE, &[0; 32]),
        key.signature_verifier(MAC, &[0; 32]).map(drop),
    ];
    for refusal in refusals {
        let error = failure!(refusal, ErrorKind::FunctionNotSupported);
        assert_eq!(error.function(), Some(Function::VerifySignatureInit));
    }
    assert_eq!(mock.total(), 0);
    assert_free(&session);
}

#[test]
fn one_given_first_holds_the_lock_and_is_cancelled() {
    let mock = Mock::start();
    let session = open(&mock);
    let (aes, key) = (aes_key(&session), hmac_key(&session));
    let _ = aes;
    let mut verifier = key.signature_verifier(MAC, &[0; 32]).unwrap();
    verifier.update(MESSAGE).unwrap();
    let error = failure!(key.sign(MAC, MESSAGE), ErrorKind::OperationActive(Some(_)));
    assert!(error.to_string().contains(&OperationKind::VerifySignature.to_string()), "{error}");
    mock.reset_counts();
    drop(verifier);
    // The flag is the other verification's, so the one-shot call follows.
    assert_eq!(mock.counts(), [("C_SessionCancel", 1), ("C_VerifySignature", 1)]);
    assert_free(&session);
    let mut verifier = key.signature_verifier(MAC, &[0; 32]).unwrap();
    mock.lie_times("C_VerifySignatureUpdate", 1, Lie::Code(CKR_DEVICE_ERROR));
    failure!(verifier.update(MESSAGE), ErrorKind::Failed);
    failure!(verifier.update(MESSAGE), ErrorKind::StreamFailed);
    failure!(verifier.finish(), ErrorKind::StreamFailed);
    assert_free(&session);
}
