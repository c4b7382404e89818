//! `cargo xtask layouts`: asks the C compilers what they make of `headers/pkcs11.h`.
//!
//! The Rust bindings assert every size, alignment and offset, but the numbers come from libclang.
//! Here the same numbers become `_Static_assert`s, which gcc (or whatever `cc` is) and the two
//! MinGW compilers evaluate on the header; and rustc evaluates the bindings' own assertions for
//! every installed target. A compiler that is missing is named, never passed over in silence.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};

use crate::paths;
use crate::shell::{self, Shell};

/// A binding file, and the C and C++ compilers for its ABI with their flags.
struct Abi {
    name: &'static str,
    c: &'static [&'static str],
    cpp: &'static [&'static str],
}

const ABIS: [Abi; 4] = [
    Abi { name: "unix_64", c: &["cc", "-m64"], cpp: &["c++", "-m64"] },
    Abi { name: "unix_32", c: &["cc", "-m32"], cpp: &["c++", "-m32"] },
    Abi { name: "windows_64", c: &["x86_64-w64-mingw32-gcc"], cpp: &["x86_64-w64-mingw32-g++"] },
    Abi { name: "windows_32", c: &["i686-w64-mingw32-gcc"], cpp: &["i686-w64-mingw32-g++"] },
];

/// All warnings are errors, and nothing is assembled or linked: no libraries are needed.
const FLAGS: [&str; 6] =
    ["-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", "-fmax-errors=20"];
const C_STANDARDS: [&str; 3] = ["-std=c89", "-std=c99", "-std=c11"];
const CPP_STANDARDS: [&str; 2] = ["-std=c++11", "-std=c++17"];

/// The layouts that a binding file asserts.
struct Layouts {
    /// Each struct's name, size and alignment.
    structs: Vec<(String, u32, u32)>,
    /// Each field's struct, name and offset.
    fields: Vec<(String, String, u32)>,
}

/// Compares the layouts and prints what was checked.
pub(crate) fn run() -> Result<()> {
    let root = paths::root();
    let header = root.join("headers/pkcs11.h");
    let declared = declared_structs(&fs::read_to_string(&header)?);
    let mut missing = Vec::new();
    let mut checked = 0;

    for abi in &ABIS {
        let file = root.join("crates/pkcs11-sys/src/bindings").join(abi.name).with_extension("rs");
        let source = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let layouts = layouts(&source).with_context(|| format!("{}.rs", abi.name))?;
        let named: BTreeSet<_> = layouts.structs.iter().map(|(name, ..)| name.clone()).collect();
        ensure!(named == declared, "{}.rs and the header have different structs", abi.name);

        let compiler = abi.c.join(" ");
        if works(abi.c, "c") {
            let text = format!("#include \"pkcs11.h\"\n{}", assertions(&layouts)?);
            compile(abi.c, "c", "-std=c11", &header, &text)?;
            for standard in C_STANDARDS {
                compile(abi.c, "c", standard, &header, "#include \"pkcs11.h\"\n")?;
            }
            checked += 1;
            println!(
                "{} layouts × {}: {} fields agree ({compiler}); header clean as {}",
                layouts.structs.len(),
                abi.name,
                layouts.fields.len(),
                names(&C_STANDARDS),
            );
        } else {
            missing.push(format!("{}: no {compiler}", abi.name));
        }

        let compiler = abi.cpp.join(" ");
        if works(abi.cpp, "c++") {
            for standard in CPP_STANDARDS {
                compile(abi.cpp, "c++", standard, &header, "#include \"pkcs11.h\"\n")?;
            }
            println!("header × {}: clean as {} ({compiler})", abi.name, names(&CPP_STANDARDS));
        } else {
            missing.push(format!("{}: no {compiler}", abi.name));
        }
    }
    ensure!(checked > 0, "no C compiler for any of the four ABIs: {}", missing.join("; "));

    for target in TARGETS {
        if !has_target(target) {
            missing.push(format!("{target}: rustup does not add it"));
            continue;
        }
        check_target(target)?;
        println!("{} layouts × {target}: rustc agrees, and pkcs11-core compiles", declared.len());
    }
    for what in missing {
        println!("not checked: {what}");
    }
    Ok(())
}

/// The names in `typedef struct NAME NAME;`, of which the header has one for each struct.
fn declared_structs(header: &str) -> BTreeSet<String> {
    header
        .lines()
        .filter_map(|line| line.strip_prefix("typedef struct ")?.split_once(' '))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// Reads bindgen's assertions: `["Size of X"][… - 8usize];` and their like.
fn layouts(source: &str) -> Result<Layouts> {
    // rustfmt breaks the longer ones over lines.
    let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut sizes = Vec::new();
    let mut alignments = Vec::new();
    let mut fields = Vec::new();
    for assertion in source.split("[\"").skip(1) {
        let (label, rest) = assertion.split_once("\"]").context("an assertion without a label")?;
        let (number, _) = rest.split_once("usize]").with_context(|| label.to_owned())?;
        let (_, number) = number.rsplit_once(" - ").with_context(|| label.to_owned())?;
        let number: u32 = number.parse().with_context(|| label.to_owned())?;
        if let Some(name) = label.strip_prefix("Size of ") {
            sizes.push((name.to_owned(), number));
        } else if let Some(name) = label.strip_prefix("Alignment of ") {
            alignments.push((name.to_owned(), number));
        } else if let Some(field) = label.strip_prefix("Offset of field: ") {
            let (name, field) = field.split_once("::").with_context(|| label.to_owned())?;
            // bindgen writes `type_` for the field `type`.
            let field = field.strip_suffix('_').unwrap_or(field);
            fields.push((name.to_owned(), field.to_owned(), number));
        } else {
            bail!("an assertion of another kind: {label}");
        }
    }
    ensure!(sizes.len() == alignments.len(), "sizes and alignments of different structs");
    let mut structs = Vec::new();
    for ((name, size), (same, alignment)) in sizes.into_iter().zip(alignments) {
        ensure!(name == same, "the size of {name} is followed by the alignment of {same}");
        structs.push((name, size, alignment));
    }
    Ok(Layouts { structs, fields })
}

/// The layouts as C11 assertions.
fn assertions(layouts: &Layouts) -> Result<String> {
    let mut out = String::from("#include <stddef.h>\n");
    for (name, size, alignment) in &layouts.structs {
        writeln!(out, "_Static_assert(sizeof({name}) == {size}, \"size of {name}\");")?;
        writeln!(out, "_Static_assert(_Alignof({name}) == {alignment}, \"alignment of {name}\");")?;
    }
    for (name, field, offset) in &layouts.fields {
        let what = format!("offset of {name}.{field}");
        writeln!(out, "_Static_assert(offsetof({name}, {field}) == {offset}, \"{what}\");")?;
    }
    Ok(out)
}

/// Whether the compiler is there and knows the ABI (a gcc for ARM has no `-m32`).
fn works(compiler: &[&str], language: &str) -> bool {
    // An empty program: standard input is closed.
    start(compiler).is_some_and(|shell| shell.args(["-fsyntax-only", "-x", language, "-"]).works())
}

/// The compiler with its own flags.
fn start(compiler: &[&str]) -> Option<Shell> {
    let (program, flags) = compiler.split_first()?;
    Some(Shell::new(program).args(flags))
}

/// Compiles `text`, which includes the header; on an error the compiler's words are on stderr.
fn compile(
    compiler: &[&str],
    language: &str,
    standard: &str,
    header: &Path,
    text: &str,
) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let file = scratch.path().join("layouts.c");
    fs::write(&file, text)?;
    let include = header.parent().context("the header is in no folder")?;
    let shell = start(compiler).context("an ABI without a compiler")?;
    shell
        .args(FLAGS)
        .args([standard, "-x", language])
        .args(["-I"])
        .args([include, &file])
        .read()?;
    Ok(())
}

fn names(standards: &[&str]) -> String {
    standards.iter().map(|flag| flag.trim_start_matches("-std=")).collect::<Vec<_>>().join(", ")
}

/// One target for each ABI.
const TARGETS: [&str; 4] = [
    "x86_64-unknown-linux-gnu",
    "i686-unknown-linux-gnu",
    "x86_64-pc-windows-gnu",
    "i686-pc-windows-gnu",
];

/// Whether there is a standard library for the target, now or after asking rustup for one.
fn has_target(target: &str) -> bool {
    Shell::new("rustup").args(["target", "add", target]).read().is_ok()
        || cfg!(all(target_os = "linux", target_arch = "x86_64")) && target == TARGETS[0]
}

/// Lets rustc evaluate the assertions of the bindings for `target`, and those against
/// cryptoki-sys, and compile the safe layer on top.
fn check_target(target: &str) -> Result<()> {
    let bindings = ["check", "--quiet", "--package", "pkcs11-sys", "--lib", "--test", "witness"];
    shell::cargo(bindings)?.args(["--target", target]).read()?;
    let core = ["check", "--quiet", "--package", "pkcs11-core", "--lib"];
    shell::cargo(core)?.args(["--target", target]).read()?;
    Ok(())
}
