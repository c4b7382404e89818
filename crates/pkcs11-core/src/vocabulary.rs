//! What the standard lists, by name: one row in one table for each number.
//!
//! A number that no table has passes through as a number: it prints as hex and parses back.

mod certificate;
mod flags;
mod generator;
mod hardware;
mod key_derivation;
mod key_type;
mod mechanism_facts;
mod mechanism_type;
mod multipart;
mod number;
mod object_class;
mod otp;
mod parameter;
mod post_quantum;
mod profile;
mod return_code;
mod rsa;
mod states;
mod trust;
mod validation;

pub use certificate::{CertificateCategory, CertificateType, SecurityDomain};
pub use flags::{
    InitializeFlags, InterfaceFlags, MechanismFlags, MessageFlags, OtpFlags, SessionFlags,
    SlotEventFlags, SlotFlags, TokenFlags, ValidationFlags,
};
pub use generator::Generator;
pub use hardware::HwFeature;
pub use key_derivation::{DkmLengthMethod, HkdfSaltType, Kdf, Pbkdf2Prf, PrfDataType, SaltSource};
pub use key_type::KeyType;
pub(crate) use mechanism_facts::Facts;
pub use mechanism_facts::Output;
pub use mechanism_type::MechanismType;
pub use number::ParseNumberError;
pub use object_class::ObjectClass;
pub use otp::{OtpFormat, OtpParamType, OtpRequirement};
pub use parameter::Parameter;
pub use post_quantum::{
    Hedge, MlDsaParameterSet, MlKemParameterSet, ParameterSet, SlhDsaParameterSet,
};
pub use profile::ProfileId;
pub use return_code::ReturnCode;
pub use rsa::{Mgf, OaepSource};
pub use states::{Notification, SessionState, UserType};
pub use trust::Trust;
pub use validation::{SessionValidation, ValidationAuthority, ValidationType};

pub(crate) use number::{HISTORICAL, numbers, parse};
pub(crate) use parameter::parameters;
