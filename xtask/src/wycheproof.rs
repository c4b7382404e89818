//! `cargo xtask wycheproof`: the test vectors of Project Wycheproof on the tokens. No answer may be
//! wrong, and no set may lose vectors that ran before; `--update` writes how many ran.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::generated::deliver;
use crate::shell::{Env, cargo};
use crate::{artifacts, paths, setup, token};

const TABLE: &str = "tests-softhsm/wycheproof.tsv";

/// Runs the vectors, and writes the table or compares it with what is committed.
pub(crate) fn run(update: bool) -> Result<()> {
    setup::ensure(setup::TESTS)?;
    let env: Env = vec![
        ("SOFTHSM2_MODULE".to_owned(), token::softhsm_module()?.into()),
        ("PKCS11_EMBEDDED_MODULE".to_owned(), artifacts::build_embedded()?.into()),
    ];
    let run = ["run", "--quiet", "--package", "tests-softhsm", "--features", "wycheproof"];
    let found = cargo(run)?.args(["--bin", "wycheproof"]).envs(&env).read()?;
    let counts = Counts::of(&found)?;
    if update {
        deliver(&paths::root(), Path::new(TABLE), &found, false, &mut Vec::new())?;
    } else {
        let committed = fs::read_to_string(paths::root().join(TABLE)).context(TABLE)?;
        let fewer = Counts::of(&committed)?.lost(&counts);
        if !fewer.is_empty() {
            bail!("fewer vectors run than {TABLE} says:\n{}", fewer.join("\n"));
        }
        if committed.replace("\r\n", "\n") != found {
            println!("More vectors run than {TABLE} says: `cargo xtask wycheproof --update`");
        }
    }
    for (token, (vectors, run)) in counts.totals() {
        println!("{token}: {run} of {vectors} vectors run, none with a wrong answer");
    }
    Ok(())
}

/// How many vectors of a token's set there are, and run.
#[derive(Debug)]
struct Counts(BTreeMap<(String, String), (usize, usize)>);

impl Counts {
    /// From the table's lines: token, set, vectors, run, and more.
    fn of(table: &str) -> Result<Self> {
        let mut counts = BTreeMap::new();
        for line in table.lines().skip(1) {
            let mut cells = line.split('\t');
            let mut next = || cells.next().with_context(|| format!("too few cells: {line}"));
            let key = (next()?.to_owned(), next()?.to_owned());
            counts.insert(key, (next()?.parse()?, next()?.parse()?));
        }
        Ok(Self(counts))
    }

    /// The sets of which fewer run, or none. A token that is not installed is one of them, unless
    /// it is optional and all its sets are missing.
    fn lost(&self, now: &Self) -> Vec<String> {
        let totals = now.totals();
        let mut lost = Vec::new();
        for ((token, set), &(_, before)) in &self.0 {
            if token == OPTIONAL && !totals.contains_key(token.as_str()) {
                continue;
            }
            let run = now.0.get(&(token.clone(), set.clone())).map_or(0, |&(_, run)| run);
            if run < before {
                lost.push(format!("{token} {set}: {run}, not {before}"));
            }
        }
        lost
    }

    fn totals(&self) -> BTreeMap<&str, (usize, usize)> {
        let mut totals = BTreeMap::new();
        for ((token, _), &(vectors, run)) in &self.0 {
            let total: &mut (usize, usize) = totals.entry(token.as_str()).or_default();
            *total = (total.0 + vectors, total.1 + run);
        }
        totals
    }
}

/// The token that the tests can do without.
const OPTIONAL: &str = "nss";

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(lines: &str) -> Counts {
        Counts::of(&format!("head\n{lines}")).unwrap()
    }

    #[test]
    fn what_is_lost_is_named() {
        let before = counts("softhsm\ta/A\t9\t5\t1\nsofthsm\ta/B\t9\t9\nnss\ta/A\t9\t1\n");
        let now = counts("softhsm\ta/A\t9\t4\t1\nsofthsm\ta/C\t9\t9\n");
        assert_eq!(before.lost(&now), ["softhsm a/A: 4, not 5", "softhsm a/B: 0, not 9"]);
        assert!(before.lost(&before).is_empty());
        assert_eq!(before.totals()["softhsm"], (18, 14));
    }

    #[test]
    fn a_broken_table_is_an_error() {
        assert!(Counts::of("head\nsofthsm\ta/A\t9\n").is_err());
    }
}
