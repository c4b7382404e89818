//! Curves that are spelt out.

mod schema;

use alloc::vec::Vec;

use rasn::{Encode, types::Any};

use self::schema::{
    CharacteristicTwoSchema, CurveSchema, EcParametersSchema, FieldIdSchema, PentanomialSchema,
};
use super::{FieldKind, point};
use crate::{
    Error, ErrorKind,
    algorithm::AlgorithmIdentifier,
    der, integer,
    oid::Oid,
    tlv::{self, Reader, Tag, Tlv},
};

/// id-fieldType: prime-field and characteristic-two-field, 1.2.840.10045.1.1 and .2.
const PRIME_FIELD: Oid<'_> = Oid::constant(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01, 0x01]);
const BINARY_FIELD: Oid<'_> = Oid::constant(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01, 0x02]);
/// id-characteristic-two-basis: gnBasis, tpBasis, ppBasis, 1.2.840.10045.1.2.3.1 to .3.
const NORMAL: Oid<'_> = Oid::constant(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01, 0x02, 0x03, 0x01]);
const TRINOMIAL: Oid<'_> = Oid::constant(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01, 0x02, 0x03, 0x02]);
const PENTANOMIAL: Oid<'_> = Oid::constant(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01, 0x02, 0x03, 0x03]);

/// ecdpVer1, the one version that need not have a seed (SEC 1 §C.2).
const FIRST_VERSION: u32 = 1;
/// ecdpVer3.
const LAST_VERSION: u32 = 3;

/// A Weierstrass curve spelt out (X9.62, RFC 3279 §2.3.5, SEC 1 §C.2): what
/// [`EcParameters::Explicit`](super::EcParameters::Explicit) holds.
///
/// Which named curve it is, if any, is not told: who trusts parameters because some of them
/// look known is deceived by the rest.
///
/// ```
/// use pkcs11_codec::ec::{Basis, ExplicitParameters, Field};
///
/// // B-163, and what the size of its signatures follows from.
/// # let (order, a, b) = ([0x04; 21], [0; 21], [0x02; 21]);
/// # let base = [&[0x04][..], &a, &b].concat();
/// let curve = ExplicitParameters {
///     version: 1,
///     field: Field::Binary { degree: 163, basis: Basis::Pentanomial { k1: 3, k2: 6, k3: 7 } },
///     a: &a,
///     b: &b,
///     seed: None,
///     base: &base,
///     order: &order,
///     cofactor: Some(&[2]),
///     hash: None,
/// };
/// let der = curve.to_der()?;
/// assert_eq!(ExplicitParameters::from_der(&der)?, curve);
/// assert_eq!((curve.field_bytes(), curve.order_bytes()), (Some(21), 21));
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExplicitParameters<'a> {
    /// 1; where the base point was made verifiably at random from the seed, 2 if the curve was
    /// too, and 3 if it was not (SEC 1 §C.2).
    pub version: u32,
    /// The field of the coordinates.
    pub field: Field<'a>,
    /// The coefficient a, as many bytes as a coordinate or fewer.
    pub a: &'a [u8],
    /// The coefficient b, likewise.
    pub b: &'a [u8],
    /// What a and b, the base point or both were made from; versions 2 and 3 have one.
    pub seed: Option<&'a [u8]>,
    /// The base point G, raw: uncompressed, compressed or hybrid.
    pub base: &'a [u8],
    /// The order n of the base point.
    pub order: &'a [u8],
    /// The cofactor h.
    pub cofactor: Option<&'a [u8]>,
    /// The hash function that made them from the seed (X9.62 of 2005, SEC 1 §C.2).
    pub hash: Option<AlgorithmIdentifier<'a>>,
}

/// The field of a curve that is spelt out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field<'a> {
    /// The integers modulo this prime p.
    Prime(&'a [u8]),
    /// The field of 2^m elements.
    Binary {
        /// m, the degree.
        degree: u32,
        /// How its elements are written.
        basis: Basis<'a>,
    },
    /// Another field; nothing is known of its elements.
    Other {
        /// Which.
        field: Oid<'a>,
        /// Its parameters: one element in DER.
        parameters: &'a [u8],
    },
}

/// How the elements of a binary field are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Basis<'a> {
    /// A Gaussian normal basis.
    Normal,
    /// A polynomial basis, reduced by x^m + x^k + 1.
    Trinomial {
        /// k, above 0 and below the degree.
        k: u32,
    },
    /// A polynomial basis, reduced by x^m + x^k3 + x^k2 + x^k1 + 1.
    Pentanomial {
        /// k1, above 0.
        k1: u32,
        /// k2, above k1.
        k2: u32,
        /// k3, above k2 and below the degree.
        k3: u32,
    },
    /// Another basis.
    Other {
        /// Which.
        basis: Oid<'a>,
        /// Its parameters: one element in DER.
        parameters: &'a [u8],
    },
}

impl<'a> ExplicitParameters<'a> {
    /// Reads ECParameters (RFC 3279 §2.3.5).
    ///
    /// # Errors
    /// When `der` is not exactly that; when a number is negative; when version 2 or 3 has no
    /// seed; [`ErrorKind::InvalidCurve`] when the field or the order cannot be one. Whether the
    /// numbers make a curve, and a safe one, is for the token.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, |reader| match reader.peek() {
            Some(Tag::SEQUENCE) => Self::from_tlv(reader.checked()?),
            _ => Self::from_tlv(reader.element(Tag::SEQUENCE)?),
        })
    }

    /// Reads what is in a SEQUENCE that is known to be DER.
    pub(super) fn from_tlv(tlv: Tlv<'a>) -> Result<Self, Error> {
        tlv.nested(|parameters| {
            let unsupported = ErrorKind::UnsupportedVersion { expected: FIRST_VERSION };
            let unsupported = parameters.error(unsupported);
            let version = parameters.unsigned_u32()?;
            if !(FIRST_VERSION..=LAST_VERSION).contains(&version) {
                return Err(unsupported);
            }
            let field = checked(parameters, Field::read, |field| field.check())?;
            let bytes = field.element_bytes();
            let (a, b, seed) = parameters.sequence(|curve| {
                let element = |curve: &mut Reader<'a>| {
                    checked(curve, Reader::octet_string, |element| check_element(element, bytes))
                };
                let (a, b) = (element(curve)?, element(curve)?);
                let seed = version != FIRST_VERSION || !curve.is_empty();
                Ok((a, b, seed.then(|| curve.bit_string()).transpose()?))
            })?;
            let base = checked(parameters, Reader::octet_string, |base| check_base(base, bytes))?;
            let order = checked(parameters, Reader::unsigned, |order| check_order(order))?;
            let cofactor = parameters.optional(Tag::INTEGER)?.map(Tlv::unsigned).transpose()?;
            let hash = (!parameters.is_empty())
                .then(|| AlgorithmIdentifier::read(parameters))
                .transpose()?;
            Ok(Self { version, field, a, b, seed, base, order, cofactor, hash })
        })
    }

    /// The ECParameters in DER.
    ///
    /// # Errors
    /// When they are not what [`from_der`](Self::from_der) reads.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        let der = der::encode(&EcParametersSchema {
            version: self.version,
            field_id: self.field.schema()?,
            curve: CurveSchema {
                a: der::OctetString::octets(self.a),
                b: der::OctetString::octets(self.b),
                seed: self.seed.map(|seed| any(&der::BitString::bytes(seed))).transpose()?,
            },
            base: der::OctetString::octets(self.base),
            order: der::Integer::unsigned(self.order)?,
            cofactor: self
                .cofactor
                .map(|cofactor| any(&der::Integer::unsigned(cofactor)?))
                .transpose()?,
            hash: self.hash.map(|hash| any(&hash.schema()?)).transpose()?,
        })?;
        ExplicitParameters::from_der(&der).map_err(Error::of_argument)?;
        Ok(der)
    }

    /// What the field is, if it is a known one.
    #[must_use]
    pub const fn field_kind(&self) -> Option<FieldKind> {
        match self.field {
            Field::Prime(_) => Some(FieldKind::Prime),
            Field::Binary { .. } => Some(FieldKind::Binary),
            Field::Other { .. } => None,
        }
    }

    /// The size in bits of the field, if it is a known one: of its prime, or its degree.
    #[must_use]
    pub fn field_bits(&self) -> Option<usize> {
        self.field.bits()
    }

    /// The size of a coordinate in bytes, if the field is a known one.
    #[must_use]
    pub fn field_bytes(&self) -> Option<usize> {
        self.field.element_bytes()
    }

    /// The size in bytes of the order of the base point, and so of r and of s.
    #[must_use]
    pub fn order_bytes(&self) -> usize {
        integer::trim(self.order).len()
    }
}

impl<'a> Field<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.sequence(|id| match id.oid()? {
            PRIME_FIELD => id.unsigned().map(Self::Prime),
            BINARY_FIELD => id.sequence(|field| {
                Ok(Self::Binary { degree: field.unsigned_u32()?, basis: Basis::read(field)? })
            }),
            field => Ok(Self::Other { field, parameters: id.any()?.der() }),
        })
    }

    fn check(&self) -> Result<(), Error> {
        let good = match self {
            // Odd and above 3: a curve over other fields has another equation.
            Self::Prime([] | [0..=3]) => false,
            Self::Prime([.., last]) => last & 1 == 1,
            Self::Binary { degree, basis } => basis.fits(*degree),
            Self::Other { .. } => true,
        };
        if good { Ok(()) } else { Err(Error::at(0, ErrorKind::InvalidCurve)) }
    }

    fn bits(&self) -> Option<usize> {
        match self {
            Self::Prime(prime) => {
                let prime = integer::trim(prime);
                let unused = usize::try_from(prime.first()?.leading_zeros()).ok()?;
                prime.len().checked_mul(8)?.checked_sub(unused)
            }
            Self::Binary { degree, .. } => usize::try_from(*degree).ok(),
            Self::Other { .. } => None,
        }
    }

    fn element_bytes(&self) -> Option<usize> {
        self.bits().map(|bits| bits.div_ceil(8))
    }

    fn schema(&self) -> Result<FieldIdSchema<'a>, Error> {
        let (field, parameters) = match self {
            Self::Prime(prime) => (PRIME_FIELD, der::encode(&der::Integer::unsigned(prime)?)?),
            Self::Binary { degree, basis } => {
                let (basis, parameters) = basis.identifier_and_parameters()?;
                let field = CharacteristicTwoSchema {
                    m: *degree,
                    basis: der::ObjectIdentifier::oid(basis),
                    parameters: der::any(&parameters)?,
                };
                (BINARY_FIELD, der::encode(&field)?)
            }
            Self::Other { field, parameters } => (*field, Vec::from(*parameters)),
        };
        Ok(FieldIdSchema {
            field_type: der::ObjectIdentifier::oid(field),
            parameters: der::any(&parameters)?,
        })
    }
}

impl<'a> Basis<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        match reader.oid()? {
            NORMAL => reader.null().map(|()| Self::Normal),
            TRINOMIAL => Ok(Self::Trinomial { k: reader.unsigned_u32()? }),
            PENTANOMIAL => reader.sequence(|k| {
                let (k1, k2, k3) = (k.unsigned_u32()?, k.unsigned_u32()?, k.unsigned_u32()?);
                Ok(Self::Pentanomial { k1, k2, k3 })
            }),
            basis => Ok(Self::Other { basis, parameters: reader.any()?.der() }),
        }
    }

    /// Whether the polynomial has this degree.
    fn fits(&self, degree: u32) -> bool {
        match *self {
            Self::Normal | Self::Other { .. } => degree > 0,
            Self::Trinomial { k } => 0 < k && k < degree,
            Self::Pentanomial { k1, k2, k3 } => 0 < k1 && k1 < k2 && k2 < k3 && k3 < degree,
        }
    }

    fn identifier_and_parameters(&self) -> Result<(Oid<'a>, Vec<u8>), Error> {
        Ok(match *self {
            Self::Normal => (NORMAL, der::encode(&der::Null::null())?),
            Self::Trinomial { k } => (TRINOMIAL, der::encode(&k)?),
            Self::Pentanomial { k1, k2, k3 } => {
                (PENTANOMIAL, der::encode(&PentanomialSchema { k1, k2, k3 })?)
            }
            Self::Other { basis, parameters } => (basis, Vec::from(parameters)),
        })
    }
}

/// A value in a place of its own: `rasn` has no optional fields that borrow without a tag.
fn any(value: &impl Encode) -> Result<Any, Error> {
    der::any(&der::encode(value)?)
}

/// Reads a value and checks it; the check's error stands where the value starts.
fn checked<'a, T>(
    reader: &mut Reader<'a>,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    check: impl FnOnce(&T) -> Result<(), Error>,
) -> Result<T, Error> {
    let position = reader.position();
    let value = read(reader)?;
    check(&value).map_err(|error| Error::at(position, error.kind()))?;
    Ok(value)
}

/// OpenSSL once left leading zeros out, so a coefficient may be shorter than a coordinate.
fn check_element(element: &[u8], field_bytes: Option<usize>) -> Result<(), Error> {
    match (element, field_bytes) {
        ([], _) => Err(Error::at(0, ErrorKind::Empty)),
        (_, Some(max_bytes)) if element.len() > max_bytes => {
            Err(Error::at(0, ErrorKind::IntegerTooLarge { max_bytes }))
        }
        _ => Ok(()),
    }
}

/// A base point may be hybrid (X9.62 §4.3.6), which says no more than an uncompressed one.
fn check_base(base: &[u8], field_bytes: Option<usize>) -> Result<(), Error> {
    match (base, field_bytes) {
        ([], _) => Err(Error::at(0, ErrorKind::Empty)),
        ([0x06 | 0x07, ..], Some(bytes)) => {
            point::check_length(base, point::uncompressed_bytes(bytes))
        }
        (_, Some(bytes)) => point::check(base, bytes),
        (_, None) => Ok(()),
    }
}

fn check_order(order: &[u8]) -> Result<(), Error> {
    match integer::trim(order) {
        [] | [0..=1] => Err(Error::at(0, ErrorKind::InvalidCurve)),
        _ => Ok(()),
    }
}
