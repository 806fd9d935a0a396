//! `keywright providers`.

mod check;
mod live;

use std::fmt::Write;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Context;
use crate::api::{Support, support};
use crate::cli::{Providers, ProvidersCommand};
use crate::error::Result;
use crate::manifest::{DEFAULT_BASE, Manifest, RequestSpec, Template, Verb};
use crate::output::Report;
use crate::providers::{self, Known, Origin};

/// Carries out `keywright providers`.
pub(super) async fn run(args: &Providers, context: &Context<'_>) -> Result<u8> {
    match &args.command {
        None | Some(ProvidersCommand::List) => list(context),
        Some(ProvidersCommand::Show { provider, manifest }) => show(provider, *manifest, context),
        Some(ProvidersCommand::Check(args)) => check::check(args, context).await,
        Some(ProvidersCommand::Schema) => {
            context.reporter.text(crate::docs::language::SCHEMA)?;
            Ok(0)
        }
    }
}

#[derive(Serialize)]
struct Row {
    name: String,
    title: String,
    about: String,
    origin: String,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Rows(Vec<Row>);

impl Report<3> for Rows {
    const COLUMNS: [&'static str; 3] = ["PROVIDER", "SERVICE", "ABOUT"];

    fn rows(&self, _now: Timestamp) -> Vec<[String; 3]> {
        self.0
            .iter()
            .map(|row| [row.name.clone(), row.title.clone(), row.about.clone()])
            .collect()
    }
}

fn origin(known: &Known) -> String {
    match &known.origin {
        Origin::BuiltIn => "built in".to_owned(),
        Origin::User(path) => path.display().to_string(),
    }
}

fn list(context: &Context<'_>) -> Result<u8> {
    let mut rows = Vec::new();
    let mut first = None;
    for (name, _) in providers::names(context.world)? {
        let known = providers::find(&name, context.world)?;
        match known.manifest() {
            Ok(manifest) => rows.push(Row {
                title: manifest.title,
                about: manifest.about,
                origin: origin(&known),
                name,
            }),
            // One bad manifest does not hide the others.
            Err(error) => {
                first.get_or_insert(error);
            }
        }
    }
    context.reporter.report(&Rows(rows), "no providers")?;
    first.map_or(Ok(0), Err)
}

fn show(name: &str, as_manifest: bool, context: &Context<'_>) -> Result<u8> {
    let known = providers::find(name, context.world)?;
    if as_manifest {
        context.reporter.text(&known.text)?;
        return Ok(0);
    }
    let manifest = known.manifest()?;
    if context.reporter.json {
        context.reporter.json_value(&summary(&manifest, &known))?;
    } else {
        context.reporter.text(&page(&manifest, &known))?;
    }
    Ok(0)
}

fn call(request: &RequestSpec) -> String {
    let base = if request.base == DEFAULT_BASE {
        String::new()
    } else {
        format!(" ({})", request.base)
    };
    format!("{} {}{base}", request.method, request.path.as_written())
}

/// How a verb is done, in one word and one sentence.
fn how(manifest: &Manifest, verb: Verb) -> (&'static str, String) {
    match support(manifest, verb) {
        Support::Native(operation) => {
            let steps = operation.steps.iter().map(|step| match &step.program {
                Some(program) => {
                    let words: Vec<String> =
                        program.words.iter().map(Template::as_written).collect();
                    format!("the program `{}`", words.join(" "))
                }
                None => step.request.as_ref().map(call).unwrap_or_default(),
            });
            let calls: Vec<String> = steps.chain(operation.request.as_ref().map(call)).collect();
            ("native", calls.join(", then "))
        }
        Support::Via(other) => ("native", format!("through {other}")),
        Support::Manual(manual) => ("manual", manual.url.clone()),
        Support::Unsupported(why) => ("unsupported", why),
    }
}

fn assumptions(manifest: &Manifest) -> Vec<String> {
    let of_operations = manifest.operations.iter().flat_map(|(verb, operation)| {
        operation
            .assumed
            .iter()
            .map(move |text| format!("{verb}: {text}"))
    });
    let of_credentials = manifest.credentials.iter().flat_map(|(name, spec)| {
        let assumed = spec.verify.iter().flat_map(|operation| &operation.assumed);
        assumed.map(move |text| format!("verifying a {name}: {text}"))
    });
    manifest
        .assumed
        .iter()
        .cloned()
        .chain(of_credentials)
        .chain(of_operations)
        .collect()
}

fn summary(manifest: &Manifest, known: &Known) -> Value {
    let operations: Map<String, Value> = Verb::ALL
        .into_iter()
        .map(|verb| {
            let (word, sentence) = how(manifest, verb);
            (
                verb.name().to_owned(),
                json!({ "support": word, "how": sentence }),
            )
        })
        .collect();
    let credentials: Map<String, Value> = manifest
        .credentials
        .iter()
        .map(|(name, spec)| {
            (
                name.clone(),
                json!({ "kind": spec.kind.name(), "title": spec.title, "prefixes": spec.prefixes }),
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
        .bases
        .iter()
        .map(|(name, base)| (name.clone(), json!(base.url.as_written())))
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
        "variables": variables,
        "credentials": credentials,
        "scopes": manifest.scopes,
        "max_keys": manifest.limits.max_keys,
        "strategy": manifest.rotation.strategy.name(),
        "operations": operations,
        "sources": manifest.sources,
        "assumed": assumptions(manifest),
    })
}

fn page(manifest: &Manifest, known: &Known) -> String {
    let mut page = format!(
        "{} ({}): {}\n\n",
        manifest.title, manifest.name, manifest.about
    );
    let mut line = |title: &str, value: &str| {
        let _ = writeln!(page, "{title:<12} {value}");
    };
    for (name, base) in &manifest.bases {
        line("base", &format!("{name} = {}", base.url.as_written()));
    }
    for (name, spec) in &manifest.variables {
        let required = if spec.required { ", required" } else { "" };
        line("variable", &format!("{name} ({}{required})", spec.title));
    }
    for (name, spec) in &manifest.credentials {
        line("credential", &format!("{name} ({})", spec.title));
    }
    for (name, about) in &manifest.scopes {
        line("scope", &format!("{name}: {about}"));
    }
    if let Some(limit) = manifest.limits.max_keys {
        line("at most", &format!("{limit} keys"));
    }
    line("rotation", manifest.rotation.strategy.name());
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
    }
    let assumed = assumptions(manifest);
    if !assumed.is_empty() {
        page.push_str("\nassumed, because no source says it:\n");
        for text in assumed {
            let _ = writeln!(page, "  - {text}");
        }
    }
    page
}
