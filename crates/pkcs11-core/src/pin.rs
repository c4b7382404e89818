//! PINs.

use std::fmt;

use secrecy::{ExposeSecret, SecretSlice};
use zeroize::Zeroizing;

/// A PIN, or the word that the token asks for it itself.
///
/// Made from anything that is text or bytes; kept in memory that is wiped when dropped, and
/// never printed.
///
/// ```
/// use pkcs11_core::Pin;
///
/// let pin = Pin::from("1234");
/// assert_eq!(format!("{pin:?}"), "Pin(***)");
/// ```
pub struct Pin(Option<SecretSlice<u8>>);

impl Pin {
    /// The token's own way of asking: a PIN pad, a fingerprint reader
    /// (`CKF_PROTECTED_AUTHENTICATION_PATH`). The module gets a NULL PIN.
    pub const PROTECTED_PATH: Self = Self(None);

    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        self.0.as_ref().map(ExposeSecret::expose_secret)
    }
}

impl From<&str> for Pin {
    fn from(pin: &str) -> Self {
        Self::from(pin.as_bytes())
    }
}

impl From<&[u8]> for Pin {
    fn from(pin: &[u8]) -> Self {
        Self::from(pin.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Pin {
    fn from(pin: &[u8; N]) -> Self {
        Self::from(&pin[..])
    }
}

impl From<Vec<u8>> for Pin {
    fn from(pin: Vec<u8>) -> Self {
        // A copy of the right size: shrinking would leave one behind that nobody wipes.
        let pin = Zeroizing::new(pin);
        Self(Some(SecretSlice::from(pin.to_vec())))
    }
}

impl From<String> for Pin {
    fn from(pin: String) -> Self {
        Self::from(pin.into_bytes())
    }
}

impl From<&String> for Pin {
    fn from(pin: &String) -> Self {
        Self::from(pin.as_str())
    }
}

impl From<SecretSlice<u8>> for Pin {
    fn from(pin: SecretSlice<u8>) -> Self {
        Self(Some(pin))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Pin(***)" } else { "Pin::PROTECTED_PATH" })
    }
}
