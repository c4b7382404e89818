//! A search borrows what it looks for.

use pkcs11_core::{Find, SecretKey, Session};

pub fn search(session: &Session) -> Find<'_, SecretKey> {
    let label = String::from("key");
    session.find::<SecretKey>().label(&label)
}

fn main() {}
