//! A stream is made of bytes.

use pkcs11_core::{MechanismType, Result, SecretKey, Session};

fn numbers(key: &SecretKey) -> Result<()> {
    key.encrypt_stream(MechanismType::AES_ECB, [1_u32, 2, 3])?;
    Ok(())
}

fn no_iterator(session: &Session) -> Result<Vec<u8>> {
    session.digest_stream(MechanismType::SHA256, 7_u32)
}

fn main() {}
