//! The well-known Diffie-Hellman groups.

mod primes;

use super::DhParameters;
use crate::BigInteger;

macro_rules! groups {
    ($($name:ident, $bits:literal, $rfc:literal;)*) => {
        /// A well-known Diffie-Hellman group; its base is 2.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(non_camel_case_types, reason = "the RFCs' names with their numbers")]
        #[non_exhaustive]
        pub enum DhGroup {
            $(
                #[doc = concat!("A prime of ", stringify!($bits), " bits (", $rfc, ").")]
                $name,
            )*
        }

        impl DhGroup {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The length of the prime in bits.
            #[must_use]
            pub const fn bits(self) -> usize {
                match self {
                    $(Self::$name => $bits,)*
                }
            }

            /// The prime, big-endian.
            #[must_use]
            pub const fn prime(self) -> &'static [u8] {
                match self {
                    $(Self::$name => primes::$name,)*
                }
            }
        }
    };
}

groups! {
    MODP_1536, 1536, "RFC 3526 §2";
    MODP_2048, 2048, "RFC 3526 §3";
    MODP_3072, 3072, "RFC 3526 §4";
    MODP_4096, 4096, "RFC 3526 §5";
    MODP_6144, 6144, "RFC 3526 §6";
    MODP_8192, 8192, "RFC 3526 §7";
    FFDHE_2048, 2048, "RFC 7919 §A.1";
    FFDHE_3072, 3072, "RFC 7919 §A.2";
    FFDHE_4096, 4096, "RFC 7919 §A.3";
    FFDHE_6144, 6144, "RFC 7919 §A.4";
    FFDHE_8192, 8192, "RFC 7919 §A.5";
}

impl DhGroup {
    /// Prime and base.
    #[must_use]
    pub fn parameters(self) -> DhParameters {
        DhParameters { prime: BigInteger::from(self.prime()), base: BigInteger::from(2) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primes_have_their_length() {
        for &group in DhGroup::ALL {
            assert_eq!(group.prime().len() * 8, group.bits());
            // Both RFCs: the first and the last 64 bits are ones.
            assert_eq!(group.prime()[..8], [0xff; 8]);
            assert_eq!(group.prime()[group.prime().len() - 8..], [0xff; 8]);
        }
    }
}
