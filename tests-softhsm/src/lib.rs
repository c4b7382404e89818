//! Integration tests against real tokens.
