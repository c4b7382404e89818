//! Public keys as attributes.

use super::{
    AttributeType, Attributes, Forms,
    list::{Class, KeyType, List, Values},
};
use crate::{
    Error, ErrorKind,
    ec::{self, Curve, CurveKind, EcParameters, PointForm},
    parameter_set::Family,
    pkcs1::RsaPublicKey,
    spki::PublicKey,
};

impl<'a> PublicKey<'a> {
    /// The attributes that C_CreateObject needs to make this key: its class, its type and its
    /// value. What it may be used for, its label and its place are the caller's.
    ///
    /// What has no attribute is lost: to what [`RsaPss`](Self::RsaPss) binds the signatures of a
    /// key (`CKA_ALLOWED_MECHANISMS`, which the caller adds, can say the mechanism), of
    /// Diffie-Hellman parameters the
    /// [size of private values](crate::dh::DhParameters::private_value_bits), and
    /// [cofactor](crate::dh::X942Parameters::cofactor) and
    /// [validation](crate::dh::X942Parameters::validation) of X9.42.
    ///
    /// # Errors
    /// When PKCS#11 has no such key: of another algorithm, on a curve that is told elsewhere,
    /// of DSA without parameters; when a number has no bytes.
    pub fn attributes(&self, forms: Forms) -> Result<Attributes<'a>, Error> {
        let of = |key_type| List::of_key(Class::PUBLIC_KEY, key_type);
        let list = match *self {
            Self::Rsa(key) | Self::RsaPss { key, .. } => of(KeyType::RSA).with_integers([
                (AttributeType::MODULUS, key.modulus),
                (AttributeType::PUBLIC_EXPONENT, key.public_exponent),
            ])?,
            Self::Dsa { parameters, value } => {
                let missing = Error::argument(ErrorKind::MissingParameters);
                let list = of(KeyType::DSA).with_dsa(&parameters.ok_or(missing)?)?;
                list.with_integer(AttributeType::VALUE, value)?
            }
            Self::Dh { parameters, value } => {
                of(KeyType::DH).with_dh(&parameters)?.with_integer(AttributeType::VALUE, value)?
            }
            Self::X942Dh { parameters, value } => {
                let list = of(KeyType::X9_42_DH).with_x942(&parameters)?;
                list.with_integer(AttributeType::VALUE, value)?
            }
            Self::Ec { parameters, point } => {
                let list = of(KeyType::EC).with_curve(parameters, forms)?;
                list.with_owned(AttributeType::EC_POINT, ec::wrap_point(point)?)
            }
            Self::Edwards { curve, key } => {
                of(KeyType::EC_EDWARDS).with_point(curve, key, forms)?
            }
            Self::Montgomery { curve, key } => {
                of(KeyType::EC_MONTGOMERY).with_point(curve, key, forms)?
            }
            Self::PostQuantum { set, key } => of(set.family().into())
                .with_ulong(AttributeType::PARAMETER_SET, set.number())
                .with(AttributeType::VALUE, key),
            Self::Other { .. } => return Err(Error::argument(ErrorKind::UnknownAlgorithm)),
        };
        Ok(list.finish())
    }

    /// The key with these attributes, as C_GetAttributeValue gives them: `value` has the bytes
    /// of each that is asked for, none for those that the token does not give.
    ///
    /// A point may be wrapped or raw: the curve's size tells. Numbers may have leading zeros.
    ///
    /// The attributes tell less than a file may: an RSA key is [`Rsa`](Self::Rsa), whatever its
    /// signatures were bound to, and Diffie-Hellman parameters are their numbers alone.
    ///
    /// # Errors
    /// When an attribute is missing or has no such value ([`ErrorKind::MissingAttribute`],
    /// [`ErrorKind::InvalidAttribute`]), and those of what is read from it; when a key has not
    /// the size of its curve or parameter set ([`ErrorKind::WrongLength`]).
    pub fn from_attributes(
        value: impl Fn(AttributeType) -> Option<&'a [u8]>,
    ) -> Result<Self, Error> {
        let values = Values(value);
        let number = || values.integer(AttributeType::VALUE);
        let (key_type, unknown) = values.key_type()?;
        Ok(match key_type {
            KeyType::RSA => Self::Rsa(RsaPublicKey {
                modulus: values.integer(AttributeType::MODULUS)?,
                public_exponent: values.integer(AttributeType::PUBLIC_EXPONENT)?,
            }),
            KeyType::DSA => Self::Dsa { parameters: Some(values.dsa()?), value: number()? },
            KeyType::DH => Self::Dh { parameters: values.dh()?, value: number()? },
            KeyType::X9_42_DH => Self::X942Dh { parameters: values.x942()?, value: number()? },
            KeyType::EC => {
                let (parameters, point) = values.point()?;
                Self::Ec { parameters, point }
            }
            KeyType::EC_EDWARDS => {
                let (curve, key) = values.point_on(CurveKind::Edwards)?;
                Self::Edwards { curve, key }
            }
            KeyType::EC_MONTGOMERY => {
                let (curve, key) = values.point_on(CurveKind::Montgomery)?;
                Self::Montgomery { curve, key }
            }
            KeyType::ML_DSA => values.post_quantum(Family::MlDsa)?,
            KeyType::ML_KEM => values.post_quantum(Family::MlKem)?,
            KeyType::SLH_DSA => values.post_quantum(Family::SlhDsa)?,
            _ => return Err(unknown),
        })
    }
}

impl<'a> List<'a> {
    fn with_point(self, curve: Curve, key: &'a [u8], forms: Forms) -> Result<Self, Error> {
        let list = self.with_curve(curve.into(), forms)?;
        Ok(match forms.point {
            PointForm::Raw => list.with(AttributeType::EC_POINT, key),
            form => list.with_owned(AttributeType::EC_POINT, form.wrap(key)?),
        })
    }
}

impl<'a, F: Fn(AttributeType) -> Option<&'a [u8]>> Values<F> {
    fn point(&self) -> Result<(EcParameters<'a>, &'a [u8]), Error> {
        let parameters = self.curve()?;
        let point = self.bytes(AttributeType::EC_POINT)?;
        let point = ec::point_from_attribute(&parameters, point).map_err(Error::of_argument)?;
        Ok((parameters, point))
    }

    fn point_on(&self, kind: CurveKind) -> Result<(Curve, &'a [u8]), Error> {
        let (parameters, point) = self.point()?;
        let curve = parameters.curve().filter(|curve| curve.kind() == kind);
        Ok((curve.ok_or(Error::argument(ErrorKind::UnsuitableCurve))?, point))
    }

    fn post_quantum(&self, family: Family) -> Result<PublicKey<'a>, Error> {
        let set = self.parameter_set(family)?;
        let key = self.bytes(AttributeType::VALUE)?;
        set.check_public_key(key).map_err(Error::of_argument)?;
        Ok(PublicKey::PostQuantum { set, key })
    }
}
