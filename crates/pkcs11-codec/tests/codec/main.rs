//! The codec against OpenSSL's output, tables of what must be refused, an independent
//! `rasn` schema as a witness, and random bytes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod curves;
mod ec;
mod ec_private_keys;
mod fixtures;
mod hashes;
mod keys;
mod properties;
mod random;
mod schema;
mod seeds;
mod signatures;
mod spki;
mod tlv;
mod witness;

use pkcs11_codec::{Error, ErrorKind};

/// The place and the kind of a failure.
fn fault<T: std::fmt::Debug>(result: Result<T, Error>) -> (Option<usize>, ErrorKind) {
    let error = result.unwrap_err();
    (error.position(), error.kind())
}
