//! What the types forbid: each file in `compile_fail` is a program that must not compile, with
//! what the compiler says of it beside it.
//!
//! After a change of toolchain, `TRYBUILD=overwrite cargo test -p pkcs11-core --test compile_fail`
//! writes the messages anew.

#[test]
#[cfg_attr(miri, ignore = "it runs the compiler")]
fn misuse_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
