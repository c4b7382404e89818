//! Packing mechanisms: safe values in, `CK_MECHANISM` out.

use pkcs11_sys::CK_MECHANISM;

use super::ck_len;
use super::parameter::ForCall;
use crate::mechanism::Mechanism;
use crate::{Function, Result};

/// A mechanism for one call. What it points to belongs to the mechanism that it was made from.
pub(crate) struct PackedMechanism<'m> {
    mechanism: &'m Mechanism<'m>,
    parameter: ForCall<'m>,
}

impl Mechanism<'_> {
    /// The mechanism as this function wants it, after a check of its parameter.
    pub(super) fn pack(&self, name: Function) -> Result<PackedMechanism<'_>> {
        self.check().map_err(|error| error.or_function(name))?;
        Ok(PackedMechanism { mechanism: self, parameter: self.parameter.for_call() })
    }

    /// The same for the Init of messages, each of which brings its own parameter.
    pub(super) fn pack_for_messages(&self, name: Function) -> Result<PackedMechanism<'_>> {
        self.check_for_messages().map_err(|error| error.or_function(name))?;
        Ok(PackedMechanism { mechanism: self, parameter: self.parameter.for_call() })
    }
}

impl PackedMechanism<'_> {
    /// The `CK_MECHANISM`; it points into `self`, which must stay where it is during the call.
    pub(super) fn ck_mechanism(&mut self) -> Result<CK_MECHANISM> {
        let (parameter, length) = self.parameter.pointer();
        Ok(CK_MECHANISM {
            mechanism: self.mechanism.number().number(),
            pParameter: parameter,
            ulParameterLen: ck_len(length)?,
        })
    }
}
