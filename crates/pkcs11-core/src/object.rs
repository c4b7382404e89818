//! Objects: keys, certificates, data, domain parameters.

mod create;
mod curve;
mod derive;
mod dh_group;
mod encapsulate;
mod find;
mod generate;
mod key;
mod kinds;
mod later;
mod pair;
mod parameters;
mod profile;
mod read;
mod recover;
mod trust;
mod validation;
mod wrap;

use std::fmt;
use std::sync::{Arc, OnceLock};

pub use curve::Curve;
pub use derive::{DeriveKey, DeriveKeys, Derived, TlsSecretKeys, WtlsSecretKeys};
pub use dh_group::DhGroup;
pub use encapsulate::{DecapsulateKey, EncapsulateKey};
pub use find::Find;
pub use generate::GenerateKey;
pub use kinds::{
    Certificate, CertificateTrust, Data, DomainParameters, ObjectKind, PrivateKey, Profile,
    PublicKey, SecretKey, Validation,
};
pub use pair::{GenerateKeyPair, KeyPairKind};
pub use parameters::{DhParameters, DsaParameters, GenerateParameters, X942Parameters};
pub use trust::TrustInfo;
pub use validation::ValidationInfo;
pub use wrap::UnwrapKey;

use crate::attribute::{AttributeList, attr};
use crate::raw::ObjectHandle;
use crate::session::Session;
use crate::{Error, ErrorKind, Function, KeyType, Result, Template};

/// An object of a token, of whatever class.
///
/// Cheap to clone. Two are equal if session and handle are. What an object is used for beyond
/// its attributes depends on its class: [`SecretKey`], [`PublicKey`], [`PrivateKey`] and the
/// others have it.
#[derive(Clone)]
pub struct Object {
    session: Session,
    handle: ObjectHandle,
    facts: Arc<Facts>,
}

/// What never changes about a key, read once.
#[derive(Debug, Default)]
struct Facts {
    key_type: OnceLock<KeyType>,
    /// The length of an RSA key's modulus in bytes, where it is known without asking.
    modulus: OnceLock<usize>,
    /// The curve that it is on, if it has a name.
    curve: OnceLock<Option<Curve>>,
}

impl Object {
    pub(crate) fn new(session: Session, handle: ObjectHandle) -> Self {
        Self { session, handle, facts: Arc::default() }
    }

    /// An object that was made with this type and, if RSA, of this many bits.
    pub(crate) fn made(
        session: &Session,
        handle: ObjectHandle,
        key_type: KeyType,
        bits: Option<usize>,
    ) -> Self {
        let object = Self::new(session.clone(), handle);
        let _ = object.facts.key_type.set(key_type);
        if let Some(bits) = bits.filter(|_| key_type == KeyType::RSA) {
            let _ = object.facts.modulus.set(bits.div_ceil(8));
        }
        object
    }

    /// Keeps what the template that it was made with says of it.
    fn learn(&self, template: &Template<'_>) {
        if let Ok(Some(key_type)) = template.value(attr::KEY_TYPE) {
            let _ = self.facts.key_type.set(key_type);
        }
        if let Some(parameters) = template.get(attr::EC_PARAMS.attribute()) {
            let _ = self.facts.curve.set(Curve::from_ec_params(parameters));
        }
    }

    /// The session that the object was found or made with.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The type of the key, read at the first call and kept.
    pub(crate) fn key_type(&self) -> Result<KeyType> {
        if let Some(&key_type) = self.facts.key_type.get() {
            return Ok(key_type);
        }
        let key_type = self.get(attr::KEY_TYPE)?;
        Ok(*self.facts.key_type.get_or_init(|| key_type))
    }

    /// The same object, known to be on this curve.
    pub(crate) fn on_curve(self, curve: Option<Curve>) -> Self {
        let _ = curve.map(|curve| self.facts.curve.set(Some(curve)));
        self
    }

    /// The named curve that the key is on, read at the first call and kept.
    pub(crate) fn curve(&self) -> Option<Curve> {
        if let Some(&curve) = self.facts.curve.get() {
            return curve;
        }
        let parameters = self.get(attr::EC_PARAMS).ok()?;
        *self.facts.curve.get_or_init(|| Curve::from_ec_params(&parameters))
    }

    /// The length of the order of the key's curve in bytes, if the curve is known. The named curves
    /// have orders as long as their fields, but for Edwards and Montgomery curves.
    pub(crate) fn order_length(&self) -> Option<usize> {
        let curve = self.facts.curve.get().copied().flatten();
        curve.filter(|curve| curve.key_type() == KeyType::EC).map(Curve::field_bytes)
    }

    /// The length of an RSA key's modulus in bytes, if it is known.
    pub(crate) fn modulus_length(&self) -> Option<usize> {
        self.facts.modulus.get().copied()
    }

    /// The same, read at the first call and kept.
    pub(crate) fn read_modulus_length(&self) -> Result<usize> {
        if let Some(length) = self.modulus_length() {
            return Ok(length);
        }
        let length = self.get(attr::MODULUS)?.as_bytes().len();
        if length == 0 {
            let kind = ErrorKind::AttributeValue { expected: "modulus", length };
            return Err(Error::from(kind).on_attribute(attr::MODULUS.attribute()));
        }
        Ok(*self.facts.modulus.get_or_init(|| length))
    }
}

/// What all objects have. Sealed.
pub trait TokenObject: sealed::Sealed {
    /// The object without its class.
    fn object(&self) -> &Object;

    /// Its handle, for calls that this crate does not make.
    fn handle(&self) -> ObjectHandle {
        self.object().handle
    }

    /// Reads an attribute, or a tuple of up to twelve in one call. Wraps `C_GetAttributeValue`
    /// (PKCS#11 §5.7.5).
    ///
    /// ```no_run
    /// # fn f(key: &pkcs11_core::SecretKey) -> pkcs11_core::Result<()> {
    /// use pkcs11_core::{TokenObject, attr};
    ///
    /// let (class, label, id) = key.get((attr::CLASS, attr::LABEL, attr::ID))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AttributeUnavailable`](crate::ErrorKind::AttributeUnavailable) with the
    /// reason, or [`ErrorKind::AttributeValue`](crate::ErrorKind::AttributeValue), of the first
    /// attribute that fails, by name; else what `C_GetAttributeValue` answers.
    fn get<L: AttributeList>(&self, attributes: L) -> Result<L::Values> {
        read::read(self.object(), &attributes, |read| attributes.values(read))?
    }

    /// Reads attributes, each with its own outcome. Wraps `C_GetAttributeValue`
    /// (PKCS#11 §5.7.5).
    ///
    /// # Errors
    ///
    /// What `C_GetAttributeValue` answers for the object as a whole.
    fn try_get<L: AttributeList>(&self, attributes: L) -> Result<L::Outcomes> {
        read::read(self.object(), &attributes, |read| attributes.outcomes(read))
    }

    /// Changes attributes. Wraps `C_SetAttributeValue` (PKCS#11 §5.7.6).
    ///
    /// Give one attribute at a time where it matters: some tokens apply what stands before the
    /// one that they refuse.
    ///
    /// # Errors
    ///
    /// What `C_SetAttributeValue` answers.
    fn set(&self, template: &Template<'_>) -> Result<()> {
        let packed = template.pack(Function::SetAttributeValue)?;
        let Object { session, handle, .. } = self.object();
        session.call(Function::SetAttributeValue, |cryptoki, session| {
            cryptoki.set_attributes(session, *handle, &packed)
        })
    }

    /// How much memory the object takes on the token, in bytes; `None` if the token does not
    /// tell. Wraps `C_GetObjectSize` (PKCS#11 §5.7.4).
    ///
    /// # Errors
    ///
    /// What `C_GetObjectSize` answers.
    fn size(&self) -> Result<Option<usize>> {
        let Object { session, handle, .. } = self.object();
        session.call(Function::GetObjectSize, |cryptoki, session| {
            cryptoki.object_size(session, *handle)
        })
    }

    /// Destroys the object. Wraps `C_DestroyObject` (PKCS#11 §5.7.3).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ObjectGone`](crate::ErrorKind::ObjectGone) if it is gone already, else what
    /// `C_DestroyObject` answers.
    fn destroy(self) -> Result<()>
    where
        Self: Sized,
    {
        let Object { session, handle, .. } = self.object();
        session.call(Function::DestroyObject, |cryptoki, session| {
            cryptoki.destroy_object(session, *handle)
        })
    }
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for Object {}

impl TokenObject for Object {
    fn object(&self) -> &Object {
        self
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.session == other.session && self.handle == other.handle
    }
}

impl Eq for Object {}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Object({})", self.handle)
    }
}
