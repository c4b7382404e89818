//! Diffie-Hellman with parameters that the token has made.
#![allow(clippy::print_stdout, clippy::panic_in_result_fn, reason = "it shows and checks")]

use pkcs11::prelude::*;
use std::env::var;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let module = pkcs11::load(var("PKCS11_MODULE")?)?;
    let token = module.token(label(var("PKCS11_TOKEN")?))?;
    let session = token.open().user_pin(var("PKCS11_PIN")?).start()?;

    if token.mechanism_info(MechanismType::DH_PKCS_PARAMETER_GEN)?.is_none() {
        println!("not offered by this token: {}", MechanismType::DH_PKCS_PARAMETER_GEN);
        std::process::exit(3);
    }
    // 512 bits make a quick example and no security: use DhGroup::MODP_2048 or larger.
    let parameters = session.generate_parameters(KeyType::DH).bits(512).create()?;
    let group = parameters.dh_parameters()?;
    println!("a prime of {} bits", group.prime.bits());

    let (alice_public, alice) = session.generate_key_pair(group.clone()).create()?;
    let (bob_public, bob) = session.generate_key_pair(group).create()?;
    let (from_alice, from_bob) = (alice_public.public_value()?, bob_public.public_value()?);
    let alice_key = alice.derive_key(DEFAULT.peer(&from_bob), KeyType::AES).bits(128).create()?;
    let bob_key = bob.derive_key(DEFAULT.peer(&from_alice), KeyType::AES).bits(128).create()?;

    let iv = session.random::<16>()?;
    let ciphertext = alice_key.encrypt(DEFAULT.iv(&iv), b"hello Bob")?;
    assert_eq!(bob_key.decrypt(DEFAULT.iv(&iv), &ciphertext)?, b"hello Bob");
    println!("both parties have the same key");
    Ok(())
}
