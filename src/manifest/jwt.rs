//! Reads the claims of a JWT. Its signature is left to the server.

use jiff::Timestamp;
use serde_json::Value;

use super::source::plain_text;
use super::times;

/// Returns the expiry of a JWT.
pub fn jwt_expiry(token: &str) -> Option<Timestamp> {
    times::read_moment(jwt_claims(token)?.get("exp")?)
}

/// Returns the subject of a JWT.
pub fn jwt_subject(token: &str) -> Option<String> {
    let claims = jwt_claims(token)?;
    ["email", "preferred_username", "name", "sub"]
        .iter()
        .find_map(|name| plain_text(claims.get(name)?))
}

/// Returns the claims of a JWT.
pub fn jwt_claims(token: &str) -> Option<Value> {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let mut parts = token.split('.');
    let claims = parts.nth(1).filter(|_| parts.next().is_some())?;
    let bytes = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}
