//! Names that are made here.

use alloc::vec::Vec;

use rasn::{
    AsnType, Encode,
    types::{Any, SetOf},
};

use super::name_attribute::{NameAttributeType, StringType};
use crate::{Error, ErrorKind, der};

/// Makes a [`Name`](super::Name), part after part from the root: country first, common name
/// last.
///
/// Values are UTF8Strings, but where the type wants another: PrintableString in `C`,
/// `serialNumber` and `dnQualifier`, IA5String in `DC` and `emailAddress`.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct NameBuilder<'a> {
    rdns: Vec<Vec<(NameAttributeType, &'a str)>>,
}

impl<'a> NameBuilder<'a> {
    /// The empty name.
    pub const fn new() -> Self {
        Self { rdns: Vec::new() }
    }

    /// Adds a part of one attribute.
    pub fn push(self, kind: NameAttributeType, value: &'a str) -> Self {
        self.push_set(&[(kind, value)])
    }

    /// Adds one part of several attributes, in any order: DER has its own.
    pub fn push_set(mut self, attributes: &[(NameAttributeType, &'a str)]) -> Self {
        self.rdns.push(Vec::from(attributes));
        self
    }

    /// The Name in DER.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] when a part has no attribute, or one no value;
    /// [`ErrorKind::InvalidText`] or [`ErrorKind::InvalidPrintableString`] when a value has
    /// characters that its type does not have; [`ErrorKind::WrongLength`] when a country has
    /// not two letters.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        let rdns = self.rdns.iter().map(|attributes| {
            if attributes.is_empty() {
                return Err(Error::argument(ErrorKind::Empty));
            }
            let attributes = attributes.iter().map(attribute).collect::<Result<Vec<_>, _>>()?;
            Ok(SetOf::from_vec(attributes))
        });
        der::encode(&RdnSequence(rdns.collect::<Result<_, _>>()?))
    }
}

fn attribute(&(kind, value): &(NameAttributeType, &str)) -> Result<Any, Error> {
    if value.is_empty() {
        return Err(Error::argument(ErrorKind::Empty));
    }
    const COUNTRIES: [NameAttributeType; 2] =
        [NameAttributeType::COUNTRY, NameAttributeType::JURISDICTION_COUNTRY];
    if COUNTRIES.contains(&kind) && value.len() != 2 {
        let kind = ErrorKind::WrongLength { expected: 2, found: value.len() };
        return Err(Error::argument(kind));
    }
    let value = match kind.string() {
        StringType::Utf8 => der::encode(&der::Utf8String::content(value.as_bytes()))?,
        StringType::Printable => der::printable_string(value)?,
        StringType::Ia5 if value.is_ascii() => {
            der::encode(&der::Ia5String::content(value.as_bytes()))?
        }
        StringType::Ia5 => return Err(Error::argument(ErrorKind::InvalidText)),
    };
    let attribute = AttributeTypeAndValue {
        kind: der::ObjectIdentifier::oid(kind.oid()),
        value: der::any(&value)?,
    };
    // A SET OF takes what can be hashed and compared: bytes.
    der::any(&der::encode(&attribute)?)
}

/// RFC 5280 §4.1.2.4:
///
/// ```text
/// RDNSequence ::= SEQUENCE OF RelativeDistinguishedName
/// RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
/// ```
#[derive(AsnType, Encode)]
#[rasn(delegate)]
struct RdnSequence(Vec<SetOf<Any>>);

/// RFC 5280 §4.1.2.4:
///
/// ```text
/// AttributeTypeAndValue ::= SEQUENCE {
///     type   OBJECT IDENTIFIER,
///     value  ANY
/// }
/// ```
#[derive(AsnType, Encode)]
struct AttributeTypeAndValue<'a> {
    kind: der::ObjectIdentifier<'a>,
    value: Any,
}
