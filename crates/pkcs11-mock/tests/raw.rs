//! The function list as C code drives it: through raw pointers, with no layer between.

#![allow(
    unsafe_code,
    clippy::multiple_unsafe_ops_per_block,
    clippy::undocumented_unsafe_blocks,
    clippy::unwrap_used,
    reason = "a test, in which every line calls a C function with pointers to locals"
)]

#[path = "raw/caller.rs"]
mod caller;
#[path = "raw/late.rs"]
mod late;
#[path = "raw/lies.rs"]
mod lies;
#[path = "raw/messages.rs"]
mod messages;
#[path = "raw/parts.rs"]
mod parts;
#[path = "raw/token.rs"]
mod token;
