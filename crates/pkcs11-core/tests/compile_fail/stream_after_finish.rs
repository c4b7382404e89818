//! A stream is gone when it is finished.

use pkcs11_core::{MechanismType, Result, SecretKey, Session};
use std::io::Write;

fn cipher(key: &SecretKey) -> Result<()> {
    let mut cipher = key.encryptor(MechanismType::AES_ECB)?;
    cipher.finish()?;
    cipher.update(b"more")?;
    Ok(())
}

fn writer(key: &SecretKey) -> std::io::Result<()> {
    let mut writer = key.encrypt_writer(MechanismType::AES_ECB, Vec::new()).unwrap();
    writer.finish()?;
    writer.write_all(b"more")
}

fn digest(session: &Session) -> Result<()> {
    let mut digester = session.digester(MechanismType::SHA256)?;
    digester.finish()?;
    digester.update(b"more")
}

fn main() {}
