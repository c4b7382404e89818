//! Which row of quirks a token finds.

use pkcs11_core::sys::{CK_INFO, CK_TOKEN_INFO, CK_VERSION};
use pkcs11_core::{CurveForm, Defaults, ModuleInfo, PointForm, Quirks, TokenInfo, Version};
use pkcs11_defaults::{QuirkRow, StandardDefaults, Versions};
use rstest::rstest;

fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = text.bytes();
    std::array::from_fn(|_| bytes.next().unwrap_or(b' '))
}

/// A module by its manufacturer, description and version.
fn module(manufacturer: &str, description: &str, (major, minor): (u8, u8)) -> ModuleInfo {
    let info = CK_INFO {
        manufacturerID: padded(manufacturer),
        libraryDescription: padded(description),
        libraryVersion: CK_VERSION { major, minor },
        ..Default::default()
    };
    ModuleInfo::from(&info)
}

/// A token by its manufacturer, model and firmware.
fn token(manufacturer: &str, model: &str, (major, minor): (u8, u8)) -> TokenInfo {
    let info = CK_TOKEN_INFO {
        manufacturerID: padded(manufacturer),
        model: padded(model),
        firmwareVersion: CK_VERSION { major, minor },
        ..Default::default()
    };
    TokenInfo::from(&info)
}

fn quirks(manufacturer: &str, description: &str, version: (u8, u8)) -> Quirks {
    let module = module(manufacturer, description, version);
    StandardDefaults::new().quirks(&module, &token("", "", (0, 0)))
}

const SHORT_GCM: Quirks = Quirks::NONE.with_short_gcm(true);
const NONCE_BYTES: Quirks = Quirks::NONE.with_poly1305_nonce_bytes(true);
const IBM: &str = "Meta PKCS11 LIBRARY";

#[rstest]
#[case::nobody("Acme", "", (1, 0), Quirks::NONE)]
#[case::kryoptic("Kryoptic Project", "Kryoptic PKCS11 Library", (1, 5), NONCE_BYTES)]
#[case::nss("Mozilla Foundation", "NSS Internal Crypto Services", (3, 87), NONCE_BYTES)]
#[case::nss_first_with_3_0("Mozilla Foundation", "NSS", (3, 52), NONCE_BYTES)]
#[case::nss_of_before("Mozilla Foundation", "NSS", (3, 51), SHORT_GCM)]
#[case::opencryptoki("IBM", IBM, (3, 8), SHORT_GCM.with_one_call_at_a_time(true))]
#[case::opencryptoki_with_new_locks("IBM", IBM, (3, 14), SHORT_GCM)]
#[case::opencryptoki_with_new_gcm("IBM", IBM, (3, 18), Quirks::NONE)]
#[case::another_of_ibm("IBM", "Something else", (3, 8), Quirks::NONE)]
fn known_tokens(
    #[case] manufacturer: &str,
    #[case] description: &str,
    #[case] version: (u8, u8),
    #[case] expected: Quirks,
) {
    assert_eq!(quirks(manufacturer, description, version), expected);
}

#[test]
fn softhsm_wants_der_around_points() {
    let found = quirks("SoftHSM", "Implementation of PKCS11", (2, 6));
    assert_eq!(found.ecdh_point, PointForm::OctetString);
    assert_eq!(found.edwards_point, PointForm::OctetString);
    assert_eq!(found.edwards_params, CurveForm::Oid);
    // Its CKM_AES_KEY_WRAP_PAD pads the key itself: other bytes than RFC 5649 (measured: 2.6.1).
    assert!(!found.pad_is_kwp && !found.short_gcm);
}

#[test]
fn all_that_a_row_says_must_hold() {
    let version = |major, minor| Version { major, minor };
    // As from a configuration file: nothing borrowed for ever.
    let row = QuirkRow::new("Acme".to_owned(), Quirks::NONE.with_edwards_params(CurveForm::Name))
        .model("Vault".to_owned())
        .description("Acme PKCS#11".to_owned())
        .library(Versions::since(version(2, 0)))
        .firmware(Versions::between(version(4, 0), version(4, 2)));
    let defaults = StandardDefaults::new().quirk(row);
    let found = |description, library, model, firmware| {
        let module = module("Someone else", description, library);
        defaults.quirks(&module, &token("Acme Inc.", model, firmware)) != Quirks::NONE
    };
    let description = "Acme PKCS#11 library";
    assert!(found(description, (2, 0), "Vault 3", (4, 0)));
    assert!(found(description, (9, 9), "Vault", (4, 2)));
    assert!(!found("Another library", (2, 0), "Vault 3", (4, 0)));
    assert!(!found(description, (1, 99), "Vault 3", (4, 0)));
    assert!(!found(description, (2, 0), "Safe", (4, 0)));
    assert!(!found(description, (2, 0), "Vault 3", (3, 99)));
    assert!(!found(description, (2, 0), "Vault 3", (4, 3)));
}

#[test]
fn rows_of_the_user_come_first_and_the_last_of_them_before_the_others() {
    let first = QuirkRow::new("SoftHSM", Quirks::NONE);
    let second = QuirkRow::new("Soft", Quirks::NONE.with_lengths_first(true));
    let module = module("SoftHSM", "", (2, 6));
    let token = token("SoftHSM project", "SoftHSM v2", (2, 6));
    let one = StandardDefaults::new().quirk(first.clone());
    assert_eq!(one.quirks(&module, &token), Quirks::NONE);
    let both = StandardDefaults::new().quirk(first).quirk(second);
    assert!(both.quirks(&module, &token).lengths_first);
}
