//! Mechanisms and their parameters.

mod parameter;

use std::ptr;

use pkcs11_sys::*;

use super::{Answer, Input, Room, read, ulong};

/// What a cipher works with beside the key.
#[derive(Default)]
pub(crate) struct CipherParameters {
    pub(crate) iv: Vec<u8>,
    /// What GCM authenticates beside the text.
    pub(crate) aad: Vec<u8>,
    /// The length of GCM's tag, in bytes.
    pub(crate) tag: usize,
}

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

    /// The parameters of a cipher; nothing for what has none. ECDH's and its like are read by
    /// their own functions.
    pub(crate) fn cipher_parameters(&self) -> Answer<CipherParameters> {
        let mut parameters = CipherParameters::default();
        match self.number()? {
            CKM_AES_CBC | CKM_AES_CBC_PAD => {
                let given = self.0.map_or(ptr::null_mut(), |given| given.pParameter);
                // SAFETY: of these two the parameter is bytes, as many as it says.
                let iv = unsafe { Input::new(given.cast(), self.parameter_length()) };
                parameters.iv = iv.bytes()?.to_vec();
                if parameters.iv.len() != 16 {
                    return Err(CKR_MECHANISM_PARAM_INVALID);
                }
            }
            CKM_AES_CTR => {
                // SAFETY: of this mechanism the parameter is this structure.
                let given = unsafe { self.structure::<CK_AES_CTR_PARAMS>() }?;
                parameters.iv = given.cb.to_vec();
            }
            CKM_AES_GCM => {
                // SAFETY: of this mechanism the parameter is this structure.
                let given = unsafe { self.structure::<CK_GCM_PARAMS>() }?;
                // SAFETY: `new` was promised that the structure is what the standard says.
                parameters.iv = unsafe { bytes_or_none(given.pIv, given.ulIvLen) }?;
                // SAFETY: as for the initialisation vector.
                parameters.aad = unsafe { bytes_or_none(given.pAAD, given.ulAADLen) }?;
                parameters.tag = usize::try_from({ given.ulTagBits } / 8)
                    .ok()
                    .filter(|tag| *tag <= 16)
                    .ok_or(CKR_MECHANISM_PARAM_INVALID)?;
            }
            CKM_ECDH1_DERIVE => {}
            _ if self.parameter_length() != 0 => return Err(CKR_MECHANISM_PARAM_INVALID),
            _ => {}
        }
        Ok(parameters)
    }

    /// The parameters of a cipher whose messages have theirs: there may be none here.
    pub(crate) fn of_messages(&self) -> Answer<CipherParameters> {
        match self.number()? {
            _ if self.parameter_length() == 0 => Ok(CipherParameters::default()),
            // SAFETY: of this mechanism the parameter is this structure.
            CKM_AES_GCM => unsafe { self.structure::<CK_GCM_MESSAGE_PARAMS>() }
                .map(|_| CipherParameters::default()),
            _ => self.cipher_parameters(),
        }
    }

    /// The parameter as a structure of this type, if its length fits.
    ///
    /// # Safety
    /// The standard gives this mechanism this structure.
    unsafe fn structure<T: Copy>(&self) -> Answer<T> {
        let given = self.0.filter(|given| given.ulParameterLen == ulong(size_of::<T>()));
        let pointer = given.ok_or(CKR_MECHANISM_PARAM_INVALID)?.pParameter;
        // SAFETY: as our caller and that of `new` promise; the length was checked.
        unsafe { read(pointer.cast::<T>()) }.ok_or(CKR_MECHANISM_PARAM_INVALID)
    }

    /// ECDH's shared data and public data: they are behind pointers in the parameter.
    pub(crate) fn ecdh1(&self) -> Answer<(Vec<u8>, Vec<u8>)> {
        if self.number()? != CKM_ECDH1_DERIVE {
            return Err(CKR_MECHANISM_PARAM_INVALID);
        }
        // SAFETY: of this mechanism the parameter is this structure.
        let given = unsafe { self.structure::<CK_ECDH1_DERIVE_PARAMS>() }?;
        // SAFETY: `new` was promised that the structure is what the standard says.
        let public = unsafe { Input::new(given.pPublicData, given.ulPublicDataLen) };
        // SAFETY: as for the public data.
        let shared = unsafe { bytes_or_none(given.pSharedData, given.ulSharedDataLen) }?;
        Ok((shared, public.bytes()?.to_vec()))
    }
}

/// Bytes behind a parameter's pointer, none through NULL.
///
/// # Safety
/// `pointer` is NULL or `length` bytes can be read there.
unsafe fn bytes_or_none(pointer: CK_BYTE_PTR, length: CK_ULONG) -> Answer<Vec<u8>> {
    if pointer.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: as our caller promises.
    unsafe { Input::new(pointer, length) }.bytes().map(<[u8]>::to_vec)
}

/// The parameter of one message.
pub(crate) struct MessageParameter(CK_VOID_PTR, CK_ULONG);

impl MessageParameter {
    /// # Safety
    /// While the value lives, `pointer` is NULL or points to `length` bytes, which are what the
    /// standard says of the mechanism of the messages.
    pub(crate) unsafe fn new(pointer: CK_VOID_PTR, length: CK_ULONG) -> Self {
        Self(pointer, length)
    }

    /// What signatures have: none.
    pub(crate) fn is_absent(&self) -> Answer {
        if self.0.is_null() && self.1 == 0 { Ok(()) } else { Err(CKR_MECHANISM_PARAM_INVALID) }
    }

    /// That of a message of GCM.
    pub(crate) fn gcm(&self) -> Answer<GcmMessage> {
        // SAFETY: as `new` was promised; the length is checked first.
        let given = unsafe { self.of(CKM_AES_GCM).structure::<CK_GCM_MESSAGE_PARAMS>() }?;
        Ok(GcmMessage(given))
    }

    /// That of a message of a cipher which does not authenticate: as at an Init.
    pub(crate) fn cipher(&self, mechanism: CK_MECHANISM_TYPE) -> Answer<CipherParameters> {
        self.of(mechanism).cipher_parameters()
    }

    fn of(&self, mechanism: CK_MECHANISM_TYPE) -> Mechanism {
        let (pointer, length) = (self.0, self.1);
        Mechanism(Some(CK_MECHANISM { mechanism, pParameter: pointer, ulParameterLen: length }))
    }
}

/// The parameter of a message of GCM, through which is read and written.
pub(crate) struct GcmMessage(CK_GCM_MESSAGE_PARAMS);

impl GcmMessage {
    pub(crate) fn generator(&self) -> CK_GENERATOR_FUNCTION {
        self.0.ivGenerator
    }

    /// How many bytes at the start of the initialisation vector are the caller's.
    pub(crate) fn fixed(&self) -> usize {
        usize::try_from({ self.0.ulIvFixedBits } / 8).unwrap_or(usize::MAX)
    }

    pub(crate) fn iv(&self) -> Answer<Vec<u8>> {
        // SAFETY: the structure is what the standard says, and lives as long as the parameter.
        unsafe { Input::new(self.0.pIv, self.0.ulIvLen) }.bytes().map(<[u8]>::to_vec)
    }

    pub(crate) fn put_iv(&self, iv: &[u8]) -> Answer {
        // SAFETY: as for reading; the standard has the module write here.
        unsafe { Room::new(self.0.pIv, self.0.ulIvLen) }.put(iv)
    }

    /// The length of the tag in bytes.
    pub(crate) fn tag_length(&self) -> Answer<usize> {
        let length = usize::try_from({ self.0.ulTagBits } / 8).ok();
        length.filter(|length| *length <= 16).ok_or(CKR_MECHANISM_PARAM_INVALID)
    }

    pub(crate) fn tag(&self) -> Answer<Vec<u8>> {
        // SAFETY: as for the initialisation vector.
        unsafe { Input::new(self.0.pTag, { self.0.ulTagBits } / 8) }.bytes().map(<[u8]>::to_vec)
    }

    pub(crate) fn put_tag(&self, tag: &[u8]) -> Answer {
        // SAFETY: as for the initialisation vector.
        unsafe { Room::new(self.0.pTag, { self.0.ulTagBits } / 8) }.put(tag)
    }
}
