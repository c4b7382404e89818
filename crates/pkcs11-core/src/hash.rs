//! Hash functions: as parameters of mechanisms, and computed here where a token cannot.

use pkcs11_sys::{
    CK_RSA_PKCS_MGF_TYPE, CKG_MGF1_SHA1, CKG_MGF1_SHA224, CKG_MGF1_SHA256, CKG_MGF1_SHA384,
    CKG_MGF1_SHA512,
};
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use smallvec::SmallVec;

use crate::MechanismType;

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
                    $(Self::$name => $mgf,)*
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

            pub(crate) fn digest(self, data: &[u8]) -> Digested {
                match self {
                    $(Self::$name => Digested::from_slice(&<$type>::digest(data)),)*
                }
            }
        }
    };
}

/// The prefix for the SHA-2 of this number under `joint-iso-itu-t(2) … hashalgs(2)`.
const fn sha2_prefix(number: u8, length: u8) -> [u8; 19] {
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
    Sha1, Sha1, SHA_1, CKG_MGF1_SHA1, 20, SHA1_PREFIX;
    Sha224, Sha224, SHA224, CKG_MGF1_SHA224, 28, const { sha2_prefix(4, 28) };
    Sha256, Sha256, SHA256, CKG_MGF1_SHA256, 32, const { sha2_prefix(1, 32) };
    Sha384, Sha384, SHA384, CKG_MGF1_SHA384, 48, const { sha2_prefix(2, 48) };
    Sha512, Sha512, SHA512, CKG_MGF1_SHA512, 64, const { sha2_prefix(3, 64) };
}

impl Hash {
    /// The DER DigestInfo of the data (RFC 8017 §9.2).
    pub(crate) fn digest_info(self, data: &[u8]) -> Digested {
        let mut info = Digested::from_slice(self.digest_info_prefix());
        info.extend_from_slice(&self.digest(data));
        info
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
            assert_eq!(usize::from(info[1]) + 2, info.len());
        }
    }
}
