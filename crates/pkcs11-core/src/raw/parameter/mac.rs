//! Message authentication codes of a chosen length.

use super::*;
use crate::Error;
use crate::mechanism::{MacGeneral, Sha512T};

/// A length within what the mechanism can make.
pub(super) fn length(mechanism: MechanismType, length: usize) -> Result<CK_ULONG> {
    let most = mechanism.longest_mac();
    if length == 0 || most.is_some_and(|most| length > most) {
        let most = most.map_or(String::new(), |most| format!(" and at most {most}"));
        return Err(Error::invalid(format!("this MAC has at least 1 byte{most}")));
    }
    ck_len(length)
}

impl<'a> Pack<'a> for MacGeneral {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        // There the number is one of bits.
        if self.mechanism == MechanismType::SHA512_T || Sha512T::USES.contains(&self.mechanism) {
            return Err(Error::invalid("what is made of SHA-512/t takes a number of bits"));
        }
        Ok(Packed::new(Struct::MacLength(length(self.mechanism, self.length)?)))
    }
}

impl Sha512T {
    /// What is made of the digest, beside itself.
    const USES: [MechanismType; 2] =
        [MechanismType::SHA512_T_HMAC, MechanismType::SHA512_T_KEY_DERIVATION];
}

impl<'a> Pack<'a> for Sha512T {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        if !(1..512).contains(&self.bits) || self.bits == 384 {
            return Err(Error::invalid("SHA-512/t has 1 to 511 bits, and not 384"));
        }
        if self.mechanism != MechanismType::SHA512_T && !Self::USES.contains(&self.mechanism) {
            return Err(Error::invalid("no use of SHA-512/t that takes a number of bits"));
        }
        Ok(Packed::new(Struct::MacLength(ck_len(self.bits)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::parameter::read_back::{packed, refused};

    #[test]
    fn mac_length() {
        let parameter = packed(MacGeneral::new(MechanismType::AES_CMAC_GENERAL, 12));
        assert_eq!(parameter.read::<CK_MAC_GENERAL_PARAMS>(), 12);
        assert_eq!(parameter.mac_length(), Some(12));
        refused(MacGeneral::new(MechanismType::SHA512_T_HMAC, 32));
    }

    #[test]
    fn a_mac_is_no_longer_than_its_digest_or_block() {
        for &mechanism in MechanismType::ALL {
            let Some(most) = mechanism.longest_mac() else { continue };
            refused(MacGeneral::new(mechanism, 0));
            assert_eq!(packed(MacGeneral::new(mechanism, 1)).mac_length(), Some(1));
            assert_eq!(packed(MacGeneral::new(mechanism, most)).mac_length(), Some(most));
            refused(MacGeneral::new(mechanism, most + 1));
        }
        // A vendor's may have any length.
        packed(MacGeneral::new(MechanismType::new(CKM_VENDOR_DEFINED | 1), 100));
        refused(MacGeneral::new(MechanismType::new(CKM_VENDOR_DEFINED | 1), 0));
    }

    #[test]
    fn sha512_t() {
        assert_eq!(packed(Sha512T::new(255)).read::<CK_MAC_GENERAL_PARAMS>(), 255);
        let hmac = Sha512T::new(256).mechanism(MechanismType::SHA512_T_HMAC);
        assert_eq!(packed(hmac).read::<CK_MAC_GENERAL_PARAMS>(), 256);
        for bits in [0, 384, 512] {
            refused(Sha512T::new(bits));
        }
        refused(Sha512T::new(256).mechanism(MechanismType::SHA512_HMAC_GENERAL));
    }
}
