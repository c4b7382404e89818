//! Domain parameters as attributes.

use super::{
    AttributeType, Attributes,
    list::{Class, KeyType, List, Values},
};
use crate::{
    Error,
    dh::{DhParameters, X942Parameters},
    dsa::DsaParameters,
};

macro_rules! domain_parameters {
    ($($parameters:ident, $key_type:ident, $with:ident, $read:ident;)*) => {$(
        impl<'a> $parameters<'a> {
            /// The attributes that C_CreateObject needs to make a domain parameters object: the
            /// numbers. What else the parameters say has no attribute and is lost.
            ///
            /// # Errors
            /// When a number has no bytes.
            pub fn attributes(&self) -> Result<Attributes<'a>, Error> {
                let list = List::of_key(Class::DOMAIN_PARAMETERS, KeyType::$key_type);
                Ok(list.$with(self)?.finish())
            }

            /// The parameters of a key or a domain parameters object: `value` has the bytes of
            /// each attribute that is asked for. They have their numbers and nothing else.
            ///
            /// # Errors
            /// [`ErrorKind::MissingAttribute`](crate::ErrorKind::MissingAttribute).
            pub fn from_attributes(
                value: impl Fn(AttributeType) -> Option<&'a [u8]>,
            ) -> Result<Self, Error> {
                Values(value).$read()
            }
        }
    )*};
}

domain_parameters! {
    DsaParameters, DSA, with_dsa, dsa;
    DhParameters, DH, with_dh, dh;
    X942Parameters, X9_42_DH, with_x942, x942;
}

impl<'a> List<'a> {
    pub(super) fn with_dsa(self, parameters: &DsaParameters<'a>) -> Result<Self, Error> {
        self.with_integers([
            (AttributeType::PRIME, parameters.prime),
            (AttributeType::SUBPRIME, parameters.subprime),
            (AttributeType::BASE, parameters.base),
        ])
    }

    pub(super) fn with_dh(self, parameters: &DhParameters<'a>) -> Result<Self, Error> {
        self.with_integers([
            (AttributeType::PRIME, parameters.prime),
            (AttributeType::BASE, parameters.base),
        ])
    }

    pub(super) fn with_x942(self, parameters: &X942Parameters<'a>) -> Result<Self, Error> {
        self.with_integers([
            (AttributeType::PRIME, parameters.prime),
            (AttributeType::BASE, parameters.base),
            (AttributeType::SUBPRIME, parameters.subprime),
        ])
    }
}

impl<'a, F: Fn(AttributeType) -> Option<&'a [u8]>> Values<F> {
    pub(super) fn dsa(&self) -> Result<DsaParameters<'a>, Error> {
        Ok(DsaParameters {
            prime: self.integer(AttributeType::PRIME)?,
            subprime: self.integer(AttributeType::SUBPRIME)?,
            base: self.integer(AttributeType::BASE)?,
        })
    }

    pub(super) fn dh(&self) -> Result<DhParameters<'a>, Error> {
        Ok(DhParameters {
            prime: self.integer(AttributeType::PRIME)?,
            base: self.integer(AttributeType::BASE)?,
            private_value_bits: None,
        })
    }

    pub(super) fn x942(&self) -> Result<X942Parameters<'a>, Error> {
        Ok(X942Parameters {
            prime: self.integer(AttributeType::PRIME)?,
            base: self.integer(AttributeType::BASE)?,
            subprime: self.integer(AttributeType::SUBPRIME)?,
            cofactor: None,
            validation: None,
        })
    }
}
