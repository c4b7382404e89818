//! What keys do.

use super::{PrivateKey, PublicKey, SecretKey, TokenObject};
use crate::attribute::attr;
use crate::defaults::PointForm;
use crate::mechanism::{IntoMechanism, Usage};
use crate::operation::KeyUse;
use crate::{Curve, Error, ErrorKind, Function, KeyType, Result, Unavailable};

impl SecretKey {
    pub(crate) fn usage(&self) -> KeyUse<'_> {
        KeyUse { object: self.object(), secret: true, context_pin: None }
    }
}

impl PublicKey {
    pub(crate) fn usage(&self) -> KeyUse<'_> {
        KeyUse { object: self.object(), secret: false, context_pin: None }
    }
}

impl PrivateKey {
    pub(crate) fn usage(&self) -> KeyUse<'_> {
        KeyUse { object: self.object(), secret: false, context_pin: self.context_pin.as_deref() }
    }
}

macro_rules! encrypt {
    ($($key:ident),*) => {$(
        impl $key {
            /// Encrypts. Wraps `C_EncryptInit` and `C_Encrypt` (PKCS#11 §5.8).
            ///
            /// # Errors
            ///
            /// What the two functions answer; [`ErrorKind::OperationActive`] if another
            /// operation of the session does not end in time.
            pub fn encrypt<'m>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                plaintext: &[u8],
            ) -> Result<Vec<u8>> {
                self.usage().owned(Usage::Encrypt, mechanism, plaintext)
            }

            /// Encrypts into `ciphertext`; how many bytes it has. Nothing is allocated.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::BufferTooSmall`], else as [`encrypt`](Self::encrypt).
            pub fn encrypt_into<'m>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                plaintext: &[u8],
                ciphertext: &mut [u8],
            ) -> Result<usize> {
                self.usage().fill(Usage::Encrypt, mechanism, plaintext, ciphertext)
            }
        }
    )*};
}

macro_rules! decrypt {
    ($($key:ident),*) => {$(
        impl $key {
            /// Decrypts, and checks what the mechanism authenticates before any plaintext is
            /// seen. Wraps `C_DecryptInit` and `C_Decrypt` (PKCS#11 §5.10).
            ///
            /// # Errors
            ///
            /// What the two functions answer. There is no single code for a wrong key, a wrong
            /// tag or wrong padding, and `CKM_RSA_PKCS` may give random data instead.
            pub fn decrypt<'m>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                ciphertext: &[u8],
            ) -> Result<Vec<u8>> {
                self.usage().owned(Usage::Decrypt, mechanism, ciphertext)
            }

            /// Decrypts into `plaintext`; how many bytes it has. Nothing is allocated.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::BufferTooSmall`], else as [`decrypt`](Self::decrypt).
            pub fn decrypt_into<'m>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                ciphertext: &[u8],
                plaintext: &mut [u8],
            ) -> Result<usize> {
                self.usage().fill(Usage::Decrypt, mechanism, ciphertext, plaintext)
            }
        }
    )*};
}

macro_rules! sign {
    ($($key:ident),*) => {$(
        impl $key {
            /// Signs a message, or makes a MAC. ECDSA and DSA signatures are r and s side by
            /// side, each as long as the order, as PKCS#11 has them; the codec makes DER of
            /// them. Wraps `C_SignInit` and `C_Sign` (PKCS#11 §5.13).
            ///
            /// # Errors
            ///
            /// What the two functions answer; [`ErrorKind::OperationActive`] if another
            /// operation of the session does not end in time.
            pub fn sign<'m>(&self, mechanism: impl IntoMechanism<'m>, data: &[u8]) -> Result<Vec<u8>> {
                self.usage().owned(Usage::Sign, mechanism, data)
            }

            /// Signs into `signature`; how many bytes it has. Nothing is allocated, except where
            /// the default hashes here for a token that cannot.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::BufferTooSmall`], else as [`sign`](Self::sign).
            pub fn sign_into<'m>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                data: &[u8],
                signature: &mut [u8],
            ) -> Result<usize> {
                self.usage().fill(Usage::Sign, mechanism, data, signature)
            }
        }
    )*};
}

macro_rules! verify {
    ($($key:ident),*) => {$(
        impl $key {
            /// Verifies a signature or a MAC. Wraps `C_VerifyInit` and `C_Verify`
            /// (PKCS#11 §5.15).
            ///
            /// # Errors
            ///
            /// [`ErrorKind::SignatureInvalid`] if it does not verify; any other error says that
            /// it was not checked.
            pub fn verify<'m>(
                &self,
                mechanism: impl IntoMechanism<'m>,
                data: &[u8],
                signature: &[u8],
            ) -> Result<()> {
                self.usage().verify(mechanism, data, signature)
            }
        }
    )*};
}

macro_rules! facts {
    ($($key:ident),*) => {$(
        impl $key {
            /// The type of the key (`CKA_KEY_TYPE`), read from the token at the first call and
            /// kept; of a key that this crate made it is known.
            ///
            /// # Errors
            ///
            /// As [`get`](TokenObject::get).
            pub fn key_type(&self) -> Result<KeyType> {
                self.object().key_type()
            }
        }
    )*};
}

macro_rules! curves {
    ($($key:ident),*) => {$(
        impl $key {
            /// The named curve that the key is on, read from the token at the first call and
            /// kept; `None` if it is on none, or on one that [`Curve`] does not name.
            #[must_use]
            pub fn curve(&self) -> Option<Curve> {
                self.object().curve()
            }
        }
    )*};
}

facts!(SecretKey, PublicKey, PrivateKey);
curves!(PublicKey, PrivateKey);
encrypt!(SecretKey, PublicKey);
decrypt!(SecretKey, PrivateKey);
sign!(SecretKey, PrivateKey);
verify!(SecretKey, PublicKey);

impl PublicKey {
    /// The point of an elliptic-curve key without what a token puts around it: 04, x, y
    /// (SEC 1 §2.3.3), or the bytes of RFC 8032 and RFC 7748. Wraps `C_GetAttributeValue`
    /// (PKCS#11 §5.7.5).
    ///
    /// This is what the other party gives to [`Ecdh1`](crate::mechanism::Ecdh1).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AttributeValue`] if it is in another form than the standard's and the
    /// token's known quirks; else as [`get`](TokenObject::get).
    pub fn ec_point(&self) -> Result<Vec<u8>> {
        let key_type = self.object().key_type()?;
        let point = self.get(attr::EC_POINT)?;
        let edwards = [KeyType::EC_EDWARDS, KeyType::EC_MONTGOMERY].contains(&key_type);
        let form = if edwards {
            self.object().session().token().quirks().edwards_point
        } else if self.is_bare_point(&point)? {
            PointForm::Raw
        } else {
            PointForm::OctetString
        };
        let bare = form.decode(&point).map(<[u8]>::to_vec);
        bare.ok_or_else(|| {
            let kind = ErrorKind::AttributeValue {
                expected: "point in a DER OCTET STRING",
                length: point.len(),
            };
            Error::from(kind)
                .in_function(Function::GetAttributeValue)
                .on_attribute(attr::EC_POINT.attribute())
        })
    }

    /// Whether a point of a Weierstrass curve comes bare, against the standard. Its length says
    /// so, where the curve is known; its first byte does not.
    fn is_bare_point(&self, point: &[u8]) -> Result<bool> {
        if PointForm::OctetString.decode(point).is_none() {
            return Ok(point.first() == Some(&4));
        }
        let parameters = self.try_get(attr::EC_PARAMS)?;
        let curve = parameters.ok().and_then(|der| Curve::from_ec_params(&der));
        Ok(curve.is_some_and(|curve| point.len() == 1 + 2 * curve.field_bytes()))
    }

    /// The public value of a Diffie-Hellman or DSA key, big-endian. Wraps
    /// `C_GetAttributeValue` (PKCS#11 §5.7.5).
    ///
    /// # Errors
    ///
    /// As [`get`](TokenObject::get).
    pub fn public_value(&self) -> Result<Vec<u8>> {
        let value = self.get(attr::VALUE)?;
        if value.is_empty() {
            let kind = ErrorKind::AttributeUnavailable(Unavailable::Unknown);
            let error = Error::from(kind).in_function(Function::GetAttributeValue);
            return Err(error.on_attribute(attr::VALUE.attribute()));
        }
        Ok(value)
    }
}
