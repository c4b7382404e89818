//! Public keys of every algorithm, made by OpenSSL and by others, and near misses.

use pkcs11_codec::{dsa::DsaParameters, spki::PublicKey};

use crate::fixtures;

#[test]
fn dsa_keys() {
    let key = PublicKey::from_spki_der(fixtures::DSA_SPKI).unwrap();
    let PublicKey::Dsa { parameters: Some(parameters), value } = key else {
        panic!("{key:?}");
    };
    assert_eq!(Ok(parameters), DsaParameters::from_der(fixtures::DSA_PARAMETERS));
    assert_eq!(value.len(), 128);
    assert_eq!(key.to_spki_der().unwrap(), fixtures::DSA_SPKI);
}
