//! Key agreement.

use super::*;
use crate::Error;
use crate::defaults::PointForm;
use crate::mechanism::Ecdh1;

/// The other party's point, in the form that the token wants.
fn point(point: &[u8], form: PointForm, kept: &mut Kept) -> Result<(*mut u8, CK_ULONG)> {
    if point.is_empty() {
        return Err(Error::invalid("the other party's point is missing"));
    }
    match form {
        PointForm::Raw => bytes(point),
        PointForm::OctetString => {
            let encoded = form.encode(point)?;
            let length = ck_len(encoded.len())?;
            Ok((kept.keep(encoded), length))
        }
    }
}

impl<'a> Pack<'a> for Ecdh1<'a> {
    fn pack(self, quirks: Quirks) -> Result<Packed<'a>> {
        let mut kept = Kept::default();
        let (public, public_length) = point(self.point, quirks.ecdh_point, &mut kept)?;
        // CKD_NULL takes no shared data, and NULL says so.
        let (shared, shared_length) = bytes_or_null(self.shared)?;
        let value = CK_ECDH1_DERIVE_PARAMS {
            kdf: self.kdf.number(),
            ulSharedDataLen: shared_length,
            pSharedData: shared,
            ulPublicDataLen: public_length,
            pPublicData: public,
        };
        Ok(Packed::with(Struct::Ecdh1(value), kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Hash;
    use crate::mechanism::Kdf;
    use crate::raw::parameter::read_back::{behind, packed, refused};

    #[test]
    fn ecdh1() {
        let packed = packed(Ecdh1::new(&[4; 65]).kdf(Kdf::X963(Hash::Sha256), b"info"));
        let found: CK_ECDH1_DERIVE_PARAMS = packed.read();
        assert_eq!({ found.kdf }, CKD_SHA256_KDF);
        assert_eq!(behind(found.pSharedData, found.ulSharedDataLen), b"info");
        assert_eq!(behind(found.pPublicData, found.ulPublicDataLen), [4; 65]);
        refused(Ecdh1::new(&[]));
    }

    #[test]
    fn points_in_der_are_kept() {
        let mut kept = Kept::default();
        let (place, length) = point(&[4; 65], PointForm::OctetString, &mut kept).unwrap();
        assert_eq!(behind(place, length), [&[4, 65][..], &[4; 65]].concat());
    }
}
