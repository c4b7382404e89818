//! docs/reliability.md and docs/parity.md: every test that they name exists, and every row names one,
//! or says what it waits for.

use super::{File, Finding};

const PAGES: [&str; 2] = ["docs/reliability.md", "docs/parity.md"];
/// What a row says instead of a test.
const NOT_YET: &str = "| not yet: ";

/// Runs the check on the pages that are in the tree.
pub(super) fn check(tree: &[File]) -> Vec<Finding> {
    let pages = tree.iter().filter(|file| PAGES.contains(&&*file.path));
    pages.flat_map(|page| check_page(tree, page)).collect()
}

fn check_page(tree: &[File], page: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut in_rows = false;
    for (number, line) in page.lines() {
        let mut named = 0;
        for (file, test) in tests(line) {
            named += 1;
            if !exists(tree, file, test) {
                findings.push(page.finding(number, format!("there is no test `{file}::{test}`")));
            }
        }
        for file in programs(line) {
            named += 1;
            let end = format!("/{file}");
            if !tree.iter().any(|it| it.path.ends_with(&end)) {
                findings.push(page.finding(number, format!("there is no program `{file}`")));
            }
        }
        if in_rows && line.starts_with('|') && named == 0 && !line.contains(NOT_YET) {
            findings.push(page.finding(number, "a row without a test"));
        }
        // The rows begin below the line of dashes.
        in_rows = line.starts_with('|') && (in_rows || line.starts_with("|-"));
    }
    findings
}

/// The tests that a line names: `` `folder/file.rs::test` ``.
fn tests(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let spans = line.split('`').skip(1).step_by(2);
    spans.filter_map(|span| span.split_once("::")).filter(|(file, _)| file.ends_with(".rs"))
}

/// The programs that a line names, which must not compile: `` `compile_fail/name.rs` ``.
fn programs(line: &str) -> impl Iterator<Item = &str> {
    let spans = line.split('`').skip(1).step_by(2);
    spans.filter(|span| span.starts_with("compile_fail/") && span.ends_with(".rs"))
}

/// Whether a file whose path ends so has the test.
fn exists(tree: &[File], file: &str, test: &str) -> bool {
    let end = format!("/{file}");
    tree.iter().filter(|it| it.path.ends_with(&end)).any(|it| has(it, test))
}

/// On tokens a test is registered by its name, elsewhere by an attribute.
fn has(file: &File, test: &str) -> bool {
    let function = format!("fn {test}(");
    let mut lines: Vec<&str> = file.text.lines().map(str::trim).collect();
    let Some(at) = lines.iter().position(|line| line.starts_with(&function)) else {
        return false;
    };
    if file.path.contains("/tests/tokens/") {
        let registered = |line: &&str| {
            let rest = line.strip_prefix(test);
            rest.is_some_and(|rest| rest == ";" || rest.starts_with(':'))
        };
        return lines.iter().any(registered);
    }
    lines.truncate(at);
    let attributes = lines.iter().rev().take_while(|line| !line.is_empty());
    attributes.into_iter().any(|line| ["#[test]", "#[rstest]"].contains(line))
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    const PAGE: &str = PAGES[1];

    fn found(rows: &str) -> Vec<String> {
        let tree = [
            file(PAGE, &format!("| what | tests |\n|---|---|\n{rows}\n")),
            file(
                "a/tests/tokens/x.rs",
                "tests! {\n    one;\n    two: blank;\n}\n\nfn one(t: T) {}\nfn two(t: T) {}\nfn three() {}\n",
            ),
            file("b/compile_fail/z.rs", "fn main() {}\n"),
            file("b/mock/y.rs", "#[rstest]\n#[case(1)]\nfn one(\n) {}\n\nfn two() {}\n"),
        ];
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn tests_that_exist_are_found() {
        let rows = "| a | `tokens/x.rs::one`, `tokens/x.rs::two` |\n| b | `mock/y.rs::one` |";
        assert_eq!(found(rows), [""; 0]);
    }

    #[test]
    fn tests_that_do_not_exist_are_named() {
        for name in ["tokens/x.rs::three", "mock/y.rs::two", "mock/z.rs::one", "x.rs::four"] {
            let wanted = format!("{PAGE}:3: there is no test `{name}`");
            assert_eq!(found(&format!("| a | `{name}` |")), [wanted]);
        }
    }

    #[test]
    fn programs_that_must_not_compile_are_files() {
        assert_eq!(found("| a | `compile_fail/z.rs` |"), [""; 0]);
        let wanted = format!("{PAGE}:3: there is no program `compile_fail/y.rs`");
        assert_eq!(found("| a | `compile_fail/y.rs` |"), [wanted]);
    }

    #[test]
    fn a_row_may_say_what_it_waits_for() {
        assert_eq!(found("| a | not yet: with the rest |"), [""; 0]);
    }

    #[test]
    fn both_pages_are_read() {
        let page = |path| file(path, "| a | b |\n|---|---|\n| c | d |\n");
        let findings = check(&PAGES.map(page));
        assert_eq!(findings.len(), 2);
    }

    #[test]
    fn rows_without_a_test_are_found() {
        let rows = "| a | `mock/y.rs::one` |\n| b | `CKR_OK` |";
        assert_eq!(found(rows), [format!("{PAGE}:4: a row without a test")]);
    }
}
