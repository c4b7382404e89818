//! The library on real tokens.
#![allow(
    clippy::indexing_slicing,
    clippy::panic_in_result_fn,
    clippy::unwrap_used,
    reason = "tests"
)]

mod across;
mod agreement;
mod attributes;
mod calls;
mod ciphers;
mod common;
mod context;
mod defaults;
mod derivations;
mod described;
mod errors;
mod examples;
mod fallbacks;
mod find;
mod forked;
mod lifecycle;
mod macs;
mod nss;
mod objects;
mod pins;
mod quirks;
mod rsa;
mod sessions;
mod signatures;
mod signatures_in_parts;
mod slots;
mod stream_errors;
mod stream_locks;
mod streams;
mod threads;
mod wrap;

use std::process::ExitCode;

fn main() -> ExitCode {
    tests_softhsm::run(&[
        across::TESTS,
        agreement::TESTS,
        attributes::TESTS,
        calls::TESTS,
        ciphers::TESTS,
        context::TESTS,
        defaults::TESTS,
        derivations::TESTS,
        described::TESTS,
        errors::TESTS,
        examples::TESTS,
        fallbacks::TESTS,
        find::TESTS,
        forked::TESTS,
        lifecycle::TESTS,
        macs::TESTS,
        nss::TESTS,
        objects::TESTS,
        pins::TESTS,
        quirks::TESTS,
        rsa::TESTS,
        sessions::TESTS,
        signatures::TESTS,
        signatures_in_parts::TESTS,
        slots::TESTS,
        stream_errors::TESTS,
        stream_locks::TESTS,
        streams::TESTS,
        threads::TESTS,
        wrap::TESTS,
    ])
}
