//! A mechanism borrows its additional authenticated data, even as a plain `Mechanism`.

use pkcs11_core::mechanism::AesGcm;
use pkcs11_core::{Context, IntoMechanism, Mechanism, Result};

pub fn mechanism<'a>(nonce: &'a [u8; 12], context: &Context<'_>) -> Result<Mechanism<'a>> {
    let aad = b"header".to_vec();
    AesGcm::new(nonce).aad(&aad).into_mechanism(context)
}

fn main() {}
