use std::fs;
use std::io::Read;
use std::sync::Barrier;
use std::time::Instant;

use super::*;
use crate::store::test_world::{self, Folder, who_answers};

const SECRET: &str = "sk-fake-0123456789abcdef";

/// Returns a platform whose variables open a store with an identity of its own.
fn with_identity(folder: &Folder) -> Platform {
    let (_, text) = Identity::generate("a test");
    test_world::platform(folder, &[("KEYWRIGHT_STORE_KEY", text.expose())])
}

fn with_passphrase(folder: &Folder, passphrase: &str) -> Platform {
    test_world::platform(folder, &[("KEYWRIGHT_PASSPHRASE", passphrase)])
}

fn store(platform: &Platform) -> FileStore {
    FileStore::new(platform, false)
}

fn put(store: &FileStore, value: &str) -> SecretRef {
    let at = SecretRef::fresh().unwrap();
    store
        .put(&at, "keywright: a test", &Secret::new(value))
        .unwrap();
    at
}

fn get(store: &FileStore, at: &SecretRef) -> Option<String> {
    store
        .get(at)
        .unwrap()
        .map(|found| found.expose().to_owned())
}

fn message<T>(result: Result<T, StoreError>) -> String {
    let error = Error::from(result.map(|_| ()).unwrap_err());
    assert_eq!(error.kind(), Kind::Store, "{error}");
    assert!(!format!("{error} {:?}", error.hints()).contains(SECRET));
    error.message().to_owned()
}

fn bytes(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    fs::File::open(path)
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

/// Writes `bytes` to disk as another program would: no lock, no rename.
fn overwrite(path: &Path, bytes: &[u8]) {
    use std::io::Write;
    let mut file = fs::OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(path)
        .unwrap();
    file.write_all(bytes).unwrap();
}

#[test]
fn probe_leaves_no_item() {
    let folder = test_world::folder();
    let platform = with_identity(&folder);
    let store = store(&platform);
    crate::wal::probe(&store, &platform).unwrap();
    assert!(store.take().unwrap().unwrap().payload.items.is_empty());
}

#[test]
fn corrupted_file_is_refused_and_kept() {
    let folder = test_world::folder();
    let platform = with_identity(&folder);
    let at = put(&store(&platform), SECRET);
    let path = store(&platform).path;
    let whole = bytes(&path);
    let flipped = (0..whole.len() * 8).map(|bit| {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        bytes
    });
    let cut = (0..whole.len()).map(|end| whole[..end].to_vec());
    let longer = std::iter::once([&whole[..], b"\n"].concat());
    let mut tried = 0;
    for broken in flipped.chain(cut).chain(longer) {
        overwrite(&path, &broken);
        let store = store(&platform);
        assert!(store.get(&at).is_err(), "read after change {tried}");
        assert!(
            store
                .put(&SecretRef::fresh().unwrap(), "x", &Secret::new("x"))
                .is_err()
        );
        assert!(store.delete(&at).is_err());
        assert!(bytes(&path) == broken, "rewritten after change {tried}");
        tried += 1;
    }
    assert_eq!(tried, whole.len() * 9 + 1);
    overwrite(&path, &whole);
    assert_eq!(get(&store(&platform), &at).as_deref(), Some(SECRET));
}

#[test]
fn truncated_passphrase_file_is_reported_damaged() {
    let folder = test_world::folder();
    let platform = with_passphrase(&folder, "fake phrase");
    let at = put(&store(&platform), SECRET);
    let path = store(&platform).path;
    let whole = bytes(&path);
    for end in [0, 1, 20, 60, 100, whole.len() / 2, whole.len() - 1] {
        overwrite(&path, &whole[..end]);
        let why = message(store(&platform).get(&at));
        assert!(why.contains("is damaged"), "{end}: {why}");
        assert_eq!(bytes(&path), &whole[..end]);
    }
}

#[test]
fn wrong_key_is_named_in_error() {
    let folder = test_world::folder();
    let right = with_passphrase(&folder, "fake phrase");
    let at = put(&store(&right), SECRET);
    let before = bytes(&store(&right).path);

    let wrong = store(&with_passphrase(&folder, "fake other"));
    let why = message(wrong.get(&at));
    assert!(
        why.starts_with("wrong passphrase: KEYWRIGHT_PASSPHRASE does not open `"),
        "{why}"
    );
    assert!(
        wrong
            .put(&SecretRef::fresh().unwrap(), "x", &Secret::new("x"))
            .is_err()
    );

    let why = message(store(&with_identity(&folder)).get(&at));
    assert!(
        why.contains("was made with a passphrase, and KEYWRIGHT_STORE_KEY gives"),
        "{why}"
    );

    let none = store(&test_world::platform(&folder, &[]));
    assert!(matches!(none.get(&at), Err(StoreError::Locked(_))));
    assert_eq!(bytes(&none.path), before);
}

#[test]
fn passphrase_for_identity_store_is_refused() {
    let folder = test_world::folder();
    let at = put(&store(&with_identity(&folder)), SECRET);
    let why = message(store(&with_passphrase(&folder, "fake phrase")).get(&at));
    assert!(
        why.contains("was made for an age identity, and KEYWRIGHT_PASSPHRASE gives"),
        "{why}"
    );
    let why = message(store(&with_identity(&folder)).get(&at));
    assert!(
        why.starts_with("wrong identity: KEYWRIGHT_STORE_KEY"),
        "{why}"
    );
    // No prompt asks for a passphrase that cannot help.
    let person = who_answers(&["fake phrase"]);
    let asked = FileStore::new(&test_world::world_with(&folder, &[], Some(&person)), true);
    assert!(matches!(asked.get(&at), Err(StoreError::Locked(_))));
    assert!(person.asked.borrow().is_empty());
}

#[test]
fn passphrase_prompt_confirms_new_store_only() {
    let folder = test_world::folder();
    let person = who_answers(&["fake phrase", "fake phrase", "more"]);
    let platform = test_world::world_with(&folder, &[], Some(&person));
    let silent = FileStore::new(&platform, false);
    let refused = silent.put(&SecretRef::fresh().unwrap(), "x", &Secret::new("x"));
    assert!(matches!(refused, Err(StoreError::Locked(_))));
    let new = FileStore::new(&platform, true);
    let at = put(&new, SECRET);
    put(&new, "sk-fake-second");
    assert_eq!(get(&new, &at).as_deref(), Some(SECRET));
    assert_eq!(person.asked.borrow().len(), 2);

    let person = who_answers(&["fake phrase", "more"]);
    let old = FileStore::new(&test_world::world_with(&folder, &[], Some(&person)), true);
    assert_eq!(get(&old, &at).as_deref(), Some(SECRET));
    put(&old, "sk-fake-third");
    assert_eq!(person.asked.borrow().len(), 1);

    // A slip is asked for again, three times in all.
    let person = who_answers(&["fake slip", "fake phrase", "more"]);
    let slip = FileStore::new(&test_world::world_with(&folder, &[], Some(&person)), true);
    assert_eq!(get(&slip, &at).as_deref(), Some(SECRET));
    assert_eq!(person.asked.borrow().len(), 2);
    let person = who_answers(&["slip", "slip", "slip", "more"]);
    let lost = FileStore::new(&test_world::world_with(&folder, &[], Some(&person)), true);
    assert!(message(lost.get(&at)).starts_with("wrong passphrase: the passphrase typed"));
    assert_eq!(person.asked.borrow().len(), 3);
}

#[test]
fn passphrase_mismatch_creates_no_store() {
    let folder = test_world::folder();
    let person = who_answers(&["fake phrase", "fake slip", "a", "b", "c", "d", "more"]);
    let store = FileStore::new(&test_world::world_with(&folder, &[], Some(&person)), true);
    let why = message(store.put(&SecretRef::fresh().unwrap(), "x", &Secret::new("x")));
    assert_eq!(why, "the two passphrases differ");
    assert!(!store.path.exists());
    assert_eq!(person.asked.borrow().len(), 6);
    let person = who_answers(&["fake phrase", "fake slip", "fake phrase", "fake phrase"]);
    let store = FileStore::new(&test_world::world_with(&folder, &[], Some(&person)), true);
    let at = put(&store, SECRET);
    assert_eq!(get(&store, &at).as_deref(), Some(SECRET));
}

#[cfg(unix)]
#[test]
fn file_readable_by_others_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = test_world::folder();
    let platform = with_identity(&folder);
    let at = put(&store(&platform), SECRET);
    put(&store(&platform), SECRET);
    let path = store(&platform).path;
    for name in ["store.age", "store.age.bak", "store.lock", "store.revision"] {
        let mode = fs::metadata(path.with_file_name(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let folder_mode = fs::metadata(&platform.dirs.state)
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(folder_mode & 0o777, 0o700);
    for mode in [0o644, 0o640, 0o604] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let why = message(store(&platform).get(&at));
        assert!(why.contains("can be read by others"), "{why}");
        assert!(
            store(&platform)
                .put(&at, "x", &Secret::new(SECRET))
                .is_err()
        );
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(get(&store(&platform), &at).as_deref(), Some(SECRET));
}

#[test]
fn store_rolled_back_or_lost_refused() {
    let folder = test_world::folder();
    let platform = with_identity(&folder);
    let at = put(&store(&platform), SECRET);
    let path = store(&platform).path;
    let old = bytes(&path);
    put(&store(&platform), "sk-fake-second");
    assert_eq!(bytes(&files::with_suffix(&path, ".bak")), old);

    overwrite(&path, &old);
    let restored = store(&platform);
    for refused in [
        restored.get(&at).map(drop),
        restored.put(&SecretRef::fresh().unwrap(), "x", &Secret::new("x")),
        restored.delete(&at).map(drop),
    ] {
        let error = Error::from(refused.unwrap_err());
        assert_eq!(error.kind(), Kind::Store);
        assert!(
            error
                .message()
                .ends_with("is older than it was: revision 1 after 2")
        );
        assert!(error.hints()[1].contains("store.revision"), "{error}");
    }
    assert_eq!(bytes(&path), old);
    // Removing the revision on purpose is consent.
    fs::remove_file(path.with_extension("revision")).unwrap();
    assert_eq!(get(&store(&platform), &at).as_deref(), Some(SECRET));
    put(&store(&platform), "sk-fake-third");
    put(&store(&platform), "sk-fake-fourth");

    fs::remove_file(&path).unwrap();
    let lost = store(&platform);
    assert!(matches!(lost.get(&at), Err(StoreError::Missing(_))));
    assert!(matches!(lost.delete(&at), Err(StoreError::Missing(_))));
    assert!(matches!(
        lost.put(&SecretRef::fresh().unwrap(), "x", &Secret::new("x")),
        Err(StoreError::Missing(_))
    ));
    assert!(!path.exists());
}

#[test]
fn delete_without_store_finds_nothing() {
    let folder = test_world::folder();
    let store = store(&with_identity(&folder));
    let at = SecretRef::fresh().unwrap();
    assert!(matches!(store.get(&at), Err(StoreError::Missing(_))));
    assert!(!store.delete(&at).unwrap());
    assert!(!store.path.exists());
}

#[test]
fn concurrent_read_during_writes_succeeds() {
    let folder = test_world::folder();
    let (_, text) = Identity::generate("a test");
    let key = text.expose();
    let at = put(
        &store(&test_world::platform(
            &folder,
            &[("KEYWRIGHT_STORE_KEY", key)],
        )),
        SECRET,
    );
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let platform = test_world::platform(&folder, &[("KEYWRIGHT_STORE_KEY", key)]);
            for _ in 0..40 {
                put(&store(&platform), "sk-fake-more");
            }
        });
        let platform = test_world::platform(&folder, &[("KEYWRIGHT_STORE_KEY", key)]);
        while !writer.is_finished() {
            assert_eq!(get(&store(&platform), &at).as_deref(), Some(SECRET));
        }
    });
}

#[test]
fn concurrent_writers_lose_nothing() {
    const WRITERS: usize = 8;
    const EACH: usize = 6;
    let folder = test_world::folder();
    let (_, text) = Identity::generate("a test");
    let key = text.expose();
    let start = Barrier::new(WRITERS);
    let kept: Vec<SecretRef> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                scope.spawn(|| {
                    let platform = test_world::platform(&folder, &[("KEYWRIGHT_STORE_KEY", key)]);
                    start.wait();
                    let store = store(&platform);
                    (0..EACH).map(|_| put(&store, SECRET)).collect::<Vec<_>>()
                })
            })
            .collect();
        writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap())
            .collect()
    });
    let platform = test_world::platform(&folder, &[("KEYWRIGHT_STORE_KEY", key)]);
    let store = store(&platform);
    assert_eq!(kept.len(), WRITERS * EACH);
    for at in &kept {
        assert_eq!(get(&store, at).as_deref(), Some(SECRET));
    }
    let opened = store.take().unwrap().unwrap();
    assert_eq!(opened.payload.revision, (WRITERS * EACH) as u64);
}

#[test]
fn file_is_decrypted_once_until_changed() {
    let folder = test_world::folder();
    let platform = with_passphrase(&folder, "fake phrase");
    let store = store(&platform);
    let at = put(&store, SECRET);
    #[expect(clippy::disallowed_methods, reason = "the work itself is measured")]
    let start = Instant::now();
    for _ in 0..20 {
        assert!(get(&store, &at).is_some());
    }
    let twenty = start.elapsed();
    // One decryption takes at least a tenth of a second.
    assert!(twenty.as_millis() < 100, "{twenty:?}");
    let other = put(&super::FileStore::new(&platform, false), "sk-fake-second");
    assert!(get(&store, &other).is_some());
}

#[test]
fn decrypted_json_holds_label_and_secret() {
    let folder = test_world::folder();
    let platform = with_identity(&folder);
    let store = store(&platform);
    let at = put(&store, SECRET);
    let identity = identity::from_environment(&platform, &mut Vec::new())
        .unwrap()
        .unwrap();
    let plain = identity.decrypt(&bytes(&store.path)).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&plain).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "format": 1,
            "revision": 1,
            "items": {at.as_str(): {"label": "keywright: a test", "secret": SECRET}}
        })
    );
}
