//! Key agreement.

use super::rsa::aes_bits;
use super::*;
use crate::defaults::PointForm;
use crate::mechanism::{
    EcMqv, Ecdh1, Ecdh2, EcdhAesKeyWrap, EcdhKem, X942Dh, X942DhHybrid, X942Mqv,
};
use crate::raw::ObjectHandle;
use crate::{Error, Kdf, TokenObject};

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

/// The data that both parties feed to the KDF. `CKD_NULL` takes none, and NULL says so.
fn shared(kdf: Kdf, shared: &[u8]) -> Result<(*mut u8, CK_ULONG)> {
    match (kdf, shared) {
        (Kdf::NULL, [_, ..]) => Err(Error::invalid("CKD_NULL takes no shared data")),
        (Kdf::SHA1_KDF_ASN1, []) => Err(Error::invalid("CKD_SHA1_KDF_ASN1 needs shared data")),
        _ => bytes_or_null(shared),
    }
}

/// A public value of Diffie-Hellman.
fn public(value: &[u8]) -> Result<(*mut u8, CK_ULONG)> {
    if value.is_empty() {
        return Err(Error::invalid("the other party's public value is missing"));
    }
    bytes(value)
}

impl<'a> Pack<'a> for Ecdh1<'a> {
    fn pack(self, quirks: Quirks) -> Result<Packed<'a>> {
        let mut kept = Kept::default();
        let (public, public_length) = point(self.point, quirks.ecdh_point, &mut kept)?;
        let (shared, shared_length) = shared(self.kdf, self.shared)?;
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

impl<'a> Pack<'a> for EcdhKem<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let (shared, shared_length) = shared(self.kdf, self.shared)?;
        Ok(Packed::new(Struct::Ecdh1(CK_ECDH1_DERIVE_PARAMS {
            kdf: self.kdf.number(),
            ulSharedDataLen: shared_length,
            pSharedData: shared,
            ulPublicDataLen: 0,
            pPublicData: std::ptr::null_mut(),
        })))
    }
}

impl<'a> Pack<'a> for Ecdh2<'a> {
    fn objects(&self) -> Objects<'_> {
        Objects::from_slice(&[self.second_key.object()])
    }

    fn pack(self, quirks: Quirks) -> Result<Packed<'a>> {
        let keys = (self.second_key.handle(), self.second_key_length);
        ecdh2(self.kdf, self.shared, [self.point, self.second_point], keys, quirks)
    }
}

fn ecdh2<'a>(
    kdf: Kdf,
    data: &'a [u8],
    points: [&'a [u8]; 2],
    (key, key_length): (ObjectHandle, usize),
    quirks: Quirks,
) -> Result<Packed<'a>> {
    let mut kept = Kept::default();
    let (first, first_length) = point(points[0], quirks.ecdh_point, &mut kept)?;
    let (second, second_length) = point(points[1], quirks.ecdh_point, &mut kept)?;
    let (shared, shared_length) = shared(kdf, data)?;
    let value = CK_ECDH2_DERIVE_PARAMS {
        kdf: kdf.number(),
        ulSharedDataLen: shared_length,
        pSharedData: shared,
        ulPublicDataLen: first_length,
        pPublicData: first,
        ulPrivateDataLen: ck_len(key_length)?,
        hPrivateData: key.0,
        ulPublicDataLen2: second_length,
        pPublicData2: second,
    };
    Ok(Packed::with(Struct::Ecdh2(value), kept))
}

impl<'a> Pack<'a> for EcMqv<'a> {
    fn objects(&self) -> Objects<'_> {
        Objects::from_slice(&[self.second_key.object(), self.ephemeral.object()])
    }

    fn pack(self, quirks: Quirks) -> Result<Packed<'a>> {
        let keys = (self.second_key.handle(), self.second_key_length, self.ephemeral.handle());
        ec_mqv(self.kdf, self.shared, [self.point, self.second_point], keys, quirks)
    }
}

fn ec_mqv<'a>(
    kdf: Kdf,
    data: &'a [u8],
    points: [&'a [u8]; 2],
    (key, key_length, ephemeral): (ObjectHandle, usize, ObjectHandle),
    quirks: Quirks,
) -> Result<Packed<'a>> {
    let mut kept = Kept::default();
    let (first, first_length) = point(points[0], quirks.ecdh_point, &mut kept)?;
    let (second, second_length) = point(points[1], quirks.ecdh_point, &mut kept)?;
    let (shared, shared_length) = shared(kdf, data)?;
    let value = CK_ECMQV_DERIVE_PARAMS {
        kdf: kdf.number(),
        ulSharedDataLen: shared_length,
        pSharedData: shared,
        ulPublicDataLen: first_length,
        pPublicData: first,
        ulPrivateDataLen: ck_len(key_length)?,
        hPrivateData: key.0,
        ulPublicDataLen2: second_length,
        pPublicData2: second,
        publicKey: ephemeral.0,
    };
    Ok(Packed::with(Struct::EcMqv(value), kept))
}

impl<'a> Pack<'a> for EcdhAesKeyWrap<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let (shared, shared_length) = shared(self.kdf, self.shared)?;
        Ok(Packed::new(Struct::EcdhAesKeyWrap(CK_ECDH_AES_KEY_WRAP_PARAMS {
            ulAESKeyBits: aes_bits(self.aes_bits)?,
            kdf: self.kdf.number(),
            ulSharedDataLen: shared_length,
            pSharedData: shared,
        })))
    }
}

impl<'a> Pack<'a> for X942Dh<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let (info, info_length) = shared(self.kdf, self.other_info)?;
        let (public, public_length) = bytes_or_null(self.public_value)?;
        Ok(Packed::new(Struct::X942Dh1(CK_X9_42_DH1_DERIVE_PARAMS {
            kdf: self.kdf.number(),
            ulOtherInfoLen: info_length,
            pOtherInfo: info,
            ulPublicDataLen: public_length,
            pPublicData: public,
        })))
    }
}

impl<'a> Pack<'a> for X942DhHybrid<'a> {
    fn objects(&self) -> Objects<'_> {
        Objects::from_slice(&[self.second_key.object()])
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let keys = (self.second_key.handle(), self.second_key_length);
        x942_dh2(self.kdf, self.other_info, [self.public_value, self.second_public_value], keys)
    }
}

fn x942_dh2<'a>(
    kdf: Kdf,
    other_info: &'a [u8],
    values: [&'a [u8]; 2],
    (key, key_length): (ObjectHandle, usize),
) -> Result<Packed<'a>> {
    let (info, info_length) = shared(kdf, other_info)?;
    let (first, first_length) = public(values[0])?;
    let (second, second_length) = public(values[1])?;
    Ok(Packed::new(Struct::X942Dh2(CK_X9_42_DH2_DERIVE_PARAMS {
        kdf: kdf.number(),
        ulOtherInfoLen: info_length,
        pOtherInfo: info,
        ulPublicDataLen: first_length,
        pPublicData: first,
        ulPrivateDataLen: ck_len(key_length)?,
        hPrivateData: key.0,
        ulPublicDataLen2: second_length,
        pPublicData2: second,
    })))
}

impl<'a> Pack<'a> for X942Mqv<'a> {
    fn objects(&self) -> Objects<'_> {
        Objects::from_slice(&[self.second_key.object(), self.ephemeral.object()])
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let keys = (self.second_key.handle(), self.second_key_length, self.ephemeral.handle());
        x942_mqv(self.kdf, self.other_info, [self.public_value, self.second_public_value], keys)
    }
}

fn x942_mqv<'a>(
    kdf: Kdf,
    other_info: &'a [u8],
    values: [&'a [u8]; 2],
    (key, key_length, ephemeral): (ObjectHandle, usize, ObjectHandle),
) -> Result<Packed<'a>> {
    let (info, info_length) = shared(kdf, other_info)?;
    let (first, first_length) = public(values[0])?;
    let (second, second_length) = public(values[1])?;
    Ok(Packed::new(Struct::X942Mqv(CK_X9_42_MQV_DERIVE_PARAMS {
        kdf: kdf.number(),
        ulOtherInfoLen: info_length,
        pOtherInfo: info,
        ulPublicDataLen: first_length,
        pPublicData: first,
        ulPrivateDataLen: ck_len(key_length)?,
        hPrivateData: key.0,
        ulPublicDataLen2: second_length,
        pPublicData2: second,
        publicKey: ephemeral.0,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::EcdhWrap;
    use crate::raw::parameter::read_back::{behind, packed, refused};

    #[test]
    fn ecdh1() {
        let packed = packed(Ecdh1::new(&[4; 65]).kdf(Kdf::SHA256_KDF, b"info"));
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

    #[test]
    fn ecdh_kem() {
        let packed = packed(EcdhKem::new().kdf(Kdf::SHA384_KDF).shared(b"info").cofactor(true));
        let found: CK_ECDH1_DERIVE_PARAMS = packed.read();
        assert_eq!({ found.kdf }, CKD_SHA384_KDF);
        assert_eq!(behind(found.pSharedData, found.ulSharedDataLen), b"info");
        assert!({ found.pPublicData }.is_null());
        assert_eq!({ found.ulPublicDataLen }, 0);
        refused(EcdhKem::new().shared(b"info"));
    }

    #[test]
    fn ecdh2_and_mqv() {
        let points: [&[u8]; 2] = [&[4; 65], &[5; 67]];
        let (kdf, key, none) = (Kdf::SHA512_KDF, ObjectHandle(7), Quirks::NONE);
        let packed = ecdh2(kdf, b"info", points, (key, 32), none).unwrap();
        let found: CK_ECDH2_DERIVE_PARAMS = packed.read();
        assert_eq!({ found.kdf }, CKD_SHA512_KDF);
        assert_eq!(behind(found.pSharedData, found.ulSharedDataLen), b"info");
        assert_eq!(behind(found.pPublicData, found.ulPublicDataLen), [4; 65]);
        assert_eq!(({ found.ulPrivateDataLen }, { found.hPrivateData }), (32, 7));
        assert_eq!(behind(found.pPublicData2, found.ulPublicDataLen2), [5; 67]);
        let packed = ec_mqv(kdf, b"info", points, (key, 32, ObjectHandle(8)), none).unwrap();
        let found: CK_ECMQV_DERIVE_PARAMS = packed.read();
        assert_eq!({ found.kdf }, CKD_SHA512_KDF);
        assert_eq!(behind(found.pSharedData, found.ulSharedDataLen), b"info");
        assert_eq!(behind(found.pPublicData, found.ulPublicDataLen), [4; 65]);
        assert_eq!(({ found.ulPrivateDataLen }, { found.hPrivateData }), (32, 7));
        assert_eq!(behind(found.pPublicData2, found.ulPublicDataLen2), [5; 67]);
        assert_eq!({ found.publicKey }, 8);
        assert!(ec_mqv(kdf, b"", [&[4; 65], &[]], (key, 32, key), none).is_err());
    }

    #[test]
    fn ecdh_aes_key_wrap() {
        let wrap = EcdhAesKeyWrap::new(EcdhWrap::Cofactor, 256, Kdf::SHA256_KDF);
        let packed = packed(wrap.shared(b"info"));
        let found: CK_ECDH_AES_KEY_WRAP_PARAMS = packed.read();
        assert_eq!(({ found.ulAESKeyBits }, { found.kdf }), (256, CKD_SHA256_KDF));
        assert_eq!(behind(found.pSharedData, found.ulSharedDataLen), b"info");
        refused(EcdhAesKeyWrap::new(EcdhWrap::Cofactor, 32, Kdf::SHA256_KDF));
    }

    #[test]
    fn x942() {
        let kdf = Kdf::SHA1_KDF_ASN1;
        let packed = packed(X942Dh::new(&[1; 128]).kdf(kdf).other_info(b"info"));
        let found: CK_X9_42_DH1_DERIVE_PARAMS = packed.read();
        assert_eq!({ found.kdf }, CKD_SHA1_KDF_ASN1);
        assert_eq!(behind(found.pOtherInfo, found.ulOtherInfoLen), b"info");
        assert_eq!(behind(found.pPublicData, found.ulPublicDataLen), [1; 128]);
        refused(X942Dh::new(&[1; 128]).kdf(kdf));
    }

    #[test]
    fn x942_with_two_pairs() {
        let (kdf, key) = (Kdf::SHA1_KDF_CONCATENATE, ObjectHandle(7));
        let values: [&[u8]; 2] = [&[1; 128], &[2; 127]];
        let packed = x942_dh2(kdf, b"info", values, (key, 20)).unwrap();
        let found: CK_X9_42_DH2_DERIVE_PARAMS = packed.read();
        assert_eq!({ found.kdf }, CKD_SHA1_KDF_CONCATENATE);
        assert_eq!(behind(found.pOtherInfo, found.ulOtherInfoLen), b"info");
        assert_eq!(behind(found.pPublicData, found.ulPublicDataLen), [1; 128]);
        assert_eq!(({ found.ulPrivateDataLen }, { found.hPrivateData }), (20, 7));
        assert_eq!(behind(found.pPublicData2, found.ulPublicDataLen2), [2; 127]);
        let packed = x942_mqv(kdf, b"info", values, (key, 20, ObjectHandle(8))).unwrap();
        let found: CK_X9_42_MQV_DERIVE_PARAMS = packed.read();
        assert_eq!({ found.kdf }, CKD_SHA1_KDF_CONCATENATE);
        assert_eq!(behind(found.pOtherInfo, found.ulOtherInfoLen), b"info");
        assert_eq!(behind(found.pPublicData, found.ulPublicDataLen), [1; 128]);
        assert_eq!(({ found.ulPrivateDataLen }, { found.hPrivateData }), (20, 7));
        assert_eq!(behind(found.pPublicData2, found.ulPublicDataLen2), [2; 127]);
        assert_eq!({ found.publicKey }, 8);
        assert!(x942_dh2(kdf, b"", [&[], &[2]], (key, 20)).is_err());
    }
}
