//! Slots and tokens (PKCS#11 §5.5).

use pkcs11_sys::{
    CK_BBOOL, CK_MECHANISM_INFO, CK_RV, CK_SLOT_INFO, CK_TOKEN_INFO, CK_ULONG, CK_UTF8CHAR,
    CKF_DONT_BLOCK, CKR_BUFFER_TOO_SMALL, CKR_NO_EVENT,
};

use super::{Cryptoki, SlotId, check, ck_len, input, written};
use crate::pin::Pin;
use crate::{Error, Function, MechanismType, Result};

/// Longer lists than this are not believed.
const MOST: usize = 1 << 16;
/// Room for entries that appear between the two calls.
const SLACK: usize = 8;

impl Cryptoki {
    /// Wraps `C_GetSlotList` (PKCS#11 §5.5.1).
    pub(crate) fn slot_list(&self, token_present: bool) -> Result<Vec<SlotId>> {
        let name = Function::GetSlotList;
        let (call, _guard) = self.enter(name, self.list.C_GetSlotList)?;
        let list = read_list(name, |list, count| {
            // SAFETY: `list` is NULL or has room for `count` numbers, and both live on.
            unsafe { call(CK_BBOOL::from(token_present), list, count) }
        })?;
        Ok(list.into_iter().map(SlotId).collect())
    }

    /// Wraps `C_GetSlotInfo` (PKCS#11 §5.5.2).
    pub(crate) fn slot_info(&self, slot: SlotId) -> Result<CK_SLOT_INFO> {
        let name = Function::GetSlotInfo;
        let (call, _guard) = self.enter(name, self.list.C_GetSlotInfo)?;
        let mut info = CK_SLOT_INFO::default();
        // SAFETY: `info` is a local of the type that the function fills.
        let code = unsafe { call(slot.0, &raw mut info) };
        check(name, code)?;
        Ok(info)
    }

    /// Wraps `C_GetTokenInfo` (PKCS#11 §5.5.3).
    pub(crate) fn token_info(&self, slot: SlotId) -> Result<CK_TOKEN_INFO> {
        let name = Function::GetTokenInfo;
        let (call, _guard) = self.enter(name, self.list.C_GetTokenInfo)?;
        let mut info = CK_TOKEN_INFO::default();
        // SAFETY: `info` is a local of the type that the function fills.
        let code = unsafe { call(slot.0, &raw mut info) };
        check(name, code)?;
        Ok(info)
    }

    /// Wraps `C_WaitForSlotEvent` with `CKF_DONT_BLOCK` (PKCS#11 §5.5.4).
    pub(crate) fn slot_event(&self) -> Result<Option<SlotId>> {
        let name = Function::WaitForSlotEvent;
        let (call, _guard) = self.enter(name, self.list.C_WaitForSlotEvent)?;
        let mut slot = 0;
        // SAFETY: `slot` is a local; the reserved pointer must be NULL.
        match unsafe { call(CKF_DONT_BLOCK, &raw mut slot, std::ptr::null_mut()) } {
            CKR_NO_EVENT => Ok(None),
            code => check(name, code).map(|()| Some(SlotId(slot))),
        }
    }

    /// Wraps `C_GetMechanismList` (PKCS#11 §5.5.5).
    pub(crate) fn mechanism_list(&self, slot: SlotId) -> Result<Vec<MechanismType>> {
        let name = Function::GetMechanismList;
        let (call, _guard) = self.enter(name, self.list.C_GetMechanismList)?;
        let list = read_list(name, |list, count| {
            // SAFETY: `list` is NULL or has room for `count` numbers, and both live on.
            unsafe { call(slot.0, list, count) }
        })?;
        Ok(list.into_iter().map(MechanismType::new).collect())
    }

    /// Wraps `C_GetMechanismInfo` (PKCS#11 §5.5.6).
    pub(crate) fn mechanism_info(
        &self,
        slot: SlotId,
        mechanism: MechanismType,
    ) -> Result<CK_MECHANISM_INFO> {
        let name = Function::GetMechanismInfo;
        let (call, _guard) = self.enter(name, self.list.C_GetMechanismInfo)?;
        let mut info = CK_MECHANISM_INFO::default();
        // SAFETY: `info` is a local of the type that the function fills.
        let code = unsafe { call(slot.0, mechanism.number(), &raw mut info) };
        check(name, code).map_err(|error| error.on_mechanism(mechanism))?;
        Ok(info)
    }

    /// Wraps `C_InitToken` (PKCS#11 §5.5.7); the label is padded with blanks.
    pub(crate) fn init_token(&self, slot: SlotId, so_pin: &Pin, label: &[u8; 32]) -> Result<()> {
        let name = Function::InitToken;
        let (call, _guard) = self.enter(name, self.list.C_InitToken)?;
        let (pin, length) = pin_pointer(so_pin)?;
        // SAFETY: the PIN is NULL or live bytes of that length, the label 32 bytes.
        let code = unsafe { call(slot.0, pin, length, input(label)) };
        check(name, code)
    }
}

/// A PIN as the module wants it: NULL where the token has its own way of asking.
pub(super) fn pin_pointer(pin: &Pin) -> Result<(*mut CK_UTF8CHAR, CK_ULONG)> {
    match pin.bytes() {
        Some(bytes) => Ok((input(bytes), ck_len(bytes.len())?)),
        None => Ok((std::ptr::null_mut(), 0)),
    }
}

/// Asks how many, then reads with slack, again while the list grows in between.
///
/// Some modules write past a buffer that is too small, so the first question is never skipped.
fn read_list(
    name: Function,
    call: impl Fn(*mut CK_ULONG, *mut CK_ULONG) -> CK_RV,
) -> Result<Vec<CK_ULONG>> {
    for _ in 0..4 {
        let mut count: CK_ULONG = 0;
        check(name, call(std::ptr::null_mut(), &raw mut count))?;
        let expected = usize::try_from(count)
            .ok()
            .filter(|&count| count <= MOST)
            .ok_or_else(|| Error::misbehaved(name, "it counts more entries than can be"))?;
        let mut list: Vec<CK_ULONG> = vec![0; expected + SLACK];
        let mut count = ck_len(list.len())?;
        let code = call(list.as_mut_ptr(), &raw mut count);
        if code == CKR_BUFFER_TOO_SMALL {
            continue;
        }
        check(name, code)?;
        list.truncate(written(name, count, list.len())?);
        return Ok(list);
    }
    Err(Error::misbehaved(name, "its list grows without end"))
}
