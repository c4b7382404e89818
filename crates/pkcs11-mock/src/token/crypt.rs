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
    expected: Vec<u8>,
) -> Answer {
    with(|state| {
        if state.two_operations {
            let session = state.session(session)?;
            let full = session.active.is_some() && session.beside.is_some();
            let searching = matches!(session.active, Some(Active::Find(_)));
            if full || searching || session.operation(kind).is_some() {
                return Err(CKR_OPERATION_ACTIVE);
            }
        } else {
            state.idle_session(session)?;
        }
        let mut operation = Operation::new(state, kind, mechanism, key)?;
        operation.expected = expected;
        let session = state.session(session)?;
        match session.active {
            Some(_) => session.beside = Some(operation),
            None => session.active = Some(Active::Operation(operation)),
        }
        Ok(())
    })
}

pub(crate) fn init(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    key: CK_OBJECT_HANDLE,
) -> Answer {
    start(kind, session, &mechanism, Some(key), Vec::new())
}

pub(crate) fn digest_init(session: CK_SESSION_HANDLE, mechanism: Mechanism) -> Answer {
    start(CKF_DIGEST, session, &mechanism, None, Vec::new())
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
        let session = state.session(session)?;
        let mut next = session.operation(kind).cloned().ok_or(CKR_OPERATION_NOT_INITIALIZED)?;
        match work(&mut next) {
            Ok(Put::Asked) => return Ok(()),
            Err(CKR_BUFFER_TOO_SMALL) => return Err(CKR_BUFFER_TOO_SMALL),
            Ok(Put::Written) => session.set_operation(kind, (!ends).then_some(next)),
            Err(code) => {
                session.set_operation(kind, None);
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
        if state.session(session)?.operation(CKF_DIGEST).is_none() {
            return Err(CKR_OPERATION_NOT_INITIALIZED);
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

/// The kind of a verification whose signature is given first; `C_SessionCancel` knows it as the
/// other verification.
const GIVEN_FIRST: CK_FLAGS = CKF_VERIFY | CKF_EXTENSION;

pub(crate) fn verify_signature_init(
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    key: CK_OBJECT_HANDLE,
    signature: Input,
) -> Answer {
    start(GIVEN_FIRST, session, &mechanism, Some(key), signature.bytes()?.to_vec())
}

pub(crate) fn verify_signature(session: CK_SESSION_HANDLE, data: Input) -> Answer {
    step(GIVEN_FIRST, session, true, |operation| {
        let right = operation.one_shot(data.bytes()?)?;
        equal(&right, &operation.expected)
    })
}

pub(crate) fn verify_signature_update(session: CK_SESSION_HANDLE, part: Input) -> Answer {
    feed(GIVEN_FIRST, session, part)
}

pub(crate) fn verify_signature_final(session: CK_SESSION_HANDLE) -> Answer {
    step(GIVEN_FIRST, session, true, |operation| {
        let right = operation.last()?;
        equal(&right, &operation.expected)
    })
}

pub(super) fn compared(right: &[u8], given: &Input) -> Answer<Put> {
    equal(right, given.bytes()?)
}

fn equal(right: &[u8], given: &[u8]) -> Answer<Put> {
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
        let session = state.session(session)?;
        if session.beside.as_ref().is_some_and(|operation| flags & operation.kind != 0) {
            session.beside = None;
        }
        let active = &mut session.active;
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
