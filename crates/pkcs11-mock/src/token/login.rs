//! PINs, login and logout.

use pkcs11_sys::*;

use super::{State, with};
use crate::view::{Answer, Input, Label, ulong};

pub(super) const SHORTEST_PIN: CK_ULONG = 4;
pub(super) const LONGEST_PIN: CK_ULONG = 64;
const TRIES: u32 = 3;

#[derive(Debug)]
pub(super) struct Pin {
    /// None before `C_InitPIN`.
    value: Option<Vec<u8>>,
    /// Wrong tries since the last right one.
    wrong: u32,
}

impl Pin {
    pub(super) fn new(value: &str) -> Self {
        Self { value: Some(value.into()), wrong: 0 }
    }

    fn check(&mut self, tried: &[u8]) -> Answer {
        if self.wrong >= TRIES {
            return Err(CKR_PIN_LOCKED);
        }
        let value = self.value.as_deref().ok_or(CKR_USER_PIN_NOT_INITIALIZED)?;
        if value != tried {
            self.wrong += 1;
            return Err(CKR_PIN_INCORRECT);
        }
        self.wrong = 0;
        Ok(())
    }

    fn set(&mut self, value: &[u8]) -> Answer {
        if !(SHORTEST_PIN..=LONGEST_PIN).contains(&ulong(value.len())) {
            return Err(CKR_PIN_LEN_RANGE);
        }
        *self = Self { value: Some(value.to_vec()), wrong: 0 };
        Ok(())
    }

    fn flags(&self, low: CK_FLAGS, last: CK_FLAGS, locked: CK_FLAGS) -> CK_FLAGS {
        match TRIES.saturating_sub(self.wrong) {
            0 => locked,
            1 => low | last,
            TRIES => 0,
            _ => low,
        }
    }
}

impl State {
    /// What the token's flags tell about the PINs.
    pub(super) fn pin_flags(&self) -> CK_FLAGS {
        let (so, user) = (&self.so, &self.user);
        let set = if user.value.is_some() { CKF_USER_PIN_INITIALIZED } else { 0 };
        set | so.flags(CKF_SO_PIN_COUNT_LOW, CKF_SO_PIN_FINAL_TRY, CKF_SO_PIN_LOCKED)
            | user.flags(CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_LOCKED)
    }
}

pub(crate) fn init_token(slot: CK_SLOT_ID, pin: Input, label: Label) -> Answer {
    with(|state| {
        state.token(slot)?;
        if !state.sessions.is_empty() {
            return Err(CKR_SESSION_EXISTS);
        }
        let label = label.0.ok_or(CKR_ARGUMENTS_BAD)?;
        state.so.check(pin.bytes()?)?;
        state.label = label;
        state.user = Pin { value: None, wrong: 0 };
        state.objects.clear();
        Ok(())
    })
}

pub(crate) fn init_pin(session: CK_SESSION_HANDLE, pin: Input) -> Answer {
    with(|state| {
        state.session(session)?;
        if state.login != Some(CKU_SO) {
            return Err(CKR_USER_NOT_LOGGED_IN);
        }
        state.user.set(pin.bytes()?)
    })
}

pub(crate) fn set_pin(session: CK_SESSION_HANDLE, old: Input, new: Input) -> Answer {
    with(|state| {
        if !state.session(session)?.read_write {
            return Err(CKR_SESSION_READ_ONLY);
        }
        let pin = if state.login == Some(CKU_SO) { &mut state.so } else { &mut state.user };
        pin.check(old.bytes()?)?;
        pin.set(new.bytes()?)
    })
}

/// Also `C_LoginUser`: there is one user, whatever the name.
pub(crate) fn login(session: CK_SESSION_HANDLE, user_type: CK_USER_TYPE, pin: Input) -> Answer {
    with(|state| {
        let busy = state.session(session)?.is_busy();
        match (user_type, state.login) {
            (CKU_CONTEXT_SPECIFIC, _) if !busy => return Err(CKR_OPERATION_NOT_INITIALIZED),
            (CKU_CONTEXT_SPECIFIC, _) => return state.user.check(pin.bytes()?),
            // Before the PIN is looked at: so do all modules.
            (_, Some(who)) if who == user_type => return Err(CKR_USER_ALREADY_LOGGED_IN),
            (CKU_SO | CKU_USER, Some(_)) => return Err(CKR_USER_ANOTHER_ALREADY_LOGGED_IN),
            (CKU_SO, None) if state.sessions.values().any(|session| !session.read_write) => {
                return Err(CKR_SESSION_READ_ONLY_EXISTS);
            }
            (CKU_SO, None) => state.so.check(pin.bytes()?)?,
            (CKU_USER, None) => state.user.check(pin.bytes()?)?,
            _ => return Err(CKR_USER_TYPE_INVALID),
        }
        state.login = Some(user_type);
        Ok(())
    })
}

pub(crate) fn logout(session: CK_SESSION_HANDLE) -> Answer {
    with(|state| {
        state.session(session)?;
        state.login.take().ok_or(CKR_USER_NOT_LOGGED_IN)?;
        // Private session objects go, private token objects are out of sight.
        state.objects.retain(|_, object| object.owner.is_none() || !object.is(CKA_PRIVATE));
        Ok(())
    })
}
