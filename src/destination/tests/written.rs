//! Tests `file:` and `dotenv:`: owners, modes, links and other writers. What all destinations have in common is in the
//! conformance suite.

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};

use super::super::test_world::{SECRET, Scene, mode, refusal, secret, set_mode};
use super::super::{Destination, StoredContent};
use crate::core::error::Kind;
use crate::core::secret::Secret;
use crate::platform::files;

#[test]
fn file_replace_keeps_mode_and_owner() {
    let scene = Scene::new();
    for kept in [0o600, 0o700] {
        let path = scene.write("key", "old\n", kept);
        // Without root there is no other owner to preserve.
        let owner = rustix::process::geteuid().is_root().then_some(65_534);
        std::os::unix::fs::chown(&path, owner, owner).unwrap();
        let before = fs::metadata(&path).unwrap();
        let file = scene.open("file:key");
        file.probe().unwrap();
        file.deliver(&secret()).unwrap();
        let after = fs::metadata(&path).unwrap();
        assert_eq!(
            (after.uid(), after.gid(), mode(&path)),
            (before.uid(), before.gid(), kept)
        );
        assert_ne!(after.ino(), before.ino(), "it was replaced as a whole");
    }
}

/// Checks that all three operations refuse alike: the probe before there is a key, the delivery, and the read.
fn refuses(destination: &dyn Destination, why: &str) {
    for result in [
        destination.probe(),
        destination.deliver(&secret()),
        destination.read().map(drop),
        destination.restore(&StoredContent::Absent),
    ] {
        let message = refusal(result, Kind::Store);
        assert!(message.contains(why), "{message}");
    }
}

#[test]
fn file_readable_by_others_is_refused() {
    let scene = Scene::new();
    for (shared, shown) in [
        (0o644, "644"),
        (0o640, "640"),
        (0o604, "604"),
        (0o620, "620"),
    ] {
        let path = scene.write("key", "K=old\n", shared);
        for text in ["file:key", "dotenv:key#K"] {
            let destination = scene.open(text);
            let why = format!("can be read by others (mode {shown})");
            refuses(destination.as_ref(), &why);
            let error = destination.probe().unwrap_err();
            let hint = format!("make it private: chmod 600 {}", path.display());
            assert_eq!(error.hints(), [hint]);
        }
        assert_eq!(scene.read("key"), "K=old\n");
        assert_eq!(mode(&path), shared);
    }
}

#[test]
fn file_unsuitable_target_is_refused() {
    let scene = Scene::new();
    fs::create_dir(scene.path("folder")).unwrap();
    refuses(scene.open("file:folder").as_ref(), "it is a folder");
    refuses(
        scene.open("file:missing/key").as_ref(),
        "there is no folder",
    );
    refuses(
        scene.open("dotenv:missing/.env#K").as_ref(),
        "there is no folder",
    );
    refuses(
        scene.open("file:/dev/full").as_ref(),
        "it is not a regular file",
    );
    let unwritable = scene.open("file:/proc/keywright");
    for result in [unwritable.probe(), unwritable.deliver(&secret())] {
        assert!(refusal(result, Kind::Store).contains("cannot write"));
    }
    symlink("loop", scene.path("loop")).unwrap();
    refuses(
        scene.open("file:loop").as_ref(),
        "a link that leads nowhere",
    );
    let large = fs::File::create(scene.path("large")).unwrap();
    large.set_len((1 << 20) + 1).unwrap();
    refuses(scene.open("file:large").as_ref(), "larger than 1 MiB");
    let path = scene.write("binary", "", 0o600);
    std::io::Write::write_all(
        &mut fs::OpenOptions::new().append(true).open(path).unwrap(),
        &[0xff, 0xfe],
    )
    .unwrap();
    let message = refusal(scene.open("file:binary").probe(), Kind::Store);
    assert!(message.contains("not UTF-8 text"), "{message}");
    let message = refusal(
        scene.open("dotenv:binary#K").deliver(&secret()),
        Kind::Store,
    );
    assert!(message.contains("not UTF-8 text"), "{message}");
}

#[test]
fn file_of_another_user_is_refused() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let scene = Scene::new();
    fs::create_dir(scene.path("open")).unwrap();
    set_mode(&scene.path("open"), 0o1777);
    let path = scene.write("open/key", "", 0o600);
    std::os::unix::fs::chown(&path, Some(65_534), None).unwrap();
    refuses(
        scene.open("file:open/key").as_ref(),
        "belongs to another user",
    );
    assert_eq!(scene.read("open/key"), "");
}

#[test]
fn symlink_is_followed_and_kept() {
    let scene = Scene::new();
    fs::create_dir(scene.path("real")).unwrap();
    symlink("real/key", scene.path("link")).unwrap();
    symlink("link", scene.path("second")).unwrap();
    // A link whose file is still to be created counts, too.
    for text in ["file:second", "file:link"] {
        let file = scene.open(text);
        file.probe().unwrap();
        file.deliver(&secret()).unwrap();
        assert_eq!(scene.read("real/key"), format!("{SECRET}\n"));
        for link in ["link", "second"] {
            assert!(scene.path(link).is_symlink());
        }
        file.restore(&StoredContent::Absent).unwrap();
        assert!(!scene.path("real/key").exists());
        assert!(scene.path("link").is_symlink());
    }
}

#[test]
fn leftover_temporary_link_is_not_followed() {
    let scene = Scene::new();
    scene.write("victim", "precious\n", 0o600);
    let left = scene.path(".key.keywright-new");
    symlink("victim", &left).unwrap();
    scene.open("file:key").probe().unwrap();
    assert_eq!(scene.left_over(), [""; 0]);
    symlink("victim", &left).unwrap();
    scene.open("file:key").deliver(&secret()).unwrap();
    assert_eq!(scene.left_over(), [""; 0]);
    assert_eq!(scene.read("victim"), "precious\n");
    assert!(!scene.path("key").is_symlink());
}

#[test]
fn file_path_resolves_home_and_folder() {
    let scene = Scene::new();
    fs::create_dir(scene.path("home")).unwrap();
    let home = scene.path("home").display().to_string();
    let scene = scene.with("HOME", &home);
    scene.open("file:~/key").deliver(&secret()).unwrap();
    scene.open("dotenv:./.env#K").deliver(&secret()).unwrap();
    assert_eq!(scene.read("home/key"), format!("{SECRET}\n"));
    assert_eq!(scene.read(".env"), format!("K={SECRET}\n"));
    for name in ["home/key", ".env"] {
        assert_eq!(mode(&scene.path(name)), 0o600);
    }
}

#[test]
fn dotenv_duplicate_sets_last_and_warns() {
    let scene = Scene::new();
    scene.write(".env", "K=one\nA=1\nK=two\nK=three\n", 0o600);
    scene.open("dotenv:.env#K").deliver(&secret()).unwrap();
    assert_eq!(
        scene.read(".env"),
        format!("K=one\nA=1\nK=two\nK={SECRET}\n")
    );
    let warned = scene.warned();
    assert!(warned.ends_with("remove line 1, 3"), "{warned}");
}

#[test]
fn dotenv_shell_syntax_is_refused() {
    let scene = Scene::new();
    scene.write(".env", "K='a'\"b\"\n", 0o600);
    refuses(scene.open("dotenv:.env#K").as_ref(), "line 1 sets `K`");
    let unfit = scene
        .open("dotenv:.env#A")
        .deliver(&Secret::new("sk-fake-0123\u{7}"));
    assert!(refusal(unfit, Kind::Store).contains("no dotenv file can carry"));
    assert_eq!(scene.read(".env"), "K='a'\"b\"\n");
}

#[test]
fn file_exposed_to_git_warns() {
    let scene = Scene::new();
    let platform = scene.platform();
    if platform.programs.which("git").is_none() {
        return;
    }
    let git = |words: &str| {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        let ended = platform
            .programs
            .run(&crate::platform::Program::new(&words));
        assert!(ended.unwrap().success(), "{words:?}");
    };
    let warned = |text: &str| {
        scene.streams.stderr.borrow_mut().clear();
        scene.open(text).probe().unwrap();
        scene.warned()
    };
    assert_eq!(warned("dotenv:.env#K"), "");
    git("git init -q .");
    assert!(warned("dotenv:.env#K").contains("git does not ignore"));
    assert!(warned("file:key").contains("git does not ignore"));
    scene.write(".gitignore", ".env\n", 0o644);
    assert_eq!(warned("dotenv:.env#K"), "");
    scene.write(".env", "K=old\n", 0o600);
    git("git add -f .env");
    assert!(warned("dotenv:.env#K").contains("git tracks"));

    // As in a hook of another repository, or of this one while only some files are committed.
    git("git init -q other");
    let other = scene.path("other/.git").display().to_string();
    let scene = scene
        .with("GIT_DIR", &other)
        .with("GIT_INDEX_FILE", &format!("{other}/index"))
        .with("GIT_WORK_TREE", "/")
        .with("GIT_CONFIG_PARAMETERS", "'core.bare=true'")
        .with("GIT_PREFIX", "elsewhere/");
    scene.open("dotenv:.env#K").probe().unwrap();
    assert!(scene.warned().contains("git tracks"));

    let scene = scene.with("PATH", "/nowhere");
    scene.open("dotenv:.env#K").probe().unwrap();
}

#[test]
fn dotenv_concurrent_writers_lose_nothing() {
    let scene = Scene::new();
    let folder = &scene.folder;
    std::thread::scope(|scope| {
        for writer in 0..4 {
            scope.spawn(move || {
                let scene = Scene::at(folder);
                for round in 0..5 {
                    let text = format!("dotenv:.env#K_{writer}_{round}");
                    scene.open(&text).deliver(&secret()).unwrap();
                }
            });
        }
    });
    assert_eq!(scene.read(".env").lines().count(), 20);
}

#[test]
fn symlink_in_shared_folder_is_refused() {
    let scene = Scene::new();
    for (mode, shared) in [
        (0o1777, true),
        (0o757, true),
        (0o755, false),
        (0o700, false),
    ] {
        let name = format!("d{mode:o}");
        fs::create_dir(scene.path(&name)).unwrap();
        fs::create_dir(scene.path(&format!("{name}-real"))).unwrap();
        set_mode(&scene.path(&name), mode);
        symlink(
            format!("../{name}-real/key"),
            scene.path(&format!("{name}/last")),
        )
        .unwrap();
        symlink(
            format!("../{name}-real"),
            scene.path(&format!("{name}/middle")),
        )
        .unwrap();
        for to in [
            "file:NAME/last",
            "dotenv:NAME/last#K",
            "file:NAME/middle/key",
            "file:./NAME/../NAME/last",
        ] {
            let destination = scene.open(&to.replace("NAME", &name));
            if shared {
                for outcome in [destination.probe(), destination.deliver(&secret())] {
                    let message = refusal(outcome, Kind::Store);
                    assert!(
                        message.contains("is a link that others may have put there"),
                        "{message}"
                    );
                }
                assert!(!scene.path(&format!("{name}-real/key")).exists());
            } else {
                destination.probe().unwrap();
                destination.deliver(&secret()).unwrap();
                let real = scene.path(&format!("{name}-real/key"));
                assert!(files::read_text(&real).unwrap().unwrap().contains(SECRET));
                fs::remove_file(real).unwrap();
            }
        }
    }
    if rustix::process::geteuid().is_root() {
        // Another user's link in a folder that only we can write to.
        symlink("victim", scene.path("planted")).unwrap();
        std::os::unix::fs::lchown(scene.path("planted"), Some(65_534), None).unwrap();
        let message = refusal(scene.open("file:planted").deliver(&secret()), Kind::Store);
        assert!(message.contains("is not followed"), "{message}");
        assert!(!scene.path("victim").exists());
    }
}
