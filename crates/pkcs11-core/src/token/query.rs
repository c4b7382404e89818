//! Finding a token.

use std::fmt;

use super::{Token, TokenInfo};
use crate::{MechanismType, SlotFlags, TokenFlags};

/// The token with this label, or the start of a longer description:
/// `label("DEMO").serial("1234")`.
pub fn label(label: impl Into<String>) -> TokenQuery {
    TokenQuery::new().label(label)
}

/// What a token must be like; everything said must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a query does nothing until it is given to `Module::token`"]
pub struct TokenQuery {
    label: Option<String>,
    serial_number: Option<String>,
    manufacturer: Option<String>,
    model: Option<String>,
    flags: Option<TokenFlags>,
    slot_flags: Option<SlotFlags>,
    mechanisms: Vec<MechanismType>,
}

impl TokenQuery {
    /// Any token.
    pub fn new() -> Self {
        Self::default()
    }

    /// With this label.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// With this serial number.
    pub fn serial(mut self, serial_number: impl Into<String>) -> Self {
        self.serial_number = Some(serial_number.into());
        self
    }

    /// Of this manufacturer.
    pub fn manufacturer(mut self, manufacturer: impl Into<String>) -> Self {
        self.manufacturer = Some(manufacturer.into());
        self
    }

    /// Of this model.
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// With all of these flags.
    pub fn flags(mut self, flags: TokenFlags) -> Self {
        self.flags = Some(flags);
        self
    }

    /// In a slot with all of these flags.
    pub fn slot_flags(mut self, flags: SlotFlags) -> Self {
        self.slot_flags = Some(flags);
        self
    }

    /// With all of these mechanisms.
    pub fn mechanisms(mut self, mechanisms: impl IntoIterator<Item = MechanismType>) -> Self {
        self.mechanisms.extend(mechanisms);
        self
    }

    /// Whether the token matches; one that cannot be read does not.
    pub(crate) fn matches(&self, token: &Token) -> bool {
        let info = token.info().inspect_err(|error| {
            tracing::warn!(slot = %token.slot().id(), %error, "the token cannot be read");
        });
        info.is_ok_and(|info| self.matches_info(&info))
            && self.slot_flags.is_none_or(|flags| {
                token.slot().info().is_ok_and(|info| info.flags.contains(flags))
            })
            && (self.mechanisms.is_empty()
                || token.slot().mechanisms().is_ok_and(|offered| {
                    self.mechanisms.iter().all(|mechanism| offered.contains(mechanism))
                }))
    }

    fn matches_info(&self, info: &TokenInfo) -> bool {
        let equal = |wanted: &Option<String>, found: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == found)
        };
        equal(&self.label, &info.label)
            && equal(&self.serial_number, &info.serial_number)
            && equal(&self.manufacturer, &info.manufacturer)
            && equal(&self.model, &info.model)
            && self.flags.is_none_or(|flags| info.flags.contains(flags))
    }
}

impl From<&str> for TokenQuery {
    fn from(wanted: &str) -> Self {
        label(wanted)
    }
}

impl From<String> for TokenQuery {
    fn from(wanted: String) -> Self {
        label(wanted)
    }
}

impl fmt::Display for TokenQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = [
            ("label", &self.label),
            ("serial number", &self.serial_number),
            ("manufacturer", &self.manufacturer),
            ("model", &self.model),
        ];
        let mut said: Vec<String> = texts
            .iter()
            .filter_map(|(name, text)| text.as_ref().map(|text| format!("{name} {text:?}")))
            .collect();
        said.extend(self.flags.map(|flags| format!("{flags:?}")));
        said.extend(self.slot_flags.map(|flags| format!("{flags:?}")));
        said.extend(self.mechanisms.iter().map(ToString::to_string));
        f.write_str(if said.is_empty() { "any token" } else { "" })?;
        f.write_str(&said.join(", "))
    }
}
