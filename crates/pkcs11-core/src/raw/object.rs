//! Objects (PKCS#11 §5.7).

use pkcs11_sys::{
    CK_ATTRIBUTE, CK_INVALID_HANDLE, CK_UNAVAILABLE_INFORMATION, CKR_ATTRIBUTE_SENSITIVE,
    CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL, CKR_OK,
};
use smallvec::SmallVec;

use super::template::check_plain;
use super::{Cryptoki, ObjectHandle, PackedTemplate, SessionHandle, check, ck_len, made, written};
use crate::{AttributeType, Error, Function, Result, ReturnCode};

/// An attribute to read, and where in the room for values it goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttributeSlot {
    pub(crate) attribute: AttributeType,
    /// The first byte of its place: a multiple of 8, so that numbers are aligned.
    pub(crate) offset: usize,
    /// The bytes of its place.
    pub(crate) capacity: usize,
    /// The bytes that the module wrote; `None` where it said that it could not.
    pub(crate) length: Option<usize>,
}

/// Room for values, aligned for the largest.
pub(crate) type AttributeRoom = [u64];

impl Cryptoki {
    /// Wraps `C_CreateObject` (PKCS#11 §5.7.1).
    pub(crate) fn create_object(
        &self,
        session: SessionHandle,
        template: &PackedTemplate<'_>,
    ) -> Result<ObjectHandle> {
        let name = Function::CreateObject;
        let (call, _guard) = self.enter(name, self.list.C_CreateObject)?;
        let (attributes, count) = template.pointer()?;
        let mut object = CK_INVALID_HANDLE;
        // SAFETY: the template points to values that live during the call.
        let code = unsafe { call(session.0, attributes, count, &raw mut object) };
        check(name, code)?;
        made(name, object).map(ObjectHandle)
    }

    /// Wraps `C_CopyObject` (PKCS#11 §5.7.2).
    pub(crate) fn copy_object(
        &self,
        session: SessionHandle,
        object: ObjectHandle,
        template: &PackedTemplate<'_>,
    ) -> Result<ObjectHandle> {
        let name = Function::CopyObject;
        let (call, _guard) = self.enter(name, self.list.C_CopyObject)?;
        let (attributes, count) = template.pointer()?;
        let mut copy = CK_INVALID_HANDLE;
        // SAFETY: the template points to values that live during the call.
        let code = unsafe { call(session.0, object.0, attributes, count, &raw mut copy) };
        check(name, code)?;
        made(name, copy).map(ObjectHandle)
    }

    /// Wraps `C_DestroyObject` (PKCS#11 §5.7.3).
    pub(crate) fn destroy_object(
        &self,
        session: SessionHandle,
        object: ObjectHandle,
    ) -> Result<()> {
        let name = Function::DestroyObject;
        let (call, _guard) = self.enter(name, self.list.C_DestroyObject)?;
        // SAFETY: only numbers are passed.
        check(name, unsafe { call(session.0, object.0) })
    }

    /// Wraps `C_GetObjectSize` (PKCS#11 §5.7.4); `None` where the module does not tell.
    pub(crate) fn object_size(
        &self,
        session: SessionHandle,
        object: ObjectHandle,
    ) -> Result<Option<usize>> {
        let name = Function::GetObjectSize;
        let (call, _guard) = self.enter(name, self.list.C_GetObjectSize)?;
        let mut size = CK_UNAVAILABLE_INFORMATION;
        // SAFETY: `size` is a local.
        let code = unsafe { call(session.0, object.0, &raw mut size) };
        check(name, code)?;
        Ok(Some(size)
            .filter(|&size| size != CK_UNAVAILABLE_INFORMATION)
            .and_then(|size| usize::try_from(size).ok()))
    }

    /// Wraps `C_GetAttributeValue` (PKCS#11 §5.7.5): reads each slot's value into `room`.
    ///
    /// A failure of single attributes is no error: it is that slot's missing length, and the
    /// return code comes along as a hint at the reason. The module's pointers are not looked
    /// at again after the call: some put their own there.
    pub(crate) fn attributes(
        &self,
        session: SessionHandle,
        object: ObjectHandle,
        slots: &mut [AttributeSlot],
        room: &mut AttributeRoom,
    ) -> Result<ReturnCode> {
        self.get_attributes(session, object, slots, Some(room))
    }

    /// Wraps `C_GetAttributeValue` with NULL buffers: how long each value is.
    pub(crate) fn attribute_lengths(
        &self,
        session: SessionHandle,
        object: ObjectHandle,
        slots: &mut [AttributeSlot],
    ) -> Result<ReturnCode> {
        self.get_attributes(session, object, slots, None)
    }

    fn get_attributes(
        &self,
        session: SessionHandle,
        object: ObjectHandle,
        slots: &mut [AttributeSlot],
        mut room: Option<&mut AttributeRoom>,
    ) -> Result<ReturnCode> {
        let name = Function::GetAttributeValue;
        let (call, _guard) = self.enter(name, self.list.C_GetAttributeValue)?;
        // One base pointer for all places, so that none invalidates another.
        let base = room.as_mut().map(|room| (room.as_mut_ptr().cast::<u8>(), size_of_val(*room)));
        let mut entries = slots
            .iter()
            .map(|slot| {
                check_plain(slot.attribute)?;
                let (place, capacity) = match base {
                    None => (std::ptr::null_mut(), 0),
                    Some((base, size)) => {
                        let end = slot.offset.checked_add(slot.capacity);
                        if end.is_none_or(|end| end > size) {
                            return Err(Error::invalid("an attribute's place is outside its room"));
                        }
                        (base.wrapping_add(slot.offset), slot.capacity)
                    }
                };
                Ok(CK_ATTRIBUTE {
                    type_: slot.attribute.number(),
                    pValue: place.cast(),
                    ulValueLen: ck_len(capacity)?,
                })
            })
            .collect::<Result<SmallVec<[CK_ATTRIBUTE; 16]>>>()?;
        let count = ck_len(entries.len())?;
        // SAFETY: each entry is NULL or points to as many writable bytes of `room` as it says;
        // `room` is borrowed for the whole call, and initialised before it.
        let code = unsafe { call(session.0, object.0, entries.as_mut_ptr(), count) };
        let partial = [CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL];
        if code != CKR_OK && !partial.contains(&code) {
            check(name, code)?;
        }
        for (slot, entry) in slots.iter_mut().zip(&entries) {
            let length = entry.ulValueLen;
            let length = Some(length).filter(|&length| length != CK_UNAVAILABLE_INFORMATION);
            let length = length.and_then(|length| usize::try_from(length).ok());
            // A module that names a longer value than fits has not written it.
            slot.length = length.filter(|&length| base.is_none() || length <= slot.capacity);
        }
        if slots.iter().all(|slot| slot.length.is_some()) {
            // It failed, and says of no attribute that it is the one: nothing can be believed.
            check(name, code)?;
        }
        Ok(ReturnCode::new(code))
    }

    /// Wraps `C_SetAttributeValue` (PKCS#11 §5.7.6).
    pub(crate) fn set_attributes(
        &self,
        session: SessionHandle,
        object: ObjectHandle,
        template: &PackedTemplate<'_>,
    ) -> Result<()> {
        let name = Function::SetAttributeValue;
        let (call, _guard) = self.enter(name, self.list.C_SetAttributeValue)?;
        let (attributes, count) = template.pointer()?;
        // SAFETY: the template points to values that live during the call.
        check(name, unsafe { call(session.0, object.0, attributes, count) })
    }

    /// Wraps `C_FindObjectsInit` (PKCS#11 §5.7.7).
    pub(crate) fn find_objects_init(
        &self,
        session: SessionHandle,
        template: &PackedTemplate<'_>,
    ) -> Result<()> {
        let name = Function::FindObjectsInit;
        let (call, _guard) = self.enter(name, self.list.C_FindObjectsInit)?;
        let (attributes, count) = template.pointer()?;
        // SAFETY: the template points to values that live during the call.
        check(name, unsafe { call(session.0, attributes, count) })
    }

    /// Wraps `C_FindObjects` (PKCS#11 §5.7.8): appends at most `most` handles, says how many.
    pub(crate) fn find_objects(
        &self,
        session: SessionHandle,
        most: usize,
        found: &mut Vec<ObjectHandle>,
    ) -> Result<usize> {
        let name = Function::FindObjects;
        let (call, _guard) = self.enter(name, self.list.C_FindObjects)?;
        let before = found.len();
        found.resize(before + most, ObjectHandle(CK_INVALID_HANDLE));
        let mut count = 0;
        let place = found.get_mut(before..).unwrap_or_default();
        // SAFETY: `place` has `most` handles, and a handle is a `CK_OBJECT_HANDLE` in memory
        // (`repr(transparent)`).
        let code =
            unsafe { call(session.0, place.as_mut_ptr().cast(), ck_len(most)?, &raw mut count) };
        let count = check(name, code).and_then(|()| written(name, count, most));
        found.truncate(before + *count.as_ref().unwrap_or(&0));
        let none = ObjectHandle(CK_INVALID_HANDLE);
        if found.get(before..).unwrap_or_default().contains(&none) {
            return Err(Error::misbehaved(name, "it counts objects that it has not written"));
        }
        count
    }

    /// Wraps `C_FindObjectsFinal` (PKCS#11 §5.7.9).
    pub(crate) fn find_objects_final(&self, session: SessionHandle) -> Result<()> {
        let name = Function::FindObjectsFinal;
        let (call, _guard) = self.enter(name, self.list.C_FindObjectsFinal)?;
        // SAFETY: only numbers are passed.
        check(name, unsafe { call(session.0) })
    }
}
