//! The error of this crate: one word wide, and it says where, why and on what.

use std::fmt;

use crate::{AttributeType, Function, Holder, MechanismType, ObjectClass, ReturnCode};

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in which C function, with which return code, on what.
///
/// ```
/// use pkcs11_core::{Error, ErrorKind, Function, ReturnCode};
///
/// let error = Error::from_code(Function::Login, ReturnCode::PIN_INCORRECT);
/// assert_eq!(error.to_string(), "C_Login: the PIN is incorrect (CKR_PIN_INCORRECT)");
/// assert!(matches!(error.kind(), ErrorKind::PinIncorrect));
/// ```
pub struct Error(Box<Report>);

struct Report {
    kind: ErrorKind,
    function: Option<Function>,
    code: Option<ReturnCode>,
    subject: Option<Subject>,
}

/// What the failed call worked on.
#[derive(Clone, Copy, Debug)]
enum Subject {
    Mechanism(MechanismType),
    Attribute(AttributeType),
    Class(ObjectClass),
}

/// What kind of failure it is: the caller's, the token's, or the module's.
///
/// ```
/// use pkcs11_core::{Error, ErrorKind};
///
/// fn advice(error: &Error) -> &'static str {
///     match error.kind() {
///         ErrorKind::PinIncorrect => "check the PIN",
///         ErrorKind::TokenNotFound(_) => "check the label",
///         ErrorKind::NotFound => "no such key; is the session logged in?",
///         ErrorKind::MechanismNotOffered => "look at the slot's mechanisms",
///         _ if error.is_session_lost() => "open another session",
///         _ => "see the text",
///     }
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The module's file could not be loaded.
    #[cfg(feature = "loader")]
    #[error(transparent)]
    Load(#[from] pkcs11_sys::loader::LoadError),
    /// The module gave no function list.
    #[error("the module gives no function list")]
    NoFunctionList,
    /// The module does not initialise with what the standard has alone: it wants a
    /// [reserved string](crate::LoadOptions::reserved).
    #[error("the module wants a reserved string: its own documentation says which")]
    WantsReservedString,
    /// The module is loaded in this process with other options.
    #[error("the module is already loaded with other options")]
    OtherOptions,
    /// Something else in this process has initialised the module, and joining was forbidden.
    #[error("something else in this process has initialised the module")]
    AlreadyInitialized,
    /// The module's function list has no such function.
    #[error("the module does not have this function")]
    FunctionNotSupported,
    /// The token does not offer the mechanism, or not for this use.
    #[error("the token does not offer this mechanism, or not for this use")]
    MechanismNotOffered,
    /// The module has been finalized.
    #[error("the module is finalized")]
    Finalized,
    /// The handle was made before this process was forked; load the module again.
    #[error("the handle belongs to the parent process: load the module again after fork")]
    Forked,
    /// The session is closed.
    #[error("the session is closed")]
    SessionClosed,
    /// An operation could not be ended; only closing the session helps.
    #[error("an earlier operation cannot be ended: close the session")]
    SessionStuck,
    /// Another operation is active on the session.
    #[error("an operation is active on the session{}", held_by(.0))]
    OperationActive(Option<Holder>),
    /// The token has been removed, or is not one.
    #[error("the token is gone")]
    TokenGone,
    /// No token matches.
    #[error("no token matches {0}")]
    TokenNotFound(String),
    /// More than one token matches.
    #[error("{count} tokens match {query}")]
    MultipleTokens {
        /// How many.
        count: usize,
        /// What was looked for.
        query: String,
    },
    /// No object matches.
    #[error("no object matches")]
    NotFound,
    /// More than one object matches.
    #[error("more than one object matches")]
    MultipleObjects,
    /// The object has been destroyed, or is hidden from this login.
    #[error("the object is gone, or not visible to this login")]
    ObjectGone,
    /// The PIN is incorrect.
    #[error("the PIN is incorrect")]
    PinIncorrect,
    /// The PIN is locked.
    #[error("the PIN is locked")]
    PinLocked,
    /// One try is left before the PIN is locked, and `allow_final_try` was not given.
    #[error("one try is left before the PIN is locked: use allow_final_try() to spend it")]
    PinFinalTry,
    /// No user is logged in.
    #[error("no user is logged in")]
    NotLoggedIn,
    /// A user is logged in whose PIN this process does not know.
    #[error("a user is already logged in")]
    AlreadyLoggedIn,
    /// The signature does not verify.
    #[error("the signature does not verify")]
    SignatureInvalid,
    /// The attribute cannot be read.
    #[error("the attribute {0}")]
    AttributeUnavailable(Unavailable),
    /// The attribute's value is not of its type.
    #[error("the attribute's value of {length} bytes is no {expected}")]
    AttributeValue {
        /// What the attribute's type wants.
        expected: &'static str,
        /// How many bytes came.
        length: usize,
    },
    /// The caller's buffer is too small.
    #[error("the buffer is too small")]
    BufferTooSmall,
    /// What gave the data of a stream failed; the stream is cancelled.
    #[error("the producer of the data failed")]
    Producer(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The stream has failed before, and is cancelled.
    #[error("the stream has failed before")]
    StreamFailed,
    /// The caller gave something that cannot be right; no C function was called for it.
    #[error("{0}")]
    InvalidInput(String),
    /// What was to become an object, or a token's values that were to be written, are not in the
    /// encoding that they must have: the source says what, and at which byte. See
    /// [`Error::encoding`].
    #[error("the encoding is not accepted")]
    Encoding(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No default serves here.
    #[error("no default: {0}")]
    NoDefault(String),
    /// The module's [`Defaults`](crate::Defaults) do not permit the mechanism; no C function was
    /// called.
    #[error("the policy refuses: {0}")]
    Refused(String),
    /// The module broke the standard.
    #[error("the module broke the standard: {0}")]
    Misbehaved(&'static str),
    /// The operating system gave no random numbers.
    #[error("the operating system gives no random numbers")]
    NoEntropy,
    /// The function failed with the return code of this error.
    #[error("failed")]
    Failed,
}

/// Why an attribute cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unavailable {
    /// It is sensitive, or the key unextractable.
    Sensitive,
    /// The object has no such attribute.
    NoSuchAttribute,
    /// The module does not say why.
    Unknown,
    /// It is larger than this crate reads.
    TooLarge,
    /// Templates stand in it one within another, more than this crate reads.
    TooDeep,
    /// Its value is a template, which is no plain value.
    Template,
    /// The module broke the standard when it gave the value.
    Misbehaved(&'static str),
    /// The module fails on it with this code.
    Failed(ReturnCode),
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sensitive => f.write_str("is sensitive"),
            Self::NoSuchAttribute => f.write_str("is not one of this object"),
            Self::Unknown => f.write_str("is unavailable"),
            Self::TooLarge => f.write_str("is too large"),
            Self::TooDeep => f.write_str("has templates nested too deep"),
            Self::Template => f.write_str("is a template, not a plain value"),
            Self::Misbehaved(what) => {
                write!(f, "cannot be read: the module broke the standard: {what}")
            }
            Self::Failed(code) => write!(f, "cannot be read ({code})"),
        }
    }
}

fn held_by(holder: &Option<Holder>) -> String {
    holder.map(|holder| format!(": {holder}")).unwrap_or_default()
}

impl Error {
    /// The error of a return code.
    #[must_use]
    pub fn from_code(function: Function, code: ReturnCode) -> Self {
        let mut error = Self::from(ErrorKind::of(code));
        error.0.function = Some(function);
        error.0.code = Some(code);
        error
    }

    /// The error of a codec, which this crate knows nothing of.
    ///
    /// ```
    /// use pkcs11_core::{Error, ErrorKind};
    ///
    /// let error = Error::encoding(std::fmt::Error);
    /// assert!(matches!(error.kind(), ErrorKind::Encoding(_)));
    /// ```
    #[must_use]
    pub fn encoding(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        ErrorKind::Encoding(Box::new(source)).into()
    }

    #[cold]
    pub(crate) fn invalid(what: impl Into<String>) -> Self {
        ErrorKind::InvalidInput(what.into()).into()
    }

    #[cold]
    pub(crate) fn misbehaved(function: Function, what: &'static str) -> Self {
        Self::from(ErrorKind::Misbehaved(what)).in_function(function)
    }

    /// The same error, said of a C function.
    #[must_use]
    pub fn in_function(mut self, function: Function) -> Self {
        self.0.function = Some(function);
        self
    }

    /// The same error, said of this function unless it is of another already.
    pub(crate) fn or_function(mut self, function: Function) -> Self {
        self.0.function.get_or_insert(function);
        self
    }

    /// The same error, said of a mechanism.
    #[must_use]
    pub fn on_mechanism(mut self, mechanism: MechanismType) -> Self {
        self.0.subject.get_or_insert(Subject::Mechanism(mechanism));
        self
    }

    /// The same error, said of an attribute.
    #[must_use]
    pub fn on_attribute(mut self, attribute: AttributeType) -> Self {
        self.0.subject = Some(Subject::Attribute(attribute));
        self
    }

    /// The same error, said of a class of objects.
    #[must_use]
    pub fn on_class(mut self, class: ObjectClass) -> Self {
        self.0.subject = Some(Subject::Class(class));
        self
    }

    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The C function that failed, or that would have been called.
    #[must_use]
    pub fn function(&self) -> Option<Function> {
        self.0.function
    }

    /// What the module answered, if it was asked.
    #[must_use]
    pub fn return_code(&self) -> Option<ReturnCode> {
        self.0.code
    }

    /// The mechanism that the call used.
    #[must_use]
    pub fn mechanism(&self) -> Option<MechanismType> {
        match self.0.subject {
            Some(Subject::Mechanism(mechanism)) => Some(mechanism),
            _ => None,
        }
    }

    /// The attribute that the call read or wrote.
    #[must_use]
    pub fn attribute(&self) -> Option<AttributeType> {
        match self.0.subject {
            Some(Subject::Attribute(attribute)) => Some(attribute),
            _ => None,
        }
    }

    /// The class of the object that the call made or looked for.
    #[must_use]
    pub fn object_class(&self) -> Option<ObjectClass> {
        match self.0.subject {
            Some(Subject::Class(class)) => Some(class),
            _ => None,
        }
    }

    /// Whether the session is lost: open another one.
    #[must_use]
    pub fn is_session_lost(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::SessionClosed
                | ErrorKind::SessionStuck
                | ErrorKind::Finalized
                | ErrorKind::Forked
                | ErrorKind::TokenGone
        )
    }

    /// Whether the token is gone: wait for it to return, then open a session.
    #[must_use]
    pub fn is_token_gone(&self) -> bool {
        matches!(self.0.kind, ErrorKind::TokenGone)
    }

    /// Whether the same call may succeed later, with nothing changed by the caller.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self.0.kind, ErrorKind::OperationActive(_))
            || self.0.code.is_some_and(|code| {
                [
                    ReturnCode::SESSION_COUNT,
                    ReturnCode::FUNCTION_CANCELED,
                    ReturnCode::HOST_MEMORY,
                    ReturnCode::DEVICE_MEMORY,
                    ReturnCode::TOKEN_RESOURCE_EXCEEDED,
                    ReturnCode::PENDING,
                ]
                .contains(&code)
            })
    }
}

impl ErrorKind {
    /// The kind of failure that a return code tells.
    pub(crate) fn of(code: ReturnCode) -> Self {
        match code {
            ReturnCode::FUNCTION_NOT_SUPPORTED => ErrorKind::FunctionNotSupported,
            ReturnCode::MECHANISM_INVALID => ErrorKind::MechanismNotOffered,
            ReturnCode::CRYPTOKI_NOT_INITIALIZED => ErrorKind::Finalized,
            ReturnCode::CRYPTOKI_ALREADY_INITIALIZED => ErrorKind::AlreadyInitialized,
            ReturnCode::SESSION_CLOSED | ReturnCode::SESSION_HANDLE_INVALID => {
                ErrorKind::SessionClosed
            }
            ReturnCode::OPERATION_ACTIVE => ErrorKind::OperationActive(None),
            ReturnCode::DEVICE_REMOVED
            | ReturnCode::TOKEN_NOT_PRESENT
            | ReturnCode::TOKEN_NOT_RECOGNIZED => ErrorKind::TokenGone,
            ReturnCode::OBJECT_HANDLE_INVALID | ReturnCode::KEY_HANDLE_INVALID => {
                ErrorKind::ObjectGone
            }
            ReturnCode::PIN_INCORRECT => ErrorKind::PinIncorrect,
            ReturnCode::PIN_LOCKED => ErrorKind::PinLocked,
            ReturnCode::USER_NOT_LOGGED_IN => ErrorKind::NotLoggedIn,
            ReturnCode::USER_ALREADY_LOGGED_IN | ReturnCode::USER_ANOTHER_ALREADY_LOGGED_IN => {
                ErrorKind::AlreadyLoggedIn
            }
            ReturnCode::ATTRIBUTE_SENSITIVE => {
                ErrorKind::AttributeUnavailable(Unavailable::Sensitive)
            }
            ReturnCode::ATTRIBUTE_TYPE_INVALID => {
                ErrorKind::AttributeUnavailable(Unavailable::NoSuchAttribute)
            }
            ReturnCode::BUFFER_TOO_SMALL => ErrorKind::BufferTooSmall,
            _ => ErrorKind::Failed,
        }
    }
}

impl From<ErrorKind> for Error {
    #[cold]
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(Report { kind, function: None, code: None, subject: None }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { kind, function, code, subject } = &*self.0;
        if let Some(function) = function {
            write!(f, "{function}")?;
        }
        match subject {
            Some(Subject::Mechanism(mechanism)) => write!(f, "({mechanism})")?,
            Some(Subject::Attribute(attribute)) => write!(f, "({attribute})")?,
            Some(Subject::Class(class)) => write!(f, "({class})")?,
            None => {}
        }
        if function.is_some() || subject.is_some() {
            f.write_str(": ")?;
        }
        write!(f, "{kind}")?;
        if let Some(source) = std::error::Error::source(kind) {
            write!(f, ": {source}")?;
        }
        match code {
            Some(code) => write!(f, " ({code})"),
            None => Ok(()),
        }
    }
}

/// The text: it has all that there is, and is what a program's `main` prints.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_word_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
    }

    #[test]
    fn names_function_code_and_subject() {
        let error = Error::from_code(Function::SignInit, ReturnCode::MECHANISM_INVALID)
            .on_mechanism(MechanismType::ECDSA_SHA512);
        assert_eq!(
            error.to_string(),
            "C_SignInit(CKM_ECDSA_SHA512): the token does not offer this mechanism, or not for this use \
             (CKR_MECHANISM_INVALID)"
        );
        assert_eq!(error.mechanism(), Some(MechanismType::ECDSA_SHA512));
    }

    #[test]
    fn answers_what_to_do() {
        let of = |code| Error::from_code(Function::Sign, code);
        assert!(of(ReturnCode::DEVICE_REMOVED).is_token_gone());
        assert!(of(ReturnCode::DEVICE_REMOVED).is_session_lost());
        assert!(of(ReturnCode::SESSION_HANDLE_INVALID).is_session_lost());
        assert!(of(ReturnCode::SESSION_COUNT).is_retryable());
        assert!(!of(ReturnCode::new(0x8000_0001)).is_retryable());
    }
}
