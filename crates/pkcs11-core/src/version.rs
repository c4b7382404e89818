//! Version numbers, and the padded text that stands beside them.

use std::fmt;

use pkcs11_sys::CK_VERSION;

/// A version, of the standard or of a product (`CK_VERSION`, PKCS#11 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(C)]
pub struct Version {
    /// What stands before the point.
    pub major: u8,
    /// Hundredths: 2.40 is 40.
    pub minor: u8,
}

impl From<CK_VERSION> for Version {
    fn from(version: CK_VERSION) -> Self {
        Self { major: version.major, minor: version.minor }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// Text in a field of fixed length: padded with blanks, by some modules with NUL. What is no
/// UTF-8 is replaced.
pub(crate) fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).trim_end_matches([' ', '\0']).to_owned()
}
