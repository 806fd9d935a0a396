//! The encrypted file between processes: other programs that read it, writers at once, writers that are killed.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use age::secrecy::ExposeSecret;
use keywright::store::{self, StoreKind};
use keywright::world::Env;

use crate::support::programs::{Folder, all_there, program, run};
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
    let mut command = steps::process(StoreKind::File, state, what);
    command.env("KEYWRIGHT_STORE_KEY", identity());
    command
}

fn get(state: &Path, name: &str) -> Option<String> {
    let env = Env::default().with("KEYWRIGHT_STORE_KEY", identity());
    let store = store::open(StoreKind::File, &steps::world(env, state), false).unwrap();
    let found = store.get(&steps::item(name)).unwrap();
    assert_eq!(store.notices(), Vec::<String>::new());
    found.map(|found| found.expose().to_owned())
}

#[test]
fn age_reads_what_is_written_and_the_other_way() {
    if !all_there(&["age", "age-keygen"]) {
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
fn processes_that_write_at_the_same_time_lose_nothing() {
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

/// Every system call by which a write changes the disk, killed at each of its turns.
#[cfg(target_os = "linux")]
#[test]
fn a_writer_killed_anywhere_leaves_a_store_that_works() {
    const CALLS: &[&str] = &[
        "flock", "fsync", "link", "linkat", "rename", "renameat", "unlink", "unlinkat", "write",
    ];
    if !all_there(&["strace"]) {
        return;
    }
    let home = Folder::new();
    let state = home.path().join("state");
    let traced = |arguments: &[&str], what: &str| {
        let mut command = program("strace");
        command
            .args(["-f", "-qq"])
            .args(arguments)
            .args(steps::words());
        steps::give(&mut command, StoreKind::File, &state, what);
        run(command.env("KEYWRIGHT_STORE_KEY", identity()))
    };
    let mut killed = 0;
    for call in CALLS {
        let trace = format!("trace={call}");
        for turn in 1.. {
            let _ = fs::remove_dir_all(&state);
            let ended = run(&mut process(
                &state,
                "put old sk-fake-old; put older sk-fake-older",
            ));
            assert_eq!(steps::answers(&ended.stdout), ["ok"; 2], "{ended:#?}");

            let inject = format!("inject={call}:signal=SIGKILL:when={turn}");
            let ended = traced(
                &["-o", "/dev/null", "-e", &trace, "-e", &inject],
                "put new sk-fake-new",
            );
            let point = format!("{call} {turn}");
            assert_eq!(
                get(&state, "old").as_deref(),
                Some("sk-fake-old"),
                "{point}"
            );
            let new = get(&state, "new");
            assert!(
                new.is_none() || new.as_deref() == Some("sk-fake-new"),
                "{point}"
            );
            let again = run(&mut process(
                &state,
                "put new sk-fake-new; put more sk-fake-more",
            ));
            assert_eq!(
                steps::answers(&again.stdout),
                ["ok"; 2],
                "{point} {again:#?}"
            );
            assert_eq!(
                get(&state, "new").as_deref(),
                Some("sk-fake-new"),
                "{point}"
            );
            assert_eq!(
                get(&state, "more").as_deref(),
                Some("sk-fake-more"),
                "{point}"
            );
            if ended.ok {
                break;
            }
            killed += 1;
        }
    }
    // Two files are replaced, each with its write, sync, rename and sync of the folder, and one is linked.
    assert!(killed >= 12, "{killed}");
}
