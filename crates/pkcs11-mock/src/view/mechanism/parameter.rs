//! Parameters through which a token answers: nonces and tags, handles, bytes.

use super::bytes_or_none;
use crate::view::{Answer, Input, Mechanism, Output, Place, Room, Template, Value, read};
use pkcs11_sys::*;

/// GCM for a message: the nonce and the tag go in or come out.
pub(crate) struct GcmMessage {
    pub(crate) nonce: Vec<u8>,
    /// The bits of the nonce that are the caller's, where the token makes the others.
    pub(crate) generated_after: Option<CK_ULONG>,
    pub(crate) nonce_room: Room<u8>,
    pub(crate) tag: Vec<u8>,
    pub(crate) tag_room: Room<u8>,
}

/// The key material of TLS.
pub(crate) struct KeyMaterial {
    /// The random bytes of both sides.
    pub(crate) seed: Vec<u8>,
    /// The lengths of a MAC key, of a cipher key and of an initialisation vector, in bytes.
    pub(crate) lengths: [usize; 3],
    pub(crate) ivs: [Room<u8>; 2],
    out: *mut CK_SSL3_KEY_MAT_OUT,
}

impl KeyMaterial {
    /// Where the handles go: two MAC keys, two cipher keys.
    pub(crate) fn places(&self) -> Answer<[Place<CK_OBJECT_HANDLE>; 4]> {
        if self.out.is_null() {
            return Err(CKR_MECHANISM_PARAM_INVALID);
        }
        let out = self.out;
        // SAFETY: not NULL, so a field of what the caller lends.
        let client_mac = unsafe { &raw mut (*out).hClientMacSecret };
        // SAFETY: as before.
        let server_mac = unsafe { &raw mut (*out).hServerMacSecret };
        // SAFETY: as before.
        let client = unsafe { &raw mut (*out).hClientKey };
        // SAFETY: as before.
        let server = unsafe { &raw mut (*out).hServerKey };
        // SAFETY: the fields can be written while the call lasts.
        Ok([client_mac, server_mac, client, server].map(|place| unsafe { Place::new(place) }))
    }
}

/// A template, and where the handle of the key goes that is made of it.
pub(crate) type FurtherKey = (Vec<(CK_ATTRIBUTE_TYPE, Value)>, Place<CK_OBJECT_HANDLE>);

/// A length in bits, as bytes.
fn bytes(bits: CK_ULONG) -> Answer<usize> {
    usize::try_from(bits / 8).ok().filter(|&it| it <= 512).ok_or(CKR_MECHANISM_PARAM_INVALID)
}

impl Mechanism {
    pub(crate) fn gcm_message(&self) -> Answer<GcmMessage> {
        if self.number()? != CKM_AES_GCM {
            return Err(CKR_MECHANISM_INVALID);
        }
        // SAFETY: of this mechanism the parameter is this structure, in this function.
        let given = unsafe { self.structure::<CK_GCM_MESSAGE_PARAMS>() }?;
        // SAFETY: `new` was promised that the structure is what the standard says.
        let nonce = unsafe { Input::new(given.pIv, given.ulIvLen) };
        let length = given.ulTagBits / 8;
        // SAFETY: as for the nonce.
        let tag = unsafe { Input::new(given.pTag, length) };
        let made = given.ivGenerator != CKG_NO_GENERATE;
        Ok(GcmMessage {
            nonce: nonce.bytes()?.to_vec(),
            generated_after: made.then_some(given.ulIvFixedBits),
            // SAFETY: as for the nonce: both are the token's to write.
            nonce_room: unsafe { Room::new(given.pIv, given.ulIvLen) },
            tag: tag.bytes()?.to_vec(),
            // SAFETY: as for the nonce.
            tag_room: unsafe { Room::new(given.pTag, length) },
        })
    }

    pub(crate) fn key_material(&self) -> Answer<KeyMaterial> {
        // SAFETY: of CKM_TLS12_KEY_AND_MAC_DERIVE the parameter is this structure.
        let given = unsafe { self.structure::<CK_TLS12_KEY_MAT_PARAMS>() }?;
        let random = given.RandomInfo;
        // SAFETY: `new` was promised that the structure is what the standard says.
        let client = unsafe { bytes_or_none(random.pClientRandom, random.ulClientRandomLen) }?;
        // SAFETY: as for the client's.
        let server = unsafe { bytes_or_none(random.pServerRandom, random.ulServerRandomLen) }?;
        let out = given.pReturnedKeyMaterial;
        // SAFETY: as for the client's.
        let places = unsafe { read(out) }.ok_or(CKR_MECHANISM_PARAM_INVALID)?;
        let iv = given.ulIVSizeInBits / 8;
        // SAFETY: as for the client's: both vectors have this length.
        let ivs =
            [places.pIVClient, places.pIVServer].map(|iv_place| unsafe { Room::new(iv_place, iv) });
        Ok(KeyMaterial {
            seed: [client, server].concat(),
            lengths: [
                bytes(given.ulMacSizeInBits)?,
                bytes(given.ulKeySizeInBits)?,
                bytes(given.ulIVSizeInBits)?,
            ],
            ivs,
            out,
        })
    }

    /// The seed and the label of TLS_PRF, how long its result shall be, and where it goes.
    pub(crate) fn prf(&self) -> Answer<(Vec<u8>, usize, Output<u8>)> {
        // SAFETY: of CKM_TLS_PRF the parameter is this structure.
        let given = unsafe { self.structure::<CK_TLS_PRF_PARAMS>() }?;
        // SAFETY: `new` was promised that the structure is what the standard says.
        let seed = unsafe { bytes_or_none(given.pSeed, given.ulSeedLen) }?;
        // SAFETY: as for the seed.
        let label = unsafe { bytes_or_none(given.pLabel, given.ulLabelLen) }?;
        // SAFETY: as for the seed.
        let length = unsafe { read(given.pulOutputLen) }.ok_or(CKR_MECHANISM_PARAM_INVALID)?;
        // SAFETY: as for the seed.
        let output = unsafe { Output::new(given.pOutput, given.pulOutputLen) };
        Ok(([label, seed].concat(), bytes(length.saturating_mul(8))?, output))
    }

    /// The further keys of SP 800-108 in counter mode.
    pub(crate) fn further_keys(&self) -> Answer<Vec<FurtherKey>> {
        // SAFETY: of CKM_SP800_108_COUNTER_KDF the parameter is this structure.
        let given = unsafe { self.structure::<CK_SP800_108_KDF_PARAMS>() }?;
        let count = usize::try_from(given.ulAdditionalDerivedKeys);
        let count = count.ok().filter(|&it| it <= 16).ok_or(CKR_MECHANISM_PARAM_INVALID)?;
        let first = given.pAdditionalDerivedKeys;
        (0..count)
            .map(|index| {
                // SAFETY: `new` was promised that the structure is what the standard says.
                let key = unsafe { read(first.wrapping_add(index)) };
                let key = key.ok_or(CKR_MECHANISM_PARAM_INVALID)?;
                // SAFETY: as for the key.
                let template = unsafe { Template::new(key.pTemplate, key.ulAttributeCount) };
                // SAFETY: as for the key.
                let place = unsafe { Place::new(key.phKey) };
                Ok((template.read()?, place))
            })
            .collect()
    }
}
