//! Packing mechanisms: safe values in, `CK_MECHANISM` out.

use pkcs11_sys::CK_MECHANISM;

use super::ck_len;
use super::parameter::ForCall;
use crate::mechanism::{Mechanism, Parameter};
use crate::{Error, Function, MechanismType, Result};

/// A mechanism whose parameter is one that it takes in this function: [`Mechanism::checked`] alone
/// makes one, so that who holds it need not look again.
#[derive(Clone, Copy)]
pub(crate) struct Checked<'m> {
    mechanism: &'m Mechanism<'m>,
    function: Function,
}

/// A mechanism for one call. What it points to belongs to the mechanism that it was made from.
pub(crate) struct PackedMechanism<'m> {
    mechanism: &'m Mechanism<'m>,
    parameter: ForCall<'m>,
}

impl Mechanism<'_> {
    /// The mechanism for this function, after a check of its parameter. The Init of messages to
    /// encrypt or decrypt takes none, since each of them brings its own.
    #[inline(always)]
    pub(crate) fn checked(&self, name: Function) -> Result<Checked<'_>> {
        let fits = match name {
            Function::MessageEncryptInit | Function::MessageDecryptInit => {
                self.check_for_messages()
            }
            _ => self.check(),
        };
        fits.map_err(|error| error.or_function(name))?;
        if !self.parameter.kind().is_none_or(|kind| takes(name, kind, self.number())) {
            let what = format!("{} takes another parameter in {name}", self.number());
            return Err(Error::invalid(what).in_function(name).on_mechanism(self.number()));
        }
        Ok(Checked { mechanism: self, function: name })
    }

    /// The mechanism as this function wants it, after the same check.
    pub(super) fn pack(&self, name: Function) -> Result<PackedMechanism<'_>> {
        self.checked(name).map(Checked::pack)
    }
}

impl<'m> Checked<'m> {
    /// What was checked.
    #[inline]
    pub(crate) fn mechanism(self) -> &'m Mechanism<'m> {
        self.mechanism
    }

    /// Checks it again if it was checked for another function than this.
    #[inline]
    pub(super) fn must_fit(self, name: Function) -> Result<()> {
        if self.function == name { Ok(()) } else { self.check_again(name) }
    }

    #[cold]
    fn check_again(self, name: Function) -> Result<()> {
        self.mechanism.checked(name).map(drop)
    }

    /// The mechanism as its function wants it.
    #[inline]
    pub(super) fn pack(self) -> PackedMechanism<'m> {
        let mechanism = self.mechanism;
        PackedMechanism { mechanism, parameter: mechanism.parameter.for_call() }
    }
}

/// Whether the function takes this parameter, of those that the mechanism has. Some have one size,
/// and pointers in other places: a module would follow the lengths of one as the pointers of another.
fn takes(name: Function, kind: Parameter, number: MechanismType) -> bool {
    use Function as F;
    let authenticated = matches!(name, F::WrapKeyAuthenticated | F::UnwrapKeyAuthenticated);
    match kind {
        Parameter::GcmMessage | Parameter::CcmMessage | Parameter::Poly1305Message => {
            authenticated || name.name().starts_with("C_Message")
        }
        Parameter::GcmWrap | Parameter::CcmWrap => matches!(name, F::WrapKey | F::UnwrapKey),
        _ => !authenticated || number.is_vendor_defined(),
    }
}

impl PackedMechanism<'_> {
    /// The `CK_MECHANISM`; it points into `self`, which must stay where it is during the call.
    #[inline]
    pub(super) fn ck_mechanism(&mut self) -> Result<CK_MECHANISM> {
        let (parameter, length) = self.parameter.pointer();
        Ok(CK_MECHANISM {
            mechanism: self.mechanism.number().number(),
            pParameter: parameter,
            ulParameterLen: ck_len(length)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::{AesCcmMessage, AesCcmWrap, AesGcm, AesGcmMessage, AesGcmWrap};
    use crate::raw::parameter::Pack;
    use rstest::rstest;

    fn is_taken<'a>(name: Function, mechanism: impl Pack<'a>) -> bool {
        let parameter = mechanism.pack(crate::Quirks::NONE).unwrap();
        takes(name, parameter.kind().unwrap(), MechanismType::AES_GCM)
    }

    /// The parameters of one mechanism, by function: plain, for a message, for wrapping.
    #[rstest]
    #[case(Function::EncryptInit, [true, false, false])]
    #[case(Function::DecryptInit, [true, false, false])]
    #[case(Function::WrapKey, [true, false, true])]
    #[case(Function::UnwrapKey, [true, false, true])]
    #[case(Function::MessageEncryptInit, [true, true, false])]
    #[case(Function::WrapKeyAuthenticated, [false, true, false])]
    #[case(Function::UnwrapKeyAuthenticated, [false, true, false])]
    fn each_function_has_its_parameter(#[case] name: Function, #[case] taken: [bool; 3]) {
        let (mut nonce, mut tag) = ([1; 12], [0; 16]);
        assert_eq!(is_taken(name, AesGcm::new(&[1; 12])), taken[0]);
        assert_eq!(is_taken(name, AesGcmMessage::new(&mut nonce, &mut tag)), taken[1]);
        assert_eq!(is_taken(name, AesCcmMessage::new(&mut nonce, &mut tag, 0)), taken[1]);
        assert_eq!(is_taken(name, AesGcmWrap::new(&mut nonce)), taken[2]);
        assert_eq!(is_taken(name, AesCcmWrap::new(&mut nonce)), taken[2]);
        let vendors = MechanismType::new(0x8000_0001);
        assert!(takes(name, Parameter::Bytes, vendors));
    }

    #[test]
    fn what_was_checked_for_one_function_is_checked_again_for_another() {
        let gcm = Mechanism::new(MechanismType::AES_GCM);
        let checked = gcm.checked(Function::MessageEncryptInit).unwrap();
        assert!(checked.must_fit(Function::MessageEncryptInit).is_ok());
        assert!(checked.must_fit(Function::EncryptInit).is_err());
    }
}
