//! A nonce that the token makes is not read while the mechanism may still be used.

use pkcs11_core::mechanism::{AesGcmWrap, IntoMechanism};

fn wrap<'a>(_: impl IntoMechanism<'a>) {}

fn main() {
    let mut nonce = [0; 12];
    let mechanism = AesGcmWrap::new(&mut nonce);
    assert_ne!(nonce, [0; 12]);
    wrap(mechanism);
}
