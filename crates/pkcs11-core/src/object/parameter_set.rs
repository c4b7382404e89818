//! The parameter sets of the post-quantum key types.

use crate::KeyType;

macro_rules! parameter_sets {
    ($($name:ident, $doc:literal, $key_type:ident, $number:ident;)*) => {
        /// A parameter set of ML-KEM, ML-DSA or SLH-DSA: what a curve is to an elliptic-curve key.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(non_camel_case_types, reason = "the parameter sets' own names")]
        #[non_exhaustive]
        pub enum ParameterSet {
            $(
                #[doc = concat!($doc, ".")]
                $name,
            )*
        }

        impl ParameterSet {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The type of its keys.
            #[must_use]
            pub const fn key_type(self) -> KeyType {
                match self {
                    $(Self::$name => KeyType::$key_type,)*
                }
            }

            /// The value of `CKA_PARAMETER_SET`, whose meaning depends on the key type.
            #[must_use]
            pub fn number(self) -> u64 {
                match self {
                    $(Self::$name => crate::raw::wide(pkcs11_sys::$number),)*
                }
            }
        }
    };
}

parameter_sets! {
    ML_KEM_512, "ML-KEM-512 (FIPS 203 §8)", ML_KEM, CKP_ML_KEM_512;
    ML_KEM_768, "ML-KEM-768 (FIPS 203 §8)", ML_KEM, CKP_ML_KEM_768;
    ML_KEM_1024, "ML-KEM-1024 (FIPS 203 §8)", ML_KEM, CKP_ML_KEM_1024;
    ML_DSA_44, "ML-DSA-44 (FIPS 204 §4)", ML_DSA, CKP_ML_DSA_44;
    ML_DSA_65, "ML-DSA-65 (FIPS 204 §4)", ML_DSA, CKP_ML_DSA_65;
    ML_DSA_87, "ML-DSA-87 (FIPS 204 §4)", ML_DSA, CKP_ML_DSA_87;
    SLH_DSA_SHA2_128S, "SLH-DSA-SHA2-128s (FIPS 205 §11)", SLH_DSA, CKP_SLH_DSA_SHA2_128S;
    SLH_DSA_SHAKE_128S, "SLH-DSA-SHAKE-128s (FIPS 205 §11)", SLH_DSA, CKP_SLH_DSA_SHAKE_128S;
    SLH_DSA_SHA2_128F, "SLH-DSA-SHA2-128f (FIPS 205 §11)", SLH_DSA, CKP_SLH_DSA_SHA2_128F;
    SLH_DSA_SHAKE_128F, "SLH-DSA-SHAKE-128f (FIPS 205 §11)", SLH_DSA, CKP_SLH_DSA_SHAKE_128F;
    SLH_DSA_SHA2_192S, "SLH-DSA-SHA2-192s (FIPS 205 §11)", SLH_DSA, CKP_SLH_DSA_SHA2_192S;
    SLH_DSA_SHAKE_192S, "SLH-DSA-SHAKE-192s (FIPS 205 §11)", SLH_DSA, CKP_SLH_DSA_SHAKE_192S;
    SLH_DSA_SHA2_192F, "SLH-DSA-SHA2-192f (FIPS 205 §11)", SLH_DSA, CKP_SLH_DSA_SHA2_192F;
    SLH_DSA_SHAKE_192F, "SLH-DSA-SHAKE-192f (FIPS 205 §11)", SLH_DSA, CKP_SLH_DSA_SHAKE_192F;
    SLH_DSA_SHA2_256S, "SLH-DSA-SHA2-256s (FIPS 205 §11)", SLH_DSA, CKP_SLH_DSA_SHA2_256S;
    SLH_DSA_SHAKE_256S, "SLH-DSA-SHAKE-256s (FIPS 205 §11)", SLH_DSA, CKP_SLH_DSA_SHAKE_256S;
    SLH_DSA_SHA2_256F, "SLH-DSA-SHA2-256f (FIPS 205 §11)", SLH_DSA, CKP_SLH_DSA_SHA2_256F;
    SLH_DSA_SHAKE_256F, "SLH-DSA-SHAKE-256f (FIPS 205 §11)", SLH_DSA, CKP_SLH_DSA_SHAKE_256F;
}

impl ParameterSet {
    /// The parameter set of a key of this type with this `CKA_PARAMETER_SET`.
    #[must_use]
    pub fn of(key_type: KeyType, number: u64) -> Option<Self> {
        let mut of_type = Self::ALL.iter().copied().filter(|set| set.key_type() == key_type);
        of_type.find(|set| set.number() == number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lead_back() {
        for &set in ParameterSet::ALL {
            assert_eq!(ParameterSet::of(set.key_type(), set.number()), Some(set));
        }
        assert_eq!(ParameterSet::of(KeyType::ML_KEM, 4), None);
        assert_eq!(ParameterSet::of(KeyType::RSA, 1), None);
    }
}
