//! Domain parameters of DSA.

use super::typed::typed;
use crate::MechanismType;
use crate::hash::Hash;
pub use crate::raw::DsaSeed;

/// How the primes of DSA are made (FIPS 186-4 appendix A.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DsaPrimeMethod {
    /// Probable primes (`CKM_DSA_PROBABILISTIC_PARAMETER_GEN`).
    Probable,
    /// Provable primes, by Shawe and Taylor (`CKM_DSA_SHAWE_TAYLOR_PARAMETER_GEN`).
    Provable,
}

typed! {
    /// The primes of DSA with their seed (`CKM_DSA_PROBABILISTIC_PARAMETER_GEN`,
    /// `CKM_DSA_SHAWE_TAYLOR_PARAMETER_GEN`, PKCS#11 §6.2.8, §6.2.9, FIPS 186-4 appendix A.1).
    #[derive(Debug)]
    pub struct DsaPrimes<'a> {
        /// How they are made.
        pub method: DsaPrimeMethod,
        /// The hash function: SHA-1 or SHA-2.
        pub hash: Hash,
        /// Where the token writes the seed, for [`DsaBase`].
        pub seed: &'a mut DsaSeed,
    }
    |m| match m.method {
        DsaPrimeMethod::Probable => MechanismType::DSA_PROBABILISTIC_PARAMETER_GEN,
        DsaPrimeMethod::Provable => MechanismType::DSA_SHAWE_TAYLOR_PARAMETER_GEN,
    }
}

typed! {
    /// The base of DSA from the seed of its primes (`CKM_DSA_FIPS_G_GEN`, PKCS#11 §6.2.10,
    /// FIPS 186-4 appendix A.2).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct DsaBase<'a> {
        /// The hash function: SHA-1 or SHA-2.
        pub hash: Hash,
        /// The seed of the primes.
        pub seed: &'a [u8],
        /// Which base of these primes, 0 to 255.
        pub index: u8,
    }
    |_m| MechanismType::DSA_FIPS_G_GEN
}
