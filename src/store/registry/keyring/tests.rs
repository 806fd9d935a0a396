use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::*;
use crate::doubles::keychain::{FakeKeychain, KeychainFault, place};
use crate::store::test_world::{self, Folder, who_answers};

const SECRET: &str = "sk-fake-0123456789abcdef";

fn platform(folder: &Folder, keyring: &Arc<FakeKeychain>) -> Platform {
    let mut platform = test_world::platform(folder, &[("KEYWRIGHT_KEYRING_TIMEOUT", "1")]);
    platform.keychain = Arc::clone(keyring) as Arc<dyn Keychain>;
    platform
}

fn store(folder: &Folder, keyring: &Arc<FakeKeychain>) -> KeyringStore {
    KeyringStore::new(&platform(folder, keyring), false).unwrap()
}

fn put(store: &KeyringStore, value: &str) -> Result<SecretRef, StoreError> {
    let at = SecretRef::fresh().unwrap();
    store
        .put(&at, "keywright: a test", &Secret::new(value))
        .map(|()| at)
}

fn get(store: &KeyringStore, at: &SecretRef) -> Option<String> {
    store
        .get(at)
        .unwrap()
        .map(|found| found.expose().to_owned())
}

#[expect(clippy::disallowed_methods, reason = "the wait itself is measured")]
fn timed<T>(job: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = job();
    (result, start.elapsed())
}

fn spilled(folder: &Folder) -> Vec<std::path::PathBuf> {
    let Ok(entries) = fs::read_dir(folder.path.join("state/spill")) else {
        return Vec::new();
    };
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn deleted_item_leaves_sentinel() {
    let folder = test_world::folder();
    let keyring = Arc::default();
    let store = store(&folder, &keyring);
    crate::wal::probe(&store, &store.platform).unwrap();
    let at = put(&store, SECRET).unwrap();
    let label = keyring.items.lock().unwrap()[&place("keywright", at.as_str())]
        .0
        .clone();
    assert_eq!(label, "keywright: a test");
    assert!(store.delete(&at).unwrap());
    // The remaining item shows that secrets were kept here.
    let items = keyring.items.lock().unwrap();
    let left: Vec<&str> = items.keys().map(|(_, at)| at.as_str()).collect();
    assert_eq!(left, [SENTINEL]);
}

#[test]
fn get_from_unused_keyring_is_missing() {
    let folder = test_world::folder();
    let keyring = Arc::default();
    let store = store(&folder, &keyring);
    let at = SecretRef::fresh().unwrap();
    assert!(matches!(store.get(&at), Err(StoreError::Missing(_))));
    assert!(matches!(store.delete(&at), Err(StoreError::Missing(_))));
    put(&store, SECRET).unwrap();
    assert!(matches!(store.get(&at), Ok(None)));
    assert!(matches!(store.delete(&at), Ok(false)));
    keyring.items.lock().unwrap().clear();
    assert!(matches!(store.get(&at), Err(StoreError::Missing(_))));
}

#[test]
fn keychain_error_keeps_its_kind() {
    let folder = test_world::folder();
    let at = SecretRef::fresh().unwrap();
    let try_with = |why: KeychainError| {
        let store = store(&folder, &FakeKeychain::with(KeychainFault::Refuse(why)));
        assert!(put(&store, SECRET).is_err());
        assert!(store.delete(&at).is_err());
        assert!(crate::wal::probe(&store, &store.platform).is_err());
        store.get(&at).unwrap_err()
    };
    assert!(matches!(
        try_with(KeychainError::Locked),
        StoreError::Locked(_)
    ));
    assert!(matches!(
        try_with(KeychainError::Ambiguous),
        StoreError::Ambiguous(..)
    ));
    assert!(matches!(
        try_with(KeychainError::TooLarge),
        StoreError::TooLarge(..)
    ));
    let unavailable = try_with(KeychainError::Unavailable("there is no bus".to_owned()));
    assert_eq!(
        unavailable.to_string(),
        "the test keyring is not available: there is no bus"
    );
    let failed = Error::from(try_with(KeychainError::Failed("odd".to_owned())));
    assert_eq!(failed.message(), "the test keyring failed: odd");
    assert_eq!(failed.kind(), Kind::Store);
}

#[test]
fn put_forgotten_by_keyring_is_error() {
    let folder = test_world::folder();
    let store = store(&folder, &FakeKeychain::with(KeychainFault::Forget));
    let refused = put(&store, SECRET).unwrap_err();
    assert!(
        refused.to_string().contains("does not give it back"),
        "{refused}"
    );
    assert!(put(&store, &"x".repeat(5000)).is_err());
    assert_eq!(spilled(&folder).len(), 0);
}

#[test]
fn unresponsive_keyring_times_out_once() {
    let folder = test_world::folder();
    let store = store(&folder, &FakeKeychain::with(KeychainFault::Mute));
    let (first, took) = timed(|| put(&store, SECRET));
    let why = first.unwrap_err().to_string();
    assert_eq!(
        why,
        "the test keyring is not available: no answer within 1 s (KEYWRIGHT_KEYRING_TIMEOUT sets the limit)"
    );
    assert!(
        took >= Duration::from_secs(1) && took < Duration::from_millis(1900),
        "{took:?}"
    );
    let (second, took) = timed(|| store.get(&SecretRef::fresh().unwrap()));
    assert!(matches!(second, Err(StoreError::Unavailable(..))));
    assert!(took < Duration::from_millis(500), "{took:?}");
}

#[test]
fn put_timeout_checks_for_late_write() {
    let folder = test_world::folder();
    let keyring = FakeKeychain::with(KeychainFault::WriteAndWait);
    let store = store(&folder, &keyring);
    let at = put(&store, SECRET).unwrap();
    keyring.take(None);
    assert_eq!(get(&store, &at).as_deref(), Some(SECRET));

    keyring.take(Some(KeychainFault::WaitToWrite));
    let why = put(&store, SECRET).unwrap_err().to_string();
    assert!(why.contains("it may be waiting for its password"), "{why}");
}

#[test]
fn unlock_wait_is_announced() {
    let folder = test_world::folder();
    let person = who_answers(&["more"]);
    let env = [("DISPLAY", ":0"), ("KEYWRIGHT_KEYRING_TIMEOUT", "2")];
    let mut platform = test_world::world_with(&folder, &env, Some(&person));
    platform.keychain = FakeKeychain::with(KeychainFault::Mute);
    let store = KeyringStore::new(&platform, true).unwrap();
    let (refused, took) = timed(|| store.get(&SecretRef::fresh().unwrap()));
    assert!(refused.is_err());
    assert!(
        took >= Duration::from_secs(2) && took < Duration::from_secs(3),
        "{took:?}"
    );
    assert_eq!(
        *person.stderr.borrow(),
        "waiting for the test keyring to be unlocked\n"
    );
}

#[test]
fn long_secret_overflows_to_encrypted_file() {
    let folder = test_world::folder();
    let keyring = Arc::default();
    let first = store(&folder, &keyring);
    let long = "sk-fake-".repeat(640);
    let at = put(&first, &long).unwrap();
    let item = keyring.items.lock().unwrap()[&place("keywright", at.as_str())]
        .1
        .clone();
    let item = String::from_utf8(item).unwrap();
    assert!(item.len() < 400 && !item.contains("sk-fake"), "{item}");
    assert!(item.contains("\nAGE-SECRET-KEY-1"));
    let files = spilled(&folder);
    assert_eq!(files.len(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&files[0]).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(get(&store(&folder, &keyring), &at), Some(long));
    assert!(first.delete(&at).unwrap());
    assert_eq!(spilled(&folder).len(), 0);
}

#[test]
fn orphan_overflow_file_is_overwritten() {
    let folder = test_world::folder();
    let keyring: Arc<FakeKeychain> = Arc::default();
    let store = store(&folder, &keyring);
    let long = "x".repeat(5000);
    put(&store, SECRET).unwrap();
    let at = put(&store, &long).unwrap();
    keyring
        .items
        .lock()
        .unwrap()
        .remove(&place("keywright", at.as_str()));
    assert_eq!(get(&store, &at), None);
    store
        .put(&at, "keywright: a test", &Secret::new(long.as_str()))
        .unwrap();
    assert_eq!(get(&store, &at), Some(long));
}

#[test]
fn sweep_removes_orphan_overflow_files() {
    let folder = test_world::folder();
    let keyring: Arc<FakeKeychain> = Arc::default();
    let store = store(&folder, &keyring);
    put(&store, SECRET).unwrap();
    let long = "x".repeat(5000);
    let [kept, used, gone] = [(); 3].map(|()| put(&store, &long).unwrap());
    for at in [&used, &gone] {
        keyring
            .items
            .lock()
            .unwrap()
            .remove(&place("keywright", at.as_str()));
    }
    folder.write("state/spill/of-somebody else.age", "kept");
    let torn = SecretRef::fresh().unwrap();
    folder.write(&format!("state/spill/{}.age.new", torn.file_stem()), "torn");
    let is_used = |at: &SecretRef| Ok(*at == used);
    assert_eq!(store.sweep(&is_used).unwrap(), 2);
    assert_eq!(store.sweep(&is_used).unwrap(), 0);
    assert_eq!(spilled(&folder).len(), 3, "kept, used and somebody else's");
    assert_eq!(get(&store, &kept), Some(long));

    // An absent keyring has not lost the item.
    let elsewhere = super::KeyringStore {
        platform: test_world::platform(&folder, &[]),
        ..store
    };
    let error = elsewhere.sweep(&|_| Ok(false)).unwrap_err();
    assert!(matches!(error, StoreError::Missing(_)), "{error:?}");
    assert_eq!(spilled(&folder).len(), 3);
}

#[test]
fn overflow_file_damaged_or_exposed_refused() {
    let folder = test_world::folder();
    let store = store(&folder, &Arc::default());
    let at = put(&store, &"x".repeat(3000)).unwrap();
    let path = spilled(&folder).remove(0);
    let whole = crate::platform::files::read(&path).unwrap().unwrap();
    let words = |expected: &str| {
        let error = Error::from(store.get(&at).unwrap_err());
        assert_eq!(error.kind(), Kind::Store);
        assert!(error.message().contains(expected), "{error}");
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        words("can be read by others");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let lock = crate::platform::files::FileLock::try_acquire(&folder.path.join("lock"))
        .unwrap()
        .unwrap();
    crate::platform::files::write_private(&path, &whole[..whole.len() - 1], &lock).unwrap();
    words("is damaged");
    fs::remove_file(&path).unwrap();
    words("is not there");
}
