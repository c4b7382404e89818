//! The library on a function list in Rust that counts calls and lies on demand.
//!
//! There is no token and no file here, so it runs under Miri too: all but what is about rules above
//! the calls, or the same calls once more, where Miri has nothing to see and takes its time.

#![allow(
    clippy::indexing_slicing,
    clippy::panic_in_result_fn,
    clippy::unwrap_used,
    reason = "a test: a panic is its answer"
)]

#[cfg(not(miri))]
#[path = "mock/abandoned.rs"]
mod abandoned;
#[path = "mock/asynchronous.rs"]
mod asynchronous;
#[path = "mock/attributes.rs"]
mod attributes;
#[path = "mock/authenticated_wrap.rs"]
mod authenticated_wrap;
#[cfg(not(miri))]
#[path = "mock/cancel.rs"]
mod cancel;
#[path = "mock/derivations.rs"]
mod derivations;
#[cfg(not(miri))]
#[path = "mock/described.rs"]
mod described;
#[cfg(not(miri))]
#[path = "mock/dual.rs"]
mod dual;
#[cfg(not(miri))]
#[path = "mock/events.rs"]
mod events;
#[cfg(not(miri))]
#[path = "mock/foreign.rs"]
mod foreign;
#[path = "mock/interfaces.rs"]
mod interfaces;
#[cfg(not(miri))]
#[path = "mock/joining.rs"]
mod joining;
#[path = "mock/kem.rs"]
mod kem;
#[path = "mock/lengths_first.rs"]
mod lengths_first;
#[path = "mock/lies.rs"]
mod lies;
#[cfg(not(miri))]
#[path = "mock/login.rs"]
mod login;
#[path = "mock/messages.rs"]
mod messages;
#[cfg(not(miri))]
#[path = "mock/module.rs"]
mod module;
#[cfg(not(miri))]
#[path = "mock/numbers.rs"]
mod numbers;
#[path = "mock/operations.rs"]
mod operations;
#[path = "mock/parameters.rs"]
#[allow(unsafe_code, reason = "a module that follows the pointers of parameters is made here")]
mod parameters;
#[cfg(not(miri))]
#[cfg(not(miri))]
#[path = "mock/points.rs"]
mod points;
#[cfg(not(miri))]
#[path = "mock/policy.rs"]
mod policy;
#[cfg(not(miri))]
#[path = "mock/recover.rs"]
mod recover;
#[cfg(not(miri))]
#[path = "mock/secrecy.rs"]
mod secrecy;
#[cfg(not(miri))]
#[path = "mock/session_wide.rs"]
mod session_wide;
#[path = "mock/state.rs"]
mod state;
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
#[cfg(not(miri))]
#[path = "mock/threads.rs"]
mod threads;
#[cfg(not(miri))]
#[path = "mock/updates.rs"]
mod updates;
#[path = "mock/wrap.rs"]
mod wrap;
