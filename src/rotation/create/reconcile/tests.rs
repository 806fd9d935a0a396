//! Tests of the search for the lost key among listed keys.

use super::*;
use crate::core::format::WriterVersion;
use crate::core::key::KeyStatus;
use crate::rotation::journal::{Event, Intent, LoggedEvent, StorageLocation};
use crate::store::{SecretRef, StoreKind};

const SENT: &str = "2026-11-20T12:00:00Z";

fn events(name: Option<&str>, listed_at: Option<&str>) -> EventLog {
    let intent = Intent {
        version: 2,
        writer: WriterVersion,
        profile: "p".to_owned(),
        provider: "acme".to_owned(),
        name: name.map(str::to_owned),
        before: Some(vec!["k1".to_owned()]),
        listed_at: listed_at.map(|at| at.parse().unwrap()),
        to: Vec::new(),
        place: StorageLocation {
            store: StoreKind::FILE,
            shelter: true,
            item: SecretRef::fresh().unwrap(),
            spool_key: None,
        },
        repairs: None,
        replaces: None,
        asked: None,
        lease: false,
    };
    let at = |event| LoggedEvent {
        at: SENT.parse().unwrap(),
        event,
        by: None,
    };
    EventLog(vec![
        at(Event::Intended(Box::new(intent))),
        at(Event::Sending),
    ])
}

fn key(id: &str, name: Option<&str>, made: Option<&str>) -> Key {
    Key {
        id: Some(Untrusted::new(id)),
        name: name.map(Untrusted::new),
        created_at: made.map(|made| made.parse().unwrap()),
        status: KeyStatus::Active,
        ..Key::unknown("acme", "p")
    }
}

fn nothing_known() -> KnownKeys {
    KnownKeys {
        ids: Vec::new(),
        delivered: Vec::new(),
        unreadable: Vec::new(),
        in_progress: Vec::new(),
    }
}

/// Returns the candidates by their ids, each with whether it matches.
fn judged(events: &EventLog, known: &KnownKeys, keys: Vec<Key>) -> Vec<(String, bool)> {
    match judge(events, &["k1".to_owned()], known, keys) {
        Reconciled::Candidates(candidates) => candidates
            .into_iter()
            .map(|one| (one.key.id.unwrap().as_received().to_owned(), one.matches))
            .collect(),
        _ => Vec::new(),
    }
}

fn one(id: &str, matches: bool) -> Vec<(String, bool)> {
    vec![(id.to_owned(), matches)]
}

#[test]
fn reconcile_other_name_or_existing_excluded() {
    let events = events(Some("ci"), Some(SENT));
    let known = nothing_known();
    for (listed, expected) in [
        (key("k1", Some("ci"), Some(SENT)), Vec::new()),
        (key("k2", Some("laptop"), Some(SENT)), Vec::new()),
        (key("k2", Some("ci"), Some(SENT)), one("k2", true)),
        // A missing property excludes nothing; without a name there is no certainty.
        (key("k2", None, Some(SENT)), one("k2", false)),
        (key("k2", Some("ci"), None), one("k2", true)),
    ] {
        let shown = format!("{listed:?}");
        assert_eq!(judged(&events, &known, vec![listed]), expected, "{shown}");
    }
}

#[test]
fn reconcile_key_predating_list_is_excluded() {
    // The service is an hour ahead of this machine.
    let there = Some("2026-11-20T13:00:30Z");
    let known = nothing_known();
    for (made, expected) in [
        ("2026-11-20T12:54:00Z", false),
        ("2026-11-20T12:55:45Z", true),
        ("2026-11-20T13:00:31Z", true),
    ] {
        let keys = vec![key("k2", Some("ci"), Some(made))];
        let found = judged(&events(Some("ci"), there), &known, keys);
        assert_eq!(found.len(), usize::from(expected), "{made}");
    }
    // Without the time of the list nothing is excluded, but an old key is no match.
    let keys = vec![key("k2", Some("ci"), Some("2026-11-20T11:00:00Z"))];
    assert_eq!(
        judged(&events(Some("ci"), None), &known, keys),
        one("k2", false)
    );
}

#[test]
fn reconcile_compares_times_at_service_precision() {
    let events = events(Some("ci"), Some("2026-11-20T18:45:30Z"));
    let known = nothing_known();
    let old = |made| key("k1", Some("old"), Some(made));
    for (other, made, expected) in [
        // Days, hours and minutes.
        ("2026-01-01T00:00:00Z", "2026-11-20T00:00:00Z", 1),
        ("2026-01-01T00:00:00Z", "2026-11-19T00:00:00Z", 0),
        ("2026-01-01T07:00:00Z", "2026-11-20T18:00:00Z", 1),
        ("2026-01-01T07:00:00Z", "2026-11-20T17:00:00Z", 0),
        ("2026-01-01T07:31:00Z", "2026-11-20T18:40:00Z", 1),
        ("2026-01-01T07:31:05Z", "2026-11-20T18:40:29Z", 0),
    ] {
        let keys = vec![old(other), key("k2", Some("ci"), Some(made))];
        assert_eq!(judged(&events, &known, keys).len(), expected, "{made}");
    }
}

#[test]
fn reconcile_delivered_key_is_excluded() {
    let events = events(Some("ci"), Some(SENT));
    let mut known = nothing_known();
    let delivered = |id: Option<&str>, masked: &str| DeliveredKey {
        provider: "acme".to_owned(),
        profile: "p".to_owned(),
        id: id.map(str::to_owned),
        masked: masked.to_owned(),
        fingerprint: None,
        at: SENT.parse().unwrap(),
    };
    known.delivered.push(delivered(Some("k3"), "***0001"));
    known.delivered.push(delivered(None, "ac_***9f3e"));
    let mut masked = key("k4", Some("ci"), Some(SENT));
    masked.masked = Some(Untrusted::new("ac_1...9f3e"));
    let mut other = key("k2", Some("ci"), Some(SENT));
    other.masked = Some(Untrusted::new("ac_1...0001"));
    let keys = vec![other, key("k3", Some("ci"), Some(SENT)), masked];
    // A mask counts only where no id is known.
    assert_eq!(judged(&events, &known, keys), one("k2", true));
}

#[test]
fn only_one_selects_key_by_mask() {
    let mut first = key("k2", Some("ci"), None);
    first.masked = Some(Untrusted::new("one"));
    let mut second = key("k3", Some("ci"), None);
    second.masked = Some(Untrusted::new("two"));
    let found = |keys: &[&Key], mask: &str| {
        only_one(keys.iter().copied(), &|shown| {
            (shown != "three").then_some(shown == mask)
        })
    };
    assert_eq!(found(&[&first, &second], "two").as_deref(), Some("k3"));
    // The mask of another secret.
    assert_eq!(found(&[&first], "two"), None);
    // A mask that shows nothing.
    let mut third = key("k4", Some("ci"), None);
    third.masked = Some(Untrusted::new("three"));
    assert_eq!(found(&[&first, &third], "two").as_deref(), Some("k4"));
    assert_eq!(found(&[&third, &third], "two"), None);
}
