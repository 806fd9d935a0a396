//! The answers that a manifest is written from.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::quoted;
use crate::core::error::{Error, Result};
use crate::manifest::{BasicAuthPart, Template};

/// The answers about a service.
pub struct ServiceAnswers {
    /// The name that it calls itself.
    pub title: String,
    /// The address before every path.
    pub url: String,
    /// The titles of variables, by name; an address, a path or a header holds `{var.NAME}`.
    pub variables: BTreeMap<String, String>,
    /// Headers of every call: their names and values.
    pub headers: Vec<(String, String)>,
    /// The placement of a key.
    pub carried: KeyPlacement,
    /// The way to a token; none where calls take the key.
    pub token: Option<TokenAnswers>,
    /// The call that lists keys.
    pub list: Option<CallLine>,
    /// The location of the list.
    pub items: Option<String>,
    /// The location of a key's id.
    pub id: Option<String>,
    /// The location of a key's name.
    pub named: Option<String>,
    /// The call that creates a key.
    pub create: Option<CallLine>,
    /// The location of the new secret, or of each of its parts.
    pub secret: Vec<(Option<String>, String)>,
    /// The location of the new key around its fields.
    pub wrapper: Option<String>,
    /// The field for the expiry, and its form.
    pub expiry: Option<(String, String)>,
    /// The call that revokes a key.
    pub revoke: Option<CallLine>,
    /// The documentation.
    pub docs: Option<String>,
    /// The page for managing keys by hand.
    pub dashboard: Option<String>,
    /// The call that verifies a key, or the token where calls take that.
    pub verify: Option<CallLine>,
}

impl ServiceAnswers {
    /// Returns the answers about a service of which nothing but its address and the placement of its keys is known.
    pub fn about(title: String, url: String, carried: KeyPlacement) -> Self {
        ServiceAnswers {
            title,
            url,
            variables: BTreeMap::new(),
            headers: Vec::new(),
            carried,
            token: None,
            list: None,
            items: None,
            id: None,
            named: None,
            create: None,
            secret: Vec::new(),
            wrapper: None,
            expiry: None,
            revoke: None,
            docs: None,
            dashboard: None,
            verify: None,
        }
    }

    /// Returns the names of the variables that addresses, paths and headers hold, in their order.
    pub fn used_variables(&self) -> Vec<&str> {
        let token = self.token.as_ref().map(|token| &token.call);
        let calls = [
            token,
            self.list.as_ref(),
            self.create.as_ref(),
            self.revoke.as_ref(),
            self.verify.as_ref(),
        ];
        let paths = calls.into_iter().flatten().map(|call| call.path.as_str());
        let headers = self.headers.iter().map(|(_, value)| value.as_str());
        let mut names = Vec::new();
        for text in [self.url.as_str()].into_iter().chain(headers).chain(paths) {
            for rest in text.split("{var.").skip(1) {
                let name = rest.split('}').next().unwrap_or_default();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }
}

/// The way to a token, which calls take in place of the key.
#[derive(Clone)]
pub struct TokenAnswers {
    /// The kind of call that gives it.
    pub source: TokenSource,
    /// The call.
    pub call: CallLine,
    /// The location of the token in its response.
    pub value: String,
    /// The location of the expiry in its response, and its form.
    pub expires: Option<(String, String)>,
    /// The placement of the token.
    pub carried: KeyPlacement,
}

/// The kind of call that gives a token.
#[derive(Clone)]
pub enum TokenSource {
    /// A login: the fields of its body for the user and the password.
    Login(String, String),
    /// An exchange of the key.
    Exchange,
}

/// A method and a path.
#[derive(Clone)]
pub struct CallLine {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
}

impl CallLine {
    /// Parses a request as the user writes it, with or without its method.
    pub fn read(said: &str, method: &str) -> Result<Self> {
        let (method, path) = said.split_once(' ').unwrap_or((method, said));
        let path = path.trim();
        if let Err(why) = path.parse::<Template>() {
            return Err(Error::usage(why));
        }
        if !path.starts_with('/') {
            return Err(
                Error::usage(format!("`{path}` is not a path: it must start with `/`"))
                    .hint("give the base URL with `--url`"),
            );
        }
        Ok(CallLine {
            method: method.to_owned(),
            path: path.to_owned(),
        })
    }

    /// `method = …, path = …`.
    pub(super) fn written(&self) -> String {
        format!(
            "method = {}, path = {}",
            quoted(&self.method),
            quoted(&self.path)
        )
    }
}

/// The placement of a key in a request.
#[derive(Clone)]
pub enum KeyPlacement {
    /// In a header, behind a word or alone.
    Header(String, Option<String>),
    /// In the address.
    Query(String),
    /// As a half of HTTP Basic.
    Basic(BasicAuthPart),
    /// In parts, each in a header of its own.
    Headers(Vec<(String, String, Option<String>)>),
    /// In two parts, the user name and the password of HTTP Basic.
    Pair(String, String),
}

impl KeyPlacement {
    /// Parses a header as the user writes it: `X-Api-Key`, `Authorization: Bearer`.
    pub fn header(said: &str) -> Self {
        let (name, scheme) = header_line(said);
        KeyPlacement::Header(name, scheme)
    }

    /// Returns the names of its parts; a key that is one text has none.
    pub fn parts(&self) -> Vec<&str> {
        match self {
            KeyPlacement::Headers(parts) => parts.iter().map(|(part, ..)| part.as_str()).collect(),
            KeyPlacement::Pair(user, password) => vec![user, password],
            _ => Vec::new(),
        }
    }

    /// Returns it as the entries of `in`.
    pub fn written(&self) -> String {
        match self {
            KeyPlacement::Header(name, scheme) => in_header(name, scheme.as_deref(), None),
            KeyPlacement::Query(name) => format!("{{ query = {{ name = {} }} }}", quoted(name)),
            KeyPlacement::Basic(BasicAuthPart::User) => {
                "{ basic = { part = \"user\" } }".to_owned()
            }
            KeyPlacement::Basic(BasicAuthPart::Password) => {
                "{ basic = { part = \"password\" } }".to_owned()
            }
            KeyPlacement::Headers(parts) => {
                let entries = parts
                    .iter()
                    .map(|(part, name, scheme)| in_header(name, scheme.as_deref(), Some(part)));
                entries.collect::<Vec<_>>().join(", ")
            }
            KeyPlacement::Pair(user, password) => format!(
                "{{ basic = {{ part = \"password\", of = {}, other = {} }} }}",
                quoted(password),
                quoted(&format!("credential.key.{user}"))
            ),
        }
    }
}

/// Parses a header with the word before its value.
pub fn header_line(said: &str) -> (String, Option<String>) {
    let (name, scheme) = said.split_once(':').unwrap_or((said, ""));
    let scheme = Some(scheme.trim()).filter(|scheme| !scheme.is_empty());
    (name.trim().to_owned(), scheme.map(str::to_owned))
}

fn in_header(name: &str, scheme: Option<&str>, part: Option<&str>) -> String {
    let mut text = format!("{{ header = {{ name = {}", quoted(name));
    for (key, value) in [("scheme", scheme), ("of", part)] {
        if let Some(value) = value {
            let _ = write!(text, ", {key} = {}", quoted(value));
        }
    }
    text.push_str(" } }");
    text
}
