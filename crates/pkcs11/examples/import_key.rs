//! Puts a key of a PEM file on the token, and takes its public half out again:
//!
//! ```text
//! import_key [FILE]
//! ```
//!
//! Without a file it takes a key that is in this program, and lets it go with the session.
#![allow(clippy::print_stdout, clippy::panic_in_result_fn, reason = "it shows and checks")]

use pkcs11::prelude::*;
use std::env::var;
use zeroize::Zeroizing;

/// `openssl ecparam -name prime256v1 -genkey -noout`: known to all who read this.
const KEY: &str = include_str!("import_key.pem");

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let module = pkcs11::load(var("PKCS11_MODULE")?)?;
    let token = module.token(label(var("PKCS11_TOKEN")?))?;
    let session = token.open().user_pin(var("PKCS11_PIN")?).start()?;

    let file = std::env::args().nth(1);
    let key = match &file {
        // The text is a secret, too: it is wiped.
        Some(file) => PrivateKeyDer::from_pem(&*Zeroizing::new(std::fs::read(file)?))?,
        None => PrivateKeyDer::from_pem(KEY)?,
    };
    println!("{key:?}");
    let pair = session.import_pair(key).label("imported").id(b"imported");
    let (public, private) = pair.store(file.is_some()).create()?;

    let (sensitive, extractable) = private.get((attr::SENSITIVE, attr::EXTRACTABLE))?;
    println!("on the token: sensitive {sensitive}, extractable {extractable}");
    if let Err(error) = private.to_pkcs8_der() {
        println!("out of the token: {error}");
    }
    let signature = private.sign(DEFAULT, b"message")?;
    public.verify(DEFAULT, b"message", &signature)?;
    println!("{}", public.to_public_key_pem()?);
    Ok(())
}
