//! Objects, searches, sessions.

use pkcs11::prelude::*;
use sha2::{Digest, Sha256};

use super::bench::{Bench, Work, refused, same};
use crate::PIN;

/// Keys are used, and other searches made, inside the loop over what a search found.
pub(super) fn search(bench: &mut Bench) -> Work {
    let (session, label) = (&bench.session, bench.label());
    let keys = bench.random.usize(1..4);
    for _ in 0..keys {
        session.generate_key(KeyType::AES).bits(128).label(&label).create()?;
    }
    let mut found = 0;
    for key in session.find::<SecretKey>().label(&label).all()? {
        let ciphertext = key.encrypt(DEFAULT.iv(&[7; 16]), label.as_bytes())?;
        let inside = session.find::<SecretKey>().label(&label).all()?;
        if inside.len() != keys - found || !inside.contains(&key) {
            return Err(format!("{} keys inside the loop", inside.len()).into());
        }
        let decrypted = key.decrypt(DEFAULT.iv(&[7; 16]), &ciphertext)?;
        same("decrypted in the loop", &decrypted, label.as_bytes())?;
        key.destroy()?;
        found += 1;
    }
    if found != keys {
        return Err(format!("{found} keys found of {keys}").into());
    }
    Ok(())
}

pub(super) fn data(bench: &mut Bench) -> Work {
    let label = bench.label();
    let (value, renamed) = (bench.bytes(3000), format!("{label} renamed"));
    let session = &bench.session;
    let template = Template::new().with(attr::LABEL, &*label).with(attr::VALUE, &*value);
    let object: Data = session.create(&template)?;
    let found = session.find::<Data>().label(&label).one()?;
    if found != object {
        return Err("another object was found".into());
    }
    same("value", &found.get(attr::VALUE)?, &value)?;
    found.set(&Template::new().with(attr::LABEL, &*renamed))?;
    same("label", object.get(attr::LABEL)?.as_bytes(), renamed.as_bytes())?;
    if session.find::<Data>().label(&label).first()?.is_some() {
        return Err("found by the label that it had".into());
    }
    object.destroy()?;
    let gone = session.find::<Data>().label(&renamed).one();
    refused("destroyed", gone, |kind| matches!(kind, ErrorKind::NotFound))
}

pub(super) fn keys(bench: &mut Bench) -> Work {
    let (label, plaintext) = (format!("{} copy", bench.label()), bench.data());
    let session = &bench.session;
    let key = session.generate_key(KeyType::AES).bits(256).create()?;
    let copy: SecretKey = session.copy(&key, &Template::new().with(attr::LABEL, &*label))?;
    let ciphertext = key.encrypt(DEFAULT.iv(&[8; 16]), &plaintext)?;
    key.destroy()?;
    same("decrypted", &copy.decrypt(DEFAULT.iv(&[8; 16]), &ciphertext)?, &plaintext)?;
    copy.destroy()?;
    Ok(())
}

pub(super) fn attributes(bench: &mut Bench) -> Work {
    let (class, length, label) = bench.keys.aes.get((attr::CLASS, attr::VALUE_LEN, attr::LABEL))?;
    if class != ObjectClass::SECRET_KEY || length != 32 || !label.starts_with("soak") {
        return Err(format!("{class}, {length} bytes, {label:?}").into());
    }
    if bench.keys.rsa.0.get(attr::MODULUS)?.as_bytes().len() != 256 {
        return Err("a modulus of another length".into());
    }
    Ok(())
}

pub(super) fn sessions(bench: &mut Bench) -> Work {
    let session = bench.session.token().open().user_pin(PIN).start()?;
    same("digest", &session.digest(DEFAULT, b"abc")?, &Sha256::digest(b"abc"))?;
    session.random::<8>()?;
    // Left unfinished, and still it closes.
    if bench.random.bool() {
        session.digester(DEFAULT)?.update(b"abc")?;
    }
    session.close()?;
    Ok(())
}
