//! The functions of encryption, decryption, digest, signature and verification: one operation per
//! session.

use pkcs11_sys::*;

use super::toy::Operation;
use super::{Active, with};
use crate::view::{Answer, Input, Mechanism, Output, Put};

fn start(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    mechanism: &Mechanism,
    key: Option<CK_OBJECT_HANDLE>,
) -> Answer {
    with(|state| {
        state.idle_session(session)?;
        let operation = Operation::new(state, kind, mechanism, key)?;
        state.session(session)?.active = Some(Active::Operation(operation));
        Ok(())
    })
}

pub(crate) fn init(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    key: CK_OBJECT_HANDLE,
) -> Answer {
    start(kind, session, &mechanism, Some(key))
}

pub(crate) fn digest_init(session: CK_SESSION_HANDLE, mechanism: Mechanism) -> Answer {
    start(CKF_DIGEST, session, &mechanism, None)
}

/// Runs a step on a copy of the operation: a query, or a buffer that is too small, leaves it as it
/// was; success goes on with the copy, or ends it; every other error ends it.
fn step(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    ends: bool,
    work: impl FnOnce(&mut Operation) -> Answer<Put>,
) -> Answer {
    with(|state| {
        let active = &mut state.session(session)?.active;
        let mut next = match active {
            Some(Active::Operation(operation)) if operation.kind == kind => operation.clone(),
            _ => return Err(CKR_OPERATION_NOT_INITIALIZED),
        };
        match work(&mut next) {
            Ok(Put::Asked) => return Ok(()),
            Err(CKR_BUFFER_TOO_SMALL) => return Err(CKR_BUFFER_TOO_SMALL),
            Ok(Put::Written) => *active = (!ends).then_some(Active::Operation(next)),
            Err(code) => {
                *active = None;
                return Err(code);
            }
        }
        Ok(())
    })
}

pub(crate) fn one_shot(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    data: Input,
    output: Output<u8>,
) -> Answer {
    step(kind, session, true, |operation| output.put(&operation.one_shot(data.bytes()?)?))
}

pub(crate) fn update(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    part: Input,
    output: Output<u8>,
) -> Answer {
    step(kind, session, false, |operation| output.put(&operation.part(part.bytes()?)?))
}

/// An update without output.
pub(crate) fn feed(kind: CK_FLAGS, session: CK_SESSION_HANDLE, part: Input) -> Answer {
    step(kind, session, false, |operation| {
        operation.part(part.bytes()?)?;
        Ok(Put::Written)
    })
}

pub(crate) fn finish(kind: CK_FLAGS, session: CK_SESSION_HANDLE, output: Output<u8>) -> Answer {
    step(kind, session, true, |operation| output.put(&operation.last()?))
}

/// `C_DigestKey`. As in SoftHSM, a key that cannot be digested leaves the operation active.
pub(crate) fn digest_key(session: CK_SESSION_HANDLE, key: CK_OBJECT_HANDLE) -> Answer {
    let value = with(|state| {
        match &state.session(session)?.active {
            Some(Active::Operation(operation)) if operation.kind == CKF_DIGEST => {}
            _ => return Err(CKR_OPERATION_NOT_INITIALIZED),
        }
        let key = state.object(key).map_err(|_| CKR_KEY_HANDLE_INVALID)?;
        let secret = key.number(CKA_CLASS) == Some(CKO_SECRET_KEY);
        if secret { Ok(key.secret.clone()) } else { Err(CKR_KEY_INDIGESTIBLE) }
    })?;
    step(CKF_DIGEST, session, false, |operation| {
        operation.part(&value)?;
        Ok(Put::Written)
    })
}

pub(super) fn compared(right: &[u8], given: &Input) -> Answer<Put> {
    let given = given.bytes()?;
    if given.len() != right.len() {
        return Err(CKR_SIGNATURE_LEN_RANGE);
    }
    if given == right { Ok(Put::Written) } else { Err(CKR_SIGNATURE_INVALID) }
}

pub(crate) fn verify(session: CK_SESSION_HANDLE, data: Input, signature: Input) -> Answer {
    step(CKF_VERIFY, session, true, |operation| {
        compared(&operation.one_shot(data.bytes()?)?, &signature)
    })
}

pub(crate) fn verify_final(session: CK_SESSION_HANDLE, signature: Input) -> Answer {
    step(CKF_VERIFY, session, true, |operation| compared(&operation.last()?, &signature))
}

/// `C_SessionCancel`: ends what is active if a flag names it.
pub(crate) fn cancel(session: CK_SESSION_HANDLE, flags: CK_FLAGS) -> Answer {
    with(|state| {
        let active = &mut state.session(session)?.active;
        let kind = match active {
            Some(Active::Find(_)) => CKF_FIND_OBJECTS,
            Some(Active::Operation(operation)) => operation.kind,
            Some(Active::Messages(messages)) => messages.kind(),
            None => 0,
        };
        if flags & kind != 0 {
            *active = None;
        }
        Ok(())
    })
}
