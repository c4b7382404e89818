//! What keys do in an asynchronous session.

use super::{PrivateKey, PublicKey, SecretKey};
use crate::Result;
use crate::asynchronous::{AsyncSession, Pending};
use crate::mechanism::{IntoMechanism, Usage};

macro_rules! later {
    ($usage:ident, $method:ident, $what:literal, $functions:literal, $ordinary:literal: $($key:ident),*) => {$(
        impl $key {
            #[doc = concat!($what, " in an asynchronous session: the token may finish later. Wraps ", $functions, ".")]
            ///
            /// The mechanism borrows nothing: an initialisation vector that is made at run time
            /// comes as bytes of its own, `(MechanismType::AES_CBC_PAD, iv.to_vec())`.
            ///
            /// # Errors
            ///
            #[doc = concat!("As [`", $ordinary, "`](Self::", $ordinary, "), of what was called so far;")]
            /// [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive) while another call
            /// is pending there. A key with a
            /// [context PIN](PrivateKey::with_context_pin) is refused.
            pub fn $method(
                &self,
                asynchronous: &AsyncSession,
                mechanism: impl IntoMechanism<'static>,
                data: Vec<u8>,
            ) -> Result<Pending<Vec<u8>>> {
                self.usage().pending(asynchronous, Usage::$usage, mechanism, data)
            }
        }
    )*};
}

later!(Sign, sign_async, "Signs", "`C_SignInit` and `C_Sign` (PKCS#11 §5.13)", "sign":
    SecretKey, PrivateKey);
later!(Encrypt, encrypt_async, "Encrypts", "`C_EncryptInit` and `C_Encrypt` (PKCS#11 §5.8)",
    "encrypt": SecretKey, PublicKey);
later!(Decrypt, decrypt_async, "Decrypts", "`C_DecryptInit` and `C_Decrypt` (PKCS#11 §5.10)",
    "decrypt": SecretKey, PrivateKey);
