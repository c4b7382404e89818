//! Initialises the first token that has not been, and sets its two PINs.
#![allow(clippy::print_stdout, reason = "it shows what it does")]

use pkcs11::prelude::*;
use std::env::var;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let module = pkcs11::load(var("PKCS11_MODULE")?)?;
    let (name, so_pin) = (var("PKCS11_TOKEN")?, var("PKCS11_SO_PIN")?);

    let mut slots = module.slots_with_token()?;
    slots.retain(|slot| {
        slot.token().info().is_ok_and(|info| !info.flags.contains(TokenFlags::TOKEN_INITIALIZED))
    });
    let slot = slots.first().ok_or("every token has been initialised")?;
    slot.init_token(&*so_pin, &name)?;

    // The security officer sets the user's PIN. Some modules have given the token a new slot.
    let officer = module.token(label(&name))?.open().so_pin(&*so_pin).start()?;
    officer.init_pin(var("PKCS11_PIN")?)?;
    officer.close()?;
    println!("token {name:?} is ready");
    Ok(())
}
