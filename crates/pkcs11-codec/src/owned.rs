//! Keys and certificates that own their DER, for those who read them from files.

mod certificate;
mod private_key;
mod public_key;

pub use certificate::CertificateDer;
pub use private_key::{PrivateKeyDer, PrivateKeyForm};
pub use public_key::PublicKeyDer;

use crate::{Error, ErrorKind};

/// A file of the other kind is a mistake that is made daily.
fn refuse_pem(der: &[u8]) -> Result<(), Error> {
    if der.starts_with(b"-----BEGIN ") {
        return Err(Error::at(0, ErrorKind::PemForDer));
    }
    Ok(())
}
