//! Stream ciphers.

use super::*;
use crate::Error;
use crate::mechanism::{ChaCha20, Salsa20};

/// The bits of a nonce whose length in bytes is one of these.
fn nonce_bits(nonce: &[u8], lengths: &[usize]) -> Result<CK_ULONG> {
    if !lengths.contains(&nonce.len()) {
        return Err(Error::invalid("the nonce has a length that the cipher does not take"));
    }
    ck_len(nonce.len().saturating_mul(8))
}

impl<'a> Pack<'a> for ChaCha20<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let nonce_bits = nonce_bits(self.nonce, &[8, 12, 24])?;
        // Little-endian, as it stands in the cipher's state (RFC 8439 §2.3).
        let counter = if self.nonce.len() == 12 {
            let block = u32::try_from(self.block);
            let block = block.map_err(|_| {
                Error::invalid("with a nonce of 12 bytes, ChaCha20 counts blocks in 32 bits")
            })?;
            block.to_le_bytes().to_vec()
        } else {
            self.block.to_le_bytes().to_vec()
        };
        let mut kept = Kept::default();
        let value = CK_CHACHA20_PARAMS {
            blockCounterBits: ck_len(counter.len().saturating_mul(8))?,
            pBlockCounter: kept.keep(counter),
            pNonce: input(self.nonce),
            ulNonceBits: nonce_bits,
        };
        Ok(Packed::with(Struct::ChaCha20(value), kept))
    }
}

impl<'a> Pack<'a> for Salsa20<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let nonce_bits = nonce_bits(self.nonce, &[8, 24])?;
        let mut kept = Kept::default();
        let value = CK_SALSA20_PARAMS {
            pBlockCounter: kept.keep(self.block.to_le_bytes().to_vec()),
            pNonce: input(self.nonce),
            ulNonceBits: nonce_bits,
        };
        Ok(Packed::with(Struct::Salsa20(value), kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::parameter::read_back::{behind, packed, refused};

    #[test]
    fn chacha20() {
        let packed_ietf = packed(ChaCha20::new(&[7; 12]).block(0x0102));
        let found: CK_CHACHA20_PARAMS = packed_ietf.read();
        assert_eq!(({ found.blockCounterBits }, { found.ulNonceBits }), (32, 96));
        assert_eq!(behind(found.pBlockCounter, 4), [2, 1, 0, 0]);
        assert_eq!(behind(found.pNonce, 12), [7; 12]);

        let packed = packed(ChaCha20::new(&[7; 24]).block(0x0102 << 32));
        let found: CK_CHACHA20_PARAMS = packed.read();
        assert_eq!(({ found.blockCounterBits }, { found.ulNonceBits }), (64, 192));
        assert_eq!(behind(found.pBlockCounter, 8), [0, 0, 0, 0, 2, 1, 0, 0]);
        assert_eq!(behind(found.pNonce, 24), [7; 24]);
    }

    #[test]
    fn salsa20() {
        let packed = packed(Salsa20::new(&[7; 8]).block(3));
        let found: CK_SALSA20_PARAMS = packed.read();
        assert_eq!({ found.ulNonceBits }, 64);
        assert_eq!(behind(found.pBlockCounter, 8), [3, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(behind(found.pNonce, 8), [7; 8]);
    }

    #[test]
    fn odd_nonces_and_counters_are_refused() {
        refused(ChaCha20::new(&[7; 16]));
        refused(ChaCha20::new(&[7; 12]).block(1 << 32));
        refused(Salsa20::new(&[7; 12]));
    }
}
