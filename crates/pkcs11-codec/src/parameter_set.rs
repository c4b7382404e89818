//! The parameter sets of ML-DSA, ML-KEM and SLH-DSA, `CKA_PARAMETER_SET`.

use core::fmt;

use crate::{Error, ErrorKind, oid::Oid};

/// A post-quantum algorithm, which decides the key type in PKCS#11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Family {
    /// Signatures on module lattices, `CKK_ML_DSA` (FIPS 204).
    MlDsa,
    /// Key encapsulation on module lattices, `CKK_ML_KEM` (FIPS 203).
    MlKem,
    /// Stateless hash-based signatures, `CKK_SLH_DSA` (FIPS 205).
    SlhDsa,
}

/// A post-quantum algorithm with its sizes: one row of the table.
///
/// ```
/// use pkcs11_codec::parameter_set::{Family, ParameterSet};
///
/// let set = ParameterSet::from_number(Family::MlDsa, 2);
/// assert_eq!(set, Some(ParameterSet::ML_DSA_65));
/// assert_eq!(ParameterSet::from_name("SLH-DSA-SHAKE-256f").map(ParameterSet::number), Some(12));
/// assert_eq!(ParameterSet::ML_KEM_768.public_key_bytes(), 1184);
/// assert_eq!(ParameterSet::ML_KEM_768.oid().to_string(), "2.16.840.1.101.3.4.4.2");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ParameterSet(&'static Row);

#[derive(PartialEq, Eq, Hash)]
struct Row {
    name: &'static str,
    family: Family,
    /// The `CKP_` number, which counts within the family.
    number: u32,
    oid: Oid<'static>,
    public_key_bytes: usize,
    /// Of the key as the algorithm uses it, not of the seed.
    private_key_bytes: usize,
    seed_bytes: Option<usize>,
    /// Of a signature, or of an encapsulated key.
    output_bytes: usize,
}

/// An identifier below NIST's arc 2.16.840.1.101.3.4.
macro_rules! nist {
    ($($arc:literal).+) => {
        Oid::constant(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, $($arc),+])
    };
}

/// FIPS 204, table 2: the sizes of public key, private key and signature.
const fn ml_dsa(
    name: &'static str,
    number: u32,
    oid: Oid<'static>,
    [public_key_bytes, private_key_bytes, output_bytes]: [usize; 3],
) -> Row {
    Row {
        name,
        family: Family::MlDsa,
        number,
        oid,
        public_key_bytes,
        private_key_bytes,
        seed_bytes: Some(32),
        output_bytes,
    }
}

/// FIPS 203, table 3: the sizes of encapsulation key, decapsulation key and ciphertext.
const fn ml_kem(
    name: &'static str,
    number: u32,
    oid: Oid<'static>,
    [public_key_bytes, private_key_bytes, output_bytes]: [usize; 3],
) -> Row {
    Row {
        name,
        family: Family::MlKem,
        number,
        oid,
        public_key_bytes,
        private_key_bytes,
        seed_bytes: Some(64),
        output_bytes,
    }
}

/// FIPS 205, table 2: the security parameter n and the size of a signature.
const fn slh_dsa(
    name: &'static str,
    number: u32,
    oid: Oid<'static>,
    n: usize,
    signature_bytes: usize,
) -> Row {
    Row {
        name,
        family: Family::SlhDsa,
        number,
        oid,
        public_key_bytes: 2 * n,
        private_key_bytes: 4 * n,
        seed_bytes: None,
        output_bytes: signature_bytes,
    }
}

macro_rules! parameter_sets {
    ($($(#[$doc:meta])* $constant:ident = $row:expr;)*) => {
        impl ParameterSet {
            $($(#[$doc])* pub const $constant: Self = Self(&$row);)*

            /// Every parameter set of the table.
            pub const ALL: &'static [Self] = &[$(Self::$constant),*];
        }
    };
}

parameter_sets! {
    /// ML-DSA-44, 2.16.840.1.101.3.4.3.17 (RFC 9881 §2), `CKP_ML_DSA_44`.
    ML_DSA_44 = ml_dsa("ML-DSA-44", 1, nist!(3 . 17), [1312, 2560, 2420]);
    /// ML-DSA-65, 2.16.840.1.101.3.4.3.18 (RFC 9881 §2), `CKP_ML_DSA_65`.
    ML_DSA_65 = ml_dsa("ML-DSA-65", 2, nist!(3 . 18), [1952, 4032, 3309]);
    /// ML-DSA-87, 2.16.840.1.101.3.4.3.19 (RFC 9881 §2), `CKP_ML_DSA_87`.
    ML_DSA_87 = ml_dsa("ML-DSA-87", 3, nist!(3 . 19), [2592, 4896, 4627]);
    /// ML-KEM-512, 2.16.840.1.101.3.4.4.1 (RFC 9935 §3), `CKP_ML_KEM_512`.
    ML_KEM_512 = ml_kem("ML-KEM-512", 1, nist!(4 . 1), [800, 1632, 768]);
    /// ML-KEM-768, 2.16.840.1.101.3.4.4.2 (RFC 9935 §3), `CKP_ML_KEM_768`.
    ML_KEM_768 = ml_kem("ML-KEM-768", 2, nist!(4 . 2), [1184, 2400, 1088]);
    /// ML-KEM-1024, 2.16.840.1.101.3.4.4.3 (RFC 9935 §3), `CKP_ML_KEM_1024`.
    ML_KEM_1024 = ml_kem("ML-KEM-1024", 3, nist!(4 . 3), [1568, 3168, 1568]);
    /// SLH-DSA-SHA2-128s, 2.16.840.1.101.3.4.3.20 (RFC 9909 §3), `CKP_SLH_DSA_SHA2_128S`.
    SLH_DSA_SHA2_128S = slh_dsa("SLH-DSA-SHA2-128s", 1, nist!(3 . 20), 16, 7856);
    /// SLH-DSA-SHAKE-128s, 2.16.840.1.101.3.4.3.26 (RFC 9909 §3), `CKP_SLH_DSA_SHAKE_128S`.
    SLH_DSA_SHAKE_128S = slh_dsa("SLH-DSA-SHAKE-128s", 2, nist!(3 . 26), 16, 7856);
    /// SLH-DSA-SHA2-128f, 2.16.840.1.101.3.4.3.21 (RFC 9909 §3), `CKP_SLH_DSA_SHA2_128F`.
    SLH_DSA_SHA2_128F = slh_dsa("SLH-DSA-SHA2-128f", 3, nist!(3 . 21), 16, 17088);
    /// SLH-DSA-SHAKE-128f, 2.16.840.1.101.3.4.3.27 (RFC 9909 §3), `CKP_SLH_DSA_SHAKE_128F`.
    SLH_DSA_SHAKE_128F = slh_dsa("SLH-DSA-SHAKE-128f", 4, nist!(3 . 27), 16, 17088);
    /// SLH-DSA-SHA2-192s, 2.16.840.1.101.3.4.3.22 (RFC 9909 §3), `CKP_SLH_DSA_SHA2_192S`.
    SLH_DSA_SHA2_192S = slh_dsa("SLH-DSA-SHA2-192s", 5, nist!(3 . 22), 24, 16224);
    /// SLH-DSA-SHAKE-192s, 2.16.840.1.101.3.4.3.28 (RFC 9909 §3), `CKP_SLH_DSA_SHAKE_192S`.
    SLH_DSA_SHAKE_192S = slh_dsa("SLH-DSA-SHAKE-192s", 6, nist!(3 . 28), 24, 16224);
    /// SLH-DSA-SHA2-192f, 2.16.840.1.101.3.4.3.23 (RFC 9909 §3), `CKP_SLH_DSA_SHA2_192F`.
    SLH_DSA_SHA2_192F = slh_dsa("SLH-DSA-SHA2-192f", 7, nist!(3 . 23), 24, 35664);
    /// SLH-DSA-SHAKE-192f, 2.16.840.1.101.3.4.3.29 (RFC 9909 §3), `CKP_SLH_DSA_SHAKE_192F`.
    SLH_DSA_SHAKE_192F = slh_dsa("SLH-DSA-SHAKE-192f", 8, nist!(3 . 29), 24, 35664);
    /// SLH-DSA-SHA2-256s, 2.16.840.1.101.3.4.3.24 (RFC 9909 §3), `CKP_SLH_DSA_SHA2_256S`.
    SLH_DSA_SHA2_256S = slh_dsa("SLH-DSA-SHA2-256s", 9, nist!(3 . 24), 32, 29792);
    /// SLH-DSA-SHAKE-256s, 2.16.840.1.101.3.4.3.30 (RFC 9909 §3), `CKP_SLH_DSA_SHAKE_256S`.
    SLH_DSA_SHAKE_256S = slh_dsa("SLH-DSA-SHAKE-256s", 10, nist!(3 . 30), 32, 29792);
    /// SLH-DSA-SHA2-256f, 2.16.840.1.101.3.4.3.25 (RFC 9909 §3), `CKP_SLH_DSA_SHA2_256F`.
    SLH_DSA_SHA2_256F = slh_dsa("SLH-DSA-SHA2-256f", 11, nist!(3 . 25), 32, 49856);
    /// SLH-DSA-SHAKE-256f, 2.16.840.1.101.3.4.3.31 (RFC 9909 §3), `CKP_SLH_DSA_SHAKE_256F`.
    SLH_DSA_SHAKE_256F = slh_dsa("SLH-DSA-SHAKE-256f", 12, nist!(3 . 31), 32, 49856);
}

impl ParameterSet {
    /// The parameter set with this OBJECT IDENTIFIER.
    #[must_use]
    pub fn from_oid(oid: Oid<'_>) -> Option<Self> {
        // All others, RSA's among them, are told apart before the table is searched.
        match oid.content() {
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03 | 0x04, _] => {
                Self::ALL.iter().copied().find(|set| set.oid() == oid)
            }
            _ => None,
        }
    }

    /// The parameter set with this name of FIPS 203 to 205, in upper or lower case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|set| set.name().eq_ignore_ascii_case(name))
    }

    /// The parameter set with this value of `CKA_PARAMETER_SET`, whose numbers count within
    /// a family.
    #[must_use]
    pub fn from_number(family: Family, number: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|set| set.family() == family && set.number() == number)
    }

    /// The name in FIPS 203 to 205.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// The algorithm.
    #[must_use]
    pub const fn family(self) -> Family {
        self.0.family
    }

    /// The `CKP_` number, the value of `CKA_PARAMETER_SET`; other families use it too.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0.number
    }

    /// The OBJECT IDENTIFIER.
    #[must_use]
    pub const fn oid(self) -> Oid<'static> {
        self.0.oid
    }

    /// The size of a public key, the encapsulation key of ML-KEM, in bytes.
    #[must_use]
    pub const fn public_key_bytes(self) -> usize {
        self.0.public_key_bytes
    }

    /// The size in bytes of a private key as the algorithm uses it, the decapsulation key of
    /// ML-KEM: expanded from the seed where there is one.
    #[must_use]
    pub const fn private_key_bytes(self) -> usize {
        self.0.private_key_bytes
    }

    /// The size in bytes of the seed that a private key can be kept as, `CKA_SEED`; SLH-DSA
    /// has none.
    #[must_use]
    pub const fn seed_bytes(self) -> Option<usize> {
        self.0.seed_bytes
    }

    /// The size of a signature in bytes; ML-KEM has none.
    #[must_use]
    pub const fn signature_bytes(self) -> Option<usize> {
        match self.0.family {
            Family::MlDsa | Family::SlhDsa => Some(self.0.output_bytes),
            Family::MlKem => None,
        }
    }

    /// The size in bytes of a ciphertext of ML-KEM, which encapsulates a key of 32 bytes; the
    /// others have none.
    #[must_use]
    pub const fn ciphertext_bytes(self) -> Option<usize> {
        match self.0.family {
            Family::MlKem => Some(self.0.output_bytes),
            Family::MlDsa | Family::SlhDsa => None,
        }
    }

    /// Checks that a public key has the size of this parameter set.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`].
    pub fn check_public_key(self, key: &[u8]) -> Result<(), Error> {
        match (self.public_key_bytes(), key.len()) {
            (expected, found) if expected == found => Ok(()),
            (expected, found) => Err(Error::at(0, ErrorKind::WrongLength { expected, found })),
        }
    }
}

impl fmt::Display for ParameterSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Debug for ParameterSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ParameterSet({self})")
    }
}
