//! What the commands need from the system, and installing it on Debian and Ubuntu.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::paths::{self, children, find_program, name_of};
use crate::shell::{Shell, cargo};

/// Something that the system provides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// A C compiler and the C library's headers.
    CCompiler,
    /// A C++ compiler.
    CxxCompiler,
    /// Runs the build of OpenSSL.
    Perl,
    /// Runs the build of OpenSSL.
    Make,
    /// A C compiler for Windows, for the layouts there.
    Mingw,
    /// bindgen reads C headers with it.
    Libclang,
    /// The token that everybody has.
    Softhsm,
    /// The token of browsers.
    Nss,
}

/// What OpenSSL's build uses: Debian's smallest perl has no modules.
const PERL_MODULES: &[&str] = &["-MFindBin", "-MIPC::Cmd", "-MFile::Compare", "-MTime::Piece"];

/// For building the embedded token, and running programs on it and on SoftHSM.
pub(crate) const TOKENS: &[Need] =
    &[Need::CCompiler, Need::Perl, Need::Make, Need::Libclang, Need::Softhsm];

/// For all tests.
pub(crate) const TESTS: &[Need] = &[
    Need::CCompiler,
    Need::CxxCompiler,
    Need::Perl,
    Need::Make,
    Need::Libclang,
    Need::Softhsm,
    Need::Nss,
    Need::Mingw,
];

/// For the tests on SoftHSM.
pub(crate) const SOFTHSM: &[Need] = &[Need::CCompiler, Need::Softhsm];

/// For all token tests, on modules that are there.
pub(crate) const MODULES: &[Need] = &[Need::CCompiler, Need::Softhsm, Need::Nss];

/// For reading a C header.
pub(crate) const HEADERS: &[Need] = &[Need::Libclang];

/// Installs what is missing, or says which command does.
pub(crate) fn ensure(needs: &[Need]) -> Result<()> {
    let lacking = missing(needs);
    if lacking.is_empty() {
        return Ok(());
    }
    let Some(apt) = Apt::permitted() else {
        return refuse(&lacking);
    };
    println!("Missing: {}. Installing with apt-get.", names(&lacking));
    apt.get(&["update"]).step("apt-get update")?;
    // Only now are the package lists there, from which the versions are read.
    let packages = packages(&lacking);
    let title = format!("apt-get install {}", packages.join(" "));
    apt.get(&["install", "--yes", "--no-install-recommends"]).args(&packages).step(&title)?;
    let lacking = missing(needs);
    if !lacking.is_empty() {
        bail!("still missing after {title}: {}", names(&lacking));
    }
    Ok(())
}

/// Names the command that we may not run. What is only nice to have stops nothing.
fn refuse(lacking: &[Need]) -> Result<()> {
    let cure = if find_program("apt-get").is_some() {
        let packages = packages(lacking).join(" ");
        format!("Please run\n\n    sudo apt-get update && sudo apt-get install --yes {packages}\n")
    } else {
        "Please install it as your system does.".to_owned()
    };
    let message = format!("missing: {}. {cure}", names(lacking));
    if lacking.iter().any(|need| !need.is_optional()) {
        bail!(message);
    }
    println!("{message}");
    Ok(())
}

/// A program that cargo installs: the one on `PATH`, else our own of this version.
pub(crate) fn tool(name: &str, version: &str) -> Result<PathBuf> {
    if let Some(program) = find_program(name) {
        return Ok(program);
    }
    let tools = paths::tools()?;
    let program = tools.join("bin").join(format!("{name}{}", env::consts::EXE_SUFFIX));
    if !program.is_file() {
        cargo(["install", "--locked", name, "--version", version])?
            .args([OsStr::new("--root"), tools.as_os_str()])
            .step(&format!("Install {name} (minutes, once)"))?;
    }
    Ok(program)
}

/// Whether bindgen can be run.
pub(crate) fn finds_libclang() -> bool {
    Need::Libclang.is_met()
}

fn missing(needs: &[Need]) -> Vec<Need> {
    needs.iter().copied().filter(|need| !need.is_met()).collect()
}

fn names(needs: &[Need]) -> String {
    let names: Vec<_> = needs.iter().map(|need| need.name()).collect();
    names.join(", ")
}

fn packages(needs: &[Need]) -> Vec<String> {
    let mut packages: Vec<String> = needs.iter().flat_map(|need| need.packages()).collect();
    packages.dedup();
    packages
}

impl Need {
    fn name(self) -> &'static str {
        match self {
            Self::CCompiler => "a C compiler",
            Self::CxxCompiler => "a C++ compiler",
            Self::Perl => "perl",
            Self::Make => "make",
            Self::Mingw => "a C compiler for Windows (MinGW)",
            Self::Libclang => "libclang",
            Self::Softhsm => "SoftHSM",
            Self::Nss => "NSS",
        }
    }

    /// Whether we can do without: a check is then named as not done, a test as skipped.
    fn is_optional(self) -> bool {
        matches!(self, Self::Mingw | Self::Nss)
    }

    fn is_met(self) -> bool {
        match self {
            Self::CCompiler => compiles("cc", "c", "stdlib.h"),
            Self::CxxCompiler => compiles("c++", "c++", "cstdlib"),
            Self::Perl => Shell::new("perl").args(PERL_MODULES).args(["-e", "1"]).works(),
            Self::Make => find_program("make").is_some(),
            Self::Mingw => find_program("x86_64-w64-mingw32-gcc").is_some(),
            Self::Libclang => libclang().is_some(),
            Self::Softhsm => paths::softhsm().is_some(),
            Self::Nss => paths::nss().is_some(),
        }
    }

    fn packages(self) -> Vec<String> {
        let fixed: &[&str] = match self {
            Self::CCompiler => &["gcc", "libc6-dev"],
            Self::CxxCompiler => &["g++"],
            Self::Perl => &["perl"],
            Self::Make => &["make"],
            Self::Mingw => &["gcc-mingw-w64-x86-64-win32"],
            Self::Libclang => return libclang_packages(),
            Self::Softhsm => &["softhsm2"],
            Self::Nss => &["libnss3"],
        };
        fixed.iter().map(|&name| name.to_owned()).collect()
    }
}

/// Whether a compiler is there and finds the library's headers.
fn compiles(compiler: &str, language: &str, header: &str) -> bool {
    Shell::new(compiler)
        .args(["-x", language, "-include", header, "-fsyntax-only", "/dev/null"])
        .works()
}

/// The folder of a libclang with its own headers: the library alone does not
/// know `stddef.h`. Who sets `LIBCLANG_PATH` is believed.
fn libclang() -> Option<PathBuf> {
    if let Some(named) = env::var_os("LIBCLANG_PATH").filter(|path| !path.is_empty()) {
        return Some(PathBuf::from(named));
    }
    let mut dirs = paths::library_dirs();
    let versions = children("/usr/lib").into_iter().filter(|dir| name_of(dir).starts_with("llvm-"));
    dirs.extend(versions.map(|dir| dir.join("lib")));
    let library = dirs.into_iter().find(|dir| holds_libclang(dir))?;
    clang_headers().then_some(library)
}

/// The names that bindgen looks for.
fn holds_libclang(dir: &Path) -> bool {
    children(dir).iter().any(|file| {
        let name = name_of(file);
        name == "libclang.so"
            || name.starts_with("libclang.so.")
            || (name.starts_with("libclang-") && name.contains(".so") && !name.contains("cpp"))
    })
}

fn clang_headers() -> bool {
    let homes = children("/usr/lib")
        .into_iter()
        .filter(|dir| name_of(dir).starts_with("llvm-"))
        .map(|dir| dir.join("lib/clang"))
        .chain([PathBuf::from("/usr/lib/clang"), PathBuf::from("/usr/lib64/clang")]);
    homes.flat_map(children).any(|version| version.join("include/stddef.h").is_file())
}

/// The library and its headers without the compiler: a tenth of `libclang-dev`,
/// which names the distribution's version.
fn libclang_packages() -> Vec<String> {
    let version = Shell::new("apt-cache")
        .args(["depends", "libclang-dev"])
        .read()
        .ok()
        .and_then(|text| libclang_version(&text));
    match version {
        Some(version) => {
            vec![format!("libclang1-{version}"), format!("libclang-common-{version}-dev")]
        }
        None => vec!["libclang-dev".to_owned()],
    }
}

fn libclang_version(depends: &str) -> Option<String> {
    depends
        .split_whitespace()
        .find_map(|word| word.strip_prefix("libclang-")?.strip_suffix("-dev"))
        .filter(|version| version.chars().all(|c| c.is_ascii_digit()))
        .map(str::to_owned)
}

/// apt-get, as the one who may use it.
#[derive(Debug)]
struct Apt {
    sudo: bool,
}

impl Apt {
    /// As root, or by a sudo that asks for no password.
    fn permitted() -> Option<Self> {
        find_program("apt-get")?;
        let root = Shell::new("id").args(["-u"]).read().is_ok_and(|id| id.trim() == "0");
        if root {
            return Some(Self { sudo: false });
        }
        let sudo =
            find_program("sudo").is_some() && Shell::new("sudo").args(["-n", "true"]).works();
        sudo.then_some(Self { sudo: true })
    }

    fn get(&self, args: &[&str]) -> Shell {
        let words: &[&str] = if self.sudo { &["sudo", "-n", "env"] } else { &["env"] };
        let (program, rest) = words.split_first().unwrap_or((&"env", &[]));
        Shell::new(program)
            .args(rest)
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"])
            .args(args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_libclang_is_read_from_the_dependencies() {
        let text = "libclang-dev\n  Depends: libclang-14-dev\n    libclang-dev:i386\n";
        assert_eq!(libclang_version(text).as_deref(), Some("14"));
        assert_eq!(libclang_version("libclang-dev\n"), None);
    }

    #[test]
    fn cpp_interface_is_not_libclang() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("libclang-cpp.so.14"), "").unwrap();
        assert!(!holds_libclang(dir.path()));
        std::fs::write(dir.path().join("libclang-14.so.1"), "").unwrap();
        assert!(holds_libclang(dir.path()));
    }
}
