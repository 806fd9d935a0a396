//! The encrypted file between processes: other programs that read it, writers at once, writers that are killed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use age::secrecy::ExposeSecret;
use keywright::platform::Env;
use keywright::platform::files;
use keywright::store::{self, StoreKind};

use crate::support::programs::{Ended, Folder, program, programs_available, run};
use crate::support::steps;

/// An identity of this run: no key stands in the source, not even one that opens nothing.
fn identity() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let text = age::x25519::Identity::generate().to_string();
        text.expose_secret().to_owned()
    })
}

fn process(state: &Path, what: &str) -> Command {
    let mut command = steps::process(StoreKind::FILE, state, what);
    command.env("KEYWRIGHT_STORE_KEY", identity());
    command
}

fn get(state: &Path, name: &str) -> Option<String> {
    let env = Env::default().with("KEYWRIGHT_STORE_KEY", identity());
    let store = store::open(StoreKind::FILE, &steps::platform(env, state), false).unwrap();
    let found = store.get(&steps::item(name)).unwrap();
    assert_eq!(store.notices(), Vec::<String>::new());
    found.map(|found| found.expose().to_owned())
}

#[test]
fn store_file_interoperates_with_age() {
    if !programs_available(&["age", "age-keygen"]) {
        return;
    }
    let home = Folder::new();
    let state = home.path();
    let ended = run(&mut process(state, "put one sk-fake-one"));
    assert_eq!(steps::answers(&ended.stdout), ["ok"], "{ended:#?}");
    let key = home.write("key", identity());
    let file = state.join("store.age");
    let plain = run(program("age").args(["-d", "-i", &key]).arg(&file));
    assert!(
        plain.ok && plain.stdout.contains("sk-fake-one"),
        "{plain:#?}"
    );

    let edited = home.write("plain", &plain.stdout.replace("sk-fake-one", "sk-fake-two"));
    let public = run(program("age-keygen").args(["-y", &key]));
    let written = run(program("age")
        .args(["-r", public.stdout.trim(), "-o"])
        .arg(&file)
        .arg(edited));
    assert!(written.ok, "{written:#?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let ended = run(&mut process(
        state,
        "get one; put three sk-fake-three; get three",
    ));
    assert_eq!(
        steps::answers(&ended.stdout),
        ["sk-fake-two", "ok", "sk-fake-three"],
        "{ended:#?}"
    );
}

#[test]
fn concurrent_writers_lose_nothing() {
    let home = Folder::new();
    let state = home.path();
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let steps: Vec<String> = (0..5)
                .map(|item| format!("put w{writer}-{item} sk-fake-{writer}-{item}"))
                .collect();
            let mut command = process(state, &steps.join(";"));
            std::thread::spawn(move || run(&mut command))
        })
        .collect();
    for writer in writers {
        let ended = writer.join().unwrap();
        assert_eq!(steps::answers(&ended.stdout), ["ok"; 5], "{ended:#?}");
    }
    for writer in 0..8 {
        for item in 0..5 {
            let found = get(state, &format!("w{writer}-{item}"));
            assert_eq!(found, Some(format!("sk-fake-{writer}-{item}")));
        }
    }
}

/// A write under `strace`, on a store that holds two older items.
#[cfg(target_os = "linux")]
struct Traced {
    home: Folder,
}

#[cfg(target_os = "linux")]
impl Traced {
    fn new() -> Option<Self> {
        programs_available(&["strace"]).then(|| Traced {
            home: Folder::new(),
        })
    }

    fn state(&self) -> PathBuf {
        self.home.path().join("state")
    }

    /// Starts from the two items and writes a third, under these options of strace.
    fn write(&self, options: &[&str]) -> Ended {
        let state = self.state();
        let _ = fs::remove_dir_all(&state);
        let before = "put old sk-fake-old; put older sk-fake-older";
        let ended = run(&mut process(&state, before));
        assert_eq!(steps::answers(&ended.stdout), ["ok"; 2], "{ended:#?}");
        let mut command = program("strace");
        command
            .args(["-f", "-y", "-qq"])
            .args(options)
            .args(steps::words());
        steps::give(&mut command, StoreKind::FILE, &state, "put new sk-fake-new");
        run(command.env("KEYWRIGHT_STORE_KEY", identity()))
    }

    /// The lines of a whole write that are about these calls.
    fn trace(&self, calls: &str) -> Vec<String> {
        let to = self.home.path().join("trace");
        let calls = format!("trace={calls}");
        let ended = self.write(&["-o", to.to_str().unwrap(), "-e", &calls]);
        assert_eq!(steps::answers(&ended.stdout), ["ok"], "{ended:#?}");
        let text = keywright::platform::files::read_text(&to).unwrap().unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// Does `what` to each turn of each of `calls`, and looks whether the store goes on working after it.
    fn sweep(&self, calls: &[&str], what: &str) -> usize {
        let mut tried = 0;
        for call in calls {
            for turn in 1..=self.trace(call).len() {
                let trace = format!("trace={call}");
                let inject = format!("inject={call}:{what}:when={turn}");
                let ended = self.write(&["-o", "/dev/null", "-e", &trace, "-e", &inject]);
                self.still_works(&format!("{call} {turn} {what}"), &ended);
                tried += 1;
            }
        }
        tried
    }

    #[track_caller]
    fn still_works(&self, point: &str, ended: &Ended) {
        let state = &self.state();
        let expected = |name: &str| Some(format!("sk-fake-{name}"));
        assert_eq!(get(state, "old"), expected("old"), "{point}");
        let new = get(state, "new");
        assert!(new.is_none() || new == expected("new"), "{point}");
        if steps::answers(&ended.stdout) == ["ok"] {
            assert_eq!(new, expected("new"), "{point}: {ended:#?}");
        }
        let again = "put new sk-fake-new; put more sk-fake-more; delete older";
        let again = run(&mut process(state, again));
        assert_eq!(
            steps::answers(&again.stdout),
            ["ok", "ok", "true"],
            "{point}: {again:#?}"
        );
        for name in ["old", "new", "more"] {
            assert_eq!(get(state, name), expected(name), "{point}");
        }
        assert_eq!(get(state, "older"), None, "{point}");
    }
}

/// Every system call by which a write changes the disk, killed at each of its turns.
#[cfg(target_os = "linux")]
#[test]
fn killed_writer_leaves_working_store() {
    let Some(traced) = Traced::new() else { return };
    let calls = [
        "flock", "fsync", "link", "linkat", "rename", "renameat", "unlink", "unlinkat", "write",
    ];
    let killed = traced.sweep(&calls, "signal=SIGKILL");
    // Two files are replaced, each with its write, sync, rename and sync of the folder, and one is linked.
    assert!(killed >= 12, "{killed}");
}

/// A file that cannot be read is not absent, and one that could not be written is not called written.
#[cfg(target_os = "linux")]
#[test]
fn disk_error_is_reported_without_loss() {
    let Some(traced) = Traced::new() else { return };
    let mut tried = traced.sweep(
        &["openat", "read", "fsync", "rename", "unlink", "link"],
        "error=EIO",
    );
    tried += traced.sweep(&["write", "openat"], "error=ENOSPC");
    assert!(tried >= 20, "{tried}");
}

/// Power may fail where no test can kill: the order on the disk is right when each file is synced before it is renamed,
/// and the folder before the next. An older revision refuses no store, a newer one would.
#[cfg(target_os = "linux")]
#[test]
fn store_rename_follows_and_precedes_fsync() {
    let Some(traced) = Traced::new() else { return };
    let lines = traced.trace("fsync,rename,renameat,renameat2");
    let state = traced.state();
    let folder = format!("<{}>", state.display());
    let renamed = |name: &str| {
        let new = format!("{}/{name}.new", state.display());
        let at = lines
            .iter()
            .position(|line| line.contains("rename") && line.contains(&format!("\"{new}\"")))
            .unwrap_or_else(|| panic!("{name} is not renamed: {lines:#?}"));
        assert!(
            lines[at - 1].contains("fsync(") && lines[at - 1].contains(&new),
            "{lines:#?}"
        );
        at
    };
    let after = &lines[renamed("store.age") + 1];
    assert!(
        after.contains("fsync(") && after.contains(&folder),
        "{lines:#?}"
    );
    assert!(
        renamed("store.age") < renamed("store.revision"),
        "{lines:#?}"
    );
}

#[test]
fn damaged_revision_is_repaired_by_write() {
    for text in ["", "\n", "not a number", "\0\0\0\0"] {
        let home = Folder::new();
        let state = home.path();
        let _ = run(&mut process(state, "put one sk-fake-one"));
        let path = state.join("store.revision");
        let written = files::read(&path).unwrap().unwrap();
        home.write("store.revision", text);
        let ended = run(&mut process(state, "get one; put two sk-fake-two; get two"));
        assert_eq!(
            steps::answers(&ended.stdout),
            ["sk-fake-one", "ok", "sk-fake-two"],
            "{ended:#?}"
        );
        assert_ne!(files::read(&path).unwrap().unwrap(), text.as_bytes());
        assert_ne!(
            files::read(&path).unwrap().unwrap(),
            written,
            "a further revision"
        );
    }
}
