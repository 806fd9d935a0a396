//! Credentials that open nothing, and look it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::clock::NOON_SECONDS;

pub(crate) const SIATI_KEY: &str = "sk-siati-fake0000000000000001";
pub(crate) const SIESTA_KEY: &str = "fake-siesta-key-0000000000000001";
pub(crate) const SCHATZI_KEY: &str = "sk-fake-schatzi-0000000000000001";
pub(crate) const GENERIC_KEY: &str = "fake-generic-key-000000000000001";
pub(crate) const SIEVE_KEY: &str = "gds_fake0000000000000000000000000001";

/// An unsigned JWT; it expires so many seconds after noon.
pub(crate) fn jwt(name: &str, ends: i64) -> String {
    let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = part(&json!({ "alg": "none" }));
    let claims = part(&json!({ "sub": name, "exp": NOON_SECONDS + ends }));
    format!("{header}.{claims}.not-signed-{name}")
}
