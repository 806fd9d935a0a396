//! Lists that go on: page by page to the end, on one origin, and never silently short.

use serde_json::{Value, json};
use url::Url;

use super::answer::Reading;
use super::values::Values;
use super::{Carried, Service, Trouble};
use crate::error::Error;
use crate::exchange::Repeat;
use crate::manifest::{
    Operation, Paging, PagingPlace, PagingStyle, Reads, RequestSpec, Verb, next_link, plain_text,
    says_more,
};
use crate::secret::Secret;
use crate::world::{Answer, Body, Request};

type Page<'o> = (Reading<'o>, Vec<Value>);

/// Every page of a list, from the first to the last.
pub(super) async fn all<'o>(
    service: &Service<'_>,
    verb: Verb,
    operation: &'o Operation,
    values: &Values,
    carried: Option<&Carried<'_>>,
) -> Result<Vec<Page<'o>>, Trouble> {
    let Some(spec) = &operation.request else {
        return Ok(Vec::new());
    };
    let mut pages: Vec<Page<'o>> = Vec::new();
    let mut turn = Turn::First;
    let most = operation
        .paging
        .as_ref()
        .map_or(1, |paging| paging.max_pages);
    for count in 0.. {
        if count == most {
            return Err(too_long(service, verb, most));
        }
        let request = turn.request(service, spec, operation.paging.as_ref(), values, carried)?;
        let address = request.url.clone();
        let answer = service.send(Repeat::Always, Some(verb), request).await?;
        if !pages.is_empty()
            && operation
                .paging
                .as_ref()
                .is_some_and(|paging| paging.end_status == Some(answer.status))
        {
            break;
        }
        let seen = service.judge(&answer, &operation.answer, Some(verb))?;
        let reading = Reading {
            spec: &operation.answer,
            seen,
            now: service.now(),
        };
        let items = reading
            .items()
            .ok_or_else(|| Trouble::incomplete(service.name(), verb, "the list"))?;
        let counted = pages.iter().map(|(_, items)| items.len()).sum::<usize>() + items.len();
        let next = match &operation.paging {
            None => None,
            Some(paging) => following(paging, &answer, &reading, &items, counted, count, &address)
                .map_err(|why| {
                    Error::failed(format!("the list of {} breaks off: {why}", service.name()))
                })?,
        };
        pages.push((reading, items));
        match next {
            None => break,
            // A cursor that does not move would go on for ever.
            Some(next) if next == turn => {
                return Err(Error::failed(format!(
                    "the list of {} does not come to an end: a page leads to itself",
                    service.name()
                ))
                .into());
            }
            Some(next) => turn = next,
        }
    }
    Ok(pages)
}

fn too_long(service: &Service<'_>, verb: Verb, most: u64) -> Trouble {
    Error::failed(format!(
        "{} could not {}: the list does not end within {most} pages",
        service.name(),
        verb.deed()
    ))
    .into()
}

/// What asks for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Turn {
    /// Nothing but the size.
    First,
    /// A parameter.
    Parameter(String),
    /// An address.
    Address(Url),
}

impl Turn {
    fn request(
        &self,
        service: &Service<'_>,
        spec: &RequestSpec,
        paging: Option<&Paging>,
        values: &Values,
        carried: Option<&Carried<'_>>,
    ) -> Result<Request, Trouble> {
        let mut request = service.build(spec, values, carried)?;
        let Some(paging) = paging else {
            return Ok(request);
        };
        if let Turn::Address(url) = self {
            request.url = url.clone();
            request.shown_url = url.to_string();
            return Ok(request);
        }
        if let (Some(name), Some(size)) = (&paging.size_param, paging.size) {
            ask(&mut request, paging.place, name, json!(size));
        }
        let first = match paging.style {
            PagingStyle::Page => Some(paging.first.to_string()),
            PagingStyle::Offset => Some("0".to_owned()),
            _ => None,
        };
        let value = match self {
            Turn::Parameter(value) => Some(value.clone()),
            _ => first,
        };
        if let (Some(name), Some(value)) = (&paging.param, value) {
            let value = match paging.style {
                PagingStyle::Page | PagingStyle::Offset => value
                    .parse::<u64>()
                    .map_or(json!(value), |number| json!(number)),
                _ => json!(value),
            };
            ask(&mut request, paging.place, name, value);
        }
        Ok(request)
    }
}

fn ask(request: &mut Request, place: PagingPlace, name: &str, value: Value) {
    match place {
        PagingPlace::Query => {
            let text = plain_text(&value).unwrap_or_default();
            request.url.query_pairs_mut().append_pair(name, &text);
            let sign = if request.shown_url.contains('?') {
                '&'
            } else {
                '?'
            };
            request.shown_url = format!("{}{sign}{name}={text}", request.shown_url);
        }
        PagingPlace::Body => {
            let text = request
                .body
                .as_ref()
                .map(|body| body.text.expose().to_owned());
            let mut body: Value = text
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_else(|| json!({}));
            body[name] = value;
            request.body = Some(Body {
                media_type: Some("application/json".to_owned()),
                text: Secret::new(body.to_string()),
            });
        }
    }
}

/// What asks for the page after this one; `None` at the end.
fn following(
    paging: &Paging,
    answer: &Answer,
    reading: &Reading<'_>,
    items: &[Value],
    counted: usize,
    count: u64,
    address: &Url,
) -> Result<Option<Turn>, String> {
    let body = &reading.seen.body;
    let read = |reads: &Option<Reads>, within: &Value| {
        reads.as_ref()?.value(&reading.seen, within, reading.now)
    };
    if let Some(more) = &paging.more {
        let says = more.value(&reading.seen, body, reading.now);
        if !says.as_ref().is_some_and(says_more) {
            return Ok(None);
        }
    }
    let total =
        read(&paging.total, body).and_then(|total| plain_text(&total)?.parse::<usize>().ok());
    match paging.style {
        PagingStyle::Page | PagingStyle::Offset => {
            if let Some(total) = total {
                if counted >= total {
                    return Ok(None);
                }
                if items.is_empty() {
                    return Err(format!("{total} were promised, {counted} came"));
                }
            } else if items.is_empty()
                || paging.more.is_none()
                    && paging.size.is_some_and(|size| (items.len() as u64) < size)
            {
                return Ok(None);
            }
            let next = match paging.style {
                PagingStyle::Page => paging.first + count + 1,
                _ => counted as u64,
            };
            Ok(Some(Turn::Parameter(next.to_string())))
        }
        PagingStyle::Cursor => {
            let cursor = read(&paging.next, body)
                .or_else(|| read(&paging.last_item, items.last()?))
                .as_ref()
                .and_then(plain_text);
            match cursor {
                Some(cursor) => Ok(Some(Turn::Parameter(cursor))),
                None if paging.more.is_some() => {
                    Err("it says that there is more, but not where".to_owned())
                }
                None => Ok(None),
            }
        }
        PagingStyle::NextUrl => {
            let next = read(&paging.next, body).as_ref().and_then(plain_text);
            next.map(|next| same_origin(address, &next)).transpose()
        }
        PagingStyle::Link => {
            let needs = paging.link_needs.as_deref();
            let next = answer
                .header("link")
                .and_then(|header| next_link(header, needs));
            next.map(|next| same_origin(address, &next)).transpose()
        }
    }
}

/// The next address, which may not lead a credential to another origin.
fn same_origin(address: &Url, next: &str) -> Result<Turn, String> {
    let url = address
        .join(next)
        .map_err(|_| "the address of the next page is none".to_owned())?;
    if url.origin() != address.origin() {
        return Err(format!(
            "the next page is said to be at another origin, `{}`",
            url.origin().ascii_serialization()
        ));
    }
    Ok(Turn::Address(url))
}
