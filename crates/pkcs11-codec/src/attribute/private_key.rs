//! Private keys as attributes.

use super::{
    AttributeType, Attributes, Forms,
    list::{Class, KeyType, List, Values},
};
use crate::{
    Error, ErrorKind,
    ec::{Curve, CurveKind, EcPrivateKey},
    integer,
    parameter_set::Family,
    pkcs1::{OtherPrimes, RsaPrivateKey},
    pkcs8::{PostQuantumPrivateKey, PrivateKey},
};

impl<'a> PrivateKey<'a> {
    /// The attributes that C_CreateObject needs to make this key: its class, its type and its
    /// value. What it may be used for, its label and its place are the caller's.
    ///
    /// Of an RSA key with more than two primes they are n, e and d: PKCS#11 has no place for
    /// the further primes, and p and q alone would make another key. Numbers that are zero are
    /// left out: so PKCS#1 has what is not known of a key, as Java writes one of n and d alone.
    ///
    /// What has no attribute is lost: to what [`RsaPss`](Self::RsaPss) binds the signatures of a
    /// key (`CKA_ALLOWED_MECHANISMS`, which the caller adds, can say the mechanism), the point
    /// beside an EC key, of Diffie-Hellman parameters the
    /// [size of private values](crate::dh::DhParameters::private_value_bits), and
    /// [cofactor](crate::dh::X942Parameters::cofactor) and
    /// [validation](crate::dh::X942Parameters::validation) of X9.42.
    ///
    /// # Errors
    /// When PKCS#11 has no such key: of another algorithm, on a curve that is told elsewhere;
    /// when a number has no bytes; when n or d of an RSA key is zero
    /// ([`ErrorKind::MissingAttribute`]).
    pub fn attributes(&self, forms: Forms) -> Result<Attributes<'a>, Error> {
        let of = |key_type| List::of_key(Class::PRIVATE_KEY, key_type);
        let list = match self {
            Self::Rsa(key) | Self::RsaPss { key, .. } => of(KeyType::RSA).with_rsa(key)?,
            Self::Dsa { parameters, value } => {
                of(KeyType::DSA).with_dsa(parameters)?.with_integer(AttributeType::VALUE, value)?
            }
            Self::Dh { parameters, value } => {
                of(KeyType::DH).with_dh(parameters)?.with_integer(AttributeType::VALUE, value)?
            }
            Self::X942Dh { parameters, value } => {
                let list = of(KeyType::X9_42_DH).with_x942(parameters)?;
                list.with_integer(AttributeType::VALUE, value)?
            }
            Self::Ec { parameters, key } => {
                let list = of(KeyType::EC).with_curve(*parameters, forms)?;
                list.with_integer(AttributeType::VALUE, key.value)?
            }
            Self::Edwards { curve, value } => {
                let list = of(KeyType::EC_EDWARDS).with_curve((*curve).into(), forms)?;
                list.with(AttributeType::VALUE, value)
            }
            Self::Montgomery { curve, value } => {
                let list = of(KeyType::EC_MONTGOMERY).with_curve((*curve).into(), forms)?;
                list.with(AttributeType::VALUE, value)
            }
            Self::PostQuantum { set, value } => {
                let list = of(set.family().into());
                let list = list.with_ulong(AttributeType::PARAMETER_SET, set.number());
                match *value {
                    PostQuantumPrivateKey::Seed(seed) => list.with(AttributeType::SEED, seed),
                    PostQuantumPrivateKey::Expanded(key) => list.with(AttributeType::VALUE, key),
                    PostQuantumPrivateKey::Both { seed, expanded } => {
                        list.with(AttributeType::SEED, seed).with(AttributeType::VALUE, expanded)
                    }
                }
            }
            Self::Other { .. } => return Err(Error::argument(ErrorKind::UnknownAlgorithm)),
        };
        Ok(list.finish())
    }

    /// The key with these attributes, as C_GetAttributeValue gives them: `value` has the bytes
    /// of each that is asked for, none for those that the token does not give.
    ///
    /// Numbers may have leading zeros; one of RSA that is zero is none.
    ///
    /// The attributes tell less than a file may: an RSA key is [`Rsa`](Self::Rsa), of two
    /// primes, whatever its signatures were bound to; an EC key has no point beside it, that is
    /// an attribute of the public key; Diffie-Hellman parameters are their numbers alone.
    ///
    /// # Errors
    /// When an attribute is missing or has no such value ([`ErrorKind::MissingAttribute`],
    /// [`ErrorKind::InvalidAttribute`]), and those of what is read from it; when a key has not
    /// the size of its curve or parameter set ([`ErrorKind::WrongLength`],
    /// [`ErrorKind::IntegerTooLarge`]). An RSA key needs all its numbers, as PKCS#1 does: one
    /// of n, e and d alone lacks `CKA_PRIME_1`.
    pub fn from_attributes(
        value: impl Fn(AttributeType) -> Option<&'a [u8]>,
    ) -> Result<Self, Error> {
        let values = Values(value);
        let number = || values.integer(AttributeType::VALUE);
        let (key_type, unknown) = values.key_type()?;
        Ok(match key_type {
            KeyType::RSA => Self::Rsa(values.rsa()?),
            KeyType::DSA => Self::Dsa { parameters: values.dsa()?, value: number()? },
            KeyType::DH => Self::Dh { parameters: values.dh()?, value: number()? },
            KeyType::X9_42_DH => Self::X942Dh { parameters: values.x942()?, value: number()? },
            KeyType::EC => {
                let parameters = values.curve()?;
                let key = EcPrivateKey::new(None, number()?, None);
                key.check(Some(parameters)).map_err(Error::of_argument)?;
                Self::Ec { parameters, key }
            }
            KeyType::EC_EDWARDS => {
                let (curve, value) = values.value_on(CurveKind::Edwards)?;
                Self::Edwards { curve, value }
            }
            KeyType::EC_MONTGOMERY => {
                let (curve, value) = values.value_on(CurveKind::Montgomery)?;
                Self::Montgomery { curve, value }
            }
            KeyType::ML_DSA => values.post_quantum_private(Family::MlDsa)?,
            KeyType::ML_KEM => values.post_quantum_private(Family::MlKem)?,
            KeyType::SLH_DSA => values.post_quantum_private(Family::SlhDsa)?,
            _ => return Err(unknown),
        })
    }
}

impl<'a> List<'a> {
    fn with_rsa(self, key: &RsaPrivateKey<'a>) -> Result<Self, Error> {
        let list = self
            .with_number(AttributeType::MODULUS, key.modulus)?
            .with_number_if_known(AttributeType::PUBLIC_EXPONENT, key.public_exponent)?
            .with_number(AttributeType::PRIVATE_EXPONENT, key.private_exponent)?;
        if !key.other_primes.is_empty() {
            return Ok(list);
        }
        list.with_number_if_known(AttributeType::PRIME_1, key.prime_1)?
            .with_number_if_known(AttributeType::PRIME_2, key.prime_2)?
            .with_number_if_known(AttributeType::EXPONENT_1, key.exponent_1)?
            .with_number_if_known(AttributeType::EXPONENT_2, key.exponent_2)?
            .with_number_if_known(AttributeType::COEFFICIENT, key.coefficient)
    }

    fn with_number(self, attribute: AttributeType, value: &'a [u8]) -> Result<Self, Error> {
        if is_zero(value) {
            return Err(Error::argument(ErrorKind::MissingAttribute { attribute }));
        }
        self.with_integer(attribute, value)
    }

    fn with_number_if_known(
        self,
        attribute: AttributeType,
        value: &'a [u8],
    ) -> Result<Self, Error> {
        if is_zero(value) { Ok(self) } else { self.with_integer(attribute, value) }
    }
}

/// What stands in RSAPrivateKey for a number that is not known; a token would take it for the
/// number.
fn is_zero(number: &[u8]) -> bool {
    integer::trim(number) == [0]
}

impl<'a, F: Fn(AttributeType) -> Option<&'a [u8]>> Values<F> {
    fn rsa(&self) -> Result<RsaPrivateKey<'a>, Error> {
        Ok(RsaPrivateKey {
            modulus: self.number(AttributeType::MODULUS)?,
            public_exponent: self.number(AttributeType::PUBLIC_EXPONENT)?,
            private_exponent: self.number(AttributeType::PRIVATE_EXPONENT)?,
            prime_1: self.number(AttributeType::PRIME_1)?,
            prime_2: self.number(AttributeType::PRIME_2)?,
            exponent_1: self.number(AttributeType::EXPONENT_1)?,
            exponent_2: self.number(AttributeType::EXPONENT_2)?,
            coefficient: self.number(AttributeType::COEFFICIENT)?,
            other_primes: OtherPrimes::default(),
        })
    }

    fn number(&self, attribute: AttributeType) -> Result<&'a [u8], Error> {
        let missing = Error::argument(ErrorKind::MissingAttribute { attribute });
        self.integer(attribute).and_then(|number| match is_zero(number) {
            true => Err(missing),
            false => Ok(number),
        })
    }

    fn value_on(&self, kind: CurveKind) -> Result<(Curve, &'a [u8]), Error> {
        let curve = self.curve()?.curve().filter(|curve| curve.kind() == kind);
        let curve = curve.ok_or(Error::argument(ErrorKind::UnsuitableCurve))?;
        let value = self.bytes(AttributeType::VALUE)?;
        curve.check_private_string(value).map_err(Error::of_argument)?;
        Ok((curve, value))
    }

    fn post_quantum_private(&self, family: Family) -> Result<PrivateKey<'a>, Error> {
        let set = self.parameter_set(family)?;
        // Keys of SLH-DSA have no such attribute.
        let seed = set.seed_bytes().and_then(|_| self.optional(AttributeType::SEED));
        let expanded = self.optional(AttributeType::VALUE);
        let value = match (seed, expanded) {
            (Some(seed), Some(expanded)) => PostQuantumPrivateKey::Both { seed, expanded },
            (Some(seed), None) => PostQuantumPrivateKey::Seed(seed),
            (None, _) => PostQuantumPrivateKey::Expanded(self.bytes(AttributeType::VALUE)?),
        };
        value.check(set).map_err(Error::of_argument)?;
        Ok(PrivateKey::PostQuantum { set, value })
    }
}
