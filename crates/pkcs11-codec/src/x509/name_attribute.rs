//! The attribute types of names: one table.

use core::fmt;

use crate::oid::Oid;

/// A type of attribute in names: one row of the table.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NameAttributeType(&'static Row);

#[derive(PartialEq, Eq, Hash)]
struct Row {
    name: &'static str,
    oid: Oid<'static>,
    string: StringType,
}

/// The string type that a value is written in.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum StringType {
    Utf8,
    Printable,
    Ia5,
}

macro_rules! attribute_types {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $string:ident, $oid:expr;)*) => {
        impl NameAttributeType {
            $(
                $(#[$doc])*
                pub const $constant: Self = Self(&Row {
                    name: $name,
                    oid: Oid::constant(&$oid),
                    string: StringType::$string,
                });
            )*

            /// Every type of the table.
            pub const ALL: &'static [Self] = &[$(Self::$constant),*];
        }
    };
}

/// Where a company of an extended validation certificate is registered:
/// 1.3.6.1.4.1.311.60.2.1.
macro_rules! jurisdiction {
    ($arc:literal) => {
        [0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x3c, 0x02, 0x01, $arc]
    };
}

/// An attribute type of X.520: 2.5.4.
macro_rules! x520 {
    ($arc:literal) => {
        [0x55, 0x04, $arc]
    };
}

attribute_types! {
    /// commonName, 2.5.4.3.
    COMMON_NAME = "CN", Utf8, x520!(3);
    /// surname, 2.5.4.4.
    SURNAME = "SN", Utf8, x520!(4);
    /// serialNumber, 2.5.4.5: of the subject, not of the certificate. A PrintableString.
    SERIAL_NUMBER = "serialNumber", Printable, x520!(5);
    /// countryName, 2.5.4.6: two letters of ISO 3166, in a PrintableString.
    COUNTRY = "C", Printable, x520!(6);
    /// localityName, 2.5.4.7.
    LOCALITY = "L", Utf8, x520!(7);
    /// stateOrProvinceName, 2.5.4.8.
    STATE_OR_PROVINCE = "ST", Utf8, x520!(8);
    /// streetAddress, 2.5.4.9.
    STREET = "STREET", Utf8, x520!(9);
    /// organizationName, 2.5.4.10.
    ORGANIZATION = "O", Utf8, x520!(10);
    /// organizationalUnitName, 2.5.4.11.
    ORGANIZATIONAL_UNIT = "OU", Utf8, x520!(11);
    /// title, 2.5.4.12.
    TITLE = "title", Utf8, x520!(12);
    /// businessCategory, 2.5.4.15 (RFC 4519 §2.1), of extended validation certificates.
    BUSINESS_CATEGORY = "businessCategory", Utf8, x520!(15);
    /// postalCode, 2.5.4.17 (RFC 4519 §2.24).
    POSTAL_CODE = "postalCode", Utf8, x520!(17);
    /// givenName, 2.5.4.42.
    GIVEN_NAME = "givenName", Utf8, x520!(42);
    /// initials, 2.5.4.43.
    INITIALS = "initials", Utf8, x520!(43);
    /// generationQualifier, 2.5.4.44.
    GENERATION_QUALIFIER = "generationQualifier", Utf8, x520!(44);
    /// dnQualifier, 2.5.4.46: a PrintableString.
    DN_QUALIFIER = "dnQualifier", Printable, x520!(46);
    /// pseudonym, 2.5.4.65.
    PSEUDONYM = "pseudonym", Utf8, x520!(65);
    /// organizationIdentifier, 2.5.4.97.
    ORGANIZATION_IDENTIFIER = "organizationIdentifier", Utf8, x520!(97);
    /// userid, 0.9.2342.19200300.100.1.1 (RFC 4519 §2.39).
    USER_ID = "UID", Utf8, [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x01];
    /// domainComponent, 0.9.2342.19200300.100.1.25 (RFC 4519 §2.4): an IA5String.
    DOMAIN_COMPONENT = "DC", Ia5, [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19];
    /// emailAddress, 1.2.840.113549.1.9.1 (RFC 2985 §5.2.1): an IA5String. In certificates
    /// of today, addresses stand in the subjectAltName.
    EMAIL_ADDRESS = "emailAddress", Ia5, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01];
    /// jurisdictionLocalityName, 1.3.6.1.4.1.311.60.2.1.1 (CA/Browser Forum, EV Guidelines).
    JURISDICTION_LOCALITY = "jurisdictionL", Utf8, jurisdiction!(1);
    /// jurisdictionStateOrProvinceName, 1.3.6.1.4.1.311.60.2.1.2, likewise.
    JURISDICTION_STATE_OR_PROVINCE = "jurisdictionST", Utf8, jurisdiction!(2);
    /// jurisdictionCountryName, 1.3.6.1.4.1.311.60.2.1.3, likewise: two letters of ISO 3166,
    /// in a PrintableString.
    JURISDICTION_COUNTRY = "jurisdictionC", Printable, jurisdiction!(3);
}

impl NameAttributeType {
    /// The type with this OBJECT IDENTIFIER, if it is in the table.
    #[must_use]
    pub fn from_oid(oid: Oid<'_>) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.0.oid == oid)
    }

    /// The type with this short name, in any case: `CN`, `serialNumber`. Names that RFC 4519 does
    /// not have are OpenSSL's.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.0.name.eq_ignore_ascii_case(name))
    }

    /// The short name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.0.name
    }

    /// The OBJECT IDENTIFIER.
    #[must_use]
    pub const fn oid(&self) -> Oid<'static> {
        self.0.oid
    }

    pub(super) const fn string(&self) -> StringType {
        self.0.string
    }
}

impl fmt::Display for NameAttributeType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Debug for NameAttributeType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "NameAttributeType({self})")
    }
}
