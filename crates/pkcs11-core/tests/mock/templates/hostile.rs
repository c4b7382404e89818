//! A module that answers what a test says when it is asked for a template.

use std::sync::Mutex;

use pkcs11_core::sys::{
    CK_ATTRIBUTE, CK_ATTRIBUTE_PTR, CK_OBJECT_HANDLE, CK_RV, CK_SESSION_HANDLE, CK_ULONG,
    CKF_ARRAY_ATTRIBUTE,
};
use pkcs11_core::{Data, attr, label};
use pkcs11_mock::{LABEL, Mock};

use crate::support::{data, load_patched, open_on};

/// Where an entry stands that is to be answered.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    /// The number of the call, from 0.
    pub(super) call: usize,
    /// How many templates it is in, without that of the call itself.
    pub(super) depth: usize,
}

type Answer = dyn FnMut(Asked, &mut CK_ATTRIBUTE) + Send;

struct Answers {
    calls: usize,
    entry: Box<Answer>,
    code: Box<dyn Fn(usize) -> CK_RV + Send>,
}

static ANSWERS: Mutex<Option<Answers>> = Mutex::new(None);

/// An object whose attributes are what a test says.
pub(super) struct Hostile {
    pub(super) object: Data,
}

impl Hostile {
    pub(super) fn load(mock: &Mock) -> Self {
        let module = load_patched(mock, |functions| functions.C_GetAttributeValue = Some(get));
        let session = open_on(mock, &module.token(label(LABEL)).unwrap());
        Self { object: data(&session, attr::LABEL, "hostile") }
    }

    /// From now on, attributes are what `answer` makes of each entry, with the code of each call.
    pub(super) fn answers(
        &self,
        answer: impl FnMut(Asked, &mut CK_ATTRIBUTE) + Send + 'static,
        code: impl Fn(usize) -> CK_RV + Send + 'static,
    ) {
        *ANSWERS.lock().unwrap() =
            Some(Answers { calls: 0, entry: Box::new(answer), code: Box::new(code) });
    }

    /// The calls since then.
    pub(super) fn calls(&self) -> usize {
        ANSWERS.lock().unwrap().as_ref().unwrap().calls
    }
}

unsafe extern "C" fn get(
    _: CK_SESSION_HANDLE,
    _: CK_OBJECT_HANDLE,
    template: CK_ATTRIBUTE_PTR,
    count: CK_ULONG,
) -> CK_RV {
    let mut answers = ANSWERS.lock().unwrap();
    let answers = answers.as_mut().unwrap();
    let asked = Asked { call: answers.calls, depth: 0 };
    answers.calls += 1;
    // SAFETY: as the caller gave them.
    unsafe { fill(asked, template, usize::try_from(count).unwrap(), answers.entry.as_mut()) };
    (answers.code)(asked.call)
}

/// Answers these entries, and those that they point to.
///
/// # Safety
/// There are so many, to be read and written, and what they point to is as they say.
unsafe fn fill(asked: Asked, entries: *mut CK_ATTRIBUTE, count: usize, answer: &mut Answer) {
    for place in (0..count).map(|index| entries.wrapping_add(index)) {
        // SAFETY: one of those that the caller gave.
        let given = unsafe { place.read_unaligned() };
        let mut entry = given;
        answer(asked, &mut entry);
        // SAFETY: as before.
        unsafe { place.write_unaligned(entry) };
        let size = usize::try_from(given.ulValueLen).unwrap();
        // The entry of the call itself has a type from the start.
        let is_template = given.type_ & CKF_ARRAY_ATTRIBUTE != 0;
        let known = given.type_ != CK_ULONG::MAX;
        if is_template && known && !{ given.pValue }.is_null() {
            let inner = Asked { depth: asked.depth + 1, ..asked };
            let count = size / size_of::<CK_ATTRIBUTE>();
            // SAFETY: the value of a template is an array of entries.
            unsafe { fill(inner, given.pValue.cast(), count, answer) };
        }
    }
}
