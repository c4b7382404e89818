//! RSA.

use super::*;
use crate::mechanism::{RsaOaep, RsaPss};

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
            mgf: self.hash.mgf1(),
            sLen: ck_len(self.salt_length)?,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Hash;
    use crate::raw::parameter::read_back::{behind, packed};

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
            packed(RsaPss::new(Hash::Sha384).salt_length(20)).read();
        assert_eq!({ found.hashAlg }, CKM_SHA384);
        assert_eq!({ found.mgf }, CKG_MGF1_SHA384);
        assert_eq!({ found.sLen }, 20);
    }
}
