//! Keys of openssl on the token: they sign and agree with what openssl made, and leave as they came.

use pkcs11::codec::digest_info::Digest;
use pkcs11::codec::pkcs8::{self, PrivateKeyInfo};
use pkcs11::codec::rsa_parameters::PssParameters;
use pkcs11::prelude::*;
use pkcs11::{ReturnCode, SignatureScheme};
use tests_softhsm::{Outcome, Skip, TestToken, fails, skip, tests};

use crate::common::assert_usable;

tests! {
    imported_rsa: and Nss;
    imported_rsa_of_three_primes;
    imported_rsa_pss;
    imported_dsa;
    imported_p256: and Nss;
    imported_p384;
    imported_p521;
    imported_secp256k1;
    imported_brainpool_p256;
    imported_ed25519;
    imported_ed448;
    a_private_key_has_the_defaults_of_its_type;
    a_public_key_has_the_defaults_of_its_type;
    what_the_caller_says_comes_before_the_defaults;
}

/// A key of `import/make.sh`.
pub(crate) struct Fixture {
    pub(crate) private: &'static [u8],
    pub(crate) public: &'static [u8],
    pub(crate) signature: &'static [u8],
}

macro_rules! fixture {
    ($name:literal) => {
        Fixture {
            private: include_bytes!(concat!("import/", $name, ".key")),
            public: include_bytes!(concat!("import/", $name, ".pub")),
            signature: include_bytes!(concat!("import/", $name, ".sig")),
        }
    };
}

pub(crate) const RSA: Fixture = fixture!("rsa");
pub(crate) const P256: Fixture = fixture!("prime256v1");
pub(crate) const ED25519: Fixture = fixture!("ed25519");
pub(crate) const DSA: Fixture = fixture!("dsa");

const MESSAGE: &[u8] = b"message";

fn imported_rsa(token: &TestToken) -> Outcome {
    signs(token, &RSA, SignatureAlgorithm::SHA256_WITH_RSA)
}

/// PKCS#11 has no place for a third prime: the token gets n, e and d.
fn imported_rsa_of_three_primes(token: &TestToken) -> Outcome {
    let fixture = fixture!("rsa3");
    let session = token.session()?;
    let key = PrivateKeyDer::from_der(fixture.private)?;
    let public = session.import(PublicKeyDer::from_der(fixture.public)?).create()?;
    let algorithm = SignatureAlgorithm::SHA256_WITH_RSA;
    public.verify_der(algorithm, MESSAGE, fixture.signature)?;
    let made = session.import(&key).create();
    let signature = made.and_then(|private| private.sign_der(algorithm, MESSAGE))?;
    // PKCS#1 v1.5 has one signature.
    assert_eq!(signature, fixture.signature);
    Ok(())
}

/// A key for PSS alone is a key of RSA to a token.
fn imported_rsa_pss(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::SHA256_RSA_PKCS_PSS])?;
    let fixture = fixture!("rsa_pss");
    let session = token.session()?;
    let private = session.import(PrivateKeyDer::from_der(fixture.private)?).create()?;
    let public = session.import(PublicKeyDer::from_der(fixture.public)?).create()?;
    let scheme = SignatureScheme::from(PssParameters::new(Digest::SHA256, 32));
    public.verify_der(scheme, MESSAGE, fixture.signature)?;
    public.verify_der(scheme, MESSAGE, &private.sign_der(scheme, MESSAGE)?)?;
    fails!(public.verify_der(scheme, b"other", fixture.signature), ErrorKind::SignatureInvalid);
    Ok(())
}

fn imported_dsa(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DSA])?;
    signs(token, &DSA, SignatureAlgorithm::DSA_WITH_SHA256)
}

fn imported_p256(token: &TestToken) -> Outcome {
    signs(token, &P256, SignatureAlgorithm::ECDSA_WITH_SHA256)
}

fn imported_p384(token: &TestToken) -> Outcome {
    signs(token, &fixture!("secp384r1"), SignatureAlgorithm::ECDSA_WITH_SHA256)
}

fn imported_p521(token: &TestToken) -> Outcome {
    signs(token, &fixture!("secp521r1"), SignatureAlgorithm::ECDSA_WITH_SHA256)
}

fn imported_secp256k1(token: &TestToken) -> Outcome {
    let fixture = fixture!("secp256k1");
    takes(token, &fixture, "secp256k1")?;
    signs(token, &fixture, SignatureAlgorithm::ECDSA_WITH_SHA256)
}

fn imported_brainpool_p256(token: &TestToken) -> Outcome {
    let fixture = fixture!("brainpoolP256r1");
    takes(token, &fixture, "brainpoolP256r1")?;
    signs(token, &fixture, SignatureAlgorithm::ECDSA_WITH_SHA256)
}

fn imported_ed25519(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EDDSA])?;
    signs(token, &ED25519, SignatureAlgorithm::ED25519)
}

fn imported_ed448(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EDDSA])?;
    signs(token, &fixture!("ed448"), SignatureAlgorithm::ED448)
}

/// Goes on only if the token takes keys on the curve.
fn takes(token: &TestToken, fixture: &Fixture, curve: &'static str) -> Outcome {
    match token.session()?.import(PublicKeyDer::from_der(fixture.public)?).create() {
        Err(error) if error.return_code() == Some(ReturnCode::ATTRIBUTE_VALUE_INVALID) => {
            skip(Skip::ParametersRefused(MechanismType::ECDSA, curve))
        }
        answer => Ok(answer.map(drop)?),
    }
}

/// Both keys on the token: openssl's signature verifies, the token's does, and both keys leave as
/// they came.
fn signs(token: &TestToken, fixture: &Fixture, algorithm: SignatureAlgorithm) -> Outcome {
    let session = token.session()?;
    let public = session.import(PublicKeyDer::from_der(fixture.public)?).create()?;
    public.verify_der(algorithm, MESSAGE, fixture.signature)?;
    fails!(public.verify_der(algorithm, b"other", fixture.signature), ErrorKind::SignatureInvalid);
    assert_eq!(public.to_spki_der()?, fixture.public);

    let key = PrivateKeyDer::from_der(fixture.private)?;
    let private = session.import(&key).create()?;
    let signature = private.sign_der(algorithm, MESSAGE)?;
    public.verify_der(algorithm, MESSAGE, &signature)?;
    let error =
        fails!(private.to_pkcs8_der(), ErrorKind::AttributeUnavailable(Unavailable::Sensitive));
    assert!(error.attribute().is_some(), "{error}");

    // A key that may leave.
    let open = session.import(&key).with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true);
    let back = open.create()?.to_private_key()?;
    assert_eq!(*without_point(back.der())?, *without_point(fixture.private)?);
    let again = session.import(back).create()?;
    public.verify_der(algorithm, MESSAGE, &again.sign_der(algorithm, MESSAGE)?)?;
    assert_usable(&session)
}

/// A token does not give the point with a private key.
pub(crate) fn without_point(der: &[u8]) -> Outcome<Vec<u8>> {
    let mut info = PrivateKeyInfo::from_der(der)?;
    if let pkcs8::PrivateKey::Ec { key, .. } = &mut info.key {
        key.point = None;
    }
    Ok(info.to_der()?.to_vec())
}

fn a_private_key_has_the_defaults_of_its_type(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for (fixture, decrypts, derives) in [(&RSA, true, false), (&P256, false, true)] {
        let key = PrivateKeyDer::from_der(fixture.private)?;
        let private = session.import(key).label("imported").id(b"7").create()?;
        let secret = (attr::TOKEN, attr::PRIVATE, attr::SENSITIVE, attr::EXTRACTABLE);
        assert_eq!(private.get(secret)?, (false, true, true, false));
        let may = (attr::SIGN, attr::DECRYPT, attr::UNWRAP, attr::DERIVE);
        assert_eq!(private.get(may)?, (true, decrypts, decrypts, derives));
        let (label, id, local) = private.get((attr::LABEL, attr::ID, attr::LOCAL))?;
        assert_eq!((label.as_str(), &id[..], local), ("imported", &b"7"[..], false));
    }
    Ok(())
}

fn a_public_key_has_the_defaults_of_its_type(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for (fixture, encrypts) in [(&RSA, true), (&P256, false)] {
        let public = session.import(PublicKeyDer::from_der(fixture.public)?).create()?;
        let may = (attr::VERIFY, attr::ENCRYPT, attr::WRAP, attr::TOKEN);
        assert_eq!(public.get(may)?, (true, encrypts, encrypts, false));
    }
    Ok(())
}

fn what_the_caller_says_comes_before_the_defaults(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = PrivateKeyDer::from_der(RSA.private)?;
    let private = session
        .import(&key)
        .capabilities(Capabilities::DECRYPT)
        .store(true)
        .with(attr::UNWRAP, true)
        .without(attr::LABEL)
        .create()?;
    let may = (attr::SIGN, attr::DECRYPT, attr::UNWRAP, attr::TOKEN);
    assert_eq!(private.get(may)?, (false, true, true, true));
    private.sign(DEFAULT, MESSAGE).unwrap_err();
    private.destroy()?;
    Ok(())
}
