//! Pages of a request that no operation describes: by the pagination of the operation that it looks like, or by links.

use std::cell::RefCell;

use url::Url;

use super::super::response::{ResponseReader, parse};
use super::super::{CallError, Service};
use super::next_page::NextPage;
use super::{Page, Pager};
use crate::manifest::{Operation, Pagination, PaginationParameterIn, ResponseSpec};
use crate::platform::{HttpRequest, HttpResponse};

/// The page of a raw request that is asked for, and the way from one to the next.
pub struct RawPages<'m> {
    pagination: Option<&'m Pagination>,
    response: Option<&'m ResponseSpec>,
    links: Pagination,
    plain: ResponseSpec,
    pager: Pager,
    turn: NextPage,
    count: u64,
    /// The address of the last request.
    address: RefCell<Option<Url>>,
}

impl<'m> RawPages<'m> {
    /// Returns the pages of a request with this query; `like` is the operation that it looks like. A query that names a
    /// parameter of the pagination asks for one page of it, so that only links are followed.
    pub fn new(service: &Service<'_>, like: Option<&'m Operation>, query: &str) -> Self {
        let is_named = |pagination: &Pagination| {
            let own = [&pagination.param, &pagination.size_param];
            pagination.location == PaginationParameterIn::Query
                && url::form_urlencoded::parse(query.as_bytes())
                    .any(|(name, _)| own.iter().any(|own| own.as_deref() == Some(&*name)))
        };
        let like = like.filter(|like| {
            let pagination = like.pagination.as_ref();
            pagination.is_some_and(|pagination| !is_named(pagination))
        });
        RawPages {
            pagination: like.and_then(|like| like.pagination.as_ref()),
            response: like.map(|like| &like.response),
            links: Pagination::by_links(),
            plain: ResponseSpec::default(),
            pager: Pager::starting(service),
            turn: NextPage::First,
            count: 0,
            address: RefCell::default(),
        }
    }

    fn paging(&self) -> &Pagination {
        self.pagination.unwrap_or(&self.links)
    }

    /// Turns a request into the one for the page.
    pub(in crate::service) fn apply(&self, request: &mut HttpRequest) {
        self.turn.apply(request, Some(self.paging()));
        *self.address.borrow_mut() = Some(request.url.clone());
    }

    /// Returns whether an answer says that the page before was the last.
    pub fn is_past_the_end(&self, answer: &HttpResponse) -> bool {
        self.count > 0 && self.paging().end_status == Some(answer.status)
    }

    /// Goes on to the page after an answer; false behind the last.
    pub fn advance(
        &mut self,
        service: &Service<'_>,
        answer: &HttpResponse,
    ) -> Result<bool, CallError> {
        let breaks_off = |why: String| service.breaks_off(&why);
        let mut reading = ResponseReader {
            spec: self.response.unwrap_or(&self.plain),
            seen: parse(answer),
            now: service.now(),
            lifetime: None,
        };
        // A page that is no list counts as one item.
        let items = match reading.take_items() {
            Some(items) => items,
            None => vec![reading.seen.body.clone()],
        };
        let Some(address) = self.address.take() else {
            return Ok(false);
        };
        let page = Page {
            answer,
            reading: &reading,
            items: &items,
            count: self.count,
            asked: &self.turn,
            address: &address,
        };
        let paging = self.pagination.unwrap_or(&self.links);
        let next = self.pager.record_page(service, &page, Some(paging));
        let Some(next) = next.map_err(breaks_off)? else {
            self.pager.check_complete().map_err(breaks_off)?;
            return Ok(false);
        };
        self.pager.follow(&next).map_err(breaks_off)?;
        self.turn = next;
        self.count += 1;
        if self.count == paging.max_pages {
            let most = paging.max_pages;
            return Err(breaks_off(format!("it has more than {most} pages")));
        }
        Ok(true)
    }
}

/// Returns the pages as one text: one JSON array of all items if each page is an array, or else one page after the
/// other.
pub fn pages_as_text(pages: &[HttpResponse]) -> zeroize::Zeroizing<Vec<u8>> {
    let mut text = zeroize::Zeroizing::new(Vec::new());
    if let [only] = pages {
        text.extend_from_slice(&only.body);
        return text;
    }
    let insides: Option<Vec<&[u8]>> = pages
        .iter()
        .map(|page| inside_of_array(&page.body))
        .collect();
    let Some(insides) = insides else {
        for page in pages {
            text.extend_from_slice(&page.body);
            if !page.body.ends_with(b"\n") {
                text.push(b'\n');
            }
        }
        return text;
    };
    text.push(b'[');
    for inside in insides.into_iter().filter(|inside| !inside.is_empty()) {
        if text.len() > 1 {
            text.push(b',');
        }
        text.extend_from_slice(inside);
    }
    text.extend_from_slice(b"]\n");
    text
}

/// Returns the bytes between the brackets of a JSON array, as they came: a number keeps all its digits.
fn inside_of_array(body: &[u8]) -> Option<&[u8]> {
    serde_json::from_slice::<Vec<serde::de::IgnoredAny>>(body).ok()?;
    let body = body.trim_ascii();
    let inside = body.strip_prefix(b"[")?.strip_suffix(b"]")?;
    Some(inside.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> HttpResponse {
        HttpResponse {
            status: 200,
            headers: Vec::new(),
            body: zeroize::Zeroizing::new(body.as_bytes().to_vec()),
        }
    }

    #[test]
    fn pages_of_arrays_become_one() {
        for (pages, text) in [
            (
                &["[1, 2]", " [12345678901234567890.10]\n", "[]"][..],
                "[1, 2,12345678901234567890.10]\n",
            ),
            (&["[]", "[]"], "[]\n"),
            (&[" [1]"], " [1]"),
            (&["{\"a\":1}", "{\"a\":2}\n"], "{\"a\":1}\n{\"a\":2}\n"),
            (&["[1]", "{}"], "[1]\n{}\n"),
            (&["[1", "]"], "[1\n]\n"),
        ] {
            let pages: Vec<HttpResponse> = pages.iter().map(|body| page(body)).collect();
            assert_eq!(String::from_utf8_lossy(&pages_as_text(&pages)), text);
        }
    }
}
