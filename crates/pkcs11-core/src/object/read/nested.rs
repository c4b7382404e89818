//! Reading an attribute whose value is a template: how many entries it has, then which, then
//! their values. Three calls; one more for each template within.

use zeroize::Zeroizing;

use super::{MOST, SLACK, of_one, reason};
use crate::attribute::{Failure, MOST_NESTED, Nested, Outcome, Value};
use crate::error::Unavailable;
use crate::raw::{Cryptoki, ENTRY, NestedSlot, ObjectHandle, Place, SessionHandle};
use crate::{AttributeType, Error, Result, ReturnCode};

/// How many entries are read of one attribute, those of templates within counted.
const MOST_ENTRIES: usize = 256;

/// Reads one attribute whose value is a template.
pub(super) fn read(
    cryptoki: &Cryptoki,
    session: SessionHandle,
    object: ObjectHandle,
    attribute: AttributeType,
) -> Result<Outcome<'static>> {
    let mut slot = NestedSlot::new(Some(attribute));
    let mut limits = Limits { entries: MOST_ENTRIES, bytes: MOST };
    loop {
        let code = match cryptoki.template_value(session, object, &mut slot) {
            Ok(code) => code,
            Err(error) => return Ok(Err(Failure::Unavailable(of_this(error)?))),
        };
        if let Some(why) = failure(&slot, code) {
            return Ok(Err(Failure::Unavailable(why)));
        }
        // Every turn goes one template deeper, and that has an end.
        match make_room(&mut slot, &mut limits, 0) {
            Err(failure) => return Ok(Err(failure)),
            Ok(true) => {}
            Ok(false) => return Ok(Ok(value(&slot))),
        }
    }
}

/// What is left to be read.
struct Limits {
    entries: usize,
    bytes: usize,
}

/// Gives places to all values whose length is known; false where nothing was to be done.
fn make_room(slot: &mut NestedSlot, limits: &mut Limits, depth: usize) -> Result<bool, Failure> {
    let too_large = Failure::Unavailable(Unavailable::TooLarge);
    if let Place::Template(slots) = &mut slot.place {
        // Before any of it is allocated.
        let wanted = slots.iter().filter_map(wanted).fold(0, usize::saturating_add);
        limits.bytes = limits.bytes.checked_sub(wanted).ok_or(too_large)?;
        let mut grown = false;
        for slot in slots {
            grown |= make_room(slot, limits, depth + 1)?;
        }
        return Ok(grown);
    }
    if let Some(length) = wanted(slot) {
        let words = if length == 0 { 0 } else { (length + SLACK).div_ceil(8) };
        slot.place = Place::Bytes(Zeroizing::new(vec![0; words]));
        return Ok(length > 0);
    }
    let (Place::Nowhere, Ok(length)) = (&slot.place, slot.length) else { return Ok(false) };
    if length % ENTRY != 0 {
        return Err(Failure::Length(length));
    }
    if depth >= MOST_NESTED {
        return Err(Failure::Unavailable(Unavailable::TooDeep));
    }
    limits.entries = limits.entries.checked_sub(length / ENTRY).ok_or(too_large)?;
    let unknown = std::iter::repeat_with(|| NestedSlot::new(None));
    slot.place = Place::Template(unknown.take(length / ENTRY).collect());
    Ok(length > 0)
}

/// The bytes of a plain value that has no place yet.
fn wanted(slot: &NestedSlot) -> Option<usize> {
    let plain = slot.attribute.is_some_and(AttributeType::is_plain);
    if plain && matches!(slot.place, Place::Nowhere) { slot.length.ok() } else { None }
}

/// Why a value is missing, of the template or of one within.
fn failure(slot: &NestedSlot, code: ReturnCode) -> Option<Unavailable> {
    match (&slot.length, &slot.place) {
        (Err(Unavailable::Unknown), _) => Some(reason(code)),
        (Err(why), _) => Some(*why),
        (Ok(_), Place::Template(slots)) => slots.iter().find_map(|slot| failure(slot, code)),
        (Ok(_), _) => None,
    }
}

/// The failure of this attribute, where the error may be that and no other's.
fn of_this(error: Error) -> Result<Unavailable> {
    let codes = [
        ReturnCode::ATTRIBUTE_SENSITIVE,
        ReturnCode::ATTRIBUTE_TYPE_INVALID,
        ReturnCode::BUFFER_TOO_SMALL,
        ReturnCode::TEMPLATE_INCONSISTENT,
    ];
    let code = error.return_code().filter(|code| codes.contains(code));
    code.map(Unavailable::Failed).or(of_one(&error)).ok_or(error)
}

fn value(slot: &NestedSlot) -> Value<'static> {
    let Place::Template(slots) = &slot.place else { return Value::copied(slot.bytes()) };
    let entries = slots.iter().filter_map(|slot| Some((slot.attribute?, value(slot))));
    Value::template(Nested::new(entries.collect(), None))
}
