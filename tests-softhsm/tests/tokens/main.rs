//! The library on real tokens.
#![allow(
    clippy::indexing_slicing,
    clippy::panic_in_result_fn,
    clippy::unwrap_used,
    reason = "tests"
)]

mod across;
mod agreement;
mod asynchronous;
mod attributes;
mod beside;
mod block_modes;
mod calls;
mod cancel;
mod certificates;
mod ciphers;
mod common;
mod context;
mod counter_modes;
mod defaults;
mod derivation;
mod described;
mod dual;
mod edwards;
mod encodings;
mod errors;
mod examples;
mod external;
mod fallbacks;
mod find;
mod forked;
mod import;
mod import_agreement;
mod import_pairs;
mod import_post_quantum;
mod interrupted;
mod issuing;
mod kdf;
mod keys;
mod legacy;
mod lifecycle;
mod macs;
mod messages;
mod nss;
mod objects;
mod pins;
mod post_quantum;
mod quirks;
mod reauthentication;
mod recover;
mod rsa;
mod session_wide;
mod sessions;
mod several_keys;
mod signatures;
mod signatures_in_parts;
mod slots;
mod soak;
mod state;
mod stream_errors;
mod stream_locks;
mod streams;
mod threads;
mod wrap;
mod x509;

use std::process::ExitCode;

fn main() -> ExitCode {
    tests_softhsm::run(&[
        across::TESTS,
        agreement::TESTS,
        asynchronous::TESTS,
        attributes::TESTS,
        beside::TESTS,
        block_modes::TESTS,
        calls::TESTS,
        cancel::TESTS,
        certificates::TESTS,
        ciphers::TESTS,
        context::TESTS,
        counter_modes::TESTS,
        defaults::TESTS,
        derivation::TESTS,
        several_keys::TESTS,
        described::TESTS,
        dual::TESTS,
        edwards::TESTS,
        encodings::TESTS,
        errors::TESTS,
        examples::TESTS,
        external::TESTS,
        fallbacks::TESTS,
        find::TESTS,
        forked::TESTS,
        import::TESTS,
        import_agreement::TESTS,
        import_pairs::TESTS,
        import_post_quantum::TESTS,
        interrupted::TESTS,
        issuing::TESTS,
        kdf::TESTS,
        keys::TESTS,
        legacy::TESTS,
        lifecycle::TESTS,
        macs::TESTS,
        messages::TESTS,
        nss::TESTS,
        objects::TESTS,
        pins::TESTS,
        post_quantum::TESTS,
        quirks::TESTS,
        reauthentication::TESTS,
        recover::TESTS,
        rsa::TESTS,
        session_wide::TESTS,
        sessions::TESTS,
        signatures::TESTS,
        signatures_in_parts::TESTS,
        slots::TESTS,
        soak::TESTS,
        state::TESTS,
        stream_errors::TESTS,
        stream_locks::TESTS,
        streams::TESTS,
        threads::TESTS,
        wrap::TESTS,
        x509::TESTS,
    ])
}
