//! Block ciphers in the modes that only encrypt.

use super::*;
use crate::Error;
use crate::mechanism::AesCtr;

impl<'a> Pack<'a> for AesCtr {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        if !(1..=128).contains(&self.counter_bits) {
            return Err(Error::invalid("CKM_AES_CTR takes a counter of 1 to 128 bits"));
        }
        Ok(Packed::new(Struct::Ctr(CK_AES_CTR_PARAMS {
            ulCounterBits: ck_len(self.counter_bits)?,
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
        refused(AesCtr::new([0; 16]).counter_bits(129));
    }
}
