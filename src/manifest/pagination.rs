//! Pagination of a list: a closed set of styles.

use serde::Deserialize;
use serde_json::Value;

use super::extract::Extractor;

/// The pagination of a list. A list is read completely or it is an error: a page that repeats another, a next page at
/// another origin, fewer items than promised and more than 64 MiB never yield a truncated list.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pagination {
    /// The pagination style. Required.
    pub style: PaginationStyle,
    /// The parameter that requests a page: its number, offset or cursor. Required with `page`, `offset` and `cursor`.
    pub param: Option<String>,
    /// The location of the parameters: `query`, `body` or `header`. Default: `query`.
    #[serde(default, rename = "in")]
    pub location: PaginationParameterIn,
    /// The number of the first page, or the first offset. Default: 1 with `page`, 0 with `offset`.
    pub first: Option<u64>,
    /// The parameter for the page size. Default: none is sent.
    pub size_param: Option<String>,
    /// The page size to request, or the fixed page size. Default: unknown.
    pub size: Option<u64>,
    /// With `page` and `offset`, and no `total`, `pages` or `more`: the page that counts as the last: one that is
    /// shorter than `size` (`short`), or only an empty one (`empty`, for a service that may return fewer items than
    /// requested). With the other styles, `empty` makes an empty page the last even if it names a next one. Default:
    /// `short`.
    #[serde(default)]
    pub last: LastPage,
    /// The location of the cursor or of the URL of the next page; an empty value and `null` mean the last page.
    /// Required with `next-url`; with `cursor` this or `last_item`.
    pub next: Option<Extractor>,
    /// The location of the cursor in the last item, if the response itself has none.
    pub last_item: Option<Extractor>,
    /// The location of the flag for more items. Default: nowhere.
    pub more: Option<Extractor>,
    /// The location of the total number of items. Default: nowhere.
    pub total: Option<Extractor>,
    /// The location of the total number of pages. Default: nowhere.
    pub pages: Option<Extractor>,
    /// A parameter that a `Link` header must have beside `rel="next"`. Default: nothing. Example: `'results="true"'`.
    pub link_needs: Option<String>,
    /// A status that means "no more" past the last page, such as 404. Default: none does.
    pub end_status: Option<u16>,
    /// The most pages that are read, at most 10000; more is an error. Default: 1000.
    #[serde(default = "default_max_pages")]
    pub max_pages: u64,
}

impl Pagination {
    /// Returns the pagination by `Link` headers, which say by themselves where the next page is.
    pub fn by_links() -> Self {
        Pagination {
            style: PaginationStyle::Link,
            param: None,
            location: PaginationParameterIn::Query,
            first: None,
            size_param: None,
            size: None,
            last: LastPage::Short,
            next: None,
            last_item: None,
            more: None,
            total: None,
            pages: None,
            link_needs: None,
            end_status: None,
            max_pages: default_max_pages(),
        }
    }

    /// Returns the number of the first page, or the first offset.
    pub fn start(&self) -> u64 {
        self.first
            .unwrap_or(u64::from(self.style == PaginationStyle::Page))
    }
}

/// The upper bound of `max_pages`.
pub(super) const MAX_PAGES: u64 = 10_000;

fn default_max_pages() -> u64 {
    1_000
}

/// The page that counts as the last if the response does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LastPage {
    /// The first that is shorter than the requested size.
    #[default]
    Short,
    /// The first that is empty.
    Empty,
}

/// The way from one page to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PaginationStyle {
    /// Pages are numbered.
    Page,
    /// The number of items so far.
    Offset,
    /// A cursor from the response, its headers or its last item.
    Cursor,
    /// The URL of the next page in the body of the response, whole or as a path.
    NextUrl,
    /// The URL of the next page in the `Link` header of the response.
    Link,
}

/// The location of a pagination parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum PaginationParameterIn {
    /// In the query.
    #[default]
    Query,
    /// In the JSON body, at the top or at a JSON Pointer.
    Body,
    /// In a header of that name.
    Header,
}

/// Returns whether a value says that there is more.
pub fn says_more(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => !text.is_empty() && text != "false",
        Value::Number(number) => number.as_f64().is_some_and(|number| number > 0.0),
        _ => false,
    }
}
