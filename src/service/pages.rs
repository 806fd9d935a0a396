//! Lists that go on: page by page to the end, on one origin, and never silently short.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use url::Url;

use super::answer::Reading;
use super::values::Values;
use super::{Carried, Service, Trouble};
use crate::error::Error;
use crate::exchange::Repeat;
use crate::manifest::{
    LastPage, Operation, Paging, PagingPlace, PagingStyle, Reads, RequestSpec, Verb, next_link,
    plain_text, says_more,
};
use crate::secret::Secret;
use crate::world::{Answer, Body, Header, Request};

/// The most that is read of all pages of a list together.
const LARGEST_LIST: usize = 64 << 20;

/// How much longer than one request a whole list may take.
const LONGEST_LIST: u32 = 20;

/// Every page of a list, from the first to the last; each is handed to `see` and forgotten.
pub(super) async fn all(
    service: &Service<'_>,
    verb: Verb,
    operation: &Operation,
    values: &Values,
    carried: Option<&Carried<'_>>,
    see: &mut dyn FnMut(&Reading<'_>, Vec<Value>),
) -> Result<(), Trouble> {
    let Some(spec) = &operation.request else {
        return Ok(());
    };
    let paging = operation.paging.as_ref();
    let most = paging.map_or(1, |paging| paging.max_pages);
    let mut way = Way::starting(service);
    let mut turn = Turn::First;
    for count in 0.. {
        if count == most {
            return Err(service.breaks_off(&format!("it does not end within {most} pages")));
        }
        let request = turn.request(service, spec, paging, values, carried)?;
        let address = request.url.clone();
        let answer = service.send(Repeat::Always, Some(verb), request).await?;
        let past_the_end = paging.is_some_and(|paging| paging.end_status == Some(answer.status));
        if count > 0 && past_the_end {
            break;
        }
        let mut reading = Reading {
            spec: &operation.answer,
            seen: service.judge(&answer, &operation.answer, Some(verb))?,
            now: service.now(),
            lifetime: None,
        };
        let items = reading
            .take_items()
            .ok_or_else(|| Trouble::incomplete(service.name(), verb, "the list"))?;
        let next = way
            .look(service, &answer, &items)
            .and_then(|()| match paging {
                None => Ok(None),
                Some(paging) => way.following(paging, &answer, &reading, &items, count, &address),
            })
            .map_err(|why| service.breaks_off(&why))?;
        see(&reading, items);
        match next {
            None => break,
            Some(next) => {
                way.go(&next).map_err(|why| service.breaks_off(&why))?;
                turn = next;
            }
        }
    }
    way.arrive().map_err(|why| service.breaks_off(&why))
}

impl Service<'_> {
    fn breaks_off(&self, why: &str) -> Trouble {
        Error::failed(format!("the list of {} breaks off: {why}", self.name()))
            .hint("nothing is shown rather than a part; the manifest's `paging` may be wrong: keywright providers show --manifest")
            .into()
    }
}

/// What was seen of a list so far: enough to know that it does not go in a circle, and nothing more.
struct Way {
    started: Timestamp,
    longest: Duration,
    bytes: usize,
    counted: usize,
    promised: Option<usize>,
    turns: HashSet<u64>,
    pages: HashSet<u64>,
}

impl Way {
    fn starting(service: &Service<'_>) -> Self {
        Way {
            started: service.now(),
            longest: service.exchange.timeout.saturating_mul(LONGEST_LIST),
            bytes: 0,
            counted: 0,
            promised: None,
            turns: HashSet::new(),
            pages: HashSet::new(),
        }
    }

    /// Takes note of a page.
    fn look(
        &mut self,
        service: &Service<'_>,
        answer: &Answer,
        items: &[Value],
    ) -> Result<(), String> {
        self.bytes += answer.body.len();
        if self.bytes > LARGEST_LIST {
            return Err(format!(
                "it is larger than the {} MiB that are read",
                LARGEST_LIST >> 20
            ));
        }
        let longest = SignedDuration::try_from(self.longest).unwrap_or(SignedDuration::MAX);
        if self.started.duration_until(service.now()) > longest {
            return Err(format!(
                "it does not come to an end within {} s",
                self.longest.as_secs()
            ));
        }
        self.counted += items.len();
        // The first and the last item tell a page from any other.
        if let (Some(first), Some(last)) = (items.first(), items.last()) {
            let page = hash(&(first.to_string(), last.to_string(), items.len()));
            if !self.pages.insert(page) {
                return Err("a page came twice".to_owned());
            }
        }
        Ok(())
    }

    /// Takes note of where it goes next.
    fn go(&mut self, turn: &Turn) -> Result<(), String> {
        // A cursor that comes back would go on for ever.
        if self.turns.insert(hash(turn)) {
            return Ok(());
        }
        Err("it does not come to an end: a page leads back to one that was read".to_owned())
    }

    /// Whether everything came that was promised.
    fn arrive(&self) -> Result<(), String> {
        match self.promised {
            Some(promised) if self.counted < promised => {
                Err(format!("{promised} were promised, {} came", self.counted))
            }
            _ => Ok(()),
        }
    }

    /// What asks for the page after this one; `None` at the end.
    fn following(
        &mut self,
        paging: &Paging,
        answer: &Answer,
        reading: &Reading<'_>,
        items: &[Value],
        count: u64,
        address: &Url,
    ) -> Result<Option<Turn>, String> {
        let body = &reading.seen.body;
        let read = |reads: &Option<Reads>, within: &Value| {
            reads.as_ref()?.value(&reading.seen, within, reading.now)
        };
        let number = |reads: &Option<Reads>| {
            let text = plain_text(&read(reads, body)?)?;
            text.parse::<usize>().ok()
        };
        if let Some(total) = number(&paging.total) {
            self.promised = Some(total);
        }
        if let Some(more) = &paging.more {
            let says = more.value(&reading.seen, body, reading.now);
            if !says.as_ref().is_some_and(says_more) {
                return Ok(None);
            }
        }
        match paging.style {
            PagingStyle::Page | PagingStyle::Offset => {
                let pages = number(&paging.pages).map(|pages| pages as u64);
                if self.is_last(paging, items, count, pages)? {
                    return Ok(None);
                }
                let next = match paging.style {
                    PagingStyle::Page => paging.start() + count + 1,
                    _ => paging.start() + self.counted as u64,
                };
                Ok(Some(Turn::Parameter(next.to_string())))
            }
            PagingStyle::Cursor => {
                let of_last = || read(&paging.last_item, items.last()?);
                let cursor = read(&paging.next, body).or_else(of_last);
                match cursor.as_ref().and_then(plain_text) {
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
                let mut headers = answer.headers.iter().filter(|(name, _)| name == "link");
                let next = headers.find_map(|(_, header)| next_link(header, needs));
                next.map(|next| same_origin(address, &next)).transpose()
            }
        }
    }

    /// Whether a numbered page is the last.
    fn is_last(
        &self,
        paging: &Paging,
        items: &[Value],
        count: u64,
        pages: Option<u64>,
    ) -> Result<bool, String> {
        if let Some(total) = self.promised {
            if self.counted < total && items.is_empty() {
                return Err(format!("{total} were promised, {} came", self.counted));
            }
            return Ok(self.counted >= total);
        }
        if let Some(pages) = pages {
            if count + 1 < pages && items.is_empty() {
                return Err(format!("{pages} pages were promised, {} came", count + 1));
            }
            return Ok(count + 1 >= pages);
        }
        let is_short = paging.size.is_some_and(|size| (items.len() as u64) < size);
        let short_is_last = paging.last == LastPage::Short && paging.more.is_none();
        Ok(items.is_empty() || short_is_last && is_short)
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What asks for a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
            // A next address may repeat what was asked with, a credential in the query among it.
            let shown = url.as_str().split('?').next().unwrap_or_default();
            shown.clone_into(&mut request.shown_url);
            return Ok(request);
        }
        if let (Some(name), Some(size)) = (&paging.size_param, paging.size) {
            ask(&mut request, paging.place, name, json!(size));
        }
        let first = match paging.style {
            PagingStyle::Page | PagingStyle::Offset => Some(paging.start().to_string()),
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
    let text = plain_text(&value).unwrap_or_default();
    match place {
        PagingPlace::Query => {
            request.url.query_pairs_mut().append_pair(name, &text);
            let sign = if request.shown_url.contains('?') {
                '&'
            } else {
                '?'
            };
            request.shown_url = format!("{}{sign}{name}={text}", request.shown_url);
        }
        PagingPlace::Header => {
            // A cursor of the service goes back to it: what no header may hold is not sent.
            let line: String = text.chars().filter(|c| !c.is_control()).collect();
            request.headers.push(Header::plain(name, line));
        }
        PagingPlace::Body => {
            let text = request
                .body
                .as_ref()
                .map(|body| body.text.expose().to_owned());
            let mut body: Value = text
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_else(|| json!({}));
            let place = if name.starts_with('/') {
                name.to_owned()
            } else {
                format!("/{name}")
            };
            // What is no place in this body was found when the manifest was checked.
            let _ = super::fill::place_at(&mut body, &place, value);
            request.body = Some(Body {
                media_type: request
                    .body
                    .take()
                    .and_then(|body| body.media_type)
                    .or_else(|| Some("application/json".to_owned())),
                text: Secret::new(body.to_string()),
            });
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
