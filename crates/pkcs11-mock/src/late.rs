//! Calls in asynchronous sessions: they answer `CKR_PENDING`, and are done when `C_AsyncComplete`
//! has been asked often enough, with the pointers that they were given at first. Until then the
//! views on the caller's memory are kept, as the standard asks of the caller.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use pkcs11_sys::*;

use crate::record::lock;
use crate::token::{crypt, keys};
use crate::view::{Answer, Input, Mechanism, Output, Place, Room, Template, Text, ulong};

/// What a call came to.
struct Outcome {
    code: CK_RV,
    length: CK_ULONG,
    objects: [CK_OBJECT_HANDLE; 2],
}

impl Outcome {
    fn of(answer: Answer) -> Self {
        Self { code: answer.err().unwrap_or(CKR_OK), length: 0, objects: [0; 2] }
    }
}

/// A call that waits. It holds pointers, which the caller lends from whichever thread.
struct Call {
    function: &'static str,
    polls: u64,
    work: Box<dyn FnOnce() -> Outcome>,
    lent: Option<Lent>,
    /// Where `C_AsyncComplete` says that the result is.
    value: CK_BYTE_PTR,
}

// SAFETY: the memory behind the pointers is lent until the call is done, to every thread.
unsafe impl Send for Call {}

/// A second view on input and output.
type Lent = (Input, Output<u8>);

/// The pointers of a call that has failed without a word about its buffer: nobody may free it.
struct Unnamed(#[allow(dead_code, reason = "kept, as the memory is")] Option<Lent>);

// SAFETY: as for `Call`.
unsafe impl Send for Unnamed {}

/// A call whose id was taken.
struct Detached {
    function: &'static str,
    outcome: Outcome,
    bytes: Vec<u8>,
}

struct Late {
    /// How often a call is pending; nothing where the token has no asynchronous sessions.
    polls: Option<u64>,
    names_buffers: bool,
    sessions: BTreeSet<CK_SESSION_HANDLE>,
    pending: BTreeMap<CK_SESSION_HANDLE, Call>,
    detached: BTreeMap<CK_ULONG, Detached>,
    /// Calls that were cancelled: their memory is never given back.
    abandoned: Vec<Call>,
    unnamed: Vec<Unnamed>,
}

static LATE: Mutex<Late> = Mutex::new(Late {
    polls: None,
    names_buffers: true,
    sessions: BTreeSet::new(),
    pending: BTreeMap::new(),
    detached: BTreeMap::new(),
    abandoned: Vec::new(),
    unnamed: Vec::new(),
});

pub(crate) fn reset() {
    let mut late = lock(&LATE);
    late.polls = None;
    late.names_buffers = true;
    late.sessions.clear();
    late.detached.clear();
    let pending = std::mem::take(&mut late.pending);
    late.abandoned.extend(pending.into_values());
}

pub(crate) fn support(polls: u64) {
    lock(&LATE).polls = Some(polls);
}

pub(crate) fn name_no_buffers() {
    lock(&LATE).names_buffers = false;
}

pub(crate) fn is_supported() -> bool {
    lock(&LATE).polls.is_some()
}

pub(crate) fn opened(session: CK_SESSION_HANDLE) {
    lock(&LATE).sessions.insert(session);
}

pub(crate) fn is_asynchronous(session: CK_SESSION_HANDLE) -> bool {
    lock(&LATE).sessions.contains(&session)
}

/// Fills the buffers of all calls that were cancelled, as a token does that cannot stop; how many.
pub(crate) fn scribble() -> usize {
    let late = lock(&LATE);
    let outputs = late.abandoned.iter().filter_map(|call| call.lent.as_ref());
    outputs.filter(|(_, output)| output.fill(0xab).is_ok()).count()
}

/// Does the work now, or keeps it for later.
fn start(
    session: CK_SESSION_HANDLE,
    function: &'static str,
    lent: Option<Lent>,
    work: impl FnOnce() -> Outcome + 'static,
) -> Answer {
    let mut late = lock(&LATE);
    let polls = late.polls.filter(|polls| *polls > 0 && late.sessions.contains(&session));
    let Some(polls) = polls else {
        drop(late);
        return match work().code {
            CKR_OK => Ok(()),
            code => Err(code),
        };
    };
    if late.pending.contains_key(&session) {
        return Err(CKR_OPERATION_ACTIVE);
    }
    let value = lent.as_ref().map_or(std::ptr::null_mut(), |(_, output)| output.buffer());
    let call = Call { function, polls, work: Box::new(work), lent, value };
    late.pending.insert(session, call);
    Err(CKR_PENDING)
}

fn name_of(kind: CK_FLAGS, init: bool) -> &'static str {
    match (kind, init) {
        (CKF_ENCRYPT, true) => "C_EncryptInit",
        (CKF_ENCRYPT, false) => "C_Encrypt",
        (CKF_DECRYPT, true) => "C_DecryptInit",
        (CKF_DECRYPT, false) => "C_Decrypt",
        (_, true) => "C_SignInit",
        (_, false) => "C_Sign",
    }
}

pub(crate) fn init(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    key: CK_OBJECT_HANDLE,
) -> Answer {
    let work = move || Outcome::of(crypt::init(kind, session, mechanism, key));
    start(session, name_of(kind, true), None, work)
}

pub(crate) fn one_shot(
    kind: CK_FLAGS,
    session: CK_SESSION_HANDLE,
    data: Input,
    output: Output<u8>,
) -> Answer {
    let kept = (data.again(), output.again());
    let work = move || {
        let after = output.again();
        let outcome = Outcome::of(crypt::one_shot(kind, session, data, output));
        Outcome { length: after.length().unwrap_or(0), ..outcome }
    };
    start(session, name_of(kind, false), Some(kept), work)
}

pub(crate) fn generate(
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    template: Template,
    place: Place<CK_OBJECT_HANDLE>,
) -> Answer {
    let work = move || {
        let after = place.again();
        let outcome = Outcome::of(keys::generate(session, mechanism, template, place));
        Outcome { objects: [after.get().unwrap_or(0), 0], ..outcome }
    };
    start(session, "C_GenerateKey", None, work)
}

pub(crate) fn generate_pair(
    session: CK_SESSION_HANDLE,
    mechanism: Mechanism,
    public: Template,
    private: Template,
    public_place: Place<CK_OBJECT_HANDLE>,
    private_place: Place<CK_OBJECT_HANDLE>,
) -> Answer {
    let work = move || {
        let (first, second) = (public_place.again(), private_place.again());
        let answer =
            keys::generate_pair(session, mechanism, public, private, public_place, private_place);
        let objects = [first.get().unwrap_or(0), second.get().unwrap_or(0)];
        Outcome { objects, ..Outcome::of(answer) }
    };
    start(session, "C_GenerateKeyPair", None, work)
}

/// The session's call, if it is of this function.
fn take(late: &mut Late, session: CK_SESSION_HANDLE, function: Text) -> Answer<Call> {
    let name = function.0.ok_or(CKR_ARGUMENTS_BAD)?;
    let is_it = |call: &Call| call.function.as_bytes() == name.as_bytes();
    if !late.pending.get(&session).is_some_and(is_it) {
        return Err(CKR_OPERATION_NOT_INITIALIZED);
    }
    late.pending.remove(&session).ok_or(CKR_OPERATION_NOT_INITIALIZED)
}

pub(crate) fn complete(
    session: CK_SESSION_HANDLE,
    function: Text,
    place: Place<CK_ASYNC_DATA>,
) -> Answer {
    let mut late = lock(&LATE);
    let mut call = take(&mut late, session, function)?;
    if call.polls > 0 {
        call.polls -= 1;
        late.pending.insert(session, call);
        return Err(CKR_PENDING);
    }
    let names = late.names_buffers;
    drop(late);
    let outcome = (call.work)();
    let [object, additional] = outcome.objects;
    if outcome.code == CKR_OK || names {
        place.put(CK_ASYNC_DATA {
            ulVersion: 0,
            pValue: call.value,
            ulValue: outcome.length,
            hObject: object,
            hAdditionalObject: additional,
        })?;
    } else {
        lock(&LATE).unnamed.push(Unnamed(call.lent));
    }
    if outcome.code == CKR_OK { Ok(()) } else { Err(outcome.code) }
}

/// `C_AsyncGetID`: done at once, since the caller's memory is not used afterwards.
pub(crate) fn id(session: CK_SESSION_HANDLE, function: Text, place: Place<CK_ULONG>) -> Answer {
    let call = take(&mut lock(&LATE), session, function)?;
    let outcome = (call.work)();
    let bytes = match &call.lent {
        Some((_, output)) if outcome.code == CKR_OK => output.read(outcome.length)?,
        _ => Vec::new(),
    };
    let mut late = lock(&LATE);
    let id = ulong(late.detached.len() + 1);
    late.detached.insert(id, Detached { function: call.function, outcome, bytes });
    place.put(id)
}

pub(crate) fn join(
    session: CK_SESSION_HANDLE,
    function: Text,
    id: CK_ULONG,
    room: Room<u8>,
) -> Answer {
    let name = function.0.ok_or(CKR_ARGUMENTS_BAD)?;
    let mut late = lock(&LATE);
    let known = |call: &&Detached| call.function.as_bytes() == name.as_bytes();
    let found = late.detached.get(&id).filter(known).ok_or(CKR_SAVED_STATE_INVALID)?;
    if !late.sessions.contains(&session) {
        return Err(CKR_SESSION_ASYNC_NOT_SUPPORTED);
    }
    if found.bytes.len() > room.length()? {
        return Err(CKR_BUFFER_TOO_SMALL);
    }
    let Detached { function, outcome, bytes } =
        late.detached.remove(&id).ok_or(CKR_SAVED_STATE_INVALID)?;
    let value = room.buffer();
    let work = move || match room.put(&bytes) {
        Err(code) if !bytes.is_empty() => Outcome { code, ..outcome },
        _ => outcome,
    };
    let polls = late.polls.unwrap_or(0);
    let call = Call { function, polls, work: Box::new(work), lent: None, value };
    late.pending.insert(session, call);
    Ok(())
}

/// `C_SessionCancel`: the call is not done, and its memory not given back.
pub(crate) fn cancel(session: CK_SESSION_HANDLE, flags: CK_FLAGS) -> Answer {
    let mut late = lock(&LATE);
    if let Some(call) = late.pending.remove(&session) {
        late.abandoned.push(call);
    }
    drop(late);
    crypt::cancel(session, flags)
}
