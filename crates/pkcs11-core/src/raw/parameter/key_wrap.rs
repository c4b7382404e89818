//! AES key wrap.

use super::*;
use crate::mechanism::{AesKeyWrap, AesKeyWrapKwp, AesKeyWrapPad, AesKeyWrapPkcs7};

macro_rules! optional_iv {
    ($($name:ident),*) => {$(
        impl<'a> Pack<'a> for $name<'a> {
            fn pack(self, _: Quirks) -> Result<Packed<'a>> {
                Ok(self.iv.map_or_else(Packed::nothing, |iv| Packed::bytes(iv)))
            }
        }
    )*};
}

optional_iv!(AesKeyWrap, AesKeyWrapKwp, AesKeyWrapPad, AesKeyWrapPkcs7);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::parameter::read_back::packed;

    #[test]
    fn initial_values() {
        assert_eq!(packed(AesKeyWrap::new().iv(Some(&[1; 8]))).as_bytes(), Some(&[1; 8][..]));
        assert_eq!(packed(AesKeyWrapKwp::new().iv(Some(&[2; 4]))).as_bytes(), Some(&[2; 4][..]));
        let pkcs7 = AesKeyWrapPkcs7::new().iv(Some(&[3; 8]));
        assert_eq!(packed(pkcs7).as_bytes(), Some(&[3; 8][..]));
        assert_eq!(packed(AesKeyWrapPad::new().iv(Some(&[4; 8]))).as_bytes(), Some(&[4; 8][..]));
    }

    #[test]
    fn the_standards_initial_value_is_no_parameter() {
        assert_eq!(packed(AesKeyWrap::new()).kind(), Some(Parameter::Nothing));
        assert_eq!(packed(AesKeyWrapKwp::new()).kind(), Some(Parameter::Nothing));
    }
}
