//! Objects by which a token describes itself: profiles, validations, trust in certificates.

use pkcs11::prelude::*;
use pkcs11::{CertificateTrust, Profile, ReturnCode, Trust, TrustInfo, Validation};
use tests_softhsm::{Outcome, Skip, TestToken, skip, tests};

use crate::common::assert_usable;

tests! {
    profiles_and_validations_are_read: and Nss;
    trust_in_a_certificate;
}

/// All that there are, on tokens that have the classes and on those that do not know them.
fn profiles_and_validations_are_read(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let profiles = session.profiles()?;
    assert_eq!(profiles.len(), session.find::<Profile>().all()?.len());
    assert_eq!(token.token()?.profiles()?, profiles);
    let validations = session.validations()?;
    assert_eq!(validations.len(), session.find::<Validation>().all()?.len());
    if token.is_softhsm() {
        // PKCS#11 2.40 has neither.
        assert_eq!((profiles, validations), (vec![], vec![]));
    }
    Ok(())
}

fn trust_in_a_certificate(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let mut said = TrustInfo::new(&[0x30, 0x00][..], &[0x02, 0x01, 0x05][..]);
    said.hash = session.digest(MechanismType::SHA256, b"certificate")?;
    said.hash_algorithm = MechanismType::SHA256;
    said.server_auth = Trust::ANCHOR;
    said.code_signing = Trust::NOT_TRUSTED;
    let object: CertificateTrust = match session.create(&said.template()) {
        Ok(object) => object,
        Err(error) if error.return_code() == Some(ReturnCode::ATTRIBUTE_VALUE_INVALID) => {
            assert_eq!(error.object_class(), Some(ObjectClass::TRUST));
            assert_usable(&session)?;
            return skip(Skip::NoSuchClass(ObjectClass::TRUST));
        }
        Err(error) => return Err(error.into()),
    };
    let info = object.info()?;
    assert_eq!(info, said);
    assert_eq!(info.email_protection, Trust::UNKNOWN);
    let found = session.find::<CertificateTrust>();
    assert_eq!(found.with(attr::SERIAL_NUMBER, &[0x02, 0x01, 0x05]).one()?, object);
    // What says less means the same with what the standard fills in.
    let plain = TrustInfo::new(&[0x30, 0x00][..], &[0x02, 0x01, 0x06][..]);
    let object: CertificateTrust = session.create(&plain.template())?;
    assert_eq!(object.info()?, plain);
    object.destroy()?;
    assert_usable(&session)
}
