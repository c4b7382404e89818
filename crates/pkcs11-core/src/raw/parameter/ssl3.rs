//! SSL 3.0, and TLS 1.0 and 1.1, which take the same parameters.

use super::tls::{place, random_data};
use super::*;
use crate::mechanism::{PreMasterKey, Ssl3KeyMaterial, Ssl3Mac, Ssl3MasterKey};

impl<'a> Pack<'a> for PreMasterKey {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let version = CK_VERSION { major: self.version.major, minor: self.version.minor };
        Ok(Packed::new(Struct::Version(version)))
    }
}

impl<'a> Pack<'a> for Ssl3MasterKey<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        Ok(Packed::new(Struct::Ssl3MasterKey(CK_SSL3_MASTER_KEY_DERIVE_PARAMS {
            RandomInfo: random_data(self.client_random, self.server_random)?,
            pVersion: place(self.version),
        })))
    }
}

impl<'a> Pack<'a> for Ssl3KeyMaterial<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let (keys, iv_bits) = self.keys.place()?;
        Ok(Packed::new(Struct::Ssl3KeyMaterial(CK_SSL3_KEY_MAT_PARAMS {
            ulMacSizeInBits: ck_len(self.mac_bits)?,
            ulKeySizeInBits: ck_len(self.key_bits)?,
            ulIVSizeInBits: iv_bits,
            bIsExport: self.export.into(),
            RandomInfo: random_data(self.client_random, self.server_random)?,
            pReturnedKeyMaterial: keys,
        })))
    }
}

impl<'a> Pack<'a> for Ssl3Mac {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let length = super::mac::length(self.hash.mac(), self.length)?;
        Ok(Packed::new(Struct::MacLength(length)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Version;
    use crate::mechanism::Ssl3Hash;
    use crate::mechanism::{SslProtocol, TlsKeys};
    use crate::raw::parameter::read_back::{behind, packed, refused, write};

    #[test]
    fn pre_master_key() {
        let version = Version { major: 3, minor: 1 };
        let found: CK_VERSION = packed(PreMasterKey::new(SslProtocol::Ssl3, version)).read();
        assert_eq!((found.major, found.minor), (3, 1));
    }

    #[test]
    fn master_key() {
        let mut version = Version { major: 0, minor: 0 };
        let mechanism = Ssl3MasterKey::new(SslProtocol::Ssl3, b"client", b"the server");
        let packed = packed(mechanism.version(Some(&mut version)));
        let found: CK_SSL3_MASTER_KEY_DERIVE_PARAMS = packed.read();
        let random = found.RandomInfo;
        assert_eq!(behind(random.pClientRandom, random.ulClientRandomLen), b"client");
        assert_eq!(behind(random.pServerRandom, random.ulServerRandomLen), b"the server");
        write(found.pVersion, &[CK_VERSION { major: 3, minor: 2 }]);
        drop(packed);
        assert_eq!((version.major, version.minor), (3, 2));
    }

    #[test]
    fn master_key_for_diffie_hellman() {
        let packed = packed(Ssl3MasterKey::new(SslProtocol::Tls10, b"client", b"server"));
        assert!({ packed.read::<CK_SSL3_MASTER_KEY_DERIVE_PARAMS>().pVersion }.is_null());
    }

    #[test]
    fn key_material() {
        let mut keys = TlsKeys::with_iv_length(8);
        let packed = packed(Ssl3KeyMaterial {
            protocol: SslProtocol::Ssl3,
            client_random: b"client",
            server_random: b"the server",
            mac_bits: 128,
            key_bits: 40,
            export: true,
            keys: &mut keys,
        });
        let found: CK_SSL3_KEY_MAT_PARAMS = packed.read();
        assert_eq!(({ found.ulMacSizeInBits }, { found.ulKeySizeInBits }), (128, 40));
        assert_eq!(({ found.ulIVSizeInBits }, found.bIsExport), (64, 1));
        let random = found.RandomInfo;
        assert_eq!(behind(random.pClientRandom, random.ulClientRandomLen), b"client");
        assert_eq!(behind(random.pServerRandom, random.ulServerRandomLen), b"the server");
        let mut out = behind(found.pReturnedKeyMaterial, 1)[0];
        (out.hClientKey, out.hServerKey) = (3, 4);
        write(found.pReturnedKeyMaterial, &[out]);
        write(out.pIVServer, &[6; 8]);
        drop(packed);
        assert_eq!(keys.client_key().map(|key| key.number()), Some(3));
        assert_eq!(keys.server_key().map(|key| key.number()), Some(4));
        assert_eq!((keys.client_mac_key(), keys.server_mac_key()), (None, None));
        assert_eq!((keys.client_iv(), keys.server_iv()), (&[0; 8][..], &[6; 8][..]));
    }

    #[test]
    fn mac() {
        assert_eq!(packed(Ssl3Mac::new(Ssl3Hash::Md5, 8)).read::<CK_MAC_GENERAL_PARAMS>(), 8);
        refused(Ssl3Mac::new(Ssl3Hash::Md5, 17));
        refused(Ssl3Mac::new(Ssl3Hash::Sha1, 0));
    }
}
