//! Data objects: create, find, change, destroy.
#![allow(clippy::print_stdout, clippy::panic_in_result_fn, reason = "it shows and checks")]

use pkcs11::prelude::*;
use std::env::var;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let module = pkcs11::load(var("PKCS11_MODULE")?)?;
    let token = module.token(label(var("PKCS11_TOKEN")?))?;
    let session = token.open().user_pin(var("PKCS11_PIN")?).start()?;

    // With attr::TOKEN true it would outlive the session.
    let greeting = Template::new()
        .with(attr::APPLICATION, "an example")
        .with(attr::LABEL, "greeting")
        .with(attr::VALUE, b"hello");
    session.create::<Data>(&greeting)?;

    let found = session.find::<Data>().label("greeting").one()?;
    let (application, value) = found.get((attr::APPLICATION, attr::VALUE))?;
    println!("{application}: {}", String::from_utf8_lossy(&value));

    // Every token lets a label change; some, SoftHSM among them, let no value change.
    found.set(&Template::new().with(attr::LABEL, "farewell"))?;
    match found.set(&Template::new().with(attr::VALUE, b"goodbye")) {
        Ok(()) => println!("changed: {}", String::from_utf8_lossy(&found.get(attr::VALUE)?)),
        Err(error) => println!("relabelled; the value stays: {error}"),
    }

    session.find::<Data>().label("farewell").one()?.destroy()?;
    assert!(session.find::<Data>().label("farewell").first()?.is_none());
    Ok(())
}
