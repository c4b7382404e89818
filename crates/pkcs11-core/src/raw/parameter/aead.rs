//! Encryption that also authenticates.

use super::*;
use crate::Error;
use crate::mechanism::AesGcm;

/// The lengths of a GCM tag (NIST SP 800-38D §5.2.1.2).
const GCM_TAG_BITS: [usize; 7] = [32, 64, 96, 104, 112, 120, 128];

impl<'a> Pack<'a> for AesGcm<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        if self.nonce.is_empty() || !GCM_TAG_BITS.contains(&self.tag_bits) {
            return Err(Error::invalid(
                "CKM_AES_GCM takes a nonce, and a tag of 32, 64, or 96 to 128 bits in whole bytes",
            ));
        }
        let (aad, aad_length) = bytes(self.aad)?;
        let parameter = CK_GCM_PARAMS {
            pIv: std::ptr::null_mut(),
            ulIvLen: ck_len(self.nonce.len())?,
            ulIvBits: ck_len(self.nonce.len().saturating_mul(8))?,
            pAAD: aad,
            ulAADLen: aad_length,
            ulTagBits: ck_len(self.tag_bits)?,
        };
        Ok(Packed::of(Value::Gcm(parameter, self.nonce)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::parameter::read_back::{behind, packed, refused};

    #[test]
    fn gcm() {
        let packed = packed(AesGcm::new(&[7; 12]).aad(b"aad").tag_bits(96));
        let mut call = packed.for_call();
        let found: CK_GCM_PARAMS = call.read();
        assert_eq!(behind(found.pIv, found.ulIvLen), [7; 12]);
        assert_eq!(({ found.ulIvBits }, { found.ulTagBits }), (96, 96));
        assert_eq!(behind(found.pAAD, found.ulAADLen), b"aad");
    }

    #[test]
    fn odd_tags_and_no_nonce_are_refused() {
        refused(AesGcm::new(&[7; 12]).tag_bits(100));
        refused(AesGcm::new(&[]));
    }
}
