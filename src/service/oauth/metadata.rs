//! The metadata of an authorization server: written in the manifest, or discovered (RFC 8414).

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use crate::core::error::{Error, Kind, Result};
use crate::core::untrusted::one_line;
use crate::manifest::{Endpoint, OAuth, Operation, ParsedResponse, RequestSpec, looks_like_html};
use crate::platform::is_loopback;
use crate::service::request_builder::{RequestUrl, explain};
use crate::service::transport::Repeat;
use crate::service::values::render_path;
use crate::service::{CallError, Service, response};

/// The description that an authorization server publishes of itself.
#[derive(Debug)]
pub struct ServerMetadata {
    issuer: String,
    endpoints: BTreeMap<&'static str, Url>,
    /// It names itself in each response to a browser (RFC 9207).
    names_itself: bool,
}

impl Service<'_> {
    /// Returns the authorization server of the manifest.
    pub fn authorization_server(&self) -> Result<&OAuth> {
        let oauth = self.manifest.oauth.as_ref();
        oauth.ok_or_else(|| Error::failed(format!("{} has no authorization server", self.name())))
    }

    /// Discovers the endpoints that an operation needs, once in a run.
    pub(in crate::service) async fn discover_endpoints(
        &self,
        operation: &Operation,
    ) -> Result<(), CallError> {
        let mut requests = operation.requests().into_iter();
        if requests.any(|request| request.endpoint.is_some()) {
            Box::pin(self.server_metadata()).await?;
        }
        Ok(())
    }

    /// Returns the address of an endpoint that was discovered.
    pub(in crate::service) fn discovered(&self, endpoint: Endpoint) -> Result<&Url> {
        let metadata = self.metadata.get();
        let found = metadata.and_then(|known| known.endpoints.get(endpoint.name()));
        found.ok_or_else(|| {
            Error::usage(format!(
                "the metadata of {} names no `{}`: it cannot do this",
                self.name(),
                endpoint.name()
            ))
        })
    }

    /// Returns the address of an endpoint.
    pub(super) async fn endpoint(&self, endpoint: Endpoint) -> Result<Url> {
        let oauth = self.authorization_server()?;
        let Some(path) = oauth.written(endpoint) else {
            self.server_metadata().await?;
            return self.discovered(endpoint).cloned();
        };
        let path = render_path(path, &self.values()).map_err(explain)?;
        let base = self.base(&oauth.server)?;
        Ok(RequestUrl::new(base, path.text.expose(), &path.shown)?.url)
    }

    /// Returns whether `issuer`, which a browser brought back, is the authorization server of this login.
    pub(super) fn is_issuer(&self, issuer: Option<&str>) -> Result<bool> {
        let base = self.base(&self.authorization_server()?.server)?;
        let Some(issuer) = issuer else {
            return Ok(self.metadata.get().is_none_or(|known| !known.names_itself));
        };
        Ok(match self.metadata.get() {
            Some(known) => known.issuer == issuer,
            // A manifest that writes the endpoints does not say under which path the server knows itself.
            None => Url::parse(issuer).is_ok_and(|issuer| issuer.origin() == base.origin()),
        })
    }

    /// Returns the metadata, discovered once in a run.
    pub(super) async fn server_metadata(&self) -> Result<&ServerMetadata, CallError> {
        if let Some(known) = self.metadata.get() {
            return Ok(known);
        }
        let oauth = self.authorization_server()?;
        let issuer = self.base(&oauth.server)?;
        let mut refused = None;
        for place in places(issuer) {
            let seen = self.metadata_at(&oauth.server, &place).await?;
            if (200..300).contains(&seen.status) && seen.body.is_object() {
                let found = read(self.name(), issuer, &seen.body)?;
                return Ok(self.metadata.get_or_init(|| found));
            }
            refused.get_or_insert((place, seen));
        }
        Err(not_published(self.name(), refused).into())
    }

    async fn metadata_at(&self, server: &str, place: &Url) -> Result<ParsedResponse, CallError> {
        let root = "/".parse().map_err(Error::failed)?;
        let spec = RequestSpec::bare("GET", server, root);
        let values = self.values();
        let build = || Ok(self.build_for(&spec, place, true, &values, None)?);
        let answer = self.send(Repeat::Always, None, build).await?.answer;
        if (300..400).contains(&answer.status) {
            return Err(CallError::redirect(self.name(), None, &answer));
        }
        Ok(response::parse(&answer))
    }
}

/// Returns the addresses of the metadata of an issuer, the usual one first.
fn places(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/').to_owned();
    [
        format!("{path}/.well-known/openid-configuration"),
        format!("/.well-known/oauth-authorization-server{path}"),
    ]
    .into_iter()
    .map(|path| {
        let mut place = issuer.clone();
        place.set_path(&path);
        place
    })
    .collect()
}

fn not_published(name: &str, refused: Option<(Url, ParsedResponse)>) -> Error {
    let Some((place, seen)) = refused else {
        return Error::failed(format!("{name} publishes no metadata"));
    };
    let why = match seen.body.as_str() {
        Some(text) if looks_like_html(text) => "a web page".to_owned(),
        _ if (200..300).contains(&seen.status) => "something else than a JSON object".to_owned(),
        _ => format!("HTTP {}", seen.status),
    };
    let kind = match seen.status {
        404 | 410 => Kind::NotFound,
        500.. => Kind::Unreachable,
        _ => Kind::Failed,
    };
    Error::new(
        kind,
        format!("{name} publishes no metadata of its authorization server: `{place}` answers with {why}"),
    )
    .with_status(seen.status)
    .hint("check the base URL: it is the issuer, to which `/.well-known/openid-configuration` is appended")
    .hint("or write the endpoints into the manifest: `token_endpoint` and the others in [oauth]")
}

/// Reads the metadata of the issuer that was asked; another one is refused.
fn read(name: &str, asked: &Url, body: &Value) -> Result<ServerMetadata> {
    let text = |member: &str| body.get(member).and_then(Value::as_str);
    let issuer = text("issuer").unwrap_or_default();
    if !is_same(issuer, asked) {
        let asked = asked.as_str().trim_end_matches('/');
        let answered = if issuer.is_empty() {
            "the answer names no issuer".to_owned()
        } else {
            format!("the answer is of the issuer `{}`", one_line(issuer))
        };
        return Err(Error::failed(format!(
            "the authorization server of {name} is another one: `{asked}` was asked, and {answered}"
        ))
        .hint("nothing was sent to it, and nothing was stored")
        .hint("if that issuer is right, log in to it: `--base-url`"));
    }
    let all = [
        Endpoint::Token,
        Endpoint::Authorization,
        Endpoint::DeviceAuthorization,
        Endpoint::Revocation,
    ];
    let mut endpoints = BTreeMap::new();
    for endpoint in all {
        let Some(address) = text(endpoint.name()) else {
            continue;
        };
        let url = Url::parse(address)
            .ok()
            .filter(|url| is_safe(url, asked))
            .ok_or_else(|| {
                Error::failed(format!(
                    "the metadata of {name} names a `{}` to which no secret can be sent: `{}`",
                    endpoint.name(),
                    one_line(address)
                ))
                .hint("an endpoint is on the origin of its issuer, or has an address with `https`")
            })?;
        endpoints.insert(endpoint.name(), url);
    }
    let member = body.get("authorization_response_iss_parameter_supported");
    Ok(ServerMetadata {
        issuer: issuer.to_owned(),
        endpoints,
        names_itself: member == Some(&Value::Bool(true)),
    })
}

/// Returns whether an issuer is the one that was asked, which has no slash at its end.
fn is_same(issuer: &str, asked: &Url) -> bool {
    Url::parse(issuer).is_ok_and(|issuer| {
        let trimmed = |url: &Url| url.as_str().trim_end_matches('/').to_owned();
        trimmed(&issuer) == trimmed(asked)
    })
}

/// Returns whether secrets may be sent to an endpoint of this issuer.
fn is_safe(url: &Url, issuer: &Url) -> bool {
    let is_plain = url.username().is_empty() && url.password().is_none();
    let is_private = url.origin() == issuer.origin()
        || url.scheme() == "https"
        || url.scheme() == "http" && is_loopback(url) && is_loopback(issuer);
    is_plain && url.fragment().is_none() && url.has_host() && is_private
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn metadata_places_follow_both_specifications() {
        let shown = |issuer| -> Vec<String> {
            let places = places(&url(issuer)).into_iter();
            places.map(String::from).collect()
        };
        assert_eq!(
            shown("https://id.example.com/eu/"),
            [
                "https://id.example.com/eu/.well-known/openid-configuration",
                "https://id.example.com/.well-known/oauth-authorization-server/eu",
            ]
        );
        assert_eq!(
            shown("https://id.example.com")[1],
            "https://id.example.com/.well-known/oauth-authorization-server"
        );
    }

    #[test]
    fn metadata_of_another_issuer_is_refused() {
        let asked = url("https://id.example.com/eu");
        for issuer in [
            "https://id.example.com/eu",
            "https://id.example.com/eu/",
            "https://ID.example.com/eu",
        ] {
            assert!(read("x", &asked, &json!({ "issuer": issuer })).is_ok());
        }
        for issuer in [
            json!("https://id.example.com"),
            json!("https://id.example.com/EU"),
            json!("http://id.example.com/eu"),
            json!("https://id.example.com.evil.example/eu"),
            json!("https://id.example.com/eu?x"),
            json!(7),
            json!(null),
        ] {
            let error = read("x", &asked, &json!({ "issuer": issuer })).unwrap_err();
            assert!(error.message().contains("is another one"), "{error}");
        }
    }

    #[test]
    fn endpoint_without_protection_is_refused() {
        let safe = |endpoint, issuer| is_safe(&url(endpoint), &url(issuer));
        let (public, local) = ("https://id.example.com", "http://127.0.0.1:7001");
        assert!(safe("https://token.example.org/t?v=1", public));
        assert!(safe("http://127.0.0.1:7001/t", local));
        assert!(safe("http://127.0.0.1:7002/t", local));
        assert!(safe("https://token.example.org/t", local));
        for endpoint in [
            "http://id.example.com/t",
            "http://127.0.0.1/t",
            "https://user:x@id.example.com/t",
            "https://id.example.com/t#x",
            "file:///t",
            "ftp://id.example.com/t",
        ] {
            assert!(!safe(endpoint, public), "{endpoint}");
        }
    }
}
