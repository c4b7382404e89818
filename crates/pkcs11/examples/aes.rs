//! AES: generate a key, encrypt, decrypt, with the default mechanism and by name.
#![allow(clippy::print_stdout, clippy::panic_in_result_fn, reason = "it shows and checks")]

use pkcs11::prelude::*;
use std::env::var;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let module = pkcs11::load(var("PKCS11_MODULE")?)?;
    let token = module.token(label(var("PKCS11_TOKEN")?))?;
    let session = token.open().user_pin(var("PKCS11_PIN")?).start()?;

    let key = session.generate_key(KeyType::AES).bits(256).label("an AES key").create()?;

    // The default, AES-CBC with padding, wants a fresh random IV for each message.
    let iv = session.random::<16>()?;
    let ciphertext = key.encrypt(DEFAULT.iv(&iv), b"INPUT DATA")?;
    assert_eq!(key.decrypt(DEFAULT.iv(&iv), &ciphertext)?, b"INPUT DATA");
    println!("AES-CBC: {} bytes", ciphertext.len());

    // GCM also authenticates: a changed byte anywhere is an error, never other plaintext.
    let nonce = session.random::<12>()?;
    let mut sealed = key.encrypt(AesGcm::new(&nonce).aad(b"v1"), b"INPUT DATA")?;
    assert_eq!(key.decrypt(AesGcm::new(&nonce).aad(b"v1"), &sealed)?, b"INPUT DATA");
    if let Some(byte) = sealed.first_mut() {
        *byte ^= 1;
    }
    let error = key.decrypt(AesGcm::new(&nonce).aad(b"v1"), &sealed).expect_err("it was changed");
    println!("AES-GCM: {} bytes; changed: {error}", sealed.len());
    Ok(())
}
