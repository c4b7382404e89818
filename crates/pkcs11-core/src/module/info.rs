//! What a module says of itself.

use pkcs11_sys::CK_INFO;

use crate::Version;
use crate::version::text;

/// A module's description (`CK_INFO`, PKCS#11 §3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModuleInfo {
    /// The version of the standard that the module follows.
    pub cryptoki_version: Version,
    /// Who made it.
    pub manufacturer: String,
    /// What it is.
    pub description: String,
    /// Its own version.
    pub library_version: Version,
}

impl From<&CK_INFO> for ModuleInfo {
    fn from(info: &CK_INFO) -> Self {
        Self {
            cryptoki_version: info.cryptokiVersion.into(),
            manufacturer: text(&info.manufacturerID),
            description: text(&info.libraryDescription),
            library_version: info.libraryVersion.into(),
        }
    }
}
