//! Passwords at work; the feature `encryption`.

use alloc::vec::Vec;

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit,
    block_padding::Pkcs7,
};
use des::TdesEde3;
use pbkdf2::pbkdf2_hmac;
use zeroize::Zeroizing;

use super::{
    EncryptedPrivateKeyInfo,
    pbes2::{Cipher, KeyDerivation, Pbes2, Prf},
};
use crate::{Error, ErrorKind, tlv};

/// The largest key of a cipher, in bytes.
const MAX_KEY_BYTES: usize = 32;
/// The largest block of a cipher, in bytes.
const MAX_BLOCK_BYTES: usize = 16;

/// How much work, and how much memory, the derivation of a key may cost.
///
/// What it costs is said by who made the file: one that says 2³¹ iterations would keep its
/// reader busy for many minutes. Raise a limit for a file that is known to be good:
///
/// ```
/// use pkcs11_codec::pkcs8::CostLimits;
///
/// let limits = CostLimits { pbkdf2_iterations: 100_000_000, ..CostLimits::default() };
/// assert_eq!(limits.scrypt_work_bytes, 512 << 20);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostLimits {
    /// The iterations of PBKDF2: 10,000,000 by default, what RFC 8018 §4.2 has for especially
    /// critical keys; some seconds, of HMAC-SHA-512 twice those of HMAC-SHA-1.
    pub pbkdf2_iterations: u32,
    /// The memory of scrypt, 128·r·(N + p) bytes: 132 MiB by default, four times what OpenSSL
    /// allows by itself.
    pub scrypt_memory_bytes: u64,
    /// What scrypt goes through, 128·N·r·p bytes: 512 MiB by default; a second or two.
    pub scrypt_work_bytes: u64,
}

impl Default for CostLimits {
    fn default() -> Self {
        Self {
            pbkdf2_iterations: 10_000_000,
            scrypt_memory_bytes: 132 << 20,
            scrypt_work_bytes: 512 << 20,
        }
    }
}

impl EncryptedPrivateKeyInfo<'_> {
    /// The [`PrivateKeyInfo`](super::PrivateKeyInfo) in DER, in a buffer that is zeroized when
    /// dropped.
    ///
    /// # Errors
    /// [`ErrorKind::DecryptionFailed`] when the password is wrong, or the data are not what was
    /// encrypted; [`ErrorKind::CostTooHigh`] when the derivation of the key costs more than
    /// `limits` allow.
    pub fn decrypt(
        &self,
        password: &[u8],
        limits: &CostLimits,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let key = self.scheme.derive(password, limits)?;
        let data = self.encrypted_data;
        let plain = match &self.scheme.cipher {
            Cipher::Aes128Cbc(iv) => decrypt::<Aes128>(&key, iv, data),
            Cipher::Aes192Cbc(iv) => decrypt::<Aes192>(&key, iv, data),
            Cipher::Aes256Cbc(iv) => decrypt::<Aes256>(&key, iv, data),
            Cipher::DesEde3Cbc(iv) => decrypt::<TdesEde3>(&key, iv, data),
        };
        // One wrong key in 256 leaves a padding that looks right, but no SEQUENCE.
        plain
            .filter(|plain| {
                let skip = |info: &mut tlv::Reader<'_>| {
                    info.rest();
                    Ok(())
                };
                tlv::decode(plain, |reader| reader.sequence(skip)).is_ok()
            })
            .ok_or(Error::argument(ErrorKind::DecryptionFailed))
    }
}

impl Pbes2<'_> {
    /// The EncryptedPrivateKeyInfo in DER for a [`PrivateKeyInfo`](super::PrivateKeyInfo) in
    /// DER.
    ///
    /// ```
    /// use pkcs11_codec::pkcs8::{CostLimits, EncryptedPrivateKeyInfo, Pbes2};
    ///
    /// # let der = [0x30, 0x00];
    /// # let (salt, iv) = ([7; 16], [8; 16]);
    /// // Salt and IV come from the caller's random numbers.
    /// let scheme = Pbes2::new(&salt, iv);
    /// # let scheme = Pbes2 { key_derivation: pkcs11_codec::pkcs8::KeyDerivation::Pbkdf2 {
    /// #     salt: &salt, iterations: 1000, key_bytes: None,
    /// #     prf: pkcs11_codec::pkcs8::Prf::HmacSha256.into() }, ..scheme };
    /// let encrypted = scheme.encrypt(b"password", &der)?;
    ///
    /// let read = EncryptedPrivateKeyInfo::from_der(&encrypted)?;
    /// assert_eq!(**read.decrypt(b"password", &CostLimits::default())?, der);
    /// assert!(read.decrypt(b"guess", &CostLimits::default()).is_err());
    /// # Ok::<(), pkcs11_codec::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedEncryption`] for triple DES, which is for reading alone;
    /// [`ErrorKind::InvalidCost`].
    pub fn encrypt(&self, password: &[u8], der: &[u8]) -> Result<Vec<u8>, Error> {
        let unlimited = CostLimits {
            pbkdf2_iterations: u32::MAX,
            scrypt_memory_bytes: u64::MAX,
            scrypt_work_bytes: u64::MAX,
        };
        // Refused before the time is spent.
        if matches!(self.cipher, Cipher::DesEde3Cbc(_)) {
            return Err(Error::argument(ErrorKind::UnsupportedEncryption));
        }
        let key = self.derive(password, &unlimited)?;
        let encrypted_data = match &self.cipher {
            Cipher::Aes128Cbc(iv) => encrypt::<Aes128>(&key, iv, der),
            Cipher::Aes192Cbc(iv) => encrypt::<Aes192>(&key, iv, der),
            Cipher::Aes256Cbc(iv) => encrypt::<Aes256>(&key, iv, der),
            Cipher::DesEde3Cbc(_) => None,
        };
        let encrypted_data =
            encrypted_data.ok_or(Error::argument(ErrorKind::UnsupportedEncryption))?;
        EncryptedPrivateKeyInfo { scheme: *self, encrypted_data: &encrypted_data }.to_der()
    }

    /// The key, of the cipher's size.
    fn derive(&self, password: &[u8], limits: &CostLimits) -> Result<Zeroizing<Vec<u8>>, Error> {
        let invalid = Error::argument(ErrorKind::InvalidCost);
        // The largest is 32.
        let bytes = usize::try_from(self.cipher.key_bytes()).unwrap_or(MAX_KEY_BYTES);
        let mut key = Zeroizing::new(alloc::vec![0; bytes]);
        match self.key_derivation {
            KeyDerivation::Pbkdf2 { iterations: 0, .. } => return Err(invalid),
            KeyDerivation::Pbkdf2 { salt, iterations, prf, .. } => {
                limit(iterations.into(), limits.pbkdf2_iterations.into())?;
                match prf.prf() {
                    Prf::HmacSha1 => {
                        pbkdf2_hmac::<sha1::Sha1>(password, salt, iterations, &mut key);
                    }
                    Prf::HmacSha224 => {
                        pbkdf2_hmac::<sha2::Sha224>(password, salt, iterations, &mut key);
                    }
                    Prf::HmacSha256 => {
                        pbkdf2_hmac::<sha2::Sha256>(password, salt, iterations, &mut key);
                    }
                    Prf::HmacSha384 => {
                        pbkdf2_hmac::<sha2::Sha384>(password, salt, iterations, &mut key);
                    }
                    Prf::HmacSha512 => {
                        pbkdf2_hmac::<sha2::Sha512>(password, salt, iterations, &mut key);
                    }
                }
            }
            KeyDerivation::Scrypt { salt, cost, block_size, parallelization, .. } => {
                if cost < 2 || !cost.is_power_of_two() {
                    return Err(invalid);
                }
                let block = u64::from(block_size).saturating_mul(128);
                let blocks = u64::from(cost).saturating_add(parallelization.into());
                limit(block.saturating_mul(blocks), limits.scrypt_memory_bytes)?;
                let passes = u64::from(cost).saturating_mul(parallelization.into());
                limit(block.saturating_mul(passes), limits.scrypt_work_bytes)?;
                // Below 32.
                let log_n = u8::try_from(cost.trailing_zeros()).map_err(|_| invalid)?;
                let parameters =
                    scrypt::Params::new(log_n, block_size, parallelization).map_err(|_| invalid)?;
                scrypt::scrypt(password, salt, &parameters, &mut key).map_err(|_| invalid)?;
            }
        }
        Ok(key)
    }
}

fn limit(cost: u64, limit: u64) -> Result<(), Error> {
    if cost > limit {
        return Err(Error::argument(ErrorKind::CostTooHigh { limit }));
    }
    Ok(())
}

fn decrypt<C: BlockCipherDecrypt + KeyInit>(
    key: &[u8],
    iv: &[u8],
    data: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let cipher = cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?;
    let mut buffer = Zeroizing::new(Vec::from(data));
    let bytes = cipher.decrypt_padded::<Pkcs7>(&mut buffer).ok()?.len();
    buffer.truncate(bytes);
    Some(buffer)
}

fn encrypt<C: BlockCipherEncrypt + KeyInit>(key: &[u8], iv: &[u8], der: &[u8]) -> Option<Vec<u8>> {
    let cipher = cbc::Encryptor::<C>::new_from_slices(key, iv).ok()?;
    // Room for the padding: what is secret leaves no copy behind, and is overwritten.
    let room = der.len().checked_add(MAX_BLOCK_BYTES)?;
    let mut buffer = Zeroizing::new(Vec::with_capacity(room));
    buffer.extend_from_slice(der);
    buffer.resize(room, 0);
    let bytes = cipher.encrypt_padded::<Pkcs7>(&mut buffer, der.len()).ok()?.len();
    buffer.truncate(bytes);
    Some(core::mem::take(&mut *buffer))
}
