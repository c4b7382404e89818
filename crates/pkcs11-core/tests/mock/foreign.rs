//! An object of another token inside a parameter: its handle would name another object here, or none.

use pkcs11_core::mechanism::*;
use pkcs11_core::{
    Certificate, CertificateType, ErrorKind, Function, Hash, Kdf, KeyType, MechanismType, Object,
    ObjectClass, PrivateKey, PublicKey, ReturnCode, SecretKey, Session, Template, TokenObject,
    attr, label,
};
use pkcs11_mock::{LABEL, Mock};

use crate::support::{aes_key, failure, load_patched, open};

/// One object of each class.
struct Objects {
    secret: SecretKey,
    private: PrivateKey,
    public: PublicKey,
    certificate: Certificate,
}

impl Objects {
    fn of(session: &Session) -> Self {
        let key = |class| {
            Template::new()
                .with(attr::CLASS, class)
                .with(attr::KEY_TYPE, KeyType::EC)
                .with(attr::EC_POINT, &[4; 65])
        };
        let certificate = Template::new().with(attr::CERTIFICATE_TYPE, CertificateType::X_509);
        Self {
            secret: aes_key(session),
            private: session.create(&key(ObjectClass::PRIVATE_KEY)).unwrap(),
            public: session.create(&key(ObjectClass::PUBLIC_KEY)).unwrap(),
            certificate: session.create(&certificate).unwrap(),
        }
    }

    fn private_object(&self) -> &Object {
        self.private.object()
    }
}

/// The token of the operation, and objects of it and of another.
struct Tokens {
    own: Objects,
    foreign: Objects,
    session: Session,
    _mock: Mock,
}

impl Tokens {
    fn start() -> Self {
        let mock = Mock::start();
        let session = open(&mock);
        // The same list elsewhere in memory is another module, and its token is another.
        let module = load_patched(&mock, |_| {});
        let foreign = module.token(label(LABEL)).unwrap().open().start().unwrap();
        let foreign = Objects::of(&foreign);
        Self { own: Objects::of(&session), foreign, session, _mock: mock }
    }

    /// Expects that the mechanism is refused for the object, by name and without a call.
    #[track_caller]
    fn refuse<'m>(&self, mechanism: impl IntoMechanism<'m>, number: MechanismType) {
        let error = failure!(self.session.digest(mechanism, b""), ErrorKind::InvalidInput(_));
        assert_eq!(error.mechanism(), Some(number), "{error}");
        assert_eq!(error.function(), Some(Function::DigestInit), "{error}");
        assert!(error.to_string().contains("an object of another token"), "{error}");
    }

    /// Expects that the mechanism comes up to the module, which does not know it for a digest.
    #[track_caller]
    fn take<'m>(&self, mechanism: impl IntoMechanism<'m>, number: MechanismType) {
        let error = self.session.digest(mechanism, b"").unwrap_err();
        assert_eq!(error.return_code(), Some(ReturnCode::MECHANISM_INVALID), "{error}");
        assert_eq!(error.mechanism(), Some(number), "{error}");
    }

    /// Expects both, for each place of an object: own objects are taken, and a foreign one in that
    /// place is refused.
    #[track_caller]
    fn each<'m, M: IntoMechanism<'m>, const PLACES: usize>(
        &'m self,
        number: MechanismType,
        make: impl Fn([&'m Objects; PLACES]) -> M,
    ) {
        self.take(make([&self.own; PLACES]), number);
        for place in 0..PLACES {
            let mut objects = [&self.own; PLACES];
            objects[place] = &self.foreign;
            self.refuse(make(objects), number);
        }
    }
}

#[test]
fn in_key_derivation() {
    let tokens = Tokens::start();
    tokens.each(MechanismType::HKDF_DERIVE, |[of]| {
        Hkdf::new(Hash::Sha256).salt(HkdfSalt::Key(&of.secret))
    });
    tokens.each(MechanismType::HKDF_DATA, |[of]| {
        Hkdf::new(Hash::Sha256).salt(HkdfSalt::Key(&of.secret)).data(true)
    });
    tokens.each(MechanismType::CONCATENATE_BASE_AND_KEY, |[of]| ConcatenateKey::new(&of.secret));
}

#[test]
fn in_sp800_108() {
    let tokens = Tokens::start();
    let (own, foreign) = (PrfData::Key(&tokens.own.secret), PrfData::Key(&tokens.foreign.secret));
    let counter = PrfData::Counter(NumberFormat::big_endian(32));
    let modes = [
        (Sp800108Mode::Counter, counter, MechanismType::SP800_108_COUNTER_KDF),
        (
            Sp800108Mode::Feedback { iv: &[] },
            PrfData::Iteration,
            MechanismType::SP800_108_FEEDBACK_KDF,
        ),
        (
            Sp800108Mode::DoublePipeline,
            PrfData::Iteration,
            MechanismType::SP800_108_DOUBLE_PIPELINE_KDF,
        ),
    ];
    for (mode, first, number) in modes {
        let prf = MechanismType::AES_CMAC;
        tokens.take(Sp800108::new(mode, prf, &[first, own, own]), number);
        tokens.refuse(Sp800108::new(mode, prf, &[first, foreign, own]), number);
        tokens.refuse(Sp800108::new(mode, prf, &[first, own, foreign]), number);
    }
}

#[test]
fn in_key_agreement() {
    let tokens = Tokens::start();
    let point = &[4; 65];
    tokens.each(MechanismType::X9_42_DH_HYBRID_DERIVE, |[of]| {
        X942DhHybrid::new(point, point, &of.private, 32)
    });
    tokens.each(MechanismType::X9_42_MQV_DERIVE, |[of, ephemeral]| {
        X942Mqv::new(point, point, &of.private, 32, &ephemeral.public)
    });
    tokens.each(MechanismType::ECMQV_DERIVE, |[of, ephemeral]| {
        EcMqv::new(point, point, &of.private, 32, &ephemeral.public)
    });
    // The older struct of the same mechanism.
    tokens.each(MechanismType::ECMQV_DERIVE, |[of]| Ecdh2::new(point, point, &of.private, 32));
    tokens.each(MechanismType::GOSTR3410_KEY_WRAP, |[of]| {
        Gostr3410KeyWrap::new().oid(b"oid").ukm(Some(&[1; 8])).key(Some(&of.private))
    });
}

#[test]
fn in_ike() {
    let tokens = Tokens::start();
    let prf = MechanismType::SHA256_HMAC;
    tokens.each(MechanismType::IKE_PRF_DERIVE, |[of]| {
        IkePrf::new(prf, IkeSeed::Rekey(&of.secret), b"initiator", b"responder")
    });
    tokens.each(MechanismType::IKE1_PRF_DERIVE, |[shared, previous]| {
        Ike1Prf::new(prf, &shared.secret, b"initiator", b"responder", 1)
            .previous_key(Some(&previous.secret))
    });
    tokens.each(MechanismType::IKE1_EXTENDED_DERIVE, |[of]| {
        Ike1Extended::new(prf).shared_secret(Some(&of.secret))
    });
    tokens.each(MechanismType::IKE2_PRF_PLUS_DERIVE, |[of]| {
        Ike2PrfPlus::new(prf).seed_key(Some(&of.secret)).seed(b"seed")
    });
}

#[test]
fn in_x3dh_and_the_double_ratchet() {
    let tokens = Tokens::start();
    let kdf = Kdf::SHA256_KDF;
    tokens.each(MechanismType::X3DH_INITIALIZE, |[identity, prekey, own, ephemeral]| {
        X3dhInitiate::new(
            kdf,
            &identity.public,
            &prekey.public,
            &[1; 64],
            &own.private,
            &ephemeral.private,
        )
    });
    tokens.each(MechanismType::X3DH_RESPOND, |[initiator]| {
        X3dhRespond::new(kdf, b"identity", b"prekey", &initiator.public, &[1; 32])
    });
    tokens.each(MechanismType::X2RATCHET_INITIALIZE, |[prekey, peer, own]| X2RatchetInitialize {
        shared_secret: &[1; 32],
        peer_prekey: &prekey.public,
        peer_identity: &peer.public,
        own_identity: &own.public,
        encrypted_header: true,
        curve: RatchetCurve::Curve25519,
        aead: MechanismType::AES_GCM,
        kdf,
    });
    tokens.each(MechanismType::X2RATCHET_RESPOND, |[prekey, initiator, own]| X2RatchetRespond {
        shared_secret: &[1; 32],
        own_prekey: prekey.private_object(),
        initiator_identity: &initiator.public,
        own_identity: &own.public,
        encrypted_header: true,
        curve: RatchetCurve::Curve25519,
        aead: MechanismType::AES_GCM,
        kdf,
    });
}

#[test]
fn in_ct_kip_and_cms() {
    let tokens = Tokens::start();
    tokens.each(MechanismType::KIP_DERIVE, |[of]| Kip {
        usage: KipUse::Derive,
        mechanism: Mechanism::new(MechanismType::SHA256),
        key: Some(&of.secret),
        seed: b"seed",
    });
    tokens.each(MechanismType::CMS_SIG, |[of]| {
        CmsSig::new(Mechanism::new(MechanismType::ECDSA_SHA256)).certificate(Some(&of.certificate))
    });
}
