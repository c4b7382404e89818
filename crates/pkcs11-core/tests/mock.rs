//! The library on a function list in Rust that counts calls and lies on demand.
//!
//! There is no token and no file here, so all of it runs under Miri too.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test: a panic is its answer")]

#[path = "mock/module.rs"]
mod module;
#[path = "mock/support.rs"]
#[allow(
    unsafe_code,
    reason = "modules enter by function pointer, and some of their functions are made here"
)]
mod support;
