//! Objects from DER and PEM: [`Import`].

mod source;

use pkcs11_codec::attribute::{self, Attribute, Attributes, Forms};
use pkcs11_codec::ec;
use pkcs11_core::{
    Attr, AttributeType, Capabilities, CurveForm, Error, ErrorKind, Function, IntoValue, KeyType,
    ObjectClass, ObjectKind, PointForm, PrivateKey, PublicKey, Quirks, Result, Session, Template,
    TokenObject, Usage, attr,
};

pub use source::{ImportSource, PairSource};

/// Makes objects of a session from what the [`codec`](crate::codec) reads.
///
/// ```no_run
/// use pkcs11::codec::{CertificateDer, PrivateKeyDer};
/// use pkcs11::prelude::*;
///
/// # fn f(session: &Session, pem: &str) -> std::result::Result<(), Box<dyn std::error::Error>> {
/// let key = PrivateKeyDer::from_pem(pem)?;
/// let private = session.import(&key).label("tls").id(b"1").store(true).create()?;
/// let certificate = session.import(CertificateDer::from_pem(pem)?).label("tls").id(b"1");
/// let certificate = certificate.store(true).create()?;
/// # Ok(())
/// # }
/// ```
///
/// A key gets the attributes that the module's [`Defaults`](crate::Defaults) have for one of its
/// class and type, as a generated one does: what it may do, and of private keys that they are
/// private, sensitive and not extractable.
pub trait Import: sealed::Sealed {
    /// An object to be made of this: a private key, a public key, a certificate or domain
    /// parameters.
    fn import<S: ImportSource>(&self, source: S) -> ImportObject<'_, S>;

    /// A key pair to be made of a private key that holds its public one: of RSA always, on a
    /// curve where the point is in the DER, of all others where RFC 5958 has put it beside.
    fn import_pair<S: PairSource>(&self, key: S) -> ImportPair<'_, S>;
}

impl Import for Session {
    fn import<S: ImportSource>(&self, source: S) -> ImportObject<'_, S> {
        ImportObject { session: self, source, wishes: Wishes::default() }
    }

    fn import_pair<S: PairSource>(&self, key: S) -> ImportPair<'_, S> {
        let (public, private) = (Template::new(), Template::new());
        ImportPair { session: self, key, wishes: Wishes::default(), public, private }
    }
}

/// What the caller says of an object, on top of the defaults.
#[derive(Debug, Default)]
struct Wishes<'a> {
    template: Template<'a>,
    without: Vec<AttributeType>,
    capabilities: Option<Capabilities>,
}

/// The methods that both builders have.
macro_rules! wishes {
    ($builder:ident, $bound:ident) => {
        impl<'a, S: $bound> $builder<'a, S> {
            /// With this label (`CKA_LABEL`).
            pub fn label(self, label: &'a str) -> Self {
                self.with(attr::LABEL, label)
            }

            /// With this identifier (`CKA_ID`), by which a key and its certificate are found
            /// together; the two keys of a pair get the same.
            pub fn id(self, id: &'a [u8]) -> Self {
                self.with(attr::ID, id)
            }

            /// Whether the object outlives the session (`CKA_TOKEN`).
            pub fn store(self, yes: bool) -> Self {
                self.with(attr::TOKEN, yes)
            }

            /// What the key may do, in place of what the defaults say.
            pub fn capabilities(mut self, capabilities: Capabilities) -> Self {
                self.wishes.capabilities = Some(capabilities);
                self
            }

            /// With this attribute, in place of the default or of what the source says.
            pub fn with<T: ?Sized>(
                mut self,
                attribute: Attr<T>,
                value: impl IntoValue<'a, T>,
            ) -> Self {
                self.wishes.template.set(attribute, value);
                self
            }

            /// Without this attribute, where the token refuses it.
            pub fn without<T: ?Sized>(mut self, attribute: Attr<T>) -> Self {
                self.wishes.without.push(attribute.attribute());
                self
            }
        }
    };
}

/// An object to be made, as `session.import(key).label("tls").store(true).create()?`.
#[derive(Debug)]
#[must_use = "no object is made until `create`"]
pub struct ImportObject<'a, S> {
    session: &'a Session,
    source: S,
    wishes: Wishes<'a>,
}

wishes!(ImportObject, ImportSource);

impl<S: ImportSource> ImportObject<'_, S> {
    /// Makes the object. Wraps `C_CreateObject` (PKCS#11 §5.7.1).
    ///
    /// A secret goes from the source to the module as it lies there, and is not copied on the way.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Encoding`] if PKCS#11 has no such key; what `C_CreateObject` answers.
    pub fn create(self) -> Result<S::Object> {
        let attributes = self.source.attributes(forms(self.session)).map_err(refused)?;
        create(self.session, attributes, &self.wishes, &Template::new())
    }
}

/// A key pair to be made, as `session.import_pair(key).id(b"1").store(true).create()?`.
///
/// Attributes given by `with` go to both keys; `with_public` and `with_private` to one.
#[derive(Debug)]
#[must_use = "no key pair is made until `create`"]
pub struct ImportPair<'a, S> {
    session: &'a Session,
    key: S,
    wishes: Wishes<'a>,
    public: Template<'a>,
    private: Template<'a>,
}

wishes!(ImportPair, PairSource);

impl<'a, S: PairSource> ImportPair<'a, S> {
    /// With this attribute of the public key.
    pub fn with_public<T: ?Sized>(
        mut self,
        attribute: Attr<T>,
        value: impl IntoValue<'a, T>,
    ) -> Self {
        self.public.set(attribute, value);
        self
    }

    /// With this attribute of the private key.
    pub fn with_private<T: ?Sized>(
        mut self,
        attribute: Attr<T>,
        value: impl IntoValue<'a, T>,
    ) -> Self {
        self.private.set(attribute, value);
        self
    }

    /// Makes both keys, or none. Wraps `C_CreateObject` (PKCS#11 §5.7.1).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if the source does not hold the public key; else as
    /// [`ImportObject::create`].
    pub fn create(self) -> Result<(PublicKey, PrivateKey)> {
        let Self { session, key, wishes, public, private } = self;
        let forms = forms(session);
        let half = key.public_half().map_err(refused)?.ok_or_else(|| {
            let what = "the private key does not hold its public key: import each";
            let kind = ErrorKind::InvalidInput(what.to_owned());
            Error::from(kind).in_function(Function::CreateObject).on_class(ObjectClass::PUBLIC_KEY)
        })?;
        let half = half.attributes(forms).map_err(refused)?;
        let secret = key.attributes(forms).map_err(refused)?;
        let private: PrivateKey = create(session, secret, &wishes, &private)?;
        match create(session, half, &wishes, &public) {
            Ok(public) => Ok((public, private)),
            Err(error) => {
                // What went wrong first is what the caller can do something about.
                let _ = private.destroy();
                Err(error)
            }
        }
    }
}

/// Makes an object: the defaults of its type, what the codec says of it, what the caller wants of
/// all and of this one.
fn create<T: ObjectKind>(
    session: &Session,
    attributes: Attributes<'_>,
    wishes: &Wishes<'_>,
    own: &Template<'_>,
) -> Result<T> {
    let attributes: Vec<Attribute<'_>> = attributes.collect();
    let mut template = Template::new();
    if let (Some(class), Some(key_type)) = (T::CLASS, key_type(&attributes)) {
        let wanted = wishes.capabilities;
        template.merge(&session.default_template(class, key_type, Usage::Create, wanted));
    }
    for attribute in &attributes {
        let number = attribute.attribute().number();
        match attribute.number() {
            Some(value) => template.set(Attr::<u64>::new(number), value),
            None => template.set(Attr::<[u8]>::new(number), attribute.value()),
        }
    }
    template.merge(&wishes.template);
    template.merge(own);
    for attribute in &wishes.without {
        template.remove(*attribute);
    }
    session.create(&template)
}

/// The type of a key; certificates have none.
fn key_type(attributes: &[Attribute<'_>]) -> Option<KeyType> {
    let wanted = attribute::AttributeType::KEY_TYPE;
    let found = attributes.iter().find(|attribute| attribute.attribute() == wanted)?;
    found.number().map(KeyType::new)
}

/// The forms that the token takes.
fn forms(session: &Session) -> Forms {
    let Quirks { edwards_point, edwards_params, .. } = session.token().quirks();
    Forms {
        curve: match edwards_params {
            CurveForm::Oid => attribute::CurveForm::Oid,
            CurveForm::Name => attribute::CurveForm::Name,
        },
        point: match edwards_point {
            PointForm::Raw => ec::PointForm::Raw,
            PointForm::OctetString => ec::PointForm::OctetString,
        },
    }
}

fn refused(error: pkcs11_codec::Error) -> Error {
    Error::encoding(error).in_function(Function::CreateObject)
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for pkcs11_core::Session {}
}
