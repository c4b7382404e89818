//! Derivations that give several keys, or bytes and no key.

use super::derive_context;
use crate::attribute::{Attr, IntoValue, attr};
use crate::defaults::Capabilities;
use crate::mechanism::{IntoMechanism, Mechanism, NewKey, TlsKeys, Usage, WtlsKeys};
use crate::object::generate::{Wishes, wishes};
use crate::object::{Object, ObjectKind, SecretKey, TokenObject};
use crate::{Error, Function, KeyType, MechanismType, ObjectClass, ObjectHandle, Result, Template};

/// The mechanisms whose results are all in the parameter. For them `phKey` is NULL; others would
/// write through it.
const KEY_MATERIAL: &[MechanismType] = &[
    MechanismType::SSL3_KEY_AND_MAC_DERIVE,
    MechanismType::TLS_KEY_AND_MAC_DERIVE,
    MechanismType::TLS12_KEY_AND_MAC_DERIVE,
    MechanismType::TLS12_KEY_SAFE_DERIVE,
    MechanismType::WTLS_SERVER_KEY_AND_MAC_DERIVE,
    MechanismType::WTLS_CLIENT_KEY_AND_MAC_DERIVE,
];
/// Those of them that give no key at all.
const BYTES: &[MechanismType] = &[MechanismType::TLS_PRF, MechanismType::WTLS_PRF];

/// Several secret keys to be derived, as
/// `master.derive_keys(Tls12KeyMaterial { … }, KeyType::AES).create()?`.
#[derive(Debug)]
#[must_use = "no keys are derived until `create`"]
pub struct DeriveKeys<'a> {
    base: &'a Object,
    mechanism: Result<Mechanism<'a>>,
    key_type: KeyType,
    wishes: Wishes<'a>,
}

wishes!(DeriveKeys);

impl SecretKey {
    /// Secret keys to be derived from this one, a master secret, by a mechanism that has the places
    /// for them: [`Tls12KeyMaterial`](crate::mechanism::Tls12KeyMaterial) and its kin of SSL and
    /// WTLS. The key type is that of the cipher keys.
    ///
    /// ```no_run
    /// # use pkcs11_core::mechanism::{Tls12KeyMaterial, TlsKeys};
    /// # use pkcs11_core::{Hash, KeyType, Result, SecretKey};
    /// # fn f(master: &SecretKey, client: &[u8], server: &[u8]) -> Result<()> {
    /// let mut keys = TlsKeys::with_iv_length(4);
    /// let material = Tls12KeyMaterial {
    ///     hash: Hash::Sha256,
    ///     client_random: client,
    ///     server_random: server,
    ///     mac_bits: 0,
    ///     key_bits: 128,
    ///     safe: false,
    ///     keys: &mut keys,
    /// };
    /// master.derive_keys(material, KeyType::AES).create()?;
    /// let keys = master.derived(&keys);
    /// let (client_key, server_key) = (keys.client_key, keys.server_key);
    /// # Ok(())
    /// # }
    /// ```
    pub fn derive_keys<'a>(
        &'a self,
        mechanism: impl IntoMechanism<'a>,
        key_type: KeyType,
    ) -> DeriveKeys<'a> {
        let base = self.object();
        let mechanism = derive_context(base).resolve(mechanism);
        DeriveKeys { base, mechanism, key_type, wishes: Wishes::default() }
    }

    /// Derives bytes, and no key, from this one: they go to the place that the mechanism has,
    /// [`TlsPrfBytes`](crate::mechanism::TlsPrfBytes) or [`WtlsPrf`](crate::mechanism::WtlsPrf).
    /// Wraps `C_DeriveKey` (PKCS#11 §5.18.5).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for a mechanism that derives
    /// keys; what `C_DeriveKey` answers.
    pub fn derive_bytes<'a>(&self, mechanism: impl IntoMechanism<'a>) -> Result<()> {
        let base = self.object();
        let mechanism = derive_context(base).resolve(mechanism);
        derive(base, mechanism, BYTES, &Template::new())
    }

    /// The keys in the places that a mechanism had when it derived from this key:
    /// [`TlsKeys`], [`WtlsKeys`], [`NewKey`], or a slice of these. They are of this key's session.
    pub fn derived<D: Derived + ?Sized>(&self, places: &D) -> D::Keys {
        let session = self.object().session();
        places.keys(&|handle| SecretKey::of(Object::new(session.clone(), handle)))
    }
}

impl DeriveKeys<'_> {
    /// Derives the keys into the places that the mechanism has;
    /// [`derived`](SecretKey::derived) takes them out. Wraps `C_DeriveKey` (PKCS#11 §5.18.5).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for a mechanism that derives one
    /// key; what `C_DeriveKey` answers. What the places hold then is nothing to go by.
    pub fn create(self) -> Result<()> {
        let Self { base, mechanism, key_type, wishes } = self;
        let class = ObjectClass::SECRET_KEY;
        let needed = Template::new().with(attr::CLASS, class).with(attr::KEY_TYPE, key_type);
        let made = (class, key_type, Usage::Derive);
        let template = wishes.template(base.session(), made, &needed);
        derive(base, mechanism, KEY_MATERIAL, &template)
    }
}

/// The call, for mechanisms that need no `phKey`.
fn derive(
    base: &Object,
    mechanism: Result<Mechanism<'_>>,
    permitted: &[MechanismType],
    template: &Template<'_>,
) -> Result<()> {
    let name = Function::DeriveKey;
    let mechanism = mechanism.map_err(|error| error.or_function(name))?;
    let number = mechanism.number();
    if !permitted.contains(&number) {
        let what = format!("{number} gives its result in another way: see derive_key()");
        return Err(Error::invalid(what).in_function(name).on_mechanism(number));
    }
    let packed = template.pack(name)?;
    let handle = base.handle();
    let derived = base
        .session()
        .call(name, |cryptoki, session| cryptoki.derive_keys(session, &mechanism, handle, &packed));
    derived.map_err(|error| error.on_mechanism(number))
}

/// Places for keys that a mechanism derives beside, or instead of, the operation's own. Sealed.
pub trait Derived: sealed::Sealed {
    /// The keys as objects.
    type Keys;

    #[doc(hidden)]
    fn keys(&self, key: &dyn Fn(ObjectHandle) -> SecretKey) -> Self::Keys;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for crate::mechanism::NewKey {}
    impl Sealed for [crate::mechanism::NewKey] {}
    impl Sealed for crate::mechanism::TlsKeys {}
    impl Sealed for crate::mechanism::WtlsKeys {}
}

/// `None` where no key was made.
impl Derived for NewKey {
    type Keys = Option<SecretKey>;

    fn keys(&self, key: &dyn Fn(ObjectHandle) -> SecretKey) -> Self::Keys {
        self.handle().map(key)
    }
}

impl Derived for [NewKey] {
    type Keys = Vec<Option<SecretKey>>;

    fn keys(&self, key: &dyn Fn(ObjectHandle) -> SecretKey) -> Self::Keys {
        self.iter().map(|place| place.keys(key)).collect()
    }
}

/// The keys of a TLS connection, from [`TlsKeys`]; `None` where none was made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsSecretKeys {
    /// The key of the client's MAC.
    pub client_mac_key: Option<SecretKey>,
    /// The key of the server's MAC.
    pub server_mac_key: Option<SecretKey>,
    /// The key of the client's cipher.
    pub client_key: Option<SecretKey>,
    /// The key of the server's cipher.
    pub server_key: Option<SecretKey>,
}

impl Derived for TlsKeys {
    type Keys = TlsSecretKeys;

    fn keys(&self, key: &dyn Fn(ObjectHandle) -> SecretKey) -> Self::Keys {
        TlsSecretKeys {
            client_mac_key: self.client_mac_key().map(key),
            server_mac_key: self.server_mac_key().map(key),
            client_key: self.client_key().map(key),
            server_key: self.server_key().map(key),
        }
    }
}

/// The keys of one side of a WTLS connection, from [`WtlsKeys`]; `None` where none was made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WtlsSecretKeys {
    /// The key of the MAC.
    pub mac_key: Option<SecretKey>,
    /// The key of the cipher.
    pub key: Option<SecretKey>,
}

impl Derived for WtlsKeys {
    type Keys = WtlsSecretKeys;

    fn keys(&self, key: &dyn Fn(ObjectHandle) -> SecretKey) -> Self::Keys {
        WtlsSecretKeys { mac_key: self.mac_key().map(key), key: self.key().map(key) }
    }
}
