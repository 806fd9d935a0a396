//! The description of a destination: its form, its credential, and what it can do.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::destination::{DestinationKind, url_variable};
use crate::manifest::{Address, CredentialSpec, Manifest, Operation, Server, Tool, Verb};

/// Returns the page of a destination in code.
pub(super) fn in_code(kind: &DestinationKind) -> String {
    let mut page = format!("{}\n  {}\n", kind.syntax, kind.summary);
    for variable in kind.variables {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "  reads {}", variable.name);
    }
    page.push_str(if kind.reads_back {
        "  can be read back\n"
    } else {
        "  cannot be read back\n"
    });
    page
}

/// Returns how a credential is found.
fn sources(spec: &CredentialSpec) -> Vec<String> {
    let parts = spec.parts.iter();
    let parts = parts.filter_map(|part| part.environment.first().cloned());
    let own = spec.environment.iter().cloned();
    let files = spec.file_environment.iter().chain(&spec.file);
    own.chain(parts).chain(files.cloned()).collect()
}

/// Returns the variables that hold the URL of a server, the deciding one first.
fn server_variables<'s>(server: &'s Server, own: &'s str) -> Vec<&'s str> {
    let tools = server.environment.iter().map(String::as_str);
    std::iter::once(own).chain(tools).collect()
}

fn native(manifest: &Manifest, verb: Verb) -> Option<&Operation> {
    let operation = manifest.operation(verb)?;
    operation.request.is_some().then_some(operation)
}

pub(super) fn can_read(manifest: &Manifest) -> bool {
    native(manifest, Verb::Read).is_some_and(|read| read.response.value.is_some())
}

/// Returns whether the response shows a digest of the value.
pub(super) fn shows_digest(manifest: &Manifest) -> bool {
    native(manifest, Verb::Read).is_some_and(|read| read.response.sha256.is_some())
}

fn can_empty(manifest: &Manifest) -> bool {
    native(manifest, Verb::Remove).is_some() || native(manifest, Verb::Discard).is_some()
}

/// Returns a destination as JSON.
pub(super) fn summary(manifest: &Manifest, origin: &str) -> Value {
    let credentials = manifest.credentials.iter();
    let credentials = credentials.map(|(name, spec)| (name.clone(), json!(sources(spec))));
    let own = url_variable(manifest);
    let servers = manifest.servers.iter().map(|(name, server)| {
        let set = server_variables(server, &own);
        let server = json!({ "url": server.url.as_written(), "environment": set });
        (name.clone(), server)
    });
    json!({
        "name": manifest.address.as_ref().map(Address::name),
        "form": manifest.address.as_ref().map(Address::shown),
        "title": manifest.title,
        "about": manifest.about,
        "docs": manifest.docs,
        "origin": origin,
        "checked": manifest.checked,
        "sources": manifest.sources,
        "assumed": manifest.assumed,
        "reads": can_read(manifest),
        "digest": shows_digest(manifest),
        "empties": can_empty(manifest),
        "credentials": credentials.collect::<serde_json::Map<_, _>>(),
        "servers": servers.collect::<serde_json::Map<_, _>>(),
    })
}

/// Returns a destination as a page.
pub(super) fn page(manifest: &Manifest, origin: &str) -> String {
    let mut page = String::new();
    // Writing to a string cannot fail.
    let mut line = |name: &str, text: &str| {
        let _ = writeln!(page, "{name:<14}{text}");
    };
    if let Some(address) = &manifest.address {
        line("destination", &address.shown());
    }
    line("service", &manifest.title);
    line("about", &manifest.about);
    let own = url_variable(manifest);
    for server in manifest.servers.values() {
        let set = server_variables(server, &own).join(", ");
        line("server", &format!("{} (or {set})", server.url.as_written()));
    }
    for spec in manifest.credentials.values() {
        line(
            "credential",
            &format!("{}: {}", spec.title, sources(spec).join(", ")),
        );
    }
    if let Some(Tool::Kubectl) = manifest.tool {
        let text = "KUBECONFIG or ~/.kube/config, else the service account of the pod";
        line("or kubectl's", text);
    }
    if let Some(address) = &manifest.address {
        let table = format!("[destinations.{}] of config.toml", address.name());
        line(
            "or a profile's",
            &format!("`profile = \"NAME\"` in {table}"),
        );
    }
    let yes = |is: bool, yes: &'static str, no: &'static str| if is { yes } else { no };
    line(
        "read back",
        match (can_read(manifest), shows_digest(manifest)) {
            (true, _) => "yes: a delivery is read back, and an earlier value is saved",
            (false, true) => "by digest: a delivery is compared; an earlier value cannot be saved",
            (false, false) => "no: an earlier value cannot be saved",
        },
    );
    line(
        "emptied",
        yes(
            can_empty(manifest),
            "yes: an undo removes what stood nowhere before",
            "no: an undo leaves a value where nothing stood before",
        ),
    );
    for assumption in &manifest.assumed {
        line("assumed", assumption);
    }
    line("origin", origin);
    line("checked", &manifest.checked);
    for source in &manifest.sources {
        line("source", source);
    }
    page
}
