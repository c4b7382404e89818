//! What answers `CKR_OK` is noted, by a process of its own: the environment names the file.
#![cfg(not(miri))]
#![allow(clippy::unwrap_used, unsafe_code, reason = "a test that calls C functions")]

use std::env;
use std::process::Command;
use std::ptr::null_mut;

use pkcs11_mock::{Lie, Mock};
use pkcs11_sys::{CK_FUNCTION_LIST, CK_INFO, CKR_DEVICE_ERROR, CKR_OK};

const VARIABLE: &str = "PKCS11_MOCK_NOTES";

/// The calls, of which some are to be noted.
#[test]
fn calls() {
    let mock = Mock::start();
    let mut list: *mut CK_FUNCTION_LIST = null_mut();
    // SAFETY: `list` is a local.
    assert_eq!(unsafe { (mock.entry_points().get_function_list)(&raw mut list) }, CKR_OK);
    // SAFETY: it answered OK, and the mock's lists are never freed.
    let list = unsafe { list.read_unaligned() };
    let (initialize, finalize) = (list.C_Initialize.unwrap(), list.C_Finalize.unwrap());
    let (info, logout) = (list.C_GetInfo.unwrap(), list.C_Logout.unwrap());
    // Twice, and it is noted once.
    for _ in 0..2 {
        // SAFETY: NULL arguments are allowed.
        assert_eq!(unsafe { initialize(null_mut()) }, CKR_OK);
        // SAFETY: NULL is what the standard wants there.
        assert_eq!(unsafe { finalize(null_mut()) }, CKR_OK);
    }
    // Nothing has been done here.
    mock.lie("C_GetInfo", Lie::Silent);
    let mut place = CK_INFO::default();
    // SAFETY: a place for it.
    assert_eq!(unsafe { info(&raw mut place) }, CKR_OK);
    mock.lie("C_Logout", Lie::Code(CKR_DEVICE_ERROR));
    // SAFETY: a number.
    assert_eq!(unsafe { logout(1) }, CKR_DEVICE_ERROR);
}

#[test]
fn what_answers_ok_is_noted_once() {
    let file = env::temp_dir().join(format!("pkcs11-mock-notes-{}", std::process::id()));
    let mut child = Command::new(env::current_exe().unwrap());
    let output = child.args(["--exact", "calls"]).env(VARIABLE, &file).output().unwrap();
    let notes = std::fs::read_to_string(&file);
    std::fs::remove_file(&file).ok();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(notes.unwrap(), "C_GetFunctionList\nC_Initialize\nC_Finalize\n");
}
