//! Loading, initialising, finalizing.

use pkcs11_core::LoadOptions;
use pkcs11_mock::Mock;

use crate::support::{load, open};

#[test]
fn loading_twice_gives_one_module() {
    let mock = Mock::start();
    let first = load(&mock);
    let second = load(&mock);
    assert_eq!(first, second);
    assert_eq!(mock.calls("C_Initialize"), 1);
}
