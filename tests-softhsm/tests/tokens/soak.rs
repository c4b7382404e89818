//! A short soak: every kind of work by 16 threads, half of them on one session.

use std::time::Duration;

use pkcs11::label;
use pkcs11_mock::Lie;
use tests_softhsm::native::counted;
use tests_softhsm::soak::{THREADS, soak};
use tests_softhsm::{LABEL, Outcome, Stop, TestToken, tests};

use crate::common::assert_usable;

tests! {
    soak_for_two_seconds;
    a_soak_notices_wrong_results;
}

fn soak_for_two_seconds(token: &TestToken) -> Outcome {
    let report = soak(&token.token()?, Duration::from_secs(2), 1)?;
    let threads = u64::try_from(THREADS)?;
    for (name, shared, own) in &report.counts {
        assert!(*shared >= threads && *own >= threads, "{name}\n{report}");
    }
    assert_usable(&token.session()?)
}

/// A module that verifies anything, and one that now and then answers an error.
fn a_soak_notices_wrong_results(token: &TestToken) -> Outcome {
    for (function, lie, noticed) in [
        ("C_Verify", Lie::CodeAfter(0), "not refused"),
        ("C_DigestUpdate", Lie::Silent, "digest"),
        ("C_GenerateRandom", Lie::Silent, "random numbers"),
        ("C_EncryptUpdate", Lie::Code(0x30), "CKR_DEVICE_ERROR"),
    ] {
        let (mock, module) = counted(token, pkcs11::options())?;
        let made = module.token(label(LABEL))?;
        mock.lie(function, lie);
        match soak(&made, Duration::from_millis(100), 2) {
            Err(Stop::Failed(error)) => {
                let said = error.to_string();
                assert!(said.starts_with("seed 2, thread "), "{said}");
                assert!(said.contains(noticed), "{function}: {said}");
            }
            other => panic!("{function}: {other:?}"),
        }
        drop(made);
        module.finalize()?;
    }
    Ok(())
}
