//! EdDSA borrows its context, even as a plain `Mechanism`.

use pkcs11_core::mechanism::EdDsa;
use pkcs11_core::{Context, IntoMechanism, Mechanism, Result};

pub fn mechanism(context: &Context<'_>) -> Result<Mechanism<'static>> {
    let of_signature = b"context".to_vec();
    EdDsa::new().context(&of_signature).into_mechanism(context)
}

fn main() {}
