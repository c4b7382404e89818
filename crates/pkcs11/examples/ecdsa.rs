//! ECDSA on a named curve.
#![allow(clippy::print_stdout, reason = "it shows what it does")]

use pkcs11::prelude::*;
use std::env::var;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let module = pkcs11::load(var("PKCS11_MODULE")?)?;
    let token = module.token(label(var("PKCS11_TOKEN")?))?;
    let session = token.open().user_pin(var("PKCS11_PIN")?).start()?;

    let (public, private) = session.generate_key_pair(Curve::P256).label("signing").create()?;

    // Where the token does not hash, the message is hashed here: the signature is the same.
    let signature = private.sign(DEFAULT, b"message")?;
    public.verify(DEFAULT, b"message", &signature)?;
    println!("ECDSA with SHA-512 on P-256: {} bytes", signature.len());

    // SHA-256, as TLS and others want it, by name.
    let signature = private.sign(Ecdsa::new(Hash::Sha256), b"message")?;
    public.verify(Ecdsa::new(Hash::Sha256), b"message", &signature)?;
    println!("ECDSA with SHA-256 on P-256: {} bytes", signature.len());

    match public.verify(DEFAULT, b"other message", &signature) {
        Err(error) if matches!(error.kind(), ErrorKind::SignatureInvalid) => println!("{error}"),
        other => return Err(format!("another message: {other:?}").into()),
    }
    Ok(())
}
