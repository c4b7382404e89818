//! What a test holds: the mock, its lies and its counters.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use pkcs11_sys::{CK_ATTRIBUTE_TYPE, CK_RV, CK_ULONG, CK_VERSION, EntryPoints};

use crate::record::{Function, MOST_IN_FLIGHT, SETTINGS, Settings, lock, record_named};
use crate::{InitializeArgs, late, lists, table, token};

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// How a call departs from the truth. The functions that have no such output refuse the lie when
/// it is set, with a panic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lie {
    /// None: for [`Mock::lie_times`], to let some calls pass before the next lie.
    Truth,
    /// Does nothing and answers this code.
    Code(CK_RV),
    /// Does what is asked, then answers this code.
    CodeAfter(CK_RV),
    /// Does nothing, writes nothing and answers `CKR_OK`.
    Silent,
    /// Does what is asked, then overwrites the output's length or count, whatever the buffer is.
    Length(CK_ULONG),
    /// Does what is asked, then, if that went well, adds this to the output's length or count.
    LengthBy(isize),
    /// Does nothing, writes this length or count as the one that is needed, and answers
    /// `CKR_BUFFER_TOO_SMALL`.
    TooSmall(CK_ULONG),
    /// Does what is asked, then overwrites the handle (both of a key pair, the first found).
    Handle(CK_ULONG),
    /// `C_GetFunctionList`, `C_GetInterface`: answers as it should, with NULL for the pointer.
    NullList,
    /// Sleeps, then does what is asked.
    Delay(Duration),
    /// `C_GetAttributeValue`: does what is asked, then overwrites `ulValueLen` of each entry of
    /// this type.
    AttributeLength(CK_ATTRIBUTE_TYPE, CK_ULONG),
    /// Takes the token out: this and every later call that needs it answers
    /// `CKR_DEVICE_REMOVED`, until [`Mock::truth`] is called for this function. The sessions of the
    /// built-in token are gone then.
    Removed,
}

/// The function lists that the mock offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Version {
    /// No `C_GetInterface`, only `C_GetFunctionList`.
    V2_40,
    /// Interfaces 3.0 and 2.40.
    V3_0,
    /// Interfaces 3.2, 3.0 and 2.40.
    V3_2,
}

impl Version {
    pub(crate) fn number(self) -> CK_VERSION {
        let (major, minor) = match self {
            Self::V2_40 => (2, 40),
            Self::V3_0 => (3, 0),
            Self::V3_2 => (3, 2),
        };
        CK_VERSION { major, minor }
    }
}

/// The mock, held by one test at a time.
///
/// Names of functions are the standard's (`"C_Sign"`); methods panic on any other.
///
/// `Drop` lets the next test have it, and changes nothing: bind it before what uses it, so that it
/// is dropped last.
#[derive(Debug)]
#[must_use]
pub struct Mock {
    _alone: MutexGuard<'static, ()>,
}

impl Mock {
    /// Waits until no other test has the mock; then everything is as at first: no calls counted,
    /// no lies, version 3.2, a token that is not initialised (by `C_Initialize`) and empty.
    pub fn start() -> Self {
        let mock = Self { _alone: lock(&ONE_AT_A_TIME) };
        *lock(&SETTINGS) = Settings::START;
        mock.reset_counts();
        for function in table::FUNCTIONS {
            function.reset();
        }
        token::reset();
        late::reset();
        mock
    }

    /// As [`Mock::start`], but with another module's functions behind the counters and lies. The
    /// version is the newest that the module has; what it lacks is missing.
    ///
    /// # Safety
    /// The entry points are those of a PKCS#11 module, which stays loaded for as long as
    /// [this mock's lists](Mock::entry_points) are called.
    ///
    /// # Panics
    /// If the module does not hand out a function list.
    pub unsafe fn wrapping(entry: EntryPoints) -> Self {
        let mock = Self::start();
        // SAFETY: as our caller promises.
        match unsafe { lists::wrap(entry) } {
            Ok(()) => mock,
            Err(code) => panic!("C_GetFunctionList of the wrapped module: {code:#x}"),
        }
    }

    /// What a program finds in a module's file.
    #[must_use]
    pub fn entry_points(&self) -> EntryPoints {
        let new = lock(&SETTINGS).version > Version::V2_40;
        let has = |name| new && !record_named(name).is_missing();
        EntryPoints {
            get_function_list: table::C_GetFunctionList,
            get_interface: has("C_GetInterface").then_some(table::C_GetInterface),
            get_interface_list: has("C_GetInterfaceList").then_some(table::C_GetInterfaceList),
        }
    }

    /// Offers these lists from now on.
    pub fn version(&self, version: Version) {
        lock(&SETTINGS).version = version;
    }

    /// Leaves the function out (NULL) of the lists that are handed out from now on.
    pub fn missing(&self, function: &str) {
        record_named(function).set_missing();
    }

    /// Lies at every call of the function, instead of what was set before.
    pub fn lie(&self, function: &str, lie: Lie) {
        record_named(function).lie(None, lie);
    }

    /// Lies at so many calls of the function, after the lies for a number of calls that were set
    /// before.
    pub fn lie_times(&self, function: &str, times: u64, lie: Lie) {
        record_named(function).lie(Some(times), lie);
    }

    /// Ends the function's lies; a token that it [took out](Lie::Removed) is back.
    pub fn truth(&self, function: &str) {
        record_named(function).truth();
    }

    /// How often the function was called.
    #[must_use]
    pub fn calls(&self, function: &str) -> u64 {
        record_named(function).calls.load(Ordering::Relaxed)
    }

    /// How many calls there were.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts().iter().map(|(_, calls)| calls).sum()
    }

    /// The functions that were called, in the order of the lists, and how often.
    #[must_use]
    pub fn counts(&self) -> Vec<(&'static str, u64)> {
        let count = |function: &&Function| (function.name, function.calls.load(Ordering::Relaxed));
        table::FUNCTIONS.iter().map(count).filter(|(_, calls)| *calls > 0).collect()
    }

    /// Counts from zero again.
    pub fn reset_counts(&self) {
        for function in table::FUNCTIONS {
            function.calls.store(0, Ordering::Relaxed);
        }
        MOST_IN_FLIGHT.store(0, Ordering::Relaxed);
    }

    /// The most calls that were under way at the same time: 1 where the caller takes turns.
    #[must_use]
    pub fn most_in_flight(&self) -> usize {
        MOST_IN_FLIGHT.load(Ordering::Relaxed)
    }

    /// Lets a session have two operations of different kinds, as the dual-function calls want. Else
    /// it has one, as in SoftHSM.
    pub fn two_operations(&self) {
        token::let_two_in();
    }

    /// Offers asynchronous sessions, in which encryption, decryption, signatures and the generation
    /// of keys are pending at the call itself and at so many calls of `C_AsyncComplete`; 0: they are
    /// done at once.
    pub fn asynchronous(&self, polls: u64) {
        late::support(polls);
    }

    /// Lets `C_AsyncComplete` answer errors without naming the buffer.
    pub fn errors_name_no_buffer(&self) {
        late::name_no_buffers();
    }

    /// Writes all over the buffers of the calls that were cancelled while they were pending, as a
    /// token does that cannot stop; how many there are, those of earlier tests too.
    pub fn scribble(&self) -> usize {
        late::scribble()
    }

    /// How the built-in token was initialised; nothing if it is not.
    #[must_use]
    pub fn initialize_args(&self) -> Option<InitializeArgs> {
        token::initialize_args()
    }
}
