//! Checks a manifest: its mistakes, the results of its examples, and the places that they leave out.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;

use super::diagnostics::diagnose_provider;
use super::replay;
use crate::core::error::{Error, Result};
use crate::manifest::{Diagnostic, Manifest, ReadLocation, places};
use crate::platform::Platform;
use crate::providers::{Catalogue, ProviderSource};

/// The age of `checked` from which a manifest counts as stale, in days.
const STALE_DAYS: i32 = 180;

/// The result of a check.
#[derive(Debug, Serialize)]
pub struct CheckReport {
    file: String,
    name: String,
    ok: bool,
    /// The day on which its facts were compared with the documentation; unknown if it cannot be read.
    checked: Option<String>,
    /// Says that this day is too long ago.
    stale: bool,
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
    let checked = examined.manifest.as_ref().map(|one| one.checked.clone());
    let report = CheckReport {
        file: known.file(),
        stale: checked
            .as_deref()
            .is_some_and(|day| is_stale(day, platform.clock.now())),
        checked,
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

/// Returns whether a day is so long ago that its facts may no longer be true.
fn is_stale(day: &str, now: Timestamp) -> bool {
    let today = now.to_zoned(TimeZone::UTC).date();
    let age = day.parse::<Date>().map(|day| today.since(day));
    age.is_ok_and(|age| age.is_ok_and(|age| age.get_days() > STALE_DAYS))
}

/// Checks every manifest; one that cannot be read does not hide the others.
pub async fn check_all(catalogue: Catalogue, platform: &Platform) -> Result<CheckReports> {
    let mut all = Vec::new();
    for (name, _) in catalogue.names(platform)? {
        let file = catalogue.folder(platform).join(format!("{name}.toml"));
        let known = match catalogue.lookup(&name, platform) {
            Ok(Some(known)) => known,
            Ok(None) => continue,
            Err(error) => {
                let file = file.display().to_string();
                all.push(CheckReport::unreadable(file, name, &error));
                continue;
            }
        };
        all.push(match check(&known, platform).await {
            Ok((report, _)) => report,
            Err(error) => CheckReport::unreadable(known.file(), name, &error),
        });
    }
    Ok(CheckReports(all))
}

/// The results for every manifest.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct CheckReports(Vec<CheckReport>);

impl CheckReports {
    /// Returns the findings as text; `whole` includes the checks that passed.
    pub fn page(&self, whole: bool) -> String {
        let mut page = String::new();
        for one in &self.0 {
            if whole || !one.ok {
                let _ = writeln!(page, "{}", one.page(whole));
            } else if let Some(warning) = one.stale_warning() {
                let _ = writeln!(page, "{}: {warning}", one.file);
            }
        }
        let examples = || self.0.iter().flat_map(|one| &one.examples);
        let passing = examples().filter(|example| example.ok).count();
        let failing = self.0.iter().filter(|one| !one.ok).count();
        let stale = self.0.iter().filter(|one| one.stale).count();
        let _ = writeln!(
            page,
            "{}: {failing} with mistakes, {stale} stale",
            counted(self.0.len(), "manifest")
        );
        let _ = writeln!(page, "examples: {passing} of {} pass", examples().count());
        page
    }

    /// Returns an error for the first manifest with a mistake or a failing example.
    pub fn verdict(&self) -> Result<()> {
        self.0.iter().try_for_each(CheckReport::verdict)
    }
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
    /// Returns the result for a manifest that cannot be read.
    fn unreadable(file: String, name: String, error: &Error) -> Self {
        let mistake = Diagnostic {
            line: 1,
            fix: error.hints().first().cloned(),
            ..Diagnostic::new(Vec::new(), error.message())
        };
        CheckReport {
            file,
            name,
            ok: false,
            checked: None,
            stale: false,
            mistakes: vec![mistake],
            examples: Vec::new(),
            coverage: Coverage::default(),
            live: None,
        }
    }

    fn stale_warning(&self) -> Option<String> {
        let day = self.checked.as_ref().filter(|_| self.stale)?;
        Some(format!(
            "checked: warning: {day} is more than {STALE_DAYS} days ago; compare the manifest with its sources"
        ))
    }

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
        if let Some(warning) = self.stale_warning() {
            let _ = writeln!(page, "{warning}");
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
