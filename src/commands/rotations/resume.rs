//! `keywright rotations resume`: goes on where records stopped, each by itself.

use std::cell::Cell;

use super::super::{Context, FirstFailure};
use super::{compare_resumed, outcome_view, person, print, report_outcome, with_record};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::rotation::Rotation;
use crate::rotation::journal::{self, Record};

/// Resumes the record of that name.
pub(super) async fn one(id: &str, context: &Context<'_>) -> Result<u8> {
    let stream = JsonStream::default();
    resumed(id, context, &stream).await?;
    Ok(0)
}

/// Resumes every record, the oldest first; one failure does not hide the others, and the first decides the exit code.
pub(super) async fn all(context: &Context<'_>) -> Result<u8> {
    journal::clear_orphans(context.platform);
    let all = journal::all(context.platform)?;
    if all.is_empty() {
        return Err(Error::new(Kind::NotFound, "nothing is unfinished"));
    }
    let several = all.len() > 1;
    let stream = JsonStream {
        several,
        ..JsonStream::default()
    };
    let mut first = FirstFailure::default();
    for seen in all {
        let Err(error) = resumed(&seen.id, context, &stream).await else {
            continue;
        };
        let error = if several {
            error.context(&seen.id)
        } else {
            error
        };
        first.add(context, error);
    }
    stream.end(context)?;
    first.exit_code()
}

/// The answer as JSON: one object, or one array that is written while it grows, for a key is printed before the next
/// record is taken up.
#[derive(Default)]
struct JsonStream {
    several: bool,
    begun: Cell<bool>,
}

impl JsonStream {
    /// Writes what comes before a value.
    fn separate(&self, context: &Context<'_>) -> std::io::Result<()> {
        if !self.several || !context.reporter.json {
            return Ok(());
        }
        let separator = if self.begun.replace(true) { "," } else { "[" };
        context.platform.terminal.write_stdout(separator.as_bytes())
    }

    fn end(&self, context: &Context<'_>) -> Result<()> {
        if !self.several || !context.reporter.json {
            return Ok(());
        }
        let end = if self.begun.get() { "]" } else { "[]" };
        context.reporter.text(&format!("{end}\n"))
    }
}

async fn resumed(id: &str, context: &Context<'_>, stream: &JsonStream) -> Result<()> {
    let record = Record::open(context.platform, id)?;
    let printed = Cell::new(false);
    let (outcome, changed) = with_record(context, record, async |client, record| {
        let changed = compare_resumed(context, client, &record).await?;
        let show = |record: &Record, secret: &Secret| {
            stream.separate(context)?;
            printed.set(true);
            print(context, record, changed.as_deref(), secret)
        };
        let person = person(context, client, &record, &show);
        let outcome = Rotation::new(client, &person, record, None).run().await?;
        drop(person);
        Ok((outcome, changed))
    })
    .await?;
    report_outcome(context, &outcome);
    if context.reporter.json && !printed.get() {
        stream
            .separate(context)
            .map_err(|error| Error::failed("stdout does not take the answer").caused_by(error))?;
        let view = outcome_view(outcome);
        context.reporter.json_value(&match changed {
            Some(changed) => view.with_changes(changed),
            None => view,
        })?;
    }
    Ok(())
}
