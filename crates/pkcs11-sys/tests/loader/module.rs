// A module of four lines, which tests/loader.rs compiles to a library and opens.

#[unsafe(no_mangle)]
pub extern "C" fn C_GetFunctionList(_list: *mut *mut std::ffi::c_void) -> std::ffi::c_ulong {
    6 // CKR_FUNCTION_FAILED
}
