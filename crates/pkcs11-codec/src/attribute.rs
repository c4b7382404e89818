//! Attributes of PKCS#11: what a token's C_CreateObject takes and C_GetAttributeValue gives.
//!
//! Keys, parameters and certificates become attributes by their `attributes` method: an
//! iterator of numbers and value bytes, which fit any PKCS#11 binding. The other way, a key's
//! `from_attributes` asks for the values by number; which they are for a type of key,
//! `attribute_types` tells.
//!
//! ```
//! use pkcs11_codec::attribute::{AttributeType, Forms};
//! use pkcs11_codec::{ec::Curve, spki::PublicKey};
//!
//! let point = [&[0x04][..], &[0x11; 64]].concat();
//! let key = PublicKey::Ec { parameters: Curve::P256.into(), point: &point };
//! let attributes = key.attributes(Forms::default())?.collect::<Vec<_>>();
//! let names = attributes.iter().map(|attribute| attribute.attribute().name());
//! assert!(names.eq(["CKA_CLASS", "CKA_KEY_TYPE", "CKA_EC_PARAMS", "CKA_EC_POINT"]));
//! assert_eq!(attributes[3].attribute().number(), 0x181);
//! assert_eq!(attributes[3].value()[..3], [0x04, 0x41, 0x04]);
//! // CKO_PUBLIC_KEY is a number, a point is none.
//! assert_eq!((attributes[0].number(), attributes[3].number()), (Some(2), None));
//!
//! let back = PublicKey::from_attributes(|wanted| {
//!     let found = attributes.iter().find(|attribute| attribute.attribute() == wanted);
//!     found.map(|attribute| attribute.value())
//! })?;
//! assert_eq!(back, key);
//! # Ok::<(), pkcs11_codec::Error>(())
//! ```

mod asked;
mod certificate;
mod list;
mod parameters;
mod private_key;
mod public_key;
mod table;
mod value;

pub use table::AttributeType;
pub use value::{Attribute, Attributes, CurveForm, Forms};
