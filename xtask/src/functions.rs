//! `cargo xtask functions`: makes docs/functions.md, which says for each C function of the standard
//! by which methods it is reached and which modules answered `CKR_OK` in the tests; with `--check`
//! only compares.

mod answers;
mod methods;
mod page;

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::generated::deliver;
use crate::paths;

const PAGE: &str = "docs/functions.md";
const SPEC: &str = "headers/spec/functions.tsv";

/// Whether a function without a method, or without an answer, is an error. Not yet: some have none.
const COMPLETE: bool = true;

/// Writes the page, or with `check` compares it with what is committed.
pub(crate) fn run(check: bool) -> Result<()> {
    let root = paths::root();
    let spec = std::fs::read_to_string(root.join(SPEC)).context(SPEC)?;
    let names = page::names(&spec);
    let rows = page::rows(&names, &methods::read()?, &answers::gather()?);
    let lacking: Vec<&str> =
        rows.iter().filter(|row| !row.is_complete()).map(|row| row.function).collect();
    println!("{} of {} functions", rows.len() - lacking.len(), rows.len());
    let mut stale = Vec::new();
    deliver(&root, Path::new(PAGE), &page::render(&rows), check, &mut stale)?;
    if !stale.is_empty() {
        bail!("{PAGE} is out of date; run `cargo xtask functions` and commit the result");
    }
    if !lacking.is_empty() {
        let lacking = format!("without a method or an answer: {}", lacking.join(", "));
        if COMPLETE {
            bail!(lacking);
        }
        println!("{lacking}");
    }
    Ok(())
}
