//! Named curves.

use crate::KeyType;
use crate::defaults::CurveForm;

macro_rules! curves {
    ($($name:ident, $doc:literal, $key_type:ident, $bytes:literal, $oid:literal, $der:expr;)*) => {
        /// A named curve.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(non_camel_case_types, reason = "the curves' own names")]
        #[non_exhaustive]
        pub enum Curve {
            $(
                #[doc = concat!($doc, ".")]
                $name,
            )*
        }

        impl Curve {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The type of the keys on it.
            #[must_use]
            pub const fn key_type(self) -> KeyType {
                match self {
                    $(Self::$name => KeyType::$key_type,)*
                }
            }

            /// The bytes of an element of its field, and so of a coordinate.
            #[must_use]
            pub const fn field_bytes(self) -> usize {
                match self {
                    $(Self::$name => $bytes,)*
                }
            }

            /// Its object identifier, with dots.
            #[must_use]
            pub const fn oid(self) -> &'static str {
                match self {
                    $(Self::$name => $oid,)*
                }
            }

            /// The value of `CKA_EC_PARAMS`: the object identifier in DER (X9.62 `namedCurve`).
            #[must_use]
            pub const fn ec_params(self) -> &'static [u8] {
                match self {
                    $(Self::$name => &$der,)*
                }
            }
        }
    };
}

curves! {
    P192, "P-192, secp192r1 (FIPS 186-4, SEC 2)", EC, 24, "1.2.840.10045.3.1.1", [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x01];
    P224, "P-224, secp224r1 (SP 800-186)", EC, 28, "1.3.132.0.33", [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x21];
    P256, "P-256, secp256r1, prime256v1 (SP 800-186)", EC, 32, "1.2.840.10045.3.1.7", [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    P384, "P-384, secp384r1 (SP 800-186)", EC, 48, "1.3.132.0.34", [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];
    P521, "P-521, secp521r1 (SP 800-186)", EC, 66, "1.3.132.0.35", [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23];
    SECP256K1, "secp256k1 (SEC 2)", EC, 32, "1.3.132.0.10", [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a];
    BRAINPOOL_P256R1, "brainpoolP256r1 (RFC 5639)", EC, 32, "1.3.36.3.3.2.8.1.1.7", [0x06, 0x09, 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07];
    BRAINPOOL_P384R1, "brainpoolP384r1 (RFC 5639)", EC, 48, "1.3.36.3.3.2.8.1.1.11", [0x06, 0x09, 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0b];
    BRAINPOOL_P512R1, "brainpoolP512r1 (RFC 5639)", EC, 64, "1.3.36.3.3.2.8.1.1.13", [0x06, 0x09, 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0d];
    ED25519, "Ed25519 (RFC 8032, RFC 8410)", EC_EDWARDS, 32, "1.3.101.112", [0x06, 0x03, 0x2b, 0x65, 0x70];
    ED448, "Ed448 (RFC 8032, RFC 8410)", EC_EDWARDS, 56, "1.3.101.113", [0x06, 0x03, 0x2b, 0x65, 0x71];
    X25519, "X25519 (RFC 7748, RFC 8410)", EC_MONTGOMERY, 32, "1.3.101.110", [0x06, 0x03, 0x2b, 0x65, 0x6e];
    X448, "X448 (RFC 7748, RFC 8410)", EC_MONTGOMERY, 56, "1.3.101.111", [0x06, 0x03, 0x2b, 0x65, 0x6f];
}

impl Curve {
    /// The curve of a `CKA_EC_PARAMS` that names it, by its object identifier or by its name.
    #[must_use]
    pub fn from_ec_params(der: &[u8]) -> Option<Self> {
        let forms = [CurveForm::Oid, CurveForm::Name];
        let names = |curve: &Self| forms.iter().any(|&form| curve.ec_params_in(form) == der);
        Self::ALL.iter().copied().find(names)
    }

    /// The value of `CKA_EC_PARAMS` in this form. Only Edwards and Montgomery curves have a name
    /// (PKCS#11 §6.3.5, §6.3.7): the others have one form.
    pub(crate) const fn ec_params_in(self, form: CurveForm) -> &'static [u8] {
        match (form, self) {
            (CurveForm::Name, Self::ED25519) => b"\x13\x0cedwards25519",
            (CurveForm::Name, Self::ED448) => b"\x13\x0aedwards448",
            (CurveForm::Name, Self::X25519) => b"\x13\x0acurve25519",
            (CurveForm::Name, Self::X448) => b"\x13\x08curve448",
            _ => self.ec_params(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_lead_back() {
        for &curve in Curve::ALL {
            for form in [CurveForm::Oid, CurveForm::Name] {
                let der = curve.ec_params_in(form);
                assert_eq!(Curve::from_ec_params(der), Some(curve));
                assert_eq!(usize::from(der[1]) + 2, der.len());
            }
        }
        assert_eq!(Curve::from_ec_params(b"\x13\x08curve449"), None);
    }
}
