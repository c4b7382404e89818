//! A TLS certificate tonight: a key that never leaves the token, a request to send to an authority,
//! and a self-signed certificate to go on with, which is kept beside its key.
//!
//! ```text
//! tls_certificate [NAME]
//! ```
//!
//! Run again, it renews both for the same key.
#![allow(clippy::print_stdout, clippy::panic_in_result_fn, reason = "it shows and checks")]

use pkcs11::codec::pem::{self, Label};
use pkcs11::codec::pkcs10::{CertificationRequest, CertificationRequestInfo};
use pkcs11::codec::x509::{
    BasicConstraints, DateTime, ExtensionsBuilder, GeneralName, KeyUsage, NameAttributeType,
    NameBuilder, TbsCertificate, extended_key_usage,
};
use pkcs11::prelude::*;
use std::env::var;
use std::time::SystemTime;

/// For how long, in seconds.
const A_YEAR: u64 = 365 * 24 * 60 * 60;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let module = pkcs11::load(var("PKCS11_MODULE")?)?;
    let token = module.token(label(var("PKCS11_TOKEN")?))?;
    let session = token.open().user_pin(var("PKCS11_PIN")?).start()?;
    let name = std::env::args().nth(1).unwrap_or_else(|| "www.example.org".to_owned());

    let (public, private) = match session.find::<PrivateKey>().label(&name).first()? {
        Some(private) => (session.find::<PublicKey>().label(&name).one()?, private),
        None => {
            // What names the key, its certificate has, too.
            let id = session.random::<20>()?;
            let pair = session.generate_key_pair(Curve::P256).label(&name).id(&id);
            pair.store(true).create()?
        }
    };
    let id = private.get(attr::ID)?;
    let spki = public.to_spki_der()?;
    let subject = NameBuilder::new().push(NameAttributeType::COMMON_NAME, &name).to_der()?;
    let extensions = ExtensionsBuilder::new()
        .subject_alternative_names(&[GeneralName::Dns(&name)])
        .key_usage(KeyUsage::DIGITAL_SIGNATURE)
        .extended_key_usage(&[extended_key_usage::SERVER_AUTH])
        .basic_constraints(BasicConstraints::default())
        .subject_key_identifier(&id)
        .to_der()?;
    let algorithm = SignatureAlgorithm::ECDSA_WITH_SHA256;

    let request = CertificationRequestInfo {
        subject: &subject,
        subject_public_key_info: &spki,
        extensions: Some(&extensions),
        challenge_password: None,
    };
    let request = private.sign_request(algorithm, &request)?;
    public.verify_request(&CertificationRequest::from_der(&request)?)?;
    println!("{}", *pem::encode(Label::CertificateRequest, &request)?);

    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    let mut serial_number = session.random::<16>()?;
    // Positive and never zero, as the standard wants it.
    serial_number[0] = serial_number[0] & 0x3f | 0x40;
    let certificate = private.sign_certificate(&TbsCertificate {
        serial_number: &serial_number,
        signature_algorithm: algorithm.identifier(),
        issuer: &subject,
        not_before: DateTime::from_unix(now)?,
        not_after: DateTime::from_unix(now + A_YEAR)?,
        subject: &subject,
        subject_public_key_info: &spki,
        extensions: Some(&extensions),
    })?;
    public.verify_certificate(&certificate.certificate()?)?;
    println!("{}", certificate.to_pem()?);

    for earlier in session.find::<Certificate>().id(&id).all()? {
        earlier.destroy()?;
    }
    session.import(&certificate).label(&name).id(&id).store(true).create()?;
    let kept = session.find::<Certificate>().id(&id).one()?;
    assert_eq!(kept.to_certificate()?, certificate);
    let until = certificate.certificate()?.validity.not_after()?;
    let (year, month, day) = (until.year(), until.month(), until.day());
    println!("beside its key on the token, until {year}-{month:02}-{day:02}");
    Ok(())
}
