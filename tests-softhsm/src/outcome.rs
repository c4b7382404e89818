//! What a test comes to.

use std::error::Error;
use std::fmt;

use pkcs11::{ErrorKind, Function, MechanismType};

use crate::Kind;

/// The result of a test: passed, skipped or failed.
pub type Outcome<T = ()> = Result<T, Stop>;

/// Why a test ends before its end.
#[derive(Debug)]
pub enum Stop {
    /// The token cannot do what the test is about.
    Skip(Skip),
    /// Something that ought to work does not.
    Failed(Box<dyn Error>),
}

/// Why a test does not apply. The list is closed: whatever is not in it is a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// The token's module is not installed.
    ModuleNotInstalled(Kind),
    /// The token does not offer the mechanism.
    TokenLacks(MechanismType),
    /// The token does not offer the mechanism for messages, or not in parts.
    TokenLacksMessages(MechanismType),
    /// The mechanism is offered, but not with these parameters.
    ParametersRefused(MechanismType, &'static str),
    /// The module has room for one token.
    OneTokenOnly,
    /// The token never locks a PIN.
    NeverLocksPins,
    /// The token takes no seed.
    TakesNoSeed,
    /// The token does not ask for a PIN at each use of a key.
    NeverAsksAgain,
    /// The token does not offer to copy objects of this class.
    CopiesNoSuchObject,
    /// The token does not save the state of such an operation.
    StateUnsaveable,
    /// The module has no such function, or one that does nothing.
    ModuleLacks(Function),
    /// The token takes no text that is not UTF-8.
    TakesOnlyUtf8,
}

/// Leaves a test.
///
/// # Errors
///
/// Always.
pub fn skip<T>(reason: Skip) -> Outcome<T> {
    Err(Stop::Skip(reason))
}

/// Leaves a test whose function the module lacks.
///
/// # Errors
///
/// [`Skip::ModuleLacks`], or any other error of the call.
pub fn offered<T>(answer: pkcs11::Result<T>) -> Outcome<T> {
    match answer {
        Err(error) if matches!(error.kind(), ErrorKind::FunctionNotSupported) => {
            match error.function() {
                Some(function) => skip(Skip::ModuleLacks(function)),
                None => Err(error.into()),
            }
        }
        answer => Ok(answer?),
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ModuleNotInstalled(Kind::SoftHsm) => {
                f.write_str("SoftHSM is not installed (SOFTHSM2_MODULE names its module)")
            }
            Self::ModuleNotInstalled(Kind::Embedded) => {
                f.write_str("the embedded token's module is not built (PKCS11_EMBEDDED_MODULE)")
            }
            Self::ModuleNotInstalled(Kind::Nss) => {
                f.write_str("NSS is not installed (NSS_MODULE names its module)")
            }
            Self::TokenLacks(mechanism) => write!(f, "the token lacks {mechanism}"),
            Self::TokenLacksMessages(mechanism) => {
                write!(f, "the token lacks {mechanism} for messages (CKF_MESSAGE_…)")
            }
            Self::ParametersRefused(mechanism, what) => {
                write!(f, "the token has {mechanism}, but not with {what}")
            }
            Self::OneTokenOnly => f.write_str("the module has room for one token"),
            Self::NeverLocksPins => f.write_str("the token never locks a PIN"),
            Self::TakesNoSeed => f.write_str("the token takes no seed"),
            Self::NeverAsksAgain => f.write_str("the token has no CKA_ALWAYS_AUTHENTICATE"),
            Self::StateUnsaveable => f.write_str("the token does not save such an operation"),
            Self::ModuleLacks(function) => write!(f, "the module lacks {function}"),
            Self::TakesOnlyUtf8 => f.write_str("the token takes UTF-8 only"),
            Self::CopiesNoSuchObject => f.write_str("the token does not copy such objects"),
        }
    }
}

impl<E: Error + 'static> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_error_fails_and_a_reason_skips() {
        let failed = || -> Outcome { Ok(std::fs::read("").map(drop)?) };
        assert!(matches!(failed(), Err(Stop::Failed(_))));
        let skipped = || -> Outcome { skip(Skip::TokenLacks(MechanismType::AES_GCM)) };
        match skipped() {
            Err(Stop::Skip(reason)) => {
                assert_eq!(reason.to_string(), "the token lacks CKM_AES_GCM");
            }
            other => panic!("{other:?}"),
        }
    }
}
