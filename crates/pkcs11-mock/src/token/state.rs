//! Saving and restoring an operation: the state is the number of a copy that the token keeps.

use pkcs11_sys::*;

use super::{Active, with};
use crate::view::{Answer, Input, Output};

const HEAD: &[u8] = b"MOCK STATE ";
const ENCRYPTING: CK_FLAGS = CKF_ENCRYPT | CKF_DECRYPT;
const AUTHENTICATING: CK_FLAGS = CKF_SIGN | CKF_VERIFY;

pub(crate) fn save(session: CK_SESSION_HANDLE, output: Output<u8>) -> Answer {
    with(|state| {
        let operation = match &state.session(session)?.active {
            Some(Active::Operation(operation)) => operation.clone(),
            Some(Active::Find(_) | Active::Messages(_)) => return Err(CKR_STATE_UNSAVEABLE),
            None => return Err(CKR_OPERATION_NOT_INITIALIZED),
        };
        let mut bytes = HEAD.to_vec();
        bytes.extend(u64::try_from(state.saved.len()).unwrap_or_default().to_be_bytes());
        output.put(&bytes)?;
        state.saved.push(operation);
        Ok(())
    })
}

pub(crate) fn restore(
    session: CK_SESSION_HANDLE,
    saved: Input,
    encryption_key: CK_OBJECT_HANDLE,
    authentication_key: CK_OBJECT_HANDLE,
) -> Answer {
    with(|state| {
        let number = saved.bytes()?.strip_prefix(HEAD).and_then(|rest| rest.try_into().ok());
        let number = number.map(u64::from_be_bytes).and_then(|number| usize::try_from(number).ok());
        let operation = number.and_then(|number| state.saved.get(number)).cloned();
        let operation = operation.ok_or(CKR_SAVED_STATE_INVALID)?;
        for (key, kinds) in [(encryption_key, ENCRYPTING), (authentication_key, AUTHENTICATING)] {
            match (key, operation.kind & kinds != 0) {
                (CK_INVALID_HANDLE, false) => {}
                (CK_INVALID_HANDLE, true) => return Err(CKR_KEY_NEEDED),
                (_, false) => return Err(CKR_KEY_NOT_NEEDED),
                (key, true) => {
                    let key = state.object(key).map_err(|_| CKR_KEY_HANDLE_INVALID)?;
                    if key.secret != operation.secret() {
                        return Err(CKR_KEY_CHANGED);
                    }
                }
            }
        }
        state.session(session)?.active = Some(Active::Operation(operation));
        Ok(())
    })
}
