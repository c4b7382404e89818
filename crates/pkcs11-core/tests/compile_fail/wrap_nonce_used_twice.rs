//! A mechanism through which the token writes is used once: two uses would be two `&mut`.

use pkcs11_core::mechanism::{AesGcmWrap, IntoMechanism};

fn wrap<'a>(_: impl IntoMechanism<'a>) {}

fn main() {
    let mut nonce = [0; 12];
    let mechanism = AesGcmWrap::new(&mut nonce);
    wrap(mechanism);
    wrap(mechanism);
}
