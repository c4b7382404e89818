//! Reads keys and certificates, in PEM or DER, and prints the templates with which any PKCS#11
//! binding makes their objects by C_CreateObject: attribute numbers and value bytes.

use std::{env, error::Error, fs};

use pkcs11_codec::{
    PrivateKeyDer, PublicKeyDer,
    attribute::{Attributes, Forms},
    pem::{self, Label},
    x509::Certificate,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    for path in env::args().skip(1) {
        println!("{}", path.rsplit(['/', '\\']).next().unwrap_or_default());
        let bytes = fs::read(&path)?;
        if bytes.starts_with(b"-----BEGIN") {
            for block in pem::blocks(&bytes) {
                let block = block?;
                object(block.label(), &block.decode()?)?;
            }
        } else {
            object(label_of(&bytes)?, &bytes)?;
        }
    }
    Ok(())
}

/// DER does not say what it is: only one of these can be read.
fn label_of(der: &[u8]) -> Result<Label<'static>> {
    if Certificate::from_der(der).is_ok() {
        Ok(Label::Certificate)
    } else if PublicKeyDer::from_der(der).is_ok() {
        Ok(Label::PublicKey)
    } else if PrivateKeyDer::from_der(der).is_ok() {
        Ok(Label::PrivateKey)
    } else {
        Err("neither a certificate nor a key".into())
    }
}

/// The template for the object that some DER is.
fn object(label: Label<'_>, der: &[u8]) -> Result<()> {
    match label {
        Label::Certificate => print(Certificate::from_der(der)?.attributes(), start),
        Label::PublicKey => {
            print(PublicKeyDer::from_der(der)?.key()?.attributes(Forms::default())?, start);
        }
        _ => {
            // Not for the screen.
            let key = PrivateKeyDer::from_der(der)?;
            print(key.key()?.attributes(Forms::default())?, |_| String::new());
        }
    }
    Ok(())
}

/// A binding would hand the number, the pointer and the length on.
fn print(template: Attributes<'_>, show: impl Fn(&[u8]) -> String) {
    for attribute in template {
        let (kind, value) = (attribute.attribute(), attribute.value());
        let (number, name, shown) = (kind.number(), kind.name(), show(value));
        let line = format!("  {number:#06x} {name:21} {:5} bytes {shown}", value.len());
        println!("{}", line.trim_end());
    }
}

/// The first bytes of a value.
fn start(value: &[u8]) -> String {
    let shown: String = value.iter().take(12).map(|octet| format!("{octet:02x}")).collect();
    shown + if value.len() > 12 { "…" } else { "" }
}
