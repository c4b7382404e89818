//! Attributes and templates.

use std::ffi::c_void;

use pkcs11_sys::*;

use super::{Answer, Input, Room, length, ulong};

/// The value of an attribute: bytes, or attributes again (`CKA_WRAP_TEMPLATE` and its like).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Bytes(Vec<u8>),
    Template(Vec<(CK_ATTRIBUTE_TYPE, Value)>),
}

impl Value {
    pub(crate) fn length(&self) -> CK_ULONG {
        match self {
            Self::Bytes(bytes) => ulong(bytes.len()),
            Self::Template(entries) => ulong(entries.len() * size_of::<CK_ATTRIBUTE>()),
        }
    }

    /// # Safety
    /// `entry` is one that the caller of a C_ function filled in: its value can be read.
    unsafe fn read(entry: &CK_ATTRIBUTE) -> Answer<Self> {
        let (kind, pointer, length) = (entry.type_, entry.pValue, entry.ulValueLen);
        if length == 0 {
            return Ok(Self::Bytes(Vec::new()));
        }
        if is_template(kind) {
            let count = length / ulong(size_of::<CK_ATTRIBUTE>());
            // SAFETY: the value of such an attribute is an array of them.
            return Ok(Self::Template(unsafe { Template::new(pointer.cast(), count) }.read()?));
        }
        // SAFETY: of every other attribute it is bytes, as our caller promises.
        let bytes = unsafe { Input::new(pointer.cast(), length) };
        Ok(Self::Bytes(bytes.bytes().map_err(|_| CKR_ATTRIBUTE_VALUE_INVALID)?.to_vec()))
    }

    /// Writes the value and answers its length.
    ///
    /// # Safety
    /// `pointer` is NULL or `room` bytes can be written there; where the value is a template,
    /// they are attributes whose pointers are again NULL or have the room that they say.
    unsafe fn write(&self, pointer: *mut c_void, room: CK_ULONG) -> Answer<CK_ULONG> {
        if pointer.is_null() {
            return Ok(self.length());
        }
        match self {
            // SAFETY: as our caller promises.
            Self::Bytes(bytes) => unsafe { Room::new(pointer.cast(), room) }.put(bytes)?,
            Self::Template(_) if room < self.length() => return Err(CKR_BUFFER_TOO_SMALL),
            Self::Template(values) => {
                for (index, (kind, value)) in values.iter().enumerate() {
                    let entry = pointer.cast::<CK_ATTRIBUTE>().wrapping_add(index);
                    // SAFETY: within the room, which is filled with attributes.
                    let field = unsafe { &raw mut (*entry).type_ };
                    // SAFETY: a field of what can be written.
                    unsafe { field.write_unaligned(*kind) };
                    // SAFETY: as our caller promises of the attributes within.
                    unsafe { fill(entry, Ok(value)) }?;
                }
            }
        }
        Ok(self.length())
    }
}

fn is_template(kind: CK_ATTRIBUTE_TYPE) -> bool {
    kind & CKF_ARRAY_ATTRIBUTE != 0 && kind != CKA_ALLOWED_MECHANISMS
}

/// Answers one entry of `C_GetAttributeValue`: the value and its length, or -1 and the reason.
///
/// # Safety
/// `entry` can be read and written; its pointer is NULL or has the room that it says.
unsafe fn fill(entry: *mut CK_ATTRIBUTE, value: Answer<&Value>) -> Answer {
    // SAFETY: as our caller promises.
    let asked = unsafe { entry.read_unaligned() };
    // SAFETY: as our caller promises.
    let result = value.and_then(|value| unsafe { value.write(asked.pValue, asked.ulValueLen) });
    // SAFETY: as our caller promises.
    unsafe { set_length(entry, result.unwrap_or(CK_UNAVAILABLE_INFORMATION)) };
    result.map(|_| ())
}

/// # Safety
/// `entry` can be written.
unsafe fn set_length(entry: *mut CK_ATTRIBUTE, length: CK_ULONG) {
    // SAFETY: our caller promises an attribute here; only this field of it is touched.
    let field = unsafe { &raw mut (*entry).ulValueLen };
    // SAFETY: a field of what can be written.
    unsafe { field.write_unaligned(length) };
}

/// A template: attributes to be read, or to be filled in.
pub(crate) struct Template(*mut CK_ATTRIBUTE, CK_ULONG);

impl Template {
    /// # Safety
    /// While the value lives, `pointer` is NULL or `count` attributes can be read (and, for
    /// [`Template::fill`] and [`Template::lie`], written) there, each with a value as it says.
    pub(crate) unsafe fn new(pointer: CK_ATTRIBUTE_PTR, count: CK_ULONG) -> Self {
        Self(pointer, count)
    }

    fn entries(&self) -> Answer<impl Iterator<Item = *mut CK_ATTRIBUTE>> {
        let (first, count) = (self.0, length(self.1)?);
        if first.is_null() && count > 0 {
            return Err(CKR_ARGUMENTS_BAD);
        }
        Ok((0..count).map(move |index| first.wrapping_add(index)))
    }

    pub(crate) fn read(&self) -> Answer<Vec<(CK_ATTRIBUTE_TYPE, Value)>> {
        let read = |entry: *mut CK_ATTRIBUTE| {
            // SAFETY: within the template that `new` was promised.
            let entry = unsafe { entry.read_unaligned() };
            // SAFETY: as `new` was promised.
            Ok((entry.type_, unsafe { Value::read(&entry) }?))
        };
        self.entries()?.map(read).collect()
    }

    /// Answers every entry. Of several failures SoftHSM's first choice is the code.
    pub(crate) fn fill<'v>(&self, look: impl Fn(CK_ATTRIBUTE_TYPE) -> Answer<&'v Value>) -> Answer {
        let mut failures = Vec::new();
        for entry in self.entries()? {
            // SAFETY: within the template that `new` was promised.
            let asked = unsafe { entry.read_unaligned() };
            // SAFETY: as `new` was promised.
            failures.extend(unsafe { fill(entry, look(asked.type_)) }.err());
        }
        let worst = [CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL];
        match worst.into_iter().find(|code| failures.contains(code)) {
            Some(code) => Err(code),
            None => Ok(()),
        }
    }

    /// Overwrites the length of every entry of one type.
    pub(crate) fn lie(&self, kind: CK_ATTRIBUTE_TYPE, length: CK_ULONG) {
        for entry in self.entries().into_iter().flatten() {
            // SAFETY: within the template that `new` was promised.
            let asked = unsafe { entry.read_unaligned() };
            if asked.type_ == kind {
                // SAFETY: as before.
                unsafe { set_length(entry, length) };
            }
        }
    }
}
