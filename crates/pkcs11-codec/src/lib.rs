#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod der;
mod error;

pub mod algorithm;
pub mod dh;
pub mod digest_info;
pub mod dsa;
pub mod ec;
pub mod integer;
pub mod oid;
pub mod parameter_set;
pub mod pkcs1;
pub mod rsa_parameters;
pub mod signature;
pub mod spki;
pub mod tlv;

pub use error::{Error, ErrorKind};
