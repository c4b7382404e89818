//! What is kept per function (calls, lies, whether it exists) and for all of them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pkcs11_sys::*;

use crate::view::{Given, Place, Template, ulong};
use crate::{Lie, Version, notes, table, token};

/// A test that failed while it held a lock says nothing about what the lock guards.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What holds for all functions.
pub(crate) struct Settings {
    pub(crate) version: Version,
    pub(crate) wrapped: Option<Arc<CK_FUNCTION_LIST_3_2>>,
    /// The function whose lie took the token out.
    pub(crate) removed_by: Option<&'static str>,
}

impl Settings {
    pub(crate) const START: Self = Self { version: Version::V3_2, wrapped: None, removed_by: None };
}

pub(crate) static SETTINGS: Mutex<Settings> = Mutex::new(Settings::START);

static IN_FLIGHT: AtomicUsize = AtomicUsize::new(0);
pub(crate) static MOST_IN_FLIGHT: AtomicUsize = AtomicUsize::new(0);

/// One of the 104.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// What its lies can overwrite: `length`, `handle`, `list`, `attributes`.
    outputs: &'static [&'static str],
    pub(crate) calls: AtomicU64,
    missing: AtomicBool,
    /// Whether it has answered `CKR_OK` in this process, which no reset forgets.
    noted: AtomicBool,
    /// The lies in their order, each with the number of calls that it is for (none: all).
    lies: Mutex<VecDeque<(Option<u64>, Lie)>>,
}

impl Function {
    pub(crate) const fn new(name: &'static str, outputs: &'static [&'static str]) -> Self {
        Self {
            name,
            outputs,
            calls: AtomicU64::new(0),
            missing: AtomicBool::new(false),
            noted: AtomicBool::new(false),
            lies: Mutex::new(VecDeque::new()),
        }
    }

    pub(crate) fn reset(&self) {
        self.calls.store(0, Ordering::Relaxed);
        self.missing.store(false, Ordering::Relaxed);
        lock(&self.lies).clear();
    }

    pub(crate) fn is_missing(&self) -> bool {
        self.missing.load(Ordering::Relaxed)
    }

    pub(crate) fn set_missing(&self) {
        self.missing.store(true, Ordering::Relaxed);
    }

    pub(crate) fn lie(&self, times: Option<u64>, lie: Lie) {
        let needs = match lie {
            Lie::Length(_) | Lie::LengthBy(_) | Lie::TooSmall(_) => "length",
            Lie::Handle(_) => "handle",
            Lie::NullList => "list",
            Lie::AttributeLength(..) => "attributes",
            _ => "",
        };
        let possible = needs.is_empty() || self.outputs.contains(&needs);
        assert!(possible, "{} has no output for {lie:?}", self.name);
        let mut lies = lock(&self.lies);
        if times.is_none() {
            lies.clear();
        }
        lies.push_back((times, lie));
    }

    pub(crate) fn truth(&self) {
        lock(&self.lies).clear();
        let mut settings = lock(&SETTINGS);
        if settings.removed_by == Some(self.name) {
            settings.removed_by = None;
            token::set_present(true);
        }
    }

    fn next_lie(&self) -> Lie {
        let mut lies = lock(&self.lies);
        while let Some((times, lie)) = lies.front_mut() {
            match times {
                None => return *lie,
                Some(0) => drop(lies.pop_front()),
                Some(left) => {
                    *left -= 1;
                    return *lie;
                }
            }
        }
        Lie::Truth
    }

    /// Counts a call and decides about it: to be done, or answered with this code at once.
    pub(crate) fn enter(&'static self) -> Result<Call, CK_RV> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let flight = Flight::start();
        let lie = self.next_lie();
        match lie {
            Lie::Code(code) => return Err(code),
            Lie::Silent => return Err(CKR_OK),
            Lie::Delay(time) => std::thread::sleep(time),
            Lie::Removed => {
                lock(&SETTINGS).removed_by = Some(self.name);
                token::set_present(false);
            }
            _ => {}
        }
        let settings = lock(&SETTINGS);
        if settings.removed_by.is_some() && !self.works_without_token() {
            return Err(CKR_DEVICE_REMOVED);
        }
        Ok(Call { function: self, lie, wrapped: settings.wrapped.clone(), _flight: flight })
    }

    /// Whether this answer says that it did what it is for. Two functions of a standard before 2.0
    /// are left to answer one code (PKCS#11 §5.20).
    fn is_done(&self, code: CK_RV) -> bool {
        let parallel = matches!(self.name, "C_GetFunctionStatus" | "C_CancelFunction");
        code == CKR_OK || parallel && code == CKR_FUNCTION_NOT_PARALLEL
    }

    /// Notes that it has answered `CKR_OK`, the first time.
    pub(crate) fn note(&self) {
        if !self.noted.swap(true, Ordering::Relaxed) {
            notes::add(self.name);
        }
    }

    /// Says whether the mock answers it even for a wrapped module, to hand out its own lists.
    pub(crate) fn is_ours(&self) -> bool {
        matches!(self.name, "C_GetFunctionList" | "C_GetInterfaceList" | "C_GetInterface")
    }

    fn works_without_token(&self) -> bool {
        let general = ["C_Initialize", "C_Finalize", "C_GetInfo", "C_WaitForSlotEvent"];
        let slots = ["C_GetSlotList", "C_GetSlotInfo"];
        self.is_ours() || general.contains(&self.name) || slots.contains(&self.name)
    }
}

/// A call that is being answered.
pub(crate) struct Call {
    function: &'static Function,
    lie: Lie,
    wrapped: Option<Arc<CK_FUNCTION_LIST_3_2>>,
    _flight: Flight,
}

impl Call {
    pub(crate) fn wrapped(&self) -> Option<&CK_FUNCTION_LIST_3_2> {
        self.wrapped.as_deref()
    }

    /// The answer of a lie in whose stead nothing is done.
    pub(crate) fn instead(&self) -> Option<CK_RV> {
        matches!(self.lie, Lie::TooSmall(_)).then_some(CKR_BUFFER_TOO_SMALL)
    }

    /// # Safety
    /// `length` is NULL or can be written; after `CKR_OK` it can be read, too.
    pub(crate) unsafe fn length(&self, code: CK_RV, length: CK_ULONG_PTR) {
        let lie = match self.lie {
            Lie::Length(lie) | Lie::TooSmall(lie) => Some(lie),
            Lie::LengthBy(difference) if code == CKR_OK => {
                // SAFETY: as our caller promises.
                unsafe { Given::new(length) }.0.map(|truth| shifted(truth, difference))
            }
            _ => None,
        };
        if let Some(lie) = lie {
            // SAFETY: as our caller promises.
            let _ = unsafe { Place::new(length) }.put(lie);
        }
    }

    /// # Safety
    /// `handle` is NULL or can be written.
    pub(crate) unsafe fn handle(&self, _: CK_RV, handle: CK_ULONG_PTR) {
        if let Lie::Handle(lie) = self.lie {
            // SAFETY: as our caller promises.
            let _ = unsafe { Place::new(handle) }.put(lie);
        }
    }

    /// # Safety
    /// `list` is NULL or can be written.
    pub(crate) unsafe fn list<T>(&self, _: CK_RV, list: *mut *mut T) {
        if let Lie::NullList = self.lie {
            // SAFETY: as our caller promises.
            let _ = unsafe { Place::new(list) }.put(std::ptr::null_mut());
        }
    }

    /// # Safety
    /// `template` is NULL or `count` attributes can be read and written there.
    pub(crate) unsafe fn attributes(&self, _: CK_RV, template: CK_ATTRIBUTE_PTR, count: CK_ULONG) {
        if let Lie::AttributeLength(kind, length) = self.lie {
            // SAFETY: as our caller promises.
            unsafe { Template::new(template, count) }.lie(kind, length);
        }
    }

    pub(crate) fn end(self, code: CK_RV) -> CK_RV {
        // What a lie had a hand in is no answer.
        if self.function.is_done(code) && matches!(self.lie, Lie::Truth | Lie::Delay(_)) {
            self.function.note();
        }
        match self.lie {
            Lie::CodeAfter(lie) => lie,
            _ => code,
        }
    }
}

/// A length or count with something added.
fn shifted(truth: CK_ULONG, difference: isize) -> CK_ULONG {
    let by = ulong(difference.unsigned_abs());
    if difference < 0 { truth.saturating_sub(by) } else { truth.saturating_add(by) }
}

/// Counts the calls that are under way at the same time.
struct Flight;

impl Flight {
    fn start() -> Self {
        let now = IN_FLIGHT.fetch_add(1, Ordering::Relaxed) + 1;
        MOST_IN_FLIGHT.fetch_max(now, Ordering::Relaxed);
        Self
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        IN_FLIGHT.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The record of a function.
///
/// # Panics
/// If there is no such function.
pub(crate) fn record_named(name: &str) -> &'static Function {
    match table::FUNCTIONS.into_iter().find(|function| function.name == name) {
        Some(function) => function,
        None => panic!("PKCS#11 has no function {name:?}"),
    }
}
