//! The rows: what was measured, or what a public source says.
//!
//! That NSS writes past attribute buffers, and follows the length of PBKDF2's password as a pointer,
//! is not here: memory safety is no matter of policy, and core knows it by itself, whatever the
//! `Defaults`.

use pkcs11_core::{PointForm, Quirks, Version};

use super::{QuirkRow, Versions};

const fn version(major: u8, minor: u8) -> Version {
    Version { major, minor }
}

/// What openCryptoki calls its module.
const OPENCRYPTOKI: &str = "Meta PKCS11 LIBRARY";
const SHORT_GCM: Quirks = Quirks::NONE.with_short_gcm(true);

/// The first that matches counts.
pub(super) static ROWS: &[QuirkRow] = &[
    // Takes the other party's point bare or in an OCTET STRING, but some bare ones of short curves
    // for the latter, and gives Edwards points as OCTET STRINGs. Its AES_KEY_WRAP_PAD is not
    // RFC 5649: it fills the key itself up with zeros, which come back with it (all measured: 2.6.1;
    // tests-softhsm/tests/tokens/quirks.rs and wrap.rs).
    QuirkRow::of(
        "SoftHSM",
        "",
        Versions::ALL,
        Quirks::NONE
            .with_ecdh_point(PointForm::OctetString)
            .with_edwards_point(PointForm::OctetString),
    ),
    // Takes the length of a nonce for ChaCha20-Poly1305 in bytes (measured: 1.5.4; the same tests).
    QuirkRow::of("Kryoptic", "", Versions::ALL, Quirks::NONE.with_poly1305_nonce_bytes(true)),
    // Before 3.52 it knows CK_GCM_PARAMS without ulIvBits only
    // (https://fedoraproject.org/wiki/Changes/NssGCMParams).
    QuirkRow::of("Mozilla", "", Versions::up_to(version(3, 51)), SHORT_GCM),
    // It too takes the length of such a nonce in bytes (measured: 3.87; messages.rs beside the same
    // tests).
    QuirkRow::of("Mozilla", "", Versions::ALL, Quirks::NONE.with_poly1305_nonce_bytes(true)),
    // Before 3.18 it knows CK_GCM_PARAMS without ulIvBits only
    // (https://github.com/opencryptoki/opencryptoki/pull/549, May 2022).
    QuirkRow::of("IBM", OPENCRYPTOKI, Versions::between(version(3, 14), version(3, 17)), SHORT_GCM),
    // Before that it also crashes when threads call at the same time, although it was told of them
    // (measured: 3.8.1; its ChangeLog has "rework on process and thread locking" at 3.14).
    QuirkRow::of(
        "IBM",
        OPENCRYPTOKI,
        Versions::up_to(version(3, 13)),
        SHORT_GCM.with_one_call_at_a_time(true),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// A row that an earlier one hides would never be found.
    #[test]
    fn no_row_hides_another() {
        for (index, row) in ROWS.iter().enumerate() {
            for earlier in &ROWS[..index] {
                let same = row.manufacturer.starts_with(&*earlier.manufacturer)
                    && row.model.starts_with(&*earlier.model)
                    && row.description.starts_with(&*earlier.description);
                let inside = |versions: Versions, of: Versions| {
                    versions.from.is_some_and(|from| of.contain(from))
                        || versions.to.is_some_and(|to| of.contain(to))
                        || of == Versions::ALL
                };
                let hidden = same && inside(row.library, earlier.library);
                assert!(!hidden || !inside(row.firmware, earlier.firmware), "{row:?}");
            }
        }
    }
}
