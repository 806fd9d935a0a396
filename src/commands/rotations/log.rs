//! `keywright rotations log`: what was done with keys, when and by whom, on every machine that shares the state.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::super::Context;
use crate::core::error::{Error, Kind, Result};
use crate::core::untrusted::{escape, one_line};
use crate::manifest::Span;
use crate::platform::Actor;
use crate::report::output::{Cell, Column, Tabular};
use crate::rotation::journal::{self, RecordTrail, TrailChange};

/// An event of the log.
#[derive(Serialize)]
struct LogEntry {
    at: Timestamp,
    rotation: String,
    event: &'static str,
    by: Option<Actor>,
    profile: Option<String>,
    provider: Option<String>,
    /// The id of the key that the event is about.
    key: Option<String>,
    /// The fingerprint of its secret.
    fingerprint: Option<String>,
    destination: Option<String>,
}

impl LogEntry {
    fn all_of(trail: &RecordTrail) -> Vec<LogEntry> {
        let intent = trail.events.intent();
        let entries = trail.entries();
        entries
            .map(|(entry, key, fingerprint)| LogEntry {
                at: entry.at,
                rotation: trail.id.clone(),
                event: entry.event.kind().name(),
                by: entry.by.clone(),
                profile: intent.map(|intent| intent.profile.clone()),
                provider: intent.map(|intent| intent.provider.clone()),
                key: key.map(str::to_owned),
                fingerprint: fingerprint.map(str::to_owned),
                destination: entry.event.destination().map(ToString::to_string),
            })
            .collect()
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct Log(Vec<LogEntry>);

impl Tabular<8> for Log {
    const COLUMNS: [Column; 8] = [
        Column::date("TIME"),
        Column::id("ROTATION"),
        Column::name("EVENT"),
        Column::name("BY").optional(3),
        Column::name("PROFILE").optional(2),
        Column::id("KEY"),
        Column::id("FINGERPRINT").optional(1),
        Column::prose("DESTINATION"),
    ];

    fn rows(&self, now: Timestamp) -> Vec<[Cell; 8]> {
        let dash = |text: Option<String>| text.map_or_else(|| "-".to_owned(), |text| escape(&text));
        let row = |entry: &LogEntry| {
            [
                Cell::moment(Some(entry.at), now),
                Cell::from(entry.rotation.as_str()),
                Cell::from(entry.event),
                Cell::from(dash(entry.by.as_ref().map(ToString::to_string))),
                Cell::from(dash(entry.profile.clone())),
                Cell::from(dash(entry.key.clone())),
                Cell::from(dash(entry.fingerprint.clone())),
                Cell::from(dash(entry.destination.clone())),
            ]
        };
        self.0.iter().map(row).collect()
    }
}

/// Prints the log, and fails if any of it was changed after it was written.
pub(super) fn show(since: Option<Span>, context: &Context<'_>) -> Result<u8> {
    let start = since.and_then(|since| {
        let since = SignedDuration::try_from(since.duration()).ok()?;
        context.platform.clock.now().checked_sub(since).ok()
    });
    let trails = journal::trails(context.platform)?;
    let mut entries: Vec<LogEntry> = trails.iter().flat_map(LogEntry::all_of).collect();
    entries.retain(|entry| start.is_none_or(|start| entry.at >= start));
    entries.sort_by_key(|entry| entry.at);
    context.reporter.report(&Log(entries), "the log is empty")?;
    let changes: Vec<String> = trails.iter().filter_map(change_of).collect();
    let Some(first) = changes.first() else {
        return Ok(0);
    };
    for change in &changes[1..] {
        context.log.warn(change);
    }
    Err(Error::new(Kind::Failed, first.clone())
        .hint("compare it with a backup; what it says from there on is not proved"))
}

/// Returns what was changed in a trail, in words.
fn change_of(trail: &RecordTrail) -> Option<String> {
    let id = one_line(&trail.id);
    Some(match trail.change.as_ref()? {
        TrailChange::Line(line) => journal::changed_notice(&trail.id, *line),
        TrailChange::End => format!("the record {id} was changed at its end after it was written"),
        TrailChange::Unreadable(error) => format!("the record {id} cannot be verified: {error}"),
    })
}
