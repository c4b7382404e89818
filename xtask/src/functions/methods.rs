//! Which public methods wrap a C function, as their documentation says: "Wraps `C_X`". What macros
//! make is in it, what is private is not. A type says so of its `Drop`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::paths;
use crate::shell::cargo;

/// By C function: types and, of each, the methods. What belongs to no type stands under "".
pub(super) type Methods = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// Reads them from what rustdoc makes of `pkcs11-core`, where every call is made.
pub(super) fn read() -> Result<Methods> {
    // Data for programs is a promise of no toolchain yet, so ours, which is pinned, is asked for what
    // it has. That changes how other crates are built.
    let target = paths::target()?.join("rustdoc-json");
    cargo(["rustdoc", "--package=pkcs11-core", "--lib", "--"])?
        .args(["-Zunstable-options", "--output-format=json"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", &target)
        .step("Read the documentation of pkcs11-core")?;
    let file = target.join("doc/pkcs11_core.json");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let methods = methods_in(&serde_json::from_str(&text)?);
    if methods.is_empty() {
        bail!("{}: no method wraps anything: has its form changed?", file.display());
    }
    Ok(methods)
}

fn methods_in(documentation: &Value) -> Methods {
    let mut methods = Methods::new();
    let items = documentation.get("index").and_then(Value::as_object);
    let Some(items) = items else { return methods };
    let owners = owners(items);
    for (id, item) in items {
        let name = item.get("name").and_then(Value::as_str);
        let docs = item.get("docs").and_then(Value::as_str);
        let (Some(name), Some(docs)) = (name, docs) else { continue };
        for function in wrapped(docs) {
            let owner = owners.get(id).cloned().unwrap_or_default();
            let types = methods.entry(function.to_owned()).or_default();
            types.entry(owner).or_default().insert(name.to_owned());
        }
    }
    methods
}

/// The types and traits, by the numbers of their methods.
fn owners(items: &serde_json::Map<String, Value>) -> BTreeMap<String, String> {
    let mut owners = BTreeMap::new();
    for item in items.values() {
        let Some(inner) = item.get("inner") else { continue };
        let (methods, owner) = if let Some(block) = inner.get("impl") {
            let path = block.pointer("/for/resolved_path/path").and_then(Value::as_str);
            // As it is written there: `super::SecretKey`.
            (block.get("items"), path.and_then(|path| path.rsplit("::").next()))
        } else if let Some(block) = inner.get("trait") {
            (block.get("items"), item.get("name").and_then(Value::as_str))
        } else {
            continue;
        };
        let methods = methods.and_then(Value::as_array).into_iter().flatten();
        for (method, owner) in methods.zip(std::iter::repeat(owner)) {
            owners.extend(owner.map(|owner| (method.to_string(), owner.to_owned())));
        }
    }
    owners
}

/// The C functions in the sentences that begin with "Wraps".
fn wrapped(docs: &str) -> BTreeSet<&str> {
    let mut functions = BTreeSet::new();
    let mut rest = docs;
    while let Some((_, after)) = rest.split_once("Wraps ").or_else(|| rest.split_once("Wraps\n")) {
        let ends = [". ", ".\n"].iter().filter_map(|end| after.find(end)).min();
        let (sentence, others) = after.split_at(ends.unwrap_or(after.len()));
        let quoted = sentence.split('`').skip(1).step_by(2);
        functions.extend(quoted.filter(|name| name.starts_with("C_")));
        rest = others;
    }
    functions
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_sentence_names_what_it_wraps() {
        let docs = "Ends it, unlike `C_Sign`. Wraps `C_SignFinal` (PKCS#11 §5.13.4), or\n`C_Sign`.";
        assert!(wrapped(docs).into_iter().eq(["C_Sign", "C_SignFinal"]));
        let docs = "Logs in. Wraps\n`C_Login` with `CKU_SO`.\n\nNot `C_Logout`.";
        assert!(wrapped(docs).into_iter().eq(["C_Login"]));
        assert!(wrapped("Wraps a key.\n\n`C_WrapKey` is called once.").is_empty());
    }

    #[test]
    fn methods_are_found_with_their_types() {
        let documentation = json!({ "index": {
            "1": { "name": null, "inner": { "impl": {
                "for": { "resolved_path": { "path": "crate::Key" } }, "items": [2, 3] } } },
            "2": { "name": "sign", "docs": "Signs. Wraps `C_Sign`.", "inner": { "function": {} } },
            "3": { "name": "len", "docs": "Bytes.", "inner": { "function": {} } },
            "4": { "name": "Any", "docs": "Wraps `C_X`.", "inner": { "trait": { "items": [5] } } },
            "5": { "name": "get", "docs": "Wraps `C_Get`.", "inner": { "function": {} } },
            "6": { "name": "load", "docs": "Wraps `C_Get`.", "inner": { "function": {} } },
        } });
        let methods = methods_in(&documentation);
        let all: Vec<String> = methods.iter().map(|entry| format!("{entry:?}")).collect();
        let expected = [
            r#"("C_Get", {"": {"load"}, "Any": {"get"}})"#,
            r#"("C_Sign", {"Key": {"sign"}})"#,
            r#"("C_X", {"": {"Any"}})"#,
        ];
        assert_eq!(all, expected);
    }
}
