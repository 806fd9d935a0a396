//! The kinds of credential, and where a request carries one.

use serde::Deserialize;
use serde_json::Value;

use super::operation::{Manual, Operation};
use crate::manifest::pattern::Pattern;
use crate::manifest::source::{Source, Template};
use crate::manifest::times::Span;

/// A kind of credential.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CredentialSpec {
    /// Long-lived `key` or short-lived `token`. Required. Where several credentials have one kind, a login takes the
    /// one whose `prefixes` and `pattern` fit what is handed over (of several the first that the service accepts), a
    /// variable of the environment the one whose `prefixes` fit.
    pub kind: CredentialKind,
    /// What to call it. Required.
    pub title: String,
    /// How it starts; a mismatch only warns. Default: anyhow.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// A regular expression for what it looks like; a mismatch only warns. Default: anything.
    pub pattern: Option<Pattern>,
    /// Where a request carries it; several places are filled at once. Required of one that calls take, unless only
    /// fields name it or its parts. Example: `in = [{ header = { name = "Authorization", scheme = "Bearer" } }]`.
    #[serde(default, rename = "in")]
    pub placements: Vec<Placement>,
    /// The parts of a credential that is several texts at once, such as an id and a secret. It is then kept, printed
    /// and handed over as one JSON object; at a terminal each part is asked for, on stdin each may have a line.
    /// A field names a part as `credential.NAME.PART`. Default: it is one text.
    #[serde(default)]
    pub parts: Vec<PartSpec>,
    /// How a person gets one. Default: nothing is said.
    pub manual: Option<Manual>,
    /// How long it lives when the service does not say: a span such as `"15m"`. Default: unknown.
    pub lifetime: Option<Span>,
    /// The cheapest call that shows whether it works. Default: there is none, and the answer is `unknown`.
    pub verify: Option<Operation>,
}

impl CredentialSpec {
    /// Whether a value looks like one of this kind: services change how theirs look, so it decides nothing alone.
    pub fn looks_like(&self, value: &str) -> bool {
        let starts = self.prefixes.is_empty()
            || self.prefixes.iter().any(|prefix| value.starts_with(prefix));
        let fits = self
            .pattern
            .as_ref()
            .is_none_or(|pattern| pattern.matches(value));
        starts && fits
    }
}

/// One of the texts that a credential consists of.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PartSpec {
    /// Its name, as placements and fields name it. Required; not `refresh`.
    pub name: String,
    /// What to call it in a question. Default: its name.
    pub title: Option<String>,
}

/// Long-lived key or short-lived token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum CredentialKind {
    /// Lives until it is revoked; `--with-key`, `KEYWRIGHT_API_KEY`.
    Key,
    /// Lives for a while; `--with-token`, `KEYWRIGHT_TOKEN`.
    Token,
}

impl CredentialKind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            CredentialKind::Key => "key",
            CredentialKind::Token => "token",
        }
    }

    /// The environment variable that carries one.
    pub fn variable(self) -> &'static str {
        match self {
            CredentialKind::Key => "KEYWRIGHT_API_KEY",
            CredentialKind::Token => "KEYWRIGHT_TOKEN",
        }
    }
}

/// Where a request carries a credential.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum Placement {
    /// `NAME: VALUE`, or `NAME: SCHEME VALUE`. Example: `{ header = { name = "Authorization", scheme = "Token" } }`.
    Header {
        /// The header's name. Required.
        name: String,
        /// The word before the value. Default: none.
        scheme: Option<String>,
        /// The whole value, with `{value}` for the credential and other holes for variables. Default: scheme and
        /// value. Example: `format = 'Token token="{value}"'`.
        format: Option<Template>,
        /// The part of the credential that goes here. Default: all of it.
        of: Option<String>,
    },
    /// `?NAME=VALUE`. Example: `{ query = { name = "api_key" } }`.
    Query {
        /// The parameter's name. Required.
        name: String,
        /// The part of the credential that goes here. Default: all of it.
        of: Option<String>,
    },
    /// `Cookie: NAME=VALUE`; several cookies are sent in one header. Example: `{ cookie = { name = "session" } }`.
    Cookie {
        /// The cookie's name. Required.
        name: String,
        /// The part of the credential that goes here. Default: all of it.
        of: Option<String>,
    },
    /// HTTP Basic. Example: `{ basic = { part = "user" } }` for a key as user name without a password.
    Basic {
        /// Which half the credential is: `user` or `password`. Required.
        part: BasicAuthPart,
        /// What fills the other half. Default: it is empty. Example: `other = "var.account"`.
        other: Option<Source>,
        /// The part of the credential that goes here. Default: all of it.
        of: Option<String>,
    },
    /// A place in the body of every request that has one. Example: `{ body = { at = "/api_key" } }`.
    Body {
        /// A JSON Pointer in a JSON body, a name in a form. Required.
        at: String,
        /// The part of the credential that goes here. Default: all of it.
        of: Option<String>,
    },
    /// Signed requests (AWS Signature Version 4, HMAC, `DPoP`) are refused on purpose: a signature covers the request
    /// as it leaves, and no data can describe that. The way out is a step that runs the service's own program.
    #[serde(alias = "sigv4", alias = "aws4", alias = "hmac", alias = "dpop")]
    #[cfg_attr(test, schemars(skip))]
    Signed(Value),
}

impl Placement {
    /// The values that stand beside the credential.
    pub fn sources(&self) -> Vec<&Source> {
        match self {
            Placement::Header { format, .. } => format.iter().flat_map(Template::sources).collect(),
            Placement::Basic { other, .. } => other.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The part of the credential that goes there; `None` for all of it.
    pub fn part(&self) -> Option<&str> {
        match self {
            Placement::Header { of, .. }
            | Placement::Query { of, .. }
            | Placement::Cookie { of, .. }
            | Placement::Basic { of, .. }
            | Placement::Body { of, .. } => of.as_deref(),
            Placement::Signed(_) => None,
        }
    }
}

/// A half of HTTP Basic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum BasicAuthPart {
    /// Before the colon.
    User,
    /// After the colon.
    Password,
}
