//! Pagination: reads a list page by page to the end, on one origin, and never returns a truncated list silently.

mod next_page;
mod raw_pages;

use std::cell::Cell;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use url::Url;

use super::response::{ResponseReader, is_garbled, parse, says_none};
use super::values::Values;
use super::{CallError, CredentialRef, Service, explains};
use crate::core::error::Error;
use crate::manifest::{
    Extractor, LastPage, Operation, Pagination, PaginationStyle, Verb, looks_like_html, next_link,
    plain_text, says_more,
};
use crate::platform::HttpResponse;
use crate::service::transport::Repeat;
use next_page::{NextPage, same_origin};
pub use raw_pages::{RawPages, pages_as_text};

/// The most that is read of all pages of a list together.
const MAX_LIST_BYTES: usize = 64 << 20;

/// The most empty pages in a row: some services search a fixed number of keys per page, whoever owns them.
const MAX_EMPTY_PAGES: usize = 100;

const WRONG_LOCATION: &str = "the response says that there are more pages, but not where";

/// The longest time for a whole list, as a multiple of the time for one request.
const MAX_LIST_TIMEOUTS: u32 = 20;

/// Reads every page of a list, from the first to the last or to the one after which `show` stops; each is passed to it
/// and dropped.
pub(super) async fn all(
    service: &Service<'_>,
    verb: Verb,
    operation: &Operation,
    values: &Values,
    carried: Option<&CredentialRef<'_>>,
    show: &mut dyn FnMut(&ResponseReader<'_>, Vec<Value>) -> ControlFlow<()>,
) -> Result<(), CallError> {
    let Some(spec) = &operation.request else {
        return Ok(());
    };
    let paging = operation.pagination.as_ref();
    let most = paging.map_or(1, |paging| paging.max_pages);
    let mut pager = Pager::starting(service);
    let mut turn = NextPage::First;
    for count in 0.. {
        if count == most {
            return Err(service.breaks_off(&format!("it has more than {most} pages")));
        }
        let address = Cell::new(None);
        let build = || {
            let request = turn.request(service, spec, paging, values, carried)?;
            address.set(Some(request.http.url.clone()));
            Ok(request)
        };
        let sent = service.send(Repeat::Always, Some(verb), build).await?;
        let (answer, Some(address)) = (sent.answer, address.into_inner()) else {
            return Ok(());
        };
        let past_the_end = paging.is_some_and(|paging| paging.end_status == Some(answer.status));
        if count > 0 && past_the_end {
            break;
        }
        let (reading, items) = service.items(verb, operation, &answer, values)?;
        let page = Page {
            answer: &answer,
            reading: &reading,
            items: &items,
            count,
            asked: &turn,
            address: &address,
        };
        let next = pager
            .record_page(service, &page, paging)
            .map_err(|why| service.breaks_off(&why))?;
        if show(&reading, items).is_break() {
            return Ok(());
        }
        match next {
            None => break,
            Some(next) => {
                pager
                    .follow(&next)
                    .map_err(|why| service.breaks_off(&why))?;
                turn = next;
            }
        }
    }
    pager
        .check_complete()
        .map_err(|why| service.breaks_off(&why))
}

impl Service<'_> {
    /// Returns the items of a page, and the answer without them.
    fn items<'o>(
        &self,
        verb: Verb,
        operation: &'o Operation,
        answer: &HttpResponse,
        values: &Values,
    ) -> Result<(ResponseReader<'o>, Vec<Value>), CallError> {
        let spec = &operation.response;
        let reading = |seen| ResponseReader {
            spec,
            seen,
            now: self.now(),
            lifetime: None,
        };
        let seen = parse(answer);
        // A web page in the place of a service is no word of it.
        let page = seen.body.as_str().is_some_and(looks_like_html);
        if !page && says_none(spec, &seen) {
            return Ok((reading(seen), Vec::new()));
        }
        let mut reading = reading(self.classify(answer, spec, Some(verb), values)?);
        match reading.take_items() {
            Some(items) => Ok((reading, items)),
            None if explains(&reading.seen.body) => {
                Err(self.refusal(answer, &reading.seen, Some(verb)))
            }
            None if reading.has_null_for_items() => Ok((reading, Vec::new())),
            None => Err(self.no_list(verb, answer, &reading)),
        }
    }

    /// Returns the error for a response without a list, or for one that is not JSON.
    fn no_list(
        &self,
        verb: Verb,
        answer: &HttpResponse,
        reading: &ResponseReader<'_>,
    ) -> CallError {
        if is_garbled(answer, &reading.seen) {
            let text = reading.seen.body.as_str().unwrap_or_default();
            return CallError::garbled(self.name(), Some(verb), answer, text);
        }
        CallError::incomplete(self.name(), verb, "the list")
    }

    fn breaks_off(&self, why: &str) -> CallError {
        Error::failed(format!("the list of {} is incomplete: {why}", self.name()))
            .hint(format!(
                "an incomplete list is not shown; the manifest's `pagination` may be wrong: keywright providers show {} --manifest",
                self.name()
            ))
            .into()
    }
}

/// A page of a list, and what asked for it.
struct Page<'p> {
    answer: &'p HttpResponse,
    reading: &'p ResponseReader<'p>,
    items: &'p [Value],
    /// The number of items before it.
    count: u64,
    asked: &'p NextPage,
    address: &'p Url,
}

impl Page<'_> {
    fn value(&self, reads: Option<&Extractor>, within: &Value) -> Option<Value> {
        reads?.value(&self.reading.seen, within, self.reading.now)
    }

    /// Returns the cursor or the address of the next page; `false` is as empty as nothing.
    fn pointer(&self, reads: Option<&Extractor>, within: &Value) -> Option<String> {
        let found = self
            .value(reads, within)
            .filter(|value| *value != Value::Bool(false));
        found.as_ref().and_then(plain_text)
    }

    fn number(&self, reads: Option<&Extractor>) -> Option<usize> {
        let text = plain_text(&self.value(reads, &self.reading.seen.body)?)?;
        text.parse().ok()
    }

    /// Returns whether `turn` requests this page again.
    fn is_asked_by(&self, turn: &NextPage) -> bool {
        turn == self.asked || matches!(turn, NextPage::Address(url) if url == self.address)
    }
}

/// The state of a list so far: just enough to detect a cycle.
struct Pager {
    started: Timestamp,
    longest: Duration,
    bytes: usize,
    counted: usize,
    /// The number of items that an offset must skip because their pages were empty.
    skipped: u64,
    /// The number of empty pages since the last item.
    empty: usize,
    promised: Option<usize>,
    turns: HashSet<u64>,
    pages: HashSet<u64>,
}

impl Pager {
    fn starting(service: &Service<'_>) -> Self {
        Pager {
            started: service.now(),
            longest: service.transport.timeout.saturating_mul(MAX_LIST_TIMEOUTS),
            bytes: 0,
            counted: 0,
            skipped: 0,
            empty: 0,
            promised: None,
            turns: HashSet::new(),
            pages: HashSet::new(),
        }
    }

    /// Records a page and returns the request for the next one.
    fn record_page(
        &mut self,
        service: &Service<'_>,
        page: &Page<'_>,
        paging: Option<&Pagination>,
    ) -> Result<Option<NextPage>, String> {
        self.bytes += page.answer.body.len();
        if self.bytes > MAX_LIST_BYTES {
            return Err(format!(
                "it is larger than the {} MiB that are read",
                MAX_LIST_BYTES >> 20
            ));
        }
        self.counted += page.items.len();
        let is_repeated = self.is_repeated(page.items);
        let next = match paging {
            Some(paging) => self.following(paging, page)?,
            None => None,
        };
        // One item that has moved on to the last page while the list was read is no circle.
        if is_repeated && (next.is_some() || page.items.len() > 1) {
            return Err("a page arrived twice".to_owned());
        }
        let next = if page.items.is_empty() {
            self.after_empty_page(paging, page, next)?
        } else {
            self.empty = 0;
            next
        };
        // A list whose last page is there is complete, however long it took.
        let longest = SignedDuration::try_from(self.longest).unwrap_or(SignedDuration::MAX);
        if next.is_some() && self.started.duration_until(service.now()) > longest {
            return Err(format!(
                "it did not finish within {} s",
                self.longest.as_secs()
            ));
        }
        Ok(next)
    }

    /// Returns whether a page with the same items was already read; its first and last items identify it.
    fn is_repeated(&mut self, items: &[Value]) -> bool {
        match (items.first(), items.last()) {
            (Some(first), Some(last)) => {
                let page = hash(&(first.to_string(), last.to_string(), items.len()));
                !self.pages.insert(page)
            }
            _ => false,
        }
    }

    /// Returns the request after a page without items: the next page if the response names one, but never in a cycle
    /// and not without a limit.
    fn after_empty_page(
        &mut self,
        paging: Option<&Pagination>,
        page: &Page<'_>,
        next: Option<NextPage>,
    ) -> Result<Option<NextPage>, String> {
        self.empty += 1;
        let Some(next) = next else {
            return Ok(None);
        };
        if page.is_asked_by(&next) {
            return match paging.and_then(|paging| paging.more.as_ref()) {
                Some(_) => Err(WRONG_LOCATION.to_owned()),
                None => Ok(None),
            };
        }
        if self.empty > MAX_EMPTY_PAGES {
            return Err(format!("{MAX_EMPTY_PAGES} pages in a row are empty"));
        }
        Ok(Some(next))
    }

    /// Records the next request; fails if it was made before.
    fn follow(&mut self, turn: &NextPage) -> Result<(), String> {
        // A cursor that comes back would go on for ever.
        if self.turns.insert(hash(turn)) {
            return Ok(());
        }
        Err("it is endless: a page links back to an earlier one".to_owned())
    }

    /// Checks that all promised items have arrived.
    fn check_complete(&self) -> Result<(), String> {
        match self.promised {
            Some(promised) if self.counted < promised => Err(self.too_few(promised)),
            _ => Ok(()),
        }
    }

    fn too_few(&self, promised: usize) -> String {
        format!("{promised} keys were announced, {} arrived", self.counted)
    }

    /// Returns the next page that a response names; `None` at the end.
    fn following(
        &mut self,
        paging: &Pagination,
        page: &Page<'_>,
    ) -> Result<Option<NextPage>, String> {
        let body = &page.reading.seen.body;
        if let Some(total) = page.number(paging.total.as_ref()) {
            self.promised = Some(total);
        }
        if paging.more.is_some() {
            let says = page.value(paging.more.as_ref(), body);
            if !says.as_ref().is_some_and(says_more) {
                return Ok(None);
            }
        }
        let numbered = matches!(
            paging.style,
            PaginationStyle::Page | PaginationStyle::Offset
        );
        if !numbered && page.items.is_empty() && paging.last == LastPage::Empty {
            return Ok(None);
        }
        match paging.style {
            PaginationStyle::Page | PaginationStyle::Offset => self.numbered(paging, page),
            PaginationStyle::Cursor => {
                let of_last = || page.pointer(paging.last_item.as_ref(), page.items.last()?);
                match page.pointer(paging.next.as_ref(), body).or_else(of_last) {
                    Some(cursor) => Ok(Some(NextPage::Parameter(cursor))),
                    None if paging.more.is_some() => Err(WRONG_LOCATION.to_owned()),
                    None => Ok(None),
                }
            }
            PaginationStyle::NextUrl => {
                let next = page.pointer(paging.next.as_ref(), body);
                next.map(|next| same_origin(page.address, &next))
                    .transpose()
            }
            PaginationStyle::Link => {
                let needs = paging.link_needs.as_deref();
                let headers = page.answer.headers.iter();
                let mut links = headers.filter(|(name, _)| name == "link");
                let next = links.find_map(|(_, header)| next_link(header, needs));
                next.map(|next| same_origin(page.address, &next))
                    .transpose()
            }
        }
    }

    /// Returns the page after a numbered one.
    fn numbered(
        &mut self,
        paging: &Pagination,
        page: &Page<'_>,
    ) -> Result<Option<NextPage>, String> {
        if self.is_last(paging, page)? {
            return Ok(None);
        }
        let next = if paging.style == PaginationStyle::Page {
            paging.start() + page.count + 1
        } else {
            if page.items.is_empty() {
                self.skipped += paging.size.unwrap_or(0);
            }
            paging.start() + self.counted as u64 + self.skipped
        };
        Ok(Some(NextPage::Parameter(next.to_string())))
    }

    /// Returns whether a numbered page is the last.
    fn is_last(&self, paging: &Pagination, page: &Page<'_>) -> Result<bool, String> {
        let empty = page.items.is_empty();
        if let Some(total) = self.promised {
            if self.counted >= total {
                return Ok(true);
            }
            let asked_for = (page.count + 1).saturating_mul(paging.size.unwrap_or(0));
            let more_to_ask_for = paging.more.is_some() || (1..total as u64).contains(&asked_for);
            if empty && !more_to_ask_for {
                return Err(self.too_few(total));
            }
            return Ok(false);
        }
        if let Some(pages) = page.number(paging.pages.as_ref()) {
            let left = page.count + 1 < pages as u64;
            if left && empty && paging.more.is_none() {
                return Err(format!(
                    "{pages} pages were announced, {} arrived",
                    page.count + 1
                ));
            }
            return Ok(!left);
        }
        if paging.more.is_some() {
            return Ok(false);
        }
        let is_short = paging
            .size
            .is_some_and(|size| (page.items.len() as u64) < size);
        Ok(empty || paging.last == LastPage::Short && is_short)
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
