#![allow(unsafe_code, clippy::all)]
use pkcs11_mock::Mock;
use pkcs11_sys::*;
#[test]
fn t() {
    let lib =
        pkcs11_sys::loader::Library::open(std::path::Path::new("/usr/lib/softhsm/libsofthsm2.so"));
    let lib = lib.unwrap();
    let mock = unsafe { Mock::wrapping(lib.entry_points()) };
    let e = mock.entry_points();
    assert!(e.get_interface.is_none());
    let mut l = std::ptr::null_mut();
    assert_eq!(unsafe { (e.get_function_list)(&mut l) }, 0);
    let f = unsafe { *l };
    let mut info = CK_INFO::default();
    unsafe {
        assert_eq!(f.C_Initialize.unwrap()(std::ptr::null_mut()), 0);
        assert_eq!(f.C_GetInfo.unwrap()(&mut info), 0);
        println!("{}", String::from_utf8_lossy(&info.libraryDescription));
        f.C_Finalize.unwrap()(std::ptr::null_mut());
    }
    println!("{:?}", mock.counts());
}
