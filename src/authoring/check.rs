//! Checks a manifest: its mistakes, the results of its examples, and the places that they leave out.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

use super::diagnostics::diagnose_provider;
use super::replay;
use crate::core::error::{Error, Result};
use crate::manifest::{Diagnostic, Manifest, ReadLocation, places};
use crate::platform::Platform;
use crate::providers::ProviderSource;

/// The result of a check.
#[derive(Debug, Serialize)]
pub struct CheckReport {
    file: String,
    name: String,
    ok: bool,
    mistakes: Vec<Diagnostic>,
    examples: Vec<ExampleOutcome>,
    coverage: Coverage,
    /// The result of the live check, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<Value>,
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

/// Checks the manifest of a provider; the manifest is returned if nothing is wrong.
pub async fn check(
    known: &ProviderSource,
    platform: &Platform,
) -> Result<(CheckReport, Option<Manifest>)> {
    let examined = diagnose_provider(known)?;
    let (examples, coverage) = match &examined.manifest {
        Some(manifest) => (play(manifest, platform).await, coverage(manifest)),
        None => (Vec::new(), Coverage::default()),
    };
    let report = CheckReport {
        file: known.file(),
        ok: examined.mistakes.is_empty() && examples.iter().all(|example| example.ok),
        name: known.name.clone(),
        mistakes: examined.mistakes,
        examples,
        coverage,
        live: None,
    };
    let manifest = examined.manifest.filter(|_| report.ok);
    Ok((report, manifest))
}

async fn play(manifest: &Manifest, platform: &Platform) -> Vec<ExampleOutcome> {
    let played = replay::play(manifest, platform).await;
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
    /// Returns the findings as text; `whole` includes the checks that passed.
    pub fn page(&self, whole: bool) -> String {
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
                        "{}: the example `{}` passes",
                        example.place, example.name
                    );
                }
                None => {}
            }
        }
        for call in self.coverage.calls.iter().filter(|call| call.examples == 0) {
            let _ = writeln!(page, "{}: warning: no example covers it", call.place);
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
        let _ = writeln!(page, "examples: {right} of {} pass", self.examples.len());
        let _ = writeln!(
            page,
            "coverage: {shown} of {} calls, {held} of {} response fields",
            calls.len(),
            places.len()
        );
    }

    /// Returns an error for the first mistake or failing example.
    pub fn verdict(&self) -> Result<()> {
        if let Some(first) = self.mistakes.first() {
            return Err(Error::usage(format!(
                "the manifest has errors; the first: {}:{}: {}",
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
            let (count, fail) = match failing.len() {
                1 => ("1 example".to_owned(), "fails"),
                number => (format!("{number} examples"), "fail"),
            };
            return Err(Error::usage(format!(
                "{count} of {} {fail}; the first: `{}` of {}",
                self.file, first.name, first.place
            ))
            .hint(
                "fix the manifest if the recorded exchange is right, otherwise fix the example",
            ));
        }
        Ok(())
    }
}

fn counted(number: usize, what: &str) -> String {
    match number {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}
