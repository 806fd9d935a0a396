//! A service as a profile reaches it: carries out what a manifest describes, with the credential it is given.

mod answer;
mod fill;
mod pages;
mod perform;
mod trouble;
mod values;

use std::collections::BTreeMap;

use jiff::Timestamp;
use url::Url;

pub use answer::{Reading, Token};
pub use trouble::Trouble;
pub use values::{Filling, Values, fill_host};

use crate::error::{Error, Result};
use crate::exchange::{Exchange, Repeat};
use crate::key::Verdict;
use crate::manifest::{
    AnswerSpec, Effect, InputSpec, Manifest, Operation, Placement, RequestSpec, Seen, Source, Verb,
    looks_like_html, plain_text,
};
use crate::secret::Secret;
use crate::world::{Answer, Body, Header, Request};

/// A service as a profile reaches it.
pub struct Service<'a> {
    /// What the service is.
    pub manifest: &'a Manifest,
    /// Where each base answers.
    pub bases: BTreeMap<String, Url>,
    /// What the profile knows of it.
    pub variables: BTreeMap<String, String>,
    /// How requests are sent.
    pub exchange: Exchange<'a>,
    /// The moment from which the ends of new keys are counted: the one at which the command was understood.
    pub started: Timestamp,
}

/// A credential in use: its name in the manifest, and its value.
pub struct Carried<'a> {
    /// The name in the manifest.
    pub name: &'a str,
    /// The value.
    pub secret: &'a Secret,
}

/// What a call does, as far as sending it again is concerned.
#[derive(Clone, Copy)]
struct Deed {
    verb: Option<Verb>,
    repeat: Repeat,
}

impl Service<'_> {
    /// The provider's name.
    pub fn name(&self) -> &str {
        &self.manifest.name
    }

    /// The moment it is.
    pub fn now(&self) -> Timestamp {
        self.exchange.clock.now()
    }

    /// Values with everything that the profile knows.
    pub fn values(&self) -> Values {
        let mut values = Values::at(self.started);
        for (name, value) in &self.variables {
            values.set(
                &Source::Variable(name.clone()),
                Filling::Plain(value.clone().into()),
            );
        }
        values
    }

    /// Carries out an operation that lists, to the end of the list; the answers page by page.
    pub async fn perform_pages<'o>(
        &self,
        verb: Verb,
        operation: &'o Operation,
        mut values: Values,
        carried: Option<&Carried<'_>>,
    ) -> Result<Vec<(Reading<'o>, Vec<serde_json::Value>)>, Trouble> {
        self.ready(verb, operation, &mut values, carried).await?;
        pages::all(self, verb, operation, &values, carried).await
    }

    /// Asks whether a credential works; a refusal is an answer here.
    pub async fn verify(
        &self,
        operation: &Operation,
        carried: &Carried<'_>,
    ) -> Result<Verdict, Trouble> {
        let mut values = self.values();
        let request = self
            .ready(Verb::Status, operation, &mut values, Some(carried))
            .await?;
        let answer = self
            .send(
                Repeat::Always,
                None,
                self.build(request, &values, Some(carried))?,
            )
            .await?;
        let seen = answer::see(&answer);
        if answer.status == 429 || answer.status >= 500 || (300..400).contains(&answer.status) {
            return Err(self.refusal(&answer, &seen, None));
        }
        let good = is_success(&operation.answer, &seen);
        let refusal = (!good).then(|| self.manifest.errors.classify(&seen, None, values.now));
        Ok(answer::verdict(
            operation,
            &seen,
            refusal.as_ref(),
            values.now,
        ))
    }

    /// Sends a request that no operation describes; any answer is an answer.
    pub async fn raw(
        &self,
        call: RawCall<'_>,
        carried: Option<&Carried<'_>>,
    ) -> Result<Answer, Trouble> {
        let values = self.values();
        let base = self.base(call.base)?;
        let target = fill::Target::new(base, call.path, call.path)?;
        let mut spec: RequestSpec = blank_request(call.method, call.base)?;
        spec.method = call.method.to_ascii_uppercase();
        let mut request = self.build(&spec, &values, carried)?;
        let credential_query = request.url.query().map(str::to_owned);
        request.url = target.url;
        request.shown_url = target.shown;
        if let Some(query) = credential_query {
            for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
                request.url.query_pairs_mut().append_pair(&name, &value);
            }
        }
        for header in call.headers {
            request.headers.retain(|known| known.name != header.name);
            request.headers.push(header);
        }
        request.body = call.body;
        let repeat = if is_repeatable(&spec.method) {
            Repeat::Always
        } else {
            Repeat::IfRefused
        };
        self.send(repeat, None, request).await
    }

    /// Whether an answer to [`Service::raw`] is a success.
    pub fn is_good(&self, answer: &Answer) -> bool {
        (200..300).contains(&answer.status) && !says_failure(&answer::see(answer).body)
    }

    /// The refusal that an answer to [`Service::raw`] is.
    pub fn refused(&self, answer: &Answer) -> Trouble {
        self.refusal(answer, &answer::see(answer), None)
    }

    /// The headers that carry a credential and everything else that each call of the base needs.
    pub fn carrying_headers(&self, carried: &Carried<'_>, base: &str) -> Result<Vec<Header>> {
        let values = self.values();
        let mut headers = fill::carrying_headers(carried.secret, self.places(carried), &values);
        let spec = blank_request("GET", base)?;
        let constant = self.build(&spec, &values, None)?;
        headers.extend(
            constant
                .headers
                .into_iter()
                .filter(|header| header.name != "accept"),
        );
        Ok(headers)
    }

    /// Checks what was handed over and carries out the steps; the call itself is returned, not sent.
    async fn ready<'o>(
        &self,
        verb: Verb,
        operation: &'o Operation,
        values: &mut Values,
        carried: Option<&Carried<'_>>,
    ) -> Result<&'o RequestSpec, Trouble> {
        let request = operation.request.as_ref().ok_or_else(|| {
            Error::failed(format!(
                "{} describes no call to {}",
                self.name(),
                verb.deed()
            ))
        })?;
        for (name, spec) in &operation.inputs {
            check_input(name, spec, values)?;
        }
        for step in &operation.steps {
            // A step may leave something behind, so a create is never repeated half-way either.
            let deed = Deed {
                verb: Some(verb),
                repeat: repeat_of(verb, step.repeatable, &step.request.method, Effect::None),
            };
            let seen = self
                .call(deed, &step.request, &step.answer, values, carried)
                .await
                .map_err(|trouble| trouble.after_step(operation, &step.name))?;
            for (capture, reads) in &step.answer.capture {
                if let Some(value) = reads.value(&seen, &seen.body, values.now) {
                    let source = Source::Step {
                        step: step.name.clone(),
                        capture: capture.clone(),
                    };
                    values.set(&source, Filling::Plain(value));
                }
            }
        }
        Ok(request)
    }

    /// One call, and its answer if it is a success.
    async fn call(
        &self,
        deed: Deed,
        spec: &RequestSpec,
        answer_spec: &AnswerSpec,
        values: &Values,
        carried: Option<&Carried<'_>>,
    ) -> Result<Seen, Trouble> {
        let request = self.build(spec, values, carried)?;
        let answer = self.send(deed.repeat, deed.verb, request).await?;
        self.judge(&answer, answer_spec, deed.verb)
    }

    /// Whether an answer is the success that the manifest describes.
    fn judge(
        &self,
        answer: &Answer,
        spec: &AnswerSpec,
        verb: Option<Verb>,
    ) -> Result<Seen, Trouble> {
        let seen = answer::see(answer);
        if spec.status.contains(answer.status) && answer::is_garbled(answer, &seen) {
            let text = seen.body.as_str().unwrap_or_default();
            // An operation of which nothing is read does not mind.
            if !spec.is_empty() || looks_like_html(text) {
                return Err(Trouble::garbled(self.name(), verb, answer.status, text));
            }
        }
        if is_success(spec, &seen) && !says_failure(&seen.body) {
            return Ok(seen);
        }
        Err(self.refusal(answer, &seen, verb))
    }

    fn refusal(&self, answer: &Answer, seen: &Seen, verb: Option<Verb>) -> Trouble {
        if (300..400).contains(&answer.status) {
            return Trouble::redirect(self.name(), verb, answer);
        }
        let refusal = self.manifest.errors.classify(seen, verb, self.now());
        let pause = crate::exchange::pause_asked_for(
            answer,
            self.manifest.errors.retry_after.as_ref(),
            self.now(),
        );
        Trouble::refused(self.name(), verb, refusal, pause)
    }

    fn build(
        &self,
        spec: &RequestSpec,
        values: &Values,
        carried: Option<&Carried<'_>>,
    ) -> Result<Request> {
        let headers = self
            .manifest
            .bases
            .get(&spec.base)
            .map_or(&[][..], |base| base.headers.as_slice());
        fill::request(
            spec,
            self.base(&spec.base)?,
            headers,
            carried.map(|carried| (carried.secret, self.places(carried))),
            values,
            self.exchange.timeout,
        )
    }

    async fn send(
        &self,
        repeat: Repeat,
        verb: Option<Verb>,
        request: Request,
    ) -> Result<Answer, Trouble> {
        let at = request.url.origin().ascii_serialization();
        // What a call of the user does is not known here; only what may be repeated at will surely changes nothing.
        let changes = verb.is_none() && repeat != Repeat::Always;
        self.exchange
            .send(request, repeat, self.manifest.errors.retry_after.as_ref())
            .await
            .map_err(|error| Trouble::lost(self.name(), &at, verb, changes, &error))
    }

    fn base(&self, name: &str) -> Result<&Url> {
        self.bases.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.bases.keys().map(String::as_str).collect();
            Error::usage(format!(
                "{} has no base `{name}`; it has: {}",
                self.name(),
                known.join(", ")
            ))
        })
    }

    fn places(&self, carried: &Carried<'_>) -> &[Placement] {
        self.manifest
            .credentials
            .get(carried.name)
            .map_or(&[], |spec| spec.place.as_slice())
    }
}

/// A request that no operation describes.
pub struct RawCall<'a> {
    /// Any HTTP token.
    pub method: &'a str,
    /// The path behind the base, query included.
    pub path: &'a str,
    /// The name of a base.
    pub base: &'a str,
    /// Headers that take the place of those of the same name.
    pub headers: Vec<Header>,
    /// The body.
    pub body: Option<Body>,
}

fn blank_request(method: &str, base: &str) -> Result<RequestSpec> {
    let path = "/".parse().map_err(Error::failed)?;
    Ok(RequestSpec {
        method: method.to_owned(),
        base: base.to_owned(),
        path,
        query: Vec::new(),
        headers: Vec::new(),
        body: None,
        format: crate::manifest::BodyFormat::Json,
        timeout: None,
    })
}

fn is_success(spec: &AnswerSpec, seen: &Seen) -> bool {
    spec.status.contains(seen.status) && spec.require.iter().all(|predicate| predicate.holds(seen))
}

/// Whether an answer says that it failed whatever its status says: `{"success": false, "error": …}`.
fn says_failure(body: &serde_json::Value) -> bool {
    let failed = ["/success", "/ok"]
        .iter()
        .any(|place| body.pointer(place) == Some(&serde_json::Value::Bool(false)));
    let explained = ["/error", "/errors"]
        .iter()
        .any(|place| body.pointer(place).is_some_and(|value| !value.is_null()));
    failed && explained
}

fn is_repeatable(method: &str) -> bool {
    matches!(
        method,
        "GET" | "HEAD" | "LIST" | "PUT" | "DELETE" | "OPTIONS"
    )
}

/// When a call may be sent again: creating, rotating and everything that hands out tokens never.
fn repeat_of(verb: Verb, said: Option<bool>, method: &str, effect: Effect) -> Repeat {
    let once = matches!(
        verb,
        Verb::Create | Verb::Rotate | Verb::Exchange | Verb::Refresh | Verb::Login
    );
    if once {
        // A step before a create may only look.
        return if said == Some(true) || matches!(method, "GET" | "HEAD" | "LIST") {
            Repeat::Always
        } else {
            Repeat::Never
        };
    }
    match said {
        Some(true) => Repeat::Always,
        None if effect == Effect::None && is_repeatable(method) => Repeat::Always,
        Some(false) | None => Repeat::IfRefused,
    }
}

fn check_input(name: &str, spec: &InputSpec, values: &mut Values) -> Result<()> {
    let source = Source::Input(name.to_owned());
    if values.get(&source).is_none()
        && let Some(default) = &spec.default
    {
        values.input(name, default.clone());
    }
    let refuse = |why: String| Err(Error::usage(format!("`{name}` {why}")));
    let Some(filling) = values.get(&source) else {
        if spec.required {
            return refuse("is required here".to_owned());
        }
        return Ok(());
    };
    if let Filling::Ends(crate::key::Expiry::At(moment)) = filling {
        let too_soon = spec
            .min
            .and_then(|min| min.after(values.now))
            .is_some_and(|least| *moment < least);
        let too_late = spec
            .max
            .and_then(|max| max.after(values.now))
            .is_some_and(|most| *moment > most);
        if too_soon || too_late {
            let say = |span: Option<crate::manifest::Span>| {
                span.map_or_else(|| "any".to_owned(), |span| span.to_string())
            };
            return refuse(format!(
                "is out of bounds: at least {}, at most {}",
                say(spec.min),
                say(spec.max)
            ));
        }
    }
    let Filling::Plain(value) = filling else {
        return Ok(());
    };
    let texts: Vec<String> = match value {
        serde_json::Value::Array(items) => items.iter().filter_map(plain_text).collect(),
        other => plain_text(other).into_iter().collect(),
    };
    for text in texts {
        let length = text.chars().count();
        if spec.min_length.is_some_and(|least| length < least) {
            return refuse(format!(
                "is too short: at least {} characters",
                spec.min_length.unwrap_or(0)
            ));
        }
        if spec.max_length.is_some_and(|most| length > most) {
            return refuse(format!(
                "is too long: at most {} characters",
                spec.max_length.unwrap_or(0)
            ));
        }
        if !spec.choices.is_empty() && !spec.choices.contains(&text) {
            return refuse(format!("is one of: {}", spec.choices.join(", ")));
        }
        if let Some(pattern) = &spec.pattern
            && !pattern.matches(&text)
        {
            return refuse(format!("has to match {}", pattern.as_str()));
        }
    }
    Ok(())
}
