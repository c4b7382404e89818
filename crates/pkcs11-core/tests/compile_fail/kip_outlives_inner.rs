//! A mechanism with another inside borrows what the inner one borrows.

use pkcs11_core::mechanism::{Kip, KipUse};
use pkcs11_core::{Context, IntoMechanism, Mechanism, MechanismType, Result};

pub fn mechanism<'a>(seed: &'a [u8], context: &Context<'_>) -> Result<Mechanism<'a>> {
    let iv = vec![0; 16];
    let mechanism = Mechanism::with_bytes(MechanismType::AES_CBC, &iv);
    Kip { usage: KipUse::Derive, mechanism, key: None, seed }.into_mechanism(context)
}

fn main() {}
