//! Parameter sets and hedging of the post-quantum mechanisms (PKCS#11 §6.67 to §6.69).

use std::fmt;
use std::str::FromStr;

use pkcs11_sys::CK_ULONG;

use super::KeyType;
use super::number::{ParseNumberError, digits, numbers};

numbers! {
    /// Whether a signature mixes in fresh random numbers (`CK_HEDGE_TYPE`).
    Hedge: CK_HEDGE_TYPE, "CKH_"; {
        PREFERRED = CKH_HEDGE_PREFERRED, "3.2";
        REQUIRED = CKH_HEDGE_REQUIRED, "3.2";
        DETERMINISTIC_REQUIRED = CKH_DETERMINISTIC_REQUIRED, "3.2";
    }
}

numbers! {
    /// A parameter set of ML-DSA (`CK_ML_DSA_PARAMETER_SET_TYPE`).
    MlDsaParameterSet: CK_ML_DSA_PARAMETER_SET_TYPE, "CKP_"; {
        ML_DSA_44 = CKP_ML_DSA_44, "3.2";
        ML_DSA_65 = CKP_ML_DSA_65, "3.2";
        ML_DSA_87 = CKP_ML_DSA_87, "3.2";
    }
}

numbers! {
    /// A parameter set of ML-KEM (`CK_ML_KEM_PARAMETER_SET_TYPE`).
    MlKemParameterSet: CK_ML_KEM_PARAMETER_SET_TYPE, "CKP_"; {
        ML_KEM_512 = CKP_ML_KEM_512, "3.2";
        ML_KEM_768 = CKP_ML_KEM_768, "3.2";
        ML_KEM_1024 = CKP_ML_KEM_1024, "3.2";
    }
}

numbers! {
    /// A parameter set of SLH-DSA (`CK_SLH_DSA_PARAMETER_SET_TYPE`).
    SlhDsaParameterSet: CK_SLH_DSA_PARAMETER_SET_TYPE, "CKP_SLH_DSA_"; {
        SHA2_128S = CKP_SLH_DSA_SHA2_128S, "3.2";
        SHAKE_128S = CKP_SLH_DSA_SHAKE_128S, "3.2";
        SHA2_128F = CKP_SLH_DSA_SHA2_128F, "3.2";
        SHAKE_128F = CKP_SLH_DSA_SHAKE_128F, "3.2";
        SHA2_192S = CKP_SLH_DSA_SHA2_192S, "3.2";
        SHAKE_192S = CKP_SLH_DSA_SHAKE_192S, "3.2";
        SHA2_192F = CKP_SLH_DSA_SHA2_192F, "3.2";
        SHAKE_192F = CKP_SLH_DSA_SHAKE_192F, "3.2";
        SHA2_256S = CKP_SLH_DSA_SHA2_256S, "3.2";
        SHAKE_256S = CKP_SLH_DSA_SHAKE_256S, "3.2";
        SHA2_256F = CKP_SLH_DSA_SHA2_256F, "3.2";
        SHAKE_256F = CKP_SLH_DSA_SHAKE_256F, "3.2";
    }
}

/// A parameter set as a key has it (`CKA_PARAMETER_SET`): a number whose meaning depends on the
/// key's type. Prints as hex, and parses from a number or a name of any key type.
///
/// ```
/// use pkcs11_core::{KeyType, MlDsaParameterSet, ParameterSet};
///
/// let set = ParameterSet::from(MlDsaParameterSet::ML_DSA_65);
/// assert_eq!(set.name_for(KeyType::ML_DSA), Some("CKP_ML_DSA_65"));
/// assert_eq!(set.name_for(KeyType::ML_KEM), Some("CKP_ML_KEM_768"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(transparent)]
pub struct ParameterSet(CK_ULONG);

impl ParameterSet {
    /// The value of this number.
    #[must_use]
    pub const fn new(number: CK_ULONG) -> Self {
        Self(number)
    }

    /// The number as it stands in C.
    #[must_use]
    pub const fn number(self) -> CK_ULONG {
        self.0
    }

    /// The name in the standard, for a key of this type; `None` where it has none.
    #[must_use]
    pub const fn name_for(self, key_type: KeyType) -> Option<&'static str> {
        match key_type {
            KeyType::ML_DSA => MlDsaParameterSet::new(self.0).name(),
            KeyType::ML_KEM => MlKemParameterSet::new(self.0).name(),
            KeyType::SLH_DSA => SlhDsaParameterSet::new(self.0).name(),
            _ => None,
        }
    }
}

macro_rules! parameter_sets {
    ($($name:ident),*) => {
        $(
            impl From<$name> for ParameterSet {
                fn from(set: $name) -> Self {
                    Self(set.number())
                }
            }

            impl From<ParameterSet> for $name {
                fn from(set: ParameterSet) -> Self {
                    Self::new(set.0)
                }
            }
        )*

        impl FromStr for ParameterSet {
            type Err = ParseNumberError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                if let Some(number) = digits(text) {
                    return Ok(Self(number));
                }
                $(
                    if let Ok(set) = text.parse::<$name>() {
                        return Ok(set.into());
                    }
                )*
                Err(ParseNumberError::new(text, "CKP_"))
            }
        }
    };
}

parameter_sets!(MlDsaParameterSet, MlKemParameterSet, SlhDsaParameterSet);

impl fmt::Display for ParameterSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:#010x}", self.0))
    }
}

impl fmt::Debug for ParameterSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_means_what_its_key_type_says() {
        let set = ParameterSet::new(3);
        assert_eq!(set.name_for(KeyType::ML_DSA), Some("CKP_ML_DSA_87"));
        assert_eq!(set.name_for(KeyType::SLH_DSA), Some("CKP_SLH_DSA_SHA2_128F"));
        assert_eq!(set.name_for(KeyType::ML_KEM), Some("CKP_ML_KEM_1024"));
        assert_eq!(set.name_for(KeyType::XMSS), None);
        assert_eq!(MlDsaParameterSet::from(set), MlDsaParameterSet::ML_DSA_87);
        assert_eq!(ParameterSet::from(SlhDsaParameterSet::SHA2_128F), set);
        assert_eq!(set.to_string(), "0x00000003");
    }

    #[test]
    fn names_of_every_key_type_parse() {
        assert_eq!("CKP_ML_DSA_65".parse(), Ok(ParameterSet::new(2)));
        assert_eq!("ML_KEM_1024".parse(), Ok(ParameterSet::new(3)));
        assert_eq!("SLH_DSA_SHAKE_256F".parse(), Ok(ParameterSet::new(12)));
        assert_eq!("0x00000007".parse(), Ok(ParameterSet::new(7)));
        assert!("ML_DSA_66".parse::<ParameterSet>().is_err());
    }
}
