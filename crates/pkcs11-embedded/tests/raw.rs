//! The embedded token through its bare function lists, without the safe layer.

#![allow(unsafe_code, reason = "the functions of a module are called as they are")]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::ffi::{CStr, c_void};
use std::path::Path;
use std::ptr::{null, null_mut};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pkcs11_embedded::{Embedded, StartError, Store, entry_points};
use pkcs11_sys::*;

const SO_PIN: &[u8] = b"12345678";
const USER_PIN: &[u8] = b"1234";

/// kryoptic is one instance per process: one test at a time.
static ONE: Mutex<()> = Mutex::new(());

/// Calls a function of the list with a module's own notion of safety.
macro_rules! call {
    ($list:expr, $name:ident($($argument:expr),* $(,)?)) => {{
        let function = $list.$name.expect(stringify!($name));
        // SAFETY: the function comes from the module's list, and every pointer
        // among the arguments points to live memory of the length given with it.
        unsafe { function($($argument),*) }
    }};
}

/// A module that is initialised on a store, until it is dropped.
struct Running {
    list: &'static CK_FUNCTION_LIST,
    _one: MutexGuard<'static, ()>,
}

impl Running {
    fn on(store: &Store) -> Self {
        let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let running = Self { list: function_list(), _one: one };
        assert_eq!(initialize(running.list, store.reserved()), CKR_OK);
        running
    }

    fn slots(&self) -> Vec<CK_SLOT_ID> {
        let mut slots = vec![0; 8];
        let mut count = 8;
        assert_eq!(
            call!(self.list, C_GetSlotList(CK_TRUE, slots.as_mut_ptr(), &mut count)),
            CKR_OK
        );
        slots.truncate(count.try_into().unwrap());
        slots
    }

    /// The only slot.
    fn slot(&self) -> CK_SLOT_ID {
        self.slots().first().copied().unwrap()
    }

    fn token(&self) -> CK_TOKEN_INFO {
        let mut info = CK_TOKEN_INFO::default();
        assert_eq!(call!(self.list, C_GetTokenInfo(self.slot(), &mut info)), CKR_OK);
        info
    }

    fn init_token(&self, label: &str) {
        let label: [u8; 32] = format!("{label:32}").into_bytes().try_into().unwrap();
        let (pin, length) = pointer(SO_PIN);
        let slot = self.slot();
        let rv = call!(self.list, C_InitToken(slot, pin, length, label.as_ptr().cast_mut()));
        assert_eq!(rv, CKR_OK);
        let session = self.session(CKU_SO, SO_PIN);
        let (pin, length) = pointer(USER_PIN);
        assert_eq!(call!(self.list, C_InitPIN(session, pin, length)), CKR_OK);
        assert_eq!(call!(self.list, C_CloseSession(session)), CKR_OK);
    }

    fn session(&self, user: CK_USER_TYPE, pin: &[u8]) -> CK_SESSION_HANDLE {
        let mut session = 0;
        let flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
        let slot = self.slot();
        let rv = call!(self.list, C_OpenSession(slot, flags, null_mut(), None, &mut session));
        assert_eq!(rv, CKR_OK);
        let (pin, length) = pointer(pin);
        assert_eq!(call!(self.list, C_Login(session, user, pin, length)), CKR_OK);
        session
    }

    fn mechanisms(&self) -> Vec<CK_MECHANISM_TYPE> {
        let mut mechanisms = vec![0; 512];
        let mut count = 512;
        let slot = self.slot();
        let rv = call!(self.list, C_GetMechanismList(slot, mechanisms.as_mut_ptr(), &mut count));
        assert_eq!(rv, CKR_OK);
        mechanisms.truncate(count.try_into().unwrap());
        mechanisms
    }

    fn create_data(&self, session: CK_SESSION_HANDLE, label: &[u8]) {
        let (mut class, mut yes) = (CKO_DATA, CK_TRUE);
        let mut template = [
            attribute(CKA_CLASS, (&raw mut class).cast(), size_of::<CK_OBJECT_CLASS>()),
            attribute(CKA_TOKEN, (&raw mut yes).cast(), 1),
            attribute(CKA_LABEL, label.as_ptr().cast_mut().cast(), label.len()),
        ];
        let mut object = 0;
        let rv = call!(self.list, C_CreateObject(session, template.as_mut_ptr(), 3, &mut object));
        assert_eq!(rv, CKR_OK);
    }

    fn count(&self, session: CK_SESSION_HANDLE, label: &[u8]) -> CK_ULONG {
        let mut template = [attribute(CKA_LABEL, label.as_ptr().cast_mut().cast(), label.len())];
        assert_eq!(call!(self.list, C_FindObjectsInit(session, template.as_mut_ptr(), 1)), CKR_OK);
        let (mut found, mut count) = ([0; 8], 0);
        let rv = call!(self.list, C_FindObjects(session, found.as_mut_ptr(), 8, &mut count));
        assert_eq!(rv, CKR_OK);
        assert_eq!(call!(self.list, C_FindObjectsFinal(session)), CKR_OK);
        count
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        call!(self.list, C_Finalize(null_mut()));
    }
}

fn function_list() -> &'static CK_FUNCTION_LIST {
    let mut list = null_mut();
    // SAFETY: `list` is a place for one pointer.
    let rv = unsafe { (entry_points().get_function_list)(&mut list) };
    assert_eq!(rv, CKR_OK);
    // SAFETY: kryoptic returned the address of a static.
    unsafe { list.as_ref() }.unwrap()
}

fn initialize(list: &CK_FUNCTION_LIST, reserved: &CStr) -> CK_RV {
    let mut arguments = CK_C_INITIALIZE_ARGS {
        flags: CKF_OS_LOCKING_OK,
        pReserved: reserved.as_ptr().cast_mut().cast(),
        ..CK_C_INITIALIZE_ARGS::default()
    };
    call!(list, C_Initialize((&raw mut arguments).cast()))
}

fn pointer(bytes: &[u8]) -> (CK_UTF8CHAR_PTR, CK_ULONG) {
    (bytes.as_ptr().cast_mut(), bytes.len().try_into().unwrap())
}

fn attribute(type_: CK_ATTRIBUTE_TYPE, value: *mut c_void, length: usize) -> CK_ATTRIBUTE {
    CK_ATTRIBUTE { type_, pValue: value, ulValueLen: length.try_into().unwrap() }
}

fn interface(name: *const u8, version: Option<(u8, u8)>) -> Result<CK_INTERFACE, CK_RV> {
    let mut version = version.map(|(major, minor)| CK_VERSION { major, minor });
    let version = version.as_mut().map_or(null_mut(), |version| version);
    let mut interface = null_mut();
    let function = entry_points().get_interface.unwrap();
    // SAFETY: the name ends with a zero byte or is null, `version` points to the
    // version above or is null, `interface` is a place for one pointer.
    let rv = unsafe { function(name.cast_mut(), version, &mut interface, 0) };
    if rv != CKR_OK {
        return Err(rv);
    }
    // SAFETY: kryoptic returned the address of a static.
    Ok(*unsafe { interface.as_ref() }.unwrap())
}

#[test]
fn interfaces_are_offered_from_3_2_down() {
    let function = entry_points().get_interface_list.unwrap();
    let mut interfaces = [CK_INTERFACE::default(); 8];
    let mut count = 8;
    // SAFETY: there is room for eight interfaces, as `count` says.
    let rv = unsafe { function(interfaces.as_mut_ptr(), &mut count) };
    assert_eq!((rv, count), (CKR_OK, 3));
    let versions: Vec<_> = interfaces[..3]
        .iter()
        .map(|interface| {
            let version: *const CK_VERSION = interface.pFunctionList.cast();
            // SAFETY: every function list is a static that starts with its version.
            let version = unsafe { version.read() };
            (version.major, version.minor)
        })
        .collect();
    assert_eq!(versions, [(3, 2), (3, 0), (2, 40)]);

    let newest = interface(null(), None).unwrap();
    assert_eq!(newest.pFunctionList, interfaces[0].pFunctionList);
    let named = interface(c"PKCS 11".as_ptr().cast(), Some((3, 2))).unwrap();
    assert_eq!(named.pFunctionList, interfaces[0].pFunctionList);
    assert_eq!(interface(null(), Some((3, 1))).unwrap_err(), CKR_ARGUMENTS_BAD);
}

#[test]
fn function_list_is_2_40_with_every_function() {
    let list = function_list();
    assert_eq!((list.version.major, list.version.minor), (2, 40));
    assert!(list.C_Initialize.is_some() && list.C_WaitForSlotEvent.is_some());
}

#[test]
fn a_token_in_memory_starts_blank_every_time() {
    for _ in 0..2 {
        let running = Running::on(&Store::memory());
        assert_eq!(running.slots(), [0]);
        assert_eq!(running.token().flags & CKF_TOKEN_INITIALIZED, 0);
        running.init_token("DEMO");
        let token = running.token();
        assert_ne!(token.flags & CKF_TOKEN_INITIALIZED, 0);
        assert_ne!(token.flags & CKF_USER_PIN_INITIALIZED, 0);
        assert!(token.label.starts_with(b"DEMO "));

        let session = running.session(CKU_USER, USER_PIN);
        running.create_data(session, b"a note");
        assert_eq!(running.count(session, b"a note"), 1);
    }
}

#[test]
fn a_token_in_a_file_lives_on() {
    let dir = tempfile::tempdir().unwrap();
    // SQLite would read all of these as its own, were they not escaped.
    let path = dir.path().join("a b?mode=memory#c%20é.db");
    {
        let running = Running::on(&Store::file(&path).unwrap());
        assert_eq!(running.token().flags & CKF_TOKEN_INITIALIZED, 0);
        running.init_token("FILE");
        let session = running.session(CKU_USER, USER_PIN);
        running.create_data(session, b"a note");
    }
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
    {
        let running = Running::on(&Store::file(Path::new(&path)).unwrap());
        assert!(running.token().label.starts_with(b"FILE "));
        let session = running.session(CKU_USER, USER_PIN);
        assert_eq!(running.count(session, b"a note"), 1);
    }
}

#[test]
fn a_second_initialize_is_told_so() {
    let store = Store::memory();
    let running = Running::on(&store);
    assert_eq!(initialize(running.list, store.reserved()), CKR_CRYPTOKI_ALREADY_INITIALIZED);
    assert_eq!(running.slots(), [0]);
}

#[test]
fn the_mechanisms_are_those_of_the_openssl() {
    let running = Running::on(&Store::memory());
    running.init_token("DEMO");
    let mechanisms = running.mechanisms();
    for mechanism in [
        CKM_AES_CBC_PAD,
        CKM_AES_GCM,
        CKM_RSA_PKCS_PSS,
        CKM_ECDSA_SHA256,
        CKM_ECDH1_DERIVE,
        CKM_DH_PKCS_DERIVE,
        CKM_HKDF_DERIVE,
        CKM_CHACHA20_POLY1305,
        CKM_EC_MONTGOMERY_KEY_PAIR_GEN,
    ] {
        assert!(mechanisms.contains(&mechanism), "{mechanism:#x}");
    }
    for mechanism in [CKM_EDDSA, CKM_ML_KEM, CKM_ML_DSA, CKM_SLH_DSA] {
        assert_eq!(
            mechanisms.contains(&mechanism),
            cfg!(feature = "openssl-3-5"),
            "{mechanism:#x}"
        );
    }
}

#[test]
fn a_failed_start_is_cleared_by_finalize() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("broken");
    // The start of a database, and nothing after it.
    std::fs::write(&path, b"SQLite format 3\0broken").unwrap();
    {
        let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let list = function_list();
        let broken = Store::file(&path).unwrap();
        assert_eq!(initialize(list, broken.reserved()), CKR_DEVICE_ERROR);
        // kryoptic counts itself initialised now, with the broken store on its list.
        assert_eq!(initialize(list, Store::memory().reserved()), CKR_DEVICE_ERROR);
        assert_eq!(call!(list, C_Finalize(null_mut())), CKR_OK);
        assert_eq!(call!(list, C_Finalize(null_mut())), CKR_CRYPTOKI_NOT_INITIALIZED);
    }
    assert_eq!(Running::on(&Store::memory()).slots(), [0]);
}

#[test]
fn a_start_leaves_alone_what_the_host_initialised() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("broken");
    std::fs::write(&path, b"SQLite format 3\0broken").unwrap();
    let running = Running::on(&Store::memory());
    running.init_token("HOST");
    for start in [Embedded::memory(), Embedded::file(&path)] {
        let error = start.start().unwrap_err();
        assert!(matches!(error, StartError::Token(_)), "{error}");
        assert!(running.token().label.starts_with(b"HOST "));
    }
}
