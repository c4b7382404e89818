//! RSA.

use super::*;
use crate::Error;
use crate::mechanism::{RsaAesKeyWrap, RsaOaep, RsaPss, RsaPssDigest};

impl<'a> RsaOaep<'a> {
    /// The struct by itself, which stands in others too.
    pub(super) fn ck(self) -> Result<CK_RSA_PKCS_OAEP_PARAMS> {
        let (label, length) = bytes_or_null(self.label)?;
        Ok(CK_RSA_PKCS_OAEP_PARAMS {
            hashAlg: self.hash.mechanism().number(),
            mgf: self.mgf.mgf1(),
            source: CKZ_DATA_SPECIFIED,
            pSourceData: label.cast(),
            ulSourceDataLen: length,
        })
    }
}

impl<'a> Pack<'a> for RsaOaep<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        Ok(Packed::new(Struct::Oaep(self.ck()?)))
    }
}

impl<'a> Pack<'a> for RsaPss {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        Ok(Packed::new(Struct::Pss(CK_RSA_PKCS_PSS_PARAMS {
            hashAlg: self.hash.mechanism().number(),
            mgf: self.mgf.mgf1(),
            sLen: ck_len(self.salt_length)?,
        })))
    }
}

impl<'a> Pack<'a> for RsaPssDigest {
    fn pack(self, quirks: Quirks) -> Result<Packed<'a>> {
        self.0.pack(quirks)
    }
}

/// The length of an AES key as the standard's structs give it.
pub(super) fn aes_bits(bits: usize) -> Result<CK_ULONG> {
    if matches!(bits, 128 | 192 | 256) {
        return ck_len(bits);
    }
    Err(Error::invalid(format!("an AES key has 128, 192 or 256 bits, not {bits}")))
}

impl<'a> Pack<'a> for RsaAesKeyWrap<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let mut kept = Kept::default();
        let value = CK_RSA_AES_KEY_WRAP_PARAMS {
            ulAESKeyBits: aes_bits(self.aes_bits)?,
            pOAEPParams: kept.keep(vec![self.oaep.ck()?]),
        };
        Ok(Packed::with(Struct::RsaAesKeyWrap(value), kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Hash;
    use crate::raw::parameter::read_back::{behind, packed, refused};

    #[test]
    fn oaep() {
        let packed = packed(RsaOaep::new(Hash::Sha256).label(b"label"));
        let found: CK_RSA_PKCS_OAEP_PARAMS = packed.read();
        assert_eq!({ found.hashAlg }, CKM_SHA256);
        assert_eq!({ found.mgf }, CKG_MGF1_SHA256);
        assert_eq!({ found.source }, CKZ_DATA_SPECIFIED);
        assert_eq!(behind(found.pSourceData.cast::<u8>(), found.ulSourceDataLen), b"label");
    }

    #[test]
    fn pss() {
        let found: CK_RSA_PKCS_PSS_PARAMS =
            packed(RsaPss::new(Hash::Sha384).mgf(Hash::Sha3_256).salt_length(20)).read();
        assert_eq!({ found.hashAlg }, CKM_SHA384);
        assert_eq!({ found.mgf }, CKG_MGF1_SHA3_256);
        assert_eq!({ found.sLen }, 20);
    }

    #[test]
    fn pss_of_a_digest() {
        let packed = packed(RsaPssDigest(RsaPss::new(Hash::Sha3_512).mgf(Hash::Sha1)));
        let found: CK_RSA_PKCS_PSS_PARAMS = packed.read();
        assert_eq!({ found.hashAlg }, CKM_SHA3_512);
        assert_eq!({ found.mgf }, CKG_MGF1_SHA1);
        assert_eq!({ found.sLen }, 64);
    }

    #[test]
    fn aes_key_wrap() {
        let oaep = RsaOaep::new(Hash::Sha256).mgf(Hash::Sha1).label(b"l");
        let packed = packed(RsaAesKeyWrap::new(192, oaep));
        let found: CK_RSA_AES_KEY_WRAP_PARAMS = packed.read();
        assert_eq!({ found.ulAESKeyBits }, 192);
        let [inner] = behind(found.pOAEPParams, 1)[..] else { panic!() };
        assert_eq!({ inner.hashAlg }, CKM_SHA256);
        assert_eq!({ inner.mgf }, CKG_MGF1_SHA1);
        assert_eq!({ inner.source }, CKZ_DATA_SPECIFIED);
        assert_eq!(behind(inner.pSourceData.cast::<u8>(), inner.ulSourceDataLen), b"l");
        refused(RsaAesKeyWrap::new(160, oaep));
    }
}
