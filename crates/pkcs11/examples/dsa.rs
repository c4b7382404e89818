//! DSA: domain parameters made by the token, a key pair from them, a signature.
#![allow(clippy::print_stdout, reason = "it shows what it does")]

use pkcs11::prelude::*;
use std::env::var;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let module = pkcs11::load(var("PKCS11_MODULE")?)?;
    let token = module.token(label(var("PKCS11_TOKEN")?))?;
    let session = token.open().user_pin(var("PKCS11_PIN")?).start()?;

    if token.mechanism_info(MechanismType::DSA_PARAMETER_GEN)?.is_none() {
        println!("not offered by this token: {}", MechanismType::DSA_PARAMETER_GEN);
        std::process::exit(3);
    }
    let parameters = session.generate_parameters(KeyType::DSA).bits(2048).create()?;
    let (public, private) = session.generate_key_pair(parameters.dsa_parameters()?).create()?;

    let signature = private.sign(DEFAULT, b"message")?;
    public.verify(DEFAULT, b"message", &signature)?;
    println!("DSA with SHA-512: {} bytes", signature.len());
    Ok(())
}
