//! The codec against OpenSSL's output, tables of what must be refused, an independent
//! `rasn` schema as a witness, and random bytes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod certificate_frame;
mod certificates;
mod curves;
mod date_time;
mod domain_parameters;
mod ec;
mod ec_points;
mod ec_private_keys;
mod explicit;
mod extensions;
mod fixtures;
mod hashes;
mod keys;
mod lenient;
mod make;
mod names;
mod oids;
mod parameter_sets;
mod pem;
mod pem_random;
mod private_keys;
mod properties;
mod pss_oaep;
mod public_half;
mod random;
mod random_parameters;
mod requests;
mod rsa_primes;
mod schema;
mod seeds;
mod signature_algorithms;
mod signatures;
mod spki;
mod tlv;

// Many keys, ten thousand hashes, and what other crates make of the same bytes: minutes under Miri.
#[cfg(not(miri))]
mod attributes;
#[cfg(not(miri))]
mod encryption;
#[cfg(not(miri))]
mod lenient_random;
#[cfg(not(miri))]
mod numbers;
#[cfg(not(miri))]
mod oracle;
#[cfg(not(miri))]
mod rasn_gaps;
#[cfg(not(miri))]
mod witness;
#[cfg(not(miri))]
mod witness_parameters;

use pkcs11_codec::{Error, ErrorKind};

/// The place and the kind of a failure.
fn fault<T: std::fmt::Debug>(result: Result<T, Error>) -> (Option<usize>, ErrorKind) {
    let error = result.unwrap_err();
    (error.position(), error.kind())
}
