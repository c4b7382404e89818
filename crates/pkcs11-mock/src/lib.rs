#![doc = include_str!("../README.md")]

#[allow(unsafe_code, reason = "it makes C functions: what they are given is raw")]
mod front;
#[allow(unsafe_code, reason = "pointers are kept until a call is done")]
mod late;
#[allow(unsafe_code, reason = "it reads another module's lists")]
mod lists;
#[allow(unsafe_code, reason = "a module to be wrapped comes as raw functions")]
mod mock;
mod notes;
#[allow(unsafe_code, reason = "lies are written through the caller's pointers")]
mod record;
#[cfg(all(unix, feature = "module"))]
#[allow(unsafe_code, reason = "it is a module, and loads another")]
mod spy;
#[allow(unsafe_code, reason = "the C functions are made here, by the macros of `front`")]
mod table;
mod token;
#[allow(unsafe_code, reason = "the only place where the caller's memory is touched")]
mod view;

pub use mock::{Lie, Mock, Version};
pub use token::{EMPTY_SLOT, LABEL, SLOT, SO_PIN, USER_PIN};
pub use view::InitializeArgs;
