//! `keywright providers check`: what is wrong with a manifest, what its examples come to, and what they leave out.

use std::fmt::Write;
use std::path::Path;
use std::rc::Rc;

use serde::Serialize;
use serde_json::Value;

use super::super::{Context, ResolvedProfile};
use super::live;
use crate::cli::ProvidersCheckArgs;
use crate::core::error::{Error, Kind, Result};
use crate::manifest::{LocatedDiagnostic, Manifest, ReadLocation, places};
use crate::providers::{self, ProviderSource};
use crate::replay;

/// The word for stdin.
const STDIN: &str = "-";

/// The largest manifest that is read from stdin, in bytes.
const MAX_STDIN_BYTES: usize = 1 << 20;

/// The result of a check.
#[derive(Debug, Serialize)]
struct CheckReport {
    file: String,
    name: String,
    ok: bool,
    mistakes: Vec<LocatedDiagnostic>,
    examples: Vec<ExampleOutcome>,
    coverage: Coverage,
    /// The result of the live check, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    live: Option<Value>,
}

/// An example, and what came of it.
#[derive(Debug, Serialize)]
struct ExampleOutcome {
    place: String,
    name: String,
    ok: bool,
    /// The problem, if there is one.
    why: Option<String>,
}

/// The coverage of the examples.
#[derive(Debug, Default, Serialize)]
struct Coverage {
    calls: Vec<CallCoverage>,
    places: Vec<ReadLocation>,
}

#[derive(Debug, Serialize)]
struct CallCoverage {
    place: String,
    examples: usize,
}

/// Checks a manifest; 2 where it is wrong or an example fails.
pub(super) async fn check(args: &ProvidersCheckArgs, context: &Context<'_>) -> Result<u8> {
    let known = known(&args.provider, context)?;
    let examined = known.diagnose()?;
    let (examples, coverage) = match &examined.manifest {
        Some(manifest) => (play(manifest, context).await, coverage(manifest)),
        None => (Vec::new(), Coverage::default()),
    };
    let mut findings = CheckReport {
        file: known.file(),
        ok: examined.mistakes.is_empty() && examples.iter().all(|example| example.ok),
        name: known.name.clone(),
        mistakes: examined.mistakes,
        examples,
        coverage,
        live: None,
    };
    let manifest = examined.manifest.filter(|_| findings.ok && args.live);
    let Some(manifest) = manifest else {
        findings.tell(context, "")?;
        return findings.verdict();
    };
    let opened = at_the_service(manifest, &known, context)?;
    let report = live::walk(args, &opened, context).await?;
    findings.live = Some(report.json());
    findings.tell(context, &report.page())?;
    report.verdict().map(|()| 0)
}

/// The profile with the manifest that is checked in place of its own.
fn at_the_service(
    mut manifest: Manifest,
    known: &ProviderSource,
    context: &Context<'_>,
) -> Result<ResolvedProfile> {
    let platform = context.platform;
    let chosen = context.choose()?;
    manifest.digest = known.manifest()?.digest;
    if chosen.saved.provider != manifest.name {
        return Err(Error::usage(format!(
            "the profile `{}` is one of {}, and the manifest describes {}",
            chosen.name, chosen.saved.provider, manifest.name
        ))
        .hint(format!(
            "name a profile of it with `-p`, or make one: keywright login {}",
            manifest.name
        )));
    }
    // Whoever finishes what was interrupted reads the manifest that everything else reads.
    let in_force = providers::find(&manifest.name, platform)?;
    if in_force.text != known.text {
        context.log.warn(&format!(
            "{} is not the manifest in force: `rotations resume` would go by {}",
            known.file(),
            in_force.file()
        ));
    }
    context.open_with(chosen, Rc::new(manifest))
}

/// The manifest that is meant: a file, stdin, or that of a known provider.
fn known(path: &Path, context: &Context<'_>) -> Result<ProviderSource> {
    let platform = context.platform;
    let name = path.to_str().unwrap_or_default();
    if name == STDIN {
        if platform.terminal.stdin_is_terminal() {
            return Err(
                Error::usage("`-` reads the manifest from stdin, and stdin is a terminal")
                    .hint("name the file: keywright providers check FILE"),
            );
        }
        let bytes = platform
            .terminal
            .read_stdin(MAX_STDIN_BYTES)
            .map_err(|error| {
                Error::usage("the manifest could not be read from stdin").caused_by(error)
            })?;
        let text = String::from_utf8(bytes).map_err(|_| Error::usage("stdin is not UTF-8 text"))?;
        return ProviderSource::from_text(text, "stdin", platform);
    }
    let file = platform.folder.join(path);
    if !file.is_file()
        && providers::is_name(name)
        && path.extension().is_none_or(|end| end != "toml")
    {
        return providers::find(name, platform);
    }
    ProviderSource::from_file(&file, platform)
}

async fn play(manifest: &Manifest, context: &Context<'_>) -> Vec<ExampleOutcome> {
    let played = replay::play(manifest, context.platform).await;
    played
        .into_iter()
        .map(|played| ExampleOutcome {
            place: played.place,
            name: played.name,
            ok: played.outcome.is_ok(),
            why: played.outcome.err(),
        })
        .collect()
}

fn coverage(manifest: &Manifest) -> Coverage {
    let calls = replay::calls(manifest).into_iter();
    Coverage {
        calls: calls
            .map(|(place, examples)| CallCoverage { place, examples })
            .collect(),
        places: places(manifest),
    }
}

impl CheckReport {
    fn tell(&self, context: &Context<'_>, more: &str) -> Result<()> {
        if context.reporter.json {
            return context.reporter.json_value(self);
        }
        let page = self.page(context.global.verbose);
        context.reporter.text(&format!("{page}{more}"))
    }

    /// Returns the findings as text; `whole` includes the checks that passed.
    fn page(&self, whole: bool) -> String {
        let mut page = String::new();
        for mistake in &self.mistakes {
            let _ = writeln!(
                page,
                "{}:{}: {}",
                self.file,
                mistake.place(),
                mistake.message
            );
            if let Some(fix) = &mistake.fix {
                let _ = writeln!(page, "  fix: {fix}");
            }
        }
        for example in &self.examples {
            match &example.why {
                Some(why) => {
                    let _ = writeln!(
                        page,
                        "{}: the example `{}` fails: {why}",
                        example.place, example.name
                    );
                }
                None if whole => {
                    let _ = writeln!(
                        page,
                        "{}: the example `{}` is right",
                        example.place, example.name
                    );
                }
                None => {}
            }
        }
        for call in self.coverage.calls.iter().filter(|call| call.examples == 0) {
            let _ = writeln!(page, "{}: warning: no example shows it", call.place);
        }
        for place in &self.coverage.places {
            if whole && !place.shown {
                let _ = writeln!(page, "{}: {} is in no example", place.key, place.at);
            }
        }
        self.sum(&mut page);
        page
    }

    fn sum(&self, page: &mut String) {
        if !page.is_empty() {
            page.push('\n');
        }
        let _ = writeln!(
            page,
            "{}: {}",
            self.file,
            counted(self.mistakes.len(), "mistake")
        );
        if self.coverage.calls.is_empty() {
            return;
        }
        let right = self.examples.iter().filter(|example| example.ok).count();
        let calls = &self.coverage.calls;
        let shown = calls.iter().filter(|call| call.examples > 0).count();
        let places = &self.coverage.places;
        let held = places.iter().filter(|place| place.shown).count();
        let _ = writeln!(
            page,
            "examples: {right} of {} are right",
            self.examples.len()
        );
        let _ = writeln!(
            page,
            "coverage: {shown} of {} calls, {held} of {} places that are read",
            calls.len(),
            places.len()
        );
    }

    fn verdict(&self) -> Result<u8> {
        if let Some(first) = self.mistakes.first() {
            return Err(Error::usage(format!(
                "the manifest is not right, first of all {}:{}: {}",
                self.file,
                first.place(),
                first.message
            ))
            .with_hints(first.fix.clone())
            .hint("see the reference: man keywright-manifest"));
        }
        let failing: Vec<&ExampleOutcome> =
            self.examples.iter().filter(|example| !example.ok).collect();
        if let Some(first) = failing.first() {
            return Err(Error::new(
                Kind::Usage,
                format!(
                    "{} of {}; first of all `{}` of {}",
                    counted(failing.len(), "failing example"),
                    self.file,
                    first.name,
                    first.place
                ),
            )
            .hint(
                "fix the manifest if the recorded exchange is right, otherwise fix the example",
            ));
        }
        Ok(0)
    }
}

fn counted(number: usize, what: &str) -> String {
    match number {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}
