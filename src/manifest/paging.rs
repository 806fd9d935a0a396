//! How a list goes on: a closed set of styles.

use serde::Deserialize;
use serde_json::Value;

use super::reading::Reads;

/// How a list goes on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// What leads from one page to the next.
    pub style: PagingStyle,
    /// The parameter that asks for a page: its number, offset or cursor.
    pub param: Option<String>,
    /// Where the parameter goes.
    #[serde(default)]
    pub place: PagingPlace,
    /// The number of the first page.
    #[serde(default = "one")]
    pub first: u64,
    /// The parameter that asks for a size.
    pub size_param: Option<String>,
    /// How many items to ask for at once; with `page` and `offset`, a shorter page is the last.
    pub size: Option<u64>,
    /// Where the answer says how to go on: a cursor, or the address of the next page.
    pub next: Option<Reads>,
    /// Where the last item holds the cursor, where the answer itself does not.
    pub last_item: Option<Reads>,
    /// Where the answer says whether there is more.
    pub more: Option<Reads>,
    /// Where the answer says how many items there are in all.
    pub total: Option<Reads>,
    /// What a `Link` header has to say beside `rel="next"`, such as `results="true"`.
    pub link_needs: Option<String>,
    /// A status past the end that means "no more", such as 404.
    pub end_status: Option<u16>,
    /// The most pages that are read.
    #[serde(default = "most_pages")]
    pub max_pages: u64,
}

fn one() -> u64 {
    1
}

fn most_pages() -> u64 {
    1_000
}

/// What leads from one page to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PagingStyle {
    /// Pages are numbered.
    Page,
    /// The number of items that were seen.
    Offset,
    /// A cursor from the answer or from its last item.
    Cursor,
    /// The answer's body holds the address of the next page, whole or as a path.
    NextUrl,
    /// The answer's `Link` header holds it.
    Link,
}

/// Where a paging parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PagingPlace {
    /// Behind the `?`.
    #[default]
    Query,
    /// Into the body, at the top.
    Body,
}

/// The address behind `rel="next"` in a `Link` header.
pub fn next_link(header: &str, needs: Option<&str>) -> Option<String> {
    header.split(',').find_map(|link| {
        let (address, parameters) = link.split_once('>')?;
        let address = address.trim().strip_prefix('<')?;
        let parameters: Vec<&str> = parameters.split(';').map(str::trim).collect();
        let says = |wanted: &str| {
            let wanted = wanted.replace('"', "");
            parameters
                .iter()
                .any(|parameter| parameter.replace('"', "") == wanted)
        };
        (says("rel=next") && needs.is_none_or(says)).then(|| address.to_owned())
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_link_is_found() {
        let header =
            r#"<https://x/a?page=1>; rel="prev", <https://x/a?page=3>; rel="next"; results="true""#;
        assert_eq!(
            next_link(header, None).as_deref(),
            Some("https://x/a?page=3")
        );
        assert_eq!(
            next_link(header, Some(r#"results="true""#)).as_deref(),
            Some("https://x/a?page=3")
        );
        assert_eq!(next_link(header, Some(r#"results="false""#)), None);
        assert_eq!(next_link("garbage", None), None);
    }
}
