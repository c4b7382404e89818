//! The initialisation vector of a typed mechanism has the right length.

use pkcs11_core::mechanism::AesCbcPad;

fn main() {
    let _ = AesCbcPad::new(&[0; 8]);
}
