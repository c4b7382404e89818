//! Function lists and interfaces, and lists that grow or lie.

use pkcs11_core::sys::{CKR_BUFFER_TOO_SMALL, CKR_FUNCTION_NOT_SUPPORTED, CKR_GENERAL_ERROR};
use pkcs11_core::{ErrorKind, Function, LoadOptions, Version, label};
use pkcs11_mock::{LABEL, Lie, Mock, Version as Offered};
use rstest::rstest;

use crate::support::{failure, load, open, try_load};

#[rstest]
#[case(Offered::V2_40, (2, 40))]
#[case(Offered::V3_0, (3, 0))]
#[case(Offered::V3_2, (3, 2))]
fn each_version_loads(#[case] offered: Offered, #[case] (major, minor): (u8, u8)) {
    let mock = Mock::start();
    mock.version(offered);
    let module = load(&mock);
    let version = module.info().unwrap().cryptoki_version;
    assert_eq!(version, Version { major, minor });
    let standard = module.interface(c"PKCS 11", None);
    assert_eq!(standard.is_some(), offered != Offered::V2_40);
    assert!(module.interface(c"Vendor", None).is_none());
    assert!(open(&mock).random::<4>().is_ok());
}

#[test]
fn a_failing_get_interface_is_no_reason_to_give_up() {
    for lie in [Lie::Code(CKR_FUNCTION_NOT_SUPPORTED), Lie::NullList] {
        let mock = Mock::start();
        mock.lie("C_GetInterface", lie);
        assert_eq!(load(&mock).slots().unwrap().len(), 2);
        assert_eq!(mock.calls("C_GetFunctionList"), 1);
    }
}

#[test]
fn a_module_without_a_list_is_none() {
    let mock = Mock::start();
    mock.lie("C_GetInterface", Lie::NullList);
    mock.lie("C_GetFunctionList", Lie::NullList);
    let error = failure!(try_load(&mock, LoadOptions::new()), ErrorKind::NoFunctionList);
    assert_eq!(error.function(), Some(Function::GetFunctionList));

    mock.lie("C_GetFunctionList", Lie::Code(CKR_GENERAL_ERROR));
    let error = failure!(try_load(&mock, LoadOptions::new()), ErrorKind::Failed);
    assert_eq!(error.function(), Some(Function::GetFunctionList));
    mock.lie("C_GetFunctionList", Lie::Silent);
    failure!(try_load(&mock, LoadOptions::new()), ErrorKind::NoFunctionList);
}

#[test]
fn a_missing_function_is_named() {
    let mock = Mock::start();
    mock.missing("C_GenerateRandom");
    let session = open(&mock);
    let error = failure!(session.random::<4>(), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::GenerateRandom));
    assert!(error.to_string().starts_with("C_GenerateRandom: "));
    assert_eq!(error.return_code(), None);
    assert_eq!(mock.total(), 0);
}

#[test]
fn a_module_may_lack_the_functions_that_every_module_has() {
    let mock = Mock::start();
    mock.missing("C_Initialize");
    let error = failure!(try_load(&mock, LoadOptions::new()), ErrorKind::FunctionNotSupported);
    assert_eq!(error.function(), Some(Function::Initialize));
    drop(mock);

    let mock = Mock::start();
    for name in ["C_Finalize", "C_Logout", "C_CloseSession"] {
        mock.missing(name);
    }
    let session = open(&mock);
    failure!(session.clone().close(), ErrorKind::FunctionNotSupported);
    failure!(session.info(), ErrorKind::SessionClosed);
}

#[test]
fn a_list_may_grow_between_the_two_calls() {
    let mock = Mock::start();
    let module = load(&mock);
    // At first none, then two: there is room for some more.
    mock.lie_times("C_GetSlotList", 1, Lie::Length(0));
    assert_eq!(module.slots().unwrap().len(), 2);
    // More than there was room for.
    mock.lie_times("C_GetSlotList", 1, Lie::Truth);
    mock.lie_times("C_GetSlotList", 1, Lie::Code(CKR_BUFFER_TOO_SMALL));
    mock.reset_counts();
    assert_eq!(module.slots().unwrap().len(), 2);
    assert_eq!(mock.calls("C_GetSlotList"), 4);
}

#[test]
fn a_list_may_not_grow_for_ever() {
    let mock = Mock::start();
    let module = load(&mock);
    for _ in 0..20 {
        mock.lie_times("C_GetSlotList", 1, Lie::Truth);
        mock.lie_times("C_GetSlotList", 1, Lie::Code(CKR_BUFFER_TOO_SMALL));
    }
    let error = failure!(module.slots(), ErrorKind::Misbehaved(_));
    assert_eq!(error.function(), Some(Function::GetSlotList));
    assert!(mock.calls("C_GetSlotList") <= 10);
}

#[test]
fn a_list_may_shrink() {
    let mock = Mock::start();
    let module = load(&mock);
    mock.lie_times("C_GetSlotList", 1, Lie::Length(500));
    assert_eq!(module.slots().unwrap().len(), 2);
    mock.lie("C_GetSlotList", Lie::Length(0));
    assert_eq!(module.slots().unwrap(), []);
    failure!(module.token(label(LABEL)), ErrorKind::TokenNotFound(_));
}

#[rstest]
#[case::of_slots("C_GetSlotList")]
#[case::of_mechanisms("C_GetMechanismList")]
fn counts_are_not_believed(#[case] function: &str) {
    let mock = Mock::start();
    let module = load(&mock);
    let token = module.token(label(LABEL)).unwrap();
    let ask = || match function {
        "C_GetSlotList" => module.slots().map(|slots| slots.len()),
        _ => token.slot().mechanisms().map(|list| list.len()),
    };
    let honest = ask().unwrap();
    for first in [true, false] {
        for count in [!0, !0 >> 1, 1 << 30, 1 << 20] {
            if first {
                mock.lie(function, Lie::Length(count));
            } else {
                mock.truth(function);
                mock.lie_times(function, 1, Lie::Truth);
                mock.lie_times(function, 1, Lie::Length(count));
            }
            let error = failure!(ask(), ErrorKind::Misbehaved(_));
            assert!(error.to_string().starts_with(function), "{error}");
        }
    }
    mock.truth(function);
    // A module that writes nothing: as many entries as there was room for, but zeros.
    mock.lie_times(function, 1, Lie::Truth);
    mock.lie_times(function, 1, Lie::Silent);
    assert!(ask().is_ok_and(|count| count <= honest + 8));
    mock.lie(function, Lie::Silent);
    assert!(ask().is_ok_and(|count| count <= 8));
}
