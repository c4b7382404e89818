//! Private keys.

#[cfg(feature = "pem")]
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

#[cfg(feature = "pem")]
use crate::pem::{self, Label};
use crate::{
    Error, ErrorKind,
    dsa::DsaPrivateKey,
    ec::EcPrivateKey,
    pkcs1::RsaPrivateKey,
    pkcs8::{EncryptedPrivateKeyInfo, PrivateKey, PrivateKeyInfo},
    spki::PublicKey,
    tlv::{self, Reader, Tag},
};

/// The parameters of an ECPrivateKey.
const EC_PARAMETERS: Tag = Tag::context_constructed(0);

/// The forms in which private keys are kept in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrivateKeyForm {
    /// `PRIVATE KEY`: [`PrivateKeyInfo`].
    Pkcs8,
    /// `RSA PRIVATE KEY`: [`RsaPrivateKey`].
    Pkcs1,
    /// `EC PRIVATE KEY`: [`EcPrivateKey`].
    Sec1,
    /// `DSA PRIVATE KEY`: [`DsaPrivateKey`].
    Dsa,
}

/// A private key in DER, in any of the forms in which files have it.
///
/// Its buffer is zeroized when dropped. There is no `Clone`, and `Debug` shows the form only.
#[cfg_attr(
    feature = "pem",
    doc = r#"
```
use pkcs11_codec::{PrivateKeyDer, ec::Curve, pkcs8::PrivateKey};

// Other blocks, such as certificates, may stand around it.
let key = PrivateKeyDer::from_pem(
    "\
-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
",
)?;
assert!(matches!(key.key()?, PrivateKey::Edwards { curve: Curve::ED25519, .. }));
# Ok::<(), pkcs11_codec::Error>(())
```
"#
)]
pub struct PrivateKeyDer {
    form: PrivateKeyForm,
    der: Zeroizing<Vec<u8>>,
}

impl PrivateKeyDer {
    /// The key with this DER, copied; the form is told by the elements that it begins with.
    ///
    /// # Errors
    /// When `der` is not exactly a key in one of the forms; [`ErrorKind::EncryptedKey`] when it
    /// is encrypted, [`ErrorKind::PemForDer`] when it is PEM.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        Self::try_from(Zeroizing::new(Vec::from(der)))
    }

    /// The one private key of a text; other blocks, such as certificates and parameters, are
    /// passed over.
    ///
    /// # Errors
    /// [`ErrorKind::PemMissing`] or [`ErrorKind::PemOther`] when there is none,
    /// [`ErrorKind::PemSeveral`] when there are more; [`ErrorKind::EncryptedKey`] when it is
    /// encrypted; when the block or the key in it is malformed. Positions are offsets into the
    /// text.
    #[cfg(feature = "pem")]
    pub fn from_pem<T: AsRef<[u8]> + ?Sized>(text: &T) -> Result<Self, Error> {
        let block = pem::one(
            text,
            &[
                Label::PrivateKey,
                Label::RsaPrivateKey,
                Label::EcPrivateKey,
                Label::DsaPrivateKey,
                Label::EncryptedPrivateKey,
            ],
        )?;
        let form = match block.label() {
            Label::RsaPrivateKey => PrivateKeyForm::Pkcs1,
            Label::EcPrivateKey => PrivateKeyForm::Sec1,
            Label::DsaPrivateKey => PrivateKeyForm::Dsa,
            Label::EncryptedPrivateKey => {
                return Err(Error::at(block.position(), ErrorKind::EncryptedKey));
            }
            _ => PrivateKeyForm::Pkcs8,
        };
        block.decode_with(|der| Self::new(form, der))
    }

    /// The one encrypted private key of a text, at a cost of no more than
    /// [`CostLimits::default`](crate::pkcs8::CostLimits).
    ///
    /// # Errors
    /// Those of [`from_pem`](Self::from_pem), and of
    /// [`EncryptedPrivateKeyInfo::decrypt`](crate::pkcs8::EncryptedPrivateKeyInfo::decrypt).
    #[cfg(all(feature = "pem", feature = "encryption"))]
    pub fn from_encrypted_pem<T: AsRef<[u8]> + ?Sized>(
        text: &T,
        password: &[u8],
    ) -> Result<Self, Error> {
        let block = pem::one(text, &[Label::EncryptedPrivateKey])?;
        block.decode_with(|der| Self::from_encrypted_der(&der, password))
    }

    /// The key in an EncryptedPrivateKeyInfo, at a cost of no more than
    /// [`CostLimits::default`](crate::pkcs8::CostLimits).
    ///
    /// # Errors
    /// Those of [`EncryptedPrivateKeyInfo`](crate::pkcs8::EncryptedPrivateKeyInfo), and those
    /// of the key that was encrypted, without a position.
    #[cfg(feature = "encryption")]
    pub fn from_encrypted_der(der: &[u8], password: &[u8]) -> Result<Self, Error> {
        let encrypted = crate::pkcs8::EncryptedPrivateKeyInfo::from_der(der)?;
        let plain = encrypted.decrypt(password, &crate::pkcs8::CostLimits::default())?;
        Self::new(PrivateKeyForm::Pkcs8, plain).map_err(Error::of_argument)
    }

    fn new(form: PrivateKeyForm, der: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        let key = Self { form, der };
        key.key()?;
        Ok(key)
    }

    /// The form.
    #[must_use]
    pub const fn form(&self) -> PrivateKeyForm {
        self.form
    }

    /// The DER, in this form.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The key, borrowed.
    ///
    /// # Errors
    /// None, as the key was read when this was made.
    pub fn key(&self) -> Result<PrivateKey<'_>, Error> {
        match self.form {
            PrivateKeyForm::Pkcs8 => PrivateKey::from_pkcs8_der(&self.der),
            PrivateKeyForm::Pkcs1 => RsaPrivateKey::from_der(&self.der).map(PrivateKey::Rsa),
            PrivateKeyForm::Sec1 => {
                let key = EcPrivateKey::from_der(&self.der)?;
                let missing = ErrorKind::Missing { expected: EC_PARAMETERS };
                let parameters = key.parameters.ok_or(Error::at(0, missing))?;
                Ok(PrivateKey::Ec { parameters, key })
            }
            PrivateKeyForm::Dsa => {
                let DsaPrivateKey { parameters, value, .. } = DsaPrivateKey::from_der(&self.der)?;
                Ok(PrivateKey::Dsa { parameters, value })
            }
        }
    }

    /// The public key, where the DER holds it: beside the key in PKCS#8, as a part of DSA's own
    /// form, or [in the key itself](PrivateKey::public_half).
    ///
    /// # Errors
    /// Those of [`PrivateKeyInfo::public_half`].
    pub fn public_half(&self) -> Result<Option<PublicKey<'_>>, Error> {
        match self.form {
            PrivateKeyForm::Pkcs8 => PrivateKeyInfo::from_der(&self.der)?.public_half(),
            PrivateKeyForm::Dsa => {
                let DsaPrivateKey { parameters, public_value, .. } =
                    DsaPrivateKey::from_der(&self.der)?;
                Ok(Some(PublicKey::Dsa { parameters: Some(parameters), value: public_value }))
            }
            PrivateKeyForm::Pkcs1 | PrivateKeyForm::Sec1 => Ok(self.key()?.public_half()),
        }
    }

    /// The key as PrivateKeyInfo in DER, in a buffer that is zeroized when dropped: what
    /// `openssl pkcs8 -topk8 -nocrypt` writes. PKCS#8 stays as it is.
    ///
    /// # Errors
    /// When the encoder refuses the key.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut key = match self.form {
            PrivateKeyForm::Pkcs8 => return Ok(self.der.clone()),
            _ => self.key()?,
        };
        if let PrivateKey::Ec { key, .. } = &mut key {
            // They are those of the algorithm now.
            key.parameters = None;
        }
        PrivateKeyInfo::from(key).to_der()
    }

    /// The key under a password, in PEM: what `openssl pkcs8 -topk8` writes.
    ///
    /// # Errors
    /// Those of [`Pbes2::encrypt`](crate::pkcs8::Pbes2::encrypt).
    #[cfg(all(feature = "pem", feature = "encryption"))]
    pub fn to_encrypted_pem(
        &self,
        password: &[u8],
        scheme: &crate::pkcs8::Pbes2<'_>,
    ) -> Result<String, Error> {
        let der = scheme.encrypt(password, &self.to_pkcs8_der()?)?;
        let mut text = pem::encode(Label::EncryptedPrivateKey, &der)?;
        Ok(core::mem::take(&mut *text))
    }

    /// The key in PEM, in the form that it has, in a string that is zeroized when dropped.
    ///
    /// # Errors
    /// None: each form has its label.
    #[cfg(feature = "pem")]
    pub fn to_pem(&self) -> Result<Zeroizing<String>, Error> {
        let label = match self.form {
            PrivateKeyForm::Pkcs8 => Label::PrivateKey,
            PrivateKeyForm::Pkcs1 => Label::RsaPrivateKey,
            PrivateKeyForm::Sec1 => Label::EcPrivateKey,
            PrivateKeyForm::Dsa => Label::DsaPrivateKey,
        };
        pem::encode(label, &self.der)
    }
}

/// The key with this DER, as [`from_der`](PrivateKeyDer::from_der) reads it, not copied.
impl TryFrom<Zeroizing<Vec<u8>>> for PrivateKeyDer {
    type Error = Error;

    fn try_from(der: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        super::refuse_pem(&der)?;
        if EncryptedPrivateKeyInfo::from_der(&der).is_ok() {
            return Err(Error::at(0, ErrorKind::EncryptedKey));
        }
        let form = tlv::decode(&der, |reader| reader.sequence(read_form))?;
        Self::new(form, der)
    }
}

/// The form of what is in the SEQUENCE. All begin with a version; behind it have PKCS#8 the
/// algorithm, RFC 5915 an OCTET STRING, DSA five numbers and PKCS#1 eight.
fn read_form(key: &mut Reader<'_>) -> Result<PrivateKeyForm, Error> {
    /// Those of DSA, with the version.
    const DSA_NUMBERS: u32 = 6;
    key.unsigned_u32()?;
    let mut numbers = 1_u32;
    while key.peek() == Some(Tag::INTEGER) {
        key.any()?;
        numbers = numbers.saturating_add(1);
    }
    let next = key.peek();
    key.rest();
    Ok(match (numbers, next) {
        (1, Some(Tag::OCTET_STRING)) => PrivateKeyForm::Sec1,
        // Also for what is none of them: the error says what PKCS#8 would have there.
        (1, _) => PrivateKeyForm::Pkcs8,
        (DSA_NUMBERS, None) => PrivateKeyForm::Dsa,
        _ => PrivateKeyForm::Pkcs1,
    })
}

/// Shows the form.
impl fmt::Debug for PrivateKeyDer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PrivateKeyDer").field("form", &self.form).finish_non_exhaustive()
    }
}
