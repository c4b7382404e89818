//! Private keys of RFC 5915.

use alloc::{vec, vec::Vec};
use core::fmt;

use rasn::{AsnType, Encode, Encoder, types::Any};
use zeroize::Zeroizing;

use super::EcParameters;
use crate::{
    Error, ErrorKind, der, integer,
    tlv::{self, Reader, Tag},
};

/// The only version there is: ecPrivkeyVer1.
const VERSION: u32 = 1;
const PARAMETERS: Tag = Tag::context_constructed(0);
const PUBLIC_KEY: Tag = Tag::context_constructed(1);

/// A private key on a Weierstrass curve, as `openssl ecparam -genkey` writes it (RFC 5915,
/// SEC 1 §C.4) and as it lies inside PKCS#8.
///
/// It borrows: nothing secret is copied by reading, and the bytes stay with their owner,
/// who does well to keep them in a [`Zeroizing`] buffer. There is no `Clone`, and `Debug`
/// shows the public part only.
///
/// ```
/// use pkcs11_codec::ec::{Curve, EcPrivateKey};
///
/// # let value = [0x17; 32];
/// let key = EcPrivateKey::new(Some(Curve::P256.into()), &value, None);
/// let der = key.to_der()?;
/// assert_eq!(der[..7], [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20]);
///
/// let read = EcPrivateKey::from_der(&der)?;
/// assert_eq!(read.parameters.and_then(|parameters| parameters.curve()), Some(Curve::P256));
/// assert_eq!(read.value, value);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
pub struct EcPrivateKey<'a> {
    /// The curve, `CKA_EC_PARAMS`. RFC 5915 wants it; inside PKCS#8 it may be left to the
    /// algorithm's parameters.
    pub parameters: Option<EcParameters<'a>>,
    /// d, big-endian, in as many bytes as came here. `CKA_VALUE` is
    /// [`big_integer`](Self::big_integer) or [`padded`](Self::padded).
    pub value: &'a [u8],
    /// The raw point of the public key: what [`wrap_point`](super::wrap_point) makes a
    /// `CKA_EC_POINT`.
    pub point: Option<&'a [u8]>,
    /// Whether `value` is written in the bytes that it has: it was read so.
    as_read: bool,
}

impl<'a> EcPrivateKey<'a> {
    /// A key of its parts. RFC 5915 §3 has a value of as many bytes as the curve's order: where
    /// the curve is known, [`to_der`](Self::to_der) writes that many, however many these are.
    ///
    /// ```
    /// use pkcs11_codec::ec::{Curve, EcPrivateKey};
    ///
    /// // Big integers of PKCS#11 have no zeros before them.
    /// let der = EcPrivateKey::new(Some(Curve::P256.into()), &[7], None).to_der()?;
    /// let read = EcPrivateKey::from_der(&der)?;
    /// assert_eq!((read.value.len(), read.big_integer()), (32, &[7][..]));
    /// # Ok::<(), pkcs11_codec::Error>(())
    /// ```
    #[must_use]
    pub const fn new(
        parameters: Option<EcParameters<'a>>,
        value: &'a [u8],
        point: Option<&'a [u8]>,
    ) -> Self {
        Self { parameters, value, point, as_read: false }
    }

    /// Reads an ECPrivateKey (RFC 5915 §3).
    ///
    /// # Errors
    /// When `der` is not exactly that; when the value is empty or larger than the order of a
    /// known curve has room for, leading zeros left out; when the point has not the form or
    /// the size that a known curve implies.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, |reader| Self::read(reader, None))
    }

    /// Reads the key; `outer` are the parameters of the AlgorithmIdentifier beside it.
    pub(crate) fn read(
        reader: &mut Reader<'a>,
        outer: Option<EcParameters<'a>>,
    ) -> Result<Self, Error> {
        reader.sequence(|key| {
            let unsupported = key.error(ErrorKind::UnsupportedVersion { expected: VERSION });
            if key.unsigned_u32()? != VERSION {
                return Err(unsupported);
            }
            let value_position = key.position();
            let value = key.octet_string()?;
            let parameters_position = key.position();
            let parameters = key.optional_nested(PARAMETERS, EcParameters::read)?;
            let point_position = key.position();
            let point = key.optional_nested(PUBLIC_KEY, Reader::bit_string)?;
            let read = Self { parameters, value, point, as_read: true };
            let at = |position| move |error: Error| Error::at(position, error.kind());
            let curve = read.check_parameters(outer).map_err(at(parameters_position))?;
            check_value(value, curve).map_err(at(value_position))?;
            check_point(point, curve).map_err(at(point_position))?;
            Ok(read)
        })
    }

    /// The ECPrivateKey in DER, in a buffer that is zeroized when dropped. A curve by its
    /// name is written as its OBJECT IDENTIFIER.
    ///
    /// A key that was read is written to the same bytes, also if its value has fewer or more
    /// than RFC 5915 wants.
    ///
    /// # Errors
    /// When the key has not the form that [`from_der`](Self::from_der) reads, or the curve is
    /// of another kind or has no known OBJECT IDENTIFIER.
    pub fn to_der(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.encode(None)
    }

    /// As [`to_der`](Self::to_der), with the parameters of the AlgorithmIdentifier beside it.
    pub(crate) fn encode(
        &self,
        outer: Option<EcParameters<'a>>,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        /// Tags, lengths, the version and the count of unused bits.
        const OVERHEAD: usize = 64;
        let order_bytes = self.check(outer).map_err(Error::of_argument)?;
        let padded = match order_bytes {
            Some(order_bytes) if !self.as_read => Some(self.padded(order_bytes)?),
            _ => None,
        };
        let value = padded.as_ref().map_or(self.value, |padded| padded);
        let parameters = match self.parameters {
            Some(parameters) => Some(parameters.without_name()?.to_der()?),
            None => None,
        };
        let parts = [value, self.point.unwrap_or(&[]), parameters.as_deref().unwrap_or(&[])];
        let capacity = parts.iter().fold(OVERHEAD, |sum, part| sum.saturating_add(part.len()));
        let schema = EcPrivateKeySchema {
            version: VERSION,
            private_key: der::OctetString::octets(value),
            parameters: parameters.as_deref().map(der::any).transpose()?,
            public_key: self.point.map(der::BitString::bytes),
        };
        der::encode_secret(&schema, capacity)
    }

    /// The value without leading zeros: the "Big integer" that `CKA_VALUE` is by the
    /// standard.
    #[must_use]
    pub fn big_integer(&self) -> &'a [u8] {
        integer::trim(self.value)
    }

    /// The value in as many bytes as the curve's order has: what `CKA_VALUE` is for tokens
    /// that want it so, and RFC 5915 §3 wants too.
    ///
    /// # Errors
    /// [`ErrorKind::IntegerTooLarge`] when it has no room there, and
    /// [`ErrorKind::UnsupportedOrder`] for an order of no bytes.
    pub fn padded(&self, order_bytes: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        if order_bytes == 0 {
            return Err(Error::argument(ErrorKind::UnsupportedOrder));
        }
        let mut padded = Zeroizing::new(vec![0; order_bytes]);
        integer::write_padded(self.value, &mut padded).map_err(Error::of_argument)?;
        Ok(padded)
    }

    /// Checks the curve and the sizes; `outer` are the parameters beside the key. Gives the
    /// size of the order, where it is known.
    pub(crate) fn check(&self, outer: Option<EcParameters<'_>>) -> Result<Option<usize>, Error> {
        let parameters = self.check_parameters(outer)?;
        check_value(self.value, parameters)?;
        check_point(self.point, parameters)?;
        Ok(parameters.and_then(|parameters| parameters.order_bytes()))
    }

    /// The parameters that hold for the key, its own or those beside it; both are the same.
    fn check_parameters<'b>(
        &self,
        outer: Option<EcParameters<'b>>,
    ) -> Result<Option<EcParameters<'b>>, Error>
    where
        'a: 'b,
    {
        let parameters = match (self.parameters, outer) {
            (Some(inner), Some(outer)) if inner != outer => {
                return Err(Error::at(0, ErrorKind::DifferentCurves));
            }
            (inner, outer) => inner.or(outer),
        };
        parameters.map_or(Ok(()), |parameters| parameters.check_weierstrass())?;
        Ok(parameters)
    }
}

fn check_value(value: &[u8], parameters: Option<EcParameters<'_>>) -> Result<(), Error> {
    if value.is_empty() {
        return Err(Error::at(0, ErrorKind::Empty));
    }
    match parameters.and_then(|parameters| parameters.order_bytes()) {
        Some(max_bytes) if integer::trim(value).len() > max_bytes => {
            Err(Error::at(0, ErrorKind::IntegerTooLarge { max_bytes }))
        }
        _ => Ok(()),
    }
}

fn check_point(point: Option<&[u8]>, parameters: Option<EcParameters<'_>>) -> Result<(), Error> {
    match (point, parameters) {
        (None, _) => Ok(()),
        (Some(point), Some(parameters)) => parameters.check_point(point),
        (Some(point), None) => super::point::check_form(point),
    }
}

/// Shows the public part.
impl fmt::Debug for EcPrivateKey<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EcPrivateKey")
            .field("parameters", &self.parameters)
            .field("point", &self.point)
            .finish_non_exhaustive()
    }
}

/// RFC 5915 §3:
///
/// ```text
/// ECPrivateKey ::= SEQUENCE {
///     version        INTEGER { ecPrivkeyVer1(1) } (ecPrivkeyVer1),
///     privateKey     OCTET STRING,
///     parameters [0] ECParameters {{ NamedCurve }} OPTIONAL,
///     publicKey  [1] BIT STRING OPTIONAL
/// }
/// ```
///
/// SEC 1 §C.4 has the other choices of the parameters too; the tags are explicit.
#[derive(AsnType, Encode)]
struct EcPrivateKeySchema<'a> {
    version: u32,
    private_key: der::OctetString<'a>,
    #[rasn(tag(explicit(context, 0)))]
    parameters: Option<Any>,
    #[rasn(tag(explicit(context, 1)))]
    public_key: Option<der::BitString<'a>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ec::Curve;

    const P256: EcParameters<'static> = EcParameters::Named(Curve::P256.oid());

    fn key<'a>(parameters: Option<EcParameters<'a>>, value: &'a [u8]) -> EcPrivateKey<'a> {
        EcPrivateKey::new(parameters, value, Some(&[0x02; 33]))
    }

    /// Reads what has no parameters, or has P-256's, beside these in PKCS#8.
    fn read(der: &[u8], outer: EcParameters<'_>) -> Result<(), Error> {
        tlv::decode(der, |reader| EcPrivateKey::read(reader, Some(outer)).map(drop))
    }

    #[test]
    fn outer_parameters_hold_for_the_key() {
        let der = key(None, &[0x17; 32]).encode(Some(P256)).unwrap();
        assert_eq!(read(&der, P256), Ok(()));
        // Version, value and point lie at 2, 5 and 39.
        let wrong = ErrorKind::WrongLength { expected: 49, found: 33 };
        assert_eq!(read(&der, Curve::P384.into()), Err(Error::at(39, wrong)));
        let too_large = ErrorKind::IntegerTooLarge { max_bytes: 28 };
        assert_eq!(read(&der, Curve::P224.into()), Err(Error::at(5, too_large)));
        let unsuitable = ErrorKind::UnsuitableCurve;
        assert_eq!(read(&der, Curve::X25519.into()), Err(Error::at(39, unsuitable)));

        let long = key(None, &[0x17; 33]);
        let too_large = ErrorKind::IntegerTooLarge { max_bytes: 32 };
        assert_eq!(long.encode(Some(P256)).unwrap_err(), Error::argument(too_large));
    }

    #[test]
    fn inner_and_outer_parameters_are_the_same() {
        let both = key(Some(P256), &[0x17; 32]);
        let der = both.encode(Some(P256)).unwrap();
        assert_eq!(der, both.to_der().unwrap());
        assert_eq!(read(&der, P256), Ok(()));
        for other in [Curve::SM2.into(), EcParameters::Implicit] {
            let different = ErrorKind::DifferentCurves;
            assert_eq!(read(&der, other), Err(Error::at(39, different)));
            assert_eq!(both.encode(Some(other)).unwrap_err(), Error::argument(different));
        }
    }
}
