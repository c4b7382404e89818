//! A derivation of TLS borrows its label and random bytes, even as a plain `Mechanism`.

use pkcs11_core::mechanism::{TlsKdf, TlsPrf};
use pkcs11_core::{Context, Hash, IntoMechanism, Mechanism, Result};

pub fn mechanism<'a>(random: &'a [u8; 32], context: &Context<'_>) -> Result<Mechanism<'a>> {
    let label = b"EXPORTER".to_vec();
    TlsKdf::new(TlsPrf::Tls12(Hash::Sha256), &label, random, random).into_mechanism(context)
}

fn main() {}
