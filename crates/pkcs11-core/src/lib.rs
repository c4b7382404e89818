#![doc = include_str!("../README.md")]

mod asynchronous;
mod attribute;
mod defaults;
mod error;
mod function;
mod hash;
mod lock;
pub mod mechanism;
pub mod message;
mod module;
mod object;
mod operation;
mod pin;
mod raw;
mod session;
mod slot;
pub mod stream;
mod template;
mod token;
mod version;
mod vocabulary;

pub use asynchronous::{AsyncId, AsyncSession, Pending};
pub use attribute::{
    Attr, AttributeList, AttributeType, BigInteger, Date, IntoValue, Value, ValueType, attr,
};
pub use defaults::{Capabilities, CurveForm, Defaults, PointForm, Quirks, Request};
pub use error::{Error, ErrorKind, Result, Unavailable};
pub use function::Function;
pub use hash::Hash;
pub use lock::{Holder, OperationKind};
pub use mechanism::{Context, DEFAULT, IntoMechanism, Mechanism, Usage};
pub use module::{LoadOptions, Module, ModuleInfo};
pub use object::{
    Certificate, CertificateTrust, Curve, Data, DecapsulateKey, DeriveKey, DeriveKeys, Derived,
    DhGroup, DhParameters, DomainParameters, DsaParameters, EncapsulateKey, Find, GenerateKey,
    GenerateKeyPair, GenerateParameters, KeyPairKind, Object, ObjectKind, PrivateKey, Profile,
    PublicKey, SecretKey, TlsSecretKeys, TokenObject, TrustInfo, UnwrapKey, Validation,
    ValidationInfo, WtlsSecretKeys, X942Parameters,
};
pub use operation::OperationState;
pub use pin::Pin;
pub use pkcs11_sys as sys;
pub use raw::{Interface, InterfaceInfo, ObjectHandle, SessionHandle, SlotId};
pub use session::{Session, SessionBuilder, SessionInfo};
pub use slot::{MechanismInfo, Slot, SlotInfo};
pub use template::Template;
pub use token::{MaxSessions, Token, TokenInfo, TokenQuery, UtcTime, label};
pub use version::Version;
pub use vocabulary::{
    CertificateCategory, CertificateType, DkmLengthMethod, Generator, Hedge, HkdfSaltType,
    HwFeature, InitializeFlags, InterfaceFlags, Kdf, KeyType, MechanismFlags, MechanismType,
    MessageFlags, Mgf, MlDsaParameterSet, MlKemParameterSet, Notification, OaepSource, ObjectClass,
    OtpFlags, OtpFormat, OtpParamType, OtpRequirement, ParameterSet, ParseNumberError, Pbkdf2Prf,
    PrfDataType, ProfileId, ReturnCode, SaltSource, SecurityDomain, SessionFlags, SessionState,
    SessionValidation, SlhDsaParameterSet, SlotEventFlags, SlotFlags, TokenFlags, Trust, UserType,
    ValidationAuthority, ValidationFlags, ValidationType,
};
