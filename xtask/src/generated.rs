//! Generated files: written, or with `--check` compared with what is committed.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Writes `text` to `file`; in a check, notes and prints the difference instead.
pub(crate) fn deliver(
    root: &Path,
    file: &Path,
    text: &str,
    check: bool,
    stale: &mut Vec<String>,
) -> Result<()> {
    let path = root.join(file);
    if !check {
        return fs::write(&path, text).with_context(|| format!("writing {}", file.display()));
    }
    // A checkout with CRLF line ends is no difference.
    let committed = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if committed != text {
        eprintln!("{}: differs (- committed, + generated)", file.display());
        eprint!("{}", difference(&committed, text));
        stale.push(file.display().to_string());
    }
    Ok(())
}

/// The first lines that differ: enough to see what happened, not a full diff.
fn difference(old: &str, new: &str) -> String {
    const SHOWN: usize = 10;
    let same = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    let tail = old.lines().rev().zip(new.lines().rev()).take_while(|(old, new)| old == new).count();
    let mut out = format!("@@ line {} @@\n", same + 1);
    for (sign, text) in [('-', old), ('+', new)] {
        let changed = text.lines().count().saturating_sub(same + tail);
        for line in text.lines().skip(same).take(changed.min(SHOWN)) {
            out.push_str(&format!("{sign} {line}\n"));
        }
        if changed > SHOWN {
            out.push_str(&format!("{sign} … {} more lines\n", changed - SHOWN));
        }
    }
    out
}
