//! The conformance suite of stores: every kind of the table passes it, in the places that its fixture describes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::test_world::{self, Folder};
use super::{SecretRef, SecretStore, StoreError, StoreKind, open};
use crate::core::error::{Error, Kind};
use crate::core::secret::Secret;
use crate::doubles::faults::{Fault, interrupted};
use crate::platform::Platform;
use crate::platform::files;

/// The places in which a kind can be tried.
pub(super) struct Fixture {
    /// The ways to open it, each as a platform whose state is in the folder. The first is quick: it is interrupted
    /// at every effect.
    pub(super) setups: &'static [fn(&Folder) -> Platform],
    /// A platform on which it is closed.
    pub(super) closed: Option<fn(&Folder) -> Platform>,
    /// Says that a store that was lost differs from an empty one.
    pub(super) can_be_missing: bool,
}

const OLD: &str = "sk-fake-old-0123456789";
const NEW: &str = "sk-fake-new-0123456789";

/// One store, as several processes see it.
struct Place {
    kind: StoreKind,
    platform: Platform,
    folder: Folder,
}

impl Place {
    fn new(kind: StoreKind, setup: fn(&Folder) -> Platform) -> Self {
        let folder = test_world::folder();
        Place {
            kind,
            platform: setup(&folder),
            folder,
        }
    }

    /// Opens the store as a new process does.
    fn store(&self) -> Box<dyn SecretStore> {
        open(self.kind, &self.platform, false).unwrap()
    }

    fn probe(&self, store: &dyn SecretStore) -> Result<(), StoreError> {
        crate::wal::probe(store, &self.platform)
    }

    fn put(&self, value: &str) -> SecretRef {
        let at = SecretRef::fresh().unwrap();
        put(&*self.store(), &at, value).unwrap();
        at
    }

    fn get(&self, at: &SecretRef) -> Option<String> {
        get(&*self.store(), at)
    }

    /// Returns every file of the store.
    fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found
    }

    /// Checks that no file holds the secrets in plain text.
    fn hides_secrets(&self) {
        for path in self.files() {
            assert!(!holds_secret(&path), "{}", path.display());
        }
    }

    /// Checks that no half-written file is left.
    fn is_tidy(&self) -> bool {
        let files = self.files();
        files
            .iter()
            .all(|path| path.extension() != Some("new".as_ref()))
    }
}

fn holds_secret(path: &Path) -> bool {
    let bytes = files::read(path).unwrap().unwrap();
    String::from_utf8_lossy(&bytes).contains("sk-fake")
}

fn put(store: &dyn SecretStore, at: &SecretRef, value: &str) -> Result<(), StoreError> {
    store.put(at, "keywright: a test", &Secret::new(value))
}

fn get(store: &dyn SecretStore, at: &SecretRef) -> Option<String> {
    let found = store.get(at).unwrap();
    found.map(|found| found.expose().to_owned())
}

/// Returns the quick place of a kind.
fn quick(kind: StoreKind) -> Place {
    Place::new(kind, kind.description().fixture.setups[0])
}

/// Stores a value in one process, and reads and deletes it in another.
fn pass_on(place: &Place, value: &str) {
    let first = place.store();
    let at = SecretRef::fresh().unwrap();
    put(&*first, &at, value).unwrap();
    assert_eq!(get(&*first, &at).as_deref(), Some(value), "{}", place.kind);
    let second = place.store();
    assert_eq!(get(&*second, &at).as_deref(), Some(value), "{}", place.kind);
    assert_eq!(get(&*second, &SecretRef::fresh().unwrap()), None);
    place.hides_secrets();
    assert!(second.delete(&at).unwrap());
    assert!(!second.delete(&at).unwrap());
    assert_eq!(get(&*first, &at), None, "{}", place.kind);
    assert_eq!(second.kind(), place.kind);
    assert_eq!(second.notices(), Vec::<String>::new());
}

#[test]
fn stored_secret_visible_to_other_process() {
    let long = "sk-fake-".repeat(640);
    for kind in StoreKind::all() {
        for value in [&long, "# keywright: this opens nothing", "ä\n\"\\\r\n\0"] {
            pass_on(&quick(kind), value);
        }
        for setup in kind.description().fixture.setups {
            pass_on(&Place::new(kind, *setup), OLD);
        }
    }
}

#[test]
fn item_is_never_overwritten() {
    let (long, other) = ("x".repeat(5000), "y".repeat(5000));
    for kind in StoreKind::all() {
        let place = quick(kind);
        for value in [OLD, &long] {
            let at = place.put(value);
            let store = place.store();
            let again = store.put(&at, "another label", &Secret::new(value));
            again.unwrap();
            for other in [NEW, &other] {
                let refused = Error::from(put(&*store, &at, other).unwrap_err());
                assert_eq!(refused.kind(), Kind::Store);
                let message = refused.message();
                assert!(message.contains("never overwritten"), "{kind}: {message}");
                assert!(!message.contains("sk-fake"), "{kind}: {message}");
                assert_eq!(place.get(&at).as_deref(), Some(value), "{kind}");
            }
        }
    }
}

#[test]
fn unwritten_store_is_missing() {
    let kinds = StoreKind::all().filter(|kind| kind.description().fixture.can_be_missing);
    for place in kinds.map(quick) {
        let at = SecretRef::fresh().unwrap();
        let found = place.store().get(&at);
        assert!(
            matches!(found, Err(StoreError::Missing(_))),
            "{}",
            place.kind
        );
        place.put(OLD);
        assert_eq!(place.get(&at), None);
    }
}

#[test]
fn probe_and_sweep_leave_items() {
    for place in StoreKind::all().map(quick) {
        place.probe(&*place.store()).unwrap();
        let kept = [place.put(OLD), place.put(&"x".repeat(5000))];
        place.probe(&*place.store()).unwrap();
        assert_eq!(place.store().sweep(&|_| Ok(false)).unwrap(), 0);
        assert!(kept.iter().all(|at| place.get(at).is_some()));
        let probes = place.platform.dirs.state.join("probes");
        let left = files::list(&probes, place.kind.name()).unwrap();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn closed_store_says_so() {
    for kind in StoreKind::all() {
        let Some(closed) = kind.description().fixture.closed else {
            continue;
        };
        let place = Place::new(kind, closed);
        let (store, at) = (place.store(), SecretRef::fresh().unwrap());
        for refused in [put(&*store, &at, NEW).err(), place.probe(&*store).err()] {
            assert!(
                matches!(refused, Some(StoreError::Locked(_))),
                "{kind}: {refused:?}"
            );
        }
    }
}

#[test]
fn interrupted_write_leaves_old_and_whole() {
    let long = "x".repeat(5000);
    for kind in StoreKind::all() {
        for (fault, value) in [
            (Fault::Fails, NEW),
            (Fault::Tears, NEW),
            (Fault::Kills, NEW),
            (Fault::Fails, &long),
            (Fault::Kills, &long),
        ] {
            for is_first in [true, false] {
                let mut number = 0;
                loop {
                    let place = quick(kind);
                    let old = (!is_first).then(|| place.put(OLD));
                    let (store, at) = (place.store(), SecretRef::fresh().unwrap());
                    let written = interrupted(fault, number, || put(&*store, &at, value));
                    let Some(written) = written else {
                        break;
                    };
                    let case = format!("{kind}: {fault:?} {number}");
                    if let Some(old) = &old {
                        assert_eq!(place.get(old).as_deref(), Some(OLD), "{case}");
                        let found = place.get(&at);
                        assert!(found.is_none() || found.as_deref() == Some(value), "{case}");
                    }
                    if matches!(written, Ok(Ok(()))) {
                        assert_eq!(place.get(&at).as_deref(), Some(value), "{case}");
                    }
                    let store = place.store();
                    let again = put(&*store, &at, value);
                    again.unwrap_or_else(|error| panic!("{case}: {error}"));
                    assert_eq!(store.notices(), Vec::<String>::new(), "{case}");
                    assert_eq!(place.get(&at).as_deref(), Some(value), "{case}");
                    place.put("sk-fake-later");
                    assert!(place.is_tidy(), "{case}");
                    number += 1;
                }
            }
        }
    }
}

#[test]
fn interrupted_delete_leaves_other_items() {
    for kind in StoreKind::all() {
        for fault in [Fault::Fails, Fault::Kills] {
            for gone in [OLD, &"x".repeat(5000)] {
                let mut number = 0;
                loop {
                    let place = quick(kind);
                    let [old, new] = [place.put(gone), place.put(NEW)];
                    let store = place.store();
                    let deleted = interrupted(fault, number, || store.delete(&old));
                    let Some(deleted) = deleted else {
                        break;
                    };
                    let case = format!("{kind}: {fault:?} {number}");
                    assert_eq!(place.get(&new).as_deref(), Some(NEW), "{case}");
                    let found = place.get(&old);
                    assert!(found.is_none() || found.as_deref() == Some(gone), "{case}");
                    assert!(found.is_none() || !matches!(deleted, Ok(Ok(_))), "{case}");
                    place.store().delete(&old).unwrap();
                    assert_eq!(place.get(&old), None, "{case}");
                    assert_eq!(place.get(&new).as_deref(), Some(NEW), "{case}");
                    number += 1;
                }
            }
        }
    }
}

#[test]
fn interrupted_probe_leaves_items() {
    for kind in StoreKind::all() {
        for fault in [Fault::Fails, Fault::Kills] {
            let mut number = 0;
            loop {
                let place = quick(kind);
                let old = place.put(OLD);
                let store = place.store();
                if interrupted(fault, number, || place.probe(&*store).is_ok()).is_none() {
                    break;
                }
                assert_eq!(place.get(&old).as_deref(), Some(OLD));
                place.probe(&*place.store()).unwrap();
                number += 1;
            }
        }
    }
}

#[test]
fn names_of_kinds_differ_and_survive() {
    let mut names = BTreeSet::new();
    for kind in StoreKind::all() {
        assert!(names.insert(kind.name()));
        assert_eq!(kind.to_string().parse::<StoreKind>().unwrap(), kind);
        let json = serde_json::to_string(&kind).unwrap();
        assert_eq!(json, format!("\"{kind}\""));
        assert_eq!(serde_json::from_str::<StoreKind>(&json).unwrap(), kind);
    }
    assert!("env".parse::<StoreKind>().is_err());
}
