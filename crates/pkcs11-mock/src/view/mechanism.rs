//! Mechanisms and their parameters.

use pkcs11_sys::*;

use super::{Answer, Input, read, ulong};

/// A mechanism and its parameter.
pub(crate) struct Mechanism(Option<CK_MECHANISM>);

impl Mechanism {
    /// # Safety
    /// While the value lives, `pointer` is NULL or points to a mechanism, whose parameter is what
    /// the standard says of this mechanism.
    pub(crate) unsafe fn new(pointer: CK_MECHANISM_PTR) -> Self {
        // SAFETY: as our caller promises.
        Self(unsafe { read(pointer) })
    }

    pub(crate) fn number(&self) -> Answer<CK_MECHANISM_TYPE> {
        self.0.map(|mechanism| mechanism.mechanism).ok_or(CKR_ARGUMENTS_BAD)
    }

    /// The length of the parameter as it was given.
    pub(crate) fn parameter_length(&self) -> CK_ULONG {
        self.0.map_or(0, |mechanism| mechanism.ulParameterLen)
    }

    /// The initialisation vector of AES-CBC, nothing for the others.
    pub(crate) fn iv(&self) -> Answer<Vec<u8>> {
        match self.0 {
            Some(CK_MECHANISM { mechanism: CKM_AES_CBC | CKM_AES_CBC_PAD, pParameter, .. }) => {
                // SAFETY: of these two the parameter is bytes, as many as it says.
                let iv = unsafe { Input::new(pParameter.cast(), self.parameter_length()) };
                Ok(iv.bytes()?.to_vec())
            }
            _ => Ok(Vec::new()),
        }
    }

    /// ECDH's shared data and public data: they are behind pointers in the parameter.
    pub(crate) fn ecdh1(&self) -> Answer<(Vec<u8>, Vec<u8>)> {
        let expected = ulong(size_of::<CK_ECDH1_DERIVE_PARAMS>());
        let given = self.0.filter(|given| given.mechanism == CKM_ECDH1_DERIVE);
        let given = given.filter(|given| given.ulParameterLen == expected);
        let pointer = given.ok_or(CKR_MECHANISM_PARAM_INVALID)?.pParameter;
        let pointer = pointer.cast::<CK_ECDH1_DERIVE_PARAMS>();
        // SAFETY: of this mechanism the parameter is this structure, and its length was checked.
        let parameters = unsafe { read(pointer) }.ok_or(CKR_MECHANISM_PARAM_INVALID)?;
        // SAFETY: `new` was promised that the structure is what the standard says.
        let public = unsafe { Input::new(parameters.pPublicData, parameters.ulPublicDataLen) };
        let shared = if parameters.pSharedData.is_null() {
            Vec::new()
        } else {
            // SAFETY: as for the public data.
            let shared = unsafe { Input::new(parameters.pSharedData, parameters.ulSharedDataLen) };
            shared.bytes()?.to_vec()
        };
        Ok((shared, public.bytes()?.to_vec()))
    }
}
