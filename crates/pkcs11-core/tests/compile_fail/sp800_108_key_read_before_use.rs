//! The handle of a further key is not read while the derivation may still be made.

use pkcs11_core::mechanism::{
    IntoMechanism, NewKey, NumberFormat, PrfData, Sp800108, Sp800108Mode,
};
use pkcs11_core::{MechanismType, Template};

fn derive<'a>(_: impl IntoMechanism<'a>) {}

fn main() {
    let data = [PrfData::Counter(NumberFormat::big_endian(32))];
    let templates = [Template::new()];
    let mut keys = [NewKey::new()];
    let mechanism = Sp800108::new(Sp800108Mode::Counter, MechanismType::AES_CMAC, &data)
        .further_keys(&templates, &mut keys);
    assert!(keys[0].handle().is_none());
    derive(mechanism);
}
