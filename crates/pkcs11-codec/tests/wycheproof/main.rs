//! Project Wycheproof's vectors for what lies between DER and PKCS#11: signatures and public
//! keys that must be refused, and those that must not. Whether a signature is right is not
//! asked: there is no arithmetic here.
//!
//! The vectors are compiled in, 30 MB of them, so they are kept from the other tests.

// Miri sees the same code in the other tests.
#![cfg(not(miri))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod public_keys;
mod signatures;
