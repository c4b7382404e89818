//! Diffie-Hellman between two parties in a well-known group (RFC 3526).
#![allow(clippy::print_stdout, clippy::panic_in_result_fn, reason = "it shows and checks")]

use pkcs11::prelude::*;
use std::env::var;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let module = pkcs11::load(var("PKCS11_MODULE")?)?;
    let token = module.token(label(var("PKCS11_TOKEN")?))?;
    let session = token.open().user_pin(var("PKCS11_PIN")?).start()?;

    let (alice_public, alice) = session.generate_key_pair(DhGroup::MODP_2048).create()?;
    let (bob_public, bob) = session.generate_key_pair(DhGroup::MODP_2048).create()?;

    // Each sends the other the public value, and derives a key from what comes.
    let from_alice = alice_public.public_value()?;
    let from_bob = bob_public.public_value()?;
    let alice_key = alice.derive_key(DhDerive::new(&from_bob), KeyType::AES).bits(128).create()?;
    let bob_key = bob.derive_key(DhDerive::new(&from_alice), KeyType::AES).bits(128).create()?;

    // The keys never leave the token, but what one encrypts, the other decrypts.
    let iv = session.random::<16>()?;
    let ciphertext = alice_key.encrypt(DEFAULT.iv(&iv), b"hello Bob")?;
    assert_eq!(bob_key.decrypt(DEFAULT.iv(&iv), &ciphertext)?, b"hello Bob");
    println!("both parties have the same key");
    Ok(())
}
