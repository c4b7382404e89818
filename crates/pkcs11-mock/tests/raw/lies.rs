//! Counting, lying, versions and wrapping.

use std::cell::Cell;
use std::ptr::null_mut;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use pkcs11_mock::{Lie, Mock, SLOT, USER_PIN, Version};
use pkcs11_sys::*;

use crate::caller::{Caller, attribute, call, interface, lend, list_2_40, list_3_2, mechanism};

const NO: CK_ULONG = CK_ULONG::MAX;

#[test]
fn calls_are_counted() {
    let mock = Mock::start();
    assert_eq!((mock.total(), mock.calls("C_Login")), (0, 0));
    let caller = Caller::new(&mock);
    let expected =
        [("C_Initialize", 1), ("C_OpenSession", 1), ("C_Login", 1), ("C_GetInterface", 1)];
    assert_eq!(mock.counts(), expected);
    assert_eq!(mock.most_in_flight(), 1);
    mock.reset_counts();
    caller.aes_key();
    assert_eq!((mock.total(), mock.calls("C_CreateObject")), (1, 1));
}

#[test]
#[should_panic(expected = "no function")]
fn unknown_names_are_refused() {
    let _ = Mock::start().calls("C_Nothing");
}

#[test]
#[should_panic(expected = "C_Login has no output for Length(1)")]
fn impossible_lies_are_refused() {
    Mock::start().lie("C_Login", Lie::Length(1));
}

#[test]
fn codes_before_after_and_instead() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session) = (caller.f, caller.session);
    mock.lie_times("C_Logout", 1, Lie::Code(CKR_DEVICE_ERROR));
    mock.lie_times("C_Logout", 1, Lie::Silent);
    mock.lie_times("C_Logout", 1, Lie::CodeAfter(CKR_DEVICE_ERROR));
    assert_eq!(call!(f.C_Logout(session)), CKR_DEVICE_ERROR);
    assert_eq!(caller.login(CKU_USER, USER_PIN), CKR_USER_ALREADY_LOGGED_IN);
    assert_eq!(call!(f.C_Logout(session)), CKR_OK);
    assert_eq!(caller.login(CKU_USER, USER_PIN), CKR_USER_ALREADY_LOGGED_IN);
    assert_eq!(call!(f.C_Logout(session)), CKR_DEVICE_ERROR);
    assert_eq!(caller.login(CKU_USER, USER_PIN), CKR_OK);
    assert_eq!(call!(f.C_Logout(session)), CKR_OK);
    mock.lie_times("C_Login", 1, Lie::Truth);
    mock.lie_times("C_Login", 1, Lie::Code(CKR_PIN_EXPIRED));
    assert_eq!(caller.login(CKU_USER, "wrong"), CKR_PIN_INCORRECT);
    assert_eq!(caller.login(CKU_USER, "wrong"), CKR_PIN_EXPIRED);
    assert_eq!(caller.login(CKU_USER, USER_PIN), CKR_OK);
}

#[test]
fn lengths_counts_and_handles() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session, key) = (caller.f, caller.session, caller.aes_key());
    let mut hmac = mechanism(CKM_SHA256_HMAC, &[]);
    mock.lie("C_Sign", Lie::Length(NO));
    assert_eq!(call!(f.C_SignInit(session, &mut hmac, key)), CKR_OK);
    let signed = caller.output(64, |s, out, len| call!(f.C_Sign(s, lend(b"data"), 4, out, len)));
    assert_eq!((signed.0, signed.1), (CKR_OK, NO));
    mock.lie("C_Sign", Lie::Silent);
    let silent = caller.output(64, |s, out, len| call!(f.C_Sign(s, lend(b"data"), 4, out, len)));
    assert_eq!((silent.0, silent.1), (CKR_OK, 64));

    mock.lie("C_FindObjects", Lie::Length(1000));
    assert_eq!(call!(f.C_FindObjectsInit(session, null_mut(), 0)), CKR_OK);
    let (mut found, mut count) = ([0; 4], 0);
    assert_eq!(call!(f.C_FindObjects(session, found.as_mut_ptr(), 4, &mut count)), CKR_OK);
    assert_eq!((found[0], count), (key, 1000));
    mock.lie("C_FindObjects", Lie::Handle(0));
    assert_eq!(call!(f.C_FindObjects(session, found.as_mut_ptr(), 4, &mut count)), CKR_OK);
    assert_eq!((found[0], count), (0, 0));

    mock.lie("C_CreateObject", Lie::Handle(NO));
    assert_eq!(caller.aes_key(), NO);
    mock.lie("C_GetAttributeValue", Lie::AttributeLength(CKA_LABEL, 1 << 20));
    let mut query = [attribute(CKA_ID, &[0_u8; 0]), attribute(CKA_LABEL, &[0_u8; 3])];
    query[1].pValue = null_mut();
    assert_eq!(caller.read(key, &mut query), CKR_OK);
    assert_eq!(query.map(|entry| entry.ulValueLen), [0, 1 << 20]);
}

#[test]
fn a_token_can_be_removed() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session) = (caller.f, caller.session);
    mock.lie_times("C_GenerateRandom", 1, Lie::Removed);
    let mut random = [0; 4];
    let mut generate = || call!(f.C_GenerateRandom(session, random.as_mut_ptr(), 4));
    assert_eq!(generate(), CKR_DEVICE_REMOVED);
    assert_eq!(call!(f.C_CloseSession(session)), CKR_DEVICE_REMOVED);
    let mut info = CK_SLOT_INFO::default();
    assert_eq!(call!(f.C_GetSlotInfo(SLOT, &mut info)), CKR_OK);
    assert_eq!(info.flags & CKF_TOKEN_PRESENT, 0);
    mock.truth("C_GenerateRandom");
    assert_eq!(generate(), CKR_SESSION_HANDLE_INVALID);
    assert_eq!(call!(f.C_GetSlotInfo(SLOT, &mut info)), CKR_OK);
    assert_eq!(info.flags & CKF_TOKEN_PRESENT, CKF_TOKEN_PRESENT);
}

#[test]
fn delays_let_calls_meet() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    mock.lie("C_GetInfo", Lie::Delay(Duration::from_millis(50)));
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let f = caller.f;
            scope.spawn(move || {
                let mut info = CK_INFO::default();
                assert_eq!(call!(f.C_GetInfo(&mut info)), CKR_OK);
            });
        }
    });
    assert!(started.elapsed() >= Duration::from_millis(50));
    assert_eq!(mock.most_in_flight(), 2);
}

#[test]
fn versions_and_missing_functions() {
    let mock = Mock::start();
    let entry = mock.entry_points();
    assert!(interface(entry, 3, 2).is_ok());
    let mut count = 0;
    let get = entry.get_interface_list.unwrap();
    assert_eq!(unsafe { get(null_mut(), &mut count) }, CKR_OK);
    assert_eq!(count, 3);
    let mut all = [CK_INTERFACE::default(); 3];
    assert_eq!(unsafe { get(all.as_mut_ptr(), &mut count) }, CKR_OK);
    let version = |interface: CK_INTERFACE| unsafe {
        interface.pFunctionList.cast::<CK_VERSION>().read_unaligned()
    };
    assert_eq!(all.map(|i| (version(i).major, version(i).minor)), [(3, 2), (3, 0), (2, 40)]);

    mock.version(Version::V3_0);
    assert_eq!(interface(entry, 3, 2).err(), Some(CKR_FUNCTION_FAILED));
    assert!(interface(entry, 3, 0).is_ok());
    mock.version(Version::V2_40);
    assert!(mock.entry_points().get_interface.is_none());

    let before = list_2_40(entry);
    mock.missing("C_GenerateRandom");
    assert!({ before.C_GenerateRandom }.is_some());
    assert!({ list_2_40(entry).C_GenerateRandom }.is_none());
    assert!({ list_2_40(entry).C_SeedRandom }.is_some());
}

#[test]
fn lists_can_be_null() {
    let mock = Mock::start();
    let entry = mock.entry_points();
    mock.lie("C_GetFunctionList", Lie::NullList);
    mock.lie("C_GetInterface", Lie::NullList);
    let mut list: CK_FUNCTION_LIST_PTR = std::ptr::dangling_mut();
    assert_eq!(unsafe { (entry.get_function_list)(&mut list) }, CKR_OK);
    assert!(list.is_null());
    let mut interface: CK_INTERFACE_PTR = std::ptr::dangling_mut();
    let get = entry.get_interface.unwrap();
    assert_eq!(unsafe { get(null_mut(), null_mut(), &mut interface, 0) }, CKR_OK);
    assert!(interface.is_null());
}

/// Another module, of which there is one function.
mod other {
    use super::*;

    pub(super) unsafe extern "C" fn get_function_list(place: *mut CK_FUNCTION_LIST_PTR) -> CK_RV {
        static LIST: LazyLock<CK_FUNCTION_LIST> = LazyLock::new(|| CK_FUNCTION_LIST {
            C_CloseSession: Some(close_session),
            ..Default::default()
        });
        unsafe { place.write((&raw const *LIST).cast_mut()) };
        CKR_OK
    }

    pub(super) unsafe extern "C" fn get_interface(
        _: *mut CK_UTF8CHAR,
        version: *mut CK_VERSION,
        place: *mut CK_INTERFACE_PTR,
        _: CK_FLAGS,
    ) -> CK_RV {
        static LIST: LazyLock<CK_FUNCTION_LIST_3_0> = LazyLock::new(|| CK_FUNCTION_LIST_3_0 {
            C_CloseSession: Some(close_session),
            ..Default::default()
        });
        thread_local! {
            static INTERFACE: Cell<CK_INTERFACE> = Cell::default();
        }
        if unsafe { version.read_unaligned() }.minor == 2 {
            return CKR_FUNCTION_FAILED;
        }
        INTERFACE.with(|interface| {
            let list = (&raw const *LIST).cast_mut().cast();
            interface.set(CK_INTERFACE { pFunctionList: list, ..Default::default() });
            unsafe { place.write(interface.as_ptr()) };
        });
        CKR_OK
    }

    unsafe extern "C" fn close_session(session: CK_SESSION_HANDLE) -> CK_RV {
        session + 1
    }
}

#[test]
fn another_module_is_wrapped() {
    let mut entry = EntryPoints {
        get_function_list: other::get_function_list,
        get_interface: None,
        get_interface_list: None,
    };
    let mock = unsafe { Mock::wrapping(entry) };
    assert!(mock.entry_points().get_interface.is_none());
    let f = list_2_40(mock.entry_points());
    assert!({ f.C_Login }.is_none() && { f.C_GetFunctionList }.is_some());
    assert_eq!(call!(f.C_CloseSession(7)), 8);
    mock.lie_times("C_CloseSession", 1, Lie::Code(1));
    assert_eq!(call!(f.C_CloseSession(7)), 1);
    assert_eq!(call!(f.C_CloseSession(7)), 8);
    assert_eq!(mock.calls("C_CloseSession"), 3);
    drop(mock);

    entry.get_interface = Some(other::get_interface);
    let mock = unsafe { Mock::wrapping(entry) };
    assert_eq!(interface(mock.entry_points(), 3, 2).err(), Some(CKR_FUNCTION_FAILED));
    assert!(interface(mock.entry_points(), 3, 0).is_ok());
    assert_eq!(call!(f.C_CloseSession(7)), 8);
    drop(mock);

    // The next test has the built-in token again.
    let mock = Mock::start();
    assert!({ list_3_2(mock.entry_points()).C_Login }.is_some());
}
