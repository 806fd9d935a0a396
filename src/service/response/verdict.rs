//! From the response to a verification to a verdict on the credential.

use jiff::Timestamp;

use crate::core::key::{ForeignResponse, Validity, Verdict};
use crate::core::untrusted::Untrusted;
use crate::manifest::{
    Extractor, ParsedResponse, ResponseSpec, ServiceError, from_xml, looks_like_html,
};
use crate::platform::HttpResponse;
use crate::service::decode;

/// Returns the kind of a response to a verification that does not come from the service.
pub(in crate::service) fn foreign(
    answer: &HttpResponse,
    seen: &ParsedResponse,
    spec: &ResponseSpec,
) -> Option<ForeignResponse> {
    if is_page(answer) {
        return Some(ForeignResponse::Page);
    }
    let own = decode::json(answer).is_some() || (spec.text || seen.xml) && !spec.require.is_empty();
    (is_2xx(seen) && !own).then_some(ForeignResponse::NotJson)
}

fn is_2xx(seen: &ParsedResponse) -> bool {
    (200..300).contains(&seen.status)
}

/// Returns whether a success counts as one: if the manifest requires nothing of it, it must be an object or a list.
pub(in crate::service) fn counts(seen: &ParsedResponse, spec: &ResponseSpec) -> bool {
    !is_2xx(seen) || !spec.require.is_empty() || seen.body.is_object() || seen.body.is_array()
}

/// Returns whether a response is a web page. JSON or XML that is labelled HTML is not one.
fn is_page(answer: &HttpResponse) -> bool {
    let blank = answer.body.iter().all(u8::is_ascii_whitespace);
    if blank || decode::json(answer).is_some_and(|body| body.is_object() || body.is_array()) {
        return false;
    }
    if from_xml(&decode::text(answer), None).is_some() {
        return false;
    }
    let said = answer.header("content-type").unwrap_or_default();
    let said = said.trim().to_ascii_lowercase();
    let is_said = |kind: &&str| said.starts_with(kind);
    ["text/html", "application/xhtml"].iter().any(is_said)
        || looks_like_html(&String::from_utf8_lossy(&answer.body))
}

/// Returns whether one of the rules of the manifest is about a response.
pub(in crate::service) fn is_ruled(spec: &ResponseSpec, seen: &ParsedResponse) -> bool {
    spec.results.iter().any(|rule| {
        let set = rule.status.as_ref();
        set.is_none_or(|set| set.contains(seen.status))
            && rule.when.iter().all(|predicate| predicate.holds(seen))
    })
}

/// Returns the verdict of a response on the credential of its request; `refusal` if it was not a success.
pub(in crate::service) fn verdict(
    spec: &ResponseSpec,
    seen: &ParsedResponse,
    foreign: Option<ForeignResponse>,
    refusal: Option<&ServiceError>,
    now: Timestamp,
) -> Verdict {
    let of_status = spec.results.iter().filter(|rule| {
        let set = rule.status.as_ref();
        set.is_none_or(|set| set.contains(seen.status))
    });
    let (mut passed, mut ruled) = (Vec::new(), None);
    for rule in of_status {
        if rule.when.iter().all(|predicate| predicate.holds(seen)) {
            ruled = Some(rule);
            break;
        }
        passed.extend(&rule.when);
    }
    // A value of the wrong type decides nothing, and what comes after it does not make it good.
    let odd = passed.iter().any(|one| one.mismatch(seen).is_some());
    let result = match (foreign, ruled) {
        (Some(_), _) => Validity::Unknown,
        (None, Some(rule)) if rule.result == Validity::Valid && (odd || refusal.is_some()) => {
            Validity::Unknown
        }
        (None, Some(rule)) => rule.result,
        (None, None) if odd => Validity::Unknown,
        (None, None) => refusal.map_or(Validity::Valid, |refusal| refusal.reason.validity()),
    };
    // A bare word that no rule explains is not a response of the service.
    let bare = result == Validity::Unknown && !counts(seen, spec);
    let told = |reads: &Option<Extractor>| {
        let reads = reads.as_ref().filter(|_| result == Validity::Valid)?;
        reads.text(seen, &seen.body, now).map(Untrusted::new)
    };
    Verdict {
        result,
        status_code: Some(seen.status),
        identity: told(&spec.identity),
        key_id: told(&spec.key_id),
        code: refusal.and_then(|refusal| refusal.code.clone()),
        foreign: foreign.or(bare.then_some(ForeignResponse::NotJson)),
    }
}

/// Returns whether a refusal cannot come from a service's API but from another server at the address: a web page, or
/// an empty response for an unknown path.
pub(in crate::service) fn is_unrecognised_error(seen: &ParsedResponse) -> bool {
    let nothing = seen.body.is_null() || seen.body.as_str().is_some_and(str::is_empty);
    let page = seen.body.as_str().is_some_and(looks_like_html);
    (page && (400..500).contains(&seen.status)) || (nothing && matches!(seen.status, 404 | 405))
}
