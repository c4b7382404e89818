//! What core asks when the caller names no mechanism. The answers are policy, and live elsewhere.

use std::fmt;

use bitflags::bitflags;

use crate::mechanism::{Context, Mechanism};
use crate::module::ModuleInfo;
use crate::token::TokenInfo;
use crate::{Error, ErrorKind, KeyType, MechanismType, ObjectClass, Result, Template, Usage};

/// Chooses mechanisms, capabilities and templates where the caller names none, and knows how
/// tokens deviate from the standard.
///
/// `pkcs11-defaults` has the tables that the facade uses; a policy of your own is another
/// implementation of this trait, given to [`LoadOptions::defaults`](crate::LoadOptions::defaults).
pub trait Defaults: fmt::Debug + Send + Sync + 'static {
    /// The mechanism for the use and the key of `context`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoDefault`] if nothing that the token offers has the wanted meaning;
    /// [`Context::no_default`] makes it.
    fn mechanism<'a>(&self, request: &Request<'a>, context: &Context<'_>) -> Result<Mechanism<'a>>;

    /// The mechanism of this number with its parameter, where the caller names the number alone and
    /// it takes one; `None` leaves it without, which no token accepts.
    ///
    /// # Errors
    ///
    /// If the parameter depends on something that cannot be read.
    fn parameter<'a>(
        &self,
        mechanism: MechanismType,
        context: &Context<'_>,
    ) -> Result<Option<Mechanism<'a>>> {
        let _ = (mechanism, context);
        Ok(None)
    }

    /// What keys of this type may do unless the caller says; `None` leaves it to the token.
    fn capabilities(&self, key_type: KeyType) -> Option<Capabilities>;

    /// Attributes of a new object of this class and use, unless the caller sets them.
    fn template(&self, class: ObjectClass, key_type: KeyType, usage: Usage) -> Template<'static>;

    /// Whether a call may use the mechanism, be it the default or one that the caller names; it may,
    /// unless the policy says otherwise. Asked once for each operation, before any C function is
    /// called for it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Refused`] if it may not; [`Context::refused`] makes it.
    fn permit(&self, mechanism: &Mechanism<'_>, context: &Context<'_>) -> Result<()> {
        let _ = (mechanism, context);
        Ok(())
    }

    /// How a token deviates from the standard.
    fn quirks(&self, module: &ModuleInfo, token: &TokenInfo) -> Quirks;
}

/// What the caller gave along with [`DEFAULT`](crate::DEFAULT).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Request<'a> {
    /// An initialisation vector.
    pub iv: Option<&'a [u8]>,
    /// The other party's public value.
    pub peer: Option<&'a [u8]>,
}

bitflags! {
    /// What a key may do: the CKA_ attributes of these names.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct Capabilities: u16 {
        /// `CKA_ENCRYPT`, of secret and public keys.
        const ENCRYPT = 1;
        /// `CKA_DECRYPT`, of secret and private keys.
        const DECRYPT = 1 << 1;
        /// `CKA_SIGN`, of secret and private keys.
        const SIGN = 1 << 2;
        /// `CKA_VERIFY`, of secret and public keys.
        const VERIFY = 1 << 3;
        /// `CKA_WRAP`, of secret and public keys.
        const WRAP = 1 << 4;
        /// `CKA_UNWRAP`, of secret and private keys.
        const UNWRAP = 1 << 5;
        /// `CKA_DERIVE`, of secret and private keys.
        const DERIVE = 1 << 6;
        /// `CKA_ENCAPSULATE`, of public keys. Tokens of before 3.2 do not know it: it is said of
        /// keys that are for it, and of no others.
        const ENCAPSULATE = 1 << 7;
        /// `CKA_DECAPSULATE`, of private keys; as `ENCAPSULATE`.
        const DECAPSULATE = 1 << 8;
    }
}

/// How a token deviates from the standard, where the standard leaves room or the token errs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quirks {
    /// How the token wants the other party's point in `CK_ECDH1_DERIVE_PARAMS`.
    pub ecdh_point: PointForm,
    /// How the token gives `CKA_EC_POINT` of Edwards and Montgomery keys.
    pub edwards_point: PointForm,
    /// How the token wants Edwards and Montgomery curves named in `CKA_EC_PARAMS`.
    pub edwards_params: CurveForm,
    /// Whether `CK_GCM_PARAMS` is that of 2.20, without `ulIvBits`: [`AesGcm`](crate::mechanism::AesGcm)
    /// and [`AesGmac`](crate::mechanism::AesGmac) are packed so.
    pub short_gcm: bool,
    /// Whether `CKM_AES_KEY_WRAP_PAD`, which the standard does not settle, is that of RFC 5649, and
    /// so the same as `CKM_AES_KEY_WRAP_KWP`.
    pub pad_is_kwp: bool,
    /// Whether the module fails under calls from several threads although it was told of them: it
    /// gets one call at a time.
    pub one_call_at_a_time: bool,
    /// Whether the token writes past attribute buffers that are too small: lengths are asked first.
    pub lengths_first: bool,
    /// Whether the token takes the length of a nonce for Poly1305 mechanisms in bytes; the
    /// standard says bits.
    pub poly1305_nonce_bytes: bool,
    /// Whether the parameter of `CKM_PKCS5_PBKD2` is `CK_PKCS5_PBKD2_PARAMS` of 2.40 before its
    /// errata, with a pointer to the length of the password.
    pub old_pbkd2: bool,
    /// Whether the token signs with plain EdDSA whatever `CK_EDDSA_PARAMS` says: a prehash or a
    /// context is refused, instead of a signature that is another.
    pub plain_eddsa: bool,
}

impl Quirks {
    /// None: the token follows the standard.
    pub const NONE: Self = Self {
        ecdh_point: PointForm::Raw,
        edwards_point: PointForm::Raw,
        edwards_params: CurveForm::Oid,
        short_gcm: false,
        pad_is_kwp: false,
        one_call_at_a_time: false,
        lengths_first: false,
        poly1305_nonce_bytes: false,
        old_pbkd2: false,
        plain_eddsa: false,
    };

    /// With this form of the other party's point.
    #[must_use]
    pub const fn with_ecdh_point(mut self, form: PointForm) -> Self {
        self.ecdh_point = form;
        self
    }

    /// With this form of Edwards and Montgomery points.
    #[must_use]
    pub const fn with_edwards_point(mut self, form: PointForm) -> Self {
        self.edwards_point = form;
        self
    }

    /// With this form of the parameters of Edwards and Montgomery curves.
    #[must_use]
    pub const fn with_edwards_params(mut self, form: CurveForm) -> Self {
        self.edwards_params = form;
        self
    }

    /// With the GCM parameters of 2.20.
    #[must_use]
    pub const fn with_short_gcm(mut self, yes: bool) -> Self {
        self.short_gcm = yes;
        self
    }

    /// With `CKM_AES_KEY_WRAP_PAD` known to be that of RFC 5649.
    #[must_use]
    pub const fn with_pad_is_kwp(mut self, yes: bool) -> Self {
        self.pad_is_kwp = yes;
        self
    }

    /// With one call at a time.
    #[must_use]
    pub const fn with_one_call_at_a_time(mut self, yes: bool) -> Self {
        self.one_call_at_a_time = yes;
        self
    }

    /// With attribute lengths asked first.
    #[must_use]
    pub const fn with_lengths_first(mut self, yes: bool) -> Self {
        self.lengths_first = yes;
        self
    }

    /// With the lengths of nonces for Poly1305 mechanisms in bytes.
    #[must_use]
    pub const fn with_poly1305_nonce_bytes(mut self, yes: bool) -> Self {
        self.poly1305_nonce_bytes = yes;
        self
    }

    /// With the PBKDF2 parameters of before the errata of 2.40.
    #[must_use]
    pub const fn with_old_pbkd2(mut self, yes: bool) -> Self {
        self.old_pbkd2 = yes;
        self
    }

    /// With plain EdDSA alone.
    #[must_use]
    pub const fn with_plain_eddsa(mut self, yes: bool) -> Self {
        self.plain_eddsa = yes;
        self
    }
}

/// How an Edwards or Montgomery curve is named in `CKA_EC_PARAMS` (PKCS#11 §6.3.5, §6.3.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CurveForm {
    /// By its object identifier (RFC 8410).
    #[default]
    Oid,
    /// By its name, in a PrintableString: `edwards25519`.
    Name,
}

/// The form of a point of a curve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PointForm {
    /// Bare: 04, x, y (SEC 1 §2.3.3), or the bytes of RFC 7748 and RFC 8032.
    #[default]
    Raw,
    /// In a DER OCTET STRING.
    OctetString,
}

impl PointForm {
    /// The point in this form.
    pub(crate) fn encode(self, point: &[u8]) -> Result<Vec<u8>> {
        if self == Self::Raw {
            return Ok(point.to_vec());
        }
        let mut encoded = Vec::with_capacity(point.len() + 3);
        match u8::try_from(point.len()) {
            Ok(length @ 0..=127) => encoded.extend_from_slice(&[0x04, length]),
            Ok(length) => encoded.extend_from_slice(&[0x04, 0x81, length]),
            Err(_) => return Err(Error::invalid("a point of a curve has less than 256 bytes")),
        }
        encoded.extend_from_slice(point);
        Ok(encoded)
    }

    /// The bare point, if the bytes are one in this form.
    pub(crate) fn decode(self, bytes: &[u8]) -> Option<&[u8]> {
        if self == Self::Raw {
            return Some(bytes);
        }
        let (length, point) = match bytes {
            [0x04, length @ 0..=127, point @ ..] | [0x04, 0x81, length @ 128..=255, point @ ..] => {
                (*length, point)
            }
            _ => return None,
        };
        (point.len() == usize::from(length)).then_some(point)
    }
}

/// No policy: every choice is the caller's.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NoDefaults;

impl Defaults for NoDefaults {
    fn mechanism<'a>(&self, _: &Request<'a>, _: &Context<'_>) -> Result<Mechanism<'a>> {
        Err(ErrorKind::NoDefault("the module was loaded without Defaults".into()).into())
    }

    fn capabilities(&self, _: KeyType) -> Option<Capabilities> {
        None
    }

    fn template(&self, _: ObjectClass, _: KeyType, _: Usage) -> Template<'static> {
        Template::new()
    }

    fn quirks(&self, _: &ModuleInfo, _: &TokenInfo) -> Quirks {
        Quirks::NONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_change_form_and_back() {
        for length in [32, 65, 97, 133, 255] {
            let point = vec![4; length];
            let encoded = PointForm::OctetString.encode(&point).unwrap();
            assert_eq!(PointForm::OctetString.decode(&encoded), Some(&point[..]));
            assert_eq!(PointForm::Raw.decode(&point), Some(&point[..]));
        }
        assert!(PointForm::OctetString.encode(&[4; 256]).is_err());
    }

    #[test]
    fn odd_octet_strings_are_none() {
        for odd in [&[][..], &[4], &[4, 2, 1], &[4, 1, 1, 1], &[4, 0x81, 1, 1], &[3, 1, 1]] {
            assert_eq!(PointForm::OctetString.decode(odd), None, "{odd:?}");
        }
    }
}
