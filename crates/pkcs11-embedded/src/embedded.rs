//! One call from nothing to a token with a label and PINs.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use pkcs11_core::{ErrorKind, Function, LoadOptions, Module, Token, TokenFlags};
use secrecy::{ExposeSecret, SecretSlice};

use crate::{Store, entry};

/// Held while a token is brought up: of two starts at once, one makes it and the other finds it.
static STARTING: Mutex<()> = Mutex::new(());

/// The token inside the program, about to be started.
///
/// Unless told otherwise it is labelled `DEMO`, its SO PIN is `12345678` and its user PIN `1234`.
///
/// ```
/// use pkcs11_embedded::Embedded;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let token = Embedded::memory().label("TESTS").user_pin("4321").start()?;
/// let session = token.open().user_pin("4321").start()?;
/// assert_eq!(session.token().info()?.label, "TESTS");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing happens until `start`"]
pub struct Embedded {
    /// A file, or memory. It is opened by `start`, so that the builder itself cannot fail.
    path: Option<PathBuf>,
    label: String,
    so_pin: SecretSlice<u8>,
    user_pin: SecretSlice<u8>,
    options: LoadOptions,
}

impl Embedded {
    /// A token in memory, gone with the last handle on its module: keep the token, or a session
    /// or object of it.
    pub fn memory() -> Self {
        Self {
            path: None,
            label: "DEMO".to_owned(),
            so_pin: secret("12345678"),
            user_pin: secret("1234"),
            options: LoadOptions::new(),
        }
    }

    /// A token in a file, as [`Store::file`]. A missing file is made; a token that is there is
    /// used as it is, and never wiped.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self { path: Some(path.into()), ..Self::memory() }
    }

    /// The token's label, at most 32 bytes. A token in a file must have it.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The SO PIN that a blank token gets. Of a token in a file it is asked only if the user's
    /// PIN was never set.
    pub fn so_pin(mut self, pin: impl AsRef<[u8]>) -> Self {
        self.so_pin = secret(pin);
        self
    }

    /// The user's PIN, where none is set yet. One that is set is neither changed nor checked.
    pub fn user_pin(mut self, pin: impl AsRef<[u8]>) -> Self {
        self.user_pin = secret(pin);
        self
    }

    /// How the module is loaded, [`LoadOptions::defaults`] say. What says where the token lives
    /// and who finalizes it, [`reserved`](LoadOptions::reserved), [`strict`](LoadOptions::strict)
    /// and [`keep_initialized`](LoadOptions::keep_initialized), is set by [`start`](Self::start).
    pub fn load_options(mut self, options: LoadOptions) -> Self {
        self.options = options;
        self
    }

    /// Starts the token: initialises the module on its store, and where the token is blank, gives
    /// it the label and the PINs. Wraps `C_Initialize`, `C_InitToken` and `C_InitPIN`
    /// (PKCS#11 §5.4.1, §5.5.7, §5.5.8).
    ///
    /// While it runs, another start on the same store gives a handle on the same token. The
    /// module is finalized when the last handle goes.
    ///
    /// # Errors
    ///
    /// See [`StartError`]. The process may start another token then.
    pub fn start(self) -> Result<Token, StartError> {
        let store = match self.path {
            None => Store::memory(),
            Some(path) => {
                Store::file(&path).map_err(|source| StartError::Store { path, source })?
            }
        };
        let _one = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
        let module = load(self.options, &store)?;
        let slot = module.slots()?.into_iter().next().ok_or(StartError::NoSlot)?;
        let token = slot.token();
        let info = token.info()?;
        // kryoptic pads the label with blanks, as the standard has it, and core trims them.
        let wanted = self.label.trim_end_matches(' ');
        if !info.flags.contains(TokenFlags::TOKEN_INITIALIZED) {
            slot.init_token(self.so_pin.expose_secret(), wanted)?;
        } else if info.label != wanted {
            return Err(StartError::OtherLabel { found: info.label, wanted: wanted.to_owned() });
        }
        // A token in a file may lack it too: where a start was cut short after C_InitToken.
        if !token.info()?.flags.contains(TokenFlags::USER_PIN_INITIALIZED) {
            let session = token.open().so_pin(self.so_pin.expose_secret()).start()?;
            session.init_pin(self.user_pin.expose_secret())?;
            session.close()?;
        }
        Ok(token)
    }
}

fn secret(pin: impl AsRef<[u8]>) -> SecretSlice<u8> {
    SecretSlice::from(pin.as_ref().to_vec())
}

/// The module on this store, initialised or joined.
fn load(options: LoadOptions, store: &Store) -> Result<Module, StartError> {
    // Not one that others have initialised: it may run on any store. Nor is it left initialised,
    // as kryoptic would add another store to those that it has open.
    let options =
        options.strict(true).keep_initialized(false).reserved(store.reserved().to_bytes())?;
    entry::load(options).map_err(|error| match error.kind() {
        ErrorKind::OtherOptions => StartError::OtherStore,
        ErrorKind::AlreadyInitialized => error.into(),
        _ => {
            if error.function() == Some(Function::Initialize) {
                entry::finalize_if_empty();
            }
            error.into()
        }
    })
}

/// Why the embedded token did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The file cannot be opened or made, or is no database.
    #[error("{}: {source}", path.display())]
    Store {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
    /// The file holds a token with another label. It was left as it is.
    #[error("the store holds a token labelled {found:?}, not {wanted:?}")]
    OtherLabel {
        /// The token's label.
        found: String,
        /// The label asked for.
        wanted: String,
    },
    /// An embedded token runs in this process on another store, or was loaded with other options.
    #[error("an embedded token runs in this process on another store, or with other options")]
    OtherStore,
    /// The module shows no slot.
    #[error("the embedded module shows no slot")]
    NoSlot,
    /// The module or the token failed.
    #[error(transparent)]
    Token(#[from] pkcs11_core::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_are_not_printed() {
        let printed = format!("{:?}", Embedded::memory().so_pin("87654321").user_pin("4321"));
        assert!(!printed.contains("4321") && !printed.contains("52, 51, 50, 49"), "{printed}");
    }
}
