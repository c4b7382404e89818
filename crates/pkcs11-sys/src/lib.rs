//! Raw PKCS#11 types, constants and function lists for 2.40, 3.0 and 3.2.
