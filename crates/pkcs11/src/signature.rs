//! Signatures as certificates have them: by the names of their algorithms, in DER.

mod scheme;

use pkcs11_codec::CertificateDer;
use pkcs11_codec::ec::EcParameters;
use pkcs11_codec::pkcs10::{CertificationRequest, CertificationRequestInfo};
use pkcs11_codec::x509::{self, TbsCertificate};
use pkcs11_core::{
    Error, ErrorKind, Function, KeyType, ParameterSet, PrivateKey, PublicKey, Result, TokenObject,
    attr, sys::CK_ULONG,
};

pub use scheme::SignatureScheme;

/// Private keys sign as certificates, requests and protocols have it.
///
/// ```no_run
/// use pkcs11::prelude::*;
///
/// # fn f(private: &PrivateKey, public: &PublicKey) -> Result<()> {
/// let algorithm = SignatureAlgorithm::ECDSA_WITH_SHA256;
/// let signature = private.sign_der(algorithm, b"message")?;
/// public.verify_der(algorithm, b"message", &signature)?;
/// # Ok(())
/// # }
/// ```
pub trait SignDer: sealed::Sealed {
    /// Signs by an algorithm that certificates name: a signature of ECDSA or DSA in DER, any other
    /// as the algorithm makes it. Wraps `C_SignInit` and `C_Sign` (PKCS#11 §5.13).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if the algorithm is not for such a key, or PKCS#11 has no
    /// mechanism for it; else as [`PrivateKey::sign`].
    fn sign_der(&self, algorithm: impl Into<SignatureScheme>, message: &[u8]) -> Result<Vec<u8>>;

    /// Signs a certificate, by the algorithm that it names.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Encoding`] if a part is not in DER; else as [`sign_der`](Self::sign_der).
    fn sign_certificate(&self, certificate: &TbsCertificate<'_>) -> Result<CertificateDer> {
        let algorithm = SignatureScheme::try_from(certificate.signature_algorithm)?;
        let signed = certificate.to_der().map_err(Error::encoding)?;
        let signature = self.sign_der(algorithm, &signed)?;
        let identifier = certificate.signature_algorithm;
        let der = x509::Certificate::assemble(&signed, identifier, &signature);
        der.and_then(CertificateDer::try_from).map_err(Error::encoding)
    }

    /// Signs a request for a certificate; gives the request in DER.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Encoding`] if a part is not in DER; else as [`sign_der`](Self::sign_der).
    fn sign_request(
        &self,
        algorithm: impl Into<SignatureScheme>,
        request: &CertificationRequestInfo<'_>,
    ) -> Result<Vec<u8>> {
        let algorithm = algorithm.into();
        let signed = request.to_der().map_err(Error::encoding)?;
        let signature = self.sign_der(algorithm, &signed)?;
        let der = algorithm.with_identifier(|identifier| {
            CertificationRequest::assemble(&signed, identifier, &signature)
        })?;
        der.map_err(Error::encoding)
    }
}

impl SignDer for PrivateKey {
    fn sign_der(&self, algorithm: impl Into<SignatureScheme>, message: &[u8]) -> Result<Vec<u8>> {
        let algorithm = algorithm.into();
        check_set(self, algorithm).map_err(|error| error.in_function(Function::SignInit))?;
        let signature = self.sign(algorithm, message)?;
        algorithm.for_certificate(signature).map_err(|error| error.in_function(Function::Sign))
    }
}

/// Public keys verify what certificates, requests and protocols have.
pub trait VerifyDer: sealed::Sealed {
    /// Verifies a signature of an algorithm that certificates name: of ECDSA or DSA in DER. Wraps
    /// `C_VerifyInit` and `C_Verify` (PKCS#11 §5.15).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SignatureInvalid`] if it does not verify, or is not in DER; any other error
    /// says that it was not checked.
    fn verify_der(
        &self,
        algorithm: impl Into<SignatureScheme>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<()>;

    /// Verifies the signature of a certificate, with the key of its issuer. Nothing else of it is
    /// looked at: not its dates, not for what it is good.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if its algorithm is not known here; else as
    /// [`verify_der`](Self::verify_der).
    fn verify_certificate(&self, certificate: &x509::Certificate<'_>) -> Result<()> {
        let algorithm = SignatureScheme::try_from(certificate.signature_algorithm)?;
        self.verify_der(algorithm, certificate.tbs_certificate, certificate.signature)
    }

    /// Verifies the signature of a request, with the key that is in it.
    ///
    /// # Errors
    ///
    /// As [`verify_certificate`](Self::verify_certificate).
    fn verify_request(&self, request: &CertificationRequest<'_>) -> Result<()> {
        let algorithm = SignatureScheme::try_from(request.signature_algorithm)?;
        self.verify_der(algorithm, request.certification_request_info, request.signature)
    }
}

impl VerifyDer for PublicKey {
    fn verify_der(
        &self,
        algorithm: impl Into<SignatureScheme>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<()> {
        let algorithm = algorithm.into();
        let invalid = || Error::from(ErrorKind::SignatureInvalid).in_function(Function::Verify);
        check_set(self, algorithm).map_err(|error| error.in_function(Function::VerifyInit))?;
        let signature = algorithm.for_token(signature, order_bytes(self)?).ok_or_else(invalid)?;
        self.verify(algorithm, message, &signature)
    }
}

/// The size of the order: of the key's curve, or of DSA's subgroup. Other keys have none.
fn order_bytes(key: &PublicKey) -> Result<usize> {
    match key.key_type()? {
        KeyType::EC => {
            let named = key.curve().map(|curve| curve.ec_params().to_vec());
            let parameters = match named {
                Some(parameters) => parameters,
                None => key.get(attr::EC_PARAMS)?,
            };
            let parameters = EcParameters::from_der(&parameters).map_err(Error::encoding)?;
            parameters.order_bytes().ok_or_else(|| {
                let what = "the size of the order of this curve is not known".to_owned();
                ErrorKind::InvalidInput(what).into()
            })
        }
        KeyType::DSA => Ok(key.get(attr::SUBPRIME)?.as_bytes().len()),
        _ => Ok(0),
    }
}

/// Refuses an algorithm of another parameter set than the key's: the mechanism is the same, so
/// that the token would sign, and nobody verify.
fn check_set(key: &impl TokenObject, algorithm: SignatureScheme) -> Result<()> {
    let Some(set) = algorithm.parameter_set() else { return Ok(()) };
    let wanted = ParameterSet::new(CK_ULONG::from(set.number()));
    match key.try_get(attr::PARAMETER_SET)? {
        Ok(found) if found != wanted => {
            let what = format!("{algorithm} is not for the parameter set of this key");
            Err(ErrorKind::InvalidInput(what).into())
        }
        // A key of another type has none, which is told by its type.
        _ => Ok(()),
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for pkcs11_core::PublicKey {}
    impl Sealed for pkcs11_core::PrivateKey {}
}
