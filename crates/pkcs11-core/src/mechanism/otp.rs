//! One-time passwords (PKCS#11 §6.53).

use super::derived::secret;
use super::typed::typed;
use crate::MechanismType;

/// Whose one-time passwords they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtpKind {
    /// RSA SecurID.
    SecurId,
    /// OATH HOTP (RFC 4226).
    Hotp,
    /// ActivIdentity ACTI.
    Acti,
}

/// The form of a one-time password (`CKA_OTP_FORMAT`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtpFormat {
    /// Decimal digits.
    Decimal,
    /// Hexadecimal digits.
    Hexadecimal,
    /// Letters and digits.
    Alphanumeric,
    /// Bytes.
    Binary,
}

/// A parameter of [`Otp`] (`CK_OTP_PARAM`).
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum OtpParameter<'a> {
    /// The PIN.
    Pin(&'a str),
    /// The challenge.
    Challenge(&'a [u8]),
    /// The time in UTC, as YYYYMMDDhhmmss.
    Time(&'a str),
    /// The counter: 8 bytes, big-endian, for HOTP and ACTI.
    Counter(&'a [u8]),
    /// Flags (`CKF_NEXT_OTP`, `CKF_EXCLUDE_TIME`, …).
    Flags(u32),
    /// The wanted length.
    Length(usize),
    /// The wanted form.
    Format(OtpFormat),
}

typed! {
    /// Makes (as a signature) or verifies a one-time password (`CKM_HOTP`, `CKM_SECURID`,
    /// `CKM_ACTI`). The data is empty.
    #[derive(Clone, Copy)]
    pub struct Otp<'a> {
        /// Whose they are.
        pub kind: OtpKind,
        /// What the key's attributes ask for.
        pub parameters: &'a [OtpParameter<'a>],
    }
    |m| match m.kind {
        OtpKind::SecurId => MechanismType::SECURID,
        OtpKind::Hotp => MechanismType::HOTP,
        OtpKind::Acti => MechanismType::ACTI,
    }
}

secret!(Otp, OtpParameter);
