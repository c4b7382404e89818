//! The updates of two operations at once.

use pkcs11_sys::*;

use super::with;
use crate::view::{Answer, Input, Output, Put};

/// Encrypts a part, and feeds it to the operation of the other kind.
pub(crate) fn encrypt(
    other: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    part: Input,
    output: Output<u8>,
) -> Answer {
    update(CKF_ENCRYPT, other, session, part, output)
}

/// Decrypts a part, and feeds what comes of it to the operation of the other kind.
pub(crate) fn decrypt(
    other: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    part: Input,
    output: Output<u8>,
) -> Answer {
    update(CKF_DECRYPT, other, session, part, output)
}

fn update(
    cipher: CK_FLAGS,
    other: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    part: Input,
    output: Output<u8>,
) -> Answer {
    with(|state| {
        let session = state.session(session)?;
        let found = (session.operation(cipher).cloned(), session.operation(other).cloned());
        let (Some(mut first), Some(mut second)) = found else {
            return Err(CKR_OPERATION_NOT_INITIALIZED);
        };
        let part = part.bytes()?;
        let made = first.part(part)?;
        if output.put(&made)? == Put::Written {
            second.part(if cipher == CKF_ENCRYPT { part } else { &made })?;
            session.set_operation(cipher, Some(first));
            session.set_operation(other, Some(second));
        }
        Ok(())
    })
}
