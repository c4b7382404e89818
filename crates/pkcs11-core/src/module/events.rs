//! Tokens that come and go.

use std::thread;
use std::time::{Duration, Instant};

use super::Module;
use crate::slot::Slot;
use crate::{Function, Result};

/// How often a wait asks the module.
const PAUSE: Duration = Duration::from_millis(100);

impl Module {
    /// A slot where a token has come or gone since this was last asked, if there is one. Wraps
    /// `C_WaitForSlotEvent` with `CKF_DONT_BLOCK` (PKCS#11 §5.5.4).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FunctionNotSupported`](crate::ErrorKind::FunctionNotSupported) from many
    /// modules of software tokens; else what the function answers.
    pub fn slot_event(&self) -> Result<Option<Slot>> {
        let _pass = self.0.enter(Function::WaitForSlotEvent)?;
        let slot = self.0.cryptoki.slot_event()?;
        Ok(slot.map(|slot| Slot::new(self.clone(), slot)))
    }

    /// Waits until a token comes or goes, and gives its slot; `None` if none does within `limit`.
    /// Wraps `C_WaitForSlotEvent` with `CKF_DONT_BLOCK` (PKCS#11 §5.5.4).
    ///
    /// The module is asked ten times a second: a call that blocks in it would end by nothing but
    /// `C_Finalize`, and many modules have none. [`finalize`](Self::finalize) on another thread ends
    /// the wait.
    ///
    /// # Errors
    ///
    /// As [`slot_event`](Self::slot_event);
    /// [`ErrorKind::Finalized`](crate::ErrorKind::Finalized) if the module is finalized meanwhile.
    pub fn wait_for_slot_event(&self, limit: Duration) -> Result<Option<Slot>> {
        let start = Instant::now();
        loop {
            let event = self.slot_event()?;
            let left = limit.saturating_sub(start.elapsed());
            if event.is_some() || left.is_zero() {
                return Ok(event);
            }
            thread::sleep(left.min(PAUSE));
        }
    }
}
