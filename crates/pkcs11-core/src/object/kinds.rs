//! Objects by class: each a type of its own, with what makes sense for the class.

use super::sealed::Sealed;
use super::{Object, TokenObject};
use crate::{Error, ErrorKind, Function, ObjectClass, Pin, Result, attr};

/// A class of objects that can be looked for and made. Sealed.
pub trait ObjectKind: TokenObject + Sized {
    /// The class; `None` for any.
    const CLASS: Option<ObjectClass>;

    #[doc(hidden)]
    fn of(object: Object) -> Self;
}

impl ObjectKind for Object {
    const CLASS: Option<ObjectClass> = None;

    fn of(object: Object) -> Self {
        object
    }
}

/// From a class to any object, and back after a look at the class.
macro_rules! conversions {
    ($name:ident, $class:ident, |$typed:ident| $object:expr) => {
        impl From<$name> for Object {
            fn from($typed: $name) -> Self {
                $object
            }
        }

        impl TryFrom<Object> for $name {
            type Error = Error;

            /// Reads the class, and fails with [`ErrorKind::InvalidInput`] if it is another.
            fn try_from(object: Object) -> Result<Self> {
                let class = object.get(attr::CLASS)?;
                if class == ObjectClass::$class {
                    return Ok(Self::of(object));
                }
                let kind = ErrorKind::InvalidInput(format!("the object is a {class}"));
                Err(Error::from(kind)
                    .in_function(Function::GetAttributeValue)
                    .on_class(ObjectClass::$class))
            }
        }
    };
}

macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident, $class:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(Object);

        impl Sealed for $name {}

        impl TokenObject for $name {
            fn object(&self) -> &Object {
                &self.0
            }
        }

        impl ObjectKind for $name {
            const CLASS: Option<ObjectClass> = Some(ObjectClass::$class);

            fn of(object: Object) -> Self {
                Self(object)
            }
        }

        conversions!($name, $class, |typed| typed.0);
    )*};
}

kinds! {
    /// A secret key (`CKO_SECRET_KEY`, PKCS#11 §4.11): encrypts, decrypts, signs, verifies, derives,
    /// wraps, unwraps.
    SecretKey, SECRET_KEY;
    /// A public key (`CKO_PUBLIC_KEY`, PKCS#11 §4.9): encrypts, verifies, wraps, encapsulates.
    PublicKey, PUBLIC_KEY;
    /// A certificate (`CKO_CERTIFICATE`, PKCS#11 §4.6).
    Certificate, CERTIFICATE;
    /// Domain parameters (`CKO_DOMAIN_PARAMETERS`, PKCS#11 §4.12): key pairs are made from them.
    DomainParameters, DOMAIN_PARAMETERS;
    /// Data of an application (`CKO_DATA`, PKCS#11 §4.5).
    Data, DATA;
    /// A profile that the token claims to conform to (`CKO_PROFILE`, PKCS#11 §4.14); see
    /// [`Session::profiles`](crate::Session::profiles).
    Profile, PROFILE;
    /// A validation of the module by a third party (`CKO_VALIDATION`, PKCS#11 §4.15).
    Validation, VALIDATION;
    /// For what a certificate is trusted (`CKO_TRUST`, PKCS#11 §4.7).
    CertificateTrust, TRUST;
}

/// A private key (`CKO_PRIVATE_KEY`, PKCS#11 §4.10): decrypts, signs, derives, unwraps,
/// decapsulates.
#[derive(Clone)]
pub struct PrivateKey {
    object: Object,
    /// What [`with_context_pin`](Self::with_context_pin) was given.
    pub(super) context_pin: Option<std::sync::Arc<Pin>>,
}

impl PrivateKey {
    /// The same key with the PIN that it wants for each use (`CKA_ALWAYS_AUTHENTICATE`): it is
    /// given between Init and data. Wraps `C_Login` with `CKU_CONTEXT_SPECIFIC`
    /// (PKCS#11 §5.6.8).
    ///
    /// ```no_run
    /// # fn f(key: &pkcs11_core::PrivateKey) -> pkcs11_core::Result<()> {
    /// use pkcs11_core::{DEFAULT, PrivateKey};
    ///
    /// let signature = key.with_context_pin("1234").sign(DEFAULT, b"message")?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_context_pin(&self, pin: impl Into<Pin>) -> Self {
        Self { object: self.object.clone(), context_pin: Some(std::sync::Arc::new(pin.into())) }
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("PrivateKey").field(&self.object).finish()
    }
}

impl PartialEq for PrivateKey {
    fn eq(&self, other: &Self) -> bool {
        self.object == other.object
    }
}

impl Eq for PrivateKey {}

impl Sealed for PrivateKey {}

impl TokenObject for PrivateKey {
    fn object(&self) -> &Object {
        &self.object
    }
}

impl ObjectKind for PrivateKey {
    const CLASS: Option<ObjectClass> = Some(ObjectClass::PRIVATE_KEY);

    fn of(object: Object) -> Self {
        Self { object, context_pin: None }
    }
}

conversions!(PrivateKey, PRIVATE_KEY, |typed| typed.object);
