//! An in-process PKCS#11 token for demos and tests.
