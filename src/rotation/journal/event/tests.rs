//! Tests the table of transitions and the text form of the journal.

use super::*;
use crate::core::format::WriterVersion;
use crate::rotation::journal::version::FORMAT_VERSION;

fn place() -> StorageLocation {
    StorageLocation {
        store: StoreKind::FILE,
        shelter: true,
        item: SecretRef::fresh().unwrap(),
        spool_key: None,
    }
}

fn intended() -> Event {
    Event::Intended(Box::new(Intent {
        version: FORMAT_VERSION,
        writer: WriterVersion,
        listed_at: None,
        profile: "p".to_owned(),
        provider: "p".to_owned(),
        name: None,
        before: None,
        to: Vec::new(),
        place: place(),
        replaces: None,
        repairs: None,
        asked: None,
        lease: false,
    }))
}

fn kept() -> Event {
    Event::Staged(StagedSecret {
        place: place(),
        id: None,
        masked: "***".to_owned(),
        fingerprint: None,
        expires_at: None,
    })
}

fn all() -> Vec<Event> {
    let to = DestinationSpec::STDOUT;
    let previous = PreviousValue::Absent;
    vec![
        intended(),
        Event::Sending,
        Event::Refused,
        Event::Created {
            id: None,
            one_of_several: false,
        },
        Event::ResponseLost { why: String::new() },
        Event::RevokingNew {
            id: "1".to_owned(),
            masked: "***".to_owned(),
        },
        kept(),
        Event::Verified,
        Event::BackedUp {
            to: to.clone(),
            previous,
        },
        Event::Delivered { to: to.clone() },
        Event::Printing,
        Event::DeliveredAll { server_at: None },
        Event::HookStarted { number: 0 },
        Event::HookDone { number: 0 },
        Event::HooksDone { server_at: None },
        Event::UseSeen {
            last_used_at: None,
            requests: Some(1),
            server_at: None,
        },
        Event::Disabling,
        Event::Disabled,
        Event::Enabled,
        Event::Revoking,
        Event::Revoked,
        Event::RollbackStarted,
        Event::Restored { to },
        Event::Done,
        Event::Abandoned,
    ]
}

#[test]
fn state_transitions_match_table() {
    let events = all();
    let allowed = |state: RecordState| -> Vec<&'static str> {
        let events = events.iter();
        let legal = events.filter(|event| state.next(event).is_ok());
        legal.map(|event| event.kind().name()).collect()
    };
    assert_eq!(allowed(RecordState::Nothing), ["intended"]);
    let mut asked = vec!["sending", "created", "lost"];
    asked.extend(["taking_back", "kept", "abandoned"]);
    assert_eq!(allowed(RecordState::Intended), asked);
    asked.insert(1, "refused");
    assert_eq!(allowed(RecordState::Sending), asked);
    assert_eq!(
        allowed(RecordState::RevokingNew),
        ["lost", "kept", "abandoned"],
        "a key that is being revoked is never delivered before it is stored"
    );
    assert_eq!(
        allowed(RecordState::ResponseLost),
        ["created", "kept", "abandoned"]
    );
    let mut safe = vec!["verified", "saved", "delivered", "showing", "placed"];
    safe.extend(["undoing", "restored", "abandoned"]);
    assert_eq!(allowed(RecordState::Verified), safe[1..]);
    assert_eq!(allowed(RecordState::Printing), safe[1..]);
    safe.insert(0, "kept");
    assert_eq!(allowed(RecordState::Staged), safe);
    assert_eq!(
        allowed(RecordState::DeliveredAll),
        [
            "hook_started",
            "hook_done",
            "hooked",
            "use_seen",
            "revoking",
            "undoing",
            "done"
        ]
    );
    assert_eq!(
        allowed(RecordState::Watching),
        [
            "hook_started",
            "hook_done",
            "use_seen",
            "disabling",
            "revoking",
            "undoing"
        ]
    );
    assert_eq!(
        allowed(RecordState::Disabling),
        ["use_seen", "disabled", "enabled", "undoing"]
    );
    assert_eq!(
        allowed(RecordState::Disabled),
        [
            "hook_started",
            "hook_done",
            "use_seen",
            "enabled",
            "revoking",
            "undoing"
        ]
    );
    assert_eq!(
        allowed(RecordState::HooksDone),
        [
            "hook_started",
            "hook_done",
            "use_seen",
            "revoking",
            "undoing",
            "done"
        ]
    );
    assert_eq!(
        allowed(RecordState::Revoking),
        ["use_seen", "enabled", "revoking", "revoked", "undoing"]
    );
    assert_eq!(allowed(RecordState::Revoked), ["done"]);
    assert_eq!(
        allowed(RecordState::RollingBack),
        [
            "created",
            "kept",
            "hook_started",
            "hook_done",
            "undoing",
            "restored",
            "abandoned"
        ]
    );
    assert!(allowed(RecordState::Done).is_empty());
    assert!(allowed(RecordState::Abandoned).is_empty());
}

#[test]
fn event_log_round_trips() {
    let at = "2026-11-20T00:00:00Z".parse().unwrap();
    let events = EventLog(
        all()
            .into_iter()
            .map(|event| LoggedEvent {
                at,
                event,
                by: None,
            })
            .collect(),
    );
    let line = |entry: &LoggedEvent| serde_json::to_string(entry).unwrap();
    let text = events.0.iter().map(line).collect::<Vec<_>>().join("\n");
    let read = super::super::read::parse(&text).ok();
    assert_eq!(read.map(|read| read.events), Some(events));
}

#[test]
fn grace_counts_from_full_delivery() {
    let Event::Intended(mut intent) = intended() else {
        unreachable!("it is one")
    };
    intent.replaces = Some(OldKey {
        strategy: Strategy::Overlap,
        id: Some("1".to_owned()),
        name: None,
        masked: None,
        grace: Some("24h".parse().unwrap()),
        slot: None,
        other_scopes: false,
        own: None,
        after: Vec::new(),
        check: None,
        retire: None,
        disable: false,
    });
    let at = |text: &str, event| LoggedEvent {
        at: text.parse().unwrap(),
        event,
        by: None,
    };
    let mut events = EventLog(vec![at("2026-11-20T00:00:00Z", Event::Intended(intent))]);
    assert_eq!(events.grace_ends(), None);
    events.0.push(at("2026-11-20T01:00:00Z", kept()));
    events.0.push(at(
        "2026-11-20T02:00:00Z",
        Event::DeliveredAll { server_at: None },
    ));
    let ends = events.grace_ends().map(|end| end.to_string());
    assert_eq!(ends.as_deref(), Some("2026-11-21T02:00:00Z"));
    for (server_at, wanted) in [
        ("2026-11-20T03:00:00Z", "2026-11-21T03:00:00Z"),
        ("1970-01-01T00:00:00Z", "2026-11-21T02:00:00Z"),
    ] {
        let server_at = Some(server_at.parse().unwrap());
        events.0.pop();
        events.0.push(at(
            "2026-11-20T02:00:00Z",
            Event::DeliveredAll { server_at },
        ));
        let ends = events.grace_ends().map(|end| end.to_string());
        assert_eq!(ends.as_deref(), Some(wanted));
    }
    assert_eq!(events.state().unwrap(), RecordState::DeliveredAll);
}
