//! The credential of a destination, from the variables and files of the destination's own tools.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::structured::{self, Format};
use super::{ini, spec};
use crate::core::error::{Error, Kind, Result};
use crate::core::map::map_of;
use crate::core::secret::Secret;
use crate::manifest::{CredentialSpec, FileFormat, Manifest, Operation, Pointer, Verb, plain_text};
use crate::platform::{Env, Platform, files};
use crate::service::joined;

/// The largest file that holds the credential of a destination, in bytes.
const MAX_CREDENTIAL_BYTES: u64 = 64 << 10;

/// The time for which a token must still be valid to be used again.
const MIN_TOKEN_LIFETIME: SignedDuration = SignedDuration::from_secs(60);

/// A credential that is at hand.
pub(super) struct HeldCredential {
    /// Its name in the manifest.
    pub(super) name: String,
    /// Its value.
    pub(super) secret: Secret,
    /// Its expiry, if it is known.
    pub(super) expires_at: Option<Timestamp>,
}

impl HeldCredential {
    /// Returns a copy, unless it expires in a moment.
    pub(super) fn while_valid(&self, now: Timestamp) -> Option<Self> {
        let ends = self.expires_at.map(|at| now.duration_until(at));
        let lasts = ends.is_none_or(|left| left > MIN_TOKEN_LIFETIME);
        lasts.then(|| HeldCredential {
            name: self.name.clone(),
            secret: self.secret.duplicate(),
            expires_at: self.expires_at,
        })
    }
}

/// Returns the first of the credentials that the tools of a destination keep; `known` are the variables of the manifest.
pub(super) fn first_held(
    names: &[String],
    manifest: &Manifest,
    known: &BTreeMap<String, String>,
    platform: &Platform,
) -> Result<Option<HeldCredential>> {
    for name in names {
        if let Some(described) = manifest.credentials.get(name)
            && let Some(secret) = found(described, known, platform)?
        {
            return Ok(Some(HeldCredential {
                name: name.clone(),
                secret,
                expires_at: None,
            }));
        }
    }
    Ok(None)
}

/// Returns whether a variable holds one of the credentials, or a part of it.
pub(super) fn is_in_environment(names: &[String], manifest: &Manifest, env: &Env) -> bool {
    let specs = names
        .iter()
        .filter_map(|name| manifest.credentials.get(name));
    let mut variables = specs.flat_map(|spec| {
        let parts = spec.parts.iter().map(|part| &part.environment);
        parts.chain([&spec.environment])
    });
    variables.any(|variables| first_set(env, variables).is_some())
}

/// Returns the exchange that brings one of the credentials which an operation accepts.
pub(super) fn exchange_for<'m>(
    manifest: &'m Manifest,
    accepted: &[String],
) -> Option<&'m Operation> {
    let exchange = manifest.operation(Verb::Exchange)?;
    let is_accepted = exchange
        .yields
        .as_ref()
        .is_some_and(|name| accepted.contains(name));
    is_accepted.then_some(exchange)
}

/// Returns the error for a credential that is nowhere, with each way to hand one over.
pub(super) fn missing(accepted: &[String], manifest: &Manifest) -> Error {
    let exchanged = exchange_for(manifest, accepted);
    let keys = exchanged.map(|exchange| manifest.accepted_credentials(exchange));
    let names = accepted.iter().chain(keys.into_iter().flatten());
    let specs = names.filter_map(|name| manifest.credentials.get(name));
    let ways: Vec<(&str, String)> = specs
        .map(|spec| (spec.title.as_str(), way_to_set(spec)))
        .filter(|(_, way)| !way.is_empty())
        .collect();
    let title = ways.first().map_or("credential", |(title, _)| title);
    Error::new(Kind::Store, format!("there is no {title}"))
        .with_hints(ways.into_iter().map(|(_, way)| way))
}

/// Returns the value of the first variable that is set and not empty.
pub(super) fn first_set(env: &Env, names: &[String]) -> Option<String> {
    let mut values = names.iter().filter_map(|name| env.get(name));
    values.next().map(ToOwned::to_owned)
}

/// Returns a credential from the variables or the file of a destination's tools.
fn found(
    described: &CredentialSpec,
    known: &BTreeMap<String, String>,
    platform: &Platform,
) -> Result<Option<Secret>> {
    let env = &platform.env;
    if !described.parts.is_empty() {
        let mut parts = BTreeMap::new();
        for part in &described.parts {
            match first_set(env, &part.environment) {
                Some(value) => {
                    parts.insert(part.name.clone(), Secret::new(value));
                }
                None if part.optional => {}
                None => return in_file(described, known, platform),
            }
        }
        return Ok(Some(joined(&parts)));
    }
    if let Some(value) = first_set(env, &described.environment) {
        return Ok(Some(Secret::new(value.trim())));
    }
    in_file(described, known, platform)
}

/// Returns a credential from the file of a destination's tools.
fn in_file(
    described: &CredentialSpec,
    known: &BTreeMap<String, String>,
    platform: &Platform,
) -> Result<Option<Secret>> {
    let named = first_set(&platform.env, &described.file_environment);
    let Some(file) = named.or_else(|| described.file.clone()) else {
        return Ok(None);
    };
    // Without a home folder there is no such file.
    let Ok(path) = spec::locate(&file, &platform.folder, &platform.env) else {
        return Ok(None);
    };
    let Some(text) = files::read_text_within(&path, MAX_CREDENTIAL_BYTES)? else {
        return Ok(None);
    };
    let content = match described.file_format {
        FileFormat::Text => {
            let text = text.trim();
            return Ok((!text.is_empty()).then(|| Secret::new(text)));
        }
        FileFormat::Ini => ini::read(&text),
        FileFormat::Json => document(Format::Json, &text, &path)?,
        FileFormat::Toml => document(Format::Toml, &text, &path)?,
        FileFormat::Yaml => document(Format::Yaml, &text, &path)?,
    };
    let variables = known.iter();
    let variables = variables.map(|(name, value)| (format!("var.{name}"), value.clone()));
    let variables: BTreeMap<String, String> = map_of(variables);
    if described.parts.is_empty() {
        let at = described.in_file.as_ref();
        return Ok(at.and_then(|at| text_at(&content, at, &variables)));
    }
    let mut parts = BTreeMap::new();
    for part in &described.parts {
        let text = match &part.in_file {
            Some(at) => text_at(&content, at, &variables),
            None => content.get(&part.name).and_then(secret_text),
        };
        match text {
            Some(text) => {
                parts.insert(part.name.clone(), text);
            }
            None if part.optional => {}
            None => return Ok(None),
        }
    }
    Ok(Some(joined(&parts)))
}

/// Returns the text at a location of a file.
fn text_at(content: &Value, at: &Pointer, variables: &BTreeMap<String, String>) -> Option<Secret> {
    let known = |name: &str| variables.get(name).cloned();
    secret_text(&*at.filled(known)?.find(content)?)
}

fn secret_text(value: &Value) -> Option<Secret> {
    let text = plain_text(value).filter(|text| !text.is_empty())?;
    Some(Secret::new(text))
}

fn document(format: Format, text: &str, path: &Path) -> Result<Value> {
    structured::value_of(format, text).map_err(|name| {
        let path = path.display();
        Error::new(
            Kind::Store,
            format!("`{path}` is not {name}, so no credential is read from it"),
        )
    })
}

/// Returns how to hand a credential over; nothing if its tools have no place for it.
fn way_to_set(spec: &CredentialSpec) -> String {
    let parts = spec.parts.iter().filter(|part| !part.optional);
    let parts = parts.filter_map(|part| part.environment.first());
    let mut variables: Vec<&str> = parts.map(String::as_str).collect();
    variables.extend(spec.environment.first().map(String::as_str));
    let set = (!variables.is_empty()).then(|| format!("set {}", variables.join(" and ")));
    let file = match (&spec.file, spec.file_environment.first()) {
        (Some(file), _) => Some(format!("write it to {file}")),
        (None, Some(variable)) => Some(format!("name its file in {variable}")),
        (None, None) => None,
    };
    let ways: Vec<String> = set.into_iter().chain(file).collect();
    ways.join(", or ")
}
