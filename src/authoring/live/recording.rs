//! Examples of a manifest from recorded calls, with fake values in place of their secrets.

mod disguise;
mod fake;
mod rehearsal;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::recorder::{RecordedCall, RecordedCalls};
use crate::authoring::replay::{carry_out_call, example_bases, example_credential};
use crate::core::map::map_of;
use crate::core::secret::Secret;
use crate::manifest::{Call, Example, Manifest, RecordedExchange, SET_COOKIE, from_xml};
use crate::platform::Platform;
use crate::service::parts_of;
use disguise::{Disguise, MIN_SECRET};
use rehearsal::{Rehearsal, SentRequest};

pub use write::with_example;

/// The name of a recorded example; another recording replaces it.
const RECORDED: &str = "recorded";

/// The longest response that is recorded, in bytes.
const MAX_RESPONSE: usize = 32 * 1024;

/// The calls of an operation, and what it was given.
pub struct Take {
    /// Its calls.
    pub calls: RecordedCalls,
    /// Its inputs, as an example has them.
    pub input: BTreeMap<String, Value>,
}

/// The calls of a live check, and what is known of the values in them.
pub struct Recording {
    /// The time of every call.
    pub now: Timestamp,
    /// The addresses of the service.
    pub bases: BTreeMap<String, Url>,
    /// The variables of the profile.
    pub variables: BTreeMap<String, String>,
    /// The operations.
    pub takes: Vec<Take>,
    /// The credentials that the calls were made with, by their names in the manifest.
    pub credentials: Vec<(String, Secret)>,
    /// Further secrets.
    pub secrets: Vec<Secret>,
    /// Values that are no secrets, although they may look like it.
    pub plain: BTreeSet<String>,
}

/// An example of the operation at a path of the manifest, or the reason why there is none.
pub type RecordedOperation = (Vec<String>, Result<Example, String>);

impl Recording {
    /// Returns an example for each operation.
    pub async fn examples(
        &self,
        manifest: &Manifest,
        platform: &Platform,
    ) -> Vec<RecordedOperation> {
        let studio = match Studio::of(self, manifest, platform) {
            Ok(studio) => studio,
            Err(why) => {
                let paths = self.takes.iter().map(|take| take.calls.path.clone());
                return paths.map(|path| (path, Err(why.clone()))).collect();
            }
        };
        let mut examples = Vec::new();
        for take in &self.takes {
            let example = studio.example(take).await;
            examples.push((take.calls.path.clone(), example));
        }
        examples
    }
}

/// Everything that examples of one recording have in common.
struct Studio<'r> {
    recording: &'r Recording,
    manifest: &'r Manifest,
    platform: &'r Platform,
    disguise: Disguise,
    /// The credentials of the profile, each with that of the examples.
    own: Vec<(String, String)>,
    /// The addresses of the service, each with that of the examples; the longest first.
    addresses: Vec<(String, String)>,
    /// The headers of responses that are recorded.
    headers: BTreeSet<String>,
}

impl<'r> Studio<'r> {
    fn of(
        recording: &'r Recording,
        manifest: &'r Manifest,
        platform: &'r Platform,
    ) -> Result<Self, String> {
        let specs = manifest.credentials.values();
        let prefixes = specs.flat_map(|spec| spec.prefixes.clone()).collect();
        let mut disguise = Disguise::new(prefixes, manifest.hides_ids());
        let is_public = |name: &str| {
            let mut specs = manifest.credentials.values();
            specs.any(|spec| {
                let mut parts = spec.parts.iter();
                parts.any(|part| part.public && part.name == name)
            })
        };
        let own = recording.credentials.iter().map(|(_, secret)| secret);
        for secret in recording.secrets.iter().chain(own) {
            if secret.len() < MIN_SECRET {
                return Err("a secret of it is too short to be replaced surely".to_owned());
            }
            disguise.learn(secret, &is_public);
        }
        let calls = recording.takes.iter().flat_map(|take| &take.calls.calls);
        for call in calls {
            discover(&mut disguise, call, &recording.plain);
        }
        Ok(Studio {
            recording,
            manifest,
            platform,
            disguise,
            own: own_values(recording, manifest),
            addresses: addresses(recording, manifest, platform)?,
            headers: manifest.headers_read(),
        })
    }

    async fn example(&self, take: &Take) -> Result<Example, String> {
        let path = &take.calls.path;
        let mut calls = self.manifest.calls().into_iter();
        let call = calls
            .find(|call| call.path == *path)
            .ok_or("the manifest does not describe it")?;
        if take.calls.has_gap {
            return Err("a call got no response".to_owned());
        }
        let operation = call.operation;
        let mut steps = operation.before.iter().chain(&operation.after);
        if steps.any(|step| step.program.is_some()) {
            return Err("it starts a program".to_owned());
        }
        let answers = take.calls.calls.iter().map(|call| self.answer(call));
        let mut example = Example {
            name: RECORDED.to_owned(),
            input: self.replaced(&take.input),
            variables: self.variables(),
            now: Some(self.recording.now.to_string()),
            exchanges: answers.collect::<Result<_, String>>()?,
            expect: None,
            fails: None,
        };
        let (result, sent) = self.rehearse(&call, &example).await?;
        self.compare(&call, take, &sent)?;
        for (exchange, sent) in example.exchanges.iter_mut().zip(sent) {
            exchange.request = sent.call;
            exchange.headers = sent.headers;
            exchange.body = sent.body;
        }
        example.expect = essence(&result);
        Ok(example)
    }

    /// Carries the operation out with the credentials of examples and the recorded responses; returns its result and the
    /// requests that it sent.
    async fn rehearse(
        &self,
        call: &Call<'_>,
        example: &Example,
    ) -> Result<(Value, Vec<SentRequest>), String> {
        let rehearsal = std::rc::Rc::new(Rehearsal::of(&example.exchanges));
        let mut inside = self.platform.clone();
        inside.http = rehearsal.clone();
        let carried = carry_out_call(self.manifest, call, example, &inside, &*rehearsal).await;
        let result = carried.map_err(|error| format!("a replay of it fails: {error}"))?;
        Ok((result, rehearsal.sent()))
    }

    /// Compares the requests of the rehearsal with those that were made.
    fn compare(&self, call: &Call<'_>, take: &Take, sent: &[SentRequest]) -> Result<(), String> {
        let made = &take.calls.calls;
        if made.len() != sent.len() {
            return Err(format!(
                "it made {} calls, and a replay of it makes {}",
                made.len(),
                sent.len()
            ));
        }
        for (made, sent) in made.iter().zip(sent) {
            let request = self.request(&format!("{} {}", made.method, made.url));
            if request != sent.call {
                return Err(format!(
                    "a replay of it sends another request than `{}`",
                    sent.call
                ));
            }
            let body = made.body.as_ref().map(|body| self.request(&text_of(body)));
            // A key pair of an example is another one.
            if call.operation.key_pair.is_none() && !is_same(body.as_deref(), sent.body.as_deref())
            {
                return Err(format!(
                    "a replay of it sends another body with `{}`",
                    sent.call
                ));
            }
        }
        Ok(())
    }

    /// Returns a text of a request as an example with the same values would send it.
    fn request(&self, text: &str) -> String {
        let text = self.disguise.apply_with(text, &self.own);
        rehearsal::compared(&self.moved(&text))
    }

    /// Returns a text with the addresses of the examples.
    fn moved(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (live, example) in &self.addresses {
            text = text.replace(live, example);
        }
        text
    }

    fn variables(&self) -> BTreeMap<String, String> {
        let variables = self.recording.variables.iter();
        map_of(variables.map(|(name, value)| (name.clone(), self.disguise.apply(value))))
    }

    fn replaced(&self, input: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        let replaced = |value: &Value| match value {
            Value::String(text) => Value::from(self.disguise.apply(text)),
            other => other.clone(),
        };
        let members = input.iter();
        map_of(members.map(|(name, value)| (name.clone(), replaced(value))))
    }

    fn answer(&self, call: &RecordedCall) -> Result<RecordedExchange, String> {
        if call.response.len() > MAX_RESPONSE {
            return Err("a response is too long for an example".to_owned());
        }
        let text = std::str::from_utf8(&call.response)
            .map_err(|_| "a response is not UTF-8 text".to_owned())?;
        let is_json = serde_json::from_str::<Value>(text).is_ok();
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in &call.headers {
            let says_form = name == "content-type" && !text.is_empty() && !is_json;
            if says_form || self.headers.contains(name) {
                let value = self.moved(&self.disguise.apply(value));
                headers
                    .entry(name.clone())
                    .and_modify(|known| {
                        known.push('\n');
                        known.push_str(&value);
                    })
                    .or_insert(value);
            }
        }
        Ok(RecordedExchange {
            request: String::new(),
            headers: BTreeMap::new(),
            body: None,
            status: call.status,
            response_headers: headers,
            response: self.moved(&self.disguise.apply(text)),
        })
    }
}

/// Finds the secrets in a response that the manifest does not know.
fn discover(disguise: &mut Disguise, call: &RecordedCall, plain: &BTreeSet<String>) {
    for (_, value) in call.headers.iter().filter(|(name, _)| name == SET_COOKIE) {
        let value = value.split(';').next().unwrap_or_default();
        if let Some((_, value)) = value.split_once('=') {
            disguise.learn_text(value.trim());
        }
    }
    let Ok(text) = std::str::from_utf8(&call.response) else {
        return;
    };
    let json = serde_json::from_str(text).ok();
    if let Some(body) = json.or_else(|| from_xml(text, None)) {
        disguise.discover(&body, plain);
    }
}

/// Returns the credentials of the profile, each with that of the examples, part by part.
fn own_values(recording: &Recording, manifest: &Manifest) -> Vec<(String, String)> {
    let mut own = Vec::new();
    for (name, real) in &recording.credentials {
        let fake = example_credential(manifest, name);
        let (parts, mut fakes) = (parts_of(real), parts_of(&fake));
        for (part, real) in &parts {
            own.extend(fakes.remove(part).map(|fake| pair(real, &fake)));
        }
        own.push(pair(real, &fake));
    }
    own
}

fn pair(real: &Secret, fake: &Secret) -> (String, String) {
    (text_of(real), text_of(fake))
}

/// Returns the text of a secret, to be compared and replaced in.
fn text_of(secret: &Secret) -> String {
    match secret.as_json() {
        Value::String(text) => text,
        _ => String::new(),
    }
}

/// Returns the addresses of the service, each with that of the examples; the longest first.
fn addresses(
    recording: &Recording,
    manifest: &Manifest,
    platform: &Platform,
) -> Result<Vec<(String, String)>, String> {
    let bases = example_bases(manifest, &recording.variables, platform);
    let bases = bases.map_err(|error| error.to_string())?;
    let text = |url: &Url| url.as_str().trim_end_matches('/').to_owned();
    let mut addresses: Vec<(String, String)> = recording
        .bases
        .iter()
        .filter_map(|(name, live)| Some((text(live), text(bases.get(name)?))))
        .filter(|(live, example)| live != example)
        .collect();
    addresses.sort_by_key(|(live, _)| std::cmp::Reverse(live.len()));
    Ok(addresses)
}

/// Returns whether two bodies are the same; JSON is compared as JSON.
fn is_same(made: Option<&str>, sent: Option<&str>) -> bool {
    let json = |text: Option<&str>| serde_json::from_str::<Value>(text?).ok();
    made == sent || json(made).is_some() && json(made) == json(sent)
}

/// Returns the part of a result that an example expects: what is known, without the names of service and profile.
fn essence(result: &Value) -> Option<Value> {
    match result {
        Value::Null => None,
        Value::Object(members) => {
            let members = members
                .iter()
                .filter(|(name, _)| !matches!(name.as_str(), "provider" | "profile"))
                .filter_map(|(name, value)| Some((name.clone(), essence(value)?)));
            Some(Value::Object(members.collect()))
        }
        Value::Array(items) => {
            let items: Option<Vec<Value>> = items.iter().map(essence).collect();
            items.map(Value::Array)
        }
        other => Some(other.clone()),
    }
}
