//! A PKCS#11 function list in Rust that counts calls and lies on demand, for tests.
