//! Keys and certificates of a token as DER and PEM.

mod read;

use pkcs11_codec::pkcs8::{self, PrivateKeyInfo};
use pkcs11_codec::{CertificateDer, PrivateKeyDer, PublicKeyDer, spki};
use pkcs11_core::{
    Certificate, Error, ErrorKind, Function, KeyType, PrivateKey, PublicKey, Result, TokenObject,
    Unavailable, attr,
};
use zeroize::Zeroizing;

use read::Values;

/// Public keys leave the token in DER and PEM.
///
/// ```no_run
/// use pkcs11::prelude::*;
///
/// # fn f(session: &Session) -> Result<()> {
/// let (public, private) = session.generate_key_pair(Curve::P256).create()?;
/// println!("{}", public.to_public_key_pem()?);
/// # Ok(())
/// # }
/// ```
pub trait ExportPublicKey: sealed::Sealed {
    /// The public key as SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), in DER. Of a private key it is
    /// what the token keeps beside it: the modulus and the exponent of RSA, else
    /// `CKA_PUBLIC_KEY_INFO`, which few tokens have. Wraps `C_GetAttributeValue` (PKCS#11 §5.7.5):
    /// one call where the type of the key is known, except for keys of some kilobytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AttributeUnavailable`] if the token does not give what it takes;
    /// [`ErrorKind::Encoding`] if what it gives is no such key.
    fn to_spki_der(&self) -> Result<Vec<u8>>;

    /// The same as a value that can be looked at, imported again and written.
    ///
    /// # Errors
    ///
    /// As [`to_spki_der`](Self::to_spki_der).
    fn to_public_key(&self) -> Result<PublicKeyDer> {
        PublicKeyDer::from_der(&self.to_spki_der()?).map_err(given)
    }

    /// The same in PEM: `PUBLIC KEY`.
    ///
    /// # Errors
    ///
    /// As [`to_spki_der`](Self::to_spki_der).
    fn to_public_key_pem(&self) -> Result<String> {
        self.to_public_key()?.to_pem().map_err(given)
    }
}

impl ExportPublicKey for PublicKey {
    fn to_spki_der(&self) -> Result<Vec<u8>> {
        let values = Values::public(self, self.key_type()?)?;
        let key = spki::PublicKey::from_attributes(|wanted| values.get(wanted));
        key.and_then(|key| key.to_spki_der()).map_err(given)
    }
}

impl ExportPublicKey for PrivateKey {
    fn to_spki_der(&self) -> Result<Vec<u8>> {
        let key_type = self.key_type()?;
        if key_type == KeyType::RSA {
            // What a private key of RSA has as well.
            let values = Values::public(self, key_type)?;
            let key = spki::PublicKey::from_attributes(|wanted| values.get(wanted));
            return key.and_then(|key| key.to_spki_der()).map_err(given);
        }
        let der = self.get(attr::PUBLIC_KEY_INFO)?;
        if der.is_empty() {
            let kind = ErrorKind::AttributeUnavailable(Unavailable::NoSuchAttribute);
            let error = Error::from(kind).in_function(Function::GetAttributeValue);
            return Err(error.on_attribute(attr::PUBLIC_KEY_INFO.attribute()));
        }
        spki::PublicKey::from_spki_der(&der).map_err(given)?;
        Ok(der)
    }
}

/// Private keys leave the token in DER and PEM, if they may: those with `CKA_EXTRACTABLE` and
/// without `CKA_SENSITIVE`, which no key is by default.
pub trait ExportPrivateKey: sealed::Sealed {
    /// The key as PrivateKeyInfo (RFC 5958), in DER, in a buffer that is wiped when dropped. Wraps
    /// `C_GetAttributeValue` (PKCS#11 §5.7.5).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AttributeUnavailable`] with [`Unavailable::Sensitive`] if the key does not leave
    /// the token; [`ErrorKind::Encoding`] if what the token gives is no such key.
    fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>>;

    /// The same as a value that can be imported again and written.
    ///
    /// # Errors
    ///
    /// As [`to_pkcs8_der`](Self::to_pkcs8_der).
    fn to_private_key(&self) -> Result<PrivateKeyDer> {
        PrivateKeyDer::try_from(self.to_pkcs8_der()?).map_err(given)
    }

    /// The same in PEM: `PRIVATE KEY`.
    ///
    /// # Errors
    ///
    /// As [`to_pkcs8_der`](Self::to_pkcs8_der).
    fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>> {
        self.to_private_key()?.to_pem().map_err(given)
    }
}

impl ExportPrivateKey for PrivateKey {
    fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>> {
        let values = Values::private(self, self.key_type()?)?;
        let key = pkcs8::PrivateKey::from_attributes(|wanted| values.get(wanted));
        key.and_then(|key| PrivateKeyInfo::from(key).to_der()).map_err(given)
    }
}

/// Certificates leave the token in DER and PEM, and as what can be asked for its parts.
pub trait ExportCertificate: sealed::Sealed {
    /// The certificate in DER (`CKA_VALUE`), which is not looked at. Wraps `C_GetAttributeValue`
    /// (PKCS#11 §5.7.5).
    ///
    /// # Errors
    ///
    /// As [`get`](TokenObject::get).
    fn to_der(&self) -> Result<Vec<u8>>;

    /// The certificate, read.
    ///
    /// ```no_run
    /// # use pkcs11::prelude::*;
    /// # fn f(object: &Certificate) -> std::result::Result<(), Box<dyn std::error::Error>> {
    /// let certificate = object.to_certificate()?;
    /// println!("{}", certificate.certificate()?.subject);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Encoding`] if it is no X.509 certificate; else as [`to_der`](Self::to_der).
    fn to_certificate(&self) -> Result<CertificateDer> {
        CertificateDer::try_from(self.to_der()?).map_err(given)
    }

    /// The same in PEM: `CERTIFICATE`.
    ///
    /// # Errors
    ///
    /// As [`to_certificate`](Self::to_certificate).
    fn to_certificate_pem(&self) -> Result<String> {
        self.to_certificate()?.to_pem().map_err(given)
    }
}

impl ExportCertificate for Certificate {
    fn to_der(&self) -> Result<Vec<u8>> {
        self.get(attr::VALUE)
    }
}

/// The error for what the token gave.
fn given(error: pkcs11_codec::Error) -> Error {
    if let pkcs11_codec::ErrorKind::MissingAttribute { attribute } = error.kind() {
        let kind = ErrorKind::AttributeUnavailable(Unavailable::Unknown);
        let error = Error::from(kind).in_function(Function::GetAttributeValue);
        return error.on_attribute(pkcs11_core::AttributeType::new(attribute.number()));
    }
    Error::encoding(error).in_function(Function::GetAttributeValue)
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for pkcs11_core::PublicKey {}
    impl Sealed for pkcs11_core::PrivateKey {}
    impl Sealed for pkcs11_core::Certificate {}
}
