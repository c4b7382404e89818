//! With the feature `bindgen`: makes the bindings for the target at hand from headers/pkcs11.h.
//! Without it there is nothing to do, the committed ones are used.

#[cfg(feature = "bindgen")]
mod generate;

#[cfg(not(feature = "bindgen"))]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}

#[cfg(feature = "bindgen")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    use std::path::{Path, PathBuf};

    let header = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../headers/pkcs11.h");
    println!("cargo::rerun-if-changed={}", header.display());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=generate.rs");

    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    generate::types(&header, None).generate()?.write_to_file(out.join("types.rs"))?;
    generate::constants(&header, None).generate()?.write_to_file(out.join("constants.rs"))?;
    Ok(())
}
