//! The table of errors: each names the C function and the cause.

use std::error::Error as _;
use std::fs;
use std::path::Path;

use pkcs11::prelude::*;
use pkcs11::{Function, ReturnCode};
use pkcs11_mock::{Lie, Mock};
use pkcs11_sys::loader::LoadError;
use tests_softhsm::native::{counted, mocked};
use tests_softhsm::{LABEL, Outcome, PIN, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable, data};

tests! {
    a_wrong_path;
    a_file_that_is_no_library;
    a_library_that_is_no_module;
    a_library_that_lacks_another;
    a_module_without_a_function_list;
    a_module_that_lacks_a_function: and Nss;
    a_module_that_does_not_initialize: and Nss;
    a_removed_token: and Nss;
    calls_that_are_not_made_are_named_too: and Nss;
    errors_print_function_subject_cause_and_code: and Nss;
}

fn load_error(path: &Path) -> (Error, String) {
    let error = fails!(pkcs11::load(path), ErrorKind::Load(_));
    let said = error.to_string();
    assert!(said.contains(&*path.to_string_lossy()), "{said}");
    (error, said)
}

fn a_wrong_path(token: &TestToken) -> Outcome {
    for path in ["no-such-module.so", "no/such/module.so"] {
        let path = token.dir().join(path);
        let (error, said) = load_error(&path);
        assert!(matches!(error.kind(), ErrorKind::Load(LoadError::NotFound { .. })));
        assert!(said.contains("does not exist"), "{said}");
    }
    let error =
        fails!(pkcs11::load("libno-such-module.so"), ErrorKind::Load(LoadError::NotFound { .. }));
    assert!(error.to_string().contains("libno-such-module.so"));
    fails!(pkcs11::load(""), ErrorKind::Load(LoadError::NotFound { .. }));
    // A load that fails leaves nothing behind.
    token.load()?.info()?;
    Ok(())
}

fn a_file_that_is_no_library(token: &TestToken) -> Outcome {
    let text = token.dir().join("notes.txt");
    fs::write(&text, "not a library\n")?;
    let empty = token.dir().join("empty.so");
    fs::write(&empty, "")?;
    for path in [&*text, &empty, token.dir()] {
        let (error, said) = load_error(path);
        assert!(matches!(error.kind(), ErrorKind::Load(LoadError::NotALibrary { .. })));
        assert!(said.contains("cannot be loaded as a library"), "{said}");
        // The loader's own words are the cause.
        let source = error.source().map(ToString::to_string).unwrap_or_default();
        assert!(!source.is_empty(), "{error:?}");
    }
    token.load()?.info()?;
    Ok(())
}

fn a_library_that_is_no_module(token: &TestToken) -> Outcome {
    // Every program has the C library.
    let error = fails!(pkcs11::load("libc.so.6"), ErrorKind::Load(LoadError::NotAModule { .. }));
    let said = error.to_string();
    assert!(said.contains("libc.so.6") && said.contains("C_GetFunctionList"), "{said}");
    token.load()?.info()?;
    Ok(())
}

fn a_library_that_lacks_another(token: &TestToken) -> Outcome {
    // The module's own file, with a library that it needs renamed.
    let mut bytes = fs::read(token.path())?;
    let name = b"libc.so.6\0";
    let at = bytes.windows(name.len()).position(|window| window == name);
    let Some(at) = at else {
        return Err(std::io::Error::other("the module does not need the C library").into());
    };
    bytes[at..at + 9].copy_from_slice(b"libz.so.z");
    let path = token.dir().join("lacking.so");
    fs::write(&path, bytes)?;
    let error = fails!(pkcs11::load(&path), ErrorKind::Load(LoadError::NotALibrary { .. }));
    let source = error.source().map(ToString::to_string).unwrap_or_default();
    assert!(source.contains("libz.so.z"), "{source}");
    Ok(())
}

fn a_module_without_a_function_list(_: &TestToken) -> Outcome {
    let mock = Mock::start();
    mock.version(pkcs11_mock::Version::V2_40);
    mock.lie("C_GetFunctionList", Lie::NullList);
    let error = fails!(mocked(&mock, pkcs11::options()), ErrorKind::NoFunctionList);
    assert_eq!(error.function(), Some(Function::GetFunctionList));
    mock.lie("C_GetFunctionList", Lie::Code(ReturnCode::GENERAL_ERROR.number()));
    let error = fails!(mocked(&mock, pkcs11::options()), ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::GetFunctionList));
    assert_eq!(error.return_code(), Some(ReturnCode::GENERAL_ERROR));
    Ok(())
}

fn a_module_that_lacks_a_function(token: &TestToken) -> Outcome {
    // The mock leaves functions out of lists that are handed out later.
    let (mock, module) = counted(token, token.options()?)?;
    drop(module);
    for function in ["C_DigestInit", "C_GenerateRandom", "C_GetObjectSize", "C_SeedRandom"] {
        mock.missing(function);
    }
    let module = mocked(&mock, token.options()?)?;
    let session = module.token(label(LABEL))?.open().user_pin(PIN).start()?;
    let object = data(&session, "x", b"")?;
    let error = fails!(session.random::<4>(), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::GenerateRandom));
    assert_eq!(error.to_string(), "C_GenerateRandom: the module does not have this function");
    let error = fails!(session.digest(MechanismType::SHA256, b""), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::DigestInit));
    let error = fails!(object.size(), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::GetObjectSize));
    let error = fails!(session.seed_random(b"x"), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::SeedRandom));
    // What is there works.
    let key = aes_key(&session)?;
    key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    Ok(())
}

fn a_module_that_does_not_initialize(token: &TestToken) -> Outcome {
    let (mock, module) = counted(token, token.options()?)?;
    drop(module);
    mock.lie_times("C_Initialize", 1, Lie::Code(ReturnCode::DEVICE_ERROR.number()));
    let error = fails!(mocked(&mock, token.options()?), ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::Initialize));
    assert_eq!(error.return_code(), Some(ReturnCode::DEVICE_ERROR));
    mocked(&mock, token.options()?)?.info()?;
    Ok(())
}

fn a_removed_token(token: &TestToken) -> Outcome {
    let (mock, module) = counted(token, token.options()?)?;
    let session = module.token(label(LABEL))?.open().user_pin(PIN).start()?;
    let key = aes_key(&session)?;
    // What the token offers is asked for once.
    key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    mock.lie("C_GenerateRandom", Lie::Removed);
    let error = fails!(session.random::<4>(), ErrorKind::TokenGone);
    assert_eq!(error.function(), Some(Function::GenerateRandom));
    assert_eq!(error.return_code(), Some(ReturnCode::DEVICE_REMOVED));
    assert!(error.is_token_gone() && error.is_session_lost() && !error.is_retryable());
    let error = fails!(key.encrypt(DEFAULT.iv(&[0; 16]), b"abc"), ErrorKind::TokenGone);
    assert_eq!(error.function(), Some(Function::EncryptInit));
    fails!(key.get(attr::LABEL), ErrorKind::TokenGone);
    fails!(session.find::<Object>().all(), ErrorKind::TokenGone);
    mock.truth("C_GenerateRandom");
    Ok(())
}

fn calls_that_are_not_made_are_named_too(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let other = token.session()?;
    let key = aes_key(&session)?;
    let object = data(&session, "x", b"")?;
    let module = token.load()?;
    session.clone().close()?;
    let check = |kind: fn(&ErrorKind) -> bool, errors: Vec<(Error, Function)>| {
        for (error, function) in errors {
            assert!(kind(error.kind()), "{error:?}");
            assert_eq!(error.function(), Some(function), "{error:?}");
            assert!(error.to_string().starts_with(function.name()), "{error}");
        }
    };
    let of_session = || {
        vec![
            (session.info().unwrap_err(), Function::GetSessionInfo),
            (session.random::<4>().unwrap_err(), Function::GenerateRandom),
            (session.init_pin(PIN).unwrap_err(), Function::InitPIN),
            (session.set_pin(PIN, PIN).unwrap_err(), Function::SetPIN),
            (session.login(UserType::USER, PIN).unwrap_err(), Function::Login),
            (session.digest(DEFAULT, b"").unwrap_err(), Function::DigestInit),
            (session.find::<Data>().all().unwrap_err(), Function::FindObjectsInit),
            (data(&session, "x", b"").unwrap_err(), Function::CreateObject),
            (aes_key(&session).unwrap_err(), Function::GenerateKey),
            (object.get(attr::LABEL).unwrap_err(), Function::GetAttributeValue),
            (object.set(&Template::new()).unwrap_err(), Function::SetAttributeValue),
            (object.size().unwrap_err(), Function::GetObjectSize),
            (object.clone().destroy().unwrap_err(), Function::DestroyObject),
            (key.encrypt(AesCbcPad::new(&[0; 16]), b"").unwrap_err(), Function::EncryptInit),
            (key.sign(MechanismType::AES_CMAC, b"").unwrap_err(), Function::SignInit),
        ]
    };
    check(|kind| matches!(kind, ErrorKind::SessionClosed), of_session());
    module.clone().finalize()?;
    check(|kind| matches!(kind, ErrorKind::Finalized), of_session());
    let of_module = vec![
        (module.info().unwrap_err(), Function::GetInfo),
        (module.slots().unwrap_err(), Function::GetSlotList),
        (other.token().info().unwrap_err(), Function::GetTokenInfo),
        (other.token().slot().info().unwrap_err(), Function::GetSlotInfo),
        (other.token().slot().mechanisms().unwrap_err(), Function::GetMechanismList),
        (other.token().open().start().unwrap_err(), Function::OpenSession),
        (other.clone().close().unwrap_err(), Function::CloseSession),
        (module.clone().finalize().unwrap_err(), Function::Finalize),
    ];
    check(|kind| matches!(kind, ErrorKind::Finalized), of_module);
    Ok(())
}

fn errors_print_function_subject_cause_and_code(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = aes_key(&session)?;
    let unknown = MechanismType::new(0x8765_4321);
    let says = |error: Error, text: &str| assert_eq!(error.to_string(), text);
    says(
        key.encrypt(unknown, b"").unwrap_err(),
        "C_EncryptInit(0x87654321): the token does not offer this mechanism, or not for this use (CKR_MECHANISM_INVALID)",
    );
    says(
        token.token()?.open().user_pin("11112222").start().unwrap_err(),
        "C_Login: the PIN is incorrect (CKR_USER_ALREADY_LOGGED_IN)",
    );
    says(
        key.get(attr::VALUE).unwrap_err(),
        "C_GetAttributeValue(CKA_VALUE): the attribute is sensitive",
    );
    key.clone().destroy()?;
    says(
        key.destroy().unwrap_err(),
        "C_DestroyObject: the object is gone, or not visible to this login \
         (CKR_OBJECT_HANDLE_INVALID)",
    );
    assert_usable(&session)
}
