//! What a row of the mechanism table tells beside name and number.

/// The parameter that a mechanism takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Parameter {
    /// Not in the table: whatever the caller gives goes to the module.
    Any,
    /// None: `pParameter` is NULL.
    Nothing,
    /// An initialisation vector of this many bytes.
    Iv(usize),
    /// `CK_RSA_PKCS_OAEP_PARAMS`.
    Oaep,
    /// `CK_RSA_PKCS_PSS_PARAMS`.
    Pss,
    /// `CK_GCM_PARAMS`.
    Gcm,
    /// `CK_AES_CTR_PARAMS`.
    Ctr,
    /// `CK_EDDSA_PARAMS`, or none for plain Ed25519.
    EdDsa,
    /// `CK_ECDH1_DERIVE_PARAMS`.
    Ecdh1,
    /// The other party's public value, big-endian.
    PublicValue,
}

/// How long the output of a mechanism is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Output {
    /// Not in the table, or as long as the input.
    Any,
    /// Always this long: a digest.
    Digest(usize),
    /// Always this long: a message authentication code.
    Mac(usize),
    /// As long as the modulus of the RSA key.
    Modulus,
    /// Twice as long as the order of the key's group.
    TwiceOrder,
}

/// The facts of one row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(crate) parameter: Parameter,
    pub(crate) output: Output,
}

pub(super) use Parameter::{Ctr, Ecdh1, EdDsa, Gcm, Iv, Nothing, Oaep, Pss, PublicValue};

pub(super) const fn any() -> Facts {
    of(Parameter::Any)
}

pub(super) const fn bare() -> Facts {
    of(Parameter::Nothing)
}

pub(super) const fn of(parameter: Parameter) -> Facts {
    Facts { parameter, output: Output::Any }
}

pub(super) const fn digest(length: usize) -> Facts {
    Facts { parameter: Nothing, output: Output::Digest(length) }
}

pub(super) const fn mac(length: usize) -> Facts {
    Facts { parameter: Nothing, output: Output::Mac(length) }
}

pub(super) const fn rsa(parameter: Parameter) -> Facts {
    Facts { parameter, output: Output::Modulus }
}

pub(super) const fn ecdsa() -> Facts {
    Facts { parameter: Nothing, output: Output::TwiceOrder }
}

pub(super) const fn dsa() -> Facts {
    Facts { parameter: Nothing, output: Output::TwiceOrder }
}
