//! X3DH and the double ratchet, whose structs have pointers without lengths.

use super::*;
use crate::mechanism::{
    RatchetCurve, X2RatchetInitialize, X2RatchetRespond, X3dhInitiate, X3dhRespond,
};
use crate::raw::ObjectHandle;
use crate::{Error, Kdf, TokenObject};

/// At least what a module may read of a value whose length it is not told: the longest is a
/// signature of 114 bytes.
const ROOM: usize = 128;

/// A copy with zeros behind it; NULL for none.
fn padded(value: &[u8], kept: &mut Kept) -> *mut u8 {
    let mut copy = value.to_vec();
    if !copy.is_empty() {
        copy.resize(copy.len().max(ROOM), 0);
    }
    kept.keep(copy)
}

/// The same for a value that must have one of these lengths.
fn sized(value: &[u8], lengths: [usize; 2], what: &str, kept: &mut Kept) -> Result<*mut u8> {
    if lengths.contains(&value.len()) {
        return Ok(padded(value, kept));
    }
    let [short, long] = lengths;
    Err(Error::invalid(format!("{what} has {short} or {long} bytes, not {}", value.len())))
}

const KEY: [usize; 2] = [32, 56];
const SIGNATURE: [usize; 2] = [64, 114];

impl<'a> Pack<'a> for X3dhInitiate<'a> {
    fn objects(&self) -> Objects<'_> {
        Objects::from_slice(&[
            self.peer_identity.object(),
            self.peer_prekey.object(),
            self.own_identity.object(),
            self.own_ephemeral.object(),
        ])
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let peer = [self.peer_identity.handle(), self.peer_prekey.handle()];
        let own = [self.own_identity.handle(), self.own_ephemeral.handle()];
        x3dh_initiate(self.kdf, peer, self.prekey_signature, self.onetime_key, own)
    }
}

fn x3dh_initiate<'a>(
    kdf: Kdf,
    [peer_identity, peer_prekey]: [ObjectHandle; 2],
    signature: &'a [u8],
    onetime: &'a [u8],
    [own_identity, own_ephemeral]: [ObjectHandle; 2],
) -> Result<Packed<'a>> {
    let mut kept = Kept::default();
    let signature = sized(signature, SIGNATURE, "the signature of the prekey", &mut kept)?;
    let onetime = match onetime {
        [] => std::ptr::null_mut(),
        _ => sized(onetime, KEY, "the one-time key", &mut kept)?,
    };
    let value = CK_X3DH_INITIATE_PARAMS {
        kdf: kdf.number(),
        pPeer_identity: peer_identity.0,
        pPeer_prekey: peer_prekey.0,
        pPrekey_signature: signature,
        pOnetime_key: onetime,
        pOwn_identity: own_identity.0,
        pOwn_ephemeral: own_ephemeral.0,
    };
    Ok(Packed::with(Struct::X3dhInitiate(value), kept))
}

impl<'a> Pack<'a> for X3dhRespond<'a> {
    fn objects(&self) -> Objects<'_> {
        Objects::from_slice(&[self.initiator_identity.object()])
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let ids = [self.identity_id, self.prekey_id, self.onetime_id];
        x3dh_respond(self.kdf, ids, self.initiator_identity.handle(), self.initiator_ephemeral)
    }
}

fn x3dh_respond<'a>(
    kdf: Kdf,
    [identity, prekey, onetime]: [&'a [u8]; 3],
    initiator: ObjectHandle,
    ephemeral: &'a [u8],
) -> Result<Packed<'a>> {
    if identity.is_empty() || prekey.is_empty() {
        return Err(Error::invalid("CKM_X3DH_RESPOND needs what identity and prekey are known by"));
    }
    let mut kept = Kept::default();
    let value = CK_X3DH_RESPOND_PARAMS {
        kdf: kdf.number(),
        pIdentity_id: padded(identity, &mut kept),
        pPrekey_id: padded(prekey, &mut kept),
        pOnetime_id: padded(onetime, &mut kept),
        pInitiator_identity: initiator.0,
        pInitiator_ephemeral: sized(ephemeral, KEY, "the ephemeral key", &mut kept)?,
    };
    Ok(Packed::with(Struct::X3dhRespond(value), kept))
}

fn curve(curve: RatchetCurve) -> CK_ULONG {
    match curve {
        RatchetCurve::Curve25519 => 255,
        RatchetCurve::Curve448 => 448,
    }
}

impl<'a> Pack<'a> for X2RatchetInitialize<'a> {
    fn objects(&self) -> Objects<'_> {
        let keys = [self.peer_prekey, self.peer_identity, self.own_identity];
        keys.into_iter().map(TokenObject::object).collect()
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let keys = [self.peer_prekey, self.peer_identity, self.own_identity];
        let ratchet = Ratchet {
            secret: self.shared_secret,
            encrypted_header: self.encrypted_header,
            curve: self.curve,
            aead: self.aead,
            kdf: self.kdf,
        };
        Ok(ratchet.initialize(keys.map(TokenObject::handle)))
    }
}

impl<'a> Pack<'a> for X2RatchetRespond<'a> {
    fn objects(&self) -> Objects<'_> {
        Objects::from_slice(&[
            self.own_prekey,
            self.initiator_identity.object(),
            self.own_identity.object(),
        ])
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let prekey = self.own_prekey.handle();
        let identities = [self.initiator_identity.handle(), self.own_identity.handle()];
        let ratchet = Ratchet {
            secret: self.shared_secret,
            encrypted_header: self.encrypted_header,
            curve: self.curve,
            aead: self.aead,
            kdf: self.kdf,
        };
        Ok(ratchet.respond(prekey, identities))
    }
}

/// What both parties' structs have.
struct Ratchet<'a> {
    secret: &'a [u8; 32],
    encrypted_header: bool,
    curve: RatchetCurve,
    aead: MechanismType,
    kdf: Kdf,
}

impl<'a> Ratchet<'a> {
    fn initialize(self, [prekey, peer, own]: [ObjectHandle; 3]) -> Packed<'a> {
        Packed::new(Struct::X2RatchetInitialize(CK_X2RATCHET_INITIALIZE_PARAMS {
            sk: input(self.secret),
            peer_public_prekey: prekey.0,
            peer_public_identity: peer.0,
            own_public_identity: own.0,
            bEncryptedHeader: self.encrypted_header.into(),
            eCurve: curve(self.curve),
            aeadMechanism: self.aead.number(),
            kdfMechanism: self.kdf.number(),
        }))
    }

    fn respond(self, prekey: ObjectHandle, [initiator, own]: [ObjectHandle; 2]) -> Packed<'a> {
        Packed::new(Struct::X2RatchetRespond(CK_X2RATCHET_RESPOND_PARAMS {
            sk: input(self.secret),
            own_prekey: prekey.0,
            initiator_identity: initiator.0,
            own_public_identity: own.0,
            bEncryptedHeader: self.encrypted_header.into(),
            eCurve: curve(self.curve),
            aeadMechanism: self.aead.number(),
            kdfMechanism: self.kdf.number(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::parameter::read_back::behind;

    const H: [ObjectHandle; 4] =
        [ObjectHandle(11), ObjectHandle(12), ObjectHandle(13), ObjectHandle(14)];

    #[test]
    fn initiate() {
        let kdf = Kdf::BLAKE2B_256_KDF;
        let (peer, own) = ([H[0], H[1]], [H[2], H[3]]);
        let packed = x3dh_initiate(kdf, peer, &[5; 64], &[6; 32], own).unwrap();
        let found: CK_X3DH_INITIATE_PARAMS = packed.read();
        assert_eq!({ found.kdf }, CKD_BLAKE2B_256_KDF);
        assert_eq!(({ found.pPeer_identity }, { found.pPeer_prekey }), (11, 12));
        assert_eq!(({ found.pOwn_identity }, { found.pOwn_ephemeral }), (13, 14));
        assert_eq!(behind(found.pPrekey_signature, 128), [&[5; 64][..], &[0; 64]].concat());
        assert_eq!(behind(found.pOnetime_key, 128), [&[6; 32][..], &[0; 96]].concat());
        let without = x3dh_initiate(kdf, peer, &[5; 114], &[], own).unwrap();
        assert!({ without.read::<CK_X3DH_INITIATE_PARAMS>().pOnetime_key }.is_null());
        assert!(x3dh_initiate(kdf, peer, &[5; 63], &[], own).is_err());
        assert!(x3dh_initiate(kdf, peer, &[5; 64], &[6; 31], own).is_err());
    }

    #[test]
    fn respond() {
        let kdf = Kdf::SHA512_KDF;
        let packed = x3dh_respond(kdf, [b"id", b"pre", b"one"], H[0], &[7; 56]).unwrap();
        let found: CK_X3DH_RESPOND_PARAMS = packed.read();
        assert_eq!(({ found.kdf }, { found.pInitiator_identity }), (CKD_SHA512_KDF, 11));
        assert_eq!(behind(found.pIdentity_id, 3), b"id\0");
        assert_eq!(behind(found.pPrekey_id, 4), b"pre\0");
        assert_eq!(behind(found.pOnetime_id, 4), b"one\0");
        assert_eq!(behind(found.pInitiator_ephemeral, 57), [&[7; 56][..], &[0]].concat());
        assert!(x3dh_respond(kdf, [b"", b"pre", b""], H[0], &[7; 56]).is_err());
        assert!(x3dh_respond(kdf, [b"id", b"pre", b""], H[0], &[7; 55]).is_err());
    }

    fn ratchet(secret: &[u8; 32]) -> Ratchet<'_> {
        Ratchet {
            secret,
            encrypted_header: true,
            curve: RatchetCurve::Curve448,
            aead: MechanismType::AES_GCM,
            kdf: Kdf::SHA3_256_KDF,
        }
    }

    #[test]
    fn ratchets() {
        let packed = ratchet(&[9; 32]).initialize([H[0], H[1], H[2]]);
        let found: CK_X2RATCHET_INITIALIZE_PARAMS = packed.read();
        assert_eq!(behind(found.sk, 32), [9; 32]);
        assert_eq!({ found.peer_public_prekey }, 11);
        assert_eq!({ found.peer_public_identity }, 12);
        assert_eq!({ found.own_public_identity }, 13);
        assert_eq!((found.bEncryptedHeader, { found.eCurve }), (1, 448));
        assert_eq!({ found.aeadMechanism }, CKM_AES_GCM);
        assert_eq!({ found.kdfMechanism }, CKD_SHA3_256_KDF);
        let packed = ratchet(&[9; 32]).respond(H[0], [H[1], H[2]]);
        let found: CK_X2RATCHET_RESPOND_PARAMS = packed.read();
        assert_eq!(behind(found.sk, 32), [9; 32]);
        assert_eq!({ found.own_prekey }, 11);
        assert_eq!({ found.initiator_identity }, 12);
        assert_eq!({ found.own_public_identity }, 13);
        assert_eq!((found.bEncryptedHeader, { found.eCurve }), (1, 448));
        assert_eq!({ found.aeadMechanism }, CKM_AES_GCM);
        assert_eq!({ found.kdfMechanism }, CKD_SHA3_256_KDF);
    }
}
