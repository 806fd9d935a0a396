use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use super::*;

fn lock(folder: &Path) -> Lock {
    Lock::try_acquire(&folder.join("lock")).unwrap().unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

#[test]
fn what_a_killed_process_left_wide_open_does_not_stay_open() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (path, temporary) = (folder.join("secret"), folder.join("secret.new"));
    File::create(&temporary).unwrap();
    fs::set_permissions(&temporary, fs::Permissions::from_mode(0o666)).unwrap();
    // Somebody who opened it before must not see what is written now.
    let mut before = File::open(&temporary).unwrap();
    write_private(&path, b"fake-secret", &lock(folder)).unwrap();
    assert_eq!(mode(&path), 0o600);
    let mut seen = String::new();
    before.read_to_string(&mut seen).unwrap();
    assert_eq!(seen, "");
}

#[test]
fn a_link_in_place_of_the_temporary_file_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (path, victim) = (folder.join("secret"), folder.join("victim"));
    File::create(&victim).unwrap();
    symlink(&victim, folder.join("secret.new")).unwrap();
    write_private(&path, b"fake-secret", &lock(folder)).unwrap();
    assert_eq!(read(&victim).unwrap().unwrap(), b"");
    assert_eq!(read_private(&path).unwrap().unwrap(), b"fake-secret");
}

#[test]
fn a_secret_is_read_only_where_it_is_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let path = folder.join("secret");
    assert!(read_private(&path).unwrap().is_none());
    write_private(&path, b"fake-secret", &lock(folder)).unwrap();
    assert_eq!(read_private(&path).unwrap().unwrap(), b"fake-secret");
    let refusal = |path: &Path| {
        let error = read_private(path).unwrap_err();
        assert_eq!(error.kind(), Kind::Store);
        error.message().to_owned()
    };
    for wide in [0o640, 0o604, 0o620, 0o601] {
        fs::set_permissions(&path, fs::Permissions::from_mode(wide)).unwrap();
        assert!(refusal(&path).contains("can be read by others"), "{wide:o}");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let link = folder.join("link");
    symlink(&path, &link).unwrap();
    assert!(refusal(&link).contains("is a symbolic link"));
    symlink(folder.join("nowhere"), folder.join("dangling")).unwrap();
    assert!(refusal(&folder.join("dangling")).contains("is a symbolic link"));
    // Only root can give a file away.
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(&path, Some(12_345), None).unwrap();
        assert!(refusal(&path).contains("belongs to another user (uid 12345"));
    }
}
