//! Deriving keys, one or several or none: checksums, no cryptography.

use pkcs11_sys::*;

use super::keys::asked;
use super::objects::{Attributes, collected, number, number_value};
use super::toy::{Operation, checksum};
use super::{State, with};
use crate::view::{Answer, Mechanism, Place, Template, Value, ulong};

pub(crate) fn derive(
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    base_key: CK_OBJECT_HANDLE,
    template: Template,
    place: Place<CK_OBJECT_HANDLE>,
) -> Answer {
    match mechanism.number()? {
        CKM_TLS12_KEY_AND_MAC_DERIVE => key_material(session, &mechanism, base_key, &template),
        CKM_TLS_PRF => prf(session, &mechanism, base_key),
        CKM_SP800_108_COUNTER_KDF => several(session, &mechanism, base_key, &template, &place),
        _ => agree(session, mechanism, base_key, template, place),
    }
}

/// The value of a key that may derive others.
fn base(state: &mut State, session: CK_SESSION_HANDLE, key: CK_OBJECT_HANDLE) -> Answer<Vec<u8>> {
    state.session(session)?;
    let key = state.object(key).map_err(|_| CKR_KEY_HANDLE_INVALID)?;
    if !key.is(CKA_DERIVE) {
        return Err(CKR_KEY_FUNCTION_NOT_PERMITTED);
    }
    Ok(key.secret.clone())
}

/// A new secret key of this value.
fn add(
    state: &mut State,
    session: CK_SESSION_HANDLE,
    mut attributes: Attributes,
    value: Vec<u8>,
) -> Answer<CK_OBJECT_HANDLE> {
    attributes.entry(CKA_CLASS).or_insert(number_value(CKO_SECRET_KEY));
    attributes.entry(CKA_KEY_TYPE).or_insert(number_value(CKK_GENERIC_SECRET));
    attributes.insert(CKA_VALUE_LEN, number_value(ulong(value.len())));
    attributes.insert(CKA_VALUE, Value::Bytes(value.clone()));
    state.add(session, attributes, value)
}

/// Two MAC keys, two cipher keys, two initialisation vectors, all in the parameter.
fn key_material(
    session: CK_SESSION_HANDLE,
    mechanism: &Mechanism,
    base_key: CK_OBJECT_HANDLE,
    template: &Template,
) -> Answer {
    with(|state| {
        let secret = base(state, session, base_key)?;
        let material = mechanism.key_material()?;
        let [mac, key, iv] = material.lengths;
        let value =
            |what: &str, length| checksum(&[&secret, &material.seed, what.as_bytes()], length);
        let [client_mac, server_mac, client, server] = material.places()?;
        let keys = [
            ("client MAC", mac, client_mac),
            ("server MAC", mac, server_mac),
            ("client", key, client),
            ("server", key, server),
        ];
        for (what, length, place) in keys.into_iter().filter(|(_, length, _)| *length > 0) {
            let mut attributes = collected(template)?;
            if what.ends_with("MAC") {
                attributes.insert(CKA_KEY_TYPE, number_value(CKK_GENERIC_SECRET));
            }
            place.put(add(state, session, attributes, value(what, length))?)?;
        }
        if iv > 0 {
            let [client, server] = &material.ivs;
            client.put(&value("client IV", iv))?;
            server.put(&value("server IV", iv))?;
        }
        Ok(())
    })
}

/// Bytes, and no key.
fn prf(session: CK_SESSION_HANDLE, mechanism: &Mechanism, base_key: CK_OBJECT_HANDLE) -> Answer {
    with(|state| {
        let secret = base(state, session, base_key)?;
        let (seed, length, output) = mechanism.prf()?;
        output.put(&checksum(&[&secret, &seed], length)).map(|_| ())
    })
}

/// A key, and further ones whose handles are in the parameter.
fn several(
    session: CK_SESSION_HANDLE,
    mechanism: &Mechanism,
    base_key: CK_OBJECT_HANDLE,
    template: &Template,
    place: &Place<CK_OBJECT_HANDLE>,
) -> Answer {
    with(|state| {
        let secret = base(state, session, base_key)?;
        let attributes = collected(template)?;
        let length = asked(&attributes, CKA_VALUE_LEN, 1)?;
        let key = add(state, session, attributes, checksum(&[&secret, b"0"], length))?;
        for (attributes, place) in mechanism.further_keys()? {
            let attributes: Attributes = attributes.into_iter().collect();
            let length = asked(&attributes, CKA_VALUE_LEN, 1)?;
            let value = checksum(&[&secret, &key.to_ne_bytes()], length);
            place.put(add(state, session, attributes, value)?)?;
        }
        place.put(key)
    })
}

/// Both sides of a key agreement come to the same: own and foreign bytes are joined by XOR.
fn agree(
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    base_key: CK_OBJECT_HANDLE,
    template: Template,
    place: Place<CK_OBJECT_HANDLE>,
) -> Answer {
    with(|state| {
        state.session(session)?;
        let operation = Operation::new(state, CKF_DERIVE, &mechanism, Some(base_key))?;
        let (shared, public) = mechanism.ecdh1()?;
        let own = operation.secret();
        let (_, point) = public
            .split_at_checked(public.len().wrapping_sub(own.len()))
            .ok_or(CKR_MECHANISM_PARAM_INVALID)?;
        let joined: Vec<u8> = own.iter().zip(point).map(|(own, other)| own ^ other).collect();
        let mut attributes = collected(&template)?;
        let length = match number(&attributes, CKA_VALUE_LEN) {
            Some(_) => asked(&attributes, CKA_VALUE_LEN, 1)?,
            None => 32,
        };
        let value = checksum(&[&joined, &shared], length);
        attributes.entry(CKA_CLASS).or_insert(number_value(CKO_SECRET_KEY));
        attributes.entry(CKA_KEY_TYPE).or_insert(number_value(CKK_GENERIC_SECRET));
        attributes.insert(CKA_VALUE_LEN, number_value(ulong(length)));
        attributes.insert(CKA_VALUE, Value::Bytes(value.clone()));
        place.put(state.add(session, attributes, value)?)
    })
}
