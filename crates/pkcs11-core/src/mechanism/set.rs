//! SET (PKCS#11 historical mechanisms).

use super::typed::typed;
use crate::MechanismType;
pub use crate::raw::SetOaepData;

typed! {
    /// Wraps a DES key with an RSA key as SET does (`CKM_KEY_WRAP_SET_OAEP`).
    #[derive(Debug)]
    pub struct SetOaepWrap<'a> {
        /// What goes with the key; when a key is unwrapped, the module writes here what came with
        /// it.
        pub data: &'a mut SetOaepData,
    }
    |_m| MechanismType::KEY_WRAP_SET_OAEP
}
