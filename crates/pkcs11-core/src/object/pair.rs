//! Generating key pairs.

use super::generate::{Wishes, mechanism_for, wishes};
use super::{
    Curve, DhGroup, DhParameters, DsaParameters, Object, ObjectKind, PrivateKey, PublicKey,
    TokenObject, X942Parameters,
};
use crate::asynchronous::{AsyncSession, Pending, Run};
use crate::attribute::{Attr, AttributeType, IntoValue, attr};
use crate::defaults::{Capabilities, CurveForm};
use crate::lock::OperationKind;
use crate::mechanism::{DEFAULT, IntoMechanism, Mechanism, Usage};
use crate::raw::ObjectHandle;
use crate::session::Session;
use crate::{
    Error, Function, KeyType, MlDsaParameterSet, MlKemParameterSet, ObjectClass, ParameterSet,
    Result, SlhDsaParameterSet, Template,
};

/// What a key pair is made of: a type, a curve, a parameter set, or domain parameters.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum KeyPairKind {
    /// A type of key; RSA and DSA want bits, and for elliptic curves there is `Curve`, for ML-KEM,
    /// ML-DSA and SLH-DSA `ParameterSet`.
    Type(KeyType),
    /// A named curve.
    Curve(Curve),
    /// A parameter set of ML-KEM, ML-DSA or SLH-DSA.
    ParameterSet(KeyType, ParameterSet),
    /// A Diffie-Hellman group.
    Dh(DhParameters),
    /// An X9.42 Diffie-Hellman group.
    X942(X942Parameters),
    /// A DSA group.
    Dsa(DsaParameters),
}

impl From<KeyType> for KeyPairKind {
    fn from(key_type: KeyType) -> Self {
        Self::Type(key_type)
    }
}

impl From<Curve> for KeyPairKind {
    fn from(curve: Curve) -> Self {
        Self::Curve(curve)
    }
}

macro_rules! parameter_sets {
    ($($set:ident: $key_type:ident;)*) => {$(
        impl From<$set> for KeyPairKind {
            fn from(set: $set) -> Self {
                Self::ParameterSet(KeyType::$key_type, set.into())
            }
        }
    )*};
}

parameter_sets! {
    MlDsaParameterSet: ML_DSA;
    MlKemParameterSet: ML_KEM;
    SlhDsaParameterSet: SLH_DSA;
}

impl From<X942Parameters> for KeyPairKind {
    fn from(parameters: X942Parameters) -> Self {
        Self::X942(parameters)
    }
}

impl From<DhGroup> for KeyPairKind {
    fn from(group: DhGroup) -> Self {
        Self::Dh(group.parameters())
    }
}

impl From<DhParameters> for KeyPairKind {
    fn from(parameters: DhParameters) -> Self {
        Self::Dh(parameters)
    }
}

impl From<DsaParameters> for KeyPairKind {
    fn from(parameters: DsaParameters) -> Self {
        Self::Dsa(parameters)
    }
}

impl KeyPairKind {
    fn key_type(&self) -> KeyType {
        match self {
            Self::Type(key_type) => *key_type,
            Self::Curve(curve) => curve.key_type(),
            Self::ParameterSet(key_type, _) => *key_type,
            Self::Dh(_) => KeyType::DH,
            Self::X942(_) => KeyType::X9_42_DH,
            Self::Dsa(_) => KeyType::DSA,
        }
    }

    /// What the public key's template must say.
    fn needed(
        &self,
        bits: Option<usize>,
        given: impl Fn(AttributeType) -> bool,
        form: CurveForm,
    ) -> Result<Template<'_>> {
        let template = Template::new();
        match self {
            Self::Curve(curve) => Ok(template.with(attr::EC_PARAMS, curve.ec_params_in(form))),
            Self::ParameterSet(_, set) => Ok(template.with(attr::PARAMETER_SET, *set)),
            Self::Dh(DhParameters { prime, base }) => {
                Ok(template.with(attr::PRIME, prime).with(attr::BASE, base))
            }
            Self::Dsa(DsaParameters { prime, subprime, base })
            | Self::X942(X942Parameters { prime, base, subprime }) => Ok(template
                .with(attr::PRIME, prime)
                .with(attr::SUBPRIME, subprime)
                .with(attr::BASE, base)),
            Self::Type(KeyType::RSA) if given(AttributeType::MODULUS_BITS) => Ok(template),
            Self::Type(KeyType::RSA) => match bits {
                Some(bits) => Ok(template.with(attr::MODULUS_BITS, bits)),
                None => Err(Error::invalid("a CKK_RSA needs a length: use bits()")),
            },
            Self::Type(key_type @ (KeyType::EC | KeyType::EC_EDWARDS | KeyType::EC_MONTGOMERY))
                if !given(AttributeType::EC_PARAMS) =>
            {
                Err(Error::invalid(format!(
                    "a {key_type} needs a curve: generate_key_pair(Curve::P256), say"
                )))
            }
            Self::Type(key_type @ (KeyType::ML_KEM | KeyType::ML_DSA | KeyType::SLH_DSA))
                if !given(AttributeType::PARAMETER_SET) =>
            {
                Err(Error::invalid(format!(
                    "a {key_type} needs a parameter set: \
                     generate_key_pair(MlDsaParameterSet::ML_DSA_65), say"
                )))
            }
            Self::Type(_) => Ok(template),
        }
    }
}

/// A key pair to be generated, as
/// `session.generate_key_pair(KeyType::RSA).bits(2048).create()?`.
///
/// Attributes given by `with` go to both keys; `with_public` and `with_private` to one.
#[derive(Debug)]
#[must_use = "no key pair is generated until `create`"]
pub struct GenerateKeyPair<'a> {
    session: &'a Session,
    kind: KeyPairKind,
    bits: Option<usize>,
    wishes: Wishes<'a>,
    public: Template<'a>,
    private: Template<'a>,
}

wishes!(GenerateKeyPair);

impl Session {
    /// A key pair to be generated: of a [`KeyType`], on a [`Curve`], of a parameter set, in a
    /// [`DhGroup`], or from domain parameters.
    pub fn generate_key_pair(&self, kind: impl Into<KeyPairKind>) -> GenerateKeyPair<'_> {
        GenerateKeyPair {
            session: self,
            kind: kind.into(),
            bits: None,
            wishes: Wishes::default(),
            public: Template::new(),
            private: Template::new(),
        }
    }
}

impl<'a> GenerateKeyPair<'a> {
    /// The length of the modulus (RSA) or prime (DSA) in bits.
    pub fn bits(mut self, bits: usize) -> Self {
        self.bits = Some(bits);
        self
    }

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

    /// Generates the pair with the default mechanism of its type. Wraps `C_GenerateKeyPair`
    /// (PKCS#11 §5.18.2).
    ///
    /// A DSA pair of so many bits gets domain parameters of its own first.
    ///
    /// # Errors
    ///
    /// If what the kind of key needs is missing; what `C_GenerateKeyPair` answers.
    pub fn create(self) -> Result<(PublicKey, PrivateKey)> {
        self.create_with(DEFAULT)
    }

    /// Generates the pair with this mechanism. Wraps `C_GenerateKeyPair` (PKCS#11 §5.18.2).
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn create_with<'m>(
        self,
        mechanism: impl IntoMechanism<'m>,
    ) -> Result<(PublicKey, PrivateKey)> {
        let session = self.session;
        let name = Function::GenerateKeyPair;
        let Prepared { mechanism, public, private, facts } = self.prepare(mechanism)?;
        let (packed_public, packed_private) = (public.pack(name)?, private.pack(name)?);
        let handles = session
            .call(name, |cryptoki, session| {
                cryptoki.generate_key_pair(session, &mechanism, &packed_public, &packed_private)
            })
            .map_err(|error| error.on_mechanism(mechanism.number()))?;
        Ok(facts.pair(session, handles))
    }

    /// Generates the pair in an asynchronous session: the token may finish later. Wraps
    /// `C_GenerateKeyPair` (PKCS#11 §5.18.2).
    ///
    /// The keys are used in the session of this builder, and unless they are stored they live as
    /// long as the asynchronous one. The domain parameters of a DSA pair of so many bits are made
    /// first, while the caller waits.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create); [`ErrorKind::OperationActive`](crate::ErrorKind::OperationActive)
    /// while another call is pending there.
    pub fn create_async(
        self,
        asynchronous: &AsyncSession,
        mechanism: impl IntoMechanism<'static>,
    ) -> Result<Pending<(PublicKey, PrivateKey)>> {
        let session = self.session;
        let name = Function::GenerateKeyPair;
        let calls = asynchronous.for_calls_of(session).map_err(|error| error.or_function(name))?;
        let Prepared { mechanism, public, private, facts } = self.prepare(mechanism)?;
        let number = Some(mechanism.number());
        let mut run = Run::new(calls, OperationKind::GenerateKey, name, number)?;
        let begun = run.start(name, None, |cryptoki, session| {
            cryptoki.async_generate_key_pair(session, mechanism, public, private)
        })?;
        let home = session.clone();
        Pending::begun(run, begun, move |returned| {
            let handles = (returned.object()?, returned.additional_object()?);
            Ok(facts.pair(&home, handles))
        })
    }

    fn prepare<'m>(self, mechanism: impl IntoMechanism<'m>) -> Result<Prepared<'m>> {
        let Self { session, mut kind, bits, wishes, public, private } = self;
        let key_type = kind.key_type();
        let usage = Usage::GenerateKeyPair;
        // Before the parameters, which take a while.
        let mechanism = mechanism_for(session, usage, key_type, mechanism)?;
        if let (KeyPairKind::Type(KeyType::DSA), Some(bits)) = (&kind, bits) {
            let parameters = session.generate_parameters(KeyType::DSA).bits(bits).create()?;
            kind = parameters.dsa_parameters()?.into();
            parameters.destroy()?;
        }
        let name = Function::GenerateKeyPair;
        let given = |attribute| public.contains(attribute) || wishes.template.contains(attribute);
        let form = session.token().quirks().edwards_params;
        let needed = kind.needed(bits, given, form).map_err(|error| error.or_function(name))?;
        let class = ObjectClass::PUBLIC_KEY;
        let mut for_public = wishes.template(session, (class, key_type, usage), &needed);
        for_public.merge(&public);
        let class = ObjectClass::PRIVATE_KEY;
        let mut for_private = wishes.template(session, (class, key_type, usage), &Template::new());
        for_private.merge(&private);
        let bits = for_public.number(attr::MODULUS_BITS);
        let (public, private) = (for_public.into_owned(), for_private.into_owned());
        let curve = match kind {
            KeyPairKind::Curve(curve) => Some(curve),
            _ => None,
        };
        Ok(Prepared { mechanism, public, private, facts: Facts { key_type, bits, curve } })
    }
}

/// What a pair is made with.
struct Prepared<'m> {
    mechanism: Mechanism<'m>,
    public: Template<'static>,
    private: Template<'static>,
    facts: Facts,
}

/// What is known of both keys when they are made.
struct Facts {
    key_type: KeyType,
    bits: Option<usize>,
    curve: Option<Curve>,
}

impl Facts {
    fn pair(
        self,
        session: &Session,
        (public, private): (ObjectHandle, ObjectHandle),
    ) -> (PublicKey, PrivateKey) {
        let Self { key_type, bits, curve } = self;
        let made = |handle| Object::made(session, handle, key_type, bits).on_curve(curve);
        (PublicKey::of(made(public)), PrivateKey::of(made(private)))
    }
}
