//! What all tests came to.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::registry::Registered;
use crate::{Kind, Skip};

/// The tests that were skipped, by reason.
#[derive(Debug, Default)]
pub(crate) struct Skipped(Mutex<BTreeMap<String, Vec<String>>>);

impl Skipped {
    pub(crate) fn add(&self, registered: &Registered, reason: &str) {
        let mut skipped = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let names = skipped.entry(reason.to_owned()).or_default();
        names.push(registered.name());
    }
}

impl fmt::Display for Skipped {
    /// A line for each reason, the tests in order.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let skipped = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (reason, names) in &*skipped {
            let whole =
                Kind::ALL.iter().any(|&kind| *reason == Skip::ModuleNotInstalled(kind).to_string());
            if whole {
                writeln!(f, "  skipped {}: {reason}", names.len())?;
                continue;
            }
            let mut names = names.clone();
            names.sort();
            writeln!(f, "  skipped {}: {reason}: {}", names.len(), names.join(", "))?;
        }
        Ok(())
    }
}
