//! Domain parameters: known values, and generated ones.

use super::generate::{Wishes, mechanism_for, wishes};
use super::{DomainParameters, Object, ObjectKind, TokenObject};
use crate::attribute::{Attr, BigInteger, IntoValue, attr};
use crate::defaults::Capabilities;
use crate::mechanism::{DEFAULT, IntoMechanism, Usage};
use crate::session::Session;
use crate::{Error, Function, KeyType, ObjectClass, Result, Template};

/// A Diffie-Hellman group by its numbers (PKCS#3). [`DhGroup`](crate::DhGroup) names the
/// well-known ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DhParameters {
    /// The prime p.
    pub prime: BigInteger,
    /// The base g.
    pub base: BigInteger,
}

/// A DSA group by its numbers (FIPS 186-4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DsaParameters {
    /// The prime p.
    pub prime: BigInteger,
    /// The order q of the subgroup.
    pub subprime: BigInteger,
    /// The base g.
    pub base: BigInteger,
}

/// An X9.42 Diffie-Hellman group by its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct X942Parameters {
    /// The prime p.
    pub prime: BigInteger,
    /// The base g.
    pub base: BigInteger,
    /// The order q of the subgroup.
    pub subprime: BigInteger,
}

impl DomainParameters {
    /// The numbers of a Diffie-Hellman group, to make key pairs with.
    ///
    /// # Errors
    ///
    /// As [`get`](TokenObject::get).
    pub fn dh_parameters(&self) -> Result<DhParameters> {
        let (prime, base) = self.get((attr::PRIME, attr::BASE))?;
        Ok(DhParameters { prime, base })
    }

    /// The numbers of an X9.42 Diffie-Hellman group, to make key pairs with.
    ///
    /// # Errors
    ///
    /// As [`get`](TokenObject::get).
    pub fn x942_parameters(&self) -> Result<X942Parameters> {
        let (prime, base, subprime) = self.get((attr::PRIME, attr::BASE, attr::SUBPRIME))?;
        Ok(X942Parameters { prime, base, subprime })
    }

    /// The numbers of a DSA group, to make key pairs with.
    ///
    /// # Errors
    ///
    /// As [`get`](TokenObject::get).
    pub fn dsa_parameters(&self) -> Result<DsaParameters> {
        let (prime, subprime, base) = self.get((attr::PRIME, attr::SUBPRIME, attr::BASE))?;
        Ok(DsaParameters { prime, subprime, base })
    }
}

/// Domain parameters to be generated, as
/// `session.generate_parameters(KeyType::DH).bits(2048).create()?`.
#[derive(Debug)]
#[must_use = "no parameters are generated until `create`"]
pub struct GenerateParameters<'a> {
    session: &'a Session,
    key_type: KeyType,
    bits: Option<usize>,
    subprime_bits: Option<usize>,
    wishes: Wishes<'a>,
}

wishes!(GenerateParameters);

impl Session {
    /// Domain parameters to be generated, for keys of this type: DH, DSA or X9.42 DH.
    pub fn generate_parameters(&self, key_type: KeyType) -> GenerateParameters<'_> {
        let wishes = Wishes::default();
        GenerateParameters { session: self, key_type, bits: None, subprime_bits: None, wishes }
    }
}

impl GenerateParameters<'_> {
    /// The length of the prime in bits.
    pub fn bits(mut self, bits: usize) -> Self {
        self.bits = Some(bits);
        self
    }

    /// The length of the subprime in bits, where it is not the token's to choose (X9.42, DSA).
    pub fn subprime_bits(mut self, bits: usize) -> Self {
        self.subprime_bits = Some(bits);
        self
    }

    /// Generates the parameters with the default mechanism of the type; this takes minutes for
    /// large primes. Wraps `C_GenerateKey` (PKCS#11 §5.18.1).
    ///
    /// # Errors
    ///
    /// If the length is missing; what `C_GenerateKey` answers.
    pub fn create(self) -> Result<DomainParameters> {
        self.create_with(DEFAULT)
    }

    /// Generates the parameters with this mechanism. Wraps `C_GenerateKey` (PKCS#11 §5.18.1).
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn create_with<'m>(self, mechanism: impl IntoMechanism<'m>) -> Result<DomainParameters> {
        let Self { session, key_type, bits, subprime_bits, wishes } = self;
        let usage = Usage::GenerateParameters;
        let mechanism = mechanism_for(session, usage, key_type, mechanism)?;
        let bits = bits.ok_or_else(|| {
            let what = "parameters need a length: use bits()";
            Error::invalid(what).in_function(Function::GenerateKey)
        })?;
        let mut needed = Template::new().with(attr::PRIME_BITS, bits);
        if let Some(bits) = subprime_bits {
            needed.set(attr::SUBPRIME_BITS, bits);
        }
        let made = (ObjectClass::DOMAIN_PARAMETERS, key_type, usage);
        let template = wishes.template(session, made, &needed);
        let packed = template.pack(Function::GenerateKey)?;
        let handle = session
            .call(Function::GenerateKey, |cryptoki, session| {
                cryptoki.generate_key(session, &mechanism, &packed)
            })
            .map_err(|error| error.on_mechanism(mechanism.number()))?;
        Ok(DomainParameters::of(Object::made(session, handle, key_type, None)))
    }
}
