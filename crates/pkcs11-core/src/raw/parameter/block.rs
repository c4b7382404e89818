//! Block ciphers in the modes that only encrypt.

use super::*;
use crate::Error;
use crate::mechanism::{AesCtr, CamelliaCtr};

fn counter_bits(bits: usize) -> Result<CK_ULONG> {
    if !(1..=128).contains(&bits) {
        return Err(Error::invalid("counter mode takes a counter of 1 to 128 bits"));
    }
    ck_len(bits)
}

impl<'a> Pack<'a> for AesCtr {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        Ok(Packed::new(Struct::Ctr(CK_AES_CTR_PARAMS {
            ulCounterBits: counter_bits(self.counter_bits)?,
            cb: self.block,
        })))
    }
}

impl<'a> Pack<'a> for CamelliaCtr {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        Ok(Packed::new(Struct::CamelliaCtr(CK_CAMELLIA_CTR_PARAMS {
            ulCounterBits: counter_bits(self.counter_bits)?,
            cb: self.block,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::parameter::read_back::{packed, refused};

    #[test]
    fn ctr() {
        let found: CK_AES_CTR_PARAMS = packed(AesCtr::new([9; 16])).read();
        assert_eq!(({ found.ulCounterBits }, found.cb), (32, [9; 16]));
        let found: CK_CAMELLIA_CTR_PARAMS =
            packed(CamelliaCtr::new([8; 16]).counter_bits(64)).read();
        assert_eq!(({ found.ulCounterBits }, found.cb), (64, [8; 16]));
    }

    #[test]
    fn odd_counters_are_refused() {
        for bits in [0, 129] {
            refused(AesCtr::new([0; 16]).counter_bits(bits));
            refused(CamelliaCtr::new([0; 16]).counter_bits(bits));
        }
    }
}
