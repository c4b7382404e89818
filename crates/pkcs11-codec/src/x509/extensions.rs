//! Extensions (RFC 5280 §4.2): a list, of which each is read when it is asked for.

use alloc::collections::BTreeSet;

use super::{AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, GeneralNames, KeyUsage};
use crate::{
    Error, ErrorKind,
    oid::Oid,
    tlv::{self, Elements, Reader, Tag, Tlv},
};

/// Constants for extensions: the arc behind 2.5.29.
macro_rules! identifiers {
    ($($(#[$doc:meta])* $constant:ident = $arc:literal;)*) => {
        /// The identifiers of extensions (RFC 5280 §4.2.1).
        pub mod extension {
            use crate::oid::Oid;

            $($(#[$doc])* pub const $constant: Oid<'static> = Oid::constant(&[0x55, 0x1d, $arc]);)*
        }
    };
}

identifiers! {
    /// subjectKeyIdentifier, 2.5.29.14.
    SUBJECT_KEY_IDENTIFIER = 14;
    /// keyUsage, 2.5.29.15.
    KEY_USAGE = 15;
    /// subjectAltName, 2.5.29.17.
    SUBJECT_ALTERNATIVE_NAME = 17;
    /// issuerAltName, 2.5.29.18.
    ISSUER_ALTERNATIVE_NAME = 18;
    /// basicConstraints, 2.5.29.19.
    BASIC_CONSTRAINTS = 19;
    /// nameConstraints, 2.5.29.30.
    NAME_CONSTRAINTS = 30;
    /// cRLDistributionPoints, 2.5.29.31.
    CRL_DISTRIBUTION_POINTS = 31;
    /// certificatePolicies, 2.5.29.32.
    CERTIFICATE_POLICIES = 32;
    /// authorityKeyIdentifier, 2.5.29.35.
    AUTHORITY_KEY_IDENTIFIER = 35;
    /// extKeyUsage, 2.5.29.37.
    EXTENDED_KEY_USAGE = 37;
}

/// The extensions of a certificate, or those that a request asks for.
///
/// Each question reads the list anew: where the list is broken, or has the asked extension
/// twice, it fails, and nothing else of the certificate does.
#[derive(Debug, Clone, Copy)]
pub struct Extensions<'a>(Option<Tlv<'a>>);

impl<'a> Extensions<'a> {
    /// No extensions.
    pub const EMPTY: Self = Self(None);

    /// Takes `der` for extensions; what is in it is not looked at.
    ///
    /// # Errors
    /// When it is not exactly one SEQUENCE.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        tlv::decode(der, Self::read)
    }

    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.element(Tag::SEQUENCE).map(|tlv| Self(Some(tlv)))
    }

    /// The bytes of the list, as they came; `None` when there is none.
    #[must_use]
    pub fn der(&self) -> Option<&'a [u8]> {
        self.0.map(|tlv| tlv.der())
    }

    /// The extensions in their order.
    #[must_use]
    pub fn iter(&self) -> ExtensionIter<'a> {
        ExtensionIter(self.0.map_or(Elements::EMPTY, |tlv| tlv.elements()))
    }

    /// The extension with this identifier.
    ///
    /// # Errors
    /// When the list is broken, or has it twice ([`ErrorKind::Duplicate`]).
    pub fn get(&self, oid: Oid<'_>) -> Result<Option<Extension<'a>>, Error> {
        let mut found = None;
        for extension in self.iter() {
            let extension = extension?;
            if extension.oid == oid && found.replace(extension).is_some() {
                return Err(Error::at(extension.position, ErrorKind::Duplicate));
            }
        }
        Ok(found)
    }

    /// What the key may be used for (§4.2.1.3).
    ///
    /// # Errors
    /// Those of [`get`](Self::get), and when the value is no KeyUsage.
    pub fn key_usage(&self) -> Result<Option<KeyUsage>, Error> {
        self.value(extension::KEY_USAGE, KeyUsage::read)
    }

    /// Whether the subject issues certificates (§4.2.1.9).
    ///
    /// # Errors
    /// Those of [`get`](Self::get), and when the value is no BasicConstraints.
    pub fn basic_constraints(&self) -> Result<Option<BasicConstraints>, Error> {
        self.value(extension::BASIC_CONSTRAINTS, BasicConstraints::read)
    }

    /// The other names of the subject: of hosts, mailboxes, addresses (§4.2.1.6).
    ///
    /// # Errors
    /// Those of [`get`](Self::get), and when the value is no SEQUENCE.
    pub fn subject_alternative_names(&self) -> Result<Option<GeneralNames<'a>>, Error> {
        self.value(extension::SUBJECT_ALTERNATIVE_NAME, GeneralNames::read)
    }

    /// The name that the issuer gave to the key (§4.2.1.2): what `CKA_ID` is meant to hold.
    ///
    /// # Errors
    /// Those of [`get`](Self::get), and when the value is no OCTET STRING.
    pub fn subject_key_identifier(&self) -> Result<Option<&'a [u8]>, Error> {
        self.value(extension::SUBJECT_KEY_IDENTIFIER, Reader::octet_string)
    }

    /// Which key of the issuer signed (§4.2.1.1).
    ///
    /// # Errors
    /// Those of [`get`](Self::get), and when the value is no AuthorityKeyIdentifier.
    pub fn authority_key_identifier(&self) -> Result<Option<AuthorityKeyIdentifier<'a>>, Error> {
        self.value(extension::AUTHORITY_KEY_IDENTIFIER, AuthorityKeyIdentifier::read)
    }

    /// The purposes of the key (§4.2.1.12).
    ///
    /// # Errors
    /// Those of [`get`](Self::get), and when the value is no SEQUENCE.
    pub fn extended_key_usage(&self) -> Result<Option<ExtendedKeyUsage<'a>>, Error> {
        self.value(extension::EXTENDED_KEY_USAGE, ExtendedKeyUsage::read)
    }

    fn value<T>(
        &self,
        oid: Oid<'_>,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        self.get(oid)?.map(|extension| extension.tlv.nested(read)).transpose()
    }

    /// Checks all that reading lets pass: that the list has something in it, no extension is
    /// there twice, no `critical FALSE` is spelt out, and the values of the extensions that
    /// this crate reads are written as DER and RFC 5280 want them, with at least one name or
    /// use in them.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), Error> {
        if let Some(tlv) = self.0.filter(|tlv| tlv.value().is_empty()) {
            return Err(tlv.error(ErrorKind::Empty));
        }
        let mut seen = BTreeSet::new();
        for extension in self.iter() {
            let extension = extension?;
            if let Some(position) = extension.explicit_default {
                return Err(Error::at(position, ErrorKind::ExplicitDefault));
            }
            if !seen.insert(extension.oid) {
                return Err(Error::at(extension.position, ErrorKind::Duplicate));
            }
            let written = match extension.oid {
                extension::KEY_USAGE => match extension.tlv.nested(KeyUsage::read)? {
                    KeyUsage::NONE => Err(Error::argument(ErrorKind::Empty)),
                    usage => usage.to_der(),
                },
                extension::BASIC_CONSTRAINTS => {
                    extension.tlv.nested(BasicConstraints::read)?.to_der()
                }
                extension::SUBJECT_ALTERNATIVE_NAME | extension::ISSUER_ALTERNATIVE_NAME => {
                    extension.checked(GeneralNames::read)?.written()
                }
                extension::AUTHORITY_KEY_IDENTIFIER => {
                    extension.checked(AuthorityKeyIdentifier::read)?.to_der()
                }
                extension::EXTENDED_KEY_USAGE => {
                    extension.tlv.nested(ExtendedKeyUsage::read)?.written()
                }
                extension::SUBJECT_KEY_IDENTIFIER => {
                    extension.tlv.nested(Reader::octet_string)?;
                    continue;
                }
                _ => continue,
            };
            // What cannot be written, an empty list, is a fault of the value.
            let written = written.map_err(|error| match error.position() {
                Some(_) => error,
                None => extension.tlv.error(error.kind()),
            })?;
            if written != extension.value {
                return Err(extension.tlv.error(ErrorKind::NonCanonicalExtension));
            }
        }
        Ok(())
    }
}

/// One extension (RFC 5280 §4.2).
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Extension<'a> {
    /// Which extension.
    pub oid: Oid<'a>,
    /// Whether who does not know it must refuse the certificate.
    pub critical: bool,
    /// The value, in DER if the extension's rules were kept.
    pub value: &'a [u8],
    position: usize,
    /// The OCTET STRING around `value`.
    tlv: Tlv<'a>,
    /// Where `critical FALSE` is spelt out.
    explicit_default: Option<usize>,
}

impl<'a> Extension<'a> {
    /// Reads the value, and checks also what in it is not read.
    fn checked<T>(
        &self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.tlv.nested(|value| value.checked().map(drop))?;
        self.tlv.nested(read)
    }
}

/// Iterator over extensions; ends after the first error.
#[derive(Debug, Clone)]
pub struct ExtensionIter<'a>(Elements<'a>);

impl<'a> Iterator for ExtensionIter<'a> {
    type Item = Result<Extension<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next_with(|extensions| {
            let position = extensions.position();
            extensions.sequence(|extension| {
                let oid = extension.oid()?;
                let boolean = extension.optional(Tag::BOOLEAN)?;
                let critical = boolean.map_or(Ok(false), Tlv::boolean)?;
                let explicit_default = boolean.filter(|_| !critical).map(|tlv| tlv.position());
                let tlv = extension.element(Tag::OCTET_STRING)?;
                let value = tlv.value();
                Ok(Extension { oid, critical, value, position, tlv, explicit_default })
            })
        })
    }
}

impl<'a> IntoIterator for &Extensions<'a> {
    type Item = Result<Extension<'a>, Error>;
    type IntoIter = ExtensionIter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
