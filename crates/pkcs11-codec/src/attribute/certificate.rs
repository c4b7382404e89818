//! Certificates as attributes.

use super::{
    Attribute, AttributeType, Attributes,
    list::{Class, List},
};
use crate::{
    Error,
    x509::{Certificate, DateTime},
};

/// `CKC_X_509`.
const X_509: u32 = 0;

impl<'a> Certificate<'a> {
    /// The attributes that C_CreateObject needs to keep this certificate, and what is known of
    /// it: class, type, subject, issuer, serial number, the certificate, and the dates between
    /// which it is valid, each only if it can be read.
    ///
    /// Where a token has `CKA_PUBLIC_KEY_INFO`, its value is
    /// the `der` of [`subject_public_key_info`](Self::subject_public_key_info).
    #[must_use]
    pub fn attributes(&self) -> Attributes<'a> {
        let date = |attribute, date: Result<DateTime, Error>| {
            date.ok().map(|date| Attribute::owned(attribute, date.ck_date().to_vec()))
        };
        List::of_class(Class::CERTIFICATE)
            .with_ulong(AttributeType::CERTIFICATE_TYPE, X_509)
            .with(AttributeType::SUBJECT, self.subject.der())
            .with(AttributeType::ISSUER, self.issuer.der())
            .with(AttributeType::SERIAL_NUMBER, self.serial_number)
            .with(AttributeType::VALUE, self.der)
            .with_each(date(AttributeType::START_DATE, self.validity.not_before()))
            .with_each(date(AttributeType::END_DATE, self.validity.not_after()))
            .finish()
    }

    /// The attributes that hold hashes of public keys, to be added to
    /// [`attributes`](Self::attributes): of the subject, and of the issuer if its certificate
    /// is given. To one that signed itself, that is the same certificate once more.
    ///
    /// The hash function is that of `CKA_NAME_HASH_ALGORITHM`, which is SHA-1 where the token
    /// is not told otherwise (PKCS#11 §4.6.3).
    ///
    /// # Errors
    /// Those of [`hash_of_issuer_public_key`](Self::hash_of_issuer_public_key).
    pub fn key_hashes<H: AsRef<[u8]>>(
        &self,
        issuer: Option<&Certificate<'a>>,
        hash: impl Fn(&'a [u8]) -> H,
    ) -> Result<Attributes<'static>, Error> {
        let of = |attribute, hash: H| Attribute::owned(attribute, hash.as_ref().to_vec());
        let subject = self.hash_of_subject_public_key(&hash);
        let issuer =
            issuer.map(|issuer| self.hash_of_issuer_public_key(issuer, &hash)).transpose()?;
        Ok(List::default()
            .with_each([of(AttributeType::HASH_OF_SUBJECT_PUBLIC_KEY, subject)])
            .with_each(issuer.map(|hash| of(AttributeType::HASH_OF_ISSUER_PUBLIC_KEY, hash)))
            .finish())
    }
}
