#![doc = include_str!("../README.md")]

mod child;
pub mod exercise;
mod expect;
mod harness;
mod measure;
pub mod native;
mod outcome;
mod page;
mod process;
mod registry;
pub mod soak;
mod summary;
mod token;
#[cfg(feature = "wycheproof")]
pub mod wycheproof;

pub use harness::run;
pub use measure::measure;
pub use outcome::{Outcome, Skip, Stop, offered, skip};
pub use page::{answers, page};
pub use registry::{Registered, Test};
pub use token::{Kind, LABEL, PIN, SO_PIN, TestToken, WRONG_PIN};
