//! CMS, whose struct points to other mechanisms.

use super::nested::nested;
use super::*;
use crate::TokenObject;
use crate::mechanism::CmsSig;
use crate::raw::ObjectHandle;

impl<'a> Pack<'a> for CmsSig<'a> {
    fn objects(&self) -> Objects<'_> {
        self.certificate.iter().map(|certificate| certificate.object()).collect()
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let certificate = self.certificate.map(TokenObject::handle);
        cms_sig(self, certificate)
    }
}

fn cms_sig<'a>(cms: CmsSig<'a>, certificate: Option<ObjectHandle>) -> Result<Packed<'a>> {
    let mut kept = Kept::default();
    let signing = nested(cms.signing, &mut kept)?;
    let digest = match cms.digest {
        Some(digest) => nested(digest, &mut kept)?,
        None => std::ptr::null_mut(),
    };
    let (requested, requested_length) = bytes_or_null(cms.requested_attributes)?;
    let (required, required_length) = bytes_or_null(cms.required_attributes)?;
    let value = CK_CMS_SIG_PARAMS {
        certificateHandle: certificate.map_or(CK_INVALID_HANDLE, |handle| handle.0),
        pSigningMechanism: signing,
        pDigestMechanism: digest,
        pContentType: cms
            .content_type
            .map_or(std::ptr::null_mut(), |content_type| input(content_type.to_bytes_with_nul())),
        pRequestedAttributes: requested,
        ulRequestedAttributesLen: requested_length,
        pRequiredAttributes: required,
        ulRequiredAttributesLen: required_length,
    };
    Ok(Packed::with(Struct::CmsSig(value), kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Hash;
    use crate::mechanism::Mechanism;
    use crate::raw::parameter::read_back::{behind, packed};

    /// The mechanism of the typed one, as for a token without quirks.
    fn mechanism<'a>(number: MechanismType, typed: impl Pack<'a>) -> Mechanism<'a> {
        let mut mechanism = Mechanism::new(number);
        mechanism.parameter = packed(typed);
        mechanism
    }

    #[test]
    fn cms() {
        use crate::mechanism::RsaPss;
        let pss = RsaPss::new(Hash::Sha256).salt_length(20);
        let cms = CmsSig::new(mechanism(MechanismType::SHA256_RSA_PKCS_PSS, pss))
            .digest(Some(Mechanism::with_bytes(MechanismType::GOSTR3411, b"oid")))
            .content_type(Some(c"text/plain"))
            .requested_attributes(b"requested")
            .required_attributes(b"required");
        let packed = cms_sig(cms, Some(ObjectHandle(7))).unwrap();
        let found: CK_CMS_SIG_PARAMS = packed.read();
        assert_eq!({ found.certificateHandle }, 7);
        let [signing] = behind(found.pSigningMechanism, 1)[..] else { panic!() };
        assert_eq!({ signing.mechanism }, CKM_SHA256_RSA_PKCS_PSS);
        assert_eq!(
            usize::try_from(signing.ulParameterLen),
            Ok(size_of::<CK_RSA_PKCS_PSS_PARAMS>())
        );
        let [pss] = behind(signing.pParameter.cast::<CK_RSA_PKCS_PSS_PARAMS>(), 1)[..] else {
            panic!()
        };
        assert_eq!(({ pss.hashAlg }, { pss.mgf }, { pss.sLen }), (CKM_SHA256, CKG_MGF1_SHA256, 20));
        let [digest] = behind(found.pDigestMechanism, 1)[..] else { panic!() };
        assert_eq!({ digest.mechanism }, CKM_GOSTR3411);
        assert_eq!(behind(digest.pParameter.cast::<u8>(), digest.ulParameterLen), b"oid");
        assert_eq!(behind(found.pContentType, 11), b"text/plain\0");
        assert_eq!(
            behind(found.pRequestedAttributes, found.ulRequestedAttributesLen),
            b"requested"
        );
        assert_eq!(behind(found.pRequiredAttributes, found.ulRequiredAttributesLen), b"required");
    }

    #[test]
    fn cms_without_anything() {
        let cms = CmsSig::new(Mechanism::new(MechanismType::SHA256_RSA_PKCS));
        let packed = cms_sig(cms, None).unwrap();
        let found: CK_CMS_SIG_PARAMS = packed.read();
        assert_eq!({ found.certificateHandle }, CK_INVALID_HANDLE);
        let [signing] = behind(found.pSigningMechanism, 1)[..] else { panic!() };
        assert_eq!({ signing.mechanism }, CKM_SHA256_RSA_PKCS);
        assert!({ signing.pParameter }.is_null());
        assert!({ found.pDigestMechanism }.is_null());
        assert!({ found.pContentType }.is_null());
        assert!({ found.pRequestedAttributes }.is_null());
        assert!({ found.pRequiredAttributes }.is_null());
        let wrong = CmsSig::new(Mechanism::with_bytes(MechanismType::ECDSA, b"x"));
        assert!(cms_sig(wrong, None).is_err());
    }
}
