//! What a program needs: `use pkcs11::prelude::*;`.
//!
//! Of the typed mechanisms, those that a program reaches for today; the others are in
//! [`mechanism`](crate::mechanism).

// DER and PEM, in and out.
pub use crate::{ExportCertificate, ExportPrivateKey, ExportPublicKey, Import, SignDer, VerifyDer};
pub use pkcs11_codec::signature_algorithm::SignatureAlgorithm;
pub use pkcs11_codec::{CertificateDer, PrivateKeyDer, PublicKeyDer};
// Authenticated encryption, and block ciphers with an initialisation vector.
pub use pkcs11_core::mechanism::{
    AesCbc, AesCbcPad, AesCcm, AesCtr, AesGcm, AesGmac, ChaCha20Poly1305, DesCbc, DesCbcPad,
};
// The same for messages, with nonces that the token may make.
pub use pkcs11_core::mechanism::{AesCcmMessage, AesGcmMessage, ChaCha20Poly1305Message};
// RSA, signatures, MACs.
pub use pkcs11_core::mechanism::{
    Ecdsa, EdDsa, HashMlDsa, HashSlhDsa, MacGeneral, MlDsa, PreHash, RsaOaep, RsaPss, RsaPssDigest,
    SlhDsa,
};
// Key agreement and derivation.
pub use pkcs11_core::mechanism::{
    DhDerive, Ecdh1, EcdhKem, Hkdf, HkdfSalt, Kdf, LengthMethod, NewKey, NumberFormat, Pbkdf2,
    Pbkdf2Prf, PrfData, Sp800108, Sp800108Mode,
};
// Wrapping of keys.
pub use pkcs11_core::mechanism::{
    AesGcmWrap, AesKeyWrap, AesKeyWrapKwp, AesKeyWrapPkcs7, EcdhAesKeyWrap, EcdhWrap, RsaAesKeyWrap,
};
pub use pkcs11_core::{
    Attr, Capabilities, Certificate, CertificateType, Curve, DEFAULT, Data, DhGroup, DhParameters,
    DomainParameters, DsaParameters, Error, ErrorKind, Hash, KeyType, LoadOptions, Mechanism,
    MechanismType, Module, Object, ObjectClass, Pin, PrivateKey, PublicKey, Result, SecretKey,
    Session, Slot, Template, Token, TokenFlags, TokenObject, TokenQuery, Unavailable, UserType,
    attr, label,
};
