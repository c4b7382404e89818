//! The default borrows the initialisation vector that it is given.

use pkcs11_core::{DEFAULT, Result, SecretKey};

pub fn encrypt(key: &SecretKey) -> Result<Vec<u8>> {
    let mechanism = {
        let iv = vec![0; 16];
        DEFAULT.iv(&iv)
    };
    key.encrypt(mechanism, b"data")
}

fn main() {}
