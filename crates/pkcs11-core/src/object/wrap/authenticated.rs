//! Wrapping that authenticates what goes with the key (PKCS#11 3.2).

use super::{UnwrapKey, wrap};
use crate::mechanism::IntoMechanism;
use crate::object::{SecretKey, TokenObject};
use crate::{KeyType, Result};

impl SecretKey {
    /// The key, encrypted with this one, together with data that is authenticated and not
    /// encrypted. Wraps `C_WrapKeyAuthenticated` (PKCS#11 §5.18.6).
    ///
    /// The mechanism is one for a message, as
    /// [`AesGcmMessage`](crate::mechanism::AesGcmMessage): the token writes into it the nonce that
    /// it made and the tag, which is not part of the wrapped key.
    ///
    /// ```no_run
    /// # use pkcs11_core::mechanism::AesGcmMessage;
    /// # use pkcs11_core::{KeyType, Result, SecretKey};
    /// # fn f(wrapping: &SecretKey, key: &SecretKey) -> Result<()> {
    /// let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    /// let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    /// let wrapped = wrapping.wrap_key_authenticated(gcm, key, b"v1")?;
    ///
    /// let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    /// let again = wrapping.unwrap_key_authenticated(gcm, &wrapped, b"v1", KeyType::AES).create()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FunctionNotSupported`](crate::ErrorKind::FunctionNotSupported) on modules
    /// before 3.2; else as [`wrap_key`](Self::wrap_key).
    pub fn wrap_key_authenticated<'m>(
        &self,
        mechanism: impl IntoMechanism<'m>,
        key: &impl TokenObject,
        aad: &[u8],
    ) -> Result<Vec<u8>> {
        wrap(self.object(), mechanism, key.object(), Some(aad))
    }

    /// A key of this type, to be unwrapped with this one if neither it nor the data was changed.
    /// Wraps `C_UnwrapKeyAuthenticated` (PKCS#11 §5.18.7).
    ///
    /// The mechanism has the nonce and the tag of
    /// [`wrap_key_authenticated`](Self::wrap_key_authenticated).
    pub fn unwrap_key_authenticated<'a>(
        &'a self,
        mechanism: impl IntoMechanism<'a>,
        wrapped: &'a [u8],
        aad: &'a [u8],
        key_type: KeyType,
    ) -> UnwrapKey<'a> {
        UnwrapKey::new(self.object(), mechanism, (wrapped, Some(aad)), key_type)
    }
}
