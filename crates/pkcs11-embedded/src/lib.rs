#![doc = include_str!("../README.md")]

mod abi;
mod embedded;
#[allow(unsafe_code, reason = "the functions by which a module is entered are unsafe ones")]
mod entry;
mod store;

pub use embedded::{Embedded, StartError};
pub use entry::entry_points;
pub use store::Store;
