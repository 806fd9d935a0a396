//! One suite for both places of the state: two processes share a folder, or an engine.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::*;
use crate::core::format::WriterVersion;
use crate::doubles::engine::FakeEngine;
use crate::platform::HttpResponse;
use crate::platform::files::LockDeadline;
use crate::rotation::create::items_of;
use crate::store::{StoreKind, Stores, test_world};
use crate::wal;

/// Two processes with the same state.
struct Place {
    name: &'static str,
    processes: [Platform; 2],
    location: StorageLocation,
    _folders: [test_world::Folder; 2],
}

/// Returns each kind of place.
fn places() -> [Place; 2] {
    let engine: Arc<FakeEngine> = Arc::default();
    [None, Some(engine)].map(|engine| {
        let folders = [test_world::folder(), test_world::folder()];
        let processes = [0, 1].map(|number| {
            let own = if engine.is_some() { number } else { 0 };
            let mut platform = test_world::platform(&folders[own], &[]);
            platform.lock_deadline = Rc::new(LockDeadline::new(Duration::from_secs(2)));
            match &engine {
                Some(engine) => test_world::sharing_at(platform, engine),
                None => platform,
            }
        });
        Place {
            name: engine.as_ref().map_or("folder", |_| "engine"),
            processes,
            location: StorageLocation {
                store: engine
                    .as_ref()
                    .map_or(StoreKind::FILE, |_| StoreKind::VAULT),
                shelter: engine.is_none(),
                item: SecretRef::fresh().unwrap(),
                spool_key: Some(SecretRef::fresh().unwrap()),
            },
            _folders: folders,
        }
    })
}

impl Place {
    /// Starts a record; its id leaves room for thousands a day, and no part of it looks like a secret.
    fn start(&self) -> Record {
        let record = self.start_any();
        let parts: Vec<usize> = record.id.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 6, 6], "{}", record.id);
        record
    }

    fn start_any(&self) -> Record {
        let intent = Intent {
            version: 2,
            writer: WriterVersion,
            profile: "p".to_owned(),
            provider: "acme".to_owned(),
            name: None,
            before: None,
            listed_at: None,
            to: Vec::new(),
            place: self.location.clone(),
            replaces: None,
            asked: None,
            lease: false,
            repairs: None,
        };
        Record::start(&self.processes[0], intent, false).unwrap()
    }

    /// Opens the record as the process of that number.
    fn open(&self, number: usize, id: &str) -> Result<Record> {
        Record::open(&self.processes[number], id)
    }

    fn kinds(&self, number: usize) -> Vec<Vec<EventKind>> {
        let seen = all(&self.processes[number]).unwrap().into_iter();
        let events = seen.map(|seen| seen.events.unwrap());
        events
            .map(|events| events.0.iter().map(|entry| entry.event.kind()).collect())
            .collect()
    }
}

fn refused<T>(result: Result<T>) -> Option<Kind> {
    result.err().map(|error| error.kind())
}

#[test]
fn record_is_appended_by_holder() {
    for place in places() {
        let name = place.name;
        let mut record = place.start();
        let id = record.id.clone();
        record.write(&place.processes[0], Event::Sending).unwrap();
        let sent = [EventKind::Intended, EventKind::Sending];
        assert_eq!(place.kinds(1), [sent], "{name}");
        let out_of_order = record.write(&place.processes[0], Event::Revoked);
        assert!(out_of_order.is_err(), "{name}");
        assert_eq!(refused(place.open(1, &id)), Some(Kind::Conflict), "{name}");
        drop(record);
        let mut next = place.open(1, &id).unwrap();
        let why = "the connection broke".to_owned();
        next.write(&place.processes[1], Event::ResponseLost { why })
            .unwrap();
        assert_eq!(refused(place.open(0, &id)), Some(Kind::Conflict), "{name}");
        drop(next);
        let mut last = place.open(0, &id).unwrap();
        assert_eq!(last.state(), RecordState::ResponseLost, "{name}");
        last.write(&place.processes[0], Event::Abandoned).unwrap();
        last.close(&place.processes[0], None).unwrap();
        assert_eq!(place.kinds(1), Vec::<Vec<EventKind>>::new(), "{name}");
        assert_eq!(refused(place.open(1, &id)), Some(Kind::NotFound), "{name}");
        let trails = trails(&place.processes[1]).unwrap();
        assert!(trails.len() == 1 && trails[0].change.is_none(), "{name}");
        assert_eq!(trails[0].events.0.len(), 4, "{name}");
    }
}

#[test]
fn profile_lock_excludes_other_process() {
    for place in places() {
        let [one, two] = &place.processes;
        let held = try_lock_profile(one, "p").unwrap();
        assert!(held.is_some(), "{}", place.name);
        assert!(try_lock_profile(two, "other").unwrap().is_some());
        assert!(try_lock_profile(two, "p").unwrap().is_none());
        assert_eq!(refused(lock_profile(two, "p")), Some(Kind::Conflict));
        drop(held);
        assert!(lock_profile(two, "p").is_ok(), "{}", place.name);
    }
}

#[test]
fn staged_secret_reaches_next_holder() {
    for place in places() {
        let name = place.name;
        let secret = Secret::new("sk-fake-staged");
        let mut record = place.start();
        let id = record.id.clone();
        record.write(&place.processes[0], Event::Sending).unwrap();
        let [one, two] = [0, 1].map(|number| {
            let platform = &place.processes[number];
            (platform, Stores::new(platform, false))
        });
        let kept = items_of(&record, &place.location, &one.1, one.0).unwrap();
        kept.put(&place.location.item, "a label", &secret).unwrap();
        drop((kept, record));
        let next = place.open(1, &id).unwrap();
        let kept = items_of(&next, &place.location, &two.1, two.0).unwrap();
        let found = kept.get(&place.location.item).unwrap();
        assert!(
            found.is_some_and(|found| found.eq_secret(&secret)),
            "{name}"
        );
        assert!(kept.delete(&place.location.item).unwrap(), "{name}");
        assert!(kept.get(&place.location.item).unwrap().is_none(), "{name}");
    }
}

#[test]
fn spooled_response_reaches_next_holder() {
    for place in places() {
        for arrives in [true, false] {
            let name = place.name;
            let [one, two] = &place.processes;
            let spool_key = wal::new_spool_key().unwrap();
            let mut record = place.start();
            let id = record.id.clone();
            let mut slot = record.spool(&*wal::open(one), &spool_key).unwrap();
            record.write(one, Event::Sending).unwrap();
            let answer = HttpResponse {
                status: 201,
                headers: Vec::new(),
                body: Zeroizing::new(b"sk-fake-response".to_vec()),
            };
            if arrives {
                slot.keep(0, &answer, one.clock.now()).unwrap();
            }
            drop((slot, record));
            let next = place.open(1, &id).unwrap();
            let found = next.spooled(&*wal::open(two)).unwrap().unwrap();
            assert_eq!(found.has_answer(), arrives, "{name}");
            let read = found.answer(&spool_key).map(|(answer, _)| answer.body);
            assert_eq!(read.as_ref(), arrives.then_some(&answer.body), "{name}");
            let other = wal::new_spool_key().unwrap();
            assert!(found.answer(&other).is_none(), "{name}");
            // The calls that follow are kept by whoever makes them.
            let calls = wal::open(two);
            let mut slot = next.extend_spool(&*calls, &spool_key).unwrap().unwrap();
            for call in [1, 2] {
                slot.keep(call, &answer, two.clock.now()).unwrap();
            }
            let found = next.spooled(&*calls).unwrap().unwrap();
            let kept: Vec<usize> = found.answers(&spool_key).map(|kept| kept.call).collect();
            assert_eq!(kept, [0, 1, 2][usize::from(!arrives)..], "{name}");
        }
    }
}
