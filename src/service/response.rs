//! From an answer to keys, tokens and verdicts.

mod verdict;

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::values::joined;
use crate::core::map::map_of;
pub(super) use verdict::{counts, foreign, is_ruled, is_unrecognised_error, verdict};

use crate::core::key::{Key, KeyStatus, StatedFields, Usage};
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;
use crate::manifest::{
    Extractor, KeyFields, ParsedResponse, Pointer, ResponseSpec, Source, Span, StatedTime,
    TokenFields, from_xml, is_masked, jwt_expiry, plain_text, read_moment,
};
use crate::platform::HttpResponse;
use crate::service::decode;

/// Understands the body as JSON or XML; text that is neither becomes a string, nothing becomes `null`.
pub(super) fn parse(answer: &HttpResponse) -> ParsedResponse {
    parse_as(answer, BodyReading::Json)
}

/// The form in which a body is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyReading {
    /// JSON or XML, else text.
    Json,
    /// The same, with every number as it is written: what a place holds is written back to it.
    ExactJson,
    /// Text.
    Text,
}

impl BodyReading {
    /// Returns the form of the responses of a service, or of a place.
    pub(super) fn of(spec: &ResponseSpec, is_place: bool) -> Self {
        match (spec.text, is_place) {
            (true, _) => BodyReading::Text,
            (false, true) => BodyReading::ExactJson,
            (false, false) => BodyReading::Json,
        }
    }
}

/// Understands the body in the form that it is said to have.
pub(super) fn parse_as(answer: &HttpResponse, reading: BodyReading) -> ParsedResponse {
    let text = reading == BodyReading::Text;
    let json = match reading {
        BodyReading::Json => decode::json(answer),
        BodyReading::ExactJson => decode::exact(answer),
        BodyReading::Text => None,
    };
    let (body, xml) = match json {
        Some(json) => (json, false),
        None => other_body(answer, text),
    };
    ParsedResponse {
        status: answer.status,
        headers: answer.headers.clone(),
        xml,
        body,
        known: BTreeMap::new(),
    }
}

/// Returns the body that is not JSON, and whether it is XML; `is_text` if it is said to be text.
fn other_body(answer: &HttpResponse, is_text: bool) -> (Value, bool) {
    let text = decode::text(answer);
    let xml = (!is_text).then(|| from_xml(&text, answer.header("content-type")));
    match xml.flatten() {
        Some(xml) => (xml, true),
        None if text.trim().is_empty() => (Value::Null, false),
        None => (Value::String(text), false),
    }
}

/// Returns whether a body that should be JSON is not: [`parse`] made it a string although it is not quoted.
pub(super) fn is_garbled(answer: &HttpResponse, seen: &ParsedResponse) -> bool {
    seen.body.is_string() && decode::json(answer).is_none()
}

/// A token with what belongs to it.
pub struct TokenResponse {
    /// The token.
    pub value: Secret,
    /// The new refresh token; `None` if the response has none.
    pub refresh: Option<Secret>,
    /// The expiry, by this machine's clock.
    pub expires_at: Option<Timestamp>,
}

/// A clock that is off by more than this makes tokens look too old or too young.
pub const TOLERATED_SKEW: SignedDuration = SignedDuration::from_secs(60);

/// By how much this machine's clock is ahead of the one that wrote the answer; zero where the two agree, or where the
/// answer does not tell.
pub(super) fn clock_ahead(seen: &ParsedResponse, now: Timestamp) -> SignedDuration {
    dated(&seen.headers)
        .map(|there| there.duration_until(now))
        .filter(|ahead| ahead.abs() > TOLERATED_SKEW)
        .unwrap_or_default()
}

/// Says that this machine's clock is `ahead` of the service's.
pub(super) fn wrong_clock(name: &str, ahead: SignedDuration) -> String {
    let way = if ahead.is_positive() {
        "ahead of"
    } else {
        "behind"
    };
    format!(
        "this machine's clock is {} s {way} that of {name}: set it, for tokens are judged by it",
        ahead.unsigned_abs().as_secs()
    )
}

/// Returns the time when a response with these headers was written, by the clock of the sender. A cached response has
/// the date at which it entered the cache.
pub(super) fn dated(headers: &[(String, String)]) -> Option<Timestamp> {
    let header = |wanted: &str| headers.iter().find(|(name, _)| name == wanted);
    let (_, date) = header("date").filter(|_| header("age").is_none())?;
    read_moment(&Value::from(date.as_str()))
}

/// A good answer, ready to be read.
pub struct ResponseReader<'a> {
    /// Its description in the manifest.
    pub spec: &'a ResponseSpec,
    /// The answer.
    pub seen: ParsedResponse,
    /// The moment from which spans are counted.
    pub now: Timestamp,
    /// The lifetime of a token if neither the response nor the token states it.
    pub lifetime: Option<Span>,
}

impl ResponseReader<'_> {
    /// Returns the time of the response, by the clock of the service.
    pub fn told_at(&self) -> Option<Timestamp> {
        let mut headers = self.seen.headers.iter();
        let (_, date) = headers.find(|(name, _)| name == "date")?;
        read_moment(&Value::from(date.as_str()))
    }

    /// Returns the items of a list, taken out of the answer: the first of the alternatives that is an array.
    pub fn take_items(&mut self) -> Option<Vec<Value>> {
        match &self.spec.items {
            Some(places) => places
                .take_items(&mut self.seen, self.now)
                .or_else(|| self.repeated_elements(places)),
            None => match &mut self.seen.body {
                Value::Array(items) => Some(std::mem::take(items)),
                _ => None,
            },
        }
    }

    /// Returns the elements of a list in XML that is a name which is there once for each item.
    fn repeated_elements(&self, places: &Extractor) -> Option<Vec<Value>> {
        let body = &self.seen.body;
        let found = || places.value(&self.seen, body, self.now);
        match self.seen.xml.then(found)? {
            Some(only @ Value::Object(_)) => Some(vec![only]),
            Some(_) => None,
            None => {
                let pointers = places.0.iter().filter_map(|rule| rule.at.as_ref());
                let mut around = pointers.filter_map(Pointer::parent);
                let is_there = |place: Pointer| place.find(body).is_some_and(|it| it.is_object());
                around.any(is_there).then(Vec::new)
            }
        }
    }

    /// Returns whether the list is `null`, which some services send for an empty one.
    pub fn has_null_for_items(&self) -> bool {
        let Some(places) = &self.spec.items else {
            return false;
        };
        let is_null = |pointer: &Pointer| {
            let found = pointer.find(&self.seen.body);
            !pointer.is_whole() && found.is_some_and(|value| value.is_null())
        };
        let plain = places.0.iter().filter(|read| read.find.is_none());
        plain.filter_map(|read| read.at.as_ref()).any(is_null)
    }

    /// Returns the key that the answer as a whole describes.
    pub fn key(&self, usual: &KeyFields, provider: &str, profile: &str) -> Key {
        self.key_in(&self.seen.body, usual, provider, profile)
    }

    /// Returns the key that an item describes.
    pub fn key_in(&self, item: &Value, usual: &KeyFields, provider: &str, profile: &str) -> Key {
        let own_record = self
            .spec
            .record
            .as_ref()
            .and_then(|reads| reads.value(&self.seen, item, self.now));
        let record = match (own_record, item) {
            (Some(record), _) => Cow::Owned(record),
            // Some services list names alone: the name is then the id.
            (None, Value::String(id)) => Cow::Owned(json!({ "id": id })),
            (None, item) => Cow::Borrowed(item),
        };
        let record = record.as_ref();
        let own = &self.spec.key;
        let text = |own: &Option<Extractor>, usual: &Option<Extractor>| {
            let reads = own.as_ref().or(usual.as_ref())?;
            reads.word(&self.seen, record, self.now).map(Untrusted::new)
        };
        let moment = |own: &Option<Extractor>, usual: &Option<Extractor>| {
            let reads = own.as_ref().or(usual.as_ref())?;
            reads.moment(&self.seen, record, self.now)
        };
        let expiry = own.expires_at.as_ref().or(usual.expires_at.as_ref());
        let expiry = expiry.map_or(StatedTime::Nothing, |reads| {
            reads.stated_time(&self.seen, record, self.now)
        });
        let (expires_at, by_day) = match expiry {
            StatedTime::At { moment, by_day } => (Some(moment), by_day),
            StatedTime::Never | StatedTime::Nothing => (None, false),
        };
        let (given, empty) = self.given(usual, record);
        let reads_status = own.status.as_ref().or(usual.status.as_ref());
        let said = reads_status.and_then(|reads| reads.value(&self.seen, record, self.now));
        let scopes = own.scopes.as_ref().or(usual.scopes.as_ref());
        Key {
            provider: provider.to_owned(),
            profile: profile.to_owned(),
            id: text(&own.id, &usual.id).or_else(|| item.as_str().map(Untrusted::new)),
            name: text(&own.name, &usual.name),
            masked: text(&own.masked, &usual.masked).map(|text| shown_form(&text)),
            status: status(said.as_ref(), expires_at, self.now),
            scopes: scopes
                .and_then(|reads| reads.texts(&self.seen, record, self.now))
                .map(|scopes| scopes.into_iter().map(Untrusted::new).collect()),
            created_at: moment(&own.created_at, &usual.created_at),
            expires_at,
            rotated_at: moment(&own.rotated_at, &usual.rotated_at),
            last_used_at: moment(&own.last_used_at, &usual.last_used_at),
            usage: self.usage(usual, record),
            given,
            said: StatedFields {
                status: reads_status.is_some(),
                expiry: expiry != StatedTime::Nothing,
                by_day,
                empty,
            },
        }
    }

    /// Returns the further fields with their values, and the names of those that are there without one.
    fn given(&self, usual: &KeyFields, record: &Value) -> (Vec<(String, String)>, Vec<String>) {
        let own = &self.spec.key.carry_over;
        let usual = usual
            .carry_over
            .iter()
            .filter(|(name, _)| !own.contains_key(*name));
        let (mut found, mut empty) = (Vec::new(), Vec::new());
        for (name, reads) in own.iter().chain(usual) {
            let value = reads.value(&self.seen, record, self.now);
            match value.as_ref().and_then(input) {
                Some(words) if !words.is_empty() => found.push((name.clone(), words)),
                Some(_) => empty.push(name.clone()),
                None if value.is_none() && reads.is_empty_at(&self.seen, record) => {
                    empty.push(name.clone());
                }
                None => {}
            }
        }
        (found, empty)
    }

    fn usage(&self, usual: &KeyFields, record: &Value) -> Option<Usage> {
        let fields = self
            .spec
            .usage
            .as_ref()
            .or(self.spec.key.usage.as_ref())
            .or(usual.usage.as_ref())?;
        let text = |reads: &Option<Extractor>| reads.as_ref()?.text(&self.seen, record, self.now);
        let usage = Usage {
            requests: text(&fields.requests).and_then(|text| text.parse().ok()),
            requests_30d: text(&fields.requests_30d).and_then(|text| text.parse().ok()),
            daily: fields.daily.as_ref().and_then(|reads| {
                let days = reads.texts(&self.seen, record, self.now)?;
                let counts: Option<Vec<u64>> = days.iter().map(|day| day.parse().ok()).collect();
                counts.map(last_month)
            }),
            cost: text(&fields.cost)
                .and_then(|text| text.parse().ok())
                .filter(|cost: &f64| cost.is_finite()),
            currency: None,
        };
        // A currency alone says nothing of use.
        if usage == Usage::default() {
            return None;
        }
        Some(Usage {
            currency: text(&fields.currency).filter(|_| usage.cost.is_some()),
            ..usage
        })
    }

    /// Returns the new secret; of one with several parts all of them, as one JSON object.
    pub fn secret(&self) -> Option<Secret> {
        let whole = self.spec.secret.as_ref();
        secret_in(whole, &self.spec.secret_parts, &self.seen, self.now)
    }

    /// Returns the values that later calls need, by the source that names them: `step.STEP.NAME`.
    pub fn captured_as(&self, step: &str) -> Vec<(Source, Value)> {
        let captured = self.spec.capture.iter().filter_map(|(name, reads)| {
            let value = reads.value(&self.seen, &self.seen.body, self.now)?;
            let source = Source::Step {
                step: step.to_owned(),
                capture: name.clone(),
            };
            Some((source, value))
        });
        captured.collect()
    }

    /// Returns the variables of the profile that the answer holds.
    pub fn variables(&self) -> BTreeMap<String, String> {
        let found = self.spec.variables.iter().filter_map(|(name, reads)| {
            let text = reads.text(&self.seen, &self.seen.body, self.now)?;
            Some((name.clone(), text))
        });
        map_of(found)
    }

    /// Returns the token.
    pub fn token(&self) -> Option<TokenResponse> {
        let fields = self.spec.token.as_ref()?;
        let value = token_value(fields, &self.seen, self.now)?;
        let clock_ahead = clock_ahead(&self.seen, self.now);
        let now = self.now.checked_sub(clock_ahead).unwrap_or(self.now);
        let expires_at = fields
            .expires
            .as_ref()
            .and_then(|reads| reads.moment(&self.seen, &self.seen.body, now))
            .or_else(|| jwt_expiry(value.expose()))
            .or_else(|| self.lifetime?.after(now))
            .map(|end| end.checked_add(clock_ahead).unwrap_or(end));
        Some(TokenResponse {
            refresh: fields
                .refresh
                .as_ref()
                .and_then(|reads| reads.secret(&self.seen, &self.seen.body, self.now)),
            value,
            expires_at,
        })
    }

    /// Returns whether the response to `status` says that no key exists; `key` is the one that it describes
    /// otherwise. The error names the value that cannot be trusted.
    pub fn says_none(&self, key: &Key) -> Result<bool, String> {
        let none_if = &self.spec.none_if;
        if let Some(why) = none_if.iter().find_map(|one| one.mismatch(&self.seen)) {
            return Err(why);
        }
        let none = !none_if.is_empty() && none_if.iter().all(|one| one.holds(&self.seen));
        let silent = none_if.iter().find(|one| one.lacks_its_flag(&self.seen));
        match silent {
            // A service may leave the flag out and describe the key all the same.
            Some(silent) if !none && key.describes_nothing() => Err(match &silent.at {
                Some(at) => format!("`{at}` is not there"),
                None => "it is empty".to_owned(),
            }),
            _ => Ok(none),
        }
    }

    /// Returns a number from the answer.
    pub fn number(&self, reads: Option<&Extractor>) -> Option<u64> {
        reads?
            .text(&self.seen, &self.seen.body, self.now)?
            .parse()
            .ok()
    }

    /// Returns a text from the answer.
    pub fn text(&self, reads: Option<&Extractor>) -> Option<Untrusted> {
        reads?
            .text(&self.seen, &self.seen.body, self.now)
            .map(Untrusted::new)
    }
}

/// Returns the token that a response holds.
pub(super) fn token_value(
    fields: &TokenFields,
    seen: &ParsedResponse,
    now: Timestamp,
) -> Option<Secret> {
    secret_in(fields.value.as_ref(), &fields.parts, seen, now)
}

/// Returns the secret at a place; of one with several parts all of them, as one JSON object.
fn secret_in(
    whole: Option<&Extractor>,
    parts: &BTreeMap<String, Extractor>,
    seen: &ParsedResponse,
    now: Timestamp,
) -> Option<Secret> {
    let read = |reads: &Extractor| reads.secret(seen, &seen.body, now);
    if parts.is_empty() {
        return read(whole?);
    }
    let mut found: BTreeMap<String, Secret> = BTreeMap::new();
    for (name, reads) in parts {
        found.insert(name.clone(), read(reads)?);
    }
    Some(joined(&found))
}

/// Returns whether a response shows that the key does not exist.
pub(super) fn says_none(spec: &ResponseSpec, seen: &ParsedResponse) -> bool {
    !spec.none_if.is_empty() && spec.none_if.iter().all(|predicate| predicate.holds(seen))
}

/// Returns a value of a response in the form of an input: a list with commas, nested values as JSON.
fn input(value: &Value) -> Option<String> {
    match value {
        Value::Array(items) => {
            let words: Option<Vec<String>> = items.iter().map(plain_text).collect();
            Some(words.map_or_else(|| value.to_string(), |words| words.join(",")))
        }
        Value::Object(_) => Some(value.to_string()),
        _ => plain_text(value),
    }
}

/// The longest text that is taken for the start of a key and not for a whole one.
const MAX_KEY_PREFIX: usize = 16;

/// The longest text behind the kind of a key that is surely not the whole of its secret.
const MAX_KEY_REST: usize = 7;

/// Returns the part of a text in the place of a masked key that may be shown: some services put the whole key there.
fn shown_form(text: &Untrusted) -> Untrusted {
    let received = text.as_received();
    if is_masked(received) {
        return text.clone();
    }
    if received.chars().count() <= MAX_KEY_PREFIX {
        return beginning(received).map_or_else(|| text.clone(), Untrusted::new);
    }
    Untrusted::new(Secret::new(received).masked())
}

/// Returns the beginning of a short text that could be a whole secret: its kind and four more characters.
fn beginning(received: &str) -> Option<String> {
    let kind = received.rfind(['-', '_']).map_or(0, |end| end + 1);
    let rest = &received[kind..];
    if rest.chars().count() <= MAX_KEY_REST {
        return None;
    }
    let rest: String = rest.chars().take(4).collect();
    Some(format!("{}{rest}…", &received[..kind]))
}

fn status(said: Option<&Value>, expires_at: Option<Timestamp>, now: Timestamp) -> KeyStatus {
    let said = match said {
        Some(Value::Bool(true)) => KeyStatus::Active,
        Some(Value::Bool(false)) => KeyStatus::Disabled,
        Some(Value::String(word)) => match word.to_ascii_lowercase().as_str() {
            "active" => KeyStatus::Active,
            "disabled" => KeyStatus::Disabled,
            "expired" => KeyStatus::Expired,
            "revoked" => KeyStatus::Revoked,
            _ => KeyStatus::Unknown,
        },
        _ => KeyStatus::Unknown,
    };
    // Some services go on listing what is over.
    let over = expires_at.is_some_and(|end| end <= now);
    match said {
        KeyStatus::Active | KeyStatus::Unknown if over => KeyStatus::Expired,
        other => other,
    }
}

/// Returns the last 30 of the counts by day.
fn last_month(mut counts: Vec<u64>) -> Vec<u64> {
    counts.split_off(counts.len().saturating_sub(30))
}
