//! What this crate's ASN.1 types for `rasn` are made of, and the calls that encode them.
//!
//! `rasn` writes, [`tlv`](crate::tlv) reads. The types are kept private: each module has
//! its own beside the public type, with the schema that it follows.

use alloc::{borrow::Cow, vec::Vec};

use rasn::{
    AsnType, Encode, Encoder,
    types::{Any, Class, Constraints, Identifier, Tag},
};
use zeroize::{Zeroize, Zeroizing};

use crate::{Error, ErrorKind, integer, oid::Oid, tlv};

/// A value of the universal class, as its contents octets.
///
/// `rasn`'s own INTEGER is a big number, its OBJECT IDENTIFIER has 32-bit arcs; octets have
/// neither cost nor limit. Octets that it owns are zeroized, they may be secret.
pub(crate) struct Primitive<'a, const NUMBER: u32>(Cow<'a, [u8]>);

pub(crate) type Integer<'a> = Primitive<'a, 2>;
pub(crate) type BitString<'a> = Primitive<'a, 3>;
pub(crate) type OctetString<'a> = Primitive<'a, 4>;
pub(crate) type Null = Primitive<'static, 5>;
pub(crate) type ObjectIdentifier<'a> = Primitive<'a, 6>;
pub(crate) type Utf8String<'a> = Primitive<'a, 12>;
/// `rasn` sets the bit of constructed values by this number.
pub(crate) type Sequence<'a> = Primitive<'a, 16>;
pub(crate) type PrintableString<'a> = Primitive<'a, 19>;
pub(crate) type Ia5String<'a> = Primitive<'a, 22>;
pub(crate) type UtcTime<'a> = Primitive<'a, 23>;
pub(crate) type GeneralizedTime<'a> = Primitive<'a, 24>;

impl<'a> Integer<'a> {
    pub(crate) fn unsigned(value: &'a [u8]) -> Result<Self, Error> {
        integer::content_from_unsigned(value).map(Self)
    }
}

impl BitString<'_> {
    /// A BIT STRING of whole bytes.
    pub(crate) fn bytes(value: &[u8]) -> Self {
        let mut content = Vec::with_capacity(value.len().saturating_add(1));
        content.push(0);
        content.extend_from_slice(value);
        Self(Cow::Owned(content))
    }
}

impl<'a> OctetString<'a> {
    pub(crate) fn octets(value: &'a [u8]) -> Self {
        Self(Cow::Borrowed(value))
    }
}

impl<'a, const NUMBER: u32> Primitive<'a, NUMBER> {
    /// How many contents octets there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The contents octets are not checked, nor copied: they may be secret.
    pub(crate) fn content(content: &'a [u8]) -> Self {
        Self(Cow::Borrowed(content))
    }

    /// The contents octets are not checked.
    pub(crate) fn owned(content: Vec<u8>) -> Self {
        Self(Cow::Owned(content))
    }
}

impl Null {
    pub(crate) fn null() -> Self {
        Self(Cow::Borrowed(&[]))
    }
}

impl<'a> ObjectIdentifier<'a> {
    pub(crate) fn oid(value: Oid<'a>) -> Self {
        Self(Cow::Borrowed(value.content()))
    }
}

impl<'a> PrintableString<'a> {
    /// The characters are not checked.
    pub(crate) fn text(value: &'a str) -> Self {
        Self(Cow::Borrowed(value.as_bytes()))
    }
}

impl<const NUMBER: u32> Drop for Primitive<'_, NUMBER> {
    fn drop(&mut self) {
        if let Cow::Owned(content) = &mut self.0 {
            content.zeroize();
        }
    }
}

impl<const NUMBER: u32> AsnType for Primitive<'_, NUMBER> {
    const TAG: Tag = Tag::new(Class::Universal, NUMBER);
    const IDENTIFIER: Identifier = Identifier::EMPTY;
}

/// In DER an octet string with another tag is that tag, the length and the octets.
impl<const NUMBER: u32> Encode for Primitive<'_, NUMBER> {
    fn encode_with_tag_and_constraints<'b, E: Encoder<'b>>(
        &self,
        encoder: &mut E,
        tag: Tag,
        constraints: &Constraints,
        identifier: Identifier,
    ) -> Result<(), E::Error> {
        encoder.encode_octet_string(tag, constraints, &self.0, identifier).map(drop)
    }
}

/// One element that is DER already, written as it is; `rasn` keeps a copy that it does not
/// zeroize, so nothing secret: for that, [`Sequence::content`](Primitive::content).
/// Of no bytes it would write nothing, without a word.
pub(crate) fn any(der: &[u8]) -> Result<Any, Error> {
    if der.is_empty() {
        return Err(Error::argument(ErrorKind::Empty));
    }
    Ok(Any::new(Vec::from(der)))
}

/// A PrintableString, its characters checked.
pub(crate) fn printable_string(text: &str) -> Result<Vec<u8>, Error> {
    let der = encode(&PrintableString::text(text))?;
    tlv::decode(&der, |reader| reader.printable_string().map(drop)).map_err(Error::of_argument)?;
    Ok(der)
}

pub(crate) fn encode<T: Encode>(value: &T) -> Result<Vec<u8>, Error> {
    rasn::der::encode(value).map_err(|_| Error::argument(ErrorKind::Encoder))
}

/// Encodes into a buffer that is zeroized when dropped. With `capacity` bytes or fewer to
/// write, the encoder, which works in one buffer, leaves no copy behind.
pub(crate) fn encode_secret<T: Encode>(
    value: &T,
    capacity: usize,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(capacity));
    rasn::der::encode_buf(value, &mut buffer).map_err(|_| Error::argument(ErrorKind::Encoder))?;
    debug_assert!(buffer.len() <= capacity, "the encoder left a copy of a secret behind");
    Ok(buffer)
}
