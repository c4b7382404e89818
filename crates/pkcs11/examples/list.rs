//! Lists every slot, every token, and the objects of one token.
#![allow(clippy::print_stdout, reason = "it shows what it does")]

use pkcs11::prelude::*;
use std::env::var;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let module = pkcs11::load(var("PKCS11_MODULE")?)?;
    let token = module.token(label(var("PKCS11_TOKEN")?))?;
    let session = token.open().user_pin(var("PKCS11_PIN")?).start()?;

    session.generate_key(KeyType::AES).bits(256).label("to be listed").create()?;

    for slot in module.slots()? {
        println!("slot {}: {}", slot.id(), slot.info()?.description);
        match slot.token().info() {
            Ok(info) => println!("  token {:?}, {}, {:?}", info.label, info.model, info.flags),
            Err(error) => println!("  {error}"),
        }
        println!("  {} mechanisms", slot.mechanisms().map_or(0, |mechanisms| mechanisms.len()));
    }
    for object in session.find::<Object>().all()? {
        // Each attribute for itself: not every object has a label.
        let (class, label, id) = object.try_get((attr::CLASS, attr::LABEL, attr::ID))?;
        if class.as_ref().is_ok_and(|class| *class == ObjectClass::MECHANISM) {
            continue;
        }
        let class = class.map_or_else(|error| error.to_string(), |class| class.to_string());
        println!("{class} {:?} {:?}", label.unwrap_or_default(), id.unwrap_or_default());
    }
    Ok(())
}
