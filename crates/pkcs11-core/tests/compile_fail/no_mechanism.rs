//! What is no mechanism is named, and so is what may stand there.

use pkcs11_core::{KeyType, Result, SecretKey};

pub fn by_name(key: &SecretKey) -> Result<Vec<u8>> {
    key.sign("SHA256_HMAC", b"data")
}

pub fn by_key_type(key: &SecretKey) -> Result<Vec<u8>> {
    key.encrypt(KeyType::AES, b"data")
}

fn main() {}
