//! Objects: maps of attributes; and the search for them.

use std::collections::BTreeMap;

use pkcs11_sys::*;

use super::{Active, State, kem, with};
use crate::view::{Answer, Place, Room, Template, Value, ulong};

pub(super) type Attributes = BTreeMap<CK_ATTRIBUTE_TYPE, Value>;

/// What an object has if its template does not say otherwise: of every class, and of each kind of
/// key. Usage is allowed, sensitive keys stay: SoftHSM's choices.
const OF_ALL: [(CK_ATTRIBUTE_TYPE, bool); 4] =
    [(CKA_TOKEN, false), (CKA_PRIVATE, false), (CKA_MODIFIABLE, true), (CKA_DESTROYABLE, true)];
const OF_KEYS: [(CK_OBJECT_CLASS, &[(CK_ATTRIBUTE_TYPE, bool)]); 3] = [
    (
        CKO_SECRET_KEY,
        &[
            (CKA_PRIVATE, true),
            (CKA_SENSITIVE, true),
            (CKA_EXTRACTABLE, false),
            (CKA_LOCAL, false),
            (CKA_ENCRYPT, true),
            (CKA_DECRYPT, true),
            (CKA_SIGN, true),
            (CKA_VERIFY, true),
            (CKA_WRAP, true),
            (CKA_UNWRAP, true),
            (CKA_DERIVE, true),
        ],
    ),
    (
        CKO_PRIVATE_KEY,
        &[
            (CKA_PRIVATE, true),
            (CKA_SENSITIVE, true),
            (CKA_EXTRACTABLE, false),
            (CKA_LOCAL, false),
            (CKA_DECRYPT, true),
            (CKA_SIGN, true),
            (CKA_UNWRAP, true),
            (CKA_DERIVE, true),
        ],
    ),
    (
        CKO_PUBLIC_KEY,
        &[(CKA_LOCAL, false), (CKA_ENCRYPT, true), (CKA_VERIFY, true), (CKA_WRAP, true)],
    ),
];

/// What `CKA_SENSITIVE` and a missing `CKA_EXTRACTABLE` hide.
const SECRET: [CK_ATTRIBUTE_TYPE; 7] = [
    CKA_VALUE,
    CKA_PRIVATE_EXPONENT,
    CKA_PRIME_1,
    CKA_PRIME_2,
    CKA_EXPONENT_1,
    CKA_EXPONENT_2,
    CKA_COEFFICIENT,
];
/// What `C_SetAttributeValue` leaves alone.
const READ_ONLY: [CK_ATTRIBUTE_TYPE; 6] =
    [CKA_CLASS, CKA_KEY_TYPE, CKA_TOKEN, CKA_PRIVATE, CKA_MODIFIABLE, CKA_LOCAL];

#[derive(Clone, Debug)]
pub(super) struct Object {
    attributes: Attributes,
    /// What the toy arithmetic works with: the two keys of a pair have the same.
    pub(super) secret: Vec<u8>,
    /// The session of a session object.
    pub(super) owner: Option<CK_SESSION_HANDLE>,
}

impl Object {
    pub(super) fn bytes(&self, kind: CK_ATTRIBUTE_TYPE) -> Option<&[u8]> {
        bytes(&self.attributes, kind)
    }

    pub(super) fn is(&self, kind: CK_ATTRIBUTE_TYPE) -> bool {
        self.bytes(kind).is_some_and(|value| value != [CK_FALSE])
    }

    pub(super) fn number(&self, kind: CK_ATTRIBUTE_TYPE) -> Option<CK_ULONG> {
        number(&self.attributes, kind)
    }

    pub(super) fn kem_lengths(&self) -> Answer<(usize, usize)> {
        kem::lengths(&self.attributes)
    }

    fn is_hidden(&self, kind: CK_ATTRIBUTE_TYPE) -> bool {
        let key = matches!(self.number(CKA_CLASS), Some(CKO_SECRET_KEY | CKO_PRIVATE_KEY));
        key && SECRET.contains(&kind) && (self.is(CKA_SENSITIVE) || !self.is(CKA_EXTRACTABLE))
    }

    fn matches(&self, template: &[(CK_ATTRIBUTE_TYPE, Value)]) -> bool {
        template
            .iter()
            .all(|(kind, value)| self.attributes.get(kind) == Some(value) && !self.is_hidden(*kind))
    }
}

fn bytes(attributes: &Attributes, kind: CK_ATTRIBUTE_TYPE) -> Option<&[u8]> {
    match attributes.get(&kind)? {
        Value::Bytes(bytes) => Some(bytes),
        Value::Template(_) => None,
    }
}

pub(super) fn number(attributes: &Attributes, kind: CK_ATTRIBUTE_TYPE) -> Option<CK_ULONG> {
    Some(CK_ULONG::from_ne_bytes(bytes(attributes, kind)?.try_into().ok()?))
}

pub(super) fn number_value(number: CK_ULONG) -> Value {
    Value::Bytes(number.to_ne_bytes().to_vec())
}

pub(super) fn flag_value(flag: bool) -> Value {
    Value::Bytes(vec![if flag { CK_TRUE } else { CK_FALSE }])
}

/// A template's attributes, of which none may be named twice.
pub(super) fn collected(template: &Template) -> Answer<Attributes> {
    let entries = template.read()?;
    let count = entries.len();
    let attributes: Attributes = entries.into_iter().collect();
    if attributes.len() == count { Ok(attributes) } else { Err(CKR_TEMPLATE_INCONSISTENT) }
}

impl State {
    /// An object that this login may see.
    pub(super) fn object(&mut self, handle: CK_OBJECT_HANDLE) -> Answer<&mut Object> {
        let login = self.login;
        let object = self.objects.get_mut(&handle).ok_or(CKR_OBJECT_HANDLE_INVALID)?;
        if object.is(CKA_PRIVATE) && login != Some(CKU_USER) {
            return Err(CKR_OBJECT_HANDLE_INVALID);
        }
        Ok(object)
    }

    /// An object to be changed in this session.
    fn writable(
        &mut self,
        session: CK_SESSION_HANDLE,
        handle: CK_OBJECT_HANDLE,
    ) -> Answer<&mut Object> {
        let read_write = self.session(session)?.read_write;
        let object = self.object(handle)?;
        if object.is(CKA_TOKEN) && !read_write {
            return Err(CKR_SESSION_READ_ONLY);
        }
        Ok(object)
    }

    /// Adds an object, after what the template left out was filled in.
    pub(super) fn add(
        &mut self,
        session: CK_SESSION_HANDLE,
        mut attributes: Attributes,
        secret: Vec<u8>,
    ) -> Answer<CK_OBJECT_HANDLE> {
        let class = number(&attributes, CKA_CLASS).ok_or(CKR_TEMPLATE_INCOMPLETE)?;
        if let Some((_, defaults)) = OF_KEYS.iter().find(|(key, _)| *key == class) {
            number(&attributes, CKA_KEY_TYPE).ok_or(CKR_TEMPLATE_INCOMPLETE)?;
            attributes.entry(CKA_ID).or_insert(Value::Bytes(Vec::new()));
            for (kind, flag) in *defaults {
                attributes.entry(*kind).or_insert_with(|| flag_value(*flag));
            }
        }
        attributes.entry(CKA_LABEL).or_insert(Value::Bytes(Vec::new()));
        for (kind, flag) in OF_ALL {
            attributes.entry(kind).or_insert_with(|| flag_value(flag));
        }
        if class == CKO_SECRET_KEY
            && let Some(value) = attributes.get(&CKA_VALUE).map(Value::length)
        {
            attributes.insert(CKA_VALUE_LEN, number_value(value));
        }
        let mut object = Object { attributes, secret, owner: Some(session) };
        let read_write = self.session(session)?.read_write;
        if object.is(CKA_TOKEN) {
            object.owner = None;
        }
        if object.is(CKA_TOKEN) && !read_write {
            return Err(CKR_SESSION_READ_ONLY);
        }
        if object.is(CKA_PRIVATE) && self.login != Some(CKU_USER) {
            return Err(CKR_USER_NOT_LOGGED_IN);
        }
        let handle = self.new_handle();
        self.objects.insert(handle, object);
        Ok(handle)
    }
}

pub(crate) fn create(
    session: CK_SESSION_HANDLE,
    template: Template,
    place: Place<CK_OBJECT_HANDLE>,
) -> Answer {
    with(|state| {
        state.session(session)?;
        let attributes = collected(&template)?;
        let secret = [CKA_VALUE, CKA_MODULUS, CKA_EC_POINT].iter();
        let secret = secret.filter_map(|kind| bytes(&attributes, *kind)).next().unwrap_or_default();
        let secret = secret.to_vec();
        place.put(state.add(session, attributes, secret)?)
    })
}

pub(crate) fn copy(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    template: Template,
    place: Place<CK_OBJECT_HANDLE>,
) -> Answer {
    with(|state| {
        state.session(session)?;
        let original = state.object(object)?.clone();
        let mut attributes = original.attributes;
        attributes.extend(collected(&template)?);
        place.put(state.add(session, attributes, original.secret)?)
    })
}

pub(crate) fn destroy(session: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE) -> Answer {
    with(|state| {
        if !state.writable(session, object)?.is(CKA_DESTROYABLE) {
            return Err(CKR_ACTION_PROHIBITED);
        }
        state.objects.remove(&object);
        Ok(())
    })
}

pub(crate) fn object_size(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    place: Place<CK_ULONG>,
) -> Answer {
    with(|state| {
        state.session(session)?;
        place.put(state.object(object)?.attributes.values().map(Value::length).sum())
    })
}

pub(crate) fn attributes(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    template: Template,
) -> Answer {
    with(|state| {
        state.session(session)?;
        let object = state.object(object)?;
        template.fill(|kind| {
            if object.is_hidden(kind) {
                return Err(CKR_ATTRIBUTE_SENSITIVE);
            }
            object.attributes.get(&kind).ok_or(CKR_ATTRIBUTE_TYPE_INVALID)
        })
    })
}

/// A bad entry leaves those before it applied, as in SoftHSM and NSS.
pub(crate) fn set_attributes(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    template: Template,
) -> Answer {
    with(|state| {
        let object = state.writable(session, object)?;
        if !object.is(CKA_MODIFIABLE) {
            return Err(CKR_ACTION_PROHIBITED);
        }
        for (kind, value) in template.read()? {
            if READ_ONLY.contains(&kind) || SECRET.contains(&kind) {
                return Err(CKR_ATTRIBUTE_READ_ONLY);
            }
            object.attributes.insert(kind, value);
        }
        Ok(())
    })
}

pub(crate) fn find_init(session: CK_SESSION_HANDLE, template: Template) -> Answer {
    with(|state| {
        state.idle_session(session)?;
        let template = template.read()?;
        let visible = state.login == Some(CKU_USER);
        let found = state.objects.iter();
        let found = found.filter(|(_, object)| visible || !object.is(CKA_PRIVATE));
        let found = found.filter(|(_, object)| object.matches(&template));
        let found = found.map(|(handle, _)| *handle).collect();
        state.session(session)?.active = Some(Active::Find(found));
        Ok(())
    })
}

pub(crate) fn find(
    session: CK_SESSION_HANDLE,
    room: Room<CK_OBJECT_HANDLE>,
    count: Place<CK_ULONG>,
) -> Answer {
    with(|state| match &mut state.session(session)?.active {
        Some(Active::Find(found)) => {
            let next = room.length()?.min(found.len());
            let batch: Vec<_> = found.iter().take(next).copied().collect();
            room.put(&batch)?;
            count.put(ulong(next))?;
            found.drain(..next);
            Ok(())
        }
        _ => Err(CKR_OPERATION_NOT_INITIALIZED),
    })
}

pub(crate) fn find_final(session: CK_SESSION_HANDLE) -> Answer {
    with(|state| match &mut state.session(session)?.active {
        active @ Some(Active::Find(_)) => {
            *active = None;
            Ok(())
        }
        _ => Err(CKR_OPERATION_NOT_INITIALIZED),
    })
}
