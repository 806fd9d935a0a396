//! How a list goes on: a closed set of styles.

use serde::Deserialize;
use serde_json::Value;

use super::extract::Extractor;

/// How a list goes on. A list is read to its end or it is an error: a page that repeats another, a next page at another
/// origin, fewer items than promised and more than 64 MiB are never a short list.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pagination {
    /// What leads from one page to the next. Required.
    pub style: PaginationStyle,
    /// The parameter that asks for a page: its number, offset or cursor. Required with `page`, `offset` and `cursor`.
    pub param: Option<String>,
    /// Where the parameters go: `query`, `body` or `header`. Default: `query`.
    #[serde(default, rename = "in")]
    pub location: PaginationParameterIn,
    /// The number of the first page, or the first offset. Default: 1 with `page`, 0 with `offset`.
    pub first: Option<u64>,
    /// The parameter that asks for a size. Default: none is sent.
    pub size_param: Option<String>,
    /// How many items to ask for at once, or how many always come. Default: unknown.
    pub size: Option<u64>,
    /// With `page` and `offset`, and no `total`, `pages` or `more`: whether a page that is shorter than `size` is the
    /// last (`short`), or only an empty one (`empty`, for a service that may give less than it was asked for). With the
    /// other styles, `empty` makes an empty page the last whatever it says of a next one. Default: `short`.
    #[serde(default)]
    pub last: LastPage,
    /// Where the answer says how to go on: a cursor, or the address of the next page; empty and `null` are the end.
    /// Required with `next-url`; with `cursor` this or `last_item`.
    pub next: Option<Extractor>,
    /// Where the last item holds the cursor, where the answer itself does not.
    pub last_item: Option<Extractor>,
    /// Where the answer says whether there is more. Default: nowhere.
    pub more: Option<Extractor>,
    /// Where the answer says how many items there are in all. Default: nowhere.
    pub total: Option<Extractor>,
    /// Where the answer says how many pages there are in all. Default: nowhere.
    pub pages: Option<Extractor>,
    /// What a `Link` header has to say beside `rel="next"`. Default: nothing. Example: `'results="true"'`.
    pub link_needs: Option<String>,
    /// A status past the end that means "no more", such as 404. Default: none does.
    pub end_status: Option<u16>,
    /// The most pages that are read, at most 10000; more is an error. Default: 1000.
    #[serde(default = "default_max_pages")]
    pub max_pages: u64,
}

impl Pagination {
    /// The number of the first page, or the first offset.
    pub fn start(&self) -> u64 {
        self.first
            .unwrap_or(u64::from(self.style == PaginationStyle::Page))
    }
}

/// The most pages that a manifest may ask for.
pub(super) const MAX_PAGES: u64 = 10_000;

fn default_max_pages() -> u64 {
    1_000
}

/// Which page is the last where nothing else tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LastPage {
    /// The first that is shorter than the size that was asked for.
    #[default]
    Short,
    /// The first that is empty.
    Empty,
}

/// What leads from one page to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PaginationStyle {
    /// Pages are numbered.
    Page,
    /// The number of items that were seen.
    Offset,
    /// A cursor from the answer, its headers or its last item.
    Cursor,
    /// The answer's body holds the address of the next page, whole or as a path.
    NextUrl,
    /// The answer's `Link` header holds it.
    Link,
}

/// Where a paging parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum PaginationParameterIn {
    /// Behind the `?`.
    #[default]
    Query,
    /// Into the JSON body, at the top or at a JSON Pointer.
    Body,
    /// Into a header of that name.
    Header,
}

/// Whether a value says that there is more.
pub fn says_more(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => !text.is_empty() && text != "false",
        Value::Number(number) => number.as_f64().is_some_and(|number| number > 0.0),
        _ => false,
    }
}
