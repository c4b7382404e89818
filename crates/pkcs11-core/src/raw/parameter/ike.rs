//! Key derivation of IKE.

use super::*;
use crate::mechanism::{Ike1Extended, Ike1Prf, Ike2PrfPlus, IkePrf, IkeSeed};
use crate::raw::ObjectHandle;
use crate::{SecretKey, TokenObject};

/// Whether there is a key, and its handle.
fn optional(key: Option<ObjectHandle>) -> (CK_BBOOL, CK_OBJECT_HANDLE) {
    key.map_or((CK_FALSE, CK_INVALID_HANDLE), |key| (CK_TRUE, key.0))
}

fn handle(key: Option<&SecretKey>) -> Option<ObjectHandle> {
    key.map(TokenObject::handle)
}

impl<'a> Pack<'a> for IkePrf<'a> {
    fn objects(&self) -> Objects<'_> {
        match self.seed {
            IkeSeed::Rekey(key) => Objects::from_iter([key.object()]),
            _ => Objects::new(),
        }
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let new_key = match self.seed {
            IkeSeed::Rekey(key) => Some(key.handle()),
            _ => None,
        };
        ike_prf(&self, new_key).map(Packed::new)
    }
}

fn ike_prf(ike: &IkePrf<'_>, new_key: Option<ObjectHandle>) -> Result<Struct> {
    let (rekey, new_key) = optional(new_key);
    let (initiator, initiator_length) = bytes(ike.initiator_nonce)?;
    let (responder, responder_length) = bytes(ike.responder_nonce)?;
    Ok(Struct::IkePrf(CK_IKE_PRF_DERIVE_PARAMS {
        prfMechanism: ike.prf.number(),
        bDataAsKey: matches!(ike.seed, IkeSeed::NoncesAsKey).into(),
        bRekey: rekey,
        pNi: initiator,
        ulNiLen: initiator_length,
        pNr: responder,
        ulNrLen: responder_length,
        hNewKey: new_key,
    }))
}

impl<'a> Pack<'a> for Ike1Prf<'a> {
    fn objects(&self) -> Objects<'_> {
        let keys = [Some(self.shared_secret), self.previous_key];
        keys.into_iter().flatten().map(TokenObject::object).collect()
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let cookies = (self.initiator_cookie, self.responder_cookie);
        let keys = (self.shared_secret.handle(), handle(self.previous_key));
        ike1_prf(self.prf, keys, cookies, self.number).map(Packed::new)
    }
}

fn ike1_prf(
    prf: MechanismType,
    (shared_secret, previous_key): (ObjectHandle, Option<ObjectHandle>),
    (initiator, responder): (&[u8], &[u8]),
    number: u8,
) -> Result<Struct> {
    let (has_previous, previous_key) = optional(previous_key);
    let (initiator, initiator_length) = bytes(initiator)?;
    let (responder, responder_length) = bytes(responder)?;
    Ok(Struct::Ike1Prf(CK_IKE1_PRF_DERIVE_PARAMS {
        prfMechanism: prf.number(),
        bHasPrevKey: has_previous,
        hKeygxy: shared_secret.0,
        hPrevKey: previous_key,
        pCKYi: initiator,
        ulCKYiLen: initiator_length,
        pCKYr: responder,
        ulCKYrLen: responder_length,
        keyNumber: number,
    }))
}

impl<'a> Pack<'a> for Ike1Extended<'a> {
    fn objects(&self) -> Objects<'_> {
        self.shared_secret.into_iter().map(TokenObject::object).collect()
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        ike1_extended(self.prf, handle(self.shared_secret), self.data).map(Packed::new)
    }
}

fn ike1_extended(
    prf: MechanismType,
    shared_secret: Option<ObjectHandle>,
    data: &[u8],
) -> Result<Struct> {
    let (has_key, key) = optional(shared_secret);
    let (data, data_length) = bytes_or_null(data)?;
    Ok(Struct::Ike1Extended(CK_IKE1_EXTENDED_DERIVE_PARAMS {
        prfMechanism: prf.number(),
        bHasKeygxy: has_key,
        hKeygxy: key,
        pExtraData: data,
        ulExtraDataLen: data_length,
    }))
}

impl<'a> Pack<'a> for Ike2PrfPlus<'a> {
    fn objects(&self) -> Objects<'_> {
        self.seed_key.into_iter().map(TokenObject::object).collect()
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        ike2_prf_plus(self.prf, handle(self.seed_key), self.seed).map(Packed::new)
    }
}

fn ike2_prf_plus(
    prf: MechanismType,
    seed_key: Option<ObjectHandle>,
    seed: &[u8],
) -> Result<Struct> {
    let (has_key, key) = optional(seed_key);
    let (seed, seed_length) = bytes_or_null(seed)?;
    Ok(Struct::Ike2PrfPlus(CK_IKE2_PRF_PLUS_DERIVE_PARAMS {
        prfMechanism: prf.number(),
        bHasSeedKey: has_key,
        hSeedKey: key,
        pSeedData: seed,
        ulSeedDataLen: seed_length,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::parameter::read_back::{behind, packed};

    const PRF: MechanismType = MechanismType::SHA256_HMAC;

    #[test]
    fn the_nonces_as_key() {
        let packed = packed(IkePrf::new(PRF, IkeSeed::NoncesAsKey, b"initiator", b"responder!"));
        let found: CK_IKE_PRF_DERIVE_PARAMS = packed.read();
        assert_eq!({ found.prfMechanism }, CKM_SHA256_HMAC);
        assert_eq!((found.bDataAsKey, found.bRekey), (1, 0));
        assert_eq!(behind(found.pNi, found.ulNiLen), b"initiator");
        assert_eq!(behind(found.pNr, found.ulNrLen), b"responder!");
        assert_eq!({ found.hNewKey }, CK_INVALID_HANDLE);
    }

    #[test]
    fn rekeying() {
        let mechanism = IkePrf::new(PRF, IkeSeed::BaseKey, b"i", b"r");
        let packed = Packed::new(ike_prf(&mechanism, Some(ObjectHandle::new(7))).unwrap());
        let found: CK_IKE_PRF_DERIVE_PARAMS = packed.read();
        assert_eq!((found.bDataAsKey, found.bRekey, { found.hNewKey }), (0, 1, 7));
    }

    #[test]
    fn ike1() {
        let keys = (ObjectHandle::new(7), Some(ObjectHandle::new(8)));
        let value = ike1_prf(PRF, keys, (b"cookie", b"cookies"), 2).unwrap();
        let found: CK_IKE1_PRF_DERIVE_PARAMS = Packed::new(value).read();
        assert_eq!(({ found.prfMechanism }, found.bHasPrevKey), (CKM_SHA256_HMAC, 1));
        assert_eq!(({ found.hKeygxy }, { found.hPrevKey }), (7, 8));
        assert_eq!(behind(found.pCKYi, found.ulCKYiLen), b"cookie");
        assert_eq!(behind(found.pCKYr, found.ulCKYrLen), b"cookies");
        assert_eq!(found.keyNumber, 2);
        let value = ike1_prf(PRF, (keys.0, None), (b"", b""), 0).unwrap();
        let found: CK_IKE1_PRF_DERIVE_PARAMS = Packed::new(value).read();
        assert_eq!((found.bHasPrevKey, { found.hPrevKey }), (0, CK_INVALID_HANDLE));
    }

    #[test]
    fn ike1_extended_keys() {
        let value = ike1_extended(PRF, Some(ObjectHandle::new(7)), b"extra").unwrap();
        let found: CK_IKE1_EXTENDED_DERIVE_PARAMS = Packed::new(value).read();
        assert_eq!({ found.prfMechanism }, CKM_SHA256_HMAC);
        assert_eq!((found.bHasKeygxy, { found.hKeygxy }), (1, 7));
        assert_eq!(behind(found.pExtraData, found.ulExtraDataLen), b"extra");
        let found: CK_IKE1_EXTENDED_DERIVE_PARAMS = packed(Ike1Extended::new(PRF)).read();
        assert_eq!((found.bHasKeygxy, { found.hKeygxy }), (0, CK_INVALID_HANDLE));
        assert!({ found.pExtraData }.is_null() && { found.ulExtraDataLen } == 0);
    }

    #[test]
    fn ike2() {
        let value = ike2_prf_plus(PRF, Some(ObjectHandle::new(7)), b"seed").unwrap();
        let found: CK_IKE2_PRF_PLUS_DERIVE_PARAMS = Packed::new(value).read();
        assert_eq!({ found.prfMechanism }, CKM_SHA256_HMAC);
        assert_eq!((found.bHasSeedKey, { found.hSeedKey }), (1, 7));
        assert_eq!(behind(found.pSeedData, found.ulSeedDataLen), b"seed");
        let found: CK_IKE2_PRF_PLUS_DERIVE_PARAMS = packed(Ike2PrfPlus::new(PRF)).read();
        assert_eq!((found.bHasSeedKey, { found.hSeedKey }), (0, CK_INVALID_HANDLE));
    }
}
