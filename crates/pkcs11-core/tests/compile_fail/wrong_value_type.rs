//! An attribute wants a value of its type, and the message says which.

use pkcs11_core::{KeyType, ReturnCode, Template, attr};

fn main() {
    let _ = Template::new().with(attr::LABEL, ReturnCode::OK);
    let _ = Template::new().with(attr::TOKEN, ());
    let _ = Template::new().with(attr::CLASS, KeyType::AES);
}
