//! Keys that come in DER: what the codec reads, the token uses; what the token makes, the codec
//! writes.

use hex_literal::hex;
use pkcs11::BigInteger;
use pkcs11::codec::ec::{self, EcParameters};
use pkcs11::codec::pkcs1::RsaPrivateKey;
use pkcs11::codec::signature::Signature;
use pkcs11::codec::spki;
use pkcs11::prelude::*;
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::assert_usable;

tests! {
    a_key_of_openssl_verifies_its_signature;
    a_private_number_and_its_public_key_belong_together;
    signatures_of_the_token_pass_through_der;
    a_signature_with_a_short_number_verifies;
    ecdh_with_points_in_der;
    points_are_told_apart_by_their_length;
    public_keys_of_the_token_are_written_and_read;
    an_rsa_key_is_read_with_capabilities;
    a_certificate_is_kept;
}

/// `openssl ecparam -name prime256v1 -genkey -noout -out ec.pem`, then
/// `openssl ec -in ec.pem -pubout -outform DER`.
const EC_SPKI: [u8; 91] = hex!(
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004875a8c0ac62f73a910ce2a182dbe46c4e0"
    "0fdc4d4f799c9627db45fb7f3b903f12cc64711df4ebf39f8959cb86e7f7e9c15d5d96ad0be000c08b247b66"
    "430687"
);
/// The private number of `openssl ec -in ec.pem -outform DER`, an ECPrivateKey (SEC 1 §C.4).
const EC_NUMBER: [u8; 32] =
    hex!("4ee77099f69babbbc6f618d2228b6c6e9b223aa164c52338f3b8258a7a14f1df");
/// `printf message | openssl dgst -sha256 -sign ec.pem`.
const EC_SIGNATURE: [u8; 71] = hex!(
    "3045022018c15670f59b74a8f2bb39c15c5bd18c8b6124e06200b4be7e701e5a36a7a6f5022100c3ae9d8e5d"
    "8542e3e0e8b218212a873279db4bf7de5677f3170dadbfeaae09c7"
);
/// `openssl genrsa -traditional 1024`, then `openssl rsa -traditional -outform DER`.
const RSA_PKCS1: [u8; 610] = hex!(
    "3082025e02010002818100de1b30eafbb98aece5d1c31dc3a502608d51828986627d6fea9a95d96df4eaba7f"
    "1b882ef2d99f858820d193689e069c946afc971a250221af7eae488444f1cfe5060f38406a5ad3e434805b43"
    "43746c222d5fcab987e31f70d753e9cb9ff2a6415697081e6c7b5382da0da06ceb6f1bd35eb5c3dc41c65e3f"
    "05ead9fdd2b4f702030100010281800464654340571af8345341988515ee461a85521f8618cc823a11748528"
    "377facd076aaeac2c2aaf4e90c3d18bd28e2d895d6c7c7f52c662e645a0cf842255ae2c823103da27e59af3a"
    "0792376b171e6c4483d7ac65b93ee8a69649ab2dc6585b36ce059a41a61113adeb2e84c2c8e6f8f9806dd7b2"
    "5e8ddb56d950277b1c6b81024100fb2d77b11e041b52b87032b61871d6d8f891ee84878900f8ad4ee036959a"
    "f8e5bb19b1ed8d20cdac25ca735568ed0b6a4af938eeefaee993537bf2658a663d5d024100e25ed6998ea636"
    "806ff473c54ddf89f165a2843096044a12b719c8be61f71f5eb6fb3bf65ea9f46b83363b7d5377b8a7f527fc"
    "ce8faf43227c00af9b4fe3426302410097a9f89fc5d40cfb81ca9d943e665ea85c4f218a7c9c492dded7c5a2"
    "afeb07670ff68fed344e1e6257df4a8cc3f27df60c9737bd6e945b0d4e578521b2d3d1310241008e41ad38e8"
    "e55940d39a5a9ab67a7134ab7b3af9517d3693964f74d0f7bd96102e8ba9be04f5672d9d529a8602cb2cd718"
    "005e25ed33e5cba903c157a8179823024100e043dfc417bd71a0cfaf3042e602958d4529e048082330251448"
    "940bad636ca85ccb02919f762db587bd97b255cd9ef3f8e8d2289f91db36968b8e7d0e5925ce"
);
/// `openssl req -x509 -key ec.pem -subj "/CN=Test CA" -days 3650 -set_serial 7 -outform DER`.
pub(crate) const CERTIFICATE: [u8; 362] = hex!(
    "308201663082010ca003020102020107300a06082a8648ce3d04030230123110300e06035504030c07546573"
    "74204341301e170d3236313132313137333832355a170d3336313131383137333832355a30123110300e0603"
    "5504030c07546573742043413059301306072a8648ce3d020106082a8648ce3d03010703420004875a8c0ac6"
    "2f73a910ce2a182dbe46c4e00fdc4d4f799c9627db45fb7f3b903f12cc64711df4ebf39f8959cb86e7f7e9c1"
    "5d5d96ad0be000c08b247b66430687a3533051301d0603551d0e04160414de13f6cb243ee453b00809497516"
    "a40c5f3104fa301f0603551d23041830168014de13f6cb243ee453b00809497516a40c5f3104fa300f060355"
    "1d130101ff040530030101ff300a06082a8648ce3d0403020348003045022056aefd394cd5244544481428a9"
    "a64e2a0e1da9d95c04d6e9688012b672186c0e022100c5a323483509d59dc685c3f9b29053879562856bda67"
    "14b89fa4487f10b63f04"
);

/// The key in a SubjectPublicKeyInfo, on the token.
fn import(session: &Session, der: &[u8]) -> Outcome<PublicKey> {
    let spki::PublicKey::Ec { parameters, point } = spki::PublicKey::from_spki_der(der)? else {
        panic!("no key on a curve");
    };
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::EC)
        .with(attr::EC_PARAMS, parameters.to_der()?)
        .with(attr::EC_POINT, ec::wrap_point(point)?)
        .with(attr::VERIFY, true);
    Ok(session.create(&template)?)
}

fn private(session: &Session) -> Result<PrivateKey> {
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::EC)
        .with(attr::EC_PARAMS, Curve::P256.ec_params())
        .with(attr::VALUE, &EC_NUMBER)
        .with(attr::SIGN, true)
        .with(attr::DERIVE, true);
    session.create(&template)
}

fn a_key_of_openssl_verifies_its_signature(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let public = import(&session, &EC_SPKI)?;
    assert_eq!(public.get(attr::EC_PARAMS)?, Curve::P256.ec_params());
    let signature = Signature::from_der(&EC_SIGNATURE, Curve::P256.field_bytes())?.to_fixed();
    let mechanism = Ecdsa::new(Hash::Sha256);
    public.verify(mechanism, b"message", &signature)?;
    fails!(public.verify(mechanism, b"other", &signature), ErrorKind::SignatureInvalid);
    Ok(())
}

fn a_private_number_and_its_public_key_belong_together(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = (import(&session, &EC_SPKI)?, private(&session)?);
    public.verify(DEFAULT, b"message", &private.sign(DEFAULT, b"message")?)?;
    Ok(())
}

fn signatures_of_the_token_pass_through_der(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for curve in [Curve::P256, Curve::P384, Curve::P521] {
        let (public, private) = session.generate_key_pair(curve).create()?;
        for number in 0..50_u8 {
            let signature = private.sign(DEFAULT, &[number])?;
            let der = Signature::from_fixed(&signature, curve.field_bytes())?.to_der();
            let back = Signature::from_der(&der, curve.field_bytes())?.to_fixed();
            assert_eq!(back, signature);
            public.verify(DEFAULT, &[number], &back)?;
        }
    }
    Ok(())
}

/// One number in 256 is short; where padding goes by the longer of the two, both must be, which
/// comes once in 70,000 times: that is a test of the codec, on numbers that are made for it.
fn a_signature_with_a_short_number_verifies(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    let mut short = 0;
    for number in 0..4000_u32 {
        let digest = session.digest(MechanismType::SHA256, &number.to_be_bytes())?;
        let signature = private.sign(MechanismType::ECDSA, &digest)?;
        assert_eq!(signature.len(), 64);
        if signature[0] != 0 && signature[32] != 0 {
            continue;
        }
        short += 1;
        let der = Signature::from_fixed(&signature, 32)?.to_der();
        let fixed = Signature::from_der(&der, 32)?.to_fixed();
        assert_eq!(fixed, signature);
        public.verify(MechanismType::ECDSA, &digest, &fixed)?;
    }
    // Of 4000, 31 have one on average; that none has comes once in 10^13 times.
    assert!(short > 0);
    Ok(())
}

/// A point as openssl and the standard's own attribute have it; the token gets what it wants.
fn ecdh_with_points_in_der(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let derive = |mine: &PrivateKey, point: &[u8]| {
        let key = mine.derive_key(Ecdh1::new(point), KeyType::AES).bits(192);
        key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?.get(attr::VALUE)
    };
    // P-192 is not on every token.
    let curves = [Curve::P192, Curve::P256];
    let mut agreed = 0;
    for curve in curves {
        let Ok((alice_public, alice)) = session.generate_key_pair(curve).create() else {
            assert!(curve == Curve::P192);
            continue;
        };
        let (bob_public, bob) = session.generate_key_pair(curve).create()?;
        let (from_alice, from_bob) =
            (alice_public.get(attr::EC_POINT)?, bob_public.get(attr::EC_POINT)?);
        let one = derive(&alice, ec::unwrap_point(&from_bob)?)?;
        assert_eq!(derive(&bob, ec::unwrap_point(&from_alice)?)?, one);
        // The DER form is the attribute's; as the other party's point it is taken for what it is.
        assert_eq!(ec::unwrap_point(&from_bob)?, bob_public.ec_point()?);
        agreed += 1;
    }
    assert!(agreed >= 1);
    assert_usable(&session)
}

/// A point of a Weierstrass curve begins with 04, as does the DER around it.
fn points_are_told_apart_by_their_length(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, _) = session.generate_key_pair(Curve::P256).create()?;
    let raw = public.ec_point()?;
    assert_eq!((raw.len(), raw[0]), (65, 4));
    let der = ec::wrap_point(&raw)?;
    assert_eq!(der[..3], [4, 65, 4]);
    assert_eq!(ec::unwrap_point(&der)?, raw);
    // 04 3f: a bare point whose abscissa begins so looks like an OCTET STRING of 63 bytes.
    let mut lookalike = vec![4, 0x3f];
    lookalike.resize(65, 7);
    ec::unwrap_point(&lookalike[..]).unwrap();
    assert_eq!(ec::unwrap_point(&ec::wrap_point(&lookalike)?)?, lookalike);
    Ok(())
}

fn public_keys_of_the_token_are_written_and_read(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for curve in [Curve::P256, Curve::P384, Curve::P521] {
        let (public, private) = session.generate_key_pair(curve).create()?;
        let (parameters, point) = (public.get(attr::EC_PARAMS)?, public.ec_point()?);
        let parameters = EcParameters::from_der(&parameters)?;
        let der = spki::PublicKey::Ec { parameters, point: &point }.to_spki_der()?;
        let copy = import(&session, &der)?;
        copy.verify(DEFAULT, b"message", &private.sign(DEFAULT, b"message")?)?;
    }
    Ok(())
}

fn an_rsa_key_is_read_with_capabilities(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let key = RsaPrivateKey::from_der(&RSA_PKCS1)?;
    let [n, e, d, p, q, dp, dq, inverse] = [
        key.modulus,
        key.public_exponent,
        key.private_exponent,
        key.prime_1,
        key.prime_2,
        key.exponent_1,
        key.exponent_2,
        key.coefficient,
    ]
    .map(BigInteger::from);
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::RSA)
        .with(attr::MODULUS, &n)
        .with(attr::PUBLIC_EXPONENT, &e)
        .with(attr::PRIVATE_EXPONENT, &d)
        .with(attr::PRIME_1, &p)
        .with(attr::PRIME_2, &q)
        .with(attr::EXPONENT_1, &dp)
        .with(attr::EXPONENT_2, &dq)
        .with(attr::COEFFICIENT, &inverse)
        .with(attr::SIGN, true)
        .with(attr::DECRYPT, false);
    let private: PrivateKey = session.create(&template)?;
    let template = Template::new()
        .with(attr::KEY_TYPE, KeyType::RSA)
        .with(attr::MODULUS, &n)
        .with(attr::PUBLIC_EXPONENT, &e)
        .with(attr::ENCRYPT, true)
        .with(attr::VERIFY, true);
    let public: PublicKey = session.create(&template)?;
    assert_eq!(private.get((attr::SIGN, attr::DECRYPT))?, (true, false));
    let signature = private.sign(DEFAULT, b"message")?;
    assert_eq!(signature.len(), 128);
    public.verify(DEFAULT, b"message", &signature)?;
    let ciphertext = public.encrypt(MechanismType::RSA_PKCS, b"INPUT DATA")?;
    private.decrypt(MechanismType::RSA_PKCS, &ciphertext).unwrap_err();
    assert_usable(&session)
}

fn a_certificate_is_kept(token: &TestToken) -> Outcome {
    let session = token.session()?;
    // CN=Test CA, which issued it to itself.
    let name = hex!("3012 3110 300e 0603550403 0c07 54657374204341");
    assert_eq!(CERTIFICATE.windows(name.len()).filter(|part| part == &name).count(), 2);
    let template = Template::new()
        .with(attr::CERTIFICATE_TYPE, CertificateType::X_509)
        .with(attr::SUBJECT, &name)
        .with(attr::ISSUER, &name)
        .with(attr::SERIAL_NUMBER, &hex!("020107"))
        .with(attr::VALUE, &CERTIFICATE)
        .with(attr::LABEL, "Test CA")
        .with(attr::TOKEN, true);
    session.create::<Certificate>(&template)?;
    let found = session.find::<Certificate>().with(attr::SUBJECT, &name).one()?;
    let (certificate_type, issuer, value) =
        found.get((attr::CERTIFICATE_TYPE, attr::ISSUER, attr::VALUE))?;
    assert_eq!(certificate_type, CertificateType::X_509);
    assert_eq!(issuer, name);
    assert_eq!(value, CERTIFICATE);
    // Its key is at the place where the SubjectPublicKeyInfo stands in it.
    let at = CERTIFICATE.windows(EC_SPKI.len()).position(|part| part == EC_SPKI).unwrap();
    import(&session, &CERTIFICATE[at..][..EC_SPKI.len()])?;
    found.destroy()?;
    Ok(())
}
