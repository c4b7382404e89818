//! Signatures on curves.

use super::*;
use crate::Error;
use crate::mechanism::EdDsa;

impl<'a> Pack<'a> for EdDsa<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        if !self.prehash && self.context.is_none() {
            return Ok(Packed::NOTHING);
        }
        let context = self.context.unwrap_or(&[]);
        if context.len() > 255 {
            return Err(Error::invalid("CKM_EDDSA takes a context of at most 255 bytes"));
        }
        let (context, length) = bytes(context)?;
        Ok(Packed::new(Struct::EdDsa(CK_EDDSA_PARAMS {
            phFlag: self.prehash.into(),
            ulContextDataLen: length,
            pContextData: context,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::parameter::read_back::{behind, packed, refused};

    #[test]
    fn eddsa() {
        let packed = packed(EdDsa::new().context(b"c").prehashed());
        let found: CK_EDDSA_PARAMS = packed.read();
        assert_eq!(found.phFlag, 1);
        assert_eq!(behind(found.pContextData, found.ulContextDataLen), b"c");
        refused(EdDsa::new().context(&[0; 256]));
    }

    #[test]
    fn plain_eddsa_has_no_parameter() {
        assert_eq!(packed(EdDsa::new()).kind(), Some(Parameter::Nothing));
    }
}
