//! The headers of responses that a manifest reads from.

use std::collections::BTreeSet;

use super::schema::Manifest;
use super::visit::{Node, Reader};

/// The header that names the next page.
const LINK: &str = "link";

/// The header that sets cookies.
pub const SET_COOKIE: &str = "set-cookie";

impl Manifest {
    /// Returns the names, in lower case, of the headers of responses that anything in the manifest reads.
    pub fn headers_read(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::from([LINK.to_owned()]);
        self.walk(&mut |_, node| {
            let Node::Read(read) = node else {
                return;
            };
            let found: Vec<&str> = match read.reader {
                Reader::Extractor(extractor) => {
                    let rules = extractor.0.iter();
                    let cookie = |rule: &super::ExtractRule| rule.cookie.is_some();
                    if extractor.0.iter().any(cookie) {
                        names.insert(SET_COOKIE.to_owned());
                    }
                    rules.filter_map(|rule| rule.header.as_deref()).collect()
                }
                Reader::Predicate(predicate) => predicate.header.as_deref().into_iter().collect(),
            };
            names.extend(found.into_iter().map(str::to_ascii_lowercase));
        });
        names
    }
}
