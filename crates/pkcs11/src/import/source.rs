//! What can be imported.

use pkcs11_codec::attribute::{Attributes, Forms};
use pkcs11_codec::dh::{DhParameters, X942Parameters};
use pkcs11_codec::dsa::DsaParameters;
use pkcs11_codec::pkcs8::{self, PrivateKeyInfo};
use pkcs11_codec::{CertificateDer, Error, PrivateKeyDer, PublicKeyDer, spki, x509};
use pkcs11_core::{Certificate, DomainParameters, ObjectKind, PrivateKey, PublicKey};

/// What can become an object of a token: keys, domain parameters and certificates of the
/// [`codec`](crate::codec), and references to them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be imported",
    note = "PrivateKeyDer, PublicKeyDer and CertificateDer read PEM and DER"
)]
pub trait ImportSource {
    /// What it becomes.
    type Object: ObjectKind;

    /// Its attributes, in the forms that the token takes.
    ///
    /// # Errors
    ///
    /// When PKCS#11 has no such key.
    fn attributes(&self, forms: Forms) -> Result<Attributes<'_>, Error>;
}

/// A private key that may hold its public one.
pub trait PairSource: ImportSource<Object = PrivateKey> {
    /// The public key, where the source holds it.
    ///
    /// # Errors
    ///
    /// When it is none of the private key's algorithm.
    fn public_half(&self) -> Result<Option<spki::PublicKey<'_>>, Error>;
}

impl<S: ImportSource + ?Sized> ImportSource for &S {
    type Object = S::Object;

    fn attributes(&self, forms: Forms) -> Result<Attributes<'_>, Error> {
        (**self).attributes(forms)
    }
}

impl<S: PairSource + ?Sized> PairSource for &S {
    fn public_half(&self) -> Result<Option<spki::PublicKey<'_>>, Error> {
        (**self).public_half()
    }
}

/// One row for each source: what it becomes, and how it gives its attributes.
macro_rules! sources {
    ($($source:ty, $object:ident: |$self:ident, $forms:pat_param| $attributes:expr;)*) => {$(
        impl ImportSource for $source {
            type Object = $object;

            fn attributes(&self, $forms: Forms) -> Result<Attributes<'_>, Error> {
                let $self = self;
                $attributes
            }
        }
    )*};
}

sources! {
    PrivateKeyDer, PrivateKey: |key, forms| key.key()?.attributes(forms);
    pkcs8::PrivateKey<'_>, PrivateKey: |key, forms| key.attributes(forms);
    PrivateKeyInfo<'_>, PrivateKey: |info, forms| info.key.attributes(forms);
    PublicKeyDer, PublicKey: |key, forms| key.key()?.attributes(forms);
    spki::PublicKey<'_>, PublicKey: |key, forms| key.attributes(forms);
    CertificateDer, Certificate: |owned, _| Ok(owned.certificate()?.attributes());
    x509::Certificate<'_>, Certificate: |certificate, _| Ok(certificate.attributes());
    DsaParameters<'_>, DomainParameters: |parameters, _| parameters.attributes();
    DhParameters<'_>, DomainParameters: |parameters, _| parameters.attributes();
    X942Parameters<'_>, DomainParameters: |parameters, _| parameters.attributes();
}

impl PairSource for PrivateKeyDer {
    fn public_half(&self) -> Result<Option<spki::PublicKey<'_>>, Error> {
        self.public_half()
    }
}

impl PairSource for pkcs8::PrivateKey<'_> {
    fn public_half(&self) -> Result<Option<spki::PublicKey<'_>>, Error> {
        Ok(self.public_half())
    }
}

impl PairSource for PrivateKeyInfo<'_> {
    fn public_half(&self) -> Result<Option<spki::PublicKey<'_>>, Error> {
        self.public_half()
    }
}
