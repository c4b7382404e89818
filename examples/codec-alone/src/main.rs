//! Reads keys in DER and prints the templates with which any PKCS#11 binding creates their
//! objects: attribute numbers and value bytes.

use std::{env, error::Error, fs};

use pkcs11_codec::{ec, pkcs1::RsaPrivateKey, spki::PublicKey};

/// An attribute: its number, its name, its value.
type Attribute = (u32, &'static str, Vec<u8>);

fn main() -> Result<(), Box<dyn Error>> {
    for path in env::args().skip(1) {
        let der = fs::read(&path)?;
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        println!("{name}");
        for (number, attribute, value) in template(&der)? {
            println!("  {number:#06x} {attribute:20} {}", shorten(&value));
        }
    }
    Ok(())
}

/// The template for the object that these bytes are.
fn template(der: &[u8]) -> Result<Vec<Attribute>, Box<dyn Error>> {
    if let Ok(key) = PublicKey::from_spki_der(der) {
        return public_key(&key);
    }
    let key = RsaPrivateKey::from_der(der)?;
    Ok(vec![
        (0x0120, "CKA_MODULUS", key.modulus.to_vec()),
        (0x0122, "CKA_PUBLIC_EXPONENT", key.public_exponent.to_vec()),
    ])
}

fn public_key(key: &PublicKey<'_>) -> Result<Vec<Attribute>, Box<dyn Error>> {
    let mut template = vec![(0x0129, "CKA_PUBLIC_KEY_INFO", key.to_spki_der()?)];
    match key {
        PublicKey::Rsa(key) => {
            template.push((0x0120, "CKA_MODULUS", key.modulus.to_vec()));
            template.push((0x0122, "CKA_PUBLIC_EXPONENT", key.public_exponent.to_vec()));
        }
        PublicKey::Ec { parameters, point } => {
            template.push((0x0180, "CKA_EC_PARAMS", parameters.to_der()?));
            template.push((0x0181, "CKA_EC_POINT", ec::wrap_point(point)?));
        }
        PublicKey::Edwards { curve, key } => {
            template.push((0x0180, "CKA_EC_PARAMS", curve.oid().to_der()?));
            template.push((0x0181, "CKA_EC_POINT", ec::wrap_point(key)?));
        }
        other => return Err(format!("not shown here: {other:?}").into()),
    }
    Ok(template)
}

/// The first bytes in hexadecimal, and how many there are.
fn shorten(value: &[u8]) -> String {
    let shown = value.iter().take(16).map(|octet| format!("{octet:02x}"));
    let more = if value.len() > 16 { "…" } else { "" };
    format!("{}{more} ({} bytes)", shown.collect::<String>(), value.len())
}
