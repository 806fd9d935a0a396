//! The request for a page: its number, its offset, a cursor or a URL.

use serde_json::{Value, json};
use url::Url;

use super::super::request_builder::{PreparedRequest, place_at};
use super::super::values::Values;
use super::super::{CallError, CredentialRef, Service};
use crate::core::secret::Secret;
use crate::manifest::{
    Pagination, PaginationParameterIn, PaginationStyle, Placement, RequestSpec, plain_text,
};
use crate::platform::{Header, HttpRequest, RequestBody};

/// The request for a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum NextPage {
    /// Nothing but the size.
    First,
    /// A parameter.
    Parameter(String),
    /// An address.
    Address(Url),
}

impl NextPage {
    /// Returns the request for the page.
    pub(super) fn request<'r>(
        &self,
        service: &'r Service<'_>,
        spec: &RequestSpec,
        paging: Option<&Pagination>,
        values: &'r Values,
        carried: Option<&CredentialRef<'r>>,
    ) -> Result<PreparedRequest<'r>, CallError> {
        let mut prepared = service.build(spec, values, carried)?;
        let built = prepared.http.url.clone();
        self.apply(&mut prepared.http, paging);
        if let NextPage::Address(_) = self {
            put_credential(&mut prepared.http.url, &built, service, carried);
        }
        Ok(prepared)
    }

    /// Turns a request into the one for the page.
    pub(super) fn apply(&self, request: &mut HttpRequest, paging: Option<&Pagination>) {
        let Some(paging) = paging else {
            return;
        };
        if let NextPage::Address(url) = self {
            request.url = url.clone();
            // A next address may repeat what was asked with, a credential in the query among it.
            let shown = url.as_str().split('?').next().unwrap_or_default();
            shown.clone_into(&mut request.shown_url);
            return;
        }
        if let (Some(name), Some(size)) = (&paging.size_param, paging.size) {
            ask(request, paging.location, name, json!(size));
        }
        let first = match paging.style {
            PaginationStyle::Page | PaginationStyle::Offset => Some(paging.start().to_string()),
            _ => None,
        };
        let value = match self {
            NextPage::Parameter(value) => Some(value.clone()),
            _ => first,
        };
        if let (Some(name), Some(value)) = (&paging.param, value) {
            let value = match paging.style {
                PaginationStyle::Page | PaginationStyle::Offset => value
                    .parse::<u64>()
                    .map_or(json!(value), |number| json!(number)),
                _ => json!(value),
            };
            ask(request, paging.location, name, value);
        }
    }
}

/// Puts the credential's query parameters into the next address, in which a service need not repeat them.
fn put_credential(
    next: &mut Url,
    built: &Url,
    service: &Service<'_>,
    carried: Option<&CredentialRef<'_>>,
) {
    let spec = carried.and_then(|carried| service.manifest.credentials.get(carried.name));
    for placement in spec.iter().flat_map(|spec| &spec.placements) {
        let Placement::Query(query) = placement else {
            continue;
        };
        let parameter = |address: &Url| {
            let mut pairs = address.query_pairs();
            let (_, value) = pairs.find(|(name, _)| *name == query.name)?;
            Some(value.into_owned())
        };
        if parameter(next).is_none()
            && let Some(value) = parameter(built)
        {
            next.query_pairs_mut().append_pair(&query.name, &value);
        }
    }
}

fn ask(request: &mut HttpRequest, place: PaginationParameterIn, name: &str, value: Value) {
    let text = plain_text(&value).unwrap_or_default();
    match place {
        PaginationParameterIn::Query => {
            request.url.query_pairs_mut().append_pair(name, &text);
            let sign = if request.shown_url.contains('?') {
                '&'
            } else {
                '?'
            };
            request.shown_url = format!("{}{sign}{name}={text}", request.shown_url);
        }
        PaginationParameterIn::Header => {
            // A cursor is sent back to the service; characters that a header cannot hold are dropped.
            let line: String = text.chars().filter(|c| !c.is_control()).collect();
            request.headers.push(Header::plain(name, line));
        }
        PaginationParameterIn::Body => {
            let text = request
                .body
                .as_ref()
                .map(|body| body.text.expose().to_owned());
            let mut body: Value = text
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_else(|| json!({}));
            let place = if name.starts_with('/') {
                name.to_owned()
            } else {
                format!("/{name}")
            };
            // The check of the manifest has already refused a path that this body lacks.
            let _ = place_at(&mut body, &place, value);
            request.body = Some(RequestBody {
                media_type: request
                    .body
                    .take()
                    .and_then(|body| body.media_type)
                    .or_else(|| Some("application/json".to_owned())),
                text: Secret::new(body.to_string()),
            });
        }
    }
}

/// Returns the next address, which may not lead a credential to another origin.
pub(super) fn same_origin(address: &Url, next: &str) -> Result<NextPage, String> {
    let mut url = address
        .join(next)
        .map_err(|_| "the link to the next page is not a URL".to_owned())?;
    // Behind a proxy that terminates TLS, a service names its own address without it.
    if is_same_without_tls(address, &url) {
        let kept = url.set_scheme("https").and_then(|()| {
            let port = address.port();
            url.set_port(port)
        });
        kept.map_err(|()| "the link to the next page is not a URL".to_owned())?;
    }
    if url.origin() != address.origin() {
        return Err(format!(
            "the link to the next page leads to another origin, `{}`",
            url.origin().ascii_serialization()
        ));
    }
    Ok(NextPage::Address(url))
}

fn is_same_without_tls(address: &Url, next: &Url) -> bool {
    let schemes = (address.scheme(), next.scheme()) == ("https", "http");
    schemes
        && address.host() == next.host()
        && next.port().is_none_or(|port| Some(port) == address.port())
}
