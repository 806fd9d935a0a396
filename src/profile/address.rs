//! Resolves the addresses of a service, and checks an address before a credential is sent to it.

use std::collections::BTreeMap;

use url::Url;

use super::ValueSource;
use super::config::ProfileConfig;
use crate::core::error::{Error, Result};
use crate::manifest::{self, Manifest, Source};
use crate::platform::Platform;
use crate::service::{FieldValue, Values, check_url, parse_bases, render_host, unknown_base};

/// Returns the addresses of a profile by base, each with its source.
pub fn bases(
    platform: &Platform,
    saved: &ProfileConfig,
    manifest: &Manifest,
    variables: &BTreeMap<String, (String, ValueSource)>,
) -> Result<BTreeMap<String, (Url, ValueSource)>> {
    let sandbox = platform.addresses.get(&manifest.name);
    let environment = environment_bases(platform, manifest)?;
    for name in saved.base_urls.keys() {
        if !manifest.servers.contains_key(name) {
            return Err(unknown_base(manifest, name));
        }
    }
    let mut all = BTreeMap::new();
    for (name, base) in &manifest.servers {
        let found = sandbox
            .and_then(|addresses| Some((addresses.get(name)?.clone(), ValueSource::Sandbox)))
            .or_else(|| Some((environment.get(name)?.clone(), ValueSource::Environment)))
            .or_else(|| Some((saved.base_urls.get(name)?.clone(), ValueSource::Profile)));
        let (text, from) = match found {
            Some(found) => found,
            None => (
                own_base(manifest, name, &base.url, variables)?,
                ValueSource::Manifest,
            ),
        };
        all.insert(name.clone(), (check_url(&text)?, from));
    }
    Ok(all)
}

/// Returns the further hosts of a service, each with the credentials that it accepts. Returns none if an address is
/// not the service's own, since its credentials then belong elsewhere.
pub fn hosts<'m>(
    manifest: &'m Manifest,
    bases: &BTreeMap<String, (Url, ValueSource)>,
    variables: &BTreeMap<String, (String, ValueSource)>,
) -> Vec<(String, &'m [String])> {
    if bases
        .values()
        .any(|(_, from)| *from != ValueSource::Manifest)
    {
        return Vec::new();
    }
    let values = values_of(variables);
    let named = manifest
        .hosts
        .iter()
        .flat_map(|host| host.names.iter().map(|name| (name, host.auth.as_slice())));
    named
        .filter_map(|(name, uses)| Some((render_host(name, &values).ok()?.shown, uses)))
        .collect()
}

fn values_of(variables: &BTreeMap<String, (String, ValueSource)>) -> Values {
    let mut values = Values::at(jiff::Timestamp::UNIX_EPOCH);
    for (variable, (text, _)) in variables {
        values.set(
            &Source::Variable(variable.clone()),
            FieldValue::Plain(text.clone().into()),
        );
    }
    values
}

fn own_base(
    manifest: &Manifest,
    name: &str,
    template: &manifest::Template,
    variables: &BTreeMap<String, (String, ValueSource)>,
) -> Result<String> {
    render_host(template, &values_of(variables))
        .map(|filled| filled.shown)
        .map_err(|_| {
            Error::usage(format!(
                "the base URL `{name}` of {} needs a variable that is unset or not valid in a URL: {}",
                manifest.name,
                template.as_written()
            ))
            .hint("set it when logging in: keywright login --set NAME=VALUE")
        })
}

fn environment_bases(platform: &Platform, manifest: &Manifest) -> Result<BTreeMap<String, String>> {
    match platform.env.get("KEYWRIGHT_BASE_URL") {
        None => Ok(BTreeMap::new()),
        Some(text) => parse_bases(manifest, text.split(','))
            .map_err(|error| error.context("KEYWRIGHT_BASE_URL")),
    }
}

/// Returns whether a variable occurs only in addresses that are all overridden, so that it need not be set.
pub fn is_overridden(
    variable: &str,
    platform: &Platform,
    saved: &ProfileConfig,
    manifest: &Manifest,
) -> Result<bool> {
    let sandbox = platform.addresses.get(&manifest.name);
    let environment = environment_bases(platform, manifest)?;
    let given = |name: &String| {
        sandbox.is_some_and(|addresses| addresses.contains_key(name))
            || environment.contains_key(name)
            || saved.base_urls.contains_key(name)
    };
    let source = Source::Variable(variable.to_owned());
    let mut named = manifest
        .servers
        .iter()
        .filter(|(_, base)| base.url.sources().any(|one| *one == source))
        .peekable();
    Ok(named.peek().is_some()
        && named.all(|(name, _)| given(name))
        && !manifest.uses_source(&source))
}
