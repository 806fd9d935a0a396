//! A JSON Web Token that the credential signs, made for each request anew.

pub(in crate::service) mod key;
pub(in crate::service) mod public_key;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Authenticator, authenticator};
use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::manifest::{Field, HeaderPlacement, JwtPlacement};
use crate::service::encode::{FieldEncoder, SignerValues};
use crate::service::request_builder::{RequestParts, place_at};
use crate::service::steps::uuid;
use key::SigningKey;

impl Authenticator for JwtPlacement {
    fn is_timed(&self) -> bool {
        true
    }

    fn check(&self, credential: &Secret, _: Timestamp) -> Result<()> {
        SigningKey::read(self.alg, self.encoding, credential).map(drop)
    }

    fn add(
        &self,
        request: &mut RequestParts,
        credential: &Secret,
        values: &FieldEncoder<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let token = self.token(credential, values, now)?;
        match &self.place {
            Some(place) => authenticator(place)?.add(request, &token, values, now),
            None => bearer().add(request, &token, values, now),
        }
    }
}

impl JwtPlacement {
    /// Returns a token of this moment.
    fn token(
        &self,
        credential: &Secret,
        values: &FieldEncoder<'_>,
        now: Timestamp,
    ) -> Result<Secret> {
        let key = SigningKey::read(self.alg, self.encoding, credential)?;
        let public = key.public_key();
        let values = values.with_signer(SignerValues {
            now,
            uuid: uuid(),
            thumbprint: public.as_ref().map(public_key::PublicKey::thumbprint),
            spki: public.as_ref().map(public_key::PublicKey::spki_digest),
        });
        let start = json!({ "alg": self.alg.name(), "typ": "JWT" });
        let header = filled(start, &self.header, &values)?;
        let claims = filled(Value::Object(Map::new()), &self.claims, &values)?;
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&header), part(&claims));
        let signature = URL_SAFE_NO_PAD.encode(key.sign(text.as_bytes())?);
        Ok(Secret::new(format!("{text}.{signature}")))
    }
}

/// Returns the usual place of a token.
fn bearer() -> HeaderPlacement {
    HeaderPlacement {
        name: "Authorization".to_owned(),
        scheme: Some("Bearer".to_owned()),
        format: None,
        of: None,
    }
}

/// Returns an object with these fields.
fn filled(mut object: Value, fields: &[Field], values: &FieldEncoder<'_>) -> Result<Value> {
    for field in fields {
        if let Some(value) = values.written(field)? {
            place_at(&mut object, &field.at, value)?;
        }
    }
    Ok(object)
}

#[cfg(test)]
mod tests;
