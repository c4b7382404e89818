//! `cargo xtask fuzz`: the fuzz targets of `pkcs11-codec`, which are its tests' properties under
//! libFuzzer, one after the other.

#[path = "../../crates/pkcs11-codec/tests/codec/seeds.rs"]
mod seeds;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::paths::{self, children, name_of};
use crate::setup::{self, Need};
use crate::shell::Shell;
use crate::{nightly, progress};

/// The crate of the targets, and the tests where the seeds are.
const FUZZ: &str = "crates/pkcs11-codec/fuzz";
const TESTS: &str = "crates/pkcs11-codec/tests";

/// The series of cargo-fuzz that builds them.
const VERSION: &str = "^0.13";

/// The largest input; a certificate seldom has more bytes.
const MAX_BYTES: usize = 4096;

/// How long, and what.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How long in all
    #[arg(long, default_value_t = 300)]
    seconds: u64,
    /// These targets alone
    targets: Vec<String>,
}

/// What one target did.
#[derive(Debug, PartialEq, Eq)]
struct Report {
    runs: u64,
    runs_per_second: u64,
    /// The edges and the kinds of passages through them that libFuzzer has seen.
    edges: u64,
    features: u64,
    /// The inputs that it keeps.
    corpus: u64,
}

/// Runs each target for its share of the time; a finding is an error.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let targets = targets(&arguments.targets)?;
    let folder = paths::target()?.join("fuzz");
    build(&folder)?;
    let seeds = folder.join("seeds");
    write_seeds(&seeds)?;

    let share = (arguments.seconds / u64::try_from(targets.len())?).max(1);
    let mut lines = Vec::new();
    for target in &targets {
        let report = run_target(&folder, &seeds, target, share)?;
        lines.push(format!(
            "| `{target}` | {} | {} | {} | {} | {} |",
            report.runs, report.runs_per_second, report.edges, report.features, report.corpus,
        ));
    }
    progress::heading(&format!("No finding; {share} s for each target"));
    println!("| target | runs | runs per second | edges | features | corpus |");
    println!("|---|---|---|---|---|---|");
    lines.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// The targets that are wanted, by the files that hold them.
fn targets(wanted: &[String]) -> Result<Vec<String>> {
    let files = children(paths::root().join(FUZZ).join("fuzz_targets"));
    let all: Vec<String> =
        files.iter().filter_map(|file| Some(name_of(file).strip_suffix(".rs")?.into())).collect();
    for target in wanted {
        ensure!(all.contains(target), "no target is called {target}: {}", all.join(", "));
    }
    Ok(if wanted.is_empty() { all } else { wanted.to_vec() })
}

/// The codec has no unsafe code, so that no sanitizer is needed and more inputs are tried;
/// arithmetic that overflows is found.
fn build(folder: &Path) -> Result<()> {
    setup::ensure(&[Need::CCompiler, Need::CxxCompiler])?;
    nightly::ensure(&["rustc"])?;
    let cargo_fuzz = setup::tool("cargo-fuzz", VERSION)?;
    nightly::run(cargo_fuzz)?
        .args(["build", "--sanitizer", "none", "--fuzz-dir", FUZZ, "--target-dir"])
        .args([folder])
        .step("Build the fuzz targets")?;
    Ok(())
}

/// Every example of the codec's tests, a file for each.
fn write_seeds(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for (number, seed) in seeds::all(&paths::root().join(TESTS)).iter().enumerate() {
        fs::write(folder.join(number.to_string()), seed)?;
    }
    Ok(())
}

/// Runs a target on what it has kept of earlier runs, and on the seeds.
fn run_target(folder: &Path, seeds: &Path, target: &str, seconds: u64) -> Result<Report> {
    let program = folder.join(nightly::host()?).join("release").join(target);
    let (corpus, findings) = (folder.join("corpus").join(target), folder.join("findings"));
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&findings)?;
    let log = Shell::new(&program)
        .args([format!("-artifact_prefix={}/{target}-", findings.display())])
        .args([format!("-max_total_time={seconds}"), format!("-max_len={MAX_BYTES}")])
        .args(["-print_final_stats=1", "-timeout=10"])
        .args([&corpus, seeds])
        .step_err(&format!("Fuzz {target} for {seconds} s"))?;
    Report::of(&log).with_context(|| format!("{target} does not say what it did"))
}

impl Report {
    /// Reads what libFuzzer writes.
    fn of(log: &[String]) -> Option<Self> {
        let statistic = |name: &str| {
            let line = log.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            line.trim().parse().ok()
        };
        let last = log.iter().rfind(|line| line.contains(" cov: "))?;
        let after = |name: &str| last.split_whitespace().skip_while(|word| *word != name).nth(1);
        Some(Self {
            runs: statistic("stat::number_of_executed_units")?,
            runs_per_second: statistic("stat::average_exec_per_sec")?,
            edges: after("cov:")?.parse().ok()?,
            features: after("ft:")?.parse().ok()?,
            corpus: after("corp:")?.split('/').next()?.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_of_libfuzzer_is_read() {
        let log = [
            "#700\tNEW    cov: 70 ft: 80 corp: 90/17Kb lim: 4096 exec/s: 100 rss: 48Mb L: 9/4096",
            "#762690\tDONE   cov: 741 ft: 2313 corp: 933/90Kb lim: 4096 exec/s: 69335 rss: 489Mb",
            "Done 762690 runs in 11 second(s)",
            "stat::number_of_executed_units: 762690",
            "stat::average_exec_per_sec:     69335",
        ];
        let report = Report::of(&log.map(str::to_owned)).unwrap();
        let [runs, runs_per_second, edges, features, corpus] = [762690, 69335, 741, 2313, 933];
        assert_eq!(report, Report { runs, runs_per_second, edges, features, corpus });
        assert_eq!(Report::of(&["Done".to_owned()]), None);
    }

    #[test]
    fn targets_are_known_by_their_files() {
        assert!(targets(&[]).unwrap().contains(&"signatures".to_owned()));
        assert!(targets(&["other".to_owned()]).is_err());
    }
}
