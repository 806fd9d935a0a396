//! The next step of a record, in words.

use crate::core::moment::to_the_minute;
use crate::destination::DestinationSpec;
use crate::rotation::journal::{EventLog, Intent, RecordState, Step, Unreadable};

/// Tells what is to be done next.
pub(super) fn next(id: &str, events: &EventLog, state: Option<RecordState>) -> String {
    let resume = format!("keywright rotations resume {id}");
    let to_stdout = events
        .undelivered()
        .iter()
        .all(|to| *to == DestinationSpec::STDOUT);
    let Some(state) = state else {
        return "nothing".to_owned();
    };
    let what = match events.next_step(state) {
        Some(Step::Intend) => return "nothing".to_owned(),
        Some(Step::Create)
            if state == RecordState::Intended
                && events.intent().is_some_and(Intent::records_sending) =>
        {
            "nothing was sent; close it"
        }
        Some(Step::Create) => "check whether a key was created",
        Some(Step::RevokeUnstored) => "revoke the new key, which could not be stored",
        Some(Step::Verify | Step::Deliver) if events.repairs().is_some() => {
            "write the key to its destinations"
        }
        Some(Step::RollBack) if events.repairs().is_some() => {
            "restore the values from before the repair"
        }
        Some(Step::Verify) => "verify and deliver the new key",
        Some(Step::Deliver) if state == RecordState::Printing => {
            "it may have been printed; print it again"
        }
        Some(Step::Deliver) if events.replaces().is_none() && to_stdout => "print the key",
        Some(Step::Deliver) => "deliver the new key",
        Some(Step::RunHooks) => "run the hooks that follow the delivery",
        Some(Step::LeaveOldKey) if let Some(end) = events.grace_ends() => {
            let end = to_the_minute(end);
            return format!("revoke the old key after {end}: {resume}");
        }
        Some(Step::Watch) if let Some(end) = events.unused_ends() => {
            let end = to_the_minute(end);
            return format!(
                "revoke the old key once it is unused, {end} at the earliest: {resume}"
            );
        }
        Some(Step::Watch) => "leave the old key until it is unused",
        Some(Step::DisableOld) => "make sure that the old key is disabled",
        Some(Step::LeaveOldKey | Step::VerifyAgain) => "revoke the old key",
        Some(Step::RevokeOld) => "make sure that the old key is revoked",
        Some(Step::RollBack) if events.is_lease() => "revoke the key when its command has exited",
        Some(Step::RollBack) => "restore the old value",
        Some(Step::Stage | Step::CleanUp) | None => "clean up",
    };
    format!("{what}: {resume}")
}

/// Tells what can be done with a record that cannot be read.
pub(super) fn next_unreadable(id: &str, unreadable: &Unreadable) -> String {
    match unreadable {
        Unreadable::Failed(error) => format!("make its record readable: {error}"),
        Unreadable::Newer(_) => "finish it with the newer keywright that wrote it".to_owned(),
        Unreadable::Damaged(_) => format!(
            "its record is damaged: look at it, then set it aside: keywright rotations abort {id}"
        ),
    }
}
