//! The locks of a session: one for its operations, one against closing beside a call.

mod gate;
mod operation;
mod sync;

pub(crate) use gate::{Gate, Pass};
pub use operation::{Holder, OperationKind};
pub(crate) use operation::{OperationLock, Refused};
