//! The library on real tokens.
#![allow(
    clippy::indexing_slicing,
    clippy::panic_in_result_fn,
    clippy::unwrap_used,
    reason = "tests"
)]

mod ciphers;
mod common;
mod forked;
mod lifecycle;
mod pins;
mod sessions;
mod slots;

use std::process::ExitCode;

fn main() -> ExitCode {
    tests_softhsm::run(&[
        ciphers::TESTS,
        forked::TESTS,
        lifecycle::TESTS,
        pins::TESTS,
        sessions::TESTS,
        slots::TESTS,
    ])
}
