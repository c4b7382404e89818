//! X.509 certificates (RFC 5280): read as slices of their bytes, and built to be signed.
//!
//! What is checked when, in three steps:
//!
//! 1. [`Certificate::from_der`] checks the **frame**, in strict DER: the two outer SEQUENCEs
//!    and each field in its place and of its type, a version of v1 to v3 (v1 not spelt out),
//!    a serial number in minimal octets, both signature algorithms the same, key and
//!    signature BIT STRINGs of whole bytes, unique identifiers BIT STRINGs, nothing left over.
//!    What no certificate of the world breaks.
//! 2. What is **in** names, validity, key and extensions is opaque until it is asked for: a
//!    name value or an algorithm parameter that is no ASN.1, an unreadable date or a broken
//!    extension spoils its own answer and no other. The rules that certificates in use do
//!    break are not enforced: serial numbers may be negative, zero or long, v1 certificates
//!    may have extensions, `critical FALSE` and `cA FALSE` may be spelt out, key usages may
//!    end in zero bits (2 of the 144 roots that Debian ships do).
//! 3. [`Extensions::check`] enforces those too, for who issues certificates;
//!    [`TbsCertificate`] and a request are not written with others.
//!
//! Signatures are not verified and no chain is built: that is for who trusts.

mod builder;
mod certificate;
mod date_time;
mod extension_values;
mod extensions;
mod extensions_builder;
mod general_name;
mod name;
mod name_attribute;
mod name_builder;
mod name_display;

pub use builder::TbsCertificate;
pub(crate) use builder::{assemble, extensions, key, name};
pub use certificate::{Certificate, Validity, Version};
pub use date_time::DateTime;
pub use extension_values::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, extended_key_usage,
};
pub use extensions::{Extension, ExtensionIter, Extensions, extension};
pub use extensions_builder::ExtensionsBuilder;
pub use general_name::{GeneralName, GeneralNameIter, GeneralNames};
pub(crate) use name::text;
pub use name::{Name, NameAttribute, NameAttributes};
pub use name_attribute::NameAttributeType;
pub use name_builder::NameBuilder;
