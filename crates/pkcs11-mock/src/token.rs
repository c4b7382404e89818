//! The built-in token, in safe Rust: its state, slots and sessions.

pub(crate) mod authenticated;
pub(crate) mod crypt;
pub(crate) mod derive;
pub(crate) mod dual;
pub(crate) mod kem;
pub(crate) mod keys;
pub(crate) mod login;
pub(crate) mod mechanisms;
pub(crate) mod messages;
pub(crate) mod objects;
pub(crate) mod state;
mod toy;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{LazyLock, Mutex};

use pkcs11_sys::*;

use crate::late;
use crate::record::{SETTINGS, lock};
use crate::view::{Answer, InitializeArgs, Output, Place};
use login::Pin;
use messages::Messages;
use objects::Object;
use toy::Operation;

/// The slot with the token.
pub const SLOT: CK_SLOT_ID = 11;
/// The slot without one. It comes first.
pub const EMPTY_SLOT: CK_SLOT_ID = 7;
/// The token's label.
pub const LABEL: &str = "MOCK";
/// The security officer's PIN.
pub const SO_PIN: &str = "12345678";
/// The user's PIN.
pub const USER_PIN: &str = "1234";

/// All that the token knows. What the standard says survives `C_Finalize` does.
#[derive(Debug)]
struct State {
    initialized: Option<InitializeArgs>,
    present: bool,
    /// Whether the token has come or gone, and nobody has asked.
    event: bool,
    label: [u8; 32],
    so: Pin,
    user: Pin,
    login: Option<CK_USER_TYPE>,
    sessions: BTreeMap<CK_SESSION_HANDLE, Session>,
    objects: BTreeMap<CK_OBJECT_HANDLE, Object>,
    last_handle: CK_ULONG,
    random: u8,
    two_operations: bool,
    saved: Vec<Operation>,
}

#[derive(Debug)]
struct Session {
    read_write: bool,
    /// One at a time of any kind, as in SoftHSM.
    active: Option<Active>,
    /// A second one, where [two](crate::Mock::two_operations) are let in.
    beside: Option<Operation>,
}

impl Session {
    fn operation(&self, kind: CK_FLAGS) -> Option<&Operation> {
        let first = match &self.active {
            Some(Active::Operation(operation)) => Some(operation),
            _ => None,
        };
        first.into_iter().chain(&self.beside).find(|operation| operation.kind == kind)
    }

    /// Replaces the operation of this kind, or ends it.
    fn set_operation(&mut self, kind: CK_FLAGS, next: Option<Operation>) {
        if self.beside.as_ref().is_some_and(|operation| operation.kind == kind) {
            self.beside = next;
        } else {
            self.active = next.map(Active::Operation);
        }
    }

    fn is_busy(&self) -> bool {
        self.active.is_some() || self.beside.is_some()
    }
}

#[derive(Debug)]
enum Active {
    Find(VecDeque<CK_OBJECT_HANDLE>),
    Operation(Operation),
    Messages(Messages),
}

static STATE: LazyLock<Mutex<State>> = LazyLock::new(|| Mutex::new(State::new()));

/// Works on the state of a token that is initialised (by `C_Initialize`).
fn with<T>(work: impl FnOnce(&mut State) -> Answer<T>) -> Answer<T> {
    let mut state = lock(&STATE);
    if state.initialized.is_none() {
        return Err(CKR_CRYPTOKI_NOT_INITIALIZED);
    }
    work(&mut state)
}

impl State {
    fn new() -> Self {
        Self {
            initialized: None,
            present: true,
            event: false,
            label: padded(LABEL),
            so: Pin::new(SO_PIN),
            user: Pin::new(USER_PIN),
            login: None,
            sessions: BTreeMap::new(),
            objects: BTreeMap::new(),
            last_handle: 0x1000,
            random: 0,
            two_operations: false,
            saved: Vec::new(),
        }
    }

    fn new_handle(&mut self) -> CK_ULONG {
        self.last_handle += 1;
        self.last_handle
    }

    /// Says whether there is a token in the slot.
    fn token(&self, slot: CK_SLOT_ID) -> Answer {
        match slot {
            SLOT if self.present => Ok(()),
            SLOT | EMPTY_SLOT => Err(CKR_TOKEN_NOT_PRESENT),
            _ => Err(CKR_SLOT_ID_INVALID),
        }
    }

    fn session(&mut self, handle: CK_SESSION_HANDLE) -> Answer<&mut Session> {
        self.sessions.get_mut(&handle).ok_or(CKR_SESSION_HANDLE_INVALID)
    }

    /// The session, if nothing is active in it.
    fn idle_session(&mut self, handle: CK_SESSION_HANDLE) -> Answer<&mut Session> {
        match self.session(handle)? {
            busy if busy.is_busy() => Err(CKR_OPERATION_ACTIVE),
            idle => Ok(idle),
        }
    }

    /// Closes a session: its objects go with it, and the login with the last one.
    fn close(&mut self, handle: CK_SESSION_HANDLE) -> Answer {
        self.sessions.remove(&handle).ok_or(CKR_SESSION_HANDLE_INVALID)?;
        self.objects.retain(|_, object| object.owner != Some(handle));
        if self.sessions.is_empty() {
            self.login = None;
        }
        Ok(())
    }

    fn close_all(&mut self) {
        self.sessions.clear();
        self.objects.retain(|_, object| object.owner.is_none());
        self.login = None;
    }
}

pub(crate) fn reset() {
    *lock(&STATE) = State::new();
}

pub(crate) fn let_two_in() {
    lock(&STATE).two_operations = true;
}

pub(crate) fn set_present(present: bool) {
    let mut state = lock(&STATE);
    state.event |= state.present != present;
    state.present = present;
    if !present {
        state.close_all();
    }
}

pub(crate) fn initialize_args() -> Option<InitializeArgs> {
    lock(&STATE).initialized.clone()
}

/// Text as the standard's structures have it: padded with blanks.
fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = text.bytes();
    std::array::from_fn(|_| bytes.next().unwrap_or(b' '))
}

pub(crate) fn initialize(args: Option<InitializeArgs>) -> Answer {
    let args = args.unwrap_or_default();
    let mut state = lock(&STATE);
    if state.initialized.is_some() {
        return Err(CKR_CRYPTOKI_ALREADY_INITIALIZED);
    }
    match args.mutex_functions {
        0 => {}
        4 if args.flags & CKF_OS_LOCKING_OK != 0 => {}
        4 => return Err(CKR_CANT_LOCK),
        _ => return Err(CKR_ARGUMENTS_BAD),
    }
    state.initialized = Some(args);
    Ok(())
}

pub(crate) fn finalize(reserved: CK_VOID_PTR) -> Answer {
    if !reserved.is_null() {
        return Err(CKR_ARGUMENTS_BAD);
    }
    with(|state| {
        state.close_all();
        state.initialized = None;
        Ok(())
    })
}

pub(crate) fn info(place: Place<CK_INFO>) -> Answer {
    let version = lock(&SETTINGS).version.number();
    with(|_| {
        place.put(CK_INFO {
            cryptokiVersion: version,
            manufacturerID: padded("mock"),
            flags: 0,
            libraryDescription: padded("No cryptography, for tests"),
            libraryVersion: CK_VERSION { major: 0, minor: 1 },
        })
    })
}

pub(crate) fn slot_list(token_present: CK_BBOOL, output: Output<CK_SLOT_ID>) -> Answer {
    with(|state| {
        let mut slots = vec![EMPTY_SLOT, SLOT];
        slots.retain(|slot| token_present == CK_FALSE || state.token(*slot).is_ok());
        output.put(&slots).map(|_| ())
    })
}

pub(crate) fn slot_info(slot: CK_SLOT_ID, place: Place<CK_SLOT_INFO>) -> Answer {
    with(|state| {
        let present = match state.token(slot) {
            Ok(()) => CKF_TOKEN_PRESENT,
            Err(CKR_TOKEN_NOT_PRESENT) => 0,
            Err(code) => return Err(code),
        };
        let name = if slot == SLOT { "The mock's slot" } else { "The mock's empty slot" };
        place.put(CK_SLOT_INFO {
            slotDescription: padded(name),
            manufacturerID: padded("mock"),
            flags: CKF_REMOVABLE_DEVICE | present,
            ..Default::default()
        })
    })
}

pub(crate) fn token_info(slot: CK_SLOT_ID, place: Place<CK_TOKEN_INFO>) -> Answer {
    with(|state| {
        state.token(slot)?;
        let count = |filter: fn(&&Session) -> bool| {
            crate::view::ulong(state.sessions.values().filter(filter).count())
        };
        place.put(CK_TOKEN_INFO {
            label: state.label,
            manufacturerID: padded("mock"),
            model: padded("mock"),
            serialNumber: padded("0000000000000001"),
            flags: CKF_RNG
                | CKF_LOGIN_REQUIRED
                | CKF_TOKEN_INITIALIZED
                | state.pin_flags()
                | if late::is_supported() { CKF_ASYNC_SESSION_SUPPORTED } else { 0 },
            ulMaxSessionCount: CK_EFFECTIVELY_INFINITE,
            ulSessionCount: count(|_| true),
            ulMaxRwSessionCount: CK_EFFECTIVELY_INFINITE,
            ulRwSessionCount: count(|session| session.read_write),
            ulMaxPinLen: login::LONGEST_PIN,
            ulMinPinLen: login::SHORTEST_PIN,
            ulTotalPublicMemory: CK_UNAVAILABLE_INFORMATION,
            ulFreePublicMemory: CK_UNAVAILABLE_INFORMATION,
            ulTotalPrivateMemory: CK_UNAVAILABLE_INFORMATION,
            ulFreePrivateMemory: CK_UNAVAILABLE_INFORMATION,
            utcTime: padded(""),
            ..Default::default()
        })
    })
}

pub(crate) fn open_session(
    slot: CK_SLOT_ID,
    flags: CK_FLAGS,
    place: Place<CK_SESSION_HANDLE>,
) -> Answer {
    with(|state| {
        state.token(slot)?;
        if flags & CKF_SERIAL_SESSION == 0 {
            return Err(CKR_SESSION_PARALLEL_NOT_SUPPORTED);
        }
        let read_write = flags & CKF_RW_SESSION != 0;
        if !read_write && state.login == Some(CKU_SO) {
            return Err(CKR_SESSION_READ_WRITE_SO_EXISTS);
        }
        let asynchronous = flags & CKF_ASYNC_SESSION != 0;
        if asynchronous && !late::is_supported() {
            return Err(CKR_SESSION_ASYNC_NOT_SUPPORTED);
        }
        let handle = state.new_handle();
        place.put(handle)?;
        if asynchronous {
            late::opened(handle);
        }
        state.sessions.insert(handle, Session { read_write, active: None, beside: None });
        Ok(())
    })
}

pub(crate) fn close_session(session: CK_SESSION_HANDLE) -> Answer {
    with(|state| state.close(session))
}

pub(crate) fn close_all_sessions(slot: CK_SLOT_ID) -> Answer {
    with(|state| {
        state.token(slot)?;
        state.close_all();
        Ok(())
    })
}

pub(crate) fn session_info(session: CK_SESSION_HANDLE, place: Place<CK_SESSION_INFO>) -> Answer {
    with(|state| {
        let login = state.login;
        let read_write = state.session(session)?.read_write;
        place.put(CK_SESSION_INFO {
            slotID: SLOT,
            state: match (login, read_write) {
                (Some(CKU_SO), _) => CKS_RW_SO_FUNCTIONS,
                (Some(_), true) => CKS_RW_USER_FUNCTIONS,
                (Some(_), false) => CKS_RO_USER_FUNCTIONS,
                (None, true) => CKS_RW_PUBLIC_SESSION,
                (None, false) => CKS_RO_PUBLIC_SESSION,
            },
            flags: CKF_SERIAL_SESSION
                | if read_write { CKF_RW_SESSION } else { 0 }
                | if late::is_asynchronous(session) { CKF_ASYNC_SESSION } else { 0 },
            ulDeviceError: 0,
        })
    })
}

/// `C_GetFunctionStatus`, `C_CancelFunction`.
pub(crate) fn parallel(session: CK_SESSION_HANDLE) -> Answer {
    with(|state| state.session(session).and(Err(CKR_FUNCTION_NOT_PARALLEL)))
}

/// The bits are made up: one, and only for the kind that the standard has.
pub(crate) fn validation_flags(
    session: CK_SESSION_HANDLE,
    which: CK_SESSION_VALIDATION_FLAGS_TYPE,
    place: Place<CK_FLAGS>,
) -> Answer {
    with(|state| {
        state.session(session)?;
        place.put(if which == CKS_LAST_VALIDATION_OK { 4 } else { 0 })
    })
}

pub(crate) fn wait_for_slot_event(flags: CK_FLAGS, slot: Place<CK_SLOT_ID>) -> Answer {
    with(|state| {
        if std::mem::take(&mut state.event) {
            return slot.put(SLOT);
        }
        // Nothing happens by itself, so a wait would have no end.
        Err(if flags & CKF_DONT_BLOCK == 0 { CKR_FUNCTION_NOT_SUPPORTED } else { CKR_NO_EVENT })
    })
}
