//! The historical mechanisms.

use super::*;
use crate::Error;
use crate::mechanism::{
    Fortezza, Kea, OldCbc, OldMac, Rc2, Rc2Mode, Rc5, Rc5Mode, SkipjackPrivateWrap, SkipjackRelayx,
};

impl<'a> Pack<'a> for OldCbc<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        Ok(Packed::bytes(self.iv))
    }
}

impl<'a> Pack<'a> for Fortezza<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        Ok(Packed::of(Value::WrittenIv(self.iv.as_mut_ptr(), self.iv.len())))
    }
}

fn mac_length(length: usize, most: usize) -> Result<CK_ULONG> {
    if !(1..=most).contains(&length) {
        return Err(Error::invalid(format!("this MAC has 1 to {most} bytes")));
    }
    ck_len(length)
}

impl<'a> Pack<'a> for OldMac {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        Ok(Packed::new(Struct::MacLength(super::mac::length(self.kind.number(), self.length)?)))
    }
}

impl<'a> Pack<'a> for Rc2 {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        if !(1..=1024).contains(&self.effective_bits) {
            return Err(Error::invalid("RC2 takes 1 to 1024 effective bits"));
        }
        let bits = ck_len(self.effective_bits)?;
        Ok(Packed::new(match self.mode {
            Rc2Mode::Ecb | Rc2Mode::Mac => Struct::Rc2Bits(bits),
            Rc2Mode::Cbc(iv) | Rc2Mode::CbcPad(iv) => {
                Struct::Rc2Cbc(CK_RC2_CBC_PARAMS { ulEffectiveBits: bits, iv })
            }
            Rc2Mode::MacGeneral(length) => Struct::Rc2Mac(CK_RC2_MAC_GENERAL_PARAMS {
                ulEffectiveBits: bits,
                ulMacLength: mac_length(length, 8)?,
            }),
        }))
    }
}

impl<'a> Pack<'a> for Rc5<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let (word, rounds) = (ck_len(self.word)?, ck_len(self.rounds)?);
        let block = self.word.saturating_mul(2);
        Ok(Packed::new(match self.mode {
            Rc5Mode::Ecb | Rc5Mode::Mac => {
                Struct::Rc5(CK_RC5_PARAMS { ulWordsize: word, ulRounds: rounds })
            }
            Rc5Mode::Cbc(iv) | Rc5Mode::CbcPad(iv) => {
                if iv.len() != block {
                    return Err(Error::invalid("the IV of RC5 is as long as two words"));
                }
                let (iv, iv_length) = bytes(iv)?;
                Struct::Rc5Cbc(CK_RC5_CBC_PARAMS {
                    ulWordsize: word,
                    ulRounds: rounds,
                    pIv: iv,
                    ulIvLen: iv_length,
                })
            }
            Rc5Mode::MacGeneral(length) => Struct::Rc5Mac(CK_RC5_MAC_GENERAL_PARAMS {
                ulWordsize: word,
                ulRounds: rounds,
                ulMacLength: mac_length(length, block)?,
            }),
        }))
    }
}

impl<'a> Pack<'a> for Kea<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        if self.random_a.len() != self.random_b.len() {
            return Err(Error::invalid("the random numbers of KEA are of one length"));
        }
        let (random_a, length) = bytes_mut(self.random_a)?;
        let (random_b, _) = bytes_mut(self.random_b)?;
        let (public, public_length) = bytes(self.public_value)?;
        Ok(Packed::new(Struct::Kea(CK_KEA_DERIVE_PARAMS {
            isSender: self.sender.into(),
            ulRandomLen: length,
            pRandomA: random_a,
            pRandomB: random_b,
            ulPublicDataLen: public_length,
            pPublicData: public,
        })))
    }
}

impl<'a> Pack<'a> for SkipjackPrivateWrap<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        if self.prime.len() != self.base.len() {
            return Err(Error::invalid("prime and base are of one length"));
        }
        let (password, password_length) = bytes(self.password)?;
        let (public, public_length) = bytes(self.public_value)?;
        let (random, random_length) = bytes(self.random_a)?;
        let (prime, prime_length) = bytes(self.prime)?;
        let (base, _) = bytes(self.base)?;
        let (subprime, subprime_length) = bytes(self.subprime)?;
        Ok(Packed::new(Struct::SkipjackPrivateWrap(CK_SKIPJACK_PRIVATE_WRAP_PARAMS {
            ulPasswordLen: password_length,
            pPassword: password,
            ulPublicDataLen: public_length,
            pPublicData: public,
            ulPAndGLen: prime_length,
            ulQLen: subprime_length,
            ulRandomLen: random_length,
            pRandomA: random,
            pPrimeP: prime,
            pBaseG: base,
            pSubprimeQ: subprime,
        })))
    }
}

impl<'a> Pack<'a> for SkipjackRelayx<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let (wrapped, wrapped_length) = bytes(self.wrapped)?;
        let (old_password, old_password_length) = bytes(self.old.password)?;
        let (old_public, old_public_length) = bytes(self.old.public_value)?;
        let (old_random, old_random_length) = bytes(self.old.random_a)?;
        let (new_password, new_password_length) = bytes(self.new_wrapping.password)?;
        let (new_public, new_public_length) = bytes(self.new_wrapping.public_value)?;
        let (new_random, new_random_length) = bytes(self.new_wrapping.random_a)?;
        Ok(Packed::new(Struct::SkipjackRelayx(CK_SKIPJACK_RELAYX_PARAMS {
            ulOldWrappedXLen: wrapped_length,
            pOldWrappedX: wrapped,
            ulOldPasswordLen: old_password_length,
            pOldPassword: old_password,
            ulOldPublicDataLen: old_public_length,
            pOldPublicData: old_public,
            ulOldRandomLen: old_random_length,
            pOldRandomA: old_random,
            ulNewPasswordLen: new_password_length,
            pNewPassword: new_password,
            ulNewPublicDataLen: new_public_length,
            pNewPublicData: new_public,
            ulNewRandomLen: new_random_length,
            pNewRandomA: new_random,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::{FortezzaCipher, OldCipher, OldMacKind, Relayx};
    use crate::raw::parameter::read_back::{behind, packed, refused, write};

    #[test]
    fn initialisation_vectors() {
        assert_eq!(packed(OldCbc::new(OldCipher::Idea, &[7; 8])).as_bytes(), Some(&[7; 8][..]));
        let mut iv = [0; 24];
        let packed = packed(Fortezza::new(FortezzaCipher::SkipjackCbc64, &mut iv));
        assert_eq!(packed.kind(), Some(Parameter::Iv(24)));
        let (place, length) = packed.for_call().pointer();
        assert_eq!(length, 24);
        write(place.cast(), &[9_u8; 24]);
        drop(packed);
        assert_eq!(iv, [9; 24]);
    }

    #[test]
    fn macs() {
        let mac = OldMac::new(OldMacKind::Cipher(OldCipher::Des), 8);
        assert_eq!(packed(mac).read::<CK_MAC_GENERAL_PARAMS>(), 8);
        refused(OldMac::new(OldMacKind::Cipher(OldCipher::Des), 9));
        assert_eq!(packed(OldMac::new(OldMacKind::RipeMd160, 20)).mac_length(), Some(20));
        refused(OldMac::new(OldMacKind::Md5, 17));
    }

    #[test]
    fn rc2() {
        assert_eq!(packed(Rc2::new(Rc2Mode::Ecb, 40)).read::<CK_RC2_PARAMS>(), 40);
        let found: CK_RC2_CBC_PARAMS = packed(Rc2::new(Rc2Mode::Cbc([7; 8]), 128)).read();
        assert_eq!(({ found.ulEffectiveBits }, found.iv), (128, [7; 8]));
        let mac = packed(Rc2::new(Rc2Mode::MacGeneral(6), 64));
        let found: CK_RC2_MAC_GENERAL_PARAMS = mac.read();
        assert_eq!(({ found.ulEffectiveBits }, { found.ulMacLength }), (64, 6));
        assert_eq!(mac.mac_length(), Some(6));
        refused(Rc2::new(Rc2Mode::Ecb, 1025));
        refused(Rc2::new(Rc2Mode::MacGeneral(9), 64));
    }

    #[test]
    fn rc5() {
        let found: CK_RC5_PARAMS = packed(Rc5::new(Rc5Mode::Mac, 4, 12)).read();
        assert_eq!(({ found.ulWordsize }, { found.ulRounds }), (4, 12));
        let cbc = packed(Rc5::new(Rc5Mode::CbcPad(&[7; 16]), 8, 20));
        let found: CK_RC5_CBC_PARAMS = cbc.read();
        assert_eq!(({ found.ulWordsize }, { found.ulRounds }), (8, 20));
        assert_eq!(behind(found.pIv, found.ulIvLen), [7; 16]);
        let found: CK_RC5_MAC_GENERAL_PARAMS =
            packed(Rc5::new(Rc5Mode::MacGeneral(7), 4, 12)).read();
        assert_eq!(({ found.ulWordsize }, { found.ulRounds }, { found.ulMacLength }), (4, 12, 7));
        refused(Rc5::new(Rc5Mode::Cbc(&[7; 8]), 8, 20));
        assert_eq!(packed(Rc5::new(Rc5Mode::Mac, 4, 12)).mac_length(), Some(4));
        refused(Rc5::new(Rc5Mode::MacGeneral(9), 4, 12));
    }

    #[test]
    fn kea() {
        let (mut a, mut b) = ([1; 4], [2; 4]);
        let packed = packed(Kea {
            sender: true,
            random_a: &mut a,
            random_b: &mut b,
            public_value: b"public",
            older: false,
        });
        let found: CK_KEA_DERIVE_PARAMS = packed.read();
        assert_eq!((found.isSender, { found.ulRandomLen }), (1, 4));
        assert_eq!(behind(found.pRandomB, 4), [2; 4]);
        assert_eq!(behind(found.pPublicData, found.ulPublicDataLen), b"public");
        write(found.pRandomA, &[9; 4]);
        drop(packed);
        assert_eq!((a, b), ([9; 4], [2; 4]));
    }

    #[test]
    fn skipjack_private_wrap() {
        let packed = packed(SkipjackPrivateWrap {
            password: b"password",
            public_value: b"public",
            random_a: b"ran",
            prime: b"prime",
            base: b"bases",
            subprime: b"q",
        });
        let found: CK_SKIPJACK_PRIVATE_WRAP_PARAMS = packed.read();
        assert_eq!(behind(found.pPassword, found.ulPasswordLen), b"password");
        assert_eq!(behind(found.pPublicData, found.ulPublicDataLen), b"public");
        assert_eq!(behind(found.pRandomA, found.ulRandomLen), b"ran");
        assert_eq!(behind(found.pPrimeP, found.ulPAndGLen), b"prime");
        assert_eq!(behind(found.pBaseG, found.ulPAndGLen), b"bases");
        assert_eq!(behind(found.pSubprimeQ, found.ulQLen), b"q");
    }

    #[test]
    fn skipjack_relayx() {
        let old = Relayx { password: b"old pin", public_value: b"old public", random_a: b"old" };
        let new = Relayx { password: b"new", public_value: b"newer", random_a: b"newest" };
        let packed = packed(SkipjackRelayx::new(b"wrapped", old, new));
        let found: CK_SKIPJACK_RELAYX_PARAMS = packed.read();
        assert_eq!(behind(found.pOldWrappedX, found.ulOldWrappedXLen), b"wrapped");
        assert_eq!(behind(found.pOldPassword, found.ulOldPasswordLen), b"old pin");
        assert_eq!(behind(found.pOldPublicData, found.ulOldPublicDataLen), b"old public");
        assert_eq!(behind(found.pOldRandomA, found.ulOldRandomLen), b"old");
        assert_eq!(behind(found.pNewPassword, found.ulNewPasswordLen), b"new");
        assert_eq!(behind(found.pNewPublicData, found.ulNewPublicDataLen), b"newer");
        assert_eq!(behind(found.pNewRandomA, found.ulNewRandomLen), b"newest");
    }
}
