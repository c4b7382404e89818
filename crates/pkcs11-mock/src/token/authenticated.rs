//! Wrapping with a nonce and a tag apart: a mask and a checksum, no cryptography.

use pkcs11_sys::*;

use super::objects::collected;
use super::toy::checksum;
use super::{State, with};
use crate::view::{Answer, Input, Mechanism, Output, Place, Put, Template, Value};

/// The value of a key that may do this.
fn secret(state: &mut State, key: CK_OBJECT_HANDLE, may: CK_ATTRIBUTE_TYPE) -> Answer<Vec<u8>> {
    let key = state.object(key).map_err(|_| CKR_WRAPPING_KEY_HANDLE_INVALID)?;
    if !key.is(may) {
        return Err(CKR_KEY_FUNCTION_NOT_PERMITTED);
    }
    Ok(key.secret.clone())
}

fn masked(data: &[u8], secret: &[u8], nonce: &[u8]) -> Vec<u8> {
    let mask = checksum(&[secret, nonce], data.len());
    data.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect()
}

pub(crate) fn wrap(
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    wrapping_key: CK_OBJECT_HANDLE,
    key: CK_OBJECT_HANDLE,
    aad: Input,
    output: Output<u8>,
) -> Answer {
    with(|state| {
        state.session(session)?;
        let mut message = mechanism.gcm_message()?;
        let secret = secret(state, wrapping_key, CKA_WRAP)?;
        if let Some(bits) = message.generated_after {
            let fixed = usize::try_from(bits / 8).map_err(|_| CKR_MECHANISM_PARAM_INVALID)?;
            let made = state.key_bytes(message.nonce.len());
            let ours = message.nonce.iter_mut().zip(made).skip(fixed);
            ours.for_each(|(byte, made)| *byte = made);
        }
        let key = state.object(key).map_err(|_| CKR_KEY_HANDLE_INVALID)?;
        if !key.is(CKA_EXTRACTABLE) {
            return Err(CKR_KEY_UNEXTRACTABLE);
        }
        let wrapped = masked(&key.secret, &secret, &message.nonce);
        let tag = checksum(&[&secret, &message.nonce, aad.bytes()?, &wrapped], message.tag.len());
        if output.put(&wrapped)? == Put::Asked {
            return Ok(());
        }
        message.nonce_room.put(&message.nonce)?;
        message.tag_room.put(&tag)
    })
}

pub(crate) fn unwrap(
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    unwrapping_key: CK_OBJECT_HANDLE,
    wrapped: Input,
    template: Template,
    aad: Input,
    place: Place<CK_OBJECT_HANDLE>,
) -> Answer {
    with(|state| {
        state.session(session)?;
        let message = mechanism.gcm_message()?;
        let secret = secret(state, unwrapping_key, CKA_UNWRAP)?;
        let wrapped = wrapped.bytes()?;
        let tag = checksum(&[&secret, &message.nonce, aad.bytes()?, wrapped], message.tag.len());
        if tag != message.tag {
            return Err(CKR_WRAPPED_KEY_INVALID);
        }
        let value = masked(wrapped, &secret, &message.nonce);
        let mut attributes = collected(&template)?;
        attributes.insert(CKA_VALUE, Value::Bytes(value.clone()));
        place.put(state.add(session, attributes, value)?)
    })
}
