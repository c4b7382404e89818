//! Signatures on curves, ML-DSA and SLH-DSA.

use super::*;
use crate::Error;
use crate::mechanism::{
    EdDsa, HashMlDsa, HashMlDsaDigest, HashSlhDsa, HashSlhDsaDigest, MlDsa, SlhDsa, XEdDsa,
};
use crate::{Hash, Hedge};

impl<'a> Pack<'a> for EdDsa<'a> {
    fn pack(self, quirks: Quirks) -> Result<Packed<'a>> {
        if !self.prehash && self.context.is_none() {
            return Ok(Packed::nothing());
        }
        let context = self.context.unwrap_or(&[]);
        if quirks.plain_eddsa && (self.prehash || !context.is_empty()) {
            return Err(Error::invalid(
                "the token would sign without the prehash or the context: it knows plain EdDSA",
            ));
        }
        if context.len() > 255 {
            return Err(Error::invalid("CKM_EDDSA takes a context of at most 255 bytes"));
        }
        let (context, length) = bytes(context)?;
        Ok(Packed::new(Struct::EdDsa(CK_EDDSA_PARAMS {
            phFlag: self.prehash.into(),
            ulContextDataLen: length,
            pContextData: context,
        })))
    }
}

impl<'a> Pack<'a> for XEdDsa {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        Ok(Packed::new(Struct::XEdDsa(CK_XEDDSA_PARAMS { hash: self.hash.number() })))
    }
}

/// A context of FIPS 204 or FIPS 205.
fn context(context: &[u8]) -> Result<(*mut u8, CK_ULONG)> {
    if context.len() > 255 {
        return Err(Error::invalid("a signature's context has at most 255 bytes"));
    }
    bytes_or_null(context)
}

fn sign_context<'a>(hedge: Hedge, of: &'a [u8]) -> Result<Packed<'a>> {
    let (context, length) = context(of)?;
    Ok(Packed::new(Struct::SignContext(CK_SIGN_ADDITIONAL_CONTEXT {
        hedgeVariant: hedge.number(),
        pContext: context,
        ulContextLen: length,
    })))
}

fn hash_sign_context<'a>(hash: Hash, hedge: Hedge, of: &'a [u8]) -> Result<Packed<'a>> {
    let (context, length) = context(of)?;
    Ok(Packed::new(Struct::HashSignContext(CK_HASH_SIGN_ADDITIONAL_CONTEXT {
        hedgeVariant: hedge.number(),
        pContext: context,
        ulContextLen: length,
        hash: hash.mechanism().number(),
    })))
}

macro_rules! contexts {
    ($($name:ident),*) => {$(
        impl<'a> Pack<'a> for $name<'a> {
            fn pack(self, _: Quirks) -> Result<Packed<'a>> {
                sign_context(self.hedge, self.context)
            }
        }
    )*};
}

contexts!(MlDsa, HashMlDsa, SlhDsa, HashSlhDsa);

macro_rules! hash_contexts {
    ($($name:ident),*) => {$(
        impl<'a> Pack<'a> for $name<'a> {
            fn pack(self, _: Quirks) -> Result<Packed<'a>> {
                hash_sign_context(self.hash, self.hedge, self.context)
            }
        }
    )*};
}

hash_contexts!(HashMlDsaDigest, HashSlhDsaDigest);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::PreHash;
    use crate::raw::parameter::read_back::{behind, packed, refused};

    #[test]
    fn eddsa() {
        let packed = packed(EdDsa::new().context(b"c").prehashed());
        let found: CK_EDDSA_PARAMS = packed.read();
        assert_eq!(found.phFlag, 1);
        assert_eq!(behind(found.pContextData, found.ulContextDataLen), b"c");
        refused(EdDsa::new().context(&[0; 256]));
    }

    #[test]
    fn a_token_of_plain_eddsa_is_not_asked_for_more() {
        let plain = Quirks::NONE.with_plain_eddsa(true);
        assert!(EdDsa::new().context(b"c").pack(plain).is_err());
        assert!(EdDsa::new().prehashed().pack(plain).is_err());
        assert!(EdDsa::new().context(b"").pack(plain).is_ok());
        assert!(EdDsa::new().pack(plain).is_ok());
    }

    #[test]
    fn plain_eddsa_has_no_parameter() {
        assert_eq!(packed(EdDsa::new()).kind(), Some(Parameter::Nothing));
    }

    #[test]
    fn xeddsa() {
        let found: CK_XEDDSA_PARAMS = packed(XEdDsa::new(MechanismType::BLAKE2B_512)).read();
        assert_eq!({ found.hash }, CKM_BLAKE2B_512);
    }

    fn context_of<'a>(mechanism: impl Pack<'a>) -> (CK_HEDGE_TYPE, Vec<u8>) {
        let packed = packed(mechanism);
        let found: CK_SIGN_ADDITIONAL_CONTEXT = packed.read();
        ({ found.hedgeVariant }, behind(found.pContext, found.ulContextLen))
    }

    #[test]
    fn contexts() {
        let required = Hedge::REQUIRED;
        let expected = (CKH_HEDGE_REQUIRED, b"ctx".to_vec());
        assert_eq!(context_of(MlDsa::new().hedge(required).context(b"ctx")), expected);
        assert_eq!(context_of(SlhDsa::new().hedge(required).context(b"ctx")), expected);
        let hash = PreHash::Shake128;
        assert_eq!(context_of(HashMlDsa::new(hash).hedge(required).context(b"ctx")), expected);
        assert_eq!(context_of(HashSlhDsa::new(hash).hedge(required).context(b"ctx")), expected);
        refused(MlDsa::new().context(&[0; 256]));
        let found: CK_SIGN_ADDITIONAL_CONTEXT = packed(SlhDsa::new()).read();
        assert_eq!({ found.hedgeVariant }, CKH_HEDGE_PREFERRED);
        assert!({ found.pContext }.is_null());
        assert_eq!({ found.ulContextLen }, 0);
    }

    fn hash_context_of<'a>(mechanism: impl Pack<'a>) {
        let packed = packed(mechanism);
        let found: CK_HASH_SIGN_ADDITIONAL_CONTEXT = packed.read();
        assert_eq!({ found.hedgeVariant }, CKH_DETERMINISTIC_REQUIRED);
        assert_eq!(behind(found.pContext, found.ulContextLen), b"context");
        assert_eq!({ found.hash }, CKM_SHA3_384);
    }

    #[test]
    fn contexts_of_digests() {
        let (hash, hedge) = (Hash::Sha3_384, Hedge::DETERMINISTIC_REQUIRED);
        hash_context_of(HashMlDsaDigest::new(hash).hedge(hedge).context(b"context"));
        hash_context_of(HashSlhDsaDigest::new(hash).hedge(hedge).context(b"context"));
        refused(HashSlhDsaDigest::new(hash).context(&[0; 256]));
    }
}
