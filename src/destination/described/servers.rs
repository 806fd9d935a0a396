//! The URLs of the servers of a destination.

use std::collections::BTreeMap;

use url::Url;

use super::super::credential::first_set;
use crate::core::error::{Error, Result};
use crate::manifest::{Address, Manifest, Server};
use crate::platform::Env;
use crate::service::{Values, check_url, parse_bases, render_host};

/// Returns the variable that holds the URL of a destination, whatever its tools are set up for.
pub fn url_variable(manifest: &Manifest) -> String {
    let name = manifest.address.as_ref().map(Address::name);
    let name = name.unwrap_or(&manifest.name).to_uppercase();
    format!("KEYWRIGHT_DESTINATION_URL_{}", name.replace('-', "_"))
}

/// Returns the URL of each server of a destination, from its variables or filled from the parts of the address; an error
/// names the destination as `shown`.
pub fn bases(
    manifest: &Manifest,
    values: &Values,
    env: &Env,
    shown: &str,
) -> Result<BTreeMap<String, Url>> {
    let own = set_by_user(manifest, env)?;
    let mut bases = BTreeMap::new();
    for (name, server) in &manifest.servers {
        let set = own.get(name).cloned();
        let set = set.or_else(|| first_set(env, &server.environment));
        let text = match &set {
            Some(text) => text.clone(),
            None => {
                render_host(&server.url, values)
                    .map_err(|_| {
                        let form = server.url.as_written();
                        Error::usage(format!("`{shown}` does not fit into the address {form}"))
                    })?
                    .shown
            }
        };
        let url = check_url(&text).map_err(|error| match set {
            Some(_) => error.context(&server.environment.join(" or ")),
            None => error,
        })?;
        bases.insert(name.clone(), url);
    }
    Ok(bases)
}

/// Returns the URLs that the variable of the destination sets, by server.
fn set_by_user(manifest: &Manifest, env: &Env) -> Result<BTreeMap<String, String>> {
    let variable = url_variable(manifest);
    let Some(text) = env.get(&variable) else {
        return Ok(BTreeMap::new());
    };
    let read = parse_bases(manifest, text.split(','));
    read.map_err(|error| error.context(&variable))
}

/// Returns whether a variable holds the URL of one of the servers.
pub(super) fn are_set(manifest: &Manifest, env: &Env) -> bool {
    let is_set = |server: &Server| first_set(env, &server.environment).is_some();
    env.get(&url_variable(manifest)).is_some() || manifest.servers.values().any(is_set)
}

/// Returns how the address of the servers is set.
pub(super) fn way_to_reach(manifest: &Manifest) -> String {
    let names = manifest.servers.values();
    let mut names: Vec<&str> = names
        .filter_map(|server| server.environment.last())
        .map(String::as_str)
        .collect();
    let own = url_variable(manifest);
    if names.is_empty() {
        names.push(&own);
    }
    format!("check the network, the proxy and {}", names.join(", "))
}
