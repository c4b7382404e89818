//! How tokens deviate from the standard: one row for each.

use pkcs11_core::{ModuleInfo, PointForm, Quirks, TokenInfo};

/// The quirks of the tokens that match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuirkRow {
    /// What the manufacturer of the token, or of the module, begins with.
    pub manufacturer: &'static str,
    /// What the model of the token begins with; empty for all.
    pub model: &'static str,
    /// Their quirks.
    pub quirks: Quirks,
}

impl QuirkRow {
    fn matches(&self, module: &ModuleInfo, token: &TokenInfo) -> bool {
        let by = |manufacturer: &str| manufacturer.starts_with(self.manufacturer);
        (by(&token.manufacturer) || by(&module.manufacturer)) && token.model.starts_with(self.model)
    }
}

const ROWS: &[QuirkRow] = &[
    // Wants DER in CK_ECDH1_DERIVE_PARAMS, and gives Edwards points as OCTET STRINGs (2.6.1).
    QuirkRow {
        manufacturer: "SoftHSM",
        model: "",
        quirks: Quirks::NONE
            .with_ecdh_point(PointForm::OctetString)
            .with_edwards_point(PointForm::OctetString),
    },
    // Takes 12 for the length of a ChaCha20-Poly1305 nonce (1.5.4).
    QuirkRow {
        manufacturer: "Kryoptic",
        model: "",
        quirks: Quirks::NONE.with_poly1305_nonce_bytes(true),
    },
];

/// The quirks of the first row that matches, the user's rows before ours.
pub(crate) fn find(rows: &[QuirkRow], module: &ModuleInfo, token: &TokenInfo) -> Quirks {
    let row = rows.iter().chain(ROWS).find(|row| row.matches(module, token));
    row.map_or(Quirks::NONE, |row| row.quirks)
}
