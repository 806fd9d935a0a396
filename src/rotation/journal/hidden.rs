//! Replaces ids that are as good as a secret by fingerprints in the journal.

use super::{Event, EventLog, LoggedEvent};
use crate::core::untrusted::{FINGERPRINT_PREFIX, fingerprint_of};

/// Returns the text that the journal holds in place of an id that must not appear in clear text.
pub fn hidden_id(id: &str) -> String {
    if is_hidden(id) {
        return id.to_owned();
    }
    fingerprint_of(id)
}

/// Returns whether an id as the journal holds it is only a fingerprint.
pub fn is_hidden(written: &str) -> bool {
    written.starts_with(FINGERPRINT_PREFIX)
}

/// Returns whether an id in the journal's form is the id `id`.
pub fn is_id(written: &str, id: &str) -> bool {
    written == id || is_hidden(written) && written == hidden_id(id)
}

impl Event {
    /// Maps every id in it.
    fn map_ids(&mut self, map: &dyn Fn(&str) -> String) {
        let ids: Vec<&mut String> = match self {
            Event::Intended(intent) => {
                let old = intent.replaces.as_mut();
                let old = old.and_then(|old| old.id.as_mut());
                let repaired = intent.repairs.as_mut();
                let repaired = repaired.and_then(|key| key.id.as_mut());
                let before = intent.before.iter_mut().flatten();
                before.chain(old).chain(repaired).collect()
            }
            Event::Staged(kept) => kept.id.iter_mut().collect(),
            Event::Created { id, .. } => id.iter_mut().collect(),
            Event::RevokingNew { id, .. } => vec![id],
            _ => Vec::new(),
        };
        for id in ids {
            *id = map(id);
        }
    }
}

impl LoggedEvent {
    pub(super) fn with_hidden_ids(&self) -> LoggedEvent {
        let mut entry = self.clone();
        entry.event.map_ids(&hidden_id);
        entry
    }
}

impl EventLog {
    /// Returns whether an id in it is only a fingerprint.
    pub fn hides_ids(&self) -> bool {
        let mut entries = self.0.iter();
        entries.any(|entry| {
            let hidden = std::cell::Cell::new(false);
            entry.clone().event.map_ids(&|id| {
                hidden.set(hidden.get() || is_hidden(id));
                id.to_owned()
            });
            hidden.get()
        })
    }

    /// Returns the same events with fingerprints in place of ids.
    pub(super) fn with_hidden_ids(&self) -> EventLog {
        EventLog(self.0.iter().map(LoggedEvent::with_hidden_ids).collect())
    }

    /// Replaces the fingerprint of each of these ids by the id.
    pub fn reveal(&mut self, ids: &[String]) {
        for entry in &mut self.0 {
            entry.event.map_ids(&|written| {
                let known = ids.iter().find(|id| is_id(written, id));
                known.map_or_else(|| written.to_owned(), Clone::clone)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_id_matches_and_is_idempotent() {
        let hidden = hidden_id("k-fake-0123456789");
        assert!(is_hidden(&hidden) && !hidden.contains("0123456789"));
        assert!(is_id(&hidden, "k-fake-0123456789") && !is_id(&hidden, "k-fake-other"));
        assert!(is_id("k1", "k1") && !is_id("k1", "k2"));
        assert_eq!(hidden_id(&hidden), hidden);
    }
}
