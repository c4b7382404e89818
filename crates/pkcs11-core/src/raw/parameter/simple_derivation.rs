//! Derivation of keys by encryption, by concatenation, by XOR, and by cutting.

use super::super::ObjectHandle;
use super::*;
use crate::mechanism::{
    AppendData, CbcEncryptData, ConcatenateKey, DerivationCipher, EcbEncryptData, ExtractKey,
    PrependData, XorData,
};
use crate::{Error, TokenObject};

/// Data that is not empty.
fn string_data(data: &[u8]) -> Result<Struct> {
    if data.is_empty() {
        return Err(Error::invalid("there is no data to derive a key with"));
    }
    let (data, length) = bytes(data)?;
    Ok(Struct::StringData(CK_KEY_DERIVATION_STRING_DATA { pData: data, ulLen: length }))
}

fn whole_blocks(data: &[u8], cipher: DerivationCipher) -> Result<()> {
    if data.is_empty() || !data.len().is_multiple_of(cipher.block_length()) {
        return Err(Error::invalid("the data is not whole blocks of the cipher"));
    }
    Ok(())
}

impl<'a> Pack<'a> for EcbEncryptData<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        whole_blocks(self.data, self.cipher)?;
        Ok(Packed::new(string_data(self.data)?))
    }
}

impl<'a> Pack<'a> for CbcEncryptData<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        fn iv<const LENGTH: usize>(iv: &[u8]) -> Result<[u8; LENGTH]> {
            iv.try_into().map_err(|_| Error::invalid("the initialisation vector is not one block"))
        }
        whole_blocks(self.data, self.cipher)?;
        let (data, length) = bytes(self.data)?;
        let value = match self.cipher {
            DerivationCipher::Aes => Struct::AesCbcData(CK_AES_CBC_ENCRYPT_DATA_PARAMS {
                iv: iv(self.iv)?,
                pData: data,
                length,
            }),
            DerivationCipher::Aria => Struct::AriaCbcData(CK_ARIA_CBC_ENCRYPT_DATA_PARAMS {
                iv: iv(self.iv)?,
                pData: data,
                length,
            }),
            DerivationCipher::Camellia => {
                Struct::CamelliaCbcData(CK_CAMELLIA_CBC_ENCRYPT_DATA_PARAMS {
                    iv: iv(self.iv)?,
                    pData: data,
                    length,
                })
            }
            DerivationCipher::Des | DerivationCipher::Des3 => {
                Struct::DesCbcData(CK_DES_CBC_ENCRYPT_DATA_PARAMS {
                    iv: iv(self.iv)?,
                    pData: data,
                    length,
                })
            }
            DerivationCipher::Seed => Struct::SeedCbcData(CK_SEED_CBC_ENCRYPT_DATA_PARAMS {
                iv: iv(self.iv)?,
                pData: data,
                length,
            }),
        };
        Ok(Packed::new(value))
    }
}

fn other_key(key: ObjectHandle) -> Packed<'static> {
    Packed::new(Struct::OtherKey(key.0))
}

impl<'a> Pack<'a> for ConcatenateKey<'a> {
    fn objects(&self) -> Objects<'_> {
        Objects::from_slice(&[self.key.object()])
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        Ok(other_key(self.key.handle()))
    }
}

macro_rules! with_data {
    ($($name:ident),*) => {$(
        impl<'a> Pack<'a> for $name<'a> {
            fn pack(self, _: Quirks) -> Result<Packed<'a>> {
                Ok(Packed::new(string_data(self.data)?))
            }
        }
    )*};
}

with_data!(AppendData, PrependData, XorData);

impl<'a> Pack<'a> for ExtractKey {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        Ok(Packed::new(Struct::FirstBit(ck_len(self.first_bit)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::parameter::read_back::{behind, packed, refused};
    use rstest::rstest;

    #[test]
    fn data() {
        let ecb = packed(EcbEncryptData::new(DerivationCipher::Des3, &[1; 24]));
        let found: CK_KEY_DERIVATION_STRING_DATA = ecb.read();
        assert_eq!(behind(found.pData, found.ulLen), [1; 24]);
        for (parameter, data) in [
            (packed(AppendData::new(b"behind")), &b"behind"[..]),
            (packed(PrependData::new(b"before")), b"before"),
            (packed(XorData::new(b"xor")), b"xor"),
        ] {
            let found: CK_KEY_DERIVATION_STRING_DATA = parameter.read();
            assert_eq!(behind(found.pData, found.ulLen), data);
        }
        refused(AppendData::new(&[]));
    }

    macro_rules! cbc {
        ($($test:ident: $cipher:ident, $raw:ident, $block:literal;)*) => {$(
            #[test]
            fn $test() {
                let (iv, data) = ([1; $block], [2; 2 * $block]);
                let packed = packed(CbcEncryptData::new(DerivationCipher::$cipher, &iv, &data));
                let found: $raw = packed.read();
                assert_eq!({ found.iv }, iv);
                assert_eq!(behind(found.pData, found.length), data);
            }
        )*};
    }

    cbc! {
        aes: Aes, CK_AES_CBC_ENCRYPT_DATA_PARAMS, 16;
        aria: Aria, CK_ARIA_CBC_ENCRYPT_DATA_PARAMS, 16;
        camellia: Camellia, CK_CAMELLIA_CBC_ENCRYPT_DATA_PARAMS, 16;
        des: Des, CK_DES_CBC_ENCRYPT_DATA_PARAMS, 8;
        des3: Des3, CK_DES_CBC_ENCRYPT_DATA_PARAMS, 8;
        seed: Seed, CK_SEED_CBC_ENCRYPT_DATA_PARAMS, 16;
    }

    #[rstest]
    #[case(16, 15)]
    #[case(16, 0)]
    #[case(8, 16)]
    fn odd_blocks_are_refused(#[case] iv: usize, #[case] data: usize) {
        let (iv, data) = (vec![0; iv], vec![0; data]);
        refused(CbcEncryptData::new(DerivationCipher::Aes, &iv, &data));
    }

    #[test]
    fn numbers() {
        assert_eq!(other_key(ObjectHandle(7)).read::<CK_OBJECT_HANDLE>(), 7);
        assert_eq!(packed(ExtractKey::new(21)).read::<CK_EXTRACT_PARAMS>(), 21);
    }

    #[test]
    fn data_is_not_shown() {
        assert_eq!(format!("{:?}", XorData::new(b"secret")), "XorData { .. }");
    }
}
