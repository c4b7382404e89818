//! A vendor's parameter is of a type that promises to be one.

use pkcs11_core::{Mechanism, MechanismType};

fn main() {
    let parameter = vec![String::from("not a struct of C")];
    Mechanism::with_bytes(MechanismType::new(0x8000_0001), &parameter);
}
