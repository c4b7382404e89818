//! GOST.

use super::*;
use crate::mechanism::{Gostr3410Derive, Gostr3410KeyWrap};
use crate::raw::ObjectHandle;
use crate::{Error, Kdf, TokenObject};

impl<'a> Pack<'a> for Gostr3410Derive<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        if !matches!(self.kdf, Kdf::NULL | Kdf::CPDIVERSIFY_KDF) {
            let what = "CKM_GOSTR3410_DERIVE takes CKD_NULL or CKD_CPDIVERSIFY_KDF";
            return Err(Error::invalid(what));
        }
        let (public, public_length) = bytes(self.public_value)?;
        let (ukm, ukm_length) = bytes(self.ukm)?;
        Ok(Packed::new(Struct::GostDerive(CK_GOSTR3410_DERIVE_PARAMS {
            kdf: self.kdf.number(),
            pPublicData: public,
            ulPublicDataLen: public_length,
            pUKM: ukm,
            ulUKMLen: ukm_length,
        })))
    }
}

impl<'a> Pack<'a> for Gostr3410KeyWrap<'a> {
    fn objects(&self) -> Objects<'_> {
        self.key.iter().map(|key| key.object()).collect()
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        key_wrap(self.oid, self.ukm, self.key.map(TokenObject::handle))
    }
}

fn key_wrap<'a>(
    oid: &'a [u8],
    ukm: Option<&'a [u8; 8]>,
    key: Option<ObjectHandle>,
) -> Result<Packed<'a>> {
    let (oid, oid_length) = bytes_or_null(oid)?;
    let (ukm, ukm_length) = bytes_or_null(ukm.map_or(&[], |ukm| &ukm[..]))?;
    Ok(Packed::new(Struct::GostKeyWrap(CK_GOSTR3410_KEY_WRAP_PARAMS {
        pWrapOID: oid,
        ulWrapOIDLen: oid_length,
        pUKM: ukm,
        ulUKMLen: ukm_length,
        hKey: key.map_or(CK_INVALID_HANDLE, |key| key.0),
    })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::parameter::read_back::{behind, packed, refused};

    #[test]
    fn derive() {
        let (public, ukm) = ([3; 64], [8; 8]);
        let derive = Gostr3410Derive::new(&public, &ukm);
        let packed = packed(derive.kdf(Kdf::CPDIVERSIFY_KDF));
        let found: CK_GOSTR3410_DERIVE_PARAMS = packed.read();
        assert_eq!({ found.kdf }, CKD_CPDIVERSIFY_KDF);
        assert_eq!(behind(found.pPublicData, found.ulPublicDataLen), public);
        assert_eq!(behind(found.pUKM, found.ulUKMLen), ukm);
        refused(derive.kdf(Kdf::SHA1_KDF));
    }

    #[test]
    fn wrap() {
        let packed = key_wrap(b"oid", Some(&[8; 8]), Some(ObjectHandle(7))).unwrap();
        let found: CK_GOSTR3410_KEY_WRAP_PARAMS = packed.read();
        assert_eq!(behind(found.pWrapOID, found.ulWrapOIDLen), b"oid");
        assert_eq!(behind(found.pUKM, found.ulUKMLen), [8; 8]);
        assert_eq!({ found.hKey }, 7);
    }

    #[test]
    fn wrap_without_anything() {
        let found: CK_GOSTR3410_KEY_WRAP_PARAMS = packed(Gostr3410KeyWrap::new()).read();
        assert!({ found.pWrapOID }.is_null());
        assert!({ found.pUKM }.is_null());
        assert_eq!(({ found.ulWrapOIDLen }, { found.ulUKMLen }), (0, 0));
        assert_eq!({ found.hKey }, CK_INVALID_HANDLE);
    }
}
