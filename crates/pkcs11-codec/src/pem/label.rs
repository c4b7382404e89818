//! What blocks are called.

use core::fmt;

/// One row for each label: how it is written, and what else means the same.
macro_rules! labels {
    ($($(#[$doc:meta])* $variant:ident = $text:literal $(, $alias:literal)*;)*) => {
        /// What a block says that it is; the labels of RFC 7468 and those that OpenSSL writes
        /// beside them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Label<'a> {
            $($(#[$doc])* $variant,)*
            /// Another, as it stands: `PKCS7`, `CMS` …
            Other(&'a str),
        }

        impl<'a> Label<'a> {
            /// The label as it is written.
            #[must_use]
            pub const fn as_str(self) -> &'a str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl Label<'_> {
            /// The label as it is written, if it is one of the table.
            pub(super) const fn known(self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => Some($text),)*
                    Self::Other(_) => None,
                }
            }
        }

        impl<'a> From<&'a str> for Label<'a> {
            fn from(text: &'a str) -> Self {
                match text {
                    $($text $(| $alias)* => Self::$variant,)*
                    _ => Self::Other(text),
                }
            }
        }
    };
}

labels! {
    /// `PRIVATE KEY`: PKCS#8 ([`PrivateKeyInfo`](crate::pkcs8::PrivateKeyInfo)).
    PrivateKey = "PRIVATE KEY";
    /// `ENCRYPTED PRIVATE KEY`: PKCS#8, encrypted
    /// ([`EncryptedPrivateKeyInfo`](crate::pkcs8::EncryptedPrivateKeyInfo)).
    EncryptedPrivateKey = "ENCRYPTED PRIVATE KEY";
    /// `RSA PRIVATE KEY`: PKCS#1 ([`RsaPrivateKey`](crate::pkcs1::RsaPrivateKey)).
    RsaPrivateKey = "RSA PRIVATE KEY";
    /// `EC PRIVATE KEY`: RFC 5915 ([`EcPrivateKey`](crate::ec::EcPrivateKey)).
    EcPrivateKey = "EC PRIVATE KEY";
    /// `DSA PRIVATE KEY`: OpenSSL's own ([`DsaPrivateKey`](crate::dsa::DsaPrivateKey)).
    DsaPrivateKey = "DSA PRIVATE KEY";
    /// `OPENSSH PRIVATE KEY`: OpenSSH's own, which is no ASN.1; `ssh-keygen -p -m PKCS8` makes
    /// PKCS#8 of it.
    OpensshPrivateKey = "OPENSSH PRIVATE KEY";
    /// `PUBLIC KEY`: SubjectPublicKeyInfo ([`PublicKey`](crate::spki::PublicKey)).
    PublicKey = "PUBLIC KEY";
    /// `RSA PUBLIC KEY`: PKCS#1 ([`RsaPublicKey`](crate::pkcs1::RsaPublicKey)).
    RsaPublicKey = "RSA PUBLIC KEY";
    /// `CERTIFICATE`, once `X509 CERTIFICATE`.
    Certificate = "CERTIFICATE", "X509 CERTIFICATE", "X.509 CERTIFICATE";
    /// `TRUSTED CERTIFICATE`: OpenSSL's own, a certificate with more behind it.
    TrustedCertificate = "TRUSTED CERTIFICATE";
    /// `CERTIFICATE REQUEST`, elsewhere `NEW CERTIFICATE REQUEST`.
    CertificateRequest = "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST";
    /// `X509 CRL`, elsewhere `CRL`.
    Crl = "X509 CRL", "CRL";
    /// `DSA PARAMETERS` ([`DsaParameters`](crate::dsa::DsaParameters)).
    DsaParameters = "DSA PARAMETERS";
    /// `DH PARAMETERS` ([`DhParameters`](crate::dh::DhParameters)).
    DhParameters = "DH PARAMETERS";
    /// `X9.42 DH PARAMETERS`.
    X942DhParameters = "X9.42 DH PARAMETERS";
    /// `EC PARAMETERS` ([`EcParameters`](crate::ec::EcParameters)).
    EcParameters = "EC PARAMETERS";
}

/// As it is written.
impl fmt::Display for Label<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
