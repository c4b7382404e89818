//! Keys from passwords.

use super::*;
use crate::Error;
use crate::mechanism::{Pbe, Pbkdf2, Pbkdf2Prf};

fn iterations(count: usize) -> Result<CK_ULONG> {
    if count == 0 {
        return Err(Error::invalid("a key from a password takes at least one iteration"));
    }
    ck_len(count)
}

impl<'a> Pack<'a> for Pbkdf2<'a> {
    fn pack(self, quirks: Quirks) -> Result<Packed<'a>> {
        let (prf, data) = match self.prf {
            Pbkdf2Prf::Sha1 => (CKP_PKCS5_PBKD2_HMAC_SHA1, &[][..]),
            Pbkdf2Prf::GostR3411 { oid } => (CKP_PKCS5_PBKD2_HMAC_GOSTR3411, oid),
            Pbkdf2Prf::Sha224 => (CKP_PKCS5_PBKD2_HMAC_SHA224, &[][..]),
            Pbkdf2Prf::Sha256 => (CKP_PKCS5_PBKD2_HMAC_SHA256, &[][..]),
            Pbkdf2Prf::Sha384 => (CKP_PKCS5_PBKD2_HMAC_SHA384, &[][..]),
            Pbkdf2Prf::Sha512 => (CKP_PKCS5_PBKD2_HMAC_SHA512, &[][..]),
            Pbkdf2Prf::Sha512_224 => (CKP_PKCS5_PBKD2_HMAC_SHA512_224, &[][..]),
            Pbkdf2Prf::Sha512_256 => (CKP_PKCS5_PBKD2_HMAC_SHA512_256, &[][..]),
        };
        let (salt, salt_length) = bytes(self.salt)?;
        let (data, data_length) = bytes_or_null(data)?;
        let (password, password_length) = bytes(self.password)?;
        let iterations = iterations(self.iterations)?;
        if quirks.old_pbkd2 {
            let mut kept = Kept::default();
            let value = CK_PKCS5_PBKD2_PARAMS {
                saltSource: CKZ_SALT_SPECIFIED,
                pSaltSourceData: salt.cast(),
                ulSaltSourceDataLen: salt_length,
                iterations,
                prf,
                pPrfData: data.cast(),
                ulPrfDataLen: data_length,
                pPassword: password,
                ulPasswordLen: kept.keep(vec![password_length]),
            };
            return Ok(Packed::with(Struct::OldPbkdf2(value), kept));
        }
        Ok(Packed::new(Struct::Pbkdf2(CK_PKCS5_PBKD2_PARAMS2 {
            saltSource: CKZ_SALT_SPECIFIED,
            pSaltSourceData: salt.cast(),
            ulSaltSourceDataLen: salt_length,
            iterations,
            prf,
            pPrfData: data.cast(),
            ulPrfDataLen: data_length,
            pPassword: password,
            ulPasswordLen: password_length,
        })))
    }
}

impl<'a> Pack<'a> for Pbe<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let iv = match (self.iv, self.scheme.has_iv()) {
            (Some(iv), true) => iv.as_mut_ptr(),
            (None, false) => std::ptr::null_mut(),
            (None, true) => {
                return Err(Error::invalid("this scheme needs a place for 8 bytes of IV"));
            }
            (Some(_), false) => return Err(Error::invalid("this scheme makes no IV")),
        };
        let (password, password_length) = bytes(self.password)?;
        let (salt, salt_length) = bytes(self.salt)?;
        Ok(Packed::new(Struct::Pbe(CK_PBE_PARAMS {
            pInitVector: iv,
            pPassword: password,
            ulPasswordLen: password_length,
            pSalt: salt,
            ulSaltLen: salt_length,
            ulIteration: iterations(self.iterations)?,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::PbeScheme;
    use crate::raw::parameter::read_back::{behind, packed, refused, write};

    #[test]
    fn pbkdf2() {
        let packed = packed(Pbkdf2::new(Pbkdf2Prf::Sha384, b"password", b"salt", 1000));
        let found: CK_PKCS5_PBKD2_PARAMS2 = packed.read();
        assert_eq!({ found.saltSource }, CKZ_SALT_SPECIFIED);
        assert_eq!(behind::<u8>(found.pSaltSourceData.cast(), found.ulSaltSourceDataLen), b"salt");
        assert_eq!(({ found.iterations }, { found.prf }), (1000, CKP_PKCS5_PBKD2_HMAC_SHA384));
        assert!({ found.pPrfData }.is_null() && { found.ulPrfDataLen } == 0);
        assert_eq!(behind(found.pPassword, found.ulPasswordLen), b"password");
        refused(Pbkdf2::new(Pbkdf2Prf::Sha1, b"password", b"salt", 0));
    }

    #[test]
    fn some_tokens_want_a_pointer_to_the_length_of_the_password() {
        let quirks = Quirks::NONE.with_old_pbkd2(true);
        let mechanism = Pbkdf2::new(Pbkdf2Prf::Sha1, b"password", b"salt", 1000);
        let packed = mechanism.pack(quirks).unwrap();
        assert_eq!(packed.kind(), Some(Parameter::Pbkdf2));
        let found: CK_PKCS5_PBKD2_PARAMS = packed.read();
        assert_eq!({ found.saltSource }, CKZ_SALT_SPECIFIED);
        assert_eq!(behind::<u8>(found.pSaltSourceData.cast(), found.ulSaltSourceDataLen), b"salt");
        assert_eq!(({ found.iterations }, { found.prf }), (1000, CKP_PKCS5_PBKD2_HMAC_SHA1));
        assert!({ found.pPrfData }.is_null() && { found.ulPrfDataLen } == 0);
        let length = behind(found.ulPasswordLen, 1)[0];
        assert_eq!(behind(found.pPassword, length), b"password");
        assert!(Pbkdf2::new(Pbkdf2Prf::Sha1, b"", b"", 0).pack(quirks).is_err());
    }

    #[test]
    fn pbkdf2_with_gost() {
        let prf = Pbkdf2Prf::GostR3411 { oid: &[6, 1, 0] };
        let packed = packed(Pbkdf2::new(prf, b"password", b"salt", 1));
        let found: CK_PKCS5_PBKD2_PARAMS2 = packed.read();
        assert_eq!({ found.prf }, CKP_PKCS5_PBKD2_HMAC_GOSTR3411);
        assert_eq!(behind::<u8>(found.pPrfData.cast(), found.ulPrfDataLen), [6, 1, 0]);
    }

    #[test]
    fn pbe() {
        let mut iv = [0; 8];
        let packed =
            packed(Pbe::new(PbeScheme::Sha1Des3, b"password", b"salt", 9).iv(Some(&mut iv)));
        let found: CK_PBE_PARAMS = packed.read();
        assert_eq!(behind(found.pPassword, found.ulPasswordLen), b"password");
        assert_eq!(behind(found.pSalt, found.ulSaltLen), b"salt");
        assert_eq!({ found.ulIteration }, 9);
        write(found.pInitVector, &[7; 8]);
        drop(packed);
        assert_eq!(iv, [7; 8]);
    }

    #[test]
    fn an_iv_goes_with_a_cipher_that_has_one() {
        let found: CK_PBE_PARAMS = packed(Pbe::new(PbeScheme::Sha1Hmac, b"p", b"s", 1)).read();
        assert!({ found.pInitVector }.is_null());
        refused(Pbe::new(PbeScheme::Md5Des, b"p", b"s", 1));
        refused(Pbe::new(PbeScheme::Sha1Rc440, b"p", b"s", 1).iv(Some(&mut [0; 8])));
    }

    #[test]
    fn passwords_are_not_printed() {
        let shown = format!("{:?}", Pbkdf2::new(Pbkdf2Prf::Sha1, b"password", b"salt", 1));
        assert_eq!(shown, "Pbkdf2 { .. }");
    }
}
