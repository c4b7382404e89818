//! Encapsulating and decapsulating keys: the lengths of ML-KEM, no cryptography.

use pkcs11_sys::*;

use super::objects::{Attributes, collected, number, number_value};
use super::toy::{Operation, checksum};
use super::{State, with};
use crate::view::{Answer, Input, Mechanism, Output, Place, Put, Template, Value};

/// The bytes of an encapsulation key and of a ciphertext (FIPS 203 §8).
pub(super) fn lengths(attributes: &Attributes) -> Answer<(usize, usize)> {
    match number(attributes, CKA_PARAMETER_SET).ok_or(CKR_TEMPLATE_INCOMPLETE)? {
        CKP_ML_KEM_512 => Ok((800, 768)),
        CKP_ML_KEM_768 => Ok((1184, 1088)),
        CKP_ML_KEM_1024 => Ok((1568, 1568)),
        _ => Err(CKR_PARAMETER_SET_NOT_SUPPORTED),
    }
}

/// The new key: both sides make it of the pair's secret and the ciphertext.
fn add(
    state: &mut State,
    session: CK_SESSION_HANDLE,
    mut attributes: Attributes,
    secret: &[u8],
    ciphertext: &[u8],
) -> Answer<CK_OBJECT_HANDLE> {
    let value = checksum(&[secret, ciphertext], 32);
    attributes.entry(CKA_CLASS).or_insert(number_value(CKO_SECRET_KEY));
    attributes.entry(CKA_KEY_TYPE).or_insert(number_value(CKK_GENERIC_SECRET));
    attributes.insert(CKA_VALUE, Value::Bytes(value.clone()));
    state.add(session, attributes, value)
}

pub(crate) fn encapsulate(
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    public_key: CK_OBJECT_HANDLE,
    template: Template,
    output: Output<u8>,
    place: Place<CK_OBJECT_HANDLE>,
) -> Answer {
    with(|state| {
        state.session(session)?;
        let operation = Operation::new(state, CKF_ENCAPSULATE, &mechanism, Some(public_key))?;
        let (_, length) = state.object(public_key)?.kem_lengths()?;
        let attributes = collected(&template)?;
        let ciphertext = state.key_bytes(length);
        if output.put(&ciphertext)? == Put::Asked {
            return Ok(());
        }
        place.put(add(state, session, attributes, operation.secret(), &ciphertext)?)
    })
}

pub(crate) fn decapsulate(
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    private_key: CK_OBJECT_HANDLE,
    template: Template,
    ciphertext: Input,
    place: Place<CK_OBJECT_HANDLE>,
) -> Answer {
    with(|state| {
        state.session(session)?;
        let operation = Operation::new(state, CKF_DECAPSULATE, &mechanism, Some(private_key))?;
        let (_, length) = state.object(private_key)?.kem_lengths()?;
        let ciphertext = ciphertext.bytes()?;
        if ciphertext.len() != length {
            return Err(CKR_ENCRYPTED_DATA_LEN_RANGE);
        }
        let attributes = collected(&template)?;
        place.put(add(state, session, attributes, operation.secret(), ciphertext)?)
    })
}
