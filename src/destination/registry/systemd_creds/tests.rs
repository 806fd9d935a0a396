use std::fs;

use crate::destination::StoredContent;
use crate::destination::test_world::{SECRET, Scene, mode, secret};

/// The program of this system encrypts and decrypts, if it is there and we may use the key of the machine.
#[test]
fn credential_real_program_round_trips() {
    let scene = Scene::new();
    if scene.platform().programs.which("systemd-creds").is_none()
        || !rustix::process::geteuid().is_root()
    {
        return;
    }
    let there = scene.open("systemd-creds:app.cred#app-key");
    if there.probe().is_err() {
        // A container may have no key of its machine.
        return;
    }
    assert!(matches!(there.read().unwrap(), StoredContent::Absent));
    there.deliver(&secret()).unwrap();
    let first = scene.read("app.cred");
    assert!(!first.contains(SECRET), "{first}");
    assert_eq!(there.read().unwrap().is(&secret()), Some(true));
    assert_eq!(mode(&scene.path("app.cred")), 0o600);
    // Another name in it is another credential.
    fs::copy(scene.path("app.cred"), scene.path("other.cred")).unwrap();
    let other = scene.open("systemd-creds:other.cred#other");
    assert!(matches!(other.read().unwrap(), StoredContent::Unreadable));
    let saved = other.snapshot().unwrap();
    other.deliver(&secret()).unwrap();
    assert_eq!(other.read().unwrap().is(&secret()), Some(true));
    other.restore(&saved).unwrap();
    assert_eq!(scene.read("other.cred"), first);
    assert!(!scene.inherited().contains("sk-fake"));
}

#[test]
fn credential_mode_for_others_stays() {
    let scene = Scene::new();
    let scene = scene.having_program("systemd-creds", super::stand_in::PROGRAM);
    let path = scene.write("app.cred", "app-key\n6f6c64\n", 0o644);
    scene
        .open("systemd-creds:app.cred#app-key")
        .deliver(&secret())
        .unwrap();
    assert_eq!(mode(&path), 0o644);
}
