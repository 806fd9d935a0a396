//! AWS Signature Version 4: signs the finished request, in the `Authorization` header.

mod canonical;

use jiff::Timestamp;
use ring::hmac;
use zeroize::Zeroizing;

use super::Authenticator;
use super::missing_part;
use crate::core::encoding::to_hex;
use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::manifest::{AwsSigV4Placement, ContentSha256, Source};
use crate::platform::{Header, HeaderValue, HttpRequest};
use crate::service::encode::FieldEncoder;
use crate::service::request_builder::checked;
use crate::service::values::parts_of;
use canonical::{CanonicalRequest, canonical_query, hash};

/// The headers that an earlier attempt has signed, or that a signature takes the place of.
const OWN_HEADERS: [&str; 4] = [
    "authorization",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-content-sha256",
];

impl Authenticator for AwsSigV4Placement {
    fn is_timed(&self) -> bool {
        true
    }

    fn sign(
        &self,
        request: &mut HttpRequest,
        credential: &Secret,
        values: &FieldEncoder<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let parts = parts_of(credential);
        let part = |name: &String| parts.get(name).ok_or_else(|| missing_part(name));
        let scope = Scope {
            time: now,
            region: values.filled(&self.region)?,
            service: values.filled(&self.service)?,
        };
        let token = match &self.session_token {
            Some(Source::Part { part, .. }) => parts.get(part).map(Secret::duplicate),
            Some(source) => values.text_of(source),
            None => None,
        };
        request
            .headers
            .retain(|header| !OWN_HEADERS.contains(&header.name.as_str()));
        // A `+` means a blank to some servers and itself to others, so the query is sent in the form that is signed.
        if let Some(query) = request.url.query() {
            let query = canonical_query(query);
            request.url.set_query(Some(&query));
        }
        let payload = match self.content_sha256 {
            ContentSha256::Unsigned => "UNSIGNED-PAYLOAD".to_owned(),
            ContentSha256::Omit | ContentSha256::Hash => {
                let body = request.body.as_ref();
                hash(body.map_or("", |body| body.text.expose()))
            }
        };
        let date = Header::plain("x-amz-date", scope.moment());
        request.headers.push(date);
        if self.content_sha256 != ContentSha256::Omit {
            let sent = Header::plain("x-amz-content-sha256", payload.as_str());
            request.headers.push(sent);
        }
        if let Some(token) = token.filter(|token| !token.is_empty()) {
            let token = checked("x-amz-security-token", token)?;
            request
                .headers
                .push(Header::secret("x-amz-security-token", token));
        }
        let headers = signed_headers(request);
        let canonical = CanonicalRequest {
            method: &request.method,
            path: request.url.path(),
            query: request.url.query().unwrap_or_default(),
            headers: &headers,
            payload: &payload,
            double_uri_encode: self.double_uri_encode,
            normalize_uri_path: self.normalize_uri_path,
        };
        let id = part(&self.access_key_id)?;
        let secret = part(&self.secret_access_key)?;
        let line = authorization(&canonical, &scope, id, secret);
        let line = checked("authorization", line)?;
        request.headers.push(Header::secret("authorization", line));
        Ok(())
    }
}

/// Returns the headers that are signed: those that no proxy changes.
fn signed_headers(request: &HttpRequest) -> Vec<(String, Zeroizing<String>)> {
    let mut signed = Vec::new();
    let mut sign = |name: &str, value: String| signed.push((name.to_owned(), value.into()));
    let host = request.url.host_str().unwrap_or_default();
    sign(
        "host",
        match request.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        },
    );
    let body = request.body.as_ref();
    if let Some(media_type) = body.and_then(|body| body.media_type.clone()) {
        sign("content-type", media_type);
    }
    for header in &request.headers {
        if header.name == "content-type" || header.name.starts_with("x-amz-") {
            let value = match &header.value {
                HeaderValue::Plain(value) => value.clone(),
                HeaderValue::Secret(value) => value.expose().to_owned(),
            };
            sign(&header.name, value);
        }
    }
    signed
}

/// The scope in which a signature is valid.
struct Scope {
    time: Timestamp,
    region: String,
    service: String,
}

impl Scope {
    fn moment(&self) -> String {
        self.time.strftime("%Y%m%dT%H%M%SZ").to_string()
    }

    fn day(&self) -> String {
        self.time.strftime("%Y%m%d").to_string()
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}/{}/{}/aws4_request",
            self.day(),
            self.region,
            self.service
        )
    }
}

/// Returns the value of the `Authorization` header.
fn authorization(
    request: &CanonicalRequest<'_>,
    scope: &Scope,
    id: &Secret,
    secret: &Secret,
) -> Secret {
    let (text, names) = request.text();
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{}\n{scope}\n{}",
        scope.moment(),
        hash(&text)
    );
    let secret = Zeroizing::new(format!("AWS4{}", secret.expose()));
    let day = hmac_sha256(secret.as_bytes(), &scope.day());
    let region = hmac_sha256(day.as_ref(), &scope.region);
    let service = hmac_sha256(region.as_ref(), &scope.service);
    let key = hmac_sha256(service.as_ref(), "aws4_request");
    let signature = to_hex(hmac_sha256(key.as_ref(), &to_sign).as_ref());
    Secret::new(format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        id.expose()
    ))
}

fn hmac_sha256(key: &[u8], text: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes())
}

#[cfg(test)]
mod tests;
