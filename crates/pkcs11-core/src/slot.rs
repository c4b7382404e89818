//! Slots and the mechanisms of their tokens.

use std::fmt;

use pkcs11_sys::{CK_MECHANISM_INFO, CK_SLOT_INFO};

use crate::module::Module;
use crate::raw::SlotId;
use crate::token::{Token, TokenInfo};
use crate::version::text;
use crate::{Error, Function, MechanismFlags, MechanismType, Pin, Result, SlotFlags, Version};

/// A slot: a place for a token.
#[derive(Clone, PartialEq, Eq)]
pub struct Slot {
    module: Module,
    id: SlotId,
}

impl Slot {
    pub(crate) fn new(module: Module, id: SlotId) -> Self {
        Self { module, id }
    }

    /// Its number, which a module may give anew at each start.
    #[must_use]
    pub fn id(&self) -> SlotId {
        self.id
    }

    /// The module that it belongs to.
    #[must_use]
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// What the slot is. Wraps `C_GetSlotInfo` (PKCS#11 §5.5.2).
    ///
    /// # Errors
    ///
    /// What `C_GetSlotInfo` answers.
    pub fn info(&self) -> Result<SlotInfo> {
        let module = self.module.state();
        let _pass = module.enter(Function::GetSlotInfo)?;
        module.cryptoki.slot_info(self.id).map(|info| SlotInfo::from(&info))
    }

    /// The token in the slot; whether there is one shows when it is used.
    #[must_use]
    pub fn token(&self) -> Token {
        Token::new(self.clone())
    }

    pub(crate) fn token_info(&self) -> Result<TokenInfo> {
        let module = self.module.state();
        let _pass = module.enter(Function::GetTokenInfo)?;
        module.cryptoki.token_info(self.id).map(|info| TokenInfo::from(&info))
    }

    /// The mechanisms of the token, unknown numbers included. Wraps `C_GetMechanismList`
    /// (PKCS#11 §5.5.5).
    ///
    /// # Errors
    ///
    /// What `C_GetMechanismList` answers.
    pub fn mechanisms(&self) -> Result<Vec<MechanismType>> {
        let module = self.module.state();
        let _pass = module.enter(Function::GetMechanismList)?;
        module.cryptoki.mechanism_list(self.id)
    }

    /// What the token can do with a mechanism. Wraps `C_GetMechanismInfo` (PKCS#11 §5.5.6).
    ///
    /// # Errors
    ///
    /// What `C_GetMechanismInfo` answers: `CKR_MECHANISM_INVALID` for one that the token lacks.
    pub fn mechanism_info(&self, mechanism: MechanismType) -> Result<MechanismInfo> {
        let module = self.module.state();
        let _pass = module.enter(Function::GetMechanismInfo)?;
        let info = module.cryptoki.mechanism_info(self.id, mechanism)?;
        Ok(MechanismInfo::from(&info))
    }

    /// Initialises the token: all its objects are destroyed, the label is set, and the SO PIN is
    /// set or, on a token that has one, checked. Wraps `C_InitToken` (PKCS#11 §5.5.7).
    ///
    /// The label has at most 32 bytes. The user's PIN comes next, from an SO session:
    /// [`Session::init_pin`](crate::Session::init_pin). Some modules give the token another slot
    /// afterwards, so look for it by its label.
    ///
    /// # Errors
    ///
    /// If the label is too long, or what `C_InitToken` answers.
    pub fn init_token(&self, so_pin: impl Into<Pin>, label: &str) -> Result<()> {
        let mut padded = [b' '; 32];
        let place = padded.get_mut(..label.len());
        place
            .ok_or_else(|| {
                let what = "a token's label has at most 32 bytes";
                Error::invalid(what).in_function(Function::InitToken)
            })?
            .copy_from_slice(label.as_bytes());
        let module = self.module.state();
        let _pass = module.enter(Function::InitToken)?;
        module.cryptoki.init_token(self.id, &so_pin.into(), &padded)
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot({})", self.id)
    }
}

/// A slot's description (`CK_SLOT_INFO`, PKCS#11 §3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SlotInfo {
    /// What it is.
    pub description: String,
    /// Who made it.
    pub manufacturer: String,
    /// Whether there is a token, whether it can be removed, whether it is hardware.
    pub flags: SlotFlags,
    /// The version of the hardware.
    pub hardware_version: Version,
    /// The version of the firmware.
    pub firmware_version: Version,
}

impl From<&CK_SLOT_INFO> for SlotInfo {
    fn from(info: &CK_SLOT_INFO) -> Self {
        Self {
            description: text(&info.slotDescription),
            manufacturer: text(&info.manufacturerID),
            flags: SlotFlags::from_bits_retain(info.flags),
            hardware_version: info.hardwareVersion.into(),
            firmware_version: info.firmwareVersion.into(),
        }
    }
}

/// What a token can do with a mechanism (`CK_MECHANISM_INFO`, PKCS#11 §3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MechanismInfo {
    /// The smallest key, in bits or bytes as the mechanism's section says; not used by some.
    pub min_key_size: u64,
    /// The largest key, in the same unit.
    pub max_key_size: u64,
    /// The functions that it serves.
    pub flags: MechanismFlags,
}

impl From<&CK_MECHANISM_INFO> for MechanismInfo {
    fn from(info: &CK_MECHANISM_INFO) -> Self {
        Self {
            min_key_size: crate::raw::wide(info.ulMinKeySize),
            max_key_size: crate::raw::wide(info.ulMaxKeySize),
            flags: MechanismFlags::from_bits_retain(info.flags),
        }
    }
}
