//! How tokens deviate from the standard: one row for each.

mod rows;

use std::borrow::Cow;

use pkcs11_core::{ModuleInfo, Quirks, TokenInfo, Version};

/// The quirks of the tokens that match: everything said must hold.
///
/// ```
/// use pkcs11_core::{Quirks, Version};
/// use pkcs11_defaults::{QuirkRow, StandardDefaults, Versions};
///
/// // From a configuration file, say.
/// let (manufacturer, model) = (String::from("Acme"), String::from("Vault 3"));
/// let row = QuirkRow::new(manufacturer, Quirks::NONE.with_short_gcm(true))
///     .model(model)
///     .firmware(Versions::up_to(Version { major: 4, minor: 2 }));
/// let defaults = StandardDefaults::new().quirk(row);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuirkRow {
    /// What the manufacturer of the token, or of the module, begins with.
    pub manufacturer: Cow<'static, str>,
    /// What the model of the token begins with; empty for all.
    pub model: Cow<'static, str>,
    /// What the description of the module begins with; empty for all.
    pub description: Cow<'static, str>,
    /// The versions of the module (`libraryVersion`).
    pub library: Versions,
    /// The versions of the token's firmware.
    pub firmware: Versions,
    /// Their quirks.
    pub quirks: Quirks,
}

impl QuirkRow {
    /// A row for all tokens of this manufacturer.
    pub fn new(manufacturer: impl Into<Cow<'static, str>>, quirks: Quirks) -> Self {
        let manufacturer = manufacturer.into();
        Self { manufacturer, ..Self::of("", "", Versions::ALL, quirks) }
    }

    const fn of(
        manufacturer: &'static str,
        description: &'static str,
        library: Versions,
        quirks: Quirks,
    ) -> Self {
        Self {
            manufacturer: Cow::Borrowed(manufacturer),
            model: Cow::Borrowed(""),
            description: Cow::Borrowed(description),
            library,
            firmware: Versions::ALL,
            quirks,
        }
    }

    /// Only for models that begin with this.
    #[must_use]
    pub fn model(mut self, model: impl Into<Cow<'static, str>>) -> Self {
        self.model = model.into();
        self
    }

    /// Only for modules whose description begins with this.
    #[must_use]
    pub fn description(mut self, description: impl Into<Cow<'static, str>>) -> Self {
        self.description = description.into();
        self
    }

    /// Only for these versions of the module.
    #[must_use]
    pub const fn library(mut self, versions: Versions) -> Self {
        self.library = versions;
        self
    }

    /// Only for these versions of the token's firmware.
    #[must_use]
    pub const fn firmware(mut self, versions: Versions) -> Self {
        self.firmware = versions;
        self
    }

    fn matches(&self, module: &ModuleInfo, token: &TokenInfo) -> bool {
        let by = |manufacturer: &str| manufacturer.starts_with(&*self.manufacturer);
        (by(&token.manufacturer) || by(&module.manufacturer))
            && token.model.starts_with(&*self.model)
            && module.description.starts_with(&*self.description)
            && self.library.contain(module.library_version)
            && self.firmware.contain(token.firmware_version)
    }
}

/// A range of versions, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// The first; none: from the beginning.
    pub from: Option<Version>,
    /// The last; none: without end.
    pub to: Option<Version>,
}

impl Versions {
    /// All versions.
    pub const ALL: Self = Self { from: None, to: None };

    /// This version and all before it.
    #[must_use]
    pub const fn up_to(last: Version) -> Self {
        Self { from: None, to: Some(last) }
    }

    /// This version and all after it.
    #[must_use]
    pub const fn since(first: Version) -> Self {
        Self { from: Some(first), to: None }
    }

    /// From the first to the last, both included.
    #[must_use]
    pub const fn between(first: Version, last: Version) -> Self {
        Self { from: Some(first), to: Some(last) }
    }

    /// Whether the version is one of them.
    #[must_use]
    pub fn contain(&self, version: Version) -> bool {
        self.from.is_none_or(|from| from <= version) && self.to.is_none_or(|to| version <= to)
    }
}

/// The quirks of the first row that matches, the user's rows before ours.
pub(crate) fn find(rows: &[QuirkRow], module: &ModuleInfo, token: &TokenInfo) -> Quirks {
    let row = rows.iter().chain(rows::ROWS).find(|row| row.matches(module, token));
    row.map_or(Quirks::NONE, |row| row.quirks)
}
