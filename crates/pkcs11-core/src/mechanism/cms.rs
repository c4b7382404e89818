//! CMS.

use std::ffi::CStr;

use super::Mechanism;
use super::typed::typed;
use crate::{Certificate, MechanismType};

typed! {
    /// CMS signatures (`CKM_CMS_SIG`, PKCS#11 §6.44, RFC 5652): the token makes the signed
    /// attributes and answers with a SignerInfo in DER.
    #[derive(Debug)]
    pub struct CmsSig<'a> {
        /// The mechanism that signs the signed attributes.
        pub signing: Mechanism<'a>,
    }
    with {
        /// The signer's certificate; without it the token chooses.
        pub certificate: Option<&'a Certificate> = None,
        /// The mechanism that digests the data, where the signing mechanism does not tell it.
        pub digest: Option<Mechanism<'a>> = None,
        /// The MIME type of the data (RFC 2045); without it the data is a MIME object.
        pub content_type: Option<&'a CStr> = None,
        /// Attributes that the token may leave out or change, in DER.
        pub requested_attributes: &'a [u8] = &[],
        /// Attributes that the token must take as they are, in DER.
        pub required_attributes: &'a [u8] = &[],
    }
    |_m| MechanismType::CMS_SIG
}
