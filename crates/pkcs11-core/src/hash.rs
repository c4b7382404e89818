//! Hash functions: as parameters of mechanisms, and computed here where a token cannot.

use std::fmt;

use pkcs11_sys::CK_RSA_PKCS_MGF_TYPE;
use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};
use smallvec::SmallVec;

use crate::{MechanismType, Mgf};

/// The longest digest that this crate makes, in a DigestInfo.
pub(crate) type Digested = SmallVec<[u8; 96]>;

macro_rules! hashes {
    ($($name:ident, $type:ty, $mechanism:ident, $mgf:ident, $length:literal, $oid:expr;)*) => {
        /// A hash function.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Hash {
            $(
                #[doc = concat!("`CKM_", stringify!($mechanism), "`.")]
                $name,
            )*
        }

        impl Hash {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its mechanism.
            #[must_use]
            pub const fn mechanism(self) -> MechanismType {
                match self {
                    $(Self::$name => MechanismType::$mechanism,)*
                }
            }

            /// The number of MGF1 with this hash.
            pub(crate) const fn mgf1(self) -> CK_RSA_PKCS_MGF_TYPE {
                match self {
                    $(Self::$name => Mgf::$mgf.number(),)*
                }
            }

            /// The length of its digest in bytes.
            #[must_use]
            pub const fn length(self) -> usize {
                match self {
                    $(Self::$name => $length,)*
                }
            }

            /// What stands before the digest in a DER DigestInfo (RFC 8017 §9.2, note 1).
            #[must_use]
            pub const fn digest_info_prefix(self) -> &'static [u8] {
                match self {
                    $(Self::$name => &$oid,)*
                }
            }

            fn start(self) -> Box<dyn DynDigest + Send + Sync> {
                match self {
                    $(Self::$name => Box::new(<$type>::new()),)*
                }
            }

            pub(crate) fn digest(self, data: &[u8]) -> Digested {
                match self {
                    $(Self::$name => Digested::from_slice(&<$type>::digest(data)),)*
                }
            }
        }
    };
}

/// The prefix for the SHA-2 or SHA-3 of this number under `joint-iso-itu-t(2) … hashalgs(2)`.
const fn sha_prefix(number: u8, length: u8) -> [u8; 19] {
    [
        0x30,
        17 + length,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x60,
        0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        number,
        0x05,
        0x00,
        0x04,
        length,
    ]
}

const SHA1_PREFIX: [u8; 15] =
    [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14];

hashes! {
    Sha1, Sha1, SHA_1, SHA1, 20, SHA1_PREFIX;
    Sha224, Sha224, SHA224, SHA224, 28, const { sha_prefix(4, 28) };
    Sha256, Sha256, SHA256, SHA256, 32, const { sha_prefix(1, 32) };
    Sha384, Sha384, SHA384, SHA384, 48, const { sha_prefix(2, 48) };
    Sha512, Sha512, SHA512, SHA512, 64, const { sha_prefix(3, 64) };
    Sha3_224, Sha3_224, SHA3_224, SHA3_224, 28, const { sha_prefix(7, 28) };
    Sha3_256, Sha3_256, SHA3_256, SHA3_256, 32, const { sha_prefix(8, 32) };
    Sha3_384, Sha3_384, SHA3_384, SHA3_384, 48, const { sha_prefix(9, 48) };
    Sha3_512, Sha3_512, SHA3_512, SHA3_512, 64, const { sha_prefix(10, 64) };
}

impl Hash {
    /// The DER DigestInfo of the data (RFC 8017 §9.2).
    pub(crate) fn digest_info(self, data: &[u8]) -> Digested {
        let mut info = Digested::from_slice(self.digest_info_prefix());
        info.extend_from_slice(&self.digest(data));
        info
    }
}

/// A hash that is computed here, part by part.
pub(crate) struct Hasher {
    /// What the digest comes after: nothing, or the beginning of a DigestInfo.
    prefix: &'static [u8],
    hash: Box<dyn DynDigest + Send + Sync>,
}

impl Hasher {
    pub(crate) fn new(hash: Hash, digest_info: bool) -> Self {
        let prefix = if digest_info { hash.digest_info_prefix() } else { &[] };
        Self { prefix, hash: hash.start() }
    }

    pub(crate) fn update(&mut self, data: &[u8]) {
        self.hash.update(data);
    }

    pub(crate) fn finish(self) -> Digested {
        let mut digest = Digested::from_slice(self.prefix);
        digest.extend_from_slice(&self.hash.finalize());
        digest
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_agree() {
        for &hash in Hash::ALL {
            assert_eq!(hash.digest(b"abc").len(), hash.length());
            assert_eq!(hash.mechanism().output(), crate::mechanism::Output::Digest(hash.length()));
            let info = hash.digest_info(b"abc");
            for (digest_info, whole) in [(false, hash.digest(b"abc")), (true, info.clone())] {
                let mut parts = Hasher::new(hash, digest_info);
                parts.update(b"a");
                parts.update(b"bc");
                assert_eq!(parts.finish(), whole);
            }
            assert_eq!(usize::from(info[1]) + 2, info.len());
        }
    }
}
