//! Making keys, moving them, and random bytes: counters and checksums, no cryptography.

use pkcs11_sys::*;

use super::objects::{Attributes, collected, flag_value, number, number_value};
use super::toy::{Operation, checksum};
use super::{State, kem, with};
use crate::view::{Answer, Input, Mechanism, Output, Place, Room, Template, Value};

impl State {
    /// A counter, byte by byte.
    fn random(&mut self, length: usize) -> Vec<u8> {
        let mut next = || {
            self.random = self.random.wrapping_add(1);
            self.random
        };
        (0..length).map(|_| next()).collect()
    }

    /// Bytes that look random: the checksum of the counter.
    pub(super) fn key_bytes(&mut self, length: usize) -> Vec<u8> {
        let seed = self.random(8);
        checksum(&[&seed], length)
    }
}

/// The mechanism's number, if it is one that takes no parameter and does this.
fn plain(state: &mut State, kind: CK_FLAGS, mechanism: &Mechanism) -> Answer<CK_MECHANISM_TYPE> {
    Operation::new(state, kind, mechanism, None)?;
    mechanism.number()
}

/// A length that a template asks for, in bytes.
pub(super) fn asked(
    attributes: &Attributes,
    kind: CK_ATTRIBUTE_TYPE,
    unit: CK_ULONG,
) -> Answer<usize> {
    let number = number(attributes, kind).ok_or(CKR_TEMPLATE_INCOMPLETE)?;
    usize::try_from(number / unit)
        .ok()
        .filter(|length| (1..=512).contains(length))
        .ok_or(CKR_ATTRIBUTE_VALUE_INVALID)
}

pub(crate) fn generate(
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    template: Template,
    place: Place<CK_OBJECT_HANDLE>,
) -> Answer {
    with(|state| {
        state.session(session)?;
        let key_type = match plain(state, CKF_GENERATE, &mechanism)? {
            CKM_AES_KEY_GEN => CKK_AES,
            _ => CKK_GENERIC_SECRET,
        };
        let mut attributes = collected(&template)?;
        let length = asked(&attributes, CKA_VALUE_LEN, 1)?;
        if key_type == CKK_AES && ![16, 24, 32].contains(&length) {
            return Err(CKR_ATTRIBUTE_VALUE_INVALID);
        }
        let value = state.key_bytes(length);
        attributes.entry(CKA_CLASS).or_insert(number_value(CKO_SECRET_KEY));
        attributes.entry(CKA_KEY_TYPE).or_insert(number_value(key_type));
        attributes.insert(CKA_LOCAL, flag_value(true));
        attributes.insert(CKA_VALUE, Value::Bytes(value.clone()));
        place.put(state.add(session, attributes, value)?)
    })
}

pub(crate) fn generate_pair(
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    public: Template,
    private: Template,
    public_place: Place<CK_OBJECT_HANDLE>,
    private_place: Place<CK_OBJECT_HANDLE>,
) -> Answer {
    with(|state| {
        state.session(session)?;
        let number = plain(state, CKF_GENERATE_KEY_PAIR, &mechanism)?;
        let (mut public, mut private) = (collected(&public)?, collected(&private)?);
        let (key_type, secret) = match number {
            CKM_RSA_PKCS_KEY_PAIR_GEN => {
                let modulus = state.key_bytes(asked(&public, CKA_MODULUS_BITS, 8)?);
                let exponent = Value::Bytes(vec![1, 0, 1]);
                let exponent = public.entry(CKA_PUBLIC_EXPONENT).or_insert(exponent).clone();
                private.insert(CKA_PUBLIC_EXPONENT, exponent);
                private.insert(CKA_PRIVATE_EXPONENT, Value::Bytes(modulus.clone()));
                for key in [&mut public, &mut private] {
                    key.insert(CKA_MODULUS, Value::Bytes(modulus.clone()));
                }
                (CKK_RSA, modulus)
            }
            CKM_ML_KEM_KEY_PAIR_GEN => {
                let (length, _) = kem::lengths(&public)?;
                let value = state.key_bytes(length);
                let set = public.get(&CKA_PARAMETER_SET).ok_or(CKR_TEMPLATE_INCOMPLETE)?.clone();
                private.insert(CKA_PARAMETER_SET, set);
                private.insert(CKA_VALUE, Value::Bytes(checksum(&[&value], 64)));
                public.insert(CKA_VALUE, Value::Bytes(value.clone()));
                (CKK_ML_KEM, value)
            }
            _ => {
                let curve = public.get(&CKA_EC_PARAMS).ok_or(CKR_TEMPLATE_INCOMPLETE)?.clone();
                private.insert(CKA_EC_PARAMS, curve);
                let point = state.key_bytes(64);
                // An OCTET STRING with an uncompressed point.
                let der = [&[4, 65, 4], point.as_slice()].concat();
                public.insert(CKA_EC_POINT, Value::Bytes(der));
                private.insert(CKA_VALUE, Value::Bytes(point.iter().take(32).copied().collect()));
                (CKK_EC, point)
            }
        };
        for (key, class) in [(&mut public, CKO_PUBLIC_KEY), (&mut private, CKO_PRIVATE_KEY)] {
            key.entry(CKA_CLASS).or_insert(number_value(class));
            key.entry(CKA_KEY_TYPE).or_insert(number_value(key_type));
            key.insert(CKA_LOCAL, flag_value(true));
        }
        let private = state.add(session, private, secret.clone())?;
        let public = state.add(session, public, secret).inspect_err(|_| {
            state.objects.remove(&private);
        })?;
        public_place.put(public)?;
        private_place.put(private)
    })
}

pub(crate) fn wrap(
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    wrapping_key: CK_OBJECT_HANDLE,
    key: CK_OBJECT_HANDLE,
    output: Output<u8>,
) -> Answer {
    with(|state| {
        state.session(session)?;
        let mut operation = Operation::new(state, CKF_WRAP, &mechanism, Some(wrapping_key))?;
        let key = state.object(key).map_err(|_| CKR_KEY_HANDLE_INVALID)?;
        if !key.is(CKA_EXTRACTABLE) {
            return Err(CKR_KEY_UNEXTRACTABLE);
        }
        output.put(&operation.one_shot(&key.secret)?).map(|_| ())
    })
}

pub(crate) fn unwrap(
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    unwrapping_key: CK_OBJECT_HANDLE,
    wrapped: Input,
    template: Template,
    place: Place<CK_OBJECT_HANDLE>,
) -> Answer {
    with(|state| {
        state.session(session)?;
        let mut operation = Operation::new(state, CKF_UNWRAP, &mechanism, Some(unwrapping_key))?;
        let value = operation.one_shot(wrapped.bytes()?).map_err(|_| CKR_WRAPPED_KEY_INVALID)?;
        let mut attributes = collected(&template)?;
        attributes.insert(CKA_VALUE, Value::Bytes(value.clone()));
        place.put(state.add(session, attributes, value)?)
    })
}

pub(crate) fn seed_random(session: CK_SESSION_HANDLE, seed: Input) -> Answer {
    with(|state| {
        state.session(session)?;
        state.random = seed.bytes()?.iter().fold(state.random, |sum, byte| sum.wrapping_add(*byte));
        Ok(())
    })
}

pub(crate) fn generate_random(session: CK_SESSION_HANDLE, room: Room<u8>) -> Answer {
    with(|state| {
        state.session(session)?;
        let random = state.random(room.length()?);
        room.put(&random)
    })
}
