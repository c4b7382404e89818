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
    // Wants DER in CK_ECDH1_DERIVE_PARAMS, gives Edwards points as OCTET STRINGs, and takes
    // Edwards curves by their OID only (measured: 2.6.1); its AES_KEY_WRAP_PAD is RFC 5649
    // (src/lib/crypto/OSSLAES.cpp of SoftHSMv2).
    QuirkRow::of(
        "SoftHSM",
        "",
        Versions::ALL,
        Quirks::NONE
            .with_ecdh_point(PointForm::OctetString)
            .with_edwards_point(PointForm::OctetString),
    ),
    // Follows the standard in all that a quirk can say (measured: 1.5.4).
    QuirkRow::of("Kryoptic", "", Versions::ALL, Quirks::NONE),
    // Before 3.52 it knows CK_GCM_PARAMS without ulIvBits only
    // (https://fedoraproject.org/wiki/Changes/NssGCMParams).
    QuirkRow::of("Mozilla", "", Versions::up_to(version(3, 51)), SHORT_GCM),
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
