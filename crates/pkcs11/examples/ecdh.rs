//! Elliptic-curve Diffie-Hellman between two parties.
#![allow(clippy::print_stdout, clippy::panic_in_result_fn, reason = "it shows and checks")]

use pkcs11::prelude::*;
use std::env::var;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let module = pkcs11::load(var("PKCS11_MODULE")?)?;
    let token = module.token(label(var("PKCS11_TOKEN")?))?;
    let session = token.open().user_pin(var("PKCS11_PIN")?).start()?;

    let (alice_public, alice) = session.generate_key_pair(Curve::P256).create()?;
    let (bob_public, bob) = session.generate_key_pair(Curve::P256).create()?;

    // Each sends the other the point of the public key, and derives a key from what comes.
    // These keys may leave the token, so that the two can be compared.
    let (from_alice, from_bob) = (alice_public.ec_point()?, bob_public.ec_point()?);
    let derive = |mine: &PrivateKey, theirs: &[u8]| {
        let key = mine.derive_key(Ecdh1::new(theirs), KeyType::AES).bits(256);
        key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()
    };
    let alice_key = derive(&alice, &from_bob)?;
    let bob_key = derive(&bob, &from_alice)?;

    assert_eq!(alice_key.get(attr::VALUE)?, bob_key.get(attr::VALUE)?);
    println!("both parties have the same key of {} bytes", alice_key.get(attr::VALUE)?.len());
    Ok(())
}
