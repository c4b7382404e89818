//! Validations by third parties (PKCS#11 §4.15).

use super::{TokenObject, Validation};
use crate::{
    Error, ErrorKind, Result, Session, Unavailable, ValidationAuthority, ValidationFlags,
    ValidationType, Version, attr,
};

/// A validation of the module, as the token describes it. Text that the token leaves out is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidationInfo {
    /// What was validated.
    pub validation_type: ValidationType,
    /// The version of the standard or specification.
    pub version: Version,
    /// The level, whose meaning is the standard's.
    pub level: u64,
    /// How the validation's documents name the module.
    pub module_id: String,
    /// The flag by which sessions and objects refer to this validation.
    pub flag: ValidationFlags,
    /// Who issued it.
    pub authority: ValidationAuthority,
    /// The country, in two letters of ISO 3166.
    pub country: String,
    /// What the certificate is known by.
    pub certificate_identifier: String,
    /// Where the authority tells of it.
    pub certificate_uri: String,
    /// Where the vendor tells of it.
    pub vendor_uri: String,
    /// The profile that was used.
    pub profile: String,
}

impl Validation {
    /// What the token says of it. Wraps `C_GetAttributeValue` (PKCS#11 §5.7.5).
    ///
    /// # Errors
    ///
    /// As [`get`](TokenObject::get), of an attribute that must be there.
    pub fn info(&self) -> Result<ValidationInfo> {
        let (kind, version, level, module_id, flag, authority, optional) = self.try_get((
            attr::VALIDATION_TYPE,
            attr::VALIDATION_VERSION,
            attr::VALIDATION_LEVEL,
            attr::VALIDATION_MODULE_ID,
            attr::VALIDATION_FLAG,
            attr::VALIDATION_AUTHORITY_TYPE,
            attr::VALIDATION_COUNTRY,
        ))?;
        let (identifier, certificate_uri, vendor_uri, profile) = self.try_get((
            attr::VALIDATION_CERTIFICATE_IDENTIFIER,
            attr::VALIDATION_CERTIFICATE_URI,
            attr::VALIDATION_VENDOR_URI,
            attr::VALIDATION_PROFILE,
        ))?;
        Ok(ValidationInfo {
            validation_type: kind?,
            version: version?,
            level: level?,
            module_id: module_id?,
            flag: flag?,
            authority: authority?,
            country: or_absent(optional)?,
            certificate_identifier: or_absent(identifier)?,
            certificate_uri: or_absent(certificate_uri)?,
            vendor_uri: or_absent(vendor_uri)?,
            profile: or_absent(profile)?,
        })
    }
}

/// The value, or the type's own nothing where the object does not have the attribute.
pub(super) fn or_absent<T: Default>(outcome: Result<T>) -> Result<T> {
    match outcome {
        Err(error) if is_absent(&error) => Ok(T::default()),
        outcome => outcome,
    }
}

/// Whether the error says that the object has no such attribute.
pub(super) fn is_absent(error: &Error) -> bool {
    use Unavailable::{NoSuchAttribute, Unknown};
    matches!(error.kind(), ErrorKind::AttributeUnavailable(NoSuchAttribute | Unknown))
}

impl Session {
    /// The validations of the module by third parties; none on tokens of before 3.2. Wraps
    /// `C_FindObjects` and `C_GetAttributeValue` (PKCS#11 §5.7.8, §5.7.5).
    ///
    /// # Errors
    ///
    /// As [`find`](Self::find), and as [`Validation::info`] of the first that cannot be read.
    pub fn validations(&self) -> Result<Vec<ValidationInfo>> {
        self.find::<Validation>().all()?.iter().map(Validation::info).collect()
    }
}
