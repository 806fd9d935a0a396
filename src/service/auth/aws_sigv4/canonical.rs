//! The canonical form of a request: what a signature is made of.

use crate::core::encoding::to_hex;
use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use ring::digest;
use zeroize::Zeroizing;

/// The characters that are encoded: all but the unreserved ones of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A request with everything that its signature covers.
pub(super) struct CanonicalRequest<'a> {
    pub(super) method: &'a str,
    /// The path as it is sent.
    pub(super) path: &'a str,
    /// The query as it is sent.
    pub(super) query: &'a str,
    /// The signed headers, their names in lower case.
    pub(super) headers: &'a [(String, Zeroizing<String>)],
    /// The hash of the body, or the word in its place.
    pub(super) payload: &'a str,
    pub(super) double_uri_encode: bool,
    pub(super) normalize_uri_path: bool,
}

impl CanonicalRequest<'_> {
    /// Returns the canonical request, and the names of its headers.
    pub(super) fn text(&self) -> (Zeroizing<String>, String) {
        let mut headers: BTreeMap<&str, Vec<Zeroizing<String>>> = BTreeMap::new();
        for (name, value) in self.headers {
            headers.entry(name).or_default().push(trimmed(value));
        }
        let names = headers.keys().copied().collect::<Vec<_>>().join(";");
        let lines = headers.iter().map(|(name, values)| {
            let values: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
            Zeroizing::new(format!("{name}:{}\n", values.join(",")))
        });
        let mut text = Zeroizing::new(format!(
            "{}\n{}\n{}\n",
            self.method,
            self.path(),
            canonical_query(self.query)
        ));
        for line in lines {
            text.push_str(&line);
        }
        for part in ["\n", &names, "\n", self.payload] {
            text.push_str(part);
        }
        (text, names)
    }

    fn path(&self) -> String {
        let path = if self.normalize_uri_path {
            normalized(self.path)
        } else {
            self.path.to_owned()
        };
        let parts = path.split('/').map(|part| {
            if self.double_uri_encode {
                return encoded(part);
            }
            encoded(&percent_decode_str(part).decode_utf8_lossy())
        });
        let path = parts.collect::<Vec<_>>().join("/");
        if path.is_empty() {
            "/".to_owned()
        } else {
            path
        }
    }
}

/// Returns a path without empty segments, `.` and `..`.
fn normalized(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(kept.pop()),
            part => kept.push(part),
        }
    }
    let is_folder = path.ends_with('/') && !kept.is_empty();
    format!("/{}{}", kept.join("/"), if is_folder { "/" } else { "" })
}

/// Returns a query with each name and value encoded, in the order of their bytes.
pub(super) fn canonical_query(query: &str) -> String {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let mut pairs: Vec<(String, String)> = pairs
        .map(|(name, value)| (encoded(&name), encoded(&value)))
        .collect();
    pairs.sort();
    let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Returns the value of a header without blanks around it, and with single ones in it.
fn trimmed(value: &str) -> Zeroizing<String> {
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    Zeroizing::new(words.join(" "))
}

/// Returns the SHA-256 of a text in hexadecimal digits.
pub(super) fn hash(text: &str) -> String {
    to_hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}
