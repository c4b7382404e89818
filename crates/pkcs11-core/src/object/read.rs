//! Reading attributes: one call where the guess fits, and never an allocation of a size that
//! the module made up.

mod nested;

use smallvec::SmallVec;
use zeroize::{Zeroize, Zeroizing};

use super::Object;
use crate::attribute::{AttributeList, Failure, Outcome, Request, Value};
use crate::error::Unavailable;
use crate::raw::{AttributeSlot, Cryptoki, ObjectHandle, SessionHandle};
use crate::{Error, Function, Result, ReturnCode};

/// The room on the stack, in words of 8 bytes.
const STACK: usize = 512;
/// What a value of unknown size gets at most in the first call, in bytes.
const GUESS: usize = 512;
/// What it gets in the second.
const MORE: usize = 16 << 10;
/// What a module may say that a value has, in bytes.
const MOST: usize = 16 << 20;
/// Bytes more than a module says that it needs: some name too few.
const SLACK: usize = 64;

type Slots = SmallVec<[AttributeSlot; 12]>;

/// Reads the attributes and gives them to `take`; all copies made on the way are wiped.
pub(super) fn read<T>(
    object: &Object,
    list: &impl AttributeList,
    take: impl FnOnce(&crate::attribute::sealed::Read<'_>) -> T,
) -> Result<T> {
    let requests = list.requests().0;
    // A template is read in another way: its bytes are pointers.
    let plain = |request: &Request| request.attribute.is_plain();
    let asked: SmallVec<[Request; 12]> = requests.iter().copied().filter(plain).collect();
    let lengths_first = object.session.token().quirks().lengths_first;
    object.session.call(Function::GetAttributeValue, |cryptoki, session| {
        let mut stack = Stack { words: [0; STACK], used: 0 };
        let object = object.handle;
        let mut reader = Reader { cryptoki, session, object, more: SmallVec::new() };
        let found = match (asked.is_empty(), lengths_first) {
            (true, _) => Findings::new(),
            (false, true) => reader.by_length(&asked)?,
            (false, false) => reader.on_stack(&asked, &mut stack)?,
        };
        let outcomes = reader.rest(&asked, found, lengths_first)?;
        let outcome = |found: Found| -> Outcome<'_> {
            match found {
                Found::Stack { offset, length } => {
                    Ok(Value::borrowed(bytes(&stack.words, offset, length)))
                }
                Found::Heap { index, offset, length } => {
                    let room = reader.more.get(index);
                    Ok(Value::borrowed(room.map_or(&[], |room| bytes(room, offset, length))))
                }
                Found::Nothing(why) => Err(Failure::Unavailable(why)),
            }
        };
        let mut outcomes = outcomes.into_iter().map(outcome);
        let read = requests.iter().map(|request| {
            let outcome = match (plain(request), request.template) {
                (true, _) => outcomes.next(),
                (false, true) => Some(nested::read(cryptoki, session, object, request.attribute)?),
                (false, false) => None,
            };
            let outcome = outcome.unwrap_or(Err(Failure::Unavailable(Unavailable::Template)));
            Ok((request.attribute, outcome))
        });
        let read = read.collect::<Result<_>>()?;
        Ok(take(&crate::attribute::sealed::Read(read)))
    })
}

/// Room on the stack; what was used of it is wiped.
struct Stack {
    words: [u64; STACK],
    used: usize,
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.words.iter_mut().take(self.used).for_each(Zeroize::zeroize);
    }
}

/// Where a value is.
enum Found {
    Stack { offset: usize, length: usize },
    Heap { index: usize, offset: usize, length: usize },
    Nothing(Unavailable),
}

struct Reader<'r> {
    cryptoki: &'r Cryptoki,
    session: SessionHandle,
    object: ObjectHandle,
    more: SmallVec<[Zeroizing<Vec<u64>>; 4]>,
}

/// What is known of each attribute; nothing of those that are to be asked alone.
type Findings = SmallVec<[Option<Found>; 12]>;

impl Reader<'_> {
    /// One call for all, into the stack.
    fn on_stack(&self, requests: &[Request], stack: &mut Stack) -> Result<Findings> {
        let mut slots = places(requests);
        stack.used = slots.last().map_or(0, |slot| (slot.offset + slot.capacity).div_ceil(8));
        let words = &mut stack.words;
        let answer = self.cryptoki.attributes(self.session, self.object, &mut slots, words);
        let Some(code) = unless_of_one(answer)? else {
            return Ok(nothing(requests));
        };
        let found = slots.iter().zip(reasons(&slots, code)).map(|(slot, why)| match slot.length {
            Some(length) => Some(Found::Stack { offset: slot.offset, length }),
            None => why.map(Found::Nothing),
        });
        Ok(found.collect())
    }

    /// One call for all lengths, and one for all values: to modules that write past a buffer that
    /// is too small.
    fn by_length(&mut self, requests: &[Request]) -> Result<Findings> {
        let mut slots = unread(requests);
        let answer = self.cryptoki.attribute_lengths(self.session, self.object, &mut slots);
        let Some(code) = unless_of_one(answer)? else {
            return Ok(nothing(requests));
        };
        let why = reasons(&slots, code);
        let (mut asked, mut offset) = (Slots::new(), 0);
        for slot in &slots {
            if let Some(length) = slot.length.filter(|&length| length <= MOST) {
                // The module is told the length alone: to NSS, what has more room than a number
                // of its database has too little. The slack is there all the same.
                asked.push(AttributeSlot { offset, capacity: length, length: None, ..*slot });
                offset += (length + SLACK).div_ceil(8) * 8;
            }
        }
        let mut room = Zeroizing::new(vec![0_u64; offset / 8]);
        if !asked.is_empty() {
            let answer = self.cryptoki.attributes(self.session, self.object, &mut asked, &mut room);
            if unless_of_one(answer)?.is_none() {
                return Ok(nothing(requests));
            }
        }
        let index = self.more.len();
        self.more.push(room);
        let mut asked = asked.into_iter();
        let found = slots.iter().zip(why).map(|(slot, why)| match slot.length {
            None => why.map(Found::Nothing),
            Some(length) if length > MOST => Some(Found::Nothing(Unavailable::TooLarge)),
            Some(_) => {
                let AttributeSlot { offset, length, .. } = asked.next()?;
                Some(Found::Heap { index, offset, length: length? })
            }
        });
        Ok(found.collect())
    }

    /// What the first call left: more room, then the module's own word on the length, then why.
    fn rest(
        &mut self,
        requests: &[Request],
        found: Findings,
        lengths_first: bool,
    ) -> Result<SmallVec<[Found; 12]>> {
        let pairs = found.into_iter().zip(requests);
        pairs
            .map(|(found, request)| match found {
                Some(found) => Ok(found),
                None => match self.single(*request, lengths_first) {
                    Ok(found) => Ok(found),
                    Err(error) => Ok(Found::Nothing(of_one(&error).ok_or(error)?)),
                },
            })
            .collect()
    }

    /// One attribute alone, so that the return code tells of it.
    fn single(&mut self, request: Request, lengths_first: bool) -> Result<Found> {
        if request.size.is_none() && !lengths_first {
            let (found, code) = self.read_to_heap(request, MORE, MORE)?;
            if found.is_some() || code != ReturnCode::BUFFER_TOO_SMALL {
                return Ok(found.unwrap_or(Found::Nothing(reason(code))));
            }
        }
        let mut slots = unread(&[request]);
        let code = self.cryptoki.attribute_lengths(self.session, self.object, &mut slots)?;
        let length = slots.first().and_then(|slot| slot.length);
        match length {
            None => Ok(Found::Nothing(reason(code))),
            Some(length) if length > MOST => Ok(Found::Nothing(Unavailable::TooLarge)),
            Some(length) => {
                // Told of more than a number's length, NSS finds that too small in its database;
                // the slack is there all the same, for who writes past what was told.
                let room = length + SLACK;
                let (mut found, mut code) = self.read_to_heap(request, length, room)?;
                if found.is_none() && code == ReturnCode::BUFFER_TOO_SMALL {
                    (found, code) = self.read_to_heap(request, room, room)?;
                }
                Ok(found.unwrap_or(Found::Nothing(reason(code))))
            }
        }
    }

    /// One attribute into so much room, of which the module is told the capacity.
    fn read_to_heap(
        &mut self,
        request: Request,
        capacity: usize,
        room: usize,
    ) -> Result<(Option<Found>, ReturnCode)> {
        let mut room = Zeroizing::new(vec![0_u64; room.div_ceil(8)]);
        let slot =
            AttributeSlot { attribute: request.attribute, offset: 0, capacity, length: None };
        let mut slots = [slot];
        let code = self.cryptoki.attributes(self.session, self.object, &mut slots, &mut room)?;
        let [slot] = slots;
        let index = self.more.len();
        let found = slot.length.map(|length| Found::Heap { index, offset: 0, length });
        self.more.push(room);
        Ok((found, code))
    }
}

/// Why each attribute has no length, where the code of the call tells.
fn reasons(slots: &Slots, code: ReturnCode) -> SmallVec<[Option<Unavailable>; 12]> {
    let missing = slots.iter().filter(|slot| slot.length.is_none()).count();
    let reason = match code {
        ReturnCode::ATTRIBUTE_SENSITIVE => Some(Unavailable::Sensitive),
        ReturnCode::ATTRIBUTE_TYPE_INVALID => Some(Unavailable::NoSuchAttribute),
        _ => None,
    };
    // The code tells of one attribute; where one is missing, it is that one.
    let reason = reason.filter(|_| missing == 1);
    slots.iter().map(|slot| reason.filter(|_| slot.length.is_none())).collect()
}

/// Nothing is known: each is asked alone.
fn nothing(requests: &[Request]) -> Findings {
    requests.iter().map(|_| None).collect()
}

/// The code of a call for several attributes, unless one of them, perhaps, has failed it.
fn unless_of_one(answer: Result<ReturnCode>) -> Result<Option<ReturnCode>> {
    match answer {
        Ok(code) => Ok(Some(code)),
        Err(error) if of_one(&error).is_some() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The failure of one attribute, where an error may be that and no other's: some modules answer
/// a general error to an attribute that they cannot read.
fn of_one(error: &Error) -> Option<Unavailable> {
    let general = [
        ReturnCode::GENERAL_ERROR,
        ReturnCode::FUNCTION_FAILED,
        ReturnCode::ARGUMENTS_BAD,
        ReturnCode::ATTRIBUTE_VALUE_INVALID,
    ];
    error.return_code().filter(|code| general.contains(code)).map(Unavailable::Failed)
}

fn reason(code: ReturnCode) -> Unavailable {
    match code {
        ReturnCode::ATTRIBUTE_SENSITIVE => Unavailable::Sensitive,
        ReturnCode::ATTRIBUTE_TYPE_INVALID => Unavailable::NoSuchAttribute,
        _ => Unavailable::Unknown,
    }
}

/// Places on the stack: what the type wants, and an even share of the rest for the others.
fn places(requests: &[Request]) -> Slots {
    let words = |bytes: usize| bytes.div_ceil(8) * 8;
    let size = |request: &Request| request.size.filter(|&size| size <= GUESS / 2);
    let fixed: usize = requests.iter().filter_map(size).map(words).sum();
    let open = requests.iter().filter(|request| size(request).is_none()).count();
    let share = (STACK * 8).saturating_sub(fixed).checked_div(open).unwrap_or(0).min(GUESS) / 8 * 8;
    let mut offset = 0;
    let place = |request: &Request| {
        let capacity = size(request).unwrap_or(share);
        let slot = AttributeSlot { attribute: request.attribute, offset, capacity, length: None };
        offset += words(capacity);
        slot
    };
    requests.iter().map(place).collect()
}

/// Slots without places.
fn unread(requests: &[Request]) -> Slots {
    let slot = |request: &Request| AttributeSlot {
        attribute: request.attribute,
        offset: 0,
        capacity: 0,
        length: None,
    };
    requests.iter().map(slot).collect()
}

/// The bytes of a value in a room of words.
fn bytes(room: &[u64], offset: usize, length: usize) -> &[u8] {
    crate::raw::as_bytes(room).get(offset..offset + length).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::{AttributeType, attr};

    #[test]
    fn places_do_not_overlap_and_fit() {
        let list = (attr::CLASS, attr::TOKEN, attr::LABEL, attr::ID, attr::START_DATE, attr::VALUE);
        let slots = places(&list.requests().0);
        let mut end = 0;
        for slot in &slots {
            assert!(slot.offset >= end && slot.offset % 8 == 0);
            end = slot.offset + slot.capacity;
        }
        assert!(end <= STACK * 8);
        assert_eq!(slots[2].capacity, GUESS);
    }

    #[test]
    fn twelve_texts_share_the_room() {
        let request = Request { attribute: AttributeType::LABEL, size: None, template: false };
        let slots = places(&[request; 12]);
        assert_eq!(slots[11].capacity, 336);
        assert_eq!(slots[11].offset + slots[11].capacity, 4032);
    }
}
