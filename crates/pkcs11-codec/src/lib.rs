#![doc = include_str!("../README.md")]
// What the README links to must be somewhere without the feature too.
#![cfg_attr(not(feature = "pem"), doc = "\n\n[`pem`]: https://www.rfc-editor.org/rfc/rfc7468\n")]
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod der;
mod error;
mod owned;

pub mod algorithm;
pub mod attribute;
pub mod dh;
pub mod digest_info;
pub mod dsa;
pub mod ec;
pub mod integer;
pub mod lenient;
pub mod oid;
pub mod parameter_set;
#[cfg(feature = "pem")]
pub mod pem;
pub mod pkcs1;
pub mod pkcs10;
pub mod pkcs8;
pub mod rsa_parameters;
pub mod signature;
pub mod signature_algorithm;
pub mod spki;
pub mod tlv;
pub mod x509;

pub use error::{Error, ErrorKind};
pub use owned::{CertificateDer, PrivateKeyDer, PrivateKeyForm, PublicKeyDer};
