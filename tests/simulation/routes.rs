//! The calls of the service, one set for each shape, and what goes wrong between it and whoever calls.

use jiff::Timestamp;
use keywright::platform::{HeaderValue, HttpRequest, HttpResponse, TransportError};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::habits::{Fault, Shape, Weather};
use super::service::{Belated, Key, ROOT, Service, Token, Who};
use crate::support::clock::NOON_SECONDS;
use crate::support::fake::jwt;
use crate::support::http::Outcome;

/// The lifetime of a token, in seconds.
const TOKEN_LIFE: i64 = 900;

/// A request as the service sees it.
pub(super) struct Asked<'r> {
    method: &'r str,
    path: &'r str,
    credential: String,
    body: Value,
    /// The command that sent it, and whether a key that it makes takes the place of another.
    pub(super) command: usize,
    pub(super) in_line: bool,
}

impl<'r> Asked<'r> {
    pub(super) fn new(request: &'r HttpRequest, command: usize, in_line: bool) -> Self {
        let credential = request.headers.iter().find_map(|header| {
            let value = match &header.value {
                HeaderValue::Secret(value) => value.expose(),
                HeaderValue::Plain(_) => return None,
            };
            Some(value.strip_prefix("Bearer ").unwrap_or(value).to_owned())
        });
        let body = request.body.as_ref();
        let body = body.and_then(|body| serde_json::from_str(body.text.expose()).ok());
        Asked {
            method: &request.method,
            path: request.url.path(),
            credential: credential.unwrap_or_default(),
            body: body.unwrap_or_default(),
            command,
            in_line,
        }
    }

    /// Returns whether it asks for the end of a key, or for a key to be disabled.
    pub(super) fn is_end(&self) -> bool {
        self.method == "DELETE" || self.path.ends_with("/disable")
    }

    /// Which call that may be made once only it is.
    fn once(&self) -> Option<&'static str> {
        let parts: Vec<&str> = self.path.trim_matches('/').split('/').collect();
        match (self.method, parts.as_slice()) {
            ("POST", ["keys"] | ["api", "keys"]) => Some("create"),
            ("POST", ["keys", _, "rotate"]) => Some("rotate"),
            ("POST", [.., "exchange"]) => Some("exchange"),
            ("POST", [.., "refresh"]) => Some("refresh"),
            _ => None,
        }
    }
}

/// The delay of an answer, and the answer.
pub(super) struct Served {
    pub(super) seconds: i64,
    pub(super) outcome: Outcome,
    /// The key whose secret is in it.
    pub(super) made: Option<usize>,
}

/// The value that stands for a web page among the answers.
const PAGE: &str = "<page>";

fn answer(status: u16, body: &Value) -> HttpResponse {
    if body == PAGE {
        return page(status);
    }
    let text = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    HttpResponse {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: Zeroizing::new(text.into_bytes()),
    }
}

fn page(status: u16) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: Zeroizing::new(b"<!DOCTYPE html><html><body>fake gateway</body></html>".to_vec()),
    }
}

fn redirect(status: u16) -> HttpResponse {
    let mut answer = page(status);
    let there = "https://login.invalid/".to_owned();
    answer.headers.push(("location".to_owned(), there));
    answer
}

fn lost() -> TransportError {
    TransportError::Uncertain("there was no answer in time".to_owned())
}

impl Service {
    /// Answers a request, whatever the weather.
    pub(super) fn serve(&mut self, asked: &Asked<'_>, now: i64, weather: Weather) -> Served {
        self.catch_up(now);
        self.tick();
        let number = self.sent[asked.command].requests;
        self.sent[asked.command].requests += 1;
        let fault = weather.fault(number, &mut self.rng);
        // Whoever is told that there is no such key or no such call has to believe it.
        let believed = |fault: &Fault| *fault == Fault::Refused(404) && asked.once().is_none();
        let fault = fault.filter(|fault| !believed(fault));
        if asked.once() == Some("create") {
            let name = asked.body["name"].as_str().unwrap_or_default();
            self.creations.push((now, name.to_owned()));
        }
        self.sent[asked.command].faulted |= fault.is_some();
        self.sent[asked.command].exchanges |= asked.once() == Some("exchange");
        let served = self.served(asked, now, fault);
        if fault.is_none() && (asked.method, asked.path) == ("GET", "/keys") {
            self.note_look(asked.command, now);
        }
        if fault.is_some() && asked.once() == Some("refresh") {
            self.forget_refreshed(asked.command);
        }
        self.trace.say(|| {
            let outcome = match &served.outcome {
                Ok(answer) => {
                    let body = String::from_utf8_lossy(&answer.body);
                    format!("{} {body}", answer.status)
                }
                Err(error) => format!("{error:?}"),
            };
            let fault = fault.map_or_else(String::new, |fault| format!(" ({fault:?})"));
            format!(
                "      {} {} with {}: {outcome}{fault}",
                asked.method, asked.path, asked.credential
            )
        });
        served
    }

    fn served(&mut self, asked: &Asked<'_>, now: i64, fault: Option<Fault>) -> Served {
        let at_once = |outcome| Served {
            seconds: 0,
            outcome,
            made: None,
        };
        let refused = match fault {
            Some(Fault::Unsent) => {
                return at_once(Err(TransportError::NotSent(
                    "connection refused".to_owned(),
                )));
            }
            Some(Fault::Busy) => Some({
                let mut answer = answer(429, &json!({ "error": { "message": "slow down" } }));
                let wait = ("retry-after".to_owned(), "2".to_owned());
                answer.headers.push(wait);
                Ok(answer)
            }),
            Some(Fault::Refused(status)) => {
                let message = json!({ "error": { "message": "not now" } });
                Some(Ok(answer(status, &message)))
            }
            Some(Fault::Page) => Some(Ok(page(200))),
            Some(Fault::Redirect) => Some(Ok(redirect(302))),
            Some(Fault::Ignored) => Some(Err(lost())),
            Some(Fault::Late(seconds, status)) if asked.once() == Some("create") => {
                let name = asked.body["name"].as_str().unwrap_or_default().to_owned();
                self.belated.push(Belated {
                    at: now + seconds,
                    name,
                    command: asked.command,
                    in_line: asked.in_line,
                });
                Some(Ok(page(status)))
            }
            _ => None,
        };
        if let Some(outcome) = refused {
            let turned_away = fault == Some(Fault::Busy);
            self.note_once(asked, turned_away);
            return at_once(outcome.map(|answer| self.dated(asked, answer, now)));
        }
        let (status, body, made) = self.act(asked, now);
        self.note_once(asked, matches!(status, 401 | 403));
        let whole = match fault {
            Some(Fault::Lost) => return at_once(Err(lost())),
            Some(Fault::Slow(seconds)) => {
                return Served {
                    seconds,
                    outcome: Ok(self.dated(asked, answer(status, &body), now)),
                    made,
                };
            }
            Some(Fault::Failed(status)) if (300..400).contains(&status) => redirect(status),
            Some(Fault::Failed(status)) => page(status),
            Some(Fault::PageAfter) => page(200),
            Some(Fault::Cut) => {
                let mut cut = answer(status, &body);
                let half = cut.body.len() / 2;
                cut.body.truncate(half);
                cut
            }
            _ => {
                return Served {
                    seconds: 0,
                    outcome: Ok(self.dated(asked, answer(status, &body), now)),
                    made,
                };
            }
        };
        at_once(Ok(self.dated(asked, whole, now)))
    }

    /// The answer as it leaves: with the time, and written as this service writes it.
    fn dated(&self, asked: &Asked<'_>, mut answer: HttpResponse, now: i64) -> HttpResponse {
        if let Some((garbled, all)) = self.habits.garbled
            && (all || asked.once().is_some())
        {
            answer = garbled.written(answer);
        }
        let at = Timestamp::from_second(now + self.habits.skew).unwrap();
        let date = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        answer.headers.push(("date".to_owned(), date));
        answer
    }

    fn note_once(&mut self, asked: &Asked<'_>, turned_away: bool) {
        if let Some(call) = asked.once()
            && !turned_away
        {
            *self.sent[asked.command].once.entry(call).or_default() += 1;
        }
    }

    /// Does what is asked: status, body, and the key whose secret is in it.
    fn act(&mut self, asked: &Asked<'_>, now: i64) -> (u16, Value, Option<usize>) {
        let refused = (
            self.habits.unknown,
            json!({ "error": { "message": "no such key" } }),
        );
        let caller = self.by_secret(&asked.credential);
        if let Some(index) = caller {
            let sequence = self.sequence;
            self.sent[asked.command].asked.insert(index, sequence);
        }
        let parts: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
        if let Some((status, body)) = self.act_on_tokens(asked, &parts, now) {
            return (status, body, None);
        }
        let known = asked.credential == ROOT
            || caller.is_some_and(|index| self.accepts(index, now))
            || self.token_works(&asked.credential, now);
        let verifies = matches!(parts.as_slice(), ["me"] | ["api", "v1", "Agent"]);
        if verifies && self.habits.front_page {
            return (200, json!(PAGE), None);
        }
        if !known {
            return (refused.0, refused.1, None);
        }
        if let Some(index) = caller {
            self.note_use(index, now);
        }
        match (asked.method, parts.as_slice()) {
            ("GET", ["me"]) => (200, json!({ "email": "ada@example.com" }), None),
            ("GET", ["api", "v1", "Agent"]) => (200, json!({ "items": [] }), None),
            ("GET", ["keys"]) => {
                self.note_meant(asked, now);
                (200, json!({ "keys": self.listed(now) }), None)
            }
            ("GET", ["api", "keys", "status"]) => (200, self.status(now), None),
            ("GET", ["api", "scans"]) => (200, json!({ "scans": [] }), None),
            ("POST", ["keys"]) => self.create(asked, now),
            ("POST", ["api", "keys"]) => {
                self.replace_all(now, asked.command);
                self.create(asked, now)
            }
            ("POST", ["keys", id, "rotate"]) => self.rotate(asked, id, now),
            ("POST", ["keys", id, word @ ("disable" | "enable")]) => {
                match self.switch((id, word), asked.command, now) {
                    Some(body) => (200, body, None),
                    None => (404, json!({ "error": { "message": "no such key" } }), None),
                }
            }
            ("DELETE", ["keys", id]) => match self.by_id(id) {
                Some(index) if self.end(index, now, Who::Us(asked.command), false) => {
                    (204, Value::Null, None)
                }
                _ => (404, json!({ "error": { "message": "no such key" } }), None),
            },
            ("DELETE", ["api", "keys"]) => {
                for index in 0..self.keys.len() {
                    self.end(index, now, Who::Us(asked.command), false);
                }
                (200, json!({ "success": true }), None)
            }
            _ => (404, json!({ "error": { "message": "no such call" } }), None),
        }
    }

    fn token_works(&self, access: &str, now: i64) -> bool {
        let token = self.tokens.iter().find(|token| token.access == access);
        token.is_some_and(|token| token.expires > now && self.lives(token.parent, now))
    }

    /// Exchange and refresh.
    fn act_on_tokens(
        &mut self,
        asked: &Asked<'_>,
        parts: &[&str],
        now: i64,
    ) -> Option<(u16, Value)> {
        let refused = || Some((401, json!({ "error": "invalid_grant" })));
        match (asked.method, parts) {
            ("POST", ["api", "keys", "exchange"]) => {
                let Some(parent) = self.by_secret(&asked.credential) else {
                    return refused();
                };
                if !self.accepts(parent, now) {
                    return refused();
                }
                Some((200, self.issue(parent, now)))
            }
            ("POST", ["api", "auth", "refresh"]) => {
                let given = asked.body["refreshToken"].as_str().unwrap_or_default();
                let mut tokens = self.tokens.iter();
                let Some(index) = tokens.position(|token| token.refresh == given) else {
                    return refused();
                };
                let parent = self.tokens[index].parent;
                let token = &self.tokens[index];
                // One that got no answer is tried once more where the key gets no other token.
                let asked_first = self.sent[asked.command].exchanges;
                if token.refreshed_by.is_some() && (token.heard || !asked_first) {
                    self.wrongs.push(format!(
                        "command {} presented a refresh token that was used",
                        asked.command
                    ));
                }
                if token.refreshed_by.is_some() {
                    return refused();
                }
                if !self.lives(parent, now) {
                    return refused();
                }
                self.tokens[index].refreshed_by = Some(asked.command);
                Some((200, self.issue(parent, now)))
            }
            _ => None,
        }
    }

    fn issue(&mut self, parent: usize, now: i64) -> Value {
        let number = self.tokens.len();
        let expires = now + TOKEN_LIFE;
        let token = Token {
            access: jwt(&format!("t{number}"), expires - NOON_SECONDS),
            refresh: format!("fake-refresh-token-{number:06}"),
            parent,
            expires,
            refreshed_by: None,
            heard: true,
        };
        let body = json!({ "accessToken": token.access, "refreshToken": token.refresh, "expiresIn": TOKEN_LIFE });
        self.tokens.push(token);
        body
    }

    fn shown(&self, key: &Key, now: i64) -> Value {
        let time = |at: i64| Timestamp::from_second(at).unwrap().to_string();
        let tail = &key.secret[key.secret.len() - 4..];
        let state = if key.expires.is_some_and(|at| at <= now) {
            "expired"
        } else {
            "active"
        };
        let mut shown = json!({ "id": key.id, "name": key.name, "hint": format!("{}...{tail}", &key.secret[..3]), "state": state });
        if self.habits.shows_times {
            shown["created"] = json!(time(key.at + self.habits.skew));
        }
        if let Some(at) = key.expires {
            shown["expires"] = json!(time(at));
        }
        shown["used"] = self.last_use(&key.id, now);
        shown
    }

    /// Notes the key that a rotation by name means, if the first list it sees holds only one of that name.
    fn note_meant(&mut self, asked: &Asked<'_>, now: i64) {
        let first = !std::mem::replace(&mut self.sent[asked.command].listed, true);
        let all = 0..self.keys.len();
        let named: Vec<usize> = all
            .filter(|index| self.keys[*index].name == "ci" && self.lists(*index, now))
            .collect();
        if let ([one], true, true) = (named.as_slice(), first, asked.in_line) {
            self.meant.push(*one);
        }
    }

    fn listed(&self, now: i64) -> Vec<Value> {
        let all = 0..self.keys.len();
        all.filter(|index| self.lists(*index, now))
            .map(|index| self.shown(&self.keys[index], now))
            .collect()
    }

    fn status(&self, now: i64) -> Value {
        let alive = (0..self.keys.len()).find(|index| self.lives(*index, now));
        alive.map_or_else(
            || json!({ "hasKey": false }),
            |index| {
                let key = &self.keys[index];
                json!({ "hasKey": true, "keyPrefix": &key.secret[..8], "name": key.name })
            },
        )
    }

    fn create(&mut self, asked: &Asked<'_>, now: i64) -> (u16, Value, Option<usize>) {
        let name = asked.body["name"].as_str().unwrap_or_default();
        let expires = asked.body["expires"].as_str();
        let expires = expires.and_then(|text| text.parse::<Timestamp>().ok());
        let expires = expires.map(Timestamp::as_second);
        let maker = Who::Us(asked.command);
        let index = self.make(now, name, maker, asked.in_line, expires);
        let key = &self.keys[index];
        let body = if self.shape == Shape::Replace {
            json!({ "key": key.secret, "keyPrefix": &key.secret[..8] })
        } else {
            let mut shown = self.shown(key, now);
            if !self.habits.tells_id
                && let Some(shown) = shown.as_object_mut()
            {
                shown.remove("id");
            }
            json!({ "key": shown, "secret": key.secret })
        };
        (201, body, Some(index))
    }

    fn rotate(&mut self, asked: &Asked<'_>, id: &str, now: i64) -> (u16, Value, Option<usize>) {
        let Some(old) = self.by_id(id).filter(|index| self.lives(*index, now)) else {
            return (404, json!({ "error": { "message": "no such key" } }), None);
        };
        let name = self.keys[old].name.clone();
        self.end(old, now, Who::Us(asked.command), true);
        let index = self.make(now, &name, Who::Us(asked.command), true, None);
        let key = &self.keys[index];
        let body = json!({ "key": self.shown(key, now), "secret": key.secret });
        (200, body, Some(index))
    }
}
