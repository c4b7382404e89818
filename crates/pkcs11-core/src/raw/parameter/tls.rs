//! TLS up to 1.2.

use std::fmt;

use super::*;
use crate::mechanism::{
    PrfOutput, Tls12ExtendedMasterKey, Tls12KeyMaterial, Tls12MasterKey, TlsKdf, TlsMac,
    TlsPrfBytes, TlsSide, handle,
};
use crate::raw::ObjectHandle;
use crate::{Error, Version};

/// The keys and initialisation vectors that a master secret gives (`CK_SSL3_KEY_MAT_OUT`,
/// PKCS#11 §6.39.2).
pub struct TlsKeys {
    /// Its pointers are set anew for each use, and only the module follows them.
    out: CK_SSL3_KEY_MAT_OUT,
    client_iv: Vec<u8>,
    server_iv: Vec<u8>,
}

// SAFETY: the pointers inside are never followed from here, and what they lead to is in the
// vectors beside them, which may go to another thread.
unsafe impl Send for TlsKeys {}
// SAFETY: through a shared reference nothing of it changes.
unsafe impl Sync for TlsKeys {}

impl TlsKeys {
    /// Places for the keys, and for two initialisation vectors of this many bytes; 0 for none.
    #[must_use]
    pub fn with_iv_length(bytes: usize) -> Self {
        let out = CK_SSL3_KEY_MAT_OUT {
            hClientMacSecret: CK_INVALID_HANDLE,
            hServerMacSecret: CK_INVALID_HANDLE,
            hClientKey: CK_INVALID_HANDLE,
            hServerKey: CK_INVALID_HANDLE,
            pIVClient: std::ptr::null_mut(),
            pIVServer: std::ptr::null_mut(),
        };
        Self { out, client_iv: vec![0; bytes], server_iv: vec![0; bytes] }
    }

    /// The key of the client's MAC; `None` where no key was made, as for the others.
    #[must_use]
    pub fn client_mac_key(&self) -> Option<ObjectHandle> {
        handle(self.out.hClientMacSecret)
    }

    /// The key of the server's MAC.
    #[must_use]
    pub fn server_mac_key(&self) -> Option<ObjectHandle> {
        handle(self.out.hServerMacSecret)
    }

    /// The key of the client's cipher.
    #[must_use]
    pub fn client_key(&self) -> Option<ObjectHandle> {
        handle(self.out.hClientKey)
    }

    /// The key of the server's cipher.
    #[must_use]
    pub fn server_key(&self) -> Option<ObjectHandle> {
        handle(self.out.hServerKey)
    }

    /// The client's initialisation vector.
    #[must_use]
    pub fn client_iv(&self) -> &[u8] {
        &self.client_iv
    }

    /// The server's initialisation vector.
    #[must_use]
    pub fn server_iv(&self) -> &[u8] {
        &self.server_iv
    }

    /// Where the module writes, and the length of each initialisation vector in bits.
    pub(super) fn place(&mut self) -> Result<(*mut CK_SSL3_KEY_MAT_OUT, CK_ULONG)> {
        let bits = ck_len(self.client_iv.len().saturating_mul(8))?;
        // What an earlier use left is no answer to this one.
        self.out.hClientMacSecret = CK_INVALID_HANDLE;
        self.out.hServerMacSecret = CK_INVALID_HANDLE;
        self.out.hClientKey = CK_INVALID_HANDLE;
        self.out.hServerKey = CK_INVALID_HANDLE;
        self.client_iv.fill(0);
        self.server_iv.fill(0);
        let place = |iv: &mut Vec<u8>| match iv.len() {
            0 => std::ptr::null_mut(),
            _ => iv.as_mut_ptr(),
        };
        self.out.pIVClient = place(&mut self.client_iv);
        self.out.pIVServer = place(&mut self.server_iv);
        Ok((&raw mut self.out, bits))
    }
}

impl fmt::Debug for TlsKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsKeys").finish_non_exhaustive()
    }
}

pub(super) fn random_data(client: &[u8], server: &[u8]) -> Result<CK_SSL3_RANDOM_DATA> {
    let (client, client_length) = bytes(client)?;
    let (server, server_length) = bytes(server)?;
    Ok(CK_SSL3_RANDOM_DATA {
        pClientRandom: client,
        ulClientRandomLen: client_length,
        pServerRandom: server,
        ulServerRandomLen: server_length,
    })
}

/// Where a version goes, which is laid out as in C; NULL for none.
pub(super) fn place(version: Option<&mut Version>) -> *mut CK_VERSION {
    version.map_or(std::ptr::null_mut(), |version| std::ptr::from_mut(version).cast())
}

/// Where the result of a pseudo-random function goes, and its length.
pub(super) fn output(output: &mut PrfOutput) -> Result<(*mut u8, *mut CK_ULONG)> {
    output.written = ck_len(output.bytes.len())?;
    Ok((output.bytes.as_mut_ptr(), &raw mut output.written))
}

impl<'a> Pack<'a> for Tls12MasterKey<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        Ok(Packed::new(Struct::Tls12MasterKey(CK_TLS12_MASTER_KEY_DERIVE_PARAMS {
            RandomInfo: random_data(self.client_random, self.server_random)?,
            pVersion: place(self.version),
            prfHashMechanism: self.hash.mechanism().number(),
        })))
    }
}

impl<'a> Pack<'a> for Tls12ExtendedMasterKey<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let (hash, hash_length) = bytes(self.session_hash)?;
        let value = CK_TLS12_EXTENDED_MASTER_KEY_DERIVE_PARAMS {
            prfHashMechanism: self.hash.mechanism().number(),
            pSessionHash: hash,
            ulSessionHashLen: hash_length,
            pVersion: place(self.version),
        };
        Ok(Packed::new(Struct::Tls12ExtendedMasterKey(value)))
    }
}

impl<'a> Pack<'a> for Tls12KeyMaterial<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        if self.safe && !self.keys.client_iv.is_empty() {
            return Err(Error::invalid("CKM_TLS12_KEY_SAFE_DERIVE gives no IV"));
        }
        let (keys, iv_bits) = self.keys.place()?;
        Ok(Packed::new(Struct::Tls12KeyMaterial(CK_TLS12_KEY_MAT_PARAMS {
            ulMacSizeInBits: ck_len(self.mac_bits)?,
            ulKeySizeInBits: ck_len(self.key_bits)?,
            ulIVSizeInBits: iv_bits,
            // TLS 1.1 has forbidden export cipher suites.
            bIsExport: CK_FALSE,
            RandomInfo: random_data(self.client_random, self.server_random)?,
            pReturnedKeyMaterial: keys,
            prfHashMechanism: self.hash.mechanism().number(),
        })))
    }
}

impl<'a> Pack<'a> for TlsKdf<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let (label, label_length) = bytes(self.label)?;
        let (context, context_length) = match self.context {
            Some(context) => bytes(context)?,
            None => (std::ptr::null_mut(), 0),
        };
        Ok(Packed::new(Struct::TlsKdf(CK_TLS_KDF_PARAMS {
            prfMechanism: self.prf.mechanism().number(),
            pLabel: label,
            ulLabelLength: label_length,
            RandomInfo: random_data(self.client_random, self.server_random)?,
            pContextData: context,
            ulContextDataLength: context_length,
        })))
    }
}

impl<'a> Pack<'a> for TlsMac {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        if self.length < 12 {
            return Err(Error::invalid("the check in the finished message has at least 12 bytes"));
        }
        Ok(Packed::new(Struct::TlsMac(CK_TLS_MAC_PARAMS {
            prfHashMechanism: self.prf.mechanism().number(),
            ulMacLength: ck_len(self.length)?,
            ulServerOrClient: match self.side {
                TlsSide::Server => 1,
                TlsSide::Client => 2,
            },
        })))
    }
}

impl<'a> Pack<'a> for TlsPrfBytes<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let (seed, seed_length) = bytes(self.seed)?;
        let (label, label_length) = bytes(self.label)?;
        let (output, output_length) = output(self.output)?;
        Ok(Packed::new(Struct::TlsPrf(CK_TLS_PRF_PARAMS {
            pSeed: seed,
            ulSeedLen: seed_length,
            pLabel: label,
            ulLabelLen: label_length,
            pOutput: output,
            pulOutputLen: output_length,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Hash;
    use crate::mechanism::TlsPrf;
    use crate::raw::parameter::read_back::{behind, packed, refused, write};

    #[test]
    fn master_key() {
        let mut version = Version { major: 0, minor: 0 };
        let mechanism = Tls12MasterKey::new(Hash::Sha384, b"client", b"the server");
        let packed = packed(mechanism.version(Some(&mut version)));
        let found: CK_TLS12_MASTER_KEY_DERIVE_PARAMS = packed.read();
        let random = found.RandomInfo;
        assert_eq!(behind(random.pClientRandom, random.ulClientRandomLen), b"client");
        assert_eq!(behind(random.pServerRandom, random.ulServerRandomLen), b"the server");
        assert_eq!({ found.prfHashMechanism }, CKM_SHA384);
        write(found.pVersion, &[CK_VERSION { major: 3, minor: 4 }]);
        drop(packed);
        assert_eq!(version, Version { major: 3, minor: 4 });
    }

    #[test]
    fn extended_master_key() {
        let packed = packed(Tls12ExtendedMasterKey::new(Hash::Sha256, &[5; 32]));
        let found: CK_TLS12_EXTENDED_MASTER_KEY_DERIVE_PARAMS = packed.read();
        assert_eq!({ found.prfHashMechanism }, CKM_SHA256);
        assert_eq!(behind(found.pSessionHash, found.ulSessionHashLen), [5; 32]);
        assert!({ found.pVersion }.is_null());
    }

    fn key_material(safe: bool, keys: &mut TlsKeys) -> Tls12KeyMaterial<'_> {
        Tls12KeyMaterial {
            hash: Hash::Sha256,
            client_random: b"client",
            server_random: b"the server",
            mac_bits: 160,
            key_bits: 256,
            safe,
            keys,
        }
    }

    #[test]
    fn keys_and_initialisation_vectors() {
        let mut keys = TlsKeys::with_iv_length(16);
        let packed = packed(key_material(false, &mut keys));
        let found: CK_TLS12_KEY_MAT_PARAMS = packed.read();
        assert_eq!(({ found.ulMacSizeInBits }, { found.ulKeySizeInBits }), (160, 256));
        assert_eq!(({ found.ulIVSizeInBits }, found.bIsExport), (128, 0));
        let random = found.RandomInfo;
        assert_eq!(behind(random.pClientRandom, random.ulClientRandomLen), b"client");
        assert_eq!(behind(random.pServerRandom, random.ulServerRandomLen), b"the server");
        assert_eq!({ found.prfHashMechanism }, CKM_SHA256);
        let mut out = behind(found.pReturnedKeyMaterial, 1)[0];
        (out.hClientMacSecret, out.hServerMacSecret) = (1, 2);
        (out.hClientKey, out.hServerKey) = (3, 4);
        write(found.pReturnedKeyMaterial, &[out]);
        write(out.pIVClient, &[5; 16]);
        write(out.pIVServer, &[6; 16]);
        drop(packed);
        let handles =
            [keys.client_mac_key(), keys.server_mac_key(), keys.client_key(), keys.server_key()];
        assert_eq!(handles, [1, 2, 3, 4].map(|number| Some(ObjectHandle::new(number))));
        assert_eq!((keys.client_iv(), keys.server_iv()), (&[5; 16][..], &[6; 16][..]));
    }

    #[test]
    fn the_safe_mechanism_gives_no_iv() {
        let mut keys = TlsKeys::with_iv_length(0);
        let packed = packed(key_material(true, &mut keys));
        let found: CK_TLS12_KEY_MAT_PARAMS = packed.read();
        assert_eq!({ found.ulIVSizeInBits }, 0);
        assert!({ behind(found.pReturnedKeyMaterial, 1)[0].pIVClient }.is_null());
        refused(key_material(true, &mut TlsKeys::with_iv_length(8)));
    }

    #[test]
    fn kdf() {
        let mechanism =
            TlsKdf::new(TlsPrf::Tls12(Hash::Sha256), b"label", b"client", b"the server");
        let packed = packed(mechanism.context(Some(b"contexts")));
        let found: CK_TLS_KDF_PARAMS = packed.read();
        assert_eq!({ found.prfMechanism }, CKM_SHA256);
        assert_eq!(behind(found.pLabel, found.ulLabelLength), b"label");
        let random = found.RandomInfo;
        assert_eq!(behind(random.pClientRandom, random.ulClientRandomLen), b"client");
        assert_eq!(behind(random.pServerRandom, random.ulServerRandomLen), b"the server");
        assert_eq!(behind(found.pContextData, found.ulContextDataLength), b"contexts");
    }

    #[test]
    fn kdf_of_tls_1_0_without_context() {
        let packed = packed(TlsKdf::new(TlsPrf::Tls10, b"label", b"client", b"server"));
        let found: CK_TLS_KDF_PARAMS = packed.read();
        assert_eq!({ found.prfMechanism }, CKM_TLS_PRF);
        assert!({ found.pContextData }.is_null() && { found.ulContextDataLength } == 0);
    }

    #[test]
    fn mac() {
        let mechanism = TlsMac::new(TlsPrf::Tls12(Hash::Sha384), TlsSide::Client).length(16);
        let packed = packed(mechanism);
        let found: CK_TLS_MAC_PARAMS = packed.read();
        assert_eq!({ found.prfHashMechanism }, CKM_SHA384);
        assert_eq!(({ found.ulMacLength }, { found.ulServerOrClient }), (16, 2));
        assert_eq!(packed.mac_length(), Some(16));
        refused(mechanism.length(11));
    }

    #[test]
    fn prf() {
        let mut result = PrfOutput::new(20);
        let packed = packed(TlsPrfBytes::new(b"seed", b"label", &mut result));
        let found: CK_TLS_PRF_PARAMS = packed.read();
        assert_eq!(behind(found.pSeed, found.ulSeedLen), b"seed");
        assert_eq!(behind(found.pLabel, found.ulLabelLen), b"label");
        assert_eq!(behind(found.pulOutputLen, 1), [20]);
        write(found.pOutput, &[7; 19]);
        write(found.pulOutputLen, &[19]);
        drop(packed);
        assert_eq!(result.bytes(), [7; 19]);
    }

    #[test]
    fn a_length_past_the_buffer_is_not_believed() {
        let mut result = PrfOutput::new(4);
        let packed = packed(TlsPrfBytes::new(b"seed", b"label", &mut result));
        write(packed.read::<CK_TLS_PRF_PARAMS>().pulOutputLen, &[5]);
        drop(packed);
        assert_eq!(result.bytes(), []);
    }
}
