//! The pagination of a list, by the parameters of its request and the fields of its response.

use serde_json::Value;

use super::calls::{Call, Parameter, Response};
use super::document::{Document, Field, entries};
use super::fields::first;
use super::words::{has, has_any, rank, words};
use super::write::quoted;

const SIZES: &[&str] = &[
    "per page",
    "page size",
    "limit",
    "size",
    "max result",
    "page limit",
    "count",
    "max item",
    "item per page",
    "max page size",
    "result per page",
    "first",
    "take",
    "perpage",
    "pagesize",
    "top",
];
const PAGES: &[&str] = &[
    "page",
    "page number",
    "page index",
    "pagenumber",
    "page no",
    "page num",
    "number",
    "current page",
    "p",
];
const OFFSETS: &[&str] = &["offset", "skip", "start", "start index", "from"];
const CURSORS: &[&str] = &[
    "cursor",
    "page token",
    "next token",
    "starting after",
    "after",
    "marker",
    "continuation token",
    "next cursor",
    "start after",
    "after id",
    "next page token",
    "next",
    "page cursor",
    "offset",
    "page after",
    "bookmark",
    "next page",
    "from",
    "page",
];
const TOTALS: &[&str] = &[
    "total",
    "total count",
    "count total",
    "total result",
    "total item",
    "total record",
    "total size",
    "total element",
    "result total",
    "record total",
];
const PAGE_COUNTS: &[&str] = &[
    "total page",
    "page count",
    "last page",
    "number of page",
    "page total",
];
const MORE: &[&str] = &[
    "has more",
    "has next",
    "more",
    "has next page",
    "is truncated",
    "more available",
];
const NEXT: &[&str] = &[
    "next cursor",
    "next page token",
    "next token",
    "next page",
    "next page cursor",
    "end cursor",
    "continuation token",
    "next marker",
    "marker",
    "cursor",
    "next offset",
    "next after",
    "after",
    "bookmark",
    "after cursor",
    "next key",
];
const NEXT_URLS: &[&str] = &[
    "next",
    "next link",
    "next url",
    "next page url",
    "next uri",
    "next page uri",
    "odata next link",
    "next page link",
    "next href",
];

/// The largest page that is asked for.
const MAX_PAGE: u64 = 100;

/// The signs of further pages in a response, each location as it is written.
struct Signs {
    total: Option<String>,
    pages: Option<String>,
    more: Option<String>,
    next: Option<String>,
    next_url: Option<String>,
    /// Says that the URL of the next page is surely one.
    is_link: bool,
}

impl Signs {
    fn of(document: &Document, fields: &[Field<'_>]) -> Self {
        let at = |phrases: &[&str], kinds: &[&str]| {
            let found = first(fields, phrases, |field| {
                kinds.contains(&document.kind(field.schema))
            });
            found.map(|field| quoted(&field.at))
        };
        let (text, number) = (["string", ""], ["integer", "number"]);
        let next_url = first(fields, NEXT_URLS, |field| {
            text.contains(&document.kind(field.schema))
        });
        let is_link = next_url.is_some_and(|field| {
            let format = document.text(field.schema, "format");
            matches!(format, "uri" | "url" | "uri-reference")
                || has_any(&words(field.name), &["url", "uri", "link", "href"])
        });
        Signs {
            total: at(TOTALS, &number),
            pages: at(PAGE_COUNTS, &number),
            more: at(MORE, &["boolean"]),
            next: at(NEXT, &text).or_else(|| at(&["last id"], &text)),
            next_url: next_url.map(|field| quoted(&field.at)),
            is_link,
        }
    }

    fn ends(&self) -> bool {
        self.total.is_some() || self.pages.is_some() || self.more.is_some()
    }

    /// Returns the keys of a table for some of them.
    fn written(&self, names: &[&str]) -> Vec<String> {
        let all = [
            ("total", &self.total),
            ("pages", &self.pages),
            ("more", &self.more),
        ];
        let known = all.into_iter().filter(|(name, _)| names.contains(name));
        known
            .filter_map(|(name, at)| Some(format!("{name} = {}", at.as_ref()?)))
            .collect()
    }
}

/// Returns the pagination of a list as a manifest writes it; `id` is the location of the id of an item.
pub(super) fn pagination(
    document: &Document,
    call: &Call<'_>,
    response: &Response<'_>,
    id: Option<&String>,
) -> Option<String> {
    let signs = Signs::of(document, &document.fields(response.schema));
    let size = query(call, SIZES);
    let mut sized = Vec::new();
    if let Some(size) = size {
        sized.push(format!("size_param = {}", quoted(size.name)));
        sized.extend(page_size(document, size).map(|size| format!("size = {size}")));
    }
    let is_bounded = sized.len() > 1;
    let has_links =
        entries(&response.whole["headers"]).any(|(name, _)| name.eq_ignore_ascii_case("link"));
    let cursor = query(call, CURSORS)
        .filter(|one| !matches!(document.kind(one.schema), "integer" | "number"));
    let (style, first, last) = if has_links {
        ("link", None, Vec::new())
    } else if let Some((cursor, next)) =
        cursor.and_then(|cursor| Some((cursor, next_cursor(cursor, &signs, id)?)))
    {
        (
            "cursor",
            Some(cursor),
            [vec![next], signs.written(&["more"])].concat(),
        )
    } else if let Some(page) = query(call, PAGES).filter(|_| signs.ends() || !signs.is_link) {
        let mut parts = first_page(document, page);
        parts.extend(signs.written(&["total", "pages", "more"]));
        if !signs.ends() && !is_bounded {
            parts.push("last = \"empty\"".to_owned());
        }
        ("page", Some(page), parts)
    } else if let Some(offset) = query(call, OFFSETS)
        .filter(|_| signs.ends() || signs.next_url.is_none() || is_bounded && !signs.is_link)
    {
        let mut parts = signs.written(&["total", "more"]);
        if parts.is_empty() && !is_bounded {
            parts.push("last = \"empty\"".to_owned());
        }
        ("offset", Some(offset), parts)
    } else {
        (
            "next-url",
            None,
            vec![format!("next = {}", signs.next_url.as_ref()?)],
        )
    };
    let mut parts = vec![format!("style = \"{style}\"")];
    parts.extend(first.map(|one| format!("param = {}", quoted(one.name))));
    parts.extend(sized);
    parts.extend(last);
    Some(format!("{{ {} }}", parts.join(", ")))
}

/// Returns the query parameter with the earliest of some names; `page[size]` is called `size`.
fn query<'c, 'd>(call: &'c Call<'d>, phrases: &[&str]) -> Option<&'c Parameter<'d>> {
    let all = call.parameters.iter().filter(|one| one.place == "query");
    let place = |one: &Parameter<'_>| {
        let whole = words(one.name);
        let inner = words(
            one.name
                .trim_end_matches(']')
                .rsplit(['[', '.'])
                .next()
                .unwrap_or_default(),
        );
        [rank(&whole, phrases), rank(&inner, phrases)]
            .into_iter()
            .flatten()
            .min()
    };
    let known = all.filter_map(|one| Some((place(one)?, one)));
    known.min_by_key(|(place, _)| *place).map(|(_, one)| one)
}

/// Returns the page size to ask for.
fn page_size(document: &Document, size: &Parameter<'_>) -> Option<u64> {
    let number = |key: &str| {
        document
            .attribute(size.schema, key)
            .and_then(Value::as_u64)
            .filter(|most| *most > 0)
    };
    number("maximum")
        .map(|most| most.min(MAX_PAGE))
        .or_else(|| number("default"))
}

fn first_page(document: &Document, page: &Parameter<'_>) -> Vec<String> {
    let start = document
        .attribute(page.schema, "minimum")
        .or_else(|| document.attribute(page.schema, "default"));
    let is_zero = start.and_then(Value::as_u64) == Some(0);
    if is_zero {
        vec!["first = 0".to_owned()]
    } else {
        Vec::new()
    }
}

/// Returns the source of the next cursor: the response, or the last item for a parameter such as `starting_after`.
fn next_cursor(cursor: &Parameter<'_>, signs: &Signs, id: Option<&String>) -> Option<String> {
    if let Some(next) = &signs.next {
        return Some(format!("next = {next}"));
    }
    let by_item = has(&words(cursor.name), "after");
    id.filter(|_| by_item).map(|id| format!("last_item = {id}"))
}
