//! A key to be derived borrows the other party's point.

use pkcs11_core::mechanism::Ecdh1;
use pkcs11_core::{DeriveKey, KeyType, PrivateKey, PublicKey, Result};

pub fn derive<'a>(own: &'a PrivateKey, peer: &PublicKey) -> Result<DeriveKey<'a>> {
    let point = peer.ec_point()?;
    Ok(own.derive_key(Ecdh1::new(&point), KeyType::AES))
}

fn main() {}
