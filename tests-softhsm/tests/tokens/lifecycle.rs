//! Modules: loading, joining, finalizing, and what remains afterwards.

use pkcs11::Function;
use pkcs11::prelude::*;
use tests_softhsm::native::counted;
use tests_softhsm::{Outcome, PIN, TestToken, fails, tests};

use crate::common::{aes_key, assert_usable};

tests! {
    loading_twice_gives_one_module: and Nss;
    a_module_is_one_by_whatever_path: and Nss;
    loading_with_other_options_is_refused: and Nss;
    what_is_finalized_says_so: and Nss;
    loads_again_after_finalize: and Nss;
    dropping_the_last_handle_finalizes: and Nss;
    twenty_cycles: and Nss;
    keeps_initialized_when_asked: and Nss;
    joins_what_the_host_initialized: and Nss;
    strict_refuses_to_join: and Nss;
}

fn loading_twice_gives_one_module(token: &TestToken) -> Outcome {
    let one = token.load()?;
    let two = token.load()?;
    assert_eq!(one, two);
    drop(one);
    two.info()?;
    Ok(())
}

fn a_module_is_one_by_whatever_path(token: &TestToken) -> Outcome {
    let one = token.load()?;
    let link = token.dir().join("another-name.so");
    std::os::unix::fs::symlink(token.path(), &link)?;
    assert_eq!(one, token.options()?.load(&link)?);
    Ok(())
}

fn loading_with_other_options_is_refused(token: &TestToken) -> Outcome {
    let module = token.load()?;
    let others = [
        token.options()?.no_threads(true),
        token.options()?.keep_initialized(true),
        pkcs11::options().reserved("other")?,
        LoadOptions::new(),
    ];
    for options in others {
        fails!(options.load(token.path()), ErrorKind::OtherOptions);
    }
    module.info()?;
    drop(module);
    // Nobody has it now, so other options are no others.
    let module = token.options()?.keep_initialized(true).load(token.path())?;
    module.info()?;
    Ok(())
}

fn what_is_finalized_says_so(token: &TestToken) -> Outcome {
    let module = token.load()?;
    let slot = module.slots()?.remove(0);
    let session = token.session()?;
    let key = aes_key(&session)?;
    module.clone().finalize()?;

    fails!(module.info(), ErrorKind::Finalized);
    fails!(module.slots(), ErrorKind::Finalized);
    fails!(slot.info(), ErrorKind::Finalized);
    fails!(slot.mechanisms(), ErrorKind::Finalized);
    fails!(slot.token().info(), ErrorKind::Finalized);
    fails!(slot.token().open().start(), ErrorKind::Finalized);
    fails!(session.info(), ErrorKind::Finalized);
    fails!(session.random::<4>(), ErrorKind::Finalized);
    fails!(session.login(UserType::USER, PIN), ErrorKind::Finalized);
    fails!(session.digest(MechanismType::SHA256, b""), ErrorKind::Finalized);
    fails!(session.find::<Object>().all(), ErrorKind::Finalized);
    fails!(aes_key(&session), ErrorKind::Finalized);
    fails!(key.get(attr::LABEL), ErrorKind::Finalized);
    fails!(key.encrypt(DEFAULT.iv(&[0; 16]), b"abc"), ErrorKind::Finalized);
    let error = fails!(key.destroy(), ErrorKind::Finalized);
    assert!(error.is_session_lost() && !error.is_retryable());
    fails!(session.clone().close(), ErrorKind::Finalized);
    fails!(module.finalize(), ErrorKind::Finalized);
    Ok(())
}

fn loads_again_after_finalize(token: &TestToken) -> Outcome {
    let old = token.session()?;
    token.load()?.finalize()?;
    let module = token.load()?;
    let session = token.session()?;
    assert_usable(&session)?;
    // The old handle's number may be in use again: it must not reach the new session.
    fails!(old.info(), ErrorKind::Finalized);
    drop(old);
    session.info()?;
    drop(session);
    module.finalize()?;
    Ok(())
}

fn dropping_the_last_handle_finalizes(token: &TestToken) -> Outcome {
    let module = token.load()?;
    let session = token.session()?;
    let key = aes_key(&session)?;
    drop(module);
    drop(session);
    // An object is a handle too.
    key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    let (mock, joined) = counted(token, LoadOptions::new())?;
    drop(joined);
    drop(key);
    // Strict loading succeeds only where nobody has initialised the module.
    let (_mock, module) = {
        drop(mock);
        counted(token, token.options()?.strict(true))?
    };
    module.info()?;
    Ok(())
}

fn twenty_cycles(token: &TestToken) -> Outcome {
    for cycle in 0..20 {
        let module = token.options()?.strict(true).load(token.path())?;
        let session = token.session()?;
        session.random::<16>()?;
        if cycle % 2 == 0 {
            module.finalize()?;
        }
    }
    Ok(())
}

fn keeps_initialized_when_asked(token: &TestToken) -> Outcome {
    let kept = || token.options()?.keep_initialized(true).load(token.path());
    drop(kept()?);
    // Still initialised, for whoever else is there; and ours again when we come back.
    let (mock, joined) = counted(token, LoadOptions::new())?;
    joined.info()?;
    drop(joined);
    assert_eq!(mock.calls("C_Finalize"), 0);
    kept()?.finalize()?;
    Ok(())
}

fn joins_what_the_host_initialized(token: &TestToken) -> Outcome {
    let host = token.load()?;
    let (mock, joined) = counted(token, LoadOptions::new())?;
    assert_eq!(mock.calls("C_Initialize"), 1);
    joined.info()?;
    joined.finalize()?;
    assert_eq!(mock.calls("C_Finalize"), 0);
    host.info()?;
    Ok(())
}

fn strict_refuses_to_join(token: &TestToken) -> Outcome {
    let host = token.load()?;
    let error = match counted(token, LoadOptions::new().strict(true)) {
        Err(tests_softhsm::Stop::Failed(error)) => error,
        _ => panic!("it joined"),
    };
    let error = error.downcast::<Error>().map_err(|_| "another error");
    let error = error.unwrap();
    assert!(matches!(error.kind(), ErrorKind::AlreadyInitialized));
    assert_eq!(error.function(), Some(Function::Initialize));
    host.info()?;
    Ok(())
}
