//! Encryption that also authenticates.

use super::*;
use crate::Error;
use crate::mechanism::{
    AesCcm, AesCcmMessage, AesCcmWrap, AesGcm, AesGcmMessage, AesGcmWrap, AesGmac,
    ChaCha20Poly1305, ChaCha20Poly1305Message, Salsa20Poly1305, Salsa20Poly1305Message,
};

/// The lengths of a GCM tag (NIST SP 800-38D §5.2.1.2).
const GCM_TAG_BITS: [usize; 7] = [32, 64, 96, 104, 112, 120, 128];

/// The lengths of a CCM MAC in bytes (RFC 3610 §2).
const CCM_MAC_LENGTHS: [usize; 7] = [4, 6, 8, 10, 12, 14, 16];

/// The length of a tag in bits, for a nonce that is there.
fn gcm(nonce: &[u8], tag_bits: usize) -> Result<CK_ULONG> {
    if nonce.is_empty() || !GCM_TAG_BITS.contains(&tag_bits) {
        return Err(Error::invalid(
            "GCM takes a nonce, and a tag of 32, 64, or 96 to 128 bits in whole bytes",
        ));
    }
    ck_len(tag_bits)
}

/// The length of a MAC in bytes, for a nonce that leaves room for the length of the data.
fn ccm(nonce: &[u8], data_length: usize, mac_length: usize) -> Result<CK_ULONG> {
    if !(7..=13).contains(&nonce.len()) || !CCM_MAC_LENGTHS.contains(&mac_length) {
        return Err(Error::invalid(
            "CCM takes a nonce of 7 to 13 bytes, and a MAC of 4 to 16 bytes, an even number",
        ));
    }
    // The nonce and the data's length share 15 bytes.
    let length_bits = (15_usize.saturating_sub(nonce.len())).saturating_mul(8);
    let limit = u32::try_from(length_bits).ok().and_then(|bits| 1_usize.checked_shl(bits));
    if limit.is_some_and(|limit| data_length >= limit) {
        return Err(Error::invalid("the data is too long for a CCM nonce of this length"));
    }
    ck_len(mac_length)
}

/// How much of a nonce is the caller's, in bits.
fn fixed_bits(nonce: &[u8], bits: usize) -> Result<CK_ULONG> {
    if bits > nonce.len().saturating_mul(8) {
        return Err(Error::invalid("more bits of the nonce are fixed than it has"));
    }
    ck_len(bits)
}

/// The parameter of GCM in the drafts after PKCS#11 2.20, which some modules have kept.
#[derive(Clone, Copy)]
#[cfg_attr(not(windows), repr(C))]
#[cfg_attr(windows, repr(C, packed))]
#[allow(non_camel_case_types, non_snake_case, reason = "the names are those of the standard")]
pub(in crate::raw) struct CK_GCM_PARAMS_2_20 {
    pub(super) pIv: CK_BYTE_PTR,
    ulIvLen: CK_ULONG,
    pAAD: CK_BYTE_PTR,
    ulAADLen: CK_ULONG,
    ulTagBits: CK_ULONG,
}

/// The parameter of GCM, in the form that the token knows, with a copy of the nonce for each call.
fn one_shot<'a>(
    nonce: &'a [u8],
    aad: &'a [u8],
    tag_bits: usize,
    quirks: Quirks,
) -> Result<Packed<'a>> {
    let tag_bits = gcm(nonce, tag_bits)?;
    let iv_length = ck_len(nonce.len())?;
    let (aad, aad_length) = bytes(aad)?;
    let parameter = if quirks.short_gcm {
        Struct::GcmOf220(CK_GCM_PARAMS_2_20 {
            pIv: std::ptr::null_mut(),
            ulIvLen: iv_length,
            pAAD: aad,
            ulAADLen: aad_length,
            ulTagBits: tag_bits,
        })
    } else {
        Struct::Gcm(CK_GCM_PARAMS {
            pIv: std::ptr::null_mut(),
            ulIvLen: iv_length,
            ulIvBits: ck_len(nonce.len().saturating_mul(8))?,
            pAAD: aad,
            ulAADLen: aad_length,
            ulTagBits: tag_bits,
        })
    };
    Ok(Packed::of(Value::Gcm(parameter, nonce)))
}

impl<'a> Pack<'a> for AesGcm<'a> {
    fn pack(self, quirks: Quirks) -> Result<Packed<'a>> {
        one_shot(self.nonce, self.aad, self.tag_bits, quirks)
    }
}

impl<'a> Pack<'a> for AesGmac<'a> {
    fn pack(self, quirks: Quirks) -> Result<Packed<'a>> {
        one_shot(self.nonce, &[], self.tag_bits, quirks)
    }
}

impl<'a> Pack<'a> for AesGcmWrap<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let tag_bits = gcm(self.nonce, self.tag_bits)?;
        let fixed_bits = fixed_bits(self.nonce, self.fixed_bits)?;
        let (nonce, nonce_length) = bytes_mut(self.nonce)?;
        let (aad, aad_length) = bytes_or_null(self.aad)?;
        Ok(Packed::new(Struct::GcmWrap(CK_GCM_WRAP_PARAMS {
            pIv: nonce,
            ulIvLen: nonce_length,
            ulIvFixedBits: fixed_bits,
            ivGenerator: self.generator.number(),
            pAAD: aad,
            ulAADLen: aad_length,
            ulTagBits: tag_bits,
        })))
    }
}

impl<'a> Pack<'a> for AesGcmMessage<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let tag_bits = gcm(self.nonce, self.tag.len().saturating_mul(8))?;
        let fixed_bits = fixed_bits(self.nonce, self.fixed_bits)?;
        let (nonce, nonce_length) = bytes_mut(self.nonce)?;
        Ok(Packed::new(Struct::GcmMessage(CK_GCM_MESSAGE_PARAMS {
            pIv: nonce,
            ulIvLen: nonce_length,
            ulIvFixedBits: fixed_bits,
            ivGenerator: self.generator.number(),
            pTag: self.tag.as_mut_ptr(),
            ulTagBits: tag_bits,
        })))
    }
}

impl<'a> Pack<'a> for AesCcm<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let mac_length = ccm(self.nonce, self.data_length, self.mac_length)?;
        let (nonce, nonce_length) = bytes(self.nonce)?;
        let (aad, aad_length) = bytes_or_null(self.aad)?;
        Ok(Packed::new(Struct::Ccm(CK_CCM_PARAMS {
            ulDataLen: ck_len(self.data_length)?,
            pNonce: nonce,
            ulNonceLen: nonce_length,
            pAAD: aad,
            ulAADLen: aad_length,
            ulMACLen: mac_length,
        })))
    }
}

impl<'a> Pack<'a> for AesCcmWrap<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let mac_length = ccm(self.nonce, 0, self.mac_length)?;
        let fixed_bits = fixed_bits(self.nonce, self.fixed_bits)?;
        let (nonce, nonce_length) = bytes_mut(self.nonce)?;
        let (aad, aad_length) = bytes_or_null(self.aad)?;
        Ok(Packed::new(Struct::CcmWrap(CK_CCM_WRAP_PARAMS {
            ulDataLen: 0,
            pNonce: nonce,
            ulNonceLen: nonce_length,
            ulNonceFixedBits: fixed_bits,
            nonceGenerator: self.generator.number(),
            pAAD: aad,
            ulAADLen: aad_length,
            ulMACLen: mac_length,
        })))
    }
}

impl<'a> Pack<'a> for AesCcmMessage<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let mac_length = ccm(self.nonce, self.data_length, self.mac.len())?;
        let fixed_bits = fixed_bits(self.nonce, self.fixed_bits)?;
        let (nonce, nonce_length) = bytes_mut(self.nonce)?;
        Ok(Packed::new(Struct::CcmMessage(CK_CCM_MESSAGE_PARAMS {
            ulDataLen: ck_len(self.data_length)?,
            pNonce: nonce,
            ulNonceLen: nonce_length,
            ulNonceFixedBits: fixed_bits,
            nonceGenerator: self.generator.number(),
            pMAC: self.mac.as_mut_ptr(),
            ulMACLen: mac_length,
        })))
    }
}

/// A nonce whose length is one of these; its length in bits, or in bytes for a token that
/// counts so.
fn nonce(nonce: &[u8], lengths: &[usize], quirks: Quirks) -> Result<(*mut u8, CK_ULONG)> {
    if !lengths.contains(&nonce.len()) {
        return Err(Error::invalid("the nonce has a length that the cipher does not take"));
    }
    let (pointer, length) = bytes(nonce)?;
    Ok((pointer, if quirks.poly1305_nonce_bytes { length } else { length.saturating_mul(8) }))
}

macro_rules! with_poly1305 {
    ($($name:ident, $message:ident, $lengths:expr;)*) => {$(
        impl<'a> Pack<'a> for $name<'a> {
            fn pack(self, quirks: Quirks) -> Result<Packed<'a>> {
                let (nonce, nonce_length) = nonce(self.nonce, &$lengths, quirks)?;
                let (aad, aad_length) = bytes_or_null(self.aad)?;
                Ok(Packed::new(Struct::Poly1305(CK_SALSA20_CHACHA20_POLY1305_PARAMS {
                    pNonce: nonce,
                    ulNonceLen: nonce_length,
                    pAAD: aad,
                    ulAADLen: aad_length,
                })))
            }
        }

        impl<'a> Pack<'a> for $message<'a> {
            fn pack(self, quirks: Quirks) -> Result<Packed<'a>> {
                let (nonce, nonce_length) = nonce(self.nonce, &$lengths, quirks)?;
                Ok(Packed::new(Struct::Poly1305Message(CK_SALSA20_CHACHA20_POLY1305_MSG_PARAMS {
                    pNonce: nonce,
                    ulNonceLen: nonce_length,
                    pTag: self.tag.as_mut_ptr(),
                })))
            }
        }
    )*};
}

with_poly1305! {
    ChaCha20Poly1305, ChaCha20Poly1305Message, [8, 12, 24];
    Salsa20Poly1305, Salsa20Poly1305Message, [8, 24];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::parameter::read_back::{behind, packed, refused, write};
    use crate::vocabulary::Generator;

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
    fn gmac() {
        let packed = packed(AesGmac::new(&[7; 13]).tag_bits(120));
        let mut call = packed.for_call();
        let found: CK_GCM_PARAMS = call.read();
        assert_eq!(behind(found.pIv, found.ulIvLen), [7; 13]);
        assert_eq!(({ found.ulIvBits }, { found.ulTagBits }), (104, 120));
        assert_eq!({ found.ulAADLen }, 0);
    }

    #[test]
    fn some_tokens_want_the_gcm_parameter_of_2_20() {
        let quirks = Quirks::NONE.with_short_gcm(true);
        let nonce = [7; 12];
        let packed = AesGcm::new(&nonce).aad(b"aad").tag_bits(96).pack(quirks).unwrap();
        assert_eq!(packed.kind(), Some(Parameter::Gcm));
        for _ in 0..2 {
            let mut call = packed.for_call();
            let found: CK_GCM_PARAMS_2_20 = call.read();
            assert_eq!(behind(found.pIv, found.ulIvLen), nonce);
            assert_eq!(behind(found.pAAD, found.ulAADLen), b"aad");
            assert_eq!({ found.ulTagBits }, 96);
            // Of a nonce that a module makes, the next call sees nothing, nor does the caller.
            write(found.pIv, &[9; 12]);
        }
        let words = 2 * size_of::<*mut u8>() + 3 * size_of::<CK_ULONG>();
        assert_eq!(size_of::<CK_GCM_PARAMS_2_20>(), words);
        let packed = AesGmac::new(&nonce).pack(quirks).unwrap();
        let mut call = packed.for_call();
        let found: CK_GCM_PARAMS_2_20 = call.read();
        assert_eq!(behind(found.pIv, found.ulIvLen), nonce);
        assert_eq!(({ found.ulAADLen }, { found.ulTagBits }), (0, 128));
    }

    #[test]
    fn gcm_wrap() {
        let mut nonce = [7; 12];
        let wrap = AesGcmWrap::new(&mut nonce)
            .generator(Generator::GENERATE_COUNTER)
            .fixed_bits(32)
            .aad(b"aad")
            .tag_bits(104);
        let packed = packed(wrap);
        let found: CK_GCM_WRAP_PARAMS = packed.read();
        assert_eq!(behind(found.pIv, found.ulIvLen), [7; 12]);
        assert_eq!(({ found.ulIvFixedBits }, { found.ulTagBits }), (32, 104));
        assert_eq!({ found.ivGenerator }, CKG_GENERATE_COUNTER);
        assert_eq!(behind(found.pAAD, found.ulAADLen), b"aad");
        write(found.pIv, &[9; 12]);
        drop(packed);
        assert_eq!(nonce, [9; 12]);
    }

    #[test]
    fn gcm_message() {
        let (mut nonce, mut tag) = ([7; 12], [8; 13]);
        let message = AesGcmMessage::new(&mut nonce, &mut tag)
            .generator(Generator::GENERATE_RANDOM)
            .fixed_bits(40);
        let packed = packed(message);
        let found: CK_GCM_MESSAGE_PARAMS = packed.read();
        assert_eq!(behind(found.pIv, found.ulIvLen), [7; 12]);
        assert_eq!(({ found.ulIvFixedBits }, { found.ulTagBits }), (40, 104));
        assert_eq!({ found.ivGenerator }, CKG_GENERATE_RANDOM);
        assert_eq!(behind(found.pTag, 13), [8; 13]);
        write(found.pIv, &[9; 12]);
        write(found.pTag, &[10; 13]);
        drop(packed);
        assert_eq!((nonce, tag), ([9; 12], [10; 13]));
    }

    #[test]
    fn ccm() {
        let packed = packed(AesCcm::new(&[7; 13], 500).aad(b"aad").mac_length(8));
        let found: CK_CCM_PARAMS = packed.read();
        assert_eq!(({ found.ulDataLen }, { found.ulMACLen }), (500, 8));
        assert_eq!(behind(found.pNonce, found.ulNonceLen), [7; 13]);
        assert_eq!(behind(found.pAAD, found.ulAADLen), b"aad");
    }

    #[test]
    fn ccm_wrap() {
        let mut nonce = [7; 11];
        let wrap = AesCcmWrap::new(&mut nonce)
            .generator(Generator::GENERATE_COUNTER_XOR)
            .fixed_bits(24)
            .aad(b"aad")
            .mac_length(12);
        let packed = packed(wrap);
        let found: CK_CCM_WRAP_PARAMS = packed.read();
        assert_eq!(({ found.ulDataLen }, { found.ulMACLen }), (0, 12));
        assert_eq!(behind(found.pNonce, found.ulNonceLen), [7; 11]);
        assert_eq!({ found.ulNonceFixedBits }, 24);
        assert_eq!({ found.nonceGenerator }, CKG_GENERATE_COUNTER_XOR);
        assert_eq!(behind(found.pAAD, found.ulAADLen), b"aad");
        write(found.pNonce, &[9; 11]);
        drop(packed);
        assert_eq!(nonce, [9; 11]);
    }

    #[test]
    fn ccm_message() {
        let (mut nonce, mut mac) = ([7; 11], [8; 10]);
        let message = AesCcmMessage::new(&mut nonce, &mut mac, 300)
            .generator(Generator::NO_GENERATE)
            .fixed_bits(16);
        let packed = packed(message);
        let found: CK_CCM_MESSAGE_PARAMS = packed.read();
        assert_eq!(({ found.ulDataLen }, { found.ulMACLen }), (300, 10));
        assert_eq!(behind(found.pNonce, found.ulNonceLen), [7; 11]);
        assert_eq!({ found.ulNonceFixedBits }, 16);
        assert_eq!({ found.nonceGenerator }, CKG_NO_GENERATE);
        assert_eq!(behind(found.pMAC, found.ulMACLen), [8; 10]);
        write(found.pNonce, &[9; 11]);
        write(found.pMAC, &[10; 10]);
        drop(packed);
        assert_eq!((nonce, mac), ([9; 11], [10; 10]));
    }

    #[test]
    fn poly1305() {
        let packed = packed(ChaCha20Poly1305::new(&[7; 12]).aad(b"aad"));
        let found: CK_SALSA20_CHACHA20_POLY1305_PARAMS = packed.read();
        assert_eq!({ found.ulNonceLen }, 96);
        assert_eq!(behind(found.pNonce, 12), [7; 12]);
        assert_eq!(behind(found.pAAD, found.ulAADLen), b"aad");
    }

    #[test]
    fn poly1305_message() {
        let mut tag = [8; 16];
        let packed = packed(Salsa20Poly1305Message::new(&[7; 24], &mut tag));
        let found: CK_SALSA20_CHACHA20_POLY1305_MSG_PARAMS = packed.read();
        assert_eq!({ found.ulNonceLen }, 192);
        assert_eq!(behind(found.pNonce, 24), [7; 24]);
        write(found.pTag, &[9; 16]);
        drop(packed);
        assert_eq!(tag, [9; 16]);
    }

    #[test]
    fn some_tokens_count_nonces_in_bytes() {
        let quirks = Quirks::NONE.with_poly1305_nonce_bytes(true);
        let packed = Salsa20Poly1305::new(&[7; 8]).pack(quirks).unwrap();
        assert_eq!({ packed.read::<CK_SALSA20_CHACHA20_POLY1305_PARAMS>().ulNonceLen }, 8);
        let mut tag = [0; 16];
        let packed = ChaCha20Poly1305Message::new(&[7; 12], &mut tag).pack(quirks).unwrap();
        assert_eq!({ packed.read::<CK_SALSA20_CHACHA20_POLY1305_MSG_PARAMS>().ulNonceLen }, 12);
    }

    #[test]
    fn odd_lengths_are_refused() {
        refused(AesGcm::new(&[7; 12]).tag_bits(100));
        refused(AesGcm::new(&[]));
        refused(AesGmac::new(&[]));
        refused(AesGcmWrap::new(&mut [0; 12]).fixed_bits(97));
        refused(AesGcmMessage::new(&mut [0; 12], &mut [0; 17]));
        refused(AesCcm::new(&[7; 14], 1));
        refused(AesCcm::new(&[7; 6], 1));
        refused(AesCcm::new(&[7; 13], 1).mac_length(5));
        refused(AesCcm::new(&[7; 13], 1 << 16));
        refused(AesCcmWrap::new(&mut [0; 13]).fixed_bits(105));
        refused(AesCcmMessage::new(&mut [0; 13], &mut [0; 3], 0));
        refused(ChaCha20Poly1305::new(&[7; 16]));
        refused(Salsa20Poly1305::new(&[7; 12]));
    }
}
