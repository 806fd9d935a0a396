//! A response as the manifest language reads it.

use std::collections::BTreeMap;

use serde_json::Value;

/// A parsed response: status, headers in lower case, and the body as JSON.
#[derive(Debug, Default)]
pub struct ParsedResponse {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; text that is not JSON becomes a string, an empty body becomes `null`.
    pub body: Value,
    /// Says that the body was XML.
    pub xml: bool,
    /// The values of the request that may be shown, by the name of their source; `find` looks there.
    pub known: BTreeMap<String, Value>,
}

/// The status in place of a response where nothing was asked, because nothing is there to ask about.
const UNASKED: u16 = 0;

impl ParsedResponse {
    /// Returns what stands for the response to a call that was not made: a step before it did not find its object.
    pub fn unasked(known: BTreeMap<String, Value>) -> Self {
        ParsedResponse {
            status: UNASKED,
            known,
            ..ParsedResponse::default()
        }
    }

    /// Returns whether nothing was asked.
    pub fn is_unasked(&self) -> bool {
        self.status == UNASKED
    }

    /// Returns the first header of that name; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns the value that the response sets the cookie `name` to.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let set = self
            .headers
            .iter()
            .filter(|(header, _)| header == "set-cookie");
        set.filter_map(|(_, line)| line.split(';').next()?.split_once('='))
            .find(|(cookie, value)| cookie.trim() == name && !value.trim().is_empty())
            .map(|(_, value)| value.trim().trim_matches('"'))
    }
}
