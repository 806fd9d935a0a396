//! Replays a manifest's own examples over a scripted transport: each request must match the recorded one, and the
//! result must match the expected one.

pub(super) mod script;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

use crate::api::{ApiClient, KeyUpdate};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{Key, NewKey};
use crate::core::map::map_of;
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;
use crate::destination::{self, PlaceState, StoredContent};
use crate::manifest::{
    Call, CallOwner, CredentialKind, Example, IDENTITY, JwtAlgorithm, Manifest, Operation,
    PASSWORD, Placement, Source, Verb, read_expiry,
};
use crate::platform::{Env, Platform, Programs};
use crate::profile::session::{EphemeralToken, Session};
use crate::profile::{self, ProfileConfig};
use crate::report::log::Log;
use crate::service::{
    CredentialRef, FieldValue, Interaction, Prompter, Service, TokenResponse, Values, joined,
};
use crate::store::{StoreKind, Stores};
use script::{FixedClock, ScriptedTransport};

/// The time of an example, unless it sets another.
const DEFAULT_NOW: &str = "2026-11-20T00:00:00Z";

/// The client certificate of examples: for the key of RFC 7515, appendix A.3.
const CLIENT: &str = include_str!("replay/keys/client.pem");

/// An example and its result.
#[derive(Debug)]
pub struct ExampleResult {
    /// Its location: `operations.list`, `credentials.key.verify`.
    pub place: String,
    /// Its name.
    pub name: String,
    /// The error, if the example failed.
    pub outcome: Result<(), String>,
}

/// Returns a credential of an example: `example-NAME`, or `example-PART` for each part; what signs a JWT is a published
/// key, and so is that of a client certificate.
pub(super) fn example_credential(manifest: &Manifest, name: &str) -> Secret {
    let Some(spec) = manifest.credentials.get(name) else {
        return Secret::new(format!("example-{name}"));
    };
    let value = |part: Option<&str>| {
        let key = spec.placements.iter().find_map(|place| match place {
            Placement::Jwt(jwt) if jwt.of.as_deref() == part => Some(example_key(jwt.alg)),
            Placement::Tls(tls) if tls.of.as_deref() == part => Some(CLIENT.to_owned()),
            _ => None,
        });
        Secret::new(key.unwrap_or_else(|| format!("example-{}", part.unwrap_or(name))))
    };
    if spec.parts.is_empty() {
        return value(None);
    }
    let names = spec.parts.iter().map(|part| part.name.clone());
    joined(&map_of(
        names.map(|part| (part.clone(), value(Some(&part)))),
    ))
}

/// Returns the key with which examples sign a JWT: a published one of RFC 7515 or RFC 8037.
fn example_key(alg: JwtAlgorithm) -> String {
    let key = match alg {
        JwtAlgorithm::Rs256 => include_str!("replay/keys/rsa.jwk"),
        JwtAlgorithm::Es256 => include_str!("replay/keys/ec.jwk"),
        JwtAlgorithm::EdDsa => include_str!("replay/keys/ed25519.jwk"),
        // Text, base64 and hexadecimal digits at once.
        JwtAlgorithm::Hs256 => return "e".repeat(64),
    };
    key.trim().to_owned()
}

/// Returns the key pair of an example: a published one.
fn example_pair(operation: &Operation) -> Option<Secret> {
    let spec = operation.key_pair?;
    Some(Secret::new(example_key(spec.alg)))
}

/// Replays every example of a manifest. The credential `NAME` is `example-NAME`, its refresh token `example-refresh`,
/// the password `example-password`.
pub async fn play(manifest: &Manifest, platform: &Platform) -> Vec<ExampleResult> {
    let mut played = Vec::new();
    for call in manifest.calls() {
        for example in &call.operation.examples {
            played.push(ExampleResult {
                place: call.path.join("."),
                name: example.name.clone(),
                outcome: play_one(manifest, &call, example, platform).await,
            });
        }
    }
    played
}

/// Returns the native operations, each with the number of its examples.
pub fn calls(manifest: &Manifest) -> Vec<(String, usize)> {
    let calls = manifest.calls().into_iter();
    calls
        .filter(|call| call.operation.request.is_some() && !call.operation.is_implied)
        .map(|call| (call.path.join("."), call.operation.examples.len()))
        .collect()
}

async fn play_one(
    manifest: &Manifest,
    call: &Call<'_>,
    example: &Example,
    platform: &Platform,
) -> Result<(), String> {
    let script = Rc::new(ScriptedTransport::new(&example.exchanges));
    let mut inside = platform.clone();
    inside.http = script.clone();
    let result = carry_out_call(manifest, call, example, &inside, &*script).await;
    if let Some(mistake) = script.mistake.take() {
        return Err(mistake);
    }
    let left = script.left.borrow().len();
    if left > 0 {
        return Err(format!("{left} of the recorded calls were not made"));
    }
    match (result, &example.fails) {
        (Ok(value), None) => example
            .expect
            .as_ref()
            .map_or(Ok(()), |expected| contains(&value, expected, "")),
        (Ok(_), Some(kind)) => Err(format!("it should have failed with `{kind}`")),
        (Err(error), None) => Err(format!("it failed: {error}")),
        (Err(error), Some(kind)) if error.kind().name() == kind => Ok(()),
        (Err(error), Some(kind)) => Err(format!(
            "it should have failed with `{kind}`, not with `{}`: {error}",
            error.kind().name()
        )),
    }
}

fn example_profile(manifest: &Manifest, variables: &BTreeMap<String, String>) -> ProfileConfig {
    ProfileConfig {
        provider: manifest.name.clone(),
        variables: variables.clone(),
        ..ProfileConfig::default()
    }
}

/// Returns the addresses of a service as an example with these variables reaches it.
pub(super) fn example_bases(
    manifest: &Manifest,
    variables: &BTreeMap<String, String>,
    platform: &Platform,
) -> Result<BTreeMap<String, Url>> {
    let inside = Platform {
        env: Env::default(),
        addresses: BTreeMap::new(),
        ..platform.clone()
    };
    let saved = example_profile(manifest, variables);
    let variables = profile::variables(&inside, &saved, manifest)?;
    let bases = profile::bases(&inside, &saved, manifest, &variables)?;
    let bases = bases.into_iter().map(|(name, (url, _))| (name, url));
    Ok(map_of(bases))
}

/// Carries out a call with the inputs, variables and time of an example, over the transport of `platform`, whatever the
/// example records; returns the JSON that the command prints.
pub async fn carry_out_call(
    manifest: &Manifest,
    call: &Call<'_>,
    example: &Example,
    platform: &Platform,
    programs: &dyn Programs,
) -> Result<Value> {
    let now: Timestamp = example
        .now
        .as_deref()
        .unwrap_or(DEFAULT_NOW)
        .parse()
        .map_err(|_| Error::usage("`now` is not an RFC 3339 time"))?;
    let mut inside = platform.clone();
    let clock = Arc::new(FixedClock(now));
    inside.clock = clock.clone();
    inside.env = Env::default();
    inside.addresses = BTreeMap::new();
    let saved = example_profile(manifest, &example.variables);
    let variables = profile::variables(&inside, &saved, manifest)?;
    let bases: Vec<_> = if manifest.address.is_some() {
        let mut values = Values::at(now);
        for (name, part) in &example.input {
            values.input(name, part.clone());
        }
        for (name, (value, _)) in &variables {
            let source = Source::Variable(name.clone());
            values.set(&source, FieldValue::Plain(value.as_str().into()));
        }
        let bases = destination::bases(manifest, &values, &inside.env, &manifest.name)?;
        bases.into_iter().collect()
    } else {
        let bases = profile::bases(&inside, &saved, manifest, &variables)?;
        let bases = bases.into_iter().map(|(name, (url, _))| (name, url));
        bases.collect()
    };
    let log = Log::new(inside.terminal.clone(), true, false);
    let variables = variables
        .into_iter()
        .map(|(name, (value, _))| (name, value));
    let mut service = Service::new(&inside, &log, manifest, bases, variables);
    service.aside = Interaction {
        programs,
        trusted: true,
        person: Prompter::Scripted,
        env: &inside.env,
    };
    let stores = Stores::new(&inside, false);
    let session = Session::new(&inside, &service, &manifest.name, &stores, StoreKind::FILE);
    session.ephemeral.replace(credentials(manifest));
    let client = ApiClient::new(&session);
    match call.owner {
        CallOwner::Verify(name, _) => {
            let secret = example_credential(manifest, name);
            let verdict = client
                .verify(&CredentialRef {
                    name,
                    secret: &secret,
                })
                .await?;
            let mut said = json!(verdict);
            said["key_id"] = json!(verdict.key_id);
            Ok(said)
        }
        CallOwner::Revoke(name, _) => {
            client.session.revoke(name, call.operation).await?;
            Ok(Value::Null)
        }
        CallOwner::Discovery(_, discovery) => {
            let uses = manifest.accepted_credentials(&discovery.call);
            let name = uses.first().map_or("", String::as_str);
            let secret = example_credential(manifest, name);
            let carried = CredentialRef {
                name,
                secret: &secret,
            };
            let choices = service
                .discover(discovery, &carried, &BTreeMap::new())
                .await?;
            let choices = choices
                .into_iter()
                .map(|choice| json!({ "value": choice.value, "title": choice.title }));
            Ok(Value::Array(choices.collect()))
        }
        CallOwner::Verb(verb) => carry_out(verb, call.operation, example, &client, now).await,
    }
}

fn credentials(manifest: &Manifest) -> BTreeMap<String, EphemeralToken> {
    map_of(manifest.credentials.iter().map(|(name, spec)| {
        let token = TokenResponse {
            value: example_credential(manifest, name),
            refresh: (spec.kind == CredentialKind::Token).then(|| Secret::new("example-refresh")),
            expires_at: None,
        };
        (name.clone(), token.into())
    }))
}

async fn carry_out(
    verb: Verb,
    operation: &Operation,
    example: &Example,
    client: &ApiClient<'_>,
    now: Timestamp,
) -> Result<Value> {
    let text = |name: &str| {
        example
            .input
            .get(name)
            .and_then(crate::manifest::plain_text)
    };
    let key = || Key {
        id: text("id").map(Untrusted::new),
        ..Key::unknown(client.service.name(), client.profile)
    };
    Ok(match verb {
        Verb::List => json!(client.list().await?),
        Verb::Status => json!(client.status().await?),
        Verb::Show => json!(client.show(key()).await?),
        Verb::Rename => {
            let name = text("name").unwrap_or_default();
            json!(client.rename(&key(), &name).await?)
        }
        Verb::Set => {
            let asked = new_key(example, now)?;
            client.check_update(&KeyUpdate::Set(&asked))?;
            json!(client.update(&key(), &KeyUpdate::Set(&asked)).await?)
        }
        Verb::Enable => json!(client.update(&key(), &KeyUpdate::Enable).await?),
        Verb::Disable => json!(client.update(&key(), &KeyUpdate::Disable).await?),
        Verb::Revoke => {
            client.revoke(&key()).await?;
            Value::Null
        }
        Verb::Create => {
            let new = new_key(example, now)?;
            client.check_new(&new)?;
            let pair = example_pair(operation);
            minted(&client.create(&new, pair.as_ref(), &()).await?)
        }
        Verb::Rotate => {
            let (new, pair) = (new_key(example, now)?, example_pair(operation));
            minted(&client.rotate(&key(), &new, pair.as_ref(), &()).await?)
        }
        Verb::Login | Verb::Refresh | Verb::Exchange | Verb::Federate => {
            token(verb, operation, example, client).await?
        }
        Verb::Probe
        | Verb::Read
        | Verb::Add
        | Verb::Write
        | Verb::Restore
        | Verb::Remove
        | Verb::Discard => destination(verb, operation, example, client).await?,
    })
}

fn minted(minted: &crate::core::key::CreatedKey) -> Value {
    let mut value = json!(minted.key);
    value["secret"] = minted.secret.as_json();
    value
}

fn new_key(example: &Example, now: Timestamp) -> Result<NewKey> {
    let mut new = NewKey::default();
    for (name, value) in &example.input {
        let text = crate::manifest::plain_text(value);
        match (name.as_str(), text) {
            ("id", _) => {}
            ("name", text) => new.name = text,
            ("scopes", _) => {
                let scopes = value.as_array().into_iter().flatten();
                new.scopes = scopes.filter_map(crate::manifest::plain_text).collect();
            }
            ("expires", Some(text)) => new.expires = Some(read_expiry(&text, now)?),
            (_, Some(text)) => new.fields.push((name.clone(), text)),
            (_, None) => return Err(Error::usage(format!("`input.{name}` is not text"))),
        }
    }
    Ok(new)
}

/// Carries out an operation of a destination; its inputs are the parts of the address, `secret`, and what `read`
/// captured as `step.read.NAME`.
async fn destination(
    verb: Verb,
    operation: &Operation,
    example: &Example,
    client: &ApiClient<'_>,
) -> Result<Value> {
    let service = client.service;
    let mut values = service.values();
    for (name, value) in &example.input {
        let source: Source = name.parse().map_err(Error::usage)?;
        let value = match (&source, value) {
            (Source::Input(input), Value::String(text)) if input == "secret" => {
                FieldValue::Secret(Secret::new(text.as_str()))
            }
            (_, value) => FieldValue::Plain(value.clone()),
        };
        values.set(&source, value);
    }
    let accepted = service.manifest.accepted_credentials(operation);
    let held = accepted.first().map(|name| {
        let secret = example_credential(service.manifest, name);
        (name.as_str(), secret)
    });
    let carried = held
        .as_ref()
        .map(|(name, secret)| CredentialRef { name, secret });
    if let Some(carried) = &carried {
        values.credential(carried.name, carried.secret);
    }
    let answer = service
        .execute(verb, operation, values, carried.as_ref())
        .await?;
    let state = PlaceState::of(&answer, verb);
    let value = match &state.content {
        StoredContent::Value(value) => value.as_json(),
        StoredContent::Digest(_) | StoredContent::Absent | StoredContent::Unreadable => Value::Null,
    };
    let digest = match &state.content {
        StoredContent::Digest(digest) => Some(digest.as_hex()),
        _ => None,
    };
    Ok(json!({
        "absent": state.is_absent,
        "value": value,
        "sha256": digest,
        "captured": state.captured,
    }))
}

async fn token(
    verb: Verb,
    operation: &Operation,
    example: &Example,
    client: &ApiClient<'_>,
) -> Result<Value> {
    let mut values = client.service.values();
    for (name, value) in &example.input {
        values.input(name, value.clone());
    }
    values.credential(PASSWORD, &Secret::new("example-password"));
    values.credential(IDENTITY, &Secret::new("example-identity"));
    for name in client.service.manifest.credentials.keys() {
        let secret = example_credential(client.service.manifest, name);
        values.credential(name, &secret);
        values.set(
            &Source::Refresh(name.clone()),
            FieldValue::Secret(Secret::new("example-refresh")),
        );
    }
    let used = client
        .service
        .manifest
        .accepted_credentials(operation)
        .first()
        .filter(|_| verb != Verb::Federate);
    let secret = used.map(|name| example_credential(client.service.manifest, name));
    let carried = used
        .zip(secret.as_ref())
        .map(|(name, secret)| CredentialRef { name, secret });
    let reading = client
        .service
        .execute(verb, operation, values, carried.as_ref())
        .await?;
    let token = reading
        .token()
        .ok_or_else(|| Error::new(Kind::Failed, "the answer holds no token"))?;
    Ok(json!({
        "token": token.value.as_json(),
        "refresh": token.refresh.as_ref().map(Secret::as_json),
        "expires_at": token.expires_at,
        "variables": reading.variables(),
    }))
}

/// Returns whether `value` holds everything that `expected` names.
fn contains(value: &Value, expected: &Value, place: &str) -> Result<(), String> {
    match (value, expected) {
        (Value::Object(value), Value::Object(expected)) => {
            for (name, expected) in expected {
                let found = value.get(name).unwrap_or(&Value::Null);
                contains(found, expected, &format!("{place}/{name}"))?;
            }
            Ok(())
        }
        (Value::Array(value), Value::Array(expected)) if value.len() == expected.len() => value
            .iter()
            .zip(expected)
            .enumerate()
            .try_for_each(|(index, (value, expected))| {
                contains(value, expected, &format!("{place}/{index}"))
            }),
        // TOML writes 3.0 where JSON may say 3.
        (Value::Number(value), Value::Number(expected)) if value.as_f64() == expected.as_f64() => {
            Ok(())
        }
        _ if value == expected => Ok(()),
        _ => Err(format!("`{place}` is {value}, and should be {expected}")),
    }
}
