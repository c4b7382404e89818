//! Triple DES, for data of the past.
#![allow(clippy::print_stdout, clippy::panic_in_result_fn, reason = "it shows and checks")]

use pkcs11::prelude::*;
use std::env::var;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let module = pkcs11::load(var("PKCS11_MODULE")?)?;
    let token = module.token(label(var("PKCS11_TOKEN")?))?;
    let session = token.open().user_pin(var("PKCS11_PIN")?).start()?;

    if token.mechanism_info(MechanismType::DES3_KEY_GEN)?.is_none() {
        println!("not offered by this token: {}", MechanismType::DES3_KEY_GEN);
        std::process::exit(3);
    }
    let key = session.generate_key(KeyType::DES3).create()?;
    let iv = session.random::<8>()?;
    let ciphertext = key.encrypt(DEFAULT.iv(&iv), b"INPUT DATA")?;
    assert_eq!(key.decrypt(DesCbcPad::new(&iv), &ciphertext)?, b"INPUT DATA");
    println!("3DES-CBC: {} bytes", ciphertext.len());
    Ok(())
}
