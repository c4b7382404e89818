//! The library on a function list in Rust that counts calls and lies on demand.
//!
//! There is no token and no file here, so all of it runs under Miri too.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test: a panic is its answer")]

#[path = "mock/attributes.rs"]
mod attributes;
#[path = "mock/authenticated_wrap.rs"]
mod authenticated_wrap;
#[path = "mock/cancel.rs"]
mod cancel;
#[path = "mock/derivations.rs"]
mod derivations;
#[path = "mock/described.rs"]
mod described;
#[path = "mock/foreign.rs"]
mod foreign;
#[path = "mock/interfaces.rs"]
mod interfaces;
#[path = "mock/joining.rs"]
mod joining;
#[path = "mock/kem.rs"]
mod kem;
#[path = "mock/lengths_first.rs"]
mod lengths_first;
#[path = "mock/lies.rs"]
mod lies;
#[path = "mock/login.rs"]
mod login;
#[path = "mock/module.rs"]
mod module;
#[path = "mock/numbers.rs"]
mod numbers;
#[path = "mock/operations.rs"]
mod operations;
#[path = "mock/parameters.rs"]
#[allow(unsafe_code, reason = "a module that follows the pointers of parameters is made here")]
mod parameters;
#[path = "mock/policy.rs"]
mod policy;
#[path = "mock/secrecy.rs"]
mod secrecy;
#[path = "mock/streams.rs"]
mod streams;
#[path = "mock/support.rs"]
#[allow(
    unsafe_code,
    reason = "modules enter by function pointer, and some of their functions are made here"
)]
mod support;
#[path = "mock/templates.rs"]
mod templates;
#[path = "mock/threads.rs"]
mod threads;
#[path = "mock/wrap.rs"]
mod wrap;
