//! A vendor's mechanism borrows the bytes of its parameter.

use pkcs11_core::{Mechanism, MechanismType};

pub fn mechanism() -> Mechanism<'static> {
    let parameter = [1, 2, 3];
    Mechanism::with_bytes(MechanismType::new(0x8000_0001), &parameter)
}

fn main() {}
