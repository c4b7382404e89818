//! Saving streams, and going on from what was saved.

use super::{Cipher, Digester, Signer, Verifier};
use crate::mechanism::Usage;
use crate::object::TokenObject;
use crate::operation::{OperationState, Parts, Progress};
use crate::session::Session;
use crate::{PrivateKey, PublicKey, Result, SecretKey};

macro_rules! save {
    ($($name:ident, |$stream:ident| $progress:expr, $parts:expr;)*) => {$(
        impl $name {
            /// Saves the operation as it stands, and goes on. Wraps `C_GetOperationState`
            /// (PKCS#11 §5.6.6).
            ///
            /// # Errors
            ///
            /// `CKR_STATE_UNSAVEABLE` if the token does not save such an operation, or what else
            /// the function answers; the operation goes on all the same.
            pub fn save_state(&mut self) -> Result<OperationState> {
                let $stream = self;
                let progress = $progress;
                $parts.save(&progress)
            }
        }
    )*};
}

save! {
    Digester, |stream| Progress::default(), stream.0;
    Signer, |stream| Progress::default(), stream.0;
    Verifier, |stream| Progress::default(), stream.0;
    Cipher, |stream| stream.progress(), stream.parts();
}

impl Session {
    /// Goes on with a digest that was saved. Wraps `C_SetOperationState` (PKCS#11 §5.6.7).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for the state of another kind of
    /// operation; what the function answers, `CKR_SAVED_STATE_INVALID` say;
    /// [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive) if another operation of
    /// the session does not end in time, or is this thread's.
    pub fn restore_digester(&self, state: &OperationState) -> Result<Digester> {
        Parts::restore(self, Usage::Digest, state, None).map(Digester)
    }
}

macro_rules! restore {
    ($($key:ident),*; $usage:ident, $method:ident -> $stream:ident, $what:literal, |$parts:ident, $state:ident| $made:expr) => {$(
        impl $key {
            #[doc = concat!("Goes on with ", $what, " that was saved and has this key. Wraps")]
            /// `C_SetOperationState` (PKCS#11 §5.6.7).
            ///
            /// The token is given the key, and asked without it where it wants none.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for the state of another
            /// kind of operation; what the function answers, `CKR_KEY_CHANGED` for another key or
            /// `CKR_SAVED_STATE_INVALID` say;
            /// [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive) if another
            /// operation of the session does not end in time, or is this thread's.
            pub fn $method(&self, $state: &OperationState) -> Result<$stream> {
                let session = self.object().session();
                let $parts = Parts::restore(session, Usage::$usage, $state, Some(self.usage()))?;
                Ok($made)
            }
        }
    )*};
}

restore! {
    SecretKey, PrivateKey; Sign, restore_signer -> Signer, "a signature or MAC",
    |parts, state| Signer(parts)
}
restore! {
    SecretKey, PublicKey; Verify, restore_verifier -> Verifier, "a verification",
    |parts, state| Verifier(parts)
}
restore! {
    SecretKey, PublicKey; Encrypt, restore_encryptor -> Cipher, "an encryption",
    |parts, state| Cipher::resume(parts, state.progress())
}
restore! {
    SecretKey, PrivateKey; Decrypt, restore_decryptor -> Cipher, "a decryption",
    |parts, state| Cipher::resume(parts, state.progress())
}
