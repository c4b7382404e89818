//! A call that may be pending is given a mechanism that borrows nothing.

use pkcs11_core::mechanism::AesCbcPad;
use pkcs11_core::{AsyncSession, Pending, Result, SecretKey};

fn encrypt(key: &SecretKey, session: &AsyncSession) -> Result<Pending<Vec<u8>>> {
    let iv = [0; 16];
    key.encrypt_async(session, AesCbcPad::new(&iv), b"abc".to_vec())
}

fn main() {}
