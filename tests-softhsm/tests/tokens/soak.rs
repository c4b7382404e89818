//! A short soak: every kind of work by 16 threads, half of them on one session.

use std::time::Duration;

use tests_softhsm::soak::{THREADS, soak};
use tests_softhsm::{Outcome, TestToken, tests};

use crate::common::assert_usable;

tests! {
    soak_for_two_seconds;
}

fn soak_for_two_seconds(token: &TestToken) -> Outcome {
    let report = soak(token, Duration::from_secs(2), 1)?;
    let threads = u64::try_from(THREADS)?;
    for (name, shared, own) in &report.counts {
        assert!(*shared >= threads && *own >= threads, "{name}\n{report}");
    }
    assert_usable(&token.session()?)
}
