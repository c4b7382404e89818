//! Certificates and requests: what another library reads, the token keeps and verifies; what
//! another library writes, the token signs.
//!
//! `certificates/rsa.der` is of `openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=RSA Test CA"
//! -days 7300 -set_serial 1 -outform DER`; `dsa.der` of `openssl dsaparam 2048`, `openssl gendsa` and
//! `openssl req -x509 -sha256 -subj "/CN=DSA Test CA" -days 7300 -set_serial 128 -outform DER`.

use std::sync::Mutex;

use pkcs11::codec::ec::EcParameters;
use pkcs11::codec::signature::Signature;
use pkcs11::codec::spki;
use pkcs11::prelude::*;
use rcgen::{CertificateParams, DnType, KeyIdMethod, PublicKeyData, SerialNumber, SigningKey};
use tests_softhsm::{Outcome, TestToken, fails, tests};
use x509_parser::prelude::*;

use crate::common::assert_usable;
use crate::encodings::CERTIFICATE as EC_CA;

tests! {
    a_certificate_is_kept_with_what_is_read_from_it;
    an_rsa_certificate_is_verified_with_its_own_key;
    a_dsa_certificate_is_verified_with_its_own_key;
    an_ecdsa_certificate_is_verified_with_its_own_key;
    a_key_of_the_token_signs_its_own_certificate;
    a_key_of_the_token_signs_a_request;
}

const RSA_CA: &[u8] = include_bytes!("certificates/rsa.der");
const DSA_CA: &[u8] = include_bytes!("certificates/dsa.der");

fn read(der: &[u8]) -> Outcome<X509Certificate<'_>> {
    let (rest, certificate) = X509Certificate::from_der(der)?;
    assert!(rest.is_empty());
    Ok(certificate)
}

/// The public key of a certificate, on the token.
fn key_of(session: &Session, certificate: &X509Certificate<'_>) -> Outcome<PublicKey> {
    let key = spki::PublicKey::from_spki_der(certificate.public_key().raw)?;
    Ok(session.import(key).create()?)
}

/// Verifies what a certificate says with the key that is in it, and that nothing else verifies.
fn verifies<'m, M: pkcs11::IntoMechanism<'m> + Clone>(
    key: &PublicKey,
    mechanism: M,
    signed: &[u8],
    signature: &[u8],
) -> Outcome {
    key.verify(mechanism.clone(), signed, signature)?;
    let mut changed = signed.to_vec();
    changed[40] ^= 1;
    fails!(key.verify(mechanism, &changed, signature), ErrorKind::SignatureInvalid);
    Ok(())
}

/// Subject, issuer and serial number are the very bytes of the certificate.
fn a_certificate_is_kept_with_what_is_read_from_it(token: &TestToken) -> Outcome {
    let session = token.session()?;
    for der in [RSA_CA, DSA_CA, &EC_CA] {
        let certificate = read(der)?;
        let (subject, issuer) = (certificate.subject().as_raw(), certificate.issuer().as_raw());
        let serial = certificate.raw_serial();
        let length = u8::try_from(serial.len())?;
        let template = Template::new()
            .with(attr::CERTIFICATE_TYPE, CertificateType::X_509)
            .with(attr::SUBJECT, subject)
            .with(attr::ISSUER, issuer)
            .with(attr::SERIAL_NUMBER, [&[0x02, length][..], serial].concat())
            .with(attr::VALUE, der);
        session.create::<Certificate>(&template)?;
        let found = session.find::<Certificate>().with(attr::SUBJECT, subject).one()?;
        assert_eq!(found.get((attr::ISSUER, attr::VALUE))?, (issuer.to_vec(), der.to_vec()));
        assert_eq!(subject, issuer);
    }
    Ok(())
}

fn an_rsa_certificate_is_verified_with_its_own_key(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let certificate = read(RSA_CA)?;
    let (signed, signature) = (certificate.tbs_certificate.as_ref(), &certificate.signature_value);
    let key = key_of(&session, &certificate)?;
    verifies(&key, MechanismType::SHA256_RSA_PKCS, signed, &signature.data)?;
    assert_usable(&session)
}

fn a_dsa_certificate_is_verified_with_its_own_key(token: &TestToken) -> Outcome {
    token.needs(&[MechanismType::DSA])?;
    let session = token.session()?;
    let certificate = read(DSA_CA)?;
    let (signed, signature) = (certificate.tbs_certificate.as_ref(), &certificate.signature_value);
    let key = key_of(&session, &certificate)?;
    // OpenSSL took a subprime of 224 bits.
    let order_bytes = key.get(attr::SUBPRIME)?.as_bytes().len();
    let signature = Signature::from_der(&signature.data, order_bytes)?.to_fixed();
    // Hashed here where the token cannot.
    let digest = session.digest(MechanismType::SHA256, signed)?;
    key.verify(MechanismType::DSA, &digest, &signature)?;
    let mut other = digest.clone();
    other[0] ^= 1;
    fails!(key.verify(MechanismType::DSA, &other, &signature), ErrorKind::SignatureInvalid);
    assert_usable(&session)
}

fn an_ecdsa_certificate_is_verified_with_its_own_key(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let certificate = read(&EC_CA)?;
    let (signed, signature) = (certificate.tbs_certificate.as_ref(), &certificate.signature_value);
    let key = key_of(&session, &certificate)?;
    let signature = Signature::from_der(&signature.data, 32)?.to_fixed();
    verifies(&key, Ecdsa::new(Hash::Sha256), signed, &signature)?;
    assert_usable(&session)
}

/// A key of the token, as the writer of certificates wants it.
struct TokenKey {
    private: PrivateKey,
    point: Vec<u8>,
    /// What the token said last: the writer has no place for it.
    failed: Mutex<Option<Error>>,
}

impl TokenKey {
    fn new(session: &Session) -> Result<(PublicKey, Self)> {
        let (public, private) = session.generate_key_pair(Curve::P256).create()?;
        let point = public.ec_point()?;
        Ok((public, Self { private, point, failed: Mutex::default() }))
    }
}

impl PublicKeyData for TokenKey {
    fn der_bytes(&self) -> &[u8] {
        &self.point
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

impl SigningKey for TokenKey {
    fn sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, rcgen::Error> {
        let fixed = self.private.sign(Ecdsa::new(Hash::Sha256), message).map_err(|error| {
            *self.failed.lock().unwrap() = Some(error);
            rcgen::Error::RemoteKeyError
        })?;
        let signature = Signature::from_fixed(&fixed, 32).map(|signature| signature.to_der());
        signature.map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

fn parameters(name: &str) -> Outcome<CertificateParams> {
    let mut parameters = CertificateParams::new(vec![name.to_owned()])?;
    parameters.distinguished_name.push(DnType::CommonName, name);
    Ok(parameters)
}

/// The signature of a certificate or a request, for the token and for another library.
fn assert_signed(public: &PublicKey, point: &[u8], signed: &[u8], der: &[u8]) -> Outcome {
    let signature = Signature::from_der(der, 32)?.to_fixed();
    verifies(public, Ecdsa::new(Hash::Sha256), signed, &signature)?;
    let elsewhere = p256::ecdsa::VerifyingKey::from_sec1_bytes(point)?;
    let signature = p256::ecdsa::Signature::from_slice(&signature)?;
    p256::ecdsa::signature::Verifier::verify(&elsewhere, signed, &signature)?;
    Ok(())
}

fn a_key_of_the_token_signs_its_own_certificate(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, key) = TokenKey::new(&session)?;
    let mut parameters = parameters("tls.example")?;
    parameters.serial_number = Some(SerialNumber::from(7_u64));
    parameters.key_identifier_method = KeyIdMethod::PreSpecified(vec![1; 20]);
    let made = parameters.self_signed(&key)?;
    assert!(key.failed.lock().unwrap().is_none());
    let certificate = read(made.der())?;
    let spki = spki::PublicKey::from_spki_der(certificate.public_key().raw)?;
    let curve = EcParameters::from(pkcs11::codec::ec::Curve::P256);
    assert_eq!(spki, spki::PublicKey::Ec { parameters: curve, point: &key.point });
    let (signed, signature) = (certificate.tbs_certificate.as_ref(), &certificate.signature_value);
    assert_signed(&public, &key.point, signed, &signature.data)?;
    assert_eq!(certificate.subject(), certificate.issuer());
    Ok(())
}

fn a_key_of_the_token_signs_a_request(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let (public, key) = TokenKey::new(&session)?;
    let made = parameters("tls.example")?.serialize_request(&key)?;
    let (_, request) = X509CertificationRequest::from_der(made.der())?;
    let (signed, signature) = (request.certification_request_info.raw, &request.signature_value);
    assert_signed(&public, &key.point, signed, &signature.data)?;
    let name = request.certification_request_info.subject.iter_common_name().next().unwrap();
    assert_eq!(name.as_str()?, "tls.example");
    // A session that is gone is told, and nothing is signed.
    session.close()?;
    assert!(parameters("tls.example")?.serialize_request(&key).is_err());
    let error = key.failed.lock().unwrap().take().unwrap();
    assert!(matches!(error.kind(), ErrorKind::SessionClosed), "{error:?}");
    Ok(())
}
