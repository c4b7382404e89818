//! Keys of openssl that agree on a secret: on the token it is the one that openssl came to.

use pkcs11::codec::dh::{DhParameters, X942Parameters};
use pkcs11::codec::dsa::DsaParameters;
use pkcs11::codec::spki;
use pkcs11::prelude::*;
use pkcs11::{ObjectClass, ReturnCode};
use tests_softhsm::{Outcome, Skip, TestToken, skip, tests};

use crate::common::assert_usable;
use crate::import::without_point;

tests! {
    imported_keys_agree_by_ecdh: and Nss;
    imported_keys_agree_by_x25519;
    imported_keys_agree_by_x448;
    imported_keys_agree_by_dh;
    imported_keys_agree_by_x942_dh;
    domain_parameters_are_imported;
    x942_parameters_are_imported;
    the_groups_of_rfc_5114_serve_dh;
}

/// A key of `import/make.sh`, another's public key, and what both agree on.
struct Fixture {
    private: &'static [u8],
    public: &'static [u8],
    peer: &'static [u8],
    secret: &'static [u8],
}

macro_rules! fixture {
    ($name:literal) => {
        Fixture {
            private: include_bytes!(concat!("import/", $name, ".key")),
            public: include_bytes!(concat!("import/", $name, ".pub")),
            peer: include_bytes!(concat!("import/", $name, ".peer")),
            secret: include_bytes!(concat!("import/", $name, ".secret")),
        }
    };
}

fn imported_keys_agree_by_ecdh(token: &TestToken) -> Outcome {
    agrees(token, &fixture!("ecdh"))
}

fn imported_keys_agree_by_x25519(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EC_MONTGOMERY_KEY_PAIR_GEN])?;
    agrees(token, &fixture!("x25519"))
}

fn imported_keys_agree_by_x448(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::EC_MONTGOMERY_KEY_PAIR_GEN])?;
    agrees(token, &fixture!("x448"))
}

fn imported_keys_agree_by_dh(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DH_PKCS_DERIVE])?;
    agrees(token, &fixture!("dh"))
}

fn imported_keys_agree_by_x942_dh(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::X9_42_DH_DERIVE])?;
    agrees(token, &fixture!("x942"))
}

fn agrees(token: &TestToken, fixture: &Fixture) -> Outcome {
    let session = token.session()?;
    let key = PrivateKeyDer::from_der(fixture.private)?;
    let private = session.import(&key).create()?;
    assert!(private.get(attr::DERIVE)?);
    let peer = PublicKeyDer::from_der(fixture.peer)?;
    let value = match peer.key()? {
        spki::PublicKey::Ec { point, .. } => point,
        spki::PublicKey::Montgomery { key, .. } => key,
        spki::PublicKey::Dh { value, .. } | spki::PublicKey::X942Dh { value, .. } => value,
        other => panic!("{other:?}"),
    };
    let bits = fixture.secret.len() * 8;
    let agree = |private: &PrivateKey| {
        let secret = private.derive_key(DEFAULT.peer(value), KeyType::GENERIC_SECRET).bits(bits);
        let secret = secret.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true);
        secret.create()?.get(attr::VALUE)
    };
    assert_eq!(agree(&private)?, fixture.secret);

    let public = session.import(PublicKeyDer::from_der(fixture.public)?).create()?;
    assert_eq!(public.to_spki_der()?, fixture.public);
    let open = session.import(&key).with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true);
    let back = open.create()?.to_pkcs8_der()?;
    assert_eq!(without_point(&back)?, without_point(fixture.private)?);
    assert_usable(&session)
}

/// Parameters of openssl in PEM.
fn parameters(text: &str, label: &str) -> Outcome<Vec<u8>> {
    for block in pkcs11::codec::pem::blocks(text) {
        let block = block?;
        if block.label().as_str() == label {
            return Ok(block.decode()?.to_vec());
        }
    }
    panic!("no {label}");
}

fn domain_parameters_are_imported(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DSA_KEY_PAIR_GEN])?;
    let session = token.session()?;
    let der = parameters(include_str!("import/dsa_parameters.pem"), "DSA PARAMETERS")?;
    let read = DsaParameters::from_der(&der)?;
    let object: DomainParameters = session.import(&read).label("group").create()?;
    let numbers = object.dsa_parameters()?;
    assert_eq!(numbers.subprime.as_bytes(), read.subprime);
    let (public, private) = session.generate_key_pair(numbers).create()?;
    let algorithm = SignatureAlgorithm::DSA_WITH_SHA256;
    public.verify_der(algorithm, b"message", &private.sign_der(algorithm, b"message")?)?;
    let exported = public.to_public_key()?;
    let spki::PublicKey::Dsa { parameters: Some(parameters), .. } = exported.key()? else {
        panic!("{exported:?}");
    };
    assert_eq!(parameters.to_der()?, der);
    Ok(())
}

/// The group of RFC 5114 §2.3, as openssl writes it.
fn x942_parameters_are_imported(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::X9_42_DH_KEY_PAIR_GEN])?;
    let session = token.session()?;
    let der = parameters(include_str!("import/x942_parameters.pem"), "X9.42 DH PARAMETERS")?;
    let read = X942Parameters::from_der(&der)?;
    let object = session.import(&read).create()?;
    let (public, private) = session.generate_key_pair(object.x942_parameters()?).create()?;
    let (other, _) = session.generate_key_pair(object.x942_parameters()?).create()?;
    let value = other.public_value()?;
    private.derive_key(DEFAULT.peer(&value), KeyType::AES).bits(128).create()?;
    let exported = public.to_public_key()?;
    assert!(matches!(exported.key()?, spki::PublicKey::X942Dh { .. }));
    Ok(())
}

/// DER of X9.42 has what PKCS#3 wants, too: few tokens have X9.42.
fn the_groups_of_rfc_5114_serve_dh(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for der in [
        &include_bytes!("../../../crates/pkcs11-codec/tests/fixtures/spki/rfc5114-1.der")[..],
        include_bytes!("../../../crates/pkcs11-codec/tests/fixtures/spki/rfc5114-2.der"),
        include_bytes!("../../../crates/pkcs11-codec/tests/fixtures/spki/rfc5114-3.der"),
    ] {
        let X942Parameters { prime, base, .. } = X942Parameters::from_der(der)?;
        let parameters = DhParameters { prime, base, private_value_bits: None };
        let object = match session.import(parameters).create() {
            Err(error) if error.return_code() == Some(ReturnCode::TEMPLATE_INCONSISTENT) => {
                assert!(!token.is_softhsm());
                return skip(Skip::NoSuchClass(ObjectClass::DOMAIN_PARAMETERS));
            }
            answer => answer?,
        };
        let numbers = object.dh_parameters()?;
        let (mine_public, mine) = session.generate_key_pair(numbers.clone()).create()?;
        let (theirs_public, theirs) = session.generate_key_pair(numbers).create()?;
        let agree = |key: &PrivateKey, peer: &PublicKey| {
            let peer = peer.public_value()?;
            let secret = key.derive_key(DEFAULT.peer(&peer), KeyType::AES).bits(256);
            let secret = secret.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true);
            secret.create()?.get(attr::VALUE)
        };
        assert_eq!(agree(&mine, &theirs_public)?, agree(&theirs, &mine_public)?);
    }
    Ok(())
}
