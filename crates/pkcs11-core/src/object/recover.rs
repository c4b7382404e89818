//! What keys do beside the usual: signatures with recovery, and verifying a signature given first.

use super::{PrivateKey, PublicKey, SecretKey};
use crate::Result;
use crate::mechanism::{IntoMechanism, Usage};

impl PrivateKey {
    /// Signs so that the data can be recovered from the signature: `CKM_RSA_PKCS`,
    /// `CKM_RSA_X_509` or `CKM_RSA_9796`, with a key that has `CKA_SIGN_RECOVER`. Wraps
    /// `C_SignRecoverInit` and `C_SignRecover` (PKCS#11 §5.13.5, §5.13.6).
    ///
    /// # Errors
    ///
    /// What the two functions answer;
    /// [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive) if another operation of
    /// the session does not end in time.
    pub fn sign_recover<'m>(
        &self,
        mechanism: impl IntoMechanism<'m>,
        data: &[u8],
    ) -> Result<Vec<u8>> {
        self.usage().owned(Usage::SignRecover, mechanism, data)
    }

    /// The same into `signature`; how many bytes it has. Nothing is allocated.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`](crate::ErrorKind::BufferTooSmall), else as
    /// [`sign_recover`](Self::sign_recover).
    pub fn sign_recover_into<'m>(
        &self,
        mechanism: impl IntoMechanism<'m>,
        data: &[u8],
        signature: &mut [u8],
    ) -> Result<usize> {
        self.usage().fill(Usage::SignRecover, mechanism, data, signature)
    }
}

impl PublicKey {
    /// Verifies a signature and gives the data that it was made of. Wraps `C_VerifyRecoverInit`
    /// and `C_VerifyRecover` (PKCS#11 §5.15.5, §5.15.6).
    ///
    /// `CKM_RSA_X_509` has no padding to be checked: any signature gives some data there, as long
    /// as the modulus, and it is the caller's to judge.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SignatureInvalid`](crate::ErrorKind::SignatureInvalid) if it does not verify;
    /// any other error says that it was not checked.
    pub fn verify_recover<'m>(
        &self,
        mechanism: impl IntoMechanism<'m>,
        signature: &[u8],
    ) -> Result<Vec<u8>> {
        self.usage().owned(Usage::VerifyRecover, mechanism, signature)
    }

    /// The same into `data`; how many bytes it has. Nothing is allocated.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`](crate::ErrorKind::BufferTooSmall), else as
    /// [`verify_recover`](Self::verify_recover).
    pub fn verify_recover_into<'m>(
        &self,
        mechanism: impl IntoMechanism<'m>,
        signature: &[u8],
        data: &mut [u8],
    ) -> Result<usize> {
        self.usage().fill(Usage::VerifyRecover, mechanism, signature, data)
    }
}

macro_rules! verify_signature {
    ($($key:ident),*) => {$(
        impl $key {
            /// Verifies as [`verify`](Self::verify) does, but gives the token the signature
            /// before the data. Wraps `C_VerifySignatureInit` and `C_VerifySignature`
            /// (PKCS#11 §5.15.7, §5.15.8), which are of 3.2.
            ///
            /// In one shot that makes no difference to the answer; in parts, some mechanisms can
            /// be verified in no other way: [`signature_verifier`](Self::signature_verifier).
            ///
            /// # Errors
            ///
            /// [`ErrorKind::SignatureInvalid`](crate::ErrorKind::SignatureInvalid) if it does not
            /// verify; any other error says that it was not checked:
            /// [`ErrorKind::FunctionNotSupported`](crate::ErrorKind::FunctionNotSupported) of a
            /// module before 3.2.
            pub fn verify_signature<'m>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                data: &[u8],
                signature: &[u8],
            ) -> Result<()> {
                self.usage().verify_signature(mechanism, data, signature)
            }
        }
    )*};
}

verify_signature!(SecretKey, PublicKey);
