//! GeneralName: the names of subjectAltName and its like (RFC 5280 §4.2.1.6).

use alloc::vec::Vec;
use core::{fmt, net::IpAddr};

use rasn::{AsnType, Encode, Encoder as _, types::Any};

use super::{Name, name};
use crate::{
    Error, ErrorKind, der,
    oid::Oid,
    tlv::{self, Elements, Reader, Tag, Tlv},
};

/// A name of a host, a mailbox, a machine …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GeneralName<'a> {
    /// otherName \[0\]: of a type that others have defined.
    Other {
        /// The type.
        type_id: Oid<'a>,
        /// The value: one element in DER, which is not checked further.
        value: &'a [u8],
    },
    /// rfc822Name \[1\]: a mailbox.
    Email(&'a str),
    /// dNSName \[2\]: a host, perhaps with `*` for its first label.
    Dns(&'a str),
    /// x400Address \[3\]: the contents octets, unread.
    X400Address(&'a [u8]),
    /// directoryName \[4\].
    Directory(Name<'a>),
    /// ediPartyName \[5\]: the contents octets, unread.
    EdiParty(&'a [u8]),
    /// uniformResourceIdentifier \[6\].
    Uri(&'a str),
    /// iPAddress \[7\].
    Ip(IpAddr),
    /// registeredID \[8\].
    RegisteredId(Oid<'a>),
}

/// As OpenSSL shows it: `DNS:www.example.org`. Control characters are escaped.
impl fmt::Display for GeneralName<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other { type_id, .. } => write!(formatter, "othername:{type_id}"),
            Self::Email(text) => write!(formatter, "email:{}", text.escape_default()),
            Self::Dns(text) => write!(formatter, "DNS:{}", text.escape_default()),
            Self::X400Address(_) => formatter.write_str("X400Name"),
            Self::Directory(name) => write!(formatter, "DirName:{name}"),
            Self::EdiParty(_) => formatter.write_str("EdiPartyName"),
            Self::Uri(text) => write!(formatter, "URI:{}", text.escape_default()),
            Self::Ip(address) => write!(formatter, "IP Address:{address}"),
            Self::RegisteredId(oid) => write!(formatter, "Registered ID:{oid}"),
        }
    }
}

impl<'a> GeneralName<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        const OTHER: Tag = Tag::context_constructed(0);
        const EMAIL: Tag = Tag::context(1);
        const DNS: Tag = Tag::context(2);
        const X400: Tag = Tag::context_constructed(3);
        const DIRECTORY: Tag = Tag::context_constructed(4);
        const EDI_PARTY: Tag = Tag::context_constructed(5);
        const URI: Tag = Tag::context(6);
        const IP: Tag = Tag::context(7);
        const REGISTERED_ID: Tag = Tag::context(8);

        let tlv = reader.any()?;
        match tlv.tag() {
            OTHER => tlv.nested(|other| {
                let type_id = other.oid()?;
                let value = other.nested(Tag::context_constructed(0), Reader::any)?.der();
                Ok(Self::Other { type_id, value })
            }),
            EMAIL => name::ascii(tlv).map(Self::Email),
            DNS => name::ascii(tlv).map(Self::Dns),
            X400 => Ok(Self::X400Address(tlv.value())),
            DIRECTORY => tlv.nested(Name::read).map(Self::Directory),
            EDI_PARTY => Ok(Self::EdiParty(tlv.value())),
            URI => name::ascii(tlv).map(Self::Uri),
            IP => address(tlv).map(Self::Ip),
            REGISTERED_ID => tlv.oid().map(Self::RegisteredId),
            found => Err(Error::at(tlv.position(), ErrorKind::UnknownGeneralName { found })),
        }
    }

    fn schema(&self) -> Result<GeneralNameSchema<'a>, Error> {
        let ascii = |text: &'a str| match text {
            "" => Err(Error::argument(ErrorKind::Empty)),
            text if text.is_ascii() => Ok(der::Ia5String::content(text.as_bytes())),
            _ => Err(Error::argument(ErrorKind::InvalidText)),
        };
        Ok(match self {
            Self::Other { type_id, value } => GeneralNameSchema::Other(OtherName {
                type_id: der::ObjectIdentifier::oid(*type_id),
                value: checked(value, |value| value.checked().map(drop))?,
            }),
            Self::Email(text) => GeneralNameSchema::Email(ascii(text)?),
            Self::Dns(text) => GeneralNameSchema::Dns(ascii(text)?),
            Self::X400Address(content) => GeneralNameSchema::X400Address(Elsewhere::of(content)?),
            Self::Directory(name) => GeneralNameSchema::Directory(super::name(name.der())?),
            Self::EdiParty(content) => GeneralNameSchema::EdiParty(Elsewhere::of(content)?),
            Self::Uri(text) => GeneralNameSchema::Uri(ascii(text)?),
            Self::Ip(IpAddr::V4(address)) => {
                GeneralNameSchema::Ip(der::OctetString::owned(Vec::from(address.octets())))
            }
            Self::Ip(IpAddr::V6(address)) => {
                GeneralNameSchema::Ip(der::OctetString::owned(Vec::from(address.octets())))
            }
            Self::RegisteredId(oid) => {
                GeneralNameSchema::RegisteredId(der::ObjectIdentifier::oid(*oid))
            }
        })
    }
}

fn address(tlv: Tlv<'_>) -> Result<IpAddr, Error> {
    let octets = tlv.value();
    let v4 = <[u8; 4]>::try_from(octets).map(IpAddr::from);
    let address = v4.or_else(|_| <[u8; 16]>::try_from(octets).map(IpAddr::from));
    address.map_err(|_| tlv.error(ErrorKind::InvalidAddress))
}

/// A list of [`GeneralName`], read one by one.
#[derive(Clone, Copy)]
pub struct GeneralNames<'a>(Tlv<'a>);

impl<'a> GeneralNames<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.element(Tag::SEQUENCE).map(Self)
    }

    /// Behind an IMPLICIT tag.
    pub(super) const fn from_tlv(tlv: Tlv<'a>) -> Self {
        Self(tlv)
    }

    /// The names in their order.
    #[must_use]
    pub const fn iter(&self) -> GeneralNameIter<'a> {
        GeneralNameIter(self.0.elements())
    }

    pub(super) fn schema(&self) -> Result<Vec<GeneralNameSchema<'a>>, Error> {
        if self.0.value().is_empty() {
            return Err(self.0.error(ErrorKind::Empty));
        }
        self.iter().map(|name| name?.schema()).collect()
    }

    pub(super) fn written(&self) -> Result<Vec<u8>, Error> {
        der::encode(&GeneralNamesSchema(self.schema()?))
    }

    /// The GeneralNames in DER for these names.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] when there is none, or a text is empty; [`ErrorKind::InvalidText`]
    /// when a text is not ASCII: hosts are written as `xn--` there; when what is not read
    /// further is no DER.
    pub fn encode(names: &[GeneralName<'_>]) -> Result<Vec<u8>, Error> {
        if names.is_empty() {
            return Err(Error::argument(ErrorKind::Empty));
        }
        let names = names.iter().map(GeneralName::schema).collect::<Result<_, _>>()?;
        der::encode(&GeneralNamesSchema(names))
    }
}

/// By the bytes.
impl PartialEq for GeneralNames<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.value() == other.0.value()
    }
}

impl Eq for GeneralNames<'_> {}

impl core::fmt::Debug for GeneralNames<'_> {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

impl<'a> IntoIterator for GeneralNames<'a> {
    type Item = Result<GeneralName<'a>, Error>;
    type IntoIter = GeneralNameIter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Iterator over names; ends after the first error.
#[derive(Debug, Clone)]
pub struct GeneralNameIter<'a>(Elements<'a>);

impl<'a> Iterator for GeneralNameIter<'a> {
    type Item = Result<GeneralName<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next_with(GeneralName::read)
    }
}

/// RFC 5280 §4.2.1.6:
///
/// ```text
/// GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName
/// ```
#[derive(AsnType, Encode)]
#[rasn(delegate)]
struct GeneralNamesSchema<'a>(Vec<GeneralNameSchema<'a>>);

/// RFC 5280 §4.2.1.6, in a module with IMPLICIT tags:
///
/// ```text
/// GeneralName ::= CHOICE {
///     otherName                  [0] OtherName,
///     rfc822Name                 [1] IA5String,
///     dNSName                    [2] IA5String,
///     x400Address                [3] ORAddress,
///     directoryName              [4] Name,  -- a CHOICE, so EXPLICIT
///     ediPartyName               [5] EDIPartyName,
///     uniformResourceIdentifier  [6] IA5String,
///     iPAddress                  [7] OCTET STRING,
///     registeredID               [8] OBJECT IDENTIFIER
/// }
/// ```
#[derive(AsnType, Encode)]
#[rasn(choice)]
pub(super) enum GeneralNameSchema<'a> {
    #[rasn(tag(context, 0))]
    Other(OtherName<'a>),
    #[rasn(tag(context, 1))]
    Email(der::Ia5String<'a>),
    #[rasn(tag(context, 2))]
    Dns(der::Ia5String<'a>),
    #[rasn(tag(context, 3))]
    X400Address(Elsewhere),
    #[rasn(tag(explicit(context, 4)))]
    Directory(Any),
    #[rasn(tag(context, 5))]
    EdiParty(Elsewhere),
    #[rasn(tag(context, 6))]
    Uri(der::Ia5String<'a>),
    #[rasn(tag(context, 7))]
    Ip(der::OctetString<'a>),
    #[rasn(tag(context, 8))]
    RegisteredId(der::ObjectIdentifier<'a>),
}

/// RFC 5280 §4.2.1.6:
///
/// ```text
/// OtherName ::= SEQUENCE {
///     type-id  OBJECT IDENTIFIER,
///     value    [0] EXPLICIT ANY
/// }
/// ```
#[derive(AsnType, Encode)]
pub(super) struct OtherName<'a> {
    type_id: der::ObjectIdentifier<'a>,
    #[rasn(tag(explicit(context, 0)))]
    value: Any,
}

/// A SEQUENCE whose schema is elsewhere: the elements in it.
#[derive(AsnType, Encode)]
#[rasn(delegate)]
pub(super) struct Elsewhere(Vec<Any>);

impl Elsewhere {
    fn of(content: &[u8]) -> Result<Self, Error> {
        // `Any` is written as it is, whether it is one element or several.
        match content {
            [] => Ok(Self(Vec::new())),
            _ => Ok(Self(Vec::from([checked(content, |elements| {
                while !elements.is_empty() {
                    elements.checked()?;
                }
                Ok(())
            })?]))),
        }
    }
}

/// What is DER as far as it is `check`ed, as it is.
fn checked(
    der: &[u8],
    check: impl FnOnce(&mut Reader<'_>) -> Result<(), Error>,
) -> Result<Any, Error> {
    tlv::decode(der, check).map_err(Error::of_argument)?;
    der::any(der)
}
