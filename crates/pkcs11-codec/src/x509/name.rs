//! Names (RFC 5280 §4.1.2.4): the bytes as they came, and what is in them when asked for.

use alloc::{borrow::Cow, string::String};
use core::{
    fmt,
    hash::{Hash, Hasher},
};

use crate::{
    Error, ErrorKind,
    oid::Oid,
    tlv::{self, Elements, Reader, Tag, Tlv},
};

/// A distinguished name: the value of `CKA_SUBJECT` and `CKA_ISSUER`.
///
/// Names are equal when their bytes are, as tokens compare them. `Display` writes RFC 4514.
///
/// ```
/// use pkcs11_codec::x509::{NameAttributeType, Name, NameBuilder};
///
/// let der = NameBuilder::new()
///     .push(NameAttributeType::COUNTRY, "DE")
///     .push(NameAttributeType::ORGANIZATION, "Büro, innen")
///     .push(NameAttributeType::COMMON_NAME, "www.example.org")
///     .to_der()?;
/// let name = Name::from_der(&der)?;
/// assert_eq!(name.to_string(), r"CN=www.example.org,O=Büro\, innen,C=DE");
/// assert_eq!(name.find(NameAttributeType::COUNTRY)?.as_deref(), Some("DE"));
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Name<'a>(Tlv<'a>);

impl<'a> Name<'a> {
    /// Takes `der` for a name; what is in it is not looked at.
    ///
    /// # Errors
    /// When it is not exactly one SEQUENCE.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, Self::read)
    }

    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.element(Tag::SEQUENCE).map(Self)
    }

    /// The bytes of the name, as they came.
    #[must_use]
    pub const fn der(&self) -> &'a [u8] {
        self.0.der()
    }

    /// Whether nothing is in it: the subject of a certificate that names it in the
    /// subjectAltName only.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.value().is_empty()
    }

    /// The attributes, in the order of the bytes: the country mostly first.
    #[must_use]
    pub const fn attributes(&self) -> NameAttributes<'a> {
        NameAttributes { rdns: self.0.elements(), rdn: Elements::EMPTY, index: 0 }
    }

    /// The text of the last attribute of this type, which is the most specific.
    ///
    /// # Errors
    /// When a part of the name before it is broken, or it is no text.
    pub fn find(&self, kind: super::NameAttributeType) -> Result<Option<Cow<'a, str>>, Error> {
        let mut found = None;
        for attribute in self.attributes() {
            let attribute = attribute?;
            if attribute.oid == kind.oid() {
                found = Some(attribute);
            }
        }
        found.map(|attribute| attribute.text()).transpose()
    }
}

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.der() == other.der()
    }
}

impl Eq for Name<'_> {}

impl Hash for Name<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.der().hash(state);
    }
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Name({self})")
    }
}

/// One attribute of a name: the AttributeTypeAndValue of RFC 5280.
#[derive(Debug, Clone, Copy)]
pub struct NameAttribute<'a> {
    /// The place of its RelativeDistinguishedName in the name, from 0; attributes of the same
    /// one have the same.
    pub rdn: usize,
    /// The type.
    pub oid: Oid<'a>,
    /// What stands behind the type: one element in DER if the rules were kept.
    pub value: &'a [u8],
    position: usize,
}

impl<'a> NameAttribute<'a> {
    /// The value as text.
    ///
    /// A TeletexString is read as ISO 8859-1, which is what is written there.
    ///
    /// # Errors
    /// When the value is not one string with the characters of its type.
    pub fn text(&self) -> Result<Cow<'a, str>, Error> {
        tlv::decode(self.value, |reader| text(reader.any()?))
            .map_err(|error| error.offset_by(self.position))
    }
}

/// The characters of a DirectoryString, an IA5String, or a string like it.
pub(crate) fn text(tlv: Tlv<'_>) -> Result<Cow<'_, str>, Error> {
    let value = tlv.value();
    let invalid = tlv.error(ErrorKind::InvalidText);
    match tlv.tag() {
        Tag::PRINTABLE_STRING => tlv.printable_string().map(Cow::Borrowed),
        Tag::UTF8_STRING => core::str::from_utf8(value).map(Cow::Borrowed).map_err(|_| invalid),
        Tag::IA5_STRING | NUMERIC_STRING | VISIBLE_STRING => ascii(tlv).map(Cow::Borrowed),
        Tag::TELETEX_STRING => Ok(value.iter().copied().map(char::from).collect()),
        Tag::BMP_STRING => {
            let (units, rest) = value.as_chunks::<2>();
            let units = units.iter().copied().map(u16::from_be_bytes);
            let text = char::decode_utf16(units).collect::<Result<String, _>>();
            text.ok().filter(|_| rest.is_empty()).map(Cow::Owned).ok_or(invalid)
        }
        Tag::UNIVERSAL_STRING => {
            let (units, rest) = value.as_chunks::<4>();
            let units = units.iter().copied().map(u32::from_be_bytes);
            let text = units.map(char::from_u32).collect::<Option<String>>();
            text.filter(|_| rest.is_empty()).map(Cow::Owned).ok_or(invalid)
        }
        _ => Err(invalid),
    }
}

const NUMERIC_STRING: Tag = Tag::from_octet(0x12);
const VISIBLE_STRING: Tag = Tag::from_octet(0x1a);

/// The characters of an IA5String.
pub(super) fn ascii(tlv: Tlv<'_>) -> Result<&str, Error> {
    let text = core::str::from_utf8(tlv.value()).ok().filter(|text| text.is_ascii());
    text.ok_or_else(|| tlv.error(ErrorKind::InvalidText))
}

/// The attributes of a name; ends after the first error.
#[derive(Debug, Clone)]
pub struct NameAttributes<'a> {
    rdns: Elements<'a>,
    rdn: Elements<'a>,
    /// Of the RelativeDistinguishedName behind `rdn`.
    index: usize,
}

impl<'a> Iterator for NameAttributes<'a> {
    type Item = Result<NameAttribute<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        // Not once only: a SET may have nothing in it.
        while self.rdn.is_empty() {
            match self.rdns.next_with(|rdns| rdns.element(Tag::SET))? {
                Ok(set) => self.rdn = set.elements(),
                Err(error) => return Some(Err(error)),
            }
            self.index = self.index.saturating_add(1);
        }
        let rdn = self.index.saturating_sub(1);
        let next = self.rdn.next_with(|reader| {
            reader.sequence(|attribute| {
                let (oid, position) = (attribute.oid()?, attribute.position());
                Ok(NameAttribute { rdn, oid, value: attribute.rest(), position })
            })
        });
        if let Some(Err(_)) = next {
            self.rdns = Elements::EMPTY;
        }
        next
    }
}
