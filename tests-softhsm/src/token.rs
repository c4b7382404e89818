//! The tokens that tests run on.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use pkcs11::{LoadOptions, MechanismType, Module, Result, Session, Token, TokenFlags, label};

use crate::{Outcome, Skip, skip};

/// The label of a test's token.
pub const LABEL: &str = "TEST";
/// Its user's PIN.
pub const PIN: &str = "12345678";
/// Its security officer's PIN.
pub const SO_PIN: &str = "87654321";
/// A PIN that is neither.
pub const WRONG_PIN: &str = "11112222";

/// A kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// SoftHSM, PKCS#11 2.40.
    SoftHsm,
    /// The embedded token as a module, PKCS#11 3.2.
    Embedded,
    /// The token of a database of NSS softokn, PKCS#11 3.0.
    Nss,
}

impl Kind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[Self::SoftHsm, Self::Embedded, Self::Nss];
    /// Those that a test is for if it says nothing else.
    pub const USUAL: &'static [Self] = &[Self::SoftHsm, Self::Embedded];

    /// The module's file: what the environment names, else what the system has.
    #[must_use]
    pub fn module(self) -> Option<PathBuf> {
        let named = |name| env::var_os(name).filter(|path| !path.is_empty());
        match self {
            Self::SoftHsm => {
                named("SOFTHSM2_MODULE").map(PathBuf::from).or_else(|| installed(SOFTHSM))
            }
            Self::Embedded => named("PKCS11_EMBEDDED_MODULE").map(PathBuf::from),
            Self::Nss => named("NSS_MODULE").map(PathBuf::from).or_else(|| installed(NSS)),
        }
    }

    /// Sets a place for tokens of this kind up in the folder, and says what the module's
    /// environment must say of it, if it looks there.
    pub(crate) fn prepare(self, dir: &Path) -> io::Result<Option<(&'static str, OsString)>> {
        match self {
            Self::SoftHsm => {
                let tokens = dir.join("softhsm");
                fs::create_dir(&tokens)?;
                let conf = dir.join("softhsm2.conf");
                let text = format!(
                    "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
                    tokens.display()
                );
                fs::write(&conf, text)?;
                Ok(Some(("SOFTHSM2_CONF", conf.into())))
            }
            // A name that ends so is taken as the database itself.
            Self::Embedded => Ok(Some(("KRYOPTIC_CONF", dir.join("token.sql").into()))),
            Self::Nss => fs::create_dir(dir.join(NSS_DIR)).map(|()| None),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SoftHsm => "softhsm",
            Self::Embedded => "embedded",
            Self::Nss => "nss",
        })
    }
}

/// Where distributions put SoftHSM's module, below a library folder.
const SOFTHSM: &[&str] = &["softhsm/libsofthsm2.so", "pkcs11/libsofthsm2.so", "libsofthsm2.so"];
/// Where they put that of NSS.
const NSS: &[&str] = &["libsoftokn3.so", "nss/libsoftokn3.so"];
/// The folder of its database.
const NSS_DIR: &str = "nss";

/// A module where distributions put it.
fn installed(places: &[&str]) -> Option<PathBuf> {
    let mut libraries = vec![
        "/usr/lib".into(),
        "/usr/lib64".into(),
        "/usr/local/lib".into(),
        "/opt/homebrew/lib".into(),
    ];
    let below = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    libraries.extend(below.map(|entry| entry.path()));
    libraries
        .iter()
        .flat_map(|dir: &PathBuf| places.iter().map(|place| dir.join(place)))
        .find(|file| file.is_file())
}

/// The token of one test.
#[derive(Debug)]
pub struct TestToken {
    kind: Kind,
    path: PathBuf,
    dir: PathBuf,
}

impl TestToken {
    /// A blank token of this kind, in a folder that has been prepared.
    pub(crate) fn blank(kind: Kind, dir: &Path) -> Outcome<Self> {
        let Some(path) = kind.module() else {
            return skip(Skip::ModuleNotInstalled(kind));
        };
        let dir = dir.to_owned();
        Ok(Self { kind, path, dir })
    }

    /// Initialises it through the library: label, SO PIN, user PIN.
    pub(crate) fn initialize(&self) -> Result<()> {
        let module = self.load()?;
        match self.kind {
            Kind::Nss => initialize_nss(&module),
            Kind::SoftHsm | Kind::Embedded => initialize(&module, LABEL),
        }
    }

    /// A token of another kind in the same process, initialised.
    ///
    /// # Errors
    ///
    /// If its module is not installed: then the test is skipped.
    pub fn other(&self, kind: Kind) -> Outcome<Self> {
        let other = Self::blank(kind, &self.dir)?;
        other.initialize()?;
        Ok(other)
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it is SoftHSM's.
    #[must_use]
    pub fn is_softhsm(&self) -> bool {
        self.kind == Kind::SoftHsm
    }

    /// The module's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A folder for the test's own files, gone with the test.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The standard defaults, and what the module must be told.
    ///
    /// # Errors
    ///
    /// If the test's folder has a NUL in its name.
    pub fn options(&self) -> Result<LoadOptions> {
        match self.kind {
            Kind::Nss => pkcs11::options().reserved(self.nss_parameters()),
            Kind::SoftHsm | Kind::Embedded => Ok(pkcs11::options()),
        }
    }

    /// What NSS is told: where its database is, and what to call its token, since
    /// `C_InitToken` leaves the label as it is.
    #[must_use]
    pub fn nss_parameters(&self) -> String {
        let dir = self.dir.join(NSS_DIR);
        format!(
            "configdir='sql:{}' certPrefix='' keyPrefix='' secmod='secmod.db' flags= \
             dbTokenDescription='{LABEL}'",
            dir.display()
        )
    }

    /// The module, with the standard defaults.
    ///
    /// # Errors
    ///
    /// If it does not load.
    pub fn load(&self) -> Result<Module> {
        self.options()?.load(&self.path)
    }

    /// The token.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn token(&self) -> Result<Token> {
        self.load()?.token(label(LABEL))
    }

    /// A session with the user logged in.
    ///
    /// # Errors
    ///
    /// If it does not open.
    pub fn session(&self) -> Result<Session> {
        self.token()?.open().user_pin(PIN).start()
    }

    /// Goes on only if the token offers the mechanisms.
    ///
    /// # Errors
    ///
    /// [`Skip::TokenLacks`].
    pub fn needs(&self, mechanisms: &[MechanismType]) -> Outcome {
        let token = self.token()?;
        for &mechanism in mechanisms {
            if token.mechanism_info(mechanism)?.is_none() {
                return skip(Skip::TokenLacks(mechanism));
            }
        }
        Ok(())
    }

    /// Initialises another token of the module with this label and the same PINs.
    ///
    /// # Errors
    ///
    /// [`Skip::OneTokenOnly`], or what initialising answers.
    pub fn second_token(&self, module: &Module, name: &str) -> Outcome {
        if !self.is_softhsm() {
            return skip(Skip::OneTokenOnly);
        }
        Ok(initialize(module, name)?)
    }
}

/// Gives the token of NSS its user PIN: that of its security officer is empty until then, and
/// nobody is let in as the officer after.
fn initialize_nss(module: &Module) -> Result<()> {
    let officer = module.token(label(LABEL))?.open().so_pin("").start()?;
    officer.init_pin(PIN)?;
    officer.close()
}

/// Initialises the first token that has not been.
fn initialize(module: &Module, name: &str) -> Result<()> {
    for slot in module.slots_with_token()? {
        let flags = slot.token().info()?.flags;
        if flags.contains(TokenFlags::TOKEN_INITIALIZED) {
            continue;
        }
        slot.init_token(SO_PIN, name)?;
        // SoftHSM has given the token another slot, and itself one more.
        let mut tokens = module.tokens()?;
        tokens.retain(|token| {
            token.info().is_ok_and(|info| {
                info.label == name && !info.flags.contains(TokenFlags::USER_PIN_INITIALIZED)
            })
        });
        let officer = match tokens.first() {
            Some(token) => token.open().so_pin(SO_PIN).start()?,
            None => break,
        };
        officer.init_pin(PIN)?;
        return officer.close();
    }
    Err(pkcs11::ErrorKind::TokenNotFound("a blank token".to_owned()).into())
}
