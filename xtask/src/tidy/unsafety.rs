//! Architecture invariant 1: where `unsafe` may stand.

use proc_macro2::{Ident, TokenStream, TokenTree};

use super::{File, Finding};

/// The files that may say `unsafe`, by the start of their path: the C interface,
/// core's raw layer, tokens that are C functions themselves, the tests of core
/// that hand such functions to it, those that read loom's cells, and the token tests'
/// forks and C calls by hand.
const ALLOWED: &[&str] = &[
    "crates/pkcs11-sys/",
    "crates/pkcs11-core/src/raw.rs",
    "crates/pkcs11-core/src/raw/",
    "crates/pkcs11-core/src/lock/operation/loom_tests.rs",
    "crates/pkcs11-core/tests/",
    "crates/pkcs11-embedded/",
    "crates/pkcs11-mock/",
    "tests-softhsm/src/native.rs",
    "tests-softhsm/src/native/",
];

/// The lint levels that lift the workspace's `deny(unsafe_code)`.
const LEVELS: &[&str] = &["allow", "expect", "warn"];

/// Finds `unsafe` and what permits it where neither belongs. Works on tokens, so
/// that comments and strings may say it, and macro calls may not hide it.
pub(super) fn check(file: &File) -> Vec<Finding> {
    if ALLOWED.iter().any(|start| file.path.starts_with(start)) {
        return Vec::new();
    }
    match file.text.parse::<TokenStream>() {
        Ok(tokens) => {
            let mut findings = Vec::new();
            search(file, tokens, &mut findings);
            findings
        }
        Err(error) => {
            let line = error.span().start().line;
            vec![file.finding(line, format!("not Rust: {error}"))]
        }
    }
}

fn search(file: &File, tokens: TokenStream, findings: &mut Vec<Finding>) {
    let mut level = None;
    for token in tokens {
        let before = level.take();
        match token {
            TokenTree::Ident(word) if word == "unsafe" => {
                findings.push(at(
                    file,
                    &word,
                    "`unsafe` belongs in pkcs11-sys and pkcs11_core::raw",
                ));
            }
            TokenTree::Ident(word) if LEVELS.iter().any(|level| word == level) => {
                level = Some(word);
            }
            TokenTree::Group(group) => {
                if let Some(word) = before.filter(|_| names_unsafe_code(group.stream())) {
                    findings.push(at(file, &word, "`unsafe_code` stays denied here"));
                }
                search(file, group.stream(), findings);
            }
            _ => {}
        }
    }
}

fn names_unsafe_code(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| matches!(token, TokenTree::Ident(word) if word == "unsafe_code"))
}

fn at(file: &File, word: &Ident, message: &str) -> Finding {
    file.finding(word.span().start().line, message)
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&file(path, text)).iter().map(|finding| finding.line).collect()
    }

    const FACADE: &str = "crates/pkcs11/src/lib.rs";

    #[test]
    fn every_form_of_unsafe_is_found() {
        for text in [
            "fn f() { unsafe { g() } }",
            "unsafe fn f() {}",
            "unsafe impl Send for T {}",
            "unsafe extern \"C\" { fn f(); }",
            "#[unsafe(no_mangle)] fn f() {}",
            "type F = unsafe extern \"C\" fn();",
            "m!(a, { unsafe { g() } });",
            "#![allow(unsafe_code)]",
            "#[expect(unsafe_code, reason = \"x\")] fn f() {}",
            "#[cfg_attr(unix, allow(dead_code, unsafe_code))] fn f() {}",
        ] {
            assert_eq!(lines(FACADE, text), [1], "{text}");
        }
        assert_eq!(lines(FACADE, "\n\nfn f() {\n    unsafe { g() }\n}"), [4]);
    }

    #[test]
    fn the_word_alone_is_harmless() {
        let text = "//! unsafe\n/// unsafe { }\n// unsafe\n/* unsafe */\n\
            #![deny(unsafe_code)]\n#![forbid(unsafe_code)]\n\
            const S: &str = \"unsafe { }\"; const R: &str = r#\"unsafe\"#; fn not_unsafe() {}";
        assert_eq!(lines(FACADE, text), [0; 0]);
    }

    #[test]
    fn the_raw_layer_may() {
        let text = "fn f() { unsafe { g() } }";
        for path in [
            "crates/pkcs11-sys/src/lib.rs",
            "crates/pkcs11-core/src/raw.rs",
            "crates/pkcs11-core/src/raw/session.rs",
            "crates/pkcs11-mock/src/lib.rs",
        ] {
            assert_eq!(lines(path, text), [0; 0], "{path}");
        }
        for path in [
            "crates/pkcs11-core/src/rawhide.rs",
            "crates/pkcs11-core/src/session.rs",
            "crates/pkcs11-codec/src/lib.rs",
            "crates/pkcs11/examples/aes.rs",
        ] {
            assert_eq!(lines(path, text), [1], "{path}");
        }
    }

    #[test]
    fn text_that_is_not_rust_is_found() {
        assert_eq!(check(&file(FACADE, "fn f( {")).len(), 1);
    }
}
