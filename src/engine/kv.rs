//! A client of KV v2. A write names the version that it replaces, and is never sent again blindly: after a lost answer
//! the version is read back.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use super::content::{Content, Version};
use super::failure::{Answer, Purpose, refused, unreachable};
use super::login::Login;
use super::settings::Settings;
use crate::core::encoding::to_hex;
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::{
    BlockingHttp, Clock, Header, HttpRequest, RequestBody, TransportError, fault,
};

/// The longest that one request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest that a failing engine is asked again, while another server becomes the leader.
const PATIENCE: Duration = Duration::from_secs(15);

/// The longest that a server which takes no connection is asked again.
const CONNECT_PATIENCE: Duration = Duration::from_secs(2);

/// The first pause between two attempts; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// A token, and the moment from which it is renewed.
struct Token {
    secret: Secret,
    renew_at: Option<Duration>,
}

/// A client of the documents below one path.
pub(super) struct KvClient {
    settings: Settings,
    http: Arc<dyn BlockingHttp>,
    clock: Arc<dyn Clock>,
    login: OnceLock<Login>,
    token: Mutex<Option<Token>>,
    /// The state of the engine after the latest write from here: a standby server that does not have it yet passes a
    /// request on to the active one.
    index: Mutex<Option<String>>,
}

/// The header of that state.
const INDEX: &str = "x-vault-index";

/// The attempts at one request, with pauses between them.
struct Attempts<'c> {
    clock: &'c dyn Clock,
    start: Duration,
    pause: Duration,
}

impl<'c> Attempts<'c> {
    fn begin(clock: &'c dyn Clock) -> Self {
        Attempts {
            clock,
            start: clock.elapsed(),
            pause: FIRST_PAUSE,
        }
    }

    /// Pauses before the next attempt; returns `error`, that of the last one, if the engine is not asked again.
    fn pause_after(&mut self, error: Error) -> Result<()> {
        if self.clock.elapsed().saturating_sub(self.start) > patience(&error) {
            return Err(error);
        }
        self.clock.pause(self.pause);
        self.pause *= 2;
        Ok(())
    }
}

/// The outcome of one attempt.
enum Outcome {
    Answered(Answer),
    /// The engine may have acted on it.
    Lost(TransportError),
    /// The engine did not act on it.
    NotSent(TransportError),
}

impl KvClient {
    pub(super) fn new(
        settings: Settings,
        http: Arc<dyn BlockingHttp>,
        clock: Arc<dyn Clock>,
    ) -> KvClient {
        KvClient {
            settings,
            http,
            clock,
            login: OnceLock::new(),
            token: Mutex::default(),
            index: Mutex::default(),
        }
    }

    /// Sets the way to a token, unless it is set.
    pub(super) fn log_in_by(&self, find: impl FnOnce(&Settings) -> Login) {
        self.login.get_or_init(|| find(&self.settings));
    }

    /// Returns the clock that leases are counted by.
    pub(super) fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    /// Returns the location of the documents, for messages.
    pub(super) fn place(&self) -> String {
        let Settings { mount, path, .. } = &self.settings;
        format!("`{mount}/{path}` of {}", self.settings.name())
    }

    /// Returns the API path of a document or folder.
    fn path(&self, kind: &str, name: &str) -> String {
        let Settings { mount, path, .. } = &self.settings;
        format!("{mount}/{kind}/{path}/{name}")
    }

    /// Returns the latest version of a document.
    pub(super) fn read(&self, name: &str) -> Result<Version> {
        let path = self.path("data", name);
        let purpose = Purpose {
            verb: "read",
            capability: "read",
            path: &path,
        };
        let answer = self.repeated("GET", purpose)?;
        let data = &answer.body["data"];
        let version = data["metadata"]["version"].as_u64();
        match (answer.status, version) {
            (200, Some(version)) => {
                let content = Content::read(&data["data"]);
                let content = content.ok_or_else(|| self.foreign(&path))?;
                Ok(Version {
                    version,
                    content: Some(content),
                })
            }
            // Its latest version is deleted.
            (404, Some(version)) => Ok(Version {
                version,
                content: None,
            }),
            (404, None) if answer.why().is_empty() => Ok(Version {
                version: 0,
                content: None,
            }),
            (200, None) => Err(self.other_engine(&path)),
            _ => Err(self.refused(purpose, &answer)),
        }
    }

    /// Writes a document if its version is `expected`; returns the new version, or `None` if another write came first.
    pub(super) fn write(
        &self,
        name: &str,
        content: &Content,
        expected: u64,
    ) -> Result<Option<u64>> {
        let path = self.path("data", name);
        let purpose = Purpose {
            verb: "write",
            capability: if expected == 0 { "create" } else { "update" },
            path: &path,
        };
        let write = nonce()?;
        let body = json!({ "options": { "cas": expected }, "data": content.to_json(&write) });
        let body = Secret::new(body.to_string());
        let mut attempts = Attempts::begin(&*self.clock);
        let mut may_have_arrived = false;
        loop {
            let outcome = self.once("POST", purpose, Some(&body))?;
            let error = match outcome {
                Outcome::Answered(answer) if answer.is_good() => {
                    let version = answer.body["data"]["version"].as_u64();
                    return version.map(Some).ok_or_else(|| self.other_engine(&path));
                }
                Outcome::Answered(answer) if answer.is_conflict() => {
                    if !may_have_arrived {
                        return Ok(None);
                    }
                    return self.written(name, &write);
                }
                Outcome::Answered(answer) if answer.is_passing() => {
                    may_have_arrived |= answer.status >= 500 || answer.status == 408;
                    self.refused(purpose, &answer)
                }
                Outcome::Answered(answer) => return Err(self.refused(purpose, &answer)),
                Outcome::Lost(error) => {
                    may_have_arrived = true;
                    unreachable(&self.settings.name(), &error)
                }
                Outcome::NotSent(error) => unreachable(&self.settings.name(), &error),
            };
            attempts.pause_after(error)?;
            // A version of its own is proof of the write; any other than `expected` is proof of another.
            if may_have_arrived {
                let now = self.read(name)?;
                if now.content.is_some_and(|content| content.write == write) {
                    return Ok(Some(now.version));
                }
                if now.version != expected {
                    return Ok(None);
                }
            }
        }
    }

    /// Writes a document once, and returns its version if it is known to be written; a failure is harmless.
    pub(super) fn write_if_possible(
        &self,
        name: &str,
        content: &Content,
        expected: u64,
    ) -> Option<u64> {
        let path = self.path("data", name);
        let purpose = Purpose {
            verb: "write",
            capability: "update",
            path: &path,
        };
        let write = nonce().ok()?;
        let body = json!({ "options": { "cas": expected }, "data": content.to_json(&write) });
        match self.once("POST", purpose, Some(&Secret::new(body.to_string()))) {
            Ok(Outcome::Answered(answer)) if answer.is_good() => {
                answer.body["data"]["version"].as_u64()
            }
            _ => None,
        }
    }

    /// Returns the version of a document if it is the one of this write.
    fn written(&self, name: &str, write: &str) -> Result<Option<u64>> {
        let now = self.read(name)?;
        let is_ours = now.content.is_some_and(|content| content.write == write);
        Ok(is_ours.then_some(now.version))
    }

    /// Removes every version of a document; returns false if there was none.
    pub(super) fn remove(&self, name: &str) -> Result<bool> {
        let there = self.read(name)?.version > 0;
        if there {
            self.remove_known(name)?;
        }
        Ok(there)
    }

    /// Removes every version of a document that is known to exist.
    pub(super) fn remove_known(&self, name: &str) -> Result<()> {
        let path = self.path("metadata", name);
        let purpose = Purpose {
            verb: "delete",
            capability: "delete",
            path: &path,
        };
        let answer = self.repeated("DELETE", purpose)?;
        if answer.is_good() || answer.status == 404 {
            Ok(())
        } else {
            Err(self.refused(purpose, &answer))
        }
    }

    /// Returns the names of the documents in a folder.
    pub(super) fn list(&self, folder: &str) -> Result<Vec<String>> {
        let path = self.path("metadata", folder);
        let purpose = Purpose {
            verb: "list",
            capability: "list",
            path: &path,
        };
        let answer = self.repeated("LIST", purpose)?;
        if answer.status == 404 && answer.why().is_empty() {
            return Ok(Vec::new());
        }
        if !answer.is_good() {
            return Err(self.refused(purpose, &answer));
        }
        let keys = answer.body["data"]["keys"].as_array();
        let keys = keys.into_iter().flatten().filter_map(Value::as_str);
        let mut names: Vec<String> = keys
            .filter(|name| !name.ends_with('/'))
            .map(str::to_owned)
            .collect();
        names.sort();
        Ok(names)
    }

    /// Sends a request without a body until it is answered; the answer may be a refusal.
    fn repeated(&self, method: &str, purpose: Purpose<'_>) -> Result<Answer> {
        self.until_answered(purpose, || self.once(method, purpose, None))
    }

    /// Repeats `attempt`, which may be made again after a lost answer, until it is answered.
    fn until_answered(
        &self,
        purpose: Purpose<'_>,
        attempt: impl Fn() -> Result<Outcome>,
    ) -> Result<Answer> {
        let mut attempts = Attempts::begin(&*self.clock);
        loop {
            let error = match attempt()? {
                Outcome::Answered(answer) if answer.is_passing() => self.refused(purpose, &answer),
                Outcome::Answered(answer) => return Ok(answer),
                Outcome::Lost(error) | Outcome::NotSent(error) => {
                    unreachable(&self.settings.name(), &error)
                }
            };
            attempts.pause_after(error)?;
        }
    }

    /// Sends a request once; a token that has expired is replaced first, by another login.
    fn once(&self, method: &str, purpose: Purpose<'_>, body: Option<&Secret>) -> Result<Outcome> {
        let token = self.token()?;
        let outcome = self.send(method, purpose.path, body, Some(&token))?;
        let Outcome::Answered(answer) = &outcome else {
            return Ok(outcome);
        };
        let can_log_in = matches!(self.login.get(), Some(Login::By(..)));
        if answer.status != 403 || !can_log_in {
            return Ok(outcome);
        }
        // A refused request did nothing. A token that still works is refused for want of a capability.
        let itself = self.send("GET", "auth/token/lookup-self", None, Some(&token))?;
        if matches!(itself, Outcome::Answered(answer) if answer.status == 403) {
            self.forget_token();
            let token = self.token()?;
            return self.send(method, purpose.path, body, Some(&token));
        }
        Ok(outcome)
    }

    /// Returns the token, by a login if there is none yet, and renewed when two thirds of its time are over.
    fn token(&self) -> Result<Secret> {
        let mut held = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = &mut *held {
            if token.renew_at.is_some_and(|at| self.clock.elapsed() >= at) {
                // A token that cannot be renewed works until it expires.
                let path = "auth/token/renew-self";
                let body = Secret::new("{}");
                if let Outcome::Answered(answer) =
                    self.send("POST", path, Some(&body), Some(&token.secret))?
                {
                    token.renew_at = self.renewal(&answer);
                }
            }
            return Ok(token.secret.duplicate());
        }
        let (secret, renew_at) = match self.login.get() {
            Some(Login::Given(secret)) => (secret.duplicate(), None),
            Some(Login::By(path, body)) => self.log_in(path, body)?,
            Some(Login::Failed(why)) => return Err(why.error()),
            None => return Err(Error::failed("the engine is not open")),
        };
        let duplicate = secret.duplicate();
        *held = Some(Token { secret, renew_at });
        Ok(duplicate)
    }

    fn forget_token(&self) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Logs in; the requests may be repeated, for another login issues another token.
    fn log_in(&self, path: &str, body: &Secret) -> Result<(Secret, Option<Duration>)> {
        let purpose = Purpose {
            verb: "log in at",
            capability: "update",
            path,
        };
        let answer = self.until_answered(purpose, || self.send("POST", path, Some(body), None))?;
        let token = answer.body["auth"]["client_token"].as_str();
        match token {
            Some(token) if answer.is_good() => Ok((Secret::new(token), self.renewal(&answer))),
            _ => {
                let why = answer.why();
                let message = format!(
                    "{} refused the login at `{path}`{}{why}",
                    self.settings.name(),
                    if why.is_empty() { "" } else { ": " }
                );
                Err(Error::new(Kind::Store, message)
                    .with_status(answer.status)
                    .hint("check VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_AUTH_ROLE and VAULT_AUTH_PATH"))
            }
        }
    }

    /// Returns the moment from which a token is renewed, by the answer that issued or renewed it.
    fn renewal(&self, answer: &Answer) -> Option<Duration> {
        let auth = &answer.body["auth"];
        let seconds = auth["lease_duration"].as_u64().filter(|time| *time > 0)?;
        let renewable = auth["renewable"].as_bool().unwrap_or_default();
        renewable.then(|| self.clock.elapsed() + Duration::from_secs(seconds * 2 / 3))
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<&Secret>,
        token: Option<&Secret>,
    ) -> Result<Outcome> {
        let mut headers = vec![
            Header::plain("accept", "application/json"),
            Header::plain("x-vault-request", "true"),
        ];
        if let Some(namespace) = &self.settings.namespace {
            headers.push(Header::plain("x-vault-namespace", namespace.as_str()));
        }
        if let Some(token) = token {
            headers.push(Header::secret("x-vault-token", token.duplicate()));
        }
        let index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = index.as_deref() {
            headers.push(Header::plain(INDEX, index));
            headers.push(Header::plain("x-vault-inconsistent", "forward-active-node"));
        }
        drop(index);
        let url = self.settings.url(&[path])?;
        let request = HttpRequest {
            method: method.to_owned(),
            shown_url: url.to_string(),
            url,
            headers,
            body: body.map(|text| RequestBody {
                media_type: Some("application/json".to_owned()),
                text: text.duplicate(),
            }),
            identity: None,
            timeout: REQUEST_TIMEOUT,
        };
        Ok(match self.http.send(request) {
            Ok(answer) => {
                if let Some(now) = answer.header(INDEX) {
                    let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
                    *index = Some(now.to_owned());
                }
                Outcome::Answered(Answer::read(&answer))
            }
            Err(error) if error.may_have_acted() => Outcome::Lost(error),
            Err(error) => Outcome::NotSent(error),
        })
    }

    fn refused(&self, purpose: Purpose<'_>, answer: &Answer) -> Error {
        refused(&self.settings.name(), purpose, answer)
    }

    /// Returns the error for a document that keywright did not write.
    fn foreign(&self, path: &str) -> Error {
        let message = format!(
            "`{path}` of {} was not written by keywright",
            self.settings.name()
        );
        Error::new(Kind::Store, message)
            .hint("use a path of its own: KEYWRIGHT_STATE=vault:MOUNT/PATH")
    }

    fn other_engine(&self, path: &str) -> Error {
        let message = format!(
            "`{path}` of {} is not in a KV engine of version 2",
            self.settings.name()
        );
        Error::new(Kind::Store, message).hint(
            "versions are needed for check-and-set: bao secrets enable -path=MOUNT -version=2 kv",
        )
    }
}

/// Returns the longest that the engine is asked again after this error.
fn patience(error: &Error) -> Duration {
    match error.http_status() {
        Some(_) => PATIENCE,
        None => CONNECT_PATIENCE,
    }
}

/// Returns a random text that no other write has.
fn nonce() -> Result<String> {
    let mut bytes = [0_u8; 12];
    fault::random(&mut bytes)
        .map_err(|error| Error::failed("the system gives no random bytes").caused_by(error))?;
    Ok(to_hex(&bytes))
}
