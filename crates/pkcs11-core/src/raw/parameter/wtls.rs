//! WTLS, the TLS of the wireless application protocol.

use std::fmt;

use super::tls::output;
use super::*;
use crate::mechanism::{WtlsKeyMaterial, WtlsMasterKey, WtlsPreMasterKey, WtlsPrf, handle};
use crate::raw::ObjectHandle;

/// The keys and the initialisation vector that a master secret of WTLS gives
/// (`CK_WTLS_KEY_MAT_OUT`, PKCS#11 §6.41.2).
pub struct WtlsKeys {
    /// Its pointer is set anew for each use, and only the module follows it.
    out: CK_WTLS_KEY_MAT_OUT,
    iv: Vec<u8>,
}

// SAFETY: the pointer inside is never followed from here, and what it leads to is in the vector
// beside it, which may go to another thread.
unsafe impl Send for WtlsKeys {}
// SAFETY: through a shared reference nothing of it changes.
unsafe impl Sync for WtlsKeys {}

impl WtlsKeys {
    /// Places for the keys, and for an initialisation vector of this many bytes; 0 for none.
    #[must_use]
    pub fn with_iv_length(bytes: usize) -> Self {
        let out = CK_WTLS_KEY_MAT_OUT {
            hMacSecret: CK_INVALID_HANDLE,
            hKey: CK_INVALID_HANDLE,
            pIV: std::ptr::null_mut(),
        };
        Self { out, iv: vec![0; bytes] }
    }

    /// The key of the MAC; `None` where no key was made.
    #[must_use]
    pub fn mac_key(&self) -> Option<ObjectHandle> {
        handle(self.out.hMacSecret)
    }

    /// The key of the cipher; `None` where no key was made.
    #[must_use]
    pub fn key(&self) -> Option<ObjectHandle> {
        handle(self.out.hKey)
    }

    /// The initialisation vector.
    #[must_use]
    pub fn iv(&self) -> &[u8] {
        &self.iv
    }
}

impl fmt::Debug for WtlsKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WtlsKeys").finish_non_exhaustive()
    }
}

fn random_data(client: &[u8], server: &[u8]) -> Result<CK_WTLS_RANDOM_DATA> {
    let (client, client_length) = bytes(client)?;
    let (server, server_length) = bytes(server)?;
    Ok(CK_WTLS_RANDOM_DATA {
        pClientRandom: client,
        ulClientRandomLen: client_length,
        pServerRandom: server,
        ulServerRandomLen: server_length,
    })
}

impl<'a> Pack<'a> for WtlsPreMasterKey {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        Ok(Packed::new(Struct::WtlsVersion(self.version)))
    }
}

impl<'a> Pack<'a> for WtlsMasterKey<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        Ok(Packed::new(Struct::WtlsMasterKey(CK_WTLS_MASTER_KEY_DERIVE_PARAMS {
            DigestMechanism: self.digest.number(),
            RandomInfo: random_data(self.client_random, self.server_random)?,
            pVersion: self.version.map_or(std::ptr::null_mut(), std::ptr::from_mut),
        })))
    }
}

impl<'a> Pack<'a> for WtlsPrf<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let (seed, seed_length) = bytes(self.seed)?;
        let (label, label_length) = bytes(self.label)?;
        let (output, output_length) = output(self.output)?;
        Ok(Packed::new(Struct::WtlsPrf(CK_WTLS_PRF_PARAMS {
            DigestMechanism: self.digest.number(),
            pSeed: seed,
            ulSeedLen: seed_length,
            pLabel: label,
            ulLabelLen: label_length,
            pOutput: output,
            pulOutputLen: output_length,
        })))
    }
}

impl<'a> Pack<'a> for WtlsKeyMaterial<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let keys = self.keys;
        // What an earlier use left is no answer to this one.
        keys.out.hMacSecret = CK_INVALID_HANDLE;
        keys.out.hKey = CK_INVALID_HANDLE;
        keys.iv.fill(0);
        keys.out.pIV = if keys.iv.is_empty() { std::ptr::null_mut() } else { keys.iv.as_mut_ptr() };
        Ok(Packed::new(Struct::WtlsKeyMaterial(CK_WTLS_KEY_MAT_PARAMS {
            DigestMechanism: self.digest.number(),
            ulMacSizeInBits: ck_len(self.mac_bits)?,
            ulKeySizeInBits: ck_len(self.key_bits)?,
            ulIVSizeInBits: ck_len(keys.iv.len().saturating_mul(8))?,
            ulSequenceNumber: self.sequence_number.into(),
            bIsExport: self.export.into(),
            RandomInfo: random_data(self.client_random, self.server_random)?,
            pReturnedKeyMaterial: &raw mut keys.out,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::PrfOutput;
    use crate::raw::parameter::read_back::{behind, packed, write};

    #[test]
    fn master_keys() {
        assert_eq!(packed(WtlsPreMasterKey::new(1)).read::<CK_BYTE>(), 1);
        let mut version = 0;
        let mechanism = WtlsMasterKey::new(MechanismType::SHA_1, b"client", b"the server");
        let packed = packed(mechanism.version(Some(&mut version)));
        let found: CK_WTLS_MASTER_KEY_DERIVE_PARAMS = packed.read();
        assert_eq!({ found.DigestMechanism }, CKM_SHA_1);
        let random = found.RandomInfo;
        assert_eq!(behind(random.pClientRandom, random.ulClientRandomLen), b"client");
        assert_eq!(behind(random.pServerRandom, random.ulServerRandomLen), b"the server");
        write(found.pVersion, &[2]);
        drop(packed);
        assert_eq!(version, 2);
    }

    #[test]
    fn prf() {
        let mut result = PrfOutput::new(3);
        let packed = packed(WtlsPrf::new(MechanismType::MD5, b"seed", b"label", &mut result));
        let found: CK_WTLS_PRF_PARAMS = packed.read();
        assert_eq!({ found.DigestMechanism }, CKM_MD5);
        assert_eq!(behind(found.pSeed, found.ulSeedLen), b"seed");
        assert_eq!(behind(found.pLabel, found.ulLabelLen), b"label");
        assert_eq!(behind(found.pulOutputLen, 1), [3]);
        write(found.pOutput, &[7; 3]);
        drop(packed);
        assert_eq!(result.bytes(), [7; 3]);
    }

    #[test]
    fn key_material() {
        let mut keys = WtlsKeys::with_iv_length(8);
        let packed = packed(WtlsKeyMaterial {
            server: true,
            digest: MechanismType::SHA_1,
            client_random: b"client",
            server_random: b"the server",
            mac_bits: 160,
            key_bits: 56,
            sequence_number: 5,
            export: true,
            keys: &mut keys,
        });
        let found: CK_WTLS_KEY_MAT_PARAMS = packed.read();
        assert_eq!({ found.DigestMechanism }, CKM_SHA_1);
        assert_eq!(({ found.ulMacSizeInBits }, { found.ulKeySizeInBits }), (160, 56));
        assert_eq!(({ found.ulIVSizeInBits }, { found.ulSequenceNumber }), (64, 5));
        assert_eq!(found.bIsExport, 1);
        let random = found.RandomInfo;
        assert_eq!(behind(random.pClientRandom, random.ulClientRandomLen), b"client");
        assert_eq!(behind(random.pServerRandom, random.ulServerRandomLen), b"the server");
        let mut out = behind(found.pReturnedKeyMaterial, 1)[0];
        (out.hMacSecret, out.hKey) = (1, 2);
        write(found.pReturnedKeyMaterial, &[out]);
        write(out.pIV, &[6; 8]);
        drop(packed);
        assert_eq!(keys.mac_key(), Some(ObjectHandle::new(1)));
        assert_eq!(keys.key(), Some(ObjectHandle::new(2)));
        assert_eq!(keys.iv(), [6; 8]);
    }
}
