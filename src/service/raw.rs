//! Requests that no operation describes: any answer is an answer.

use super::pagination::RawPages;
use super::request_builder::PreparedRequest;
use super::retry::is_repeatable;
use super::{CallError, CredentialRef, Service, Values, request_builder, response, says_failure};
use crate::core::error::{Error, Result};
use crate::manifest::RequestSpec;
use crate::platform::{Header, HttpResponse, RequestBody};
use crate::service::transport::Repeat;

/// A request that no operation describes.
pub struct RawCall<'a> {
    /// Any HTTP token.
    pub method: &'a str,
    /// The path behind the base, query included.
    pub path: &'a str,
    /// The path as it may be shown.
    pub shown_path: &'a str,
    /// The name of a base.
    pub base: &'a str,
    /// Headers that take the place of those of the same name.
    pub headers: Vec<Header>,
    /// The body.
    pub body: Option<RequestBody>,
    /// The page of it, if it is read page by page.
    pub pages: Option<&'a RawPages<'a>>,
}

pub(super) fn blank_request(method: &str, base: &str) -> Result<RequestSpec> {
    let path = "/".parse().map_err(Error::failed)?;
    Ok(RequestSpec::bare(method, base, path))
}

impl Service<'_> {
    /// Sends a request that no operation describes; any answer is an answer.
    pub async fn raw<'c>(
        &self,
        call: &impl Fn() -> RawCall<'c>,
        carried: Option<&CredentialRef<'_>>,
    ) -> Result<HttpResponse, CallError> {
        let values = self.values_with(carried);
        let repeat = if is_repeatable(&call().method.to_ascii_uppercase()) {
            Repeat::Always
        } else {
            Repeat::IfRefused
        };
        let build = || Ok(self.raw_request(call(), &values, carried)?);
        Ok(self.send(repeat, None, build).await?.answer)
    }

    fn raw_request<'r>(
        &'r self,
        call: RawCall<'_>,
        values: &'r Values,
        carried: Option<&CredentialRef<'r>>,
    ) -> Result<PreparedRequest<'r>> {
        let base = self.base(call.base)?;
        let target = request_builder::RequestUrl::new(base, call.path, call.shown_path)?;
        let mut spec: RequestSpec = blank_request(call.method, call.base)?;
        spec.method = call.method.to_ascii_uppercase();
        let mut request = self.build(&spec, values, carried)?;
        let credential_query = request.http.url.query().map(str::to_owned);
        request.http.url = target.url;
        request.http.shown_url = target.shown;
        for header in call.headers {
            request
                .http
                .headers
                .retain(|known| known.name != header.name);
            request.http.headers.push(header);
        }
        request.http.body = call.body;
        if let Some(pages) = call.pages {
            pages.apply(&mut request.http);
        }
        if let Some(query) = credential_query {
            let url = &mut request.http.url;
            for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
                // The address of a next page may hold it already.
                if url.query_pairs().all(|(known, _)| known != name) {
                    url.query_pairs_mut().append_pair(&name, &value);
                }
            }
        }
        Ok(request)
    }

    /// Returns whether a response to [`Service::raw`] is a success.
    pub fn is_good(&self, answer: &HttpResponse) -> bool {
        (200..300).contains(&answer.status) && !says_failure(&response::parse(answer).body)
    }

    /// Returns the refusal that an answer to [`Service::raw`] is.
    pub fn refused(&self, answer: &HttpResponse) -> CallError {
        self.refusal(answer, &response::parse(answer), None)
    }
}
