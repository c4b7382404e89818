//! Reading attributes whose value is a template (PKCS#11 §5.7.5).

use std::ffi::c_void;
use std::fmt;
use std::ptr::null_mut;

use pkcs11_sys::{
    CK_ATTRIBUTE, CK_UNAVAILABLE_INFORMATION, CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID,
    CKR_BUFFER_TOO_SMALL, CKR_OK,
};
use zeroize::Zeroizing;

use super::template::check_template;
use super::{Cryptoki, ObjectHandle, SessionHandle, as_bytes, check, ck_len};
use crate::{AttributeType, Error, Function, Result, ReturnCode, Unavailable};

/// The size of an entry of a template, in bytes.
pub(crate) const ENTRY: usize = size_of::<CK_ATTRIBUTE>();

/// A value that is read with the template that holds it, or that template itself.
#[derive(Debug)]
pub(crate) struct NestedSlot {
    /// `None` until the module has told which one it is.
    pub(crate) attribute: Option<AttributeType>,
    pub(crate) place: Place,
    /// The bytes that the value has, as the last call said.
    pub(crate) length: Result<usize, Unavailable>,
}

/// Where a value goes.
pub(crate) enum Place {
    /// Nowhere: only its length is asked for.
    Nowhere,
    /// Into bytes of ours.
    Bytes(Zeroizing<Vec<u64>>),
    /// Into entries of ours, which say where each value goes.
    Template(Vec<NestedSlot>),
}

impl NestedSlot {
    pub(crate) fn new(attribute: Option<AttributeType>) -> Self {
        Self { attribute, place: Place::Nowhere, length: Err(Unavailable::Unknown) }
    }

    /// The bytes that were read.
    pub(crate) fn bytes(&self) -> &[u8] {
        match (&self.place, self.length) {
            (Place::Bytes(room), Ok(length)) => as_bytes(room).get(..length).unwrap_or(&[]),
            _ => &[],
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere => f.write_str("Nowhere"),
            Self::Bytes(room) => write!(f, "Bytes({})", size_of_val(room.as_slice())),
            Self::Template(slots) => f.debug_tuple("Template").field(slots).finish(),
        }
    }
}

/// Entries for the module, and what was given to it in them.
struct Packed {
    entries: Vec<CK_ATTRIBUTE>,
    given: Vec<(*mut c_void, usize)>,
    /// The entries of templates within.
    nested: Vec<Option<Packed>>,
}

impl Packed {
    fn new(slots: &mut [NestedSlot]) -> Result<Self> {
        let mut packed = Self { entries: Vec::new(), given: Vec::new(), nested: Vec::new() };
        for slot in slots {
            let (place, capacity, nested) = match &mut slot.place {
                Place::Nowhere => (null_mut(), 0, None),
                Place::Bytes(room) => {
                    let size = size_of_val(room.as_slice());
                    (room.as_mut_ptr().cast(), size, None)
                }
                Place::Template(slots) => {
                    let mut nested = Self::new(slots)?;
                    let size = size_of_val(nested.entries.as_slice());
                    (nested.entries.as_mut_ptr().cast(), size, Some(nested))
                }
            };
            // The standard ignores the type of what is not yet known; kryoptic wants it so.
            let number = slot.attribute.map_or(CK_UNAVAILABLE_INFORMATION, AttributeType::number);
            let entry =
                CK_ATTRIBUTE { type_: number, pValue: place, ulValueLen: ck_len(capacity)? };
            packed.entries.push(entry);
            packed.given.push((place, capacity));
            packed.nested.push(nested);
        }
        Ok(packed)
    }

    /// Notes what the module said, and answers whether something failed.
    fn judge(&self, slots: &mut [NestedSlot]) -> bool {
        let mut failed = false;
        let answers = self.entries.iter().zip(&self.given).zip(&self.nested);
        for (slot, ((entry, given), nested)) in slots.iter_mut().zip(answers) {
            slot.length = length(entry, *given, slot);
            slot.attribute = slot.attribute.or(Some(AttributeType::new(entry.type_)));
            failed |= slot.length.is_err();
            if let (Place::Template(slots), Some(nested)) = (&mut slot.place, nested) {
                failed |= nested.judge(slots);
            }
        }
        failed
    }
}

/// The length that the module named for this value, if it can be believed.
fn length(
    entry: &CK_ATTRIBUTE,
    (place, capacity): (*mut c_void, usize),
    slot: &NestedSlot,
) -> Result<usize, Unavailable> {
    let number = entry.type_;
    // NSS gives back the pointers of whoever made the object: they are nobody's any more.
    if entry.pValue != place {
        return Err(Unavailable::Misbehaved("it points elsewhere than into our buffer"));
    }
    if slot.attribute.is_some_and(|known| known.number() != number) {
        return Err(Unavailable::Misbehaved("it gives one attribute in place of another"));
    }
    if number == CK_UNAVAILABLE_INFORMATION {
        return Err(Unavailable::Misbehaved("it counts an attribute that it does not give"));
    }
    let length = Some(entry.ulValueLen).filter(|&length| length != CK_UNAVAILABLE_INFORMATION);
    let length = length.ok_or(Unavailable::Unknown)?;
    let length = usize::try_from(length).map_err(|_| Unavailable::TooLarge)?;
    match slot.place {
        Place::Bytes(_) if length > capacity => {
            Err(Unavailable::Misbehaved("it claims to have written more than the buffer holds"))
        }
        Place::Template(_) if length != capacity => {
            Err(Unavailable::Misbehaved("the template has another length than before"))
        }
        _ => Ok(length),
    }
}

impl Cryptoki {
    /// Wraps `C_GetAttributeValue` (PKCS#11 §5.7.5) for one attribute whose value is a template:
    /// reads into the places that `slot` and those within have, and notes what each has become.
    ///
    /// A failure of single values is no error: it is noted, and the return code comes along as a
    /// hint at the reason.
    pub(crate) fn template_value(
        &self,
        session: SessionHandle,
        object: ObjectHandle,
        slot: &mut NestedSlot,
    ) -> Result<ReturnCode> {
        let name = Function::GetAttributeValue;
        let Some(attribute) = slot.attribute else {
            return Err(Error::invalid("no attribute is asked for"));
        };
        check_template(attribute)?;
        let (call, _guard) = self.enter(name, self.list.C_GetAttributeValue)?;
        let slots = std::slice::from_mut(slot);
        let mut packed = Packed::new(slots)?;
        let count = ck_len(packed.entries.len())?;
        // SAFETY: each entry is NULL or points to as many writable bytes as it says: those of a
        // room, or entries of which the same holds. All are in `packed` and `slots`, which nobody
        // touches during the call, and were initialised before it.
        let code = unsafe { call(session.0, object.0, packed.entries.as_mut_ptr(), count) };
        let partial = [CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL];
        if code != CKR_OK && !partial.contains(&code) {
            check(name, code)?;
        }
        if !packed.judge(slots) {
            // It failed, and says of no value that it is the one: nothing can be believed.
            check(name, code)?;
        }
        Ok(ReturnCode::new(code))
    }
}
