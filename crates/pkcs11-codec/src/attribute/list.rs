//! Lists of attributes, built and read.

use alloc::vec::Vec;
use core::ffi::c_ulong;

use super::{Attribute, AttributeType, Attributes, CurveForm, Forms, value};
use crate::{
    Error, ErrorKind,
    ec::EcParameters,
    integer,
    parameter_set::{Family, ParameterSet},
};

/// `CK_OBJECT_CLASS`, of the objects made here.
#[derive(Clone, Copy)]
pub(super) struct Class(u32);

impl Class {
    pub(super) const CERTIFICATE: Self = Self(1);
    pub(super) const PUBLIC_KEY: Self = Self(2);
    pub(super) const PRIVATE_KEY: Self = Self(3);
    pub(super) const DOMAIN_PARAMETERS: Self = Self(6);
}

/// `CK_KEY_TYPE`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyType(u32);

impl KeyType {
    pub(super) const RSA: Self = Self(0x00);
    pub(super) const DSA: Self = Self(0x01);
    pub(super) const DH: Self = Self(0x02);
    pub(super) const EC: Self = Self(0x03);
    pub(super) const X9_42_DH: Self = Self(0x04);
    pub(super) const EC_EDWARDS: Self = Self(0x40);
    pub(super) const EC_MONTGOMERY: Self = Self(0x41);
    pub(super) const ML_KEM: Self = Self(0x49);
    pub(super) const ML_DSA: Self = Self(0x4a);
    pub(super) const SLH_DSA: Self = Self(0x4b);
}

impl KeyType {
    pub(super) fn from_number(number: c_ulong) -> Option<Self> {
        u32::try_from(number).ok().map(Self)
    }
}

impl From<Family> for KeyType {
    fn from(family: Family) -> Self {
        match family {
            Family::MlDsa => Self::ML_DSA,
            Family::MlKem => Self::ML_KEM,
            Family::SlhDsa => Self::SLH_DSA,
        }
    }
}

/// Attributes in the making.
#[derive(Default)]
pub(super) struct List<'a>(Vec<Attribute<'a>>);

impl<'a> List<'a> {
    pub(super) fn of_class(class: Class) -> Self {
        Self::default().with_ulong(AttributeType::CLASS, class.0)
    }

    pub(super) fn of_key(class: Class, key_type: KeyType) -> Self {
        Self::of_class(class).with_ulong(AttributeType::KEY_TYPE, key_type.0)
    }

    pub(super) fn with_each(mut self, attributes: impl IntoIterator<Item = Attribute<'a>>) -> Self {
        self.0.extend(attributes);
        self
    }

    pub(super) fn with(self, attribute: AttributeType, value: &'a [u8]) -> Self {
        self.with_each([Attribute::borrowed(attribute, value)])
    }

    pub(super) fn with_owned(self, attribute: AttributeType, value: Vec<u8>) -> Self {
        self.with_each([Attribute::owned(attribute, value)])
    }

    pub(super) fn with_ulong(self, attribute: AttributeType, value: u32) -> Self {
        self.with_each([Attribute::ulong(attribute, value)])
    }

    /// A big integer, without the zeros that may lead it.
    pub(super) fn with_integer(
        self,
        attribute: AttributeType,
        value: &'a [u8],
    ) -> Result<Self, Error> {
        match integer::trim(value) {
            [] => Err(Error::argument(ErrorKind::Empty)),
            trimmed => Ok(self.with(attribute, trimmed)),
        }
    }

    pub(super) fn with_integers<const N: usize>(
        self,
        integers: [(AttributeType, &'a [u8]); N],
    ) -> Result<Self, Error> {
        let mut integers = integers.into_iter();
        integers.try_fold(self, |list, (attribute, value)| list.with_integer(attribute, value))
    }

    /// The curve of a key; PKCS#11 has none that is told elsewhere (3.2 §6.3.3).
    pub(super) fn with_curve(
        self,
        parameters: EcParameters<'a>,
        forms: Forms,
    ) -> Result<Self, Error> {
        if parameters == EcParameters::Implicit {
            return Err(Error::argument(ErrorKind::UnsuitableCurve));
        }
        // What is in the table by no name or no OBJECT IDENTIFIER stays as it came.
        let known = parameters.curve().and_then(|curve| match forms.curve {
            CurveForm::Name => curve.name_parameters(),
            CurveForm::Oid => Some(curve.into()),
        });
        let parameters = known.unwrap_or(parameters);
        Ok(self.with_owned(AttributeType::EC_PARAMS, parameters.to_der()?))
    }

    pub(super) fn finish(self) -> Attributes<'a> {
        Attributes::new(self.0)
    }
}

/// The values that a caller has, by attribute.
pub(super) struct Values<F>(pub(super) F);

impl<'a, F: Fn(AttributeType) -> Option<&'a [u8]>> Values<F> {
    /// The value, if there is one. Tokens give no bytes for what they do not give away.
    pub(super) fn optional(&self, attribute: AttributeType) -> Option<&'a [u8]> {
        (self.0)(attribute).filter(|value| !value.is_empty())
    }

    pub(super) fn bytes(&self, attribute: AttributeType) -> Result<&'a [u8], Error> {
        let missing = || Error::argument(ErrorKind::MissingAttribute { attribute });
        self.optional(attribute).ok_or_else(missing)
    }

    /// A big integer, without the zeros that may lead it.
    pub(super) fn integer(&self, attribute: AttributeType) -> Result<&'a [u8], Error> {
        self.bytes(attribute).map(integer::trim)
    }

    pub(super) fn ulong(&self, attribute: AttributeType) -> Result<u32, Error> {
        let invalid = || Error::argument(ErrorKind::InvalidAttribute { attribute });
        value::read_ulong(self.bytes(attribute)?).ok_or_else(invalid)
    }

    /// The type of the key, and the error that it is none known here.
    pub(super) fn key_type(&self) -> Result<(KeyType, Error), Error> {
        let attribute = AttributeType::KEY_TYPE;
        let unknown = Error::argument(ErrorKind::InvalidAttribute { attribute });
        Ok((KeyType(self.ulong(attribute)?), unknown))
    }

    /// The curve of a key.
    pub(super) fn curve(&self) -> Result<EcParameters<'a>, Error> {
        let parameters = self.bytes(AttributeType::EC_PARAMS)?;
        EcParameters::from_der(parameters).map_err(Error::of_argument)
    }

    /// The parameter set of a key of this family.
    pub(super) fn parameter_set(&self, family: Family) -> Result<ParameterSet, Error> {
        let attribute = AttributeType::PARAMETER_SET;
        let set = ParameterSet::from_number(family, self.ulong(attribute)?);
        set.ok_or(Error::argument(ErrorKind::InvalidAttribute { attribute }))
    }
}
