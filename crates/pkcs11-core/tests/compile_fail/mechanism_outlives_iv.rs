//! A mechanism borrows its initialisation vector.

use pkcs11_core::mechanism::AesCbcPad;
use pkcs11_core::{Result, SecretKey};

pub fn encrypt(key: &SecretKey) -> Result<Vec<u8>> {
    let mechanism = {
        let iv = [0; 16];
        AesCbcPad::new(&iv)
    };
    key.encrypt(mechanism, b"data")
}

fn main() {}
