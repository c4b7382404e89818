//! The generated part: types for the target at hand, and the constants, which all targets share.

#[cfg(not(feature = "bindgen"))]
mod constants;

#[cfg(not(any(unix, windows, feature = "bindgen")))]
compile_error!("no committed bindings for this target: build with the feature `bindgen`");

#[cfg(not(feature = "bindgen"))]
#[cfg_attr(all(unix, target_pointer_width = "64"), path = "bindings/unix_64.rs")]
#[cfg_attr(all(unix, target_pointer_width = "32"), path = "bindings/unix_32.rs")]
#[cfg_attr(all(windows, target_pointer_width = "64"), path = "bindings/windows_64.rs")]
#[cfg_attr(all(windows, target_pointer_width = "32"), path = "bindings/windows_32.rs")]
mod types;

#[cfg(feature = "bindgen")]
mod types {
    include!(concat!(env!("OUT_DIR"), "/types.rs"));
}

#[cfg(feature = "bindgen")]
mod constants {
    use super::types::*;
    include!(concat!(env!("OUT_DIR"), "/constants.rs"));
}

pub use constants::*;
pub use types::*;
