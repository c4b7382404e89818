//! The rows: one curve each.

use super::{Curve, CurveKind, FieldKind};
use crate::oid::Oid;

/// What is known of a curve.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
    pub(super) kind: CurveKind,
    pub(super) field_kind: FieldKind,
    pub(super) field_bits: usize,
    pub(super) order_bits: usize,
    pub(super) oid: Oid<'static>,
}

/// Constant: name, kind, kind of field, bits of the field, bits of the order, OBJECT
/// IDENTIFIER, its contents octets, other names, source.
macro_rules! curves {
    ($(
        $constant:ident: $name:literal, $kind:ident, $field:ident, $field_bits:literal,
        $order_bits:literal, $dotted:literal, [$($octet:literal),+], [$($alias:literal),*],
        $source:literal;
    )*) => {
        /// Which row: one byte, so that curves are compared fast.
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(non_camel_case_types, reason = "the names are those of the constants")]
        pub(super) enum Id {
            $($constant,)*
        }

        impl Id {
            pub(super) const fn row(self) -> &'static Row {
                match self {
                    $(Self::$constant => const {
                        &Row {
                            name: $name,
                            aliases: &[$($alias),*],
                            kind: CurveKind::$kind,
                            field_kind: FieldKind::$field,
                            field_bits: $field_bits,
                            order_bits: $order_bits,
                            oid: Oid::constant(&[$($octet),+]),
                        }
                    },)*
                }
            }
        }

        impl Curve {
            $(
                #[doc = concat!($name, ", ", $dotted, " (", $source, ").")]
                pub const $constant: Self = Self(Id::$constant);
            )*

            /// Every curve of the table.
            pub const ALL: &'static [Self] = &[$(Self::$constant),*];

            /// The curve with this OBJECT IDENTIFIER.
            #[must_use]
            pub const fn from_oid(oid: Oid<'_>) -> Option<Self> {
                // The compiler makes a decision tree of it.
                match oid.content() {
                    $([$($octet),+] => Some(Self::$constant),)*
                    _ => None,
                }
            }
        }

        #[cfg(test)]
        const DOTTED: &[(Curve, &str)] = &[$((Curve::$constant, $dotted)),*];
    };
}

curves! {
    // SEC 2: prime fields. The orders of secp160 and secp224k1 are a bit longer than the field.
    SECP112R1: "secp112r1", Weierstrass, Prime, 112, 112, "1.3.132.0.6", [0x2b, 0x81, 0x04, 0x00, 0x06], [], "SEC 2";
    SECP112R2: "secp112r2", Weierstrass, Prime, 112, 110, "1.3.132.0.7", [0x2b, 0x81, 0x04, 0x00, 0x07], [], "SEC 2";
    SECP128R1: "secp128r1", Weierstrass, Prime, 128, 128, "1.3.132.0.28", [0x2b, 0x81, 0x04, 0x00, 0x1c], [], "SEC 2";
    SECP128R2: "secp128r2", Weierstrass, Prime, 128, 126, "1.3.132.0.29", [0x2b, 0x81, 0x04, 0x00, 0x1d], [], "SEC 2";
    SECP160K1: "secp160k1", Weierstrass, Prime, 160, 161, "1.3.132.0.9", [0x2b, 0x81, 0x04, 0x00, 0x09], ["ansip160k1"], "SEC 2";
    SECP160R1: "secp160r1", Weierstrass, Prime, 160, 161, "1.3.132.0.8", [0x2b, 0x81, 0x04, 0x00, 0x08], ["ansip160r1"], "SEC 2";
    SECP160R2: "secp160r2", Weierstrass, Prime, 160, 161, "1.3.132.0.30", [0x2b, 0x81, 0x04, 0x00, 0x1e], ["ansip160r2"], "SEC 2";
    SECP192K1: "secp192k1", Weierstrass, Prime, 192, 192, "1.3.132.0.31", [0x2b, 0x81, 0x04, 0x00, 0x1f], ["ansip192k1"], "SEC 2";
    P192: "secp192r1", Weierstrass, Prime, 192, 192, "1.2.840.10045.3.1.1", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x01], ["P-192", "prime192v1", "nistp192"], "SEC 2, X9.62, RFC 5480";
    SECP224K1: "secp224k1", Weierstrass, Prime, 224, 225, "1.3.132.0.32", [0x2b, 0x81, 0x04, 0x00, 0x20], ["ansip224k1"], "SEC 2";
    P224: "secp224r1", Weierstrass, Prime, 224, 224, "1.3.132.0.33", [0x2b, 0x81, 0x04, 0x00, 0x21], ["P-224", "nistp224", "ansip224r1"], "SEC 2, RFC 5480";
    SECP256K1: "secp256k1", Weierstrass, Prime, 256, 256, "1.3.132.0.10", [0x2b, 0x81, 0x04, 0x00, 0x0a], ["ansip256k1"], "SEC 2";
    P256: "secp256r1", Weierstrass, Prime, 256, 256, "1.2.840.10045.3.1.7", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], ["P-256", "prime256v1", "nistp256"], "SEC 2, X9.62, RFC 5480";
    P384: "secp384r1", Weierstrass, Prime, 384, 384, "1.3.132.0.34", [0x2b, 0x81, 0x04, 0x00, 0x22], ["P-384", "nistp384", "ansip384r1"], "SEC 2, RFC 5480";
    P521: "secp521r1", Weierstrass, Prime, 521, 521, "1.3.132.0.35", [0x2b, 0x81, 0x04, 0x00, 0x23], ["P-521", "nistp521", "ansip521r1"], "SEC 2, RFC 5480";
    // SEC 2: binary fields.
    SECT113R1: "sect113r1", Weierstrass, Binary, 113, 113, "1.3.132.0.4", [0x2b, 0x81, 0x04, 0x00, 0x04], [], "SEC 2";
    SECT113R2: "sect113r2", Weierstrass, Binary, 113, 113, "1.3.132.0.5", [0x2b, 0x81, 0x04, 0x00, 0x05], [], "SEC 2";
    SECT131R1: "sect131r1", Weierstrass, Binary, 131, 131, "1.3.132.0.22", [0x2b, 0x81, 0x04, 0x00, 0x16], [], "SEC 2";
    SECT131R2: "sect131r2", Weierstrass, Binary, 131, 131, "1.3.132.0.23", [0x2b, 0x81, 0x04, 0x00, 0x17], [], "SEC 2";
    SECT163K1: "sect163k1", Weierstrass, Binary, 163, 163, "1.3.132.0.1", [0x2b, 0x81, 0x04, 0x00, 0x01], ["K-163", "nistk163", "ansit163k1"], "SEC 2, RFC 5480";
    SECT163R1: "sect163r1", Weierstrass, Binary, 163, 162, "1.3.132.0.2", [0x2b, 0x81, 0x04, 0x00, 0x02], ["ansit163r1"], "SEC 2";
    SECT163R2: "sect163r2", Weierstrass, Binary, 163, 163, "1.3.132.0.15", [0x2b, 0x81, 0x04, 0x00, 0x0f], ["B-163", "nistb163", "ansit163r2"], "SEC 2, RFC 5480";
    SECT193R1: "sect193r1", Weierstrass, Binary, 193, 193, "1.3.132.0.24", [0x2b, 0x81, 0x04, 0x00, 0x18], ["ansit193r1"], "SEC 2";
    SECT193R2: "sect193r2", Weierstrass, Binary, 193, 193, "1.3.132.0.25", [0x2b, 0x81, 0x04, 0x00, 0x19], ["ansit193r2"], "SEC 2";
    SECT233K1: "sect233k1", Weierstrass, Binary, 233, 232, "1.3.132.0.26", [0x2b, 0x81, 0x04, 0x00, 0x1a], ["K-233", "nistk233", "ansit233k1"], "SEC 2, RFC 5480";
    SECT233R1: "sect233r1", Weierstrass, Binary, 233, 233, "1.3.132.0.27", [0x2b, 0x81, 0x04, 0x00, 0x1b], ["B-233", "nistb233", "ansit233r1"], "SEC 2, RFC 5480";
    SECT239K1: "sect239k1", Weierstrass, Binary, 239, 238, "1.3.132.0.3", [0x2b, 0x81, 0x04, 0x00, 0x03], ["ansit239k1"], "SEC 2";
    SECT283K1: "sect283k1", Weierstrass, Binary, 283, 281, "1.3.132.0.16", [0x2b, 0x81, 0x04, 0x00, 0x10], ["K-283", "nistk283", "ansit283k1"], "SEC 2, RFC 5480";
    SECT283R1: "sect283r1", Weierstrass, Binary, 283, 282, "1.3.132.0.17", [0x2b, 0x81, 0x04, 0x00, 0x11], ["B-283", "nistb283", "ansit283r1"], "SEC 2, RFC 5480";
    SECT409K1: "sect409k1", Weierstrass, Binary, 409, 407, "1.3.132.0.36", [0x2b, 0x81, 0x04, 0x00, 0x24], ["K-409", "nistk409", "ansit409k1"], "SEC 2, RFC 5480";
    SECT409R1: "sect409r1", Weierstrass, Binary, 409, 409, "1.3.132.0.37", [0x2b, 0x81, 0x04, 0x00, 0x25], ["B-409", "nistb409", "ansit409r1"], "SEC 2, RFC 5480";
    SECT571K1: "sect571k1", Weierstrass, Binary, 571, 570, "1.3.132.0.38", [0x2b, 0x81, 0x04, 0x00, 0x26], ["K-571", "nistk571", "ansit571k1"], "SEC 2, RFC 5480";
    SECT571R1: "sect571r1", Weierstrass, Binary, 571, 570, "1.3.132.0.39", [0x2b, 0x81, 0x04, 0x00, 0x27], ["B-571", "nistb571", "ansit571r1"], "SEC 2, RFC 5480";
    // X9.62: prime fields.
    PRIME192V2: "prime192v2", Weierstrass, Prime, 192, 192, "1.2.840.10045.3.1.2", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x02], [], "X9.62";
    PRIME192V3: "prime192v3", Weierstrass, Prime, 192, 192, "1.2.840.10045.3.1.3", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x03], [], "X9.62";
    PRIME239V1: "prime239v1", Weierstrass, Prime, 239, 239, "1.2.840.10045.3.1.4", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x04], [], "X9.62";
    PRIME239V2: "prime239v2", Weierstrass, Prime, 239, 239, "1.2.840.10045.3.1.5", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x05], [], "X9.62";
    PRIME239V3: "prime239v3", Weierstrass, Prime, 239, 239, "1.2.840.10045.3.1.6", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x06], [], "X9.62";
    // X9.62: binary fields; those of c2onb have a normal basis.
    C2PNB163V1: "c2pnb163v1", Weierstrass, Binary, 163, 163, "1.2.840.10045.3.0.1", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x01], [], "X9.62, RFC 3279";
    C2PNB163V2: "c2pnb163v2", Weierstrass, Binary, 163, 162, "1.2.840.10045.3.0.2", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x02], [], "X9.62, RFC 3279";
    C2PNB163V3: "c2pnb163v3", Weierstrass, Binary, 163, 162, "1.2.840.10045.3.0.3", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x03], [], "X9.62, RFC 3279";
    C2PNB176W1: "c2pnb176w1", Weierstrass, Binary, 176, 161, "1.2.840.10045.3.0.4", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x04], ["c2pnb176v1"], "X9.62, RFC 3279";
    C2TNB191V1: "c2tnb191v1", Weierstrass, Binary, 191, 191, "1.2.840.10045.3.0.5", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x05], [], "X9.62, RFC 3279";
    C2TNB191V2: "c2tnb191v2", Weierstrass, Binary, 191, 190, "1.2.840.10045.3.0.6", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x06], [], "X9.62, RFC 3279";
    C2TNB191V3: "c2tnb191v3", Weierstrass, Binary, 191, 189, "1.2.840.10045.3.0.7", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x07], [], "X9.62, RFC 3279";
    C2ONB191V4: "c2onb191v4", Weierstrass, Binary, 191, 191, "1.2.840.10045.3.0.8", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x08], [], "X9.62, RFC 3279";
    C2ONB191V5: "c2onb191v5", Weierstrass, Binary, 191, 188, "1.2.840.10045.3.0.9", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x09], [], "X9.62, RFC 3279";
    C2PNB208W1: "c2pnb208w1", Weierstrass, Binary, 208, 193, "1.2.840.10045.3.0.10", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x0a], [], "X9.62, RFC 3279";
    C2TNB239V1: "c2tnb239v1", Weierstrass, Binary, 239, 238, "1.2.840.10045.3.0.11", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x0b], [], "X9.62, RFC 3279";
    C2TNB239V2: "c2tnb239v2", Weierstrass, Binary, 239, 237, "1.2.840.10045.3.0.12", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x0c], [], "X9.62, RFC 3279";
    C2TNB239V3: "c2tnb239v3", Weierstrass, Binary, 239, 236, "1.2.840.10045.3.0.13", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x0d], [], "X9.62, RFC 3279";
    C2ONB239V4: "c2onb239v4", Weierstrass, Binary, 239, 238, "1.2.840.10045.3.0.14", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x0e], [], "X9.62, RFC 3279";
    C2ONB239V5: "c2onb239v5", Weierstrass, Binary, 239, 237, "1.2.840.10045.3.0.15", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x0f], [], "X9.62, RFC 3279";
    C2PNB272W1: "c2pnb272w1", Weierstrass, Binary, 272, 257, "1.2.840.10045.3.0.16", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x10], [], "X9.62, RFC 3279";
    C2PNB304W1: "c2pnb304w1", Weierstrass, Binary, 304, 289, "1.2.840.10045.3.0.17", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x11], [], "X9.62, RFC 3279";
    C2TNB359V1: "c2tnb359v1", Weierstrass, Binary, 359, 353, "1.2.840.10045.3.0.18", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x12], [], "X9.62, RFC 3279";
    C2PNB368W1: "c2pnb368w1", Weierstrass, Binary, 368, 353, "1.2.840.10045.3.0.19", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x13], [], "X9.62, RFC 3279";
    C2TNB431R1: "c2tnb431r1", Weierstrass, Binary, 431, 418, "1.2.840.10045.3.0.20", [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x00, 0x14], [], "X9.62, RFC 3279";
    // Brainpool.
    BRAINPOOL_P160R1: "brainpoolP160r1", Weierstrass, Prime, 160, 160, "1.3.36.3.3.2.8.1.1.1", [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x01], [], "RFC 5639";
    BRAINPOOL_P160T1: "brainpoolP160t1", Weierstrass, Prime, 160, 160, "1.3.36.3.3.2.8.1.1.2", [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x02], [], "RFC 5639";
    BRAINPOOL_P192R1: "brainpoolP192r1", Weierstrass, Prime, 192, 192, "1.3.36.3.3.2.8.1.1.3", [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x03], [], "RFC 5639";
    BRAINPOOL_P192T1: "brainpoolP192t1", Weierstrass, Prime, 192, 192, "1.3.36.3.3.2.8.1.1.4", [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x04], [], "RFC 5639";
    BRAINPOOL_P224R1: "brainpoolP224r1", Weierstrass, Prime, 224, 224, "1.3.36.3.3.2.8.1.1.5", [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x05], [], "RFC 5639";
    BRAINPOOL_P224T1: "brainpoolP224t1", Weierstrass, Prime, 224, 224, "1.3.36.3.3.2.8.1.1.6", [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x06], [], "RFC 5639";
    BRAINPOOL_P256R1: "brainpoolP256r1", Weierstrass, Prime, 256, 256, "1.3.36.3.3.2.8.1.1.7", [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07], [], "RFC 5639";
    BRAINPOOL_P256T1: "brainpoolP256t1", Weierstrass, Prime, 256, 256, "1.3.36.3.3.2.8.1.1.8", [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x08], [], "RFC 5639";
    BRAINPOOL_P320R1: "brainpoolP320r1", Weierstrass, Prime, 320, 320, "1.3.36.3.3.2.8.1.1.9", [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x09], [], "RFC 5639";
    BRAINPOOL_P320T1: "brainpoolP320t1", Weierstrass, Prime, 320, 320, "1.3.36.3.3.2.8.1.1.10", [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0a], [], "RFC 5639";
    BRAINPOOL_P384R1: "brainpoolP384r1", Weierstrass, Prime, 384, 384, "1.3.36.3.3.2.8.1.1.11", [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0b], [], "RFC 5639";
    BRAINPOOL_P384T1: "brainpoolP384t1", Weierstrass, Prime, 384, 384, "1.3.36.3.3.2.8.1.1.12", [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0c], [], "RFC 5639";
    BRAINPOOL_P512R1: "brainpoolP512r1", Weierstrass, Prime, 512, 512, "1.3.36.3.3.2.8.1.1.13", [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0d], [], "RFC 5639";
    BRAINPOOL_P512T1: "brainpoolP512t1", Weierstrass, Prime, 512, 512, "1.3.36.3.3.2.8.1.1.14", [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0e], [], "RFC 5639";
    // WTLS: mostly curves of others by another identifier.
    WTLS1: "wap-wsg-idm-ecid-wtls1", Weierstrass, Binary, 113, 112, "2.23.43.1.4.1", [0x67, 0x2b, 0x01, 0x04, 0x01], [], "WAP-261-WTLS";
    WTLS3: "wap-wsg-idm-ecid-wtls3", Weierstrass, Binary, 163, 163, "2.23.43.1.4.3", [0x67, 0x2b, 0x01, 0x04, 0x03], [], "WAP-261-WTLS: the curve sect163k1";
    WTLS4: "wap-wsg-idm-ecid-wtls4", Weierstrass, Binary, 113, 113, "2.23.43.1.4.4", [0x67, 0x2b, 0x01, 0x04, 0x04], [], "WAP-261-WTLS: the curve sect113r1";
    WTLS5: "wap-wsg-idm-ecid-wtls5", Weierstrass, Binary, 163, 163, "2.23.43.1.4.5", [0x67, 0x2b, 0x01, 0x04, 0x05], [], "WAP-261-WTLS: the curve c2pnb163v1";
    WTLS6: "wap-wsg-idm-ecid-wtls6", Weierstrass, Prime, 112, 112, "2.23.43.1.4.6", [0x67, 0x2b, 0x01, 0x04, 0x06], [], "WAP-261-WTLS: the curve secp112r1";
    WTLS7: "wap-wsg-idm-ecid-wtls7", Weierstrass, Prime, 160, 161, "2.23.43.1.4.7", [0x67, 0x2b, 0x01, 0x04, 0x07], [], "WAP-261-WTLS: the curve secp160r2";
    WTLS8: "wap-wsg-idm-ecid-wtls8", Weierstrass, Prime, 112, 113, "2.23.43.1.4.8", [0x67, 0x2b, 0x01, 0x04, 0x08], [], "WAP-261-WTLS";
    WTLS9: "wap-wsg-idm-ecid-wtls9", Weierstrass, Prime, 160, 161, "2.23.43.1.4.9", [0x67, 0x2b, 0x01, 0x04, 0x09], [], "WAP-261-WTLS";
    WTLS10: "wap-wsg-idm-ecid-wtls10", Weierstrass, Binary, 233, 232, "2.23.43.1.4.10", [0x67, 0x2b, 0x01, 0x04, 0x0a], [], "WAP-261-WTLS: the curve sect233k1";
    WTLS11: "wap-wsg-idm-ecid-wtls11", Weierstrass, Binary, 233, 233, "2.23.43.1.4.11", [0x67, 0x2b, 0x01, 0x04, 0x0b], [], "WAP-261-WTLS: the curve sect233r1";
    WTLS12: "wap-wsg-idm-ecid-wtls12", Weierstrass, Prime, 224, 224, "2.23.43.1.4.12", [0x67, 0x2b, 0x01, 0x04, 0x0c], [], "WAP-261-WTLS: the curve secp224r1";
    // National curves.
    SM2: "sm2p256v1", Weierstrass, Prime, 256, 256, "1.2.156.10197.1.301", [0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d], ["SM2", "curveSM2"], "GB/T 32918.5, RFC 8998";
    FRP256V1: "FRP256v1", Weierstrass, Prime, 256, 256, "1.2.250.1.223.101.256.1", [0x2a, 0x81, 0x7a, 0x01, 0x81, 0x5f, 0x65, 0x82, 0x00, 0x01], [], "ANSSI, JORF of 16 October 2011";
    // RFC 7748 and RFC 8032, and what OpenPGP called two of them.
    X25519: "X25519", Montgomery, Prime, 255, 253, "1.3.101.110", [0x2b, 0x65, 0x6e], ["curve25519"], "RFC 7748, RFC 8410";
    X448: "X448", Montgomery, Prime, 448, 446, "1.3.101.111", [0x2b, 0x65, 0x6f], ["curve448"], "RFC 7748, RFC 8410";
    ED25519: "Ed25519", Edwards, Prime, 255, 253, "1.3.101.112", [0x2b, 0x65, 0x70], ["edwards25519"], "RFC 8032, RFC 8410";
    ED448: "Ed448", Edwards, Prime, 448, 446, "1.3.101.113", [0x2b, 0x65, 0x71], ["edwards448"], "RFC 8032, RFC 8410";
    ED25519_LEGACY: "Ed25519Legacy", Edwards, Prime, 255, 253, "1.3.6.1.4.1.11591.15.1", [0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01], [], "RFC 9580 §9.2";
    CURVE25519_LEGACY: "Curve25519Legacy", Montgomery, Prime, 255, 253, "1.3.6.1.4.1.3029.1.5.1", [0x2b, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x05, 0x01], [], "RFC 9580 §9.2";
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString;

    #[test]
    fn the_documented_identifiers_are_those_of_the_octets() {
        for (curve, dotted) in super::DOTTED {
            assert_eq!(curve.oid().to_string(), *dotted, "{curve}");
        }
    }
}
