//! RSA: encrypt, and sign, with the default mechanisms and with PSS.
#![allow(clippy::print_stdout, clippy::panic_in_result_fn, reason = "it shows and checks")]

use pkcs11::prelude::*;
use std::env::var;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let module = pkcs11::load(var("PKCS11_MODULE")?)?;
    let token = module.token(label(var("PKCS11_TOKEN")?))?;
    let session = token.open().user_pin(var("PKCS11_PIN")?).start()?;

    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;

    let ciphertext = public.encrypt(DEFAULT, b"INPUT DATA")?;
    assert_eq!(private.decrypt(DEFAULT, &ciphertext)?, b"INPUT DATA");
    println!("RSA-OAEP: {} bytes", ciphertext.len());

    let signature = private.sign(DEFAULT, b"message")?;
    public.verify(DEFAULT, b"message", &signature)?;
    println!("PKCS#1 v1.5 with SHA-512: {} bytes", signature.len());

    let signature = private.sign(RsaPss::new(Hash::Sha256), b"message")?;
    public.verify(RsaPss::new(Hash::Sha256), b"message", &signature)?;
    println!("PSS with SHA-256: {} bytes", signature.len());
    if let Err(error) = public.verify(RsaPss::new(Hash::Sha256), b"other message", &signature) {
        println!("another message: {error}");
    }
    Ok(())
}
