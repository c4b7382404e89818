//! Asynchronous sessions: calls that end later, or never.

use std::time::Duration;

use pkcs11_core::mechanism::AesCbcPad;
use pkcs11_core::sys::{
    CKR_DEVICE_ERROR, CKR_OPERATION_CANCEL_FAILED, CKR_SESSION_HANDLE_INVALID, CKR_STATE_UNSAVEABLE,
};
use pkcs11_core::{
    AsyncId, AsyncSession, Curve, ErrorKind, Function, Holder, KeyType, MechanismType,
    OperationKind, Pending, ReturnCode, Session, SessionFlags, Template, TokenObject, attr,
};
use pkcs11_mock::{Lie, Mock};
use rstest::rstest;

use crate::support::{MESSAGE, aes_key, failure, hmac_key, open};

const MAC: MechanismType = MechanismType::SHA256_HMAC;
const CBC: MechanismType = MechanismType::AES_CBC_PAD;
const AES: MechanismType = MechanismType::AES_KEY_GEN;
const PAIR: MechanismType = MechanismType::EC_KEY_PAIR_GEN;
const NOW: Duration = Duration::ZERO;

/// A session, and an asynchronous one in which calls are pending at so many polls.
fn open_both(mock: &Mock, polls: u64) -> (Session, AsyncSession) {
    mock.asynchronous(polls);
    let session = open(mock);
    let asynchronous = session.open_async().unwrap();
    mock.reset_counts();
    (session, asynchronous)
}

/// Polls until the end, and how often nothing was there.
fn polled<T>(pending: &mut Pending<T>) -> (T, usize) {
    let mut times = 0;
    loop {
        match pending.poll().unwrap() {
            Some(value) => return (value, times),
            None => times += 1,
        }
    }
}

#[rstest]
fn each_call_ends_later_or_at_once(#[values(0, 2)] polls: u64) {
    let mock = Mock::start();
    let (session, asynchronous) = open_both(&mock, polls);
    let (hmac, aes) = (hmac_key(&session), aes_key(&session));
    let wanted = hmac.sign(MAC, MESSAGE).unwrap();
    mock.reset_counts();
    let mut pending = hmac.sign_async(&asynchronous, MAC, MESSAGE.to_vec()).unwrap();
    let (mac, times) = polled(&mut pending);
    assert_eq!(mac, wanted);
    // Init and call: each is asked for so often, and once more for its end; nothing comes with
    // that of the Init.
    let nothing = if polls == 0 { 0 } else { 2 * polls + 1 };
    assert_eq!(times, usize::try_from(nothing).unwrap());
    let asked = if polls == 0 { 0 } else { 2 * (polls + 1) };
    assert_eq!(mock.calls("C_AsyncComplete"), asked);
    let (init, sign) = (mock.calls("C_SignInit"), mock.calls("C_Sign"));
    assert_eq!((init, sign, mock.total()), (1, 1, 2 + asked));
    failure!(pending.poll(), ErrorKind::InvalidInput(_));

    let iv = vec![3; 16];
    let pending = aes.encrypt_async(&asynchronous, (CBC, iv.clone()), MESSAGE.to_vec()).unwrap();
    let ciphertext = pending.wait(NOW).unwrap();
    assert_eq!(ciphertext, aes.encrypt(AesCbcPad::new(&[3; 16]), MESSAGE).unwrap());
    let pending = aes.decrypt_async(&asynchronous, (CBC, iv), ciphertext).unwrap();
    assert_eq!(pending.wait(NOW).unwrap(), MESSAGE);
}

#[rstest]
fn keys_are_generated_later_or_at_once(#[values(0, 2)] polls: u64) {
    let mock = Mock::start();
    let (session, asynchronous) = open_both(&mock, polls);
    // What the template borrows may go before the end.
    let label = String::from("slow");
    let builder = session.generate_key(KeyType::AES).bits(128).label(&label);
    let mut pending = builder.create_async(&asynchronous, AES).unwrap();
    drop(label);
    let (key, times) = polled(&mut pending);
    assert_eq!(times, usize::try_from(polls).unwrap());
    assert_eq!(key.get(attr::LABEL).unwrap(), "slow");
    assert_eq!(pkcs11_core::Object::from(key).session(), &session);
    let inner = Template::new().with(attr::SENSITIVE, true);
    let builder = session
        .generate_key_pair(Curve::P256)
        .label("pair")
        .with_private(attr::UNWRAP_TEMPLATE, &inner);
    let pending = builder.create_async(&asynchronous, PAIR).unwrap();
    drop(inner);
    let (public, private) = pending.wait(NOW).unwrap();
    assert_ne!(public.handle(), private.handle());
    assert_eq!(public.ec_point().unwrap().len(), 65);
    assert_eq!(private.get(attr::LABEL).unwrap(), "pair");
}

#[test]
fn the_session_is_asynchronous_and_beside_the_other() {
    let mock = Mock::start();
    mock.asynchronous(1);
    let session = open(&mock);
    let asynchronous = session.open_async().unwrap();
    assert_eq!(asynchronous.session(), &session);
    assert_ne!(asynchronous.handle(), session.handle());
    assert!(!session.info().unwrap().flags.contains(SessionFlags::ASYNC_SESSION));
    let hmac = hmac_key(&session);
    let pending = hmac.sign_async(&asynchronous, MAC, MESSAGE.to_vec()).unwrap();
    assert_eq!(format!("{pending:?}"), "Pending(C_Sign)");
    // The other session is free, and this one is not.
    session.digest(MechanismType::SHA256, b"").unwrap();
    let error = failure!(
        hmac.sign_async(&asynchronous, MAC, vec![]),
        ErrorKind::OperationActive(Some(Holder { operation: OperationKind::Sign, .. }))
    );
    assert_eq!(error.function(), Some(Function::Sign));
    let builder = session.generate_key(KeyType::AES).bits(128);
    failure!(builder.create_async(&asynchronous, AES), ErrorKind::OperationActive(Some(_)));
    // Nobody closes it below the call.
    failure!(session.token().close_all_sessions(), ErrorKind::OperationActive(Some(_)));
    mock.reset_counts();
    drop(asynchronous);
    assert_eq!(mock.calls("C_CloseSession"), 0);
    let pending = std::thread::spawn(move || pending.wait(NOW).unwrap());
    assert_eq!(pending.join().unwrap(), hmac.sign(MAC, MESSAGE).unwrap());
    assert_eq!(mock.calls("C_CloseSession"), 1);
}

#[test]
fn errors_end_the_call() {
    let mock = Mock::start();
    let (session, asynchronous) = open_both(&mock, 1);
    let aes = aes_key(&session);
    let decrypt = || aes.decrypt_async(&asynchronous, (CBC, vec![3; 16]), vec![1; 15]).unwrap();
    // The buffer is named: its memory is freed, which Miri watches.
    let mut pending = decrypt();
    assert!(pending.poll().unwrap().is_none());
    assert!(pending.poll().unwrap().is_none());
    assert!(pending.poll().unwrap().is_none());
    let error = failure!(pending.poll(), ErrorKind::Failed);
    assert_eq!(error.return_code(), Some(ReturnCode::ENCRYPTED_DATA_LEN_RANGE));
    assert_eq!((error.function(), error.mechanism()), (Some(Function::Decrypt), Some(CBC)));
    assert_eq!(format!("{pending:?}"), "Pending(over)");
    failure!(pending.poll(), ErrorKind::InvalidInput(_));
    // It is not named: the memory stays.
    mock.errors_name_no_buffer();
    failure!(decrypt().wait(NOW), ErrorKind::Failed);
    // A buffer that is not the call's is no result.
    let pending = aes.encrypt_async(&asynchronous, (CBC, vec![3; 16]), MESSAGE.to_vec()).unwrap();
    mock.lie_times("C_AsyncComplete", 2, Lie::Truth);
    mock.lie_times("C_AsyncComplete", 1, Lie::Truth);
    mock.lie_times("C_AsyncComplete", 1, Lie::Silent);
    failure!(pending.wait(NOW), ErrorKind::Misbehaved(_));
    let hmac = hmac_key(&session);
    let pending = hmac.sign_async(&asynchronous, MAC, MESSAGE.to_vec()).unwrap();
    assert_eq!(pending.wait(NOW).unwrap(), hmac.sign(MAC, MESSAGE).unwrap());
}

#[test]
fn a_call_that_fails_at_once_is_cancelled() {
    let mock = Mock::start();
    let (session, asynchronous) = open_both(&mock, 0);
    let hmac = hmac_key(&session);
    mock.lie_times("C_Sign", 1, Lie::Code(CKR_DEVICE_ERROR));
    let sign = || hmac.sign_async(&asynchronous, MAC, MESSAGE.to_vec());
    let error = failure!(sign(), ErrorKind::Failed);
    assert_eq!((error.function(), error.mechanism()), (Some(Function::Sign), Some(MAC)));
    mock.lie_times("C_Sign", 1, Lie::Length(1 << 20));
    failure!(sign(), ErrorKind::Misbehaved(_));
    mock.lie_times("C_Sign", 1, Lie::LengthBy(-1));
    failure!(sign(), ErrorKind::Misbehaved(_));
    mock.lie_times("C_GenerateKey", 1, Lie::Handle(0));
    let builder = session.generate_key(KeyType::AES).bits(128);
    failure!(builder.create_async(&asynchronous, AES), ErrorKind::Misbehaved(_));
    mock.lie_times("C_SignInit", 1, Lie::Code(CKR_DEVICE_ERROR));
    failure!(sign(), ErrorKind::Failed);
    assert_eq!(sign().unwrap().wait(NOW).unwrap(), hmac.sign(MAC, MESSAGE).unwrap());
}

#[test]
fn memory_of_a_dropped_call_is_never_freed() {
    let mock = Mock::start();
    let (session, asynchronous) = open_both(&mock, 1);
    let hmac = hmac_key(&session);
    let sign = || {
        let mut pending = hmac.sign_async(&asynchronous, MAC, MESSAGE.to_vec()).unwrap();
        // The Init has ended then, and the call with the data is pending.
        assert!(pending.poll().unwrap().is_none());
        assert!(pending.poll().unwrap().is_none());
        pending
    };
    let before = mock.scribble();
    mock.reset_counts();
    drop(sign());
    assert_eq!(mock.calls("C_SessionCancel"), 1);
    // What the module writes afterwards hits nobody: Miri watches.
    assert_eq!(mock.scribble(), before + 1);
    assert_eq!(sign().wait(NOW).unwrap(), hmac.sign(MAC, MESSAGE).unwrap());
    // Where the module does not cancel, the session is of no more use; another one is.
    let pending = sign();
    mock.lie_times("C_SessionCancel", 1, Lie::Code(CKR_OPERATION_CANCEL_FAILED));
    drop(pending);
    let refused = hmac.sign_async(&asynchronous, MAC, vec![]);
    failure!(refused, ErrorKind::SessionStuck);
    let another = session.open_async().unwrap();
    let pending = hmac.sign_async(&another, MAC, MESSAGE.to_vec()).unwrap();
    assert_eq!(pending.wait(NOW).unwrap(), hmac.sign(MAC, MESSAGE).unwrap());
}

#[test]
fn a_lost_session_keeps_the_memory() {
    let mock = Mock::start();
    let (session, asynchronous) = open_both(&mock, 1);
    let hmac = hmac_key(&session);
    let mut pending = hmac.sign_async(&asynchronous, MAC, MESSAGE.to_vec()).unwrap();
    assert!(pending.poll().unwrap().is_none());
    assert!(pending.poll().unwrap().is_none());
    mock.lie_times("C_AsyncComplete", 1, Lie::Code(CKR_SESSION_HANDLE_INVALID));
    mock.reset_counts();
    failure!(pending.poll(), ErrorKind::SessionClosed);
    drop(pending);
    assert_eq!(mock.counts(), [("C_AsyncComplete", 1)]);
    failure!(hmac.sign_async(&asynchronous, MAC, vec![]), ErrorKind::SessionClosed);
}

#[test]
fn a_call_is_joined_by_another_session() {
    let mock = Mock::start();
    let (session, asynchronous) = open_both(&mock, 1);
    let hmac = hmac_key(&session);
    let mut pending = hmac.sign_async(&asynchronous, MAC, MESSAGE.to_vec()).unwrap();
    let error = failure!(pending.detach(), ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), Some(Function::AsyncGetID));
    while mock.calls("C_Sign") == 0 {
        assert!(pending.poll().unwrap().is_none());
    }
    // One that cannot be left goes on.
    mock.lie_times("C_AsyncGetID", 1, Lie::Code(CKR_STATE_UNSAVEABLE));
    failure!(pending.detach(), ErrorKind::Failed);
    assert!(pending.poll().unwrap().is_none());
    let id = pending.detach().unwrap();
    failure!(pending.poll(), ErrorKind::InvalidInput(_));
    failure!(pending.detach(), ErrorKind::InvalidInput(_));
    mock.reset_counts();
    drop((pending, asynchronous));
    assert_eq!(mock.counts(), [("C_CloseSession", 1)]);

    let other = session.open_async().unwrap();
    let id = AsyncId::new(id.function(), id.number());
    failure!(other.join_key(id), ErrorKind::InvalidInput(_));
    failure!(other.join(id, 0), ErrorKind::InvalidInput(_));
    failure!(other.join(id, 5), ErrorKind::BufferTooSmall);
    let unknown = failure!(other.join(AsyncId::new(Function::Sign, 77), 32), ErrorKind::Failed);
    assert_eq!(unknown.return_code(), Some(ReturnCode::SAVED_STATE_INVALID));
    let joined = other.join(id, 100).unwrap();
    failure!(hmac.sign_async(&other, MAC, vec![]), ErrorKind::OperationActive(Some(_)));
    assert_eq!(joined.wait(NOW).unwrap(), hmac.sign(MAC, MESSAGE).unwrap());

    let builder = session.generate_key(KeyType::AES).bits(128).store(true);
    let id = builder.create_async(&other, AES).unwrap().detach().unwrap();
    failure!(other.join(id, 16), ErrorKind::InvalidInput(_));
    failure!(other.join_key_pair(id), ErrorKind::InvalidInput(_));
    let key = other.join_key(id).unwrap().wait(NOW).unwrap();
    assert_eq!(key.get(attr::VALUE_LEN).unwrap(), 16);
    let builder = session.generate_key_pair(Curve::P256);
    let mut pending = builder.create_async(&other, PAIR).unwrap();
    let id = pending.detach().unwrap();
    let (public, private) = other.join_key_pair(id).unwrap().wait(NOW).unwrap();
    assert_ne!(public.handle(), private.handle());
}

/// No call is pending here, so Miri has nothing to see.
#[cfg(not(miri))]
mod refused {
    use pkcs11_core::DEFAULT;
    use pkcs11_core::sys::CKR_SESSION_ASYNC_NOT_SUPPORTED;
    use pkcs11_mock::Version;

    use super::*;
    use crate::support::rsa_pair;

    #[test]
    fn what_cannot_be_pending_is_refused_here() {
        let mock = Mock::start();
        let (session, asynchronous) = open_both(&mock, 1);
        let (_, private) = rsa_pair(&session);
        let pkcs = MechanismType::RSA_PKCS;
        mock.reset_counts();
        let with_pin = private.with_context_pin("1234");
        failure!(with_pin.sign_async(&asynchronous, pkcs, vec![1; 20]), ErrorKind::InvalidInput(_));
        failure!(private.sign_async(&asynchronous, MAC, vec![]), ErrorKind::InvalidInput(_));
        failure!(private.sign_async(&asynchronous, DEFAULT, vec![]), ErrorKind::NoDefault(_));
        let aes = aes_key(&session);
        let short = aes.encrypt_async(&asynchronous, (CBC, vec![3; 15]), vec![]);
        failure!(short, ErrorKind::InvalidInput(_));
        assert_eq!(mock.calls("C_SignInit") + mock.calls("C_EncryptInit"), 0);
    }

    #[rstest]
    #[case(Version::V2_40, Function::AsyncComplete)]
    #[case(Version::V3_0, Function::AsyncComplete)]
    #[case(Version::V3_2, Function::OpenSession)]
    fn missing_support_is_told_before_anything_is_opened(
        #[case] version: Version,
        #[case] function: Function,
    ) {
        let mock = Mock::start();
        mock.version(version);
        let session = open(&mock);
        let error = failure!(session.open_async(), ErrorKind::FunctionNotSupported);
        assert_eq!(error.function(), Some(function));
        assert_eq!(mock.calls("C_OpenSession"), 0);
        session.digest(MechanismType::SHA256, b"").unwrap();
    }

    #[test]
    fn a_token_that_changes_its_mind_is_believed() {
        let mock = Mock::start();
        mock.asynchronous(1);
        let session = open(&mock);
        mock.lie("C_OpenSession", Lie::Code(CKR_SESSION_ASYNC_NOT_SUPPORTED));
        let error = failure!(session.open_async(), ErrorKind::FunctionNotSupported);
        assert_eq!(error.return_code(), Some(ReturnCode::SESSION_ASYNC_NOT_SUPPORTED));
        mock.truth("C_OpenSession");
        drop(session.open_async().unwrap());
    }
}
