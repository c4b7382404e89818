//! Certificates.

#[cfg(feature = "pem")]
use alloc::string::String;
use alloc::vec::Vec;

#[cfg(feature = "pem")]
use crate::pem::{self, Label};
use crate::{Error, x509::Certificate};

/// A certificate in DER.
///
/// ```
/// use pkcs11_codec::CertificateDer;
///
/// let der = include_bytes!("../../tests/fixtures/x509/p256.der");
/// let owned = CertificateDer::from_der(der)?;
/// assert_eq!(owned.certificate()?.subject.to_string(), "CN=p256,O=Example,C=DE");
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CertificateDer {
    der: Vec<u8>,
}

impl CertificateDer {
    /// The certificate with this DER, copied.
    ///
    /// # Errors
    /// Those of [`Certificate::from_der`].
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        Self::try_from(Vec::from(der))
    }

    /// The one certificate of a text; other blocks, such as keys, are passed over.
    ///
    /// # Errors
    /// [`PemMissing`](crate::ErrorKind::PemMissing) or
    /// [`PemOther`](crate::ErrorKind::PemOther) when there is none,
    /// [`PemSeveral`](crate::ErrorKind::PemSeveral) when there are more, for which there is
    /// [`chain_from_pem`](Self::chain_from_pem); when the block or the certificate in it is
    /// malformed. Positions are offsets into the text.
    #[cfg(feature = "pem")]
    pub fn from_pem<T: AsRef<[u8]> + ?Sized>(text: &T) -> Result<Self, Error> {
        pem::one(text, &[Label::Certificate])?.decode_with(|der| Self::from_der(&der))
    }

    /// All certificates of a text, one or more, in their order; other blocks are passed over.
    /// Whether each issued the one before it is not looked at.
    ///
    /// # Errors
    /// Those of [`from_pem`](Self::from_pem), where several are none.
    #[cfg(feature = "pem")]
    pub fn chain_from_pem<T: AsRef<[u8]> + ?Sized>(text: &T) -> Result<Vec<Self>, Error> {
        let blocks = pem::one_or_more(text, &[Label::Certificate])?.into_iter();
        blocks.map(|block| block.decode_with(|der| Self::from_der(&der))).collect()
    }

    /// The DER: `CKA_VALUE`.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate, borrowed.
    ///
    /// # Errors
    /// None, as it was read when this was made.
    pub fn certificate(&self) -> Result<Certificate<'_>, Error> {
        Certificate::from_der(&self.der)
    }

    /// The certificate in PEM: `CERTIFICATE`.
    ///
    /// # Errors
    /// None: the label is one that PEM can hold.
    #[cfg(feature = "pem")]
    pub fn to_pem(&self) -> Result<String, Error> {
        let mut text = pem::encode(Label::Certificate, &self.der)?;
        Ok(core::mem::take(&mut *text))
    }
}

/// The certificate with this DER, not copied.
impl TryFrom<Vec<u8>> for CertificateDer {
    type Error = Error;

    fn try_from(der: Vec<u8>) -> Result<Self, Error> {
        super::refuse_pem(&der)?;
        Certificate::from_der(&der)?;
        Ok(Self { der })
    }
}
