//! The seed of DSA is not read while the mechanism that writes it may still be used.

use pkcs11_core::Hash;
use pkcs11_core::mechanism::{DsaPrimeMethod, DsaPrimes, DsaSeed, IntoMechanism};

fn generate<'a>(_: impl IntoMechanism<'a>) {}

fn main() {
    let mut seed = DsaSeed::with_length(32);
    let mechanism = DsaPrimes::new(DsaPrimeMethod::Probable, Hash::Sha256, &mut seed);
    assert!(seed.bytes().is_empty());
    generate(mechanism);
}
