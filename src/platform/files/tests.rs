use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use super::*;
use crate::platform::fault::{DiskEffect, FaultInjector, Injected};

fn lock(folder: &Path) -> FileLock {
    FileLock::try_acquire(&folder.join("lock"))
        .unwrap()
        .unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

#[test]
fn write_private_replaces_exposed_temporary_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (path, temporary) = (folder.join("secret"), folder.join("secret.new"));
    File::create(&temporary).unwrap();
    fs::set_permissions(&temporary, fs::Permissions::from_mode(0o666)).unwrap();
    // A process that opened it before must not see the new content.
    let mut before = File::open(&temporary).unwrap();
    write_private(&path, b"fake-secret", &lock(folder)).unwrap();
    assert_eq!(mode(&path), 0o600);
    let mut seen = String::new();
    before.read_to_string(&mut seen).unwrap();
    assert_eq!(seen, "");
}

#[test]
fn write_private_temporary_symlink_not_followed() {
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
fn read_private_exposed_file_is_refused() {
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

#[test]
fn read_oversized_or_pipe_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let large = folder.join("large");
    File::create(&large)
        .unwrap()
        .set_len(1_500_000_000)
        .unwrap();
    fs::set_permissions(&large, fs::Permissions::from_mode(0o600)).unwrap();
    let pipe = folder.join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::from(0o600)).unwrap();
    let refusal = |outcome: Result<Option<Vec<u8>>>| outcome.unwrap_err().message().to_owned();
    for read in [read, read_private] {
        assert!(refusal(read(&large)).ends_with("is larger than the 64 MiB that are read"));
        assert!(refusal(read(&pipe)).ends_with("it is not a regular file"));
    }
    assert!(refusal(read(folder)).ends_with("it is a folder"));
    assert!(is_readable(&large).unwrap());
    assert!(is_readable(&pipe).is_err());
    assert!(!is_readable(&folder.join("gone")).unwrap());
    assert!(refusal(read_within(&large, 1 << 10)).ends_with("larger than the 1 KiB that are read"));
    let zero = Path::new("/dev/zero");
    assert!(refusal(read(zero)).ends_with("it is not a regular file"));
    assert!(refusal(read_named(zero, 1 << 20)).ends_with("larger than the 1 MiB that are read"));
    assert!(refusal(read_named(&pipe, 1 << 20)).ends_with("it is not a regular file"));
    assert_eq!(read_named(Path::new("/dev/null"), 1).unwrap().unwrap(), b"");
    write_private(&folder.join("exact"), &[b'x'; 10], &lock(folder)).unwrap();
    assert_eq!(
        read_within(&folder.join("exact"), 10).unwrap().unwrap(),
        [b'x'; 10]
    );
    assert!(read_within(&folder.join("exact"), 9).is_err());
}

#[test]
fn write_through_symlink_keeps_link() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("dotfiles")).unwrap();
    let link = folder.join("config.toml");
    symlink("dotfiles/real.toml", &link).unwrap();
    for text in ["one", "two"] {
        write_private_through(&link, text.as_bytes(), &lock(folder)).unwrap();
        assert!(link.is_symlink());
        let real = read(&folder.join("dotfiles/real.toml")).unwrap().unwrap();
        assert_eq!(real, text.as_bytes());
    }
    symlink("loop", folder.join("loop")).unwrap();
    assert!(write_private_through(&folder.join("loop"), b"", &lock(folder)).is_err());
    // A world-readable file is written through no link.
    symlink(folder.join("dotfiles/real.toml"), folder.join("page.1")).unwrap();
    assert!(write_public(&folder.join("page.1"), b"page").is_err());
    assert_eq!(read(&link).unwrap().unwrap(), b"two");
}

#[test]
fn sync_unsupported_folder_is_tolerated() {
    use rustix::io::Errno;
    for harmless in [Errno::INVAL, Errno::OPNOTSUPP, Errno::ACCESS] {
        assert!(cannot_sync(&harmless.into()), "{harmless:?}");
    }
    for real in [Errno::IO, Errno::NOSPC, Errno::DQUOT] {
        assert!(!cannot_sync(&real.into()), "{real:?}");
    }
}

#[test]
fn lock_unsupported_filesystem_is_explained() {
    use rustix::io::Errno;
    for none in [Errno::NOLCK, Errno::OPNOTSUPP] {
        let error = cannot_lock(Path::new("/nfs/lock"), none.into());
        assert_eq!(error.kind(), Kind::Store);
        assert!(error.hints()[0].contains("NFS"), "{error}");
        assert!(error.hints()[1].contains("KEYWRIGHT_STATE_DIR"));
    }
    let other = cannot_lock(Path::new("/x/lock"), Errno::IO.into());
    assert!(other.hints().is_empty());
}

/// A disk that fails at these effects; of a write, three bytes arrive.
struct FailingDisk(Vec<DiskEffect>);

impl FaultInjector for FailingDisk {
    fn before(&self, effect: DiskEffect, _: &Path) -> Injected {
        match effect {
            _ if !self.0.contains(&effect) => Injected::Proceed,
            DiskEffect::Write(_) => Injected::Torn(3),
            _ => Injected::Fail(ErrorKind::Other.into()),
        }
    }

    fn pause(&self, _: Duration) {}

    fn random(&self, _: &mut [u8]) {}
}

#[test]
fn failed_append_leaves_the_old_lines() {
    let write = DiskEffect::Write("second\n".len());
    for (fails, left) in [
        (vec![write], "first\n"),
        (vec![DiskEffect::Sync], "first\n"),
        (vec![write, DiskEffect::Truncate], "first\nsec"),
        (Vec::new(), "first\nsecond\n"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let lock = lock(folder.path());
        let file = create_private(&path, b"first\n", &lock).unwrap();
        let succeeds = fails.is_empty();
        fault::set(Some(std::rc::Rc::new(FailingDisk(fails))));
        let appended = append(file, &path, b"second\n", true, &lock);
        fault::set(None);
        assert_eq!(appended.is_ok(), succeeds);
        assert_eq!(read(&path).unwrap().as_deref(), Some(left.as_bytes()));
    }
}
