//! HKDF borrows its salt, even as a plain `Mechanism`.

use pkcs11_core::mechanism::{Hkdf, HkdfSalt};
use pkcs11_core::{Context, Hash, IntoMechanism, Mechanism, Result};

pub fn mechanism(context: &Context<'_>) -> Result<Mechanism<'static>> {
    let salt = b"salt".to_vec();
    Hkdf::new(Hash::Sha256).salt(HkdfSalt::Data(&salt)).into_mechanism(context)
}

fn main() {}
