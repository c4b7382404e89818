//! What the standard lists, by name: one row in one table for each number.
//!
//! A number that no table has passes through as a number: it prints as hex and parses back.

mod certificate_type;
mod flags;
mod key_type;
mod mechanism_facts;
mod mechanism_type;
mod number;
mod object_class;
mod parameter;
mod return_code;
mod states;

pub use certificate_type::CertificateType;
pub use flags::{MechanismFlags, SessionFlags, SlotFlags, TokenFlags};
pub use key_type::KeyType;
pub use mechanism_facts::Output;
pub use mechanism_type::MechanismType;
pub use number::ParseNumberError;
pub use object_class::ObjectClass;
pub use parameter::Parameter;
pub use return_code::ReturnCode;
pub use states::{SessionState, UserType};

pub(crate) use number::{numbers, parse};
pub(crate) use parameter::parameters;
