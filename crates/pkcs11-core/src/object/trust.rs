//! Trust in certificates (PKCS#11 §4.7).

use super::validation::{is_absent, or_absent};
use super::{CertificateTrust, TokenObject};
use crate::attribute::{Attr, attr};
use crate::{MechanismType, Result, Template, Trust};

/// For what a certificate is trusted, as an object says. A use that it does not name is
/// [`Trust::UNKNOWN`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrustInfo {
    /// The certificate's issuer, in DER.
    pub issuer: Vec<u8>,
    /// Its serial number, in DER.
    pub serial_number: Vec<u8>,
    /// Its hash, by which it may be told from another of that issuer and number; may be empty.
    pub hash: Vec<u8>,
    /// The hash function.
    pub hash_algorithm: MechanismType,
    /// To be a TLS server.
    pub server_auth: Trust,
    /// To be a TLS client.
    pub client_auth: Trust,
    /// To sign code.
    pub code_signing: Trust,
    /// To sign mail.
    pub email_protection: Trust,
    /// For IPsec.
    pub ipsec_ike: Trust,
    /// To sign times.
    pub time_stamping: Trust,
    /// To sign answers of OCSP.
    pub ocsp_signing: Trust,
}

impl TrustInfo {
    /// For the certificate of this issuer and serial number, both in DER: nothing is known.
    #[must_use]
    pub fn new(issuer: impl Into<Vec<u8>>, serial_number: impl Into<Vec<u8>>) -> Self {
        Self {
            issuer: issuer.into(),
            serial_number: serial_number.into(),
            hash: Vec::new(),
            hash_algorithm: MechanismType::SHA_1,
            server_auth: Trust::UNKNOWN,
            client_auth: Trust::UNKNOWN,
            code_signing: Trust::UNKNOWN,
            email_protection: Trust::UNKNOWN,
            ipsec_ike: Trust::UNKNOWN,
            time_stamping: Trust::UNKNOWN,
            ocsp_signing: Trust::UNKNOWN,
        }
    }

    /// The template of an object that says so, for
    /// [`Session::create::<CertificateTrust>`](crate::Session::create). Unknown uses are left out.
    #[must_use]
    pub fn template(&self) -> Template<'_> {
        let mut template = Template::new()
            .with(attr::ISSUER, self.issuer.as_slice())
            .with(attr::SERIAL_NUMBER, self.serial_number.as_slice());
        if !self.hash.is_empty() {
            template.set(attr::HASH_OF_CERTIFICATE, self.hash.as_slice());
            template.set(attr::NAME_HASH_ALGORITHM, self.hash_algorithm);
        }
        for (attribute, trust) in self.uses() {
            if trust != Trust::UNKNOWN {
                template.set(attribute, trust);
            }
        }
        template
    }

    fn uses(&self) -> [(Attr<Trust>, Trust); 7] {
        [
            (attr::TRUST_SERVER_AUTH, self.server_auth),
            (attr::TRUST_CLIENT_AUTH, self.client_auth),
            (attr::TRUST_CODE_SIGNING, self.code_signing),
            (attr::TRUST_EMAIL_PROTECTION, self.email_protection),
            (attr::TRUST_IPSEC_IKE, self.ipsec_ike),
            (attr::TRUST_TIME_STAMPING, self.time_stamping),
            (attr::TRUST_OCSP_SIGNING, self.ocsp_signing),
        ]
    }
}

impl CertificateTrust {
    /// What it says. Wraps `C_GetAttributeValue` (PKCS#11 §5.7.5).
    ///
    /// # Errors
    ///
    /// As [`get`](TokenObject::get), of the issuer or the serial number, or of a value that is of
    /// another type than the standard's.
    pub fn info(&self) -> Result<TrustInfo> {
        let (issuer, serial_number, hash, algorithm) = self.try_get((
            attr::ISSUER,
            attr::SERIAL_NUMBER,
            attr::HASH_OF_CERTIFICATE,
            attr::NAME_HASH_ALGORITHM,
        ))?;
        let (server, client, code, email, ipsec, time, ocsp) = self.try_get((
            attr::TRUST_SERVER_AUTH,
            attr::TRUST_CLIENT_AUTH,
            attr::TRUST_CODE_SIGNING,
            attr::TRUST_EMAIL_PROTECTION,
            attr::TRUST_IPSEC_IKE,
            attr::TRUST_TIME_STAMPING,
            attr::TRUST_OCSP_SIGNING,
        ))?;
        Ok(TrustInfo {
            issuer: issuer?,
            serial_number: serial_number?,
            hash: or_absent(hash)?,
            hash_algorithm: or(algorithm, MechanismType::SHA_1)?,
            server_auth: or(server, Trust::UNKNOWN)?,
            client_auth: or(client, Trust::UNKNOWN)?,
            code_signing: or(code, Trust::UNKNOWN)?,
            email_protection: or(email, Trust::UNKNOWN)?,
            ipsec_ike: or(ipsec, Trust::UNKNOWN)?,
            time_stamping: or(time, Trust::UNKNOWN)?,
            ocsp_signing: or(ocsp, Trust::UNKNOWN)?,
        })
    }
}

/// The value, or this one where the object does not have the attribute.
fn or<T>(outcome: Result<T>, absent: T) -> Result<T> {
    match outcome {
        Err(error) if is_absent(&error) => Ok(absent),
        outcome => outcome,
    }
}
