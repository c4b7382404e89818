//! Keys and certificates that own their DER, for those who read them from files.

mod certificate;
mod private_key;
mod public_key;

pub use certificate::CertificateDer;
pub use private_key::{PrivateKeyDer, PrivateKeyForm};
pub use public_key::PublicKeyDer;
