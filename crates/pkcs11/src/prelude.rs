//! What a program needs: `use pkcs11::prelude::*;`.

pub use pkcs11_core::mechanism::{
    AesCbc, AesCbcPad, AesCtr, AesGcm, DesCbcPad, DhDerive, Ecdh1, Ecdsa, EdDsa, Kdf, RsaOaep,
    RsaPss,
};
pub use pkcs11_core::{
    Attr, Capabilities, Certificate, CertificateType, Curve, DEFAULT, Data, DhGroup, DhParameters,
    DomainParameters, DsaParameters, Error, ErrorKind, Hash, KeyType, LoadOptions, Mechanism,
    MechanismType, Module, Object, ObjectClass, Pin, PrivateKey, PublicKey, Result, SecretKey,
    Session, Slot, Template, Token, TokenFlags, TokenObject, TokenQuery, Unavailable, UserType,
    attr, label,
};
