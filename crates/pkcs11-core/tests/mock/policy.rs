//! A policy sees every mechanism before it is used, the default and the one that is named.

use std::sync::{Arc, Mutex};

use pkcs11_core::mechanism::{AesCbcPad, Ecdh1, Mechanism};
use pkcs11_core::{
    Capabilities, Context, DEFAULT, Defaults, ErrorKind, Hash, KeyType, LoadOptions, MechanismType,
    MlKemParameterSet, ModuleInfo, ObjectClass, Quirks, Request, Result, Template, TokenInfo,
    Usage, attr, label,
};
use pkcs11_mock::{LABEL, Mock, USER_PIN};

use crate::support::{MESSAGE, aes_key, failure, hmac_key, rsa_pair, try_load};

/// Permits what it is told to, and remembers what it was asked.
#[derive(Clone, Debug)]
struct Policy {
    asked: Arc<Mutex<Vec<(Usage, MechanismType)>>>,
    permits: Arc<Mutex<bool>>,
}

impl Defaults for Policy {
    fn mechanism<'a>(&self, _: &Request<'a>, _: &Context<'_>) -> Result<Mechanism<'a>> {
        Ok(Mechanism::new(MechanismType::SHA256_HMAC))
    }

    fn capabilities(&self, _: KeyType) -> Option<Capabilities> {
        None
    }

    fn template(&self, _: ObjectClass, _: KeyType, _: Usage) -> Template<'static> {
        Template::new()
    }

    fn permit(&self, mechanism: &Mechanism<'_>, context: &Context<'_>) -> Result<()> {
        self.asked.lock().unwrap().push((context.usage(), mechanism.number()));
        let permitted = *self.permits.lock().unwrap();
        if permitted { Ok(()) } else { Err(context.refused("nothing is permitted here")) }
    }

    fn quirks(&self, _: &ModuleInfo, _: &TokenInfo) -> Quirks {
        Quirks::NONE
    }
}

#[test]
fn every_use_is_asked_for_before_any_call() {
    let mock = Mock::start();
    let policy = Policy { asked: Arc::default(), permits: Arc::new(Mutex::new(true)) };
    let module = try_load(&mock, LoadOptions::new().defaults(policy.clone())).unwrap();
    let token = module.token(label(LABEL)).unwrap();
    let session = token.open().user_pin(USER_PIN).start().unwrap();
    let (aes, hmac, (rsa_public, rsa)) =
        (aes_key(&session), hmac_key(&session), rsa_pair(&session));
    let pair = session
        .generate_key_pair(MlKemParameterSet::ML_KEM_512)
        .with_public(attr::ENCAPSULATE, true);
    let kem = pair.create_with(MechanismType::ML_KEM_KEY_PAIR_GEN).unwrap();
    let generic = KeyType::GENERIC_SECRET;
    // The type of a key is read once.
    hmac.sign(DEFAULT, MESSAGE).unwrap();
    *policy.permits.lock().unwrap() = false;
    policy.asked.lock().unwrap().clear();
    mock.reset_counts();

    let cbc = AesCbcPad::new(&[3; 16]);
    let refused = [
        hmac.sign(DEFAULT, MESSAGE).map(drop),
        hmac.verify(MechanismType::SHA256_HMAC, MESSAGE, &[0; 32]),
        aes.encrypt(cbc, MESSAGE).map(drop),
        aes.encrypt_into(cbc, MESSAGE, &mut [0; 64]).map(drop),
        aes.decrypt(cbc, &[0; 16]).map(drop),
        session.digest(MechanismType::SHA256, MESSAGE).map(drop),
        session
            .generate_key(KeyType::AES)
            .bits(128)
            .create_with(MechanismType::AES_KEY_GEN)
            .map(drop),
        session
            .generate_key_pair(KeyType::RSA)
            .bits(2048)
            .create_with(MechanismType::RSA_PKCS_KEY_PAIR_GEN)
            .map(drop),
        session
            .generate_parameters(KeyType::DH)
            .bits(512)
            .create_with(MechanismType::DH_PKCS_PARAMETER_GEN)
            .map(drop),
        rsa.derive_key(Ecdh1::new(&[4; 65]), generic).bits(128).create().map(drop),
        rsa_public.wrap_key(MechanismType::RSA_PKCS, &hmac).map(drop),
        rsa.unwrap_key(MechanismType::RSA_PKCS, &[0; 256], generic).create().map(drop),
        kem.0.encapsulate(MechanismType::ML_KEM, generic).create().map(drop),
        kem.1.decapsulate(MechanismType::ML_KEM, &[0; 768], generic).create().map(drop),
    ];
    let count = refused.len();
    for answer in refused {
        let error = failure!(answer, ErrorKind::Refused(_));
        assert!(error.function().is_some() && error.mechanism().is_some(), "{error:?}");
        assert!(error.to_string().contains("nothing is permitted here"), "{error}");
    }
    // The quirks of the token, which Ecdh1 looks at, are read on the way.
    let about = ["C_GetInfo", "C_GetTokenInfo"].map(|function| mock.calls(function));
    assert_eq!(mock.total(), about.iter().sum::<u64>(), "{:?}", mock.counts());
    let asked = policy.asked.lock().unwrap();
    assert_eq!(asked.len(), count);
    let usages = [
        Usage::Sign,
        Usage::Verify,
        Usage::Encrypt,
        Usage::Encrypt,
        Usage::Decrypt,
        Usage::Digest,
        Usage::GenerateKey,
        Usage::GenerateKeyPair,
        Usage::GenerateParameters,
        Usage::Derive,
        Usage::Wrap,
        Usage::Unwrap,
        Usage::Encapsulate,
        Usage::Decapsulate,
    ];
    let found: Vec<Usage> = asked.iter().map(|(usage, _)| *usage).collect();
    assert_eq!(found, usages);
}

#[test]
fn a_hash_that_the_number_does_not_tell_is_told() {
    let prehashed = Mechanism::new(MechanismType::ECDSA).prehashed(Hash::Sha1);
    assert_eq!(prehashed.hash(), Some(MechanismType::SHA_1));
    assert_eq!(Mechanism::new(MechanismType::ECDSA_SHA1).hash(), None);
}

#[test]
fn only_signatures_are_made_of_a_digest() {
    let mock = Mock::start();
    let policy = Policy { asked: Arc::default(), permits: Arc::new(Mutex::new(true)) };
    let module = try_load(&mock, LoadOptions::new().defaults(policy)).unwrap();
    let token = module.token(label(LABEL)).unwrap();
    let session = token.open().user_pin(USER_PIN).start().unwrap();
    let (public, private) = rsa_pair(&session);
    let hashed = || Mechanism::new(MechanismType::RSA_PKCS).prehashed(Hash::Sha256);
    failure!(public.encrypt(hashed(), MESSAGE), ErrorKind::InvalidInput(_));
    failure!(public.wrap_key(hashed(), &private), ErrorKind::InvalidInput(_));
    assert!(private.sign(hashed(), MESSAGE).is_ok());
}
