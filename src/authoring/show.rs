//! Describes what a service can do, how, within which bounds, and who says so.

mod operation;

use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::api::{Support, support};
use crate::manifest::{
    CallOwner, DEFAULT_SERVER, GrantType, HostSpec, Manifest, Operation, RequestSpec, Template,
    Verb,
};
use crate::providers::{ManifestOrigin, ProviderSource};

/// Returns the origin of a manifest in words.
pub fn origin(known: &ProviderSource) -> String {
    match &known.origin {
        ManifestOrigin::BuiltIn => "built in".to_owned(),
        ManifestOrigin::User(path) => path.display().to_string(),
    }
}

fn call(request: &RequestSpec) -> String {
    let base = if request.server == DEFAULT_SERVER {
        String::new()
    } else {
        format!(" ({})", request.server)
    };
    let path = match request.endpoint {
        Some(endpoint) => format!("`{}`", endpoint.name()),
        None => request.path.as_written(),
    };
    format!("{} {path}{base}", request.method)
}

/// Returns the logins at the authorization server, in one sentence.
fn logins(manifest: &Manifest) -> Option<String> {
    let oauth = manifest.oauth.as_ref()?;
    let ways = [
        (GrantType::AuthorizationCode, "in a browser"),
        (GrantType::DeviceCode, "with a code for any device"),
    ];
    let ways = ways.into_iter().filter(|(grant, _)| oauth.has(*grant));
    let words: Vec<&str> = ways.map(|(_, words)| words).collect();
    (!words.is_empty()).then(|| words.join(", or "))
}

/// Returns how a verb is implemented, in one word and one sentence.
fn how(manifest: &Manifest, verb: Verb) -> (&'static str, String) {
    match support(manifest, verb) {
        Support::Native(operation) => {
            let steps = operation.before.iter().map(|step| match &step.program {
                Some(program) => {
                    let words: Vec<String> =
                        program.words.iter().map(Template::as_written).collect();
                    format!("the program `{}`", words.join(" "))
                }
                None => step.request.as_ref().map(call).unwrap_or_default(),
            });
            let after = operation
                .after
                .iter()
                .filter_map(|step| step.request.as_ref());
            let calls = operation.request.iter().chain(after).map(call);
            let calls: Vec<String> = steps.chain(calls).collect();
            ("native", calls.join(", then "))
        }
        Support::Via(other) => ("native", format!("through {other}")),
        Support::Manual(manual) => ("manual", manual.url.clone()),
        Support::Unsupported(why) => match logins(manifest).filter(|_| verb == Verb::Login) {
            Some(ways) => ("native", ways),
            None => ("unsupported", why),
        },
    }
}

/// Returns the notes on the manifest, then those on each of its calls, which begin with its name.
fn notes(manifest: &Manifest, own: &[String], of: fn(&Operation) -> &[String]) -> Vec<String> {
    let of_calls = manifest.calls().into_iter().flat_map(|call| {
        let name = match call.owner {
            CallOwner::Verb(verb) => verb.to_string(),
            CallOwner::Verify(_, spec) => format!("verify, of the {}", spec.title),
            CallOwner::Revoke(_, spec) => format!("revoke, of the {}", spec.title),
            CallOwner::Discovery(spec, _) => format!("discover, of the {}", spec.title),
        };
        let notes = of(call.operation).iter();
        notes.map(move |note| format!("{name}: {note}"))
    });
    own.iter().cloned().chain(of_calls).collect()
}

fn assumptions(manifest: &Manifest) -> Vec<String> {
    notes(manifest, &manifest.assumed, |operation| &operation.assumed)
}

/// Returns the inputs of a new key other than name, scopes and expiry, each with its description.
fn further_fields(manifest: &Manifest) -> Vec<(&str, String)> {
    let create = manifest.operation(Verb::Create);
    let inputs = create.into_iter().flat_map(|create| &create.parameters);
    inputs
        .filter(|(name, _)| !["name", "scopes", "expires"].contains(&name.as_str()))
        .map(|(name, input)| {
            let about = input.about.clone().unwrap_or_default();
            let about = match input.choices.as_slice() {
                [] => about,
                choices => format!("{about} ({})", choices.join(", ")),
            };
            (name.as_str(), about)
        })
        .collect()
}

/// Returns the names of a further host, variables unfilled.
fn names_of(host: &HostSpec) -> Vec<String> {
    host.names.iter().map(Template::as_written).collect()
}

/// Describes a provider for a program.
pub fn summary(manifest: &Manifest, known: &ProviderSource) -> Value {
    let operations: Map<String, Value> = Verb::ALL
        .into_iter()
        .map(|verb| {
            let (word, sentence) = how(manifest, verb);
            let mut said = json!({ "support": word, "how": sentence });
            if let Support::Native(native) = support(manifest, verb) {
                said["inputs"] = operation::inputs_as_json(native);
                said["requests"] = json!(operation::count(native));
                said["effect"] = json!(operation::effect(native));
                said["sources"] = json!(native.sources);
            }
            (verb.name().to_owned(), said)
        })
        .collect();
    let credentials: Map<String, Value> = manifest
        .credentials
        .iter()
        .map(|(name, spec)| {
            (
                name.clone(),
                json!({
                    "kind": spec.kind.name(),
                    "title": spec.title,
                    "prefixes": spec.prefixes,
                    "lifetime": spec.lifetime.map(|life| life.to_string()),
                    "verified_by": spec.verify.as_ref().and_then(|verify| verify.request.as_ref()).map(call),
                }),
            )
        })
        .collect();
    let variables: Map<String, Value> = manifest
        .variables
        .iter()
        .map(|(name, spec)| {
            (
                name.clone(),
                json!({ "title": spec.title, "required": spec.required, "default": spec.default }),
            )
        })
        .collect();
    let bases: Map<String, Value> = manifest
        .servers
        .iter()
        .map(|(name, base)| (name.clone(), json!(base.url.as_written())))
        .collect();
    let hosts: Vec<Value> = manifest
        .hosts
        .iter()
        .map(|host| json!({ "names": names_of(host), "uses": host.auth }))
        .collect();
    json!({
        "name": manifest.name,
        "title": manifest.title,
        "about": manifest.about,
        "origin": origin(known),
        "extends": manifest.extends,
        "programs": manifest.programs,
        "docs": manifest.docs,
        "dashboard": manifest.dashboard,
        "checked": manifest.checked,
        "base_urls": bases,
        "hosts": hosts,
        "variables": variables,
        "credentials": credentials,
        "scopes": manifest.scopes,
        "max_keys": manifest.limits.max_keys,
        "rotate_every": manifest.limits.rotate_every.map(|every| every.to_string()),
        "rate": manifest.limits.rate,
        "rotation_note": manifest.rotation.note,
        "strategy": manifest.rotation.strategy.name(),
        "operations": operations,
        "sources": manifest.sources,
        "assumed": assumptions(manifest),
    })
}

/// Describes a provider as text.
pub fn page(manifest: &Manifest, known: &ProviderSource) -> String {
    let mut page = format!(
        "{} ({}): {}\n\n",
        manifest.title, manifest.name, manifest.about
    );
    let mut line = |title: &str, value: &str| {
        let _ = writeln!(page, "{title:<12} {value}");
    };
    for (name, base) in &manifest.servers {
        line("server", &format!("{name} = {}", base.url.as_written()));
    }
    for host in &manifest.hosts {
        let takes = host.auth.join(" or ");
        for name in names_of(host) {
            line("host", &format!("{name} (git and docker get the {takes})"));
        }
    }
    for (name, spec) in &manifest.variables {
        let required = if spec.required { ", required" } else { "" };
        line("variable", &format!("{name} ({}{required})", spec.title));
    }
    for (name, spec) in &manifest.credentials {
        let lives = spec
            .lifetime
            .map_or_else(String::new, |life| format!(", lives {life}"));
        line("credential", &format!("{name} ({}{lives})", spec.title));
        let verify = spec
            .verify
            .as_ref()
            .and_then(|verify| verify.request.as_ref());
        if let Some(request) = verify {
            line("", &format!("verified by {}", call(request)));
        }
    }
    for (name, about) in &manifest.scopes {
        line("scope", &format!("{name}: {about}"));
    }
    for (name, about) in further_fields(manifest) {
        line("new key", &format!("--set {name}=…: {about}"));
    }
    if let Some(limit) = manifest.limits.max_keys {
        line("at most", &format!("{limit} keys"));
    }
    if let Some(every) = manifest.limits.rotate_every {
        line("rotate", &format!("every {every}, as the service advises"));
    }
    if let Some(rate) = &manifest.limits.rate {
        line("rate", rate);
    }
    let note = manifest.rotation.note.as_ref();
    let note = note.map_or_else(String::new, |note| format!(": {note}"));
    line(
        "rotation",
        &format!("{}{note}", manifest.rotation.strategy.name()),
    );
    for (title, page) in [("docs", &manifest.docs), ("dashboard", &manifest.dashboard)] {
        if let Some(page) = page {
            line(title, page);
        }
    }
    line(
        "manifest",
        &format!("{}, checked {}", origin(known), manifest.checked),
    );
    if let Some(extended) = &manifest.extends {
        line("extends", extended);
    }
    for program in &manifest.programs {
        line(
            "program",
            &format!("{program}: it is started on this machine"),
        );
    }
    page.push('\n');
    for verb in Verb::ALL {
        let (word, sentence) = how(manifest, verb);
        let _ = writeln!(page, "{:<12} {word:<11}  {sentence}", verb.name());
        if let Support::Native(native) = support(manifest, verb) {
            for line in operation::lines(native) {
                let _ = writeln!(page, "{:<26}{line}", "");
            }
        }
    }
    let assumed = assumptions(manifest);
    if !assumed.is_empty() {
        page.push_str("\nassumed, because no source says it:\n");
        for text in assumed {
            let _ = writeln!(page, "  - {text}");
        }
    }
    let sources = notes(manifest, &manifest.sources, |operation| &operation.sources);
    if !sources.is_empty() {
        let _ = writeln!(page, "\nsources, last looked at on {}:", manifest.checked);
        for text in sources {
            let _ = writeln!(page, "  - {text}");
        }
    }
    page
}
